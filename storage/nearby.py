"""Open tickets near a place: by the squares of the map around a point, and by the area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, false, select

from handlers.desk import Neighbour
from handlers.rules.squares import around
from handlers.rules.ticket import HELD
from handlers.words import Pin
from storage import tables as t
from storage.cases import Cases

AT_MOST = 40
# Of those near the point, so that an area in which much is reported does not crowd them out.
AT_POINT = 20
_C = t.tickets.c
# A whole ticket costs four times as much to read as what is compared.
_NAMES = ("id", "reporter", "report_type", "category", "agency", "area", "story", "place", "happened", "created_at")
_OPEN = (
    select(*(_C[name] for name in _NAMES))
    .where(
        _C.closed_at.is_(None),
        _C.secret == false(),
        _C.state.in_([state.value for state in HELD]),
        (_C.created_at <= bindparam("settled")) | (_C.source != "chat"),
        _C.category.in_(bindparam("categories", expanding=True)),
        _C.created_at >= bindparam("since"),
    )
    # No index holds this order: of one that does PostgreSQL would read all tickets backwards.
    .order_by(_C.created_at.desc(), _C.id.desc())
    .limit(bindparam("most"))
)
_AT_POINT = _OPEN.where(_C.square.in_(bindparam("places", expanding=True)))
_IN_AREA = _OPEN.where(_C.area.in_(bindparam("places", expanding=True)))


class Nearby(Cases):
    """What a desk knows of tickets by their place."""

    def nearby(
        self, categories: Sequence[str], areas: Sequence[str], pin: Pin | None, since: datetime
    ) -> Sequence[Neighbour]:
        """Open tickets that others may join, of these categories, near the point or in these areas; newest first.

        Only looked at and not locked: who joins one of them asks for it by its id.
        """
        self._flush_tickets()
        wanted = {"categories": categories, "since": since, "settled": self.now - self.grace}
        found: dict[int, Neighbour] = {}
        if pin is not None:
            at_point = {**wanted, "places": around(pin.lat, pin.lon), "most": AT_POINT}
            found = {row.id: Neighbour(*row) for row in self._c.execute(_AT_POINT, at_point)}
        if areas:
            in_area = {**wanted, "places": areas, "most": AT_MOST - len(found)}
            found |= {row.id: Neighbour(*row) for row in self._c.execute(_IN_AREA, in_area)}
        return sorted(found.values(), key=lambda each: (each.created_at, each.id), reverse=True)
