"""The office's own reports teach where each belonged after its last disposition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import insert

from handlers.rules.ticket import Role, State
from storage import lessons as own
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.lessons import Lesson, lessons
from tests.storage.samples import FACTS, People, at_desk, entry, put_people, ticket

STORY = "Jalan di depan pasar berlubang besar."
Step = dict[str, Any]
ANSWERED: Step = {"action": "answer", "role": Role.OFFICER, "state": State.RESPONDED}
RESOLVED: Step = {"action": "resolve", "role": Role.OFFICER, "state": State.RESOLVED}
ROUTED: Step = {"action": "forward", "role": Role.SYSTEM, "state": State.FORWARDED}
SENT_ON: Step = {"action": "forward", "role": Role.COORDINATOR, "state": State.FORWARDED}
TRANSFERRED: Step = {"action": "transfer", "role": Role.OFFICER, "state": State.FORWARDED}
RETURNED: Step = {"action": "return", "role": Role.OFFICER, "state": State.RETURNED}


def archived(reason: str) -> Step:
    """The last line of a report that was put away for this reason."""
    return {"action": "archive", "role": Role.COORDINATOR, "state": State.ARCHIVED, "data": {"text": reason}}


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts, and the agencies with the one that coordinates."""
    rows = [{column.name: getattr(each, column.name, 0) for column in t.agencies.c} for each in FACTS.agencies]
    await database.write(lambda c: c.execute(insert(t.agencies), rows).rowcount)
    return await database.write(put_people)


async def taught(database: Database, people: People, *reports: tuple[Step, Sequence[Step]]) -> list[Lesson]:
    """What these reports teach, each with its history."""

    def work(desk: RecordDesk) -> None:
        for number, (about, steps) in enumerate(reports):
            last = steps[-1]["state"] if steps else State.RECEIVED
            made = desk.add_ticket(ticket(people.siti, f"LPR-{number}", **{"state": last, **about}))
            for step in steps:
                desk.change(made, entry(made, **step))

    await at_desk(database, work)
    return await database.read(lambda c: list(lessons(c)))


@pytest.mark.parametrize("steps", [(ROUTED, ANSWERED), (ROUTED, RESOLVED), (SENT_ON,), (ROUTED, TRANSFERRED)])
async def test_what_people_confirmed_is_a_lesson(database: Database, people: People, steps: Sequence[Step]) -> None:
    """Answered, closed, sent on by the coordinator or passed to another agency."""
    assert await taught(database, people, ({}, steps)) == [Lesson(STORY, "jalan", "dpu")]


@pytest.mark.parametrize(
    ("about", "steps"),
    [
        ({}, ()),
        ({}, (ROUTED,)),
        ({"state": State.MERGED}, (ROUTED, ANSWERED)),
        ({"story": "  "}, (ROUTED, ANSWERED)),
        ({}, (SENT_ON, archived("spam"))),
        ({}, (SENT_ON, archived("test"))),
        ({}, (SENT_ON, {"action": "lapse", "state": State.ARCHIVED, "data": {"text": "incomplete"}})),
        ({}, (SENT_ON, {"action": "withdraw", "role": Role.REPORTER, "state": State.ARCHIVED})),
    ],
)
async def test_what_nobody_confirmed_is_none(
    database: Database, people: People, about: Step, steps: Sequence[Step]
) -> None:
    """New, only routed by the program, handled with another, without words, or no report at all."""
    assert await taught(database, people, (about, steps)) == []


async def test_a_report_put_away_for_a_good_reason_still_teaches(database: Database, people: People) -> None:
    """It was understood and sent to its agency, though it ended at a court."""
    assert len(await taught(database, people, ({}, (SENT_ON, archived("court"))))) == 1


async def test_the_last_disposition_counts(database: Database, people: People) -> None:
    """Where the report is after it, not where the program had sent it first."""
    about = {"agency": "dinkes", "category": "sehat"}
    assert await taught(database, people, (about, (ROUTED, TRANSFERRED))) == [Lesson(STORY, "sehat", "dinkes")]


async def test_what_lies_at_the_coordinator_teaches_no_agency(database: Database, people: People) -> None:
    """Its category is a lesson all the same; with neither there is none."""
    given = ({"agency": "kominfo"}, (SENT_ON, RETURNED)), ({"agency": "kominfo", "category": ""}, (SENT_ON, RETURNED))
    assert await taught(database, people, *given) == [Lesson(STORY, "jalan", "")]


async def test_the_competent_agency_counts_and_not_the_one_that_stands_in(database: Database, people: People) -> None:
    """Nobody could be reached there; the coordinator answered in its place."""
    about = {"agency": "kominfo", "meant": "dinkes", "category": ""}
    assert await taught(database, people, (about, (ROUTED, ANSWERED))) == [Lesson(STORY, "", "dinkes")]


async def test_all_pages_are_read(database: Database, people: People) -> None:
    """The oldest report first, and none twice."""
    reports = [({"story": f"Laporan {number}"}, (ROUTED, ANSWERED)) for number in range(own.AT_ONCE + 3)]
    found = await taught(database, people, *reports)
    assert [each.story for each in found] == [f"Laporan {number}" for number in range(own.AT_ONCE + 3)]
