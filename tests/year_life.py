"""What people do in the simulated year, and what follows from it: an agenda that the history itself fills."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from handlers.rules.ticket import State
from handlers.words import Letter
from storage import tables as t
from storage.desk import RecordDesk
from tests.year_deeds import Done, made, prepared
from tests.year_office import YearOffice
from tests.year_people import (
    ABOVE_ACTS,
    HELP,
    OVERSIGHT,
    QUIET,
    SPOKEN,
    WAKES,
    Deed,
    Party,
    Temper,
    chosen,
    officers_next,
    reporters_next,
)
from tests.year_talk import SPEAKABLE, Fresh, sent, spoken, withdrawn
from tests.year_watch import Watch

# Seconds after midnight in the office's zone at which people act: just before the round of 08.00, and later.
SLOTS = (28_780, 51_200)
WITHDRAWN = 0.02


@dataclass(slots=True)
class Year:
    """The office with all that people are going to do, and what was seen of it."""

    office: YearOffice
    chance: random.Random
    tempers: dict[str, Temper]
    watch: Watch = field(default_factory=Watch)
    words: dict[int, str] = field(default_factory=dict)
    spoken: int = 0
    _agenda: list[tuple[int, int, Deed]] = field(default_factory=list)
    _last: dict[int, int] = field(default_factory=dict)
    _pending: dict[int, int] = field(default_factory=dict)
    _sorry: list[tuple[int, str]] = field(default_factory=list)
    _read: int = 0
    _count: int = 0

    # -- what follows from what

    def _plan(self, deed: Deed, slot: int) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (slot, self._count, deed))

    def _intend(self, ticket: int, party: Party, action: str, days: float, slot: int) -> None:
        seen = self._last[ticket]
        speaks = action in SPEAKABLE and self.chance.random() < SPOKEN[party]
        self._plan(Deed(ticket, party, action, seen, speaks), slot + 1 + int(days * len(SLOTS)))
        self._pending[ticket] = seen

    def look(self, slot: int) -> None:
        """Reads what is new in the history; whom it concerns thinks about what to do next."""
        h = t.history.c
        query = select(h.id, h.ticket, h.action, h.state, h.agency).where(h.id > self._read).order_by(h.id)
        with self.office.engine.connect() as connection:
            rows = connection.execute(query).all()
        changed: dict[int, tuple[State, str]] = {}
        for row in rows:
            self._read = row.id
            if row.action not in QUIET:
                self._last[row.ticket] = row.id
                changed[row.ticket] = (State(row.state), row.agency)
            elif row.ticket not in changed:
                self._woken(row.ticket, row.action, State(row.state), row.agency, slot)
        for ticket, (state, agency) in changed.items():
            self._next(ticket, state, agency, slot)

    def _woken(self, ticket: int, action: str, state: State, agency: str, slot: int) -> None:
        if action == "involve":
            self._intend(ticket, Party.HELPER, chosen(self.chance, HELP), self.chance.uniform(0, 6), slot)
        if action == "escalate" and self.chance.random() < ABOVE_ACTS:
            self._intend(ticket, Party.ABOVE, chosen(self.chance, OVERSIGHT), self.chance.uniform(0, 2), slot)
        asleep = self._pending.get(ticket) != self._last[ticket]
        if asleep and self.chance.random() < WAKES.get(action, 0) and agency in self.tempers:
            found = officers_next(self.chance, state, Temper(1.0, 0))
            if found:
                self._intend(ticket, Party.HOLDER, *found, slot)

    def _next(self, ticket: int, state: State, agency: str, slot: int) -> None:
        if agency in self.tempers and (found := officers_next(self.chance, state, self.tempers[agency])):
            self._intend(ticket, Party.HOLDER, *found, slot)
        if found := reporters_next(self.chance, state):
            self._intend(ticket, Party.REPORTER, *found, slot)

    # -- what is done

    def act(self, slot: int) -> None:
        """Everything that people do at this hour; nobody does two things at once."""
        deeds: dict[int, Deed] = {}
        while self._agenda and self._agenda[0][0] <= slot:
            _, _, deed = heapq.heappop(self._agenda)
            if deed.seen == self._last[deed.ticket]:
                self._pending.pop(deed.ticket, None)
                deeds.setdefault(deed.ticket, deed)
        talking: dict[str, Done] = {}
        if not deeds:
            return

        def silent(desk: RecordDesk) -> Iterator[Letter]:
            desk.survey()
            desk.tickets(list(deeds))
            for deed in deeds.values():
                done = prepared(self.office, desk, deed, self.words)
                if done is None:
                    continue
                if not deed.spoken:
                    yield from made(desk, done)
                elif talking.setdefault(done.person, done) is not done:
                    self._plan(deed, slot + 1)

        self.office.write(lambda desk: tuple(silent(desk)))
        self._talk(tuple(talking.values()))

    def _talk(self, deeds: tuple[Done, ...]) -> None:
        if deeds:
            spoken(self.office, deeds, self.words)
            self.spoken += len(deeds)

    def submit(self, fresh: list[Fresh]) -> None:
        """New reports are sent."""
        if not fresh:
            return
        sent(self.office, fresh)
        words = {f"Sudah lama begini dan belum ada yang datang: {each.word}.": each for each in fresh}
        with self.office.engine.connect() as connection:
            query = select(t.tickets.c.id, t.tickets.c.story).order_by(t.tickets.c.id.desc()).limit(len(fresh))
            found = [(row.id, words[row.story]) for row in connection.execute(query)]
        self.words.update({ident: each.word for ident, each in found})
        self._sorry = [(ident, each.person) for ident, each in sorted(found) if self.chance.random() < WITHDRAWN]

    def regret(self) -> None:
        """Some of those who have just sent a report take it back."""
        withdrawn(self.office, self._sorry)
        self._sorry = []
