"""Turns on a record of any size: citizens who report by the whole dialogue, all in one transaction after another."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bench.crowd import Stuck
from bench.growth_office import CHANNEL
from bench.growth_rows import MOMENT
from bench.heard import Heard
from bench.script import KENTONGAN, Press, Write
from handlers.words import Inbound, Kind, Person
from storage import outbox
from storage.database import Database
from storage.letters import Parcel
from storage.office import Office
from storage.outbox import Sent
from storage.turns import Outcome, take
from tests.botapi import Button

TOGETHER = 64


@dataclass(frozen=True, slots=True)
class Pace:
    """Turns a second, and the CPU milliseconds of one."""

    turns: float
    cpu_ms: float


@dataclass(slots=True)
class Citizens:
    """Those who take turns at one record; each does next what the bot's last message asks for.

    `used`: the CPU seconds that program and database have used so far.
    """

    database: Database
    office: Office
    contacts: dict[int, int]
    used: Callable[[], float]
    next: dict[int, Write | Press] = field(default_factory=dict)
    passed: int = 0
    reports: int = 0
    _names: str = field(default_factory=lambda: secrets.token_hex(4))
    _count: itertools.count[int] = field(default_factory=itertools.count)

    async def turns(self, rounds: int) -> Pace:
        """So many turns of all citizens; raises Stuck where they did not get to a report."""
        if not self.next:
            # An earlier run may have left them in the middle of a report.
            for text in ("/menu", "/hapus_draf", KENTONGAN.begin):
                self.next = dict.fromkeys(self.contacts.values(), Write(text))
                await self._turn()
        spent, done, cpu, before = 0.0, 0, 0.0, self.reports
        for _ in range(rounds):
            seconds, used, many = await self._turn()
            spent, cpu, done = spent + seconds, cpu + used, done + many
        if self.reports == before:
            raise Stuck(f"{len(self.contacts)} citizens did not get to a report in {rounds} turns each")
        return Pace(done / spent, cpu / done * 1000)

    async def _turn(self) -> tuple[float, float, int]:
        """One turn of each: the seconds it took, those of CPU, and how many turns they were."""
        self.passed += 1
        now = MOMENT + timedelta(seconds=self.passed)
        events = [self._event(n, do) for n, do in self.next.items()]
        begun, used = time.perf_counter(), self.used()
        batch = await self.database.write(lambda c: take(c, events, self.office, now))
        spent, used = time.perf_counter() - begun, self.used() - used
        self._hear(batch.parcels)
        sent = [Sent(each, (f"{self._names}{next(self._count)}",), now) for each in batch.parcels]
        await self.database.write(lambda c: outbox.delivered(c, sent))
        return spent, used, sum(outcome is Outcome.DONE for outcome in batch.outcomes)

    def _event(self, n: int, do: Write | Press) -> Inbound:
        ident = f"{self._names}e{next(self._count)}"
        who, now = Person(f"w{n}", f"Warga {n}"), MOMENT + timedelta(seconds=self.passed)
        if isinstance(do, Write):
            return Inbound(CHANNEL, ident, Kind.TEXT, who, now, text=do.text, message=ident)
        return Inbound(CHANNEL, ident, Kind.TAP, who, now, tap=do.button.data, message=ident)

    def _hear(self, parcels: list[Parcel]) -> None:
        for each in parcels:
            buttons = tuple(Button(label, ident) for ident, label, _ in each.body.choices)
            self.reports += "Nomor: LPR" in each.body.text
            do = KENTONGAN.after(Heard(str(each.id), each.body.text, buttons))
            if each.contact in self.contacts and do is not None:
                self.next[self.contacts[each.contact]] = do
