"""Records that are in use come to the newest shape and back with all that was in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from sqlalchemy import Connection, insert, select, table
from sqlalchemy import column as c

from handlers.desk import Officer, Ticket
from handlers.rules.clocks import ends, length
from handlers.rules.ticket import Clock, Role
from handlers.rules.workdays import Calendar, deadline
from storage import outbox
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.migrate import HEAD, revision, upgrade
from storage.rows import ticket_of
from storage.vault import Identity
from tests.storage.samples import ACCOUNT, BUDI, CHANNEL, NOW, OFFICE, SITI, echo, event, rows, taken, wrote
from tests.storage.test_migrate import config, drift

# In the order of the ids that the database gives them.
ADDRESSES = ((SITI.address, False), (BUDI.address, False), ("-1001", True), ("-1002", True))
AT = (NOW - t.EPOCH).days * 86_400_000_000
REPORT = {
    **dict.fromkeys(("category", "area", "title", "story", "policy", "why"), ""),
    "clock": "stop",
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
    query: Any = select(c(of)).select_from(table(name)).where(c(of).is_not(None))
    return lambda connection: sorted(connection.execute(query).scalars())


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


# -- clocks that ran before the law of the ticket: 24 and 25 December 2026 are free, an office of the east among them

FREE = {date(2026, 12, 24): "Cuti bersama", date(2026, 12, 25): "Natal"}
ZONES = {"dpu": "Asia/Jakarta", "timur": "Asia/Jayapura"}


@dataclass(frozen=True, slots=True)
class Was:
    """A ticket as the older shape held it: where it was, since when, and by when the reporter was told."""

    state: str
    clock: str
    since: str
    days: int
    agency: str = "dpu"
    asked: str = ""
    told: int = 0

    @property
    def calendar(self) -> Calendar:
        return Calendar(FREE, frozenset({2026}), ZONES[self.agency])

    def at(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONES[self.agency]))

    @property
    def due(self) -> datetime:
        return deadline(self.at(self.asked or self.since), self.days, self.calendar)

    @property
    def handling(self) -> datetime | None:
        return deadline(self.at(self.since), self.told, self.calendar) if self.told else None


WERE = {
    "verified": Was("received", "verification", "2026-12-21T09:00:00", 3),
    "at the close": Was("received", "verification", "2026-12-21T16:00:00", 3),
    "in the evening": Was("received", "verification", "2026-12-21T20:15:00", 3),
    "on a Saturday": Was("received", "verification", "2026-12-19T10:00:00", 3),
    "before a holiday": Was("received", "verification", "2026-12-23T18:00:00", 3),
    "over already": Was("received", "verification", "2026-11-02T09:00:00", 3),
    "returned": Was("returned", "verification", "2026-12-18T16:31:00", 3),
    "handled": Was("forwarded", "resolution", "2026-12-14T09:00:00", 14),
    "handled by night": Was("in_progress", "resolution", "2026-12-14T23:59:00", 14),
    "handled in the east": Was("in_progress", "resolution", "2026-12-14T00:30:00", 14, "timur"),
    "asked": Was("needs_info", "completion", "2026-12-01T22:00:00", 10, asked="2026-12-05T09:00:00", told=14),
    "asked at once": Was("needs_info", "completion", "2026-12-01T09:00:00", 10),
    "answered": Was("responded", "reporter_response", "2026-12-15T17:00:00", 10),
    "replied": Was("reporter_replied", "first_follow_up", "2026-12-13T09:00:00", 5),
}


def micros(moment: datetime) -> int:
    return (moment - t.EPOCH).days * 86_400_000_000 + (moment - t.EPOCH).seconds * 1_000_000


def ran(connection: Connection) -> None:
    """Two agencies, two free days, and a ticket of each kind; the last one is closed."""
    put(connection)
    for n, (agency, zone) in enumerate(ZONES.items()):
        words = {"code": agency, "name": agency, "parent": "", "kind": "agency", "area": "", "short": agency}
        connection.execute(old("agencies", {**words, "zone": zone, "position": n}))
    for day, name in FREE.items():
        connection.execute(old("holidays", {"date": day, "area": "", "name": name, "kind": "national"}))
    for n, was in enumerate(WERE.values()):
        since, asked = was.at(was.since), was.at(was.asked or was.since)
        values = {
            "number": f"LPR-2612-{n}",
            "state": was.state,
            "agency": was.agency,
            "clock": was.clock,
            "created_at": micros(since),
            "forwarded_at": micros(since) if was.clock == "resolution" or was.told else None,
            "changed_at": micros(asked),
            "due_at": micros(was.due),
            "handling_due": micros(was.handling) if was.handling else None,
        }
        connection.execute(old("tickets", REPORT | values))
    closed = {"number": "LPR-2612-Z", "state": "resolved", "clock": "stop", "closed_at": AT}
    connection.execute(old("tickets", REPORT | closed))


@pytest.fixture
async def law(blank: Database) -> dict[str, Ticket]:
    """What became of them, by what they were."""
    await blank.write(to("0002"))
    await blank.write(ran)
    await blank.write(upgrade)
    assert await blank.read(drift) == []
    found = {row.number: ticket_of(row) for row in await rows(blank, t.tickets)}
    assert not found["LPR-2612-Z"].runs
    return {name: found[f"LPR-2612-{n}"] for n, name in enumerate(WERE)}


async def test_every_open_ticket_keeps_its_deadline(law: dict[str, Ticket]) -> None:
    """The clock that was shown runs on with the same end, and the program looks at the ticket."""
    for name, was in WERE.items():
        ticket = law[name]
        run = ticket.run(Clock(was.clock))
        assert run, name
        assert (run.due, ticket.due_at, ticket.clock) == (was.due, was.due, was.clock), name
        assert (run.rests, run.told, run.working) == (None, None, True), name
        assert ticket.wakes_at == was.at(was.asked or was.since), name


async def test_counted_anew_the_deadline_is_the_same(law: dict[str, Ticket]) -> None:
    """The days of a clock lead from its start to its end, whenever it was received: a pause adds to nothing else."""
    for name, was in WERE.items():
        for run in law[name].runs:
            again = ends(run.since, length(run), was.calendar, run.working, run.since)
            assert again == run.due, (name, run.step)


async def test_a_question_leaves_the_handling_at_rest(law: dict[str, Ticket]) -> None:
    """While the reporter was asked, the handling waits since then; where nobody handled it yet, there is nothing."""
    asked, was = law["asked"], WERE["asked"]
    handling = asked.run(Clock.HANDLING)
    assert handling
    assert (handling.due, handling.days, handling.rests) == (was.handling, 14, was.at(was.asked))
    assert [run.step for run in law["asked at once"].runs] == [Clock.COMPLETION]
    assert all(len(ticket.runs) == 1 for name, ticket in law.items() if name != "asked")


async def test_the_way_back_keeps_the_deadlines(blank: Database) -> None:
    """What the older shape held of the clocks is there again, and what it does not know is what it comes nearest."""
    await blank.write(to("0002"))
    await blank.write(ran)
    before = [await blank.read(left("tickets", name)) for name in ("due_at", "clock", "state")]
    await blank.write(upgrade)
    await blank.write(to("0002", command.downgrade))
    assert [await blank.read(left("tickets", name)) for name in ("due_at", "clock", "state")] == before
    handled = [was.handling or was.due for was in WERE.values() if was.handling or was.clock == "resolution"]
    assert await blank.read(left("tickets", "handling_due")) == sorted(map(micros, handled))
