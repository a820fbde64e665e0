"""What people report around one point, put on record without a conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from handlers import case
from handlers.desk import Ticket
from handlers.rules.ticket import Role, State
from handlers.words import Letter, Pin
from storage.desk import RecordDesk
from tests.handlers import Overheard, contact, desk, tickets

X = TypeVar("X")
HERE = Pin(-8.2041, 113.1078)
METRE = 1 / 111_195
STORY = "Rumah saya nomor 17: jalan di depannya berlubang besar, tiga motor sudah jatuh. Hubungi Bu Siti 081234567890."
PLACE = {"text": "Jl. Melati no 17, depan rumah Bu Siti", "lat": HERE.lat, "lon": HERE.lon, "area": "35.08.04"}
MINE: dict[str, Any] = {
    "consent": "yes",
    "story": "Ada lubang besar di jalan, kemarin motor saya jatuh.",
    "type": "complaint",
    "category": "jalan-rusak",
    "place": {"text": "", "lat": HERE.lat + 60 * METRE, "lon": HERE.lon, "area": "35.08.04"},
}


def at_desk(stage: Overheard, work: Callable[[RecordDesk], tuple[X, tuple[Letter, ...]]]) -> X:
    """What this work came to; its letters go out."""
    with stage.engine.begin() as connection:
        table = desk(stage, connection)
        result, letters = work(table)
        parcels = table.flush(letters)
    stage.hold(parcels, table.dropped)
    list(stage.deliver())
    return result


def opened(stage: Overheard, person: str = "Sari", **values: Any) -> Ticket:
    """A report that lies with the roads."""
    given: dict[str, Any] = {
        "id": 0,
        "number": f"LPR-2611-AAAA-{len(tickets(stage))}",
        "reporter": contact(stage, f"p:{person}"),
        "state": State.RECEIVED,
        "report_type": "complaint",
        "category": "jalan-rusak",
        "agency": "kominfo",
        "area": "35.08.04",
        "title": "Rumah nomor 17",
        "story": STORY,
        "place": PLACE,
        "happened": stage.now.date() - timedelta(days=3),
        "anonymous": False,
        "secret": False,
        "created_at": stage.now,
        "changed_at": stage.now,
    } | values

    def work(table: RecordDesk) -> tuple[Ticket, tuple[Letter, ...]]:
        made = case.opened(table, Ticket(**given), (), "stage")
        forwarded = case.make(table, made.ticket, "forward", Role.SYSTEM, None, agency="dputr")
        assert forwarded
        return forwarded.ticket, forwarded.letters

    return at_desk(stage, work)


def put(stage: Overheard, one: Ticket, **values: Any) -> Ticket:
    """The report as it is wanted."""

    def work(table: RecordDesk) -> tuple[Ticket, tuple[Letter, ...]]:
        after = replace(one, **values)
        table._tickets[one.id] = after
        table._changed.add(one.id)
        return after, ()

    return at_desk(stage, work)
