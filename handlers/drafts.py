"""An officer's text before it leaves: preview, sending, undoing; and a ticket's history in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers import case, evidence, refusals, untold
from handlers.desk import Desk, Draft, Entry, Scene, Ticket
from handlers.dialogue import album_pause
from handlers.files import refused
from handlers.notices import UNDO, duty_brief
from handlers.tree import role_at
from handlers.words import Choice, Letter, Lines, Part, T, Text, Turn, Words

MAX_FILES = 10

HEADS: dict[str, Text] = {
    "answer": T("drafts.answer", "Pratinjau jawaban untuk pelapor {number}:"),
    "ask": T("drafts.ask", "Pratinjau permintaan data untuk pelapor {number}:"),
    "resolve": T("drafts.resolve", "Pratinjau penutupan laporan {number}:"),
}
SEND = T("drafts.send", "Kirim ke pelapor")
NOTE = T("drafts.note", "Catatan internal")
DROP = T("drafts.drop", "Batal")
GONE = T("drafts.gone", "Draf itu sudah tidak ada.")
AWAITS = T(
    "drafts.awaits",
    "Draf untuk {number} sedang menunggu persetujuan, jadi tidak dapat diubah lagi. "
    "Pilih Batal untuk menariknya, lalu tulis yang baru.",
)
UNDONE = T("drafts.undone", "↩️ Diurungkan. Pelapor tidak menerima pesan itu.")
RETURNED = T("drafts.undone_for", "{note} Drafnya kembali kepada {author}.")
# What a button does to a draft that is not sent yet.
Act = Callable[[Scene, Draft, Ticket], Turn]


def started(scene: Scene, ticket: Ticket, action: str) -> Turn:
    """Keeps what an officer wrote and shows it as the reporter would see it."""
    assert scene.room is not None
    event = scene.event
    problem = refused(event.file) if event.file else None
    if problem:
        return scene.reply(scene.talk, scene.letter(problem))
    draft = scene.desk.add_draft(
        Draft(
            id=0,
            ticket=ticket.id,
            author=scene.contact.id,
            room=scene.room.id,
            action=action,
            text=event.text.strip()[:3500],
            files=(event.file,) if event.file else (),
            source=f"album:{event.album}" if event.album else event.message,
        )
    )
    return scene.reply(scene.talk, preview(scene, draft, ticket))


def preview(scene: Scene, draft: Draft, ticket: Ticket) -> Letter:
    """The draft as the reporter would see it, with what can be done with it."""
    files = T("drafts.files", "📎 {n} berkas", n=len(draft.files)) if draft.files else ""
    body = tuple(part for part in (f"“{draft.text}”" if draft.text else "", files) if part)
    text = Lines((HEADS[draft.action](number=ticket.number), *body), "\n\n")
    choices = (
        leaving(scene.desk, draft, ticket),
        Choice(f"d:{draft.id}:note", NOTE),
        Choice(f"d:{draft.id}:drop", DROP),
    )
    return scene.letter(
        text,
        choices=choices,
        part=Part.PREVIEW,
        ticket=ticket.id,
        draft=draft.id,
        key=f"draft:{draft.id}",
        delay=album_pause(scene.event),
    )


def leaving(desk: Desk, draft: Draft, ticket: Ticket) -> Choice:
    """The button by which a draft leaves."""
    return Choice(f"d:{draft.id}:send", untold.RECORD if untold.untold(desk, ticket) else SEND)


def joined(scene: Scene, draft: Draft) -> Turn:
    """Another file of the same album joins the draft."""
    ticket, file = scene.desk.ticket(draft.ticket), scene.event.file
    if ticket is None or file is None or draft.sent or draft.author != scene.contact.id or refused(file):
        return Turn(scene.talk)
    if draft.awaits:
        return _unchanged(scene, draft, ticket)
    draft = replace(draft, files=(*draft.files, file)[:MAX_FILES], text=draft.text or scene.event.text.strip())
    scene.desk.change_draft(draft)
    return scene.reply(scene.talk, preview(scene, draft, ticket))


def rewritten(scene: Scene, draft: Draft) -> Turn:
    """The officer edited the message behind a draft: the preview follows, unless it has been sent."""
    ticket = scene.desk.ticket(draft.ticket)
    if ticket is None:
        return Turn(scene.talk)
    if draft.sent:
        text = T(
            "drafts.too_late", "Draf itu sudah selesai, jadi perubahan Anda tidak ikut. Balas kartu laporan bila perlu."
        )
        return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id))
    if draft.awaits:
        return _unchanged(scene, draft, ticket)
    draft = replace(draft, text=scene.event.text.strip()[:3500])
    scene.desk.change_draft(draft)
    return scene.reply(scene.talk, preview(scene, draft, ticket))


def _unchanged(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    """What waits for somebody's word stays as it was shown to them."""
    choices = (Choice(f"d:{draft.id}:drop", DROP),)
    return scene.reply(scene.talk, scene.letter(AWAITS(number=ticket.number), ticket=ticket.id, choices=choices))


def named(desk: Desk, ident: str) -> tuple[Draft, Ticket] | None:
    """The draft with this number, as a button brings it, and its ticket."""
    draft = desk.draft(int(ident)) if ident.isascii() and ident.isdigit() and len(ident) < 18 else None
    ticket = desk.ticket(draft.ticket) if draft else None
    # Looked at again once the ticket is locked: another replica may have sent it meanwhile.
    draft = desk.draft(draft.id) if draft else None
    return (draft, ticket) if draft and ticket else None


def pressed(scene: Scene, rest: str, acts: Mapping[str, Act]) -> Turn:
    """A button below a preview, for its author alone; `acts`: what the buttons do to a draft that is not sent yet."""
    ident, _, what = rest.partition(":")
    found = named(scene.desk, ident)
    if found is None or scene.room is None or found[0].room != scene.room.id:
        return scene.reply(scene.talk, scene.letter(GONE))
    draft, ticket = found
    if draft.author != scene.contact.id:
        text = T("drafts.other", "Draf itu milik {name}.", name=scene.desk.name(draft.author))
        return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id))
    if what == "undo":
        return undone(scene, draft, ticket)
    if draft.sent:
        text = T("drafts.sent", "Draf itu sudah selesai. Balas kartu laporan untuk menulis yang baru.")
        return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id))
    return acts[what](scene, draft, ticket) if what in acts else Turn(scene.talk)


def home(desk: Desk, draft: Draft, ticket: Ticket) -> str:
    """The agency for which a draft was written; that of the ticket where its author has left office."""
    return desk.agency_of(draft.room) or ticket.agency


def obstacle(desk: Desk, draft: Draft, ticket: Ticket, action: str) -> Words | None:
    """Why a draft cannot be sent now, or nothing."""
    if ticket.agency != home(desk, draft, ticket):
        return refusals.elsewhere(desk, ticket)
    if case.allowed(desk, ticket, action, role_at(desk, ticket.agency), draft.author) is None:
        return refusals.impossible(desk, ticket, action)
    return None


def sent(scene: Scene, draft: Draft, ticket: Ticket, action: str, **more: Any) -> Turn:
    """Makes the move for which a draft was written; `more`: what else its history keeps."""
    desk = scene.desk
    if problem := obstacle(desk, draft, ticket, action) or evidence.missing(desk, ticket, action, draft.files):
        return scene.reply(scene.talk, scene.letter(problem, ticket=ticket.id))
    role = role_at(desk, ticket.agency)
    files = desk.attach(ticket.id, draft.files, role, desk.contact(draft.author).channel)
    more |= evidence.told_of(draft.files)
    made = case.make(desk, ticket, action, role, draft.author, text=draft.text, files=files, draft=draft.id, **more)
    assert made is not None
    desk.change_draft(replace(draft, sent=True, awaits=False))
    return scene.reply(scene.talk, _confirmation(scene, draft, ticket, action), *made.letters)


def renewed(desk: Desk, draft: Draft, **changes: Any) -> Draft:
    """The draft under a new number: a button below what was shown before says nothing of it."""
    desk.change_draft(replace(draft, sent=True, awaits=False))
    return desk.add_draft(replace(draft, id=0, **{"sent": False, "awaits": False, **changes}))


def to_author(scene: Scene, draft: Draft, ticket: Ticket, letter: Letter) -> tuple[Letter, ...]:
    """A letter for the chat in which a draft was written, where that is another chat than this one."""
    desk = scene.desk
    if scene.room is None or draft.room == scene.room.id or not desk.agency_of(draft.room):
        return ()
    brief = duty_brief(desk.contact(draft.room), ticket)
    return (replace(letter, to=draft.room, topic="", reply_to="", delay=timedelta(), brief=brief),)


def _confirmation(scene: Scene, draft: Draft, ticket: Ticket, action: str) -> Letter:
    if action == "note":
        text: Words = T(
            "drafts.noted",
            "📝 Catatan internal untuk {number} tersimpan. Pelapor tidak melihatnya.",
            number=ticket.number,
        )
        return scene.letter(text, ticket=ticket.id)
    if untold.untold(scene.desk, ticket):
        return scene.letter(untold.RECORDED[action](number=ticket.number), ticket=ticket.id)
    seconds = int(scene.desk.undo_for.total_seconds())
    if not seconds:
        sent = T("drafts.left", "✅ Dikirim ke pelapor {number}.", number=ticket.number)
        return scene.letter(sent, ticket=ticket.id)
    text = T(
        "drafts.leaving",
        "✅ Akan dikirim ke pelapor {number} dalam {n} detik. Sebelum itu masih bisa diurungkan.",
        number=ticket.number,
        n=seconds,
    )
    choices = (Choice(f"d:{draft.id}:undo", UNDO),)
    return scene.letter(text, ticket=ticket.id, part=Part.NOTICE, draft=draft.id, choices=choices)


def last_step(desk: Desk, ticket: Ticket) -> Entry:
    """The last step in a ticket's history that is more than a note."""
    return [entry for entry in desk.history(ticket.id) if entry.action != "note"][-1]


def _open_again(desk: Desk, draft: Draft) -> Draft:
    draft = replace(draft, sent=False)
    desk.change_draft(draft)
    return draft


def undone(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    """Takes back what has not left yet; the draft is its author's again."""
    desk = scene.desk
    late = T(
        "drafts.undo_late", "Tidak dapat diurungkan lagi: pesan sudah dikirim, atau laporan sudah berubah sesudahnya."
    )
    last = last_step(desk, ticket)
    if last.data.get("draft") != draft.id or last.action == "undo" or not desk.recall(draft.id):
        return scene.reply(scene.talk, scene.letter(late, ticket=ticket.id))
    role = role_at(desk, ticket.agency)
    made = case.make(desk, ticket, "undo", role, scene.contact.id, before=last.data["before"], undoes=draft.id)
    assert made is not None
    draft = renewed(desk, draft) if "approved_by" in last.data else _open_again(desk, draft)
    shown = preview(scene, draft, made.ticket)
    shown = replace(shown, text=Lines((UNDONE, shown.text), "\n\n"))
    theirs = to_author(scene, draft, made.ticket, shown)
    if scene.room is None or scene.room.id != draft.room:
        note = RETURNED(note=UNDONE, author=desk.name(draft.author))
        shown = scene.letter(note, ticket=ticket.id)
    return scene.reply(scene.talk, shown, *theirs, *made.letters)
