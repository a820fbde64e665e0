"""Two replicas on one PostgreSQL: letters that wait, receipts, and what people write at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.desk import Scene
from handlers.words import File, Letter, Turn
from storage import files, outbox, unkept, windows
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Fate, Parcel, Receipt
from storage.turns import Batch, take
from tests.storage.receipts import CLOSED, GONE, News, failed, marked, put_news, ranks, settle, to, told
from tests.storage.replicas import beside, either
from tests.storage.samples import (
    ACCOUNT,
    NOW,
    OFFICE,
    ON_POSTGRESQL,
    SECOND_ACCOUNT,
    SITI,
    WHATSAPP,
    at_desk,
    number_of,
    put_account,
    rows,
    silent,
    wrote,
)

pytestmark = [ON_POSTGRESQL, pytest.mark.parametrize("swapped", [False, True])]
LATER = NOW + timedelta(days=2)


@pytest.fixture
async def siti(database: Database) -> int:
    """Siti, whose day is over."""
    return await database.write(lambda c: put_account(c, SITI))


@pytest.fixture
async def news(database: Database) -> News:
    """A notice that waits for its reporter."""
    return await database.write(put_news)


def writes(handler: Callable[[Scene], Turn] = silent, **more: Any) -> Callable[[Connection], Batch]:
    """Siti writes."""
    event = wrote(SITI, at=LATER, **more)
    return lambda connection: take(connection, [event], OFFICE, LATER, handler)


def settles(*found: Receipt) -> Any:
    """Receipts come."""
    return lambda connection: settle(connection, *found)


# -- held letters


@pytest.mark.parametrize("account", [ACCOUNT, SECOND_ACCOUNT])
async def test_a_letter_is_not_held_while_the_person_writes(
    database: Database, siti: int, account: str, swapped: bool
) -> None:
    """One replica holds it, the other opens the day: it leaves by one of them, also where no day was known yet."""
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(siti, "kabar")]))
    held, batch = await either(
        database,
        lambda connection: windows.hold(connection, parcel, account, LATER, False),
        writes(account=account),
        swapped,
    )
    assert [each.id for each in batch.parcels] == [parcel.id] * held
    assert [each.id for each in await loaded(database)] == [parcel.id]


async def loaded(database: Database) -> list[Parcel]:
    """What a dispatcher would load."""
    return await database.read(lambda c: outbox.waiting(c, [WHATSAPP], 9))


async def test_an_announcement_is_not_undone_by_a_message(database: Database, siti: int, swapped: bool) -> None:
    """Both the question and the answer are known in the end."""
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(siti, "kabar")]))
    await either(database, lambda connection: windows.hold(connection, parcel, ACCOUNT, LATER, True), writes(), swapped)
    (row,) = await rows(database, t.windows)
    assert (row.announced_at, row.open_until) == (LATER, LATER + windows.LENGTH)
    assert len(await loaded(database)) == 1


# -- receipts


@pytest.mark.parametrize("rank", [1, 2])
async def test_a_receipt_beside_its_message_is_not_lost(
    database: Database, news: News, rank: int, swapped: bool
) -> None:
    """One replica writes down what was sent while the other hears how far it came."""
    await either(database, lambda c: marked(c, news.parcel, "w"), settles(Receipt("w", rank)), swapped)
    assert (await ranks(database), await number_of(database, t.receipts)) == ({"w": rank}, 0)


async def test_a_failure_beside_its_message_is_not_lost(database: Database, news: News, swapped: bool) -> None:
    """The letter is sent again, by one of them and once."""
    both = await either(
        database, lambda c: marked(c, news.parcel, "w"), settles(failed("w", Fate.CLOSED, CLOSED)), swapped
    )
    assert [each.body for one in both for each in one.parcels] == [news.parcel.body]
    assert [each.body for each in await loaded(database)] == [news.parcel.body]


async def test_receipts_at_both_replicas_never_go_back(database: Database, news: News, swapped: bool) -> None:
    """Delivered at one, read at the other: read."""
    await database.write(lambda c: marked(c, news.parcel, "w"))
    await either(database, settles(Receipt("w", 1)), settles(Receipt("w", 2)), swapped)
    assert await ranks(database) == {"w": 2}


@pytest.mark.parametrize(("fate", "again"), [(Fate.CLOSED, 1), (Fate.GONE, 0)])
async def test_a_failure_told_to_both_counts_once(
    database: Database, news: News, fate: Fate, again: int, swapped: bool
) -> None:
    """One letter more, or one word to the officers."""
    await database.write(lambda c: marked(c, news.parcel, "w"))
    heard = settles(failed("w", fate, GONE))
    both = await either(database, heard, heard, swapped)
    parcels = [each for one in both for each in one.parcels]
    assert (len(to(news.siti, parcels)), len(told(news, parcels))) == (again, 1 - again)


async def test_two_messages_of_one_letter_fail_at_both(database: Database, news: News, swapped: bool) -> None:
    """The letter goes out once more, not twice."""
    await database.write(lambda c: marked(c, news.parcel, "a", "b"))
    one, two = settles(failed("a", Fate.CLOSED)), settles(failed("b", Fate.CLOSED))
    both = await either(database, one, two, swapped)
    assert len([each for found in both for each in found.parcels]) == 1


# -- what a person chose meanwhile


def agrees(scene: Scene) -> Turn:
    """Agrees, and wants English."""
    scene.desk.change_contact(replace(scene.contact, consent="2026-11", language="en"))
    return Turn(replace(scene.talk, answers={"story": "lubang"}))


async def chosen(database: Database, contact: int) -> tuple[str, str, bool]:
    """What stands on record of somebody."""
    (row,) = await rows(database, t.contacts, t.contacts.c.id == contact)
    return row.consent, row.language, row.blocked


async def test_a_letter_given_up_undoes_no_choice(database: Database, news: News, swapped: bool) -> None:
    """That somebody cannot be reached and what they agreed to at that moment are both kept."""
    await database.write(lambda c: marked(c, news.parcel, "w"))
    await either(database, settles(failed("w", Fate.GONE, GONE)), writes(agrees), swapped)
    assert (await chosen(database, news.siti))[:2] == ("2026-11", "en")


async def test_joining_undoes_no_choice(database: Database, news: News, swapped: bool) -> None:
    """Two accounts are joined at one replica while one of them agrees at the other."""

    def joins(connection: Connection) -> None:
        desk = RecordDesk(connection, OFFICE, NOW)
        desk.join(news.roads, news.siti)
        desk.flush(())

    await either(database, joins, writes(agrees), swapped)
    assert (await chosen(database, news.siti))[:2] == ("2026-11", "en")
    (row,) = await rows(database, t.contacts, t.contacts.c.id == news.siti)
    assert row.person == min(news.roads, news.siti)


async def test_a_code_joins_once(database: Database, siti: int, swapped: bool) -> None:
    """Of two replicas that hear it one has it."""
    code = await at_desk(database, lambda desk: desk.pairing_code(siti))

    def pairs(connection: Connection) -> int | None:
        return RecordDesk(connection, OFFICE, NOW).paired(code)

    assert sorted(await either(database, pairs, pairs, swapped), key=str) == [siti, None]


# -- files


async def test_a_lost_file_does_not_come_back(database: Database, siti: int, swapped: bool) -> None:
    """It is taken out of the conversation at one replica while the person answers at the other: both are kept."""
    value = {"ref": "f1", "kind": "image", "mime": "", "size": 0}

    def begins(scene: Scene) -> Turn:
        return Turn(replace(scene.talk, dialogue="report", answers={"files": [value]}))

    def answers(scene: Scene) -> Turn:
        return Turn(replace(scene.talk, answers={**scene.talk.answers, "place": "Pasar"}))

    await database.write(writes(begins))
    await database.write(lambda c: files.wanted(c, [(siti, WHATSAPP, File("f1", "image"))], NOW))
    (file,) = await database.write(lambda c: files.claimed(c, NOW, 5))
    await either(database, lambda c: unkept.give_up(c, OFFICE, file, "expired", NOW), writes(answers), swapped)
    (talk,) = await rows(database, t.talks)
    assert '"files":[]' in talk.body
    assert '"place":"Pasar"' in talk.body


async def test_a_file_is_fetched_by_one(database: Database, siti: int, swapped: bool) -> None:
    """The other one takes the next, and does not wait."""
    found = [(siti, WHATSAPP, File(f"f{n}", "image")) for n in range(3)]
    await database.write(lambda c: files.wanted(c, found, NOW))
    both = await beside(database, lambda c: files.claimed(c, NOW, 2), lambda c: files.claimed(c, NOW, 2 + swapped))
    assert [sorted(each.ref for each in one) for one in both] == [["f0", "f1"], ["f2"]]
