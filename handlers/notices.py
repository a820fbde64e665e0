"""Whom a move tells, and what: one row for each action and party of the table of moves."""

from __future__ import annotations

from dataclasses import replace

from handlers.desk import Contact, Desk, Entry, Ticket
from handlers.labels import ARCHIVE_REASONS, agency_name, local
from handlers.rules.ticket import Move, Party, Role
from handlers.words import Brief, Choice, Letter, Lines, Part, Priority, T, Text, Words

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

# What a form says of these moves; of all others it says what the notice says.
BRIEFS: dict[str, tuple[str, Text | None]] = {
    "answer": ("answer", None),
    "resolve": ("answer", T("brief.resolve", "{text} (Laporan dinyatakan selesai ditangani.)")),
    "ask": ("question", T("brief.ask", "{text} (Batas waktu: {due})")),
}

BRIEF_FILES = T("brief.files", "{text} (Ada {n} berkas; tekan Lihat laporan untuk membukanya.)")

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
        else:
            files = tuple(entry.data.get("files", ()))
            letters.extend(replace(letter, files=files) for letter in to_holders(desk, after, text))
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
        brief=_brief(desk, move, ticket, entry, text),
    )
    if entry.role in (Role.OFFICER, Role.COORDINATOR) and "draft" in entry.data:
        letter = replace(letter, draft=int(entry.data["draft"]), delay=desk.undo_for)
    if move.action not in ("answer", "resolve"):
        return letter
    choices = (Choice(f"t:{ticket.id}:confirm", YES), Choice(f"t:{ticket.id}:dispute", NO))
    return replace(letter, text=Lines((text, DONE_QUESTION), "\n\n"), choices=choices)


def _brief(desk: Desk, move: Move, ticket: Ticket, entry: Entry, text: Words) -> Brief:
    """The notice for a reporter who has not written for a day, where the platform takes approved forms only."""
    kind, said = BRIEFS.get(move.action, ("news", None))
    due = ticket.due_at
    day: Words = T("date", "{day}", day=local(desk, ticket.agency, due)) if due else NO_DATE
    words: Words = str(entry.data.get("text", "")) or ONLY_FILES
    values: dict[str, Words] = {
        "number": ticket.number,
        "agency": agency_name(desk, ticket.agency),
        "text": said(text=words, due=day) if said else words if kind == "answer" else text,
    }
    if files := len(entry.data.get("files", ())):
        values["text"] = BRIEF_FILES(text=values["text"], n=files)
    taps = {action: f"t:{ticket.id}:{action}" for action in ("open", "confirm", "dispute")}
    return Brief(kind, values, taps, whole=True)


def to_holders(desk: Desk, ticket: Ticket, text: Words) -> tuple[Letter, ...]:
    """A notice to the chats that answer for the ticket now; none where no chat is bound."""
    return tuple(
        Letter(
            room.id,
            text,
            part=Part.NOTICE,
            priority=Priority.STATUS,
            ticket=ticket.id,
            brief=duty_brief(room, ticket),
        )
        for room in holders(desk, ticket)
    )


def holders(desk: Desk, ticket: Ticket) -> list[Contact]:
    """The chats that answer for a ticket now, but for that of its own reporter."""
    kin = desk.kin(ticket.reporter)
    return [room for room in desk.rooms_of(ticket.agency) if room.id not in kin]


def duty_brief(room: Contact, ticket: Ticket) -> Brief | None:
    """That there is news of a ticket, for an officer's own chat; what it is follows once the officer answers."""
    if room.group:
        return None
    return Brief("duty", {"number": ticket.number}, {"open": f"t:{ticket.id}:open"}, gathers=True)
