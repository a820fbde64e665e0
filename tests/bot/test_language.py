"""The catalogues hold every sentence of the code in each language, and words become the text that people read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.language import LANGUAGES, load, renderer
from handlers.menu import EVERYWHERE, ONLY_ALONE
from handlers.words import Lines, Text, Words

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "locales" / "messages.pot"
PLURALS = {"id": (1, "0"), "en": (2, "(n != 1)")}
LONGEST = 1000
DAY = date(2026, 11, 3)
# Commands, example numbers and figures are the same in every language.
FIXED = re.compile(r"(?<!\w)/[a-z_]+|LPR-[\w-]+|\d+")
# A sentence that names a button, and the button it names.
NAMED = (
    ("answer.story_full", "report.story_done"),
    ("report.story_heard", "report.story_done"),
    ("report.story_kept", "report.story_done"),
    ("answer.file", "report.files_done"),
    ("answer.too_many", "report.files_done"),
    ("track.comment", "track.skip"),
    ("dialogue.unedited", "nav.back"),
    ("dialogue.unedited", "report.edit"),
    ("menu.help_text", "menu.report"),
)

Key = tuple[str, str]
render = renderer(load())


def sentences() -> set[Key]:
    """Every sentence of the code, by context and source, as the extraction finds them."""
    found = extract_from_dir(ROOT / "handlers", keywords={"T": ((1, "c"), 2)})
    return {(str(context), str(message)) for _, _, message, _, context in found}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of T in the code, with the place where it stands."""
    for path in sorted((ROOT / "handlers").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T":
                yield f"{path.name}:{node.lineno}", node


def catalogue(path: Path) -> Catalog:
    """A file of messages."""
    with path.open("rb") as file:
        return read_po(file)


def of(language: str) -> Catalog:
    """The catalogue of a language."""
    return catalogue(ROOT / "locales" / language / "LC_MESSAGES" / "messages.po")


def messages(held: Catalog) -> dict[Key, Message]:
    """The messages of a catalogue, without its header."""
    return {(str(message.context), str(message.id)): message for message in held if message.id}


def names(text: str) -> list[str]:
    """The {names} in a text, in alphabetical order."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def said(language: str, context: str) -> str:
    """What the one sentence of a context says."""
    (found,) = {str(message.string) for key, message in messages(of(language)).items() if key[0] == context}
    return found


def test_every_sentence_is_written_out_where_it_stands() -> None:
    """A sentence has a literal context and a literal source: nothing else can be extracted."""
    wrong = [
        place
        for place, call in calls()
        if len(call.args) != 2
        or not all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in call.args)
    ]
    assert wrong == []


def test_the_extraction_finds_every_sentence() -> None:
    """What the catalogues are made from is what the code says."""
    assert {tuple(ast.literal_eval(each) for each in call.args) for _, call in calls()} == sentences()


def test_a_sentence_gets_no_value_that_it_does_not_say() -> None:
    """The values given where a sentence stands are among its {names}."""
    for place, call in calls():
        source = ast.literal_eval(call.args[1])
        spare = {keyword.arg for keyword in call.keywords} - set(names(source))
        assert not spare, f"handlers/{place}: {spare} is given but not said"


def test_the_template_is_that_of_the_code() -> None:
    """The template holds each sentence of the code and no other."""
    held, found = set(messages(catalogue(TEMPLATE))), sentences()
    assert held == found, f"locales/ is behind the code, run `make messages`: new {found - held}, gone {held - found}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_holds_every_sentence(language: str) -> None:
    """No sentence is missing, empty, doubtful or left over."""
    held = of(language)
    found = messages(held)
    assert set(found) == sentences(), f"locales/{language} is behind the code, run `make messages`"
    assert [key for key, message in found.items() if not message.string] == [], "not translated"
    assert [key for key, message in found.items() if message.fuzzy] == [], "translation in doubt"
    assert list(held.obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_has_the_names_of_its_source(language: str) -> None:
    """What is filled into the source is filled into the translation, once."""
    for (context, source), message in messages(of(language)).items():
        assert names(str(message.string)) == names(source), context


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_has_the_commands_and_figures_of_its_source(language: str) -> None:
    """What people type or dial is not translated."""
    for (context, source), message in messages(of(language)).items():
        assert sorted(FIXED.findall(str(message.string))) == sorted(FIXED.findall(source)), context


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_header_has_the_language_and_its_plural(language: str) -> None:
    """The header says which language it is and how it counts."""
    held = of(language)
    assert str(held.locale) == language
    assert (held.num_plurals, held.plural_expr) == PLURALS[language]


@pytest.mark.parametrize("path", [TEMPLATE, *sorted((ROOT / "locales").rglob("*.po"))], ids=lambda path: path.parts[-3])
def test_no_text_is_longer_than_a_chat_can_show(path: Path) -> None:
    """Each text leaves room for what is filled in, within the limit of the strictest chat."""
    for (context, source), message in messages(catalogue(path)).items():
        assert max(len(source), len(str(message.string))) <= LONGEST, context


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("sentence", "button"), NAMED)
def test_a_sentence_names_a_button_as_it_is_labelled(language: str, sentence: str, button: str) -> None:
    """What a sentence tells people to press is what stands on the button."""
    assert said(language, button) in said(language, sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_in_the_help_work(language: str) -> None:
    """Each word that the help promises works at every step."""
    bullets = [line[2:].split(":")[0] for line in said(language, "menu.help_text").splitlines() if line[:2] == "• "]
    assert len(bullets) == 5
    assert all(word in EVERYWHERE and word not in ONLY_ALONE for word in bullets)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("id", "Selasa, 3 November 2026", "3 Nov 2026 14.05"),
        ("en", "Tuesday, 3 November 2026", "3 Nov 2026 14.05"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(language: str, day: str, moment: str) -> None:
    """A day is told with its weekday, a moment with its hour."""
    assert render(Text("x", "{day}", {"day": DAY}), language) == day
    assert render(Text("x", "{at}", {"at": datetime(2026, 11, 3, 14, 5)}), language) == moment


@pytest.mark.parametrize(
    ("language", "expected"),
    [("id", "Pelapor: Anonim · Biasa"), ("en", "Reporter: Anonymous · Normal")],
)
def test_sentences_stand_inside_sentences(language: str, expected: str) -> None:
    """A value that is itself a sentence is said in the same language."""
    values = {"who": Text("privacy", "Anonim"), "privacy": Text("privacy", "Biasa")}
    assert render(Text("card.reporter", "Pelapor: {who} · {privacy}", values), language) == expected


def test_lines_leave_out_what_is_empty() -> None:
    """Empty parts leave no empty line, at any depth."""
    inner = Lines(("", "dua", ""), "\n")
    words: Words = Lines(("satu", "", inner, Lines(("",)), Text("nav.back", "Kembali")), "\n\n")
    assert render(words, "id") == "satu\n\ndua\n\nKembali"
    assert render(words, "en") == "satu\n\ndua\n\nBack"
    assert render(Text("x", "({these})", {"these": inner}), "id") == "(dua)"


@pytest.mark.parametrize("language", ["jv", "xx", "", "EN"])
def test_an_unknown_language_is_answered_in_bahasa_indonesia(language: str) -> None:
    """What cannot be said in a language is said in Bahasa Indonesia, dates too."""
    assert render(Text("nav.cancel", "Batal"), language) == "Batal"
    assert render(Text("track.due", "{day}", {"day": DAY}), language) == "Selasa, 3 November 2026"


def test_an_unknown_sentence_is_said_as_it_stands_in_the_code() -> None:
    """A sentence that no catalogue holds yet is still said."""
    assert render(Text("new", "Halo, {name}.", {"name": "Siti"}), "en") == "Halo, Siti."


@pytest.mark.parametrize("given", ["{0} {x}", "{name}", "{", "}", "{{}}", "{name.__class__}", "%(name)s", "100 %"])
def test_braces_of_a_person_are_only_braces(given: str) -> None:
    """What a person wrote is never read as a place to be filled, however deep it stands."""
    text = Text("x", "“{name}”", {"name": given})
    assert render(text, "id") == f"“{given}”"
    assert render(Text("y", "{a}{b}", {"a": text, "b": Lines((given, text))}), "en") == f"“{given}”{given}\n“{given}”"
    assert render(given, "id") == given


def test_a_number_is_written_in_figures() -> None:
    """Whole numbers and fractions stand as they are."""
    assert render(Text("x", "{n} {part}", {"n": 12, "part": 0.5}), "id") == "12 0.5"
