"""What processes used and what a run of turns came to; Linux only, for it reads /proc."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Level:
    """What one contender did; latencies in ms, CPU in ms a turn, `load`, `program` and `database` in cores."""

    citizens: int
    turns: float
    p50: float
    p95: float
    p99: float
    cpu_ms: float
    database_ms: float
    load: float
    program: float
    database: float


@dataclass(frozen=True, slots=True)
class Run:
    """One round of one contender: seconds until it was ready, peak memory, calls refused, and the levels."""

    start: float
    peak_mb: float
    refused: int
    levels: tuple[Level, ...]


def _nothing() -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Meter:
    """Reads what a contender's processes, its database server, and this process have used."""

    pids: tuple[int, ...]
    database: Callable[[], float] = _nothing

    def read(self) -> tuple[float, float, float, float]:
        """Seconds so far: of the clock, and of CPU of the program, the database and this process."""
        return time.perf_counter(), sum(map(cpu_seconds, self.pids)), self.database(), time.process_time()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and the children it has waited for; 0 when it is gone."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, stat[11:15])) / TICK
    return 0.0


def children(pid: int) -> list[int]:
    """The processes whose parent this process is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def peak_mb(pid: int) -> float:
    """The largest resident memory a process ever had."""
    return _memory(pid, "VmHWM")


def resident_mb(pid: int) -> float:
    """The resident memory of a process now."""
    return _memory(pid, "VmRSS")


def _memory(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def level(citizens: int, latencies: list[float], used: tuple[float, ...]) -> Level:
    """Latencies in seconds, and seconds of the clock and of CPU of program, database and load, summed up."""
    turns, ranked = len(latencies), sorted(latencies)
    seconds, program, database, load = used
    p50, p95, p99 = (ranked[min(turns - 1, turns * part // 100)] * 1000 for part in (50, 95, 99))
    each = (program / turns * 1000, database / turns * 1000)
    shares = (load / seconds, program / seconds, database / seconds)
    return Level(citizens, turns / seconds, p50, p95, p99, *each, *shares)


def passed(begun: tuple[float, ...], ended: tuple[float, ...]) -> tuple[float, ...]:
    """What was used between two readings."""
    return tuple(end - begin for begin, end in zip(begun, ended, strict=True))


def middle(runs: list[Run]) -> Run:
    """The median of each figure over all rounds."""
    levels = tuple(_middle([run.levels[at] for run in runs]) for at in range(len(runs[0].levels)))
    refused = sum(run.refused for run in runs)
    return Run(median(run.start for run in runs), median(run.peak_mb for run in runs), refused, levels)


def _middle(levels: list[Level]) -> Level:
    names = [one.name for one in fields(Level)][1:]
    return Level(levels[0].citizens, *(median(getattr(one, name) for one in levels) for name in names))
