"""What the people of a replay see of the bot and how they answer it, whichever platform they are on."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field

from bench.heard import Heard
from tests.botapi import Button

NUMBER = re.compile(r"LPR-\d{4}-[0-9A-Z]{4}-[0-9A-Z]")
PATIENCE = 60.0


class Lost(Exception):  # noqa: N818
    """Somebody waits for what does not come; says where, never a person's words."""


class Box:
    """What the bot said in one place, oldest first; one reader waits at a time."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._news = asyncio.Event()

    def put(self, heard: Heard) -> None:
        """The bot said something."""
        self.heard.append(heard)
        self._news.set()

    async def find(self, fits: Callable[[Heard], bool], after: int, what: str, patience: float = PATIENCE) -> Heard:
        """The first message from this place in the list on that fits; raises Lost after a long while."""
        try:
            async with asyncio.timeout(patience):
                while True:
                    for heard in self.heard[after:]:
                        if fits(heard):
                            return heard
                    after = len(self.heard)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise Lost(f"{what} did not come") from None


Boxes = MutableMapping[tuple[str, str], Box]


@dataclass(frozen=True, slots=True)
class Hand(ABC):
    """Somebody in one chat: a citizen, or an officer where the reports of the agency come; `known_by` tells who."""

    chat: str
    known_by: tuple[str, ...] = field(repr=False)
    boxes: Boxes = field(repr=False)

    def box(self, number: str = "") -> Box:
        """What the bot said in this chat, or here of one ticket."""
        return self.boxes[self.chat, number]

    @abstractmethod
    async def enter(self) -> None:
        """Lets the bot into the chat, where that is needed before it hears anything."""

    @abstractmethod
    async def command(self, words: str) -> None:
        """Writes a command as people of this platform write it."""

    @abstractmethod
    async def write(self, text: str, reply_to: Heard | None = None) -> None:
        """Writes a text; returns when the program has taken it."""

    @abstractmethod
    async def show(self, text: str, reply_to: Heard | None = None) -> None:
        """Sends a photo with these words; returns when the program has taken it."""

    @abstractmethod
    async def press(self, heard: Heard, button: Button) -> None:
        """Presses a button; returns when the program has taken it."""

    @abstractmethod
    async def share(self, latitude: float, longitude: float) -> None:
        """Shares a place; returns when the program has taken it."""
