"""Transcripts: whole conversations as text that anyone can read, played on the stage and compared line by line.

    # a remark
    Sari> words                      Sari writes to the bot
    Agus @ dputr> words              Agus writes in the group of dputr
    Sari> [Setuju]                   presses the newest button of that name in that chat
    Sari> (lokasi)  (foto) (foto: words)  (pdf) (video) (suara) (besar) (exe)  (stiker)  (blokir)
    Sari> (balas "Jalan rusak") words    replies to the bot's newest message with these words
    Sari> (ubah "old words") new words   edits what was written
    + 3 hari                         time passes (detik, menit, jam, hari)

Lines of the bot follow by themselves: `Sari< …` a message to Sari, `dputr~ …` the new lines of an edited card,
`Sari x …` a message that could not be delivered. `KENTONGAN_TRANSCRIPTS=write pytest tests/test_transcripts.py`
writes them anew; read what changed before you keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from handlers.words import Kind
from tests.stage import FILES, PIN, Stage

UNITS = {"detik": "seconds", "menit": "minutes", "jam": "hours", "hari": "days"}
ACT = re.compile(r"(?P<person>[^@>]+?)(?: @ (?P<chat>[a-z-]+))?> (?P<what>.*)")
QUOTED = re.compile(r'\((balas|ubah) "([^"]+)"\) ?(.*)')
DONE = re.compile(r"\((\w+)(?:: (.*))?\)")


def play(stage: Stage, lines: list[str]) -> Iterator[str]:
    """The transcript with the bot's lines as they come out now."""
    for line in lines:
        if line.startswith("+ "):
            yield line
            count, unit = line[2:].split()
            yield from stage.wait(timedelta(**{UNITS[unit]: float(count)}))
        elif act := ACT.fullmatch(line):
            yield line
            person = act["person"].strip()
            yield from _done(stage, person, act["chat"] or person, act["what"].replace("\\n", "\n"))
        elif not line or line.startswith("#"):
            yield line


def _done(stage: Stage, person: str, chat: str, what: str) -> Iterator[str]:
    if what.startswith("[") and what.endswith("]"):
        message, choice = stage.button(chat, what[1:-1])
        return stage.send(person, chat, Kind.TAP, tap=choice, message=message)
    if quoted := QUOTED.fullmatch(what):
        verb, fragment, text = quoted.groups()
        if verb == "balas":
            return _said(stage, person, chat, text, reply_to=stage.message(chat, fragment))
        return stage.send(person, chat, Kind.EDIT, text=text, message=stage.written[(chat, fragment)])
    return _said(stage, person, chat, what)


def _said(stage: Stage, person: str, chat: str, what: str, reply_to: str = "") -> Iterator[str]:
    done = DONE.fullmatch(what)
    if not done:
        return stage.send(person, chat, Kind.TEXT, text=what, reply_to=reply_to)
    name, text = done[1], done[2] or ""
    if name == "lokasi":
        return stage.send(person, chat, Kind.PLACE, place=PIN, text=text, reply_to=reply_to)
    if name == "stiker":
        return stage.send(person, chat, Kind.UNREADABLE, reply_to=reply_to)
    if name in ("blokir", "buka"):
        (stage.blocked.add if name == "blokir" else stage.blocked.discard)(chat)
        return stage.send(person, chat, Kind.BLOCKED if name == "blokir" else Kind.UNBLOCKED)
    if name.startswith("album"):
        return stage.send(person, chat, Kind.FILE, file=FILES["foto"], text=text, album=name, reply_to=reply_to)
    return stage.send(person, chat, Kind.FILE, file=FILES[name], text=text, reply_to=reply_to)


def is_acted(line: str) -> bool:
    """Whether a line is somebody's doing, a remark, or time: what is kept when the bot's lines are written anew."""
    return not line or line.startswith(("#", "+ ")) or bool(ACT.fullmatch(line))
