"""A draft that waits for the word of its agency's head: who may approve it, how they are asked, and its taking back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handlers import case, drafts, evidence, proving, refusals, roster, tree
from handlers.desk import Contact, Desk, Draft, Scene, Ticket
from handlers.labels import agency_name
from handlers.notices import duty_brief
from handlers.rules.ticket import Role
from handlers.words import Choice, Letter, Lines, Part, Priority, T, Text, Turn, Words

WAITING_FOR = ("answer", "resolve")

ASKS: dict[str, Text] = {
    "answer": T("approval.answer", "{names}, mohon diperiksa: jawaban {author} untuk pelapor {number}."),
    "resolve": T("approval.resolve", "{names}, mohon diperiksa: penutupan laporan {number} oleh {author}."),
}
APPROVE = T("approval.approve", "Setujui")
CORRECT = T("approval.correct", "Perbaiki")
BACK = T("approval.back", "Kembalikan")

WAITS = T("approval.waits", "⏳ Menunggu persetujuan {names}. Tulisan Anda untuk {number} belum dikirim ke pelapor.")
YOUR_OWN = T("approval.your_own", "Anda tidak dapat menyetujui tulisan Anda sendiri.")
NOBODY = T(
    "approval.nobody",
    "Belum dapat dikirim: tulisan untuk {number} perlu persetujuan pejabat penghubung {agency}, tetapi saat ini tidak "
    "ada yang dapat menyetujuinya. Drafnya tersimpan; kirim lagi setelah ada pejabat penghubung yang bertugas.",
)
TOLD = T("approval.told", "{above} sudah kami beri tahu.")
HEADLESS = T(
    "approval.headless",
    "⚠️ Jawaban {agency} untuk laporan {number} tertahan: perlu persetujuan pejabat penghubung, tetapi tidak ada yang "
    "bertugas. Mohon koordinator mengundangnya lewat /petugas.",
)
HEADLESS_NOTE = T("approval.headless_note", "Tertahan: tidak ada pejabat penghubung yang dapat menyetujui.")

HEADS_EXTEND = T(
    "approval.heads_extend",
    "Kabar perpanjangan {number} langsung sampai ke pelapor, jadi di instansi ini hanya pejabat penghubung yang dapat "
    "memperpanjang.",
)
WITHDRAWN = T("approval.withdrawn", "Baik, draf untuk {number} ditarik kembali. Pelapor tidak menerima apa pun.")
WITHDRAWN_BY = T("approval.withdrawn_by", "{number}: {name} menarik kembali drafnya.")


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who may approve a draft, of which agency they are, and the chats in which they are asked."""

    agency: str
    people: tuple[int, ...]
    rooms: tuple[Contact, ...]


def approvers(desk: Desk, draft: Draft, ticket: Ticket) -> Approvers | None:
    """The heads in office, but for the author and the reporter; where no head is left but these, those one above."""
    agency = drafts.home(desk, draft, ticket)
    heads = [officer.contact for officer in roster.heads(desk, agency)]
    barred = (*desk.kin(draft.author), *desk.kin(ticket.reporter))
    others = [head for head in heads if head not in barred]
    if heads and not others:
        agency = tree.watcher(desk, agency)
        others = [officer.contact for officer in roster.serving(desk, agency) if officer.contact not in barred]
    rooms = tuple(room for room in desk.rooms_of(agency) if room.group or room.id in others)
    return Approvers(agency, tuple(others), rooms) if others and rooms else None


def names(desk: Desk, draft: Draft, ticket: Ticket, may: Approvers) -> Words:
    """Who may approve a draft, in words."""
    if may.agency != drafts.home(desk, draft, ticket):
        return T("approval.office", "petugas {agency}", agency=agency_name(desk, may.agency))
    *before, last = map(desk.name, may.people)
    return T("approval.either", "{names} atau {last}", names=", ".join(before), last=last) if before else last


def sent(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    """Sends a draft, or asks for the proof that its topic wants, or for the approval that its agency wants."""
    desk, action = scene.desk, draft.action
    if evidence.lacking(desk, ticket, action, draft.files) and not drafts.obstacle(desk, draft, ticket, action):
        return proving.asked(scene, draft, ticket)
    holder = desk.facts.agency_by_code.get(ticket.agency)
    if draft.action not in WAITING_FOR or holder is None or not holder.approval:
        return drafts.sent(scene, draft, ticket, draft.action)
    if problem := drafts.obstacle(desk, draft, ticket, draft.action):
        return scene.reply(scene.talk, scene.letter(problem, ticket=ticket.id))
    may = approvers(desk, draft, ticket)
    if may is None:
        return _headless(scene, draft, ticket)
    if draft.awaits:
        return scene.reply(scene.talk, _waits(scene, draft, ticket, may))
    draft = replace(draft, awaits=True)
    desk.change_draft(draft)
    who = names(desk, draft, ticket, may)
    head = ASKS[draft.action](names=who, author=desk.name(draft.author), number=ticket.number)
    # In the chat in which they were sent everybody has seen the files.
    elsewhere = any(room.id != draft.room for room in may.rooms)
    role, channel = tree.role_at(desk, ticket.agency), desk.contact(draft.author).channel
    files = desk.attach(ticket.id, draft.files, role, channel) if elsewhere else ()
    return scene.reply(scene.talk, _waits(scene, draft, ticket, may), *asked(draft, ticket, may, head, files))


def noted(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    """Keeps a draft for the office alone, unless it waits for approval."""
    may = approvers(scene.desk, draft, ticket) if draft.awaits else None
    if may:
        return scene.reply(scene.talk, _waits(scene, draft, ticket, may))
    return drafts.sent(scene, draft, ticket, "note")


def dropped(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    """Gives a draft up, also while it waits."""
    text = WITHDRAWN(number=ticket.number) if draft.awaits else refusals.STOPPED
    told = removed(scene, draft)
    return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id), *told)


def removed(scene: Scene, draft: Draft) -> tuple[Letter, ...]:
    """Takes a draft off the table; the letters for those who were to approve it."""
    desk, ticket = scene.desk, scene.desk.ticket(draft.ticket)
    if not draft.awaits or ticket is None:
        desk.drop_draft(draft.id)
        return ()
    # Its number must not be given again: buttons that name it are in the hands of others.
    desk.change_draft(replace(draft, sent=True, awaits=False))
    said = WITHDRAWN_BY(number=ticket.number, name=desk.name(draft.author))
    return others(scene, draft, ticket, said)


AUTHORS: Mapping[str, drafts.Act] = {"send": sent, "note": noted, "drop": dropped}


def _waits(scene: Scene, draft: Draft, ticket: Ticket, may: Approvers) -> Letter:
    """What the author reads while a draft waits, with the way to take it back."""
    desk = scene.desk
    text: Words = WAITS(names=names(desk, draft, ticket, may), number=ticket.number)
    heads = {officer.contact for officer in roster.heads(desk, drafts.home(desk, draft, ticket))}
    if may.agency != ticket.agency and heads & set(desk.kin(draft.author)):
        text = Lines((text, YOUR_OWN))
    choices = (Choice(f"d:{draft.id}:drop", drafts.DROP),)
    return scene.letter(text, ticket=ticket.id, part=Part.NOTICE, choices=choices)


def _headless(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    """Keeps a draft that nobody can approve, and tells the one above of it, once for a ticket."""
    desk = scene.desk
    above, agency = tree.watcher(desk, ticket.agency), agency_name(desk, ticket.agency)
    text: Words = NOBODY(number=ticket.number, agency=agency)
    if above:
        text = Lines((text, TOLD(above=agency_name(desk, above))))
    choices = (drafts.leaving(desk, draft, ticket), Choice(f"d:{draft.id}:drop", drafts.DROP))
    letter = scene.letter(text, ticket=ticket.id, part=Part.PREVIEW, draft=draft.id, choices=choices)
    if any(entry.data.get("headless") for entry in desk.history(ticket.id)):
        return scene.reply(scene.talk, letter)
    note = desk.render(HEADLESS_NOTE, "id")
    role = tree.role_at(desk, ticket.agency)
    made = case.make(desk, ticket, "note", role, scene.contact.id, text=note, headless=True)
    warning = HEADLESS(agency=agency, number=ticket.number)
    told = (_news(room, ticket, warning) for room in (desk.rooms_of(above) if above else ()))
    return scene.reply(scene.talk, letter, *told, *(made.letters if made else ()))


def _news(room: Contact, ticket: Ticket, text: Words, key: str = "") -> Letter:
    brief = duty_brief(room, ticket)
    return Letter(room.id, text, part=Part.NOTICE, priority=Priority.STATUS, ticket=ticket.id, key=key, brief=brief)


def asked(draft: Draft, ticket: Ticket, may: Approvers, head: Words, files: Sequence[int] = ()) -> tuple[Letter, ...]:
    """The draft as the reporter would see it, for all who may approve it."""
    count = T("drafts.files", "📎 {n} berkas", n=len(draft.files)) if draft.files else ""
    body = tuple(part for part in (f"“{draft.text}”" if draft.text else "", count) if part)
    choices = tuple(
        Choice(f"d:{draft.id}:{what}", label)
        for what, label in (("approve", APPROVE), ("correct", CORRECT), ("back", BACK))
    )
    letters = []
    for room in may.rooms:
        letter = replace(_news(room, ticket, Lines((head, *body), "\n\n"), f"approve:{draft.id}"), choices=choices)
        letter = replace(letter, part=Part.PREVIEW, draft=draft.id, files=tuple(files) if room.id != draft.room else ())
        letters.append(letter)
    return tuple(letters)


def others(scene: Scene, draft: Draft, ticket: Ticket, text: Words) -> tuple[Letter, ...]:
    """What became of a draft, for those who were asked elsewhere; it replaces a question that has not left yet."""
    may = approvers(scene.desk, draft, ticket)
    here = scene.room.id if scene.room else 0
    rooms = [room for room in may.rooms if room.id not in (here, draft.room)] if may else []
    return tuple(_news(room, ticket, text, f"approve:{draft.id}") for room in rooms)


def kept_for_heads(scene: Scene, ticket: Ticket) -> bool:
    """Whether only a head may do what the reporter hears of at once: where answers wait for their word."""
    desk = scene.desk
    holder = desk.facts.agency_by_code.get(ticket.agency)
    if holder is None or not holder.approval or scene.room is None or desk.agency_of(scene.room.id) != ticket.agency:
        return False
    found = roster.in_office(desk, scene.contact.id, ticket.agency)
    return found is None or found.role is not Role.HEAD
