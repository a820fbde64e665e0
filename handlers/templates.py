"""Answers that an office has written beforehand, by topic and state, in the reporter's language."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.answers import Again, Option, means, numbered, plain
from handlers.desk import Desk, Scene, Ticket
from handlers.facts import Template
from handlers.labels import agency_name
from handlers.words import T

SHOWN = 6
BLANK = "…"
FILL = T("templates.fill", "Salin, lengkapi bagian yang bertanda …, lalu kirim di sini:\n\n{text}")
MARK = T("templates.option", "📄 {key}")


def fitting(desk: Desk, ticket: Ticket) -> list[Template]:
    """The templates for a ticket's topic and state, those of its own topic first."""
    line = desk.facts.category_line(ticket.category)
    language = desk.contact(ticket.reporter).language
    found: dict[str, Template] = {}
    for each in desk.facts.templates:
        suits = each.category in ("", *line) and each.state in ("", ticket.state.value)
        if suits and (each.key not in found or each.language == language):
            found[each.key] = each
    return sorted(found.values(), key=lambda each: (not each.category, not each.state))[:SHOWN]


def options(desk: Desk, ticket: Ticket) -> tuple[Option, ...]:
    """The templates as answers to the question what to write."""
    return tuple(
        Option(each.key, MARK(key=_title(each)), words=(plain(_title(each)),)) for each in fitting(desk, ticket)
    )


def _title(template: Template) -> str:
    return template.key.replace("-", " ").capitalize()


def read(scene: Scene, ticket: Ticket, pressed: str | None) -> str:
    """The text of the template that was chosen; empty where none was. Raises Again where blanks have to be filled."""
    chosen = pressed or numbered(plain(scene.event.text), scene.talk.shown)
    for each in _named(scene, ticket, chosen):
        text = each.text.replace("{nomor}", ticket.number).replace("{instansi}", agency_name(scene.desk, ticket.agency))
        if BLANK in text:
            raise Again(FILL(text=text), alone=True)
        return text
    return ""


def _named(scene: Scene, ticket: Ticket, chosen: str | None) -> Iterator[Template]:
    said = scene.event.text
    for each in fitting(scene.desk, ticket):
        title = _title(each)
        option = Option(each.key, MARK(key=title), words=(plain(title),))
        if each.key == chosen or (said and means(scene, said, option)):
            yield each
