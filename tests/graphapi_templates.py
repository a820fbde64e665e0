"""How the Cloud API fills an approved template, or refuses to."""

from __future__ import annotations

from typing import Any

from tests.graphapi_errors import Refused
from tests.graphapi_nouns import Choice, Json, Template
from tests.graphapi_rules import PARAMETERS, TEMPLATE_BODY

Approved = dict[tuple[str, str], Template]
MISSING, PAUSED, TOO_LONG = 132001, 132015, 132005


def filled_in(given: Json, approved: Approved, paused: set[str]) -> tuple[str, tuple[Choice, ...], tuple[str, ...]]:
    """The text, the quick replies and the parameters of a template as sent."""
    name, language = given["name"], given["language"]["code"]
    template = approved.get((name, language))
    if template is None:
        raise Refused(MISSING, f"template name ({name}) does not exist in {language}")
    if name in paused:
        raise Refused(PAUSED)
    values = _values(given, template)
    text = template.rendered(values)
    if len(text) > TEMPLATE_BODY:
        raise Refused(TOO_LONG, f"body: {len(text)} characters, must be at most {TEMPLATE_BODY}")
    return text, _replies(given, template), tuple(values.values())


def unchecked(given: Json) -> tuple[str, tuple[Choice, ...], tuple[str, ...]]:
    """The same for a template nobody approved: its text is its parameters."""
    values = tuple(_value(one) for one in _of(given, "body"))
    replies = tuple(
        Choice(str(one["parameters"][0].get("payload", "")), str(one.get("index", "")))
        for one in given.get("components", ())
        if one["type"] == "button" and one.get("parameters")
    )
    return " · ".join(values), replies, values


def _of(given: Json, kind: str) -> list[Json]:
    return [p for one in given.get("components", ()) if one["type"] == kind for p in one.get("parameters", ())]


def _value(parameter: Json) -> str:
    kind = parameter["type"]
    content: Any = parameter[kind]
    return str(content["fallback_value"] if isinstance(content, dict) else content)


def _values(given: Json, template: Template) -> dict[str, str]:
    body, blanks = _of(given, "body"), template.blanks
    _count("body", len(body), len(blanks))
    _count("header", len(_of(given, "header")), 0)
    names = [one.get("parameter_name", blank) for one, blank in zip(body, blanks, strict=True)]
    if sorted(names) != sorted(blanks):
        raise Refused(PARAMETERS, f"body: parameters {names}, expected {list(blanks)}")
    return {name: _value(one) for name, one in zip(names, body, strict=True)}


def _count(at: str, got: int, expected: int) -> None:
    if got != expected:
        said = f"number of localizable_params ({got}) does not match the expected number of params ({expected})"
        raise Refused(PARAMETERS, f"{at}: {said}")


def _replies(given: Json, template: Template) -> tuple[Choice, ...]:
    """The quick replies; one without a payload of its own answers with its label."""
    payloads = dict(enumerate(template.replies))
    linked = set()
    for one in given.get("components", ()):
        if one["type"] != "button":
            continue
        index, kind = int(one["index"]), str(one["sub_type"]).lower()
        expected = "quick_reply" if index < len(template.replies) else "url"
        if index >= len(template.replies) + len(template.links) or kind != expected:
            raise Refused(PARAMETERS, f"button at index {index}: {kind} is not in the template")
        _count(f"button at index {index}", len(one.get("parameters", ())), 1)
        if kind == "url":
            linked.add(index)
        else:
            payloads[index] = _value(one["parameters"][0])
    if len(linked) < len(template.links):
        raise Refused(131008, "button: a link with a blank needs its parameter")
    return tuple(Choice(payload, template.replies[n]) for n, payload in payloads.items())
