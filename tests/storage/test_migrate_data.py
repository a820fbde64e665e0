"""Records that are in use come to the newest shape and back with all that was in them."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, select, table
from sqlalchemy import column as c

from handlers.desk import Officer
from handlers.rules.ticket import Role
from storage import outbox
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.migrate import HEAD, revision, upgrade
from storage.vault import Identity
from tests.storage.samples import ACCOUNT, BUDI, CHANNEL, NOW, OFFICE, SITI, echo, event, rows, taken, wrote
from tests.storage.test_migrate import config, drift

# In the order of the ids that the database gives them.
ADDRESSES = ((SITI.address, False), (BUDI.address, False), ("-1001", True), ("-1002", True))
AT = (NOW - t.EPOCH).days * 86_400_000_000
REPORT = {
    **dict.fromkeys(("category", "area", "title", "story", "clock", "policy", "why"), ""),
    "number": "LPR-2611-AAAA-A",
    "reporter": 1,
    "state": "received",
    "report_type": "complaint",
    "agency": "dpu",
    "place": "{}",
    "happened": NOW.date(),
    "anonymous": False,
    "secret": False,
    "created_at": AT,
    "changed_at": AT,
}
MESSAGE = {"contact_id": 1, "ticket": 1, "part": "notice"}
TALK = '{"dialogue":"echo","answers":{"said":["lama"]}}'


def to(wanted: str, way: Any = command.upgrade) -> Any:
    """A write that brings the record to this shape."""
    return lambda connection: way(config(connection), wanted)


def old(name: str, values: dict[str, Any]) -> Any:
    """A row in the first shape, of which the program has no picture any more."""
    return insert(table(name, *(c(each) for each in values))).values(**values)


def put(connection: Connection) -> None:
    """A reporter, an officer, two groups, a report with a message about it, and a letter that waits."""
    for address, group in ADDRESSES:
        lookup = OFFICE.vault.lookups(CHANNEL, address)[0]
        who = {"channel": CHANNEL, "lookup": lookup, "sealed": OFFICE.vault.seal(Identity(address, "Nama"), lookup)}
        more = {"named": True, "is_group": group, "forum": False, "language": "id", "blocked": False, "consent": ""}
        connection.execute(old("contacts", who | more | {"created_at": AT}))
    for room, agency in ((3, "dpu"), (4, "dinkes")):
        connection.execute(old("rooms", {"contact_id": room, "agency": agency, "bound_at": AT}))
    connection.execute(old("tickets", REPORT))
    connection.execute(old("sent", MESSAGE | {"message": "17", "failed": False, "at": AT}))
    letter = {"priority": 1, "due_at": AT, "attempts": 2, "key": "", "body": '{"text":"kabar"}'}
    connection.execute(old("outbox", MESSAGE | letter))
    values = {"contact_id": 1, "room_id": 0, "body": TALK, "open": False, "nudged": False, "updated_at": AT}
    connection.execute(old("talks", values))


@pytest.fixture
async def used(blank: Database) -> Database:
    """A record in the first shape, in use."""
    await blank.write(to("0001"))
    await blank.write(put)
    return blank


async def test_a_record_in_use_is_brought_to_the_newest_shape(used: Database) -> None:
    """Nothing is lost, letters leave as before, and what is new is empty."""
    assert await used.write(upgrade) == "0001"
    assert (await used.read(revision), await used.read(drift)) == (HEAD, [])
    assert [(row.person, row.into) for row in await rows(used, t.contacts)] == [(None, None)] * 4
    assert [(row.message, row.rank) for row in await rows(used, t.sent)] == [("17", 0)]
    (parcel,) = await used.read(lambda connection: outbox.waiting(connection, [CHANNEL], 9))
    assert (parcel.body.text, parcel.attempts) == ("kabar", 2)
    assert [row.held for row in await rows(used, t.outbox)] == [False]
    for each in (t.aliases, t.windows, t.pairings, t.accepted, t.receipts, t.fetches):
        assert await rows(used, each) == []


async def test_conversations_go_on_after_it(used: Database) -> None:
    """Who was in the middle of something goes on there; groups answer for their agencies; WhatsApp works."""
    await used.write(upgrade)
    batch = await taken(used, event(SITI, "baru"), wrote(SITI, "halo"), handler=echo)
    assert [parcel.body.text for parcel in batch.parcels] == ["lama baru", "halo"]
    assert [(row.contact_id, row.account) for row in await rows(used, t.windows)] == [(5, ACCOUNT)]

    def look(connection: Connection) -> None:
        desk = RecordDesk(connection, OFFICE, NOW)
        assert [desk.agency_of(room) for room in (3, 4)] == ["dpu", "dinkes"]
        assert [room.id for room in desk.rooms_of("dpu")] == [3]
        bound = desk.bound(1, "17")
        assert bound
        assert bound.ticket == 1

    await used.read(look)


def second_chats(connection: Connection) -> None:
    """An officer's own chat beside the group of the agency, and one of an agency that has no group."""
    desk = RecordDesk(connection, OFFICE, NOW)
    for agency, room in (("dpu", 1), ("kominfo", 2)):
        desk.enrol(Officer(room, agency, Role.OFFICER))
        desk.bind_room(room, agency)


def left(name: str, of: str) -> Any:
    """What a column of a table holds, in whatever shape."""
    return lambda connection: sorted(connection.execute(select(c(of)).select_from(table(name))).scalars())


async def test_the_way_back_keeps_what_the_older_shape_can_hold(used: Database) -> None:
    """One chat for an agency, its group where it has one; the rest is as it was, and the way up is open again."""
    await used.write(upgrade)
    await taken(used, wrote(SITI, "halo"), handler=echo)
    await used.write(second_chats)
    await used.write(to("0001", command.downgrade))
    assert await used.read(left("rooms", "contact_id")) == [2, 3, 4]
    assert await used.read(left("sent", "message")) == ["17"]
    await used.write(upgrade)
    assert await used.read(drift) == []
    assert len(await rows(used, t.outbox)) == 2
