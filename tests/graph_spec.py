"""What is wrong with a request to the WhatsApp Cloud API, or with a webhook of it, judged by Meta's own description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.graphapi_rules import INVALID, MISSING, Breach, rules
from tests.graphapi_shapes import ERROR, MESSAGE, READING, WEBHOOK, Shape

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def problems(body: dict[str, Any]) -> list[str]:
    """Everything the Cloud API would object to in the body of a request to /messages; empty when it is right."""
    return [one.text for one in breaches(body)]


def breaches(body: dict[str, Any]) -> list[Breach]:
    """The same with the code of the error each of them is answered with."""
    if "status" in body:
        return [*_check(READING, body, "message")]
    found = [*_check(MESSAGE, body, "message")]
    return found or [*rules(kind_of(body), body)]


def kind_of(body: dict[str, Any]) -> str:
    """The kind of a message; without a type it is what it carries, or a text."""
    if "type" in body:
        return str(body["type"])
    return next((name for name in MESSAGE.by_type if name in body), "text")


def webhook_problems(payload: object) -> list[str]:
    """What is wrong with the body of a webhook."""
    return [one.text for one in _check(WEBHOOK, payload, "webhook")]


def error_problems(answer: object) -> list[str]:
    """What is wrong with the answer to a request that failed."""
    return [one.text for one in _check(ERROR, answer, "answer")]


def _check(shape: Shape, value: Any, at: str) -> Iterator[Breach]:
    if shape.by_type:
        yield from _typed(shape, value, at)
    elif shape.choices:
        yield from _chosen(shape, value, at)
    elif shape.kinds and not any(_is(kind, value) for kind in shape.kinds):
        yield Breach(INVALID, f"{at}: {' or '.join(shape.kinds)} expected, got {type(value).__name__}")
    elif isinstance(value, dict):
        yield from _fields(shape, value, at)
    elif isinstance(value, list):
        yield from _sized(shape, len(value), "items", at)
        for number, item in enumerate(value if shape.items else ()):
            yield from _check(shape.items or shape, item, f"{at}[{number}]")
    else:
        yield from _plain(shape, value, at)


def _is(kind: str, value: object) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _typed(shape: Shape, value: Any, at: str) -> Iterator[Breach]:
    if not isinstance(value, dict):
        yield Breach(INVALID, f"{at}: object expected, got {type(value).__name__}")
        return
    kind = kind_of(value)
    if kind in shape.by_type:
        yield from _check(shape.by_type[kind], value, at)
    else:
        yield Breach(INVALID, f"{at}.type: must be one of {', '.join(shape.by_type)}")


def _chosen(shape: Shape, value: Any, at: str) -> Iterator[Breach]:
    able = [one for one in shape.choices if _may_be(one, value)]
    tried = [[*_check(one, value, at)] for one in able or shape.choices]
    fitting = sum(not wrong for wrong in tried)
    if fitting > 1:
        yield Breach(INVALID, f"{at}: only one of several forms may be given")
    elif not fitting:
        yield from min(tried, key=len)


def _may_be(shape: Shape, value: Any) -> bool:
    """Whether an object has the fields of this form and no others; one that has not need not be looked into."""
    if not isinstance(value, dict):
        return True
    return all(name in value for name in shape.required) and (not shape.closed or value.keys() <= shape.fields.keys())


def _fields(shape: Shape, value: dict[str, Any], at: str) -> Iterator[Breach]:
    for name in shape.required:
        if name not in value:
            yield Breach(MISSING, f"{at}: {name} is missing")
    if shape.never and all(name in value for name in shape.never):
        yield Breach(INVALID, f"{at}: {', '.join(shape.never)} must not be given")
    for name, item in value.items():
        inner = shape.fields.get(name)
        if inner is not None:
            yield from _check(inner, item, f"{at}.{name}")
        elif shape.closed:
            yield Breach(INVALID, f"{at}: {name} is unknown")


def _plain(shape: Shape, value: object, at: str) -> Iterator[Breach]:
    if shape.values and value not in shape.values:
        yield Breach(INVALID, f"{at}: must be one of {', '.join(map(str, shape.values))}")
    if shape.pattern and not shape.pattern.search(str(value)):
        yield Breach(INVALID, f"{at}: {str(value)[:40]!r} does not look right")
    if isinstance(value, str):
        yield from _sized(shape, len(value), "characters", at)


def _sized(shape: Shape, size: int, unit: str, at: str) -> Iterator[Breach]:
    low, high = shape.size
    if size < low or (high is not None and size > high):
        yield Breach(INVALID, f"{at}: {size} {unit}, must be {low}-{'' if high is None else high}")
