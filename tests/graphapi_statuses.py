"""What becomes of a message of the program, as WhatsApp reports it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.botapi_delivery import KEPT
from tests.graphapi_errors import Refused
from tests.graphapi_nouns import Chat, Json, Person, Shown, filled
from tests.graphapi_people import People


def status_of(shown: Shown, chat: Chat, status: str, at: float, failure: Refused | None = None) -> Json:
    """The event that a message was sent, delivered, read or failed; that of a failure names no contacts."""
    told: Json = {"id": shown.id, "status": status, "timestamp": str(int(at))}
    told |= filled({"recipient_id": chat.of.wa_id, "recipient_user_id": chat.of.user_id})
    told |= filled({"biz_opaque_callback_data": shown.opaque})
    if failure is not None:
        return {"statuses": [told | {"errors": [failure.report()]}]}
    return {"contacts": [_contact(chat.of)], "statuses": [told | _price(shown.kind)]}


def _contact(person: Person) -> Json:
    return person.contact() | {"profile": {"name": person.name or person.wa_id}}


def _price(kind: str) -> Json:
    paid = kind == "template"
    category = "utility" if paid else "service"
    conversation = {"id": "7270432eae37498234f4444b35ffc5aa", "origin": {"type": category}}
    return {"conversation": conversation, "pricing": {"billable": paid, "pricing_model": "PMP", "category": category}}


class Reports(People):
    """Tells the program what became of its messages; `events` is all it was told, `statuses` what it hears unasked."""

    events: list[Json]
    statuses: Sequence[str]
    telling: set[asyncio.Task[None]]

    def follow(self, shown: Shown, chat: Chat, failure: Refused | None) -> None:
        """From now on the program hears what becomes of a message, in the background."""
        if self.statuses or failure is not None:
            task = asyncio.get_running_loop().create_task(self._tell(shown, chat, failure))
            self.telling.add(task)
            task.add_done_callback(self.telling.discard)

    async def _tell(self, shown: Shown, chat: Chat, failure: Refused | None) -> None:
        if failure is not None:
            await self.report(status_of(shown, chat, "failed", self.world.clock(), failure))
            return
        for status in self.statuses[:1] if shown.kind == "reaction" else self.statuses:
            await self.report(status_of(shown, chat, status, self.world.clock()))

    async def report(self, event: Json) -> int:
        """Tells the program what became of a message and returns the HTTP status of its answer."""
        self.events.append(event)
        return await self.delivery.tell(event)

    async def settled(self) -> None:
        """Waits until all that became of messages so far has been reported."""
        while self.telling:
            await asyncio.gather(*self.telling)

    async def read(self, person: Person) -> int:
        """A person opens the chat: all that reached him is reported as read; returns the last answer."""
        chat, answer = self.world.chat(person), KEPT
        for shown in [one for one in chat.said.values() if one.id not in chat.read and one.kind != "reaction"]:
            chat.read.add(shown.id)
            answer = await self.report(status_of(shown, chat, "read", self.world.clock()))
        return answer
