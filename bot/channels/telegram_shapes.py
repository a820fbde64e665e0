"""The shapes of what goes to Telegram that need no library: keyboards, albums, replies, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.channels import Upload

BUTTON_COLUMNS = 2
SHORT_LABEL = 16
ALBUM = 10


def keyboard(choices: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """Buttons under a message: two in a row where both labels are short, else one."""
    rows: list[list[dict[str, str]]] = []
    for ident, label, _ in choices:
        button = {"text": label, "callback_data": ident}
        last = rows[-1] if rows else []
        if last and len(last) < BUTTON_COLUMNS and len(label) <= SHORT_LABEL and len(last[0]["text"]) <= SHORT_LABEL:
            last.append(button)
        else:
            rows.append([button])
    return {"inline_keyboard": rows}


def albums(uploads: Sequence[Upload]) -> list[list[Upload]]:
    """Files as Telegram lets them stand together: photos with videos, documents, audio; voice notes stand alone."""
    classes: dict[str, list[Upload]] = {}
    for number, upload in enumerate(uploads):
        kind = "visual" if upload.kind in ("image", "video") else upload.kind
        classes.setdefault(f"{number}" if upload.mime == "audio/ogg" else kind, []).append(upload)
    return [group[start : start + ALBUM] for group in classes.values() for start in range(0, len(group), ALBUM)]


def reply_to(message: str) -> dict[str, Any]:
    """A reply that is sent all the same where the message is no more."""
    return {"message_id": int(message), "allow_sending_without_reply": True}


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for an address; asked once, because aiohttp would ask at every call."""
    parts = urlsplit(url)
    return None if not parts.hostname or proxy_bypass(parts.hostname) else getproxies().get(parts.scheme)
