"""The people of a flood: so many messages a second whether they are answered or not, and the platform they write on."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bench.contenders import SECRET, TOKEN
from bench.flood_post import Post, Posts
from bench.heard import Heard
from bench.script import KENTONGAN, Press, Write
from handlers.slow import SLOW
from tests.botapi import BotApi, Person
from tests.botapi_delivery import KEPT
from tests.botapi_methods import METHODS
from tests.botapi_nouns import Json

HEAD = (
    "POST /hook/telegram HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    f"X-Telegram-Bot-Api-Secret-Token: {SECRET}"
).encode()
FIRST = 10_000_000
# Of those who write without an answer before them, how many write for the first time; of all webhooks, how many double.
NEW, DOUBLED = 0.35, 0.02
IMPATIENT = (
    "/status",
    "/lapor",
    "Halo, kenapa belum dijawab ya?",
    "Air sudah masuk rumah kami di dekat jembatan, tolong segera dikirim bantuan ke sini.",
)
NEWS = re.compile(r"^Kabar nomor (\d+)\.")
TICK = 0.005
# While an answer has waited for longer than this, no news should leave.
PATIENT = 5.0


@dataclass(slots=True)
class Citizen:
    """Somebody who writes; `since` is when the first message left that is not answered yet, `kept` its commit."""

    chat: int
    since: float = 0.0
    kept: float = 0.0


@dataclass(slots=True)
class Heap:
    """What one stretch of time brought."""

    offered: int = 0
    acknowledged: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    news: list[float] = field(default_factory=list)


class Town(BotApi):
    """The Bot API, with the people who write; it keeps neither calls nor old messages."""

    def __init__(self, limits: bool, seed: int = 1, port: int = 0) -> None:
        super().__init__(TOKEN, limits=limits, port=port)
        self.chance = random.Random(seed)
        self.posts = Posts((), HEAD, self.taken)
        self.citizens: dict[int, Citizen] = {}
        self.ready: deque[tuple[Citizen, Write | Press, str]] = deque()
        self.told: Counter[int] = Counter()
        self.refusals: Counter[str] = Counter()
        self.heap = Heap()
        self.news_from, self.news_every = 0.0, 1.0
        self._everyone: list[Citizen] = []
        self.overtaken = 0
        self._kept: deque[tuple[float, Citizen]] = deque()
        self._due, self._chat = 0.0, 0

    # -- writing

    async def write(self, rate: float, seconds: float) -> None:
        """So many messages a second for so long, each at its time whatever became of those before."""
        begun, number = time.perf_counter(), 0
        while (now := time.perf_counter() - begun) < seconds:
            while number < now * rate:
                await self.one(begun + number / rate)
                number += 1
            await asyncio.sleep(TICK)

    async def one(self, due: float) -> None:
        """The next message: of somebody who has an answer, somebody new, or somebody who still waits."""
        self._due = due
        if self.ready:
            citizen, do, message = self.ready.popleft()
        elif not self._everyone or self.chance.random() < NEW:
            citizen, do, message = self.newcomer(), Write("/lapor"), ""
        else:
            citizen, message = self.chance.choice(self._everyone), ""
            do = Write(self.chance.choice(IMPATIENT))
        citizen.since = citizen.since or due
        self.heap.offered += 1
        await self._act(citizen, do, message)

    def newcomer(self) -> Citizen:
        """Somebody who never wrote before."""
        citizen = Citizen(FIRST + len(self._everyone))
        self.citizens[citizen.chat] = citizen
        self._everyone.append(citizen)
        return citizen

    async def _act(self, citizen: Citizen, do: Write | Press, message: str) -> None:
        person, self._chat = Person(citizen.chat, "Warga"), citizen.chat
        room = self.world.rooms.get(person.id)
        if room is not None:
            for old in list(room.messages)[:-2]:
                del room.messages[old]
        if isinstance(do, Write):
            await self.text(person, do.text)
        else:
            await self.press(person, person.id, int(message), do.button.data)

    async def deliver(self, kind: str, body: Json) -> int:
        """Posts one new update, now and then twice, without waiting for the answer."""
        update = self.delivery.update(kind, body)
        times = 2 if self.chance.random() < DOUBLED else 1
        self.posts.offer(update["update_id"], self._chat, msgspec.json.encode(update), self._due, times)
        return KEPT

    def taken(self, post: Post, answer: bytes) -> None:
        """An update was acknowledged; the answer may end the waiting of a tap."""
        now, citizen = time.perf_counter(), self.citizens[post.chat]
        self.heap.acknowledged.append(now - post.due)
        if citizen.since and not citizen.kept:
            citizen.kept = now
            self._kept.append((now, citizen))
        if answer.startswith(b"{"):
            params = msgspec.json.decode(answer, type=Json)
            METHODS[params.pop("method")](self.world, params, {})
            self.world.queries.pop(params["callback_query_id"], None)

    # -- hearing

    def record(self, call: Any, status: int, result: object) -> None:
        """Lets whoever was written to read it."""
        if status != 200:
            self.refusals[f"{call.method} {status}"] += 1
        elif call.chat and call.method.startswith("send") and isinstance(result, dict):
            shown = self.world.look(call.chat, result)
            self._hear(call.chat, Heard(str(shown.id), shown.text, shown.buttons))

    def _hear(self, chat: int, heard: Heard) -> None:
        now = time.perf_counter()
        self.told[chat] += SLOW.source in heard.text
        if news := NEWS.match(heard.text):
            self.heap.news.append(time.time() - self.news_from - int(news[1]) * self.news_every)
            self.overtaken += self._longest(now) > PATIENT
            return
        citizen = self.citizens.get(chat)
        if citizen is None:
            return
        if citizen.since:
            self.heap.answers.append(now - citizen.since)
            citizen.since = citizen.kept = 0.0
        do = KENTONGAN.after(heard)
        if do is not None:
            self.ready.append((citizen, do, heard.id))

    def _longest(self, now: float) -> float:
        """How long the answer has waited that waits longest, from the commit of its turn on."""
        while self._kept and self._kept[0][1].kept != self._kept[0][0]:
            self._kept.popleft()
        return now - self._kept[0][0] if self._kept else 0.0

    @property
    def expecting(self) -> list[Citizen]:
        """Those who wait for an answer."""
        return [one for one in self._everyone if one.since]
