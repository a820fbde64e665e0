"""Proof of what was done: which reports cannot be resolved without a photo or a document, and whether there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.desk import Desk, Entry, Ticket
from handlers.labels import category_name
from handlers.rules.ticket import Role
from handlers.words import File, T, Words

# What somebody says into a phone shows nothing.
SHOWS = ("image", "video", "document")
QUESTION = "information_request"
OPENS_AGAIN = ("dispute", "object")
PROVES = ("answer", "resolve", "note")
ONLY_HEARD = "only_heard"
NEEDED = T(
    "evidence.needed",
    "📷 {number} belum dapat diselesaikan: topik “{topic}” perlu foto atau dokumen hasil pekerjaannya. "
    "Jawaban Anda tersimpan. Kirim fotonya sekarang.",
)
LACKING = T(
    "evidence.lacking",
    "{number} belum dapat diselesaikan: topik “{topic}” perlu foto atau dokumen hasil pekerjaannya.",
)


def required(desk: Desk, ticket: Ticket) -> bool:
    """Whether the topic of a ticket, or one above it, wants proof; a question is settled by words alone."""
    facts = desk.facts
    return ticket.report_type != QUESTION and any(
        facts.category_by_code[code].evidence_required for code in facts.category_line(ticket.category)
    )


def lacking(desk: Desk, ticket: Ticket, action: str = "resolve", files: Sequence[File] = ()) -> bool:
    """Whether a ticket cannot be resolved yet for want of proof; `files`: what comes with the closing words."""
    if action != "resolve" or not required(desk, ticket):
        return False
    return not (shows(files) or _shown(desk, ticket))


def shows(files: Iterable[File]) -> bool:
    """Whether any of these files shows something."""
    return any(file.kind in SHOWS for file in files)


def told_of(files: Sequence[File]) -> dict[str, bool]:
    """What the history keeps of files that show nothing."""
    return {ONLY_HEARD: True} if files and not shows(files) else {}


def _shown(desk: Desk, ticket: Ticket) -> bool:
    """Whether officers sent proof since the ticket was last opened again, and did not take it back."""
    history = desk.history(ticket.id)
    opened = max((at for at, entry in enumerate(history) if entry.action in OPENS_AGAIN), default=0)
    taken_back = {entry.data.get("undoes") for entry in history if entry.action == "undo"}
    return any(_proves(entry) and entry.data.get("draft") not in taken_back for entry in history[opened:])


def _proves(entry: Entry) -> bool:
    office = entry.role in (Role.OFFICER, Role.COORDINATOR) and entry.action in PROVES
    return office and bool(entry.data.get("files")) and not entry.data.get(ONLY_HEARD)


def needed(desk: Desk, ticket: Ticket) -> Words:
    """That the officer who wrote is to send a photo, and that their words are kept."""
    return NEEDED(number=ticket.number, topic=category_name(desk, ticket.category))


def missing(desk: Desk, ticket: Ticket, action: str, files: Sequence[File]) -> Words | None:
    """Why a ticket cannot be resolved for want of proof, or nothing."""
    if not lacking(desk, ticket, action, files):
        return None
    return LACKING(number=ticket.number, topic=category_name(desk, ticket.category))
