"""What a reporter says of an answer: whether it helped, and how good the handling was."""

from __future__ import annotations

from handlers import case
from handlers.answers import Option, Pick, Written, plain
from handlers.desk import Scene, Ticket
from handlers.dialogue import Dialogue, Step, begin
from handlers.labels import agency_name
from handlers.rules.ticket import Role, State
from handlers.track import answered, own, resume_choice, view
from handlers.words import Kind, T, Talk, Turn

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
    letter = scene.letter(thanks, choices=resume_choice(talk))
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
    return scene.reply(talk, scene.letter(text, choices=resume_choice(talk)), *made.letters)


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


def _objected(scene: Scene) -> Turn:
    ticket = own(scene, scene.talk.subject)
    talk = Talk(shelf=scene.talk.shelf)
    reason = scene.talk.answers["reason"]
    made = ticket and case.make(scene.desk, ticket, "object", Role.REPORTER, scene.contact.id, text=reason)
    if not ticket or not made:
        return scene.reply(talk, scene.letter(TOO_LATE))
    text = T(
        "track.objected",
        "Keberatan Anda atas laporan {number} sudah kami sampaikan. Petugas memeriksanya lagi.",
        number=ticket.number,
    )
    return scene.reply(talk, scene.letter(text, choices=resume_choice(talk), ticket=ticket.id), *made.letters)


TOO_LATE = T(
    "track.object_late",
    "Laporan itu tidak dapat dibuka lagi: keberatan hanya dapat diajukan satu kali dan dalam batas waktunya. "
    "Anda dapat membuat laporan baru.",
)
OBJECTION = Dialogue(
    "objection",
    (
        Step(
            "reason",
            Written(8, 2000, T("track.object_short", "Mohon jelaskan sedikit lagi keberatan Anda.")),
            T(
                "track.object_reason",
                "Apa keberatan Anda? Keterangan yang belum sempat Anda kirim boleh ditulis sekalian.",
            ),
        ),
    ),
    _objected,
)


def objecting(scene: Scene, ticket: Ticket) -> Turn:
    """Asks why an archived report should be opened again, where that is still possible."""
    if case.allowed(scene.desk, ticket, "object", Role.REPORTER, scene.contact.id) is None:
        return scene.reply(scene.talk, scene.letter(TOO_LATE))
    return begin(scene, OBJECTION, subject=ticket.id)


def objected(scene: Scene) -> Turn | None:
    """Reads *keberatan* as the objection to the report that was archived last."""
    if plain(scene.event.text) not in OBJECTS:
        return None
    archived = [each for each in scene.desk.tickets_of(scene.contact.id) if each.state is State.ARCHIVED]
    return objecting(scene, max(archived, key=lambda each: each.changed_at)) if archived else None


OBJECTS = ("keberatan", "saya keberatan", "object", "objection")


def judge(scene: Scene, ticket: Ticket, action: str) -> Turn:
    """Takes the verdict on a ticket: it helped, or it did not."""
    if action == "confirm":
        return _confirm(scene, ticket)
    if case.allowed(scene.desk, ticket, "dispute", Role.REPORTER, scene.contact.id):
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
        if answered(scene, ticket) and (ticket.state is not State.RESOLVED or ticket.rating is None)
    ]
    return judge(scene, max(waiting, key=lambda t: t.changed_at), action) if waiting else None


def judged_on(scene: Scene, ticket: Ticket) -> Turn | None:
    """Reads *sudah* or *belum* in reply to a ticket's message as the verdict on that ticket."""
    if scene.event.kind is Kind.TEXT and ticket.state is State.ARCHIVED and plain(scene.event.text) in OBJECTS:
        return objecting(scene, ticket)
    action = SAID.get(plain(scene.event.text)) if scene.event.kind is Kind.TEXT else None
    if action is None or not answered(scene, ticket):
        return None
    return judge(scene, ticket, action)
