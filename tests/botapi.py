"""A strict local Telegram Bot API: answers a bot as Telegram would and plays the people who write to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Self, Unpack

import aiohttp
import msgspec
from aiohttp import web

from tests import spec
from tests.botapi_delivery import NOBODY, Delivery
from tests.botapi_faults import HTML, Fault, Guard, How
from tests.botapi_groups import Membership
from tests.botapi_methods import METHODS
from tests.botapi_nouns import Button, Call, Group, Json, Person, Refused, Shown, Upload
from tests.botapi_wire import answered, read, refused, request_of
from tests.botapi_world import World

__all__ = ["BotApi", "Button", "Call", "Group", "Person", "Shown"]

_OF_DELIVERY = ("getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")


class BotApi(Membership):
    """A Bot API server for one bot; use it as an asynchronous context.

    `calls` are all calls answered; `problems` all that Telegram objected to, `violations` those of them that
    break its published description. Not strict, it accepts chats, taps and messages replied to it never saw.
    """

    def __init__(
        self,
        token: str = "123456:TEST",
        strict: bool = True,
        delay: float = 0.0,
        limits: bool = False,
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.world = World(token, strict)
        self.strict, self.delay, self.clock = strict, delay, clock
        self.delivery = Delivery()
        self.delivery.replied = self.replied
        self.guard = Guard(clock) if limits else None
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.updates: list[Json] = []
        self.listeners: list[Callable[[Call], None]] = []
        self._waiters: list[tuple[Callable[[Call], bool], int | None, asyncio.Future[Call]]] = []
        self._mark = 0
        self._port = port
        self._calls_at, self._files_at = f"/bot{token}/", f"/file/bot{token}/"
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> Self:
        server = web.Server(self.handle, request_factory=request_of, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = int(self._runner.addresses[0][1])
        self.delivery.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.delivery.close()
        if self.delivery.session:
            await self.delivery.session.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address of the server; the bot's base_url is `{url}/bot`, that of files `{url}/file/bot`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def webhook(self) -> tuple[str, str] | None:
        """Where updates go, with the secret; None keeps them for getUpdates."""
        return self.delivery.webhook

    @webhook.setter
    def webhook(self, value: tuple[str, str] | None) -> None:
        self.delivery.webhook = value

    def fail(self, method: str, times: int = 1, **how: Unpack[How]) -> None:
        """The next `times` calls of a method (`*` is any) go wrong; by default with 429."""
        self.faults.append(Fault(method, times, **how))

    async def wait(
        self,
        predicate: Callable[[Call], bool],
        timeout: float = 5.0,  # noqa: ASYNC109
        after: int | None = None,
        status: int | None = 200,
    ) -> Call:
        """The first call answered with `status` that satisfies the predicate, waiting for it when necessary.

        It looks at calls since the last update was sent, or from number `after` of `calls` on.
        """
        for call in self.calls[self._mark if after is None else after :]:
            if status in (None, call.status) and predicate(call):
                return call
        waiter = (predicate, status, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            return await asyncio.wait_for(waiter[2], timeout)
        except TimeoutError:
            last = [f"{one.method} {one.chat} {one.status} {one.text[:60]!r}" for one in self.calls[-5:]]
            raise TimeoutError(f"no such call within {timeout} s; the last were {last}") from None
        finally:
            self._waiters.remove(waiter)

    def messages(self, chat: int | Person | Group) -> list[Shown]:
        """What the bot said in a chat as it now stands, oldest first; deleted messages are gone."""
        return self.world.shown(chat if isinstance(chat, int) else chat.id)

    def last(self, chat: int | Person | Group) -> Shown:
        """The last message of the bot in a chat."""
        return self.messages(chat)[-1]

    def unanswered(self) -> list[str]:
        """Ids of taps the bot has not answered."""
        return [query for query, done in self.world.queries.items() if not done]

    async def deliver(self, kind: str, body: Json) -> int:
        """Sends one new update to the bot and returns the HTTP status."""
        update = self.delivery.update(kind, body)
        self.updates.append(update)
        self._mark = len(self.calls)
        return await self.delivery.send(update) if kind in self.delivery.allowed else NOBODY

    async def repeat(self, update: Json) -> int:
        """Sends an update once more, as Telegram does when it missed the answer."""
        self._mark = len(self.calls)
        return await self.delivery.send(update)

    async def redeliver(self) -> Sequence[int]:
        """Sends all that the bot has not accepted once more, oldest first, and returns the statuses."""
        self._mark = len(self.calls)
        return await self.delivery.again()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answers one HTTP request."""
        path = request.path
        if path.startswith(self._calls_at):
            return await self._call(request, path[len(self._calls_at) :])
        if path.startswith(self._files_at):
            return self._download(path[len(self._files_at) :])
        if path.startswith("/bot"):
            return refused(Refused(401, "Unauthorized"))
        return refused(Refused(404, "Not Found"))

    def _download(self, path: str) -> web.Response:
        found = next((one for one in self.world.files.values() if one.path == path), None)
        return web.Response(body=found.data) if found else refused(Refused(404, "Not Found"))

    async def _call(self, request: web.BaseRequest, method: str) -> web.Response:
        at = self.clock()
        try:
            raw, files = await read(request)
        except Refused as no:
            return refused(no)
        params = spec.decoded(method, raw)
        chat = params.get("chat_id")
        chat = chat if isinstance(chat, int) else None
        if self.delay:
            await asyncio.sleep(self.delay)
        fault = next((one for one in self.faults if one.meets(method, chat)), None)
        if fault:
            fault.times -= 1
        return await self._answer(request, Call(method, params, files, at, chat), fault)

    async def _answer(self, request: web.BaseRequest, call: Call, fault: Fault | None) -> web.Response:
        if fault and fault.close:
            return self._hang_up(request, call, 0, None)
        try:
            if fault and not fault.close_after:
                raise fault.refusal()
            if self.guard:
                self.guard.admit(call.method, call.params, call.chat)
            result = await self._work(call)
        except Refused as no:
            self.record(call, no.status, None)
            if fault and fault.html:
                return web.Response(status=no.status, body=HTML, content_type="text/html")
            return refused(no)
        if fault:
            return self._hang_up(request, call, 200, result)
        response = answered(result)
        self.record(call, 200, result)
        return response

    async def replied(self, answer: bytes) -> None:
        """Does what the answer to a webhook asks for; the bot hears nothing of what came of it."""
        params = msgspec.json.decode(answer, type=Json)
        method, chat = str(params.pop("method", "")), params.get("chat_id")
        call = Call(method, params, {}, self.clock(), chat if isinstance(chat, int) else None)
        try:
            self.record(call, 200, await self._work(call))
        except Refused as no:
            self.record(call, no.status, None)

    def _hang_up(self, request: web.BaseRequest, call: Call, status: int, result: object) -> web.Response:
        self.record(call, status, result)
        if request.transport is not None:
            request.transport.close()
        return web.Response()

    async def _work(self, call: Call) -> object:
        wrong = spec.check(call.method, call.params, call.files)
        if wrong:
            self.problems += wrong
            self.violations += wrong
            if call.method not in METHODS and call.method not in _OF_DELIVERY:
                raise Refused(404, "Not Found: method not found")
            raise Refused(400, f"Bad Request: {'; '.join(wrong)}")
        try:
            return await self._perform(call.method, call.params, call.files)
        except Refused as no:
            self.problems.append(f"{call.method} to {call.chat}: {no.description}")
            raise

    async def _perform(self, method: str, params: Json, files: dict[str, Upload]) -> object:
        if method == "getUpdates":
            return await self.delivery.get_updates(params)
        if method == "setWebhook":
            return self.delivery.set_webhook(params)
        if method == "deleteWebhook":
            return self.delivery.delete_webhook(params)
        if method == "getWebhookInfo":
            return self.delivery.webhook_info()
        return METHODS[method](self.world, params, files)

    def record(self, call: Call, status: int, result: object) -> None:
        """Keeps an answered call and tells all who wait for it."""
        done = Call(call.method, call.params, call.files, call.at, call.chat, status, result)
        self.calls.append(done)
        for predicate, wanted, future in self._waiters:
            if not future.done() and wanted in (None, status) and predicate(done):
                future.set_result(done)
        for listener in self.listeners:
            listener(done)


if __name__ == "__main__":
    from tests.botapi_process import main

    main()
