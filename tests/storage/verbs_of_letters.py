"""The verbs about drafts and about what was sent: each is done at a desk and looked at there and after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from handlers.desk import Arrival, Draft, Ticket
from handlers.words import Letter, Part
from storage import tables as t
from storage.desk import RecordDesk
from tests.storage.samples import NOW, People, ticket
from tests.storage.verbs_of_tickets import PHOTO, SCAN


def draft(people: People, of: Ticket, **more: Any) -> Draft:
    """An officer's text that waits."""
    return replace(Draft(0, of.id, people.budi, people.roads, "answer", "Besok kami tambal.", (SCAN,), "m7"), **more)


def put_sent(desk: RecordDesk, contact: int, of: int, message: str, **more: Any) -> None:
    """The same while the ticket may still wait to be written."""
    desk.flush(())
    sent(desk._c, contact, of, message, **more)


def sent(connection: Connection, contact: int, of: int, message: str, **more: Any) -> None:
    """A message that was delivered."""
    values = {"contact_id": contact, "message": message, "ticket": of, "part": "notice", "failed": False, "at": NOW}
    connection.execute(insert(t.sent).values(draft=None).values(values | more))


def deliveries(desk: RecordDesk, people: People) -> None:
    made, other = desk.add_ticket(ticket(people.siti)), desk.add_ticket(ticket(people.siti, "LPR-2611-BBBB-B"))
    assert desk.deliveries(made.id, people.siti) == {Arrival.WAITING: 0}
    about: dict[str, Any] = {"part": Part.NOTICE, "ticket": made.id}
    desk.flush([Letter(people.siti, "kabar", **about), Letter(people.siti, "a", ticket=made.id)])
    desk.flush([Letter(people.roads, "kabar", **about)])
    put_sent(desk, people.siti, made.id, "1")
    put_sent(desk, people.siti, made.id, "2", rank=2)
    put_sent(desk, people.siti, made.id, "", failed=True)
    put_sent(desk, people.siti, other.id, "3")
    put_sent(desk, people.roads, made.id, "4")
    assert desk.deliveries(made.id, people.siti) == {
        Arrival.SENT: 1,
        Arrival.READ: 1,
        Arrival.FAILED: 1,
        Arrival.WAITING: 1,
    }


def arrival(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    assert desk.arrival(made) is None
    put_sent(desk, people.siti, made.id, "1", rank=2)
    put_sent(desk, people.siti, made.id, "2", rank=1)
    put_sent(desk, people.siti, made.id, "3", part="talk")
    put_sent(desk, people.roads, made.id, "4")
    assert desk.arrival(made) is Arrival.DELIVERED
    assert desk.arrival(replace(made, changed_at=NOW + timedelta(seconds=1))) is None
    put_sent(desk, people.siti, made.id, "", failed=True)
    assert desk.arrival(made) is Arrival.FAILED


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


def open_draft(desk: RecordDesk, people: People) -> None:
    of = desk.add_ticket(ticket(people.siti))
    assert desk.open_draft(people.roads, NOW) is None
    desk.add_draft(draft(people, of))
    latest = desk.add_draft(draft(people, of, source="m8"))
    desk.add_draft(draft(people, of, source="m9", sent=True))
    desk.add_draft(draft(people, of, room=people.health))
    found = desk.open_draft(people.roads, NOW)
    assert found is not None
    assert found.id == latest.id
    assert desk.open_draft(people.roads, NOW + timedelta(seconds=1)) is None


def waits(desk: RecordDesk, people: People) -> None:
    assert not desk.waits(people.roads, "card:1")
    desk.flush([Letter(people.roads, "kartu", key="card:1")])
    assert desk.waits(people.roads, "card:1")
    assert not desk.waits(people.roads, "card:2")
    assert not desk.waits(people.health, "card:1")


def last_told(desk: RecordDesk, people: People) -> None:
    first, second = desk.add_ticket(ticket(people.siti)), desk.add_ticket(ticket(people.siti, "LPR-2611-BBBB-B"))
    assert desk.last_told(people.siti) is None
    put_sent(desk, people.siti, first.id, "1")
    put_sent(desk, people.siti, second.id, "2")
    put_sent(desk, people.siti, first.id, "", failed=True)
    put_sent(desk, people.budi, first.id, "3")
    assert desk.last_told(people.siti) == second.id
    put_sent(desk, people.siti, second.id, "4", part="talk")
    assert desk.last_told(people.siti) is None
    put_sent(desk, people.siti, first.id, "5", at=NOW - timedelta(days=7))
    assert desk.last_told(people.siti) is None


def bound(desk: RecordDesk, people: People) -> None:
    first, second = desk.add_ticket(ticket(people.siti)), desk.add_ticket(ticket(people.siti, "LPR-2611-BBBB-B"))
    put_sent(desk, people.siti, first.id, "5")
    put_sent(desk, people.roads, second.id, "5", part="card", draft=3)
    mine, theirs = desk.bound(people.siti, "5"), desk.bound(people.roads, "5")
    assert mine is not None
    assert theirs is not None
    assert (mine.ticket, mine.part, mine.draft) == (first.id, Part.NOTICE, None)
    assert (theirs.ticket, theirs.part, theirs.draft) == (second.id, Part.CARD, 3)
    assert desk.bound(people.siti, "6") is desk.bound(people.budi, "5") is None


EXERCISES: tuple[Callable[[RecordDesk, People], None], ...] = (
    deliveries,
    arrival,
    add_draft,
    draft_,
    draft_from,
    change_draft,
    drop_draft,
    recall,
    open_draft,
    waits,
    last_told,
    bound,
)
