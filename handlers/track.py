"""Looking up reports: by number for anyone, in full for their owner, and the list of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from handlers import timing
from handlers.answers import WORDS, Again, Option, plain
from handlers.desk import Desk, Entry, Scene, Ticket
from handlers.dialogue import Dialogue, Step, begin, shelved
from handlers.labels import TYPES, agency_name, category_name, local, place_words, short, state_of
from handlers.notices import NO, OBJECT, YES
from handlers.rules import numbers
from handlers.rules.ticket import CLOSED, Clock, State
from handlers.submit import RESUME
from handlers.words import Choice, Lines, T, Talk, Text, Turn, Words

NOT_FOUND = T(
    "track.not_found", "Nomor {number} tidak kami temukan. Periksa kembali, contohnya seperti ini: LPR-2611-7K3Q-R."
)
MINE_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Number:
    """A ticket's number as people type it."""

    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return ()

    def read(self, scene: Scene, pressed: str | None) -> str:
        text = scene.event.text
        number = numbers.read(text) or numbers.find(text) or numbers.national(text)
        if number is None or _visible(scene, number) is None:
            raise Again(NOT_FOUND(number=short(text, 40)))
        return number


def _visible(scene: Scene, number: str) -> Ticket | None:
    """The ticket, unless it is secret and somebody else's: then it is as if it were not there.

    It is found by its own number, or by the one that the national system gave it.
    """
    ticket = scene.desk.ticket_by_sp4n(number) if numbers.national(number) else scene.desk.ticket_by_number(number)
    if ticket is None or (ticket.secret and not owns(scene, ticket)):
        return None
    return ticket


def ask_number(scene: Scene) -> Turn:
    """Asks for a number."""
    return begin(scene, STATUS)


def _looked_up(scene: Scene) -> Turn:
    return look_up(replace(scene, talk=Talk(shelf=scene.talk.shelf)), scene.talk.answers["number"])


STATUS = Dialogue(
    "status",
    (Step("number", Number(), T("track.number", "Tulis nomor laporan, misalnya LPR-2611-7K3Q-R.")),),
    _looked_up,
)


def look_up(scene: Scene, number: str) -> Turn:
    """The status of a ticket, as much of it as this person may see."""
    ticket = _visible(scene, number)
    if ticket is None:
        return scene.reply(scene.talk, scene.letter(NOT_FOUND(number=number)))
    return view(scene, ticket)


def view(scene: Scene, ticket: Ticket) -> Turn:
    """A ticket for its owner in full, for anyone else its status, agency and dates."""
    if not owns(scene, ticket):
        return scene.reply(scene.talk, scene.letter(_outline(scene, ticket)))
    letter = scene.letter(Lines((_outline(scene, ticket), _content(scene, ticket)), "\n"), ticket=ticket.id)
    return scene.reply(scene.talk, replace(letter, choices=owner_choices(ticket)))


def owner_choices(ticket: Ticket) -> tuple[Choice, ...]:
    """What the owner can do with a ticket now."""
    add = Choice(f"t:{ticket.id}:add", T("track.add", "Tambah keterangan"))
    judge = (Choice(f"t:{ticket.id}:confirm", YES), Choice(f"t:{ticket.id}:dispute", NO))
    if ticket.state is State.RESPONDED:
        return (*judge, add)
    if ticket.state is State.RESOLVED:
        return judge if ticket.rating is None else judge[1:]
    if ticket.state is State.ARCHIVED:
        return (Choice(f"t:{ticket.id}:object", OBJECT),)
    return () if ticket.state in CLOSED else (add,)


def _outline(scene: Scene, ticket: Ticket) -> Words:
    desk = scene.desk
    due = timing.deadline_of(ticket)
    return Lines(
        tuple(
            part
            for part in (
                ticket.number,
                T("track.state", "• Status: {state}", state=state_of(desk, ticket)),
                T("track.agency", "• Instansi: {agency}", agency=agency_name(desk, ticket.agency)),
                T("track.received", "• Diterima: {day}", day=_received(desk, ticket)),
                _due(ticket)(day=local(desk, ticket.agency, due)) if due else "",
                T("track.risen", "• Sudah dilaporkan ke: {agency}", agency=agency_name(desk, ticket.risen))
                if ticket.risen
                else "",
                T("track.changed", "• Kabar terakhir: {day}", day=local(desk, ticket.agency, ticket.changed_at)),
            )
            if part
        )
    )


def _received(desk: Desk, ticket: Ticket) -> date:
    """The day on which the office received a report, by chat or before."""
    return ticket.received_on or local(desk, ticket.agency, ticket.created_at)


def _due(ticket: Ticket) -> Text:
    if ticket.clock in (Clock.REPORTER, Clock.COMPLETION):
        return T("track.yours", "• Batas tanggapan pelapor: {day}")
    if ticket.clock is Clock.VERIFICATION:
        return T("track.checked", "• Batas pemeriksaan: {day}")
    return T("track.due", "• Batas penanganan: {day}")


def _content(scene: Scene, ticket: Ticket) -> Words:
    news = _arrived(scene, ticket)
    last = short(str(news[-1].data.get("text", "")), 500) if news else ""
    return Lines(
        (
            T("track.sp4n", "• Nomor SP4N: {id}", id=ticket.sp4n_id) if ticket.sp4n_id else "",
            T(
                "track.content",
                "• Jenis: {type}\n• Topik: {category}\n• Lokasi: {place}\n• Tanggal kejadian: {day}\n• Cerita: {story}",
                type=TYPES[ticket.report_type],
                category=category_name(scene.desk, ticket.category),
                place=place_words(dict(ticket.place)),
                day=ticket.happened,
                story=short(ticket.story, 500),
            ),
            T("track.last", "• Pesan terakhir instansi: “{text}”", text=last) if last else "",
            T("track.rated", "• Penilaian Anda: {stars}", stars="★" * ticket.rating) if ticket.rating else "",
        )
    )


def _arrived(scene: Scene, ticket: Ticket) -> list[Entry]:
    """What the agency wrote, without what was taken back or can still be taken back."""
    written: list[Entry] = []
    for entry in _entries(scene, ticket):
        if entry.action in ("answer", "resolve", "ask", "extend"):
            written.append(entry)
        elif entry.action == "undo" and written:
            written.pop()
    return [entry for entry in written if entry.at + scene.desk.undo_for <= scene.desk.now]


def _entries(scene: Scene, ticket: Ticket) -> list[Entry]:
    """A ticket's history, with that of the report in which it is handled from then on."""
    own = list(scene.desk.history(ticket.id))
    joined = next((each.at for each in reversed(own) if each.action in ("merge", "join")), None)
    if ticket.merged_into is None or joined is None:
        return own
    return [*own, *(each for each in scene.desk.history(ticket.merged_into) if each.at > joined)]


def answered(scene: Scene, ticket: Ticket) -> bool:
    """Whether a reporter may say of a ticket that it helped: of a merged one as of the report it is handled in."""
    lead = scene.desk.ticket(ticket.merged_into) if ticket.state is State.MERGED and ticket.merged_into else ticket
    return lead is not None and lead.state in (State.RESPONDED, State.RESOLVED)


def mine(scene: Scene) -> Turn:
    """A person's own reports, newest first, each as a button."""
    tickets = scene.desk.tickets_of(scene.contact.id)[:MINE_SHOWN]
    talk = Talk(shelf=shelved(scene.talk))
    if not tickets:
        text: Words = T("track.none", "Anda belum mempunyai laporan. Ketik lapor untuk membuat yang pertama.")
        return scene.reply(talk, scene.letter(text, choices=resume_choice(talk)))
    lines = tuple(
        T(
            "track.line",
            "{n}. {number} · {title} · {state}",
            n=n,
            number=ticket.number,
            title=short(ticket.title, 40),
            state=state_of(scene.desk, ticket),
        )
        for n, ticket in enumerate(tickets, 1)
    )
    choices = tuple(Choice(f"t:{ticket.id}:view", ticket.number) for ticket in tickets)
    shown = tuple((f"t:{ticket.id}:view", ticket.number) for ticket in tickets)
    text = Lines((T("track.mine", "Laporan Anda:"), *lines))
    return scene.reply(replace(talk, shown=shown), scene.letter(text, choices=(*choices, *resume_choice(talk))))


def resume_choice(talk: Talk) -> tuple[Choice, ...]:
    return (RESUME,) if talk.shelf else ()


def own(scene: Scene, ticket: int | None) -> Ticket | None:
    """The ticket, if it is this person's."""
    found = scene.desk.ticket(ticket) if ticket is not None else None
    return found if found and owns(scene, found) else None


def owns(scene: Scene, ticket: Ticket) -> bool:
    """Whether a ticket was made by this person, from this account or from another of theirs."""
    return ticket.reporter == scene.contact.id or ticket.reporter in scene.desk.kin(scene.contact.id)


def listed(scene: Scene) -> Turn | None:
    """Reads a number typed under the list of one's own reports."""
    said = plain(scene.event.text)
    shown = scene.talk.shown
    if scene.talk.dialogue or not (said.isascii() and said.isdigit() and 0 < int(said[:4]) <= len(shown)):
        return None
    ident = shown[int(said[:4]) - 1][0].split(":")[1]
    ticket = own(scene, int(ident))
    return view(scene, ticket) if ticket else None
