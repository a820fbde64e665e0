"""What becomes of an officer's reports when the office ends: back into the queue, or to a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import case, standin
from handlers.desk import Desk, Officer, Ticket
from handlers.facesheet import line
from handlers.labels import agency_name
from handlers.rules.ticket import Role, State
from handlers.standin import NEWS
from handlers.words import Brief, Choice, Letter, Lines, Part, Priority, T, Words

SHOWN = 6
MORE = T("leaving.more", "… dan {n} laporan lain. Ketik /tugas untuk daftarnya.")
BACK = T("leaving.back", "{n} laporannya kembali ke antrean. Silakan diambil:")
REMOVED = T("leaving.removed", "{name} tidak lagi bertugas di {agency}.")
EXPIRED = T(
    "leaving.expired",
    "Masa tugas {name} di {agency} berakhir {day}. Bila masih bertugas, pejabat penghubung atau koordinator "
    "dapat memperbarui SK-nya lewat /petugas.",
)
HANDED = T("leaving.handed", "🔄 {n} laporan pindah dari {a} ke {b}:")
DISMISSED = T(
    "leaving.dismissed", "Anda tidak lagi terdaftar sebagai petugas {agency}. Laporan warga tidak lagi masuk ke sini."
)
OVER = T(
    "leaving.over",
    "Masa tugas Anda di {agency} berakhir {day}. Laporan warga tidak lagi masuk ke sini. "
    "Hubungi pejabat penghubung atau koordinator bila Anda masih bertugas.",
)


def removed(desk: Desk, officer: Officer, heir: int | None, role: Role, actor: int) -> tuple[Letter, ...]:
    """Ends an office at once; the reports go to the heir, or back into the queue, and the agency hears of it once."""
    name, agency = desk.name(officer.contact), officer.agency
    tickets = desk.claimed(officer.contact, agency)
    gone = [each for each in desk.officers(agency) if each.contact in desk.kin(officer.contact)]
    reachable = desk.reachable_agency(agency)
    for each in gone:
        desk.dismiss(each)
        desk.take_back(each.contact)
    head = REMOVED(name=name, agency=agency_name(desk, agency))
    if heir is not None and tickets:
        told = handed(desk, tickets, officer.contact, heir, role, actor, head)
    else:
        told = _released(desk, agency, tickets, head)
    lost = standin.lost(desk, agency) if reachable else ()
    text = DISMISSED(agency=agency_name(desk, agency))
    return (*told, *(letter for each in gone for letter in _told_themselves(desk, each, text)), *lost)


def expired(desk: Desk, agency: str, officers: Sequence[Officer]) -> tuple[Letter, ...]:
    """What follows when decrees have come to their end: reports go back into the queue, or up where nobody is left."""
    letters: list[Letter] = []
    for each in officers:
        desk.take_back(each.contact)
        head = EXPIRED(name=desk.name(each.contact), agency=agency_name(desk, agency), day=each.valid_until or "")
        letters.extend(_released(desk, agency, desk.claimed(each.contact, agency), head))
        text = OVER(agency=agency_name(desk, agency), day=each.valid_until or "")
        letters.extend(_told_themselves(desk, each, text))
    return (*letters, *standin.lost(desk, agency))


def _released(desk: Desk, agency: str, tickets: Sequence[Ticket], head: Words) -> tuple[Letter, ...]:
    made = [_let_go(desk, ticket) for ticket in tickets]
    # Where nobody is left to take them, those above get them.
    after = [each.ticket for each in made if each] if desk.reachable_agency(agency) else []
    text = Lines((head, BACK(n=len(after)))) if after else head
    return (*announced(desk, agency, text, after), *_cards(made))


def _let_go(desk: Desk, ticket: Ticket) -> case.Made | None:
    action = "release" if ticket.state is State.IN_PROGRESS else "handover"
    return case.make(desk, ticket, action, Role.SYSTEM, None, officer=None)


def handed(
    desk: Desk, tickets: Sequence[Ticket], leaver: int, heir: int, role: Role, actor: int, head: Words = ""
) -> tuple[Letter, ...]:
    """Gives these reports of one officer to another; the agency hears of it once."""
    made = [case.make(desk, ticket, "handover", role, actor, officer=heir) for ticket in tickets]
    after = [each.ticket for each in made if each]
    if not after:
        return ()
    said = HANDED(n=len(after), a=desk.name(leaver), b=desk.name(heir))
    agency = after[0].agency
    return (*announced(desk, agency, Lines((head, said)) if head else said, after), *_cards(made))


def _cards(made: Sequence[case.Made | None]) -> tuple[Letter, ...]:
    """The cards alone: what changed is told in one message, not once for each report."""
    return tuple(letter for each in made if each for letter in each.letters if letter.part is Part.CARD)


def announced(desk: Desk, agency: str, text: Words, tickets: Sequence[Ticket] = ()) -> tuple[Letter, ...]:
    """One message to each chat of an agency, with the reports it is about."""
    lines = [line(desk, each) for each in tickets[:SHOWN]]
    if len(tickets) > SHOWN:
        lines.append(MORE(n=len(tickets) - SHOWN))
    choices = tuple(Choice(f"t:{each.id}:show", each.number) for each in tickets[:SHOWN])
    letter = Letter(0, Lines((text, *lines)) if lines else text, choices=choices, priority=Priority.STATUS)
    digest = Brief("digest", {"agency": agency_name(desk, agency)}, NEWS, gathers=True)
    return tuple(replace(letter, to=room.id, brief=None if room.group else digest) for room in desk.rooms_of(agency))


def _told_themselves(desk: Desk, officer: Officer, text: Words) -> tuple[Letter, ...]:
    """Whoever answered in a chat of their own hears that it stands for the agency no more."""
    if not desk.contact(officer.contact).groupless:
        return ()
    return (Letter(officer.contact, text, priority=Priority.STATUS),)
