"""An officer's text before it leaves: preview, sending, undoing; and a ticket's history in words."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, case, refusals
from handlers.desk import Draft, Scene, Ticket
from handlers.dialogue import album_pause
from handlers.files import refused
from handlers.notices import UNDO
from handlers.rules.ticket import move_for
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
        Choice(f"d:{draft.id}:send", SEND),
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


def joined(scene: Scene, draft: Draft) -> Turn:
    """Another file of the same album joins the draft."""
    ticket, file = scene.desk.ticket(draft.ticket), scene.event.file
    if ticket is None or file is None or draft.sent or draft.author != scene.contact.id or refused(file):
        return Turn(scene.talk)
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
    draft = replace(draft, text=scene.event.text.strip()[:3500])
    scene.desk.change_draft(draft)
    return scene.reply(scene.talk, preview(scene, draft, ticket))


def pressed(scene: Scene, rest: str) -> Turn:
    """A button below a preview."""
    ident, _, what = rest.partition(":")
    draft = scene.desk.draft(int(ident)) if ident.isascii() and ident.isdigit() and len(ident) < 18 else None
    ticket = scene.desk.ticket(draft.ticket) if draft else None
    if draft is None or ticket is None or scene.room is None or draft.room != scene.room.id:
        return scene.reply(scene.talk, scene.letter(T("drafts.gone", "Draf itu sudah tidak ada.")))
    if draft.author != scene.contact.id:
        text = T("drafts.other", "Draf itu milik {name}.", name=scene.desk.name(draft.author))
        return scene.reply(scene.talk, scene.letter(text, ticket=ticket.id))
    if what == "undo":
        return _undone(scene, draft, ticket)
    if draft.sent:
        return scene.reply(
            scene.talk,
            scene.letter(
                T("drafts.sent", "Draf itu sudah selesai. Balas kartu laporan untuk menulis yang baru."),
                ticket=ticket.id,
            ),
        )
    if what == "drop":
        scene.desk.drop_draft(draft.id)
        return scene.reply(scene.talk, scene.letter(refusals.STOPPED, ticket=ticket.id))
    if what not in ("send", "note"):
        return Turn(scene.talk)
    return _sent(scene, draft, ticket, draft.action if what == "send" else "note")


def _sent(scene: Scene, draft: Draft, ticket: Ticket, action: str) -> Turn:
    desk = scene.desk
    role = cards.role_at(desk, ticket.agency)
    if scene.room is None or ticket.agency != desk.agency_of(scene.room.id):
        return scene.reply(scene.talk, scene.letter(refusals.elsewhere(desk, ticket), ticket=ticket.id))
    if move_for(action, ticket.state, role) is None:
        return scene.reply(scene.talk, scene.letter(refusals.impossible(desk, ticket, action), ticket=ticket.id))
    files = desk.attach(ticket.id, draft.files, role, scene.contact.channel)
    made = case.make(desk, ticket, action, role, scene.contact.id, text=draft.text, files=files, draft=draft.id)
    assert made is not None
    desk.change_draft(replace(draft, sent=True))
    return scene.reply(scene.talk, _confirmation(scene, draft, ticket, action), *made.letters)


def _confirmation(scene: Scene, draft: Draft, ticket: Ticket, action: str) -> Letter:
    if action == "note":
        text: Words = T(
            "drafts.noted",
            "📝 Catatan internal untuk {number} tersimpan. Pelapor tidak melihatnya.",
            number=ticket.number,
        )
        return scene.letter(text, ticket=ticket.id)
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


def _undone(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    desk = scene.desk
    late = T(
        "drafts.undo_late", "Tidak dapat diurungkan lagi: pesan sudah dikirim, atau laporan sudah berubah sesudahnya."
    )
    last = [entry for entry in desk.history(ticket.id) if entry.action != "note"][-1]
    if last.data.get("draft") != draft.id or last.action == "undo" or not desk.recall(draft.id):
        return scene.reply(scene.talk, scene.letter(late, ticket=ticket.id))
    role = cards.role_at(desk, ticket.agency)
    made = case.make(desk, ticket, "undo", role, scene.contact.id, before=last.data["before"])
    assert made is not None
    desk.change_draft(replace(draft, sent=False))
    note = T("drafts.undone", "↩️ Diurungkan. Pelapor tidak menerima pesan itu.")
    shown = preview(scene, draft, made.ticket)
    return scene.reply(scene.talk, replace(shown, text=Lines((note, shown.text), "\n\n")), *made.letters)
