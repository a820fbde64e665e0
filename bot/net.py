"""A small net with one layer between: pieces of a text in, what speaks for each label out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Numbers = Any  # an array of numpy, or a sparse matrix of scipy that answers to the same signs

LAYER: Final = 64
ROUNDS: Final = 10
AT_ONCE: Final = 128
FASTEST: Final = 0.004
# So much of a text, and of the layer, is left out each time, at random: a net that sees all of it learns by heart.
UNSEEN, UNUSED = 0.4, 0.3
# Officers disagree about every sixth text that they see twice.
DOUBT: Final = 0.1
# Rare labels count more, but not as much as frequent ones.
EVENNESS: Final = 0.5
# The usual numbers of the Adam method.
MOMENTUM, MEMORY, TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class Net:
    """What a net weighs: from the pieces into the layer, where the layer begins to count, and out to the labels."""

    into: Numbers
    bends: Numbers
    out: Numbers
    offsets: Numbers


def learned_net(texts: Numbers, answers: Numbers, labels: int, seed: int) -> Net:
    """A net that has seen the texts with their answers some rounds; the same seed gives the same net."""
    chance = np.random.default_rng(seed)
    count = texts.shape[0]
    wanted = np.full((count, labels), DOUBT / labels, np.float32)
    wanted[np.arange(count), answers] += 1 - DOUBT
    weight = np.maximum(np.bincount(answers, minlength=labels), 1.0)[answers] ** -EVENNESS
    weight = (weight / weight.mean()).astype(np.float32)
    net = _fresh(texts.shape[1], labels, chance)
    descent = _Descent(net, ROUNDS * -(-count // AT_ONCE))
    for _ in range(ROUNDS):
        order = chance.permutation(count)
        for start in range(0, count, AT_ONCE):
            some = order[start : start + AT_ONCE]
            descent.step(_slope(net, texts[some], wanted[some], weight[some], chance))
    return net


def _fresh(pieces: int, labels: int, chance: np.random.Generator) -> Net:
    into = chance.normal(0, 0.05, (pieces, LAYER)).astype(np.float32)
    out = chance.normal(0, LAYER**-0.5, (LAYER, labels)).astype(np.float32)
    return Net(into, np.zeros(LAYER, np.float32), out, np.zeros(labels, np.float32))


def _slope(
    net: Net, texts: Numbers, wanted: Numbers, weight: Numbers, chance: np.random.Generator
) -> tuple[Numbers, ...]:
    """Where each part of the net would have to go for these texts, a random share of it unseen."""
    seen = chance.random(len(texts.data), np.float32) >= UNSEEN
    texts.data = texts.data * seen / np.float32(1 - UNSEEN)
    layer = texts @ net.into + net.bends
    used = (chance.random(layer.shape, np.float32) >= UNUSED) * (layer > 0) / np.float32(1 - UNUSED)
    layer = layer * used
    error = (_shares(layer @ net.out + net.offsets) - wanted) * weight[:, None] / np.float32(len(wanted))
    back = (error @ net.out.T) * used
    return texts.T @ back, back.sum(0), layer.T @ error, error.sum(0)


def _shares(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


class _Descent:
    """Moves a net down its slope by the Adam method, slower towards the end; works in place to spare memory."""

    def __init__(self, net: Net, steps: int) -> None:
        self._parts = (net.into, net.bends, net.out, net.offsets)
        self._speed = [np.zeros_like(part) for part in self._parts]
        self._rough = [np.zeros_like(part) for part in self._parts]
        self._spare = [np.empty_like(part) for part in self._parts]
        self._steps, self._step = steps, 0

    def step(self, slopes: tuple[Numbers, ...]) -> None:
        """One step against these slopes."""
        self._step += 1
        pace = FASTEST * (1 - self._step / (self._steps + 1))
        pace *= (1 - MEMORY**self._step) ** 0.5 / (1 - MOMENTUM**self._step)
        for part, speed, rough, spare, slope in zip(
            self._parts, self._speed, self._rough, self._spare, slopes, strict=True
        ):
            speed *= np.float32(MOMENTUM)
            speed += np.multiply(slope, np.float32(1 - MOMENTUM), out=spare)
            rough *= np.float32(MEMORY)
            np.multiply(slope, slope, out=spare)
            rough += np.multiply(spare, np.float32(1 - MEMORY), out=spare)
            np.sqrt(rough, out=spare)
            spare += np.float32(TINY)
            np.divide(speed, spare, out=spare)
            part -= np.multiply(spare, np.float32(pace), out=spare)
