"""What WhatsApp sends is understood part by part, and nothing it could send does harm."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.channels.whatsapp_updates import ALARMS
from tests.channels import whatsapp_meant
from tests.channels.whatsapp_meant import FOREIGN, MEANT, PAYLOADS, SITI
from tests.channels.whatsapp_webhooks import Json, body, fits, hear, message, one, texts

# -- the files


def test_every_file_has_a_meaning() -> None:
    """Each body on file is judged in the table, and the table judges nothing else."""
    assert PAYLOADS.keys() == {*MEANT, FOREIGN}
    assert len(PAYLOADS) >= 138


@pytest.mark.parametrize("name", MEANT)
def test_what_a_file_means(name: str) -> None:
    """A body becomes exactly these events, receipts and alarms, and exactly so much is ignored or set aside."""
    found = hear(PAYLOADS[name])
    assert len(found.unread) == MEANT[name].unread
    assert dataclasses.replace(found, unread=[]) == whatsapp_meant.heard(name)


@pytest.mark.parametrize("name", MEANT)
def test_the_order_of_fields_means_nothing(name: str) -> None:
    """With the fields of every object the other way round a body means the same."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(inner) for key, inner in reversed(value.items())}
        return [turned(each) for each in value] if isinstance(value, list) else value

    found = hear(turned(PAYLOADS[name]))
    assert dataclasses.replace(found, unread=[]) == whatsapp_meant.heard(name)


def test_a_batch_of_everything_is_complete() -> None:
    """All files as entries of one body mean what they mean one by one, in their order, with nothing left out."""
    together = {"object": "whatsapp_business_account", "entry": [e for name in MEANT for e in PAYLOADS[name]["entry"]]}
    found, apart = hear(together), [whatsapp_meant.heard(name) for name in MEANT]
    assert found.events == [event for each in apart for event in each.events]
    assert found.receipts == [receipt for each in apart for receipt in each.receipts]
    assert found.alarms == [alarm for each in apart for alarm in each.alarms]
    assert (len(found.unread), found.ignored) == (
        sum(meant.unread for meant in MEANT.values()),
        sum(meant.ignored for meant in MEANT.values()),
    )


def test_a_placeholder_does_not_use_up_the_message_that_follows() -> None:
    """What could not be shown at first and comes later under its id is another event about the same message."""
    (first,), (later,) = hear(PAYLOADS["unavailable"]).events, hear(PAYLOADS["unavailable_then_text"]).events
    assert first.message == later.message == later.id
    assert first.id != later.id
    assert first.id.startswith(f"{later.id}:")
    assert hear(PAYLOADS["unavailable"]).events == [first]


def test_every_alarm_is_heard() -> None:
    """Each field that is an alarm tells its name and what happened, whatever else it holds, and none of its words."""
    for name in ALARMS:
        value = {"event": "FLAGGED", "description": "Sari Wulandari", "odd": [1, {"reason": "x"}]}
        payload = body()
        payload["entry"][0]["changes"] = [{"field": name, "value": value}, {"field": name, "value": "Sari"}]
        assert hear(payload).alarms == [f"{name} FLAGGED", name]


# -- what the record can keep


def test_marks_that_the_record_cannot_keep_are_taken_out() -> None:
    """No NUL and no half of a surrogate pair comes out of any field that a person can fill."""
    bad = "a\0b\ud83d"
    contacts = [{"profile": {"name": bad}, "wa_id": SITI.phone, "user_id": SITI.address}]
    media = {"id": bad, "mime_type": bad, "filename": bad, "caption": bad}
    parts: list[Json] = [
        {"text": {"body": bad}, "context": {"id": bad}},
        {"type": "document", "document": media},
        {"type": "button", "button": {"payload": bad, "text": "x"}},
        {"type": "location", "location": {"latitude": 1, "longitude": 2, "name": bad, "address": bad}},
        {"type": "edit", "edit": {"original_message_id": bad, "message": {"type": "text", "text": {"body": bad}}}},
        {"type": "revoke", "revoke": {"original_message_id": bad}},
    ]
    said = [message(f"{bad}{number}", **part) for number, part in enumerate(parts)]
    found = hear(body(contacts=contacts, messages=said, statuses=[{"id": bad, "status": "read"}]))
    assert len(found.events) == len(parts)
    for text in (*(text for event in found.events for text in texts(event)), found.receipts[0].message):
        assert "\0" not in text
        assert text.encode().decode() == text
    assert found.events[0].text == "ab?"


def test_ids_fit_their_columns() -> None:
    """Ids of any length fit, and two that differ stay two."""
    long = "wamid." + "x" * 5000
    events = hear(body(messages=[message(long), message(f"{long}y"), message("wamid.B", context={"id": long})])).events
    assert len({event.id for event in events}) == 3
    assert events[2].reply_to == events[0].message
    for event in events:
        fits(event)
    (receipt,) = hear(body(statuses=[{"id": long, "status": "read"}])).receipts
    assert receipt.message == events[0].message
    unread = one(ident=long, type="unsupported", errors=[{"code": 131060}])
    fits(unread)
