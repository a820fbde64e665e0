"""Whether a text speaks of danger now: the words of each danger, without those of the past, of wishes and of images."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from handlers.rules import dangerwords as words


class Danger(StrEnum):
    """What threatens; the first that fits holds."""

    SUICIDE = "suicide"
    FIRE = "fire"
    GAS = "gas"
    POWER = "power"
    ABUSE = "abuse"
    VIOLENCE = "violence"
    DISASTER = "disaster"
    RESCUE = "rescue"
    MEDICAL = "medical"


# Here even what was yesterday can go on today, and a line to somebody who listens does no harm.
LASTING: Final = (Danger.SUICIDE, Danger.ABUSE)

_IMAGES: Final = re.compile(rf"\b(?:{words.IMAGES})\b")
_OVER: Final = re.compile(rf"\b(?:{words.OVER})\b")
_LONG_AGO: Final = re.compile(rf"\b(?:{words.LONG_AGO})\b")
_PAST: Final = re.compile(rf"\b(?:{words.PAST})\b")
_TALK: Final = re.compile(rf"\b(?:{words.TALK})\b")
_ASKED: Final = re.compile(rf"\b(?:{words.ASKED})\b")
_FEARED: Final = re.compile(rf"\b(?:{words.FEARED})\b")
_NOW: Final = re.compile(rf"(?<!sampai )(?<!sampe )(?<!hingga )\b(?:{words.NOW})\b")


def _compiled(table: Mapping[str, str]) -> dict[Danger, re.Pattern[str]]:
    return {Danger(kind): re.compile(rf"\b(?:{pattern})") for kind, pattern in table.items()}


_CERTAIN: Final = _compiled(words.CERTAIN)
_LIKELY: Final = _compiled(words.LIKELY)
# Most sentences speak of nothing of all this, and need to be read once only.
_ANY: Final = re.compile(rf"\b(?:{'|'.join((*words.CERTAIN.values(), *words.LIKELY.values()))})")
_ENDS: Final = re.compile(r"[.!?;\n]+")
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_LONG_VOWEL: Final = re.compile(r"([a-z])\1{2,}")


def danger(text: str) -> Danger | None:
    """The danger of which a text speaks as of something that is happening now."""
    sentences = [each for each in map(_plain, _ENDS.split(text.casefold())) if each]
    dire = [each for each in sentences if _ANY.search(each)]
    if not dire:
        return None
    alarmed = any(len(each.split()) <= 4 and _NOW.search(each) for each in sentences)
    return next((kind for kind in Danger if any(_threatens(each, kind, alarmed) for each in dire)), None)


def _threatens(sentence: str, kind: Danger, alarmed: bool) -> bool:
    """Whether one sentence tells of this danger; `alarmed`: somebody calls for help right beside it."""
    certain, likely = _CERTAIN[kind].search(sentence), _LIKELY[kind].search(sentence)
    if not (certain or likely) or _OVER.search(sentence) or _LONG_AGO.search(sentence):
        return False
    now = alarmed or _NOW.search(sentence) is not None
    if kind in LASTING:
        return bool(certain or now) and (now or not (_TALK.search(sentence) or _FEARED.search(sentence)))
    doubted = [each for each in (_PAST, _TALK, _FEARED) if each.search(sentence)]
    if certain:
        return len(doubted) < 2 if now else not doubted
    return now and _FEARED not in doubted and len(doubted) + bool(_ASKED.search(sentence)) < 2


def _plain(sentence: str) -> str:
    """The sentence in known words, without those that name a service or paint an image."""
    spaced = " ".join(_NO_WORD.sub(" ", _LONG_VOWEL.sub(r"\1", sentence)).split())
    known = " ".join(words.SHORT.get(word, word) for word in spaced.split())
    return _IMAGES.sub("·", known)
