"""Reports that nobody was sure of: the coordinator's card offers agencies, and one tap forwards, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from handlers.rules.ticket import State
from handlers.words import Kind
from storage import tables as t
from tests.handlers import UNSURE, Overheard, acts, faults, history, report, sample_office, ticket
from tests.handlers.phones import hired, said

DWI, BAMBANG = "Dwi Kurniawati @ kominfo", "Bambang Prasetyo @ kominfo"
AGENCIES = [["dlh", 0.41], ["satpolpp", 0.3], ["dputr", 0.1]]


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


@pytest.fixture
def number(stage: Overheard) -> str:
    """A report that lies with the coordinator, with the agencies that were thought of."""
    number = report(stage, "Sari", story=UNSURE)
    put(stage, number, {"by": "model:2026-11-01", "category": [], "agency": AGENCIES, "picked": "unknown"})
    return number


def put(stage: Overheard, number: str, guesses: dict[str, Any], **values: Any) -> None:
    """The ticket with these guesses."""
    with stage.engine.begin() as connection:
        connection.execute(update(t.tickets).where(t.tickets.c.number == number).values(guesses=guesses, **values))


def buttons(stage: Overheard, number: str) -> list[str]:
    """What the coordinator is offered, by the ids of the buttons."""
    acts(stage, f"{DWI}> /tiket {number}")
    return [choice.partition(":")[2].partition(":")[2] for choice, _, _ in stage.letters[-1].body.choices]


def forwards(stage: Overheard, number: str) -> list[str]:
    """To which agencies a report was forwarded."""
    ident = ticket(stage, number).id
    return [str(entry.data["agency"]) for entry in history(stage, ident) if entry.action == "forward"]


def test_the_guessed_agencies_stand_first(stage: Overheard, number: str) -> None:
    """Up to three agencies, best first, stand before all else; *Teruskan* is there for every other one."""
    found = buttons(stage, number)
    assert found[:4] == ["to:dlh", "to:satpolpp", "to:dputr", "forward"]
    assert len(found) <= 10


def test_one_tap_forwards(stage: Overheard, number: str) -> None:
    """A tap brings the report to the agency, and the reporter hears of it as of any other disposition."""
    buttons(stage, number)
    acts(stage, f"{DWI}> [Dinas Lingkungan Hidup]")
    now = ticket(stage, number)
    assert (now.state, now.agency) == (State.FORWARDED, "dlh")
    assert any(parcel.body.text.startswith(f"📥 {number}") for parcel in stage.heard("dlh"))
    assert "diteruskan ke Dinas Lingkungan Hidup" in stage.heard("Sari")[-1].body.text


def test_two_coordinators_forward_once(stage: Overheard, number: str) -> None:
    """Who presses second, the same button or another, hears that it is done."""
    buttons(stage, number)
    acts(stage, f"{DWI}> [Dinas Lingkungan Hidup]")
    heard = "\n".join(acts(stage, f"{BAMBANG}> [Dinas Lingkungan Hidup]", f"{BAMBANG}> [Satpol PP]"))
    assert heard.count("tidak dapat dilakukan") == 2
    assert forwards(stage, number) == ["dlh"]


def test_the_rules_help_where_the_past_is_silent(stage: Overheard, number: str) -> None:
    """Without guessed agencies those of the guessed topics are offered, by the rules, none twice."""
    topics = [["sampah", 0.3], ["pohon", 0.3], ["selokan", 0.2]]
    put(stage, number, {"by": "keywords", "category": topics, "agency": [], "picked": "unknown"})
    assert [each for each in buttons(stage, number) if each.startswith("to:")] == ["to:dlh", "to:dputr"]


def test_what_is_unknown_is_left_out(stage: Overheard, number: str) -> None:
    """Agencies and topics that the facts no longer hold, and the coordinator itself, are no suggestion."""
    agencies = [["hilang", 0.5], ["kominfo", 0.4], ["dishub", 0.1]]
    put(stage, number, {"by": "model:x", "category": [["hilang", 0.9]], "agency": agencies})
    assert [each for each in buttons(stage, number) if each.startswith("to:")] == ["to:dishub"]


def test_who_returned_it_is_not_offered_again(stage: Overheard, number: str) -> None:
    """An agency that gave the report back is no suggestion any more."""
    buttons(stage, number)
    acts(stage, f"{DWI}> [Satpol PP]")
    acts(stage, "Didik Irawan @ satpolpp> [Bukan wewenang]", "Didik Irawan @ satpolpp> Ini urusan kebersihan.")
    assert [each for each in buttons(stage, number) if each.startswith("to:")] == ["to:dlh", "to:dputr"]


@pytest.mark.parametrize("to", ["hilang", "", "dlh:x", "💥"])
def test_a_forged_tap_moves_nothing(stage: Overheard, number: str, to: str) -> None:
    """A button that names no agency is refused in words."""
    ident = ticket(stage, number).id
    tap = f"t:{ident}:to:{to}"
    heard = "\n".join(stage.send("Dwi Kurniawati", "kominfo", Kind.TAP, tap=tap, message="b0"))
    assert "tidak dapat dilakukan" in heard
    assert forwards(stage, number) == []


def test_others_cannot(stage: Overheard, number: str) -> None:
    """Whoever is not of the coordinator's chat forwards nothing by such a button."""
    tap = f"t:{ticket(stage, number).id}:to:dlh"
    list(stage.send("Hari Santoso", "dishub", Kind.TAP, tap=tap, message="b0"))
    list(stage.send("Sari", "Sari", Kind.TAP, tap=tap, message="b0"))
    assert forwards(stage, number) == []


def test_in_a_chat_of_ones_own(stage: Overheard, number: str) -> None:
    """A coordinator on WhatsApp is offered the same, within the rows of one list."""
    hired(stage, agency="kominfo")
    said(stage, f"tiket {number}", "[Dinas Lingkungan Hidup]")
    assert forwards(stage, number) == ["dlh"]
