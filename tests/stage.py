"""A stage without a channel: the real record and handlers, a fixed clock, and people who read and answer."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, select, update

from bot.language import load, renderer
from handlers.rules.ticket import Role
from handlers.words import File, Inbound, Kind, Part, Person, Pin, Room
from storage import facts as stored_facts
from storage import outbox
from storage import tables as t
from storage.embedded import sqlite_engine
from storage.invitations import invite
from storage.letters import Parcel
from storage.migrate import upgrade
from storage.office import Office
from storage.outbox import Sent
from storage.sweep import sweep
from storage.turns import take
from storage.vault import Vault
from tests.stage_page import Said, changed, failed, shown

WIB = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 11, 2, 9, 0, tzinfo=WIB).astimezone(UTC)
CHANNEL = "stage"


@dataclass(slots=True)
class Stage:
    """An office on a stage; every chat has a name: a person's, or an agency's code."""

    engine: Engine
    office: Office
    now: datetime = START
    names: dict[str, str] = field(default_factory=dict)
    officers: dict[str, str] = field(default_factory=dict)
    written: dict[tuple[str, str], str] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)
    held: dict[int, Parcel] = field(default_factory=dict)
    ever: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    _count: int = 0

    # -- people

    def send(self, person: str, chat: str, kind: Kind, **more: object) -> Iterator[str]:
        """Somebody does something in a chat; what the bot does about it, as lines."""
        self._count += 1
        room = None if chat == person else Room(f"room:{chat}", chat)
        event = Inbound(CHANNEL, str(self._count), kind, Person(f"p:{person}", person), self.now, room)
        message = str(more.pop("message", self._count))
        event = replace(event, message=message, **more)  # type: ignore[arg-type]
        if kind in (Kind.TEXT, Kind.FILE):
            self.written[(chat, event.text)] = message
        with self.engine.begin() as connection:
            batch = take(connection, [event], self.office, self.now)
        self.hold(batch.parcels, batch.dropped)
        self.refresh()
        yield from self.deliver(patience=1.2 if event.album else 2.0)

    def refresh(self) -> None:
        """Takes up facts that were changed, as a running program does within seconds."""
        with self.engine.connect() as connection:
            if stored_facts.version(connection) != self.office.facts.version:
                self.office = replace(self.office, facts=stored_facts.load(connection))

    def hold(self, parcels: list[Parcel], dropped: list[int]) -> None:
        self.held = {key: parcel for key, parcel in self.held.items() if key not in dropped}
        self.held.update({parcel.id: parcel for parcel in parcels})

    def wait(self, span: timedelta) -> Iterator[str]:
        """Time passes; letters that were planned leave, and the clock does its work."""
        self.now += span
        yield from self.deliver()
        with self.engine.begin() as connection:
            swept = sweep(connection, self.office, self.now)
        self.hold(swept.parcels, swept.dropped)
        self.refresh()
        yield from self.deliver()

    # -- the platform

    def deliver(self, patience: float = 2.0) -> Iterator[str]:
        """Delivers what is due within these seconds: nobody acts again sooner, but for the parts of an album."""
        until = self.now + timedelta(seconds=patience)
        while due := sorted(key for key, parcel in self.held.items() if parcel.due_at <= until):
            parcel = self.held.pop(due[0])
            yield from self._deliver(parcel)

    def _deliver(self, parcel: Parcel) -> Iterator[str]:
        with self.engine.begin() as connection:
            address = outbox.address(connection, self.office.vault, parcel.contact)
            chat = address.split(":", 1)[1]
            thread = (
                outbox.thread(connection, parcel.contact, parcel.ticket)
                if parcel.group and parcel.ticket
                else outbox.Thread()
            )
            if chat in self.blocked:
                parcels, dropped = outbox.undeliverable(connection, self.office, parcel, self.now, gone=True)
                self.hold(parcels, dropped)
                yield failed(chat, parcel.body.text)
                return
            edited = self.said.get(thread.card) if parcel.part == Part.CARD.value else None
            ident = edited.id if edited else f"b{parcel.id}"
            outbox.delivered(connection, [Sent(parcel, (ident,), self.now)])
        now = Said(ident, chat, _lines(parcel), [(label, choice) for choice, label, _ in parcel.body.choices])
        yield from changed(edited, now) if edited else shown(now)
        self.said[ident] = now
        self.ever.update({(chat, label): (ident, choice) for label, choice in now.buttons})

    # -- what people point at

    def button(self, chat: str, label: str, fragment: str = "") -> tuple[str, str]:
        """The latest message in a chat that has this button, or had it before it was edited; what pressing it sends."""
        for said in reversed(self.said.values()):
            for name, choice in said.buttons:
                if said.chat == chat and name == label and fragment in "\n".join(said.lines):
                    return said.id, choice
        if (chat, label) in self.ever:
            return self.ever[(chat, label)]
        raise LookupError(f"no button [{label}] in {chat}")

    def message(self, chat: str, fragment: str) -> str:
        """The latest message of the bot in a chat with these words in it."""
        for said in reversed(self.said.values()):
            if said.chat == chat and fragment in "\n".join(said.lines):
                return said.id
        raise LookupError(f"no message with {fragment!r} in {chat}")


def _lines(parcel: Parcel) -> list[str]:
    files = [f"📎 {len(parcel.body.files)} berkas"] if parcel.body.files else []
    return [*(parcel.body.text.split("\n") if parcel.body.text else []), *files]


PIN = Pin(-8.13352, 113.22481)
FILES = {
    "foto": File("f-photo", "image", "image/jpeg", 120_000),
    "video": File("f-video", "video", "video/mp4", 4_000_000),
    "suara": File("f-voice", "audio", "audio/ogg", 30_000),
    "pdf": File("f-pdf", "document", "application/pdf", 90_000, "surat.pdf"),
    "besar": File("f-big", "video", "video/mp4", 19_000_000),
    "exe": File("f-exe", "document", "application/x-msdownload", 5_000, "virus.exe"),
}


def built(folder: Path, undo: float = 0) -> Stage:
    """A stage with the sample regency, every agency's group bound and its people enrolled."""
    engine = sqlite_engine(f"sqlite:///{folder / 'stage.db'}")
    sample = stored_facts.sample()
    with engine.begin() as connection:
        upgrade(connection)
        stored_facts.keep(
            connection, stored_facts.read_folder(sample), "Kabupaten Lumajang (contoh)", True, START.date()
        )
        facts = stored_facts.load(connection)
    draw = random.Random(7).randrange
    office = Office(Vault([bytes(range(32))]), facts, renderer(load()), draw, timedelta(seconds=undo))
    stage = Stage(engine, office)
    _enrol(stage, sample)
    return stage


def _enrol(stage: Stage, sample: Path) -> None:
    people = csv.DictReader((sample / "people.csv").read_text(encoding="utf-8").splitlines())
    codes = random.Random(11).randrange
    for row in people:
        if row["chat"] == "warga":
            continue
        with stage.engine.begin() as connection:
            code, _ = invite(connection, stage.office.vault, codes, stage.now, row["chat"], Role(row["role"]))
        list(stage.send(row["name"], row["chat"], Kind.TEXT, text=f"/hubungkan {code}"))
        stage.officers[row["name"]] = row["chat"]
    with stage.engine.begin() as connection:
        appoint(connection)


def appoint(connection: Connection) -> None:
    """Gives every officer on record a decree without an end, one for each agency."""
    o, d = t.officers.c, t.decrees.c
    for agency in connection.execute(select(o.agency).distinct().order_by(o.agency)).scalars().all():
        decree = {"agency": agency, "number": f"188.45/{len(agency)}/2026", "blob": "", "at": START}
        made = connection.execute(insert(t.decrees).values(decree).returning(d.id)).scalar_one()
        connection.execute(update(t.officers).where(o.agency == agency).values(decree=made))
