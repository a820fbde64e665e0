"""How webhooks reach the program: signed, one event each or gathered into batches, and again until they are taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from random import Random

import aiohttp
import msgspec

from tests.botapi_delivery import KEPT, NOBODY
from tests.graphapi_nouns import Json

SIGNATURE = "X-Hub-Signature-256"


class Delivery:
    """The way webhooks take; `pending` are the bodies the program has not accepted, oldest first."""

    def __init__(self, app_secret: str, phone_number_id: str, own_phone: str) -> None:
        self.app_secret, self.account = app_secret, "102290129340398"
        self.metadata = {"display_phone_number": own_phone, "phone_number_id": phone_number_id}
        self.webhook: str | None = None
        self.pending: list[bytes] = []
        self.held: list[Json] | None = None
        self.session: aiohttp.ClientSession | None = None
        self.last_error = ""

    def signature(self, raw: bytes) -> str:
        """What proves that a body is Meta's."""
        return "sha256=" + hmac.new(self.app_secret.encode(), raw, hashlib.sha256).hexdigest()

    def body(self, entries: Iterable[Sequence[Json]]) -> bytes:
        """A webhook with so many entries of so many changes; a change holds contacts with messages or statuses."""
        told = [
            {"id": self.account, "changes": [{"value": self._value(one), "field": "messages"} for one in changes]}
            for changes in entries
        ]
        return msgspec.json.encode({"object": "whatsapp_business_account", "entry": told})

    def _value(self, parts: Json) -> Json:
        return {"messaging_product": "whatsapp", "metadata": self.metadata} | parts

    async def tell(self, event: Json) -> int:
        """Tells the program of one event, or keeps it for a batch."""
        if self.held is not None:
            self.held.append(event)
            return KEPT
        return await self.send(self.body([[event]]))

    async def send(self, raw: bytes) -> int:
        """Posts a webhook and returns the HTTP status; what the program does not accept stays pending."""
        if self.webhook is None:
            self.pending.append(raw)
            return KEPT
        status = await self.post(raw, {SIGNATURE: self.signature(raw)})
        if status != 200:
            self.pending.append(raw)
        return status

    async def post(self, raw: bytes, headers: dict[str, str]) -> int:
        """Posts a body as it is."""
        assert self.webhook is not None
        assert self.session is not None
        try:
            known = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
            async with self.session.post(self.webhook, data=raw, headers=known | headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError) as wrong:
            self.last_error = type(wrong).__name__
            return NOBODY

    async def verify(self, token: str, challenge: str) -> tuple[int, str]:
        """What the program answers when the webhook is set up."""
        assert self.webhook is not None
        assert self.session is not None
        asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
        async with self.session.get(self.webhook, params=asked) as answer:
            return answer.status, await answer.text()

    async def again(self) -> list[int]:
        """Posts all pending webhooks once more, oldest first."""
        waiting, self.pending = self.pending, []
        return [await self.send(raw) for raw in waiting]

    async def flush(self, size: int, copies: int, shuffle: Random | None, together: int) -> list[int]:
        """Posts what was held in webhooks of so many events, each event so many times, so many posts at once."""
        events, self.held = [one for one in self.held or () for _ in range(copies)], None
        if shuffle:
            shuffle.shuffle(events)
        cuts = shuffle or Random(0)
        bodies = [self.body(grouped(events[at : at + size], cuts)) for at in range(0, len(events), size)]
        statuses: list[int] = []
        for at in range(0, len(bodies), together):
            statuses += await asyncio.gather(*(self.send(raw) for raw in bodies[at : at + together]))
        return statuses


def grouped(events: Sequence[Json], cuts: Random) -> list[list[Json]]:
    """Events spread over several entries and changes, where neighbours of one kind may share a change."""
    entries: list[list[Json]] = []
    for event in events:
        kind = "messages" if "messages" in event else "statuses"
        last = entries[-1][-1] if entries else {}
        if kind in last and cuts.random() < 0.5:
            last[kind] = [*last[kind], *event[kind]]
            people = [*last.get("contacts", ()), *event.get("contacts", ())]
            last["contacts"] = [one for number, one in enumerate(people) if one not in people[:number]]
        elif entries and cuts.random() < 0.5:
            entries[-1].append(dict(event))
        else:
            entries.append([dict(event)])
    return entries
