"""What was guessed of a report when it came, and what would be guessed of it today where nothing was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.desk import Desk, Ticket
from handlers.rules.guesses import Guess
from handlers.rules.routing import route

MOST = 3


def kept(guesses: Mapping[str, Any], what: str) -> tuple[Guess, ...]:
    """The guesses that are kept with a report under this name, best first."""
    found = guesses.get(what) or ()
    return tuple(Guess(str(code), float(certainty)) for code, certainty in found)


def categories(desk: Desk, ticket: Ticket) -> tuple[str, ...]:
    """The topics to which the words of a report point, best first."""
    facts = desk.facts
    found = kept(ticket.guesses, "category") or facts.keywords.guesses(ticket.story)
    return tuple(each.code for each in found if each.code in facts.category_by_code)[:MOST]


def agencies(desk: Desk, ticket: Ticket) -> tuple[str, ...]:
    """The agencies that may answer for a report, best first: those guessed, then those of its topics by the rules."""
    facts = desk.facts
    if ticket.place.get("outside"):
        # What is not ours is none of our agencies'.
        return ()
    guesses = [each.code for each in kept(ticket.guesses, "agency")]
    rules = (
        route(facts.routes, facts.category_line(code), facts.area_line(ticket.area))
        for code in _known((ticket.category, *categories(desk, ticket)))
    )
    found = dict.fromkeys((*guesses, *(rule.agency for rule in rules if rule)))
    return tuple(code for code in found if code in facts.agency_by_code)


def _known(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code)
