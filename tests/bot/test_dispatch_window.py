"""Where people may be written to freely for a day only: what leaves freely, in a form, or waits until they write."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels import Failure, Gone, Later, Refused, Replan, Retry
from bot.delivering import QUIET
from handlers.words import Brief, Kind, Letter, Part
from storage import tables as t
from storage.windows import LENGTH, MARGIN
from tests.bot.posting import FORM, Hands, Post, Wire, posting, running
from tests.office import until

ACCOUNT = "106540352242922"
WHOLE = Brief("news", {"number": "LPR-2611-7K3Q-9"}, {"open": "t:1:open"}, whole=True)
BEGINNING = replace(WHOLE, kind="card", whole=False)
GATHERED = replace(BEGINNING, gathers=True)
HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def post(tmp_path: Path, clock: Hands) -> AsyncIterator[Post]:
    async with posting(tmp_path, wire=Wire(account=ACCOUNT), now=clock) as found:
        yield found


async def settled(post: Post) -> list[str]:
    """All that was delivered when nothing that may leave now waits any more."""
    async with asyncio.timeout(10.0):
        await post.dispatcher.idle()
    return post.wire.texts()


async def held(post: Post) -> list[str]:
    """What waits until somebody writes: the texts of the letters, oldest first."""
    query = select(t.outbox.c.body).where(t.outbox.c.held).order_by(t.outbox.c.id)
    rows = await post.database.read(lambda c: c.execute(query).scalars().all())
    return [str(body).split('"text":"')[1].split('"')[0] for body in rows]


async def test_within_the_day_one_writes_freely(post: Post, clock: Hands) -> None:
    """Until a day after the last message, but for a margin, everything leaves as it is written."""
    to = await post.contact("501")
    async with running(post):
        await post.writes("501")
        for n, passed in enumerate((timedelta(), 12 * HOUR, 12 * HOUR - MARGIN - MOMENT)):
            clock.at += passed
            await post.write(Letter(to, f"{n}", brief=WHOLE))
            await settled(post)
        clock.at += MOMENT
        await post.write(Letter(to, "late", brief=WHOLE))
        assert await settled(post) == ["0", "1", "2", f"{FORM}late"]


async def test_what_was_taken_is_kept_until_it_arrives(post: Post) -> None:
    """A letter that left freely is out of the outbox, and kept in case the platform says later that it failed."""
    to = await post.contact("501")
    async with running(post):
        await post.writes("501")
        await post.write(Letter(to, "hello"))
        await settled(post)
    assert await post.waiting() == 0
    rows = await post.database.read(lambda c: c.execute(select(t.accepted)).all())
    assert [(row.message, row.contact_id, row.rank, "hello" in row.body) for row in rows] == [("1000", to, 0, True)]


async def test_without_a_form_a_letter_waits_for_its_reader(post: Post, clock: Hands) -> None:
    """What no form can say waits, however long; it leaves once the person writes, in the order of writing."""
    to, other = await post.contact("501"), await post.contact("502")
    async with running(post):
        await post.write(Letter(to, "first"), Letter(to, "second"), Letter(other, "other"))
        assert await settled(post) == []
        assert await held(post) == ["first", "second", "other"]
        clock.at += 100 * HOUR
        await post.dispatcher.load()
        assert await settled(post) == []
        await post.writes("501")
        assert await settled(post) == ["first", "second"]
        assert await held(post) == ["other"]


async def test_a_form_that_says_all_is_the_letter(post: Post) -> None:
    """A letter whose form says everything is done when the form is sent, and does not come a second time."""
    to = await post.contact("501")
    async with running(post):
        await post.write(Letter(to, "news", brief=WHOLE))
        assert await settled(post) == [f"{FORM}news"]
        assert await post.waiting() == 0
        await post.writes("501")
        assert await settled(post) == [f"{FORM}news"]
    form = post.wire.sent[0].letter.body.form
    assert form is not None
    assert (form.kind, form.values, form.taps) == ("news", dict(WHOLE.values), dict(WHOLE.taps))


async def test_an_announced_letter_follows_once_its_reader_answers(post: Post) -> None:
    """A form that only announces leaves the letter waiting, which comes by itself when the person writes."""
    to = await post.contact("501")
    async with running(post):
        await post.write(Letter(to, "card", brief=BEGINNING))
        assert await settled(post) == [f"{FORM}card"]
        assert await held(post) == ["card"]
        await post.writes("501", kind=Kind.TAP, tap="t:1:open")
        assert await settled(post) == [f"{FORM}card", "card"]
    assert await post.waiting() == 0


async def test_a_reply_to_an_announcement_is_bound_to_its_ticket(post: Post) -> None:
    """The message that announces a letter about a ticket is one by which replies are understood."""
    reporter, officer = await post.contact("501"), await post.contact("502")
    ticket = await post.ticket(reporter)
    async with running(post):
        await post.write(Letter(officer, "card", ticket=ticket, part=Part.CARD, brief=BEGINNING))
        await settled(post)
        rows = await post.database.read(lambda c: c.execute(select(t.sent)).all())
        assert [(row.contact_id, row.message, row.ticket, row.part) for row in rows] == [
            (officer, "1000", ticket, Part.ANNOUNCED.value)
        ]


async def test_what_gathers_is_announced_once(post: Post, clock: Hands) -> None:
    """Many cards in a row are announced once in half a day, wait together, and leave together in their order."""
    to = await post.contact("501")
    async with running(post):
        for n in range(4):
            await post.write(Letter(to, f"{n}", brief=GATHERED))
            await settled(post)
            clock.at += HOUR
        assert post.wire.texts() == [f"{FORM}0"]
        clock.at += QUIET
        await post.write(Letter(to, "4", brief=GATHERED))
        assert await settled(post) == [f"{FORM}0", f"{FORM}4"]
        await post.writes("501")
        assert (await settled(post))[2:] == ["0", "1", "2", "3", "4"]


async def test_after_an_answer_the_next_one_is_announced_again(post: Post, clock: Hands) -> None:
    """Somebody who answered, and then fell silent for a day, is told anew."""
    to = await post.contact("501")
    async with running(post):
        await post.write(Letter(to, "0", brief=GATHERED))
        await settled(post)
        clock.at += MOMENT
        await post.writes("501")
        await settled(post)
        clock.at += LENGTH
        await post.write(Letter(to, "1", brief=GATHERED))
        assert await settled(post) == [f"{FORM}0", "0", f"{FORM}1"]


async def test_what_does_not_gather_is_announced_each_time(post: Post) -> None:
    """Each answer to a reporter is said at once, whatever was announced before it."""
    to = await post.contact("501")
    async with running(post):
        await post.write(*(Letter(to, f"{n}", brief=WHOLE) for n in range(3)))
        assert await settled(post) == [f"{FORM}{n}" for n in range(3)]


OPENS = (Kind.TEXT, Kind.TAP, Kind.PLACE, Kind.FILE, Kind.UNREADABLE)


@pytest.mark.parametrize("kind", Kind)
async def test_what_opens_the_day(post: Post, kind: Kind) -> None:
    """A message or a press opens the day; a deleted or changed message, a block or a new number does not."""
    to = await post.contact("501")
    async with running(post):
        await post.writes("501", kind=kind, moved_to="502" if kind is Kind.MIGRATED else "")
        await post.write(Letter(to, "hello"))
        assert await settled(post) == (["hello"] if kind in OPENS else [])


@pytest.mark.parametrize(
    "more", [{"account": "another"}, {"account": ""}, {"at": datetime(2026, 11, 21, 9, 3, tzinfo=UTC)}]
)
async def test_what_opens_no_day_with_us(post: Post, more: dict[str, Any]) -> None:
    """What was written to another number of ours, or was a day on its way, lets nothing leave freely."""
    to = await post.contact("501")
    async with running(post):
        await post.write(Letter(to, "hello"))
        await settled(post)
        await post.writes("501", **more)
        assert await settled(post) == []
        assert await held(post) == ["hello"]


async def test_an_older_message_shortens_no_day(post: Post, clock: Hands) -> None:
    """A message that was long on its way does not bring the end of the day forward."""
    to = await post.contact("501")
    async with running(post):
        await post.writes("501")
        await post.writes("501", 2, at=clock.at - 23 * HOUR)
        clock.at += 20 * HOUR
        await post.write(Letter(to, "hello"))
        assert await settled(post) == ["hello"]


@pytest.mark.parametrize("brief", [WHOLE, BEGINNING, None])
async def test_a_day_that_is_over_for_the_platform_only(post: Post, brief: Brief | None) -> None:
    """Where the platform says that the day is over the letter goes in its form, or waits; it is never lost."""
    to = await post.contact("501")
    post.wire.failures["hello"] = [Replan("re-engagement message", "window")]
    async with running(post):
        await post.writes("501")
        await post.write(Letter(to, "hello", brief=brief))
        assert await settled(post) == ([f"{FORM}hello"] if brief else [])
        await post.write(Letter(to, "next"))
        await settled(post)
        assert await held(post) == (["next"] if brief is WHOLE else ["hello", "next"])
        await post.writes("501", 2)
        assert (await settled(post))[bool(brief) :] == (["next"] if brief is WHOLE else ["hello", "next"])


async def test_a_platform_that_never_agrees_is_no_endless_loop(post: Post) -> None:
    """A platform that takes letters as written within no day is not asked for ever."""
    to = await post.contact("501")
    post.wire.failures["hello"] = [Replan("re-engagement message", "window") for _ in range(100)]
    async with running(post):
        for n in range(10):
            await post.writes("501", n)
            await post.write(Letter(to, f"{n}"))
            await settled(post)
        await post.write(Letter(to, "hello"))
        await settled(post)
    assert post.wire.texts(refused=True).count("hello") <= 2


async def test_who_writes_while_a_letter_is_announced_gets_it_at_once(post: Post) -> None:
    """A message that comes between the announcement and its being written down lets the letter follow without delay."""
    post.wire.seconds = 0.3
    to = await post.contact("501")
    async with running(post):
        await post.write(Letter(to, "card", brief=BEGINNING))
        await until(lambda: post.wire.sent)
        await post.writes("501")
        assert await settled(post) == [f"{FORM}card", "card"]
    assert await post.waiting() == 0


async def test_waiting_letters_outlive_a_restart(tmp_path: Path, clock: Hands) -> None:
    """What waits for its reader is not sent by the next process either, until the person writes to that."""
    wire = Wire(account=ACCOUNT)
    async with posting(tmp_path, wire=wire, now=clock) as post:
        to = await post.contact("501")
        async with running(post):
            await post.write(Letter(to, "card", brief=BEGINNING), Letter(to, "plain"))
            await settled(post)
    async with posting(tmp_path, wire=wire, now=clock) as post:
        await post.dispatcher.load()
        async with running(post):
            assert await settled(post) == [f"{FORM}card"]
            await post.writes("501")
            assert await settled(post) == [f"{FORM}card", "card", "plain"]


@pytest.mark.parametrize("failure", [Refused("template does not exist"), Gone("not on WhatsApp")])
async def test_a_form_that_is_refused_makes_way(post: Post, failure: Failure) -> None:
    """A letter whose form will never be taken is given up at its first try, and the next one goes out."""
    to = await post.contact("501")
    post.wire.failures[f"{FORM}first"] = [failure]
    async with running(post):
        await post.write(Letter(to, "first", brief=WHOLE), Letter(to, "second", brief=WHOLE))
        assert await settled(post) == [f"{FORM}second"]
    assert await post.waiting() == 0


async def test_a_form_that_fails_is_tried_again(post: Post, clock: Hands) -> None:
    """An announcement that meets trouble is made later, once."""
    to = await post.contact("501")
    post.wire.failures[f"{FORM}first"] = [Retry("503", 0.05)]
    async with running(post):
        await post.write(Letter(to, "first", brief=BEGINNING))
        await until(lambda: post.wire.texts() == [f"{FORM}first"])
        await settled(post)
    assert post.wire.texts(refused=True) == [f"{FORM}first"] * 2
    assert await held(post) == ["first"]


async def test_a_letter_put_off_is_in_nobodys_way(post: Post, clock: Hands) -> None:
    """A letter that the platform wants hours later waits alone: the next ones to the same person pass it."""
    to = await post.contact("501")
    post.wire.failures["first"] = [Later("marketing limit", 7200.0)]
    async with running(post):
        await post.writes("501")
        await post.write(Letter(to, "first"), Letter(to, "second"))
        assert await settled(post) == ["second"]
        rows = await post.database.read(lambda c: c.execute(select(t.outbox)).all())
        assert [(row.due_at - clock.at, row.attempts) for row in rows] == [(2 * HOUR, 0)]
        clock.at += 2 * HOUR
        await post.write(Letter(to, "third"))
        await until(lambda: len(post.wire.texts()) == 3)
        assert await settled(post) == ["second", "first", "third"]


async def test_an_account_that_must_wait_waits_as_a_whole(post: Post) -> None:
    """Where the platform asks the account to wait nobody is written to until then; nothing is lost or repeated."""
    first, second = await post.contact("501"), await post.contact("502")
    post.wire.failures["first"] = [Retry("rate limit hit", 0.5, account=True)]
    async with running(post):
        await post.writes("501")
        await post.writes("502")
        await post.write(Letter(first, "first"))
        await until(lambda: post.wire.sent)
        begun = time.monotonic()
        await post.write(Letter(second, "second"))
        await post.delivered()
    assert sorted(post.wire.texts()) == ["first", "second"]
    assert min(each.at for each in post.wire.sent if not each.refused) - begun >= 0.4


async def test_a_chat_that_must_wait_waits_alone(post: Post) -> None:
    """Where the platform asks to spare one chat the others are written to meanwhile."""
    first, second = await post.contact("501"), await post.contact("502")
    post.wire.failures["first"] = [Retry("pair rate limit hit", 0.5)]
    async with running(post):
        await post.writes("501")
        await post.writes("502")
        await post.write(Letter(first, "first"))
        await until(lambda: post.wire.sent)
        await post.write(Letter(second, "second"))
        await post.delivered()
    assert post.wire.texts() == ["second", "first"]
