"""The histories of tickets: what was made replays to what became of it, and what the law does not allow is refused."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import case
from handlers.desk import Entry, Ticket
from handlers.rules.ticket import OPEN, Asks, Role, State, move_for, moves_for, replay
from storage.desk import RecordDesk
from tests import handlers as core
from tests.handlers.making import MIRRORED, answers
from tests.rules.test_ticket import EFFECTS, WHO

Entries = tuple[Entry, ...]


class Paper(RecordDesk):
    """A desk that writes nothing down but the last entry, so that a history can go on in many ways."""

    entry: Entry

    def change(self, ticket: Ticket, entry: Entry) -> None:
        self.entry = entry


# What is made for another report, and what needs a colleague.
ELSEWHERE = ("assign", "handover", *MIRRORED)


def possible(ticket: Ticket, entries: Entries) -> list[tuple[str, Role]]:
    """What can be done now; undoing only the last move, if it was written as a draft."""
    roles = {move.action: role for role in Role for move in moves_for(ticket.state, role)}
    last = [entry for entry in entries if entry.action != "note"][-1]
    if "draft" not in last.data or last.action == "undo":
        roles.pop("undo", None)
    return [(action, role) for action, role in roles.items() if action not in ELSEWHERE]


def step(desk: Paper, ticket: Ticket, entries: Entries, action: str, role: Role) -> Ticket:
    """The ticket after this move, with what the move asks for."""
    move = move_for(action, ticket.state, role)
    assert move is not None
    data = answers(move, role, draft=len(entries)) | ({"into": 2} if move.asks is Asks.TICKET else {})
    if action == "undo":
        data = {"before": [entry for entry in entries if entry.action != "note"][-1].data["before"]}
    done = case.make(desk, replace(ticket, officer=ticket.officer or 7), action, role, 7, **data)
    assert done is not None, (action, role)
    return done.ticket


def histories(desk: Paper, ticket: Ticket, entries: Entries, more: int) -> Iterator[tuple[Ticket, Entries]]:
    """All histories that are up to so many moves longer."""
    yield ticket, entries
    if more:
        for action, role in possible(ticket, entries):
            after = step(desk, ticket, entries, action, role)
            yield from histories(desk, after, (*entries, desk.entry), more - 1)


def follows(ticket: Ticket, entries: Entries) -> None:
    """What a history says is what became of its ticket, and its clocks run where somebody must act."""
    steps = [(entry.action, entry.state.value) for entry in entries]
    assert replay(steps) is ticket.state is entries[-1].state, steps
    assert (ticket.closed_at is None) == (ticket.state in OPEN), steps
    assert (ticket.runs == ()) == (ticket.state not in OPEN), steps
    assert (ticket.wakes_at is None) == (ticket.due_at is None) == (ticket.runs == ()), steps


def test_every_honest_history_leads_to_the_state_of_its_ticket() -> None:
    """What was made, in up to three moves in every possible order, is what the history says, undoing and all."""
    with core.sample_office() as stage:
        first = core.ticket(stage, core.report(stage, "Sari", story=core.UNSURE))
        core.report(stage, "Budi", story=core.UNSURE)
        submitted = tuple(core.history(stage, first.id))
        with stage.engine.begin() as connection:
            for ticket, entries in histories(Paper(connection, stage.office, stage.now), first, submitted, 3):
                follows(ticket, entries)


def test_a_long_history_leads_to_the_state_of_its_ticket() -> None:
    """The same for long histories by chance, at the agency as at the coordinator."""
    draw = random.Random(4)
    with core.sample_office() as stage:
        first = core.ticket(stage, core.report(stage, "Sari"))
        core.report(stage, "Budi")
        submitted = tuple(core.history(stage, first.id))
        with stage.engine.begin() as connection:
            desk = Paper(connection, stage.office, stage.now)
            for _ in range(100):
                ticket, entries = first, submitted
                for _ in range(25):
                    action, role = draw.choice(possible(ticket, entries))
                    ticket = step(desk, ticket, entries, action, role)
                    entries = (*entries, desk.entry)
                    follows(ticket, entries)


def test_an_answer_after_an_answer_can_be_undone() -> None:
    """Undoing a move that left the state as it was leaves the state as it is."""
    steps = [("submit", "received"), ("forward", "forwarded"), ("answer", "responded"), ("answer", "responded")]
    assert replay([*steps, ("undo", "responded")]) is State.RESPONDED


HONEST = [
    ("submit", "received"),
    ("forward", "forwarded"),
    ("reply", "forwarded"),
    ("return", "returned"),
    ("ask", "needs_info"),
    ("supply", "reporter_replied"),
    ("note", "reporter_replied"),
    ("answer", "responded"),
    ("undo", "reporter_replied"),
    ("answer", "responded"),
    ("dispute", "reopened"),
    ("claim", "in_progress"),
    ("resolve", "resolved"),
    ("rate", "resolved"),
]


def test_an_honest_history_is_accepted_at_every_length() -> None:
    """Each beginning of a history is a history."""
    for end in range(1, len(HONEST) + 1):
        assert replay(HONEST[:end]) is State(HONEST[end - 1][1])


@pytest.mark.parametrize("at", range(len(HONEST)))
def test_a_history_with_a_false_state_is_refused(at: int) -> None:
    """Wherever another state is written than the move leads to, the history is refused."""
    action, true = HONEST[at]
    for state in State:
        if state.value != true:
            with pytest.raises(ValueError, match=action):
                replay([*HONEST[:at], (action, state.value), *HONEST[at + 1 :]])


Steps = list[tuple[str, str]]


def onward(steps: Steps) -> set[tuple[str, str]]:
    """Every step that the tables of this file allow after these; an undo goes back before the last real step."""
    state = State(steps[-1][1])
    rest = [at for at, (action, _) in enumerate(steps) if action != "note"]
    before = steps[rest[-1] - 1][1] if rest[-1] else None
    ends = {"same": state.value, "before": before}
    found = set()
    for action, (to, *_) in EFFECTS.items():
        if WHO[(action, state)]:
            to = "same" if action == "reply" and state is not State.RESPONDED else to
            found.add((action, ends.get(to, to)))
    return {(action, to) for action, to in found if to is not None}


@given(st.data())
def test_every_path_of_the_law_is_accepted_and_no_other(data: st.DataObject) -> None:
    """A history that goes by the table replays to its end; with one step more that does not, it is refused."""
    steps: Steps = [("submit", "received")]
    for _ in range(data.draw(st.integers(0, 20))):
        steps.append(data.draw(st.sampled_from(sorted(onward(steps)))))
    assert replay(steps) is State(steps[-1][1])
    every = {(action, state.value) for action in EFFECTS for state in State}
    with pytest.raises(ValueError, match="does not lead"):
        replay([*steps, data.draw(st.sampled_from(sorted(every - onward(steps))))])


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [("forward", "forwarded")],
        [("submit", "received"), ("submit", "received")],
        [("submit", "received"), ("melompat", "resolved")],
        [("submit", "received"), ("forward", "hilang")],
        [("submit", "received"), ("undo", "received")],
        HONEST[1:],
        [*HONEST, ("reply", "reporter_replied")],
        [*HONEST[:2], ("archive", "archived"), ("dispute", "reopened")],
        [*HONEST[:2], ("archive", "archived"), ("object", "forwarded")],
        [*HONEST[:2], ("merge", "merged"), ("answer", "responded")],
    ],
)
def test_a_mangled_history_is_refused(steps: list[tuple[str, str]]) -> None:
    """Nothing, a missing beginning, an unknown move or state, and a move that its state does not allow."""
    with pytest.raises(ValueError, match=r"."):
        replay(steps)
