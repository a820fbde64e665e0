"""Letters leave in order for each contact, by priority among them, within the limits, and survive everything."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.channels import Gone, Moved, Refused, Replan, Retry, Stopped
from bot.pace import NONE, Limits, Rate
from handlers.words import Letter, Part, Priority
from tests.bot.posting import Hands, Post, Wire, posting, running
from tests.office import until

FREE = Rate(1e9, 1e9)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with posting(tmp_path) as found:
        yield found


def card(to: int, ticket: int, text: str, **more: object) -> Letter:
    return Letter(to, text, part=Part.CARD, priority=Priority.STATUS, ticket=ticket, key=f"card:{ticket}", **more)  # type: ignore[arg-type]


async def test_order_is_kept_through_failures(post: Post) -> None:
    """However often single letters fail, each contact gets all of them, once and in the order of their writing."""
    contacts = [await post.contact(str(number)) for number in (501, 502, 503)]
    texts = {contact: [f"{contact}-{number}" for number in range(12)] for contact in contacts}
    for contact, mine in texts.items():
        post.wire.failures[mine[2]] = [Retry("429", 0.05), Retry("429", 0.0)]
        post.wire.failures[mine[5 + contact % 2]] = [Replan("reply message not found", "reply")]
        post.wire.failures[mine[9]] = [Retry("network")]
    async with running(post):
        for number in range(12):
            await post.write(*(Letter(contact, texts[contact][number]) for contact in contacts))
        await post.delivered()
    for contact, address in zip(contacts, ("501", "502", "503"), strict=True):
        assert post.wire.texts(address) == texts[contact]


async def test_one_at_a_time_for_each_contact(post: Post) -> None:
    """A contact's next letter is not begun before the last one is done, while others' are."""
    post.wire.seconds = 0.1
    contacts = [await post.contact(str(number)) for number in (501, 502, 503, 504)]
    begun = time.monotonic()
    async with running(post):
        await post.write(*(Letter(contact, f"{number}") for number in range(3) for contact in contacts))
        await post.delivered()
    for address in ("501", "502", "503", "504"):
        times = [each.at for each in post.wire.sent if each.letter.address == address]
        assert all(later - earlier >= 0.099 for earlier, later in pairwise(times))
    first = sorted(each.at for each in post.wire.sent)[:4]
    assert first[-1] - begun < post.wire.sent[-1].at - begun


async def test_dialogue_goes_before_status(tmp_path: Path) -> None:
    """While the account's budget is short, answers in a dialogue go before news, and news before reminders."""
    async with posting(tmp_path, Limits(Rate(1, 40), FREE, FREE)) as post:
        contacts = [await post.contact(str(500 + number)) for number in range(18)]
        kinds = (Priority.BROADCAST, Priority.REMINDER, Priority.STATUS, Priority.DIALOGUE)
        order = [kinds[number % 4] for number in range(16)]
        await post.write(*(Letter(to, kind.name, priority=kind) for to, kind in zip(contacts, order, strict=False)))
        async with running(post):
            await post.delivered()
        assert post.wire.texts() == sorted(post.wire.texts(), key=lambda name: Priority[name])


async def test_news_of_now_do_not_overtake_a_later_dialogue(tmp_path: Path) -> None:
    """An answer that is written while much news waits for the budget is sent next."""
    async with posting(tmp_path, Limits(Rate(1, 40), FREE, FREE)) as post:
        contacts = [await post.contact(str(500 + number)) for number in range(21)]
        async with running(post):
            await post.write(*(Letter(to, "news", priority=Priority.STATUS) for to in contacts[:-1]))
            await until(lambda: len(post.wire.sent) >= 3)
            before = len(post.wire.sent)
            await post.write(Letter(contacts[-1], "answer"))
            await post.delivered()
        assert post.wire.texts().index("answer") - before <= 2


async def test_letters_for_later_let_others_pass(tmp_path: Path) -> None:
    """A letter that is planned for later is not in the way of those behind it, and comes when it is due."""
    clock = Hands()
    async with posting(tmp_path, now=clock) as post:
        to = await post.contact("501")
        async with running(post):
            await post.write(Letter(to, "later", delay=timedelta(seconds=0.4)), Letter(to, "now"))
            await until(lambda: post.wire.sent)
            await asyncio.sleep(0.6)
            assert post.wire.texts() == ["now"]
            clock.at += timedelta(seconds=0.4)
            await post.delivered()
        assert post.wire.texts() == ["now", "later"]


async def test_letters_that_failed_hold_others_back(post: Post) -> None:
    """A letter that failed and waits for its second try is not overtaken."""
    to = await post.contact("501")
    post.wire.failures["first"] = [Retry("network")]
    async with running(post):
        await post.write(Letter(to, "first"), Letter(to, "second"))
        await post.delivered()
    assert post.wire.texts(refused=True) == ["first", "first", "second"]


@pytest.mark.parametrize("failure", [Refused("message is too long"), Gone("bot was blocked by the user")])
async def test_what_is_refused_makes_way(post: Post, failure: Refused | Gone) -> None:
    """A letter that will never be taken is given up at its first try, and the next one goes out."""
    to = await post.contact("501")
    post.wire.failures["first"] = [failure] * 3
    async with running(post):
        await post.write(Letter(to, "first"), Letter(to, "second"))
        await post.delivered()
    assert post.wire.texts(refused=True) == ["first", "second"]


async def test_waiting_does_not_use_up_tries(post: Post) -> None:
    """A letter may be asked to wait any number of times, and still be sent another way when it must."""
    to = await post.contact("501")
    post.wire.failures["first"] = [Retry("429", 0.0)] * 80 + [Replan("reply message not found", "reply")]
    async with running(post):
        await post.write(Letter(to, "first"))
        await post.delivered()
    assert post.wire.texts() == ["first"]


async def test_trouble_before_does_not_forbid_another_way(post: Post) -> None:
    """A letter that failed by the network several times may still be sent another way afterwards."""
    to = await post.contact("501")
    post.wire.failures["first"] = [Retry("a"), Replan("b", "reply"), Replan("c", "card"), Replan("d", "topic")]
    async with running(post):
        await post.write(Letter(to, "first"))
        await post.delivered()
    assert post.wire.texts() == ["first"]


async def test_a_group_that_moves_in_circles_is_no_endless_loop(post: Post) -> None:
    """A move that leads nowhere is not tried over and over without a pause."""
    to, other = await post.contact("-501", group=True), await post.contact("-502", group=True)
    assert to != other
    post.wire.failures["first"] = [Moved("-502")] * 10_000
    async with running(post):
        await post.write(Letter(to, "first"))
        await asyncio.sleep(0.5)
    assert len(post.wire.sent) < 10


async def test_a_refused_account_stops_all(post: Post) -> None:
    """When the account itself is refused nothing is sent to anybody, and nothing is lost."""
    first, second = await post.contact("501"), await post.contact("502")
    post.wire.failures["first"] = [Stopped("unauthorized")]
    async with running(post):
        await post.write(Letter(first, "first"))
        await asyncio.sleep(0.1)
        await post.write(Letter(second, "second"))
        await asyncio.sleep(0.2)
    assert post.wire.texts(refused=True) == ["first"]
    assert await post.waiting() == 2


async def test_card_edits_are_one_at_most_in_a_while(tmp_path: Path) -> None:
    """Of many changes within the pause only the last is shown, and it is shown when the pause is over."""
    async with posting(tmp_path, Limits(FREE, FREE, FREE, between_edits=0.6)) as post:
        group, reporter = await post.contact("-501", group=True), await post.contact("501")
        ticket = await post.ticket(reporter)
        async with running(post):
            await post.write(card(group, ticket, "new"))
            for number in range(12):
                await post.write(card(group, ticket, f"edit {number}", delay=timedelta(seconds=0.01)))
                await asyncio.sleep(0.05)
            await post.delivered()
        times = [each.at for each in post.wire.sent]
        assert all(later - earlier >= 0.59 for earlier, later in pairwise(times))
        assert post.wire.texts()[0] == "new"
        assert post.wire.texts()[-1] == "edit 11"
        assert [each.letter.edit for each in post.wire.sent] == ["", *["1000"] * (len(times) - 1)]


async def test_a_card_that_waits_is_in_nobodys_way(tmp_path: Path) -> None:
    """While a card may not be edited yet, other letters to the group go out at once."""
    async with posting(tmp_path, Limits(FREE, FREE, FREE, between_edits=1.0)) as post:
        group, reporter = await post.contact("-501", group=True), await post.contact("501")
        ticket = await post.ticket(reporter)
        async with running(post):
            await post.write(card(group, ticket, "new"))
            await post.delivered()
            await post.write(card(group, ticket, "edit"), Letter(group, "answer"))
            await until(lambda: "answer" in post.wire.texts())
            await post.delivered()
        assert post.wire.texts() == ["new", "answer", "edit"]


async def test_an_album_counts_as_many_messages(tmp_path: Path) -> None:
    """What a group may be sent is counted in messages, as the platform counts, and not in letters."""
    nearly_never = Rate(5, 0.0001)
    async with posting(tmp_path, Limits(FREE, FREE, nearly_never)) as post:
        group, reporter = await post.contact("-501", group=True), await post.contact("501")
        ticket = await post.ticket(reporter)
        files = await post.attachments(ticket, *[("image", b"x")] * 4)
        async with running(post):
            await post.write(Letter(group, "", files=files, part=Part.FILES, ticket=ticket))
            for number in range(6):
                await post.write(Letter(group, f"{number}"))
            await asyncio.sleep(0.3)
        assert sum(max(1, len(each.letter.uploads)) for each in post.wire.sent) <= 5


async def test_letters_wait_for_a_restart(tmp_path: Path) -> None:
    """What was not delivered when the process ended is delivered by the next one, in its order."""
    async with posting(tmp_path) as post:
        to = await post.contact("501")
        post.wire.failures["1"] = [Retry("network")] * 5
        async with running(post):
            await post.write(*(Letter(to, f"{number}") for number in range(4)))
            await until(lambda: any(each.refused for each in post.wire.sent))
        assert post.wire.texts() == ["0"]
    async with posting(tmp_path) as post:
        await post.dispatcher.load()
        async with running(post):
            await post.delivered()
        assert post.wire.texts() == ["1", "2", "3"]


async def test_what_is_under_way_is_finished(post: Post) -> None:
    """A dispatcher that is stopped finishes what is under way, and writes down that it left."""
    post.wire.seconds = 0.3
    to = await post.contact("501")
    async with running(post):
        await post.write(Letter(to, "first"), Letter(to, "second"))
        await until(lambda: post.wire.sent)
    assert post.wire.texts() == ["first"]
    await post.database.stop()
    await post.database.start()
    assert await post.waiting() == 1


async def test_reading_the_outbox_meanwhile_sends_nothing_twice(post: Post) -> None:
    """A letter that is delivered while the outbox is being read is not taken up again from what was read."""
    to = await post.contact("501")
    gate = asyncio.Event()
    async with running(post):
        post.wire.seconds = 0.2
        await post.write(Letter(to, "once"))
        await until(lambda: post.wire.sent)
        found = post.database.found = asyncio.Event()
        post.database.gate = gate
        loading = asyncio.create_task(post.dispatcher.load())
        await found.wait()
        await post.delivered()
        gate.set()
        await loading
        await asyncio.sleep(0.3)
    assert post.wire.texts() == ["once"]


async def test_a_follower_sends_nothing(post: Post) -> None:
    """A replica that does not lead holds nothing, and takes up what waits when it comes to lead."""
    to = await post.contact("501")
    post.dispatcher.lead("telegram", False)
    async with running(post):
        await post.write(Letter(to, "hello"))
        await asyncio.sleep(0.1)
        assert post.wire.sent == []
        post.dispatcher.lead("telegram", True)
        await post.dispatcher.load()
        await post.delivered()
    assert post.wire.texts() == ["hello"]


async def test_a_letter_that_gives_way_is_not_sent(tmp_path: Path) -> None:
    """A letter that waits under a key gives way to a newer one under the same key."""
    wire = Wire()
    async with posting(tmp_path, NONE, wire) as post:
        to = await post.contact("501")
        async with running(post):
            await post.write(Letter(to, "old", key="ask:1", delay=timedelta(minutes=1)))
            await post.write(Letter(to, "new", key="ask:1"))
            await post.delivered()
    assert wire.texts() == ["new"]
