"""What a reporter does with a report on record: look it up, add to it, say whether it helped, rate it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from handlers import case
from handlers.answers import WORDS, Again, Option, Pick, Written, file_of, file_value, plain, refused, substance
from handlers.desk import Scene, Ticket
from handlers.dialogue import Dialogue, Step, album_pause, begin, shelved
from handlers.labels import TYPES, agency_name, category_name, local, place_words, short, state_of
from handlers.notices import NO, YES
from handlers.rules import numbers
from handlers.rules.ticket import CLOSED, Clock, Role, State
from handlers.submit import RESUME
from handlers.words import Choice, Kind, Lines, T, Talk, Text, Turn, Words

NOT_FOUND = T(
    "track.not_found", "Nomor {number} tidak kami temukan. Periksa kembali, contohnya seperti ini: LPR-2611-7K3Q-R."
)
MINE_SHOWN = 8
LINGERS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Number:
    """A ticket's number as people type it."""

    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return ()

    def read(self, scene: Scene, pressed: str | None) -> str:
        text = scene.event.text
        number = numbers.read(text) or numbers.find(text)
        if number is None or _visible(scene, number) is None:
            raise Again(NOT_FOUND(number=short(text, 40)))
        return number


def _visible(scene: Scene, number: str) -> Ticket | None:
    """The ticket, unless it is secret and somebody else's: then it is as if it were not there."""
    ticket = scene.desk.ticket_by_number(number)
    if ticket is None or (ticket.secret and ticket.reporter != scene.contact.id):
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
    if ticket.reporter != scene.contact.id:
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
    return () if ticket.state in CLOSED else (add,)


def _outline(scene: Scene, ticket: Ticket) -> Words:
    desk = scene.desk
    due = ticket.due_at
    return Lines(
        tuple(
            part
            for part in (
                ticket.number,
                T("track.state", "• Status: {state}", state=state_of(desk, ticket)),
                T("track.agency", "• Instansi: {agency}", agency=agency_name(desk, ticket.agency)),
                T("track.received", "• Diterima: {day}", day=local(desk, ticket.agency, ticket.created_at)),
                _due(ticket)(day=local(desk, ticket.agency, due)) if due else "",
                T("track.changed", "• Kabar terakhir: {day}", day=local(desk, ticket.agency, ticket.changed_at)),
            )
            if part
        )
    )


def _due(ticket: Ticket) -> Text:
    if ticket.clock in (Clock.REPORTER, Clock.COMPLETION):
        return T("track.yours", "• Batas tanggapan pelapor: {day}")
    if ticket.clock is Clock.VERIFICATION:
        return T("track.checked", "• Batas pemeriksaan: {day}")
    return T("track.due", "• Batas penanganan: {day}")


def _content(scene: Scene, ticket: Ticket) -> Words:
    news = [entry for entry in scene.desk.history(ticket.id) if entry.action in ("answer", "resolve", "ask")]
    last = short(str(news[-1].data.get("text", "")), 500) if news else ""
    return Lines(
        (
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


def mine(scene: Scene) -> Turn:
    """A person's own reports, newest first, each as a button."""
    tickets = scene.desk.tickets_of(scene.contact.id)[:MINE_SHOWN]
    talk = Talk(shelf=shelved(scene.talk))
    if not tickets:
        text: Words = T("track.none", "Anda belum mempunyai laporan. Ketik lapor untuk membuat yang pertama.")
        return scene.reply(talk, scene.letter(text, choices=_resume(talk)))
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
    return scene.reply(replace(talk, shown=shown), scene.letter(text, choices=(*choices, *_resume(talk))))


def _resume(talk: Talk) -> tuple[Choice, ...]:
    return (RESUME,) if talk.shelf else ()


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
        return scene.reply(scene.talk, scene.letter(T("track.empty", "Pesan itu kosong. Tulis keterangan Anda.")))
    return _added(scene, ticket, text, [file_value(file) for file in files])


def _added(scene: Scene, ticket: Ticket, text: str, files: Sequence[Any]) -> Turn:
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
    "Laporan {number} sudah diarsipkan, jadi pesan Anda tidak kami teruskan. "
    "Tidak setuju? Buat laporan baru dengan keterangan yang lebih lengkap.",
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


def own(scene: Scene, ticket: int | None) -> Ticket | None:
    """The ticket, if it is this person's."""
    found = scene.desk.ticket(ticket) if ticket is not None else None
    return found if found and found.reporter == scene.contact.id else None


STARS = Pick(
    tuple(
        Option(str(stars), label, words=("★" * stars, "⭐" * stars))
        for stars, label in (
            (1, T("stars", "1 ★ Sangat tidak puas")),
            (2, T("stars", "2 ★ Tidak puas")),
            (3, T("stars", "3 ★ Cukup")),
            (4, T("stars", "4 ★ Puas")),
            (5, T("stars", "5 ★ Sangat puas")),
        )
    )
)
COMMENT = Written(
    1, 1000, skip=Option("skip", T("track.skip", "Lewati"), words=("lewat", "tidak", "tidak ada", "skip", "1"))
)


def _rated(scene: Scene) -> Turn:
    ticket, answers = own(scene, scene.talk.subject), scene.talk.answers
    talk = Talk(shelf=scene.talk.shelf)
    thanks = T(
        "track.thanks",
        "Terima kasih. Penilaian Anda membantu memperbaiki layanan. Ketik menu untuk kembali.",
    )
    letter = scene.letter(thanks, choices=_resume(talk))
    if ticket is None:
        return scene.reply(talk, letter)
    stars = int(answers["stars"])
    made = case.make(scene.desk, ticket, "rate", Role.REPORTER, scene.contact.id, stars=stars, text=answers["comment"])
    return scene.reply(talk, letter, *(made.letters if made else ()))


RATING = Dialogue(
    "rating",
    (
        Step("stars", STARS, T("track.stars", "Seberapa puas Anda dengan penanganannya?")),
        Step("comment", COMMENT, T("track.comment", "Ada yang perlu diperbaiki? Tulis, atau pilih Lewati.")),
    ),
    _rated,
)


def _disputed(scene: Scene) -> Turn:
    ticket = own(scene, scene.talk.subject)
    talk = Talk(shelf=scene.talk.shelf)
    reason = scene.talk.answers["reason"]
    made = ticket and case.make(scene.desk, ticket, "dispute", Role.REPORTER, scene.contact.id, text=reason)
    if not ticket or not made:
        return scene.reply(talk, scene.letter(T("track.too_late", "Laporan itu tidak dapat dibuka kembali.")))
    text = T(
        "track.reopened",
        "Laporan {number} dibuka kembali dan dikirim lagi ke {agency}. "
        "Bila tetap tidak ditangani, Anda berhak mengadu ke Ombudsman RI: telepon 137.",
        number=ticket.number,
        agency=agency_name(scene.desk, made.ticket.agency),
    )
    return scene.reply(talk, scene.letter(text, choices=_resume(talk)), *made.letters)


DISPUTE = Dialogue(
    "dispute",
    (
        Step(
            "reason",
            Written(8, 2000, T("track.reason_short", "Mohon jelaskan sedikit lagi apa yang belum teratasi.")),
            T("track.reason", "Maaf, masalahnya belum teratasi. Apa yang masih kurang?"),
        ),
    ),
    _disputed,
)

DIALOGUES = (STATUS, ADD, RATING, DISPUTE)


def press(scene: Scene, ticket: Ticket, action: str) -> Turn:
    """A button of the reporter's on a ticket."""
    if action == "view":
        return view(scene, ticket)
    if action == "add" and ticket.state not in CLOSED:
        return begin(scene, ADD, subject=ticket.id)
    if action == "confirm":
        return _confirm(scene, ticket)
    if action == "dispute" and ticket.state in (State.RESPONDED, State.RESOLVED):
        return begin(scene, DISPUTE, subject=ticket.id)
    return view(scene, ticket)


def _confirm(scene: Scene, ticket: Ticket) -> Turn:
    made = case.make(scene.desk, ticket, "confirm", Role.REPORTER, scene.contact.id)
    if made is None and (ticket.state is not State.RESOLVED or ticket.rating is not None):
        return view(scene, ticket)
    note = T("track.resolved", "Syukurlah. Laporan {number} selesai.", number=ticket.number)
    turn = begin(scene, RATING, note, subject=ticket.id)
    return Turn(turn.talk, (*turn.letters, *(made.letters if made else ())))


SAID = {
    "sudah teratasi": "confirm",
    "sudah": "confirm",
    "teratasi": "confirm",
    "selesai": "confirm",
    "yes": "confirm",
    "resolved": "confirm",
    "belum": "dispute",
    "belum teratasi": "dispute",
    "not yet": "dispute",
    "no": "dispute",
    "1": "confirm",
    "2": "dispute",
}


def judged(scene: Scene) -> Turn | None:
    """Reads *sudah* or *belum* outside a dialogue as the verdict on the answer that came last."""
    action = SAID.get(plain(scene.event.text))
    if action is None:
        return None
    waiting = [
        ticket
        for ticket in scene.desk.tickets_of(scene.contact.id)
        if ticket.state is State.RESPONDED or (ticket.state is State.RESOLVED and ticket.rating is None)
    ]
    return press(scene, max(waiting, key=lambda t: t.changed_at), action) if waiting else None


def judged_on(scene: Scene, ticket: Ticket) -> Turn | None:
    """Reads *sudah* or *belum* in reply to a ticket's message as the verdict on that ticket."""
    action = SAID.get(plain(scene.event.text)) if scene.event.kind is Kind.TEXT else None
    if action is None or ticket.state not in (State.RESPONDED, State.RESOLVED):
        return None
    return press(scene, ticket, action)


def listed(scene: Scene) -> Turn | None:
    """Reads a number typed under the list of one's own reports."""
    said = plain(scene.event.text)
    shown = scene.talk.shown
    if scene.talk.dialogue or not (said.isascii() and said.isdigit() and 0 < int(said[:4]) <= len(shown)):
        return None
    ident = shown[int(said[:4]) - 1][0].split(":")[1]
    ticket = own(scene, int(ident))
    return view(scene, ticket) if ticket else None


def asked(scene: Scene) -> Ticket | None:
    """The one ticket whose agency waits for this person's answer."""
    waiting = [t for t in scene.desk.tickets_of(scene.contact.id) if t.state is State.NEEDS_INFO]
    return waiting[0] if len(waiting) == 1 else None
