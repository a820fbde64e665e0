"""A year of an office with a fixed clock: thousands of reports, and people who do what they like with them."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from storage import tables as t
from tests.year_evidence import gathered
from tests.year_judge import verdict
from tests.year_laws import excused
from tests.year_life import SLOTS, Year
from tests.year_office import START, local, opened
from tests.year_people import tempers
from tests.year_talk import WORD, Fresh
from tests.year_trouble import TROUBLES

DAYS, AFTER = 365, 31
# Seconds after midnight in the office's zone: when it is 08.00 or 15.00 in one of the three.
MORNINGS, AFTERNOONS = (21_600, 25_200, 28_800), (46_800, 50_400, 54_000)
EIGHT = MORNINGS[-1]
# An agency in each zone.
ONE_OF_EACH = ("kominfo", "dpkp", "perumdam")
UNSURE, SECOND_ACCOUNT, BLOCKS = 0.25, 0.06, 0.04
TYPES, PRIVACY = ("complaint", "aspiration", "information_request"), ("00", "10", "01", "11")


def run(folder: Path, tickets: int, seed: int, days: int = DAYS + AFTER) -> Year:
    """Lets the year pass, or its first days; gives the office with its record and every letter handed over."""
    chance = random.Random(seed)
    office = opened(folder, chance)
    year = Year(office, chance, tempers(chance, list(office.officers)))
    coming = _reports(year, tickets)
    for day in range(days):
        _day(year, day, coming)
    office.pass_on(office.now + timedelta(days=1))
    return year


def _reports(year: Year, tickets: int) -> dict[int, list[Fresh]]:
    """Who will report what, by the hour at which they send it."""
    chance, office = year.chance, year.office
    people = [f"Warga {n}" for n in range(max(10, tickets // 3))]
    office.add_people(people)
    _accounts(year, people)
    agencies = [a.code for a in office.office.facts.agencies if a.code not in ("kominfo", "setda")]
    topics = [c.code for c in office.office.facts.categories if c.parent]
    coming: dict[int, list[Fresh]] = defaultdict(list)
    busy: set[tuple[int, str]] = set()
    for n in range(tickets):
        slot, person = chance.randrange(DAYS * len(SLOTS)), chance.choice(people)
        while (slot, person) in busy:
            slot += 1
        busy.add((slot, person))
        agency = "" if chance.random() < UNSURE else chance.choice(agencies)
        kind, privacy = chance.choices(TYPES, (6, 2, 2))[0], chance.choices(PRIVACY, (6, 1, 1, 1))[0]
        coming[slot].append(Fresh(person, WORD.format(n=n), kind, chance.choice(topics), agency, privacy))
    return coming


def _accounts(year: Year, people: list[str]) -> None:
    """Some people have two accounts, and some will not be reached under one of theirs any more."""
    chance, ids = year.chance, year.office.ids
    two = chance.sample(people, int(len(people) * SECOND_ACCOUNT) // 2 * 2)
    pairs = list(zip(two[::2], two[1::2], strict=True))

    def joined(desk: object) -> tuple[()]:
        for one, other in pairs:
            desk.join(ids[one], ids[other])  # type: ignore[attr-defined]
        return ()

    year.office.write(joined)
    gone = [*(one for one, _ in pairs[::2]), *chance.sample(people, int(len(people) * BLOCKS))]
    year.office.post.gone.update(ids[name] for name in gone)


def _day(year: Year, day: int, coming: dict[int, list[Fresh]]) -> None:
    office = year.office
    midnight = START + timedelta(days=day)
    office.pass_on(max(office.now, midnight))
    year.watch.daily(office)
    for second in sorted((*SLOTS, *MORNINGS, *AFTERNOONS)):
        office.pass_on(max(midnight + timedelta(seconds=second), office.now))
        if second not in (*SLOTS, EIGHT) and (_due(year) or (second in MORNINGS and _working(year))):
            office.sweep()
        if second == EIGHT:
            year.watch.after_sweep(office)
        slot = day * len(SLOTS) + SLOTS.index(second) if second in SLOTS else -1
        if slot >= 0:
            _hour(year, day, slot, coming.get(slot, []))


def _hour(year: Year, day: int, slot: int, fresh: list[Fresh]) -> None:
    if slot % len(SLOTS) == 1:
        for trouble in TROUBLES:
            if trouble.day == day:
                trouble.happens(year.office, trouble.agency)
                year.office.sweep()
    year.look(slot)
    year.act(slot)
    year.submit(fresh)
    if slot % len(SLOTS) == 0:
        # The morning's lists are written while these reports can still be taken back.
        year.office.pass_on(year.office.now + timedelta(seconds=20))
        year.office.sweep()
    year.regret()


def _working(year: Year) -> bool:
    """Whether any agency works today."""
    office, facts = year.office, year.office.office.facts
    return any(facts.calendar(code).is_working(local(office, code, office.now).date()) for code in ONE_OF_EACH)


def _due(year: Year) -> bool:
    with year.office.engine.connect() as connection:
        query = select(func.count()).where(t.tickets.c.wakes_at <= year.office.now)
        return bool(connection.execute(query).scalar_one())


def lived(tickets: int, seed: int) -> tuple[str, str]:
    """What one office's year held, in words, and which laws were broken in it."""
    with tempfile.TemporaryDirectory() as folder:
        year = run(Path(folder), tickets, seed)
        office = year.office
        evidence = gathered(year)
    told = f"{tickets} reports: {len(office.post.told)} letters, {office.turns} turns, {office.sweeps} rounds"
    ended = f"{len(evidence.lapses)} clocks ran out, {excused(evidence)} of them where nobody could be told"
    return f"{told}\n{ended}", verdict(evidence)


def main() -> int:
    """Lets the year pass from the command line, and says what it held and whether every law was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--offices", type=int, default=len(os.sched_getaffinity(0)), help="each in its own process")
    given = parser.parse_args()
    begun = perf_counter()
    shares = [
        given.tickets * (n + 1) // given.offices - given.tickets * n // given.offices for n in range(given.offices)
    ]
    with ProcessPoolExecutor(given.offices) as pool:
        years = list(pool.map(lived, shares, range(given.seed, given.seed + given.offices)))
    broken = "\n".join(each for _, each in years if each)
    sys.stdout.write("\n".join(told for told, _ in years))
    sys.stdout.write(
        f"\n{given.tickets} reports in {perf_counter() - begun:.0f} s. {broken or 'Every law was kept.'}\n"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
