"""The officer's card: one message a ticket in the agency's chat, edited to the latest state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.desk import Arrival, Contact, Desk, Ticket
from handlers.labels import ACTIONS, PRIVACY, TYPES, agency_name, category_name, local, place_words, short, state_of
from handlers.notices import NO_DATE, duty_brief, holders
from handlers.rules.routing import route, suggest
from handlers.rules.ticket import AT_COORDINATOR, CLOSED, Clock, Role, move_for, moves_for
from handlers.rules.workdays import working_days_left
from handlers.words import Brief, Choice, Letter, Lines, Part, Priority, T, Text, Words

STORY_ON_CARD = 1500
SUGGESTED = 3
EDIT_DELAY = timedelta(seconds=1)
# Sent, arrived and read follow each other within moments: one change of the card is enough.
TOLD_DELAY = timedelta(seconds=15)
ARRIVALS: dict[Arrival, Text] = {
    Arrival.DELIVERED: T("card.arrival", "Kabar terakhir: sudah sampai ke pelapor"),
    Arrival.READ: T("card.arrival", "Kabar terakhir: sudah dibaca pelapor"),
    Arrival.FAILED: T("card.arrival", "Kabar terakhir: tidak sampai ke pelapor"),
}

HIDDEN = T("card.anonymous", "identitas tidak dibuka")
KNOWN = T("card.known", "dihubungi lewat bot ini")
HOW = T("card.how", "Balas pesan ini untuk menjawab pelapor, atau pilih:")
CHOOSE = T("card.choose", "Pilih tindakan:")
BACK = T("card.back", "↩️ Laporan {number} kembali kepada Anda.")
NEWS_OF = T("card.news_of", "📌 {number}")
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
    buttons = _buttons(desk, ticket)
    how = (HOW if move_for("answer", ticket.state, role_at(desk, ticket.agency)) else CHOOSE) if buttons else ""
    return _letter(desk, ticket, room, Lines((facts_of(desk, ticket), how), "\n\n"), buttons)


def _buttons(desk: Desk, ticket: Ticket) -> tuple[Choice, ...]:
    moves = moves_for(ticket.state, role_at(desk, ticket.agency))
    made = tuple(Choice(f"t:{ticket.id}:{move.action}", ACTIONS[move.action]) for move in moves if move.button)
    return suggested(desk, ticket) + made


def status(desk: Desk, ticket: Ticket, room: Contact) -> Letter:
    """The change of a ticket for a chat whose messages cannot be edited: its state in short, and what can be done."""
    here = desk.agency_of(room.id) == ticket.agency
    lines = (NEWS_OF(number=ticket.number), *_standing(desk, ticket))
    text: Words = Lines(tuple(line for line in lines if line))
    if not here:
        text = MOVED(number=ticket.number, agency=agency_name(desk, ticket.agency))
    return Letter(
        room.id,
        text,
        choices=_buttons(desk, ticket) if here else (),
        part=Part.NOTICE,
        priority=Priority.STATUS,
        ticket=ticket.id,
        key=f"status:{ticket.id}",
        brief=duty_brief(room, ticket),
    )


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
    return tuple(Choice(f"t:{ticket.id}:to:{a.code}", a.label) for a in found[:SUGGESTED])


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
        brief=None if room.group else _brief(desk, ticket),
    )


def _brief(desk: Desk, ticket: Ticket) -> Brief:
    """That a ticket has come, for an officer who has not written for a day; the card follows."""
    due = ticket.due_at
    values: dict[str, Words] = {
        "agency": agency_name(desk, ticket.agency),
        "number": ticket.number,
        "category": category_name(desk, ticket.category),
        "due": T("date", "{day}", day=local(desk, ticket.agency, due)) if due else NO_DATE,
    }
    return Brief("card", values, {"open": f"t:{ticket.id}:open"}, gathers=True)


def facts_of(desk: Desk, ticket: Ticket) -> Words:
    """Everything an officer needs to know of a ticket, and nothing that tells who the reporter is."""
    files = len(desk.attachments(ticket.id))
    state, due, officer, rating = _standing(desk, ticket)
    head = (
        T("card.number", "📥 {number}", number=ticket.number),
        state,
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
        T(
            "card.reporter",
            "Pelapor: {who} · {privacy}",
            who=HIDDEN if ticket.anonymous else KNOWN,
            privacy=PRIVACY[(ticket.anonymous, ticket.secret)],
        ),
        officer,
        T("card.files", "Lampiran: {n}", n=files) if files else "",
        rating,
        _arrival(desk, ticket),
    )
    story = ticket.story
    if len(story) > STORY_ON_CARD:
        story = story[:STORY_ON_CARD].rsplit(" ", 1)[0] + " …"
    return Lines((Lines(tuple(part for part in head if part)), story), "\n\n")


def _standing(desk: Desk, ticket: Ticket) -> tuple[Words, Words, Words, Words]:
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


def refreshed(desk: Desk, before: Ticket, after: Ticket, quietly: bool = False) -> tuple[Letter, ...]:
    """The cards that a change touches: edited in the groups that have one, told in short in an officer's own chat,
    new in the chats that now hold the ticket. `quietly`: what a colleague did is no reason to call anybody."""
    carded = desk.carded(after.id)
    moved = before.agency != after.agency
    letters: list[Letter] = []
    for holder in holders(desk, after):
        if holder.id not in carded or (moved and not holder.group):
            letters.extend(first(desk, after, holder))
        elif moved:
            letters.append(_back(holder, after))
    again = {letter.to for letter in letters if letter.part is Part.CARD}
    # Whoever gave the ticket away hears where it went, and no more of what becomes of it.
    rooms = [room for room in carded if desk.agency_of(room) in (before.agency, after.agency) and room not in again]
    # What a short status would not show, such as a new attachment, is told by its own notice.
    quiet = not moved and _standing(desk, before) == _standing(desk, after)
    changed = (_changed(desk, after, room) for room in map(desk.contact, rooms) if room.group or not quiet)
    calls = moved or not quietly
    told = (each if calls or each.part is Part.CARD else replace(each, brief=None) for each in changed)
    return (*told, *letters)


def as_one(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """In an officer's own chat what happened and how the ticket stands now are one message, with what can be done."""
    standing = {each.to: each for each in letters if each.key.startswith("status:")}
    told = [each for each in letters if each.to in standing and each.part is Part.NOTICE and not each.key]
    said = {each.to: each for each in told}
    whole = {to: replace(each, **_below(each, standing[to])) for to, each in said.items()}
    kept = (whole[each.to] if each is said.get(each.to) else each for each in letters)
    return tuple(each for each in kept if each is not standing.get(each.to) or each.to not in whole)


def _below(letter: Letter, status: Letter) -> dict[str, Any]:
    return {"text": Lines((letter.text, status.text), "\n\n"), "choices": status.choices}


def _changed(desk: Desk, ticket: Ticket, room: Contact) -> Letter:
    if room.group:
        return replace(card(desk, ticket, room), delay=EDIT_DELAY)
    # A card that has not left yet gives way to one with the newest facts.
    return card(desk, ticket, room) if desk.waits(room.id, f"card:{ticket.id}") else status(desk, ticket, room)


def _back(holder: Contact, ticket: Ticket) -> Letter:
    text = BACK(number=ticket.number)
    return Letter(holder.id, text, part=Part.NOTICE, priority=Priority.STATUS, ticket=ticket.id)


def told(desk: Desk, ticket: Ticket) -> tuple[Letter, ...]:
    """The cards of a ticket when it is known how far a message to its reporter came; nobody is pushed for that."""
    rooms = (room for room in desk.carded(ticket.id) if desk.agency_of(room) == ticket.agency)
    groups = [room for room in map(desk.contact, rooms) if room.group]
    # A card that waits already, which may be the first, is not put off any longer.
    waits = {room.id for room in groups if desk.waits(room.id, f"card:{ticket.id}")}
    delays = {room.id: EDIT_DELAY if room.id in waits else TOLD_DELAY for room in groups}
    return tuple(replace(card(desk, ticket, room), delay=delays[room.id]) for room in groups)


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
