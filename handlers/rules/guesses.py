"""A guess: what a text may mean, and how certain that is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    """A code that a text may mean; `certainty` is the share of such guesses that were right, from 0 to 1."""

    code: str
    certainty: float
