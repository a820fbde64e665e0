"""The law of a ticket, told a second time by hand: a change of the table of moves needs a change here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers import case
from handlers.desk import Entry, Ticket
from handlers.labels import ACTIONS, STATES
from handlers.moves import DIALOGUES
from handlers.notices import NOTICES
from handlers.past import VERBS
from handlers.rules.ticket import (
    CLOSED,
    MOVES,
    OPEN,
    Asks,
    Clock,
    Move,
    Party,
    Role,
    State,
    move_for,
    moves_for,
    replay,
)
from storage.desk import RecordDesk
from tests import handlers as core

# Who may do what from where: R reporter, O officer, C coordinator, S the program itself.
LAW = """
            new  rece retu forw in_p need resp repl reop reso arch
submit      R    .    .    .    .    .    .    .    .    .    .
forward     .    CS   C    .    .    .    .    .    .    .    .
claim       .    .    .    OC   .    .    .    OC   OC   .    .
answer      .    .    .    OC   OC   OC   OC   OC   OC   .    .
ask         .    OC   OC   OC   OC   .    .    OC   OC   .    .
resolve     .    .    .    OC   OC   .    OC   OC   OC   .    .
transfer    .    .    .    OC   OC   .    .    OC   OC   .    .
return      .    .    .    O    O    .    .    O    O    .    .
assign      .    .    .    OC   OC   .    .    OC   OC   .    .
release     .    .    .    .    OC   .    .    .    .    .    .
archive     .    C    C    .    .    C    .    C    .    .    .
note        .    OC   OC   OC   OC   OC   OC   OC   OC   OC   .
undo        .    .    .    .    .    OC   OC   .    .    OC   .
supply      .    .    .    .    .    R    .    .    .    .    .
reply       .    R    R    R    R    .    R    R    R    .    .
confirm     .    .    .    .    .    .    R    .    .    .    .
dispute     .    .    .    .    .    .    R    .    .    R    .
rate        .    .    .    .    .    .    .    .    .    R    .
"""
# Where it leads, what it asks first, what it does to the deadline, who is told.
EFFECT = """
submit      received          -               verification        reporter
forward     forwarded         agency          resolution          reporter
claim       in_progress       -               keep                reporter
answer      responded         text            reporter_response   reporter
ask         needs_info        text            completion          reporter
resolve     resolved          text            stop                reporter
transfer    forwarded         agency          resume              reporter,holder
return      returned          reason          verification        reporter,holder
assign      in_progress       officer         keep                holder
release     forwarded         -               keep                -
archive     archived          archive_reason  stop                reporter
note        same              text            keep                -
undo        before            -               keep                -
supply      reporter_replied  text            resume              holder
reply       reporter_replied  text            first_follow_up     holder
confirm     resolved          -               stop                holder
dispute     reopened          reason          resolution          holder
rate        same              stars           keep                holder
"""
LETTERS = {Role.REPORTER: "R", Role.OFFICER: "O", Role.COORDINATOR: "C", Role.SYSTEM: "S"}
COLUMNS: list[State | None] = [
    None,
    State.RECEIVED,
    State.RETURNED,
    State.FORWARDED,
    State.IN_PROGRESS,
    State.NEEDS_INFO,
    State.RESPONDED,
    State.REPORTER_REPLIED,
    State.REOPENED,
    State.RESOLVED,
    State.ARCHIVED,
]
WHO = {
    (row.split()[0], state): set(cell) - {"."}
    for row in LAW.strip().splitlines()[1:]
    for state, cell in zip(COLUMNS, row.split()[1:], strict=True)
}
EFFECTS = {row.split()[0]: tuple(row.split()[1:]) for row in EFFECT.strip().splitlines()}
ALL = [(action, state, role) for action in EFFECTS for state in COLUMNS for role in Role]
# The system forwards by a rule and asks nobody; a remark on a ticket that is not answered yet changes nothing.
BY_RULE = ("forwarded", "-", "resolution", "reporter")
REMARK = ("same", "text", "keep", "holder")


def effect(action: str, state: State | None, role: Role) -> tuple[str, ...]:
    if action == "forward" and role is Role.SYSTEM:
        return BY_RULE
    return REMARK if action == "reply" and state is not State.RESPONDED else EFFECTS[action]


def told(move: Move) -> tuple[str, ...]:
    return (move.to.value, move.asks or "-", move.clock.value, ",".join(move.tells) or "-")


def test_the_two_tables_name_the_same() -> None:
    """Every action, state and role of the law stands in the tables of this file."""
    assert {move.action for move in MOVES} == set(EFFECTS) == {action for action, _ in WHO}
    assert set(COLUMNS) == {None, *State}
    assert set(LETTERS) == set(Role)


def test_each_move_is_allowed_to_whom_it_is_and_to_nobody_else() -> None:
    """For each action, state and role the law says what the hand-written table says."""
    wrong = [
        (action, state, role)
        for action, state, role in ALL
        if (move_for(action, state, role) is not None) != (LETTERS[role] in WHO[(action, state)])
    ]
    assert wrong == []


def test_each_move_does_what_it_does() -> None:
    """Where a move leads, what it asks, what it does to the deadline and whom it tells stands here a second time."""
    for action, state, role in ALL:
        if move := move_for(action, state, role):
            assert told(move) == effect(action, state, role), (action, state, role)


def test_no_two_rows_allow_the_same() -> None:
    """For each action, state and role at most one row holds, so that their order means nothing."""
    for action, state, role in ALL:
        fitting = [m for m in MOVES if m.action == action and role in m.by and (state in m.frm if state else not m.frm)]
        assert len(fitting) <= 1, (action, state, role)


def test_moves_for_lists_what_move_for_allows() -> None:
    """The buttons of a card and the check behind them are the same row."""
    for state in State:
        for role in Role:
            listed = moves_for(state, role)
            assert [move_for(move.action, state, role) for move in listed] == list(listed)
            assert {move.action for move in listed} == {a for a in EFFECTS if LETTERS[role] in WHO[(a, state)]}


def test_only_who_claimed_a_ticket_gives_it_back() -> None:
    """Releasing is the one move that is somebody's own."""
    assert {move.action for move in MOVES if move.mine} == {"release"}


def test_a_claim_is_possible_wherever_it_can_be_given_back() -> None:
    """Where a release leads, the ticket can be claimed again."""
    assert all(move_for("claim", State(move.to), Role.OFFICER) for move in MOVES if move.action == "release")


def test_every_party_is_told_in_words() -> None:
    """Each row's parties have a text, and no text is without a row."""
    assert {(move.action, party) for move in MOVES for party in move.tells} == set(NOTICES)


def test_whoever_is_concerned_is_told() -> None:
    """The reporter hears of what the office does, but not of what stays inside it; the office hears of his moves."""
    for move in MOVES:
        if Role.REPORTER in move.by:
            assert Party.HOLDER in move.tells or move.action == "submit", move.action
        elif move.action not in ("note", "undo", "assign", "release"):
            assert Party.REPORTER in move.tells, move.action


def test_every_button_has_a_label() -> None:
    """What can be pressed on a card, and what can be done with a draft, is named."""
    named = {move.action for move in MOVES if move.button} | {"note", "undo"}
    assert named == set(ACTIONS)


def test_every_action_has_a_verb() -> None:
    """The history of a ticket can be told whatever happened to it."""
    assert {move.action for move in MOVES} == set(VERBS)


def test_every_state_has_a_name() -> None:
    """Whatever a ticket is, it can be said."""
    assert set(STATES) == set(State)


def test_every_button_that_asks_has_its_question() -> None:
    """A move of the office that asks is begun by a button and has a dialogue; what the reporter is asked is his own."""
    asking = {move.action for move in MOVES if move.button and move.asks}
    assert {f"do-{action}" for action in asking} == set(DIALOGUES)
    rest = {move.action for move in MOVES if move.asks and not move.button and Role.REPORTER not in move.by}
    assert rest == {"note"}


def test_open_and_closed_are_all_states() -> None:
    """A ticket is open or closed, never both."""
    assert set(OPEN) | set(CLOSED) == set(State)
    assert not set(OPEN) & set(CLOSED)


def test_a_clock_runs_where_somebody_must_act() -> None:
    """A move that closes stops the clock, a move to another open state never does."""
    for move in MOVES:
        if isinstance(move.to, State):
            assert (move.clock is Clock.STOP) == (move.to in CLOSED), move


def ways(state: State, *roles: Role) -> set[State]:
    """The other states to which these roles can bring a ticket."""
    found = {move.to for role in roles for move in moves_for(state, role) if isinstance(move.to, State)}
    return found - {state}


def test_nothing_is_stuck() -> None:
    """From every open state the chat that holds the ticket has a way on, whether officers or coordinators hold it."""
    for state in OPEN:
        assert ways(state, Role.COORDINATOR), state
        assert ways(state, Role.OFFICER), state


def test_every_open_ticket_can_be_closed() -> None:
    """From every open state the office alone can bring a ticket to an end, even if the reporter never writes again."""
    for start in OPEN:
        seen, left = {start}, [start]
        while left:
            new = ways(left.pop(), Role.OFFICER, Role.COORDINATOR) - seen
            seen |= new
            left.extend(new)
        assert seen & set(CLOSED), start


def test_every_state_is_reachable() -> None:
    """From the submission every state can be reached, and nothing comes back from the archive."""
    seen, left = {State.RECEIVED}, [State.RECEIVED]
    while left:
        new = ways(left.pop(), *Role) - seen
        seen |= new
        left.extend(new)
    assert seen == set(State)
    assert ways(State.ARCHIVED, *Role) == set()


# -- histories

ASKED: dict[Asks | None, dict[str, object]] = {
    None: {},
    Asks.TEXT: {"text": "Sedang kami periksa."},
    Asks.REASON: {"text": "Bukan jalan kabupaten."},
    Asks.ARCHIVE_REASON: {"text": "spam"},
    Asks.AGENCY: {"agency": "dputr"},
    Asks.STARS: {"stars": 4},
}


Entries = tuple[Entry, ...]


class Paper(RecordDesk):
    """A desk that writes nothing down but the last entry, so that a history can go on in many ways."""

    entry: Entry

    def change(self, ticket: Ticket, entry: Entry) -> None:
        self.entry = entry


def possible(ticket: Ticket, entries: Entries) -> list[tuple[str, Role]]:
    """What can be done now; undoing only the last move, if it was written as a draft."""
    roles = {move.action: role for role in Role for move in moves_for(ticket.state, role) if move.action != "assign"}
    last = [entry for entry in entries if entry.action != "note"][-1]
    if "draft" not in last.data or last.action == "undo":
        roles.pop("undo", None)
    return list(roles.items())


def step(desk: Paper, ticket: Ticket, entries: Entries, action: str, role: Role) -> Ticket:
    """The ticket after this move, with what the move asks for."""
    move = move_for(action, ticket.state, role)
    assert move is not None
    data = dict(ASKED[move.asks])
    if action == "undo":
        data = {"before": [entry for entry in entries if entry.action != "note"][-1].data["before"]}
    elif move.asks is Asks.TEXT and role is not Role.REPORTER:
        data |= {"draft": len(entries)}
    elif role is Role.SYSTEM:
        data = {"agency": "dputr"}
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


def test_every_honest_history_leads_to_the_state_of_its_ticket() -> None:
    """What was made, in up to four moves in every possible order, is what the history says, undoing and all."""
    false = set()
    with core.sample_office() as stage:
        first = core.ticket(stage, core.report(stage, "Sari", story=core.UNSURE))
        submitted = tuple(core.history(stage, first.id))
        with stage.engine.begin() as connection:
            for ticket, entries in histories(Paper(connection, stage.office, stage.now), first, submitted, 4):
                steps = [(entry.action, entry.state.value) for entry in entries]
                assert ticket.state is entries[-1].state
                assert (ticket.closed_at is not None) == (ticket.state in CLOSED), steps
                try:
                    assert replay(steps) is ticket.state, steps
                except ValueError:
                    false.add(" ".join(action for action, _ in steps))
    assert false == set()


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
    ],
)
def test_a_mangled_history_is_refused(steps: list[tuple[str, str]]) -> None:
    """Nothing, a missing beginning, an unknown move or state, and a move that its state does not allow."""
    with pytest.raises(ValueError, match=r"."):
        replay(steps)
