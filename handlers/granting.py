"""How many working days an extension may still grant."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import timing
from handlers.answers import Option
from handlers.desk import Desk, Ticket
from handlers.labels import local
from handlers.rules import clocks
from handlers.rules.ticket import Clock, Term
from handlers.words import T, Words

OFFERED = (3, 5, 10, 14)
SPENT = T("granting.spent", "Batas {number} tidak dapat diperpanjang lagi: jatah perpanjangannya sudah habis.")
LABEL = T("granting.days", "{n} hari kerja")
HINT = T("granting.until", "batas baru {day}")


def options(desk: Desk, ticket: Ticket | None) -> Sequence[Option]:
    """The extensions that the rules still allow, each with the deadline it leads to."""
    run = ticket.run(Clock.HANDLING) if ticket else None
    if ticket is None or run is None:
        return ()
    left = timing.days(desk, ticket, Term.EXTENSION) - run.more
    # Of a report that is long overdue several lead to the same day: the shortest stands for them.
    found: dict[Words, Option] = {}
    for option in (_option(desk, ticket, n) for n in OFFERED if n <= left):
        found.setdefault(desk.render(option.hint, "id"), option)
    return tuple(found.values())


def _option(desk: Desk, ticket: Ticket, n: int) -> Option:
    (run,) = (
        each
        for each in clocks.extended(ticket.runs, n, desk.now, timing.calendar(desk, ticket))
        if each.step is Clock.HANDLING
    )
    day = local(desk, ticket.agency, run.due)
    return Option(str(n), LABEL(n=n), HINT(day=T("date", "{day}", day=day)), words=(str(n),))
