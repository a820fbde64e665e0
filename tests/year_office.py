"""The office of the simulated year: the sample regency spread over three zones, on a real record with a fixed clock."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, event, insert, update

from bot.language import load, renderer
from handlers.rules.ticket import Role
from handlers.words import Inbound, Kind, Letter, Person, Room
from storage import facts as stored_facts
from storage import recount
from storage import tables as t
from storage.desk import RecordDesk
from storage.embedded import sqlite_engine
from storage.invitations import invite
from storage.migrate import upgrade
from storage.office import Office
from storage.sweep import sweep
from storage.turns import take
from storage.vault import Identity, Vault
from tests.year_post import Post

CHANNEL = "stage"
START = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)
ZONES = {
    "Asia/Makassar": ("dpkp", "bprd", "disnaker", "dispar"),
    "Asia/Jayapura": ("perumdam", "dpmptsp", "upt-jalan-pasirian"),
}
UNDO, GRACE = timedelta(seconds=30), timedelta(seconds=60)
BATCH = 64


@dataclass(slots=True)
class YearOffice:
    """The record, the office on it, its post, and who is who: contacts by name, names of chats by agency."""

    engine: Engine
    office: Office
    chance: random.Random
    now: datetime = START
    post: Post = field(default_factory=Post)
    rooms: dict[int, str] = field(default_factory=dict)
    officers: dict[str, list[str]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    turns: int = 0
    sweeps: int = 0
    _events: int = 0

    def write(self, act: Callable[[RecordDesk], Sequence[Letter]]) -> None:
        """One batch: what the act changes is written with its letters, and these go to the post."""
        with self.engine.begin() as connection:
            desk = RecordDesk(connection, self.office, self.now)
            parcels = desk.flush(act(desk))
            self.post.take(parcels, desk.dropped, self.now)

    def hear(self, events: Sequence[Inbound]) -> list[Any]:
        """Takes events as a channel would; gives the letters they caused."""
        heard: list[Any] = []
        for first in range(0, len(events), BATCH):
            with self.engine.begin() as connection:
                some = events[first : first + BATCH]
                batch = take(connection, some, self.office, self.now)
                assert {str(each) for each in batch.outcomes} == {"done"}, _trace(connection)
                self.post.take(batch.parcels, batch.dropped, self.now)
                self.turns += len(some)
                heard.extend(batch.parcels)
        return heard

    def sweep(self) -> None:
        """Does all that time brings about at this moment."""
        more = True
        while more:
            with self.engine.begin() as connection:
                swept = sweep(connection, self.office, self.now)
                self.post.take(swept.parcels, swept.dropped, self.now)
                more = swept.more
            self.sweeps += 1

    def pass_on(self, now: datetime) -> None:
        """The clock goes on; what was planned until then is delivered first."""
        if self.post.due(now - timedelta(seconds=3)):
            with self.engine.begin() as connection:
                self.post.deliver(connection, self.office, now - timedelta(seconds=3))
        self.now = now

    def event(self, person: str, kind: Kind, agency: str = "", **more: Any) -> Inbound:
        """Something a person does in private, or in the chat of an agency."""
        room = Room(f"room:{agency}", agency) if agency else None
        self._events += 1
        ident = f"e{self._events}"
        return Inbound(CHANNEL, ident, kind, Person(f"p:{person}", person), self.now, room, message=ident, **more)

    def join(self, person: str, agency: str, role: Role = Role.OFFICER) -> None:
        """An officer sends a fresh invitation's code into the chat of an agency."""
        with self.engine.begin() as connection:
            draw = self.chance.randrange
            code, _ = invite(connection, self.office.vault, draw, self.now, agency, role)
        self.hear([self.event(person, Kind.TEXT, agency, text=f"/hubungkan {code}")])

    def add_people(self, names: Sequence[str]) -> None:
        """Puts people on record who agreed to be there."""
        vault, rows = self.office.vault, []
        for name in names:
            (lookup,) = vault.lookups(CHANNEL, f"p:{name}")
            sealed = vault.seal(Identity(f"p:{name}", name), lookup)
            known = {"channel": CHANNEL, "lookup": lookup, "sealed": sealed, "created_at": self.now, "language": "id"}
            flags = {"named": True, "is_group": False, "forum": False, "blocked": False, "consent": "2026-11"}
            rows.append({**known, **flags})
        made = insert(t.contacts).returning(t.contacts.c.id, sort_by_parameter_order=True)
        with self.engine.begin() as connection:
            self.ids.update(zip(names, connection.execute(made, rows).scalars(), strict=True))
        self.names = {ident: name for name, ident in self.ids.items()}

    def import_days(self, rows: list[dict[str, Any]]) -> int:
        """Another calendar of free days is imported, and all open deadlines are counted anew; how many moved."""
        with self.engine.begin() as connection:
            stored_facts.keep(connection, {"holidays": rows}, today=self.now.date())
            self.office = replace(self.office, facts=stored_facts.load(connection))
            counted = recount.made(connection, self.office, self.now)
            self.post.take(counted.parcels, counted.dropped, self.now)
        return counted.moved


def _trace(connection: Connection) -> str:
    return "\n".join(connection.execute(t.poison.select()).mappings().all()[-1]["trace"].splitlines()[-8:])


def opened(folder: Path, chance: random.Random) -> YearOffice:
    """The office on the first of January: every agency's chat bound, and its people enrolled."""
    engine = sqlite_engine(f"sqlite:///{folder / 'year.db'}")
    # Nothing here has to survive a power cut.
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=off"))
    sample = stored_facts.sample()
    with engine.begin() as connection:
        upgrade(connection)
        stored_facts.keep(connection, stored_facts.read_folder(sample), "Kabupaten Contoh", True, date(2026, 1, 1))
        for zone, agencies in ZONES.items():
            connection.execute(update(t.agencies).where(t.agencies.c.code.in_(agencies)).values(zone=zone))
        facts = stored_facts.load(connection)
    office = Office(Vault([bytes(range(32))]), facts, renderer(load()), chance.randrange, UNDO, GRACE, (CHANNEL,))
    year = YearOffice(engine, office, chance)
    _enrol(year, sample)
    return year


def _enrol(year: YearOffice, sample: Any) -> None:
    people = csv.DictReader((sample / "people.csv").read_text(encoding="utf-8").splitlines())
    for row in people:
        if row["chat"] != "warga":
            year.join(row["name"], row["chat"], Role(row["role"]))
            year.officers.setdefault(row["chat"], []).append(row["name"])
    vault = year.office.vault
    with year.engine.connect() as connection:
        found = {row.lookup: row.id for row in connection.execute(t.contacts.select())}
    for agency, names in year.officers.items():
        year.rooms[found[vault.lookups(CHANNEL, f"room:{agency}")[0]]] = agency
        year.ids.update({name: found[vault.lookups(CHANNEL, f"p:{name}")[0]] for name in names})


def local(year: YearOffice, agency: str, moment: datetime) -> datetime:
    """A moment on the clock of an agency."""
    return moment.astimezone(ZoneInfo(year.office.facts.calendar(agency).zone))
