"""The routes that every office has: the platform's webhooks, health, readiness and metrics."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from bot.channels import Channel, Failure
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp, newest_of_each
from bot.intake import Busy, Intake
from bot.log import logger
from bot.metrics import Metrics
from bot.web.large import Large
from handlers.words import Inbound, Kind
from storage.turns import Outcome

log = logger("web")
MOST_BYTES = 1_000_000
# Meta sends up to 3 MB at once.
MOST_OF_META = 4_000_000
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
SIGNATURE_HEADER = "X-Hub-Signature-256"
OK = b"ok"


@dataclass(slots=True)
class Routes:
    """The handlers of the common routes."""

    intake: Intake
    metrics: Metrics
    ready: Callable[[], Awaitable[dict[str, str]]]
    warnings: Callable[[], dict[str, str]]
    now: Callable[[], datetime]
    telegram: Telegram | None = None
    whatsapp: WhatsApp | None = None
    admin_token: str = ""
    large: Large = field(default_factory=lambda: Large(MOST_OF_META))

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/live", self.live)
        app.router.add_get("/ready", self.readiness)
        app.router.add_get("/metrics", self.figures)
        if self.telegram:
            app.router.add_post("/hook/telegram", self.telegram_hook)
        if self.whatsapp:
            app.router.add_get("/hook/whatsapp", self.whatsapp_proof)
            app.router.add_post("/hook/whatsapp", self.whatsapp_hook)

    async def live(self, _: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(body=OK)

    async def readiness(self, _: web.Request) -> web.Response:
        """Whether people can be served now, what stands in the way, and what should be seen to."""
        problems = await self.ready()
        content = {"ready": not problems, "problems": problems, "warnings": self.warnings()}
        return web.json_response(content, status=503 if problems else 200)

    async def figures(self, request: web.Request) -> web.Response:
        """The metrics: with the bearer, or from this machine where no bearer is set."""
        if not self._may_see(request):
            return web.Response(status=403, text="403: /metrics needs the bearer KENTONGAN_ADMIN_TOKEN\n")
        return web.Response(body=self.metrics.text(), content_type="text/plain", charset="utf-8")

    def _may_see(self, request: web.Request) -> bool:
        if self.admin_token:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return hmac.compare_digest(given.encode("utf-8", "replace"), self.admin_token.encode())
        # Behind a proxy every request comes from this machine: a forwarded one is not local.
        if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
            return False
        try:
            return ipaddress.ip_address(request.remote or "").is_loopback
        except ValueError:
            return False

    async def telegram_hook(self, request: web.Request) -> web.Response:
        """An update of Telegram's: proof first, then its turn, and 200 only when it is committed."""
        assert self.telegram is not None
        if not self.telegram.proven(request.headers.get(SECRET_HEADER, "")):
            self.metrics.events.labels("telegram", "forbidden").inc()
            return web.Response(status=403)
        try:
            events = self.telegram.parse(await request.read())
        except (ValueError, web.HTTPRequestEntityTooLarge) as error:
            # What cannot be read now cannot be read later either: asking for it again would be of no use.
            self.metrics.events.labels("telegram", "unreadable").inc()
            log.warning("unreadable_update", reason=type(error).__name__)
            return web.Response(body=OK)
        return await self._taken(events)

    async def whatsapp_proof(self, request: web.Request) -> web.Response:
        """Meta asks whether this address is ours."""
        assert self.whatsapp is not None
        asked = request.query
        answer = self.whatsapp.challenge(
            asked.get("hub.mode", ""), asked.get("hub.verify_token", ""), asked.get("hub.challenge", "")
        )
        return web.Response(status=403) if answer is None else web.Response(text=answer)

    async def whatsapp_hook(self, request: web.Request) -> web.Response:
        """A webhook of WhatsApp's: the signature over the raw body first, then all of it, and 200 when committed."""
        assert self.whatsapp is not None
        try:
            raw = await self.large.read(request)
        except web.HTTPRequestEntityTooLarge:
            self.metrics.events.labels("whatsapp", "too_large").inc()
            return web.Response(status=413)
        except Busy:
            return web.Response(status=503, headers={"Retry-After": "2"})
        if not self.whatsapp.proven(request.headers.get(SIGNATURE_HEADER, ""), raw):
            self.metrics.events.labels("whatsapp", "forbidden").inc()
            return web.Response(status=403)
        try:
            return await self._heard(raw)
        except Busy:
            return web.Response(status=503, headers={"Retry-After": "2"})
        except Exception as error:  # noqa: BLE001 - not committed, so not acknowledged: the platform delivers again
            log.error("not_committed", error=type(error).__name__)
            return web.Response(status=503, headers={"Retry-After": "5"})

    async def _heard(self, raw: bytes) -> web.Response:
        assert self.whatsapp is not None
        try:
            heard = self.whatsapp.hear(raw, self.now())
        except ValueError as error:
            # Signed by Meta, so it will come again unless it is taken; what it is the operator must see.
            await self.intake.keep("whatsapp", raw, str(error))
            return web.Response(body=OK)
        for part in heard.unread:
            await self.intake.keep("whatsapp", part, "part")
        for alarm in heard.alarms:
            log.error("whatsapp_says", what=alarm)
        if heard.ignored:
            self.metrics.events.labels("whatsapp", "ignored").inc(heard.ignored)
        if heard.receipts:
            await self.intake.confirm(heard.receipts)
        outcomes = await self.intake.accept(heard.events)
        # What came before was marked as read then.
        new = [event for event, how in zip(heard.events, outcomes, strict=True) if how is not Outcome.DUPLICATE]
        for event in newest_of_each(new):
            acknowledge(self.whatsapp, event)
        return web.Response(body=OK)

    async def _taken(self, events: list[Inbound]) -> web.Response:
        if not events:
            self.metrics.events.labels("telegram", "ignored").inc()
            return web.Response(body=OK)
        try:
            await self.intake.accept(events)
        except Busy:
            return web.Response(status=503, headers={"Retry-After": "2"})
        except Exception as error:  # noqa: BLE001 - not committed, so not acknowledged: the platform delivers again
            log.error("not_committed", error=type(error).__name__)
            return web.Response(status=503, headers={"Retry-After": "5"})
        assert self.telegram is not None
        for event in events:
            if event.kind is Kind.TAP and event.query:
                # Telegram takes one call as the answer to its webhook: a request less for each button.
                return web.Response(body=self.telegram.acknowledgement(event), content_type="application/json")
        return web.Response(body=OK)


_acknowledging: set[asyncio.Task[None]] = set()
# A platform that does not answer must not gather more of them than this.
MOST_ACKNOWLEDGING = 1_000


def acknowledge(channel: Channel, event: Inbound) -> None:
    """Ends the waiting sign on a button, or marks a message as read, beside the turn: where it fails, no matter."""

    async def quietly() -> None:
        try:
            await channel.acknowledge(event)
        except Failure as failure:
            log.info("not_acknowledged", why=failure.why)

    if len(_acknowledging) >= MOST_ACKNOWLEDGING:
        return
    task = asyncio.create_task(quietly())
    _acknowledging.add(task)
    task.add_done_callback(_acknowledging.discard)


def application() -> web.Application:
    """An application with the limit that all its routes share."""
    return web.Application(client_max_size=MOST_BYTES)
