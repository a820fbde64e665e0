"""What people do in Telegram, told to the bot as true-to-life updates."""

from __future__ import annotations

import base64
import re
import time
from abc import ABC, abstractmethod
from typing import Unpack

from tests.botapi_media import media, poll
from tests.botapi_nouns import Group, Json, Person, Room, Shown, Upload, Where
from tests.botapi_world import World
from tests.spec import units

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j"
    "q62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKT/wAARCAAMABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QA"
    "FQEBAQAAAAAAAAAAAAAAAAAAAQP/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYAJP/2Q=="
)
_COMMAND = re.compile(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,32}(?:@\w+)?")


class People(ABC):
    """Everything a person can do that reaches the bot; each returns what the bot's webhook answered.

    202 means kept for getUpdates, 0 that nobody answered or that Telegram does not tell the bot such things.
    """

    world: World

    @abstractmethod
    async def deliver(self, kind: str, body: Json) -> int:
        """Sends one new update to the bot."""

    async def text(self, user: Person, text: str, reply_to: int | Shown | None = None) -> int:
        """A person writes to the bot in private; his first message counts as pressing start."""
        return await self.say(user, _text(text), reply_to=reply_to)

    async def group_text(
        self,
        user: Person,
        group: Group,
        text: str,
        reply_to: int | Shown | None = None,
        topic: int | None = None,
    ) -> int:
        """A person writes in a group; a bot without admin rights sees only commands and replies to it."""
        return await self.say(user, _text(text), group=group, reply_to=reply_to, topic=topic)

    async def say(self, user: Person, content: Json, **where: Unpack[Where]) -> int:
        """A person posts a message of any content."""
        group, topic, reply_to = where.get("group"), where.get("topic"), where.get("reply_to")
        room = self._place(user, group)
        target = reply_to.id if isinstance(reply_to, Shown) else reply_to
        if topic is None and target is not None:
            topic = room.messages.get(target, {}).get("message_thread_id")
        message = self.world.say(room, user.user(), content, topic, target)
        return await self.deliver("message", message) if self._seen(room, message) else 0

    def _place(self, user: Person, group: Group | None) -> Room:
        private = self.world.room_of(user)
        if group is None:
            if private.blocked:
                raise ValueError("a person who blocked the bot unblocks it before writing")
            private.started, private.bot = True, "member"
            return private
        room = self.world.rooms[group.id]
        room.members.setdefault(user.id, "member")
        return room

    def _seen(self, room: Room, message: Json) -> bool:
        if isinstance(room.of, Person) or room.bot == "administrator":
            return True
        if room.bot != "member":
            return False
        to_bot = message.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot["id"]
        return to_bot or any(one["type"] == "bot_command" for one in message.get("entities", ()))

    async def tap(self, user: Person, message: int | Shown, label: str, group: Group | None = None) -> int:
        """A person presses a button of the bot, named by its label or the beginning of it.

        A `Shown` message is pressed as it was shown then, even if the bot has edited or deleted it since.
        """
        chat = message.chat if isinstance(message, Shown) else group.id if group else user.id
        number = message.id if isinstance(message, Shown) else message
        shown = message if isinstance(message, Shown) else self._shown(chat, number)
        return await self.press(user, chat, number, shown.data(label))

    async def press(self, user: Person, chat: int, number: int, data: str) -> int:
        """A person presses a button that carries this callback data."""
        room = self.world.rooms[chat]
        gone = {"chat": room.of.chat(), "message_id": number, "date": 0}
        query = str(4_000_000_000_000_000_000 + self.world.number())
        self.world.queries[query] = False
        body = {"id": query, "from": user.user(), "message": room.messages.get(number, gone)}
        return await self.deliver("callback_query", body | {"chat_instance": str(chat * 7919), "data": data})

    def _shown(self, chat: int, number: int) -> Shown:
        return next(one for one in self.world.shown(chat) if one.id == number)

    async def edit(self, user: Person, message_id: int, text: str, group: Group | None = None) -> int:
        """A person changes the text of a message of his."""
        room = self.world.rooms[group.id if group else user.id]
        old = {name: value for name, value in room.messages[message_id].items() if name != "entities"}
        room.messages[message_id] = old | _text(text) | {"edit_date": int(time.time())}
        seen = self._seen(room, room.messages[message_id])
        return await self.deliver("edited_message", room.messages[message_id]) if seen else 0

    async def photo(
        self,
        user: Person,
        caption: str | None = None,
        data: bytes = JPEG,
        album: str | None = None,
        **where: Unpack[Where],
    ) -> int:
        """A person sends a photo; those with the same album name arrive as one media group."""
        content: Json = {"photo": media(self.world, "photo", Upload("photo.jpg", "image/jpeg", data))}
        return await self.say(user, content | _caption(caption) | _album(album), **where)

    async def document(
        self,
        user: Person,
        name: str,
        mime: str,
        data: bytes,
        caption: str | None = None,
        album: str | None = None,
        **where: Unpack[Where],
    ) -> int:
        """A person sends a file."""
        content: Json = {"document": media(self.world, "document", Upload(name, mime, data))}
        return await self.say(user, content | _caption(caption) | _album(album), **where)

    async def voice(self, user: Person, data: bytes = b"OggS", **where: Unpack[Where]) -> int:
        """A person speaks."""
        return await self.say(
            user, {"voice": media(self.world, "voice", Upload("voice.oga", "audio/ogg", data))}, **where
        )

    async def video(
        self,
        user: Person,
        caption: str | None = None,
        data: bytes = b"\0\0\0\x18ftypmp42",
        album: str | None = None,
        **where: Unpack[Where],
    ) -> int:
        """A person sends a video."""
        content: Json = {"video": media(self.world, "video", Upload("video.mp4", "video/mp4", data))}
        return await self.say(user, content | _caption(caption) | _album(album), **where)

    async def sticker(self, user: Person, **where: Unpack[Where]) -> int:
        """A person sends a sticker."""
        sticker = media(self.world, "sticker", Upload("sticker.webp", "image/webp", b"RIFF"))
        return await self.say(user, {"sticker": sticker}, **where)

    async def contact(self, user: Person, phone: str, of: Person | None = None, **where: Unpack[Where]) -> int:
        """A person shares his own phone number, or that of another."""
        owner = of or user
        contact = {"phone_number": phone, "first_name": owner.first_name, "user_id": owner.id}
        return await self.say(user, {"contact": contact}, **where)

    async def location(self, user: Person, latitude: float, longitude: float, **where: Unpack[Where]) -> int:
        """A person shares a place."""
        return await self.say(user, {"location": {"latitude": latitude, "longitude": longitude}}, **where)

    async def poll(self, user: Person, question: str, options: list[str], **where: Unpack[Where]) -> int:
        """A person posts a poll."""
        return await self.say(user, {"poll": poll(self.world, question, options)}, **where)

    async def forwarded(
        self, user: Person, text: str, origin: Person | str = "Akun Tersembunyi", **where: Unpack[Where]
    ) -> int:
        """A person forwards what somebody wrote, who may hide behind a mere name."""
        told: Json = {"type": "hidden_user", "date": int(time.time()) - 60, "sender_user_name": origin}
        if isinstance(origin, Person):
            told = {"type": "user", "date": int(time.time()) - 60, "sender_user": origin.user()}
        return await self.say(user, _text(text) | {"forward_origin": told}, **where)


def _text(text: str) -> Json:
    found = [
        {"type": "bot_command", "offset": units(text[: one.start()]), "length": units(one[0])}
        for one in _COMMAND.finditer(text)
    ]
    return {"text": text} | ({"entities": found} if found else {})


def _caption(caption: str | None) -> Json:
    return {"caption": caption} if caption else {}


def _album(album: str | None) -> Json:
    return {"media_group_id": album} if album else {}
