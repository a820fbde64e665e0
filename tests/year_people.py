"""How people in the simulated year behave: what each does next, how soon, and who never does anything."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum

from handlers.rules.ticket import State


class Party(Enum):
    """Who does something: the reporter, the agency that holds the report, one above it, or one that helps."""

    REPORTER = "reporter"
    HOLDER = "holder"
    ABOVE = "above"
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody is going to do with a report, if nothing else has happened to it since the step `seen`.

    `spoken`: in the chat, by buttons and words; else by the move alone.
    """

    ticket: int
    party: Party
    action: str
    seen: int
    spoken: bool


@dataclass(frozen=True, slots=True)
class Temper:
    """How an agency works: how many days a deed takes on average, and how often nothing is done at first."""

    days: float
    neglect: float


Habits = tuple[tuple[str, float], ...]

AT_HAND: Habits = (
    ("claim", 14),
    ("answer", 32),
    ("resolve", 34),
    ("ask", 5),
    ("extend", 4),
    ("transfer", 5),
    ("return", 5),
    ("assign", 3),
    ("classify", 2),
    ("recategorise", 2),
    ("involve", 2),
    ("note", 1),
    ("register", 1),
    ("handover", 1),
)
WAITING: Habits = (
    ("forward", 60),
    ("verify", 14),
    ("ask", 8),
    ("archive", 8),
    ("merge", 7),
    ("classify", 3),
    ("recategorise", 3),
)
OFFICE: dict[State, Habits] = {
    State.RECEIVED: WAITING,
    State.VERIFIED: WAITING,
    State.RETURNED: WAITING,
    State.FORWARDED: AT_HAND,
    State.REPORTER_REPLIED: AT_HAND,
    State.REOPENED: AT_HAND,
    State.IN_PROGRESS: (*(each for each in AT_HAND if each[0] != "claim"), ("release", 3), ("contribute", 3)),
    State.RESPONDED: (("resolve", 3), ("answer", 2)),
    State.NEEDS_INFO: (("resolve", 0), ("answer", 2)),
}
REPORTERS: dict[State, Habits] = {
    State.NEEDS_INFO: (("supply", 1),),
    State.RESPONDED: (("confirm", 6), ("dispute", 2), ("reply", 2)),
    State.RESOLVED: (("rate", 6), ("dispute", 2)),
    State.ARCHIVED: (("object", 1),),
    State.MERGED: (("reply", 3), ("confirm", 2), ("dispute", 2)),
}
ADDITION: Habits = (("reply", 1),)
OVERSIGHT: Habits = (("transfer", 4), ("extend", 3), ("archive", 2), ("merge", 3), ("classify", 1))
HELP: Habits = (("contribute", 1),)
# How often a reporter never does anything, by the state of the report.
SILENT = {State.NEEDS_INFO: 0.4, State.RESPONDED: 0.4, State.RESOLVED: 0.8, State.ARCHIVED: 0.7, State.MERGED: 0.6}
# Other than these, what happens to a report makes its people think again about what they do next.
QUIET = (
    *("remind", "promise", "escalate", "recalculate", "register", "involve", "contribute", "note", "handover"),
    *("follow", "rate"),
)
WAKES = {"remind": 0.15, "escalate": 0.6}
ABOVE_ACTS, ADDS = 0.12, 0.04
# How much of it is said in the chat, by whom.
SPOKEN = {Party.REPORTER: 0.3, Party.HOLDER: 0.13, Party.ABOVE: 0.3, Party.HELPER: 0.3}


def tempers(chance: random.Random, agencies: list[str]) -> dict[str, Temper]:
    """Most agencies are quick, some are slow, and some hardly ever answer."""
    kinds = (Temper(0.8, 0.02), Temper(1.5, 0.04), Temper(4.0, 0.15), Temper(9.0, 0.4))
    return {code: chance.choices(kinds, (7, 4, 1, 1))[0] for code in sorted(agencies)}


def chosen(chance: random.Random, habits: Habits) -> str:
    """One of these actions, as often as its weight says."""
    return chance.choices([action for action, _ in habits], [weight for _, weight in habits])[0]


def officers_next(chance: random.Random, state: State, temper: Temper) -> tuple[str, float] | None:
    """What the holder of a report does next, and after how many days; nothing where they sleep."""
    habits = OFFICE.get(state)
    if habits is None or chance.random() < temper.neglect:
        return None
    if state in REPORTERS and chance.random() > 0.06:
        return None
    return chosen(chance, habits), chance.expovariate(1 / temper.days)


def reporters_next(chance: random.Random, state: State) -> tuple[str, float] | None:
    """What the reporter does next, and after how many days; nothing where they keep silent."""
    if state in REPORTERS:
        quiet = chance.random() < SILENT[state]
        # Some come when it is nearly too late, or later.
        days = chance.expovariate(1 / 3.0) if chance.random() < 0.8 else chance.uniform(8, 40)
        return None if quiet else (chosen(chance, REPORTERS[state]), days)
    return (chosen(chance, ADDITION), chance.expovariate(1 / 4.0)) if chance.random() < ADDS else None
