"""Of two accounts of one person one stands in for the other where it cannot be reached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.desk import Arrival
from handlers.words import Kind, Letter, Part, Person
from storage import outbox
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from tests.storage.samples import (
    NOW,
    OFFICE,
    SITI,
    WHATSAPP,
    People,
    at_desk,
    event,
    letters_to,
    put_account,
    put_people,
    rows,
    taken,
    ticket,
)

MOBILE = Person("ID.1001", "Siti", "628777")


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


@pytest.fixture
async def mobile(database: Database, people: People) -> int:
    """Siti's account on WhatsApp, joined to the one on Telegram."""
    found = await database.write(lambda c: put_account(c, MOBILE))
    await at_desk(database, lambda desk: desk.join(people.siti, found))
    return found


async def block(database: Database, *contacts: int) -> None:
    """These cannot be reached."""

    def work(desk: RecordDesk) -> None:
        for each in contacts:
            desk.change_contact(replace(desk.contact(each), blocked=True))

    await at_desk(database, work)


async def test_who_cannot_be_reached_here_is_reached_there(database: Database, people: People, mobile: int) -> None:
    """While one account is blocked, letters to it go to the other; when neither can be reached, nothing is moved."""
    assert await at_desk(database, lambda desk: desk.reachable(people.siti)) == people.siti
    await block(database, people.siti)
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(people.siti, "kabar")]))
    assert (parcel.contact, parcel.channel) == (mobile, WHATSAPP)
    await block(database, mobile)
    assert await at_desk(database, lambda desk: [desk.reachable(each) for each in (people.siti, mobile)]) == [
        people.siti,
        mobile,
    ]


async def test_nobody_stands_in_for_a_stranger(database: Database, people: People, mobile: int) -> None:
    """Who was not joined, or has parted, gets no letter of the other's."""
    await at_desk(database, lambda desk: desk.part(mobile))
    await block(database, people.siti)
    assert await at_desk(database, lambda desk: desk.reachable(people.siti)) == people.siti


async def test_a_letter_that_fails_here_goes_there(database: Database, people: People, mobile: int) -> None:
    """With what else waits, in the same order; no officer is told that anything failed."""
    of = await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti)))
    news = [Letter(people.siti, text, part=Part.NOTICE, ticket=of.id) for text in ("satu", "dua", "tiga")]
    parcels = await at_desk(database, lambda desk: desk.flush(news))
    again, dropped = await database.write(lambda c: outbox.undeliverable(c, OFFICE, parcels[0], NOW, True))
    assert {parcel.contact for parcel in again} == {mobile}
    assert set(dropped) >= {parcel.id for parcel in parcels[1:]}
    found = await database.read(lambda c: outbox.waiting(c, [WHATSAPP], 9))
    assert [parcel.body.text for parcel in found] == ["satu", "dua", "tiga"]
    assert await at_desk(database, lambda desk: desk.deliveries(of.id, mobile)) == {Arrival.WAITING: 3}


async def test_who_writes_again_is_written_to_again(database: Database, people: People, mobile: int) -> None:
    """A word from the account that was blocked brings the letters back to it."""
    await block(database, people.siti)
    batch = await taken(database, event(SITI, "/bantuan"))
    assert letters_to(people.siti, batch.parcels)
    assert [row.blocked for row in await rows(database, t.contacts, t.contacts.c.id == people.siti)] == [False]
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(people.siti, "kabar")]))
    assert parcel.contact == people.siti


async def test_a_chat_that_was_left_is_not_written_to(database: Database, people: People, mobile: int) -> None:
    """Who blocks the bot on one platform hears of their report on the other."""
    await taken(database, event(SITI, kind=Kind.BLOCKED))
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(people.siti, "kabar")]))
    assert parcel.contact == mobile
