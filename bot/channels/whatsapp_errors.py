"""WhatsApp's error codes, and what each means for a letter."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels import Failure, Gone, Later, Refused, Replan, Retry, Stopped
from storage.letters import Fate

DAY = 25 * 3600.0
PAIR_MOST = 6
# The account must wait as a whole: throughput of the number, of the app, of the account, and of what counts as spam.
ACCOUNT_WAITS = {130429: 5.0, 4: 60.0, 80007: 60.0, 131048: 900.0}
TEMPORARY = frozenset([1, 2, 131000, 131016, 131053, 131057, 133004, 133016, 135000])
# Locked, blocked for policy, no means of payment, no certificate, no permission, an unknown or expired token.
STOPS = frozenset([0, 3, 10, 190, 200, 368, 131005, 131031, 131037, 131042, 131045, 133010])
# A fault of ours, or a rule that Meta has changed: plain words are taken all the same.
MISSHAPEN = frozenset(["100", "131008", "131009", "131051"])
WINDOW, PAIR, UPLOAD = 131047, 131056, 131053
UPLOADS = 3
GONE = frozenset([131026, 131021, 131030])
HELD_BACK = frozenset([131049, 130472, 131050])
FIRST_TEMPLATE, LAST_TEMPLATE = 132000, 132999


class TemplateRefused(Refused):
    """This template cannot be used now: it is missing, paused, or its parameters do not match; another one may."""


def failure(code: int, attempts: int = 0, after: float | None = None) -> Failure:
    """What a letter's sender must do about a code; `attempts`: how often the letter failed before."""
    why = str(code)
    if code == PAIR:
        # Meta asks for 4^X seconds, X counting the refusals in a row.
        return Retry(why, after=4.0 ** min(attempts, PAIR_MOST))
    if code == UPLOAD and attempts >= UPLOADS:
        # It may be the file itself: what else waits for this person must not wait for it.
        return Refused(why)
    if code in ACCOUNT_WAITS:
        return Retry(why, after=after or ACCOUNT_WAITS[code], account=True)
    if FIRST_TEMPLATE <= code <= LAST_TEMPLATE:
        return TemplateRefused(why)
    return next((make(why) for codes, make in TABLE if code in codes), Refused(why))


def _tomorrow(why: str) -> Failure:
    return Later(why, DAY)


def _window(why: str) -> Failure:
    return Replan(why, "window")


TABLE: tuple[tuple[frozenset[int], Callable[[str], Failure]], ...] = (
    (frozenset([WINDOW]), _window),
    (TEMPORARY, Retry),
    (GONE, Gone),
    (HELD_BACK, _tomorrow),
    (STOPS, Stopped),
)


KNOWN = frozenset([PAIR, *ACCOUNT_WAITS]).union(*(codes for codes, _ in TABLE))
"""The codes that say more than the HTTP status beside them."""


def fate_of(code: int) -> Fate:
    """The same for a message that was taken and failed later; code 0 says nothing and is tried again."""
    if code == WINDOW:
        return Fate.CLOSED
    if code in GONE:
        return Fate.GONE
    if code in HELD_BACK:
        return Fate.TOMORROW
    again = code in TEMPORARY or code in ACCOUNT_WAITS or code in STOPS or code == PAIR
    return Fate.AGAIN if again else Fate.REFUSED
