"""The questions that a move asks of an officer before it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from handlers import cards, case, drafts, refusals
from handlers.answers import Again, Option, Pick, Reads, Written, substance
from handlers.desk import Scene, Ticket
from handlers.dialogue import Dialogue, Step, begin, hear
from handlers.files import refused
from handlers.labels import ARCHIVE_REASONS, agency_name, short
from handlers.rules.ticket import Asks, Move
from handlers.words import Kind, T, Talk, Text, Turn, Words


def _ticket(scene: Scene) -> Ticket | None:
    return scene.desk.ticket(scene.talk.subject) if scene.talk.subject is not None else None


def _number(scene: Scene) -> str:
    ticket = _ticket(scene)
    return ticket.number if ticket else ""


def _who(scene: Scene) -> str:
    return scene.desk.name(scene.contact.id)


@dataclass(frozen=True, slots=True)
class Said:
    """A text, or a file with or without words, that will be shown before it is sent."""

    takes: ClassVar = (Kind.TEXT, Kind.FILE)

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return ()

    def read(self, scene: Scene, pressed: str | None) -> str:
        event = scene.event
        if event.kind not in (Kind.TEXT, Kind.FILE) or not (event.file or substance(event.text)):
            raise Again(T("moves.write", "Balas dengan tulisan, foto, atau dokumen."))
        if event.file and (problem := refused(event.file)):
            raise Again(problem)
        return "given"


def _drafted(action: str) -> Callable[[Scene], Turn]:
    def done(scene: Scene) -> Turn:
        ticket = _ticket(scene)
        scene = replace(scene, talk=Talk(shelf=scene.talk.shelf))
        return drafts.started(scene, ticket, action) if ticket else scene.reply(scene.talk)

    return done


def _made(action: str) -> Callable[[Scene], Turn]:
    def done(scene: Scene) -> Turn:
        ticket, value = _ticket(scene), scene.talk.answers["value"]
        talk = Talk(shelf=scene.talk.shelf)
        if ticket is None:
            return scene.reply(talk)
        here = scene.room is not None and ticket.agency == scene.desk.agency_of(scene.room.id)
        role = cards.role_at(scene.desk, ticket.agency)
        made = case.make(scene.desk, ticket, action, role, scene.contact.id, **_data(action, value)) if here else None
        if made is None:
            return scene.reply(talk, scene.letter(refusals.impossible(scene.desk, ticket, action), ticket=ticket.id))
        if action not in MADE:
            return scene.reply(talk, *made.letters)
        said = MADE[action](number=made.ticket.number, agency=agency_name(scene.desk, made.ticket.agency))
        return scene.reply(talk, scene.letter(said, ticket=ticket.id), *made.letters)

    return done


def _data(action: str, value: str) -> dict[str, Any]:
    if action in ("forward", "transfer"):
        return {"agency": value}
    return {"officer": int(value)} if action == "assign" else {"text": value}


def _agencies(scene: Scene) -> Sequence[Option]:
    ticket = _ticket(scene)
    role = cards.role_at(scene.desk, ticket.agency) if ticket else None
    hidden = ticket.agency if ticket and role is not None and ticket.forwarded_at else ""
    return tuple(Option(a.code, a.label, words=(a.code,)) for a in scene.desk.facts.agencies if a.code != hidden)


def _colleagues(scene: Scene) -> Sequence[Option]:
    ticket = _ticket(scene)
    officers = scene.desk.officers(ticket.agency) if ticket else ()
    names = [short(scene.desk.name(officer.contact), 20) for officer in officers]
    # Two colleagues may share a name; a label must not.
    labels = [f"{name} ({n})" if names.count(name) > 1 else name for n, name in enumerate(names, 1)]
    return tuple(Option(str(officer.contact), label) for officer, label in zip(officers, labels, strict=True))


KINDS: dict[Asks, Reads] = {
    Asks.TEXT: Said(),
    Asks.REASON: Written(5, 1000, T("moves.reason_short", "Tulis alasannya sedikit lebih jelas.")),
    Asks.ARCHIVE_REASON: Pick(tuple(Option(code, label) for code, label in ARCHIVE_REASONS.items())),
    Asks.AGENCY: Pick(_agencies),
    Asks.OFFICER: Pick(_colleagues),
}

QUESTIONS = {
    "answer": T("moves.answer", "{name}, tulis jawaban untuk pelapor {number}. Anda melihat pratinjaunya dulu."),
    "ask": T(
        "moves.ask",
        "{name}, tulis keterangan apa yang perlu dilengkapi pelapor {number}. Anda melihat pratinjaunya dulu.",
    ),
    "resolve": T(
        "moves.resolve",
        "{name}, tulis apa yang sudah dikerjakan untuk {number}; pelapor akan membacanya. "
        "Foto hasilnya boleh disertakan.",
    ),
    "return": T(
        "moves.return", "{name}, mengapa {number} bukan wewenang instansi Anda? Sebutkan juga instansi yang tepat."
    ),
    "forward": T("moves.forward", "{name}, laporan {number} diteruskan ke instansi mana?"),
    "transfer": T("moves.transfer", "{name}, laporan {number} dialihkan ke instansi mana?"),
    "assign": T("moves.assign", "{name}, siapa yang menangani {number}?"),
    "archive": T("moves.archive", "{name}, apa alasan mengarsipkan {number}?"),
}

MADE: dict[str, Text] = {
    "forward": T("moves.forwarded", "✅ {number} diteruskan ke {agency}."),
    "transfer": T("moves.forwarded", "✅ {number} diteruskan ke {agency}."),
    "return": T("moves.returned", "✅ {number} dikembalikan kepada koordinator."),
    "archive": T("moves.archived", "✅ {number} diarsipkan. Pelapor diberi tahu alasannya."),
}

ASKED = {
    "answer": Asks.TEXT,
    "ask": Asks.TEXT,
    "resolve": Asks.TEXT,
    "return": Asks.REASON,
    "forward": Asks.AGENCY,
    "transfer": Asks.AGENCY,
    "assign": Asks.OFFICER,
    "archive": Asks.ARCHIVE_REASON,
}


def _dialogue(action: str, asks: Asks) -> Dialogue:
    def question(scene: Scene) -> Words:
        return QUESTIONS[action](name=_who(scene), number=_number(scene))

    done = _drafted(action) if asks is Asks.TEXT else _made(action)
    return Dialogue(f"do-{action}", (Step("value", KINDS[asks], question),), done)


DIALOGUES = {f"do-{action}": _dialogue(action, asks) for action, asks in ASKED.items()}


def ask_for(scene: Scene, ticket: Ticket, move: Move) -> Turn:
    """Asks the officer for what the move needs; the question lies in the ticket's thread."""
    turn = begin(scene, DIALOGUES[f"do-{move.action}"], subject=ticket.id)
    return Turn(turn.talk, tuple(replace(each, ticket=ticket.id) for each in turn.letters))


STALE = T("moves.stale", "Tombol itu sudah tidak berlaku, atau milik rekan Anda.")


def heard(scene: Scene) -> Turn:
    """An answer of an officer to a move's question; buttons of another's question are left alone."""
    dialogue = DIALOGUES.get(scene.talk.dialogue)
    if dialogue is None or (scene.event.kind is Kind.TAP and f":{dialogue.name}:" not in scene.event.tap):
        if scene.event.kind is not Kind.TAP:
            return Turn(scene.talk)
        return scene.reply(scene.talk, scene.letter(STALE))
    subject = scene.talk.subject
    if scene.event.kind is Kind.TAP and scene.room is not None:
        below = scene.desk.bound(scene.room.id, scene.event.message)
        if below and below.ticket != subject:
            return scene.reply(scene.talk, scene.letter(STALE))
    turn = hear(scene, dialogue)
    return Turn(turn.talk, tuple(replace(each, ticket=each.ticket or subject) for each in turn.letters))


def cancelled(scene: Scene) -> Turn:
    """Leaves the open question; the ticket is as it was."""
    return scene.reply(Talk(), scene.letter(refusals.STOPPED)) if scene.talk.dialogue else Turn(scene.talk)
