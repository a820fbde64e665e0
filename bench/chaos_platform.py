"""Telegram on a bad day: it delivers to any replica, twice and late, and answers the bot as it happens."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from yarl import URL

from bench.heard import Heard
from bench.replay_place import PATIENCE, Box, Lost
from bench.replay_platform import FIRST_WAIT, LONGEST_WAIT, Sent
from bench.replay_program import PUBLIC
from bench.replay_telegram import Telegram
from tests.botapi_delivery import NOBODY
from tests.botapi_faults import HTML
from tests.botapi_nouns import Call, Json, Refused
from tests.botapi_wire import refused

LONGER = 5
STRUCK, COPIED = 0.5, 0.15
LATE = 4.0
BUSY = "Too Many Requests: retry after 1"


class PatientBox(Box):
    """Somebody who waits longer: on such a day everything takes longer."""

    async def find(self, fits: Callable[[Heard], bool], after: int, what: str, patience: float = PATIENCE) -> Heard:
        return await super().find(fits, after, what, patience * LONGER)


@dataclass(slots=True)
class Mark:
    """A call that is being answered: who made it, and its place among the calls once it is done."""

    sender: str
    at: int = -1


# A call that is the answer to a webhook is made by nobody in particular.
MARK: ContextVar[Mark] = ContextVar("mark", default=Mark(""))  # noqa: B039 - its place is asked of nobody


class BadDay(Telegram):
    """`weather` is how calls go wrong just now, `copies` how webhooks do all day long.

    `senders` has for each call who made it; `lost` are the calls that were done and not answered; `ends` has for
    each sender that was killed how many calls there were by then, `stood` the same for those that stood still for
    longer than a lease lasts, from when to when; `struck` counts the calls that went wrong.
    """

    def __init__(self, seed: int, copies: frozenset[str], longest_hang: float) -> None:
        super().__init__(seed)
        self.boxes = defaultdict(PatientBox)
        self.ports: list[int] = []
        self.copies, self.longest_hang = copies, longest_hang
        self.weather = ""
        self.senders: list[str] = []
        self.lost: set[int] = set()
        self.ends: dict[str, int] = {}
        self.stood: list[tuple[str, int, int]] = []
        self.struck: Counter[str] = Counter()
        self._under_way: set[asyncio.Task[int]] = set()

    # -- to the program

    async def deliver(self, kind: str, body: Json) -> int:
        """Delivers an update to any replica until it is taken; now and then also to others, at once or late."""
        if kind not in self.delivery.allowed:
            return NOBODY
        update = self.delivery.update(kind, body)
        ident = str(update["update_id"])
        self.told.append(ident)
        if "new_chat_members" in body:
            self.meaningless.add(ident)
        for how, latest in (("hook-double", 0.0), ("hook-late", LATE)):
            if how in self.copies and self.chance.random() < COPIED:
                self.struck[how] += 1
                self._also(update, self.chance.uniform(0, latest))
        if "hook-late" in self.copies and self.chance.random() < COPIED:
            await asyncio.sleep(self.chance.uniform(0, 0.1))
        return await self._take(update)

    def _also(self, update: Json, wait: float) -> None:
        async def take() -> int:
            await asyncio.sleep(wait)
            return await self._take(update)

        task = asyncio.create_task(take())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def until_taken(self, send: Callable[[], Awaitable[int]]) -> int:
        loop = asyncio.get_running_loop()
        wait, end = FIRST_WAIT, loop.time() + PATIENCE * LONGER
        while True:
            self.delivery.reach[PUBLIC] = f"http://127.0.0.1:{self.chance.choice(self.ports)}"
            status = await send()
            self.answers[status] += 1
            if status == 200:
                return status
            if loop.time() > end:
                raise Lost(f"no replica took an update for {PATIENCE * LONGER:.0f} s, last status {status}")
            await asyncio.sleep(wait * self.chance.uniform(0.8, 1.2))
            wait = min(wait * 2, LONGEST_WAIT)

    async def rest(self) -> None:
        """Returns when all copies were taken too."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    # -- from the program

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answers a call by the weather; who makes it is the first part of its path."""
        sender, _, path = request.raw_path[1:].partition("/")
        mark = Mark(sender)
        MARK.set(mark)
        how = self.weather if self.weather and self.chance.random() < STRUCK else ""
        if how:
            self.struck[how] += 1
            return await self._strike(how, request.clone(rel_url=URL(f"/{path}", encoded=True)), mark)
        return await super().handle(request.clone(rel_url=URL(f"/{path}", encoded=True)))

    async def _strike(self, how: str, request: web.BaseRequest, mark: Mark) -> web.Response:
        if how == "api-429":
            return refused(Refused(429, BUSY, retry_after=1))
        if how == "api-5xx":
            return refused(Refused(self.chance.choice((500, 502, 504)), "Internal Server Error"))
        if how == "api-html":
            return web.Response(status=502, body=HTML, content_type="text/html")
        if how == "api-lost" or (how == "api-hang" and self.chance.random() < 0.5):
            await super().handle(request)
            self.lost.add(mark.at)
        if how == "api-hang":
            await asyncio.sleep(self.chance.uniform(0.5, self.longest_hang))
        if request.transport is not None:
            request.transport.close()
        return web.Response()

    def record(self, call: Call, status: int, result: object) -> None:
        """Keeps a call, and who made it."""
        mark = MARK.get()
        mark.at = len(self.calls)
        self.senders.append(mark.sender)
        super().record(call, status, result)

    def ended(self, sender: str) -> None:
        """A replica was killed: what it sent last, it may not have written down."""
        self.ends[sender] = len(self.calls)

    def unexplained(self) -> list[str]:
        """The calls that were refused, but for those that had been done before."""
        done, wrong = set[str](), []
        for call in self.calls:
            same = json.dumps([call.method, call.params], sort_keys=True)
            if call.status == 200:
                done.add(same)
            elif same not in done:
                wrong.append(f"{call.method} {call.status}")
        return wrong

    def sent(self) -> dict[str, list[Sent]]:
        edits = {at for at, call in enumerate(self.calls) if call.method.startswith("edit")}
        return {chat: [one for one in said if one.at not in edits] for chat, said in super().sent().items()}

    def numbers(self) -> dict[str, set[str]]:
        """The numbers of all messages that the bot put into each chat."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for call in self.calls:
            results: list[Any] = call.result if isinstance(call.result, list) else [call.result]
            for each in results:
                if call.status == 200 and isinstance(each, dict) and "message_id" in each:
                    found[str(call.chat)].add(str(each["message_id"]))
        return found
