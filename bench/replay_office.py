"""The offices of the replay: each sample agency with its group and an officer who works through the cases."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from bench.replay_program import ROOT, Program
from bench.replay_sentences import pattern
from bench.replay_town import Box, Heard, Lost, Town
from tests.botapi import Group, Person, Shown

SAMPLE = ROOT / "storage" / "sample"
FORUMS = ("kominfo", "dputr", "dishub", "dlh", "perumdam")
OFFICERS_FROM = 6_100_000_000
SILENCE = 8.0
SAID = {
    "connected": "binding.connected",
    "card": "card.number",
    "preview": "drafts.answer drafts.ask drafts.resolve",
    "sent": "drafts.left",
    "supplied": "notice.supply",
    "what to ask": "moves.ask",
    "why not ours": "moves.return",
    "what was done": "moves.resolve",
    "where to": "moves.forward",
}


@dataclass(slots=True)
class Agency:
    """An agency with its group; its one officer does one thing at a time."""

    code: str
    name: str
    coordinator: bool
    group: Group
    officer: Person
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


def _rows(name: str) -> list[dict[str, str]]:
    text = (SAMPLE / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


class Offices:
    """All agencies of the sample, and its routes as read from the files themselves."""

    def __init__(self, town: Town, names: Iterable[str]) -> None:
        self.town = town
        self.agencies: dict[str, Agency] = {}
        for at, (row, name) in enumerate(zip(_rows("agencies"), names, strict=False)):
            code, forum = row["code"], row["code"] in FORUMS
            group = town.new_group(f"Grup {row['name']}", forum=forum, supergroup=forum or at % 2 == 0)
            officer = Person(OFFICERS_FROM + at, *name.split(" ", 1))
            self.agencies[code] = Agency(code, row["name"], row["kind"] == "coordinator", group, officer)
        self.coordinator = next(one for one in self.agencies.values() if one.coordinator)
        self.districts = [row["name"] for row in _rows("areas") if row["code"].count(".") == 2]
        self._parents = {row["code"]: row["parent"] for row in _rows("categories")}
        self._routes = sorted(_rows("routes"), key=lambda row: int(row["order"]))
        self.numbered = asyncio.Semaphore(0)
        self.unheeded = 0

    def routed(self, category: str) -> str:
        """The agency that the routes name for a category, whose area is not known; empty where none fits."""
        line = []
        while category:
            line.append(category)
            category = self._parents.get(category, "")
        fits = (row for row in self._routes if not row["area"] and (not row["category"] or row["category"] in line))
        return next(fits, {"agency": ""})["agency"] if line else ""

    async def bind(self, program: Program, at_once: int = 4) -> None:
        """Brings the bot into every group, binds it, and enrols its officer."""
        places = asyncio.Semaphore(at_once)

        async def one(agency: Agency) -> None:
            async with places:
                code = await program.invite(agency.code, "coordinator" if agency.coordinator else "officer")
            await self.town.add_bot(agency.officer, agency.group)
            await self.town.group_text(agency.officer, agency.group, f"/hubungkan {code}")
            box = self.town.boxes[agency.group.id, ""]
            await box.find(said("connected"), 0, f"the binding of {agency.code}")

        await asyncio.gather(*map(one, self.agencies.values()))


def said(kind: str, words: str = "", data: str = "") -> Callable[[Heard], bool]:
    """What fits a message of this kind that holds these words and has a button whose data ends so."""

    def fits(heard: Heard) -> bool:
        text = heard.shown.text
        ends = not data or any(one.data.endswith(data) for one in heard.shown.buttons)
        return bool(pattern(SAID[kind]).search(text)) and words in text and ends

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
        return self.offices.town.boxes[self._agency.group.id, self.number]

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
            await self._write(to, "answer")

    async def _find(self, kind: str, after: int, words: str = "", data: str = "") -> Shown:
        self.doing = f"waits for “{kind}” at {self.trail[-1]}"
        return (await self._box.find(said(kind, words, data), after, f"{self.number}: “{kind}”")).shown

    async def _press(self, shown: Shown, ending: str) -> None:
        agency = self._agency
        await asyncio.sleep(self.chance.uniform(0.01, 0.05))
        data = next((one.data for one in shown.buttons if one.data.endswith(ending)), "")
        if not data:
            raise Lost(f"{self.number}: no button {ending} at {agency.code}")
        await self.offices.town.press(agency.officer, agency.group.id, shown.id, data)

    async def _question(self, shown: Shown, ending: str, kind: str) -> Shown:
        mark = len(self._box.heard)
        await self._press(shown, ending)
        return await self._find(kind, mark)

    async def _write(self, to: Shown, key: str) -> None:
        """Replies, checks the preview, and sends it."""
        mark = len(self._box.heard)
        await self._reply(to, key)
        self.doing = f"waits for the preview at {self._agency.code}"
        fits = said("preview", self.words[key])
        try:
            found = await self._box.find(fits, mark, "the preview", SILENCE)
        except Lost:
            await self._reply_to_copy(to, key)
            found = await self._box.find(fits, mark, f"{self.number}: “preview”")
        await self._press(found.shown, ":send")
        await self._find("sent", mark)

    async def _reply(self, to: Shown, key: str) -> None:
        agency = self._agency
        await self.offices.town.group_text(agency.officer, agency.group, self.words[key], reply_to=to)

    async def _reply_to_copy(self, to: Shown, key: str) -> None:
        """A letter that was on its way at a kill stands there twice, and the program knows the second one alone."""
        card = pattern(SAID["card"])
        copies = [
            one.shown
            for one in self._box.heard
            if not one.edited and (one.shown.text == to.text or (card.search(to.text) and card.search(one.shown.text)))
        ]
        if copies and copies[-1].id != to.id:
            self.offices.unheeded += 1
            await self._reply(copies[-1], key)

    async def _ask(self, card: Shown) -> Shown:
        async with self._agency.busy:
            question = await self._question(card, ":ask", "what to ask")
            await self._write(question, "ask")
        return await self._find("supplied", 0, self.words["supply"])

    async def _return(self, card: Shown) -> Shown:
        async with self._agency.busy:
            question = await self._question(card, ":return", "why not ours")
            self.trail.append(self.offices.coordinator.code)
            mark = len(self._box.heard)
            officer = self.offices.agencies[self.trail[-2]]
            await self.offices.town.group_text(officer.officer, officer.group, self.words["return"], reply_to=question)
        return await self._forward(await self._find("card", mark, data=":forward"))

    async def _forward(self, card: Shown) -> Shown:
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
