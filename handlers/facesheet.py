"""What an officer reads of a ticket: its facts, its deadlines, and nothing that tells who the reporter is."""

from __future__ import annotations

from handlers import timing, untold
from handlers.desk import Arrival, Desk, Ticket
from handlers.labels import (
    CLASSES,
    PRIVACY,
    SOURCES,
    TYPES,
    agency_name,
    category_name,
    local,
    place_words,
    short,
    state_of,
)
from handlers.rules.ticket import CLOSED, HELD, Clock, Term
from handlers.rules.workdays import working_days_left
from handlers.words import Lines, T, Text, Words

STORY_ON_CARD = 1500
ARRIVALS: dict[Arrival, Text] = {
    Arrival.DELIVERED: T("card.arrival", "Kabar terakhir: sudah sampai ke pelapor"),
    Arrival.READ: T("card.arrival", "Kabar terakhir: sudah dibaca pelapor"),
    Arrival.FAILED: T("card.arrival", "Kabar terakhir: tidak sampai ke pelapor"),
}

DANGER = T("card.danger", "🚨 Ceritanya menyebut bahaya; nomor darurat sudah ditunjukkan kepada pelapor.")
HIDDEN = T("card.anonymous", "identitas tidak dibuka")
KNOWN = T("card.known", "dihubungi lewat bot ini")


def facts_of(desk: Desk, ticket: Ticket) -> Words:
    """Everything an officer needs to know of a ticket, and nothing that tells who the reporter is."""
    files = len(desk.attachments(ticket.id))
    state, due, officer, rating = standing(desk, ticket)
    head = (
        T("card.number", "📥 {number}", number=ticket.number),
        T("card.sp4n", "SP4N: {id}", id=ticket.sp4n_id) if ticket.sp4n_id else "",
        state,
        DANGER if ticket.guesses.get("danger") else "",
        _joined(desk, ticket),
        _class(ticket),
        T(
            "card.type",
            "Jenis: {type} · {category}",
            type=TYPES[ticket.report_type],
            category=category_name(desk, ticket.category),
        ),
        T("card.place", "Lokasi: {place}", place=place_words(dict(ticket.place))),
        _map(ticket),
        T("card.day", "Kejadian: {day}", day=ticket.happened),
        due,
        _first(desk, ticket),
        _rests(desk, ticket),
        _source(ticket),
        T(
            "card.reporter",
            "Pelapor: {who} · {privacy}",
            who=untold.NEVER if untold.untold(desk, ticket) else HIDDEN if ticket.anonymous else KNOWN,
            privacy=PRIVACY[(ticket.anonymous, ticket.secret)],
        ),
        officer,
        T("card.files", "Lampiran: {n}", n=files) if files else "",
        _partners(desk, ticket),
        rating,
        _arrival(desk, ticket),
    )
    story = ticket.story
    if len(story) > STORY_ON_CARD:
        story = story[:STORY_ON_CARD].rsplit(" ", 1)[0] + " …"
    return Lines((Lines(tuple(part for part in head if part)), story), "\n\n")


def standing(desk: Desk, ticket: Ticket) -> tuple[Words, Words, Words, Words]:
    """How a ticket stands: its state, its deadline, who has it, and what the reporter thought of it."""
    return (
        T("card.state", "Status: {state}", state=state_of(desk, ticket)),
        _due(desk, ticket),
        T("card.officer", "Petugas: {name}", name=desk.name(ticket.officer)) if ticket.officer else "",
        T("card.rating", "Penilaian: {stars}", stars="★" * ticket.rating) if ticket.rating else "",
    )


def _arrival(desk: Desk, ticket: Ticket) -> Words:
    """How far the last message to the reporter came, where the platform tells."""
    arrival = desk.arrival(ticket)
    return ARRIVALS.get(arrival, "") if arrival else ""


def _map(ticket: Ticket) -> Words:
    lat, lon = ticket.place.get("lat"), ticket.place.get("lon")
    if lat is None or lon is None:
        return ""
    return f"https://osm.org/?mlat={lat:.5f}&mlon={lon:.5f}"


def _joined(desk: Desk, ticket: Ticket) -> Words:
    """The report in which a merged one is handled."""
    lead = desk.ticket(ticket.merged_into) if ticket.merged_into is not None else None
    return T("card.joined", "Ditangani bersama {number}", number=lead.number) if lead else ""


def _class(ticket: Ticket) -> Words:
    return T("card.class", "Golongan: {klass}", klass=CLASSES[ticket.klass]) if ticket.klass in CLASSES else ""


def _source(ticket: Ticket) -> Words:
    """Where a report came from that nobody wrote in a chat, and when it was received there."""
    if ticket.source not in SOURCES or ticket.received_on is None:
        return ""
    return T("card.source", "Sumber: {way}, diterima {day}", way=SOURCES[ticket.source], day=ticket.received_on)


def _partners(desk: Desk, ticket: Ticket) -> Words:
    names = ", ".join(agency_name(desk, code) for code in desk.partners(ticket.id))
    return T("card.partners", "Dibantu: {names}", names=names) if names else ""


def _due(desk: Desk, ticket: Ticket) -> Words:
    due = timing.deadline_of(ticket)
    if due is None or ticket.state in CLOSED:
        return ""
    left = working_days_left(desk.now, due, timing.calendar(desk, ticket))
    day = local(desk, ticket.agency, due)
    if ticket.clock in (Clock.REPORTER, Clock.COMPLETION):
        return T("card.reporter_due", "Batas tanggapan pelapor: {day}", day=day)
    if left < 0:
        return T("card.overdue", "🔴 Batas: {day} (terlambat {n} hari kerja)", day=day, n=-left)
    return T("card.due", "Batas: {day} ({n} hari kerja lagi)", day=day, n=left)


def _first(desk: Desk, ticket: Ticket) -> Words:
    """The deadline of the first follow-up, beside that of the whole handling."""
    run = ticket.run(Clock.FOLLOW_UP)
    if run is None or ticket.run(Clock.HANDLING) is None:
        return ""
    return T("card.first", "Tindak lanjut pertama: {day}", day=local(desk, ticket.agency, run.due))


def _rests(desk: Desk, ticket: Ticket) -> Words:
    """That the agency's clock waits for the reporter, since when, and for how long at most."""
    run = next((run for run in ticket.runs if run.rests), None)
    if run is None or run.rests is None:
        return ""
    left = max(0, timing.days(desk, ticket, Term.PAUSE_CAP) - run.rested)
    since = local(desk, ticket.agency, run.rests)
    return T(
        "card.rests", "⏸ Hitungan batas penanganan berhenti sejak {day}, paling lama {n} hari kerja", day=since, n=left
    )


def line(desk: Desk, ticket: Ticket) -> Words:
    """A ticket on one line of a list."""
    text = T(
        "card.line",
        "{number} · {title} · {state}",
        number=ticket.number,
        title=short(ticket.title, 40),
        state=state_of(desk, ticket),
    )
    if ticket.due_at is None:
        return text
    day = local(desk, ticket.agency, ticket.due_at)
    if ticket.state in HELD and ticket.due_at < desk.now:
        return T("card.line_late", "🔴 {line} · lewat batas {day}", line=text, day=day)
    return T("card.line_due", "{line} · batas {day}", line=text, day=day)
