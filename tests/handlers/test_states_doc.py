"""docs/states.md says what the table of moves says."""

from __future__ import annotations

from handlers.rules.ticket import MOVES, State
from tests.states_doc import FILE, RENEW, text


def test_the_document_is_what_the_table_says() -> None:
    """The document is renewed with every change of the table."""
    assert FILE.read_text(encoding="utf-8") == text(), f"docs/states.md is behind MOVES. Renew it: {RENEW}"


def test_every_state_and_move_is_shown() -> None:
    """Nothing of the law is left out of the picture or the table."""
    shown = text()
    assert all(f'    state "{state}<br/>' in shown for state in State)
    assert all(f"\n| {move.action} |" in shown for move in MOVES)
    assert shown.count("\n| ") == len(MOVES) + 1
