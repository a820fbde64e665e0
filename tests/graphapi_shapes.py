"""The schemas of the WhatsApp Cloud API from the reduced copy of Meta's OpenAPI file, amended where that errs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent / "data" / "whatsapp-openapi.json"
Raw = dict[str, Any]

_TEXT: Raw = {"type": "string", "minLength": 1}
_NUMBER: Raw = {"type": ["number", "string"]}
_NAMED: Raw = {"type": "object", "required": ["name"]}
_ADDRESS: Raw = {
    "required": ["display_text", "url"],
    "properties": {"display_text": _TEXT | {"maxLength": 20}, "url": {"type": "string", "pattern": "^https?://"}},
}


def _action(name: str, **more: Raw) -> Raw:
    named = {"name": {"type": "string", "enum": [name]}}
    return _NAMED | {"required": ["name", *more], "properties": named | more}


# Where the published file contradicts its own examples, or is older than the platform's pages: place, what stands
# there instead (lists grow, objects are joined, None takes away), and why.
AMENDMENTS: tuple[tuple[str, Any, str], ...] = (
    ("BaseMessageProperties/required", [], "examples leave parts out, and incoming messages have the same base"),
    ("BaseMessageProperties/properties/messaging_product", {"enum": ["whatsapp"]}, "it is always whatsapp"),
    (
        "BaseMessageProperties/properties",
        {
            "recipient": {"type": "string", "pattern": r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$"},
            "to": {"type": "string", "pattern": r"^\+?[0-9]{5,20}$"},
        },
        "business-scoped user ids, April 2026",
    ),
    (
        "BaseMessageProperties/properties",
        {"biz_opaque_callback_data": {"type": "string", "maxLength": 512}},
        "the page of messages has it",
    ),
    ("PhoneObject/properties/type/enum", ["CELL", "MAIN", "MOBILE", "IPHONE", "HOME", "WORK"], "an example has MOBILE"),
    ("TextMessage/allOf/1/properties/text", {"required": ["body"]}, "a text without a body is refused"),
    ("TextMessage/allOf/1/properties/text/properties/body", _TEXT | {"maxLength": 4096}, "page of text messages"),
    (
        "MediaObject",
        {
            "properties": {
                "caption": {"type": "string", "maxLength": 1024},
                "filename": {"type": "string", "maxLength": 240},
                "voice": {"type": "boolean"},
            }
        },
        "the examples have caption and filename, the page of audio messages has voice",
    ),
    ("MediaObject/oneOf/1/properties/link", {"pattern": "^https?://"}, "only addresses of the web are fetched"),
    (
        "StickerMessage/allOf/1/properties/sticker/oneOf/1/properties/link",
        {"pattern": "^https?://"},
        "only addresses of the web are fetched",
    ),
    ("LocationMessage/allOf/1/properties/location/properties", {"latitude": _NUMBER, "longitude": _NUMBER}, "examples"),
    ("LocationMessage/allOf/1/properties/location", {"required": ["latitude", "longitude"]}, "a place is somewhere"),
    ("ReactionMessage/allOf/1/properties/reaction", {"required": ["message_id", "emoji"]}, "page of reactions"),
    ("BodyObject/properties/text", {"minLength": 1}, "empty texts are refused"),
    ("FooterObject/properties/text", {"minLength": 1}, "empty texts are refused"),
    ("ActionObject/oneOf/0/properties/button", {"minLength": 1}, "empty labels are refused"),
    (
        "ActionObject/oneOf/1/properties/buttons/items/properties/reply/properties",
        {"id": _TEXT | {"maxLength": 256}, "title": _TEXT | {"maxLength": 20}},
        "empty labels and ids are refused",
    ),
    (
        "SectionObject/properties/rows/items/properties",
        {"id": _TEXT | {"maxLength": 200}, "title": _TEXT | {"maxLength": 24}},
        "empty titles and ids are refused",
    ),
    (
        "InteractiveObject/properties/type/enum",
        [
            "button",
            "call_permission_request",
            "catalog_message",
            "cta_url",
            "flow",
            "list",
            "location_request_message",
            "order_details",
            "order_status",
            "product",
            "product_list",
            "request_contact_info",
        ],
        "the examples have orders; pages of links and of requests for a place or a contact, 2026",
    ),
    (
        "ActionObject/oneOf",
        [
            _action("send_location"),
            _action("request_contact_info"),
            _action("cta_url", parameters={"type": "object"} | _ADDRESS),
            _action("review_and_pay", parameters={"type": "object"}),
            _action("review_order", parameters={"type": "object"}),
        ],
        "actions of those types",
    ),
    ("LanguageObject/required", ["code"], "examples leave the policy out"),
    ("TemplateObject/properties/name", _TEXT | {"maxLength": 512}, "page of templates"),
    (
        "TemplateComponent/properties",
        {
            "sub_type": {"type": "string", "pattern": "^(?i:quick_reply|url|catalog|flow|copy_code|voice_call)$"},
            "index": {"type": ["integer", "string"], "pattern": "^[0-9]$"},
        },
        "examples write capitals and numbers, and a template has at most ten buttons",
    ),
    ("ErrorObject/required", ["message", "code"], "the example of an unsupported message has no type"),
    ("Statuses/required", ["id", "status", "timestamp"], "a person without a phone number, April 2026"),
    ("Statuses/properties/status/enum", ["sent", "delivered", "read", "played", "failed"], "page of statuses"),
)
# Marking as read is a request of its own kind, which the file knows from one example only.
READ: Raw = {
    "type": "object",
    "required": ["messaging_product", "status", "message_id"],
    "properties": {
        "messaging_product": {"type": "string", "enum": ["whatsapp"]},
        "status": {"type": "string", "enum": ["read"]},
        "message_id": _TEXT,
        "typing_indicator": {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"type": "string", "enum": ["text"]}},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value must be: `kinds` of JSON, limits of its size, and for an object its fields.

    `choices` are the forms of which exactly one must fit; `by_type` picks a form by the field `type`.
    """

    kinds: tuple[str, ...] = ()
    fields: dict[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    closed: bool = False
    items: Shape | None = None
    choices: tuple[Shape, ...] = ()
    by_type: dict[str, Shape] = field(default_factory=dict)
    values: tuple[object, ...] = ()
    pattern: re.Pattern[str] | None = None
    size: tuple[int, int | None] = (0, None)
    never: tuple[str, ...] = ()


def amended(schemas: Raw, amendments: Iterable[tuple[str, Any, str]]) -> Raw:
    """The schemas with the amendments made; a place that is not there is an error."""
    for place, value, _ in amendments:
        *way, last = place.split("/")
        node: Any = schemas
        for step in way:
            node = node[int(step)] if isinstance(node, list) else node[step]
        old = node.get(last)
        if isinstance(value, dict):
            node[last] = _joined(old or {}, value)
        else:
            node[last] = [*old, *value] if last == "oneOf" else value
    return schemas


def _joined(old: Raw, new: Raw) -> Raw:
    inner = {"properties": old["properties"] | new["properties"]} if "properties" in old and "properties" in new else {}
    return old | new | inner


class Reader:
    """Turns schemas into shapes; `closed`: an object has no fields but those named."""

    def __init__(self, schemas: Raw, closed: bool) -> None:
        self._schemas, self._closed = schemas, closed

    def shape(self, raw: Raw) -> Shape:
        """The shape a schema describes."""
        raw = self._flat(raw)
        choices, mapping = raw.pop("oneOf", []), raw.get("discriminator", {}).get("mapping", {})
        if choices and mapping:
            by_type = {name: self.shape({"$ref": ref}) for name, ref in mapping.items()}
            return Shape(("object",), by_type=by_type)
        if choices:
            return Shape(choices=tuple(self.shape(_merged(raw, self._flat(one))) for one in choices))
        return self._plain(raw)

    def _plain(self, raw: Raw) -> Shape:
        kinds = raw.get("type", ())
        fields = {name: self.shape(one) for name, one in raw.get("properties", {}).items()}
        low = raw.get("minLength") or raw.get("minItems") or 0
        return Shape(
            (kinds,) if isinstance(kinds, str) else tuple(kinds),
            fields,
            tuple(raw.get("required", ())),
            self._closed and bool(fields),
            self.shape(raw["items"]) if "items" in raw else None,
            values=tuple(raw.get("enum", ())),
            pattern=re.compile(raw["pattern"]) if "pattern" in raw else None,
            size=(low, raw.get("maxLength", raw.get("maxItems"))),
            never=tuple(raw.get("not", {}).get("required", ())),
        )

    def _flat(self, raw: Raw) -> Raw:
        """A schema without references and with all its parts joined, as one closed object is meant."""
        if "$ref" in raw:
            return self._flat(self._schemas[raw["$ref"].rpartition("/")[2]])
        whole: Raw = {}
        for part in raw.get("allOf", ()):
            whole = _merged(whole, self._flat(part))
        return _merged(whole, {name: value for name, value in raw.items() if name != "allOf"})


def _merged(one: Raw, other: Raw) -> Raw:
    whole = one | other
    for name in ("properties", "required"):
        if name in one and name in other:
            both = one[name], other[name]
            whole[name] = both[0] | both[1] if name == "properties" else [*both[0], *both[1]]
    return whole


FILE: Raw = json.loads(SOURCE.read_text(encoding="utf-8"))
_SCHEMAS = amended(FILE["components"]["schemas"], AMENDMENTS)
_SENT = Reader(_SCHEMAS, closed=True)
MESSAGE = _SENT.shape(_SCHEMAS["Message"])
READING = _SENT.shape(READ)
WEBHOOK = Reader(_SCHEMAS, closed=False).shape(_SCHEMAS["WebhookPayload"])
ERROR = Reader(_SCHEMAS, closed=False).shape(_SCHEMAS["GraphAPIError"])
