"""The templates that Meta approves, and how a letter's form fills them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels import whatsapp_limits as most
from bot.channels.whatsapp_templates import ANY, TEMPLATES, Template, component, flat, submission, templates_for
from bot.language import LANGUAGES
from storage.letters import Form
from tests import graph_spec
from tests.channels.whatsapp_letters import Found

Json = dict[str, Any]
SLOT = re.compile(r"\{\{(\d+)\}\}")
# Reporters choose a language; officers work in Indonesian.
FOR_REPORTERS = ("news", "answer", "question", ANY)
FOR_OFFICERS = ("card", "duty", "digest")


@pytest.fixture(scope="module")
def forms(letters: tuple[Found, ...]) -> dict[str, Form]:
    """Every form that the program can fill, by where it is filled."""
    return {f"{where} {number}": body.form for number, (where, body) in enumerate(letters) if body.form}


def problems(template: Json) -> list[str]:
    whole = {"messaging_product": "whatsapp", "to": "6281200000011", "type": "template", "template": template}
    return graph_spec.problems(whole)


def parameters(message: Json) -> list[str]:
    """What fills the body of a template."""
    return [each["text"] for each in message["components"][0]["parameters"]]


def payloads(message: Json) -> list[str]:
    """What the buttons bring."""
    return [each["parameters"][0]["payload"] for each in message["components"][1:]]


def read(template: Template, message: Json) -> str:
    """What a person reads."""
    values = parameters(message)
    return SLOT.sub(lambda slot: values[int(slot[1]) - 1], template.body)


named = pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: f"{each.name}-{each.language}")


# -- what Meta approves


@named
def test_a_template_can_be_approved(template: Template) -> None:
    """Name, lengths, numbered values and buttons are as Meta demands of a template."""
    assert re.fullmatch(r"[a-z0-9_]{1,512}", template.name)
    assert template.language in LANGUAGES
    assert template.category == "UTILITY"
    assert [int(slot) for slot in SLOT.findall(template.body)] == list(range(1, len(template.values) + 1))
    assert template.body.count("{") == template.body.count("}") == 2 * len(template.values)
    assert len(template.body) <= most.TEMPLATE_BODY
    # Meta refuses a value at the beginning or the end, values side by side, and more than one empty line.
    assert not re.match(r"\s*\{\{", template.body)
    assert not re.search(r"\}\}\s*$", template.body)
    assert not re.search(r"\}\}\s*\{\{", template.body)
    assert "\n\n\n" not in template.body
    assert template.body == template.body.strip()
    labels = [label for _, label in template.buttons]
    assert 1 <= len(labels) <= 3
    assert len(set(labels)) == len(labels)
    assert all(re.fullmatch(r"[A-Za-z ]{1,20}", label) for label in labels)


@named
def test_a_template_says_much_more_than_its_values(template: Template) -> None:
    """There are three words of its own for each value: Meta refuses what is mostly filled in."""
    assert len(SLOT.sub(" ", template.body).split()) >= 3 * len(template.values)


@named
def test_what_is_submitted(template: Template) -> None:
    """The management API gets the body with an example for each value, and the buttons, and nothing else."""
    body, buttons = submission(template)["components"]
    assert submission(template).keys() == {"name", "language", "category", "components"}
    assert body.keys() == {"type", "text", "example"}
    assert (body["type"], body["text"]) == ("BODY", template.body)
    ((examples),) = body["example"]["body_text"]
    assert len(examples) == len(template.values)
    assert all(isinstance(each, str) and each == flat(each) for each in examples)
    assert len(SLOT.sub("", template.body)) + sum(map(len, examples)) <= most.TEMPLATE_BODY
    assert buttons == {
        "type": "BUTTONS",
        "buttons": [{"type": "QUICK_REPLY", "text": label} for _, label in template.buttons],
    }


def test_languages_match() -> None:
    """A template has the same values, buttons and meaning in each of its languages, once in each."""
    assert len({(each.name, each.language) for each in TEMPLATES}) == len(TEMPLATES)
    for name in {each.name for each in TEMPLATES}:
        versions = [each for each in TEMPLATES if each.name == name]
        wanted = {"id"} if versions[0].kind in FOR_OFFICERS else set(LANGUAGES)
        assert {each.language for each in versions} == wanted, name
        shapes = {
            (each.kind, tuple(key for key, _ in each.values), tuple(tap for tap, _ in each.buttons), each.whole)
            for each in versions
        }
        assert len(shapes) == 1, name
    assert {each.kind for each in TEMPLATES} == {*FOR_REPORTERS, *FOR_OFFICERS}


# -- how it is filled


def test_every_form_has_templates(forms: dict[str, Form]) -> None:
    """Each form has a template of its kind and language first where there is one, and always one that says little."""
    assert {form.kind for form in forms.values()} == {*FOR_REPORTERS, *FOR_OFFICERS} - {ANY}
    for where, form in forms.items():
        first, *_, last = templates_for(form)
        assert first.kind == form.kind, where
        assert first.language == (form.language if form.kind in FOR_REPORTERS else "id"), where
        assert (last.kind, last.language) == (ANY, "id"), where
        assert len(set(templates_for(form))) == len(templates_for(form)), where


def known(form: Form) -> dict[str, str]:
    """What can be said of a form; a list is of no one report, and is named after its agency."""
    return {"number": form.values["agency"], **form.values} if form.kind == "digest" else dict(form.values)


def test_every_form_fills_its_templates(forms: dict[str, Form]) -> None:
    """No template lacks a value or a button's meaning, and WhatsApp has no objection to the message."""
    for where, form in forms.items():
        for template in templates_for(form):
            message, _ = component(template, form)
            assert problems(message) == [], where
            assert len(parameters(message)) == len(template.values), where
            assert {name for name, _ in template.values} <= known(form).keys(), where
            assert payloads(message) == [form.taps[tap] for tap, _ in template.buttons], where
            assert len(read(template, message)) <= most.TEMPLATE_BODY, where


def test_what_is_whole_says_all(forms: dict[str, Form]) -> None:
    """A form counts as whole only where every word of its values can be read, and only in a template that says all."""
    seen = set()
    for where, form in forms.items():
        for template in templates_for(form):
            message, whole = component(template, form)
            seen.add(whole)
            told = read(template, message)
            says = all(flat(known(form)[name]) in told for name, _ in template.values)
            assert whole is (form.whole and template.whole and says), where
    assert seen == {True, False}


VALUES = st.text(st.characters(codec="utf-8"), max_size=60)
LONG = st.one_of(VALUES, st.tuples(VALUES, st.sampled_from([1, 20, 400])).map(lambda pair: pair[0] * pair[1]))
NAMES = ("number", "agency", "text", "category", "due")


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(TEMPLATES), st.dictionaries(st.sampled_from(NAMES), LONG), st.text(max_size=300))
def test_any_values(template: Template, values: dict[str, str], tap: str) -> None:
    """Whatever fills a template, WhatsApp takes it, and what is left out makes it less than whole."""
    taps = {name: tap for name, _ in template.buttons} if tap else {}
    message, whole = component(template, Form(template.kind, "id", values, taps, whole=True))
    assert problems(message) == []
    told = read(template, message)
    assert len(told) <= most.TEMPLATE_BODY
    kept = all(flat(values.get(name, "")) in told for name, _ in template.values)
    assert not whole or (kept and template.whole)


def test_an_answer_of_ordinary_length_is_told_whole() -> None:
    """An answer of six hundred characters by an agency with a long name needs nothing to follow it."""
    text = ("Sudah kami periksa dan perbaiki. " * 20)[:600].strip()
    values = {"number": "LPR-2611-7K3Q-R", "agency": "Dinas Pekerjaan Umum dan Tata Ruang", "text": text}
    for language in LANGUAGES:
        form = Form("answer", language, values, whole=True)
        message, whole = component(templates_for(form)[0], form)
        assert whole
        assert text in read(templates_for(form)[0], message)


def test_a_long_answer_ends_at_a_word() -> None:
    """What is too long is cut behind a word and marked, and is not whole."""
    text = "Sudah kami periksa dan perbaiki bersama warga setempat. " * 50
    form = Form("news", "id", {"number": "LPR-2611-7K3Q-R", "text": text}, whole=True)
    message, whole = component(templates_for(form)[0], form)
    shown = parameters(message)[1]
    assert not whole
    assert shown.endswith("…")
    assert text.startswith(shown[:-1])
    assert text[len(shown) - 1] in " ."
    assert len(shown) > 600
