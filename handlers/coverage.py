"""How far the agencies are covered by decrees: those with a valid one, and those with one officer or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from handlers import roster
from handlers.desk import Desk
from handlers.words import Lines, T, Text, Words

SHOWN = 8
RATE = T("coverage.rate", "SK berlaku: {n} dari {m} instansi ({p} %).")
LACKING = T("coverage.lacking", "Belum punya SK yang berlaku: {names}.")
ALONE = T("coverage.alone", "Hanya satu petugas: {names}.")
EMPTY = T("coverage.empty", "Tanpa petugas: {names}.")
OTHERS = T("coverage.others", "{names}, dan {n} lagi")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Agencies by code: all of them, those without a valid decree, with a single officer in office, and with none."""

    agencies: tuple[str, ...]
    lacking: tuple[str, ...]
    alone: tuple[str, ...]
    empty: tuple[str, ...]


def of(desk: Desk) -> Coverage:
    """The coverage of all agencies; an officer without a decree, or with one that ended, does not count for it."""
    days = {zone: roster.today(desk, code) for code, zone in _zones(desk).items()}
    serving: Counter[str] = Counter()
    covered: set[str] = set()
    for officer in (each for officers in desk.rosters().values() for each in officers):
        known = desk.facts.agency_by_code.get(officer.agency)
        if known is not None and officer.serves(days[known.zone]):
            serving[officer.agency] += 1
            covered.update([officer.agency] if officer.decree is not None else ())
    codes = tuple(each.code for each in desk.facts.agencies)
    return Coverage(
        codes,
        tuple(code for code in codes if code not in covered),
        tuple(code for code in codes if serving[code] == 1),
        tuple(code for code in codes if serving[code] == 0),
    )


def _zones(desk: Desk) -> dict[str, str]:
    """One agency of each zone, with it."""
    return {code: zone for zone, code in {each.zone: each.code for each in desk.facts.agencies}.items()}


def whole(found: Coverage) -> bool:
    """Whether there is nothing to mend."""
    return not (found.lacking or found.alone or found.empty)


def lines(desk: Desk, found: Coverage) -> Sequence[Words]:
    """The coverage in words: how many of how many, and where something is missing."""
    total = len(found.agencies)
    covered = total - len(found.lacking)
    rate = RATE(n=covered, m=total, p=covered * 100 // total if total else 0)
    rest = ((LACKING, found.lacking), (ALONE, found.alone), (EMPTY, found.empty))
    return (rate, *(_named(desk, text, codes) for text, codes in rest if codes))


def _named(desk: Desk, text: Text, codes: Sequence[str]) -> Words:
    labels = [desk.facts.agency_by_code[code].label for code in codes]
    names: Words = Lines(tuple(labels[:SHOWN]), ", ")
    if len(labels) > SHOWN:
        names = OTHERS(names=names, n=len(labels) - SHOWN)
    return text(names=names)
