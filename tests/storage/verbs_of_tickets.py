"""The verbs about tickets: each is done at a desk and looked at there and at the next one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers.desk import Entry
from handlers.rules.numbers import read
from handlers.rules.ticket import Clock, Role, State
from handlers.words import File, Pin
from storage import tables as t
from storage.desk import RecordDesk
from tests.storage.samples import CHANNEL, NOW, People, entry, reopened, ticket

SCAN = File("ref-1", "document", "application/pdf", 1234, "surat-siti.pdf")
PHOTO = File("ref-2", "image", "image/jpeg", 0)


def add_ticket(desk: RecordDesk, people: People) -> None:
    first, second = desk.add_ticket(ticket(people.siti)), desk.add_ticket(ticket(people.siti, "LPR-2611-BBBB-B"))
    assert 0 < first.id < second.id
    assert reopened(desk).ticket(first.id) == first


def fresh_number(desk: RecordDesk, people: People) -> None:
    """Whoever draws the same gets other numbers, of this batch and of those on record."""
    day, drawn = date(2026, 11, 20), list[str]()
    for _ in range(3):
        draw = random.Random(7).randrange
        desk.office = replace(desk.office, draw=draw)
        for _ in range(20):
            number = desk.fresh_number(day)
            assert number == read(number)
            drawn.append(desk.add_ticket(ticket(people.siti, number)).number)
        desk = reopened(desk)
    assert len(set(drawn)) == len(drawn) == 60


def ticket_(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(
        ticket(people.siti, place={"text": "Desa Kutorenon", "lat": -8.1, "lon": 113.2, "area": "35"})
    )
    assert reopened(desk).ticket(made.id) == desk.ticket(made.id) == made
    assert desk.ticket(made.id + 1) is None


def ticket_by_number(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    assert reopened(desk).ticket_by_number(made.number) == desk.ticket_by_number(made.number) == made
    assert desk.ticket_by_number("LPR-2611-ZZZZ-Z") is None


def ticket_by_sp4n(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    noted = replace(made, sp4n_id="1916449")
    desk.change(noted, entry(noted, "register"))
    for each in (desk, reopened(desk)):
        assert each.ticket_by_sp4n("1916449") == noted
        assert each.ticket_by_sp4n("1916448") is each.ticket_by_sp4n("") is None


def tickets_of(desk: RecordDesk, people: People) -> None:
    made = [desk.add_ticket(ticket(people.siti, f"LPR-2611-AAAA-{n}")) for n in range(3)]
    desk.add_ticket(ticket(people.budi))
    assert desk.tickets_of(people.siti) == made[::-1]


def tickets_at(desk: RecordDesk, people: People) -> None:
    values: list[dict[str, Any]] = [
        {"due_at": NOW + timedelta(days=9)},
        {"due_at": NOW + timedelta(days=1)},
        {"due_at": None},
        {"due_at": NOW, "closed_at": NOW},
        {"due_at": NOW, "agency": "dinkes"},
    ]
    late, soon, never, _, _ = [
        desk.add_ticket(ticket(people.siti, f"LPR-2611-AAAA-{n}", **each)) for n, each in enumerate(values)
    ]
    assert list(desk.tickets_at("dpu")) == [soon, late, never]


def nearby(desk: RecordDesk, people: People) -> None:
    pin = Pin(-8.2, 113.1)
    made = desk.add_ticket(ticket(people.siti, area="35.08.05", place={"text": "", "lat": pin.lat, "lon": pin.lon}))
    for each in (desk, reopened(desk)):
        for found in (each.nearby(["jalan"], (), pin, NOW), each.nearby(["jalan"], ["35.08.05"], None, NOW)):
            assert [(near.id, near.story, near.place) for near in found] == [(made.id, made.story, made.place)]
        assert each.nearby(["sehat"], ["35.08.05"], pin, NOW) == []


def change(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    values: dict[str, Any] = {
        "state": State.RESOLVED,
        "agency": "dinkes",
        "officer": people.budi,
        "clock": Clock.HANDLING,
        "due_at": NOW + timedelta(days=3, microseconds=7),
        "forwarded_at": NOW,
        "closed_at": NOW,
        "rating": 4,
        "why": "rule:10",
        "changed_at": NOW + timedelta(hours=1),
    }
    after = replace(made, **values)
    desk.change(after, entry(after))
    assert desk.ticket(made.id) == reopened(desk).ticket(made.id) == after


def history(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    first = Entry(made.id, NOW, people.siti, Role.REPORTER, "submit", State.RECEIVED, "dpu", {"files": [1]})
    desk.change(made, first)
    second = entry(made, "note", actor=people.budi, role=Role.OFFICER, data={"text": "Cek"})
    assert list(desk.history(made.id)) == [first]
    again = reopened(desk)
    again.change(made, second)
    assert list(again.history(made.id)) == list(reopened(again).history(made.id)) == [first, second]


def attach(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    first, second = desk.attach(made.id, [SCAN, PHOTO], Role.REPORTER, CHANNEL)
    assert first < second
    assert desk.attach(made.id, [], Role.REPORTER, CHANNEL) == ()
    stored = {row.id: row for row in desk._c.execute(t.attachments.select())}
    assert [(stored[each].ref, stored[each].kind) for each in (first, second)] == [
        ("ref-1", "document"),
        ("ref-2", "image"),
    ]
    assert SCAN.name not in str(list(stored.values()))


def attachments(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    ids = desk.attach(made.id, [SCAN, PHOTO], Role.REPORTER, CHANNEL)
    desk.attach(made.id, [PHOTO], Role.OFFICER, CHANNEL)
    found = desk.attachments(made.id)
    assert tuple(each.id for each in found) == ids
    assert [(each.ticket, each.kind, each.mime, each.size, each.by) for each in found] == [
        (made.id, "document", "application/pdf", 1234, Role.REPORTER),
        (made.id, "image", "image/jpeg", 0, Role.REPORTER),
    ]


def files_of(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    desk.attach(made.id, [SCAN, PHOTO], Role.REPORTER, CHANNEL)
    desk.attach(made.id, [replace(PHOTO, ref="ref-3")], Role.OFFICER, CHANNEL)
    # The name of a file can say who sent it: it is not kept.
    assert list(desk.files_of(made.id)) == [replace(SCAN, name=""), PHOTO]
    assert list(desk.files_of(made.id + 1)) == []


EXERCISES: tuple[Callable[[RecordDesk, People], None], ...] = (
    add_ticket,
    fresh_number,
    ticket_,
    ticket_by_number,
    ticket_by_sp4n,
    tickets_of,
    tickets_at,
    nearby,
    change,
    history,
    attach,
    attachments,
    files_of,
)
