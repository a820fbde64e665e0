"""What Telegram sends is understood, and nothing it could send does harm."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram import Telegram
from handlers.words import File, Inbound, Kind, Person, Pin, Room
from tests import spec

FOLDER = Path(__file__).parent.parent / "data" / "telegram"
PAYLOADS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
# Fields that the reduced description of the Bot API leaves out.
LEFT_OUT = ("auto_delete", "dice", "inline_query", "reply_to_other_chat")
TELEGRAM = Telegram("123456:TEST", secret="rahasia-uji-0123456789")
SITI, AGUS = Person("5012345678", "Siti Romlah"), Person("498765432", "Agus Wibowo")
ANONYMOUS = Person("1087968824", "Group")
GROUP = Room("-4012345678", "Pelayanan Dinas PU")
FORUM = Room("-1002345678901", "Pelayanan Dinas PU", True)
SUPER = Room("-1001987654321", "Pelayanan Dishub")
SENT_AT = 1795320000


def file(number: int, kind: str, mime: str, size: int, name: str = "", start: str = "BQACAgUA") -> File:
    return File(f"{start}AxkBAAIBV2c9Zm{number:04d}Q", kind, mime, size, name)


UNREADABLE = {"kind": Kind.UNREADABLE, "person": SITI, "text": "", "file": None, "place": None}
HERE = Pin(-8.133512, 113.224812)
MEANT: dict[str, dict[str, Any] | None] = {
    "text": {"kind": Kind.TEXT, "person": SITI, "room": None, "text": "Lampu jalan di depan SDN 2 mati sejak Senin"},
    "command": {"kind": Kind.TEXT, "text": "/start lapor"},
    "emoji": {"kind": Kind.TEXT, "text": "😡" * 2048},
    "right_to_left": {"kind": Kind.TEXT, "text": PAYLOADS["right_to_left"]["message"]["text"]},
    "caption": {
        "kind": Kind.FILE,
        "text": "Ini lubangnya",
        "file": file(3, "image", "image/jpeg", 91204, "", "AgACAgUA"),
    },
    "photo": {"kind": Kind.FILE, "text": "", "file": file(6, "image", "image/jpeg", 151304, "", "AgACAgUA")},
    "album_photo": {"kind": Kind.FILE, "album": "13871234567890123", "text": "Tiga foto"},
    "document": {"file": file(9, "document", "application/pdf", 482133, "Surat Siti Romlah.pdf")},
    "document_bare": {"file": File("BQACAgUAAxkBAAIBbare", "document")},
    "video": {"file": file(11, "video", "video/mp4", 3821330, "VID_20261120.mp4", "BAACAgUA")},
    "animation": {"file": file(12, "video", "video/mp4", 82133, "lucu.mp4", "CgACAgUA")},
    "video_note": {"file": file(13, "video", "video/mp4", 682133, "", "DQACAgUA")},
    "audio": {"file": file(14, "audio", "audio/mpeg", 982133, "rekaman.mp3", "CQACAgUA")},
    "voice": {"file": file(15, "audio", "audio/ogg", 18213, "", "AwACAgUA")},
    "sticker": UNREADABLE,
    "poll": UNREADABLE,
    "contact": UNREADABLE,
    "dice": UNREADABLE,
    "location": {"kind": Kind.PLACE, "place": HERE, "text": ""},
    "live_location": {"kind": Kind.PLACE, "place": HERE},
    "venue": {"kind": Kind.PLACE, "place": Pin(-8.1331, 113.2248), "text": "Alun-alun Lumajang, Jl. Alun-Alun Utara"},
    "forwarded_user": {"kind": Kind.TEXT, "person": SITI, "text": "Jembatan ambrol"},
    "forwarded_hidden": {"kind": Kind.TEXT, "person": SITI, "text": "Jembatan ambrol"},
    "forwarded_channel": {"kind": Kind.TEXT, "person": SITI},
    "reply": {"kind": Kind.TEXT, "reply_to": "300", "message": "311"},
    "reply_to_other_chat": {"kind": Kind.TEXT, "reply_to": ""},
    "topic_text": {"kind": Kind.TEXT, "person": AGUS, "room": FORUM, "topic": "40", "reply_to": ""},
    "topic_reply": {"room": FORUM, "topic": "40", "reply_to": "41", "text": "Sudah kami perbaiki."},
    "thread_reply": {"room": SUPER, "topic": "", "reply_to": "55"},
    "group_text": {"kind": Kind.TEXT, "person": AGUS, "room": GROUP, "reply_to": ""},
    "group_command": {"kind": Kind.TEXT, "room": GROUP, "text": "/tugas@kentongan_bot"},
    "tap": {
        "kind": Kind.TAP,
        "person": SITI,
        "room": None,
        "tap": "q:report:privacy:00",
        "query": "4382112233445566778",
    },
    "tap_in_topic": {"kind": Kind.TAP, "room": FORUM, "topic": "40", "tap": "t:1:claim", "message": "41"},
    "tap_inaccessible": {"kind": Kind.TAP, "person": SITI, "room": None, "tap": "m:lanjut", "message": "7"},
    "tap_inline": {"kind": Kind.TAP, "person": SITI, "room": None, "tap": "m:lanjut", "message": ""},
    "tap_game": {"kind": Kind.TAP, "tap": ""},
    "edited_text": {"kind": Kind.EDIT, "message": "311", "text": "Lampu jalan di depan SDN 3 mati sejak Senin"},
    "edited_caption": {"kind": Kind.EDIT, "message": "312", "text": "Ini lubangnya, difoto tadi"},
    "bot_added": {"kind": Kind.JOINED, "person": AGUS, "room": GROUP},
    "bot_added_as_admin": {"kind": Kind.JOINED, "room": FORUM},
    "bot_removed": {"kind": Kind.LEFT, "room": GROUP},
    "bot_left": {"kind": Kind.LEFT, "room": GROUP},
    "bot_blocked": {"kind": Kind.BLOCKED, "person": SITI, "room": None},
    "bot_unblocked": {"kind": Kind.UNBLOCKED, "person": SITI, "room": None},
    "migrate_to": {"kind": Kind.MIGRATED, "person": AGUS, "room": GROUP, "moved_to": FORUM.address},
    "migrate_to_by_bot": {"kind": Kind.MIGRATED, "person": ANONYMOUS, "room": GROUP, "moved_to": FORUM.address},
    "huge_ids": {"kind": Kind.TEXT, "person": Person("4503599627370495", "Besar"), "message": "2147483647"},
    "linked_channel": {"room": SUPER, "reply_to": ""},
    # Service messages and what happens to others are nothing that anybody said to the bot.
    **dict.fromkeys(("auto_delete", "pinned", "pinned_in_private", "new_members", "left_member")),
    **dict.fromkeys(("new_title", "topic_created", "topic_closed", "migrate_from", "bot_promoted")),
    **dict.fromkeys(("bot_added_to_channel", "channel_post", "edited_channel_post", "chat_member", "inline_query")),
    **dict.fromkeys(("from_bot", "from_anonymous_admin", "from_nobody", "group_sticker", "message_reaction")),
    **dict.fromkeys(("poll_answer", "live_location_edit")),
}


def parsed(payload: Any) -> list[Inbound]:
    return TELEGRAM.parse(json.dumps(payload).encode())


def test_every_payload_has_a_meaning() -> None:
    """Each payload on file is judged here, and there are many kinds of them."""
    assert PAYLOADS.keys() == MEANT.keys()
    assert len(PAYLOADS) >= 30


@pytest.mark.parametrize("name", [name for name in PAYLOADS if name not in LEFT_OUT])
def test_payloads_are_true(name: str) -> None:
    """A payload on file is one that Telegram could send by its own description."""
    assert spec.type_problems("Update", PAYLOADS[name]) == []


@pytest.mark.parametrize("name", MEANT)
def test_what_a_payload_means(name: str) -> None:
    """An update becomes the event that the office understands, or none."""
    meant, events = MEANT[name], parsed(PAYLOADS[name])
    if meant is None:
        assert events == []
        return
    (event,) = events
    assert {field: getattr(event, field) for field in meant} == meant
    assert (event.channel, event.id) == ("telegram", str(PAYLOADS[name]["update_id"]))
    dated = not name.startswith("tap")
    assert not dated or event.at == datetime.fromtimestamp(SENT_AT, UTC)


def with_text(text: object, **more: object) -> dict[str, Any]:
    message = {**PAYLOADS["text"]["message"], "text": text, **more}
    return {"update_id": 1, "message": message}


def test_marks_the_record_cannot_keep_are_taken_out() -> None:
    """NUL characters do not reach the record, in whatever field a person can write them."""
    (event,) = parsed(with_text("a\0b", **{"from": {"id": 5, "is_bot": False, "first_name": "S\0iti"}}))
    assert (event.text, event.person.name) == ("ab", "Siti")
    document = {**PAYLOADS["document"]["message"]["document"], "file_name": "a\0.pdf", "mime_type": "text/\0plain"}
    (sent,) = parsed({"update_id": 2, "message": {**PAYLOADS["document"]["message"], "document": document}})
    assert sent.file is not None
    assert (sent.file.name, sent.file.mime) == ("a.pdf", "text/plain")


@pytest.mark.parametrize("text", ['"\\ud83d"', '"\\udc00 lampu"', '"a\\ud800\\ud800b"'])
def test_half_a_pair(text: str) -> None:
    """Half a surrogate pair is refused or replaced, and never kept."""
    raw = json.dumps(with_text("TEXT")).replace('"TEXT"', text).encode()
    try:
        events = TELEGRAM.parse(raw)
    except ValueError:
        return
    assert [event.text.encode() for event in events]


def nested(depth: int) -> bytes:
    head = '{"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": {"id": 5, "is_bot": false}'
    opening = f"{head}, " + '"reply_to_message": '
    return f'{{"update_id": 1, "message": {opening * depth}{head}}}{"}" * depth}}}'.encode()


@pytest.mark.parametrize("depth", [1, 500, 100_000])
def test_replies_within_replies(depth: int) -> None:
    """However deep replies are nested, the message is read or refused."""
    try:
        assert [event.reply_to for event in TELEGRAM.parse(nested(depth))] == ["1"]
    except ValueError:
        assert depth > 1


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"[]", b"7", b'"text"', b"\xff\xfe", b"{}", b'{"update_id": "x"}', b"[" * 200_000]
    + [json.dumps(PAYLOADS["photo"]).encode()[:-length] for length in (1, 20, 200)]
    + [b'{"update_id": 1, "message": {"message_id": 1, "chat": 7}}', b'{"update_id": 1, "message": "halo"}'],
)
def test_what_is_no_update(raw: bytes) -> None:
    """What is no update is refused with a ValueError that quotes nothing of it."""
    with pytest.raises(ValueError, match=r"^\w+$"):
        TELEGRAM.parse(raw)


def test_unknown_fields_and_kinds_are_passed_over() -> None:
    """Fields and kinds of updates that Telegram adds tomorrow do not disturb what is known today."""
    assert [event.text for event in parsed(with_text("😡" * 4096))] == ["😡" * 4096]
    (event,) = parsed({**with_text("halo", hologram={"depth": 3}), "weather": [1, 2]})
    assert event.text == "halo"
    assert parsed({"update_id": 7, "hologram": {"from": 1}}) == []
    assert parsed({"update_id": 8}) == []


def test_strange_numbers() -> None:
    """Ids and dates beyond every bound are read or refused, never a fault."""
    for number in (2**52, 2**63 - 1, 2**63, 10**30, -(10**30), 10**5000, 1e300, -1):
        text = format(number, "d") if isinstance(number, int) and number < 10**4000 else "1" + "0" * 5000
        for place in ('"update_id": N', '"update_id": 1, "message": {**, "date": N}'):
            inner = json.dumps(PAYLOADS["text"]["message"])[:-1]
            raw = "{" + place.replace("{**", inner).replace("N", text) + "}"
            try:
                TELEGRAM.parse(raw.encode())
            except ValueError:
                continue


def _paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, inner in items for path in _paths(inner, (*here, key)))]


def _changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    if new is ... and len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = _changed(value[path[0]], path[1:], new)
    return copy


SCRAPS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**30), max_value=10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec=None), max_size=20),
    st.sampled_from(["\0", "\u202e", "\ud800", "‏", "", "/", "private", "channel", "supergroup", "kicked", "left", ...]),
    st.sampled_from([message for each in PAYLOADS.values() for message in each.values()]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.sampled_from(["id", "type", "text", "file_id", "chat", "from"]), st.integers(), max_size=3),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real payload with a few values replaced or taken out, perhaps cut short."""
    payload = PAYLOADS[draw(st.sampled_from(list(PAYLOADS)))]
    for _ in range(draw(st.integers(1, 4))):
        paths = [path for path in _paths(payload) if path]
        if not paths:
            break
        payload = _changed(payload, draw(st.sampled_from(paths)), draw(SCRAPS))
    raw = json.dumps(payload).encode()
    return raw[: draw(st.integers(0, len(raw)))] if draw(st.integers(0, 9)) == 0 else raw


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if dataclasses.is_dataclass(value):
        return [text for each in dataclasses.fields(value) for text in _texts(getattr(value, each.name))]
    return []


@settings(max_examples=800, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_any_payload(raw: bytes) -> None:
    """Whatever becomes of a real payload, it is read or refused, and what is read can be kept."""
    try:
        events = TELEGRAM.parse(raw)
    except ValueError:
        return
    for event in events:
        for text in _texts(event):
            assert "\0" not in text
            assert text.encode().decode() == text


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    """Bytes at random are refused or mean nothing."""
    try:
        assert TELEGRAM.parse(raw) == []
    except ValueError:
        return
