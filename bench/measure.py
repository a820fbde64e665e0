"""What a process used and what a run of turns came to; Linux only, for it reads /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Level:
    """What one contender did; latencies in ms, `load` is the share of its core the generator used."""

    citizens: int
    turns: float
    p50: float
    p95: float
    p99: float
    cpu_ms: float
    load: float


@dataclass(frozen=True, slots=True)
class Run:
    """One round of one contender: seconds until it was ready, peak memory, calls refused, and the levels."""

    start: float
    peak_mb: float
    refused: int
    levels: tuple[Level, ...]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and the children it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK


def peak_mb(pid: int) -> float:
    """The largest resident memory a process ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def level(citizens: int, latencies: list[float], seconds: float, cpu: float, load: float) -> Level:
    """Latencies in seconds and what was used, summed up."""
    turns = len(latencies)
    ranked = sorted(latencies)
    p50, p95, p99 = (ranked[min(turns - 1, turns * part // 100)] * 1000 for part in (50, 95, 99))
    return Level(citizens, turns / seconds, p50, p95, p99, cpu / turns * 1000, load / seconds)


def middle(runs: list[Run]) -> Run:
    """The median of each figure over all rounds."""
    levels = tuple(_middle([run.levels[at] for run in runs]) for at in range(len(runs[0].levels)))
    refused = sum(run.refused for run in runs)
    return Run(median(run.start for run in runs), median(run.peak_mb for run in runs), refused, levels)


def _middle(levels: list[Level]) -> Level:
    names = ("turns", "p50", "p95", "p99", "cpu_ms", "load")
    return Level(levels[0].citizens, *(median(getattr(one, name) for one in levels) for name in names))
