"""The parts of the measurement: who is measured against whom, and how; rounds alternate between the contenders."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import sys
from collections.abc import Coroutine
from dataclasses import dataclass, fields
from typing import Any

from bench.contenders import CONTENDERS, Contender
from bench.crowd import Stuck
from bench.delivery import PACED, Delivered, bare, deliver
from bench.letters import Mail
from bench.load import run
from bench.measure import Run
from bench.rest import Rest, rest
from bench.verdicts import Key

Outcome = Run | Delivered | Rest
BY_NAME = {one.name: one for one in CONTENDERS}
BARE = "bare sender"
KENTONGANS = ("kentongan", "kentongan-postgresql")


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison; `rounds` where it needs fewer than the others."""

    name: str
    about: str
    contenders: tuple[str, ...]
    citizens: tuple[int, ...] = ()
    delay: float = 0.0
    rounds: int = 0


PARTS = (
    Part("sqlite", "each turn durable on SQLite", ("floor", "ptb", "kentongan"), (1, 16, 64)),
    Part("slow", "a Bot API that answers after 50 ms", ("floor", "ptb", "kentongan"), (64,), delay=0.05),
    Part(
        "postgresql",
        "each turn durable on PostgreSQL",
        ("floor", "plain", "kentongan-postgresql", "three replicas"),
        (64,),
    ),
    Part("delivery", "a full outbox, no rate limits", (BARE, *KENTONGANS)),
    Part("limits", "a full outbox, the platform's rate limits", KENTONGANS, rounds=1),
    Part("rest", "start and rest", KENTONGANS),
    Part("whatsapp", "the same on WhatsApp", ("floor", "kentongan-whatsapp"), (1, 16, 64)),
)
# What the measures ask for; the rest is there for whoever wants to see it.
USUAL = ("sqlite", "slow", "postgresql", "delivery", "limits", "rest")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured."""

    rounds: int
    seconds: float
    mail: Mail


def measured(part: Part, contenders: tuple[str, ...], amount: Amount) -> dict[str, list[Outcome]]:
    """All rounds of a part; a contender that gets stuck is reported and left out from then on."""
    done: dict[str, list[Outcome]] = {name: [] for name in contenders}
    rounds = min(part.rounds or amount.rounds, amount.rounds)
    for number in range(rounds):
        for name in tuple(done):
            print(f"{part.name}, round {number + 1} of {rounds}: {name} …", file=sys.stderr, flush=True)
            try:
                done[name].append(_run(_outcome(part, name, amount)))
            except Stuck as wrong:
                del done[name]
                print(f"left out: {wrong}", file=sys.stderr)
    return done


def _outcome(part: Part, name: str, amount: Amount) -> Coroutine[Any, Any, Outcome]:
    if name == BARE:
        return bare(amount.mail)
    contender: Contender = BY_NAME[name]
    if part.name == "limits":
        return deliver(contender, PACED, limits=True)
    if part.name == "delivery":
        return deliver(contender, amount.mail, limits=False)
    if part.name == "rest":
        return rest(contender)
    return run(contender, part.citizens, amount.seconds, part.delay)


def _run(outcome: Coroutine[Any, Any, Outcome]) -> Outcome:
    with asyncio.Runner(loop_factory=_loop()) as runner:
        done = runner.run(outcome)
    gc.collect()
    return done


def _loop() -> type[asyncio.AbstractEventLoop] | None:
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop

    loop: type[asyncio.AbstractEventLoop] = uvloop.Loop
    return loop


def figures(part: str, done: dict[str, list[Outcome]]) -> dict[Key, list[float]]:
    """Each figure of each contender, a value a round."""
    found: dict[Key, list[float]] = {}
    for name, outcomes in done.items():
        for outcome in outcomes:
            levels = outcome.levels if isinstance(outcome, Run) else ()
            for citizens, holder in ((0, outcome), *((one.citizens, one) for one in levels)):
                for figure in (one.name for one in fields(holder) if one.name not in ("levels", "citizens")):
                    found.setdefault((part, name, citizens, figure), []).append(getattr(holder, figure))
    return found
