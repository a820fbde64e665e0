"""The day in which a person may be written to freely: opened by what they write, and what waits for it leaves then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from handlers.words import File, Kind, Pin
from storage import tables as t
from storage import windows
from storage.database import Database
from storage.windows import LENGTH, MARGIN, Reach
from tests.storage.samples import (
    ACCOUNT,
    NOW,
    OFFICE,
    SECOND_ACCOUNT,
    SITI,
    put_account,
    put_people,
    rows,
    silent,
    taken,
    undone,
    wrote,
)

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LATER = NOW + 2 * DAY


@pytest.fixture
async def siti(database: Database) -> int:
    """Siti, who wrote to our first number just now."""
    return await database.write(lambda c: put_account(c, SITI))


async def reach(database: Database, contact: int, account: str = ACCOUNT) -> Reach:
    """How the contact can be reached from one of our numbers."""
    return await database.read(lambda c: windows.reach(c, OFFICE.vault, contact, account))


# -- open and closed


async def test_a_message_opens_a_day(database: Database, siti: int) -> None:
    """From the moment it was written, not the moment it arrived; a margin before the end it counts as closed."""
    found = await reach(database, siti)
    assert found == Reach(SITI.address, "", NOW + LENGTH, None)
    assert found.is_open(NOW + LENGTH - MARGIN - SECOND)
    assert not found.is_open(NOW + LENGTH - MARGIN)


async def test_who_never_wrote_cannot_be_written_to(database: Database) -> None:
    """Without a message there is no day; other platforms know none."""
    people = await database.write(put_people)
    found = await reach(database, people.siti)
    assert (found.open_until, found.is_open(NOW)) == (None, False)
    assert await rows(database, t.windows) == []


AGES = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=8)


@given(ages=AGES)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_last_message_counts_in_any_order(database: Database, ages: Sequence[tuple[int, bool]]) -> None:
    """However messages are delayed, doubled or come together, the day is that of the newest."""

    def try_out(connection: Connection) -> None:
        for hours, twice in ages:
            windows.written(connection, [(contact, ACCOUNT, NOW - hours * HOUR)] * (1 + twice))
        found = windows.reach(connection, OFFICE.vault, contact, ACCOUNT)
        assert found.open_until == NOW + LENGTH - min(hours for hours, _ in ages) * HOUR

    contact = (await database.write(put_people)).siti
    await undone(database, try_out)


async def test_an_older_message_shortens_nothing(database: Database, siti: int) -> None:
    """A message that was long on its way, alone or beside a newer one, leaves the day as it is."""
    await taken(database, wrote(SITI, at=NOW - HOUR), handler=silent)
    await taken(database, wrote(SITI, at=NOW + HOUR), wrote(SITI, at=NOW - 3 * HOUR), handler=silent)
    assert (await reach(database, siti)).open_until == NOW + HOUR + LENGTH


async def test_a_message_delivered_again_opens_nothing(database: Database, siti: int) -> None:
    """The platform's repetition days later is no word of the person."""
    again = wrote(SITI, at=NOW + HOUR)
    await taken(database, again, handler=silent)
    await database.write(lambda c: windows.close(c, siti, ACCOUNT))
    await taken(database, again, handler=silent, now=LATER)
    assert not (await reach(database, siti)).is_open(NOW + HOUR)


SPOKEN: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {},
    Kind.TAP: {"tap": "m:menu"},
    Kind.PLACE: {"place": Pin(-8.1, 113.2)},
    Kind.FILE: {"file": File("1", "image")},
    Kind.UNREADABLE: {},
}
SILENT = (Kind.EDIT, Kind.DELETED, Kind.BLOCKED, Kind.UNBLOCKED)


@pytest.mark.parametrize("kind", [*SPOKEN, *SILENT])
async def test_what_opens_a_day(database: Database, siti: int, kind: Kind) -> None:
    """Whatever a person sends opens it; a changed or deleted message does not."""
    await taken(database, wrote(SITI, kind=kind, at=LATER, **SPOKEN.get(kind, {})), handler=silent, now=LATER)
    assert (await reach(database, siti)).is_open(LATER) is (kind in SPOKEN)


async def test_a_change_of_number_opens_nothing(database: Database, siti: int) -> None:
    """That comes from the platform, not from the person."""
    await taken(database, wrote(SITI, "", Kind.MIGRATED, moved_to="6281111", at=LATER), now=LATER)
    found = await reach(database, siti)
    assert (found.address, found.is_open(LATER)) == ("6281111", False)


async def test_our_numbers_have_days_of_their_own(database: Database, siti: int) -> None:
    """Who wrote to one number may not be written to from the other; closing one leaves the other open."""
    assert (await reach(database, siti, SECOND_ACCOUNT)).open_until is None
    await taken(database, wrote(SITI, account=SECOND_ACCOUNT, at=NOW + HOUR), handler=silent)
    assert (await reach(database, siti)).open_until == NOW + LENGTH
    await database.write(lambda c: windows.close(c, siti, ACCOUNT))
    assert [(await reach(database, siti, each)).is_open(NOW) for each in (ACCOUNT, SECOND_ACCOUNT)] == [False, True]
    await database.write(lambda c: windows.close_all(c, [siti]))
    assert not (await reach(database, siti, SECOND_ACCOUNT)).is_open(NOW)


async def test_a_closed_day_is_opened_again(database: Database, siti: int) -> None:
    """After the platform has said that it is over, the next message counts as ever."""
    await database.write(lambda c: windows.close(c, siti, ACCOUNT))
    await taken(database, wrote(SITI, at=NOW + HOUR), handler=silent)
    assert (await reach(database, siti)).open_until == NOW + HOUR + LENGTH
