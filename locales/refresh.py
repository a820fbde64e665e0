"""Brings the catalogues up to date with the sentences of handlers/; run twice, it changes nothing."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "handlers"
TEMPLATE = HERE / "messages.pot"
SENTENCES = {"T": ((1, "c"), 2)}
WIDTH = 100
# No dates, versions or names of people: the files change when a sentence does, and not otherwise.
HEADER = """\
# {title}
msgid ""
msgstr ""
"Project-Id-Version: Kentongan\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
{plural}
"""
# Babel knows no rule for the languages of Indonesia, whose words have one form.
PLURALS = {"en": "nplurals=2; plural=(n != 1);"}
ONE_FORM = "nplurals=1; plural=0;"
TITLES = {
    "": "Kentongan: every sentence of handlers/, as it stands in the code.",
    "id": "Kentongan: Bahasa Indonesia. Change msgstr only; keep every {name}.",
}
TITLE = "Kentongan: a translation. Keep every {name}; remove fuzzy when it is right."


def gathered() -> Catalog:
    """The sentences of the code, by context."""
    found = sorted(
        (str(context), str(message), file)
        for file, _, message, _, context in extract_from_dir(SOURCE, keywords=SENTENCES, comment_tags=())
    )
    catalogue = Catalog(fuzzy=False)
    for context, message, file in found:
        catalogue.add(message, locations=[(f"{SOURCE.name}/{file}", 1)], context=context)
    return catalogue


def refreshed(path: Path, template: Catalog) -> Catalog:
    """A language's catalogue with all sentences; a new one stands in id as it is in the code, elsewhere it is open."""
    language = path.parent.parent.name
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.update(template, no_fuzzy_matching=language == "id")
    for message in catalogue:
        if language == "id" and message.id and not message.string:
            message.string = message.id
    return catalogue


def written(catalogue: Catalog, language: str = "") -> bytes:
    """The file of a catalogue."""
    plural = f'"Plural-Forms: {PLURALS.get(language, ONE_FORM)}\\n"' if language else ""
    header = HEADER.format(title=TITLES.get(language, TITLE), language=language, plural=plural)
    body = BytesIO()
    write_po(body, catalogue, width=WIDTH, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return header.rstrip("\n").encode() + b"\n\n" + body.getvalue().lstrip(b"\n")


def main() -> None:
    """Writes the template and each language."""
    template = gathered()
    TEMPLATE.write_bytes(written(template))
    for path in sorted(HERE.glob("*/LC_MESSAGES/messages.po")):
        path.write_bytes(written(refreshed(path, template), path.parent.parent.name))


if __name__ == "__main__":
    main()
