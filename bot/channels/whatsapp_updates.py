"""WhatsApp's webhooks as typed shapes, and what each part means; one odd part does not spoil the rest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.channels.whatsapp_errors import fate_of
from bot.channels.whatsapp_wire import (
    CHANGE,
    CONTACT,
    ENTRY,
    ENVELOPE,
    LIST,
    MESSAGE,
    NONE,
    STATUS,
    TROUBLE,
    VALUE,
    Change,
    Contact,
    Media,
    Message,
    Status,
    Value,
    Webhook,
    decoded,
)
from handlers.words import File, Inbound, Kind, Person, Pin
from storage.letters import Receipt

NAME = "whatsapp"
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
PHONE = re.compile(r"[0-9]{5,20}")
LONGEST_ID, MIME, LARGEST = 120, 128, 2**40
MILLISECONDS = 10**12
NOT_YET = 131060
LATEST = 4_102_444_800
RANKS = {"sent": 0, "delivered": 1, "read": 2, "played": 2}
# What the platform tells the business, not a person: kept in the log for the operator.
ALARMS = (
    "account_alerts",
    "account_update",
    "account_review_update",
    "business_capability_update",
    "message_template_status_update",
    "message_template_quality_update",
    "phone_number_quality_update",
)


@dataclass(slots=True)
class Heard:
    """What a webhook brought. `alarms`: what Meta tells the operator. `unread`: parts that nobody could read."""

    events: list[Inbound] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    unread: list[bytes] = field(default_factory=list)
    ignored: int = 0


def read(raw: bytes, account: str, arrived: datetime) -> Heard:
    """Everything in a webhook, for our number alone; raises msgspec.MsgspecError or ValueError where it is none."""
    webhook = _envelope(raw)
    if webhook.object != "whatsapp_business_account":
        raise ValueError("not of a WhatsApp business account")
    heard = Heard()
    for change in (
        each for entry in _each(webhook.entry, ENTRY, heard) for each in _each(entry.changes, CHANGE, heard)
    ):
        if change.field in ALARMS:
            heard.alarms.append(_alarm(change))
        elif change.field == "messages":
            _values(change.value, account, arrived, heard)
        else:
            heard.ignored += 1
    return heard


def _envelope(raw: bytes) -> Webhook:
    """The whole; a mark stands for what is no Unicode in it, such as half an emoji where a name was cut."""
    try:
        raw.decode()
        return ENVELOPE.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        mended = json.dumps(json.loads(raw.decode("utf-8", "replace")), ensure_ascii=False)
        return ENVELOPE.decode(mended.encode("utf-8", "replace"))


def _alarm(change: Change) -> str:
    """What is said of the account or of a template, without the free words in it."""
    try:
        value: Any = msgspec.json.decode(change.value)
    except msgspec.MsgspecError:
        return change.field
    known = ("event", "message_template_name", "message_template_language", "current_limit", "reason")
    said = [str(value[name])[:80] for name in known if isinstance(value, dict) and value.get(name)]
    return " ".join([change.field, *said])


def _values(raw: msgspec.Raw, account: str, arrived: datetime, heard: Heard) -> None:
    try:
        value: Value = decoded(raw, VALUE)
    except (msgspec.MsgspecError, RecursionError):
        heard.unread.append(bytes(raw))
        return
    number = value.metadata.phone_number_id
    if not number and value.messages != NONE:
        # Perhaps it was meant for us: the operator must see it.
        heard.unread.append(bytes(raw))
        return
    if number != account:
        # Another number of the same business has its own program: answering here would answer twice.
        heard.ignored += 1
        return
    heard.alarms.extend(f"error {trouble.code}" for trouble in _each(value.errors, TROUBLE, heard))
    contacts = list(_each(value.contacts, CONTACT, heard))
    for message in _each(value.messages, MESSAGE, heard):
        event = _event(message, contacts, account, arrived)
        if event is None:
            heard.ignored += 1
        else:
            heard.events.append(event)
    for status in _each(value.statuses, STATUS, heard):
        if receipt := _receipt(status):
            heard.receipts.append(receipt)
        else:
            heard.ignored += 1


def _each(parts: msgspec.Raw, decoder: msgspec.json.Decoder[Any], heard: Heard) -> Iterator[Any]:
    """What can be read of a list; the rest is kept."""
    try:
        listed = LIST.decode(parts) or ()
    except msgspec.MsgspecError:
        heard.unread.append(bytes(parts))
        return
    for raw in listed:
        try:
            found = decoded(raw, decoder)
        except (msgspec.MsgspecError, RecursionError):
            heard.unread.append(bytes(raw))
            continue
        yield found


def _receipt(status: Status) -> Receipt | None:
    if status.status == "failed" and status.id:
        code = status.errors[0].code if status.errors else 0
        return Receipt(fitting(status.id), -1, code, fate_of(code))
    return Receipt(fitting(status.id), RANKS[status.status]) if status.id and status.status in RANKS else None


def clean(text: str) -> str:
    """A text that both databases take: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def fitting(ident: str) -> str:
    """The platform's id, or its digest where it is longer than a column."""
    ident = clean(ident)
    return ident if len(ident) <= LONGEST_ID else hashlib.sha256(ident.encode()).hexdigest()


def at(timestamp: str | float, arrived: datetime) -> datetime:
    """The instant of a timestamp in seconds or milliseconds; not after its arrival, which stands for a missing one."""
    try:
        number = float(timestamp)
    except (ValueError, OverflowError):
        return arrived
    seconds = number / 1000 if number > MILLISECONDS else number
    return min(datetime.fromtimestamp(seconds, UTC), arrived) if 0 < seconds < LATEST else arrived


def _person(message: Message, contacts: Sequence[Contact]) -> Person | None:
    """Who wrote: by the id of the business's own where there is one, else by phone; the profile beside it."""
    ident, phone = message.from_user_id, message.sender
    if BSUID.fullmatch(phone):
        ident, phone = ident or phone, ""
    mine = next((c for c in contacts if (ident and c.user_id == ident) or (phone and c.wa_id == phone)), None)
    if mine is None and len(contacts) == 1 and _fits(contacts[0], ident, phone):
        mine = contacts[0]
    if mine:
        ident, phone = ident or mine.user_id, phone or mine.wa_id
    ident = ident if BSUID.fullmatch(ident) else ""
    phone = phone if PHONE.fullmatch(phone) else ""
    if not (ident or phone):
        return None
    return Person(ident or phone, clean(mine.profile.name)[:200] if mine else "", phone if ident else "")


def _fits(contact: Contact, ident: str, phone: str) -> bool:
    return (not ident or contact.user_id in ("", ident)) and (not phone or contact.wa_id in ("", phone))


def _event(message: Message, contacts: Sequence[Contact], account: str, arrived: datetime) -> Inbound | None:
    """What a message means; nothing for what no answer is expected to."""
    if not clean(message.id) or message.group_id or message.type == "reaction":
        return None
    if message.type == "system":
        return _moved(message, account, arrived)
    person = _person(message, contacts)
    if person is None:
        return None
    message_id = fitting(message.id)
    # What could not be shown at first comes again under the same id when it can.
    ident = f"{message_id}:later" if any(each.code == NOT_YET for each in message.errors) else message_id
    when = at(message.timestamp, arrived)
    changed = message.edit or message.revoke
    if changed is not None and message.type in ("edit", "revoke"):
        event = _changed(message, person, when)
        return replace(event, account=account) if event else None
    kind, text, place, file = _content(message)
    tap = _tap(message)
    return Inbound(
        NAME,
        ident,
        Kind.TAP if tap else kind,
        person,
        when,
        text=clean(text),
        tap=clean(tap)[:256],
        message=message_id,
        reply_to=fitting(message.context.id) if message.context and message.context.id else "",
        place=place,
        file=file,
        # Photos that are chosen together come one by one, with nothing that joins them: one answer is enough.
        album="media" if message.type in ("image", "video") else "",
        query=message_id,
        account=account,
    )


def _moved(message: Message, account: str, arrived: datetime) -> Inbound | None:
    """Somebody changed their number or got a new id: the same person under a new address."""
    system = message.system
    if system is None or system.type not in ("user_changed_number", "user_changed_user_id", "customer_changed_number"):
        return None
    old = system.previous_user_id or message.from_user_id or message.sender
    new = system.user_id or system.wa_id or system.new_wa_id
    if not (BSUID.fullmatch(old) or PHONE.fullmatch(old)) or not (BSUID.fullmatch(new) or PHONE.fullmatch(new)):
        return None
    phone = message.sender if PHONE.fullmatch(message.sender) and message.sender != old else ""
    person, when = Person(old, phone=phone), at(message.timestamp, arrived)
    return Inbound(NAME, fitting(message.id), Kind.MIGRATED, person, when, moved_to=new, account=account)


def _changed(message: Message, person: Person, when: datetime) -> Inbound | None:
    ident = fitting(message.id)
    if message.revoke:
        gone = message.revoke.original_message_id
        return Inbound(NAME, ident, Kind.DELETED, person, when, message=fitting(gone)) if gone else None
    assert message.edit is not None
    inner, first = message.edit.message, message.edit.original_message_id
    media = inner.image or inner.video or inner.document
    text = inner.text.body if inner.text else media.caption if media else ""
    return Inbound(NAME, ident, Kind.EDIT, person, when, text=clean(text), message=fitting(first)) if text else None


def _tap(message: Message) -> str:
    if message.type == "button" and message.button:
        # Without a payload of ours the button brings its own label: then it is as good as typed.
        return message.button.payload if message.button.payload != message.button.text else ""
    if message.type == "interactive" and message.interactive:
        chosen = message.interactive.button_reply or message.interactive.list_reply
        return chosen.id if chosen else ""
    return ""


# Our word for each kind of file, and the type where the platform says none.
FILES = (
    ("image", "image", "image/jpeg"),
    ("video", "video", "video/mp4"),
    ("audio", "audio", "audio/ogg"),
    ("voice", "audio", "audio/ogg"),
    ("document", "document", ""),
)


def _content(message: Message) -> tuple[Kind, str, Pin | None, File | None]:
    if message.type == "text" and message.text:
        return Kind.TEXT, message.text.body, None, None
    if message.type == "request_welcome":
        return Kind.TEXT, "/start", None, None
    if message.type == "button" and message.button:
        return Kind.TEXT, message.button.text, None, None
    where = message.location
    if message.type == "location" and where and abs(where.latitude) <= 90 and abs(where.longitude) <= 180:
        return Kind.PLACE, f"{where.name}, {where.address}".strip(", "), Pin(where.latitude, where.longitude), None
    for name, kind, usual in FILES:
        media: Media | None = getattr(message, name)
        if message.type == name and media and media.id and len(media.id) <= 255:
            # "audio/ogg; codecs=opus": what follows the type says nothing that is needed.
            mime = clean(media.mime_type).partition(";")[0].strip().casefold()[:MIME] or usual
            file = File(clean(media.id), kind, mime, name=clean(media.filename)[:200], fleeting=True)
            return Kind.FILE, media.caption, None, file
    return Kind.UNREADABLE, "", None, None
