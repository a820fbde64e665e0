"""A ticket's history in words, for its officers."""

from __future__ import annotations

from handlers.desk import Arrival, Desk, Ticket
from handlers.labels import ARCHIVE_REASONS, agency_name, local, short
from handlers.notices import ONLY_FILES
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


DELIVERIES = T("drafts.deliveries", "Pesan ke pelapor: {delivered} terkirim, {waiting} menunggu, {failed} gagal")
ARRIVED = T(
    "past.arrived",
    "Pesan ke pelapor: {delivered} terkirim ({arrived} sampai, {read} dibaca), {waiting} menunggu, {failed} gagal",
)


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
    lines.append(_deliveries(desk, ticket))
    return Lines(tuple(lines))


def _deliveries(desk: Desk, ticket: Ticket) -> Words:
    came = desk.deliveries(ticket.id, ticket.reporter)
    arrived = came.get(Arrival.DELIVERED, 0) + came.get(Arrival.READ, 0)
    # Only some platforms say whether a message arrived and was read.
    text = DELIVERIES if not arrived else ARRIVED
    return text(
        delivered=came.get(Arrival.SENT, 0) + arrived,
        arrived=arrived,
        read=came.get(Arrival.READ, 0),
        waiting=came.get(Arrival.WAITING, 0),
        failed=came.get(Arrival.FAILED, 0),
    )


def _words(action: str, text: str) -> Words:
    if not text and action in ("reply", "supply", "answer", "ask", "resolve"):
        return ONLY_FILES
    return ARCHIVE_REASONS.get(text, text) if action == "archive" else short(text, 200)
