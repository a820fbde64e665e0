"""The offices of the replay: each sample agency with its chat and an officer who works through the cases."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from bench.heard import Heard
from bench.replay_place import PATIENCE, Box, Hand, Lost
from bench.replay_platform import Platform
from bench.replay_program import Program
from bench.replay_sentences import pattern
from bench.replay_stories import ROOT

SAMPLE = ROOT / "storage" / "sample"
FORUMS = ("kominfo", "dputr", "dishub", "dlh", "perumdam")
SAID = {
    "connected": "binding.connected binding.connected_here",
    "card": "card.number",
    "puzzled": "officer.unknown_message duty.which",
    "preview": "drafts.answer drafts.ask drafts.resolve",
    "sent": "drafts.left",
    "supplied": "notice.supply",
    "what to ask": "moves.ask",
    "why not ours": "moves.return",
    "what was done": "moves.resolve moves.resolve_with_proof",
    "where to": "moves.forward",
}


@dataclass(slots=True)
class Agency:
    """An agency and its one officer, who does one thing at a time in the chat to which its reports come."""

    code: str
    name: str
    coordinator: bool
    hand: Hand
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


BUTTONED = ("card", "preview", "where to")


def _rows(name: str) -> list[dict[str, str]]:
    text = (SAMPLE / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


class Offices:
    """All agencies of the sample, and its routes as read from the files themselves."""

    def __init__(self, platform: Platform, names: Iterable[str]) -> None:
        self.platform = platform
        self.agencies: dict[str, Agency] = {}
        for at, (row, name) in enumerate(zip(_rows("agencies"), names, strict=False)):
            code = row["code"]
            hand = platform.office(at, row["name"], name, forum=code in FORUMS)
            self.agencies[code] = Agency(code, row["name"], row["kind"] == "coordinator", hand)
        # Those at the head watch over the others; reports are not addressed to them.
        self.addressed = sorted(row["code"] for row in _rows("agencies") if row["kind"] != "leader")
        self.coordinator = next(one for one in self.agencies.values() if one.coordinator)
        self._areas = {row["code"]: row["name"] for row in _rows("areas") if row["code"].count(".") == 2}
        self.districts = list(self._areas.values())
        self._parents = {row["code"]: row["parent"] for row in _rows("categories")}
        self._routes = sorted(_rows("routes"), key=lambda row: int(row["order"]))
        self.numbered = asyncio.Semaphore(0)
        self.unheeded = 0

    def routed(self, category: str, place: str) -> str:
        """The agency that the routes name for a category and a place in words; empty where none fits."""
        line = []
        while category:
            line.append(category)
            category = self._parents.get(category, "")
        here = {code for code, name in self._areas.items() if f"Kecamatan {name}" in place}
        fits = (
            row["agency"]
            for row in self._routes
            if row["area"] in ("", *here) and (not row["category"] or row["category"] in line)
        )
        return next(fits, "") if line else ""

    async def bind(self, program: Program) -> None:
        """Lets the bot into every agency's chat, binds it, and enrols the officer."""
        roles = {each.code: "coordinator" if each.coordinator else "officer" for each in self.agencies.values()}
        codes = await program.invited(roles)

        async def one(agency: Agency) -> None:
            await agency.hand.enter()
            await agency.hand.command(f"hubungkan {codes[agency.code]}")
            await agency.hand.box().find(said("connected"), 0, f"the binding of {agency.code}")

        await asyncio.gather(*map(one, self.agencies.values()))


def said(kind: str, words: str = "", data: str = "") -> Callable[[Heard], bool]:
    """What fits a message of this kind that holds these words and has a button whose data ends so."""

    def fits(heard: Heard) -> bool:
        # Without the buttons that it must have, the rest of a message is still to come.
        ends = any(one.data.endswith(data) for one in heard.buttons) if data or kind in BUTTONED else True
        return ends and bool(pattern(SAID[kind]).search(heard.text)) and words in heard.text

    return fits


@dataclass(slots=True)
class Case:
    """One ticket in the hands of the officers; `trail` are the agencies that held it, `plan` is how it goes."""

    offices: Offices
    number: str
    trail: list[str]
    plan: str
    words: dict[str, str]
    chance: Random
    unsure: bool
    doing: str = "nothing yet"
    supplied: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def _agency(self) -> Agency:
        return self.offices.agencies[self.trail[-1]]

    @property
    def _box(self) -> Box:
        return self._agency.hand.box(self.number)

    async def work(self) -> None:
        """Everything the officers do, until the last word is on its way to the reporter."""
        card = await self._find("card", 0)
        if self.unsure:
            card = await self._forward(card)
        if self.plan == "return":
            card = await self._return(card)
        to = await self._ask(card) if self.plan == "ask" else card
        async with self._agency.busy:
            await self._press(card, ":claim")
            if self.plan == "resolve":
                to = await self._question(card, ":resolve", "what was done")
            # Many topics want to see what was done.
            await self._write(to, "answer", photo=self.plan == "resolve")

    async def _find(self, kind: str, after: int, words: str = "", data: str = "") -> Heard:
        self.doing = f"waits for “{kind}” at {self.trail[-1]}"
        return await self._box.find(said(kind, words, data), after, f"{self.number}: “{kind}”")

    async def _press(self, shown: Heard, ending: str) -> None:
        agency = self._agency
        await asyncio.sleep(self.chance.uniform(0.01, 0.05))
        button = next((one for one in shown.buttons if one.data.endswith(ending)), None)
        if button is None:
            raise Lost(f"{self.number}: no button {ending} at {agency.code}")
        await agency.hand.press(shown, button)

    async def _question(self, shown: Heard, ending: str, kind: str) -> Heard:
        mark = len(self._box.heard)
        await self._press(shown, ending)
        return await self._find(kind, mark)

    async def _write(self, to: Heard, key: str, photo: bool = False) -> None:
        """Replies, checks the preview, and sends it; where the bot does not know what was replied to, replies again."""
        mark, aside = len(self._box.heard), self._agency.hand.box()
        puzzled = aside.find(said("puzzled"), len(aside.heard), "a question back", 2 * PATIENCE)
        preview = self._box.find(said("preview", self.words[key]), mark, f"{self.number}: “preview”")
        await self._say(key, to, photo)
        self.doing = f"waits for the preview at {self._agency.code}"
        either = asyncio.create_task(puzzled), asyncio.create_task(preview)
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if either[0].done():
                await self._reply_to_copy(to, key, photo)
            found = await either[1]
        finally:
            either[0].cancel()
        await self._press(found, ":send")
        await self._find("sent", mark)

    async def _say(self, key: str, to: Heard, photo: bool) -> None:
        hand = self._agency.hand
        await (hand.show if photo else hand.write)(self.words[key], to)

    async def _reply_to_copy(self, to: Heard, key: str, photo: bool) -> None:
        """A letter that was on its way at a kill stands there twice, and the program knows the second one alone."""
        card = pattern(SAID["card"])
        copies = [
            one
            for one in self._box.heard
            if not one.edited and (one.text == to.text or (card.search(to.text) and card.search(one.text)))
        ]
        if copies and copies[-1].id != to.id:
            self.offices.unheeded += 1
            await self._say(key, copies[-1], photo)

    async def _ask(self, card: Heard) -> Heard:
        async with self._agency.busy:
            question = await self._question(card, ":ask", "what to ask")
            await self._write(question, "ask")
        return await self._find("supplied", 0, self.words["supply"])

    async def _return(self, card: Heard) -> Heard:
        async with self._agency.busy:
            question = await self._question(card, ":return", "why not ours")
            self.trail.append(self.offices.coordinator.code)
            mark = len(self._box.heard)
            await self.offices.agencies[self.trail[-2]].hand.write(self.words["return"], question)
        return await self._forward(await self._find("card", mark, data=":forward"))

    async def _forward(self, card: Heard) -> Heard:
        target = self.chance.choice([code for code in self.offices.agencies if code != self.trail[-1]])
        async with self._agency.busy:
            page = await self._question(card, ":forward", "where to")
            while not any(one.data.endswith(f":{target}") for one in page.buttons):
                page = await self._question(page, ":+", "where to")
            await self._press(page, f":{target}")
        back = target in self.trail
        self.trail.append(target)
        # An agency that had the ticket before keeps its card, which is edited, or left where nothing on it differs.
        return await self._find("card", 0, data="" if back else ":claim")
