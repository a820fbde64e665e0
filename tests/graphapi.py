"""A strict local WhatsApp Cloud API: answers a program as Meta's Graph would and plays the people who write to it."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Self, Unpack

import aiohttp
from aiohttp import web

from tests import graph_spec
from tests.botapi_wire import request_of
from tests.graphapi_calls import Calls
from tests.graphapi_delivery import Delivery
from tests.graphapi_errors import Refused, Stranger, Unknown
from tests.graphapi_faults import Fault, Guard, How
from tests.graphapi_media import download, media, phone, upload, upload_problems
from tests.graphapi_nouns import Call, Json, Person, Shown, Template
from tests.graphapi_send import Sending
from tests.graphapi_statuses import Reports
from tests.graphapi_wire import VERSION, answered, called, read, refused
from tests.graphapi_world import World

__all__ = ["Call", "GraphApi", "Person", "Shown", "Template"]


class GraphApi(Calls, Reports, Sending):
    """A Cloud API server for one business number; use it as an asynchronous context.

    Not strict, it validates nothing, takes any template and lets the program write to people it never saw. What
    becomes of a message is told by `statuses`, one webhook each, after it was taken.
    """

    def __init__(
        self,
        phone_number_id: str = "106540352242922",
        token: str = "EAAUJI",
        app_secret: str = "rahasia-aplikasi",
        verify_token: str = "kata-sandi-webhook",
        strict: bool = True,
        delay: float = 0.0,
        limits: bool = False,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        statuses: Sequence[str] = ("sent", "delivered"),
    ) -> None:
        Calls.__init__(self)
        self.world = World(phone_number_id, strict, clock)
        self.templates, self.paused, self.window_by, self.reads = {}, set(), "status", []
        self.delivery = Delivery(app_secret, phone_number_id, self.world.own_phone)
        self.phone_number_id, self.token = phone_number_id, token
        self.app_secret, self.verify_token = app_secret, verify_token
        self.strict, self.delay, self.clock, self.statuses = strict, delay, clock, statuses
        self.guard = Guard(clock) if limits else None
        self.faults: list[Fault] = []
        self.events, self.telling = [], set()
        self._bearer, self._port = f"Bearer {token}", port
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
        for task in self.telling:
            task.cancel()
        await asyncio.gather(*self.telling, return_exceptions=True)
        if self.delivery.session:
            await self.delivery.session.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def origin(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """What stands for https://graph.facebook.com/v23.0."""
        return self.origin + VERSION

    @property
    def webhook(self) -> tuple[str] | None:
        """Where webhooks go, as a tuple of the address alone; None keeps them."""
        return (self.delivery.webhook,) if self.delivery.webhook else None

    @webhook.setter
    def webhook(self, value: tuple[str] | None) -> None:
        self.delivery.webhook = value[0] if value else None

    def fail(self, method: str, times: int = 1, **how: Unpack[How]) -> None:
        """The next `times` calls of a method (`messages`: any message, `*`: anything) go wrong, usually with 131000."""
        self.faults.append(Fault(method, times, **how))

    def messages(self, person: Person) -> list[Shown]:
        """What reached a person, oldest first."""
        return list(self.world.chat(person).said.values())

    def last(self, person: Person) -> Shown:
        """The last message that reached a person."""
        return self.messages(person)[-1]

    async def deliver(self, event: Json) -> int:
        """Tells the program of one new event and returns the HTTP status of its answer."""
        self.events.append(event)
        self.mark = len(self.calls)
        if self.guard and "messages" in event:
            self.guard.count()
        return await self.delivery.tell(event)

    async def repeat(self, event: Json) -> int:
        """Sends an event once more, as WhatsApp does when it missed the answer."""
        self.mark = len(self.calls)
        return await self.delivery.tell(event)

    async def redeliver(self) -> list[int]:
        """Sends all that the program has not accepted once more, oldest first, and returns the statuses."""
        self.mark = len(self.calls)
        return await self.delivery.again()

    async def verify(self, token: str | None = None, challenge: str = "1158201444") -> tuple[int, str]:
        """Sets the webhook up, as Meta does when its address is entered; returns the program's answer."""
        return await self.delivery.verify(self.verify_token if token is None else token, challenge)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answers one HTTP request."""
        at, (method, ident) = self.clock(), called(request, self.phone_number_id)
        call = Call(method, {}, {}, at)
        try:
            if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), self._bearer.encode()):
                raise Stranger
            if not method:
                raise Unknown(request.method.lower(), ident)
            params, files = await read(request)
            method = _kind(params) if method == "messages" else method
            call = Call(method, params, files, at, str(params.get("to") or params.get("recipient") or ""))
            return await self._answer(request, call, ident)
        except Refused as no:
            self.problems.append(f"{call.method} to {call.to}: {no}")
            return self._refused(call, no)

    async def _answer(self, request: web.BaseRequest, call: Call, ident: str) -> web.Response:
        fault = next((one for one in self.faults if one.meets(call.method, call.to)), None)
        if fault:
            fault.times -= 1
        if self.delay or (fault and fault.delay):
            await asyncio.sleep(self.delay + (fault.delay if fault else 0.0))
        if fault and fault.close:
            return self._hang_up(request, replace(call, status=0))
        if fault and not fault.harmless:
            return self._refused(call, fault.refusal(), fault.html)
        result = self._work(request, call, ident, fault.later if fault else 0)
        done = replace(call, result=result)
        if fault and fault.close_after:
            return self._hang_up(request, done)
        response = answered(result)
        self.record(done)
        return response

    def _refused(self, call: Call, no: Refused, html: bool = False) -> web.Response:
        self.record(replace(call, status=no.status, code=no.code))
        return refused(no, f"A{self.world.number():010x}", html)

    def _hang_up(self, request: web.BaseRequest, call: Call) -> web.Response:
        self.record(call)
        if request.transport is not None:
            request.transport.close()
        return web.Response()

    def _work(self, request: web.BaseRequest, call: Call, ident: str, later: int) -> object:
        if self.strict:
            self._check(call)
        return self._perform(request, call, ident, later)

    def _check(self, call: Call) -> None:
        if call.method == "upload":
            self.violations += upload_problems(call.params, call.files)
        elif call.method not in ("media", "download", "phone"):
            wrong = graph_spec.breaches(call.params)
            self.violations += [one.text for one in wrong]
            if wrong:
                raise Refused(wrong[0].code, "; ".join(one.text for one in wrong))

    def _perform(self, request: web.BaseRequest, call: Call, ident: str, later: int) -> object:
        if call.method == "upload":
            return upload(self.world, call.params, call.files)
        if call.method == "media":
            return media(self.world, self.origin, ident, call.params)
        if call.method == "download":
            return download(self.world, ident, request.headers.get("User-Agent", ""))
        if call.method == "phone":
            return phone(self.world, call.params)
        if call.method == "read":
            return self.mark_read(call.params)
        return self._send(call, later)

    def _send(self, call: Call, later: int) -> Json:
        if self.guard:
            known = self.world.known(call.to)
            self.guard.admit(known.key if known else call.to)
        shown, chat, failure = self.take(call.params, later)
        if failure is not None and not later and not chat.blocked:
            self.problems.append(f"{call.method} to {call.to}: {failure}")
        self.follow(shown, chat, failure)
        who = {"input": call.to, "wa_id" if "to" in call.params else "user_id": call.to.removeprefix("+")}
        told: dict[str, Any] = {"id": shown.id}
        if shown.kind == "template":
            told["message_status"] = "accepted"
        return {"messaging_product": "whatsapp", "contacts": [who], "messages": [told]}


def _kind(params: Json) -> str:
    return "read" if "status" in params else graph_spec.kind_of(params)


if __name__ == "__main__":
    from tests.graphapi_process import main

    main()
