"""What a changed calendar does to the deadlines of a report, and how the chats that hold it hear of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from handlers import timing
from handlers.desk import Desk, Entry, Ticket
from handlers.labels import agency_name, local
from handlers.rounds import BUTTONS, MORE, SHOWN, TASKS
from handlers.rules.ticket import Clock, Role
from handlers.words import Brief, Choice, Letter, Lines, Priority, T, Words

HEAD = T("recount.head", "📅 Kalender hari kerja berubah. {n} batas waktu bergeser:")
LINE = T("recount.line", "• {number}: {before} → {after}")


@dataclass(frozen=True, slots=True)
class Shift:
    """A report of which a deadline moved, and from when to when."""

    ticket: Ticket
    before: datetime
    after: datetime


@dataclass(slots=True)
class Tally:
    """How many deadlines moved at an agency, and the first of them."""

    count: int = 0
    first: list[Shift] = field(default_factory=list)

    def add(self, shift: Shift) -> None:
        """One more; only as many as are named are kept."""
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(shift)


def shifted(desk: Desk, before: Ticket, after: Ticket) -> Shift | None:
    """Puts on record that deadlines of a report moved; nothing where none did.

    Where several did, that of the handling is named.
    """
    pairs = [pair for pair in zip(before.runs, after.runs, strict=True) if pair[0] != pair[1]]
    if not pairs:
        return None
    old, new = next((pair for pair in pairs if pair[0].step is Clock.HANDLING), pairs[0])
    data = {"before": old.due.isoformat(), "after": new.due.isoformat()}
    desk.change(after, Entry(after.id, desk.now, None, Role.SYSTEM, "recalculate", after.state, after.agency, data))
    return Shift(after, old.due, new.due)


def told(desk: Desk, tallies: Mapping[str, Tally]) -> tuple[Letter, ...]:
    """One message to each chat of each agency."""
    return tuple(letter for agency, tally in tallies.items() for letter in _letters(desk, agency, tally))


def _letters(desk: Desk, agency: str, tally: Tally) -> Sequence[Letter]:
    lines: list[Words] = [HEAD(n=tally.count), *(_line(desk, shift) for shift in tally.first)]
    if tally.count > len(tally.first):
        lines.append(MORE(n=tally.count - len(tally.first)))
    choices = tuple(Choice(f"t:{each.ticket.id}:show", each.ticket.number) for each in tally.first[:BUTTONS])
    letters = []
    for room in desk.rooms_of(agency):
        brief = None if room.group else Brief("digest", {"agency": agency_name(desk, agency)}, TASKS, gathers=True)
        letters.append(Letter(room.id, Lines(tuple(lines)), choices=choices, priority=Priority.REMINDER, brief=brief))
    return letters


def _line(desk: Desk, shift: Shift) -> Words:
    before, after = (local(desk, shift.ticket.agency, moment) for moment in (shift.before, shift.after))
    return LINE(number=shift.ticket.number, before=_day(before, after), after=after)


def _day(before: date, after: date) -> str | date:
    """Of a day in the same month the number is enough."""
    return str(before.day) if (before.year, before.month) == (after.year, after.month) else before


def recounted(desk: Desk, ticket: Ticket) -> tuple[Ticket, Shift | None]:
    """The report with its deadlines counted anew, and whether one of them moved."""
    after = timing.recounted(desk, ticket)
    return after, shifted(desk, ticket, after)
