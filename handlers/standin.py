"""Who stands in for an agency that cannot be reached: the next level up, until somebody is there again."""

from __future__ import annotations

from handlers import case
from handlers.desk import Desk, Ticket
from handlers.labels import agency_name
from handlers.rules.ticket import OPEN, Role
from handlers.tree import holder
from handlers.words import Brief, Letter, Priority, T, Words

RAISED = T("standin.raised", "⚠️ {agency} tidak dapat dihubungi. Untuk sementara {n} laporannya ditangani {above}.")
LOST = T(
    "standin.lost",
    "⚠️ {agency} tidak dapat dihubungi lewat layanan ini. Tidak ada laporan terbuka di sana. "
    "Lihat /petugas untuk mengundang petugasnya lagi.",
)
STUCK = T(
    "standin.stuck",
    "⚠️ {agency} tidak dapat dihubungi, dan tidak ada yang dapat menggantikannya. {n} laporannya menunggu di sana.",
)
LOWERED = T("standin.lowered", "✅ {agency} dapat dihubungi lagi. {n} laporannya sudah kembali ke sana.")


def raised(desk: Desk, agency: str) -> tuple[Letter, ...]:
    """Gives the open tickets of an agency that cannot be reached any more to the next level up, and says so there."""
    above = holder(desk, agency)
    moved = _open_at(desk, agency) if above != agency else []
    if not moved:
        return ()
    letters = _moved(desk, moved, "raise", above)
    text = RAISED(agency=agency_name(desk, agency), n=len(moved), above=agency_name(desk, above))
    return (*_to_those_above(desk, agency, above, text), *letters)


def lost(desk: Desk, agency: str) -> tuple[Letter, ...]:
    """The same at the moment when an agency cannot be reached any more; those above hear of it in any case."""
    if desk.reachable_agency(agency):
        return ()
    if letters := raised(desk, agency):
        return letters
    waiting = len(desk.tickets_at(agency))
    text = (STUCK if waiting else LOST)(agency=agency_name(desk, agency), n=waiting)
    return _to_those_above(desk, agency, holder(desk, agency), text)


def lowered(desk: Desk, agency: str) -> tuple[Letter, ...]:
    """Gives an agency that can be reached again what others held for it meanwhile, and tells those above."""
    waiting = [each for each in desk.meant_for(agency) if each.state in OPEN]
    if not waiting or not desk.reachable_agency(agency):
        return ()
    stood_in = waiting[0].agency
    letters = _moved(desk, waiting, "lower", agency)
    text = LOWERED(agency=agency_name(desk, agency), n=len(waiting))
    return (*_to_those_above(desk, agency, stood_in, text), *letters)


def _open_at(desk: Desk, agency: str) -> list[Ticket]:
    # Asked for again by their ids, which locks them: the list was only looked at.
    found = [desk.ticket(each.id) for each in desk.tickets_at(agency) if each.state in OPEN]
    return [each for each in found if each and each.agency == agency and each.state in OPEN]


def _moved(desk: Desk, tickets: list[Ticket], action: str, to: str) -> tuple[Letter, ...]:
    made = [case.make(desk, _unclaimed(desk, ticket), action, Role.SYSTEM, None, agency=to) for ticket in tickets]
    return tuple(letter for each in made if each for letter in each.letters)


def _unclaimed(desk: Desk, ticket: Ticket) -> Ticket:
    """A report on its way to another agency waits there for somebody who takes it."""
    made = case.make(desk, ticket, "release", Role.SYSTEM, None)
    return made.ticket if made else ticket


def _to_those_above(desk: Desk, agency: str, stands_in: str, text: Words) -> tuple[Letter, ...]:
    """One message to each chat of the coordinator, and of the agency that stands in."""
    coordinator = desk.facts.coordinator
    codes = dict.fromkeys(code for code in (coordinator.code if coordinator else "", stands_in) if code)
    rooms = {room.id: (room, code) for code in codes if code != agency for room in desk.rooms_of(code)}
    return tuple(
        Letter(
            room.id,
            text,
            priority=Priority.STATUS,
            brief=None if room.group else Brief("digest", {"agency": agency_name(desk, code)}, NEWS, gathers=True),
        )
        for room, code in rooms.values()
    )


# What was announced leaves by itself once somebody answers the announcement.
NEWS = {"open": "m:kabar"}
