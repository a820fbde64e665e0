"""A report can be taken back for a moment after it was sent, and then no agency ever hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.rules.ticket import State
from storage import tables as t
from tests.handlers import Overheard, acts, current, sample_office, to_review

GRACE = timedelta(seconds=60)


@contextmanager
def lenient() -> Iterator[Overheard]:
    """The sample office with a minute in which reports can be taken back."""
    with sample_office() as stage:
        stage.office = replace(stage.office, grace=GRACE)
        yield stage


def state(stage: Overheard) -> str:
    """The state of the only ticket."""
    with stage.engine.connect() as connection:
        return str(connection.execute(select(t.tickets.c.state)).scalar_one())


def waiting(stage: Overheard, chat: str) -> list[str]:
    """What still waits for a chat."""
    return [parcel.part for parcel in stage.held.values() if stage.chat(parcel) == chat]


def test_the_agency_hears_nothing_within_the_grace_period() -> None:
    """The card waits until the grace period is over, and then it comes."""
    with lenient() as stage:
        to_review(stage, "Sari")
        said = acts(stage, "Sari> [Kirim]")
        assert any("[Batalkan]" in line for line in said)
        assert not any(line.startswith("dputr") for line in said)
        assert waiting(stage, "dputr")
        assert any(line.startswith("dputr< 📥") for line in stage.wait(GRACE))


@pytest.mark.parametrize("how", ["[Batalkan]", "batalkan", "Batalkan laporan"])
def test_a_report_is_taken_back(how: str) -> None:
    """Taken back in time, by the button or by its word, it never reaches the agency, and is a draft again."""
    with lenient() as stage:
        to_review(stage, "Sari")
        said = acts(stage, "Sari> [Kirim]", f"Sari> {how}")
        assert any("dibatalkan. Instansi tidak menerimanya" in line for line in said)
        assert state(stage) == State.ARCHIVED
        later = list(stage.wait(timedelta(days=3)))
        assert not [line for line in later if not line.startswith(("Sari<", "    "))]
        assert stage.heard("dputr") != []
        assert waiting(stage, "dputr") == []
        assert not [said for said in stage.said.values() if said.chat == "dputr" and "📥" in "\n".join(said.lines)]


def test_what_was_written_can_be_changed_and_sent_again() -> None:
    """The draft holds every answer: one press leads to the review card, another to a new number."""
    with lenient() as stage:
        to_review(stage, "Sari")
        first = "\n".join(acts(stage, "Sari> [Kirim]"))
        acts(stage, "Sari> [Batalkan]")
        review = "\n".join(acts(stage, "Sari> [Ubah laporan]"))
        assert [each for each in ("Periksa laporan Anda", "tiga motor", "Pasar Pasirian") if each not in review] == []
        again = "\n".join(acts(stage, "Sari> [Kirim]"))
        number = next(line for line in again.splitlines() if "Nomor:" in line)
        assert number not in first


def test_too_late() -> None:
    """Afterwards nothing changes, and it is said what can still be done."""
    with lenient() as stage:
        to_review(stage, "Sari")
        acts(stage, "Sari> [Kirim]")
        list(stage.wait(GRACE))
        said = "\n".join(acts(stage, "Sari> [Batalkan]"))
        assert "tidak dapat dibatalkan lagi" in said
        assert state(stage) == State.FORWARDED


def test_what_is_added_in_the_grace_period_waits_too() -> None:
    """An addition does not tell the agency of a report that can still be taken back."""
    with lenient() as stage:
        to_review(stage, "Sari")
        acts(stage, "Sari> [Kirim]", "Sari> laporan saya")
        said = acts(stage, f"Sari> [{number(stage)}]", "Sari> [Tambah keterangan]", "Sari> Lampunya juga mati di situ.")
        assert not any(line.startswith("dputr") for line in said)
        later = "\n".join(stage.wait(GRACE))
        assert "📥" in later
        assert "Lampunya juga mati" in later


def number(stage: Overheard) -> str:
    """The number of the only ticket."""
    with stage.engine.connect() as connection:
        return str(connection.execute(select(t.tickets.c.number)).scalar_one())


def test_nobody_else_can_take_it_back() -> None:
    """The word of somebody else takes nothing back, and another draft does not give way."""
    with lenient() as stage:
        to_review(stage, "Sari")
        acts(stage, "Sari> [Kirim]", "Budi> batalkan")
        assert state(stage) == State.FORWARDED
        acts(stage, "Sari> lapor", "Sari> Selokan di gang kami mampet dan airnya masuk rumah warga.")
        acts(stage, "Sari> [Batalkan]")
        assert state(stage) == State.ARCHIVED
        assert current(stage, "Sari").dialogue == "report"
