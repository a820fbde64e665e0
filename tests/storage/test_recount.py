"""When the calendar changes, open deadlines are counted anew and the chats that hold them are told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from handlers.rules import clocks, ladder
from handlers.rules.clocks import Run
from handlers.rules.ticket import Clock, State, replay
from handlers.timing import settled
from storage import recount
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.facts import Invalid, keep, load, read_folder, refresh
from storage.office import Office
from storage.recount import Recounted
from storage.rows import ticket_of
from tests.storage.samples import NOW, OFFICE, People, put_people, rows, ticket
from tests.storage.sheets import folder, sheets

FREE = date(2026, 12, 1)
HEAD = "📅 Kalender hari kerja berubah."


def regional(*days: date) -> list[dict[str, Any]]:
    """Free days of the province, which leave the country's as they are."""
    return [{"date": day, "name": "Hari jadi", "kind": "regional", "area": "35"} for day in days]


def put_facts(connection: Connection, where: Path) -> Office:
    """The small office, with the built-in days of this year and the next, and every deadline counted."""
    given = sheets()
    del given["holidays"]
    keep(connection, read_folder(folder(where, given)), today=NOW.date())
    recount.made(connection, OFFICE, NOW)
    return replace(OFFICE, facts=load(connection))


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> Office:
    """The office by which deadlines are counted before anything changes."""
    return await database.write(lambda c: put_facts(c, tmp_path))


@pytest.fixture
async def people(database: Database, office: Office) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


def run(office: Office, days: int = 14, step: Clock = Clock.HANDLING, since: datetime = NOW, **more: Any) -> Run:
    """A clock that was counted by the office's calendar, at its start."""
    return Run(step, since, days, clocks.ends(since, days, office.facts.calendar("dpu"), True, since), **more)


def put_tickets(
    connection: Connection, office: Office, reporter: int, runs: Sequence[Run], n: int = 1, first: int = 0
) -> list[int]:
    """Reports with these clocks."""
    desk, state = RecordDesk(connection, office, NOW), State.IN_PROGRESS
    made = (ticket(reporter, f"LPR-2611-{each:04}", state=state, runs=tuple(runs)) for each in range(first, first + n))
    ids = [desk.add_ticket(settled(desk, each)).id for each in made]
    desk.flush(())
    return ids


async def changed(database: Database, days: Sequence[date] = (FREE,), now: datetime = NOW) -> Recounted:
    """What came of a calendar with these regional days."""

    def work(connection: Connection) -> Recounted:
        keep(connection, {"holidays": regional(*days)}, today=NOW.date())
        return recount.made(connection, OFFICE, now)

    return await database.write(work)


async def test_a_free_day_more_moves_the_deadline(database: Database, office: Office, people: People) -> None:
    """By one working day, on record with both ends, and without an end to the history's meaning."""
    before = run(office)
    (ident,) = await database.write(lambda c: put_tickets(c, office, people.siti, [before]))
    assert (await changed(database)).moved == 1
    ((after,), (entry,)) = await rows(database, t.tickets), await rows(database, t.history)
    assert before.due.isoformat() == "2026-12-11T16:59:59+00:00"
    assert after.due_at.isoformat() == "2026-12-14T16:59:59+00:00"
    assert (entry.ticket, entry.action, entry.role, entry.actor) == (ident, "recalculate", "system", None)
    assert entry.data == {"before": before.due.isoformat(), "after": after.due_at.isoformat()}
    assert replay(
        [("submit", "received"), ("forward", "forwarded"), ("claim", "in_progress"), (entry.action, entry.state)]
    )
    assert after.changed_at == NOW


async def test_the_next_rung_lies_ahead(database: Database, office: Office, people: People) -> None:
    """The ladder goes on from now, whatever was missed, and the record wakes for its next rung."""
    passed = NOW + timedelta(days=9, hours=1)
    await database.write(lambda c: put_tickets(c, office, people.siti, [run(office)]))
    await changed(database, now=passed)
    (after,) = map(ticket_of, await rows(database, t.tickets))
    (only,) = after.runs
    facts = await database.read(load)
    rung = ladder.following(only, facts.calendar("dpu"), 1)
    assert only.told == passed
    assert rung is not None
    assert after.wakes_at == rung[0] > passed
    assert rung[1] is ladder.Call.HALF


async def test_each_chat_is_told_once(database: Database, office: Office, people: People) -> None:
    """One message to the chat that holds the reports, with a way to them, and none to the others or the reporter."""
    ids = await database.write(lambda c: put_tickets(c, office, people.siti, [run(office)], 3))
    done = await changed(database)
    (parcel,) = done.parcels
    lines = [f"• LPR-2611-{n:04}: 11 → Senin, 14 Desember 2026" for n in range(3)]
    assert (parcel.contact, parcel.body.text) == (people.roads, "\n".join([f"{HEAD} 3 batas waktu bergeser:", *lines]))
    assert [choice for choice, _, _ in parcel.body.choices] == [f"t:{ident}:show" for ident in ids]
    assert [row.contact_id for row in await rows(database, t.outbox)] == [people.roads]


async def test_a_deadline_in_another_month_is_named_in_full(database: Database, office: Office, people: People) -> None:
    """Where the number of the day alone would mislead."""
    await database.write(lambda c: put_tickets(c, office, people.siti, [run(office, days=5)]))
    done = await changed(database, [date(2026, 11, 30)])
    assert "Senin, 30 November 2026 → Selasa, 1 Desember 2026" in done.parcels[0].body.text


async def test_many_reports_are_counted_in_portions(database: Database, office: Office, people: People) -> None:
    """All of them, with as many named as can be read, and the number of the others."""
    many = 2 * recount.AT_ONCE + 1
    await database.write(lambda c: put_tickets(c, office, people.siti, [run(office)], many))
    done = await changed(database)
    text = done.parcels[0].body.text
    assert (done.moved, len(done.parcels), text.count("•")) == (many, 1, 20)
    assert text.startswith(f"{HEAD} {many} batas")
    assert f"dan {many - 20} laporan lain" in text
    assert len({row.ticket for row in await rows(database, t.history)}) == many
    assert {row.due_at.date() for row in await rows(database, t.tickets)} == {date(2026, 12, 14)}


async def test_what_does_not_move_is_left_alone(database: Database, office: Office, people: People) -> None:
    """Deadlines before the day, reports whose clocks rest or have run out, and closed ones."""
    past = NOW - timedelta(days=60)
    alike = [
        [run(office, days=3)],
        [replace(run(office, since=past), told=NOW)],
        [run(office, rests=NOW)],
        [],
    ]
    for n, runs in enumerate(alike):
        await database.write(lambda c, n=n, runs=runs: put_tickets(c, office, people.siti, runs, first=n))  # type: ignore[misc]
    before = await rows(database, t.tickets)
    done = await changed(database)
    assert (done.moved, done.parcels) == (0, [])
    assert await rows(database, t.tickets) == before
    assert await rows(database, t.history) == []


async def test_a_day_less_leaves_time(database: Database, office: Office, people: People) -> None:
    """A deadline that would lie behind lies at the end of the next working day."""
    await changed(database, [date(2026, 11, day) for day in (24, 25, 26)])
    facts = await database.read(load)
    late = run(replace(office, facts=facts), days=2)
    await database.write(lambda c: put_tickets(c, office, people.siti, [late]))
    assert late.due.date() == date(2026, 11, 30)
    await changed(database, [], now=NOW + timedelta(days=4))
    (after,) = await rows(database, t.tickets)
    assert after.due_at.isoformat() == "2026-11-30T16:59:59+00:00"
    await changed(database, [FREE], now=NOW + timedelta(days=4))
    assert (await rows(database, t.tickets))[0].due_at == after.due_at


async def test_a_reminder_moves_where_the_end_does_not(database: Database, office: Office, people: People) -> None:
    """A free day that changes places within the time leaves the end, and the ladder wakes for its new rung."""
    await changed(database, [date(2026, 11, 24)])
    facts = await database.read(load)
    counted = run(replace(office, facts=facts))
    await database.write(lambda c: put_tickets(c, replace(office, facts=facts), people.siti, [counted]))
    (before,) = await rows(database, t.tickets)
    done = await changed(database, [date(2026, 12, 9)])
    (after,) = await rows(database, t.tickets)
    assert (done.moved, after.due_at, after.runs) == (0, before.due_at, before.runs)
    assert after.wakes_at == before.wakes_at - timedelta(days=1)
    assert await rows(database, t.history) == []


async def test_a_second_time_changes_nothing(database: Database, office: Office, people: People) -> None:
    """The facts are counted up to their version; the same again says nothing to anybody."""
    await database.write(lambda c: put_tickets(c, office, people.siti, [run(office)]))
    await changed(database)
    assert not await database.read(recount.behind)
    again = await database.write(lambda c: recount.made(c, OFFICE, NOW))
    assert (again.moved, again.parcels) == (0, [])
    assert len(await rows(database, t.history)) == len(await rows(database, t.outbox)) == 1


async def test_days_that_were_filled_in_are_counted_too(database: Database, office: Office) -> None:
    """A new version of the facts is behind, however it came about; what changed nothing is not."""
    assert not await database.read(recount.behind)
    assert not await database.write(lambda c: refresh(c, NOW.date()))
    assert not await database.read(recount.behind)
    assert await database.write(lambda c: refresh(c, date(2027, 1, 1)))
    assert await database.read(recount.behind)


async def test_an_import_counts_in_the_same_breath(
    database: Database, office: Office, people: People, tmp_path: Path
) -> None:
    """Facts and deadlines change together, or where a row is wrong neither does."""
    await database.write(lambda c: put_tickets(c, office, people.siti, [run(office)]))
    wrong, right = tmp_path / "wrong", tmp_path / "right"
    wrong.mkdir()
    right.mkdir()
    row = {"date": FREE.isoformat(), "name": "Hari jadi", "kind": "regional", "area": "35"}
    folder(wrong, {"holidays": [row, {**row, "date": "kemarin"}]})
    folder(right, {"holidays": [row]})
    before = await rows(database, t.tickets)
    with pytest.raises(Invalid, match=r"holidays\.csv baris 3, kolom date"):
        await database.write(lambda c: recount.imported(c, OFFICE, wrong, "", NOW))
    assert await rows(database, t.tickets) == before
    given, done = await database.write(lambda c: recount.imported(c, OFFICE, right, "", NOW))
    assert ([*given], done.moved) == (["holidays"], 1)


async def test_nobody_is_told_where_no_chat_is_bound(database: Database, office: Office, people: People) -> None:
    """The deadline moves all the same."""
    await database.write(lambda c: put_tickets(c, office, people.siti, [run(office)]))
    await database.write(lambda c: c.execute(t.rooms.delete()).rowcount)
    done = await changed(database)
    assert (done.moved, done.parcels) == (1, [])


async def test_both_clocks_of_a_report_move(database: Database, office: Office, people: People) -> None:
    """One line names the handling; both have their new ends."""
    both = [run(office, 7, Clock.FOLLOW_UP), run(office)]
    await database.write(lambda c: put_tickets(c, office, people.siti, both))
    done = await changed(database)
    (after,) = map(ticket_of, await rows(database, t.tickets))
    assert done.moved == 1
    assert [each.due.date() for each in after.runs] == [date(2026, 12, 3), date(2026, 12, 14)]
    assert after.due_at == after.runs[0].due
