"""Webhooks as Telegram delivers them: over a number of connections, again where they were not taken, some twice."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import cast

# The most that Telegram opens to one bot, and how long it waits for an answer.
CONNECTIONS, PATIENCE = 100, 60.0
AGAIN = 2.0


@dataclass(slots=True)
class Post:
    """An update on its way; `due` is when it should have left, `sent` when it was last sent."""

    number: int
    chat: int
    request: bytes
    due: float
    sent: float = 0.0


class Line(asyncio.Protocol):
    """A kept-alive connection that carries one request at a time."""

    def __init__(self, posts: Posts, port: int) -> None:
        self.posts, self.port = posts, port
        self.post: Post | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def send(self, post: Post) -> None:
        """Sends one request."""
        assert self._transport is not None
        self.post, post.sent = post, time.perf_counter()
        self._transport.write(post.request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((int(one[15:]) for one in lines if one.startswith(b"content-length:")), 0)
        if found and len(body) >= length:
            self._got = b""
            self.posts.answered(self, int(head[9:12]), body)

    def connection_lost(self, exc: Exception | None) -> None:
        self.posts.lost(self)

    def close(self) -> None:
        """Ends the connection."""
        if self._transport is not None:
            self._transport.close()


@dataclass(slots=True)
class Posts:
    """All webhooks; `taken` hears of each update the first time that it is acknowledged, and what came as an answer."""

    ports: Sequence[int]
    head: bytes
    taken: Callable[[Post, bytes], None]
    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: set[int] = field(default_factory=set)
    again: int = 0
    again_after: float = AGAIN
    _free: deque[Line] = field(default_factory=deque)
    _lines: set[Line] = field(default_factory=set)
    _waiting: deque[Post] = field(default_factory=deque)
    _later: set[asyncio.Task[None]] = field(default_factory=set)
    _closed: bool = False

    async def open(self, connections: int = CONNECTIONS) -> None:
        """Opens the connections, in turn to each port."""
        for at in range(connections):
            await self._connect(self.ports[at % len(self.ports)])

    async def _connect(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: Line(self, port), "127.0.0.1", port)
        self._lines.add(line)
        self._ready(line)

    def offer(self, number: int, chat: int, body: bytes, due: float, times: int = 1) -> None:
        """Sends an update, at once or as soon as a connection is free, and so many times."""
        request = b"%b\r\nContent-Length: %d\r\n\r\n%b" % (self.head, len(body), body)
        for _ in range(times):
            self._send(Post(number, chat, request, due))

    def _send(self, post: Post) -> None:
        if self._free:
            self._free.popleft().send(post)
        else:
            self._waiting.append(post)

    def _ready(self, line: Line) -> None:
        if self._waiting:
            line.send(self._waiting.popleft())
        else:
            self._free.append(line)

    def answered(self, line: Line, status: int, answer: bytes) -> None:
        """A request was answered: what was not taken is sent again later."""
        post, line.post = line.post, None
        self.statuses[status] += 1
        if post is not None and status == 200 and post.number not in self.acknowledged:
            self.acknowledged.add(post.number)
            self.taken(post, answer)
        elif post is not None and status != 200:
            self._repeat(post)
        self._ready(line)

    def lost(self, line: Line) -> None:
        """A connection is gone: another takes its place, and what it carried is sent again."""
        self._lines.discard(line)
        with contextlib.suppress(ValueError):
            self._free.remove(line)
        if self._closed:
            return
        self.statuses[0] += 1
        if line.post is not None:
            self._repeat(line.post)
        self._begin(self._reopen(line.port))

    async def _reopen(self, port: int) -> None:
        while not self._closed:
            await asyncio.sleep(self.again_after / 4)
            with contextlib.suppress(OSError):
                await self._connect(port)
                return

    def _repeat(self, post: Post) -> None:
        self.again += 1

        async def later() -> None:
            await asyncio.sleep(self.again_after)
            self._send(post)

        self._begin(later())

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def impatient(self) -> None:
        """Hangs up where no answer came in time."""
        now = time.perf_counter()
        for line in list(self._lines):
            if line.post is not None and now - line.post.sent > PATIENCE:
                line.close()

    @property
    def open_posts(self) -> int:
        """How many requests wait, are under way, or will be sent again."""
        return len(self._waiting) + len(self._later) + sum(line.post is not None for line in self._lines)

    def close(self) -> None:
        """Closes all connections."""
        self._closed = True
        for line in list(self._lines):
            line.close()
        for task in self._later:
            task.cancel()
