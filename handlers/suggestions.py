"""What a story is taken for: its kind, its topic and the agency that answers, each with how certain that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from handlers.desk import Desk, Scene
from handlers.rules import intent
from handlers.rules.guesses import Guess
from handlers.rules.keywords import SURE

Answers = Mapping[str, Any]
MOST: Final = 3
KEYWORDS: Final = "keywords"
# Below this a guess helps nobody.
LEAST: Final = 0.03


def heard(scene: Scene, answers: Answers) -> Answers:
    """The answers with what the story is taken for; its kind is settled where it can hardly be another."""
    found = suggested(scene.desk, str(answers["story"]))
    kind = intent.guess(str(answers["story"]))[0]
    settled = {"type": kind.code} if kind.certainty >= intent.SURE and "type" not in answers else {}
    # Before the answers, so that *Kembali* leads to a question that was asked.
    return {**settled, **answers, "guessed": found}


def suggested(desk: Desk, story: str) -> dict[str, Any]:
    """The best guesses of topic and agency, by what, and of which one can be sure; as they are kept with a report."""
    by, topics, sure = _topics(desk, story)
    agencies, certain = _agencies(desk, story)
    return {
        "by": by,
        "category": _kept(topics),
        "agency": _kept(agencies),
        "sure": [name for name, is_sure in (("category", sure), ("agency", certain)) if is_sure],
    }


def _topics(desk: Desk, story: str) -> tuple[str, Sequence[Guess], bool]:
    """By what the topic was guessed, the guesses, and whether the first can be taken for right."""
    known = desk.facts.category_by_code
    named = _useful(desk.facts.keywords.guesses(story), known)
    learned = desk.learned.category if desk.learned else None
    found = _useful(learned.guesses(story), known) if learned else ()
    if desk.learned is None or learned is None or not found:
        return KEYWORDS, named, bool(named) and named[0].certainty >= SURE
    best = found[: MOST - 1] if _unheard(named, found) else found
    more = [each for each in named if each.code not in {one.code for one in best}]
    # What the words name plainly is offered too: the past knows nothing of a topic that is new.
    return f"model:{desk.learned.made_at:%Y-%m-%d}", (*best, *more)[:MOST], found[0].certainty >= learned.threshold


def _unheard(named: Sequence[Guess], found: Sequence[Guess]) -> bool:
    return bool(named) and named[0].certainty >= SURE and named[0].code not in {each.code for each in found}


def _agencies(desk: Desk, story: str) -> tuple[Sequence[Guess], bool]:
    learned = desk.learned.agency if desk.learned else None
    if learned is None:
        return (), False
    known = {each.code for each in desk.facts.agencies if each.kind not in ("leader", "coordinator")}
    found = _useful(learned.guesses(story), known)
    return found, bool(found) and found[0].certainty >= learned.threshold


def _useful(guesses: Sequence[Guess], known: Iterable[str]) -> tuple[Guess, ...]:
    """The best of those that the office knows."""
    codes = set(known)
    return tuple(each for each in guesses if each.code in codes and each.certainty >= LEAST)[:MOST]


def _kept(guesses: Sequence[Guess]) -> list[list[Any]]:
    return [[each.code, round(each.certainty, 3)] for each in guesses]


def codes(answers: Answers, what: str, least: float = 0.0) -> tuple[str, ...]:
    """The codes that were guessed for *category* or *agency* with at least this certainty, best first."""
    return tuple(code for code, certainty in answers.get("guessed", {}).get(what, ()) if certainty >= least)


def sure(answers: Answers, what: str) -> bool:
    """Whether the first guess for *category* or *agency* can be taken for right."""
    return what in answers.get("guessed", {}).get("sure", ())


def picked(answers: Answers) -> dict[str, Any]:
    """What is kept with the report: the guesses, and what its reporter made of them."""
    guessed = answers.get("guessed")
    if not guessed:
        return {}
    code, offered = answers.get("category"), codes(answers, "category")
    said = {"?": "unknown", "*": "other"}.get(str(code), "offered" if code in offered else "other")
    if offered and code == offered[0] and sure(answers, "category"):
        said = "confirmed"
    return {**{name: guessed[name] for name in ("by", "category", "agency")}, "picked": said}
