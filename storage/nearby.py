"""Open tickets near a place: by the squares of the map around a point, and by the area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, false, literal, select

from handlers.desk import Neighbour
from handlers.rules.squares import around
from handlers.rules.ticket import HELD
from handlers.words import Pin
from storage import tables as t
from storage.cases import Cases
from storage.office import Office
from storage.prepared import among, length, listed, read

AT_MOST = 40
# Of those near the point, so that an area in which much is reported does not crowd them out.
AT_POINT = 20
_C = t.tickets.c
# A whole ticket costs four times as much to read as what is compared.
_NAMES = ("id", "reporter", "report_type", "category", "agency", "area", "story", "place", "happened", "created_at")


# Built once: putting a statement together costs more than running it.
@cache
def _open(column: str, categories: int, places: int) -> Select[Any]:
    """Those of a list of categories, at a list of places that this column names; newest first."""
    return (
        select(*(_C[name] for name in _NAMES))
        .where(
            _C.closed_at.is_(None),
            _C.secret == false(),
            _C.state.in_([literal(state.value) for state in HELD]),
            (_C.created_at <= bindparam("settled")) | (_C.source != "chat"),
            among(_C.category, "category", categories),
            _C.created_at >= bindparam("since"),
            among(_C[column], "place", places),
        )
        # No index holds this order: of one that does PostgreSQL would read all tickets backwards.
        .order_by(_C.created_at.desc(), _C.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


class Nearby(Cases):
    """What a desk knows of tickets by their place."""

    def __init__(self, connection: Connection, office: Office, now: datetime) -> None:
        super().__init__(connection, office, now)
        self._near: dict[tuple[Any, ...], Mapping[int, Neighbour]] = {}

    def nearby(
        self, categories: Sequence[str], areas: Sequence[str], pin: Pin | None, since: datetime
    ) -> Sequence[Neighbour]:
        """Open tickets that others may join, of these categories, near the point or in these areas; newest first.

        Only looked at and not locked: who joins one of them asks for it by its id.
        """
        if not self._unsettled():
            self._flush_tickets()
        wanted = {"since": since, "settled": self.now - self.grace}
        found: dict[int, Neighbour] = {}
        if pin is not None and categories:
            found.update(self._at("square", around(pin.lat, pin.lon), categories, {**wanted, "most": AT_POINT}))
        if areas and categories:
            found.update(self._at("area", areas, categories, {**wanted, "most": AT_MOST - len(found)}))
        return sorted(found.values(), key=lambda each: (each.created_at, each.id), reverse=True)

    def _unsettled(self) -> bool:
        """Whether nothing that is gathered may be joined yet: all of it can still be taken back."""
        gathered, settled = (self._tickets[each] for each in self._new | self._changed), self.now - self.grace
        return all(each.source == "chat" and each.created_at > settled for each in gathered)

    def _at(
        self, column: str, places: Sequence[Any], categories: Sequence[str], wanted: Mapping[str, Any]
    ) -> Mapping[int, Neighbour]:
        """Read once where many in a batch ask the same, as after an earthquake."""
        asked = (self._flushes, column, tuple(places), tuple(categories), *wanted.values())
        if asked not in self._near:
            self._near[asked] = self._looked_up(column, places, categories, wanted)
        return self._near[asked]

    def _looked_up(
        self, column: str, places: Sequence[Any], categories: Sequence[str], wanted: Mapping[str, Any]
    ) -> Mapping[int, Neighbour]:
        some, many = length(self._c, categories), length(self._c, places)
        given = {**wanted, **listed("category", categories, some), **listed("place", places, many)}
        return {row[0]: Neighbour(*row) for row in read(self._c, _open(column, some, many), given)}
