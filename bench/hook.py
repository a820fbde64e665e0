"""A webhook client so light that the load generator is not what is measured."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import cast

CONNECTIONS = 100


class Connection(asyncio.Protocol):
    """One kept-alive connection that carries one request at a time."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self._transport: asyncio.WriteTransport | None = None
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.lower().split(b"\r\n")
        length = next((int(one[15:]) for one in lines if one.startswith(b"content-length:")), 0)
        if len(body) >= length:
            self._got = b""
            self._hook.finished(self, int(head[9:12]), body)

    def connection_lost(self, exc: Exception | None) -> None:
        self._hook.lost(self)

    def send(self, request: bytes) -> None:
        """Sends one request."""
        assert self._transport is not None
        self._transport.write(request)

    def close(self) -> None:
        """Closes the connection."""
        if self._transport is not None:
            self._transport.close()


class Hook:
    """Posts webhooks over at most 100 connections, as Telegram does; `statuses` counts what came back.

    `proof` gives for each body the header that proves to the program from whom it is; `told` takes the call that may
    come as an answer.
    """

    def __init__(self, port: int, path: str, proof: Callable[[bytes], bytes]) -> None:
        self.statuses: Counter[int] = Counter()
        self._port, self._proof = port, proof
        self.told: Callable[[bytes], object] = len
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        self._head = head.encode()
        self._free: deque[Connection] = deque()
        self._all: set[Connection] = set()
        self._waiting: deque[bytes] = deque()

    async def open(self, connections: int = CONNECTIONS, ports: Sequence[int] = ()) -> None:
        """Opens the connections, in turn to each of these ports; who listens there gets every so manieth webhook."""
        loop, ports = asyncio.get_running_loop(), ports or (self._port,)
        for at in range(connections):
            _transport, one = await loop.create_connection(
                lambda: Connection(self), "127.0.0.1", ports[at % len(ports)]
            )
            self._all.add(one)
            self._free.append(one)

    def post(self, body: bytes) -> None:
        """Sends a body, at once or as soon as a connection is free."""
        proof = self._proof(body)
        request = b"%b%b\r\nContent-Length: %d\r\n\r\n%b" % (self._head, proof, len(body), body)
        if self._free:
            self._free.popleft().send(request)
        else:
            self._waiting.append(request)

    def finished(self, connection: Connection, status: int, answer: bytes) -> None:
        """A request was answered."""
        self.statuses[status] += 1
        if answer.startswith(b"{"):
            self.told(answer)
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._free.append(connection)

    def lost(self, connection: Connection) -> None:
        """A connection is gone; it counts as status 0."""
        if connection in self._all:
            self.statuses[0] += 1
            self._all.discard(connection)
            self._free = deque(one for one in self._free if one is not connection)

    def close(self) -> None:
        """Closes all connections."""
        closing, self._all = self._all, set()
        for connection in closing:
            connection.close()
