"""Telegram as the replay needs it: an update is delivered until it is taken, some twice, in order within a chat."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from aiohttp import web

from bench.contenders import TOKEN
from tests.botapi import BotApi, Call, Shown
from tests.botapi_delivery import NOBODY
from tests.botapi_nouns import Json

NUMBER = re.compile(r"LPR-\d{4}-[0-9A-Z]{4}-[0-9A-Z]")
PATIENCE = 60.0
TWICE, HELD_BACK, LONGEST_HOLD = 0.05, 0.15, 0.05
SLOW, LONGEST_CALL = 0.03, 0.6
FIRST_WAIT, LONGEST_WAIT = 0.1, 1.0


class Lost(Exception):  # noqa: N818
    """Somebody waits for what does not come; says where, never a person's words."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the bot said or changed; `kind` is the sentence it begins with, by the table of its reader."""

    shown: Shown = field(repr=False)
    edited: bool


class Box:
    """What the bot said in one place, oldest first; one reader waits at a time."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._news = asyncio.Event()

    def put(self, heard: Heard) -> None:
        """The bot said something."""
        self.heard.append(heard)
        self._news.set()

    async def find(self, fits: Callable[[Heard], bool], after: int, what: str, patience: float = PATIENCE) -> Heard:
        """The first message from this place in the list on that fits; raises Lost after a long while."""
        try:
            async with asyncio.timeout(patience):
                while True:
                    for heard in self.heard[after:]:
                        if fits(heard):
                            return heard
                    after = len(self.heard)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise Lost(f"{what} did not come") from None


class Town(BotApi):
    """A strict Bot API that delivers as Telegram does; `taken` counts how often each update was accepted."""

    def __init__(self, seed: int) -> None:
        super().__init__(TOKEN, strict=True)
        self.chance = Random(f"{seed}:town")
        self.boxes: defaultdict[tuple[int, str], Box] = defaultdict(Box)
        self.taken: Counter[int] = Counter()
        self.statuses: Counter[int] = Counter()
        self.meaningless: set[int] = set()
        self.twice = 0
        self.hooked = asyncio.Event()
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def deliver(self, kind: str, body: Json) -> int:
        """Delivers one new update when its chat's earlier ones are taken; now and then late, now and then twice."""
        if kind not in self.delivery.allowed:
            return NOBODY
        update = self.delivery.update(kind, body)
        self.updates.append(update)
        if "new_chat_members" in body:
            self.meaningless.add(update["update_id"])
        chat = (body["message"] if kind == "callback_query" else body)["chat"]["id"]
        async with self._turns[chat]:
            if self.chance.random() < HELD_BACK:
                await asyncio.sleep(self.chance.uniform(0, LONGEST_HOLD))
            if self.chance.random() >= TWICE:
                return await self._until_taken(update)
            self.twice += 1
            if self.chance.random() < 0.5:
                await self._until_taken(update)
                return await self._until_taken(update)
            first, _second = await asyncio.gather(self._until_taken(update), self._until_taken(update))
            return first

    async def _until_taken(self, update: Json) -> int:
        loop = asyncio.get_running_loop()
        wait, end = FIRST_WAIT, loop.time() + PATIENCE
        while True:
            status = await self.delivery.send(update)
            self.statuses[status] += 1
            if status == 200:
                self.taken[update["update_id"]] += 1
                return status
            if update in self.delivery.pending:
                self.delivery.pending.remove(update)
            if loop.time() > end:
                raise Lost(f"the webhook took no update for {PATIENCE:.0f} s, last status {status}")
            await asyncio.sleep(wait * self.chance.uniform(0.8, 1.2))
            wait = min(wait * 2, LONGEST_WAIT)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Does what a call asks, and now and then answers late, so that letters to one person queue."""
        answer = await super().handle(request)
        done = self.calls[-1:]
        if done and (done[0].chat or 0) > 0 and self.chance.random() < SLOW:
            await asyncio.sleep(self.chance.uniform(0.1, LONGEST_CALL))
        return answer

    def record(self, call: Call, status: int, result: object) -> None:
        """Puts what the bot said before whom it is for: a person, or in a group the case it is about."""
        super().record(call, status, result)
        if self.webhook is not None:
            self.hooked.set()
        if status != 200 or call.chat is None or not isinstance(result, dict):
            return
        if call.method.startswith(("send", "editMessage")):
            shown = self.world.look(call.chat, result)
            number = NUMBER.search(shown.text) if call.chat < 0 else None
            edited = call.method.startswith("edit")
            self.boxes[call.chat, number[0] if number else ""].put(Heard(shown, edited))
