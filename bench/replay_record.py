"""What must be true after a replay of the record, which is only read, and of the program's log."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import create_engine

from bench.replay_check import Finding, named
from bench.replay_citizen import Citizen
from bench.replay_platform import Platform
from handlers.rules.privacy import masked
from storage.overview import broken_histories

WINDOW = 25


def letters_waiting(record: Path) -> int:
    """How many letters the outbox holds; the record is only read."""
    opened = sqlite3.connect(f"file:{record}?mode=ro", uri=True)
    try:
        return int(opened.execute("SELECT COUNT(*) FROM outbox").fetchone()[0])
    finally:
        opened.close()


def inside(platforms: Sequence[Platform], citizens: Sequence[Citizen], record: Path) -> list[Finding]:
    """What the record holds when the program has stopped; it is only read."""
    count = len(citizens)
    address = f"file:{record}?mode=ro"
    opened = sqlite3.connect(address, uri=True)
    try:
        states = dict(opened.execute("SELECT state, COUNT(*) FROM tickets GROUP BY state"))
        stories = dict(opened.execute("SELECT number, story FROM tickets"))
        held = dict(opened.execute("SELECT number, agency FROM tickets"))
        (waiting,), (poison,), (unsure,) = (
            opened.execute(f"SELECT COUNT(*) FROM {which}").fetchone()
            for which in ("outbox", "poison", "accepted WHERE rank < 1")
        )
        known = set(opened.execute("SELECT channel, event_id FROM inbox"))
        traces = [trace.strip().rpartition("\n")[2] for (trace,) in opened.execute("SELECT trace FROM poison")]
    finally:
        opened.close()
    engine = create_engine(f"sqlite:///{address}&uri=true")
    with engine.connect() as connection:
        broken = broken_histories(connection, 1_000_000)
    engine.dispose()
    meant = {(each.name, event) for each in platforms for event in each.told if event not in each.meaningless}
    never = sum(not each.taken[event] for each in platforms for event in each.told)
    same = sum(_kept(each, stories.get(each.number, "")) for each in citizens)
    last = sum(bool(each.case) and held.get(each.number) == each.case.trail[-1] for each in citizens if each.case)
    return [
        Finding("tickets on record, all resolved", states.get("resolved", 0), count, _others_of(states)),
        Finding("  in nobody's hands but the last agency's", last, count),
        Finding("stories kept to the letter", same, count),
        Finding("events taken but not on record", len(meant - known), 0),
        Finding("events never taken", never, 0),
        Finding("letters left in the outbox", waiting, 0),
        Finding("letters not known to have arrived", unsure, 0),
        Finding("events set aside as poison", poison, 0, ", ".join(sorted(set(traces)))),
        Finding("histories that lead elsewhere", len(broken), 0, ", ".join(broken[:5])),
    ]


def _kept(citizen: Citizen, story: str) -> bool:
    """Whether a story is what was told, and below it, each by its name, what was asked for.

    Numbers by which an anonymous citizen could be found are not kept.
    """
    told = "\n".join(citizen.told)
    told = masked(told) if citizen.privacy.startswith("Anonim") else told
    asked = story[len(told) :].splitlines()[1:]
    return story.startswith(told) and [line.partition(": ")[2] for line in asked] == citizen.details


def _others_of(states: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()) if state != "resolved")


def logged(log: Path, citizens: Sequence[Citizen], officers: Iterable[str]) -> list[Finding]:
    """What the program's log gives away, and what it complains of."""
    text = log.read_text(encoding="utf-8", errors="replace")
    lines = [_flat(_spoken(line)) for line in text.splitlines()]
    windows = {line[at : at + WINDOW] for line in lines for at in range(len(line) - WINDOW + 1)}
    words = sum(_stands(windows, [*each.told, *each.words.values()]) for each in citizens)
    events = Counter(re.findall(r'"event": "(\w+)", "level": "(?:warning|error|critical)"', text))
    faults = text.count("Traceback")
    return [
        Finding("citizens named in the log", sum(named(each, text) for each in citizens), 0, f"{len(lines)} lines"),
        Finding("officers named in the log", sum(name in text for name in officers), 0),
        Finding("citizens and officers quoted in the log", words, 0),
        Finding("tracebacks in the log", faults, 0, ", ".join(f"{name} {n}" for name, n in sorted(events.items()))),
    ]


def _spoken(line: str) -> str:
    """A line of JSON as its values, so that what was escaped is found too."""
    try:
        return " ".join(map(str, json.loads(line).values()))
    except (ValueError, AttributeError):
        return line


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())


def _stands(windows: set[str], texts: Iterable[str]) -> bool:
    for text in map(_flat, texts):
        if any(text[at : at + WINDOW] in windows for at in range(len(text) - WINDOW + 1)):
            return True
    return False
