"""The outbox: letters wait in order, are marked, put off or given up, and one process delivers at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from handlers.desk import Arrival
from handlers.words import Kind, Letter, Part, Priority, Room
from storage import outbox
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.outbox import Sent, Thread
from tests.storage.samples import (
    BUDI,
    CHANNEL,
    NOW,
    OFFICE,
    ROADS,
    SITI,
    People,
    at_desk,
    echo,
    event,
    put_people,
    rows,
    taken,
    ticket,
)

SPAN = timedelta(seconds=9)


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


async def posted(database: Database, *letters: Letter) -> list[Parcel]:
    """These letters, written down."""
    return await database.write(lambda c: RecordDesk(c, OFFICE, NOW).flush(letters))


async def waiting(
    database: Database, channels: Sequence[str] = (CHANNEL,), limit: int = 100, after: int = 0
) -> list[Parcel]:
    """What a dispatcher would load."""
    return await database.read(lambda c: outbox.waiting(c, channels, limit, after))


async def reported(database: Database, people: People) -> int:
    """A ticket of Siti's, at the roads office."""
    return (await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti)))).id


async def mark(database: Database, *done: Sent) -> None:
    """Writes down what was delivered."""
    await database.write(lambda c: outbox.delivered(c, done))


async def thread(database: Database, room: int, of: int) -> Thread:
    """Where a ticket lives in a group."""
    return await database.read(lambda c: outbox.thread(c, room, of))


async def test_letters_wait_in_the_order_they_were_written(database: Database, people: People) -> None:
    """Oldest first, a page at a time, with everything that is needed to send them."""
    letters = [
        Letter(people.siti, "satu", priority=Priority.STATUS),
        Letter(people.roads, "dua", topic="7", reply_to="8", delay=timedelta(seconds=30)),
        Letter(people.siti, "tiga"),
    ]
    made = await posted(database, *letters)
    assert await waiting(database) == made
    assert [(parcel.body.text, parcel.group, parcel.priority, parcel.due_at) for parcel in made] == [
        ("satu", False, 1, NOW),
        ("dua", True, 0, NOW + timedelta(seconds=30)),
        ("tiga", False, 0, NOW),
    ]
    assert await waiting(database, limit=2) == made[:2]
    assert await waiting(database, after=made[0].id) == made[1:]
    assert await waiting(database, ("whatsapp",)) == await waiting(database, ()) == []


async def test_an_id_is_never_used_again(database: Database, people: People) -> None:
    """A dispatcher that still knows an old letter cannot take a new one for it."""
    (old,) = await posted(database, Letter(people.siti, "lama"))
    await mark(database, Sent(old, ("1",), NOW))
    (new,) = await posted(database, Letter(people.siti, "baru"))
    assert new.id > old.id


async def test_the_address_is_opened_for_delivery_only(database: Database, people: People) -> None:
    """It stands in the vault and nowhere in the letter."""
    (parcel,) = await posted(database, Letter(people.siti, "halo"))
    assert await database.read(lambda c: outbox.address(c, OFFICE.vault, people.siti)) == SITI.address
    assert SITI.address not in str(parcel)


async def test_what_is_delivered_leaves_and_can_be_replied_to(database: Database, people: People) -> None:
    """All messages of a letter are bound to its ticket; small talk is forgotten."""
    of = await reported(database, people)
    about, talk = await posted(
        database, Letter(people.siti, "kabar", part=Part.NOTICE, ticket=of, draft=3), Letter(people.siti, "halo")
    )
    await mark(database, Sent(about, ("11", "12"), NOW), Sent(talk, ("13",), NOW))
    assert await waiting(database) == []
    found = await at_desk(database, lambda desk: [desk.bound(people.siti, each) for each in ("11", "12", "13")])
    assert [each and (each.ticket, each.part, each.draft) for each in found] == [(of, "notice", 3)] * 2 + [None]


async def test_a_card_and_its_topic_are_remembered(database: Database, people: People) -> None:
    """The next change edits the card where it stands, whatever was sent around it."""
    of = await reported(database, people)
    card, notice = await posted(
        database,
        Letter(people.roads, "kartu", part=Part.CARD, ticket=of),
        Letter(people.roads, "kabar", part=Part.NOTICE, ticket=of),
    )
    assert await thread(database, people.roads, of) == Thread()
    await mark(database, Sent(card, ("21",), NOW, topic="5"))
    await mark(database, Sent(notice, ("22",), NOW + SPAN))
    assert await thread(database, people.roads, of) == Thread("5", "21", NOW)
    assert await thread(database, people.health, of) == Thread()


async def test_a_topic_is_kept_before_anything_is_written_in_it(database: Database, people: People) -> None:
    """A crash between opening a topic and sending the card opens no second one."""
    of = await reported(database, people)
    await posted(database, Letter(people.roads, "kartu", part=Part.CARD, ticket=of))
    await database.write(lambda c: outbox.keep_topic(c, people.roads, of, "5"))
    assert await thread(database, people.roads, of) == Thread("5")


@pytest.mark.parametrize(("topic", "left"), [(False, Thread("5")), (True, Thread())])
async def test_what_the_platform_lost_is_forgotten(
    database: Database, people: People, topic: bool, left: Thread
) -> None:
    """A deleted card, or a deleted topic with its card, is made anew next time."""
    of = await reported(database, people)
    (card,) = await posted(database, Letter(people.roads, "kartu", part=Part.CARD, ticket=of))
    await mark(database, Sent(card, ("21",), NOW, topic="5"))
    await database.write(lambda c: outbox.forget_thread(c, people.roads, of, topic))
    assert await thread(database, people.roads, of) == left


@pytest.mark.parametrize("failed", [True, False])
async def test_a_letter_is_put_off(database: Database, people: People, failed: bool) -> None:
    """After a failure its attempts count on, after a mere wait they do not; the others stay as they are."""
    first, second = await posted(database, Letter(people.siti, "satu"), Letter(people.siti, "dua"))
    await database.write(lambda c: outbox.later(c, first, NOW, SPAN, failed))
    assert await waiting(database) == [
        msgspec.structs.replace(first, due_at=NOW + SPAN, attempts=int(failed)),
        second,
    ]


async def give_up(database: Database, parcel: Parcel, gone: bool) -> list[Parcel]:
    """What is sent because a letter was given up."""
    parcels, _ = await database.write(lambda c: outbox.undeliverable(c, OFFICE, parcel, NOW, gone))
    return parcels


@pytest.mark.parametrize("gone", [True, False])
async def test_officers_hear_that_a_notice_did_not_arrive(database: Database, people: People, gone: bool) -> None:
    """The letter leaves, the failure is counted, and only somebody who is gone is marked so."""
    of = await reported(database, people)
    (parcel,) = await posted(database, Letter(people.siti, "jawaban", part=Part.NOTICE, ticket=of))
    (told,) = await give_up(database, parcel, gone)
    assert (told.contact, "tidak sampai" in told.body.text) == (people.roads, True)
    assert await waiting(database) == [told]
    assert await at_desk(database, lambda desk: desk.deliveries(of, people.siti)) == {
        Arrival.FAILED: 1,
        Arrival.WAITING: 0,
    }
    assert (await at_desk(database, lambda desk: desk.contact(people.siti))).blocked is gone


async def test_other_letters_are_given_up_in_silence(database: Database, people: People) -> None:
    """A question to the reporter or a card to a group that cannot be sent concerns no officer."""
    of = await reported(database, people)
    letters = [
        Letter(people.siti, "pertanyaan"),
        Letter(people.siti, "terima kasih", ticket=of),
        Letter(people.roads, "kartu", part=Part.CARD, ticket=of),
    ]
    for parcel in await posted(database, *letters):
        assert await give_up(database, parcel, gone=False) == []
    assert await waiting(database) == []


async def test_a_group_that_moved_keeps_its_agency_and_loses_its_messages(database: Database, people: People) -> None:
    """A supergroup numbers its messages anew: an old number means nothing in it."""
    of = await reported(database, people)
    (card,) = await posted(database, Letter(people.roads, "kartu", part=Part.CARD, ticket=of))
    await mark(database, Sent(card, ("21",), NOW, topic="5"))
    await database.write(lambda c: outbox.moved(c, OFFICE, people.roads, "-100777", NOW))
    assert await database.read(lambda c: outbox.address(c, OFFICE.vault, people.roads)) == "-100777"
    assert await at_desk(database, lambda desk: desk.agency_of(people.roads)) == "dpu"
    assert await at_desk(database, lambda desk: desk.bound(people.roads, "21")) is None
    assert await thread(database, people.roads, of) == Thread()


async def test_a_group_tells_itself_that_it_moved(database: Database, people: People) -> None:
    """The platform's own event does the same as a failed delivery, and the next word comes from the new address."""
    await taken(database, event(BUDI, kind=Kind.MIGRATED, room=ROADS, moved_to="-100777"))
    assert await database.read(lambda c: outbox.address(c, OFFICE.vault, people.roads)) == "-100777"


async def test_marking_twice_is_harmless(database: Database, people: People) -> None:
    """A mark that is repeated after an error removes nothing else."""
    first, second = await posted(database, Letter(people.siti, "satu"), Letter(people.siti, "dua"))
    await mark(database, Sent(first, ("1",), NOW))
    await mark(database, Sent(first, ("1",), NOW))
    assert await waiting(database) == [second]


async def test_a_forum_is_known(database: Database, people: People) -> None:
    """Whether a group has topics decides how a card is sent."""
    await taken(database, event(text="/x", room=Room("-1009", "Forum", forum=True)), handler=echo)
    contacts = await rows(database, t.contacts, t.contacts.c.is_group)
    found = [await database.read(lambda c, of=row.id: outbox.is_forum(c, of)) for row in contacts]  # type: ignore[misc]
    assert found == [False, False, True]
