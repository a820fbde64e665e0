"""Reports that wander through an office in any way its rules allow, for whatever counts them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeVar

from alembic import command
from sqlalchemy import Connection

from handlers import case
from handlers.desk import Ticket
from handlers.rules.ticket import MOVES, Role
from storage.database import Database
from storage.desk import RecordDesk
from storage.migrate import upgrade
from tests.storage.samples import OFFICE, at_desk, put_people, ticket
from tests.storage.test_migrate_data import to

T = TypeVar("T")
AGENCIES = ("kominfo", "dpu", "dinkes")


def zone_of(agency: str) -> str:
    """The zone of an agency's calendar."""
    return OFFICE.facts.calendar(agency).zone


def opened(desk: RecordDesk, reporter: int, number: str = "LPR-2611-AAAA-A") -> Ticket:
    """A new report at the coordinator."""
    return case.opened(desk, ticket(reporter, number, agency="kominfo"), (), "telegram").ticket


def does(desk: RecordDesk, of: Ticket, action: str, role: Role, **data: Any) -> Ticket:
    """A move that is allowed; the report after it."""
    made = case.make(desk, of, action, role, None, **data)
    assert made is not None
    return made.ticket


def wanders(desk: RecordDesk, chance: random.Random, reporter: int, known: list[int]) -> None:
    """A new report, or any move of any report that stands open to somebody."""
    if not known or (len(known) < 12 and chance.random() < 0.2):
        known.append(opened(desk, reporter, f"LPR-{chance.randrange(10**9)}").id)
        return
    of = desk.ticket(chance.choice(known))
    assert of is not None
    move = chance.choice([each for each in MOVES if not each.frm or of.state in each.frm])
    data = {"text": "Baik", "agency": chance.choice(AGENCIES), "stars": 4, "klass": "supervisory", "days": 2}
    data |= {"officer": reporter, "into": chance.choice(known), "to": "sehat", "draft": chance.randrange(9)}
    if move.action == "undo":
        found = [each.data["before"] for each in desk.history(of.id) if "before" in each.data]
        if not found:
            return
        data["before"] = found[-1]
    if move.action == "register":
        data["sp4n_id"] = str(chance.randrange(10**6, 10**7))
    if data["into"] != of.id or move.action not in ("merge", "join"):
        case.make(desk, of, move.action, chance.choice(move.by), None, **data)


def passes_on(n: int, reporter: int) -> Callable[[RecordDesk], None]:
    """A batch that opens a report for each agency, in this order or the other, and passes it on."""

    def work(desk: RecordDesk) -> None:
        for m, agency in enumerate(AGENCIES[::-1] if n % 2 else AGENCIES):
            does(desk, opened(desk, reporter, f"LPR-{n}-{m}"), "forward", Role.COORDINATOR, agency=agency)

    return work


async def migrated(blank: Database, moves: int, counted: Callable[[Connection], T]) -> tuple[T, T]:
    """What is counted in an office in use, and what after it was brought from the shape before to that which counts."""
    await blank.write(upgrade)
    people = await blank.write(put_people)
    chance, known = random.Random(moves), list[int]()

    def several(desk: RecordDesk) -> None:
        for _ in range(moves):
            wanders(desk, chance, people.siti, known)

    await at_desk(blank, several)
    before = await blank.read(counted)
    await blank.write(to("0004", command.downgrade))
    await blank.write(to("0005"))
    return before, await blank.read(counted)
