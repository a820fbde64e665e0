"""One classifier learned from texts with their labels; the only place that needs scikit-learn."""

from __future__ import annotations

import warnings
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_selection import chi2
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import StratifiedGroupKFold

from bot.net import Net, learned_net
from handlers.rules.classifier import ZERO, Classifier, Weights, row
from handlers.rules.grams import letter_grams, word_grams, words

Matrix = Any  # a sparse matrix of scipy, which has no types of its own

# The pieces that say most are kept, so that the serving process stays small.
PIECES: Final = 15_000
# A piece seen in fewer texts says nothing of the next one.
FEWEST: Final = {"letters": 3, "words": 2}
# Of fewer texts every piece is taken.
ENOUGH: Final = 150
GRAMS: Final[Mapping[str, Callable[[list[str]], Counter[str]]]] = {"letters": letter_grams, "words": word_grams}
SEEDS: Final = (0, 1, 2, 3)
# How loudly the straight line and the nets speak, so that both have the same say as to certainty.
LINE_SHARE, NET_SHARE = 1.43, 1.04
# Labels of fewer than so many texts are lifted the more the rarer they are: else they would never be guessed.
RARE, LIFT = 0.03, 0.44
LARGEST_BYTE: Final = 127
# Letters after which two texts are not taken for two copies of one complaint any more.
ALIKE: Final = 80


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one kind that are kept, with the importance of each, and the texts in them, of length one."""

    names: list[str]
    importance: Any
    texts: Matrix


def learned(texts: Sequence[str], labels: Sequence[str]) -> Classifier:
    """A classifier that knows these texts; its certainties promise nothing yet."""
    names, answers = np.unique(np.array(labels), return_inverse=True)
    said = [words(text) for text in texts]
    kinds = {kind: _pieces(kind, said) for kind in GRAMS}
    kinds = _telling(kinds, answers)
    matrix = sp.hstack([kinds[kind].texts for kind in GRAMS]).tocsr().astype(np.float32)
    line, offsets = _line(matrix, answers, len(names))
    nets = [learned_net(matrix, answers, len(names), seed) for seed in SEEDS]
    offsets = offsets + LIFT * np.log(np.maximum(1, RARE * len(answers) / np.bincount(answers)))
    return _packed([str(name) for name in names], kinds, line, offsets, nets)


def parts(texts: Sequence[str], labels: Sequence[str], count: int) -> Iterator[tuple[list[int], list[int]]]:
    """Where the texts to learn from are, and those held back, in turn; texts that begin alike stay together."""
    beginnings = [" ".join(words(text))[:ALIKE] for text in texts]
    if len(set(beginnings)) < count:
        return
    split = StratifiedGroupKFold(count, shuffle=True, random_state=SEEDS[0])
    for seen, unseen in split.split(texts, labels, beginnings):
        yield seen.tolist(), unseen.tolist()


def _pieces(kind: str, said: Sequence[list[str]]) -> Pieces:
    """All pieces of a kind that occur often enough, weighed by how rare they are."""
    vectorizer = DictVectorizer(dtype=np.float32, sort=True)
    counts = vectorizer.fit_transform([GRAMS[kind](text) for text in said]).tocsr()
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    fewest = FEWEST[kind] if len(said) >= ENOUGH else 1
    kept = np.flatnonzero(seen >= fewest)
    counts = counts[:, kept]
    counts.data = 1 + np.log(counts.data)
    importance = 1 + np.log((1 + len(said)) / (1 + seen[kept]))
    return Pieces([vectorizer.feature_names_[each] for each in kept], importance, counts)


def _telling(kinds: Mapping[str, Pieces], answers: Any) -> dict[str, Pieces]:
    """Of all kinds together the pieces that say most of the answer, with every text made as long as every other."""
    said = {kind: _even(each.texts @ sp.diags(each.importance)) for kind, each in kinds.items()}
    told = {kind: np.nan_to_num(chi2(each, answers)[0]) for kind, each in said.items()}
    every = np.sort(np.concatenate(list(told.values())))
    least = every[-min(PIECES, len(every))] if len(every) else 0.0
    found = {}
    for kind, each in kinds.items():
        kept = np.flatnonzero(told[kind] >= least)
        importance = each.importance[kept]
        texts = _even(each.texts[:, kept] @ sp.diags(importance))
        found[kind] = Pieces([each.names[int(at)] for at in kept], importance, texts)
    return found


def _even(matrix: Matrix) -> Matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return (sp.diags(1 / lengths) @ matrix).tocsr()


def _line(matrix: Matrix, answers: Any, count: int) -> tuple[Any, Any]:
    """The weights of a straight line for each label, and where each begins; rare labels count as much as others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        ridge = RidgeClassifier(alpha=1.0, class_weight="balanced", solver="sparse_cg", tol=1e-2)
        ridge.fit(matrix, answers)
    weights, offsets = np.atleast_2d(ridge.coef_).T, np.atleast_1d(ridge.intercept_)
    if count == 2:  # scikit-learn keeps one line where there are two labels
        weights, offsets = np.hstack([-weights, weights]), np.concatenate([-offsets, offsets])
    return weights * LINE_SHARE, offsets * LINE_SHARE


def _packed(
    names: Sequence[str], kinds: Mapping[str, Pieces], line: Any, offsets: Any, nets: Sequence[Net]
) -> Classifier:
    """Everything as one classifier, each weight rounded to a byte."""
    weights = np.hstack([line, *(net.into for net in nets)])
    packed, start = {}, 0
    for kind, each in kinds.items():
        packed[kind] = _rounded(each, weights[start : start + len(each.names)])
        start += len(each.names)
    share = NET_SHARE / len(nets)
    outputs = np.vstack([net.out for net in nets]).T * share
    offsets = offsets + sum(net.offsets for net in nets) * share
    return Classifier(
        labels=tuple(names),
        letters=packed["letters"],
        words=packed["words"],
        bends=_floats(np.concatenate([net.bends for net in nets])),
        offsets=_floats(offsets),
        outputs=tuple(map(_floats, outputs)),
        promised=array("f"),
        kept=array("f"),
    )


def _rounded(pieces: Pieces, weights: Any) -> Weights:
    """What the pieces weigh, their importance in it, as rows of bytes."""
    weights = weights * pieces.importance[:, None]
    scales = np.abs(weights).max(axis=0, initial=0) / LARGEST_BYTE
    scales[scales == 0] = 1
    own = pieces.importance**2
    first = own.max(initial=1) / (2 * LARGEST_BYTE)
    table = np.hstack([np.rint(own / first)[:, None], np.rint(weights / scales) + ZERO]).astype(np.uint8)
    rows = {name: row(each.tobytes()) for name, each in zip(pieces.names, table, strict=True)}
    return Weights(rows, _floats(np.concatenate([[first], scales])))


def _floats(numbers: Any) -> array[float]:
    return array("f", [float(each) for each in numbers])
