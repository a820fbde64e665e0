"""An agency with more open reports than a list holds is told how many there truly are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.desk import LISTED
from handlers.rounds import gathered
from handlers.rules.ticket import State
from tests.handlers import Overheard, acts, desk, faults, report, sample_office, ticket

MANY = LISTED + 5
DAY = timedelta(days=1)


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which one agency holds many reports, most of them late."""
    with sample_office() as stage:
        made = ticket(stage, report(stage, "Sari"))
        with stage.engine.begin() as connection:
            at = desk(stage, connection)
            for n in range(1, MANY):
                state = State.RESPONDED if n <= 3 else State.FORWARDED
                due = stage.now - DAY if n <= LISTED else stage.now + 9 * DAY
                more = replace(made, number=f"LPR-2611-AAAA-{n}", agency="dputr", source="letter", due_at=due)
                at.add_ticket(replace(more, state=state))
            at.flush(())
        yield stage
        assert faults(stage) == []


def test_the_list_of_tasks_says_the_true_number(stage: Overheard) -> None:
    """What is not shown is counted."""
    acts(stage, "Agus Wibowo @ dputr> /tugas")
    assert stage.heard("dputr")[-1].body.text.startswith(f"{MANY} laporan terbuka")


def test_the_morning_says_the_true_number(stage: Overheard) -> None:
    """What waits for its reporter is not work; all that is late is counted."""
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        letters = gathered(at, (), ("dputr",), lambda _: ())
        (head, *_) = at.render(letters[0].text, "id").splitlines()
    assert head.endswith(f"{MANY - 3} laporan terbuka, {LISTED - 3} lewat batas.")
