"""The officer's card: one message a ticket in the agency's chat, edited to the latest state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.desk import Contact, Desk, Ticket
from handlers.labels import ACTIONS, PRIVACY, TYPES, agency_name, category_name, local, place_words, short, state_of
from handlers.rules.routing import route, suggest
from handlers.rules.ticket import AT_COORDINATOR, CLOSED, Clock, Role, move_for, moves_for
from handlers.rules.workdays import working_days_left
from handlers.words import Choice, Letter, Lines, Part, Priority, T, Words

STORY_ON_CARD = 1500
EDIT_DELAY = timedelta(seconds=1)

HIDDEN = T("card.anonymous", "identitas tidak dibuka")
KNOWN = T("card.known", "dihubungi lewat bot ini")
HOW = T("card.how", "Balas pesan ini untuk menjawab pelapor, atau pilih:")
CHOOSE = T("card.choose", "Pilih tindakan:")
BACK = T("card.back", "↩️ Laporan {number} kembali kepada Anda.")
MOVED = T("card.moved", "📤 {number}\nLaporan ini sekarang ditangani {agency}.")


def role_at(desk: Desk, agency: str) -> Role:
    """The role in which an agency's chat acts."""
    known = desk.facts.agency_by_code.get(agency)
    return Role.COORDINATOR if known and known.kind == "coordinator" else Role.OFFICER


def card(desk: Desk, ticket: Ticket, room: Contact) -> Letter:
    """The ticket's card for one chat: with facts and buttons where the chat holds it, else where it went."""
    if desk.agency_of(room.id) != ticket.agency:
        text: Words = MOVED(number=ticket.number, agency=agency_name(desk, ticket.agency))
        return _letter(desk, ticket, room, text, ())
    buttons = suggested(desk, ticket) + tuple(
        Choice(f"t:{ticket.id}:{move.action}", ACTIONS[move.action])
        for move in moves_for(ticket.state, role_at(desk, ticket.agency))
        if move.button
    )
    how = (HOW if move_for("answer", ticket.state, role_at(desk, ticket.agency)) else CHOOSE) if buttons else ""
    return _letter(desk, ticket, room, Lines((facts_of(desk, ticket), how), "\n\n"), buttons)


def suggested(desk: Desk, ticket: Ticket) -> tuple[Choice, ...]:
    """For the coordinator: the agencies to which the words of a ticket point, but for those that returned it."""
    facts = desk.facts
    if ticket.state not in AT_COORDINATOR:
        return ()
    refused = {entry.data.get("from") for entry in desk.history(ticket.id) if entry.action == "return"}
    named = (ticket.category,) if ticket.category else ()
    rules = (
        route(facts.routes, facts.category_line(code), facts.area_line(ticket.area))
        for code in (*named, *suggest(ticket.story, facts.keywords))
    )
    codes = dict.fromkeys(rule.agency for rule in rules if rule and rule.agency not in refused)
    found = [facts.agency_by_code[code] for code in codes if code in facts.agency_by_code]
    return tuple(Choice(f"t:{ticket.id}:to:{a.code}", a.label) for a in found[:3])


def _letter(desk: Desk, ticket: Ticket, room: Contact, text: Words, choices: tuple[Choice, ...]) -> Letter:
    return Letter(
        room.id,
        text,
        choices=choices,
        part=Part.CARD,
        priority=Priority.STATUS,
        ticket=ticket.id,
        key=f"card:{ticket.id}",
        thread=T(
            "card.thread", "{number} · {category}", number=ticket.number, category=category_name(desk, ticket.category)
        ),
    )


def facts_of(desk: Desk, ticket: Ticket) -> Words:
    """Everything an officer needs to know of a ticket, and nothing that tells who the reporter is."""
    files = len(desk.attachments(ticket.id))
    head = (
        T("card.number", "📥 {number}", number=ticket.number),
        T("card.state", "Status: {state}", state=state_of(desk, ticket)),
        T(
            "card.type",
            "Jenis: {type} · {category}",
            type=TYPES[ticket.report_type],
            category=category_name(desk, ticket.category),
        ),
        T("card.place", "Lokasi: {place}", place=place_words(dict(ticket.place))),
        _map(ticket),
        T("card.day", "Kejadian: {day}", day=ticket.happened),
        _due(desk, ticket),
        T(
            "card.reporter",
            "Pelapor: {who} · {privacy}",
            who=HIDDEN if ticket.anonymous else KNOWN,
            privacy=PRIVACY[(ticket.anonymous, ticket.secret)],
        ),
        T("card.officer", "Petugas: {name}", name=desk.name(ticket.officer)) if ticket.officer else "",
        T("card.files", "Lampiran: {n}", n=files) if files else "",
        T("card.rating", "Penilaian: {stars}", stars="★" * ticket.rating) if ticket.rating else "",
    )
    story = ticket.story
    if len(story) > STORY_ON_CARD:
        story = story[:STORY_ON_CARD].rsplit(" ", 1)[0] + " …"
    return Lines((Lines(tuple(part for part in head if part)), story), "\n\n")


def _map(ticket: Ticket) -> Words:
    lat, lon = ticket.place.get("lat"), ticket.place.get("lon")
    if lat is None or lon is None:
        return ""
    return f"https://osm.org/?mlat={lat:.5f}&mlon={lon:.5f}"


def _due(desk: Desk, ticket: Ticket) -> Words:
    if ticket.due_at is None or ticket.state in CLOSED:
        return ""
    agency = desk.facts.agency_by_code.get(ticket.agency)
    left = working_days_left(desk.now, ticket.due_at, desk.facts.calendar(agency.zone if agency else "Asia/Jakarta"))
    day = local(desk, ticket.agency, ticket.due_at)
    if ticket.clock in (Clock.REPORTER, Clock.COMPLETION):
        return T("card.reporter_due", "Batas tanggapan pelapor: {day}", day=day)
    if left < 0:
        return T("card.overdue", "🔴 Batas: {day} (terlambat {n} hari kerja)", day=day, n=-left)
    return T("card.due", "Batas: {day} ({n} hari kerja lagi)", day=day, n=left)


def first(desk: Desk, ticket: Ticket, room: Contact) -> tuple[Letter, ...]:
    """What a chat gets when a ticket comes to it: the card, the whole story where the card is too short, the files."""
    letters = [card(desk, ticket, room)]
    about = Letter(room.id, "", part=Part.FILES, priority=Priority.STATUS, ticket=ticket.id)
    if len(ticket.story) > STORY_ON_CARD:
        letters.append(replace(about, part=Part.NOTICE, text=ticket.story))
    files = tuple(each.id for each in desk.attachments(ticket.id))
    if files:
        text = T("card.attached", "Lampiran laporan {number}", number=ticket.number)
        letters.append(replace(about, text=text, files=files))
    return tuple(letters)


def refreshed(desk: Desk, before: Ticket, after: Ticket) -> tuple[Letter, ...]:
    """The cards that a change touches: edited in the chats that have one, new in the chat that now holds the ticket."""
    carded = desk.carded(after.id)
    letters = [replace(card(desk, after, desk.contact(room)), delay=EDIT_DELAY) for room in carded]
    holder = desk.room_of(after.agency)
    if holder and holder.id not in carded:
        letters.extend(first(desk, after, holder))
    elif holder and before.agency != after.agency:
        about = Letter(
            holder.id, BACK(number=after.number), part=Part.NOTICE, priority=Priority.STATUS, ticket=after.id
        )
        letters.append(about)
    return tuple(letters)


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
    return T("card.line_due", "{line} · batas {day}", line=text, day=local(desk, ticket.agency, ticket.due_at))
