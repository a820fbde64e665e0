"""What failed after it was taken goes another way, later, or is given up and told to the officers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection

from handlers.desk import Arrival
from handlers.words import Brief, Letter, Part
from storage import outbox, windows
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Fate, Parcel, Receipt
from storage.receipts import TRIES
from tests.storage.receipts import CLOSED, GONE, SOON, News, failed, put_news, ranks, settled, taken_as, to, told
from tests.storage.samples import ACCOUNT, BUDI, NOW, OFFICE, WHATSAPP, at_desk, contact_at, number_of, rows

HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
async def news(database: Database) -> News:
    """A notice that waits for its reporter."""
    return await database.write(put_news)


async def left(database: Database) -> list[Parcel]:
    """What waits on WhatsApp and is not held."""
    return await database.read(lambda c: outbox.waiting(c, [WHATSAPP], 100))


async def test_after_a_closed_day_the_same_letter_goes_once_more(database: Database, news: News) -> None:
    """At once, the same to the same, with one attempt more; our count of the day is corrected."""
    await taken_as(database, news.parcel, "w")
    found = await settled(database, failed("w", Fate.CLOSED, CLOSED))
    (again,) = found.parcels
    assert again == msgspec.structs.replace(news.parcel, id=again.id, due_at=SOON, attempts=1)
    assert (again.id > news.parcel.id, found.failed, await left(database)) == (True, [CLOSED], [again])
    reach = await database.read(lambda c: windows.reach(c, OFFICE.vault, news.siti, ACCOUNT))
    assert not reach.is_open(NOW)
    assert (await ranks(database), await number_of(database, t.accepted)) == ({}, 0)
    assert (await settled(database, failed("w", Fate.CLOSED, CLOSED))).parcels == []
    assert await left(database) == [again]


@pytest.mark.parametrize(
    ("fate", "attempts", "wait"),
    [
        (Fate.AGAIN, 0, HALF_MINUTE),
        (Fate.AGAIN, 3, 8 * HALF_MINUTE),
        (Fate.TOMORROW, 0, timedelta(hours=25)),
        (Fate.CLOSED, 2, timedelta()),
    ],
)
async def test_what_may_help_later_is_tried_later(
    database: Database, news: News, fate: Fate, attempts: int, wait: timedelta
) -> None:
    """The pause doubles each time; what is held back for a day waits for the next; officers hear nothing yet."""
    await taken_as(database, msgspec.structs.replace(news.parcel, attempts=attempts), "w")
    (again,) = (await settled(database, failed("w", fate))).parcels
    assert (again.due_at, again.attempts, again.body) == (SOON + wait, attempts + 1, news.parcel.body)
    assert not (await at_desk(database, lambda desk: desk.contact(news.siti))).blocked


@pytest.mark.parametrize("fate", [Fate.AGAIN, Fate.TOMORROW, Fate.CLOSED])
async def test_trying_ends(database: Database, news: News, fate: Fate) -> None:
    """What fails again and again is given up, and the officers are told."""
    await taken_as(database, msgspec.structs.replace(news.parcel, attempts=TRIES), "w")
    found = await settled(database, failed("w", fate))
    assert ["tidak sampai" in each for each in told(news, found.parcels)] == [True]
    assert await left(database) == []


@pytest.mark.parametrize(("fate", "why"), [(Fate.GONE, "memblokir"), (Fate.REFUSED, "ditolak")])
async def test_officers_hear_that_an_answer_did_not_arrive(
    database: Database, news: News, fate: Fate, why: str
) -> None:
    """The failure is counted, and only somebody who cannot be reached is marked so; told twice, it is heard once."""
    await taken_as(database, news.parcel, "w")
    found = await settled(database, failed("w", fate, GONE))
    assert [why in each for each in told(news, found.parcels)] == [True]
    assert ["tidak sampai" in each.body.text for each in found.parcels if each.part == "card"] == [True]
    assert (await settled(database, failed("w", fate, GONE))).parcels == []
    assert (await at_desk(database, lambda desk: desk.contact(news.siti))).blocked is (fate is Fate.GONE)
    assert await at_desk(database, lambda desk: desk.arrival(news.ticket)) is Arrival.FAILED
    assert await left(database) == []


async def test_a_question_that_did_not_arrive_concerns_no_officer(database: Database, news: News) -> None:
    """Who is gone is marked; the letter ends in silence."""
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(news.siti, "Di mana?")]))
    await taken_as(database, parcel, "w")
    assert (await settled(database, failed("w", Fate.GONE, GONE))).parcels == []
    assert (await at_desk(database, lambda desk: desk.contact(news.siti))).blocked


async def test_who_is_gone_hears_it_on_their_other_account(database: Database, news: News) -> None:
    """What failed and what still waited goes there, held or not; no officer is troubled."""
    budi = await database.write(lambda c: joined(c, news.siti))
    (waiting,) = await at_desk(database, lambda desk: desk.flush([Letter(news.siti, "dua", ticket=news.ticket.id)]))
    await database.write(lambda c: windows.close(c, news.siti, ACCOUNT))
    assert await database.write(lambda c: windows.hold(c, waiting, ACCOUNT, SOON, False))
    await taken_as(database, news.parcel, "w")
    found = await settled(database, failed("w", Fate.GONE, GONE))
    moved = to(budi, found.parcels)
    assert sorted(each.body.text for each in moved) == ["Besok kami tambal.", "dua"]
    assert {(each.channel, each.attempts) for each in moved} == {("telegram", 0)}
    assert (len(found.parcels), waiting.id in found.dropped) == (2, True)
    assert [(row.contact_id, row.held) for row in await rows(database, t.outbox)] == [(budi, False)] * 2
    (next_one,) = await at_desk(database, lambda desk: desk.flush([Letter(news.siti, "tiga")]))
    assert next_one.contact == budi


def joined(connection: Connection, siti: int) -> int:
    """Another account of Siti's."""
    desk = RecordDesk(connection, OFFICE, NOW)
    budi = contact_at(connection, BUDI.address)
    desk.join(siti, budi)
    desk.flush(())
    return budi


# -- a letter of several messages


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_letter_of_several_messages_is_one_letter(database: Database, news: News, at_once: bool) -> None:
    """Where two of its messages fail it is sent again once, whole."""
    await taken_as(database, news.parcel, "a", "b")
    both = [failed(each, Fate.CLOSED, CLOSED) for each in ("a", "b")]
    found = [await settled(database, *both)] if at_once else [await settled(database, each) for each in both]
    assert [each.body for one in found for each in one.parcels] == [news.parcel.body]
    assert (await ranks(database), len(await left(database))) == ({}, 1)


async def test_what_arrived_of_it_does_not_hide_what_failed(database: Database, news: News) -> None:
    """One message arrived, the other did not: the letter is sent again, and later receipts of it mean nothing."""
    await taken_as(database, news.parcel, "a", "b")
    await settled(database, Receipt("a", 1))
    found = await settled(database, failed("b", Fate.CLOSED, CLOSED))
    assert [each.body for each in to(news.siti, found.parcels)] == [news.parcel.body]
    assert (await settled(database, Receipt("a", 2))).parcels == []
    assert await ranks(database) == {}


# -- announcements


@pytest.fixture
async def announced(database: Database, news: News) -> News:
    """The notice as a letter that was announced by message `a` and waits for the person to write."""
    brief = Brief("duty", {"number": news.ticket.number}, gathers=True)
    letter = Letter(news.siti, "panjang", part=Part.NOTICE, ticket=news.ticket.id, brief=brief)
    (parcel,) = await at_desk(database, lambda desk: desk.flush([letter]))
    await database.write(lambda c: windows.close(c, news.siti, ACCOUNT))
    await taken_as(database, news.parcel, "old")
    await taken_as(database, parcel, "a", follows=True)
    assert await database.write(lambda c: windows.hold(c, parcel, ACCOUNT, NOW, True))
    return replace(news, parcel=parcel)


async def test_an_announcement_leaves_its_letter_waiting(database: Database, announced: News) -> None:
    """That it was read is no reason to send the letter; a reply to it is bound to the ticket."""
    await settled(database, Receipt("a", 2))
    assert [row.id for row in await rows(database, t.outbox, t.outbox.c.held)] == [announced.parcel.id]
    bound = await at_desk(database, lambda desk: desk.bound(announced.siti, "a"))
    assert bound
    assert bound.ticket == announced.ticket.id


@pytest.mark.parametrize("fate", [Fate.AGAIN, Fate.TOMORROW, Fate.CLOSED])
async def test_a_failed_announcement_is_made_again(database: Database, announced: News, fate: Fate) -> None:
    """The letter takes its turn anew, and nobody counts as asked who never was."""
    (again,) = (await settled(database, failed("a", fate))).parcels
    assert (again.body, again.attempts) == (announced.parcel.body, 1)
    assert [(row.id, row.held) for row in await rows(database, t.outbox)] == [(again.id, False)]
    reach = await database.read(lambda c: windows.reach(c, OFFICE.vault, announced.siti, ACCOUNT))
    assert reach.announced_since_open() is None


@pytest.mark.parametrize("fate", [Fate.GONE, Fate.REFUSED])
async def test_a_letter_that_cannot_be_announced_is_given_up(database: Database, announced: News, fate: Fate) -> None:
    """It does not wait for ever for somebody who was never told of it."""
    found = await settled(database, failed("a", fate))
    assert len(told(announced, found.parcels)) == 1
    assert {row.contact_id for row in await rows(database, t.outbox)} == {announced.roads}


async def test_a_late_failure_of_an_announcement_does_not_touch_its_letter(database: Database, announced: News) -> None:
    """The person has written, the letter has left: what became of the announcement is of no consequence."""
    await taken_as(database, announced.parcel, "b")
    assert (await settled(database, failed("a", Fate.AGAIN))).parcels == []
    await settled(database, Receipt("b", 2))
    assert await ranks(database) == {"old": 0, "b": 2}
    assert (await settled(database, failed("a", Fate.AGAIN))).parcels == []


async def test_a_letter_on_its_way_does_not_care_for_its_announcement(database: Database, announced: News) -> None:
    """The person has written, the letter leaves: it is not sent a second time because the announcement failed."""
    await database.write(lambda c: windows.released(c, [announced.siti], WHATSAPP, NOW))
    assert (await settled(database, failed("a", Fate.AGAIN))).parcels == []
    assert await left(database) == [announced.parcel]


@pytest.mark.parametrize("fate", [Fate.AGAIN, Fate.REFUSED])
async def test_what_leaned_on_a_failed_announcement_takes_its_turn(
    database: Database, announced: News, fate: Fate
) -> None:
    """Letters that were held in silence, because the person had been asked already, are planned anew."""
    (second,) = await at_desk(database, lambda desk: desk.flush([Letter(announced.siti, "dua")]))
    assert await database.write(lambda c: windows.hold(c, second, ACCOUNT, NOW, False))
    found = await settled(database, failed("a", fate))
    assert second.id in [each.id for each in found.parcels]
    assert second.id in [each.id for each in await left(database)]


async def test_a_letter_that_followed_and_failed_is_sent_again(database: Database, announced: News) -> None:
    """That its announcement was read does not mean that the letter was."""
    await settled(database, Receipt("a", 2))
    await taken_as(database, announced.parcel, "b")
    (again,) = (await settled(database, failed("b", Fate.AGAIN))).parcels
    assert again.body == announced.parcel.body
