"""The sample office on a record in memory, new for every test, and the acts that tests of the core share."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from handlers.desk import Entry, Ticket
from handlers.rules.numbers import find
from handlers.words import Inbound, Kind, Person, Talk
from storage import outbox
from storage import tables as t
from storage.desk import RecordDesk
from storage.embedded import sqlite_engine
from storage.letters import Parcel
from storage.office import Office
from storage.rows import ticket_of
from storage.turns import take
from tests.stage import Stage, built
from tests.transcript import play

STORY = "Jalan di depan Pasar Pasirian berlubang besar, sudah tiga motor jatuh minggu ini."
UNSURE = "Tetangga sebelah menaruh barang bekas di bahu sehingga orang susah lewat."
PLACE = "Depan Pasar Pasirian, Kecamatan Pasirian"


# What WhatsApp takes, and Telegram for an id: rows of a list, code points of a label, bytes of an id.
ROWS, LABEL, IDENT = 10, 24, 64
ACCOUNT = "106540352242922"


@dataclass(slots=True)
class Overheard(Stage):
    """A stage that keeps every letter that was ever written, and sees that each fits the strictest chat.

    `phones`: the people who write from WhatsApp.
    """

    letters: list[Parcel] = field(default_factory=list)
    phones: set[str] = field(default_factory=set)

    def hold(self, parcels: list[Parcel], dropped: list[int]) -> None:
        assert [parcel.body for parcel in parcels if not fits(parcel.body.choices)] == []
        self.letters.extend(parcels)
        Stage.hold(self, parcels, dropped)

    def send(self, person: str, chat: str, kind: Kind, **more: object) -> Iterator[str]:
        """The same for somebody on WhatsApp, where all is said in one chat and there are no groups."""
        if person not in self.phones:
            yield from Stage.send(self, person, chat, kind, **more)
            return
        self._count += 1
        message = str(more.pop("message", self._count))
        who = Person(f"w:{person}", person)
        event = Inbound("whatsapp", str(self._count), kind, who, self.now, message=message, account=ACCOUNT)
        event = replace(event, **more)  # type: ignore[arg-type]
        if kind in (Kind.TEXT, Kind.FILE):
            self.written[(chat, event.text)] = message
        with self.engine.begin() as connection:
            batch = take(connection, [event], self.office, self.now)
        self.hold(batch.parcels, batch.dropped)
        yield from self.deliver()

    def chat(self, parcel: Parcel) -> str:
        """The chat a letter goes to, by its name."""
        with self.engine.connect() as connection:
            return outbox.address(connection, self.office.vault, parcel.contact).split(":", 1)[1]

    def heard(self, chat: str) -> list[Parcel]:
        """All letters that were ever written to a chat."""
        return [parcel for parcel in self.letters if self.chat(parcel) == chat]


def fits(choices: Sequence[tuple[str, str, str]]) -> bool:
    """Whether these choices are few and short enough, and no two are one."""
    ids, labels = [ident for ident, _, _ in choices], [label for _, label, _ in choices]
    short = all(len(each.encode()) <= IDENT for each in ids) and all(0 < len(each) <= LABEL for each in labels)
    return short and len(set(ids)) == len(ids) <= ROWS and len(set(labels)) == len(labels)


@cache
def _model() -> tuple[bytes, Office, dict[str, str]]:
    """The sample office, once for all tests: its record, what it stands on, and where its officers belong."""
    with TemporaryDirectory() as folder:
        stage = built(Path(folder))
        stage.engine.dispose()
        with closing(sqlite3.connect(Path(folder) / "stage.db")) as file:
            file.execute("PRAGMA journal_mode=DELETE")
            return file.serialize(), stage.office, stage.officers


@contextmanager
def sample_office(undo: float = 0, chance: int = 7) -> Iterator[Overheard]:
    """A stage of its own; `undo` in seconds, `chance` seeds the numbers that are drawn."""
    record, office, officers = _model()
    engine = sqlite_engine("sqlite://")
    with engine.connect() as connection:
        connection.connection.driver_connection.deserialize(record)  # type: ignore[union-attr]
    draw = random.Random(chance).randrange
    office = replace(office, draw=draw, undo_for=timedelta(seconds=undo))
    try:
        # The numbers of the events by which the officers were enrolled are used up.
        yield Overheard(engine, office, officers=dict(officers), _count=len(officers))
    finally:
        engine.dispose()


def acts(stage: Stage, *lines: str) -> list[str]:
    """What the bot does about these lines of a transcript, with the lines themselves."""
    return list(play(stage, list(lines)))


def begin(stage: Overheard, person: str, story: str = STORY) -> None:
    """A person begins a report and tells the story; the question of the topic stands open."""
    acts(stage, f"{person}> lapor")
    if current(stage, person).answers.get("consent") is None:
        acts(stage, f"{person}> [Setuju]")
    acts(stage, f"{person}> {story}", f"{person}> [Selesai bercerita]")


def to_review(stage: Overheard, person: str, privacy: str = "Biasa", story: str = STORY) -> None:
    """A report about a road, up to the review; with another story the officers decide where it goes."""
    begin(stage, person, story)
    topic = "[Benar]" if story == STORY else "[Petugas menentukan]"
    acts(stage, *(f"{person}> {line}" for line in (topic, PLACE, "[Benar]")))
    if "near" in current(stage, person).answers:
        acts(stage, f"{person}> [Tidak, laporan baru]")
    acts(stage, *(f"{person}> {line}" for line in ("[Kemarin]", "[Lewati]", f"[{privacy}]")))


def report(stage: Overheard, person: str, privacy: str = "Biasa", story: str = STORY) -> str:
    """A whole report, sent; gives its number."""
    to_review(stage, person, privacy, story)
    number = find("\n".join(acts(stage, f"{person}> [Kirim]")))
    assert number is not None
    return number


def answered(stage: Stage, person: str, number: str, text: str = "Lubang sudah ditambal pagi ini.") -> None:
    """Agus of the roads answers a report."""
    acts(stage, f'Agus Wibowo @ dputr> (balas "{number}") {text}', "Agus Wibowo @ dputr> [Kirim ke pelapor]")


def rows(stage: Stage, query: Any) -> Sequence[Any]:
    """What the record holds."""
    with stage.engine.begin() as connection:
        return connection.execute(query).all()


def tickets(stage: Stage) -> list[Ticket]:
    """All tickets on record, oldest first."""
    return [ticket_of(row) for row in rows(stage, select(t.tickets).order_by(t.tickets.c.id))]


def ticket(stage: Stage, number: str) -> Ticket:
    """The ticket with this number."""
    return next(each for each in tickets(stage) if each.number == number)


def history(stage: Stage, ident: int) -> Sequence[Entry]:
    """The history of a ticket."""
    with stage.engine.begin() as connection:
        return desk(stage, connection).history(ident)


def faults(stage: Stage) -> list[str]:
    """Where the program failed, if anything was too much for it."""
    return [row.trace for row in rows(stage, select(t.poison.c.trace))]


def desk(stage: Stage, connection: Connection) -> RecordDesk:
    """The stage's desk."""
    return RecordDesk(connection, stage.office, stage.now)


def contact(stage: Stage, address: str) -> int:
    """The contact behind an address such as p:Sari, room:dputr, or w:Wahyu on WhatsApp."""
    lookups = stage.office.vault.lookups("whatsapp" if address.startswith("w:") else "stage", address)
    return int(rows(stage, select(t.contacts.c.id).where(t.contacts.c.lookup.in_(lookups)))[0].id)


def current(stage: Overheard, person: str) -> Talk:
    """Where a person's own conversation stands."""
    ident = contact(stage, f"{'w' if person in stage.phones else 'p'}:{person}")
    query = select(t.talks.c.body).where(t.talks.c.contact_id == ident, t.talks.c.room_id == 0)
    found = rows(stage, query)
    return msgspec.json.decode(found[0].body, type=Talk) if found else Talk()
