"""What a platform says later of what it took: in any order, any number of times, early or late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from handlers.desk import Arrival
from handlers.words import Letter, Part
from storage import tables as t
from storage.database import Database
from storage.letters import Fate, Receipt
from storage.sweep import sweep
from tests.storage.receipts import CLOSED, SOON, News, failed, marked, put_news, ranks, settle, settled, taken_as, to
from tests.storage.samples import NOW, OFFICE, at_desk, number_of, rows, undone

ANY_ORDER = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def news(database: Database) -> News:
    """A notice that waits for its reporter."""
    return await database.write(put_news)


def split(found: Sequence[tuple[Receipt, bool]]) -> list[list[Receipt]]:
    """Receipts as they come: each with the one before it, or in a delivery of its own."""
    deliveries: list[list[Receipt]] = []
    for receipt, apart in found:
        if apart or not deliveries:
            deliveries.append([])
        deliveries[-1].append(receipt)
    return deliveries


RECEIPTS = st.lists(st.tuples(st.sampled_from([Receipt("w", rank) for rank in range(3)]), st.booleans()), max_size=7)


@given(found=RECEIPTS, before=st.integers(0, 7))
@ANY_ORDER
async def test_what_arrived_never_goes_back(
    database: Database, found: Sequence[tuple[Receipt, bool]], before: int
) -> None:
    """In any order, any number of times and before it was written down: a message came as far as was ever said."""

    def try_out(connection: Connection) -> None:
        news = put_news(connection)
        deliveries = split(found)
        for number in range(max(before, len(deliveries)) + 1):
            if number == before:
                marked(connection, news.parcel, "w")
            if number < len(deliveries):
                settle(connection, *deliveries[number])
        furthest = max((receipt.rank for receipt, _ in found), default=0)
        assert connection.execute(select(t.sent.c.rank)).scalars().all() == [furthest]
        assert connection.execute(select(t.accepted.c.rank)).scalars().all() == [furthest]
        assert connection.execute(select(t.receipts)).all() == []

    await undone(database, try_out)


MIXED = [Receipt("w", 0), Receipt("w", 1), Receipt("w", 2), failed("w", Fate.CLOSED, CLOSED)]


def verdict(delivery: Sequence[Receipt]) -> int:
    """What a delivery says of a message: a failure counts only where it came nowhere."""
    ranks = [receipt.rank for receipt in delivery]
    return max(ranks) if max(ranks, default=0) > 0 else min(ranks, default=0)


@given(found=st.lists(st.tuples(st.sampled_from(MIXED), st.booleans()), max_size=7), before=st.integers(0, 7))
@ANY_ORDER
async def test_a_letter_is_sent_again_at_most_once(
    database: Database, found: Sequence[tuple[Receipt, bool]], before: int
) -> None:
    """However often a failure is told, one letter follows; none where the message is known to have arrived."""

    def try_out(connection: Connection) -> None:
        news = put_news(connection)
        deliveries = split(found)
        early, rest = deliveries[:before], deliveries[before:]
        came = [settle(connection, *each) for each in early]
        came.append(marked(connection, news.parcel, "w"))
        came.extend(settle(connection, *each) for each in rest)
        verdicts = [verdict([receipt for each in early for receipt in each]), *map(verdict, rest)]
        again = [parcel for each in came for parcel in to(news.siti, each.parcels)]
        assert len(again) == (next(filter(None, verdicts), 0) < 0)

    await undone(database, try_out)


async def test_officers_see_how_far_an_answer_came(database: Database, news: News) -> None:
    """The card in the group is written anew after a while, so that sent, arrived and read make one change."""
    await taken_as(database, news.parcel, "w")
    assert (await settled(database, Receipt("w", 0))).parcels == []
    (card,) = (await settled(database, Receipt("w", 1))).parcels
    assert (card.contact, card.part, "sudah sampai" in card.body.text) == (news.roads, "card", True)
    assert card.due_at > SOON
    again = await settled(database, Receipt("w", 2))
    assert ["sudah dibaca" in parcel.body.text for parcel in again.parcels] == [True]
    assert again.dropped == [card.id]


async def test_only_news_changes_the_card(database: Database, news: News) -> None:
    """That a reporter has read what they asked for themselves concerns no officer."""
    letter = Letter(news.siti, "Laporan Anda", ticket=news.ticket.id)
    (parcel,) = await at_desk(database, lambda desk: desk.flush([letter]))
    await taken_as(database, parcel, "w")
    assert (await settled(database, Receipt("w", 2))).parcels == []
    assert await ranks(database) == {"w": 2}


async def test_what_arrived_is_not_kept(database: Database, news: News) -> None:
    """The words of a letter are kept until it is known to have arrived, and no longer."""
    await taken_as(database, news.parcel, "w")
    assert "tambal" in (await rows(database, t.accepted))[0].body
    await settled(database, Receipt("w", 1))
    assert [row.body for row in await rows(database, t.accepted)] == [""]
    await database.write(lambda c: sweep(c, OFFICE, NOW + timedelta(days=31)))
    assert await number_of(database, t.accepted) == 1
    await database.write(lambda c: sweep(c, OFFICE, NOW + timedelta(days=31, seconds=1)))
    assert await number_of(database, t.accepted) == 0


async def test_small_talk_has_a_rank_too(database: Database, news: News) -> None:
    """A question that failed is asked again, although no ticket hangs on it."""
    (parcel,) = await at_desk(database, lambda desk: desk.flush([Letter(news.siti, "Di mana?")]))
    await taken_as(database, parcel, "w")
    (again,) = (await settled(database, failed("w", Fate.CLOSED, CLOSED))).parcels
    assert (again.contact, again.body, again.ticket) == (news.siti, parcel.body, None)


# -- before it was written down


@pytest.mark.parametrize("found", [[1], [2], [1, 2], [2, 1], [1, 1], [0, 2]])
async def test_a_receipt_may_come_first(database: Database, news: News, found: list[int]) -> None:
    """A platform may be faster than our own record: what it said counts as soon as the message is written down."""
    for rank in found:
        assert (await settled(database, Receipt("w", rank))).parcels == []
    (card,) = (await taken_as(database, news.parcel, "w")).parcels
    assert (card.contact, await ranks(database)) == (news.roads, {"w": max(found)})
    assert await number_of(database, t.receipts) == 0


async def test_a_failure_may_come_first(database: Database, news: News) -> None:
    """The letter goes out again although the message was not known when its failure was told."""
    found = await settled(database, failed("w", Fate.CLOSED, CLOSED))
    assert (found.parcels, found.failed) == ([], [])
    early = await taken_as(database, news.parcel, "w")
    assert ([each.body for each in early.parcels], early.failed) == ([news.parcel.body], [CLOSED])


async def test_a_message_of_nobody_is_forgotten(database: Database) -> None:
    """What nobody claims within a day was never ours to follow; that it was merely sent is not kept at all."""
    assert (await settled(database)).parcels == []
    await settled(database, Receipt("x", 0), Receipt("y", 2), failed("z"), now=NOW)
    assert sorted(row.message for row in await rows(database, t.receipts)) == ["y", "z"]
    await database.write(lambda c: sweep(c, OFFICE, NOW + timedelta(days=1)))
    assert await number_of(database, t.receipts) == 2
    await database.write(lambda c: sweep(c, OFFICE, NOW + timedelta(days=1, seconds=1)))
    assert await number_of(database, t.receipts) == 0


async def test_other_platforms_confirm_at_once(database: Database, news: News) -> None:
    """Where taking is arriving, nothing is waited for: an older receipt under the same number means nothing."""
    letter = Letter(news.roads, "kabar", part=Part.NOTICE, ticket=news.ticket.id)
    (parcel,) = await at_desk(database, lambda desk: desk.flush([letter]))
    await settled(database, Receipt("17", 2))
    await database.write(lambda c: marked(c, parcel, "17", later=False))
    assert (await ranks(database), await number_of(database, t.accepted)) == ({"17": 0}, 0)
    assert await at_desk(database, lambda desk: desk.arrival(news.ticket)) is None


async def test_the_newest_message_is_what_counts_for_the_card(database: Database, news: News) -> None:
    """Receipts of several letters in one delivery are told apart, and the card says what became of the last."""
    letter = Letter(news.siti, "Sudah kami tambal.", part=Part.NOTICE, ticket=news.ticket.id)
    (second,) = await at_desk(database, lambda desk: desk.flush([letter]))
    await taken_as(database, news.parcel, "w")
    await taken_as(database, second, "x")
    await settled(database, Receipt("x", 1), Receipt("w", 2))
    assert await ranks(database) == {"w": 2, "x": 1}
    assert await at_desk(database, lambda desk: desk.arrival(news.ticket)) is Arrival.DELIVERED
