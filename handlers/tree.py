"""The tree of agencies: who answers for an agency that cannot be reached, and who may act on a ticket from where."""

from __future__ import annotations

from handlers.desk import Desk, Ticket
from handlers.rules.ticket import Role


def holder(desk: Desk, agency: str) -> str:
    """The agency that takes what is meant for this one: itself, or the nearest above where it cannot be reached.

    Where nobody above can be reached either, it waits with the agency it is meant for.
    """
    line = (agency, *above(desk, agency))
    return next((code for code in line if desk.reachable_agency(code)), agency)


def watcher(desk: Desk, agency: str) -> str:
    """The nearest agency above that can be reached; empty at the top."""
    return next((code for code in above(desk, agency) if desk.reachable_agency(code)), "")


def above(desk: Desk, agency: str) -> tuple[str, ...]:
    """The agencies above one, nearest first; whom the facts put below nobody or no longer name is the coordinator's."""
    line, coordinator = desk.facts.ancestors(agency), desk.facts.coordinator
    if coordinator is None or coordinator.code in (agency, *line):
        return line
    last = (coordinator.code, *desk.facts.ancestors(coordinator.code))
    return line if agency in last else tuple(dict.fromkeys((*line, *last)))


def below(desk: Desk, agency: str) -> list[str]:
    """An agency and all those below it, in the order of the facts."""
    return [each.code for each in desk.facts.agencies if agency in (each.code, *above(desk, each.code))]


def is_coordinator(desk: Desk, agency: str) -> bool:
    """Whether an agency distributes reports to others."""
    known = desk.facts.agency_by_code.get(agency)
    return known is not None and known.kind == "coordinator"


def role_at(desk: Desk, agency: str) -> Role:
    """The role in which an agency's chat acts on what it holds."""
    return Role.COORDINATOR if is_coordinator(desk, agency) else Role.OFFICER


def role_over(desk: Desk, here: str, ticket: Ticket) -> Role | None:
    """The role in which a chat acts on a ticket: as its holder, as one of those above, as a helper, or not at all."""
    if not here:
        return None
    if here == ticket.agency:
        return Role.COORDINATOR if is_coordinator(desk, ticket.meant) else role_at(desk, here)
    if here in desk.facts.ancestors(ticket.agency) or is_coordinator(desk, here):
        return Role.COORDINATOR
    return Role.PARTNER if here in desk.partners(ticket.id) else None


def helps(desk: Desk, here: str, ticket: Ticket) -> bool:
    """Whether a chat was asked to help with a ticket that another holds, also where it stands above that one."""
    return here != ticket.agency and here in desk.partners(ticket.id)


def role_for(desk: Desk, here: str, ticket: Ticket, action: str) -> Role | None:
    """The role in which a chat makes one move."""
    return Role.PARTNER if action == "contribute" and helps(desk, here, ticket) else role_over(desk, here, ticket)
