"""Measures how well reports find their category and agency, by cross-validation, beside named baselines."""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time

# One text is guessed on one core; so is all that is measured here.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bot.evaluating import Judged, Measures, calibration, evaluated, measures, threshold
from bot.training import PARTS, as_kept, experience, held_back
from handlers.rules.artefact import VERSION, Artefact, read, write
from handlers.rules.guesses import Guess
from handlers.rules.keywords import Keywords

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
KEYWORDS = ROOT / "tests" / "data" / "label-keywords.csv"
LONGEST_MESSAGE = 4096
HEAD = f"{'':34}{'top-1':>8}{'top-3':>8}{'macro-F1':>10}{'covered':>9}{'right':>8}{'ms a text':>11}"
Guesses = Callable[[str], Sequence[Guess]]
# Runs in a process of its own, so that nothing else is counted.
WEIGHED = """
import gc, sys, time
from pathlib import Path
from handlers.rules.artefact import read
def used():
    gc.collect()
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
before, start = used(), time.perf_counter()
artefact = read(Path(sys.argv[1]).read_bytes())
taken = time.perf_counter() - start
artefact.category and artefact.category.guesses("jalan rusak")
artefact.agency and artefact.agency.guesses("jalan rusak")
print(used() - before, taken)
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a text, the file that knows it, and what must be reached."""

    name: str
    file: str
    column: str
    aims: str


QUESTIONS = (
    Question(
        "category", "complaints-dev.csv", "label", "top-1 .775, top-3 .93, macro-F1 .70, covered .70 at .88 right"
    ),
    Question("agency", "agency-dev.csv", "agency", "top-1 .80, top-3 .925, covered .70 at .88 right"),
)


def known(question: Question) -> tuple[list[str], list[str]]:
    """The texts and their answers."""
    with (DATA / question.file).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [row[question.column] for row in rows]


def line(name: str, found: Measures, ms: float | None = None) -> None:
    """One row of the table; without a threshold nothing is covered."""
    shares = f"{found.top1:8.3f}{found.top3:8.3f}{found.macro_f1:10.3f}"
    sure = f"{found.covered:9.3f}{found.covered_top1:8.3f}" if found.covered else f"{'':17}"
    print(f"{name:34}{shares}{sure}{'' if ms is None else f'{ms:11.2f}'}", flush=True)


def majority(texts: Sequence[str], answers: Sequence[str]) -> list[Judged]:
    """Every text taken for what is most frequent."""
    usual = [Guess(answer, 0.0) for answer, _ in Counter(answers).most_common()]
    return [Judged(answer, usual) for answer in answers]


def plain(texts: Sequence[str], answers: Sequence[str]) -> list[Judged]:
    """What scikit-learn does by itself: words and pairs by TF-IDF, and a linear support vector machine."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    from bot.learning import parts

    judged = []
    for seen, unseen in parts(texts, answers, PARTS):
        usual = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), LinearSVC(C=0.5))
        usual.fit([texts[at] for at in seen], [answers[at] for at in seen])
        labels = [str(label) for label in usual.classes_]
        for at, scores in zip(unseen, usual.decision_function([texts[at] for at in unseen]), strict=True):
            ranked = sorted(zip(scores, labels, strict=True), reverse=True)
            judged.append(Judged(answers[at], [Guess(label, 0.0) for _, label in ranked]))
    return judged


def ours(texts: Sequence[str], answers: Sequence[str]) -> tuple[Measures, list[Judged]]:
    """Every text guessed by what was learned without it; thresholds come from the half that they are not tried on."""
    held = held_back(texts, answers, lambda text: print(text.strip(), file=sys.stderr, flush=True))
    halves = held[::2], held[1::2]
    judged: list[Judged] = []
    covered = hits = 0
    for tried, others in (halves, halves[::-1]):
        points = experience(others)
        certain = threshold([as_kept(each, *points) for each in others])
        mine = [as_kept(each, *points) for each in tried]
        sure = [each for each in mine if each.certainty >= certain]
        judged, covered, hits = judged + mine, covered + len(sure), hits + sum(each.hit for each in sure)
    found = measures(judged, 1.1)
    return replace(found, covered=covered / len(judged), covered_top1=hits / max(covered, 1)), judged


def table(judged: Sequence[Judged]) -> Iterator[str]:
    """What certainties promised and what came of them."""
    yield "  certainty    texts  promised  right"
    for each in calibration(judged):
        yield f"  {each.low:.1f}–{each.high:.1f}   {each.n:8}  {each.promised:8.3f}  {each.right:.3f}"


def milliseconds(guesses: Guesses, texts: Sequence[str]) -> list[float]:
    """How long a core works on each text, whatever else the machine does, in the order of the texts."""
    taken = []
    for text in texts:
        start = thread_time()
        guesses(text)
        taken.append((thread_time() - start) * 1000)
    return taken


def cold_start(question: Question) -> None:
    """The keywords alone, without anything learned; a table of them is kept for the categories only."""
    if question.name != "category":
        return
    if not KEYWORDS.exists():
        print("no keyword table, so the cold start is left out")
        return
    with KEYWORDS.open(encoding="utf-8", newline="") as file:
        keywords = Keywords({row["label"]: row["keywords"].split(";") for row in csv.DictReader(file)})
    texts, answers = known(question)
    ms = statistics.median(milliseconds(keywords.guesses, texts[:500]))
    line(
        "keywords alone (cold start)", measures(evaluated(keywords.guesses, zip(texts, answers, strict=True)), 1.1), ms
    )


def asked(question: Question) -> None:
    """One question, with its baselines."""
    texts, answers = known(question)
    print(f"\n{question.name}: {len(texts)} texts, {len(set(answers))} labels; wanted {question.aims}\n{HEAD}")
    line("majority", measures(majority(texts, answers), 1.1))
    cold_start(question)
    line("TF-IDF + LinearSVC", measures(plain(texts, answers), 1.1))
    found, judged = ours(texts, answers)
    line("Kentongan, learned", found)
    print("\n".join(table(judged)))


def weighed() -> None:
    """The artefact of both questions: how large, how soon there, how much memory, how long for a text."""
    from bot.learning import learned

    print("\nlearning both from all texts …", file=sys.stderr, flush=True)
    found = {each.name: learned(*known(each)) for each in QUESTIONS}
    raw = write(Artefact(VERSION, datetime.now(UTC), len(known(QUESTIONS[0])[0]), **found))
    with tempfile.NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-c", WEIGHED, file.name], cwd=ROOT, capture_output=True, text=True, check=True
        )
    memory, taken = map(float, done.stdout.split())
    print(f"\nartefact {len(raw) / 2**20:.1f} MB, loaded in {taken:.2f} s, +{memory:.0f} MB resident (both questions)")
    timed(read(raw))


def timed(artefact: Artefact) -> None:
    """How long a text takes: a usual one, one in a hundred, and the longest that a platform sends."""
    texts, _ = known(QUESTIONS[0])
    long = " ".join(texts[:100])[:LONGEST_MESSAGE]
    for name in ("category", "agency"):
        guesses: Guesses = getattr(artefact, name).guesses
        ms = sorted(milliseconds(guesses, texts[:1000]))
        longest = statistics.median(milliseconds(guesses, [long] * 20))
        print(f"{name:9} ms a text: median {statistics.median(ms):.2f}, p99 {ms[989]:.2f}, longest {longest:.2f}")


def main() -> None:
    """The whole table, or one question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[each.name for each in QUESTIONS], help="one question")
    options = parser.parse_args()
    missing = [each.file for each in QUESTIONS if not (DATA / each.file).exists()]
    if missing:
        print(f"{', '.join(missing)} not found in {DATA}: nothing to measure with")
        return
    for question in QUESTIONS:
        if options.only in (None, question.name):
            asked(question)
    if options.only is None:
        weighed()


if __name__ == "__main__":
    main()
