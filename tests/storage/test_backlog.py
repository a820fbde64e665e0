"""How slow answers are is read off the letters that wait, and kept for all replicas."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from handlers.slow import SLOW
from handlers.words import Kind, Letter, Part, Person, Priority
from storage import backlog
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.office import Office
from storage.rows import last_of_each_key
from tests.storage.samples import (
    CHANNEL,
    NOW,
    OFFICE,
    SITI,
    WHATSAPP,
    at_desk,
    event,
    put_contact,
    put_people,
    rows,
    taken,
)

RATES = {CHANNEL: 25.0, WHATSAPP: 60.0}
SLOWLY = replace(OFFICE, slow={CHANNEL: NOW})
A_MINUTE = timedelta(minutes=1)


async def waiting(database: Database, people: int, age: timedelta = timedelta(), **more: object) -> None:
    """So many people wait for an answer that was due so long ago."""

    def write(connection: Connection) -> None:
        desk = RecordDesk(connection, OFFICE, NOW - age)
        made = [put_contact(connection, Person(f"62810000{n:04}")) for n in range(people)]
        desk.flush([Letter(one, "jawaban", **more) for one in made])  # type: ignore[arg-type]

    await database.write(write)


async def wait(database: Database, rate: float = 25.0, channel: str = CHANNEL) -> float:
    return (await database.read(lambda c: backlog.wait(c, channel, rate, NOW))).total_seconds()


async def test_nobody_waits(database: Database) -> None:
    """Where nothing waits, an answer takes no time."""
    assert await wait(database) == 0


async def test_those_who_wait_are_served_at_the_rate_of_the_platform(database: Database) -> None:
    """The wait is the people before one, divided by what the platform lets through in a second."""
    await waiting(database, 30)
    assert await wait(database, rate=2.0) == 15
    assert await wait(database, rate=1e9) < 1
    assert await wait(database, rate=2.0, channel=WHATSAPP) == 0


async def test_one_person_is_no_crowd(database: Database) -> None:
    """Many letters to one person make nobody else wait."""
    await at_desk(database, lambda desk: desk.flush([Letter(put_people(desk._c).siti, f"{n}") for n in range(60)]))
    assert await wait(database, rate=2.0) == 0.5


async def test_a_crowd_has_waited(database: Database) -> None:
    """Where a platform is slow without limits, the wait is that of a crowd so far."""
    await waiting(database, backlog.CROWD, A_MINUTE)
    assert await wait(database, rate=1e9) == 60


async def test_a_few_do_not_tell(database: Database) -> None:
    """A few letters that hang say nothing of the others."""
    await waiting(database, backlog.CROWD - 1, A_MINUTE)
    assert await wait(database, rate=1e9) < 1


@pytest.mark.parametrize("more", [{"priority": Priority.STATUS}, {"delay": timedelta(hours=1)}])
async def test_only_answers_that_are_due_count(database: Database, more: dict[str, object]) -> None:
    """News and what is planned for later keep nobody waiting."""
    await waiting(database, 30, A_MINUTE, **more)
    assert await wait(database, rate=2.0) == 0


async def test_what_waits_for_the_person_does_not_count(database: Database) -> None:
    """Letters that are held until somebody writes are not late."""
    await waiting(database, 30, A_MINUTE)
    await database.write(lambda c: c.execute(update(t.outbox).values(held=True)).rowcount)
    assert await wait(database, rate=2.0) == 0


async def test_slowness_is_known_to_all(database: Database) -> None:
    """What one replica measured all know for a few beats, with the time at which it began."""
    assert await database.write(lambda c: backlog.kept(c, RATES, [CHANNEL], NOW)) == {CHANNEL: NOW}
    soon, late = NOW + backlog.FRESH, NOW + backlog.FRESH + timedelta(seconds=1)
    assert await database.read(lambda c: backlog.slow(c, RATES, soon)) == {CHANNEL: NOW}
    assert await database.read(lambda c: backlog.slow(c, RATES, late)) == {}


async def test_what_a_clock_says_that_runs_ahead_is_not_believed(database: Database) -> None:
    """Put back, it does not leave slowness behind until the time comes that it had shown."""
    ahead = NOW + timedelta(hours=1)
    await database.write(lambda c: backlog.kept(c, RATES, [CHANNEL], ahead))
    assert await database.read(lambda c: backlog.slow(c, RATES, NOW)) == {}
    assert await database.write(lambda c: backlog.kept(c, RATES, [CHANNEL], NOW)) == {CHANNEL: NOW}


@pytest.mark.parametrize(("pause", "same"), [(backlog.LULL, True), (backlog.LULL + A_MINUTE, False)])
async def test_a_lull_is_no_end(database: Database, pause: timedelta, same: bool) -> None:
    """What becomes slow again soon is the same episode; after a longer pause it is another."""
    await database.write(lambda c: backlog.kept(c, RATES, [CHANNEL], NOW))
    again = NOW + pause
    found = await database.write(lambda c: backlog.kept(c, RATES, [CHANNEL], again))
    assert found == {CHANNEL: NOW if same else again}


async def notes(database: Database, text: str, by: Office, now: datetime = NOW) -> list[str]:
    """What stands above the answers to this text, which are delivered at once."""
    batch = await taken(database, event(text=text), by=by, now=now)
    await database.write(lambda c: c.execute(t.outbox.delete()).rowcount)
    return [parcel.body.note for parcel in batch.parcels]


async def test_it_is_told_once(database: Database) -> None:
    """While answers are slow one answer to each person says so, also where another dialogue begins."""
    assert await notes(database, "/lapor", SLOWLY) == [SLOW.source]
    assert await notes(database, "/status", SLOWLY) == [""]
    assert await notes(database, "/lapor", SLOWLY) == [""]


async def test_it_is_told_again_in_the_next_episode(database: Database) -> None:
    """Whoever was told once is told again when answers have become slow another time, and not in between."""
    later = NOW + timedelta(hours=1)
    assert await notes(database, "/lapor", SLOWLY) == [SLOW.source]
    assert await notes(database, "/lapor", OFFICE, later) == [""]
    assert await notes(database, "/lapor", replace(OFFICE, slow={CHANNEL: later}), later) == [SLOW.source]


async def test_the_next_letter_takes_over_the_place(database: Database) -> None:
    """Who writes again while they wait keeps their place, and the note goes over to the letter that is left."""
    await taken(database, event(text="/lapor"), by=SLOWLY)
    later = NOW + A_MINUTE
    await taken(database, event(text="/lapor"), event(text="Halo?"), by=SLOWLY, now=later)
    left = await rows(database, t.outbox)
    assert [(row.due_at, row.body.count(SLOW.source)) for row in left] == [(NOW, 1)]


async def test_a_held_letter_leaves_no_place(database: Database) -> None:
    """A letter that waited for the person to write was in no queue."""
    await taken(database, event(text="/lapor"))
    await database.write(lambda c: c.execute(update(t.outbox).values(held=True)).rowcount)
    later = NOW + A_MINUTE
    await taken(database, event(text="/lapor"), now=later)
    assert [row.due_at for row in await rows(database, t.outbox)] == [later]


def test_a_note_goes_over_within_a_batch() -> None:
    """Of two letters under a key one is left, with what stood above the other."""
    letters = (Letter(1, "a", key="k", note="n"), Letter(1, "b", key="k"), Letter(2, "c", key="k"))
    assert last_of_each_key(letters) == [Letter(1, "b", key="k", note="n"), Letter(2, "c", key="k")]


async def test_officers_and_news_do_not_say_it(database: Database) -> None:
    """What is told in a group, and what is no answer, does not say that answers are slow."""
    batch = await taken(database, event(SITI, "", Kind.BLOCKED), by=SLOWLY)
    assert [parcel.body.note for parcel in batch.parcels] == []
    people = await database.write(put_people)
    news = Letter(people.siti, "kabar", part=Part.NOTICE, priority=Priority.STATUS)
    await at_desk(database, lambda desk: None, letters=[news])
    assert [row.body.count('"note"') for row in await rows(database, t.outbox)] == [0]
