"""The verbs about tickets: each is done at a desk and looked at there and at the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from handlers.desk import Draft, Entry, Ticket
from handlers.rules.ticket import Clock, Role, State
from handlers.words import File, Letter, Part
from storage import tables as t
from storage.desk import RecordDesk
from tests.storage.samples import CHANNEL, NOW, People, entry, reopened, ticket

SCAN = File("ref-1", "document", "application/pdf", 1234, "surat-siti.pdf")
PHOTO = File("ref-2", "image", "image/jpeg", 0)


def draft(people: People, of: Ticket, **more: Any) -> Draft:
    """An officer's text that waits."""
    return replace(Draft(0, of.id, people.budi, people.roads, "answer", "Besok kami tambal.", (SCAN,), "m7"), **more)


def sent(connection: Connection, contact: int, of: int, message: str, **more: Any) -> None:
    """A message that was delivered."""
    values = {"contact_id": contact, "message": message, "ticket": of, "part": "notice", "failed": False, "at": NOW}
    connection.execute(insert(t.sent).values(draft=None).values(values | more))


def add_ticket(desk: RecordDesk, people: People) -> None:
    first, second = desk.add_ticket(ticket(people.siti)), desk.add_ticket(ticket(people.siti, "LPR-2611-BBBB-B"))
    assert 0 < first.id < second.id
    assert reopened(desk).ticket(first.id) == first


def number_taken(desk: RecordDesk, people: People) -> None:
    desk.add_ticket(ticket(people.siti))
    for each in (desk, reopened(desk)):
        assert each.number_taken("LPR-2611-AAAA-A")
        assert not each.number_taken("LPR-2611-AAAA-B")


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


def change(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    values: dict[str, Any] = {
        "state": State.RESOLVED,
        "agency": "dinkes",
        "officer": people.budi,
        "clock": Clock.HANDLING,
        "due_at": NOW + timedelta(days=3, microseconds=7),
        "handling_due": NOW + timedelta(days=4),
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


def deliveries(desk: RecordDesk, people: People) -> None:
    made, other = desk.add_ticket(ticket(people.siti)), desk.add_ticket(ticket(people.siti, "LPR-2611-BBBB-B"))
    assert desk.deliveries(made.id, people.siti) == (0, 0, 0)
    desk.flush([Letter(people.siti, "kabar", ticket=made.id), Letter(people.roads, "kartu", ticket=made.id)])
    sent(desk._c, people.siti, made.id, "1")
    sent(desk._c, people.siti, made.id, "2")
    sent(desk._c, people.siti, made.id, "", failed=True)
    sent(desk._c, people.siti, other.id, "3")
    sent(desk._c, people.roads, made.id, "4")
    assert desk.deliveries(made.id, people.siti) == (2, 1, 1)


def add_draft(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    first, second = desk.add_draft(draft(people, made)), desk.add_draft(draft(people, made, source="m8"))
    assert 0 < first.id < second.id
    assert replace(first, id=0) == draft(people, made)


def draft_(desk: RecordDesk, people: People) -> None:
    made = desk.add_draft(draft(people, desk.add_ticket(ticket(people.siti)), files=(SCAN, PHOTO)))
    nameless = tuple(replace(file, name="") for file in made.files)
    assert desk.draft(made.id) == replace(made, files=nameless)
    assert desk.draft(made.id + 1) is None


def draft_from(desk: RecordDesk, people: People) -> None:
    of = desk.add_ticket(ticket(people.siti))
    desk.add_draft(draft(people, of))
    latest = desk.add_draft(draft(people, of, text="Lebih baru"))
    desk.add_draft(draft(people, of, room=people.health, text="Di grup lain"))
    found = desk.draft_from(people.roads, "m7")
    assert found is not None
    assert (found.id, found.text) == (latest.id, "Lebih baru")
    assert desk.draft_from(people.roads, "m8") is None


def change_draft(desk: RecordDesk, people: People) -> None:
    made = desk.add_draft(draft(people, desk.add_ticket(ticket(people.siti))))
    desk.change_draft(replace(made, text="Sudah", files=(), sent=True))
    assert desk.draft(made.id) == replace(made, text="Sudah", files=(), sent=True)


def drop_draft(desk: RecordDesk, people: People) -> None:
    made = desk.add_draft(draft(people, desk.add_ticket(ticket(people.siti))))
    desk.drop_draft(made.id)
    assert desk.draft(made.id) is None


def recall(desk: RecordDesk, people: People) -> None:
    made = desk.add_draft(draft(people, desk.add_ticket(ticket(people.siti))))
    letter = Letter(people.siti, "kabar", part=Part.NOTICE, draft=made.id, delay=timedelta(seconds=30))
    (parcel,) = desk.flush([letter])
    assert desk.recall(made.id)
    assert desk.dropped == [parcel.id]
    assert not desk.recall(made.id)


def bound(desk: RecordDesk, people: People) -> None:
    first, second = desk.add_ticket(ticket(people.siti)), desk.add_ticket(ticket(people.siti, "LPR-2611-BBBB-B"))
    sent(desk._c, people.siti, first.id, "5")
    sent(desk._c, people.roads, second.id, "5", part="card", draft=3)
    mine, theirs = desk.bound(people.siti, "5"), desk.bound(people.roads, "5")
    assert mine is not None
    assert theirs is not None
    assert (mine.ticket, mine.part, mine.draft) == (first.id, Part.NOTICE, None)
    assert (theirs.ticket, theirs.part, theirs.draft) == (second.id, Part.CARD, 3)
    assert desk.bound(people.siti, "6") is desk.bound(people.budi, "5") is None


EXERCISES: tuple[Callable[[RecordDesk, People], None], ...] = (
    add_ticket,
    number_taken,
    ticket_,
    ticket_by_number,
    tickets_of,
    tickets_at,
    change,
    history,
    attach,
    attachments,
    deliveries,
    add_draft,
    draft_,
    draft_from,
    change_draft,
    drop_draft,
    recall,
    bound,
)
