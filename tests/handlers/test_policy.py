"""The version of the rules that a report was made under."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from storage import tables as t
from tests.stage import built
from tests.transcript import is_acted, play

TRANSCRIPT = Path(__file__).parent.parent / "transcripts" / "03-aspirasi.txt"


def test_the_policy_in_force_stays_with_the_ticket(tmp_path: Path) -> None:
    """A ticket names the policy whose clocks it was promised."""
    stage = built(tmp_path)
    said = list(play(stage, [line for line in TRANSCRIPT.read_text("utf-8").splitlines() if is_acted(line)]))
    with stage.engine.connect() as connection:
        policies = connection.execute(select(t.tickets.c.policy)).scalars().all()
    stage.engine.dispose()
    assert said
    assert policies == [stage.office.facts.clocks[0].policy]
    assert policies != [""]
