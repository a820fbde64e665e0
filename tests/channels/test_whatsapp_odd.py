"""What WhatsApp could send and never should: one odd part does not spoil the rest, and nothing does harm."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.whatsapp_updates import ALARMS, BSUID, PHONE, Heard
from handlers.words import Kind
from storage import tables as t
from storage.letters import Fate
from tests.channels import mutations
from tests.channels.whatsapp_meant import ARRIVED, PAYLOADS, SITI
from tests.channels.whatsapp_webhooks import WHATSAPP, Json, body, fits, hear, message, one, texts, width

KEYS = ("id", "type", "text", "from", "image", "messages", "statuses", "errors", "code", "body", "value", "entry")
MUTATED = mutations.mutated(PAYLOADS, KEYS)

# -- one odd part never costs the others

ODD: tuple[Any, ...] = (None, 7, "x", [], {}, [[]], {"id": {}}, "\ud800", [None], True, 10**400)
PLACES: dict[str, Callable[[Json, Any], None]] = {
    "entry": lambda whole, odd: whole["entry"].insert(0, odd),
    "change": lambda whole, odd: whole["entry"][0]["changes"].insert(0, odd),
    "changes of another entry": lambda whole, odd: whole["entry"].insert(0, {"changes": odd}),
    "value of another change": lambda whole, odd: whole["entry"][0]["changes"].insert(
        0, {"field": "messages", "value": odd}
    ),
    "field": lambda whole, odd: whole["entry"][0]["changes"].insert(0, {"field": odd, "value": {}}),
    "alarm": lambda whole, odd: whole["entry"][0]["changes"].insert(0, {"field": ALARMS[0], "value": odd}),
    **{
        f"one of the {name}": lambda whole, odd, name=name: value_of(whole)[name].insert(0, odd)  # type: ignore[misc]
        for name in ("messages", "statuses", "contacts", "errors")
    },
    **{
        f"all of the {name}": lambda whole, odd, name=name: value_of(whole).update({name: odd})  # type: ignore[misc]
        for name in ("statuses", "contacts", "errors")
    },
}


def value_of(whole: Json) -> Json:
    return dict(whole["entry"][-1]["changes"][-1])["value"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("place", PLACES)
def test_an_odd_part_costs_itself_alone(place: str) -> None:
    """Whatever stands in the place of a part, the message and the status beside it are understood."""
    good = body(messages=[message()], statuses=[{"id": "wamid.S", "status": "read"}], errors=[])
    expected = hear(good)
    for odd in ODD:
        whole = copy.deepcopy(good)
        PLACES[place](whole, odd)
        found = hear(whole)
        assert [(event.id, event.text) for event in found.events] == [("wamid.A", "Halo")], odd
        assert place == "all of the statuses" or found.receipts == expected.receipts, odd


FIELDS = ("context", "timestamp", "errors", "group_id", "image", "interactive", "location", "button", "system", "edit")


@pytest.mark.parametrize("field", FIELDS)
def test_an_odd_field_costs_itself_alone(field: str) -> None:
    """A field of the wrong type does not keep a text from being read."""
    odds: tuple[Any, ...] = ([[]], {"id": {}}, True, [{"code": {}}])
    for odd in odds:
        assert one(**{field: odd}).text == "Halo", odd


@pytest.mark.parametrize("kind", ["text", "image", "location", "interactive", "button"])
def test_who_sends_what_is_odd_is_told(kind: str) -> None:
    """A message whose content has the wrong type is one that cannot be read, never silence."""
    inside = {"id": {}, "body": [], "latitude": "x", "button_reply": 7, "payload": []}
    odds: tuple[Any, ...] = (None, 7, "x", [], [[]], inside)
    for odd in odds:
        event = one(**{"text": None, "type": kind, kind: odd})
        assert event.kind in (Kind.UNREADABLE, Kind.TEXT), odd
        assert event.text == "", odd


def test_a_message_to_nobody_knows_whom_is_kept() -> None:
    """Where it cannot be read to which number a message was written, it is not answered and not lost."""
    odds: tuple[Any, ...] = (None, 7, "x", [], {}, {"phone_number_id": None}, {"phone_number_id": []})
    for odd in odds:
        found = hear(body(messages=[message()], metadata=odd))
        assert (found.events, len(found.unread)) == ([], 1), odd


def test_numbers_where_strings_belong() -> None:
    """Ids, phones and times that come as numbers mean the same as strings."""
    contacts = [{"profile": {"name": SITI.name}, "wa_id": int(SITI.phone), "user_id": SITI.address}]
    said = message() | {"timestamp": 1795320000, "from": int(SITI.phone), "from_user_id": None}
    photo = {**said, "id": 77, "type": "image", "image": {"id": 400, "caption": None}}
    first, second = hear(body(contacts=contacts, messages=[said, photo])).events
    assert first.person == second.person == SITI
    assert first.at == datetime.fromtimestamp(1795320000, UTC)
    assert second.file
    assert (second.id, second.file.ref, second.text) == ("77", "400", "")


TIMES: tuple[Any, ...] = (0, -1, "0", "-5", "nan", "inf", "1e999", "", " ", "kemarin", None, True, [])
HUGE: tuple[Any, ...] = (10**30, 10**400, 2**63, "4102444801")


@pytest.mark.parametrize("time", TIMES + HUGE, ids=lambda time: str(time)[:12])
def test_a_time_that_is_none_is_the_arrival(time: object) -> None:
    """A time that cannot be, or that is after the arrival, is the time of arrival."""
    assert one(timestamp=time).at == ARRIVED


# -- anything


def judge(found: Heard) -> None:
    """What was understood can be kept."""
    for event in found.events:
        fits(event)
        assert event.at.tzinfo is not None
        assert event.at <= ARRIVED
        assert BSUID.fullmatch(event.person.address) or PHONE.fullmatch(event.person.address)
        assert event.id
        for text in texts(event):
            assert "\0" not in text
            assert text.encode().decode() == text
    for receipt in found.receipts:
        assert -1 <= receipt.rank <= 2
        assert receipt.fate in Fate
        assert len(receipt.message) <= width(t.receipts.c.message)


@settings(max_examples=1500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(mutations.spoiled(MUTATED))
def test_any_body(raw: bytes) -> None:
    """Whatever becomes of a true body, it is understood or refused with words that quote nothing of it."""
    try:
        found = WHATSAPP.hear(raw, ARRIVED)
    except ValueError as error:
        why = str(error)
    else:
        why = ""
        judge(found)
    assert not any(word in why for word in ("Siti", "6281200", "wamid", "ID.1"))


@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(MUTATED)
def test_good_messages_among_anything(odd: Any) -> None:
    """Good messages before and after whatever became of a body are understood."""
    first, last = body(messages=[message("wamid.first")]), body(messages=[message("wamid.last")])
    inside = odd.get("entry") if isinstance(odd, dict) else odd
    between = inside if isinstance(inside, list) else [inside]
    found = hear({**first, "entry": [*first["entry"], *between, *last["entry"]]})
    judge(found)
    assert {"wamid.first", "wamid.last"} <= {event.id for event in found.events}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    """Bytes at random are refused."""
    with pytest.raises(ValueError, match=r"."):
        WHATSAPP.hear(raw, ARRIVED)


@pytest.mark.parametrize("depth", [500, 2_000, 200_000])
def test_nesting_without_end(depth: int) -> None:
    """However deep a part is nested, the rest is read or the whole refused; never another fault."""
    for raw in (
        json.dumps(body(messages=[message(), "X"])).replace('"X"', '{"id":' + "[" * depth + "]" * depth + "}"),
        "[" * depth,
        '{"object": ' * depth,
    ):
        try:
            assert [event.id for event in WHATSAPP.hear(raw.encode(), ARRIVED).events] == ["wamid.A"]
        except ValueError:
            continue
