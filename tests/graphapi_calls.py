"""What the program asked of the local Cloud API, kept for whoever looks at it or waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.graphapi_nouns import Call

Wanted = tuple[Callable[[Call], bool], int | None, asyncio.Future[Call]]


class Calls:
    """All calls answered; `problems` all that WhatsApp objected to, `violations` those that break its description."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.violations: list[str] = []
        self.listeners: list[Callable[[Call], None]] = []
        self.mark = 0
        self._waiters: list[Wanted] = []

    async def wait(
        self,
        predicate: Callable[[Call], bool],
        timeout: float = 5.0,  # noqa: ASYNC109
        after: int | None = None,
        status: int | None = 200,
    ) -> Call:
        """The first call answered with `status` that satisfies the predicate, waiting for it when necessary.

        It looks at calls since the last event was sent, or from number `after` of `calls` on.
        """
        for call in self.calls[self.mark if after is None else after :]:
            if status in (None, call.status) and predicate(call):
                return call
        waiter = (predicate, status, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            return await asyncio.wait_for(waiter[2], timeout)
        except TimeoutError:
            last = [f"{one.method} {one.to} {one.status} {one.text[:60]!r}" for one in self.calls[-5:]]
            raise TimeoutError(f"no such call within {timeout} s; the last were {last}") from None
        finally:
            self._waiters.remove(waiter)

    def record(self, call: Call) -> None:
        """Keeps an answered call and tells all who wait for it."""
        self.calls.append(call)
        for predicate, wanted, future in self._waiters:
            if not future.done() and wanted in (None, call.status) and predicate(call):
                future.set_result(call)
        for listener in self.listeners:
            listener(call)
