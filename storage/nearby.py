"""Open tickets near a place: by the squares of the map around a point, and by the area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, false, literal, select

from handlers.desk import Neighbour
from handlers.rules.squares import around
from handlers.rules.ticket import HELD
from handlers.words import Pin
from storage import tables as t
from storage.cases import Cases
from storage.prepared import listed, numbered, read
from storage.rows import padded

AT_MOST = 40
# Of those near the point, so that an area in which much is reported does not crowd them out.
AT_POINT = 20
_C = t.tickets.c
# A whole ticket costs four times as much to read as what is compared.
_NAMES = ("id", "reporter", "report_type", "category", "agency", "area", "story", "place", "happened", "created_at")


# Built once for each length of lists: putting a statement together costs more than running it.
@cache
def _open(column: str, categories: int, places: int) -> Select[Any]:
    """Those of so many categories at so many places, which this column names; newest first."""
    return (
        select(*(_C[name] for name in _NAMES))
        .where(
            _C.closed_at.is_(None),
            _C.secret == false(),
            _C.state.in_([literal(state.value) for state in HELD]),
            (_C.created_at <= bindparam("settled")) | (_C.source != "chat"),
            _C.category.in_(listed("category", categories, _C.category.type)),
            _C.created_at >= bindparam("since"),
            _C[column].in_(listed("place", places, _C[column].type)),
        )
        # No index holds this order: of one that does PostgreSQL would read all tickets backwards.
        .order_by(_C.created_at.desc(), _C.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


class Nearby(Cases):
    """What a desk knows of tickets by their place."""

    def nearby(
        self, categories: Sequence[str], areas: Sequence[str], pin: Pin | None, since: datetime
    ) -> Sequence[Neighbour]:
        """Open tickets that others may join, of these categories, near the point or in these areas; newest first.

        Only looked at and not locked: who joins one of them asks for it by its id.
        """
        self._flush_tickets()
        wanted = {"since": since, "settled": self.now - self.grace}
        found: dict[int, Neighbour] = {}
        if pin is not None and categories:
            found = self._at("square", around(pin.lat, pin.lon), categories, {**wanted, "most": AT_POINT})
        if areas and categories:
            found |= self._at("area", areas, categories, {**wanted, "most": AT_MOST - len(found)})
        return sorted(found.values(), key=lambda each: (each.created_at, each.id), reverse=True)

    def _at(
        self, column: str, places: Sequence[Any], categories: Sequence[str], wanted: Mapping[str, Any]
    ) -> dict[int, Neighbour]:
        places, categories = padded(places), padded(categories)
        query = _open(column, len(categories), len(places))
        given = {**wanted, **numbered("place", places), **numbered("category", categories)}
        return {row[0]: Neighbour(*row) for row in read(self._c, query, given)}
