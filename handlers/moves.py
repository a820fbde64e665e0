"""The questions that a move asks of an officer before it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from handlers import cards, case, evidence, granting, proving, recategorising, refusals, roster, templates, untold
from handlers.answers import Again, Option, Pick, Reads, Written, substance
from handlers.desk import Scene, Ticket
from handlers.dialogue import Dialogue, Step, begin
from handlers.files import refused
from handlers.joining import Another
from handlers.labels import ARCHIVE_REASONS, CLASSES, agency_name, category_name, short
from handlers.rules.ticket import Asks, Move, Role, State
from handlers.tree import role_for
from handlers.words import Kind, Letter, T, Talk, Text, Turn, Words


def _ticket(scene: Scene) -> Ticket | None:
    return scene.desk.ticket(scene.talk.subject) if scene.talk.subject is not None else None


def _number(scene: Scene) -> str:
    ticket = _ticket(scene)
    return ticket.number if ticket else ""


def _who(scene: Scene) -> str:
    return scene.desk.name(scene.contact.id)


@dataclass(frozen=True, slots=True)
class Said:
    """A text, or a file with or without words, that will be shown before it is sent; a template stands for a text."""

    takes: ClassVar = (Kind.TEXT, Kind.FILE)
    templates: bool = True

    def options(self, scene: Scene) -> tuple[Option, ...]:
        ticket = _ticket(scene)
        return templates.options(scene.desk, ticket) if ticket and self.templates else ()

    def read(self, scene: Scene, pressed: str | None) -> str:
        event, ticket = scene.event, _ticket(scene)
        if ticket and self.templates and (text := templates.read(scene, ticket, pressed)):
            return text
        if event.kind not in (Kind.TEXT, Kind.FILE) or not (event.file or substance(event.text)):
            raise Again(T("moves.write", "Balas dengan tulisan, foto, atau dokumen."))
        if event.file and (problem := refused(event.file)):
            raise Again(problem)
        return ""


def _drafted(action: str) -> Callable[[Scene], Turn]:
    def done(scene: Scene) -> Turn:
        ticket, chosen = _ticket(scene), scene.talk.answers["value"]
        scene = replace(scene, talk=Talk(shelf=scene.talk.shelf))
        if chosen:
            scene = replace(scene, event=replace(scene.event, kind=Kind.TEXT, text=chosen, tap="", file=None))
        return proving.started(scene, ticket, action) if ticket else scene.reply(scene.talk)

    return done


def _made(action: str) -> Callable[[Scene], Turn]:
    def done(scene: Scene) -> Turn:
        ticket, answers = _ticket(scene), scene.talk.answers
        talk = Talk(shelf=scene.talk.shelf)
        if ticket is None or scene.room is None:
            return scene.reply(talk)
        here = scene.desk.agency_of(scene.room.id)
        role = role_for(scene.desk, here, ticket, action)
        problem = _problem(scene, ticket, action, role, answers)
        data = {} if problem else _data(scene, ticket, action, answers, here)
        made = case.make(scene.desk, ticket, action, role, scene.contact.id, **data) if role and not problem else None
        if made is None:
            problem = problem or refusals.impossible(scene.desk, ticket, action)
            return scene.reply(talk, scene.letter(problem, ticket=ticket.id))
        letters = (*made.letters, *_involved(scene, made.ticket, action, data))
        said = _said(scene, ticket, made.ticket, action, data)
        return scene.reply(talk, *((scene.letter(said, ticket=ticket.id),) if said else ()), *letters)

    return done


def _problem(scene: Scene, ticket: Ticket, action: str, role: Role | None, answers: Mapping[str, Any]) -> Words | None:
    """Why a move cannot be made with these answers, or nothing."""
    desk = scene.desk
    if action == "involve" and not desk.reachable_agency(answers["value"]):
        return UNREACHED(agency=agency_name(desk, answers["value"]))
    if role is None or case.allowed(desk, ticket, action, role, scene.contact.id) is None:
        return refusals.impossible(desk, ticket, action)
    if action == "extend" and answers["value"] not in {each.value for each in granting.options(desk, ticket)}:
        return granting.SPENT(number=ticket.number)
    return recategorising.problem(desk, ticket, recategorising.chosen(answers)) if action == "recategorise" else None


def _said(scene: Scene, before: Ticket, after: Ticket, action: str, data: Mapping[str, Any]) -> Words | None:
    """What the officer who made a move hears of it; nothing where the card says it all."""
    if action == "recategorise":
        return recategorising.said(scene.desk, before, after)
    if action not in MADE:
        return None
    bounced = action == "transfer" and after.state is State.RETURNED
    told = untold.MADE if untold.untold(scene.desk, before) else {}
    text = BOUNCED if bounced else told.get(action, MADE[action])
    return text(number=after.number, agency=_named(scene, after, data))


def _named(scene: Scene, after: Ticket, data: Mapping[str, Any]) -> Words:
    """The agency that a move was about: the one that holds the ticket after it, unless another was asked to help."""
    return agency_name(scene.desk, str(data["agency"]) if "helps" in data else after.agency)


def _data(scene: Scene, ticket: Ticket, action: str, answers: Mapping[str, Any], here: str) -> dict[str, Any]:
    value = answers["value"]
    if action in ("forward", "transfer"):
        return {"agency": value}
    if action == "involve":
        scene.desk.involve(ticket.id, value)
        return {"agency": value, "helps": True}
    if action == "recategorise":
        return {"to": recategorising.chosen(answers)}
    if action == "extend":
        return {"days": int(value), "text": answers["text"]}
    if action == "contribute":
        event = scene.event
        files = scene.desk.attach(ticket.id, [event.file] if event.file else [], Role.PARTNER, scene.contact.channel)
        return {"text": event.text.strip()[:3500], "files": files, "helper": here}
    named = {"assign": "officer", "classify": "klass", "merge": "into"}
    return {named.get(action, "text"): int(value) if action in ("assign", "merge") else value}


def contributed(scene: Scene, ticket: Ticket) -> Turn:
    """Passes on what a helping agency wrote about a ticket."""
    return _made("contribute")(replace(scene, talk=replace(scene.talk, subject=ticket.id, answers={"value": ""})))


def _involved(scene: Scene, ticket: Ticket, action: str, data: Mapping[str, Any]) -> tuple[Letter, ...]:
    """The card for the chats of an agency that was asked to help."""
    if action != "involve":
        return ()
    rooms = scene.desk.rooms_of(str(data["agency"]))
    return tuple(letter for room in rooms for letter in cards.first(scene.desk, ticket, room))


def _agencies(scene: Scene) -> Sequence[Option]:
    ticket = _ticket(scene)
    hidden = ticket.agency if ticket and ticket.forwarded_at else ""
    return tuple(Option(a.code, a.label, words=(a.code,)) for a in scene.desk.facts.agencies if a.code != hidden)


def _helpers(scene: Scene) -> Sequence[Option]:
    ticket = _ticket(scene)
    helping = (ticket.agency, *scene.desk.partners(ticket.id)) if ticket else ()
    return tuple(each for each in _agencies(scene) if each.value not in helping)


def _colleagues(scene: Scene) -> Sequence[Option]:
    ticket = _ticket(scene)
    officers = roster.serving(scene.desk, ticket.agency) if ticket else ()
    names = [short(scene.desk.name(officer.contact), 20) for officer in officers]
    # Two colleagues may share a name; a label must not.
    labels = [f"{name} ({n})" if names.count(name) > 1 else name for n, name in enumerate(names, 1)]
    return tuple(Option(str(officer.contact), label) for officer, label in zip(officers, labels, strict=True))


# The full name of the first is longer than a button may be.
SHORT_CLASSES = {
    "non_supervisory": T("class.button", "Tidak berkadar"),
    "supervisory": T("class.button", "Ya, berkadar"),
}
REASON = Written(5, 1000, T("moves.reason_short", "Tulis alasannya sedikit lebih jelas."))
KINDS: dict[Asks, Reads] = {
    Asks.TEXT: Said(),
    Asks.REASON: REASON,
    Asks.ARCHIVE_REASON: Pick(tuple(Option(code, label) for code, label in ARCHIVE_REASONS.items())),
    Asks.AGENCY: Pick(_agencies),
    Asks.OFFICER: Pick(_colleagues),
    Asks.CLASS: Pick(tuple(Option(code, SHORT_CLASSES[code], hint=label) for code, label in CLASSES.items())),
    Asks.EXTENSION: Pick(lambda scene: granting.options(scene.desk, _ticket(scene))),
    Asks.TICKET: Another(_ticket),
    Asks.CATEGORY: recategorising.TOPIC,
}
OWN_KINDS: dict[str, Reads] = {
    "involve": Pick(_helpers),
    "contribute": Said(templates=False),
    # A template answers; what is missing is asked in the officer's own words.
    "ask": Said(templates=False),
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
    "classify": T(
        "moves.classify",
        "{name}, apakah {number} berkadar pengawasan (dugaan penyalahgunaan wewenang atau pelanggaran)? "
        "Batas waktunya mengikuti golongan ini.",
    ),
    "recategorise": recategorising.QUESTION,
    "involve": T("moves.involve", "{name}, instansi mana yang diminta membantu {number}?"),
    "contribute": T("moves.contribute", "{name}, tulis masukan Anda untuk {number}. Pelapor tidak melihatnya."),
    "merge": T(
        "moves.merge",
        "{name}, {number} digabungkan ke laporan mana? Pilih, atau tulis nomornya. Jawaban laporan itu akan sampai "
        "kepada semua pelapornya.",
    ),
    "extend": T("moves.extend", "{name}, berapa hari kerja tambahan untuk {number}?"),
}
WITH_PROOF = T(
    "moves.resolve_with_proof",
    "{name}, kirim foto atau dokumen hasil pekerjaan untuk {number}, dan tulis apa yang sudah dikerjakan; "
    "pelapor akan membacanya.",
)
EXTENSION_REASON = T(
    "moves.extend_reason",
    "Apa yang sudah dikerjakan, dan mengapa perlu waktu lagi? Pelapor {number} akan membacanya.",
)

UNREACHED = T("moves.unreached", "{agency} belum dapat dihubungi lewat layanan ini, jadi belum dapat dilibatkan.")
BOUNCED = T(
    "moves.bounced",
    "Instansi itu sudah pernah mengalihkan {number}, jadi laporan kami serahkan kepada {agency} untuk diputuskan.",
)
MADE: dict[str, Text] = {
    "forward": T("moves.forwarded", "✅ {number} diteruskan ke {agency}."),
    "transfer": T("moves.forwarded", "✅ {number} diteruskan ke {agency}."),
    "return": T("moves.returned", "✅ {number} dikembalikan kepada koordinator."),
    "archive": T("moves.archived", "✅ {number} diarsipkan. Pelapor diberi tahu alasannya."),
    "extend": T("moves.extended", "✅ Batas {number} diperpanjang. Pelapor diberi tahu."),
    "classify": T("moves.classified", "✅ Golongan {number} dicatat. Batas waktunya mengikuti golongan itu."),
    "involve": T("moves.involved", "✅ {agency} diminta membantu {number}."),
    "contribute": T("moves.contributed", "✅ Masukan Anda untuk {number} sudah sampai ke {agency}."),
    "merge": T("moves.merged", "✅ {number} digabungkan. Pelapor diberi tahu."),
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
    "classify": Asks.CLASS,
    "recategorise": Asks.CATEGORY,
    "involve": Asks.AGENCY,
    "contribute": Asks.TEXT,
    "merge": Asks.TICKET,
    "extend": Asks.EXTENSION,
}


def _dialogue(action: str, asks: Asks) -> Dialogue:
    def question(scene: Scene) -> Words:
        ticket = _ticket(scene)
        if ticket and action == "resolve" and evidence.lacking(scene.desk, ticket):
            return WITH_PROOF(name=_who(scene), number=ticket.number)
        topic = category_name(scene.desk, ticket.category) if ticket else ""
        return QUESTIONS[action](name=_who(scene), number=_number(scene), topic=topic)

    def reason(scene: Scene) -> Words:
        return EXTENSION_REASON(number=_number(scene))

    drafted = asks is Asks.TEXT and action != "contribute"
    then = recategorising.deeper if asks is Asks.CATEGORY else None
    steps: tuple[Step, ...] = (Step("value", OWN_KINDS.get(action, KINDS[asks]), question, then=then),)
    if asks is Asks.CATEGORY:
        steps = (*steps, recategorising.SUBTOPIC)
    if asks is Asks.EXTENSION:
        steps = (*steps, Step("text", REASON, reason))
    return Dialogue(f"do-{action}", steps, _drafted(action) if drafted else _made(action))


DIALOGUES = {f"do-{action}": _dialogue(action, asks) for action, asks in ASKED.items()}


def ask_for(scene: Scene, ticket: Ticket, move: Move) -> Turn:
    """Asks the officer for what the move needs; the question lies in the ticket's thread."""
    if move.asks is Asks.EXTENSION and not granting.options(scene.desk, ticket):
        return scene.reply(scene.talk, scene.letter(granting.SPENT(number=ticket.number), ticket=ticket.id))
    kept = proving.given_back(scene)
    turn = begin(scene, DIALOGUES[f"do-{move.action}"], subject=ticket.id)
    return Turn(turn.talk, (*kept, *(replace(each, ticket=ticket.id) for each in turn.letters)))
