"""What the methods that send messages do to the world and answer."""

from __future__ import annotations

from collections.abc import Callable

from tests.botapi_media import caption, given, poll, text
from tests.botapi_nouns import Group, Json, Room, bad
from tests.botapi_world import World

Work = Callable[[World, Json, Json], object]
_PRIVATE_ONLY = {"request_contact": "phone number", "request_location": "location"}


def _thread(room: Room, p: Json) -> int | None:
    thread: int | None = p.get("message_thread_id")
    if thread is None:
        return None
    topic = room.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed and room.bot != "administrator":
        raise bad("TOPIC_CLOSED")
    return thread


def _target(world: World, room: Room, p: Json, thread: int | None) -> int | None:
    """The message replied to; one in another topic does not count as found."""
    reply: Json | None = p.get("reply_parameters")
    if reply is None:
        return None
    found = room.messages.get(reply["message_id"])
    if found is not None and thread in (None, found.get("message_thread_id"), found["message_id"]):
        return int(reply["message_id"])
    if world.strict and not (reply.get("allow_sending_without_reply") and thread is None):
        raise bad("message to be replied not found")
    return None


def _markup(room: Room, p: Json) -> Json | None:
    markup: Json | None = p.get("reply_markup")
    for row in (markup or {}).get("keyboard", ()) if isinstance(room.of, Group) else ():
        for name in (name for button in row for name in button if name in _PRIVATE_ONLY):
            raise bad(f"{_PRIVATE_ONLY[name]} can be requested in private chats only")
    return markup


def _post(world: World, p: Json, content: Json) -> Json:
    room = world.open(p["chat_id"])
    thread = _thread(room, p)
    target = _target(world, room, p, thread)
    markup = _markup(room, p)
    if thread is None and target is not None and room.messages[target].get("is_topic_message"):
        thread = room.messages[target]["message_thread_id"]
    if markup and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    message = world.say(room, world.bot, content, thread, target)
    if markup and "inline_keyboard" not in markup:
        room.keyboards[message["message_id"]] = markup
    return message


def _send_message(world: World, p: Json, _: Json) -> Json:
    return _post(world, p, text(p))


def _send_media(kind: str) -> Work:
    def work(world: World, p: Json, files: Json) -> Json:
        world.open(p["chat_id"])
        return _post(world, p, {kind: given(world, kind, p.get(kind), kind, files)} | caption(p))

    return work


def _send_media_group(world: World, p: Json, files: Json) -> list[Json]:
    world.open(p["chat_id"])
    album = str(13_000_000_000_000 + world.number())
    items = [{one["type"]: given(world, one["type"], one["media"], "", files)} | caption(one) for one in p["media"]]
    return [_post(world, p, item | {"media_group_id": album}) for item in items]


def _send_facts(kind: str, names: tuple[str, ...]) -> Work:
    def work(world: World, p: Json, _: Json) -> Json:
        return _post(world, p, {kind: {name: p[name] for name in names if name in p}})

    return work


def _send_venue(world: World, p: Json, _: Json) -> Json:
    place = {"latitude": p["latitude"], "longitude": p["longitude"]}
    return _post(
        world,
        p,
        {"venue": {"location": place, "title": p["title"], "address": p["address"]}, "location": place},
    )


def _send_poll(world: World, p: Json, _: Json) -> Json:
    return _post(world, p, {"poll": poll(world, p["question"], [one["text"] for one in p["options"]])})


def _original(world: World, p: Json) -> Json:
    found = world.open(p["from_chat_id"]).messages.get(p["message_id"])
    if found is None:
        raise bad("message to copy not found")
    service = {
        "message_id",
        "from",
        "chat",
        "date",
        "reply_to_message",
        "message_thread_id",
        "is_topic_message",
    }
    return {name: value for name, value in found.items() if name not in service | {"reply_markup", "media_group_id"}}


def _copy(world: World, p: Json, _: Json) -> Json:
    return {"message_id": _post(world, p, _original(world, p) | caption(p))["message_id"]}


def _forward(world: World, p: Json, _: Json) -> Json:
    source = world.open(p["from_chat_id"]).messages.get(p["message_id"])
    content = _original(world, p)
    origin = {"type": "user", "date": source["date"], "sender_user": source["from"]} if source else {}
    return _post(world, p, content | {"forward_origin": origin})


def _chat_action(world: World, p: Json, _: Json) -> bool:
    _thread(world.open(p["chat_id"]), p)
    return True


MESSAGE_METHODS: dict[str, Work] = {
    "sendMessage": _send_message,
    "sendPhoto": _send_media("photo"),
    "sendDocument": _send_media("document"),
    "sendVideo": _send_media("video"),
    "sendVoice": _send_media("voice"),
    "sendAudio": _send_media("audio"),
    "sendAnimation": _send_media("animation"),
    "sendSticker": _send_media("sticker"),
    "sendVideoNote": _send_media("video_note"),
    "sendMediaGroup": _send_media_group,
    "sendLocation": _send_facts("location", ("latitude", "longitude", "horizontal_accuracy")),
    "sendContact": _send_facts("contact", ("phone_number", "first_name", "last_name", "vcard")),
    "sendVenue": _send_venue,
    "sendPoll": _send_poll,
    "copyMessage": _copy,
    "forwardMessage": _forward,
    "sendChatAction": _chat_action,
}
