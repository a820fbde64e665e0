"""The officer's side: everything that happens in an agency's group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from handlers import (
    approval,
    awaiting,
    binding,
    cards,
    case,
    declaring,
    drafts,
    emergencies,
    explain,
    facesheet,
    grace,
    handover,
    manual,
    moves,
    offers,
    past,
    questions,
    reasons,
    refusals,
    roster,
    staff,
    unanswered,
)
from handlers.answers import plain, substance
from handlers.desk import LISTED, Officer, Scene, Ticket
from handlers.files import refused
from handlers.rules import numbers
from handlers.rules.ticket import Role, move_for
from handlers.tree import helps, role_for, role_over
from handlers.words import Choice, Kind, Lines, Part, T, Turn, Words

COMMANDS = ("hubungkan", "tugas", "tiket", "jelaskan", "input", "petugas", "panduan", "serah_terima", "belum")
HELP = T(
    "officer.help",
    "Untuk petugas:\n• Balas kartu laporan untuk menjawab pelapor; Anda melihat pratinjaunya dulu.\n"
    "• /tugas: laporan terbuka menurut batas waktu\n• /tiket NOMOR: isi dan riwayat satu laporan\n"
    "• /jelaskan NOMOR: mengapa laporan sampai di sini\n• /jelaskan tenggat NOMOR: batas waktunya, hari demi hari\n"
    "• /input: mencatat laporan dari loket, surat, atau telepon\n"
    "• /belum: instansi di bawah Anda yang belum menindaklanjuti\n• /batal: membatalkan pertanyaan yang belum dijawab\n"
    "• /petugas: daftar petugas dan SK-nya\n• /serah_terima: menyerahkan laporan Anda kepada rekan\n"
    "• /hubungkan KODE: mendaftar sebagai petugas",
)
DEADLINES = "jelaskan tenggat"
TASKS_SHOWN = 20
NO_TASKS = T("officer.no_tasks", "Tidak ada laporan terbuka. 👍")
NOTHING_FOUND = T("officer.nothing_found", "Tidak ada laporan terbuka tentang “{words}”. Ketik /tugas untuk semuanya.")
UNKNOWN_MESSAGE = T(
    "officer.unknown_message",
    "Balasan Anda belum diproses, karena pesan yang Anda balas sudah tidak kami kenali. "
    "Buka laporannya dengan /tugas atau /tiket NOMOR, lalu balas kartu yang terbaru.",
)


def command(text: str) -> tuple[str, str]:
    """The word of a command and what follows it; the bot's own name behind an @ does not count."""
    head, _, rest = text[1:].strip().partition(" ")
    return head.partition("@")[0].casefold()[:40], rest.strip()


def respond(scene: Scene) -> Turn:
    """The answer to an event in a group; silence to what is not meant for the bot."""
    event = scene.event
    if event.kind in (Kind.JOINED, Kind.LEFT, Kind.MIGRATED):
        return binding.room_changed(scene)
    if event.kind is Kind.TEXT and event.text.startswith("/"):
        return commanded(scene, *command(event.text))
    if event.kind is Kind.TAP:
        return _pressed(scene)
    return _written(scene)


def officer_here(scene: Scene) -> Officer | None:
    """The person who wrote, if enrolled and in office for the agency of this chat."""
    return roster.in_office(scene.desk, scene.contact.id, here(scene))


def here(scene: Scene) -> str:
    """The agency in whose chat something happens."""
    assert scene.room is not None
    return scene.desk.agency_of(scene.room.id)


def refusal(scene: Scene) -> Turn:
    """What somebody hears who may not act here."""
    assert scene.room is not None
    text = refusals.not_enrolled(scene.desk, scene.desk.agency_of(scene.room.id))
    return scene.reply(scene.talk, scene.letter(text, key=f"refused:{scene.contact.id}"))


def commanded(scene: Scene, word: str, rest: str) -> Turn:
    """The answer to a command; silence to what is none of ours."""
    if word == "hubungkan" or (word == "start" and rest):
        return binding.connect(scene, rest)
    if word in ("bantuan", "help", "start", "panduan"):
        return scene.reply(scene.talk, scene.letter(emergencies.helped(scene, HELP)))
    command = OFFICE.get(word)
    if command is None:
        return Turn(scene.talk)
    return command(scene, rest) if officer_here(scene) else refusal(scene)


def _tasks(scene: Scene, rest: str) -> Turn:
    """The open tickets by deadline; with words behind the command those that speak of them."""
    listed = scene.desk.tickets_at(here(scene))
    settled = (each for each in listed if not grace.open_for(scene.desk, each))
    found = [each for each in settled if _speaks_of(each, plain(rest))]
    if not found:
        text = NOTHING_FOUND(words=rest[:60]) if rest else NO_TASKS
        return scene.reply(scene.talk, scene.letter(text))
    kin = scene.desk.kin(scene.contact.id)
    lines = tuple(_task(scene, ticket, ticket.officer in kin) for ticket in found[:TASKS_SHOWN])
    n = len(found) if rest or len(listed) < LISTED else scene.desk.load(here(scene)).open
    head = T("officer.tasks", "{n} laporan terbuka, yang paling mendesak di atas:", n=n)
    choices = tuple(Choice(f"t:{ticket.id}:show", ticket.number) for ticket in found[:6])
    return scene.reply(scene.talk, scene.letter(Lines((head, *lines)), choices=choices))


def _task(scene: Scene, ticket: Ticket, mine: bool) -> Words:
    line = facesheet.line(scene.desk, ticket)
    return T("officer.mine", "👤 {line}", line=line) if mine else line


def _speaks_of(ticket: Ticket, words: str) -> bool:
    place = str(ticket.place.get("text", ""))
    said = plain(f"{ticket.number} {ticket.title} {ticket.story} {place}")
    return all(word in said for word in words.split())


def _one(scene: Scene, word: str, rest: str) -> Turn:
    number = numbers.read(rest) or numbers.find(rest)
    ticket = scene.desk.ticket_by_number(number) if number else None
    if ticket is None or not may_see(scene, ticket):
        text = T(
            "officer.not_found",
            "Laporan itu tidak ditemukan di instansi Anda. Contoh: /{word} LPR-2611-7K3Q-R",
            word=word,
        )
        return scene.reply(scene.talk, scene.letter(text))
    if word.startswith("jelaskan"):
        told = explain.deadlines if word == DEADLINES else reasons.told
        return scene.reply(scene.talk, scene.letter(told(scene.desk, ticket)))
    return shown(scene, ticket)


def _explained(scene: Scene, rest: str) -> Turn:
    """Why a ticket is here; with the word *tenggat* before its number, the days of its deadlines."""
    first, _, number = rest.partition(" ")
    return _one(scene, DEADLINES, number) if plain(first) == "tenggat" else _one(scene, "jelaskan", rest)


def may_see(scene: Scene, ticket: Ticket) -> bool:
    """Whether this chat holds the ticket, helps with it, or stands above its holder."""
    return role_over(scene.desk, here(scene), ticket) is not None


def shown(scene: Scene, ticket: Ticket) -> Turn:
    """A ticket in full with its history and what became of each message to the reporter."""
    assert scene.room is not None
    card = replace(cards.card(scene.desk, ticket, scene.room), key="", part=Part.NOTICE, delay=timedelta())
    history = past.told(scene.desk, ticket)
    text = Lines((facesheet.facts_of(scene.desk, ticket), history), "\n\n")
    letter = replace(card, text=text, choices=offers.choices(scene.desk, ticket, here(scene)))
    return scene.reply(scene.talk, replace(letter, topic=scene.event.topic, reply_to=scene.event.message))


def _pressed(scene: Scene) -> Turn:
    where, _, rest = scene.event.tap.partition(":")
    if officer_here(scene) is None:
        return refusal(scene)
    if where == "m":
        return questions.cancelled(scene)
    if where == "d":
        return approval.pressed(scene, rest)
    if where == "q":
        return questions.heard(scene)
    if where == "b":
        return unanswered.pressed(scene, rest)
    if where == "e":
        return declaring.pressed(scene, rest)
    if where == "p":
        return staff.pressed(scene, rest)
    return ticket_pressed(scene, rest) if where == "t" else Turn(scene.talk)


def ticket_pressed(scene: Scene, rest: str) -> Turn:
    """A button of a ticket's card or of the list of tasks."""
    assert scene.room is not None
    ident, _, action = rest.partition(":")
    ticket = scene.desk.ticket(int(ident)) if ident.isascii() and ident.isdigit() and len(ident) < 18 else None
    if ticket is None or not may_see(scene, ticket):
        # An id can be guessed: a ticket that never was here is as if it were none.
        if ticket is None or scene.room.id not in scene.desk.carded(ticket.id):
            return Turn(scene.talk)
        return scene.reply(scene.talk, scene.letter(refusals.elsewhere(scene.desk, ticket)))
    if action == "show":
        return shown(scene, ticket)
    if action == "more":
        choices = offers.choices(scene.desk, ticket, here(scene), more=True)
        text = MORE(number=ticket.number) if choices else refusals.impossible(scene.desk, ticket, action)
        return scene.reply(scene.talk, scene.letter(text, choices=choices, ticket=ticket.id, part=Part.NOTICE))
    if action.startswith("to:"):
        return _straight_to(scene, ticket, action[3:])
    return act(scene, ticket, action)


MORE = T("officer.more", "{number}: pilih tindakan lain.")


def _straight_to(scene: Scene, ticket: Ticket, agency: str) -> Turn:
    """Forwards to an agency that the card suggested."""
    role = role_over(scene.desk, here(scene), ticket) if ticket.agency == here(scene) else None
    known = agency in scene.desk.facts.agency_by_code
    made = case.make(scene.desk, ticket, "forward", role, scene.contact.id, agency=agency) if known and role else None
    if made is None:
        text = refusals.impossible(scene.desk, ticket, "forward")
        return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id))
    return Turn(scene.talk, made.letters)


def act(scene: Scene, ticket: Ticket, action: str) -> Turn:
    """Makes a move, or asks for what it needs first."""
    desk, role = scene.desk, role_for(scene.desk, here(scene), ticket, action)
    rows = (*offers.offered(desk, ticket, here(scene)), *offers.offered(desk, ticket, here(scene), more=True))
    move = next((row for row in rows if row.action == action), None)
    if move is None or role is None or case.allowed(desk, ticket, action, role, scene.contact.id) is None:
        gone = ticket.agency != here(scene) and role is not Role.COORDINATOR
        text = refusals.elsewhere(desk, ticket) if gone else refusals.impossible(desk, ticket, action)
        return scene.reply(scene.talk, scene.letter(text, ticket=None if gone else ticket.id))
    if move.action == "extend" and awaiting.kept_for_heads(scene, ticket):
        return scene.reply(scene.talk, scene.letter(awaiting.HEADS_EXTEND(number=ticket.number), ticket=ticket.id))
    if move.asks:
        return moves.ask_for(scene, ticket, move)
    made = case.make(desk, ticket, action, role, scene.contact.id)
    return Turn(scene.talk, made.letters if made else ())


def _written(scene: Scene) -> Turn:
    """A text, a file or an edit: an answer where it replies to a ticket's message or to our question, else silence."""
    assert scene.room is not None
    event, desk = scene.event, scene.desk
    if questions.edited(scene) and officer_here(scene):
        return questions.heard(scene)
    if event.kind is Kind.EDIT:
        draft = desk.draft_from(scene.room.id, event.message)
        if draft is None or draft.author != scene.contact.id:
            return Turn(scene.talk)
        return drafts.rewritten(scene, draft) if officer_here(scene) else refusal(scene)
    if event.album and (draft := desk.draft_from(scene.room.id, f"album:{event.album}")):
        return drafts.joined(scene, draft) if officer_here(scene) else refusal(scene)
    bound = desk.bound(scene.room.id, event.reply_to) if event.reply_to else None
    if bound is None and not scene.talk.dialogue:
        # A card that a crash sent twice, or one from before the group moved: its number is not in the record.
        lost = event.to_bot and officer_here(scene) is not None
        return scene.reply(scene.talk, scene.letter(UNKNOWN_MESSAGE)) if lost else Turn(scene.talk)
    if officer_here(scene) is None:
        return refusal(scene)
    ticket = desk.ticket(bound.ticket) if bound else None
    if scene.talk.dialogue and (ticket is None or ticket.id == scene.talk.subject):
        return questions.heard(scene)
    return answer(scene, ticket) if ticket else Turn(scene.talk)


def answer(scene: Scene, ticket: Ticket) -> Turn:
    """What an officer wrote to a ticket: shown before it leaves, or passed on to the agency that is helped."""
    role = Role.PARTNER if helps(scene.desk, here(scene), ticket) else role_over(scene.desk, here(scene), ticket)
    if ticket.agency != here(scene) and role is not Role.PARTNER:
        return scene.reply(scene.talk, scene.letter(refusals.elsewhere(scene.desk, ticket)))
    if scene.event.kind not in (Kind.TEXT, Kind.FILE) or not (scene.event.file or substance(scene.event.text)):
        return scene.reply(
            scene.talk, scene.letter(T("officer.unreadable", "Jawab dengan tulisan, foto, atau dokumen."))
        )
    action = "contribute" if role is Role.PARTNER else "answer"
    if role is None or move_for(action, ticket.state, role) is None:
        text = refusals.impossible(scene.desk, ticket, action)
        return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id))
    if role is not Role.PARTNER:
        return drafts.started(scene, ticket, action)
    problem = refused(scene.event.file) if scene.event.file else None
    return scene.reply(scene.talk, scene.letter(problem)) if problem else moves.contributed(scene, ticket)


OFFICE: dict[str, Callable[[Scene, str], Turn]] = {
    "tugas": _tasks,
    "tiket": lambda scene, rest: _one(scene, "tiket", rest),
    "jelaskan": _explained,
    "belum": lambda scene, rest: unanswered.listed(scene),
    emergencies.WORD: lambda scene, rest: emergencies.asked(scene),
    "input": lambda scene, rest: manual.start(scene),
    "petugas": staff.asked,
    "serah_terima": handover.asked,
    "batal": lambda scene, rest: questions.cancelled(scene),
}
"""What an officer's commands do; each is for people in office alone."""
