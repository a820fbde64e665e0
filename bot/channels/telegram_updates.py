"""Telegram's updates as typed shapes, and what each means; unknown fields are passed over, unknown kinds are none."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import msgspec

from handlers.words import File, Inbound, Kind, Person, Pin, Room

NAME = "telegram"


class User(msgspec.Struct):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""


class Chat(msgspec.Struct):
    id: int
    type: str = "private"
    title: str = ""
    is_forum: bool = False


class Media(msgspec.Struct):
    file_id: str
    file_size: int = 0
    mime_type: str = ""
    file_name: str = ""


class Location(msgspec.Struct):
    latitude: float
    longitude: float


class Venue(msgspec.Struct):
    location: Location
    title: str = ""
    address: str = ""


class Message(msgspec.Struct):
    message_id: int
    chat: Chat
    date: int = 0
    sender: User | None = msgspec.field(name="from", default=None)
    text: str | None = None
    caption: str = ""
    photo: list[Media] = []
    document: Media | None = None
    video: Media | None = None
    animation: Media | None = None
    video_note: Media | None = None
    audio: Media | None = None
    voice: Media | None = None
    location: Location | None = None
    venue: Venue | None = None
    reply_to_message: Message | None = None
    message_thread_id: int = 0
    is_topic_message: bool = False
    media_group_id: str = ""
    migrate_to_chat_id: int = 0


class CallbackQuery(msgspec.Struct):
    id: str
    sender: User = msgspec.field(name="from")
    message: Message | None = None
    data: str = ""


class Member(msgspec.Struct):
    status: str = ""


class MemberChange(msgspec.Struct):
    chat: Chat
    sender: User = msgspec.field(name="from")
    date: int = 0
    old_chat_member: Member = msgspec.field(default_factory=Member)
    new_chat_member: Member = msgspec.field(default_factory=Member)


class Update(msgspec.Struct):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberChange | None = None


class Fields(msgspec.Struct):
    message: dict[str, msgspec.Raw] = {}


DECODER = msgspec.json.Decoder(Update)
NAMES = msgspec.json.Decoder(Fields)
MIME, LARGEST = 128, 2**40
# What Telegram says by itself in a chat; nobody expects an answer to it.
SERVICE = frozenset(
    [
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "pinned_message",
        "successful_payment",
        "refunded_payment",
        "users_shared",
        "chat_shared",
        "connected_website",
        "write_access_allowed",
        "passport_data",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "giveaway_created",
        "giveaway_completed",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_participants_invited",
        "web_app_data",
        "gift",
        "unique_gift",
    ]
)
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
OUTSIDE = ("left", "kicked")
# What Telegram does not name: photos are always JPEG, voice is OGG, round videos and animations are MP4.
# An animation comes as a document too, so it is looked for first.
MEDIA = (
    ("animation", "video", "video/mp4"),
    ("video", "video", "video/mp4"),
    ("video_note", "video", "video/mp4"),
    ("document", "document", ""),
    ("audio", "audio", "audio/mpeg"),
    ("voice", "audio", "audio/ogg"),
)


def read(raw: bytes) -> Inbound | None:
    """What an update means; nothing where it means nothing to us. Raises msgspec.DecodeError or RecursionError."""
    return understood(DECODER.decode(raw), lambda: NAMES.decode(raw).message.keys())


def understood(update: Update, names: Callable[[], Collection[str]]) -> Inbound | None:
    """What an update means; nothing where it means nothing to us. `names`: the fields that its message has."""
    ident = str(update.update_id)
    if update.message:
        event = _message(ident, update.message)
        told = event is not None and event.kind is Kind.UNREADABLE
        return None if told and not SERVICE.isdisjoint(names()) else event
    if update.edited_message:
        return _edited(ident, update.edited_message)
    if update.callback_query:
        return _tap(ident, update.callback_query)
    if update.my_chat_member:
        return _membership(ident, update.my_chat_member)
    return None


def _person(user: User) -> Person:
    return Person(str(user.id), _clean(f"{user.first_name} {user.last_name}".strip()))


def _room(chat: Chat) -> Room | None:
    return None if chat.type == "private" else Room(str(chat.id), _clean(chat.title), chat.is_forum)


def _clean(text: str) -> str:
    # PostgreSQL keeps no NUL, and half a surrogate pair cannot be written as UTF-8.
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), 4_102_444_800), UTC)


def _reply_to(message: Message) -> str:
    # In a topic every message "replies" to the one that opened it: that is no reply.
    target = message.reply_to_message
    if target is None or (message.is_topic_message and target.message_id == message.message_thread_id):
        return ""
    return str(target.message_id)


def _by_bot(message: Message) -> bool:
    return message.sender is not None and message.sender.is_bot


def _message(ident: str, message: Message) -> Inbound | None:
    sender, room = message.sender, _room(message.chat)
    if message.chat.type == "channel" or sender is None or (sender.is_bot and not message.migrate_to_chat_id):
        return None
    if message.migrate_to_chat_id:
        return Inbound(
            NAME,
            ident,
            Kind.MIGRATED,
            _person(sender),
            _at(message.date),
            room,
            moved_to=str(message.migrate_to_chat_id),
        )
    kind, text, place, file = _content(message)
    reply_to = _reply_to(message)
    if kind is Kind.UNREADABLE and room and not reply_to:
        return None
    return Inbound(
        NAME,
        ident,
        kind,
        _person(sender),
        _at(message.date),
        room,
        text=_clean(text),
        message=str(message.message_id),
        reply_to=reply_to,
        topic=str(message.message_thread_id) if message.is_topic_message else "",
        place=place,
        file=file,
        album=message.media_group_id,
        to_bot=bool(reply_to and message.reply_to_message and _by_bot(message.reply_to_message)),
    )


def _content(message: Message) -> tuple[Kind, str, Pin | None, File | None]:
    if message.text is not None:
        return Kind.TEXT, message.text, None, None
    where = message.venue.location if message.venue else message.location
    if where and abs(where.latitude) <= 90 and abs(where.longitude) <= 180:
        named = f"{message.venue.title}, {message.venue.address}".strip(", ") if message.venue else ""
        return Kind.PLACE, named, Pin(where.latitude, where.longitude), None
    if message.photo:
        largest = max(message.photo, key=lambda size: size.file_size)
        return Kind.FILE, message.caption, None, File(largest.file_id, "image", "image/jpeg", largest.file_size)
    for name, kind, mime in MEDIA:
        media: Media | None = getattr(message, name)
        if media:
            shown = _clean(media.mime_type)[:MIME] or mime
            file = File(media.file_id, kind, shown, min(max(media.file_size, 0), LARGEST), _clean(media.file_name))
            return Kind.FILE, message.caption, None, file
    return Kind.UNREADABLE, "", None, None


def _edited(ident: str, message: Message) -> Inbound | None:
    text = message.text if message.text is not None else message.caption
    if not text:
        return None
    if message.sender is None or message.sender.is_bot or message.chat.type == "channel":
        return None
    return Inbound(
        NAME,
        ident,
        Kind.EDIT,
        _person(message.sender),
        _at(message.date),
        _room(message.chat),
        text=_clean(text),
        message=str(message.message_id),
        reply_to=_reply_to(message),
        topic=str(message.message_thread_id) if message.is_topic_message else "",
    )


def _tap(ident: str, query: CallbackQuery) -> Inbound:
    message = query.message
    return Inbound(
        NAME,
        ident,
        Kind.TAP,
        _person(query.sender),
        _at(message.date if message else 0),
        _room(message.chat) if message else None,
        tap=_clean(query.data),
        message=str(message.message_id) if message else "",
        topic=str(message.message_thread_id) if message and message.is_topic_message else "",
        query=query.id,
    )


def _membership(ident: str, change: MemberChange) -> Inbound | None:
    was, now = change.old_chat_member.status, change.new_chat_member.status
    room = _room(change.chat)
    if room is None:
        kind = Kind.BLOCKED if now in OUTSIDE else Kind.UNBLOCKED
    elif change.chat.type == "channel" or (was in OUTSIDE) == (now in OUTSIDE):
        return None
    else:
        kind = Kind.LEFT if now in OUTSIDE else Kind.JOINED
    return Inbound(NAME, ident, kind, _person(change.sender), _at(change.date), room)
