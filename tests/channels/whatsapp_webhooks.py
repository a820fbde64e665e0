"""Webhooks of WhatsApp made by hand, and what the record can keep of what is read from them."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from sqlalchemy import Column, String

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_updates import Heard
from handlers.words import Inbound
from storage import tables as t
from tests.channels.whatsapp_meant import ARRIVED, OURS, SITI

WHATSAPP = WhatsApp("EAAG", OURS, "rahasia-aplikasi", "kata-sandi-webhook")
Json = dict[str, Any]


def hear(payload: Any) -> Heard:
    """What our number hears in a payload."""
    return WHATSAPP.hear(json.dumps(payload).encode(), ARRIVED)


def body(**value: Any) -> Json:
    """A webhook of one change for our number, with Siti's profile where no other is given."""
    siti = {"profile": {"name": SITI.name}, "wa_id": SITI.phone, "user_id": SITI.address}
    whole = {"metadata": {"phone_number_id": OURS}, "contacts": [siti], **value}
    change = {"field": "messages", "value": whole}
    return {"object": "whatsapp_business_account", "entry": [{"id": "3", "changes": [change]}]}


def message(ident: str = "wamid.A", **more: Any) -> Json:
    """A text of Siti's, with other fields beside or instead."""
    said = {"type": "text", "text": {"body": "Halo"}, "timestamp": "1795320000"}
    return {"from": SITI.phone, "from_user_id": SITI.address, "id": ident, **said, **more}


def one(**more: Any) -> Inbound:
    """What a single message becomes."""
    (event,) = hear(body(messages=[message(**more)])).events
    return event


LENGTHS = {
    "id": t.inbox.c.event_id,
    "message": t.sent.c.message,
    "reply_to": t.sent.c.message,
    "account": t.windows.c.account,
    "channel": t.inbox.c.channel,
}


def width(column: Column[Any]) -> int:
    """How many characters a column holds."""
    assert isinstance(column.type, String)
    return column.type.length or 0


def fits(event: Inbound) -> None:
    """Nothing in an event is longer than its column."""
    for name, column in LENGTHS.items():
        assert len(getattr(event, name)) <= width(column), name
    assert len(event.tap) <= 256
    if event.file:
        assert len(event.file.ref) <= width(t.fetches.c.ref)
        assert len(event.file.mime) <= width(t.fetches.c.mime)


def texts(value: Any) -> list[str]:
    """All texts in an event."""
    if isinstance(value, str):
        return [value]
    if dataclasses.is_dataclass(value):
        return [text for each in dataclasses.fields(value) for text in texts(getattr(value, each.name))]
    return []
