"""Measures how the program keeps its pace while tickets grow a thousandfold, beside statistics without sums."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, select, update

from bench import growth_records as records
from bench.growth_office import CHANNEL, CITIZENS, office_of
from bench.growth_questions import BASELINES, QUESTIONS, Question, drawn
from bench.growth_rows import MOMENT, ZONE
from bench.growth_table import Measured, table
from bench.growth_timing import Times, timed
from bench.growth_turns import TOGETHER, Citizens, Pace
from bench.postgresql import server
from handlers.rules.ticket import State
from storage import sums
from storage import tables as t
from storage.database import Database
from storage.office import Office

Used = Callable[[], float]
SEED = 7
ROUNDS = 24


def questions(connection: Connection, office: Office, tickets: int, asked: tuple[Question, ...]) -> dict[str, Times]:
    """Each of these with so many different people, numbers and agencies."""
    found = {}
    most = max(each.runs for each in asked)
    about = drawn(connection, office, tickets, most, SEED)
    for each in asked:
        print(f"  {each.name} …", file=sys.stderr, flush=True)
        found[each.name] = timed(connection, [each.ask(about, n) for n in range(each.runs)])
    return found


async def measured(database: Database, tickets: int) -> Measured:
    """All questions on one record."""
    office = await database.read(office_of)
    asked = (*QUESTIONS, *BASELINES)
    return Measured(tickets, await database.write(lambda c: questions(c, office, tickets, asked)))


def closed(connection: Connection, last: int) -> None:
    """What earlier runs reported is not open any more: it lay all in one place, where every report is compared."""
    mine = update(t.tickets).where(t.tickets.c.id > last, t.tickets.c.closed_at.is_(None))
    connection.execute(mine.values(closed_at=MOMENT, wakes_at=None, lapses_at=None, state=State.RESOLVED.value))
    sums.recounted(connection, lambda _: ZONE)


async def citizens(database: Database, used: Used) -> Citizens:
    """Those who take turns at a record."""
    office = await database.read(office_of)
    hashes = {office.vault.lookups(CHANNEL, f"w{n}")[0]: n for n in range(min(CITIZENS, TOGETHER))}
    query = select(t.contacts.c.id, t.contacts.c.lookup).where(t.contacts.c.lookup.in_(hashes))
    rows = await database.read(lambda c: c.execute(query).all())
    return Citizens(database, office, {row.id: hashes[row.lookup] for row in rows}, used)


async def turns(databases: list[Database], found: list[Measured], rounds: int, used: Used) -> None:
    """How fast turns are at each size, in alternating rounds; the median of each."""
    for database, one in zip(databases, found, strict=True):
        await database.write(lambda c, last=one.tickets: closed(c, last))  # type: ignore[misc]
    crowds = [await citizens(each, used) for each in databases]
    paces: list[list[Pace]] = [[] for _ in crowds]
    for crowd in crowds:
        await crowd.turns(ROUNDS)
    for n in range(rounds):
        print(f"  turns, round {n + 1} of {rounds} …", file=sys.stderr, flush=True)
        order = range(len(crowds)) if n % 2 else reversed(range(len(crowds)))
        for at in order:
            paces[at].append(await crowds[at].turns(ROUNDS))
    for one, of in zip(found, paces, strict=True):
        one.turns, one.cpu_ms = median(pace.turns for pace in of), median(pace.cpu_ms for pace in of)


@asynccontextmanager
async def addresses(kind: str, folder: Path, sizes: list[int]) -> AsyncIterator[tuple[list[str], Used]]:
    """The records of all sizes on one database, and the CPU seconds that it and this program have used."""
    if kind == "sqlite":
        yield [await records.sqlite(folder, size, SEED) for size in sizes], time.process_time
        return
    home = folder / "postgresql"
    home.mkdir(exist_ok=True)
    async with server(home, records.SETTINGS) as running:
        urls = [await records.postgresql(running, size, SEED) for size in sizes]
        yield urls, lambda: time.process_time() + running.cpu_seconds()


async def compared(kind: str, folder: Path, options: argparse.Namespace) -> list[Measured]:
    """All sizes on one database."""
    async with addresses(kind, folder, options.sizes) as (urls, used), AsyncExitStack() as stack:
        if options.only_make:
            return []
        databases = [await stack.enter_async_context(records.opened(url)) for url in urls]
        found = []
        for database, size in zip(databases, options.sizes, strict=True):
            print(f"{kind}, {size:,} tickets …", file=sys.stderr, flush=True)
            found.append(await measured(database, size))
        await turns(databases, found, options.rounds, used)
        return found


def main() -> int:
    """Reads the command line, makes what is missing, measures, prints; 1 where a wanted figure was missed."""
    line = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    line.add_argument("--sizes", type=_numbers, default=[10_000, 100_000], help="numbers of tickets, rising")
    line.add_argument("--databases", type=lambda given: given.split(","), default=["sqlite", "postgresql"])
    line.add_argument("--keep", type=Path, help="a folder in which the records stay, to be measured again")
    line.add_argument("--rounds", type=int, default=5, help="alternating rounds of turns")
    line.add_argument("--only-make", action="store_true", help="make the records and measure nothing")
    options = line.parse_args()
    missed = False
    with tempfile.TemporaryDirectory(prefix="growth-") as thrown_away:
        folder = options.keep or Path(thrown_away)
        folder.mkdir(parents=True, exist_ok=True)
        for kind in options.databases:
            if found := asyncio.run(compared(kind, folder, options)):
                text, fine = table(kind, found)
                print(text, flush=True)
                missed = missed or not fine
    return 1 if missed else 0


def _numbers(given: str) -> list[int]:
    return [int(each) for each in given.split(",")]


if __name__ == "__main__":
    sys.exit(main())
