"""The citizens of the chaos: each with a story nobody else tells, in parts that overtake each other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from bench.heard import Heard
from bench.replay_citizen import Citizen
from bench.replay_office import Case, Offices, said
from bench.replay_place import Hand
from bench.replay_stories import Story

TROUBLES = (
    "jalan di depan sekolah berlubang besar dan tergenang setiap hujan",
    "lampu jalan di tikungan padam sehingga gelap dan rawan kecelakaan",
    "sampah di pinggir pasar menumpuk berhari-hari dan baunya menyengat",
    "air ledeng tidak mengalir sejak pagi dan warga kesulitan memasak",
    "pohon besar miring ke jalan dan dahannya sering jatuh",
    "saluran air tersumbat sehingga rumah warga kebanjiran",
)
TRIES, PAUSE = 8, 2.0
MORE = "Kami sudah menunggu lama dan berharap segera ada petugas yang datang memeriksa."


def parts_of(at: int, seed: int) -> list[str]:
    """What this citizen tells; no part is found in anybody else's story, or twice in this one."""
    chance = Random(f"{seed}:{at}:story")
    return [f"Kabar {at:05} bagian {n}: {chance.choice(TROUBLES)}. {MORE}" for n in range(chance.randint(1, 3))]


class Resident(Citizen):
    """A citizen who sends all parts of the story at once, so that they arrive in any order."""

    def __init__(self, hand: Hand, offices: Offices, at: int, seed: int) -> None:
        self.parts = parts_of(at, seed)
        super().__init__(hand, offices, at, Story("\n".join(self.parts)), seed)

    async def _act(self, kind: str, shown: Heard) -> None:
        if kind == "story":
            await asyncio.gather(*(self._tell(part) for part in self.parts))
        else:
            await super()._act(kind, shown)
        if kind == "number" and self.case:
            one = self.case
            self.case = Again(one.offices, one.number, one.trail, one.plan, one.words, one.chance, one.unsure)


@dataclass(slots=True)
class Again(Case):
    """The officers' work; who is told that the bot does not know what was replied to replies once more.

    `wrote` counts by the words how often each was written.
    """

    wrote: Counter[str] = field(default_factory=Counter)

    async def _say(self, key: str, to: Heard, photo: bool) -> None:
        self.wrote[self.words[key]] += 1
        await Case._say(self, key, to, photo)

    async def _reply_to_copy(self, to: Heard, key: str, photo: bool) -> None:
        # What a message is about is written down after it was sent: while the database is away, that takes a while.
        box, aside = self._box, self._agency.hand.box()
        for _ in range(TRIES):
            mark, puzzles = len(box.heard), len(aside.heard)
            preview = asyncio.create_task(box.find(said("preview", self.words[key]), 0, "a preview"))
            await asyncio.wait({preview}, timeout=PAUSE)
            if not preview.done():
                copies = [one for one in box.heard[:mark] if not one.edited and _alike(one, to)]
                await self._say(key, copies[-1] if copies else to, photo)
                puzzled = asyncio.create_task(aside.find(said("puzzled"), puzzles, "a question back"))
                await asyncio.wait({preview, puzzled}, return_when=asyncio.FIRST_COMPLETED)
                puzzled.cancel()
            if preview.done():
                return
            preview.cancel()


def written(citizens: Iterable[Resident]) -> Counter[str]:
    """How often the officers wrote each of their words."""
    return sum((one.case.wrote for one in citizens if isinstance(one.case, Again)), Counter())


def _alike(one: Heard, other: Heard) -> bool:
    """Whether these are the same letter: of a card, what it says may have changed meanwhile."""
    card = said("card")
    return one.text == other.text or (card(one) and card(other))
