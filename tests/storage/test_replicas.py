"""Two replicas on one PostgreSQL: what one of them changes while the other decides is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.util import await_only

from handlers import case
from handlers.desk import Officer, Scene
from handlers.rules.clocks import Run
from handlers.rules.ticket import Clock, Role, State
from handlers.words import Turn
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.invitations import invite
from storage.sweep import sweep
from storage.turns import Outcome
from tests.storage.samples import (
    NOW,
    OFFICE,
    ON_POSTGRESQL,
    People,
    at_desk,
    echo,
    entry,
    event,
    number_of,
    put_people,
    rows,
    taken,
    ticket,
)

pytestmark = ON_POSTGRESQL
LONG_ENOUGH = 0.3


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


async def meanwhile(
    database: Database,
    look: Callable[[RecordDesk], Any],
    act: Callable[[RecordDesk, Any], Any],
    other: Callable[[RecordDesk], Any],
) -> None:
    """One desk looks and then acts; between the two another one works, unless it must wait for the first."""
    tasks: list[asyncio.Task[Any]] = []

    def work(desk: RecordDesk) -> None:
        seen = look(desk)
        if not tasks:
            tasks.append(asyncio.create_task(at_desk(database, other)))
            # The other one either ends by itself or waits for a lock that is free only after this work.
            await_only(asyncio.wait(tasks, timeout=LONG_ENOUGH))
        act(desk, seen)

    await at_desk(database, work)
    await asyncio.gather(*tasks)


LOOKS: dict[str, Callable[[RecordDesk, Any], Any]] = {
    "by id": lambda desk, made: desk.ticket(made.id),
    "by number": lambda desk, made: desk.ticket_by_number(made.number),
    "of the reporter": lambda desk, made: desk.tickets_of(made.reporter)[0],
    "at the agency": lambda desk, made: desk.tickets_at(made.agency)[0],
}


@pytest.mark.parametrize("how", LOOKS)
async def test_two_changes_of_a_ticket_are_both_kept(database: Database, people: People, how: str) -> None:
    """However a ticket was found, changing it does not undo what another replica did meanwhile."""
    made = await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti)))

    def rate(desk: RecordDesk, seen: Any) -> None:
        LOOKS[how](desk, made)
        found = desk.ticket(made.id)
        assert found is not None
        desk.change(replace(found, rating=5), entry(found))

    def retitle(desk: RecordDesk) -> None:
        found = desk.ticket(made.id)
        assert found is not None
        desk.change(replace(found, title="Baru"), entry(found))

    await meanwhile(database, lambda desk: LOOKS[how](desk, made), rate, retitle)
    (row,) = await rows(database, t.tickets)
    assert (row.rating, row.title) == (5, "Baru")
    assert await number_of(database, t.history) == 2


async def test_an_invitation_is_used_once_across_replicas(database: Database, people: People) -> None:
    """Of two people who send the same code to two replicas one is enrolled."""
    code, _ = await database.write(lambda c: invite(c, OFFICE.vault, OFFICE.draw, NOW, "dpu", Role.OFFICER))

    def enrol(desk: RecordDesk, contact: int, found: Any) -> None:
        if found:
            desk.use(found, contact)
            desk.enrol(Officer(contact, "dpu", Role.OFFICER))

    await meanwhile(
        database,
        lambda desk: desk.invitation(code),
        lambda desk, found: enrol(desk, people.budi, found),
        lambda desk: enrol(desk, people.siti, desk.invitation(code)),
    )
    assert await number_of(database, t.officers) == 1


async def test_the_same_events_at_two_replicas_count_once(database: Database) -> None:
    """A platform that delivers to both, in different order, has each event done once."""
    events = [event(text=str(n)) for n in range(20)]
    both = await asyncio.gather(taken(database, *events, handler=echo), taken(database, *events[::-1], handler=echo))
    outcomes = [outcome for batch in both for outcome in batch.outcomes]
    assert (outcomes.count(Outcome.DONE), outcomes.count(Outcome.DUPLICATE)) == (20, 20)
    assert await number_of(database, t.contacts) == 1


async def test_first_events_of_one_person_at_two_replicas_make_one_contact(database: Database) -> None:
    """Both replicas answer, and neither gives up because the other was first."""
    batches = await asyncio.gather(*(taken(database, event(text=str(n)), handler=echo) for n in range(4)))
    assert [batch.outcomes for batch in batches] == [[Outcome.DONE]] * 4
    assert await number_of(database, t.contacts) == 1
    (talk,) = await rows(database, t.talks)
    assert all(f'"{n}"' in talk.body for n in range(4))


async def test_two_replicas_take_turns_with_one_person(database: Database) -> None:
    """A message that must wait for the one before it, at another replica, begins where that one ended."""
    await taken(database, event(text="a"), handler=echo)
    tasks: list[asyncio.Task[Any]] = []

    def slow(scene: Scene) -> Turn:
        if not tasks:
            tasks.append(asyncio.create_task(taken(database, event(text="c"), handler=echo)))
            await_only(asyncio.wait(tasks, timeout=LONG_ENOUGH))
        return echo(scene)

    await taken(database, event(text="b"), handler=slow)
    await asyncio.gather(*tasks)
    (talk,) = await rows(database, t.talks)
    assert '["a","b","c"]' in talk.body


async def test_a_connection_lost_inside_a_turn_is_repeated(database: Database) -> None:
    """The batch runs again on a new connection; the event is done once and is not poison."""
    runs: list[int] = []

    def killed(scene: Scene) -> Turn:
        runs.append(1)
        if len(runs) == 1:
            assert isinstance(scene.desk, RecordDesk)
            scene.desk._c.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return echo(scene)

    batch = await taken(database, event(text="a"), event(text="b"), handler=killed)
    assert batch.outcomes == [Outcome.DONE] * 2
    assert await number_of(database, t.poison) == 0


async def test_a_rung_is_climbed_once_across_replicas(database: Database, people: People) -> None:
    """Two rounds at the same instant remind of a deadline once."""
    run = Run(Clock.HANDLING, NOW - timedelta(days=20), 14, NOW - timedelta(hours=1))
    late = ticket(people.siti, state=State.FORWARDED, agency="dpu", runs=(run,), wakes_at=NOW - timedelta(days=9))
    await at_desk(database, lambda desk: desk.add_ticket(late))
    await asyncio.gather(*(database.write(lambda c: sweep(c, OFFICE, NOW)) for _ in range(3)))
    called = [(row.action, row.data.get("call")) for row in await rows(database, t.history)]
    assert called
    assert len(called) == len(set(called))


async def test_a_move_is_made_once_across_replicas(database: Database, people: People) -> None:
    """Of two coordinators who forward a report at two replicas at once, one does."""
    made = await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti, state=State.RECEIVED)))
    done: list[bool] = []

    def forward(desk: RecordDesk) -> None:
        found = desk.ticket(made.id)
        assert found is not None
        done.append(case.make(desk, found, "forward", Role.COORDINATOR, people.budi, agency="dpu") is not None)

    await meanwhile(database, lambda desk: desk.ticket(made.id), lambda desk, _: forward(desk), forward)
    assert sorted(done) == [False, True]
