"""What the platforms of a replay have in common: they deliver until it is taken, and keep all the bot said."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar

from bench.heard import Heard
from bench.replay_place import NUMBER, PATIENCE, Box, Hand, Lost

FIRST_WAIT, LONGEST_WAIT = 0.1, 1.0
SLOW, LONGEST_CALL = 0.03, 0.6


@dataclass(frozen=True, slots=True)
class Sent:
    """Something the bot put into a chat, by its first and last call; `letter` tells it from others that say `whole`.

    `card`: the number of the ticket whose card it is, and which of its visits to this office it begins.
    """

    at: int
    last: int
    text: str = field(repr=False)
    whole: str = field(repr=False)
    letter: str = ""
    card: str = ""


class Platform(ABC):
    """A platform as the replay needs it; `edits`: a card that changes is edited, not said again.

    `restarts` are the numbers of calls the program had made when it was killed. `told` are the ids of all that
    people did, `taken` counts how often each was accepted, `meaningless` are those that need not be on record.
    """

    name: ClassVar[str]
    edits: ClassVar[bool]

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"{seed}:{self.name}")
        self.boxes: defaultdict[tuple[str, str], Box] = defaultdict(Box)
        self.offices: set[str] = set()
        self.restarts: list[int] = []
        self.told: list[str] = []
        self.taken: Counter[str] = Counter()
        self.meaningless: set[str] = set()
        self.answers: Counter[int] = Counter()

    @abstractmethod
    async def hook(self, port: int) -> None:
        """From now on what people do goes to the program at this port of this machine."""

    @abstractmethod
    def citizen(self, at: int, name: str) -> Hand:
        """A citizen with a chat of his own."""

    @abstractmethod
    def office(self, at: int, agency: str, officer: str, forum: bool) -> Hand:
        """An officer in the chat to which the reports of his agency come."""

    @abstractmethod
    def asked(self) -> Sequence[tuple[str, str, dict[str, Any], int]]:
        """All calls of the bot: for which chat, what, with which parameters, and the status of the answer."""

    @abstractmethod
    def sent(self) -> dict[str, list[Sent]]:
        """All that the bot put into each chat, copies too."""

    @abstractmethod
    def stands(self, chat: str, number: str) -> str:
        """What the people of an office see of a ticket at the end."""

    @abstractmethod
    def objections(self) -> list[str]:
        """Where the bot broke the platform's published description."""

    @abstractmethod
    def figures(self) -> dict[str, str]:
        """What is worth telling of how it went."""

    @abstractmethod
    async def rest(self) -> None:
        """Returns when the program has taken all it must."""

    def show(self, chat: str, heard: Heard) -> None:
        """Puts what the bot said before whom it is for; in an office also before who works on that ticket."""
        self.boxes[chat, ""].put(heard)
        if chat in self.offices and (number := NUMBER.search(heard.text)):
            self.boxes[chat, number[0]].put(heard)

    def killed(self) -> None:
        """The program was killed: what it says from now on may be said again."""
        self.restarts.append(len(self.asked()))

    async def until_taken(self, send: Callable[[], Awaitable[int]]) -> int:
        """Sends until the program accepts it, each time a little later; raises Lost after a long while."""
        loop = asyncio.get_running_loop()
        wait, end = FIRST_WAIT, loop.time() + PATIENCE
        while True:
            status = await send()
            self.answers[status] += 1
            if status == 200:
                return status
            if loop.time() > end:
                raise Lost(f"the webhook took nothing for {PATIENCE:.0f} s, last status {status}")
            await asyncio.sleep(wait * self.chance.uniform(0.8, 1.2))
            wait = min(wait * 2, LONGEST_WAIT)

    async def linger(self) -> None:
        """Now and then keeps the bot waiting, so that letters to one person queue."""
        if self.chance.random() < SLOW:
            await asyncio.sleep(self.chance.uniform(0.1, LONGEST_CALL))

    def unexplained(self) -> list[str]:
        """The calls that were refused, but for those that a kill made the bot repeat."""
        done: dict[str, int] = {}
        wrong = []
        for at, (_, method, parameters, status) in enumerate(self.asked()):
            call = json.dumps([method, parameters], sort_keys=True)
            if status == 200:
                done.setdefault(call, at)
            elif not any(done.get(call, at) < restart <= at for restart in self.restarts):
                wrong.append(f"{method} {status}")
        return wrong

    def said_to_offices(self) -> str:
        """All that the bot ever wanted to put into the offices' chats."""
        return json.dumps([each[2] for each in self.asked() if each[0] in self.offices], ensure_ascii=False)

    def waited(self) -> str:
        """How often the program did not take what it was sent."""
        return f"{sum(self.answers.values()) - self.answers[200]} times after another answer than 200 or none"
