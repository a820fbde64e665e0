"""Leases: each is one replica's until it lapses or is given back, and replicas know of each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import leases
from storage import tables as t
from storage.database import Database
from storage.leases import REPLICA, Held
from tests.storage.samples import NOW, ON_POSTGRESQL, rows

SPAN = timedelta(seconds=6)
NAMES = ("deliver:telegram", "sweep")


async def renew(database: Database, holder: str, now: datetime = NOW, names: tuple[str, ...] = NAMES) -> Held:
    """What somebody holds after asking for these."""
    return await database.write(lambda c: leases.renewed(c, names, holder, now, SPAN))


async def passed(database: Database, seconds: float) -> None:
    """So long ago all leases were renewed, whatever clock they go by."""
    earlier = f"UPDATE leases SET until = until - {int(seconds * 1_000_000)}"
    await database.write(lambda c: c.exec_driver_sql(earlier).rowcount)


async def test_a_lease_is_one_replicas(database: Database) -> None:
    """It is renewed by its holder, refused to others while it runs, and taken over when it lapses."""
    assert (await renew(database, "a")).mine == {*NAMES, f"{REPLICA}a"}
    assert (await renew(database, "b")).mine == {f"{REPLICA}b"}
    await passed(database, 5)
    assert (await renew(database, "b")).mine == {f"{REPLICA}b"}
    assert (await renew(database, "a")).mine == {*NAMES, f"{REPLICA}a"}
    await passed(database, 7)
    assert (await renew(database, "b")).mine == {*NAMES, f"{REPLICA}b"}
    assert (await renew(database, "a")).mine == {f"{REPLICA}a"}


async def test_what_was_not_given_back_is_fresh_once(database: Database) -> None:
    """Whoever takes a lease over knows that the one before may live, and only the first time."""
    assert not (await renew(database, "a")).fresh
    await passed(database, 7)
    assert (await renew(database, "b")).fresh == set(NAMES)
    assert not (await renew(database, "b")).fresh


async def test_what_is_given_back_is_free_at_once(database: Database) -> None:
    """Nobody can give back what is another's."""
    await renew(database, "a")
    await database.write(lambda c: leases.released(c, NAMES, "b"))
    assert (await renew(database, "b")).mine == {f"{REPLICA}b"}
    await database.write(lambda c: leases.released(c, NAMES, "a"))
    found = await renew(database, "b")
    assert found.mine == {*NAMES, f"{REPLICA}b"}
    assert not found.fresh


async def test_replicas_know_of_each_other(database: Database) -> None:
    """A replica is alone until another one comes, and again when that has not been heard of for a while."""
    assert not (await renew(database, "a")).company
    assert (await renew(database, "b")).company
    assert (await renew(database, "a")).company
    await passed(database, 7)
    assert not (await renew(database, "a")).company


async def test_a_replica_that_is_long_gone_is_forgotten(database: Database) -> None:
    """Replicas that were killed leave no rows for ever."""
    await renew(database, "a")
    await passed(database, 4000)
    await renew(database, "b")
    assert {row.name for row in await rows(database, t.leases)} == {*NAMES, f"{REPLICA}b"}


@ON_POSTGRESQL
async def test_leases_go_by_the_databases_clock(database: Database) -> None:
    """A replica whose own clock is years ahead takes nothing over."""
    await renew(database, "a")
    assert (await renew(database, "b", NOW + timedelta(days=9999))).mine == {f"{REPLICA}b"}
