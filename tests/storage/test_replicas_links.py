"""Two replicas on one PostgreSQL meet one account by its number and by its id: one person in the end."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.desk import Scene
from handlers.words import Inbound, Kind, Letter, Person, Turn
from storage import outbox, windows
from storage import tables as t
from storage.database import Database
from storage.turns import Outcome, take
from tests.storage.replicas import beside
from tests.storage.samples import (
    ACCOUNT,
    NOW,
    OFFICE,
    ON_POSTGRESQL,
    WHATSAPP,
    at_desk,
    number_of,
    put_account,
    rows,
    silent,
    taken,
    ticket,
    wrote,
)

pytestmark = ON_POSTGRESQL
IDENT, PHONE = "ID.1001", "6281234567890"
SHOWN = {"id": Person(IDENT), "phone": Person(PHONE), "both": Person(IDENT, phone=PHONE)}


def reports(scene: Scene) -> Turn:
    """A ticket for each message."""
    scene.desk.add_ticket(ticket(scene.contact.id, f"LPR-{scene.event.id}"))
    return Turn(scene.talk)


def comes(event: Inbound, handler: Any = reports) -> Any:
    """One message, in a transaction of its own."""
    return lambda connection: take(connection, [event], OFFICE, NOW, handler)


async def seen(database: Database) -> int:
    """How many reports somebody sees who is shown with both, and how many accounts there are."""
    found: list[int] = []

    def looks(scene: Scene) -> Turn:
        found.append(len(scene.desk.tickets_of(scene.contact.id)))
        return Turn(scene.talk)

    await taken(database, wrote(SHOWN["both"]), handler=looks)
    assert len(await rows(database, t.contacts, t.contacts.c.into.is_(None))) == 1
    return found[0]


@pytest.mark.parametrize(("first", "second"), list(product(SHOWN, SHOWN)))
@pytest.mark.parametrize("known", ["", "phone id", "both"])
async def test_two_messages_at_once_are_of_one_person(database: Database, known: str, first: str, second: str) -> None:
    """However the account was known before and is shown at either replica, nothing of it is lost and nothing fails."""
    for each in known.split():
        await taken(database, wrote(SHOWN[each]), handler=reports)
    batches = await beside(database, comes(wrote(SHOWN[first])), comes(wrote(SHOWN[second])))
    assert [batch.outcomes for batch in batches] == [[Outcome.DONE]] * 2
    assert await seen(database) == len(known.split()) + 2
    assert await number_of(database, t.poison) == 0


async def test_a_change_of_number_beside_a_message_from_it(database: Database) -> None:
    """The change at one replica, the first message from the new id at the other."""
    await taken(database, wrote(SHOWN["both"]), handler=reports)
    change = wrote(SHOWN["id"], "", Kind.MIGRATED, moved_to="ID.2002")

    def moves(scene: Scene) -> Turn:
        scene.desk.move_contact(scene.contact.id, scene.event.moved_to)
        return Turn(scene.talk)

    await beside(database, comes(change, moves), comes(wrote(Person("ID.2002"))))
    (row,) = [row for row in await rows(database, t.contacts) if row.into is None]
    assert OFFICE.vault.open(row.sealed, row.lookup).address == "ID.2002"
    assert await number_of(database, t.tickets) == 2
    assert await number_of(database, t.poison) == 0


async def test_a_letter_beside_a_merge_is_not_lost(database: Database) -> None:
    """Posted or held for the number while that becomes the id: it reaches the account, or waits for it."""

    def two(connection: Connection) -> int:
        put_account(connection, Person(IDENT))
        return put_account(connection, Person(PHONE))

    old = await database.write(two)
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(old, "satu")]))
    merges = comes(wrote(SHOWN["both"]), silent)

    def holds(connection: Connection) -> bool:
        return windows.hold(connection, parcel, "1999", NOW, False)

    _, held = await beside(database, merges, holds)
    again = await taken(database, wrote(SHOWN["id"], account="1999"), handler=silent)
    assert [each.id for each in again.parcels] == [parcel.id] * held
    reach = await database.read(lambda c: windows.reach(c, OFFICE.vault, old, ACCOUNT))
    assert (reach.address, reach.is_open(NOW)) == (IDENT, True)
    assert [each.id for each in await database.read(lambda c: outbox.waiting(c, [WHATSAPP], 9))] == [parcel.id]
