"""What somebody writes after news of a report, without replying to it: for that report, or the beginning of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from handlers import report, supplement
from handlers.answers import Again, More, Option, Pick, Where, plain, substance
from handlers.desk import Scene, Ticket
from handlers.dialogue import Dialogue, Step, begin
from handlers.files import file_value, refused
from handlers.labels import place_words, short
from handlers.rules.ticket import CLOSED
from handlers.track import own
from handlers.words import Kind, T, Talk, Turn, Words

WHOSE = T("whose.question", "Pesan Anda tersimpan. Apakah untuk laporan {number}, atau laporan baru?")
ALSO = T("whose.also", "Sudah kami catat juga. Untuk laporan {number}, atau laporan baru?")
NEW = Option("new", T("whose.new", "Laporan baru"), words=("baru", "new"))
NOTE = T("respond.heard", "Pesan Anda kami catat sebagai awal laporan.")
Heard = dict[str, Any]


def told_of(scene: Scene) -> Ticket | None:
    """The open report of which this person heard last."""
    last = scene.desk.last_told(scene.contact.id)
    ticket = own(scene, last) if last is not None else None
    return ticket if ticket and ticket.state not in CLOSED else None


def heard(scene: Scene, so_far: Mapping[str, Any]) -> Heard:
    """What was said so far and in this event, as the beginning of a report keeps it."""
    event, found = scene.event, dict(so_far)
    if substance(event.text) and not event.place:
        found["kept_story"] = [*found.get("kept_story", []), [event.message, event.text.strip()]]
    if event.file:
        found["kept_files"] = [*found.get("kept_files", []), file_value(event.file, event.message)]
    if event.place:
        found["place"] = Where().read(scene, None)
    return found


def ask(scene: Scene, ticket: Ticket) -> Turn:
    """Asks for which report a message is meant, and keeps the message."""
    return begin(scene, DIALOGUE, subject=ticket.id, partial=heard(scene, {}))


@dataclass(frozen=True, slots=True)
class Either:
    """The report one heard of, or a new one; whatever else is said meanwhile joins the message."""

    takes: ClassVar = (Kind.TEXT, Kind.FILE, Kind.PLACE)

    def options(self, scene: Scene) -> tuple[Option, ...]:
        ticket = own(scene, scene.talk.subject)
        this = (Option("this", ticket.number, short(ticket.title, 60), ("ini", "itu", "lama")),) if ticket else ()
        return (*this, NEW)

    def read(self, scene: Scene, pressed: str | None) -> Any:
        event, so_far = scene.event, scene.talk.partial or {}
        if event.file and (problem := refused(event.file)):
            raise Again(problem)
        if pressed is not None or (event.kind is Kind.TEXT and len(plain(event.text)) <= 24):
            try:
                bare = replace(scene, talk=replace(scene.talk, partial=None))
                return {"to": Pick(self.options).read(bare, pressed), "heard": so_far}
            except Again:
                if not substance(event.text):
                    raise
        ticket = own(scene, scene.talk.subject)
        return More(heard(scene, so_far), ALSO(number=ticket.number if ticket else ""))


def _question(scene: Scene) -> Words:
    ticket = own(scene, scene.talk.subject)
    return WHOSE(number=ticket.number if ticket else "")


def _done(scene: Scene) -> Turn:
    answer, ticket = scene.talk.answers["whose"], own(scene, scene.talk.subject)
    said = answer["heard"]
    scene = replace(scene, talk=Talk(shelf=scene.talk.shelf), event=replace(scene.event, tap="", text="", file=None))
    if answer["to"] == "new" or ticket is None:
        return report.fresh(scene, NOTE, **said)
    words = [text for _, text in said.get("kept_story", [])]
    if "place" in said:
        words.append(scene.desk.render(place_words(said["place"]), "id"))
    files = said.get("kept_files", [])
    # All that was said may have been deleted meanwhile.
    if not words and not files:
        return scene.reply(scene.talk, scene.letter(supplement.EMPTY))
    return supplement.added(scene, ticket, "\n".join(words), files)


DIALOGUE = Dialogue("whose", (Step("whose", Either(), _question),), _done)
