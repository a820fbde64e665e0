"""The officer's side: everything that happens in an agency's group."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import binding, cards, case, drafts, moves, past, refusals
from handlers.answers import substance
from handlers.desk import Officer, Scene, Ticket
from handlers.rules import numbers
from handlers.rules.ticket import move_for
from handlers.words import Choice, Kind, Lines, Part, T, Turn

COMMANDS = ("hubungkan", "tugas", "tiket", "jelaskan", "input", "petugas", "panduan", "serah_terima")
HELP = T(
    "officer.help",
    "Untuk petugas:\n• Balas kartu laporan untuk menjawab pelapor; Anda melihat pratinjaunya dulu.\n"
    "• /tugas: laporan terbuka menurut batas waktu\n• /tiket NOMOR: isi dan riwayat satu laporan\n"
    "• /jelaskan NOMOR: mengapa laporan sampai di sini\n• /batal: membatalkan pertanyaan yang belum dijawab\n"
    "• /hubungkan KODE: mendaftar sebagai petugas",
)
TASKS_SHOWN = 20
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
    """The person who wrote, if enrolled and valid for the agency of this group."""
    assert scene.room is not None
    found = scene.desk.officer(scene.contact.id, scene.desk.agency_of(scene.room.id))
    today = scene.desk.now.date()
    return None if found is None or (found.valid_until and found.valid_until < today) else found


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
        return scene.reply(scene.talk, scene.letter(HELP))
    if word not in ("tugas", "tiket", "jelaskan", "batal"):
        return Turn(scene.talk)
    if officer_here(scene) is None:
        return refusal(scene)
    if word == "batal":
        return moves.cancelled(scene)
    return _tasks(scene) if word == "tugas" else _one(scene, word, rest)


def _tasks(scene: Scene) -> Turn:
    assert scene.room is not None
    tickets = scene.desk.tickets_at(scene.desk.agency_of(scene.room.id))
    if not tickets:
        return scene.reply(scene.talk, scene.letter(T("officer.no_tasks", "Tidak ada laporan terbuka. 👍")))
    lines = tuple(cards.line(scene.desk, ticket) for ticket in tickets[:TASKS_SHOWN])
    head = T("officer.tasks", "{n} laporan terbuka, yang paling mendesak di atas:", n=len(tickets))
    choices = tuple(Choice(f"t:{ticket.id}:show", ticket.number) for ticket in tickets[:6])
    return scene.reply(scene.talk, scene.letter(Lines((head, *lines)), choices=choices))


def _one(scene: Scene, word: str, rest: str) -> Turn:
    assert scene.room is not None
    number = numbers.read(rest) or numbers.find(rest)
    ticket = scene.desk.ticket_by_number(number) if number else None
    if ticket is None or not may_see(scene, ticket):
        text = T(
            "officer.not_found",
            "Laporan itu tidak ditemukan di instansi Anda. Contoh: /{word} LPR-2611-7K3Q-R",
            word=word,
        )
        return scene.reply(scene.talk, scene.letter(text))
    if word == "jelaskan":
        return scene.reply(scene.talk, scene.letter(binding.why(scene.desk, ticket)))
    return shown(scene, ticket)


def may_see(scene: Scene, ticket: Ticket) -> bool:
    """Whether the ticket is at this chat's agency, or this is the coordinator's chat."""
    assert scene.room is not None
    agency = scene.desk.agency_of(scene.room.id)
    coordinator = scene.desk.facts.coordinator
    return ticket.agency == agency or bool(coordinator and coordinator.code == agency)


def shown(scene: Scene, ticket: Ticket) -> Turn:
    """A ticket in full with its history and what became of each message to the reporter."""
    assert scene.room is not None
    card = replace(cards.card(scene.desk, ticket, scene.room), key="", part=Part.NOTICE, delay=timedelta())
    history = past.told(scene.desk, ticket)
    letter = replace(card, text=Lines((cards.facts_of(scene.desk, ticket), history), "\n\n"))
    return scene.reply(scene.talk, replace(letter, topic=scene.event.topic, reply_to=scene.event.message))


def _pressed(scene: Scene) -> Turn:
    where, _, rest = scene.event.tap.partition(":")
    if officer_here(scene) is None:
        return refusal(scene)
    if where == "m":
        return moves.cancelled(scene)
    if where == "d":
        return drafts.pressed(scene, rest)
    if where == "q":
        return moves.heard(scene)
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
    agency = scene.desk.agency_of(scene.room.id)
    if ticket.agency != agency:
        return scene.reply(scene.talk, scene.letter(refusals.elsewhere(scene.desk, ticket)))
    if action.startswith("to:"):
        return _straight_to(scene, ticket, action[3:])
    return act(scene, ticket, action)


def _straight_to(scene: Scene, ticket: Ticket, agency: str) -> Turn:
    """Forwards to an agency that the card suggested."""
    role = cards.role_at(scene.desk, ticket.agency)
    known = agency in scene.desk.facts.agency_by_code
    made = case.make(scene.desk, ticket, "forward", role, scene.contact.id, agency=agency) if known else None
    if made is None:
        text = refusals.impossible(scene.desk, ticket, "forward")
        return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id))
    return Turn(scene.talk, made.letters)


def act(scene: Scene, ticket: Ticket, action: str) -> Turn:
    """Makes a move, or asks for what it needs first."""
    role = cards.role_at(scene.desk, ticket.agency)
    move = move_for(action, ticket.state, role)
    if move is None or not move.button or (move.mine and ticket.officer not in scene.desk.kin(scene.contact.id)):
        return scene.reply(scene.talk, scene.letter(refusals.impossible(scene.desk, ticket, action), ticket=ticket.id))
    if move.asks:
        return moves.ask_for(scene, ticket, move)
    made = case.make(scene.desk, ticket, action, role, scene.contact.id)
    return Turn(scene.talk, made.letters if made else ())


def _written(scene: Scene) -> Turn:
    """A text, a file or an edit: an answer where it replies to a ticket's message or to our question, else silence."""
    assert scene.room is not None
    event, desk = scene.event, scene.desk
    if event.kind is Kind.EDIT:
        draft = desk.draft_from(scene.room.id, event.message)
        return drafts.rewritten(scene, draft) if draft and draft.author == scene.contact.id else Turn(scene.talk)
    if event.album and (draft := desk.draft_from(scene.room.id, f"album:{event.album}")):
        return drafts.joined(scene, draft)
    bound = desk.bound(scene.room.id, event.reply_to) if event.reply_to else None
    if bound is None and not scene.talk.dialogue:
        # A card that a crash sent twice, or one from before the group moved: its number is not in the record.
        lost = event.to_bot and officer_here(scene) is not None
        return scene.reply(scene.talk, scene.letter(UNKNOWN_MESSAGE)) if lost else Turn(scene.talk)
    if officer_here(scene) is None:
        return refusal(scene)
    ticket = desk.ticket(bound.ticket) if bound else None
    if scene.talk.dialogue and (ticket is None or ticket.id == scene.talk.subject):
        return moves.heard(scene)
    return answer(scene, ticket) if ticket else Turn(scene.talk)


def answer(scene: Scene, ticket: Ticket) -> Turn:
    """What an officer wrote to a ticket, shown before it leaves."""
    assert scene.room is not None
    if ticket.agency != scene.desk.agency_of(scene.room.id):
        return scene.reply(scene.talk, scene.letter(refusals.elsewhere(scene.desk, ticket)))
    if scene.event.kind not in (Kind.TEXT, Kind.FILE) or not (scene.event.file or substance(scene.event.text)):
        return scene.reply(
            scene.talk, scene.letter(T("officer.unreadable", "Jawab dengan tulisan, foto, atau dokumen."))
        )
    if move_for("answer", ticket.state, cards.role_at(scene.desk, ticket.agency)) is None:
        text = refusals.impossible(scene.desk, ticket, "answer")
        return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id))
    return drafts.started(scene, ticket, "answer")
