"""How many letters are held in this process, and how far down the queue those reach that are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.lane import LATER
from storage.tables import EPOCH

# How far a priority's letters are held: those that are due before then.
Reach = tuple[int, datetime]
NOWHERE: Reach = (-1, EPOCH)
ALL_THAT_IS_DUE: Reach = (LATER, EPOCH)
EVERYTHING: Reach = (LATER + 1, EPOCH)


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many letters are held; `of_one` contact, so that one who is sent much takes nobody's room.

    A minute of the fastest account is enough, however much waits. `loaded` in one read; when only a `few` lanes are
    due, they are soon empty.
    """

    held: int = 5_000
    of_one: int = 20
    loaded: int = 1_000
    few: int = 500

    @property
    def filled(self) -> int:
        """Up to so many are taken up, or left, so that some that are more urgent find room."""
        return self.held * 3 // 4


CAPACITY = Capacity()
