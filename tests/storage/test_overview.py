"""The operator's check: histories lead to states, and the record says what waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, update

from handlers import case
from handlers.desk import Ticket
from handlers.rules.ticket import Role
from handlers.words import Letter
from storage import overview
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.overview import broken_histories
from tests.storage.samples import (
    CHANNEL,
    People,
    at_desk,
    event,
    faulty,
    put_people,
    taken,
    ticket,
)

REPORTER, OFFICER, COORDINATOR = Role.REPORTER, Role.OFFICER, Role.COORDINATOR
Story = list[tuple[str, Role, dict[str, Any]]]
FORWARD: Story = [("forward", Role.SYSTEM, {"agency": "dpu"})]
ANSWER = ("answer", OFFICER, {"text": "Besok.", "draft": 1})
STORIES: dict[str, Story] = {
    "new": [],
    "forwarded": FORWARD,
    "answered": [*FORWARD, ("claim", OFFICER, {}), ANSWER, ("confirm", REPORTER, {}), ("rate", REPORTER, {"stars": 5})],
    "asked": [*FORWARD, ("ask", OFFICER, {"text": "Di mana?", "draft": 1}), ("supply", REPORTER, {"text": "Di sini."})],
    "disputed": [
        *FORWARD,
        ANSWER,
        ("dispute", REPORTER, {"text": "Belum."}),
        ("claim", OFFICER, {}),
        ("release", OFFICER, {}),
    ],
    "noted": [*FORWARD, ("note", OFFICER, {"text": "Cek."}), ANSWER, ("note", OFFICER, {"text": "Sudah."})],
    "replied": [
        *FORWARD,
        ("reply", REPORTER, {"text": "Tambahan."}),
        ANSWER,
        ("reply", REPORTER, {"text": "Terima kasih."}),
    ],
    "undone": [*FORWARD, ANSWER, ("undo", OFFICER, {})],
    "undone and done": [*FORWARD, ANSWER, ("undo", OFFICER, {}), ("claim", OFFICER, {}), ANSWER],
    "undone after a note": [*FORWARD, ANSWER, ("note", OFFICER, {"text": "Salah."}), ("undo", OFFICER, {})],
    "a second answer undone": [*FORWARD, ANSWER, ANSWER, ("undo", OFFICER, {})],
    "both answers undone": [*FORWARD, ANSWER, ("undo", OFFICER, {}), ANSWER, ("undo", OFFICER, {})],
    "passed on": [*FORWARD, ("transfer", OFFICER, {"agency": "dinkes"}), ("return", OFFICER, {"text": "Bukan kami."})],
    "archived": [("archive", COORDINATOR, {"text": "spam"})],
}


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


def told(desk: RecordDesk, people: People, story: Story) -> Ticket:
    """A ticket to which all this happened, by the handlers' own moves."""
    now = case.opened(desk, ticket(people.siti), (), CHANNEL).ticket
    before: Any = None
    for action, role, data in story:
        given = {"before": before} if action == "undo" else data
        made = case.make(desk, now, action, role, people.budi, **given)
        assert made is not None, action
        now = made.ticket
        if "draft" in data:
            before = desk.history(now.id)[-1].data["before"]
    return now


@pytest.mark.parametrize("story", STORIES)
async def test_histories_lead_to_states(database: Database, people: People, story: str) -> None:
    """Whatever the handlers let happen, replaying the history ends where the ticket stands."""
    await at_desk(database, lambda desk: told(desk, people, STORIES[story]))
    assert await database.read(lambda c: broken_histories(c, 500)) == ()


BREAKS = {
    "another state": update(t.tickets).values(state="resolved"),
    "a step left out": delete(t.history).where(t.history.c.action == "forward"),
    "no beginning": delete(t.history).where(t.history.c.action == "submit"),
    "no history": delete(t.history),
    "a step the table does not know": update(t.history).where(t.history.c.action == "answer").values(action="magic"),
}


@pytest.mark.parametrize("broken", BREAKS)
async def test_a_history_that_leads_elsewhere_is_named(database: Database, people: People, broken: str) -> None:
    """A state or a history changed outside the program is found, and the sound ticket beside it is not blamed."""
    made = await at_desk(database, lambda desk: told(desk, people, [*FORWARD, ANSWER]))
    await database.write(lambda c: c.execute(BREAKS[broken]).rowcount)

    def sound(desk: RecordDesk) -> None:
        other = replace(ticket(people.budi), number="LPR-2611-BBBB-B")
        case.opened(desk, other, (), CHANNEL)

    await at_desk(database, sound)
    assert await database.read(lambda c: broken_histories(c, 500)) == (made.number,)
    assert await database.read(lambda c: broken_histories(c, 1)) == ()


async def test_the_record_says_how_it_stands(database: Database, people: People) -> None:
    """Groups, events set aside and letters that wait are counted."""
    await taken(database, event(text="!"), handler=faulty)
    await at_desk(database, lambda desk: None, letters=[Letter(people.budi, "halo")])
    found = await database.read(overview.state)
    assert (found.bound, found.poisoned, found.waiting, found.broken) == (frozenset({"dpu", "dinkes"}), 1, 2, ())


async def test_an_entry_of_somebody_else_is_not_mixed_in(database: Database, people: People) -> None:
    """Histories of tickets that moved in turns are told apart."""

    def mixed(desk: RecordDesk) -> None:
        first = case.opened(desk, ticket(people.siti), (), CHANNEL).ticket
        second = case.opened(desk, ticket(people.siti, "LPR-2611-BBBB-B"), (), CHANNEL).ticket
        for each in (first, second):
            assert case.make(desk, each, "forward", Role.SYSTEM, None, agency="dpu")

    await at_desk(database, mixed)
    assert await database.read(lambda c: broken_histories(c, 500)) == ()
