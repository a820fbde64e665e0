"""Measures the contenders in alternating rounds and prints each beside the floor and python-telegram-bot."""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib.util
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.contenders import CONTENDERS, Contender
from bench.crowd import Stuck
from bench.load import pin
from bench.load import run as play
from bench.measure import Run, middle

HEAD: tuple[str, ...] = (
    "contender",
    "citizens",
    "turns/s",
    "x floor",
    "x ptb",
    "p50",
    "p95",
    "p99 ms",
    "CPU ms",
    "load core",
)


def measured(contenders: list[Contender], options: argparse.Namespace) -> dict[str, list[Run]]:
    """All rounds; a contender that gets stuck is reported and left out from then on."""
    runs: dict[str, list[Run]] = {one.name: [] for one in contenders}
    broken: set[str] = set()
    for number in range(options.rounds):
        for contender in contenders:
            if contender.name in broken:
                continue
            print(f"round {number + 1} of {options.rounds}: {contender.name} …", file=sys.stderr, flush=True)
            try:
                runs[contender.name].append(_one(contender, options))
            except Stuck as wrong:
                broken.add(contender.name)
                print(f"left out: {wrong}", file=sys.stderr)
    return {name: done for name, done in runs.items() if done and name not in broken}


def _one(contender: Contender, options: argparse.Namespace) -> Run:
    with asyncio.Runner(loop_factory=_loop()) as runner:
        done = runner.run(play(contender, options.citizens, options.seconds, options.delay))
    gc.collect()
    return done


def _loop() -> type[asyncio.AbstractEventLoop] | None:
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop

    loop: type[asyncio.AbstractEventLoop] = uvloop.Loop
    return loop


def table(medians: dict[str, Run], citizens: list[int]) -> str:
    """The figures with their ratios, a line a contender and number of citizens."""
    lines = [HEAD]
    for at in range(len(citizens)):
        for name, done in medians.items():
            one = done.levels[at]
            ratios = [_ratio(one.turns, medians.get(other), at) for other in ("floor", "ptb")]
            times = [f"{value:.1f}" for value in (one.p50, one.p95, one.p99)]
            row = (
                name,
                str(one.citizens),
                f"{one.turns:.0f}",
                *ratios,
                *times,
                f"{one.cpu_ms:.2f}",
                f"{one.load:.0%}",
            )
            lines.append(row)
    lines.append(())
    lines.append(("contender", "start s", "peak MB", "refused"))
    for name, run in medians.items():
        lines.append((name, f"{run.start:.2f}", f"{run.peak_mb:.0f}", str(run.refused)))
    return "\n".join(
        "".join(f"{cell:>{20 if not at else 10}}" for at, cell in enumerate(line)).rstrip() for line in lines
    )


def _ratio(turns: float, other: Run | None, at: int) -> str:
    return f"{turns / other.levels[at].turns:.2f}" if other else "-"


def main() -> int:
    """Reads the command line, measures, prints; 1 when a contender was left out."""
    line = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    line.add_argument("--citizens", type=lambda given: [int(one) for one in given.split(",")], default=[1, 16, 64])
    line.add_argument("--seconds", type=float, default=5.0, help="measured time for each number of citizens")
    line.add_argument("--rounds", type=int, default=3)
    line.add_argument("--delay", type=float, default=0.0, help="seconds the platform takes for each call")
    line.add_argument("--only", default="", help="names of contenders, comma-separated")
    line.add_argument("--json", type=Path, help="also write the medians to this file")
    options = line.parse_args()
    wanted = [one for one in CONTENDERS if not options.only or one.name in options.only.split(",")]
    pin()
    gc.disable()
    medians = {name: middle(runs) for name, runs in measured(wanted, options).items()}
    print(table(medians, options.citizens))
    if options.json:
        options.json.write_text(json.dumps({name: asdict(one) for name, one in medians.items()}, indent=1))
    return 0 if len(medians) == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
