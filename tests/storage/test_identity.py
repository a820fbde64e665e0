"""Who a person is stands sealed in one table, and nowhere in the open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, select

from handlers.desk import Scene
from handlers.rules.ticket import Role
from handlers.words import File, Inbound, Kind, Person, Room, Turn
from storage import facts, outbox
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.office import Office
from storage.outbox import Sent
from tests.storage.samples import CHANNEL, NOW, OFFICE, contact_at, event, faulty, office, put_contact, rows, taken

PHONE = "628123450987"
RANI = Person(PHONE, "Rani Kusumawardhani")
GROUP = Room("-1009988776655", "Grup Piket Jalan")
BAYU = Person("628777666555", "Bayu Prakosa")
LETTER = File("ref", "document", "application/pdf", 10, "KTP Rani Kusumawardhani.pdf")
REPORTED = "Jalan di depan pasar berlubang besar dan sering membuat orang jatuh."
SECRETS = (PHONE, "Rani", "Kusumawardhani", GROUP.address)
PRESSED = ("Setuju", "Kirim", "Selesai bercerita", "Pengaduan", "Hari ini", "Benar", "Biasa", "Lewati", "Jalan")
SAID = (
    ("Ceritakan", REPORTED),
    ("Di mana", "Jalan Merdeka, depan Pasar Baru"),
)


def answered(parcel: Parcel) -> Inbound:
    """What Rani does about a letter: she presses the button she knows, or writes what was asked for."""
    for label in PRESSED:
        for choice, shown, _ in parcel.body.choices:
            if shown.startswith(label):
                return event(RANI, kind=Kind.TAP, tap=choice)
    for asked, text in SAID:
        if asked in parcel.body.text:
            return event(RANI, text)
    choice, _, _ = parcel.body.choices[0]
    return event(RANI, kind=Kind.TAP, tap=choice)


async def whole_report(database: Database, by: Office, ends: str = "Nomor: LPR") -> None:
    """Takes Rani from the first word to the number of her report, and delivers what is sent."""
    parcels = (await taken(database, event(RANI, "/lapor"), by=by)).parcels
    for _ in range(30):
        (parcel,) = [each for each in parcels if not each.group]
        await database.write(lambda c, done=tuple(parcels): outbox.delivered(c, [Sent(p, ("5",), NOW) for p in done]))  # type: ignore[misc]
        if ends in parcel.body.text:
            return
        parcels = (await taken(database, answered(parcel), by=by)).parcels
    raise AssertionError("the report did not end")


@pytest.fixture
async def by(database: Database) -> Office:
    """The sample office, with a group at the agency that watches over the others."""
    await database.write(lambda c: facts.keep(c, facts.read_folder(facts.sample())))
    found = office(facts=await database.read(facts.load))
    assert found.facts.coordinator
    agency = found.facts.coordinator.code

    def bind(connection: Connection) -> None:
        put_contact(connection, BAYU, GROUP, found)
        RecordDesk(connection, found, NOW).bind_room(contact_at(connection, GROUP.address, found), agency)

    await database.write(bind)
    return found


async def open_secrets(database: Database) -> list[str]:
    """What an intruder could read of Rani in the values of all tables, and in the raw files."""

    def dumped(connection: Connection) -> str:
        found = MetaData()
        found.reflect(connection)
        assert set(found.tables) >= set(t.metadata.tables)
        # As tuples: a row shows long values cut short.
        return repr([list(map(tuple, connection.execute(select(each)))) for each in found.tables.values()])

    dump = (await database.read(dumped)).encode()
    assert REPORTED.encode() in dump
    if database.sqlite:
        dump += b"".join(path.read_bytes() for path in Path(str(database.url.database)).parent.glob("*.db*"))
    return [secret for secret in SECRETS if secret.encode() in dump]


async def test_after_a_report_nobody_can_be_read_from_the_record(database: Database, by: Office) -> None:
    """Name and address of a reporter stand nowhere in the open, though the report itself does."""
    await whole_report(database, by)
    assert await open_secrets(database) == []
    (reporter,) = await rows(database, t.contacts, t.contacts.c.consent != "")
    identity = by.vault.open(reporter.sealed, reporter.lookup)
    assert (identity.address, identity.name) == (RANI.address, RANI.name)


async def test_faults_and_files_tell_no_name(database: Database, by: Office) -> None:
    """An event set aside, and a file whose name says whose it is, are no way around the seal."""
    await whole_report(database, by)
    words = event(RANI, f"!saya Rani {PHONE}")

    def attach(scene: Scene) -> Turn:
        (ticket,) = scene.desk.tickets_of(scene.contact.id)
        scene.desk.attach(ticket.id, [LETTER], Role.REPORTER, CHANNEL)
        return faulty(scene) if scene.event.text else Turn(scene.talk)

    await taken(database, words, event(RANI, kind=Kind.FILE, file=LETTER), handler=attach, by=by)
    assert len(await rows(database, t.poison)) == len(await rows(database, t.attachments)) == 1
    assert await open_secrets(database) == []


async def test_a_name_is_kept_from_the_consent_on(database: Database) -> None:
    """Who only looks around leaves no name, not even sealed."""
    await taken(database, event(RANI, "/start"))
    (row,) = await rows(database, t.contacts)
    assert OFFICE.vault.open(row.sealed, row.lookup).name == ""

    def agrees(scene: Scene) -> Turn:
        scene.desk.change_contact(replace(scene.contact, consent="2026-11"))
        return Turn(scene.talk)

    await taken(database, event(RANI, "ya"), handler=agrees)
    (row,) = await rows(database, t.contacts)
    assert OFFICE.vault.open(row.sealed, row.lookup).name == RANI.name


async def test_a_file_on_its_way_tells_no_name(database: Database, by: Office) -> None:
    """Also while the report is not sent yet, the name of a file is not kept."""
    await whole_report(database, by, ends="Punya foto")
    await taken(database, event(RANI, kind=Kind.FILE, file=LETTER), by=by)
    assert await open_secrets(database) == []
