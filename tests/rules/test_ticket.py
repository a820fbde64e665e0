"""The law of a ticket, told a second time by hand: a change of the table of moves needs a change here."""

from __future__ import annotations

from handlers.labels import ACTIONS, STATES
from handlers.moves import DIALOGUES
from handlers.notices import NOTICES
from handlers.past import VERBS
from handlers.rules.ticket import (
    CLOSED,
    MOVES,
    OPEN,
    Clock,
    Move,
    Party,
    Role,
    State,
    move_for,
    moves_for,
)
from tests.handlers.making import MIRRORED

# Who may do what from where: R reporter, O officer, C coordinator, P a helping agency, S the program itself.
LAW = """
            new  rece veri retu forw in_p need resp repl reop reso merg arch
submit      ROC  .    .    .    .    .    .    .    .    .    .    .    .
withdraw    .    R    .    .    R    .    .    .    .    .    .    .    .
forward     .    CS   C    C    .    .    .    .    .    .    .    .    .
verify      .    C    .    .    .    .    .    .    .    .    .    .    .
claim       .    .    .    .    OC   .    .    .    OC   OC   .    .    .
answer      .    .    .    .    OC   OC   OC   OC   OC   OC   .    .    .
ask         .    OC   OC   OC   OC   OC   .    .    OC   OC   .    .    .
resolve     .    .    .    .    OC   OC   .    OC   OC   OC   .    .    .
extend      .    .    .    .    OC   OC   .    .    OC   OC   .    .    .
transfer    .    .    .    .    OC   OC   .    .    OC   OC   .    .    .
return      .    .    .    .    O    O    .    .    O    O    .    .    .
assign      .    .    .    .    OC   OC   .    .    OC   OC   .    .    .
classify    .    OC   OC   OC   OC   OC   .    .    OC   OC   .    .    .
recategorise .   OC   OC   OC   OC   OC   .    .    OC   OC   .    .    .
involve     .    .    .    .    OC   OC   .    .    OC   OC   .    .    .
contribute  .    .    .    .    P    P    P    P    P    P    .    .    .
release     .    .    .    .    .    OCS  .    .    .    .    .    .    .
handover    .    OCS  OCS  OCS  OCS  OCS  OCS  OCS  OCS  OCS  .    .    .
merge       .    C    C    C    C    C    C    .    C    C    .    .    .
join        .    R    .    .    .    .    .    .    .    .    .    .    .
archive     .    C    C    C    C    C    C    .    C    C    .    .    .
note        .    OC   OC   OC   OC   OC   OC   OC   OC   OC   OC   .    .
undo        .    .    .    .    .    .    OC   OC   .    .    OC   .    .
supply      .    .    .    .    .    .    R    .    .    .    .    .    .
reply       .    R    R    R    R    R    .    R    R    R    .    R    .
confirm     .    .    .    .    .    .    .    R    .    .    .    R    .
dispute     .    .    .    .    .    .    .    R    .    .    R    R    .
object      .    .    .    .    .    .    .    .    .    .    .    .    R
rate        .    .    .    .    .    .    .    .    .    .    R    .    .
remind      .    S    S    S    S    S    S    S    S    S    .    .    .
promise     .    S    S    S    S    S    .    .    S    S    .    .    .
escalate    .    S    S    S    S    S    .    .    S    S    .    .    .
close       .    .    .    .    .    .    .    S    .    .    .    .    .
lapse       .    .    .    .    .    .    S    .    .    .    .    .    .
recalculate .    S    S    S    S    S    S    S    S    S    .    .    .
raise       .    S    S    S    S    S    S    S    S    S    .    .    .
lower       .    S    S    S    S    S    S    S    S    S    .    .    .
follow      .    .    .    .    .    .    .    .    .    .    .    S    .
finish      .    .    .    .    .    .    .    .    .    .    .    S    .
drop        .    .    .    .    .    .    .    .    .    .    .    S    .
reattach    .    .    .    .    .    .    .    .    .    .    S    .    S
register    .    S    S    S    S    S    S    S    S    S    S    S    S
"""
# Where it leads, what it asks first, what it does to the deadline, who is told, where on a card it is offered.
EFFECT = """
submit      received          -               verification        reporter         -
withdraw    archived          -               stop                -                -
forward     forwarded         agency          resolution          reporter         card
verify      verified          -               redisposition       reporter         card
claim       in_progress       -               keep                reporter         card
answer      responded         text            reporter_response   reporter         card
ask         needs_info        text            completion          reporter         card
resolve     resolved          text            stop                reporter         card
extend      same              extension       extend              reporter         more
transfer    forwarded         agency          move_on               reporter,holder  card
return      returned          reason          redisposition       reporter,holder  card
assign      in_progress       officer         keep                holder           card
classify    same              class           classify            reporter         more
recategorise same             category        keep                reporter         more
involve     same              agency          keep                -                more
contribute  same              text            keep                holder           card
release     forwarded         -               keep                -                card
handover    same              officer         keep                -                -
merge       merged            ticket          stop                reporter         more
join        merged            ticket          stop                reporter         -
archive     archived          archive_reason  stop                reporter         card
note        same              text            keep                -                -
undo        before            -               keep                -                -
supply      reporter_replied  text            resume              holder           -
reply       reporter_replied  text            first_follow_up     holder           -
confirm     resolved          -               stop                holder           -
dispute     reopened          reason          resolution          holder           -
object      received          reason          verification        holder           -
rate        same              stars           keep                holder           -
remind      same              -               keep                -                -
promise     same              -               keep                reporter         -
escalate    same              -               keep                reporter         -
close       resolved          -               stop                reporter,holder  -
lapse       archived          -               stop                reporter,holder  -
recalculate same              -               keep                -                -
raise       same              -               keep                reporter         -
lower       same              -               keep                reporter         -
follow      same              -               keep                -                -
finish      resolved          -               stop                -                -
drop        archived          -               stop                -                -
reattach    merged            -               keep                -                -
register    same              -               keep                -                -
"""
LETTERS = {
    Role.REPORTER: "R",
    Role.OFFICER: "O",
    Role.HEAD: "H",
    Role.COORDINATOR: "C",
    Role.PARTNER: "P",
    Role.SYSTEM: "S",
}
COLUMNS: list[State | None] = [
    None,
    State.RECEIVED,
    State.VERIFIED,
    State.RETURNED,
    State.FORWARDED,
    State.IN_PROGRESS,
    State.NEEDS_INFO,
    State.RESPONDED,
    State.REPORTER_REPLIED,
    State.REOPENED,
    State.RESOLVED,
    State.MERGED,
    State.ARCHIVED,
]
WHO = {
    (row.split()[0], state): set(cell) - {"."}
    for row in LAW.strip().splitlines()[1:]
    for state, cell in zip(COLUMNS, row.split()[1:], strict=True)
}
EFFECTS = {row.split()[0]: tuple(row.split()[1:]) for row in EFFECT.strip().splitlines()}
ALL = [(action, state, role) for action in EFFECTS for state in COLUMNS for role in Role]
# The program acts by a rule: it asks nobody, and nothing of it stands on a card.
BY_RULE = {
    "forward": ("forwarded", "-", "resolution", "reporter", "-"),
    "release": ("forwarded", "-", "keep", "-", "-"),
}
# A remark on a ticket that is not answered yet changes nothing.
REMARK = ("same", "text", "keep", "holder", "-")
# What the office does without a word to the reporter; what becomes of a merged report is told by its own notice.
INSIDE = ("note", "undo", "assign", "release", "involve", "contribute", "handover", "remind", "recalculate", "register")


def effect(action: str, state: State | None, role: Role) -> tuple[str, ...]:
    if action in BY_RULE and role is Role.SYSTEM:
        return BY_RULE[action]
    return REMARK if action == "reply" and state is not State.RESPONDED else EFFECTS[action]


def told(move: Move) -> tuple[str, ...]:
    shown = "card" if move.button else "more" if move.more else "-"
    return (move.to.value, move.asks or "-", move.clock.value, ",".join(move.tells) or "-", shown)


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


def test_what_closed_opens_again_within_a_term_only() -> None:
    """What the reporter may do to a closed ticket, but for a rating, is bound to a time; nothing else is."""
    bound = {(move.action, state) for move in MOVES if move.within for state in move.frm}
    assert bound == {("dispute", State.RESOLVED), ("object", State.ARCHIVED)}
    open_again = {(m.action, s) for m in MOVES for s in m.frm if s in CLOSED and m.to in OPEN}
    assert open_again == bound


def test_only_complaints_have_a_class() -> None:
    """Classifying is the one move that is not for every kind of report."""
    assert {move.action: move.types for move in MOVES if move.types} == {"classify": ("complaint",)}


def test_each_party_is_named_once() -> None:
    """A row names no party twice, and one place on the card at most."""
    for move in MOVES:
        assert len(set(move.tells)) == len(move.tells), move.action
        assert not (move.button and move.more), move.action


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
            # What is taken back in time was never heard of; those who join are told of together.
            assert Party.HOLDER in move.tells or move.action in ("submit", "withdraw", "join"), move.action
        elif move.action not in (*INSIDE, *MIRRORED):
            assert Party.REPORTER in move.tells, move.action


def test_every_button_has_a_label() -> None:
    """What can be pressed on a card, and what can be done with a draft, is named."""
    named = {move.action for move in MOVES if move.button or move.more} | {"note", "undo"}
    assert named == set(ACTIONS)


def test_every_action_has_a_verb() -> None:
    """The history of a ticket can be told whatever happened to it."""
    assert {move.action for move in MOVES} == set(VERBS)


def test_every_state_has_a_name() -> None:
    """Whatever a ticket is, it can be said."""
    assert set(STATES) == set(State)


def test_every_button_that_asks_has_its_question() -> None:
    """A move of the office that asks is begun by a button and has a dialogue; what the reporter is asked is his own."""
    asking = {move.action for move in MOVES if move.asks and (move.button or move.more)}
    assert {f"do-{action}" for action in asking} == set(DIALOGUES)
    rest = {move.action for move in MOVES if move.asks and Role.REPORTER not in move.by} - asking
    assert rest == {"note", "handover"}


def test_open_closed_and_merged_are_all_states() -> None:
    """A ticket is open or closed, or goes with another; never two of them."""
    assert sorted([*OPEN, *CLOSED, State.MERGED]) == sorted(State)


def test_a_clock_runs_where_somebody_must_act() -> None:
    """A move that closes or merges stops the clocks, a move to another open state never does."""
    for move in MOVES:
        if isinstance(move.to, State) and move.action != "reattach":
            assert (move.clock is Clock.STOP) == (move.to not in OPEN), move


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


def reached(*roles: Role) -> set[State]:
    """Every state to which these roles can bring a report together."""
    seen, left = {State.RECEIVED}, [State.RECEIVED]
    while left:
        new = ways(left.pop(), *roles) - seen
        seen |= new
        left.extend(new)
    return seen


def test_every_state_is_reachable() -> None:
    """From the submission people alone can reach every state."""
    assert reached(Role.REPORTER, Role.OFFICER, Role.COORDINATOR) == set(State)


def test_only_an_objection_opens_what_was_archived() -> None:
    """From the archive nobody but the reporter leads out, and that to the coordinator."""
    assert ways(State.ARCHIVED, Role.OFFICER, Role.COORDINATOR, Role.PARTNER) == set()
    assert ways(State.ARCHIVED, Role.REPORTER) == {State.RECEIVED}
    assert ways(State.ARCHIVED, Role.SYSTEM) == {State.MERGED}


def test_a_helper_changes_no_state() -> None:
    """An agency that helps adds to a ticket and never moves it."""
    assert all(ways(state, Role.PARTNER, Role.HEAD) == set() for state in State)
