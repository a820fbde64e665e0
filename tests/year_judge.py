"""All laws that a simulated year must have kept, and the verdict on one in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.year_evidence import Evidence, story
from tests.year_laws import (
    Faults,
    every_open_ticket_has_a_clock,
    every_ticket_has_a_holder,
    history_tells_the_whole,
    idents,
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

Law = Callable[[Evidence], Faults]
LAWS: Final[tuple[Law, ...]] = (
    every_ticket_has_a_holder,
    no_deadline_passes_in_silence,
    states_change_only_by_moves,
    history_tells_the_whole,
    every_open_ticket_has_a_clock,
    every_reporter_hears_once,
    no_agency_hears_of_what_was_withdrawn,
    apologies_come_in_time,
    merged_reports_share_the_news,
    nobody_reads_of_anothers_report,
    mornings_are_greeted_once,
)
SHOWN = 5


def verdict(evidence: Evidence) -> str:
    """What was broken, with the histories of the first reports concerned; empty where every law was kept."""
    said = []
    for law in LAWS:
        if faults := law(evidence):
            stories = [story(evidence, ident) for ident in dict.fromkeys(idents(faults[:SHOWN]))]
            said.append("\n".join((f"{law.__name__}: {len(faults)}", *faults[:SHOWN], *stories)))
    return "\n\n".join(said)
