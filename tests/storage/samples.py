"""Builders of what the tests of the record stand on: an office, people, events, tickets and letters."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.language import renderer
from handlers.desk import Entry, Scene, Ticket
from handlers.facts import Agency, Category, Facts
from handlers.respond import respond
from handlers.rules.routing import Route
from handlers.rules.ticket import Role, State
from handlers.words import Inbound, Kind, Letter, Person, Room, Turn
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.office import Office
from storage.turns import Batch, Handler, take
from storage.vault import Vault

T = TypeVar("T")
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
KEY, OLDER_KEY = b"k" * 32, b"o" * 32
CHANNEL, WHATSAPP = "telegram", "whatsapp"
# Our own numbers on WhatsApp.
ACCOUNT, SECOND_ACCOUNT = "1555", "1777"
SITI = Person("6281234567890", "Siti Rahmawati")
BUDI = Person("6289876543210", "Budi Santoso")
ANI = Person("6285555555555", "Ani Lestari")
ROADS = Room("-1001", "Dinas Pekerjaan Umum")
CLINICS = Room("-1002", "Dinas Kesehatan")
FACTS = Facts(
    agencies=(
        Agency("kominfo", "Dinas Kominfo", kind="coordinator"),
        Agency("dpu", "Dinas Pekerjaan Umum", "kominfo"),
        Agency("dinkes", "Dinas Kesehatan", "kominfo"),
    ),
    categories=(Category("jalan", "Jalan"), Category("sehat", "Kesehatan")),
    routes=(Route(10, "jalan", "", "dpu"), Route(20, "sehat", "", "dinkes")),
    office="Kabupaten Contoh",
)
ON_SQLITE = pytest.mark.parametrize("record_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("record_url", ["postgresql"], indirect=True)


def office(*keys: bytes, facts: Facts = FACTS, undo_for: timedelta = timedelta(seconds=30)) -> Office:
    """An office whose chance is always the same."""
    chance = random.Random(7)
    return Office(Vault(keys or (KEY,)), facts, renderer({"id": {}, "en": {}}), chance.randrange, undo_for)


OFFICE = office()
_ids = count(1)


def event(person: Person = SITI, text: str = "", kind: Kind = Kind.TEXT, **more: Any) -> Inbound:
    """Something a person did; each has an id of its own unless one is given."""
    given: dict[str, Any] = {"channel": CHANNEL, "id": f"e{next(_ids)}", "message": f"m{next(_ids)}", "at": NOW} | more
    return Inbound(kind=kind, person=person, text=text, **given)


def wrote(person: Person, text: str = "halo", kind: Kind = Kind.TEXT, **more: Any) -> Inbound:
    """Something a person did on WhatsApp, to our first number where none is named."""
    return event(person, text, kind, **{"channel": WHATSAPP, "account": ACCOUNT, **more})


def echo(scene: Scene) -> Turn:
    """Remembers every text it was sent and answers with all of them."""
    said = [*scene.talk.answers.get("said", []), scene.event.text]
    return scene.reply(replace(scene.talk, dialogue="echo", answers={"said": said}), scene.letter(" ".join(said)))


class Fault(Exception):  # noqa: N818 - the domain word
    """A fault of ours; its words hold what the person wrote, as those of real faults do."""


def faulty(scene: Scene) -> Turn:
    """Echoes, and breaks on everything that begins with an exclamation mark."""
    if scene.event.text.startswith("!"):
        scene.desk.change_contact(replace(scene.contact, language="xx"))
        raise Fault(scene.event.text)
    return echo(scene)


async def taken(
    database: Database, *events: Inbound, handler: Handler = respond, by: Office = OFFICE, now: datetime = NOW
) -> Batch:
    """What came of these events, in one batch."""
    return await database.write(lambda c: take(c, events, by, now, handler))


async def at_desk(
    database: Database, work: Callable[[RecordDesk], T], now: datetime = NOW, letters: Sequence[Letter] = ()
) -> T:
    """What this work at a desk came to; the desk is written down after it."""

    def write(connection: Connection) -> T:
        desk = RecordDesk(connection, OFFICE, now)
        result = work(desk)
        desk.flush(letters)
        return result

    return await database.write(write)


async def undone(database: Database, work: Callable[[Connection], T]) -> T:
    """What this work came to; nothing of it stays."""

    def write(connection: Connection) -> T:
        alone = connection.begin_nested()
        try:
            return work(connection)
        finally:
            alone.rollback()

    return await database.write(write)


async def rows(database: Database, table: Any, *where: Any) -> list[Any]:
    """The rows of a table, in the order of their first column."""
    query = select(table).where(*where).order_by(next(iter(table.c)))
    return await database.read(lambda c: list(c.execute(query)))


async def number_of(database: Database, table: Any, *where: Any) -> int:
    """How many rows a table has."""
    query = select(func.count()).select_from(table).where(*where)
    return await database.read(lambda c: c.execute(query).scalar_one())


@dataclass(slots=True)
class People:
    """The contacts that most tests need: a reporter, two officers, and the groups of two agencies."""

    siti: int
    budi: int
    ani: int
    roads: int
    health: int


def silent(scene: Scene) -> Turn:
    """Does nothing: the event only makes its person and its group known."""
    return Turn(scene.talk)


def put_contact(connection: Connection, person: Person, room: Room = ROADS, by: Office = OFFICE) -> int:
    """Somebody whose name is known, because they once spoke to the bot in a group."""
    take(connection, [event(person, "/halo", room=room)], by, NOW, silent)
    return contact_at(connection, person.address, by)


def contact_at(connection: Connection, address: str, by: Office = OFFICE, channel: str = CHANNEL) -> int:
    """The contact with this address."""
    lookup = by.vault.lookups(channel, address)[0]
    return int(connection.execute(select(t.contacts.c.id).where(t.contacts.c.lookup == lookup)).scalar_one())


def put_account(connection: Connection, person: Person, at: datetime = NOW) -> int:
    """Somebody who wrote to us on WhatsApp, and what they wrote was answered."""
    take(connection, [wrote(person, at=at)], OFFICE, at, silent)
    return contact_at(connection, person.address, channel=WHATSAPP)


def put_people(connection: Connection) -> People:
    """All of them, and the groups bound to their agencies."""
    siti, budi, ani = (
        put_contact(connection, SITI),
        put_contact(connection, BUDI),
        put_contact(connection, ANI, CLINICS),
    )
    roads, health = contact_at(connection, ROADS.address), contact_at(connection, CLINICS.address)
    desk = RecordDesk(connection, OFFICE, NOW)
    desk.bind_room(roads, "dpu")
    desk.bind_room(health, "dinkes")
    return People(siti, budi, ani, roads, health)


def ticket(reporter: int, number: str = "LPR-2611-AAAA-A", **more: Any) -> Ticket:
    """A report that has not been put on record yet."""
    given: dict[str, Any] = {
        "state": State.RECEIVED,
        "report_type": "complaint",
        "category": "jalan",
        "agency": "dpu",
        "area": "",
        "title": "Jalan berlubang",
        "story": "Jalan di depan pasar berlubang besar.",
        "place": {"text": "Pasar Baru", "lat": None, "lon": None, "area": ""},
        "happened": date(2026, 11, 20),
        "anonymous": False,
        "secret": False,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return Ticket(id=0, number=number, reporter=reporter, **{**given, **more})


def entry(of: Ticket, action: str = "note", **more: Any) -> Entry:
    """A line of a ticket's history."""
    given: dict[str, Any] = {
        "at": NOW,
        "actor": None,
        "role": Role.SYSTEM,
        "state": of.state,
        "agency": of.agency,
    } | more
    return Entry(ticket=of.id, action=action, **given)


def letters_to(contact: int, parcels: Sequence[Parcel]) -> list[str]:
    """What these parcels say to one contact."""
    return [parcel.body.text for parcel in parcels if parcel.contact == contact]


async def put_talk(database: Database, contact: int, body: str, at: datetime = NOW, open_: bool = True) -> None:
    """A conversation as another version of the program left it."""
    values = {"contact_id": contact, "room_id": 0, "body": body, "open": open_, "nudged": False, "updated_at": at}
    await database.write(lambda c: c.execute(insert(t.talks).values(values)).rowcount)


def reopened(desk: RecordDesk) -> RecordDesk:
    """The desk of the next batch."""
    desk.flush(())
    return RecordDesk(desk._c, OFFICE, desk.now)
