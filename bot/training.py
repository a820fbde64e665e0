"""Learns the routing from past reports, after having tried on each of them what the others teach."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.evaluating import Judged, calibration, confusions, evaluated, measures, threshold
from handlers.rules.artefact import VERSION, Artefact
from handlers.rules.classifier import Classifier, between
from handlers.rules.grams import words
from handlers.rules.guesses import Guess

PARTS: Final = 5
# Fewer examples than parts cannot be held back in turn.
FEWEST_EXAMPLES: Final = PARTS
FEWEST_TEXTS: Final = 20
# Certainties are compared with what came of the best guesses, at so many points with so many guesses each.
BEST_GUESSES: Final = 3
MOST_POINTS, FEWEST_A_POINT = 60, 20
# Points that are nearer would be one when they are read back.
NEAR: Final = 1e-5
QUESTIONS: Final = {"category": "kategori", "agency": "instansi"}

Tell = Callable[[str], object]


class TooLittle(ValueError):  # noqa: N818 - says what the rows are
    """There is nothing to learn from; the words say what is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A past report: its text, its category and its agency, where these are known."""

    text: str
    category: str = ""
    agency: str = ""


def train(rows: Iterable[Row], made_at: datetime, tell: Tell, kept: Artefact | None = None) -> Artefact:
    """What these rows teach; what they leave open stays as it was `kept`. Raises TooLittle where they teach nothing."""
    known = [row for row in rows if words(row.text)]
    found = {name: _question(name, [(row.text, getattr(row, name)) for row in known], tell) for name in QUESTIONS}
    if not any(found.values()):
        raise TooLittle("Belum ada yang dapat dipelajari. Tidak ada yang diubah.")
    older = {name: getattr(kept, name) for name in QUESTIONS} if kept else {}
    for name in QUESTIONS:
        if not found[name] and older.get(name):
            tell(f"{QUESTIONS[name].capitalize()}: hasil pelatihan sebelumnya tetap dipakai.")
    texts = max(len(known), kept.texts if kept and any(older[n] and not found[n] for n in QUESTIONS) else 0)
    return Artefact(VERSION, made_at, texts, **{name: found[name] or older.get(name) for name in QUESTIONS})


def _question(name: str, pairs: Sequence[tuple[str, str]], tell: Tell) -> Classifier | None:
    """What answers one question, or nothing where too little is known."""
    answered = [(text, label) for text, label in pairs if label]
    if not answered:
        return None
    counts = Counter(label for _, label in answered)
    rare = sorted(label for label, count in counts.items() if count < FEWEST_EXAMPLES)
    answered = [(text, label) for text, label in answered if label not in rare]
    title = QUESTIONS[name].capitalize()
    if rare:
        tell(f"{title}: {len(rare)} label kurang dari {FEWEST_EXAMPLES} contoh, tidak ikut: {', '.join(rare)}.")
    if len(answered) < FEWEST_TEXTS or len(counts) - len(rare) < 2:
        tell(
            f"{title}: contohnya belum cukup ({len(answered)} laporan, {len(counts) - len(rare)} label). "
            f"Perlu sedikitnya {FEWEST_TEXTS} laporan dan 2 label dengan {FEWEST_EXAMPLES} contoh."
        )
        return None
    tell(f"{title}: {len(answered)} laporan, {len(counts) - len(rare)} label.")
    return _learned([text for text, _ in answered], [label for _, label in answered], tell)


def _learned(texts: Sequence[str], labels: Sequence[str], tell: Tell) -> Classifier | None:
    """A classifier that was tried on texts held back in turn before it saw them all; nothing where none could be."""
    # Imported here: only training takes scikit-learn, which most installations do not have.
    from bot.learning import learned

    held = held_back(texts, labels, tell)
    if not held:
        tell("  laporannya terlalu serupa untuk diuji, jadi tidak dipelajari.")
        return None
    promised, kept = experience(held)
    judged = [as_kept(each, promised, kept) for each in held]
    certain = threshold(judged)
    for line in report(judged, certain):
        tell(line)
    tell("  belajar dari semua laporan …")
    return replace(learned(texts, labels), promised=promised, kept=kept, threshold=certain)


def held_back(texts: Sequence[str], labels: Sequence[str], tell: Tell) -> list[Judged]:
    """Every text, judged by what was learned without it."""
    from bot.learning import learned, parts

    found = []
    for number, (seen, unseen) in enumerate(parts(texts, labels, PARTS), 1):
        tell(f"  mencoba pada laporan yang ditahan, bagian {number} dari {PARTS} …")
        if len({labels[at] for at in seen}) < 2:
            continue
        classifier = learned([texts[at] for at in seen], [labels[at] for at in seen])
        found += evaluated(classifier.guesses, [(texts[at], labels[at]) for at in unseen])
    return found


def experience(held: Sequence[Judged]) -> tuple[array[float], array[float]]:
    """How certain guesses were of themselves, at points with as many guesses each, and the share right there.

    The share never falls while the certainty rises: neighbours that would are taken together.
    """
    tried = sorted(
        (guess.certainty, guess.code == each.right) for each in held for guess in each.guesses[:BEST_GUESSES]
    )
    size = max(FEWEST_A_POINT, len(tried) // MOST_POINTS)
    points: list[tuple[float, float, int]] = []
    for start in range(0, len(tried) - size + 1, size):
        some = tried[start : start + size] if start + 2 * size <= len(tried) else tried[start:]
        points.append((sum(each for each, _ in some) / len(some), sum(hit for _, hit in some) / len(some), len(some)))
        while len(points) > 1 and (points[-2][1] >= points[-1][1] or points[-2][0] + NEAR >= points[-1][0]):
            points[-2:] = [_together(*points[-2:])]
    return array("f", [each for each, _, _ in points]), array("f", [share for _, share, _ in points])


def _together(one: tuple[float, float, int], other: tuple[float, float, int]) -> tuple[float, float, int]:
    count = one[2] + other[2]
    first, second = ((one[at] * one[2] + other[at] * other[2]) / count for at in (0, 1))
    return first, second, count


def as_kept(judged: Judged, promised: array[float], kept: array[float]) -> Judged:
    """The same guesses, each as certain as such guesses have turned out to be."""
    guesses = [Guess(each.code, between(each.certainty, promised, kept)) for each in judged.guesses]
    return replace(judged, guesses=guesses)


def report(judged: Sequence[Judged], certain: float) -> list[str]:
    """How well it went, line by line: the measures, the calibration table and the labels most often confused."""
    found = measures(judged, certain)
    lines = [
        f"  tebakan pertama benar {found.top1:.3f}, di antara tiga {found.top3:.3f}, macro-F1 {found.macro_f1:.3f}",
        f"  ambang {certain:.2f}: {found.covered:.1%} langsung diteruskan, {found.covered_top1:.1%} di antaranya benar",
        "  keyakinan      jumlah  dijanjikan  benar",
    ]
    lines += [
        f"  {each.low:.1f} – {each.high:.1f}   {each.n:8}  {each.promised:10.3f}  {each.right:.3f}"
        for each in calibration(judged)
    ]
    if wrong := confusions(judged):
        lines.append("  paling sering tertukar (yang benar ← yang ditebak)")
    return lines + [f"  {count:6}  {right} ← {guessed}" for right, guessed, count in wrong]
