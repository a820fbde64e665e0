"""A report that joins an open one has a number and privacy of its own, and its reporter hears the same news."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from handlers import case, nearby, watching
from handlers.desk import Ticket
from handlers.rules.ticket import HELD, State
from handlers.words import Letter
from storage.desk import RecordDesk
from tests.handlers import Overheard, acts, contact, faults, history, sample_office, ticket, tickets
from tests.handlers.neighbours import MINE, at_desk, opened, put
from tests.handlers.phones import told
from tests.stage import FILES


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault, and three people who spoke to it before."""
    with sample_office() as stage:
        acts(stage, *(f"{person}> halo" for person in ("Sari", "Budi", "Wati")))
        yield stage
        assert faults(stage) == []


def joins(stage: Overheard, lead: Ticket, person: str = "Budi", file: bool = False, **values: Any) -> Ticket:
    """A report that is sent to be handled with this one."""
    given: dict[str, Any] = {
        **{
            name: getattr(lead, name) for name in ("report_type", "category", "area", "happened", "anonymous", "secret")
        },
        "id": 0,
        "number": f"LPR-2611-BBBB-{len(tickets(stage))}",
        "reporter": contact(stage, f"p:{person}"),
        "state": State.RECEIVED,
        "agency": "kominfo",
        "title": "Lubang",
        "place": MINE["place"],
        "story": "Motor saya jatuh di situ. Telepon 081298765432.",
        "created_at": stage.now,
        "changed_at": stage.now,
    } | values

    def work(table: RecordDesk) -> tuple[Ticket, tuple[Letter, ...]]:
        made = case.opened(table, Ticket(**given), (FILES["foto"],) if file else (), "stage")
        found = watching.lead_of(table, {"nearby": str(lead.id)})
        assert found
        letters = watching.joined(table, made.ticket, found)
        after = table.ticket(made.ticket.id)
        assert after
        return after, letters

    return at_desk(stage, work)


def test_who_joins_has_a_number_and_privacy_of_their_own(stage: Overheard) -> None:
    """The new report is merged into the open one, keeps what it is, and its clocks stand still."""
    lead = opened(stage)
    mine = joins(stage, lead, anonymous=True, secret=True)
    assert (mine.state, mine.merged_into, mine.agency) == (State.MERGED, lead.id, "dputr")
    assert mine.number != lead.number
    assert (mine.anonymous, mine.secret, mine.runs, mine.due_at) == (True, True, (), None)
    assert [entry.action for entry in history(stage, mine.id)] == ["submit", "join"]
    (letter,) = told(stage, "Budi", "ikut memantau")
    assert mine.number in letter.body.text
    assert lead.number not in letter.body.text


def test_the_same_news_reach_both(stage: Overheard) -> None:
    """What the agency answers is told to each under their own number, and each judges it alone."""
    lead = opened(stage)
    mine = joins(stage, lead)
    acts(
        stage,
        f'Agus Wibowo @ dputr> (balas "{lead.number}") Sudah ditambal.',
        "Agus Wibowo @ dputr> [Kirim ke pelapor]",
    )
    for person, own, other in (("Sari", lead, mine), ("Budi", mine, lead)):
        (letter,) = told(stage, person, "Sudah ditambal.")
        assert own.number in letter.body.text
        assert other.number not in letter.body.text
    acts(stage, "Budi> [Belum]", "Budi> Lubang yang di depan toko belum ditambal.")
    left = ticket(stage, mine.number)
    assert (left.state, left.merged_into, left.agency) == (State.REOPENED, None, "dputr")
    assert ticket(stage, lead.number).state is State.RESPONDED


def test_the_agency_is_told_in_one_line(stage: Overheard) -> None:
    """No card of its own: a letter names the report that is watched and holds what is new, at the end of a while."""
    lead = opened(stage)
    before = len(stage.heard("dputr"))
    mine = joins(stage, lead, file=True)
    letter, files = stage.heard("dputr")[before:]
    assert shown(stage, lead) == []
    list(stage.wait(watching.GATHERED))
    assert len(shown(stage, lead)) == 1
    assert letter.body.text.startswith(f"Satu pelapor lagi ikut memantau laporan {lead.number}.")
    assert mine.number in letter.body.text
    assert "Motor saya jatuh" in letter.body.text
    assert (letter.ticket, files.ticket, len(files.body.files)) == (lead.id, lead.id, 1)


def test_many_are_told_of_together(stage: Overheard) -> None:
    """Who joins while the letter waits stands in it; who joins later in one of its own."""
    lead = opened(stage)
    for n in range(7):
        joins(stage, lead, ("Budi", "Wati")[n % 2], story=f"Lubang itu bertambah dalam, pelapor ke-{n}.")
    list(stage.wait(watching.GATHERED))
    said = shown(stage, lead)
    assert len(said) == 1
    assert said[0].startswith(f"7 pelapor lagi ikut memantau laporan {lead.number}.")
    assert said[0].count("pelapor ke-") == watching.QUOTED
    assert said[0].endswith("… dan 2 lainnya.")
    joins(stage, lead, "Wati")
    list(stage.wait(watching.GATHERED))
    assert [text.split()[0] for text in shown(stage, lead)] == ["7", "Satu"]


def shown(stage: Overheard, lead: Ticket) -> list[str]:
    """What was delivered to the roads of those who joined."""
    texts = ("\n".join(said.lines) for said in stage.said.values() if said.chat == "dputr")
    return [text for text in texts if "ikut memantau" in text]


@pytest.mark.parametrize("anonymous", [False, True])
def test_who_stays_anonymous_is_not_known_by_what_they_add(stage: Overheard, anonymous: bool) -> None:
    """A number in the words of an anonymous reporter is masked; nobody's name stands there."""
    joins(stage, opened(stage), anonymous=anonymous)
    (letter,) = told(stage, "dputr", "ikut memantau")
    assert ("081298765432" in letter.body.text) is not anonymous
    assert "Budi" not in letter.body.text


def test_an_end_of_the_one_is_the_end_of_the_other(stage: Overheard) -> None:
    """When the watched report is solved, so is the one that joined it."""
    lead = opened(stage)
    mine = joins(stage, lead)
    acts(
        stage,
        f'Agus Wibowo @ dputr> (balas "{lead.number}") Sudah ditambal.',
        "Agus Wibowo @ dputr> [Kirim ke pelapor]",
    )
    acts(stage, "Sari> [Sudah teratasi]")
    assert ticket(stage, mine.number).state is State.RESOLVED
    assert told(stage, "Budi", mine.number)


def test_what_was_closed_meanwhile_is_not_joined(stage: Overheard) -> None:
    """Between the offer and the sending a report may end, be answered or become secret: then none is joined."""
    lead = opened(stage)
    answers = {"nearby": str(lead.id)}

    def found(table: RecordDesk) -> tuple[Ticket | None, tuple[Letter, ...]]:
        return watching.lead_of(table, answers), ()

    for state in State:
        put(stage, lead, state=state)
        assert (at_desk(stage, found) is not None) == (state in HELD), state
    put(stage, lead, secret=True)
    assert at_desk(stage, found) is None
    for said in (nearby.NEW, "", "999999", "²"):
        answers = {"nearby": said}
        assert at_desk(stage, found) is None


def test_what_was_merged_meanwhile_leads_on(stage: Overheard) -> None:
    """If the offered report was merged into another, that one is joined."""
    lead, other = opened(stage), opened(stage, "Wati")
    put(stage, lead, state=State.MERGED, merged_into=other.id)
    assert joins(stage, lead).merged_into == other.id


def test_only_what_was_just_received_joins(stage: Overheard) -> None:
    """A report that an agency works on already does not become part of another by its reporter."""
    lead, mine = opened(stage), opened(stage, "Budi")
    assert at_desk(stage, lambda table: (watching.joined(table, mine, lead), ())) == ()
    assert ticket(stage, mine.number).state is State.FORWARDED
