"""What people do on WhatsApp, told to the program as true-to-life webhooks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Unpack

from tests.botapi_delivery import NOBODY
from tests.botapi_updates import JPEG
from tests.graphapi_delivery import SIGNATURE, Delivery
from tests.graphapi_errors import Refused
from tests.graphapi_nouns import Chat, Json, Person, Shown, Where, filled
from tests.graphapi_world import SENT_LIFE, World

UNSUPPORTED = 131051


class People(ABC):
    """Everything a person can do that reaches the program; each returns what its webhook answered.

    202 means kept for a batch or until there is a webhook, 0 that nobody answered.
    """

    world: World
    delivery: Delivery

    @abstractmethod
    async def deliver(self, event: Json) -> int:
        """Tells the program of one new event."""

    def person(self, name: str = "Sari", phone: str | None = None, user_id: str = "", username: str = "") -> Person:
        """A new person; without phone and user id he gets a phone number of his own."""
        return self.world.person(name, phone, user_id, username)

    async def say(self, person: Person, kind: str, content: Json, **where: Unpack[Where]) -> int:
        """A person sends a message of any content."""
        chat = self.world.chat(person)
        if chat.blocked:
            raise ValueError("a person who blocked the business unblocks it before writing")
        chat.of = person
        message: Json = filled({"from": person.wa_id, "from_user_id": person.user_id})
        message |= {"id": self.world.hear(chat), "timestamp": str(int(self.world.clock())), "type": kind}
        context = where.get("context")
        if context is not None:
            message["context"] = self._quoted(chat, context.id if isinstance(context, Shown) else context)
        return await self.deliver({"contacts": [person.contact()], "messages": [message | content]})

    def _quoted(self, chat: Chat, wamid: str) -> Json:
        ours = wamid in chat.said
        return filled({"from": self.world.own_phone if ours else chat.of.wa_id}) | {"id": wamid}

    async def text(self, person: Person, body: str, **where: Unpack[Where]) -> int:
        """A person writes."""
        return await self.say(person, "text", {"text": {"body": body}}, **where)

    async def tap(self, person: Person, message: str | Shown, label: str) -> int:
        """A person presses a button or picks a row, named by its label or the beginning of it."""
        shown = message if isinstance(message, Shown) else self.world.message(person, message)
        choice = shown.choice(label)
        if shown.kind == "template":
            content: Json = {"button": {"payload": choice.id, "text": choice.label}}
            return await self.say(person, "button", content, context=shown)
        form = "list_reply" if shown.form == "list" else "button_reply"
        picked = {"id": choice.id, "title": choice.label} | filled({"description": choice.hint})
        return await self.say(person, "interactive", {"interactive": {"type": form, form: picked}}, context=shown)

    async def location(
        self,
        person: Person,
        latitude: float,
        longitude: float,
        name: str = "",
        address: str = "",
        **where: Unpack[Where],
    ) -> int:
        """A person shares a place."""
        place = {"latitude": latitude, "longitude": longitude} | filled({"name": name, "address": address})
        return await self.say(person, "location", {"location": place}, **where)

    async def file(self, person: Person, kind: str, data: bytes, mime: str, more: Json, **where: Unpack[Where]) -> int:
        """A person sends a file of some kind; its bytes are kept for seven days."""
        stored = self.world.store(data, more.get("filename", kind), mime, SENT_LIFE)
        return await self.say(person, kind, {kind: filled(more) | stored.facts()}, **where)

    async def photo(
        self,
        person: Person,
        data: bytes = JPEG,
        mime: str = "image/jpeg",
        caption: str = "",
        **where: Unpack[Where],
    ) -> int:
        """A person sends a photo."""
        return await self.file(person, "image", data, mime, {"caption": caption}, **where)

    async def video(
        self,
        person: Person,
        data: bytes = b"\0\0\0\x18ftypmp42",
        mime: str = "video/mp4",
        caption: str = "",
        **where: Unpack[Where],
    ) -> int:
        """A person sends a video."""
        return await self.file(person, "video", data, mime, {"caption": caption}, **where)

    async def voice(
        self, person: Person, data: bytes = b"OggS", mime: str = "audio/ogg; codecs=opus", **where: Unpack[Where]
    ) -> int:
        """A person speaks."""
        return await self.file(person, "audio", data, mime, {"voice": True}, **where)

    async def document(
        self,
        person: Person,
        data: bytes = b"%PDF-1.4",
        mime: str = "application/pdf",
        caption: str = "",
        name: str = "surat.pdf",
        **where: Unpack[Where],
    ) -> int:
        """A person sends a document."""
        more = {"caption": caption, "filename": name}
        return await self.file(person, "document", data, mime, more, **where)

    async def sticker(self, person: Person, data: bytes = b"RIFF", **where: Unpack[Where]) -> int:
        """A person sends a sticker."""
        return await self.file(person, "sticker", data, "image/webp", {}, **where)

    async def contacts(self, person: Person, phone: str, name: str = "", **where: Unpack[Where]) -> int:
        """A person shares a phone number, his own or that of another."""
        named = {"first_name": name or person.name, "formatted_name": name or person.name}
        number = {"phone": f"+{phone}", "wa_id": phone, "type": "CELL"}
        return await self.say(person, "contacts", {"contacts": [{"name": named, "phones": [number]}]}, **where)

    async def reaction(self, person: Person, message: str | Shown, emoji: str = "👍") -> int:
        """A person reacts to a message; an empty reaction takes the last one back."""
        wamid = message.id if isinstance(message, Shown) else message
        return await self.say(person, "reaction", {"reaction": {"message_id": wamid} | filled({"emoji": emoji})})

    async def unsupported(self, person: Person) -> int:
        """A person sends what the Cloud API cannot pass on, such as a poll."""
        told = Refused(UNSUPPORTED).report()
        return await self.say(person, "unsupported", {"errors": [told | {"title": "Message type unknown"}]})

    def block(self, person: Person) -> None:
        """A person blocks the business; nothing reaches him any more."""
        self.world.chat(person).blocked = True

    def unblock(self, person: Person) -> None:
        """A person unblocks the business."""
        self.world.chat(person).blocked = False

    async def raw(self, body: bytes, signature: str | None = None) -> int:
        """Posts a body as it is; by default with its right signature, with none at all where that is empty."""
        signed = self.delivery.signature(body) if signature is None else signature
        if self.delivery.webhook is None:
            return NOBODY
        return await self.delivery.post(body, {SIGNATURE: signed} if signed else {})

    def hold(self) -> None:
        """From now on events are kept for a batch."""
        self.delivery.held = [] if self.delivery.held is None else self.delivery.held

    async def flush(
        self, size: int = 10, copies: int = 1, shuffle: Random | None = None, together: int = 1
    ) -> list[int]:
        """Delivers what was held, `size` events a webhook, each event `copies` times, `together` webhooks at once."""
        return await self.delivery.flush(size, copies, shuffle, together)

    @asynccontextmanager
    async def batched(
        self, size: int = 10, copies: int = 1, shuffle: Random | None = None, together: int = 1
    ) -> AsyncIterator[None]:
        """Holds what happens inside and delivers it at the end."""
        self.hold()
        yield
        await self.flush(size, copies, shuffle, together)
