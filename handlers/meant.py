"""Which ticket an officer's text is meant for, where it replies to none: asked, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers import drafts, officer
from handlers.answers import NOT_A_CHOICE, Again, Option, Pick, numbered, plain
from handlers.desk import Scene
from handlers.dialogue import Dialogue, Step, begin
from handlers.files import MAX_FILES, file_of, file_value, refused
from handlers.labels import short
from handlers.rules import numbers
from handlers.words import Kind, T, Talk, Turn, Words

WHICH = T("duty.which", "Pesan Anda tersimpan. Untuk laporan yang mana?\n\n“{text}”")
NO_TICKET = T(
    "duty.no_ticket", "Pesan Anda belum diproses, karena tidak ada laporan terbuka. Ketik tugas untuk memeriksa."
)


def which(here: Scene) -> Turn:
    """Asks for the ticket that a text is meant for: where several are open, none is guessed."""
    event = here.event
    if event.file and (problem := refused(event.file)):
        return here.reply(here.talk, here.letter(problem))
    if not here.desk.tickets_at(here.desk.agency_of(here.contact.id)):
        return here.reply(here.talk, here.letter(NO_TICKET))
    before: dict[str, Any] = dict(here.talk.answers["kept"]) if here.talk.dialogue == CHOICE.name else {}
    kept: dict[str, Any] = {
        "text": "\n".join(filter(None, (before.get("text", ""), event.text.strip()))),
        "message": before.get("message", event.message),
        "files": [*before.get("files", ()), *([file_value(event.file)] if event.file else [])][:MAX_FILES],
    }
    return begin(here, CHOICE, answers={"kept": kept})


def _open_tickets(scene: Scene) -> Sequence[Option]:
    agency = scene.desk.agency_of(scene.contact.id)
    tickets = scene.desk.tickets_at(agency)
    return tuple(Option(str(each.id), each.number, short(each.title, 60)) for each in tickets)


def _question(scene: Scene) -> Words:
    text = str(scene.talk.answers["kept"]["text"])
    return WHICH(text=short(text, 300) or T("notice.files", "(lihat berkas terlampir)"))


def _chosen(scene: Scene) -> Turn:
    """What was kept becomes the draft of an answer to the chosen ticket."""
    kept, ident = scene.talk.answers["kept"], int(scene.talk.answers["ticket"])
    ticket, given = scene.desk.ticket(ident), [file_of(value) for value in kept["files"]]
    event = replace(
        scene.event,
        kind=Kind.FILE if given else Kind.TEXT,
        text=kept["text"],
        message=kept["message"],
        file=given[0] if given else None,
        tap="",
    )
    here = replace(scene, event=event, room=scene.contact, talk=Talk(shelf=scene.talk.shelf))
    turn = officer.answer(here, ticket) if ticket else here.reply(here.talk)
    for file in given[1:]:
        if draft := here.desk.draft_from(here.contact.id, event.message):
            turn = drafts.joined(replace(here, event=replace(event, text="", file=file)), draft)
    return turn


@dataclass(frozen=True, slots=True)
class Exactly(Pick):
    """A ticket by its button, its place in the list or its number: a near miss may be another ticket."""

    def typed(self, scene: Scene, found: tuple[Option, ...]) -> str:
        """The value of the ticket that is meant; raises Again where none bears this number."""
        text = scene.event.text
        value = numbered(plain(text), scene.talk.shown)
        number = numbers.read(text) or numbers.find(text)
        for option in self.options(scene):
            if plain(text) in (plain(scene.desk.render(option.label, scene.language)), *option.words):
                value = option.value
        value = value or next((option.value for option in found if option.label == number), None)
        if value is None:
            raise Again(NOT_A_CHOICE)
        return value


CHOICE = Dialogue("duty", (Step("ticket", Exactly(_open_tickets), _question),), _chosen)
