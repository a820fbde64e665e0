"""Each of WhatsApp's error codes means one thing for a letter, at once and when it is told later."""

from __future__ import annotations

import pytest

from bot.channels import Failure, Gone, Later, Refused, Replan, Retry, Stopped
from bot.channels.whatsapp_errors import TemplateRefused, failure, fate_of
from storage.letters import Fate

HOUR = 3600.0
# What Meta's page of error codes says of them, code by code.
MEANT: dict[int, tuple[type[Failure], Fate]] = {
    131047: (Replan, Fate.CLOSED),
    131056: (Retry, Fate.AGAIN),
    **dict.fromkeys((130429, 4, 80007, 131048), (Retry, Fate.AGAIN)),
    **dict.fromkeys((1, 2, 131000, 131016, 131053, 131057, 133004, 133016), (Retry, Fate.AGAIN)),
    **dict.fromkeys((131026, 131021, 131030), (Gone, Fate.GONE)),
    **dict.fromkeys((131049, 131050, 130472), (Later, Fate.TOMORROW)),
    **dict.fromkeys((0, 3, 10, 190, 200, 368, 131005, 131031, 131042, 131045, 133010), (Stopped, Fate.AGAIN)),
    **dict.fromkeys((131008, 131009, 131051, 131052, 131062, 100), (Refused, Fate.REFUSED)),
    **dict.fromkeys((132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068), (TemplateRefused, Fate.REFUSED)),
    **dict.fromkeys((7, 999_999, -1, 133999), (Refused, Fate.REFUSED)),
}


@pytest.mark.parametrize("code", MEANT)
def test_what_a_code_means(code: int) -> None:
    """A code leads to this failure when it answers a call, and to this fate when it comes as a status."""
    kind, fate = MEANT[code]
    found = failure(code)
    assert type(found) is kind
    assert found.why == str(code)
    assert fate_of(code) is fate


def test_a_closed_window_is_named() -> None:
    """More than a day after the person's last message the letter goes another way."""
    found = failure(131047)
    assert isinstance(found, Replan)
    assert found.lost == "window"


@pytest.mark.parametrize("code", [130429, 4, 80007, 131048])
def test_the_account_waits(code: int) -> None:
    """Where all of the account must wait it does, as long as Meta says or, where it does not say, some seconds."""
    found, told = failure(code), failure(code, after=7.0)
    assert isinstance(found, Retry)
    assert isinstance(told, Retry)
    assert found.account is told.account is True
    assert found.after
    assert 1 <= found.after <= HOUR
    assert told.after == 7.0


def test_one_pair_waits_alone() -> None:
    """Too many messages to one person: that person's letters wait four times as long after each refusal."""
    waits = []
    for attempts in (*range(10), 10_000):
        found = failure(131056, attempts)
        assert isinstance(found, Retry)
        assert found.account is False
        waits.append(found.after)
    assert waits[:4] == [1.0, 4.0, 16.0, 64.0]
    assert waits[-1] == max(each for each in waits if each) <= 2 * HOUR


def test_what_meta_holds_back_waits_a_day() -> None:
    """Who must not be written to now is not written to within a day, and others are."""
    for code in (131049, 130472, 131050):
        found = failure(code)
        assert isinstance(found, Later)
        assert found.seconds >= 24 * HOUR


def test_a_failure_says_nothing_but_the_code() -> None:
    """No failure carries words of Meta's, which quote phone numbers."""
    assert {str(failure(code)) for code in MEANT} == {str(code) for code in MEANT}
