"""The words for states, types and moves, as the office says them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.desk import Desk, Ticket
from handlers.rules.ticket import Clock, State
from handlers.words import Lines, T, Text, Words

STATES: dict[State, Text] = {
    State.RECEIVED: T("state", "Diterima, menunggu verifikasi"),
    State.VERIFIED: T("state", "Terverifikasi, menunggu disposisi"),
    State.NEEDS_INFO: T("state", "Menunggu kelengkapan dari pelapor"),
    State.FORWARDED: T("state", "Terdisposisi ke {agency}"),
    State.RETURNED: T("state", "Dikembalikan, menunggu instansi yang berwenang"),
    State.IN_PROGRESS: T("state", "Sedang diproses oleh {agency}"),
    State.RESPONDED: T("state", "Ditindaklanjuti oleh {agency}"),
    State.REPORTER_REPLIED: T("state", "Ditanggapi oleh pelapor"),
    State.RESOLVED: T("state", "Selesai"),
    State.REOPENED: T("state", "Dibuka kembali"),
    State.MERGED: T("state", "Digabung, ditangani oleh {agency}"),
    State.ARCHIVED: T("state", "Diarsipkan"),
}

TYPES: dict[str, Text] = {
    "complaint": T("type", "Pengaduan"),
    "aspiration": T("type", "Aspirasi"),
    "information_request": T("type", "Permintaan informasi"),
}

ACTIONS: dict[str, Text] = {
    "claim": T("action", "Ambil"),
    "answer": T("action", "Jawab"),
    "ask": T("action", "Minta data"),
    "resolve": T("action", "Selesaikan"),
    "verify": T("action", "Verifikasi"),
    "extend": T("action", "Perpanjang"),
    "classify": T("action", "Golongkan"),
    "recategorise": T("action", "Ubah topik"),
    "involve": T("action", "Libatkan instansi"),
    "contribute": T("action", "Beri masukan"),
    "merge": T("action", "Gabungkan"),
    "forward": T("action", "Teruskan"),
    "transfer": T("action", "Teruskan"),
    "return": T("action", "Bukan wewenang"),
    "assign": T("action", "Tugaskan"),
    "release": T("action", "Lepaskan"),
    "archive": T("action", "Arsipkan"),
    "note": T("action", "Catatan internal"),
    "undo": T("action", "Urungkan"),
}

ARCHIVE_REASONS: dict[str, Text] = {
    "duplicate": T("archive", "Laporan ganda"),
    "spam": T("archive", "Bukan laporan sungguhan"),
    "abusive": T("archive", "Berisi kata kasar"),
    "outside": T("archive", "Bukan urusan pemerintah"),
    "private": T("archive", "Masalah pribadi"),
    "court": T("archive", "Sedang di pengadilan"),
    "general": T("archive", "Laporan terlalu umum"),
    "withdrawn": T("archive", "Ditarik oleh pelapor"),
    "test": T("archive", "Laporan percobaan"),
}
# Reasons that nobody chooses: the clock, or the reporter's own word.
OTHER_REASONS: dict[str, Text] = {
    "incomplete": T("archive", "Keterangan tidak dilengkapi"),
    "withdrawn_in_time": T("archive", "Dibatalkan pelapor sebelum diteruskan"),
}

CLASSES: dict[str, Text] = {
    "non_supervisory": T("class", "Tidak berkadar pengawasan"),
    "supervisory": T("class", "Berkadar pengawasan"),
}

STEPS: dict[Clock, Text] = {
    Clock.VERIFICATION: T("step", "verifikasi"),
    Clock.REDISPOSITION: T("step", "disposisi"),
    Clock.FOLLOW_UP: T("step", "tindak lanjut pertama"),
    Clock.HANDLING: T("step", "penanganan"),
    Clock.COMPLETION: T("step", "kelengkapan dari pelapor"),
    Clock.REPORTER: T("step", "tanggapan pelapor"),
}

SOURCES: dict[str, Text] = {
    "counter": T("source", "Loket"),
    "letter": T("source", "Surat"),
    "phone": T("source", "Telepon"),
    "social": T("source", "Media sosial"),
    "other": T("source", "Lainnya"),
}

PRIVACY: dict[tuple[bool, bool], Text] = {
    (False, False): T("privacy", "Biasa"),
    (True, False): T("privacy", "Anonim"),
    (False, True): T("privacy", "Rahasia"),
    (True, True): T("privacy", "Anonim dan rahasia"),
}


def agency_name(desk: Desk, code: str) -> str:
    """The name of an agency; its code where the facts no longer hold it."""
    agency = desk.facts.agency_by_code.get(code)
    return agency.name if agency else code


def holder_name(desk: Desk, ticket: Ticket) -> Words:
    """The agency that holds a ticket, and for whom where it stands in."""
    name = agency_name(desk, ticket.agency)
    if not ticket.meant:
        return name
    return T("label.stands_in", "{agency} (mewakili {meant})", agency=name, meant=agency_name(desk, ticket.meant))


def state_of(desk: Desk, ticket: Ticket) -> Words:
    """The state in words, with the agency that holds the ticket."""
    return STATES[ticket.state](agency=holder_name(desk, ticket))


def category_name(desk: Desk, code: str) -> Words:
    """The category with the one above it."""
    names = [desk.facts.category_by_code[each].name for each in reversed(desk.facts.category_line(code))]
    return " › ".join(names) if names else T("category", "Belum ditentukan")


def local(desk: Desk, agency: str, instant: datetime) -> date:
    """The day of an instant in the agency's zone."""
    known = desk.facts.agency_by_code.get(agency) or desk.facts.coordinator
    return instant.astimezone(ZoneInfo(known.zone if known else "Asia/Jakarta")).date()


def place_words(place: object) -> Words:
    """A place as it was given, words or the point with its degrees, and the names of its area where it is known."""
    given = place if isinstance(place, Mapping) else {}
    text, words, lat, lon = given.get("text", ""), given.get("words", ""), given.get("lat"), given.get("lon")
    if lat is None or lon is None:
        # What somebody wrote out is not said to them twice.
        rest = ", ".join(part for part in str(words).split(", ") if part.casefold() not in str(text).casefold())
        return f"{text} ({rest})" if rest else str(text)
    point = T("place", "titik peta {lat}, {lon}", lat=f"{lat:.5f}", lon=f"{lon:.5f}")
    pin = Lines((point, str(words)), ", ")
    return T("place", "{text} ({pin})", text=text, pin=pin) if text else pin


def short(text: str, most: int) -> str:
    """The text on one line, cut at a word where it is longer than `most`."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
