"""Lines of a transcript that hold on one of the two channels only, and how two plays become one file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from tests.transcript import acted, is_acted

CHANNELS = ("telegram", "whatsapp")
MARK = re.compile(r"\{(telegram|whatsapp)\} (.*)")
Marked = tuple[str, str]
Played = Mapping[str, Mapping[int, Sequence[str]]]


def marked(line: str) -> Marked:
    """The channel that a line is for, empty for both, and the line itself."""
    found = MARK.fullmatch(line)
    return (found[1], found[2]) if found else ("", line)


def doings(lines: Sequence[str]) -> list[Marked]:
    """What people do, remarks and time, without the bot's lines."""
    return [(channel, line) for channel, line in map(marked, lines) if is_acted(line)]


def merged(acts: Sequence[Marked], played: Played) -> list[str]:
    """The two plays as one file; `played` has the bot's lines on each channel after each doing, by its place."""
    lines: list[str] = []
    at = 0
    while at < len(acts):
        channel, line = acts[at]
        lines.append(_as(channel, line))
        if not channel:
            lines += _both(*(played[each].get(at, ()) for each in CHANNELS))
        elif channel == CHANNELS[0] and _is_other_way(acts, at):
            # The same thing, done on each channel in its own way: what follows is compared again.
            lines.append(_as(*acts[at + 1]))
            lines += _both(played[CHANNELS[0]].get(at, ()), played[CHANNELS[1]].get(at + 1, ()))
            at += 1
        else:
            lines += [_as(channel, each) for each in played[channel].get(at, ())]
        at += 1
    return lines


def _is_other_way(acts: Sequence[Marked], at: int) -> bool:
    alone = at + 2 >= len(acts) or acts[at + 2][0] != CHANNELS[1]
    following = acts[at + 1] if at + 1 < len(acts) else ("", "")
    return alone and following[0] == CHANNELS[1] and bool(acted(acts[at][1]) and acted(following[1]))


def _both(telegram: Sequence[str], whatsapp: Sequence[str]) -> list[str]:
    lines: list[str] = []
    matched = SequenceMatcher(None, telegram, whatsapp, autojunk=False)
    for what, a, b, c, d in matched.get_opcodes():
        if what == "equal":
            lines += telegram[a:b]
        else:
            lines += [_as(CHANNELS[0], each) for each in telegram[a:b]]
            lines += [_as(CHANNELS[1], each) for each in whatsapp[c:d]]
    return lines


def _as(channel: str, line: str) -> str:
    return f"{{{channel}}} {line}" if channel else line
