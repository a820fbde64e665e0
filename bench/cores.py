"""Which core runs what: the program has one to itself; load and database share another where there are but two."""

from __future__ import annotations

import os
import shutil

ALL = sorted(os.sched_getaffinity(0))
PROGRAM = str(ALL[0])
LOAD = ALL[1 % len(ALL)]
DATABASE = str(ALL[2] if len(ALL) > 2 else LOAD)
# Several replicas take what is left, and where nothing is left, all there is.
REPLICAS = ",".join(map(str, ALL[3:] + ALL[:1] if len(ALL) > 3 else ALL))


def on(cores: str, command: list[str]) -> list[str]:
    """The command, kept on these cores."""
    return ["taskset", "-c", cores, *command] if shutil.which("taskset") else command


def pin() -> None:
    """Keeps the load generator off the program's core, where there are two."""
    os.sched_setaffinity(0, {LOAD})


def described() -> str:
    """One line that says what runs where."""
    where = f"program on core {PROGRAM}, load and platform on {LOAD}, PostgreSQL on {DATABASE}"
    return f"{len(ALL)} cores: {where}; three replicas and their PostgreSQL on {REPLICAS}"
