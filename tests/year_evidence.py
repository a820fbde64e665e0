"""What a simulated year left behind, laid out for judging: reports, their histories, and every letter handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.desk import Entry, Ticket
from handlers.facts import Facts
from handlers.rules.ticket import Role, State
from storage import tables as t
from storage.rows import ticket_of
from tests.year_life import Year
from tests.year_post import Told
from tests.year_watch import Lapse


@dataclass(frozen=True, slots=True)
class Evidence:
    """The record at the end of a year. `rooms`: the agency of each chat; `people`: one number for all of somebody's
    accounts; `words`: what only the reporter of a report writes; `faults`: what was seen while the year passed."""

    tickets: Mapping[int, Ticket]
    history: Mapping[int, Sequence[Entry]]
    told: Sequence[Told]
    lapses: Sequence[Lapse]
    faults: Sequence[str]
    rooms: Mapping[int, str]
    people: Mapping[int, int]
    words: Mapping[int, str]
    facts: Facts
    until: datetime

    def reporter(self, ticket: int) -> int:
        """Who made a report."""
        return self.people[self.tickets[ticket].reporter]


def gathered(year: Year) -> Evidence:
    """The evidence of a year that has passed."""
    office = year.office
    with office.engine.connect() as connection:
        tickets = {row.id: ticket_of(row) for row in connection.execute(t.tickets.select())}
        history: dict[int, list[Entry]] = {ticket: [] for ticket in tickets}
        for row in connection.execute(t.history.select().order_by(t.history.c.id)):
            at, state = row.at, State(row.state)
            entry = Entry(row.ticket, at, row.actor, Role(row.role), row.action, state, row.agency, row.data)
            history[row.ticket].append(entry)
        c = t.contacts.c
        people = {row.id: row.person or row.id for row in connection.execute(t.contacts.select().order_by(c.id))}
        poisoned = [row.trace for row in connection.execute(t.poison.select())]
    faults = (*year.watch.faults, *(f"something could not be handled:\n{trace}" for trace in poisoned))
    return Evidence(
        tickets,
        history,
        office.post.told,
        list(year.watch.lapses.values()),
        faults,
        office.rooms,
        people,
        year.words,
        office.office.facts,
        office.now,
    )


def story(evidence: Evidence, ticket: int) -> str:
    """The history of a report in words, without a word of any person."""
    lines = [
        f"  {entry.at:%Y-%m-%d %H:%M:%S} {entry.role} {entry.action} -> {entry.state} at {entry.agency}"
        + "".join(
            f", {name} {entry.data[name]}" for name in ("call", "clock", "from", "of", "did") if name in entry.data
        )
        for entry in evidence.history[ticket]
    ]
    return "\n".join((f"report {ticket}", *lines))
