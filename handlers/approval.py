"""What the head of an agency does with a draft that waits for their word: approve it, correct it, or send it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers import awaiting, case, drafts, evidence
from handlers.answers import Written
from handlers.awaiting import YOUR_OWN
from handlers.desk import Draft, Scene, Ticket
from handlers.dialogue import Dialogue, Step, begin
from handlers.tree import role_at
from handlers.words import Choice, Lines, Part, T, Talk, Text, Turn, Words

OWN = T("approval.own", "{own} Yang dapat menyetujui: {names}.", own=YOUR_OWN)
ONLY = T("approval.only", "Hanya {names} yang dapat memutuskan draf ini.")
DECIDED = T("approval.decided", "Draf itu sudah diputuskan atau ditarik kembali.")
NO_HEAD = T("approval.no_head", "Saat ini tidak ada pejabat penghubung yang dapat menyetujui draf ini.")

APPROVED = T("approval.approved", "👍 Disetujui {name}.")
APPROVED_OF = T("approval.approved_of", "👍 {number}: sudah disetujui {name}.")
CORRECTED = T(
    "approval.corrected",
    "{name} memperbaiki tulisan {author} untuk pelapor {number}. Pilih Setujui untuk mengirimnya:",
)
CORRECTED_YOURS = T(
    "approval.corrected_yours",
    "{name} memperbaiki tulisan Anda untuk pelapor {number}, dan belum mengirimnya:\n\n“{text}”",
)
SENT_BACK = T(
    "approval.sent_back",
    "{author}, {name} mengembalikan tulisan Anda untuk {number}:\n\n“{text}”\n\nPelapor belum menerima apa pun. "
    "Ubah pesan Anda, atau balas kartu laporan untuk menulis yang baru.",
)
SENT_BACK_TO = T("approval.sent_back_to", "↩️ {number}: dikembalikan kepada {author} oleh {name}.")
SENT_BACK_NOTE = T("approval.sent_back_note", "Dikembalikan kepada {author}: {text}")

Said = Callable[[Scene, Draft, Ticket, str], Turn]


def pressed(scene: Scene, rest: str) -> Turn:
    """A button below a draft, of its author or of those who may approve it."""
    ident, _, what = rest.partition(":")
    if what in JUDGES:
        return _judged(scene, ident, JUDGES[what])
    found = drafts.named(scene.desk, ident)
    if what == "undo" and found and drafts.last_step(scene.desk, found[1]).data.get("approved_by") == scene.contact.id:
        return drafts.undone(scene, *found)
    return drafts.pressed(scene, rest, awaiting.AUTHORS)


def _judged(scene: Scene, ident: str, act: drafts.Act) -> Turn:
    """Does what the head decides, where they may and the ticket still allows it."""
    found = drafts.named(scene.desk, ident)
    if found is None:
        return scene.reply(scene.talk, scene.letter(drafts.GONE))
    draft, ticket = found
    refusal = _refusal(scene, draft, ticket)
    if refusal is None:
        return act(scene, draft, ticket)
    # A number can be guessed: nobody gets into the thread of a ticket by that.
    return scene.reply(scene.talk, scene.letter(refusal, ticket=None if refusal is drafts.GONE else ticket.id))


def _refusal(scene: Scene, draft: Draft, ticket: Ticket) -> Words | None:
    """Why somebody cannot decide on a draft, or nothing."""
    desk = scene.desk
    assert scene.room is not None
    may = awaiting.approvers(desk, draft, ticket)
    here, home = desk.agency_of(scene.room.id), drafts.home(desk, draft, ticket)
    if here not in (home, may.agency if may else home):
        return drafts.GONE
    if draft.sent or not draft.awaits:
        return DECIDED
    if problem := drafts.obstacle(desk, draft, ticket, draft.action):
        return problem
    if may is None:
        return NO_HEAD
    if scene.contact.id in desk.kin(draft.author):
        return OWN(names=awaiting.names(desk, draft, ticket, may))
    if not set(may.people) & set(desk.kin(scene.contact.id)):
        return ONLY(names=awaiting.names(desk, draft, ticket, may))
    return None


def _approved(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    """Sends the draft as its author would have, with who approved it on record."""
    if problem := evidence.missing(scene.desk, ticket, draft.action, draft.files):
        return scene.reply(scene.talk, scene.letter(problem, ticket=ticket.id))
    name = scene.desk.name(scene.contact.id)
    told = awaiting.others(scene, draft, ticket, APPROVED_OF(number=ticket.number, name=name))
    turn = drafts.sent(scene, draft, ticket, draft.action, approved_by=scene.contact.id)
    confirmation, *rest = turn.letters
    confirmation = replace(confirmation, text=Lines((APPROVED(name=name), confirmation.text)))
    theirs = drafts.to_author(scene, draft, ticket, confirmation)
    return Turn(turn.talk, (confirmation, *theirs, *told, *rest))


def _corrected(scene: Scene, draft: Draft, ticket: Ticket, text: str) -> Turn:
    """Puts the head's words in the place of the officer's, to be looked at once more."""
    desk = scene.desk
    may = awaiting.approvers(desk, draft, ticket)
    assert may is not None
    draft = drafts.renewed(desk, draft, text=text, awaits=True)
    name = desk.name(scene.contact.id)
    head = CORRECTED(name=name, author=desk.name(draft.author), number=ticket.number)
    yours = CORRECTED_YOURS(name=name, number=ticket.number, text=text)
    choices = (Choice(f"d:{draft.id}:drop", drafts.DROP),)
    told = scene.letter(yours, part=Part.NOTICE, ticket=ticket.id, choices=choices)
    shown = awaiting.asked(draft, ticket, may, head)
    asked_there = any(letter.to == draft.room for letter in shown)
    theirs = () if asked_there else drafts.to_author(scene, draft, ticket, told)
    return scene.reply(scene.talk, *shown, *theirs)


def _sent_back(scene: Scene, draft: Draft, ticket: Ticket, text: str) -> Turn:
    """Gives the draft back to its author with the head's word, which stays in the history."""
    desk = scene.desk
    name, author = desk.name(scene.contact.id), desk.name(draft.author)
    note = desk.render(SENT_BACK_NOTE(author=author, text=text), "id")
    made = case.make(desk, ticket, "note", role_at(desk, ticket.agency), scene.contact.id, text=note)
    said = SENT_BACK_TO(number=ticket.number, author=author, name=name)
    told = awaiting.others(scene, draft, ticket, said)
    draft = drafts.renewed(desk, draft)
    shown = drafts.preview(scene, draft, ticket)
    word = SENT_BACK(author=author, name=name, number=ticket.number, text=text)
    shown = replace(shown, text=Lines((word, shown.text), "\n\n"))
    theirs = drafts.to_author(scene, draft, ticket, shown)
    if scene.room is None or scene.room.id != draft.room:
        shown = scene.letter(said, ticket=ticket.id)
    return scene.reply(scene.talk, shown, *theirs, *told, *(made.letters if made else ()))


def _asking(name: str) -> drafts.Act:
    def act(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
        answers = {"draft": draft.id, "number": ticket.number}
        turn = begin(scene, DIALOGUES[name], subject=ticket.id, answers=answers)
        return Turn(turn.talk, tuple(replace(each, ticket=ticket.id) for each in turn.letters))

    return act


def _dialogue(name: str, kind: Written, question: Text, said: Said) -> Dialogue:
    def asked(scene: Scene) -> Words:
        return question(name=scene.desk.name(scene.contact.id), number=scene.talk.answers["number"])

    def done(scene: Scene) -> Turn:
        answers = scene.talk.answers
        scene = replace(scene, talk=Talk(shelf=scene.talk.shelf))
        return _judged(scene, str(answers["draft"]), lambda at, draft, ticket: said(at, draft, ticket, answers["text"]))

    return Dialogue(name, (Step("text", kind, asked),), done)


RIGHT = T(
    "approval.right",
    "{name}, tulis kalimat yang benar untuk pelapor {number}. Berkas, bila ada, tetap ikut. "
    "Anda memeriksanya sekali lagi sebelum dikirim.",
)
WRONG = T("approval.wrong", "{name}, apa yang perlu diperbaiki pada tulisan untuk {number}? Pelapor tidak melihatnya.")
SHORT = T("approval.short", "Tulis sedikit lebih jelas, misalnya: sebutkan tanggalnya.")

DIALOGUES: dict[str, Dialogue] = {
    "approve-right": _dialogue("approve-right", Written(1, 3500), RIGHT, _corrected),
    "approve-wrong": _dialogue("approve-wrong", Written(5, 1000, SHORT), WRONG, _sent_back),
}
JUDGES: Mapping[str, drafts.Act] = {
    "approve": _approved,
    "correct": _asking("approve-right"),
    "back": _asking("approve-wrong"),
}
