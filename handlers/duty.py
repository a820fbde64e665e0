"""An officer's own chat, which stands for the agency's group where a platform has none that a bot can work in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import (
    accounts,
    approval,
    awaiting,
    binding,
    declaring,
    drafts,
    emergencies,
    manual,
    menu,
    officer,
    proving,
    questions,
    refusals,
    staff,
    unanswered,
)
from handlers.answers import numbered, plain, substance
from handlers.desk import Scene, Ticket
from handlers.dialogue import hear
from handlers.files import refused
from handlers.labels import agency_name
from handlers.meant import CHOICE as CHOICE
from handlers.meant import which
from handlers.rounds import round_key
from handlers.rules import numbers
from handlers.words import Choice, Kind, T, Talk, Turn

ALONE = ("input", "tugas", emergencies.WORD)
WORDS = (*ALONE, "tiket", "jelaskan", "belum")
ABOUT_STAFF = {"petugas": "petugas", "serah terima": "serah_terima"}
ACTIONS = ("show", "open")
GREETINGS = ("halo", "hallo", "hai", "hi", "hello", "pagi", "siang", "sore", "malam", "assalamualaikum", "permisi")
# A code has nine characters; what is longer is a sentence.
CODE = 20
JOINS = timedelta(minutes=2)
HELP = T(
    "duty.help",
    "Untuk petugas:\n• Balas (geser) kartu laporan untuk menjawab pelapor; Anda melihat pratinjaunya dulu.\n"
    "• tugas: laporan terbuka menurut batas waktu\n• tiket NOMOR: isi dan riwayat satu laporan\n"
    "• jelaskan NOMOR: mengapa laporan sampai di sini\n• jelaskan tenggat NOMOR: batas waktunya, hari demi hari\n"
    "• input: mencatat laporan dari loket, surat, atau telepon\n"
    "• belum: instansi di bawah Anda yang belum menindaklanjuti\n• batal: membatalkan pertanyaan yang belum dijawab\n"
    "• petugas: daftar petugas dan SK-nya\n• serah terima: menyerahkan laporan Anda kepada rekan\n"
    "• lapor: membuat laporan Anda sendiri sebagai warga",
)
WELCOME = T("duty.welcome", "Anda bertugas untuk {agency}. Mau apa?")
TASKS = Choice("m:tugas", T("duty.tasks", "Daftar tugas"))
REPORT = Choice("m:lapor", T("menu.report", "Buat laporan"))
GUIDE = Choice("m:panduan", T("duty.guide", "Petunjuk petugas"))
DROPPED = T("duty.dropped", "Pesan itu Anda hapus, jadi drafnya kami batalkan. Pelapor tidak menerima apa pun.")


def connect(scene: Scene) -> Turn | None:
    """Takes an invitation's code that an officer sends in their own chat; nothing for any other event."""
    word, rest = spoken(scene)
    if word != "hubungkan" or not scene.contact.groupless or len(rest) > CODE or _joins_accounts(scene):
        return None
    return binding.connect(_here(scene), rest)


def respond(scene: Scene) -> Turn | None:
    """The answer to an officer in their own chat; nothing where the event is what any citizen might do."""
    if not (scene.contact.groupless and scene.desk.agency_of(scene.contact.id)) or _joins_accounts(scene):
        return None
    here = _here(scene)
    kind = scene.event.kind
    if kind is Kind.TAP:
        return _pressed(here)
    if kind in (Kind.EDIT, Kind.DELETED):
        return _changed(here)
    if kind is Kind.TEXT and (turn := _commanded(here)):
        return turn
    return _written(here)


def spoken(scene: Scene) -> tuple[str, str]:
    """The first word of a text, with or without a slash, and what follows it."""
    text = scene.event.text.strip() if scene.event.kind is Kind.TEXT else ""
    return officer.command(text if text.startswith("/") else f"/{text}")


def _joins_accounts(scene: Scene) -> bool:
    return scene.event.kind is Kind.TEXT and accounts.TYPED.fullmatch(scene.event.text) is not None


def _here(scene: Scene) -> Scene:
    return replace(scene, room=scene.contact)


def _asked(scene: Scene) -> bool:
    """Whether a question to the officer, and not to the citizen in them, stands open."""
    return scene.talk.dialogue in questions.DIALOGUES or scene.talk.dialogue == CHOICE.name


def _commanded(here: Scene) -> Turn | None:
    word, rest = spoken(here)
    # Without a slash a sentence may begin with the same words.
    number = rest[len("tenggat") :].strip() if plain(rest).startswith("tenggat") else rest
    mistyped = plain(rest) == "tenggat" or (len(number) <= CODE and plain(number).startswith("lpr"))
    alone = not rest if word in ALONE else numbers.read(rest) or numbers.find(rest) or mistyped
    if word == "belum":
        alone = not rest and unanswered.meant(here)
    if word in WORDS and (alone or here.event.text.startswith("/")):
        return officer.commanded(here, word, rest)
    said = plain(here.event.text).removeprefix("/")
    tasks, mine, guide = (plain(here.desk.render(each.label, here.language)) for each in (TASKS, REPORT, GUIDE))
    if said in ("tugas", tasks):
        return officer.commanded(here, "tugas", "")
    if said in ABOUT_STAFF and here.talk.dialogue in ("", "menu", *questions.DIALOGUES):
        return officer.commanded(here, ABOUT_STAFF[said], "")
    if said == mine and here.talk.dialogue in ("", "menu"):
        return menu.go(replace(here, room=None), "lapor")
    if said in ("bantuan", "help", "panduan", guide):
        return here.reply(here.talk, here.letter(emergencies.helped(here, HELP)))
    if said in ("batal", "cancel") and _asked(here):
        return _stopped(here)
    if said in ("menu", "start", "mulai", *GREETINGS) and here.talk.dialogue in ("", "menu"):
        return welcome(here)
    return _by_number(here)


def _by_number(here: Scene) -> Turn | None:
    """A ticket of the agency by its number alone; other numbers are a citizen's question."""
    number = numbers.read(here.event.text) if not here.talk.dialogue or here.talk.dialogue == "menu" else None
    ticket = here.desk.ticket_by_number(number) if number else None
    return officer.shown(here, ticket) if ticket and officer.may_see(here, ticket) else None


def welcome(here: Scene) -> Turn:
    """What an officer can do here, as an officer and as a citizen."""
    name = agency_name(here.desk, here.desk.agency_of(here.contact.id))
    talk = Talk(shelf=here.talk.shelf)
    return here.reply(talk, here.letter(WELCOME(agency=name), choices=(TASKS, REPORT, GUIDE)))


def _pressed(here: Scene) -> Turn | None:
    where, _, rest = here.event.tap.partition(":")
    if where == "m":
        return _of_the_menu(here, rest)
    if where == "d":
        return approval.pressed(here, rest)
    if where == "b":
        return unanswered.pressed(here, rest)
    if where == "e":
        return declaring.pressed(here, rest)
    if where == "p":
        return staff.pressed(here, rest)
    if where == "q":
        if here.talk.dialogue == CHOICE.name:
            return hear(here, CHOICE)
        return questions.heard(here) if rest.partition(":")[0] in questions.DIALOGUES or _asked(here) else None
    ident, _, action = rest.partition(":")
    if where != "t" or not (ident.isascii() and ident.isdigit()) or len(ident) >= 18:
        return None
    ticket = here.desk.ticket(int(ident))
    mine = ticket is not None and ticket.reporter in here.desk.kin(here.contact.id)
    if ticket is None or (mine and (action not in ACTIONS or not officer.may_see(here, ticket))):
        return None
    if action == "open":
        return _opened(here, ticket)
    return officer.ticket_pressed(here, rest)


def _of_the_menu(here: Scene, word: str) -> Turn | None:
    if word == "tugas":
        # The button of an announcement: the list it announced leaves by itself now.
        told = here.desk.waits(here.contact.id, round_key(here.desk.agency_of(here.contact.id)))
        return Turn(here.talk) if told else officer.commanded(here, "tugas", "")
    if word == "kabar":
        return Turn(here.talk)
    if word == "panduan":
        return here.reply(here.talk, here.letter(emergencies.helped(here, HELP)))
    if word == "batal" and _asked(here):
        return _stopped(here)
    return welcome(here) if word == "menu" and here.talk.dialogue in ("", "menu") else None


def _stopped(here: Scene) -> Turn:
    proving.left(here)
    return here.reply(Talk(shelf=here.talk.shelf), here.letter(manual.stopped(here.talk, refusals.STOPPED)))


def _opened(here: Scene, ticket: Ticket) -> Turn:
    """The button of an announcement: what it announced leaves by itself now, and is not said twice."""
    keys = (f"card:{ticket.id}", f"status:{ticket.id}")
    if any(here.desk.waits(here.contact.id, key) for key in keys):
        return Turn(here.talk)
    return officer.ticket_pressed(here, f"{ticket.id}:show")


def _changed(here: Scene) -> Turn | None:
    if questions.edited(here):
        return questions.heard(here)
    draft = here.desk.draft_from(here.contact.id, here.event.message)
    if draft is None:
        return None
    if here.event.kind is Kind.EDIT:
        return drafts.rewritten(here, draft)
    if draft.sent:
        return Turn(here.talk)
    told = awaiting.removed(here, draft)
    return here.reply(here.talk, here.letter(DROPPED, ticket=draft.ticket), *told)


def _written(here: Scene) -> Turn | None:
    """A text or a file: for the ticket it replies to, for our question, or for a ticket that is asked for."""
    event, desk = here.event, here.desk
    bound = desk.bound(here.contact.id, event.reply_to) if event.reply_to else None
    ticket = desk.ticket(bound.ticket) if bound else None
    if ticket and ticket.reporter in desk.kin(here.contact.id):
        return None
    if here.talk.dialogue in questions.DIALOGUES and (ticket is None or ticket.id == here.talk.subject):
        return questions.heard(here)
    if ticket:
        return officer.answer(here, ticket)
    if here.talk.dialogue == CHOICE.name:
        return which(here) if event.kind is Kind.FILE else hear(here, CHOICE)
    if here.talk.dialogue not in ("", "menu") or _of_citizens(here):
        return None
    if event.kind is Kind.FILE and not event.text and (draft := desk.open_draft(here.contact.id, desk.now - JOINS)):
        problem = refused(event.file) if event.file else None
        return here.reply(here.talk, here.letter(problem)) if problem else drafts.joined(here, draft)
    if event.kind not in (Kind.TEXT, Kind.FILE) or not (event.file or substance(event.text)):
        return welcome(here)
    return which(here)


def _of_citizens(here: Scene) -> bool:
    """Whether these are words of the citizens' menu, a place in the list of one's own reports, or a report's number."""
    event = here.event
    if event.kind is not Kind.TEXT:
        return False
    said = {plain(event.text).removeprefix("/"), event.text.strip().removeprefix("/").casefold()}
    listed = numbered(plain(event.text), here.talk.shown) if not here.talk.dialogue else None
    number = numbers.read(event.text)
    return bool(said & menu.EVERYWHERE.keys()) or listed is not None or number is not None
