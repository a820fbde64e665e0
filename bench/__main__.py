"""Measures turns, delivery, start and memory in alternating rounds, each beside its baseline, and judges."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench import cores
from bench.letters import Mail
from bench.parts import PARTS, USUAL, Amount, Part, figures, measured
from bench.verdicts import Figures, Key, missed, verdicts

TURNS = ("turns", "p50", "p95", "p99", "cpu_ms", "database_ms", "program", "database", "load")
WHOLE = ("start", "peak_mb", "refused")
BESIDE = (("turns", "floor"), ("turns", "ptb"), ("turns", "plain"), ("cpu_ms", "floor"), ("p99", "floor"))


def tables(part: Part, found: Figures) -> list[list[tuple[str, ...]]]:
    """The medians of a part: for each number of citizens a row a contender, and what does not hang on citizens."""
    names = list(dict.fromkeys(name for _, name, _, _ in found))
    beside = [(figure, other) for figure, other in BESIDE if other in names]
    rows = [("contender", "citizens", *TURNS, *(f"{figure} x {other}" for figure, other in beside))]
    for citizens in part.citizens:
        for name in names:
            values = [_shown(found, (part.name, name, citizens, figure)) for figure in TURNS]
            ratios = [_ratio(found, (part.name, name, citizens, figure), other) for figure, other in beside]
            rows.append((name, str(citizens), *values, *ratios))
    whole = list(dict.fromkeys(figure for _, _, citizens, figure in found if not citizens))
    others = [(name, *(_shown(found, (part.name, name, 0, figure)) for figure in whole)) for name in names]
    return [rows if part.citizens else [], [("contender", *whole), *others]]


def _shown(found: Figures, key: Key) -> str:
    return f"{median(found[key]):.4g}" if found.get(key) else "-"


def _ratio(found: Figures, key: Key, other: str) -> str:
    its = found.get((key[0], other, *key[2:]), ())
    ratios = [one / two for one, two in zip(found.get(key, ()), its, strict=False) if two]
    return f"{median(ratios):.2f}" if ratios else "-"


def laid_out(rows: Sequence[tuple[str, ...]]) -> str:
    """A table as lines of text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    return "\n".join("  ".join(f"{cell:>{wide}}" for cell, wide in zip(row, widths, strict=True)) for row in rows)


def bound(part: Part, found: Figures) -> list[str]:
    """What holds the replicas back: how busy the cores are, and what one core of database would carry."""
    lines = []
    for name in ("kentongan-postgresql", "three replicas"):
        at = (part.name, name, 64)
        if not found.get((*at, "turns")):
            continue
        used = {who: median(found[(*at, who)]) for who in ("program", "database", "load")}
        said = ", ".join(f"{who} {share:.0%}" for who, share in used.items())
        alone = 1000 / max(1e-9, median(found[(*at, "database_ms")]))
        busy = f"{sum(used.values()):.2f} of {len(cores.ALL)} cores busy ({said} of one)"
        lines.append(f"{name} at 64: {busy}; a core of database carries {alone:.0f} turns/s")
    return lines


def main() -> int:
    """Reads the command line, measures, prints; 1 when a contender was left out or a wanted figure missed."""
    options = _options()
    cores.pin()
    gc.disable()
    amount = Amount(options.rounds, options.seconds, Mail(((options.letters // 2, 2),)))
    only = tuple(name for name in options.only.split(",") if name)
    chosen = options.parts.split(",") if options.parts else [one.name for one in PARTS] if only else USUAL
    found: dict[Key, list[float]] = {}
    whole = True
    print(cores.described())
    for part in PARTS:
        names = tuple(name for name in part.contenders if not only or name in only)
        if part.name not in chosen or not names:
            continue
        part = _changed(part, options)
        done = measured(part, names, amount)
        whole = whole and len(done) == len(names)
        mine = figures(part.name, done)
        found |= mine
        shown = [laid_out(rows) for rows in tables(part, mine) if rows] + bound(part, mine)
        print("\n".join((f"\n{part.name}: {part.about}", *shown)), flush=True)
    rows = verdicts(found)
    print(f"\n{laid_out(rows)}")
    if options.json:
        kept = [{"of": key, "rounds": values} for key, values in found.items()]
        options.json.write_text(json.dumps({"figures": kept, "verdicts": rows}, indent=1))
    return int(not whole or missed(rows))


def _changed(part: Part, options: argparse.Namespace) -> Part:
    if part.citizens and options.citizens:
        part = replace(part, citizens=options.citizens)
    return replace(part, delay=options.delay) if part.citizens and options.delay is not None else part


def _options() -> argparse.Namespace:
    line = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    line.add_argument("--parts", default="", help=f"of {', '.join(one.name for one in PARTS)}; comma-separated")
    line.add_argument("--only", default="", help="names of contenders, comma-separated")
    line.add_argument("--citizens", type=lambda given: tuple(int(one) for one in given.split(",")))
    line.add_argument("--seconds", type=float, default=4.0, help="measured time for each number of citizens")
    line.add_argument("--rounds", type=int, default=5)
    line.add_argument(
        "--delay", type=float, help="seconds the platform takes for each call, in all parts with citizens"
    )
    line.add_argument("--letters", type=int, default=6000, help="how many wait in the full outbox")
    line.add_argument("--json", type=Path, help="also write all figures and verdicts to this file")
    return line.parse_args()


if __name__ == "__main__":
    sys.exit(main())
