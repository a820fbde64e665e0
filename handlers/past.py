"""A ticket's history in words, for its officers."""

from __future__ import annotations

from handlers import explain, untold
from handlers.desk import Arrival, Desk, Ticket
from handlers.labels import CLASSES, agency_name, category_name, local, short
from handlers.notices import ONLY_FILES, reason_of
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
    "withdraw": T("history", "Dibatalkan oleh pelapor"),
    "verify": T("history", "Diverifikasi oleh {name}"),
    "extend": T("history", "Diperpanjang {days} hari kerja oleh {name}: {text}"),
    "classify": T("history", "Digolongkan oleh {name}: {klass}"),
    "recategorise": T("history", "Topik diubah oleh {name} dari {topic_before} menjadi {topic}"),
    "involve": T("history", "{name} meminta bantuan {other}"),
    "contribute": T("history", "Masukan {helper}: {text}"),
    "handover": T("history", "Diserahterimakan oleh {name} kepada {officer}"),
    "merge": T("history", "Digabungkan oleh {name}"),
    "join": T("history", "Pelapor ikut memantau laporan serupa"),
    "object": T("history", "Keberatan pelapor: {text}"),
    "remind": T("history", "⏰ Pengingat dikirim"),
    "promise": T("history", "Pelapor diberi tahu perkiraan tanggal baru"),
    "escalate": T("history", "Dilaporkan ke {other} karena lewat batas"),
    "close": T("history", "Ditutup otomatis: pelapor tidak menjawab"),
    "lapse": T("history", "Diarsipkan otomatis: keterangan tidak dilengkapi"),
    "recalculate": T("history", "Batas dihitung ulang karena kalender berubah"),
    "raise": T("history", "Naik ke {agency}: {from} belum dapat dihubungi"),
    "lower": T("history", "Kembali ke {agency}"),
    "follow": T("history", "Kabar laporan gabungan disampaikan"),
    "finish": T("history", "Selesai bersama laporan gabungan"),
    "drop": T("history", "Diarsipkan bersama laporan gabungan"),
    "reattach": T("history", "Penutupan laporan gabungan diurungkan"),
    "register": T("history", "Nomor SP4N dicatat"),
    "rate": T("history", "Penilaian pelapor: {stars} {text}"),
}
# What nobody did: the office of whoever had claimed it ended, or their agency could not be reached.
LEFT = T("history", "Kembali ke antrean, menunggu petugas lain")
OF_ITSELF: dict[str, Text] = {"release": LEFT, "handover": LEFT}


ENTERED = T("history", "Dicatat oleh {name}")
APPROVED = T("history", "{said} (disetujui {name})")
DELIVERIES = T("drafts.deliveries", "Pesan ke pelapor: {delivered} terkirim, {waiting} menunggu, {failed} gagal")
ARRIVED = T(
    "past.arrived",
    "Pesan ke pelapor: {delivered} terkirim ({arrived} sampai, {read} dibaca), {waiting} menunggu, {failed} gagal",
)


def told(desk: Desk, ticket: Ticket) -> Words:
    """A ticket's history, a line each, and how far the last messages to the reporter came."""
    lines: list[Words] = [T("past.history", "Riwayat")]
    unheard = untold.untold(desk, ticket)
    # The office's own reminders would bury what was done.
    for entry in (each for each in desk.history(ticket.id) if each.action != "remind"):
        name = desk.name(entry.actor) if entry.actor and entry.role is not Role.REPORTER else ""
        values: dict[str, Words] = {
            "agency": agency_name(desk, entry.agency),
            "name": name,
            "text": _words(entry.action, str(entry.data.get("text", ""))),
            "stars": "★" * int(entry.data.get("stars", 0)),
            "days": str(entry.data.get("days", "")),
            "klass": CLASSES.get(str(entry.data.get("klass", "")), ""),
            "other": agency_name(desk, str(entry.data.get("agency", ""))),
            "helper": agency_name(desk, str(entry.data.get("helper", ""))),
            "topic": category_name(desk, str(entry.data.get("to", ""))),
            "topic_before": category_name(desk, str(entry.data.get("from", ""))),
            "officer": desk.name(int(entry.data["officer"])) if "officer" in entry.data else "",
            "from": agency_name(desk, str(entry.data.get("from", ""))),
        }
        entered = entry.action == "submit" and entry.role is not Role.REPORTER
        verbs = {**VERBS, **OF_ITSELF} if entry.role is Role.SYSTEM else VERBS
        verbs = {**verbs, **untold.VERBS} if unheard else verbs
        said: Words = (ENTERED if entered else verbs[entry.action])(**values)
        if "approved_by" in entry.data:
            said = APPROVED(said=said, name=desk.name(int(entry.data["approved_by"])))
        lines.append(T("past.entry", "• {day}: {said}", day=local(desk, ticket.agency, entry.at), said=said))
    lines.extend((explain.held(desk, ticket), _deliveries(desk, ticket)))
    return Lines(tuple(lines))


def _deliveries(desk: Desk, ticket: Ticket) -> Words:
    if untold.untold(desk, ticket):
        return untold.HISTORY
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
    if not text and action in ("reply", "supply", "answer", "ask", "resolve", "contribute"):
        return ONLY_FILES
    return reason_of(text) if action == "archive" else short(text, 200)
