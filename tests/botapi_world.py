"""What Telegram knows: chats, messages, topics, members and files."""

from __future__ import annotations

import hashlib
import itertools
import time
from typing import Any

from tests.botapi_nouns import (
    SUPERGROUP,
    Group,
    Json,
    Person,
    Refused,
    Room,
    Shown,
    Stored,
    Topic,
    bad,
    rows_of,
)
from tests.spec_shapes import TYPES

DOWNLOAD = 20 * 1024 * 1024
_MEDIA = (
    "photo",
    "document",
    "video",
    "voice",
    "audio",
    "animation",
    "sticker",
    "video_note",
    "location",
    "poll",
)


class World:
    """All of Telegram as far as one bot can see it; `strict` refuses chats nobody ever opened."""

    def __init__(self, token: str, strict: bool = True) -> None:
        self.token, self.strict = token, strict
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Kentongan",
            "username": "kentongan_bot",
        }
        self.rooms: dict[int, Room] = {}
        self.files: dict[str, Stored] = {}
        self.queries: dict[str, bool] = {}
        self.settings: dict[str, Any] = {}
        self.pins: dict[int, list[int]] = {}
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """A number never given out before."""
        return next(self._numbers)

    def room_of(self, of: Person | Group) -> Room:
        """The chat with a person or of a group, made when it is new."""
        room = self.rooms.get(of.id)
        if room is None:
            room = self.rooms[of.id] = Room(of)
        return room

    def new_group(self, title: str, forum: bool = False, supergroup: bool = False) -> Group:
        """A group without the bot; a forum is always a supergroup."""
        number = self.number()
        wide = forum or supergroup
        group = Group(SUPERGROUP - 2_000_000_000 - number if wide else -4_000_000_000 - number, title, forum)
        self.rooms[group.id] = Room(group)
        return group

    def known(self, chat_id: object) -> Room:
        """The chat with this id, or the refusal Telegram gives for ids the bot cannot know."""
        room = self.rooms.get(chat_id) if isinstance(chat_id, int) else None
        if room is None and not self.strict and isinstance(chat_id, int):
            room = self.room_of(Person(chat_id) if chat_id > 0 else Group(chat_id, "Grup", chat_id < SUPERGROUP))
            room.started, room.bot, room.manage_topics = True, "administrator", True
        if room is None:
            raise bad("chat not found")
        return room

    def open(self, chat_id: object) -> Room:
        """The chat with this id when the bot may act in it."""
        room = self.known(chat_id)
        if room.moved_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=room.moved_to)
        if isinstance(room.of, Person):
            if room.blocked:
                raise Refused(403, "Forbidden: bot was blocked by the user")
            if not room.started:
                raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        elif room.bot == "kicked":
            raise Refused(403, f"Forbidden: bot was kicked from the {room.of.kind} chat")
        elif room.bot == "left":
            raise Refused(403, f"Forbidden: bot is not a member of the {room.of.kind} chat")
        return room

    def say(self, room: Room, sender: Json, content: Json, topic: int | None, reply_to: int | None) -> Json:
        """Puts a message into a chat and returns it as a Message object."""
        room.last_id += 1
        message: Json = {
            "message_id": room.last_id,
            "from": sender,
            "chat": room.of.chat(),
            "date": int(time.time()),
        }
        if room.forum and topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
            reply_to = topic if reply_to is None else reply_to
        answered = room.messages.get(reply_to) if reply_to is not None else None
        if answered is not None:
            message["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
            if isinstance(room.of, Group) and not room.forum and room.of.kind == "supergroup":
                message["message_thread_id"] = answered.get("message_thread_id", reply_to)
        message |= content
        room.messages[room.last_id] = message
        return message

    def open_topic(self, room: Room, sender: Json, topic: Topic) -> int:
        """Opens a topic and returns its id, which is that of the service message announcing it."""
        created = {"name": topic.name, "icon_color": topic.icon_color}
        thread = room.last_id + 1
        self.say(room, sender, {"forum_topic_created": created}, None, None)
        room.messages[thread] |= {"message_thread_id": thread, "is_topic_message": True}
        room.topics[thread] = topic
        return thread

    def store(self, data: bytes, name: str, mime: str, folder: str) -> Stored:
        """Keeps a file; the same bytes have the same unique id but never the same file id."""
        number = self.number()
        unique = "AQAD" + hashlib.sha256(data).hexdigest()[:12]
        suffix = name.rpartition(".")[2] if "." in name else "jpg"
        file_id = f"AgACAgUAAxkBAAI{number:07d}{unique}"
        stored = Stored(file_id, unique, f"{folder}/file_{number}.{suffix}", name, mime, data)
        self.files[file_id] = stored
        return stored

    def member(self, room: Room, user_id: int) -> Json:
        """A member of a chat as a ChatMember object."""
        if user_id == self.bot["id"]:
            return chat_member(self.bot, room.bot, room.manage_topics)
        status = room.members.get(user_id, "left")
        known = self.rooms.get(user_id)
        person = known.of if known and isinstance(known.of, Person) else Person(user_id)
        return chat_member(person.user(), status, True)

    def shown(self, chat_id: int) -> list[Shown]:
        """What the bot said in a chat, as it now stands."""
        room = self.rooms.get(chat_id)
        messages = room.messages.values() if room else ()
        return [self.look(chat_id, one) for one in messages if self._from_bot(one)]

    def _from_bot(self, message: Json) -> bool:
        service = message.keys() & {"forum_topic_created", "forum_topic_edited", "forum_topic_closed"}
        return bool(message["from"]["id"] == self.bot["id"] and not service)

    def look(self, chat_id: int, message: Json) -> Shown:
        """A message of the bot as a person sees it."""
        room = self.rooms[chat_id]
        kind = next((name for name in _MEDIA if name in message), "text")
        body = message.get(kind)
        body = body[-1] if isinstance(body, list) and body else body
        markup = message.get("reply_markup") or room.keyboards.get(message["message_id"])
        return Shown(
            room.of.id,
            message["message_id"],
            str(message.get("text", message.get("caption", ""))),
            tuple(rows_of(markup)),
            message["message_thread_id"] if message.get("is_topic_message") else None,
            message.get("reply_to_message", {}).get("message_id"),
            kind,
            body.get("file_id", "") if isinstance(body, dict) else "",
        )


def chat_member(user: Json, status: str, manage_topics: bool = False) -> Json:
    """A ChatMember object with every field its status demands."""
    shape = next(one for one in TYPES.values() if one.fields.get("status") and one.fields["status"].constant == status)
    member: Json = {"user": user, "status": status}
    for name in shape.required:
        if name not in member:
            member[name] = 0 if "Integer" in shape.fields[name].types else status == "administrator"
    if status == "administrator":
        member |= {"is_anonymous": False, "can_be_edited": False, "can_manage_topics": manage_topics}
    return member
