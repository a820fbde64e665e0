"""Every transcript says what the program says, on each channel."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.stage_cast import EVERYBODY, Cast
from tests.stage_model import live
from tests.transcript import acted, passed
from tests.transcript_marks import CHANNELS, Marked, Played, doings, merged

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
MIXED = re.compile(r"# Lewat WhatsApp: (.+)", re.IGNORECASE)
TEMPLATES = "# templat terlihat"


def test_there_are_enough() -> None:
    """At least twenty whole conversations are kept."""
    assert len(TRANSCRIPTS) >= 20


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path, tmp_path: Path) -> None:
    """The bot says what the transcript says, line by line; what is not marked, on both channels."""
    kept = path.read_text(encoding="utf-8").splitlines()
    acts = doings(kept)
    for each in ("mixed", *CHANNELS):
        (tmp_path / each).mkdir()
    said = merged(acts, asyncio.run(_played(acts, tmp_path)))
    if os.environ.get("KENTONGAN_TRANSCRIPTS") == "write":
        path.write_text("\n".join(said) + "\n", encoding="utf-8")
    else:
        assert said == kept


async def _played(acts: Sequence[Marked], folder: Path) -> Played:
    """What the bot says after each doing on each channel; once for both where the remark says who is where."""
    there = next((found[1] for _, line in acts if (found := MIXED.fullmatch(line))), "")
    if there:
        cast = Cast(frozenset(name.strip() for name in there.split(",")))
        return dict.fromkeys(CHANNELS, await _play(acts, folder / "mixed", cast))
    casts = {"telegram": Cast(), "whatsapp": Cast(frozenset([EVERYBODY]))}
    return {channel: await _play(acts, folder / channel, casts[channel]) for channel in CHANNELS}


async def _play(acts: Sequence[Marked], folder: Path, cast: Cast) -> dict[int, list[str]]:
    undo = 30.0 if "urungkan" in acts[0][1].casefold() else 0.0
    templates = any(line.casefold() == TEMPLATES for _, line in acts)
    said: dict[int, list[str]] = {}
    async with live(folder, cast, undo, templates) as stage:
        for number, (channel, line) in enumerate(acts):
            if channel not in ("", folder.name):
                continue
            if span := passed(line):
                said[number] = await stage.wait(span)
            elif act := acted(line):
                said[number] = await stage.act(act)
    return said
