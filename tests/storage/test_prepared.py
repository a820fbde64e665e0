"""What is put into words once does the same as what is put together anew, on both databases."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from storage import tables as t
from storage.database import Database
from storage.prepared import among, ask, length, listed, put, read, run
from storage.rows import padded, ticket_values, upsert
from tests.storage.samples import NOW, People, put_people, ticket

_KEEP = insert(t.tickets)
_RAISE = update(t.tickets).where(t.tickets.c.id == bindparam("key")).values(due_at=bindparam("then"))
_WHOLE = select(t.tickets).order_by(t.tickets.c.id)
_NAMES = [column.name for column in t.tickets.c if column.name not in ("followed", "lapses_at")]
LISTS: tuple[Any, ...] = ([], [[]], [1, [2, None]], ["a", 'b"', "{c}", "\\"])
WORDS = ("", "Jalan 'rusak'", 'kutip "ganda"', "baris\nbaru", "{1,2}", "NULL", "\\N", "🚧 ꦲꦤ", "x" * 3000)


def rows(people: People, count: int, first: int = 1) -> list[dict[str, Any]]:
    """Rows that differ in everything that databases keep in their own ways."""
    chance, found = random.Random(first), []
    for n in range(first, first + count):
        made = ticket(
            people.siti,
            f"LPR-{n}",
            title=chance.choice(WORDS),
            place={"text": chance.choice(WORDS), "lat": -8.1, "lon": None, "area": ""},
            happened=date(2026, 11, chance.randrange(1, 30)),
            secret=chance.random() < 0.5,
            created_at=NOW + timedelta(microseconds=chance.randrange(10**9)),
            due_at=chance.choice((None, NOW)),
            rating=chance.choice((None, 4)),
        )
        found.append({**ticket_values(made, _NAMES), "id": n, "runs": chance.choice(LISTS)})
    return found


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that the tests need."""
    return await database.write(put_people)


@pytest.mark.parametrize("count", [1, 2, 7, 64])
async def test_rows_are_kept_as_they_are(database: Database, people: People, count: int) -> None:
    """Each value comes back as it was given, read by SQLAlchemy or by what is remembered."""
    given = rows(people, count)

    def work(c: Connection) -> tuple[list[Any], list[Any]]:
        run(c, _KEEP, given)
        return [tuple(row) for row in c.execute(_WHOLE)], list(read(c, _WHOLE, {}))

    whole, again = await database.write(work)
    assert again == whole
    names = [column.name for column in t.tickets.c]
    assert [{name: value for name, value in zip(names, row, strict=True) if name in given[0]} for row in whole] == given


async def test_each_row_is_changed_by_its_own_values(database: Database, people: People) -> None:
    """One, or many at a time."""

    def work(c: Connection) -> list[Any]:
        run(c, _KEEP, rows(people, 5))
        run(c, _RAISE, [{"key": n, "then": NOW + timedelta(days=n)} for n in (1, 2, 3)])
        run(c, _RAISE, [{"key": 4, "then": None}])
        found = select(t.tickets.c.due_at).where(t.tickets.c.id <= 4).order_by(t.tickets.c.id)
        return [due_at for (due_at,) in read(c, found, {})]

    assert await database.write(work) == [*(NOW + timedelta(days=n) for n in (1, 2, 3)), None]


@pytest.mark.parametrize("count", [1, 5, 8])
async def test_what_is_there_already_is_left_and_not_returned(database: Database, count: int) -> None:
    """Rows that stand twice among those that are put in count once."""

    def work(c: Connection) -> list[tuple[str, str]]:
        made = upsert(c.dialect.name)(t.inbox).on_conflict_do_nothing()
        kept = made.returning(t.inbox.c.channel, t.inbox.c.event_id)
        given = [{"channel": "telegram", "event_id": f"{n}", "at": NOW} for n in range(count)]
        put(c, kept, given[: count // 2] or given)
        return [(row.channel, row.event_id) for row in put(c, kept, padded([*given, *given[:2]]))]

    later = range(count // 2, count) if count > 1 else ()
    assert sorted(await database.write(work)) == [("telegram", f"{n}") for n in later]


async def test_rows_are_numbered_in_their_order(database: Database, people: People) -> None:
    """So the numbers that come back, sorted, are those of the rows."""

    def work(c: Connection) -> list[tuple[int, str]]:
        one = {"contact_id": people.siti, "priority": 1, "due_at": NOW, "attempts": 0, "ticket": None, "part": "notice"}
        given = [{**one, "draft": None, "body": "{}", "key": f"k{n}"} for n in range(50)]
        ids = sorted(put(c, insert(t.outbox).returning(t.outbox.c.id), given).scalars())
        there = dict(c.execute(select(t.outbox.c.id, t.outbox.c.key)).all())
        return [(ident, there[ident]) for ident in ids]

    assert [key for _, key in await database.write(work)] == [f"k{n}" for n in range(50)]


@pytest.mark.parametrize("count", range(6))
async def test_a_list_of_any_length(database: Database, people: People, count: int) -> None:
    """Also of one without anything."""

    def work(c: Connection) -> list[str]:
        run(c, _KEEP, rows(people, 6))
        wanted = [f"LPR-{n}" for n in range(1, count + 1)]
        long = length(c, wanted)
        found = select(t.tickets.c.number).where(among(t.tickets.c.number, "number", long)).order_by(t.tickets.c.id)
        return list(ask(c, found, listed("number", wanted, long)).scalars())

    assert await database.write(work) == [f"LPR-{n}" for n in range(1, count + 1)]


async def test_no_value_is_forgotten(database: Database, people: People) -> None:
    """A row that lacks one is a fault of ours, and nothing is written in its place."""

    def work(c: Connection) -> None:
        run(c, _KEEP, rows(people, 1))
        run(c, _RAISE, [{"key": 1, "than": NOW}])

    with pytest.raises(KeyError, match="then"):
        await database.write(work)


async def test_nothing_is_cut_in_silence(database: Database, people: People) -> None:
    """What is longer than its column is refused where the database minds, and kept whole where it does not."""
    (long,) = rows(people, 1)
    long |= {"category": "x" * 100}

    def work(c: Connection) -> str:
        run(c, _KEEP, [long])
        return str(c.execute(select(t.tickets.c.category)).scalar_one())

    if database.sqlite:
        assert await database.write(work) == long["category"]
        return
    with pytest.raises(DBAPIError):
        await database.write(work)
