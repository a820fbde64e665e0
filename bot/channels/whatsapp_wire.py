"""WhatsApp's webhooks as typed shapes, read part by part: what is odd in one costs the others nothing."""

from __future__ import annotations

from typing import Any

import msgspec

NUMBERS = ("latitude", "longitude", "code")


class Ident(msgspec.Struct):
    id: str = ""


class Body(msgspec.Struct):
    body: str = ""


class Media(msgspec.Struct):
    id: str = ""
    mime_type: str = ""
    caption: str = ""
    filename: str = ""
    voice: bool = False


class Location(msgspec.Struct):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class Chosen(msgspec.Struct):
    id: str = ""
    title: str = ""


class Interactive(msgspec.Struct):
    button_reply: Chosen | None = None
    list_reply: Chosen | None = None


class Button(msgspec.Struct):
    payload: str = ""
    text: str = ""


class Inner(msgspec.Struct):
    type: str = ""
    text: Body | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None


class Edit(msgspec.Struct):
    original_message_id: str = ""
    message: Inner = msgspec.field(default_factory=Inner)


class Revoke(msgspec.Struct):
    original_message_id: str = ""


class Trouble(msgspec.Struct):
    code: int = 0


class System(msgspec.Struct):
    type: str = ""
    wa_id: str = ""
    new_wa_id: str = ""
    user_id: str = ""
    previous_user_id: str = ""


class Message(msgspec.Struct):
    id: str = ""
    type: str = ""
    sender: str = msgspec.field(name="from", default="")
    from_user_id: str = ""
    timestamp: str | int | float = 0
    group_id: str = ""
    context: Ident | None = None
    text: Body | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    voice: Media | None = None
    document: Media | None = None
    location: Location | None = None
    interactive: Interactive | None = None
    button: Button | None = None
    edit: Edit | None = None
    revoke: Revoke | None = None
    system: System | None = None
    errors: list[Trouble] = []


class Profile(msgspec.Struct):
    name: str = ""


class Contact(msgspec.Struct):
    wa_id: str = ""
    user_id: str = ""
    profile: Profile = msgspec.field(default_factory=Profile)


class Status(msgspec.Struct):
    id: str = ""
    status: str = ""
    errors: list[Trouble] = []


class Metadata(msgspec.Struct):
    phone_number_id: str = ""


# Lists and their parts are read one by one: what is odd in one costs the others nothing.
NONE = msgspec.Raw(b"[]")


class Value(msgspec.Struct):
    metadata: Metadata = msgspec.field(default_factory=Metadata)
    contacts: msgspec.Raw = NONE
    messages: msgspec.Raw = NONE
    statuses: msgspec.Raw = NONE
    errors: msgspec.Raw = NONE


class Change(msgspec.Struct):
    field: str = ""
    value: msgspec.Raw = msgspec.Raw(b"{}")


class Entry(msgspec.Struct):
    changes: msgspec.Raw = NONE


class Webhook(msgspec.Struct):
    object: str
    entry: msgspec.Raw = NONE


ENVELOPE = msgspec.json.Decoder(Webhook)
LIST = msgspec.json.Decoder(list[msgspec.Raw] | None)
ENTRY = msgspec.json.Decoder(Entry)
CHANGE = msgspec.json.Decoder(Change)
TROUBLE = msgspec.json.Decoder(Trouble)
VALUE = msgspec.json.Decoder(Value)
MESSAGE = msgspec.json.Decoder(Message)
CONTACT = msgspec.json.Decoder(Contact)
STATUS = msgspec.json.Decoder(Status)


def decoded(raw: msgspec.Raw, decoder: msgspec.json.Decoder[Any]) -> Any:
    """A part in its shape; numbers for strings and null for nothing are taken, odd fields left out.

    Raises MsgspecError for what is no such part at all.
    """
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError:
        value = _plain(msgspec.json.decode(raw))
        if isinstance(value, dict):
            value = {name: each for name, each in value.items() if _fitting(decoder, {name: each})}
        return decoder.decode(msgspec.json.encode(value))


def _fitting(decoder: msgspec.json.Decoder[Any], value: Any) -> bool:
    try:
        decoder.decode(msgspec.json.encode(value))
    except msgspec.ValidationError:
        return False
    return True


def _plain(value: Any, name: str = "") -> Any:
    """A value without nulls, its numbers as strings but for those that are meant as numbers."""
    if isinstance(value, dict):
        return {key: _plain(each, key) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_plain(each, name) for each in value if each is not None]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and name not in NUMBERS:
        return str(value)
    return value
