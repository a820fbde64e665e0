"""The verbs about disasters: each is done at a desk and looked at there and at the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.desk import Ticket, Toll
from handlers.facts import Disaster
from handlers.rules.ticket import State
from storage.desk import RecordDesk
from tests.storage.samples import NOW, People, entry, reopened
from tests.storage.verbs_of_bonds import put

DAY = timedelta(days=1)


def flood(by: int, **values: Any) -> Disaster:
    """A flood that was declared just now, for three days."""
    given = {"kind": "Banjir", "area": "", "agency": "dpu", "since": NOW, "until": NOW + 3 * DAY, **values}
    return Disaster(0, by=by, **given)


def disasters(desk: RecordDesk, people: People) -> None:
    assert list(desk.disasters()) == list(desk.disasters(fresh=True)) == []
    made = desk.declare(flood(people.budi))
    desk.declare(flood(people.budi, since=NOW - 2 * DAY, until=NOW))
    desk.declare(flood(people.budi, ended_at=NOW))
    assert list(desk.disasters()) == [made]
    again = reopened(desk)
    # What this program last read knows of none.
    assert (list(again.disasters()), list(again.disasters(fresh=True))) == ([], [made])


def disaster(desk: RecordDesk, people: People) -> None:
    made = desk.declare(flood(people.budi, ended_at=NOW))
    assert desk.disaster(made.id) == reopened(desk).disaster(made.id) == made
    assert desk.disaster(made.id + 1) is None


def declare(desk: RecordDesk, people: People) -> None:
    first, second = (desk.declare(flood(people.budi, kind=kind)) for kind in ("Banjir", "Longsor"))
    assert first.id != second.id
    assert list(reopened(desk).disasters(fresh=True)) == [first, second]


def change_disaster(desk: RecordDesk, people: People) -> None:
    made, other = desk.declare(flood(people.budi)), desk.declare(flood(people.budi, area="35.08.04"))
    longer = replace(made, until=made.until + DAY)
    desk.change_disaster(longer)
    assert list(desk.disasters()) == list(reopened(desk).disasters(fresh=True)) == [longer, other]
    desk.change_disaster(replace(longer, ended_at=NOW))
    assert list(desk.disasters()) == list(reopened(desk).disasters(fresh=True)) == [other]


def reported(desk: RecordDesk, people: People, disaster: Disaster, urgent: bool = False) -> Ticket:
    """A report of this disaster, which lies with its agency."""
    made = put(desk, people.siti, state=State.FORWARDED)
    desk.reported_in(disaster.id, made.id, urgent)
    return made


def reported_in(desk: RecordDesk, people: People) -> None:
    made = desk.declare(flood(people.budi))
    reported(desk, people, made)
    assert desk.toll(made.id) == reopened(desk).toll(made.id) == Toll(1, 0, 1, 1)


def toll(desk: RecordDesk, people: People) -> None:
    made, other = desk.declare(flood(people.budi)), desk.declare(flood(people.budi))
    first, second, *_ = [reported(desk, people, made, urgent) for urgent in (True, True, False, False)]
    reported(desk, people, other)
    for changed in (
        replace(first, state=State.IN_PROGRESS, officer=people.ani),
        replace(second, state=State.RESOLVED, closed_at=NOW),
    ):
        desk.change(changed, entry(changed))
    assert desk.toll(made.id) == reopened(desk).toll(made.id) == Toll(reports=4, urgent=2, untouched=2, open=3)


EXERCISES = (disasters, disaster, declare, change_disaster, reported_in, toll)
