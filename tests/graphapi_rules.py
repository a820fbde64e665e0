"""What the pages of the WhatsApp Cloud API demand of messages and files beyond its OpenAPI file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]
INVALID, MISSING, BAD_VALUE, PARAMETERS = 100, 131008, 131009, 132000
ROWS, TEMPLATE_BODY, PAYLOAD = 10, 1024, 256
IMAGE, STICKER, PLAYED, DOCUMENT = 5_000_000, 500_000, 16_000_000, 100_000_000
# Which types of files a kind of message takes, and how many bytes.
MEDIA: dict[str, tuple[frozenset[str], int]] = {
    "image": (frozenset(["image/jpeg", "image/png"]), IMAGE),
    "sticker": (frozenset(["image/webp"]), STICKER),
    "audio": (frozenset(["audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg"]), PLAYED),
    "video": (frozenset(["video/mp4", "video/3gpp"]), PLAYED),
}
PAPERS = frozenset(
    [
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ]
)
# Which fields an action has, for each type of interactive message.
_ACTIONS = {
    "button": {"buttons"},
    "list": {"button", "sections"},
    "location_request_message": {"name"},
    "request_contact_info": {"name"},
    "cta_url": {"name", "parameters"},
}
_NAMES = {
    "location_request_message": "send_location",
    "request_contact_info": "request_contact_info",
    "cta_url": "cta_url",
    "flow": "flow",
    "catalog_message": "catalog_message",
    "order_details": "review_and_pay",
    "order_status": "review_order",
}
_GAPS = re.compile(r"[\n\r\t]| {5,}")


class Breach(NamedTuple):
    """Something wrong with a request, and the code of the error it is answered with."""

    code: int
    text: str


def file_problems(mime: str, size: int) -> list[str]:
    """What is wrong with a file given to /media."""
    mime = mime.partition(";")[0].strip().lower()
    limits = [most for types, most in MEDIA.values() if mime in types]
    limit = limits[0] if limits else DOCUMENT if mime in PAPERS else 0
    if not limit:
        return [f"media: a file must not be of type {mime}"]
    if not 0 < size <= limit:
        return [f"media: {size} bytes of {mime}, must be 1-{limit}"]
    return []


def rules(kind: str, body: Json) -> Iterator[Breach]:
    """What is wrong with a message whose shape is right."""
    if "messaging_product" not in body:
        yield Breach(INVALID, "message: messaging_product is missing")
    if "to" not in body and "recipient" not in body:
        yield Breach(MISSING, "message: to or recipient is missing")
    if "context" in body and not body["context"].get("message_id"):
        yield Breach(MISSING, "message.context: message_id is missing")
    yield from _in_group(body)
    if kind not in body:
        yield Breach(MISSING, f"message: {kind} is missing")
    elif kind in _RULES:
        yield from _RULES[kind](body[kind])


def _in_group(body: Json) -> Iterator[Breach]:
    if body.get("recipient_type", "individual") != "individual":
        yield Breach(INVALID, "message.recipient_type: only official business accounts write to groups")


def _interactive(given: Json) -> Iterator[Breach]:
    kind, action = given["type"], given["action"]
    if kind in _ACTIONS and action.keys() != _ACTIONS[kind]:
        yield Breach(BAD_VALUE, f"interactive.action: {kind} takes {' and '.join(sorted(_ACTIONS[kind]))}")
        return
    if kind in _NAMES and action.get("name") != _NAMES[kind]:
        yield Breach(BAD_VALUE, f"interactive.action.name: must be {_NAMES[kind]}")
    if kind != "product" and "body" not in given:
        yield Breach(MISSING, "interactive: body is missing")
    yield from _header(given)
    if kind == "button":
        yield from _buttons([one["reply"] for one in action["buttons"]])
    if kind == "list":
        yield from _list(action["sections"])


def _header(given: Json) -> Iterator[Breach]:
    kind, header = given["type"], given.get("header")
    if header is None:
        return
    if kind in ("location_request_message", "request_contact_info"):
        yield Breach(BAD_VALUE, f"interactive.header: {kind} has none")
    if kind == "list" and header["type"] != "text":
        yield Breach(BAD_VALUE, "interactive.header.type: must be text in a list")
    if not header.get(header["type"]):
        yield Breach(MISSING, f"interactive.header: {header['type']} is missing")


def _buttons(replies: list[Json]) -> Iterator[Breach]:
    for name in ("title", "id"):
        yield from _unique([one[name] for one in replies], f"interactive.action.buttons: {name}s")


def _list(sections: list[Json]) -> Iterator[Breach]:
    at = "interactive.action.sections"
    rows = [row for section in sections for row in section.get("rows", ())]
    if not 1 <= len(rows) <= ROWS:
        yield Breach(BAD_VALUE, f"{at}: {len(rows)} rows in all, must be 1-{ROWS}")
    for number, section in enumerate(sections):
        if not section.get("rows") or "product_items" in section:
            yield Breach(BAD_VALUE, f"{at}[{number}]: rows and nothing else expected")
        if len(sections) > 1 and not section.get("title"):
            yield Breach(MISSING, f"{at}[{number}]: title is missing among several sections")
    yield from _unique([row["id"] for row in rows], f"{at}: ids of rows")


def _unique(values: list[str], at: str) -> Iterator[Breach]:
    if len(set(values)) < len(values):
        yield Breach(BAD_VALUE, f"{at} are not unique")


def _template(given: Json) -> Iterator[Breach]:
    components: list[Json] = given.get("components", [])
    for one in components:
        where = f"template.{one['type']}"
        if one["type"] == "button" and ("sub_type" not in one or "index" not in one):
            yield Breach(MISSING, f"{where}: sub_type and index are needed")
        for parameter in one.get("parameters", ()):
            yield from _parameter(parameter, where)
    for kind in ("header", "body"):
        if sum(one["type"] == kind for one in components) > 1:
            yield Breach(INVALID, f"template: more than one {kind}")
    buttons = [str(one["index"]) for one in components if one["type"] == "button" and "index" in one]
    yield from _unique(buttons, "template: indexes of buttons")


def _parameter(given: Any, at: str) -> Iterator[Breach]:
    if not isinstance(given, dict) or not isinstance(given.get("type"), str):
        yield Breach(MISSING, f"{at}: a parameter has a type")
        return
    kind = given["type"]
    if kind in ("text", "payload"):
        # The published example of a template with buttons has true and false for texts.
        value = given.get(kind)
        if value is None or value == "":
            yield Breach(MISSING, f"{at}: a parameter of type {kind} is empty")
        elif kind == "payload" and len(str(value)) > PAYLOAD:
            yield Breach(INVALID, f"{at}: {len(str(value))} characters of payload, must be 1-{PAYLOAD}")
        elif kind == "text" and (_GAPS.search(str(value)) or not str(value).strip()):
            yield Breach(INVALID, f"{at}: a text has line breaks, tabs or more than four spaces together")
    elif kind not in given:
        yield Breach(MISSING, f"{at}: a parameter of type {kind} is empty")


def _media(given: Json) -> Iterator[Breach]:
    if given.get("id") == "":
        yield Breach(MISSING, "media: id is empty")


def _audio(given: Json) -> Iterator[Breach]:
    yield from _media(given)
    yield from _without(given, "audio", "caption", "filename")


def _image(given: Json) -> Iterator[Breach]:
    yield from _media(given)
    yield from _without(given, "image or video", "filename", "voice")


def _document(given: Json) -> Iterator[Breach]:
    yield from _media(given)
    yield from _without(given, "document", "voice")


def _without(given: Json, kind: str, *names: str) -> Iterator[Breach]:
    yield from (Breach(INVALID, f"{kind}: {name} is unknown") for name in names if name in given)


def _contacts(given: list[Json]) -> Iterator[Breach]:
    for one in given:
        if not one.get("name", {}).get("formatted_name"):
            yield Breach(MISSING, "contacts: name.formatted_name is missing")


_RULES: dict[str, Callable[[Any], Iterator[Breach]]] = {
    "interactive": _interactive,
    "template": _template,
    "image": _image,
    "video": _image,
    "audio": _audio,
    "document": _document,
    "sticker": _media,
    "contacts": _contacts,
}
