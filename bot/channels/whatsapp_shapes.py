"""The shapes of what goes to WhatsApp: which kind of message says a letter, chosen by the platform's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels import Upload
from bot.channels import whatsapp_limits as most
from bot.channels.split import split
from storage.letters import Body

Choices = Sequence[tuple[str, str, str]]


def messages(body: Body) -> list[dict[str, Any]]:
    """The messages that say a letter: long words first, then what can be chosen under the last of them."""
    if not body.choices and not body.wants_place:
        return [text(part) for part in split(body.text, most.TEXT, len)]
    # A message that asks for a place has no room for other buttons: the ways out stand in its words.
    ways = f"\n\n{body.choose}" if body.wants_place and body.choices else ""
    *before, last = _apart(body.text + ways)
    said = [text(part) for part in before]
    if body.wants_place:
        return [*said, place_request(last)]
    pages = [body.choices[start : start + most.ROWS] for start in range(0, len(body.choices), most.ROWS)]
    asked = [interactive(last, pages[0], body.choose)]
    return [*said, *asked, *(interactive(body.choose, page, body.choose) for page in pages[1:])]


def _apart(words: str) -> list[str]:
    """A text in parts, of which the last is short enough to bear buttons."""
    words = words.rstrip()
    if len(words) <= most.INTERACTIVE:
        return [words]
    # The question stands at the end, behind what it is about.
    head, _, tail = words.rpartition("\n\n")
    if not head or len(tail) > most.INTERACTIVE:
        *_, tail = split(words, most.INTERACTIVE, len)
        head = words[: -len(tail)].rstrip()
    return [*split(head, most.TEXT, len), tail]


def in_words(body: Body) -> list[dict[str, Any]]:
    """The same with nothing to press: the answers to a question numbered, as they may be typed, other buttons named."""
    lines = (
        f"{n}. {label}" if ident.startswith("q:") else f"• {label}"
        for n, (ident, label, _) in enumerate(body.choices, 1)
    )
    return [text(part) for part in split("\n".join([body.text, "", *lines]), most.TEXT, len)]


def text(words: str) -> dict[str, Any]:
    """A message of words alone."""
    return {"type": "text", "text": {"body": words, "preview_url": False}}


def place_request(words: str) -> dict[str, Any]:
    """A message with a button that opens the map."""
    asked = {"type": "location_request_message", "body": {"text": words}, "action": {"name": "send_location"}}
    return {"type": "interactive", "interactive": asked}


def interactive(words: str, choices: Choices, choose: str) -> dict[str, Any]:
    """Reply buttons where all fit, else a list."""
    labels = [label for _, label, _ in choices]
    short = all(len(label) <= most.BUTTON for label in labels) and len(set(labels)) == len(labels)
    if len(choices) <= most.BUTTONS and short:
        buttons = [{"type": "reply", "reply": {"id": ident, "title": label}} for ident, label, _ in choices]
        return _interactive("button", words, {"buttons": buttons})
    rows = [_row(*choice) for choice in choices]
    return _interactive("list", words, {"button": shortened(choose, most.LIST_BUTTON), "sections": [{"rows": rows}]})


def _interactive(kind: str, words: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": words}, "action": action}}


def _row(ident: str, label: str, hint: str) -> dict[str, str]:
    title = shortened(label, most.ROW)
    # A label that had to be shortened is told in full below it.
    below = hint if title == label else label
    row = {"id": ident, "title": title}
    return {**row, "description": shortened(below, most.HINT)} if below else row


def shortened(label: str, longest: int) -> str:
    """A label up to a word's end, for names from an office's own facts: those of the catalogue fit."""
    if len(label) <= longest:
        return label
    head = label[: longest - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(",.;:&-– ") + "…"


def kind_of(upload: Upload) -> str:
    """How a file goes: as what it is where its type and size are taken, else as a document; none where neither is."""
    types, size = most.MEDIA.get(upload.kind, (frozenset(), 0))
    if upload.mime in types and len(upload.data) <= size:
        return upload.kind
    return "document" if len(upload.data) <= most.DOCUMENT else ""


def mime_of(upload: Upload, kind: str) -> str:
    """The type that is named at upload: Meta takes a document of a type it does not know as plain text only."""
    return upload.mime if kind != "document" or upload.mime in most.DOCUMENTS else "text/plain"


def media(kind: str, ident: str, name: str, caption: str) -> dict[str, Any]:
    """A message with an uploaded file."""
    content: dict[str, Any] = {"id": ident}
    if caption and kind != "audio":
        content["caption"] = caption
    if kind == "document":
        content["filename"] = name
    return {"type": kind, kind: content}
