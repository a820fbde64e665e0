"""How updates reach the bot: by its webhook, or kept until it asks for them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp

from tests.botapi_nouns import Json, Refused, bad
from tests.spec_shapes import UPDATES

KEPT, NOBODY = 202, 0
_ON_DEMAND = {"chat_member", "message_reaction"}
_SECRET = "X-Telegram-Bot-Api-Secret-Token"
_HOOKED = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_TAKEN = "terminated by other getUpdates request; make sure that only one bot instance is running"
_LOCAL = ("localhost", "127.0.0.1", "::1")


class Delivery:
    """The way updates take; `pending` are those the bot has not accepted, oldest first.

    `asked` is set once a getUpdates waited; `reach` maps a public address to the local one in its place; `replied`
    takes the call that may come as the answer to a webhook.
    """

    def __init__(self) -> None:
        self.webhook: tuple[str, str] | None = None
        self.reach: dict[str, str] = {}
        self.allowed = UPDATES - _ON_DEMAND
        self.pending: list[Json] = []
        self.last_error = ""
        self.connections = 40
        self.session: aiohttp.ClientSession | None = None
        self.replied: Callable[[bytes], Awaitable[None]] | None = None
        self._numbers = itertools.count(870_000_001)
        self._poll: asyncio.Future[None] | None = None
        self.asked = asyncio.Event()

    def update(self, kind: str, body: Json) -> Json:
        """A new update."""
        return {"update_id": next(self._numbers), kind: body}

    async def send(self, update: Json) -> int:
        """Hands an update to the bot and returns the HTTP status; what it does not accept stays pending."""
        if self.webhook is None:
            self.pending.append(update)
            self._wake()
            return KEPT
        status = await self._post(update)
        if not 200 <= status < 300:
            self.pending.append(update)
        return status

    async def again(self) -> list[int]:
        """Hands all pending updates to the webhook once more, oldest first."""
        waiting, self.pending = self.pending, []
        return [await self.send(update) for update in waiting]

    async def _post(self, update: Json) -> int:
        assert self.webhook is not None
        assert self.session is not None
        url, secret = self.webhook
        for public, local in self.reach.items():
            url = local + url.removeprefix(public) if url.startswith(public) else url
        try:
            headers = {_SECRET: secret} if secret else None
            async with self.session.post(url, json=update, headers=headers) as answer:
                said = await answer.read()
                if self.replied and answer.status == 200 and answer.content_type == "application/json":
                    await self.replied(said)
                return answer.status
        except (aiohttp.ClientError, TimeoutError) as wrong:
            self.last_error = type(wrong).__name__
            return NOBODY

    def set_webhook(self, p: Json) -> bool:
        """What setWebhook does; plain http is allowed on this machine only."""
        place = urlsplit(p["url"])
        if p["url"] and place.scheme != "https" and place.hostname not in _LOCAL:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = (p["url"], p.get("secret_token", "")) if p["url"] else None
        self.connections = p.get("max_connections", 40)
        return self._settle(p)

    def delete_webhook(self, p: Json) -> bool:
        """What deleteWebhook does."""
        self.webhook = None
        return self._settle({"drop_pending_updates": p.get("drop_pending_updates", False)})

    def _settle(self, p: Json) -> bool:
        if p.get("drop_pending_updates"):
            self.pending.clear()
        if "allowed_updates" in p:
            self.allowed = frozenset(p["allowed_updates"]) or UPDATES - _ON_DEMAND
        return True

    def webhook_info(self) -> Json:
        """What getWebhookInfo answers."""
        info: Json = {"url": self.webhook[0] if self.webhook else "", "has_custom_certificate": False}
        info |= {"pending_update_count": len(self.pending), "max_connections": self.connections}
        if self.last_error:
            info["last_error_message"] = self.last_error
        return info | {"allowed_updates": sorted(self.allowed)}

    async def get_updates(self, p: Json) -> list[Json]:
        """What getUpdates answers; a second caller ends the first one's waiting with 409."""
        if self.webhook is not None:
            raise Refused(409, f"Conflict: {_HOOKED}")
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Refused(409, f"Conflict: {_TAKEN}"))
        self._settle({name: p[name] for name in ("allowed_updates",) if name in p})
        offset = p.get("offset", 0)
        if offset < 0:
            offset = self.pending[offset]["update_id"] if len(self.pending) > -offset else 0
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if not self.pending and p.get("timeout"):
            await self._wait(p["timeout"])
        return self.pending[: p.get("limit", 100)]

    async def _wait(self, seconds: float) -> None:
        mine = self._poll = asyncio.get_running_loop().create_future()
        self.asked.set()
        try:
            async with asyncio.timeout(seconds):
                await mine
        except TimeoutError:
            pass
        finally:
            if self._poll is mine:
                self._poll = None

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def close(self) -> None:
        """Ends a waiting getUpdates."""
        self._wake()
