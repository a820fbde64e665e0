"""Open tickets near a place: by the squares of the map around a point, and by the area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, false

from handlers.desk import Ticket
from handlers.rules.squares import around
from handlers.words import Pin
from storage import tables as t
from storage.cases import TICKETS, Cases
from storage.rows import ticket_of

AT_MOST = 50
# Of those near the point, so that an area in which much is reported does not crowd them out.
AT_POINT = 30
_C = t.tickets.c
_OPEN = (
    TICKETS.where(
        _C.closed_at.is_(None),
        _C.secret == false(),
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
    ) -> Sequence[Ticket]:
        """Open tickets that are not secret, of these categories, near the point or in these areas; newest first."""
        self._flush_tickets()
        wanted = {"categories": categories, "since": since}
        found = {}
        if pin is not None:
            at_point = {**wanted, "places": around(pin.lat, pin.lon), "most": AT_POINT}
            found = {row.id: row for row in self._c.execute(_AT_POINT, at_point)}
        if areas:
            in_area = {**wanted, "places": areas, "most": AT_MOST - len(found)}
            found |= {row.id: row for row in self._c.execute(_IN_AREA, in_area)}
        # Only looked at and not locked: who joins one of them asks for it by its id.
        seen = [self._tickets.get(each) or ticket_of(row) for each, row in found.items()]
        return sorted(seen, key=lambda each: (each.created_at, each.id), reverse=True)
