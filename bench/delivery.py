"""How fast a full outbox goes out, without rate limits and with the platform's, which the local Bot API enforces."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import web

from bench import cores
from bench.contenders import TOKEN, Contender, filled
from bench.crowd import Stuck
from bench.letters import Mail, fill, left
from bench.load import place, replicas
from bench.measure import Meter, passed, peak_mb
from bot import config
from bot.pace import TELEGRAM
from tests.botapi import BotApi, Call, Group

SILENCE = 15.0
# First groups and people for whom more wait than may be sent to them at once; meanwhile all others' turn comes.
PACED = Mail(((10, 8), (320, 1)), ((8, 7),))


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one outbox; CPU in ms a letter, `load` in cores. Under limits, what goes at once does not count.

    `times_account` is how many times the rate of our own pace for an account that is.
    """

    letters: float
    times_account: float
    cpu_ms: float
    database_ms: float
    load: float
    peak_mb: float
    lost: int
    doubled: int
    refused: int


class Post(BotApi):
    """The Bot API, which answers when it is opened, and counts what it takes and what it refuses."""

    def __init__(self, mail: Mail, limits: bool) -> None:
        super().__init__(TOKEN, limits=limits)
        self.mail, self.expected = mail, len(mail.letters())
        self.got, self.refused = Counter[str](), 0
        self.opened, self.asked, self.meter = asyncio.Event(), asyncio.Event(), Meter(())
        self.came = self.latest = 0.0
        self.begun: tuple[float, ...] = ()
        for chat, _ in mail.waiting():
            room = self.world.room_of(chat)
            room.started, room.bot = True, "member" if isinstance(chat, Group) else room.bot

    def open(self, meter: Meter) -> None:
        """Answers from now on, and measures."""
        self.meter, self.begun = meter, meter.read()
        self.opened.set()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.asked.set()
        await self.opened.wait()
        return await super().handle(request)

    def record(self, call: Call, status: int, result: object) -> None:
        """Counts a message."""
        self.refused += status != 200
        if status == 200 and call.method.startswith("send"):
            self.latest = time.perf_counter()
            self.came = self.came or self.latest
            self.got[str(call.params["text"])] += 1

    async def all(self) -> None:
        """Returns when all letters arrived."""
        while len(self.got) < self.expected:
            if time.perf_counter() - max(self.latest, self.begun[0]) > SILENCE:
                raise Stuck(f"{len(self.got)} of {self.expected} letters arrived; {self.problems[-3:]}")
            await asyncio.sleep(0.005)

    def summary(self, peak: float, lost: int) -> Delivered:
        """What it came to."""
        seconds, program, database, load = passed(self.begun, self.meter.read())
        many, account = self.expected, TELEGRAM.account
        free, paced = many / (self.latest - self.begun[0]), (many - account.burst) / (self.latest - self.came)
        rate = paced if self.guard else free
        each, doubled = (program / many * 1000, database / many * 1000), sum(self.got.values()) - many
        times = rate / account.per_second
        return Delivered(rate, times, *each, load / seconds, peak, lost, doubled, self.refused)


async def deliver(contender: Contender, mail: Mail, limits: bool) -> Delivered:
    """Fills the outbox of a stopped office, starts the program, and waits until all has arrived and is taken out."""
    paced = ("KENTONGAN_RATE_LIMITS", "platform" if limits else "none")
    contender = replace(contender, environment=(*contender.environment, paced))
    post = Post(mail, limits)
    async with post, place(contender, post.url) as here:
        own = here.folder / "0"
        own.mkdir()
        filling = {"port": 0, "api": post.url, "dir": own, "database": here.database}
        office = config.read(filled(contender.environment, filling))
        await fill(office, mail)
        if limits:
            # What is held back at the door would arrive too fast when it opens.
            post.open(post.meter)
        async with replicas(contender, here) as (meter, _, _):
            post.open(meter)
            await post.all()
            peak = max(map(peak_mb, meter.pids))
            summary = post.summary(peak, lost=0)
        return replace(summary, lost=await left(office))


async def bare(mail: Mail) -> Delivered:
    """What the Bot API takes at most."""
    post = Post(mail, limits=False)
    async with post, _sender(post) as pid:
        post.open(Meter((pid,)))
        await post.all()
        return post.summary(peak_mb(pid), lost=0)


@asynccontextmanager
async def _sender(post: Post) -> AsyncIterator[int]:
    (people, each), *_ = post.mail.people
    given = ("--api", post.url, "--token", TOKEN, "--people", str(people), "--each", str(each))
    command = cores.on(cores.PROGRAM, [sys.executable, "-m", "bench.sender", *given])
    started = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
    try:
        await post.asked.wait()
        yield started.pid
    finally:
        await started.communicate(b"")
