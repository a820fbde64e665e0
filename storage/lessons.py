"""What the office's own reports teach: where each belonged after its last disposition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, func, select

from handlers.rules.ticket import Role, State
from storage import tables as t

AT_ONCE: Final = 500
# What shows that a report found the right agency, and what shows that somebody corrected where it was or its topic.
HANDLED: Final = ("answer", "resolve")
MOVED: Final = ("transfer", "forward", "recategorise")
# Reports that are none, and those that nobody understood.
JUNK: Final = ("spam", "abusive", "test", "general", "withdrawn", "withdrawn_in_time", "incomplete")
ENDS: Final = ("withdraw", "archive", "lapse", "drop")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A report's own words and where they belonged; an empty category or agency says that nobody knows."""

    story: str
    category: str
    agency: str


def lessons(connection: Connection) -> Iterator[Lesson]:
    """Everything that can be learned from the record, the oldest report first."""
    c = t.tickets.c
    desks = set(connection.execute(select(t.agencies.c.code).where(t.agencies.c.kind == "coordinator")).scalars())
    last = 0
    while True:
        query = select(c.id, c.state, c.story, c.category, c.agency, c.meant).where(_settled(), c.id > last)
        rows = connection.execute(query.order_by(c.id).limit(AT_ONCE)).all()
        if not rows:
            return
        junk = _junk(connection, [row.id for row in rows if row.state == State.ARCHIVED.value])
        for row in rows:
            last = row.id
            agency = row.meant or row.agency
            lesson = Lesson(row.story.strip(), row.category, "" if agency in desks else agency)
            if row.id not in junk and lesson.story and (lesson.category or lesson.agency):
                yield lesson


def _settled() -> ColumnElement[bool]:
    """Reports that an agency answered or closed, or that a person sent on; none that is handled with another."""
    c, h = t.tickets.c, t.history.c
    by_people = h.role.in_([Role.OFFICER.value, Role.HEAD.value, Role.COORDINATOR.value])
    settled = exists().where(h.ticket == c.id, h.action.in_((*HANDLED, *MOVED)), by_people)
    return (c.state != State.MERGED.value) & (func.trim(c.story) != "") & settled


def _junk(connection: Connection, tickets: list[int]) -> set[int]:
    """Of these archived reports those whose last end says that they were none."""
    h = t.history.c
    query = select(h.ticket, h.action, h.data).where(h.ticket.in_(tickets), h.action.in_(ENDS)).order_by(h.id)
    last = {row.ticket: row for row in connection.execute(query)}
    return {each for each, row in last.items() if row.action != "archive" or row.data.get("text") in JUNK}
