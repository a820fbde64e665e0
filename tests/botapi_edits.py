"""What the methods that change, delete and pin messages do to the world and answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.botapi_media import FOLDERS, caption, given, text
from tests.botapi_nouns import Group, Json, Room, bad
from tests.botapi_world import World

Work = Callable[[World, Json, Json], object]
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _own(world: World, p: Json, doing: str) -> tuple[Room, Json]:
    room = world.open(p["chat_id"])
    message = room.messages.get(p["message_id"])
    if message is None:
        raise bad(f"message to {doing} not found")
    if doing == "edit" and (message["from"]["id"] != world.bot["id"] or p["message_id"] in room.keyboards):
        raise bad("message can't be edited")
    return room, message


def _edit(world: World, p: Json, drop: tuple[str, ...], content: Json) -> Json:
    room, message = _own(world, p, "edit")
    markup = {"reply_markup": p["reply_markup"]} if p.get("reply_markup", {}).get("inline_keyboard") else {}
    kept = {name: value for name, value in message.items() if name not in (*drop, "reply_markup", "edit_date")}
    fresh = kept | content | markup
    if fresh == {name: value for name, value in message.items() if name != "edit_date"}:
        raise bad(NOT_MODIFIED)
    room.messages[p["message_id"]] = fresh | {"edit_date": int(time.time())}
    return room.messages[p["message_id"]]


def _edit_text(world: World, p: Json, _: Json) -> Json:
    if "text" not in _own(world, p, "edit")[1]:
        raise bad("there is no text in the message to edit")
    return _edit(world, p, ("text", "entities"), text(p))


def _edit_caption(world: World, p: Json, _: Json) -> Json:
    if not _own(world, p, "edit")[1].keys() & FOLDERS.keys():
        raise bad("there is no caption in the message to edit")
    return _edit(world, p, ("caption", "caption_entities"), caption(p))


def _edit_media(world: World, p: Json, files: Json) -> Json:
    _own(world, p, "edit")
    one = p["media"]
    fresh = {one["type"]: given(world, one["type"], one["media"], "", files)} | caption(one)
    return _edit(world, p, (*FOLDERS, "caption", "caption_entities", "text", "entities"), fresh)


def _edit_markup(world: World, p: Json, _: Json) -> Json:
    return _edit(world, p, (), {})


def _delete(world: World, p: Json, _: Json) -> bool:
    room, message = _own(world, p, "delete")
    own = message["from"]["id"] == world.bot["id"]
    if not own and isinstance(room.of, Group) and room.bot != "administrator":
        raise bad("message can't be deleted")
    del room.messages[p["message_id"]]
    return True


def _delete_many(world: World, p: Json, _: Json) -> bool:
    room = world.open(p["chat_id"])
    for number in p["message_ids"]:
        room.messages.pop(number, None)
    return True


def _pin(world: World, p: Json, _: Json) -> bool:
    room, _message = _own(world, p, "pin")
    if isinstance(room.of, Group) and room.bot != "administrator":
        raise bad("not enough rights to manage pinned messages in the chat")
    world.pins.setdefault(room.of.id, []).append(p["message_id"])
    return True


def _unpin(world: World, p: Json, _: Json) -> bool:
    pins = world.pins.get(world.open(p["chat_id"]).of.id, [])
    if not pins or p.get("message_id", pins[-1]) not in pins:
        raise bad("message to unpin not found")
    pins.remove(p.get("message_id", pins[-1]))
    return True


def _react(world: World, p: Json, _: Json) -> bool:
    _own(world, p, "react")
    if len(p.get("reaction", ())) > 1:
        raise bad("REACTIONS_TOO_MANY")
    return True


EDIT_METHODS: dict[str, Work] = {
    "editMessageText": _edit_text,
    "editMessageCaption": _edit_caption,
    "editMessageMedia": _edit_media,
    "editMessageReplyMarkup": _edit_markup,
    "deleteMessage": _delete,
    "deleteMessages": _delete_many,
    "pinChatMessage": _pin,
    "unpinChatMessage": _unpin,
    "setMessageReaction": _react,
}
