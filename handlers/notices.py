"""Whom a move tells, and what: one row for each action and party of the table of moves."""

from __future__ import annotations

from dataclasses import replace

from handlers.desk import Desk, Entry, Ticket
from handlers.labels import ARCHIVE_REASONS, agency_name, local
from handlers.rules.ticket import Move, Party, Role
from handlers.words import Choice, Letter, Lines, Part, Priority, T, Text, Words

DONE_QUESTION = T("notice.question", "Apakah masalah Anda sudah teratasi?")
YES = T("notice.yes", "Sudah teratasi")
NO = T("notice.no", "Belum")
UNDO = T("notice.undo", "Urungkan")

NOTICES: dict[tuple[str, Party], Text] = {
    ("submit", Party.REPORTER): T(
        "notice.submit",
        "Petugas akan memeriksa laporan {number} dan meneruskannya ke instansi yang tepat. Batas pemeriksaan: {due}.",
    ),
    ("forward", Party.REPORTER): T(
        "notice.forward", "Laporan {number} diteruskan ke {agency}. Batas waktu penanganan: {due}."
    ),
    ("transfer", Party.REPORTER): T(
        "notice.transfer",
        "Laporan {number} kami alihkan ke {agency} karena menjadi kewenangannya. "
        "Anda tidak perlu melapor ulang. Batas waktu penanganan: {due}.",
    ),
    ("return", Party.REPORTER): T(
        "notice.return",
        "Laporan {number} ternyata bukan kewenangan {before}. Kami carikan instansi yang tepat. "
        "Anda tidak perlu melapor ulang.",
    ),
    ("claim", Party.REPORTER): T("notice.claim", "Laporan {number} sedang diproses oleh {agency}."),
    ("answer", Party.REPORTER): T("notice.answer", "{agency} menjawab laporan {number}:\n\n“{text}”"),
    ("resolve", Party.REPORTER): T(
        "notice.resolve", "{agency} menyatakan laporan {number} selesai ditangani:\n\n“{text}”"
    ),
    ("ask", Party.REPORTER): T(
        "notice.ask",
        "{agency} memerlukan keterangan untuk laporan {number}:\n\n“{text}”\n\n"
        "Balas pesan ini. Foto juga boleh. Batas waktu: {due}.",
    ),
    ("archive", Party.REPORTER): T(
        "notice.archive",
        "Laporan {number} kami arsipkan. Alasan: {reason}. "
        "Tidak setuju? Buat laporan baru dengan keterangan yang lebih lengkap.",
    ),
    ("transfer", Party.HOLDER): T("notice.transferred", "Laporan {number} dialihkan dari {before} kepada Anda."),
    ("return", Party.HOLDER): T(
        "notice.returned", "{before} mengembalikan laporan {number} (bukan wewenang):\n\n“{text}”"
    ),
    ("assign", Party.HOLDER): T("notice.assign", "{officer} ditugasi menangani laporan {number}."),
    ("supply", Party.HOLDER): T("notice.supply", "Pelapor menjawab untuk laporan {number}:\n\n“{text}”"),
    ("reply", Party.HOLDER): T("notice.reply", "Pelapor menambahkan keterangan pada laporan {number}:\n\n“{text}”"),
    ("confirm", Party.HOLDER): T("notice.confirm", "✅ Pelapor menyatakan laporan {number} sudah teratasi."),
    ("dispute", Party.HOLDER): T(
        "notice.dispute",
        "Pelapor menyatakan laporan {number} belum teratasi:\n\n“{text}”\n\nLaporan dibuka kembali. Batas: {due}.",
    ),
    ("rate", Party.HOLDER): T("notice.rate", "Penilaian pelapor untuk laporan {number}: {stars}"),
}

ONLY_FILES = T("notice.files", "(lihat berkas terlampir)")
NO_DATE = T("notice.no_date", "belum ditentukan")
LOST_FILES = T("notice.lost_files", "⚠️ {n} berkas tidak dapat kami buka, jadi tidak ikut terkirim.")
UNTAKEN = T(
    "notice.untaken",
    "Pesan untuk pelapor {number} tidak sampai karena ditolak layanan pesan. "
    "Pesan itu tersimpan dan dapat dibaca pelapor lewat Cek status.",
)
UNREACHED = T(
    "notice.unreached",
    "Pesan untuk pelapor {number} tidak sampai: pelapor memblokir bot atau akunnya tidak aktif. "
    "Pesan itu tetap tersimpan dan dapat dibaca pelapor saat membuka bot lagi.",
)


def of(desk: Desk, move: Move, before: Ticket, after: Ticket, entry: Entry) -> tuple[Letter, ...]:
    """The letters that this move sends."""
    letters = []
    for party in move.tells:
        text = NOTICES[(move.action, party)](**_values(desk, before, after, entry))
        if party is Party.REPORTER:
            letters.append(_to_reporter(desk, move, after, entry, text))
        elif (letter := to_holder(desk, after, text)) is not None:
            letters.append(replace(letter, files=tuple(entry.data.get("files", ()))))
    return tuple(letters)


def _values(desk: Desk, before: Ticket, after: Ticket, entry: Entry) -> dict[str, Words | float]:
    data = entry.data
    due = after.due_at
    stars = int(data.get("stars", 0))
    rated: Words = "★" * stars + "☆" * (5 - stars)
    comment = str(data.get("text", ""))
    return {
        "number": after.number,
        "agency": agency_name(desk, after.agency),
        "before": agency_name(desk, before.agency),
        "due": T("date", "{day}", day=local(desk, after.agency, due)) if due else NO_DATE,
        "text": comment or ONLY_FILES,
        "reason": ARCHIVE_REASONS.get(comment, comment),
        "officer": desk.name(int(data["officer"])) if "officer" in data else "",
        "stars": Lines((rated, f"“{comment}”" if comment else "")),
    }


def _to_reporter(desk: Desk, move: Move, ticket: Ticket, entry: Entry, text: Words) -> Letter:
    letter = Letter(
        ticket.reporter,
        text,
        files=tuple(entry.data.get("files", ())),
        part=Part.NOTICE,
        priority=Priority.STATUS,
        ticket=ticket.id,
    )
    if entry.role in (Role.OFFICER, Role.COORDINATOR) and "draft" in entry.data:
        letter = replace(letter, draft=int(entry.data["draft"]), delay=desk.undo_for)
    if move.action not in ("answer", "resolve"):
        return letter
    choices = (Choice(f"t:{ticket.id}:confirm", YES), Choice(f"t:{ticket.id}:dispute", NO))
    return replace(letter, text=Lines((text, DONE_QUESTION), "\n\n"), choices=choices)


def to_holder(desk: Desk, ticket: Ticket, text: Words) -> Letter | None:
    """A notice to the chat that answers for the ticket now; nothing where no chat is bound."""
    room = desk.room_of(ticket.agency)
    if room is None:
        return None
    return Letter(room.id, text, part=Part.NOTICE, priority=Priority.STATUS, ticket=ticket.id)
