"""Every transcript says what the program says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stage import built
from tests.transcript import is_acted, play

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


def test_there_are_enough() -> None:
    """At least twenty whole conversations are kept."""
    assert len(TRANSCRIPTS) >= 20


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path, tmp_path: Path) -> None:
    """The bot says what the transcript says, line by line."""
    kept = path.read_text(encoding="utf-8").splitlines()
    undo = 30.0 if any("urungkan" in line.casefold() for line in kept[:1]) else 0.0
    stage = built(tmp_path, undo)
    try:
        said = list(play(stage, [line for line in kept if is_acted(line)]))
    finally:
        stage.engine.dispose()
    if os.environ.get("KENTONGAN_TRANSCRIPTS") == "write":
        path.write_text("\n".join(said) + "\n", encoding="utf-8")
    else:
        assert said == kept
