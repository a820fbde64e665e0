"""The pace of an account stays within the platform's figures, whatever is asked of it."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pace import NONE, TELEGRAM, WHATSAPP, Limits, Pace, Rate

GROUP, PERSON = 1, 2


def sent(pace: Pace, contact: int, group: bool, start: float, seconds: float) -> list[float]:
    """When a contact that always has something waiting is written to."""
    now, times = start, []
    while now < start + seconds:
        wait = pace.wait(contact, group, now)
        if wait == 0:
            times.append(now)
        else:
            now += wait
    return times


def most(times: list[float], seconds: float) -> int:
    """The most that lie within any window of so many seconds."""
    window: deque[float] = deque()
    counted = 0
    for each in sorted(times):
        window.append(each)
        while window[0] <= each - seconds:
            window.popleft()
        counted = max(counted, len(window))
    return counted


def test_a_person_gets_three_at_once_and_then_nearly_one_a_second() -> None:
    """A private chat takes a burst of three, and after it never quite one a second."""
    times = sent(Pace(TELEGRAM), PERSON, False, 100.0, 9.5)
    assert times[:5] == pytest.approx([100.0, 100.0, 100.0, 100.0 + 1 / 0.9, 100.0 + 2 / 0.9])
    assert len(times) == 11


def test_a_group_gets_twenty_a_minute() -> None:
    """No minute has more than twenty messages to one group, and not many fewer."""
    times = sent(Pace(TELEGRAM), GROUP, True, 0.0, 600.0)
    assert most(times, 60.0) <= 20
    assert len(times) >= 150


def test_an_account_gets_thirty_a_second() -> None:
    """No second has more than thirty messages, though a hundred people wait, and nearly all are used."""
    pace, now, times = Pace(TELEGRAM), 0.0, []
    while now < 10.0:
        waits = []
        for contact in range(100):
            wait = pace.wait(contact, False, now)
            times.extend([now] if wait == 0 else [])
            waits.append(wait)
        now += min(wait for wait in waits if wait > 0)
    assert len(times) >= 250
    assert most(times, 1.0) <= 30


def test_a_number_of_whatsapp_gets_eighty_a_second() -> None:
    """No second has more than eighty messages from one number, also the first, and most of them are used."""
    pace, now, times = Pace(WHATSAPP), 0.0, []
    for contact in range(1000):
        while wait := pace.wait(contact, False, now):
            now += wait
        times.append(now)
    assert most(times, 1.0) <= 80
    assert len([each for each in times if each < 10.0]) >= 600


@pytest.mark.parametrize("officer", [False, True])
def test_a_person_on_whatsapp_gets_one_in_six_seconds(officer: bool) -> None:
    """A person may be sent a burst, within what may be borrowed, and pays it back at one in six seconds."""
    times = sent(Pace(WHATSAPP), PERSON, officer, 0.0, 3600.0)
    assert 10 <= most(times, 6.0) <= 45
    assert len(times) <= 3600 / 6 + 45


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 4), st.floats(0, 8)), max_size=300))
def test_twenty_a_minute_however_they_come(asked: list[tuple[int, float]]) -> None:
    """However letters to groups are spread, no group has more than twenty within a minute."""
    pace, now, times = Pace(TELEGRAM), 0.0, dict[int, list[float]]()
    for contact, later in asked:
        now += later
        if pace.wait(contact, True, now) == 0:
            times.setdefault(contact, []).append(now)
    assert all(most(each, 60.0) <= 20 for each in times.values())


def test_waiting_is_honest() -> None:
    """After the seconds that were named there is room, and before them there is none."""
    pace = Pace(TELEGRAM)
    while (wait := pace.wait(GROUP, True, 0.0)) == 0:
        pass
    assert pace.wait(GROUP, True, wait * 0.99) > 0
    assert pace.wait(GROUP, True, wait) == 0


def test_one_who_waits_holds_nobody_up() -> None:
    """A contact whose own budget is spent takes nothing of the account's."""
    pace = Pace(Limits(Rate(4, 0.1), Rate(1, 0.1), Rate(1, 0.1)))
    assert [pace.wait(PERSON, False, 0.0) == 0 for _ in range(5)] == [True, False, False, False, False]
    assert [pace.wait(contact, False, 0.0) for contact in (3, 4, 5)] == [0, 0, 0]
    assert pace.wait(6, False, 0.0) == pytest.approx(10.0)


def test_a_pause_is_kept_to_the_end() -> None:
    """A contact that Telegram asked to spare is spared for the whole time, and others are not."""
    pace = Pace(TELEGRAM)
    pace.pause(PERSON, 30.0, 0.0)
    assert pace.wait(PERSON, False, 29.9) == pytest.approx(0.1)
    assert pace.wait(3, False, 29.9) == 0
    assert pace.wait(PERSON, False, 30.0) == 0


def test_three_pauses_are_one_of_the_account() -> None:
    """When three contacts must be spared at once it is the account that is too fast."""
    pace = Pace(NONE)
    for contact in (1, 2, 3):
        pace.pause(contact, 5.0 + contact, 0.0)
    assert pace.wait(9, False, 1.0) > 0
    assert pace.wait(9, False, 8.1) == 0


def test_pauses_that_are_over_do_not_count() -> None:
    """Pauses one after the other are none of the account's."""
    pace = Pace(NONE)
    for contact in (1, 2, 3):
        pace.pause(contact, contact * 10.0, contact * 10.0 - 5.0)
    assert pace.wait(9, False, 25.0) == 0


def test_a_pause_is_never_shortened() -> None:
    """A shorter wait that is asked for later does not end a longer one."""
    pace = Pace(TELEGRAM)
    pace.pause_all(30.0)
    pace.pause_all(5.0)
    pace.pause(PERSON, 40.0, 0.0)
    pace.pause(PERSON, 10.0, 0.0)
    assert pace.wait(PERSON, False, 20.0) == pytest.approx(20.0)
    assert pace.wait(3, False, 20.0) == pytest.approx(10.0)


def test_without_limits_there_is_no_waiting() -> None:
    """An office that is told of no limits waits for a pause only."""
    pace = Pace(NONE)
    assert {pace.wait(PERSON, False, 0.0) for _ in range(10_000)} == {0.0}


def test_the_clock_may_stand_still_or_go_back() -> None:
    """A clock that goes back a little gives no tokens away."""
    pace = Pace(Limits(Rate(100, 100), Rate(1, 1), Rate(1, 1)))
    assert pace.wait(PERSON, False, 10.0) == 0
    assert pace.wait(PERSON, False, 9.0) > 0
    assert pace.wait(PERSON, False, 10.0) > 0
    assert pace.wait(PERSON, False, 11.0) == 0


def test_idle_contacts_are_forgotten_without_effect() -> None:
    """Forgetting idle contacts keeps those that are still owed patience."""
    pace = Pace(TELEGRAM)
    for _ in range(3):
        assert pace.wait(PERSON, False, 0.0) == 0
    pace.pause(GROUP, 60.0, 0.0)
    pace.forget_idle(1.5)
    assert pace.wait(PERSON, False, 0.5) > 0
    assert pace.wait(GROUP, True, 59.0) > 0
    pace.forget_idle(100.0)
    assert [pace.wait(PERSON, False, 100.0) for _ in range(3)] == [0, 0, 0]
    assert pace.wait(GROUP, True, 101.0) == 0
