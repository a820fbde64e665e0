"""Deeds of the simulated year, done in the chat by buttons and words, or as the move alone where talk adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers import case, granting, joining, roster, tree
from handlers.desk import Desk, Ticket
from handlers.labels import ARCHIVE_REASONS, CLASSES
from handlers.rules.ticket import OPEN, Role
from handlers.words import Letter
from storage.desk import RecordDesk
from tests.year_office import YearOffice
from tests.year_people import Deed, Party

TEXTS = (
    "Petugas sudah meninjau tempat itu dan menjadwalkan perbaikan.",
    "Sudah dikerjakan pagi ini, silakan diperiksa kembali.",
    "Usul ini masuk pembahasan anggaran berikutnya.",
    "Mohon sebutkan tempatnya lebih jelas, agar petugas tidak keliru.",
)
REASON = "Hal ini bukan kewenangan kami, mohon diteruskan kepada yang berwenang."
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """A deed with who did it and from where, and what it needed to know."""

    deed: Deed
    actor: int
    person: str
    room: str
    role: Role
    data: Data


def prepared(year: YearOffice, desk: RecordDesk, deed: Deed, words: dict[int, str]) -> Done | None:
    """Who does a deed and with what; nothing where it cannot be done any more."""
    ticket = desk.ticket(deed.ticket)
    assert ticket is not None
    if deed.party is Party.REPORTER:
        person = _account(year, desk, ticket.reporter)
        return Done(deed, year.ids[person], person, "", Role.REPORTER, _words(deed, words)) if person else None
    room = _room(year, desk, deed, ticket)
    serving = {each.contact for each in desk.rosters().get(room, ()) if each.serves(roster.today(desk, room))}
    names = [name for name in year.officers.get(room, ()) if year.ids[name] in serving]
    if not names or not desk.rooms_of(room):
        return None
    mine = [name for name in names if year.ids[name] == ticket.officer]
    person = mine[0] if mine else year.chance.choice(names)
    role = Role.SYSTEM if deed.action == "register" else tree.role_over(desk, room, ticket)
    data = _data(year, desk, deed, ticket, room) if role else None
    return Done(deed, year.ids[person], person, room, role, data) if role and data is not None else None


def said(word: str) -> str:
    """What a reporter writes, with the word by which it is known again."""
    return f"Masih seperti ini keadaannya, mohon dilihat: {word}."


def _words(deed: Deed, words: dict[int, str]) -> Data:
    """What a reporter answers where the move is made without talk."""
    if deed.action in ("confirm", "rate"):
        return {"stars": 1 + deed.ticket % 5} if deed.action == "rate" else {}
    return {"text": said(words[deed.ticket])}


def _account(year: YearOffice, desk: Desk, reporter: int) -> str:
    """The account from which a reporter writes: any of theirs."""
    mine = [name for name in map(year.names.get, desk.kin(reporter)) if name]
    return year.chance.choice(mine) if mine else ""


def _room(year: YearOffice, desk: Desk, deed: Deed, ticket: Ticket) -> str:
    if deed.party is Party.HOLDER:
        return ticket.agency
    if deed.party is Party.ABOVE:
        return tree.watcher(desk, ticket.agency)
    helpers = [code for code in desk.partners(ticket.id) if code != ticket.agency]
    return year.chance.choice(helpers) if helpers else ""


def _data(year: YearOffice, desk: RecordDesk, deed: Deed, ticket: Ticket, room: str) -> Data | None:
    """What an officer answers to the question of this action; nothing where there is no answer."""
    chance, action = year.chance, deed.action
    if action in ("forward", "transfer", "involve"):
        return _agency(year, desk, ticket, action)
    if action in ("assign", "handover"):
        serving = [each.contact for each in roster.serving(desk, ticket.agency) if each.contact != ticket.officer]
        return {"officer": chance.choice(serving)} if serving else None
    if action == "extend":
        days = [int(option.value) for option in granting.options(desk, ticket)]
        return {"days": chance.choice(days), "text": chance.choice(TEXTS)} if days else None
    if action == "merge":
        return _another(year, desk, ticket)
    fixed: dict[str, Data] = {
        "classify": {"klass": chance.choice(list(CLASSES))},
        "recategorise": {"to": chance.choice([each.code for each in desk.facts.categories])},
        "archive": {"text": chance.choice(list(ARCHIVE_REASONS))},
        "return": {"text": REASON},
        "register": {"sp4n_id": str(ticket.id + 7_000_000)},
        "contribute": {"text": chance.choice(TEXTS), "helper": room},
        **{name: {} for name in ("claim", "release", "verify")},
    }
    return fixed.get(action, {"text": chance.choice(TEXTS)})


def _agency(year: YearOffice, desk: Desk, ticket: Ticket, action: str) -> Data | None:
    """Any other agency; a quarter of those that pass a report on give it back to one that had it."""
    had = {str(e.data["from"]) for e in desk.history(ticket.id) if "from" in e.data} - {ticket.agency}
    if had and action == "transfer" and year.chance.random() < 0.25:
        return {"agency": year.chance.choice(sorted(had))}
    codes = [a.code for a in desk.facts.agencies if a.code not in (ticket.agency, "setda")]
    return {"agency": year.chance.choice(codes)} | ({"helps": True} if action == "involve" else {})


def _another(year: YearOffice, desk: Desk, ticket: Ticket) -> Data | None:
    near = [each.id for each in desk.tickets_at(ticket.agency) if each.id != ticket.id and each.state in joining.INTO]
    return {"into": year.chance.choice(near[:20])} if near else None


def made(desk: RecordDesk, done: Done) -> Sequence[Letter]:
    """The letters of a deed that is done as the move alone; none where the law refuses it."""
    ticket, deed, data = desk.ticket(done.deed.ticket), done.deed, done.data
    assert ticket is not None
    if deed.action == "involve" and ticket.state in OPEN:
        desk.involve(ticket.id, data["agency"])
    found = case.make(desk, ticket, deed.action, done.role, done.actor, **data)
    return found.letters if found else ()
