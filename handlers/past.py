"""A ticket's history in words, for its officers."""

from __future__ import annotations

from handlers.desk import Desk, Ticket
from handlers.labels import ARCHIVE_REASONS, agency_name, local, short
from handlers.rules.ticket import Role
from handlers.words import Lines, T, Text, Words

VERBS: dict[str, Text] = {
    "submit": T("history", "Laporan diterima"),
    "forward": T("history", "Diteruskan ke {agency}"),
    "transfer": T("history", "Dialihkan ke {agency}"),
    "return": T("history", "Dikembalikan: {text}"),
    "claim": T("history", "Diambil oleh {name}"),
    "assign": T("history", "Ditugaskan oleh {name}"),
    "release": T("history", "Dilepas oleh {name}"),
    "answer": T("history", "Jawaban {name}: {text}"),
    "ask": T("history", "Permintaan data {name}: {text}"),
    "resolve": T("history", "Diselesaikan {name}: {text}"),
    "archive": T("history", "Diarsipkan: {text}"),
    "note": T("history", "📝 Catatan {name}: {text}"),
    "undo": T("history", "Diurungkan oleh {name}"),
    "supply": T("history", "Jawaban pelapor: {text}"),
    "reply": T("history", "Tambahan pelapor: {text}"),
    "confirm": T("history", "Pelapor: sudah teratasi"),
    "dispute": T("history", "Pelapor: belum teratasi. {text}"),
    "rate": T("history", "Penilaian pelapor: {stars} {text}"),
}


def told(desk: Desk, ticket: Ticket) -> Words:
    """A ticket's history, a line each, and how far the last messages to the reporter came."""
    lines: list[Words] = [T("past.history", "Riwayat")]
    for entry in desk.history(ticket.id):
        name = desk.name(entry.actor) if entry.actor and entry.role is not Role.REPORTER else ""
        said = VERBS[entry.action](
            agency=agency_name(desk, entry.agency),
            name=name,
            text=_words(entry.action, str(entry.data.get("text", ""))),
            stars="★" * int(entry.data.get("stars", 0)),
        )
        lines.append(T("past.entry", "• {day}: {said}", day=local(desk, ticket.agency, entry.at), said=said))
    delivered, waiting, failed = desk.deliveries(ticket.id, ticket.reporter)
    lines.append(
        T(
            "drafts.deliveries",
            "Pesan ke pelapor: {delivered} terkirim, {waiting} menunggu, {failed} gagal",
            delivered=delivered,
            waiting=waiting,
            failed=failed,
        )
    )
    return Lines(tuple(lines))


def _words(action: str, text: str) -> Words:
    return ARCHIVE_REASONS.get(text, text) if action == "archive" else short(text, 200)
