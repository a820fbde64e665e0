"""Catalogues, and rendering of words in a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po

from handlers.words import Lines, Text, Words

LANGUAGES = ("id", "en")
Catalogue = Mapping[tuple[str, str], str]
DAY = "EEEE, d MMMM y"


def folder() -> Path:
    """Where the catalogues lie: inside the installed package, or at the top of a checkout."""
    installed = Path(__file__).parent / "locales"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "locales"


def read(path: Path) -> Catalogue:
    """The translations of one file; what is not translated or marked doubtful is left out."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        (message.context or "", str(message.id)): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


@lru_cache(maxsize=2)
def load(where: Path | None = None) -> dict[str, Catalogue]:
    """All catalogues, by language; read once."""
    where = where or folder()
    return {language: read(where / language / "LC_MESSAGES" / "messages.po") for language in LANGUAGES}


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    return format_date(day, DAY, locale=language)


def renderer(catalogues: Mapping[str, Catalogue]) -> Callable[[Words, str], str]:
    """The function that turns words into plain text; an unknown language or sentence is said in Bahasa Indonesia."""

    def render(words: Words, language: str) -> str:
        if isinstance(words, str):
            return words
        if isinstance(words, Lines):
            return words.between.join([said for part in words.parts if part and (said := render(part, language))])
        catalogue = catalogues[language if language in catalogues else "id"]
        said = catalogue.get((words.context, words.source), words.source)
        if not words.values:
            return said
        return said.format_map({name: value(each, language) for name, each in words.values.items()})

    def value(given: object, language: str) -> object:
        if isinstance(given, (str, int, float)):
            return given
        if isinstance(given, (Text, Lines)):
            return render(given, language)
        language = language if language in catalogues else "id"
        if isinstance(given, datetime):
            return format_datetime(given, "d MMM y HH.mm", locale=language)
        return _day(given, language) if isinstance(given, date) else given

    return render
