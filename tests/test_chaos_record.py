"""The checks of the chaos on the record can fail: each finds the damage that is meant for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    LargeBinary,
    String,
    Text,
    delete,
    insert,
    select,
    text,
    update,
)

from bench import chaos_record
from bench.chaos_people import parts_of
from bench.replay_check import Finding
from handlers import case
from handlers.rules.ticket import Role
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from tests.storage.samples import CHANNEL, NOW, OFFICE, SITI, People, event, put_people, ticket, undone

NUMBER, OTHER = "LPR-2611-AAAA-A", "LPR-2611-BBBB-B"
NOWHERE = 987_654
WRITTEN = {"x": 2}
MOVES: tuple[tuple[str, Role, dict[str, Any]], ...] = (
    ("forward", Role.SYSTEM, {"agency": "dpu"}),
    ("claim", Role.OFFICER, {}),
    ("answer", Role.OFFICER, {"text": "Sudah.", "draft": 0}),
    ("confirm", Role.REPORTER, {}),
)


@dataclass
class Somebody:
    """A citizen with one report."""

    at: int = 3
    number: str = NUMBER
    privacy: str = "Terbuka"
    told: list[str] = field(default_factory=lambda: parts_of(3, 1))


def resolved(connection: Connection) -> People:
    """A record on which one report came to a good end."""
    people = put_people(connection)
    desk = RecordDesk(connection, OFFICE, NOW)
    now = case.opened(desk, ticket(people.siti, NUMBER, story="\n".join(parts_of(3, 1))), (), CHANNEL).ticket
    for action, role, data in MOVES:
        made = case.make(desk, now, action, role, people.budi, **data)
        assert made is not None
        now = made.ticket
    desk.flush(())
    sent = {"contact_id": people.siti, "message": "7", "ticket": now.id, "part": "notice", "failed": False, "at": NOW}
    connection.execute(insert(t.sent).values(sent))
    return people


def findings(connection: Connection, meant: list[str]) -> dict[str, Finding]:
    """All that is checked on a record."""
    every = [
        *chaos_record.reports(connection, [Somebody()]),
        *chaos_record.events(connection, dict.fromkeys(meant, 1), meant),
        *chaos_record.left_over(connection, WRITTEN),
        *chaos_record.histories(connection),
        chaos_record.orphans(connection),
        chaos_record.receipts(connection, OFFICE.vault, {SITI.address: {"7"}}),
    ]
    return {one.what: one for one in every}


def unwatched(connection: Connection) -> None:
    """Lets the database take what points to nothing, until this transaction ends."""
    sqlite = connection.dialect.name == "sqlite"
    watch = "PRAGMA defer_foreign_keys = ON" if sqlite else "SET LOCAL session_replication_role = replica"
    connection.execute(text(watch))


def filler(column: Column[Any]) -> Any:
    """Something that a column takes."""
    kinds: tuple[tuple[type, Any], ...] = (
        (Boolean, False),
        (Date, date(2026, 11, 23)),
        (LargeBinary, b"x" * 32),
        (t.Instant, NOW),
        (t.Json, []),
        (String, "x"),
        (Text, "x"),
    )
    return next((value for kind, value in kinds if isinstance(column.type, kind)), NOWHERE)


def row(table: Any, **more: Any) -> Any:
    """A row of which nothing matters but what is given."""
    needed = {one.name: filler(one) for one in table.columns if not one.nullable and one.server_default is None}
    return insert(table).values({**needed, **more})


def second(connection: Connection) -> None:
    found = connection.execute(select(t.tickets)).one()._asdict()
    connection.execute(insert(t.tickets).values({**found, "id": NOWHERE, "number": OTHER}))


STORY = t.tickets.c.story
DAMAGES: dict[str, tuple[str, Any]] = {
    "a report lost": ("reports that are exactly one ticket, of the number told", delete(t.tickets)),
    "a report on record twice": ("reports that are exactly one ticket, of the number told", second),
    "another number": (
        "reports that are exactly one ticket, of the number told",
        update(t.tickets).values(number=OTHER),
    ),
    "a ticket of nobody": ("tickets that are not one citizen's", update(t.tickets).values(story="Kabar 00004 lain")),
    "a story cut short": ("stories with each part once", update(t.tickets).values(story="Kabar 00003 bagian")),
    "a part told twice": ("stories with each part once", update(t.tickets).values(story=STORY + STORY)),
    "a ticket not ended": ("tickets resolved", update(t.tickets).values(state="in_progress")),
    "an event lost": ("events that are on record once", delete(t.inbox)),
    "an event from nowhere": ("events on record that nobody sent", row(t.inbox)),
    "a letter left": ("letters left in the outbox", row(t.outbox)),
    "an event set aside": ("events set aside as poison", row(t.poison)),
    "a dialogue left open": ("reports left unfinished", row(t.talks, room_id=0, open=True)),
    "a draft left unsent": ("officers' drafts left unsent", row(t.drafts)),
    "a state changed": ("histories that lead elsewhere", update(t.tickets).values(state="received")),
    "a step lost": ("histories that lead elsewhere", delete(t.history).where(t.history.c.action == "answer")),
    "a history lost": ("tickets without a history", delete(t.history)),
    "a letter never sent": ("letters on record as sent that never arrived", update(t.sent).values(message="8")),
}


def damaged(connection: Connection, damage: Any) -> None:
    """Does the damage, with nobody to watch over it."""
    unwatched(connection)
    if callable(damage):
        damage(connection)
    else:
        connection.execute(damage)


async def looked(database: Database, damage: Any = None) -> dict[str, Finding]:
    """What the checks find on a good record, or on one with this damage."""

    def look(connection: Connection) -> dict[str, Finding]:
        resolved(connection)
        meant = list(connection.execute(select(t.inbox.c.event_id)).scalars())
        if damage is not None:
            damaged(connection, damage)
        return findings(connection, meant)

    return await undone(database, look)


async def test_a_sound_record_passes(database: Database) -> None:
    """Nothing is found where nothing is wrong."""
    assert {name: one for name, one in (await looked(database)).items() if not one.fine} == {}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_each_damage_of_the_record_is_found(database: Database, damage: str) -> None:
    """A record that was damaged by hand fails the check that is meant for it."""
    check, done = DAMAGES[damage]
    assert not (await looked(database, done))[check].fine


DRAFTS = {
    "written twice, and one sent": ([True, False], 0),
    "written twice, and both sent": ([True, True, False], 1),
    "written twice, and none sent": ([False, False], 2),
    "one more than was written": ([True, False, False], 2),
}


@pytest.mark.parametrize("drafts", DRAFTS)
async def test_a_draft_is_left_by_who_wrote_again_and_by_nobody_else(database: Database, drafts: str) -> None:
    """One of those with the same words was sent, and there are no more than were written."""
    sent, left = DRAFTS[drafts]

    def add(connection: Connection) -> None:
        for ident, each in enumerate(sent, NOWHERE):
            connection.execute(row(t.drafts, id=ident, sent=each, source=f"m{ident}"))

    assert (await looked(database, add))["officers' drafts left unsent"].found == left


def doubled(connection: Connection) -> None:
    for ident, sent in enumerate((True, False), NOWHERE):
        connection.execute(row(t.drafts, id=ident, sent=sent, source="m1"))


async def test_two_drafts_of_one_message_are_found(database: Database) -> None:
    """However often its words were written."""
    assert (await looked(database, doubled))["officers' drafts left unsent"].found == 1


RELATIONS = {f"{child.table.name}.{child.name}": child for child, _ in chaos_record.relations()}


@pytest.mark.parametrize("name", RELATIONS)
async def test_a_row_that_points_to_nothing_is_found(database: Database, name: str) -> None:
    """In every table, a row whose relation leads nowhere is found and named."""
    child = RELATIONS[name]

    def look(connection: Connection) -> Finding:
        damaged(connection, row(child.table, **{child.name: NOWHERE + 1}))
        return chaos_record.orphans(connection)

    assert name in (await undone(database, look)).note


async def test_an_event_that_no_replica_took_is_found(database: Database) -> None:
    """What people did and nobody accepted is counted, though it may be on record."""
    lost = event().id
    found = await undone(database, lambda c: chaos_record.events(c, {}, [lost]))
    assert [one.found for one in found] == [1, 0, 0]
