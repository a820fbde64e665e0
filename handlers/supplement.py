"""Adding to a report on record, and answering the agency's question by just replying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from handlers import case
from handlers.answers import Again, Option, substance
from handlers.desk import Scene, Ticket
from handlers.dialogue import Dialogue, Step, album_pause
from handlers.files import file_of, file_value, refused
from handlers.labels import place_words
from handlers.rules.ticket import CLOSED, Role, State
from handlers.track import own, owner_choices
from handlers.words import Kind, T, Talk, Turn, Words

LINGERS = timedelta(minutes=10)
EMPTY = T("track.empty", "Pesan itu kosong. Tulis keterangan Anda.")


def supplement(scene: Scene, ticket: Ticket) -> Turn:
    """Adds what the reporter sent to an open report, or answers the agency's question with it."""
    event = scene.event
    problem = refused(event.file) if event.file else None
    if problem:
        return scene.reply(scene.talk, scene.letter(problem))
    files = [event.file] if event.file else []
    text = event.text.strip()
    if event.place:
        text = scene.desk.render(place_words({"lat": event.place.lat, "lon": event.place.lon}), "id")
    if not files and not substance(text):
        return scene.reply(scene.talk, scene.letter(EMPTY))
    return added(scene, ticket, text, [file_value(file) for file in files])


def added(scene: Scene, ticket: Ticket, text: str, files: Sequence[Any]) -> Turn:
    """Adds words and files, as they are kept in the answers, to a report."""
    desk = scene.desk
    action = "supply" if ticket.state is State.NEEDS_INFO else "reply"
    if ticket.state in CLOSED:
        return scene.reply(scene.talk, scene.letter(_closed(ticket), choices=owner_choices(ticket)))
    ids = desk.attach(ticket.id, [file_of(value) for value in files], Role.REPORTER, scene.contact.channel)
    made = case.make(desk, ticket, action, Role.REPORTER, scene.contact.id, text=text, files=ids)
    assert made is not None
    thanks = T(
        "track.added",
        "Keterangan Anda untuk laporan {number} sudah kami sampaikan kepada petugas.",
        number=ticket.number,
    )
    letter = scene.letter(thanks, ticket=ticket.id, key=f"added:{ticket.id}", delay=album_pause(scene.event))
    return scene.reply(_lingering(scene, ticket), letter, *made.letters)


def _lingering(scene: Scene, ticket: Ticket) -> Talk:
    """Remembers for a while what one is talking about, because people write one thought in several messages."""
    if scene.talk.dialogue:
        return scene.talk
    return Talk(subject=ticket.id, partial=scene.desk.now.isoformat(), shelf=scene.talk.shelf)


def lingering(scene: Scene) -> Ticket | None:
    """The ticket one was talking about a moment ago, while it is open."""
    talk = scene.talk
    if talk.dialogue or talk.subject is None or not isinstance(talk.partial, str):
        return None
    fresh = scene.desk.now - datetime.fromisoformat(talk.partial) < LINGERS
    ticket = own(scene, talk.subject) if fresh else None
    return ticket if ticket and ticket.state not in CLOSED else None


def _closed(ticket: Ticket) -> Words:
    text = ARCHIVED if ticket.state is State.ARCHIVED else CLOSED_ALREADY
    return text(number=ticket.number)


ARCHIVED = T(
    "track.archived",
    "Laporan {number} sudah diarsipkan, jadi pesan Anda tidak kami teruskan. Tidak setuju? Pilih Keberatan.",
)
CLOSED_ALREADY = T(
    "track.closed",
    "Laporan {number} sudah ditutup, jadi pesan Anda tidak kami teruskan. Masalahnya belum teratasi? Pilih Belum.",
)


@dataclass(frozen=True, slots=True)
class Anything:
    """A text, a file or a place, to be added to a report."""

    takes: ClassVar = (Kind.TEXT, Kind.FILE, Kind.PLACE)

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return ()

    def read(self, scene: Scene, pressed: str | None) -> str:
        if scene.event.kind not in (Kind.TEXT, Kind.FILE, Kind.PLACE):
            raise Again(T("track.what", "Tulis keterangannya, atau kirim foto, dokumen, atau lokasi."))
        return "given"


def _add_done(scene: Scene) -> Turn:
    ticket = own(scene, scene.talk.subject)
    scene = replace(scene, talk=Talk(shelf=scene.talk.shelf))
    return supplement(scene, ticket) if ticket else scene.reply(scene.talk)


ADD = Dialogue(
    "add",
    (Step("what", Anything(), T("track.write", "Tulis keterangan tambahan, atau kirim foto, dokumen, atau lokasi.")),),
    _add_done,
)


def asked(scene: Scene) -> Ticket | None:
    """The one ticket whose agency waits for this person's answer."""
    waiting = [t for t in scene.desk.tickets_of(scene.contact.id) if t.state is State.NEEDS_INFO]
    return waiting[0] if len(waiting) == 1 else None
