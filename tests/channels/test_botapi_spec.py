"""Calls are judged by Telegram's own description of its API."""

from __future__ import annotations

import json

import pytest

from tests import spec

MARKUP = {"inline_keyboard": [[{"text": "Setuju", "callback_data": "a1"}]]}


def form(**params: object) -> dict[str, object]:
    """Parameters as a form carries them: everything is text."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}


RIGHT: list[tuple[str, dict[str, object], set[str]]] = [
    ("sendMessage", {"chat_id": 5, "text": "x" * 4096, "reply_markup": MARKUP}, set()),
    ("sendMessage", form(chat_id=5, text="😀" * 2048, reply_markup=MARKUP, disable_notification=True), set()),
    ("sendPhoto", {"chat_id": 5}, {"photo"}),
    ("sendPhoto", form(chat_id=5, photo="attach://foto", caption="c" * 1024), {"foto"}),
    ("sendMediaGroup", form(chat_id=5, media=[{"type": "photo", "media": "attach://a"}] * 2), {"a"}),
    ("answerCallbackQuery", {"callback_query_id": "123", "text": "x" * 200}, set()),
    ("createForumTopic", form(chat_id=-1001, name="n" * 128), set()),
    ("setMyCommands", form(commands=[{"command": "lapor", "description": "Buat laporan"}]), set()),
    ("setMyCommands", form(commands=[], scope={"type": "chat", "chat_id": 5}), set()),
    ("setWebhook", {"url": "https://x.id/", "secret_token": "Aa-_9", "allowed_updates": ["message"]}, set()),
    (
        "setMessageReaction",
        {"chat_id": 5, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "👀"}]},
        set(),
    ),
]


@pytest.mark.parametrize(("method", "params", "files"), RIGHT)
async def test_right_calls_pass(method: str, params: dict[str, object], files: set[str]) -> None:
    """A call within Telegram's description has no problems, as JSON or as a form."""
    assert spec.problems(method, params, files) == []


def button(**fields: object) -> dict[str, object]:
    return {"chat_id": 5, "text": "x", "reply_markup": {"inline_keyboard": [[fields]]}}


def rows(*sizes: int) -> dict[str, object]:
    one = {"text": "x", "callback_data": "y"}
    return {"chat_id": 5, "text": "x", "reply_markup": {"inline_keyboard": [[one] * size for size in sizes]}}


WRONG: list[tuple[str, dict[str, object], str]] = [
    ("sendNothing", {}, "not found"),
    ("sendMessage", {"text": "x"}, "chat_id is missing"),
    ("sendMessage", {"chat_id": 5, "text": "x", "colour": "red"}, "colour is unknown"),
    ("sendMessage", {"chat_id": 5, "text": ""}, "0 characters"),
    ("sendMessage", {"chat_id": 5, "text": "😀" * 2049}, "4098 characters"),
    ("sendMessage", {"chat_id": 5, "text": 7}, "String expected"),
    ("sendMessage", form(chat_id=5, text="x", disable_notification="maybe"), "Boolean expected"),
    ("sendMessage", form(chat_id=5, text="x", reply_parameters={"message": 3}), "message_id is missing"),
    ("sendMessage", form(chat_id=5, text="x", reply_markup="[not json"), "expected"),
    (
        "sendMessage",
        {"chat_id": 5, "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        "outside",
    ),
    ("sendMessage", button(text="", callback_data="y"), "button text is empty"),
    ("sendMessage", button(text="x"), "exactly one kind"),
    ("sendMessage", button(text="x", callback_data="y", url="https://x.id"), "exactly one kind"),
    ("sendMessage", button(text="x", callback_data="é" * 33), "66 bytes"),
    ("sendMessage", button(text="x", callback_data=""), "0 bytes"),
    ("sendMessage", button(text="x", copy_text={"text": "z" * 257}), "257 characters"),
    ("sendMessage", rows(9), "9 buttons in a row"),
    ("sendMessage", rows(*[8] * 12, 5), "more than 100 buttons"),
    ("sendPhoto", {"chat_id": 5}, "photo is missing"),
    ("sendPhoto", {"chat_id": 5, "photo": "attach://x"}, "not attached"),
    ("sendPhoto", {"chat_id": 5, "photo": "AgAC", "caption": "c" * 1025}, "1025 characters"),
    ("sendMediaGroup", {"chat_id": 5, "media": [{"type": "photo", "media": "AgAC"}]}, "1 items"),
    ("sendMediaGroup", {"chat_id": 5, "media": [{"type": "photo", "media": "AgAC"}] * 11}, "11 items"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "201 characters"),
    ("createForumTopic", {"chat_id": -1001, "name": "n" * 129}, "129 characters"),
    ("setMyCommands", {"commands": [{"command": "Lapor", "description": "x"}]}, "only a-z"),
    ("setMyCommands", {"commands": [{"command": "lapor", "description": ""}]}, "0 characters"),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}, "chat_id is missing"),
    ("setWebhook", {"url": "https://x.id/", "allowed_updates": ["mesage"]}, "mesage is unknown"),
    ("editMessageText", {"text": "x"}, "message_id is missing"),
    ("deleteMessages", {"chat_id": 5, "message_ids": [1] * 101}, "101 identifiers"),
    ("getUpdates", {"limit": "101"}, "101"),
]


@pytest.mark.parametrize(("method", "params", "part"), WRONG)
async def test_wrong_calls_are_named(method: str, params: dict[str, object], part: str) -> None:
    """Each breach of Telegram's description is reported in words."""
    assert part in "; ".join(spec.problems(method, params))
