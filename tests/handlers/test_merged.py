"""Reports that are handled together: each of their reporters is asked, told and done justice like any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.rules.ticket import State
from tests.handlers import UNSURE, Overheard, acts, faults, report, sample_office, ticket
from tests.handlers.phones import told

DWI = "Dwi Kurniawati @ kominfo> "


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def merged(stage: Overheard, number: str, into: str) -> None:
    """The coordinator merges one report into another."""
    does(stage, number, "[Lainnya…]", "[Gabungkan]", into)


def does(stage: Overheard, number: str, *lines: str) -> None:
    """What the coordinator does with a report."""
    acts(stage, f"{DWI}/tiket {number}", *(DWI + line for line in lines))


def three(stage: Overheard) -> list[str]:
    """The reports of Sari, Budi and Wati about one thing."""
    return [report(stage, person, story=UNSURE) for person in ("Sari", "Budi", "Wati")]


def test_what_was_merged_before_goes_along(stage: Overheard) -> None:
    """A report merged into one that is merged itself is handled with the last, and ends with it."""
    first, second, last = three(stage)
    merged(stage, first, second)
    merged(stage, second, last)
    lead = ticket(stage, last)
    assert [ticket(stage, each).merged_into for each in (first, second)] == [lead.id, lead.id]
    does(stage, last, "[Arsipkan]", "[Laporan terlalu umum]")
    assert {ticket(stage, each).state for each in (first, second, last)} == {State.ARCHIVED}
    assert len(told(stage, "Sari", f"{first} kami arsipkan")) == 1


def test_all_are_asked_and_anyone_may_answer(stage: Overheard) -> None:
    """A question goes to every reporter; the answer of one brings the report back to those who asked."""
    first, second, _ = three(stage)
    merged(stage, first, second)
    does(stage, second, "[Minta data]", "Di gang yang mana?", "[Kirim ke pelapor]")
    assert told(stage, "Sari", "Di gang yang mana?")
    acts(stage, 'Sari> (balas "Di gang yang mana?") Gang Melati nomor 3.')
    assert ticket(stage, second).state is State.REPORTER_REPLIED
    assert ticket(stage, first).state is State.MERGED
    assert told(stage, "kominfo", f"Pelapor menjawab untuk laporan {second}")


def test_the_time_to_object_begins_with_the_end(stage: Overheard) -> None:
    """Who is told how long they may object is told it from the day their report was closed, not merged."""
    first, second, _ = three(stage)
    merged(stage, first, second)
    stage.now += timedelta(days=40)
    does(stage, second, "[Arsipkan]", "[Laporan terlalu umum]")
    assert told(stage, "Sari", "paling lambat Senin, 11 Januari 2027")
    acts(stage, "Sari> [Keberatan]", "Sari> Jalannya masih rusak parah sampai hari ini.")
    assert ticket(stage, first).state is State.RECEIVED
