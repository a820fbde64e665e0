"""Somebody changes their number or gets a new id: the same person under a new address, whatever is heard first."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.desk import Scene
from handlers.words import Inbound, Kind, Letter, Person, Talk, Turn
from storage import outbox
from storage import tables as t
from storage.database import Database
from tests.storage.samples import NOW, OFFICE, at_desk, rows, silent, taken, ticket, wrote

OLD_ID, OLD_PHONE = "ID.1001", "6281234567890"
NEW_ID, NEW_PHONE = "ID.1002", "6281111111111"
OLD, NEW = Person(OLD_ID, "Siti", OLD_PHONE), Person(NEW_ID, "Siti", NEW_PHONE)
DRAFT = Talk("report", {"story": "lubang"})


def change(person: Person, moved_to: str) -> Inbound:
    """What the platform says of it; it is no message to us."""
    return wrote(person, "", Kind.MIGRATED, moved_to=moved_to)


async def reported(database: Database, person: Person) -> int:
    """A report of this person's, and a draft of another."""
    made: list[int] = []

    def reports(scene: Scene) -> Turn:
        made.append(scene.desk.add_ticket(ticket(scene.contact.id, f"LPR-{scene.event.id}")).id)
        return Turn(DRAFT)

    await taken(database, wrote(person), handler=reports)
    return made[0]


async def found(database: Database, person: Person) -> tuple[int, list[int], Any]:
    """The contact of somebody who writes, the reports they see, and the story of their draft."""
    seen: list[Any] = []

    def looks(scene: Scene) -> Turn:
        mine = [each.id for each in scene.desk.tickets_of(scene.contact.id)]
        seen.extend((scene.contact.id, mine, scene.talk.answers.get("story")))
        return Turn(scene.talk)

    await taken(database, wrote(person), handler=looks)
    return seen[0], seen[1], seen[2]


# What the platform tells of the old address, and how the person was known before.
TOLD = {
    "id": Person(OLD_ID),
    "id and phone": Person(OLD_ID, phone=OLD_PHONE),
    "phone": Person(OLD_PHONE),
}
KNOWN = {"both": OLD, "id": Person(OLD_ID, "Siti"), "phone": Person(OLD_PHONE, "Siti")}
PAIRS = [
    ("both", "id"),
    ("both", "id and phone"),
    ("both", "phone"),
    ("id", "id"),
    ("id", "id and phone"),
    ("phone", "phone"),
    ("phone", "id and phone"),
]


@pytest.mark.parametrize(("known", "told"), PAIRS)
@pytest.mark.parametrize("moved_to", [NEW_ID, NEW_PHONE])
async def test_who_changes_the_number_keeps_everything(
    database: Database, known: str, told: str, moved_to: str
) -> None:
    """Reports and draft are found under the new address; whoever gets the old number sees nothing of them."""
    made = await reported(database, KNOWN[known])
    await taken(database, change(TOLD[told], moved_to))
    siti, mine, story = await found(database, NEW)
    assert (mine, story) == ([made], "lubang")
    other, theirs, nothing = await found(database, Person("ID.9009", "Lain", OLD_PHONE))
    assert (other == siti, theirs, nothing) == (False, [], None)


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("told", ["id", "id and phone"])
async def test_the_new_id_may_be_heard_first(database: Database, told: str, together: bool) -> None:
    """Webhooks have no order: what was written under the new id before the change was told is the same person's."""
    made = await reported(database, OLD)
    events = [wrote(NEW, "halo"), change(TOLD[told], NEW_ID)]
    for batch in [events] if together else [events[:1], events[1:]]:
        assert await number_of_faults(database, *batch) == 0
    siti, mine, story = await found(database, NEW)
    assert (mine, story) == ([made], "lubang")
    assert (await found(database, Person(NEW_PHONE)))[0] == siti
    assert (await found(database, Person(OLD_PHONE)))[1] == []


@pytest.mark.parametrize("together", [False, True])
async def test_the_change_may_come_with_the_next_message(database: Database, together: bool) -> None:
    """In one delivery or in two, in the order in which it happened."""
    made = await reported(database, OLD)
    events = [change(TOLD["id and phone"], NEW_ID), wrote(NEW, "halo")]
    for batch in [events] if together else [events[:1], events[1:]]:
        assert await number_of_faults(database, *batch) == 0
    assert (await found(database, NEW))[1] == [made]
    assert len(await rows(database, t.contacts, t.contacts.c.into.is_(None))) == 1


async def number_of_faults(database: Database, *events: Inbound) -> int:
    """How many events were set aside."""

    def handler(scene: Scene) -> Turn:
        if scene.event.kind is Kind.MIGRATED:
            scene.desk.move_contact(scene.contact.id, scene.event.moved_to)
        return Turn(scene.talk)

    await taken(database, *events, handler=handler)
    return len(await rows(database, t.poison))


async def test_a_number_that_was_taken_joins_nobody(database: Database) -> None:
    """Who changes to a number that somebody else had before does not become that person."""
    theirs = await reported(database, Person(NEW_PHONE, "Ani"))
    mine = await reported(database, Person(OLD_PHONE, "Siti"))
    await taken(database, change(Person(OLD_PHONE), NEW_PHONE))
    assert (await found(database, Person(NEW_PHONE)))[1] == [mine]
    (row,) = await rows(database, t.tickets, t.tickets.c.id == theirs)
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(row.reporter, "kabar")]))
    address = await database.read(lambda c: outbox.address(c, OFFICE.vault, parcel.contact))
    assert address == f"moved:{row.reporter}"


async def test_a_change_told_twice_or_of_nobody_is_nothing(database: Database) -> None:
    """It makes nobody known who was not."""
    await taken(database, wrote(OLD), handler=silent)
    for _ in range(2):
        await taken(database, change(OLD, NEW_ID))
    await taken(database, change(Person("ID.7007"), "ID.7008"))
    (row,) = await rows(database, t.contacts)
    assert OFFICE.vault.open(row.sealed, row.lookup).address == NEW_ID
    assert await rows(database, t.poison) == await rows(database, t.aliases) == []


async def test_a_letter_after_the_change_goes_to_the_new_address(database: Database) -> None:
    """Also one that was written before it."""
    await taken(database, wrote(OLD), handler=silent, now=NOW)
    (row,) = await rows(database, t.contacts)
    await at_desk(database, lambda desk: desk.flush([Letter(row.id, "kabar")]))
    await taken(database, change(OLD, NEW_ID))
    assert await database.read(lambda c: outbox.address(c, OFFICE.vault, row.id)) == NEW_ID
