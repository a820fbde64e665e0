"""The officer's card: one message a ticket in the agency's chat, edited to the latest state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers import timing
from handlers.desk import Contact, Desk, Ticket, is_of_disaster
from handlers.facesheet import STORY_ON_CARD, facts_of, standing
from handlers.labels import agency_name, category_name, local
from handlers.notices import NO_DATE, duty_brief, holders
from handlers.offers import choices
from handlers.rules.ticket import Role, move_for
from handlers.tree import helps, role_over
from handlers.words import Brief, Choice, Letter, Lines, Part, Priority, T, Words

EDIT_DELAY = timedelta(seconds=1)
# Sent, arrived and read follow each other within moments: one change of the card is enough.
TOLD_DELAY = timedelta(seconds=15)
HOW = T("card.how", "Balas pesan ini untuk menjawab pelapor, atau pilih:")
CHOOSE = T("card.choose", "Pilih tindakan:")
BACK = T("card.back", "↩️ Laporan {number} kembali kepada Anda.")
NEWS_OF = T("card.news_of", "📌 {number}")
HELPS = T(
    "card.helps", "Instansi Anda membantu; yang menjawab pelapor: {agency}. Balas pesan ini untuk memberi masukan."
)
MOVED = T("card.moved", "📤 {number}\nLaporan ini sekarang ditangani {agency}.")


def card(desk: Desk, ticket: Ticket, room: Contact) -> Letter:
    """The ticket's card for one chat: with facts and buttons where the chat holds it or helps, else where it went."""
    here = desk.agency_of(room.id)
    role = Role.PARTNER if helps(desk, here, ticket) else role_over(desk, here, ticket)
    if here != ticket.agency and role is not Role.PARTNER:
        text: Words = MOVED(number=ticket.number, agency=agency_name(desk, ticket.agency))
        return _letter(desk, ticket, room, text, ())
    buttons = choices(desk, ticket, here)
    return _letter(
        desk, ticket, room, Lines((facts_of(desk, ticket), _how(desk, ticket, role, buttons)), "\n\n"), buttons
    )


def _how(desk: Desk, ticket: Ticket, role: Role | None, buttons: tuple[Choice, ...]) -> Words:
    if role is Role.PARTNER:
        return HELPS(agency=agency_name(desk, ticket.agency))
    if not buttons or role is None:
        return ""
    return HOW if move_for("answer", ticket.state, role) else CHOOSE


def status(desk: Desk, ticket: Ticket, room: Contact) -> Letter:
    """The change of a ticket for a chat whose messages cannot be edited: its state in short, and what can be done."""
    here = desk.agency_of(room.id)
    holds = here == ticket.agency
    lines = (NEWS_OF(number=ticket.number), *standing(desk, ticket))
    text: Words = Lines(tuple(line for line in lines if line))
    if not holds:
        text = MOVED(number=ticket.number, agency=agency_name(desk, ticket.agency))
    return Letter(
        room.id,
        text,
        choices=choices(desk, ticket, here) if holds else (),
        part=Part.NOTICE,
        priority=Priority.STATUS,
        ticket=ticket.id,
        key=f"status:{ticket.id}",
        brief=duty_brief(room, ticket),
    )


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
    due = timing.deadline_of(ticket)
    values: dict[str, Words] = {
        "agency": agency_name(desk, ticket.agency),
        "number": ticket.number,
        "category": category_name(desk, ticket.category),
        "due": T("date", "{day}", day=local(desk, ticket.agency, due)) if due else NO_DATE,
    }
    return Brief("card", values, {"open": f"t:{ticket.id}:open"}, gathers=True)


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


def refreshed(
    desk: Desk, before: Ticket, after: Ticket, quietly: bool = False, by_itself: bool = False
) -> tuple[Letter, ...]:
    """The cards that a change touches: edited in the groups that have one, told in short in an officer's own chat,
    new in the chats that now hold the ticket. `quietly`: what a colleague did is no reason to call anybody.
    `by_itself`: what the program does brings no card of a report that its agency reads of together with others."""
    carded = desk.carded(after.id)
    moved = before.agency != after.agency
    letters: list[Letter] = []
    for holder in () if by_itself and is_of_disaster(after) else holders(desk, after):
        if holder.id not in carded or (moved and not holder.group):
            letters.extend(first(desk, after, holder))
        elif moved:
            letters.append(_back(holder, after))
    again = {letter.to for letter in letters if letter.part is Part.CARD}
    # Whoever gave the ticket away hears where it went, and no more of what becomes of it.
    near = (before.agency, after.agency, *desk.partners(after.id))
    rooms = [room for room in carded if desk.agency_of(room) in near and room not in again]
    # What a short status would not show, such as a new attachment, is told by its own notice.
    quiet = not moved and standing(desk, before) == standing(desk, after)
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
