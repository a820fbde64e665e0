"""The words for states, types and moves, as the office says them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.desk import Desk, Ticket
from handlers.rules.ticket import State
from handlers.words import T, Text, Words

STATES: dict[State, Text] = {
    State.RECEIVED: T("state", "Diterima, menunggu verifikasi"),
    State.NEEDS_INFO: T("state", "Menunggu kelengkapan dari pelapor"),
    State.FORWARDED: T("state", "Terdisposisi ke {agency}"),
    State.RETURNED: T("state", "Dikembalikan, menunggu instansi yang berwenang"),
    State.IN_PROGRESS: T("state", "Sedang diproses oleh {agency}"),
    State.RESPONDED: T("state", "Ditindaklanjuti oleh {agency}"),
    State.REPORTER_REPLIED: T("state", "Ditanggapi oleh pelapor"),
    State.RESOLVED: T("state", "Selesai"),
    State.REOPENED: T("state", "Dibuka kembali"),
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


def state_of(desk: Desk, ticket: Ticket) -> Words:
    """The state in words, with the agency that holds the ticket."""
    return STATES[ticket.state](agency=agency_name(desk, ticket.agency))


def category_name(desk: Desk, code: str) -> Words:
    """The category with the one above it."""
    names = [desk.facts.category_by_code[each].name for each in reversed(desk.facts.category_line(code))]
    return " › ".join(names) if names else T("category", "Belum ditentukan")


def local(desk: Desk, agency: str, instant: datetime) -> date:
    """The day of an instant in the agency's zone."""
    known = desk.facts.agency_by_code.get(agency) or desk.facts.coordinator
    return instant.astimezone(ZoneInfo(known.zone if known else "Asia/Jakarta")).date()


def place_words(place: object) -> Words:
    """A place as it was given: words, or the point with its degrees."""
    given = place if isinstance(place, dict) else {}
    text, lat, lon = given.get("text", ""), given.get("lat"), given.get("lon")
    if lat is None or lon is None:
        return str(text)
    pin = T("place", "titik peta {lat}, {lon}", lat=f"{lat:.5f}", lon=f"{lon:.5f}")
    return T("place", "{text} ({pin})", text=text, pin=pin) if text else pin


def short(text: str, most: int) -> str:
    """The text on one line, cut at a word where it is longer than `most`."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
