"""From the outbox to the channels: in order for each contact, by priority among them, within the platforms' limits."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bot.channels import Channel, Failure, Gone, Later, Moved, Outgoing, Refused, Replan, Retry, Stopped, Upload
from bot.lanes import Lanes
from bot.log import logger
from bot.media import Media
from bot.metrics import Metrics
from bot.pace import NONE, Limits, Pace
from handlers.notices import LOST_FILES
from handlers.words import Lines, Part
from storage import outbox, receipts, windows
from storage.database import Database
from storage.letters import Body, Parcel
from storage.office import Office
from storage.outbox import Sent, Thread
from storage.receipts import Settled

log = logger("dispatch")
AT_ONCE = 64
HELD = 20_000
LOADED = 2_000
BACKOFF = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0)
TRIES = 60
REPLANS = 4
STOPPED_FOR = 30.0
ADDRESSES = 20_000
# One announcement of what gathers in an officer's chat is enough for half a day.
QUIET = timedelta(hours=12)


class Dispatcher:
    """Delivers what waits. What is held here is a copy: the outbox is the truth, and is read again at every start."""

    def __init__(
        self,
        database: Database,
        office: Callable[[], Office],
        channels: Mapping[str, Channel],
        media: Media,
        metrics: Metrics,
        now: Callable[[], datetime],
        limits: Mapping[str, Limits],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._office, self._channels = database, office, channels
        self._media, self._metrics, self._now = media, metrics, now
        self._limits, self._steady = limits, steady
        self._pace = {name: Pace(limits.get(name, NONE)) for name in channels}
        self._leads: set[str] = set()
        self._lanes = Lanes(now, steady)
        self._behind = False
        self._loading = asyncio.Lock()
        self._wake = asyncio.Event()
        self._rested = asyncio.Event()
        self._free = AT_ONCE
        self._addresses: dict[int, str] = {}
        self._done: list[Sent] = []
        self._marking = asyncio.Event()
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._replanned: Counter[int] = Counter()

    # -- what is held

    def lead(self, channel: str, leads: bool) -> None:
        """Begins or stops to deliver for a channel's account."""
        (self._leads.add if leads else self._leads.discard)(channel)
        self._metrics.leader.labels(channel).set(leads)
        if not leads:
            self._lanes.drop_all(channel)

    def post(self, parcels: Iterable[Parcel], dropped: Iterable[int] = ()) -> None:
        """Takes over what was just committed; `dropped` were taken back before they were sent."""
        for ident in dropped:
            self._lanes.drop(ident)
        for parcel in parcels:
            # What is behind is read from the outbox in its order: a newer letter must not go before it.
            self._behind = self._behind or len(self._lanes) >= HELD
            if parcel.channel in self._leads and not self._behind:
                self._lanes.hold(parcel)
        self._wake.set()

    async def load(self) -> None:
        """Takes up what waits in the outbox and is not held: after a start, a take-over, or a flood."""
        for pace in self._pace.values():
            pace.forget_idle(self._steady())
        async with self._loading:
            channels, after, found = sorted(self._leads), 0, LOADED
            while channels and found == LOADED and len(self._lanes) < HELD:
                left = self._lanes.since()
                start = after
                parcels = await self._database.read(lambda c: outbox.waiting(c, channels, LOADED, start))  # noqa: B023
                for parcel in parcels:
                    if parcel.id not in left:
                        self._lanes.hold(parcel)
                found = len(parcels)
                after = parcels[-1].id if parcels else 0
            self._behind = bool(channels) and found == LOADED
        self._wake.set()

    async def idle(self) -> None:
        """Returns when nothing that is due now waits or is under way."""
        while not self._lanes.resting():
            self._rested.clear()
            await self._rested.wait()

    # -- the loops

    async def run(self) -> None:
        """Delivers until it is cancelled; then what is under way is finished."""
        marking = asyncio.create_task(self._mark())
        try:
            while True:
                self._wake.clear()
                self._start_ready()
                await self._rest()
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=5)
            # What has left is written down before the end: a cancelled transaction would send it again.
            self._stopping = True
            self._marking.set()
            await asyncio.wait({marking}, timeout=10)
            marking.cancel()

    async def _rest(self) -> None:
        pause = self._lanes.pause()
        if self._wake.is_set() or pause == 0.0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            pass

    def _start_ready(self) -> None:
        now = self._steady()
        while self._free and (taken := self._lanes.take()):
            parcel, lane = taken
            count = max(1, len(parcel.body.files))
            wait = self._pace[lane.channel].wait(parcel.contact, parcel.group, now, count)
            if wait > 0:
                self._lanes.schedule(parcel.contact, wait)
                continue
            lane.busy = True
            self._free -= 1
            self._begin(self._deliver(parcel))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, parcel: Parcel) -> None:
        started = time.monotonic()
        outcome = "sent"
        try:
            await self._send(parcel)
        except Failure as failure:
            outcome = type(failure).__name__.lower()
            await self._settle(parcel, failure)
        except Exception as error:
            outcome = "fault"
            log.error("delivery_failed", error=type(error).__name__, letter=parcel.id, exc_info=True)
            await self._settle(parcel, Retry(type(error).__name__))
        finally:
            self._free += 1
            self._metrics.delivery.observe(time.monotonic() - started)
            self._metrics.deliveries.labels(parcel.channel, outcome).inc()
            self._wake.set()

    async def _mark(self) -> None:
        """Writes down what was delivered, all that came together in one transaction."""
        while not self._stopping or self._done:
            await self._marking.wait()
            self._marking.clear()
            done, self._done = self._done, []
            if not done:
                continue
            settled = await self._write_down(done)
            for each in done:
                self._release(each.parcel)
            self.post(settled.parcels, settled.dropped)

    async def _write_down(self, done: Sequence[Sent]) -> Settled:
        office, now = self._office(), self._now()
        early: list[Settled] = []
        await self._surely(lambda c: early.append(receipts.marked(c, office, done, now)))
        for code in early[-1].failed:
            log.warning("not_delivered", code=code)
            self._metrics.failures.labels(str(code)).inc()
        return early[-1]

    async def _surely(self, fn: Callable[..., None]) -> None:
        """Writes until it succeeds: the letter has left, and forgetting that would send it again."""
        for tried in range(1_000_000):
            try:
                await self._database.write(fn)
                return
            except Exception as error:  # noqa: BLE001 - the database is away or full; what was sent stays held
                log.error("mark_failed", error=type(error).__name__, tried=tried)
                await asyncio.sleep(min(5.0, 0.1 * 2 ** min(tried, 10)))

    def _release(self, parcel: Parcel, again: Parcel | None = None, wait: float = 0.0) -> None:
        if again is None:
            self._replanned.pop(parcel.id, None)
        self._lanes.release(parcel, again, wait)
        self._rested.set()
        self._wake.set()
        self._metrics.outbox.set(len(self._lanes))
        if self._behind and len(self._lanes) < HELD // 2 and not self._loading.locked():
            self._begin(self.load())

    # -- one letter

    async def _send(self, parcel: Parcel) -> None:
        channel = self._channels[parcel.channel]
        if channel.account:
            await self._send_in_window(parcel, channel)
            return
        thread = Thread()
        opened = ""
        if parcel.group and parcel.ticket is not None:
            thread = await self._thread(parcel)
            if parcel.part == Part.CARD.value and not thread.topic and parcel.body.thread:
                opened = await self._open_topic(parcel, channel)
                thread = replace(thread, topic=opened)
        if wait := self._edit_pause(parcel, thread):
            await self._put_off(parcel, wait, failed=False)
            return
        body, uploads = await self._with_files(parcel)
        letter = Outgoing(
            await self._address(parcel.contact),
            body,
            topic=parcel.body.topic or thread.topic,
            reply_to=parcel.body.reply_to or ("" if thread.topic else thread.card),
            edit=thread.card if parcel.part == Part.CARD.value else "",
            uploads=uploads,
            group=parcel.group,
        )
        self._sent(Sent(parcel, await channel.send(letter), self._now(), opened))

    async def _send_in_window(self, parcel: Parcel, channel: Channel) -> None:
        """Freely within a day of the person's last message; after it in a form; what has no form waits for them."""
        contact, vault, now = parcel.contact, self._office().vault, self._now()
        reach = await self._database.read(lambda c: windows.reach(c, vault, contact, channel.account))
        letter = Outgoing(reach.address, parcel.body, phone=reach.phone, ident=parcel.id, attempts=parcel.attempts)
        if reach.is_open(now):
            body, uploads = await self._with_files(parcel)
            messages = await channel.send(replace(letter, body=body, uploads=uploads, reply_to=body.reply_to))
            self._sent(Sent(parcel, messages, self._now(), confirmed_later=True))
            return
        form = parcel.body.form
        asked = reach.announced_since_open()
        if form is None or (form.gathers and asked is not None and now - asked < QUIET):
            await self._hold(parcel, channel, announced=False)
            return
        messages, whole = await channel.announce(letter)
        done = Sent(parcel, messages, self._now(), confirmed_later=True, follows=not whole)
        if whole:
            self._sent(done)
            return
        settled = await self._write_down([done])
        await self._hold(parcel, channel, announced=bool(messages))
        self.post(settled.parcels, settled.dropped)

    async def _hold(self, parcel: Parcel, channel: Channel, announced: bool) -> None:
        """Lets a letter wait for the person to write; one who wrote just now gets it at once."""
        held: list[bool] = []
        now = self._now()
        await self._surely(lambda c: held.append(windows.hold(c, parcel, channel.account, now, announced)))
        self._release(parcel, None if held[-1] else parcel)

    def _sent(self, done: Sent) -> None:
        self._done.append(done)
        self._marking.set()

    async def _with_files(self, parcel: Parcel) -> tuple[Body, Sequence[Upload]]:
        """The letter's files; where some cannot be sent, it says so."""
        body = parcel.body
        if not body.files:
            return body, ()
        uploads = await self._media.uploads(body.files)
        lost = len(body.files) - len(uploads)
        return (self._without(body, lost) if lost else body), uploads

    def _without(self, body: Body, lost: int) -> Body:
        """The letter with so many files fewer, saying so."""
        said = self._office().render(Lines((body.text, LOST_FILES(n=lost))), "id")
        return msgspec.structs.replace(body, text=said, files=body.files if lost < len(body.files) else ())

    async def _thread(self, parcel: Parcel) -> Thread:
        contact, ticket = parcel.contact, parcel.ticket
        assert ticket is not None
        return await self._database.read(lambda c: outbox.thread(c, contact, ticket))

    async def _open_topic(self, parcel: Parcel, channel: Channel) -> str:
        """A topic for the ticket where the group has topics; none where the platform or its rights forbid it."""
        contact, ticket = parcel.contact, parcel.ticket
        assert ticket is not None
        if not await self._database.read(lambda c: outbox.is_forum(c, contact)):
            return ""
        try:
            topic = await channel.open_topic(await self._address(contact), parcel.body.thread)
        except (Refused, Replan) as failure:
            log.warning("no_topic", why=failure.why)
            return ""
        await self._database.write(lambda c: outbox.keep_topic(c, contact, ticket, topic))
        return topic

    def _edit_pause(self, parcel: Parcel, thread: Thread) -> float:
        pause = self._limits.get(parcel.channel, NONE).between_edits
        if parcel.part != Part.CARD.value or not thread.card or thread.edited_at is None or not pause:
            return 0.0
        return max(0.0, pause - (self._now() - thread.edited_at).total_seconds())

    async def _address(self, contact: int) -> str:
        found = self._addresses.get(contact)
        if found is None:
            vault = self._office().vault
            found = await self._database.read(lambda c: outbox.address(c, vault, contact))
            if len(self._addresses) >= ADDRESSES:
                self._addresses.clear()
            self._addresses[contact] = found
        return found

    # -- what went wrong

    async def _settle(self, parcel: Parcel, failure: Failure) -> None:
        if isinstance(failure, Retry):
            await self._retry(parcel, failure)
        elif isinstance(failure, Stopped):
            log.error("account_refused", channel=parcel.channel, why=failure.why)
            self._pace[parcel.channel].pause_all(self._steady() + STOPPED_FOR)
            self._release(parcel, parcel, STOPPED_FOR)
        elif isinstance(failure, Later):
            log.warning("put_off", channel=parcel.channel, why=failure.why)
            await self._put_off(parcel, failure.seconds, failed=False)
        elif isinstance(failure, Moved):
            await self._move(parcel, failure.address)
        elif isinstance(failure, Refused) and parcel.body.files:
            log.warning("files_refused", channel=parcel.channel, why=failure.why)
            body = self._without(parcel.body, len(parcel.body.files))
            self._release(parcel, msgspec.structs.replace(parcel, body=body))
        elif isinstance(failure, Replan) and self._replanned[parcel.id] < REPLANS:
            await self._replan(parcel, failure)
        else:
            log.warning("undeliverable", channel=parcel.channel, why=failure.why, part=parcel.part)
            await self._give_up(parcel, gone=isinstance(failure, Gone))

    async def _retry(self, parcel: Parcel, failure: Retry) -> None:
        if failure.after is not None:
            # A 429 says exactly how long; it is not the letter's fault, so its attempts do not count on.
            now = self._steady()
            if failure.account:
                log.warning("account_waits", channel=parcel.channel, why=failure.why, seconds=failure.after)
                self._pace[parcel.channel].pause_all(now + failure.after)
            else:
                self._pace[parcel.channel].pause(parcel.contact, now + failure.after, now)
            until = self._now() + timedelta(seconds=failure.after)
            await self._surely(lambda c: outbox.later(c, parcel, until, False))
            # Counted here alone: who asks one chat to wait may ask for longer each time.
            again = msgspec.structs.replace(parcel, attempts=parcel.attempts + (not failure.account))
            self._release(parcel, again, failure.after)
        elif parcel.attempts >= TRIES:
            await self._give_up(parcel, gone=False)
        else:
            await self._put_off(parcel, BACKOFF[min(parcel.attempts, len(BACKOFF) - 1)], failed=True)

    async def _put_off(self, parcel: Parcel, seconds: float, failed: bool) -> None:
        due_at = self._now() + timedelta(seconds=seconds)
        await self._surely(lambda c: outbox.later(c, parcel, due_at, failed))
        again = msgspec.structs.replace(parcel, due_at=due_at, attempts=parcel.attempts + failed)
        self._release(parcel, again)

    async def _move(self, parcel: Parcel, address: str) -> None:
        office, now = self._office(), self._now()
        await self._surely(lambda c: outbox.moved(c, office, parcel.contact, address, now))
        self._addresses.pop(parcel.contact, None)
        # At once the first time; a group that moves again and again is waited for like any other trouble.
        await self._put_off(
            parcel, BACKOFF[min(parcel.attempts, len(BACKOFF)) - 1] if parcel.attempts else 0.0, failed=True
        )

    async def _replan(self, parcel: Parcel, failure: Replan) -> None:
        """Forgets what the platform has lost and sends the same letter another way."""
        contact, ticket = parcel.contact, parcel.ticket
        self._replanned[parcel.id] += 1
        account = self._channels[parcel.channel].account
        if failure.lost == "window":
            await self._surely(lambda c: windows.close(c, contact, account))
            self._release(parcel, parcel)
            return
        if ticket is not None and failure.lost in ("card", "topic"):
            await self._surely(lambda c: outbox.forget_thread(c, contact, ticket, failure.lost == "topic"))
        body = parcel.body
        if failure.lost in ("reply", "topic"):
            body = msgspec.structs.replace(body, reply_to="", topic="")
        self._release(parcel, msgspec.structs.replace(parcel, body=body))

    async def _give_up(self, parcel: Parcel, gone: bool) -> None:
        office, now = self._office(), self._now()
        told: list[tuple[list[Parcel], list[int]]] = []
        await self._surely(lambda c: told.append(outbox.undeliverable(c, office, parcel, now, gone)))
        self._release(parcel)
        for parcels, dropped in told[-1:]:
            self.post(parcels, dropped)
