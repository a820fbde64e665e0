"""Who answers for an agency, by which decree, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.answers import Option, plain
from handlers.desk import Desk, Officer
from handlers.labels import agency_name, local, short
from handlers.rules.ticket import Role
from handlers.tree import is_coordinator
from handlers.words import Lines, T, Text, Words

SHOWN = 30
ROLES: dict[Role, Text] = {
    Role.OFFICER: T("role", "petugas"),
    Role.HEAD: T("role", "pejabat penghubung"),
    Role.COORDINATOR: T("role", "koordinator"),
}
HEAD = T("roster.head", "Petugas {agency}:")
NOBODY = T("roster.nobody", "{agency} belum punya petugas.")
LINE = T("roster.line", "• {name}: {role}, {decree}{until}")
DECREE = T("roster.decree", "SK {number}")
NO_DECREE = T("roster.no_decree", "belum ada SK")
UNTIL = T("roster.until", ", sampai {day}")
ENDED = T("roster.ended", ", sudah berakhir {day}")
MORE = T("roster.more", "… dan {n} lagi.")


def today(desk: Desk, agency: str) -> date:
    """The day at an agency."""
    return local(desk, agency, desk.now)


def serving(desk: Desk, agency: str) -> Sequence[Officer]:
    """The officers of an agency whose decree is in force today."""
    day = today(desk, agency)
    return [officer for officer in desk.officers(agency) if officer.serves(day)]


def in_office(desk: Desk, contact: int, agency: str) -> Officer | None:
    """A person as officer of an agency, from any account of theirs, while their decree is in force."""
    if not agency:
        return None
    day = today(desk, agency)
    found = (desk.officer(each, agency) for each in desk.kin(contact))
    return next((officer for officer in found if officer and officer.serves(day)), None)


def heads(desk: Desk, agency: str) -> Sequence[Officer]:
    """The officers in office on whose word an answer waits."""
    return [officer for officer in serving(desk, agency) if officer.role is Role.HEAD]


def appoints(desk: Desk, officer: Officer | None, agency: str) -> bool:
    """Whether an officer decides who serves at an agency: a head at their own, a coordinator at every one."""
    if officer is None:
        return False
    if officer.role is Role.COORDINATOR and is_coordinator(desk, officer.agency):
        return agency in desk.facts.agency_by_code
    return officer.role in (Role.HEAD, Role.COORDINATOR) and officer.agency == agency


def shown(desk: Desk, agency: str) -> Words:
    """The officers of an agency, a line each, with role, decree and its end."""
    officers = desk.officers(agency)
    if not officers:
        return NOBODY(agency=agency_name(desk, agency))
    lines = [_line(desk, officer, today(desk, agency)) for officer in officers[:SHOWN]]
    if len(officers) > SHOWN:
        lines.append(MORE(n=len(officers) - SHOWN))
    return Lines((HEAD(agency=agency_name(desk, agency)), *lines))


def _line(desk: Desk, officer: Officer, day: date) -> Words:
    decree = desk.decree(officer.decree) if officer.decree is not None else None
    until: Words = ""
    if officer.valid_until:
        until = (UNTIL if officer.serves(day) else ENDED)(day=officer.valid_until)
    return LINE(
        name=short(desk.name(officer.contact), 40),
        role=ROLES[officer.role],
        decree=DECREE(number=decree.number or "…") if decree else NO_DECREE,
        until=until,
    )


def options(desk: Desk, officers: Sequence[Officer]) -> tuple[Option, ...]:
    """These officers as things to choose, each by the id of its contact; no two labels are the same."""
    names = [short(desk.name(officer.contact), 20) for officer in officers]
    labels = [f"{name} ({n})" if names.count(name) > 1 else name for n, name in enumerate(names, 1)]
    first = [plain(name).partition(" ")[0] for name in names]
    alone = [(word,) if first.count(word) == 1 else () for word in first]
    ids = [str(officer.contact) for officer in officers]
    return tuple(Option(ident, label, words=word) for ident, label, word in zip(ids, labels, alone, strict=True))
