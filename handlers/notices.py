"""Whom a move tells, and what: one row for each action and party of the table of moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import timing
from handlers.desk import Contact, Desk, Entry, Ticket
from handlers.labels import (
    ARCHIVE_REASONS,
    CLASSES,
    OTHER_REASONS,
    STEPS,
    agency_name,
    category_name,
    holder_name,
    local,
)
from handlers.rules.clocks import ends
from handlers.rules.ticket import Clock, Move, Party, Role, State, Term, move_for
from handlers.words import Brief, Choice, Letter, Lines, Part, Priority, T, Text, Words

DONE_QUESTION = T("notice.question", "Apakah masalah Anda sudah teratasi?")
YES = T("notice.yes", "Sudah teratasi")
NO = T("notice.no", "Belum")
OBJECT = T("notice.object_button", "Keberatan")
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
    ("verify", Party.REPORTER): T(
        "notice.verify",
        "Laporan {number} sudah kami verifikasi. Kami teruskan ke instansi yang tepat paling lambat {due}.",
    ),
    ("extend", Party.REPORTER): T(
        "notice.extend", "Kabar laporan {number} dari {agency}:\n\n“{text}”\n\nRencana selesai: {due}."
    ),
    ("classify", Party.REPORTER): T(
        "notice.classify",
        "Laporan {number} kami golongkan sebagai: {klass}. Karena itu batas waktu penanganannya sekarang {due}.",
    ),
    ("recategorise", Party.REPORTER): T(
        "notice.recategorise",
        "Topik laporan {number} kami ubah menjadi “{topic}”. Karena menyangkut hal yang sensitif, laporan ini sekarang "
        "rahasia: hanya Anda dan petugas yang dapat melihatnya.",
    ),
    ("merge", Party.REPORTER): T(
        "notice.merge",
        "Laporan {number} kami gabungkan dengan laporan lain tentang hal yang sama. Semuanya ditangani {agency}. "
        "Nomor Anda tetap berlaku, dan kabarnya kami kirim ke sini.",
    ),
    ("join", Party.REPORTER): T(
        "notice.join",
        "Dengan laporan {number} Anda ikut memantau laporan serupa yang sudah ditangani {agency}. Nomor dan privasi "
        "laporan ini tetap milik Anda.",
    ),
    ("promise", Party.REPORTER): T(
        "notice.promise",
        "Mohon maaf, {what} laporan {number} kemungkinan melewati batas {end}. {agency} sudah kami ingatkan. "
        "Perkiraan tanggal baru: {new}.",
    ),
    ("escalate", Party.REPORTER): T(
        "notice.escalate",
        "Mohon maaf, {what} laporan {number} melewati batas {end}. "
        "Kami sudah melaporkannya kepada {above} agar {agency} segera menindaklanjuti.",
    ),
    ("close", Party.REPORTER): T(
        "notice.close",
        "Kami belum menerima tanggapan Anda, jadi laporan {number} kami tutup. Bila belum teratasi, pilih Belum "
        "paling lambat {again}.",
    ),
    ("close", Party.HOLDER): T(
        "notice.closed", "Laporan {number} ditutup otomatis: pelapor tidak menjawab. Ini tidak dihitung sebagai puas."
    ),
    ("lapse", Party.REPORTER): T(
        "notice.lapse",
        "Laporan {number} kami arsipkan karena keterangan yang diminta belum kami terima. "
        "Ingin melengkapi, atau tidak setuju? Balas dengan kata keberatan paling lambat {until}.",
    ),
    ("lapse", Party.HOLDER): T(
        "notice.lapsed", "Laporan {number} diarsipkan otomatis: pelapor tidak melengkapi keterangan."
    ),
    ("object", Party.HOLDER): T(
        "notice.object",
        "Pelapor keberatan atas pengarsipan laporan {number}:\n\n“{text}”\n\nMohon diperiksa lagi. Batas: {due}.",
    ),
    ("raise", Party.REPORTER): T(
        "notice.raise",
        "Laporan {number} untuk sementara ditangani {stands_in}, karena {meant} belum dapat dihubungi lewat layanan "
        "ini.",
    ),
    ("lower", Party.REPORTER): T("notice.lower", "Laporan {number} sekarang ditangani {agency}."),
    ("contribute", Party.HOLDER): T("notice.contribute", "Masukan dari {helper} untuk laporan {number}:\n\n“{text}”"),
    ("archive", Party.REPORTER): T(
        "notice.archive",
        "Laporan {number} kami arsipkan. Alasan: {reason}. "
        "Tidak setuju? Balas dengan kata keberatan paling lambat {until}.",
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

FINAL = T(
    "notice.archive_final",
    "Laporan {number} kami arsipkan lagi setelah diperiksa. Alasan: {reason}. "
    "Bila tidak setuju, Anda berhak mengadu ke Ombudsman RI: telepon 137.",
)
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
    for party in () if _says_nothing(move, before, after) else move.tells:
        text = NOTICES[(move.action, party)](**_values(desk, before, after, entry))
        if party is Party.REPORTER:
            letters.append(_to_reporter(desk, move, after, entry, text))
        else:
            files = tuple(entry.data.get("files", ()))
            letters.extend(replace(letter, files=files) for letter in to_holders(desk, after, text))
    return tuple(letters)


def _says_nothing(move: Move, before: Ticket, after: Ticket) -> bool:
    """A class alone is no news: it counts once it sets a deadline; a topic is news where it makes a report secret."""
    if move.action == "recategorise":
        return before.secret or not after.secret
    return move.action == "classify" and after.run(Clock.HANDLING) is None


def _values(desk: Desk, before: Ticket, after: Ticket, entry: Entry) -> dict[str, Words | float]:
    data = entry.data
    stars = int(data.get("stars", 0))
    rated: Words = "★" * stars + "☆" * (5 - stars)
    comment = str(data.get("text", ""))
    return {
        "number": after.number,
        "agency": holder_name(desk, after),
        "before": agency_name(desk, before.agency),
        "due": _day(desk, after, timing.deadline_of(after)),
        "text": comment or ONLY_FILES,
        "reason": reason_of(comment),
        "officer": desk.name(int(data["officer"])) if "officer" in data else "",
        "stars": Lines((rated, f"“{comment}”" if comment else "")),
        **_late(desk, after, data),
        "klass": CLASSES.get(after.klass, after.klass),
        "topic": category_name(desk, after.category),
        "above": agency_name(desk, after.risen),
        "new": _day(desk, after, datetime.fromisoformat(data["promised"])) if "promised" in data else NO_DATE,
        "meant": agency_name(desk, after.meant),
        "stands_in": agency_name(desk, after.agency),
        "helper": agency_name(desk, str(data.get("helper", ""))),
        "until": _day(desk, after, _term(desk, after, Term.OBJECTION)),
        "again": _day(desk, after, _term(desk, after, Term.REOPENING)),
    }


def _late(desk: Desk, ticket: Ticket, data: Mapping[str, Any]) -> dict[str, Words | float]:
    """Which deadline is or will be missed, in words."""
    run = ticket.run(Clock(data["clock"])) if "clock" in data else None
    return {"what": STEPS[run.step], "end": _day(desk, ticket, run.due)} if run else {}


def _day(desk: Desk, ticket: Ticket, instant: datetime | None) -> Words:
    return T("date", "{day}", day=local(desk, ticket.agency, instant)) if instant else NO_DATE


def _term(desk: Desk, ticket: Ticket, term: Term) -> datetime | None:
    """The last day of a term that begins when a ticket is closed."""
    found = timing.rule(desk, ticket, term) if ticket.closed_at else None
    if found is None or ticket.closed_at is None:
        return None
    working = found.unit != "calendar_day"
    return ends(ticket.closed_at, found.days, timing.calendar(desk, ticket), working, ticket.closed_at)


def reason_of(code: str) -> Words:
    """The reason for archiving a ticket in words; what was written freely stays as it is."""
    return ARCHIVE_REASONS.get(code) or OTHER_REASONS.get(code) or code


def _to_reporter(desk: Desk, move: Move, ticket: Ticket, entry: Entry, text: Words) -> Letter:
    if move.action == "archive" and not may_object(desk, ticket):
        text = FINAL(number=ticket.number, reason=reason_of(str(entry.data.get("text", ""))))
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
    if move.action == "close":
        return replace(letter, choices=(Choice(f"t:{ticket.id}:dispute", NO),))
    if move.action in ("archive", "lapse") and may_object(desk, ticket):
        return replace(letter, choices=(Choice(f"t:{ticket.id}:object", OBJECT),))
    if move.action not in ("answer", "resolve"):
        return letter
    choices = (Choice(f"t:{ticket.id}:confirm", YES), Choice(f"t:{ticket.id}:dispute", NO))
    return replace(letter, text=Lines((text, DONE_QUESTION), "\n\n"), choices=choices)


def may_object(desk: Desk, ticket: Ticket) -> bool:
    """Whether the reporter of an archived ticket may still object to that."""
    move = move_for("object", ticket.state, Role.REPORTER)
    return move is not None and timing.open_still(desk, ticket, move)


def to_follower(desk: Desk, move: Move, lead: Ticket, ticket: Ticket, entry: Entry) -> tuple[Letter, ...]:
    """What the reporter of a merged report hears of what was done to the one it was merged into."""
    if _says_nothing(move, ticket, ticket):
        return ()
    if Party.REPORTER in move.tells and move.action != "close":
        text = NOTICES[(move.action, Party.REPORTER)](**_values(desk, lead, ticket, entry))
        return (_to_reporter(desk, move, ticket, entry, text),)
    if ticket.state is not State.RESOLVED:
        return ()
    text = T(
        "notice.finished",
        "Laporan {number} selesai ditangani {agency}.",
        number=ticket.number,
        agency=agency_name(desk, ticket.agency),
    )
    closing = replace(move, action="resolve")
    # The form of an answer would speak of files that there are not.
    brief = _brief(desk, move, ticket, replace(entry, data={}), text)
    return (replace(_to_reporter(desk, closing, ticket, entry, text), files=(), brief=brief),)


def _brief(desk: Desk, move: Move, ticket: Ticket, entry: Entry, text: Words) -> Brief:
    """The notice for a reporter who has not written for a day, where the platform takes approved forms only."""
    kind, said = BRIEFS.get(move.action, ("news", None))
    day = _day(desk, ticket, timing.deadline_of(ticket))
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
