"""A year of five thousand reports keeps every law, and each law is broken by the fault it is there for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.rules.ticket import State
from tests.year import run
from tests.year_cover import unclimbed_rungs, unmade_moves
from tests.year_evidence import Evidence, gathered
from tests.year_judge import LAWS, Law, verdict
from tests.year_laws import (
    every_open_ticket_has_a_clock,
    every_ticket_has_a_holder,
    excused,
    history_tells_the_whole,
    no_deadline_passes_in_silence,
    states_change_only_by_moves,
)
from tests.year_letters import (
    apologies_come_in_time,
    every_reporter_hears_once,
    merged_reports_share_the_news,
    mornings_are_greeted_once,
    no_agency_hears_of_what_was_withdrawn,
    nobody_reads_of_anothers_report,
)
from tests.year_post import Told

SEED = 2026


def test_a_year_of_five_thousand_reports_keeps_every_law(tmp_path: Path) -> None:
    """Whatever all parties do for a year, every law holds, and every move and rung of the law was needed."""
    evidence = gathered(run(tmp_path, 5000, SEED))
    assert not verdict(evidence), verdict(evidence)
    assert not unmade_moves(evidence)
    assert not unclimbed_rungs(evidence)
    assert excused(evidence) < len(evidence.lapses) / 20


def _letters(evidence: Evidence, keep: Callable[[Told], bool]) -> Evidence:
    return replace(evidence, told=[told for told in evidence.told if keep(told)])


def _without_holder(evidence: Evidence) -> Evidence:
    ident, ticket = next(iter(evidence.tickets.items()))
    return replace(evidence, tickets={**evidence.tickets, ident: replace(ticket, agency="nobody")})


def _unwarned(evidence: Evidence) -> Evidence:
    lapse = next(lapse for lapse in evidence.lapses if lapse.reachable)
    number = evidence.tickets[lapse.ticket].number
    return _letters(evidence, lambda told: number not in told.numbers or not lapse.since < told.left <= lapse.due)


def _step_lost(evidence: Evidence) -> Evidence:
    ident = next(i for i, entries in evidence.history.items() if any(e.action == "answer" for e in entries))
    left = [entry for entry in evidence.history[ident] if entry.action != "answer"]
    return replace(evidence, history={**evidence.history, ident: left})


def _other_end(evidence: Evidence) -> Evidence:
    ident, entries = next(iter(evidence.history.items()))
    last = replace(entries[-1], agency="nobody")
    return replace(evidence, history={**evidence.history, ident: [*entries[:-1], last]})


def _earlier(evidence: Evidence) -> Evidence:
    ident, entries = next(iter(evidence.history.items()))
    first = replace(entries[0], at=entries[0].at - timedelta(days=7))
    return replace(evidence, history={**evidence.history, ident: [first, *entries[1:]]})


def _stopped(evidence: Evidence) -> Evidence:
    ident, ticket = next(iter(evidence.tickets.items()))
    idle = replace(ticket, state=State.FORWARDED, due_at=None, wakes_at=None)
    return replace(evidence, tickets={**evidence.tickets, ident: idle})


def _untold(evidence: Evidence) -> Evidence:
    gone = next(told for told in evidence.told if not told.group and "sedang diproses oleh" in told.text)
    return _letters(evidence, lambda told: told is not gone)


def _told_twice(evidence: Evidence) -> Evidence:
    again = next(told for told in evidence.told if not told.group and "sedang diproses oleh" in told.text)
    return replace(evidence, told=[*evidence.told, again])


def _told_another(evidence: Evidence) -> Evidence:
    told = next(told for told in evidence.told if not told.group and "sedang diproses oleh" in told.text)
    other = next(
        t.reporter for t in evidence.tickets.values() if evidence.people[t.reporter] != evidence.people[told.to]
    )
    return replace(evidence, told=[*evidence.told, replace(told, to=other)])


def _leaked(evidence: Evidence) -> Evidence:
    back = next(e.ticket for entries in evidence.history.values() for e in entries if e.action == "withdraw")
    ticket, room = evidence.tickets[back], next(iter(evidence.rooms))
    card = next(told for told in evidence.told if told.to == room)
    seen = replace(card, numbers=frozenset((ticket.number,)), written=ticket.created_at)
    return replace(evidence, told=[*evidence.told, seen])


def _late_apology(evidence: Evidence) -> Evidence:
    late = timedelta(days=9)
    told = [
        replace(told, left=told.left + late) if "kemungkinan melewati batas" in told.text else told
        for told in evidence.told
    ]
    return replace(evidence, told=told)


def _unshared(evidence: Evidence) -> Evidence:
    lead = next(
        int(e.data["of"])
        for entries in evidence.history.values()
        for e in entries
        if e.data.get("did", "merge") != "merge"
    )
    left = {i: [e for e in entries if e.data.get("of") != lead] for i, entries in evidence.history.items()}
    return replace(evidence, history=left)


def _mixed_up(evidence: Evidence) -> Evidence:
    told = next(told for told in evidence.told if not told.group and told.numbers)
    return replace(evidence, told=[*evidence.told, replace(told, text=f"{told.text} kata99999")])


def _greeted_again(evidence: Evidence) -> Evidence:
    told = next(told for told in evidence.told if told.text.startswith("Selamat pagi"))
    return replace(evidence, told=[*evidence.told, told])


def _greeted_late(evidence: Evidence) -> Evidence:
    told = next(told for told in evidence.told if told.text.startswith("Selamat pagi"))
    return replace(evidence, told=[*evidence.told, replace(told, left=told.left + timedelta(hours=5, days=1))])


BREAKS: tuple[tuple[Law, Callable[[Evidence], Evidence]], ...] = (
    (every_ticket_has_a_holder, _without_holder),
    (every_ticket_has_a_holder, lambda evidence: replace(evidence, faults=["open reports lie with nobody"])),
    (no_deadline_passes_in_silence, _unwarned),
    (states_change_only_by_moves, _step_lost),
    (history_tells_the_whole, _other_end),
    (history_tells_the_whole, _earlier),
    (every_open_ticket_has_a_clock, _stopped),
    (every_reporter_hears_once, _untold),
    (every_reporter_hears_once, _told_twice),
    (every_reporter_hears_once, _told_another),
    (no_agency_hears_of_what_was_withdrawn, _leaked),
    (apologies_come_in_time, _late_apology),
    (merged_reports_share_the_news, _unshared),
    (nobody_reads_of_anothers_report, _told_another),
    (nobody_reads_of_anothers_report, _mixed_up),
    (mornings_are_greeted_once, _greeted_again),
    (mornings_are_greeted_once, _greeted_late),
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """A year of few reports, in which each law has something to judge."""
    return gathered(run(tmp_path_factory.mktemp("year"), 300, 3))


def test_each_law_notices_the_fault_it_is_there_for(small: Evidence) -> None:
    """A law that is kept in a small year is broken by one letter, step or report that is not as it must be."""
    assert not verdict(small), verdict(small)
    for law, broken in BREAKS:
        assert law(broken(small)), f"{law.__name__} does not notice {broken.__name__}"


def test_every_law_is_put_to_the_test() -> None:
    """There is a fault for each law."""
    assert {law for law, _ in BREAKS} == set(LAWS)


def test_the_same_seed_is_the_same_year(tmp_path: Path) -> None:
    """Nothing but the seed decides what happens."""
    years = [gathered(run(folder, 200, 5, days=60)) for folder in (_folder(tmp_path, "one"), _folder(tmp_path, "two"))]
    one, two = ([[(e.at, e.action, e.agency) for e in entries] for entries in year.history.values()] for year in years)
    assert one == two


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name
