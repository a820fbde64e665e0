"""The program's time goes on evenly while the machine's clock jumps, and follows it when the jump lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.now import BELIEVED, Steadied

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Machine:
    """A machine with a clock that can be set and one that cannot."""

    def __init__(self) -> None:
        self.clock, self.seconds = NOON, 0.0

    def passes(self, seconds: float) -> None:
        """Lets time pass."""
        self.clock += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def machine() -> Machine:
    """A machine at noon."""
    return Machine()


def time_of(machine: Machine) -> Steadied:
    return Steadied(lambda: machine.clock, lambda: machine.seconds)


@pytest.mark.parametrize("jump", [timedelta(hours=3), timedelta(hours=-3), timedelta(minutes=1)])
def test_a_jump_is_not_believed_at_once(machine: Machine, jump: timedelta) -> None:
    """While the clock is off, and when it is put right again, no second is lost or won."""
    now = time_of(machine)
    machine.clock += jump
    for passed in (0.5, 20.0, 90.0):
        machine.passes(passed - machine.seconds)
        assert now() == NOON + timedelta(seconds=passed)
    machine.clock -= jump
    machine.passes(10.0)
    assert now() == NOON + timedelta(seconds=100)


def test_a_jump_that_lasts_is_believed(machine: Machine) -> None:
    """A clock that was put right for good counts in the end."""
    now = time_of(machine)
    machine.clock += timedelta(days=1)
    now()
    machine.passes(BELIEVED)
    assert now() == NOON + timedelta(days=1, seconds=BELIEVED)
    machine.passes(1.0)
    assert now() == machine.clock


def test_a_clock_that_drifts_is_followed(machine: Machine) -> None:
    """A second more or less, as a network sets it, is no jump."""
    now = time_of(machine)
    for _ in range(100):
        machine.passes(60.0)
        machine.clock += timedelta(seconds=1)
        assert now() == machine.clock
