"""What is wrong with a Bot API call or object, judged by Telegram's own description of itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from tests.spec_shapes import METHODS, TYPES, UPDATES, Field, Shape

BUTTONS, ROW = 100, 8
_COMMAND = re.compile(r"[a-z0-9_]+")
_LOOKS = frozenset({"text", "icon_custom_emoji_id", "style"})
_FIELDS = [field for shape in (METHODS | TYPES).values() for field in shape.fields.values()]
_FILES = frozenset({"media"} | {field.name for field in _FIELDS if "InputFile" in field.types})
_PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "String": (str,),
    "Boolean": (bool,),
    "Float": (int, float),
}


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def problems(method: str, params: dict[str, object], files: Collection[str] = frozenset()) -> list[str]:
    """Everything Telegram would object to in a call as it came over the wire; empty when it is right."""
    return check(method, decoded(method, params), files)


def decoded(method: str, params: dict[str, object]) -> dict[str, object]:
    """The parameters with numbers, flags and JSON strings turned into the values they stand for."""
    shape = METHODS.get(method)
    if shape is None:
        return dict(params)
    return {name: _decoded(shape.fields.get(name), value) for name, value in params.items()}


def check(method: str, params: dict[str, object], files: Collection[str] = frozenset()) -> list[str]:
    """What is wrong with decoded parameters."""
    shape = METHODS.get(method)
    if shape is None:
        return [f"method {method} not found"]
    given = {**dict.fromkeys(set(files) & shape.fields.keys(), "attach://"), **params} if files else params
    found = [*_object_problems(shape, given, method, files)]
    if method.startswith("editMessage") and "inline_message_id" not in params:
        found += [f"{method}: {name} is missing" for name in ("chat_id", "message_id") if name not in params]
    return found


def type_problems(name: str, value: object) -> list[str]:
    """What is wrong with an object that should be of the named type, such as an Update."""
    return [*_value_problems(name, value, name, frozenset())]


def _decoded(field: Field | None, value: object) -> object:
    if field is None or not isinstance(value, str):
        return value
    if "Integer" in field.types and re.fullmatch(r"-?\d+", value):
        return int(value)
    if field.types == ("Boolean",):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    if "String" in field.types:
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value


def _object_problems(shape: Shape, given: dict[str, Any], at: str, files: Collection[str]) -> Iterator[str]:
    for name in shape.required:
        if name not in given:
            yield f"{at}: {name} is missing"
    for name, value in given.items():
        field = shape.fields.get(name)
        if field is None:
            yield f"{at}: {name} is unknown"
            continue
        wrong = _best(field.types, value, f"{at}.{name}", files)
        yield from wrong or _limit_problems(field, value, f"{at}.{name}", files)
    special = _SPECIAL.get(shape.name)
    if special:
        yield from special(given, at)


def _best(types: tuple[str, ...], value: object, at: str, files: Collection[str]) -> list[str]:
    """The shortest list of objections among the types a value may have; arrays of several types may be mixed."""
    if len(types) > 1 and isinstance(value, list) and all(name.startswith("Array of ") for name in types):
        items = tuple(name[9:] for name in types)
        return [wrong for n, item in enumerate(value) for wrong in _best(items, item, f"{at}[{n}]", files)]
    if len(types) == 1:
        return [*_value_problems(types[0], value, at, files)]
    tried: list[list[str]] = []
    for name in _named(types, value) or types:
        wrong = [*_value_problems(name, value, at, files)]
        if not wrong:
            return wrong
        tried.append(wrong)
    return min(tried, key=len)


def _named(types: tuple[str, ...], value: object) -> tuple[str, ...]:
    """The types whose constant `type` or `status` the value carries."""
    if not isinstance(value, dict) or not value.keys() & {"type", "status"}:
        return ()
    marks = {"type": value.get("type"), "status": value.get("status")}
    shapes = [TYPES[name] for name in types if name in TYPES]
    return tuple(one.name for one in shapes if _marked(one, marks))


def _marked(shape: Shape, marks: dict[str, object]) -> bool:
    return any(one.constant and one.constant == marks.get(one.name) for one in shape.fields.values())


def _value_problems(name: str, value: object, at: str, files: Collection[str]) -> Iterator[str]:
    plain = _PLAIN.get(name)
    if plain:
        if not isinstance(value, plain) or (isinstance(value, bool) and name != "Boolean"):
            yield f"{at}: {name} expected, got {type(value).__name__}"
    elif name == "InputFile":
        if not isinstance(value, str) or not value.startswith("attach://"):
            yield f"{at}: no file part"
    elif name.startswith("Array of "):
        yield from _array_problems(name[9:], value, at, files)
    elif not isinstance(value, dict):
        yield f"{at}: {name} expected, got {type(value).__name__}"
    elif TYPES[name].subtypes:
        yield from _best(TYPES[name].subtypes, value, at, files)
    else:
        yield from _object_problems(TYPES[name], value, at, files)


def _array_problems(name: str, value: object, at: str, files: Collection[str]) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{at}: array expected, got {type(value).__name__}"
        return
    for number, item in enumerate(value):
        yield from _value_problems(name, item, f"{at}[{number}]", files)


def _limit_problems(field: Field, value: object, at: str, files: Collection[str]) -> Iterator[str]:
    part = value.removeprefix("attach://") if isinstance(value, str) else value
    if field.name in _FILES and part and part != value and part not in files:
        yield f"{at}: file {part} is not attached"
    if field.constant and value != field.constant:
        yield f"{at}: must be {field.constant}"
    if field.unit:
        size = _size(field.unit, value)
        if not field.low <= size <= field.high:
            yield f"{at}: {size:g} {field.unit}, must be {field.low}-{field.high}"


def _size(unit: str, value: object) -> float:
    if isinstance(value, str):
        return len(value.encode()) if unit == "bytes" else units(value)
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int | float) else 0


def _keyboard(given: dict[str, Any], at: str) -> Iterator[str]:
    rows = given.get("inline_keyboard", given.get("keyboard", ()))
    if sum(map(len, rows)) > BUTTONS:
        yield f"{at}: more than {BUTTONS} buttons"
    for row in rows:
        if not 1 <= len(row) <= ROW:
            yield f"{at}: {len(row)} buttons in a row, must be 1-{ROW}"


def _button(given: dict[str, Any], at: str) -> Iterator[str]:
    if not str(given.get("text", "")).strip():
        yield f"{at}.text: button text is empty"
    kinds = len(given.keys() - _LOOKS)
    if kinds > 1 or (not kinds and ".inline_keyboard" in at):
        yield f"{at}: exactly one kind of button expected"


def _command(given: dict[str, Any], at: str) -> Iterator[str]:
    if not _COMMAND.fullmatch(str(given.get("command", ""))):
        yield f"{at}.command: only a-z, 0-9 and _ are allowed"


def _secret(given: dict[str, Any], at: str) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z0-9_-]*", str(given.get("secret_token", ""))):
        yield f"{at}.secret_token: only A-Z, a-z, 0-9, _ and - are allowed"
    names = given.get("allowed_updates", ())
    yield from (f"{at}.allowed_updates: {name} is unknown" for name in names if name not in UPDATES)


def _entities(given: dict[str, Any], at: str) -> Iterator[str]:
    for text, entities in (("text", "entities"), ("caption", "caption_entities")):
        end = units(str(given.get(text, "")))
        for one in given.get(entities, ()):
            start = one.get("offset", 0)
            if not 0 <= start < start + one.get("length", 0) <= end:
                yield f"{at}.{entities}: an entity lies outside the text"


_WITH_TEXT = (name for name, shape in METHODS.items() if shape.fields.keys() & {"text", "caption"})
_SPECIAL = {
    "InlineKeyboardMarkup": _keyboard,
    "ReplyKeyboardMarkup": _keyboard,
    "InlineKeyboardButton": _button,
    "KeyboardButton": _button,
    "BotCommand": _command,
    "setWebhook": _secret,
    "getUpdates": _secret,
    "Message": _entities,
    **dict.fromkeys(_WITH_TEXT, _entities),
}
