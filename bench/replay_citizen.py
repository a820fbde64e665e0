"""A citizen of the replay: tells one complaint from the first question to the stars, and reads what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from bench.heard import Heard
from bench.replay_heard import AGAIN, BUTTONED, HEARD, PAGED, PRESSES, kind_of
from bench.replay_office import Case, Offices
from bench.replay_place import NUMBER, Hand, Lost
from bench.replay_stories import Story
from tests.botapi import Button

MORE = "Sudah beberapa kali terjadi dan mengganggu warga sekitar, mohon segera ditindaklanjuti."
# Of several places in the regency, and of none.
ODD_PLACES = ("Desa Sukorejo", "Desa Sumberejo", "Kecamatan Gubeng, Surabaya")
DETAILS = ("dekat pos ronda nomor 4.", "sekitar sepuluh keluarga, setiap malam.")
PLANS, WEIGHTS = ("answer", "ask", "return", "resolve"), (64, 12, 12, 12)


class Citizen:
    """One person with one complaint; what was chosen and heard stays here for the checks."""

    def __init__(self, hand: Hand, offices: Offices, at: int, story: Story, seed: int) -> None:
        self.hand, self.offices, self.at = hand, offices, at
        self.story, self.chance = story, Random(f"{seed}:{at}")
        self.told: list[str] = []
        self.at_step, self.done = "start", False
        self.category = self.first = self.privacy = ""
        self.unsure = self.asked = self.outside = False
        self.details: list[str] = []
        self.stars = self.chance.randint(1, 5)
        self.number = ""
        self.wrong: list[str] = []
        self.case: Case | None = None
        self.words = {
            "answer": f"Jawaban {at:05}: sudah kami periksa di tempat dan kami perbaiki minggu ini.",
            "ask": f"Pertanyaan {at:05}: mohon sebutkan nomor rumah yang terdekat.",
            "return": f"Alasan {at:05}: lokasi itu diurus instansi lain.",
            "supply": f"Keterangan {at:05}: rumah nomor {self.chance.randint(1, 99)} bercat hijau.",
            "comment": f"Penilaian {at:05}: terima kasih, semoga lebih cepat.",
        }
        self._telling = False
        self._acted: set[str] = set()

    async def live(self) -> None:
        """From the word lapor to the thanks for the stars; the officers' work goes on beside it."""
        box, at = self.hand.box(), 0
        async with asyncio.TaskGroup() as beside:
            await self.hand.command("lapor")
            while not self.done:
                heard = await box.find(lambda _: True, at, f"an answer after “{self.at_step}”")
                at += 1
                kind = kind_of(heard.text)
                page = f"{kind} {(heard.text, heard.labels) if kind in PAGED else ''}"
                # Where a message has no buttons yet, the rest of it is still to come.
                if (page in self._acted and kind not in AGAIN) or (kind in BUTTONED and not heard.buttons):
                    continue
                self._acted.add(page)
                self.at_step = kind
                await self._act(kind, heard)
                if kind == "number" and self.case:
                    beside.create_task(self.case.work())

    async def _act(self, kind: str, shown: Heard) -> None:
        if kind in PRESSES:
            await self._press(shown, lambda one: one.data.endswith(PRESSES[kind]))
        elif kind in ACTS:
            await ACTS[kind](self, shown)

    async def _write(self, text: str, reply_to: Heard | None = None) -> None:
        await asyncio.sleep(self.chance.uniform(0.005, 0.04))
        await self.hand.write(text, reply_to)

    async def _press(self, shown: Heard, fits: Callable[[Button], bool]) -> Button:
        found = [one for one in shown.buttons if one.data and fits(one)]
        if not found:
            raise Lost(f"no such button at “{self.at_step}”")
        await asyncio.sleep(self.chance.uniform(0.005, 0.04))
        await self.hand.press(shown, found[0])
        return found[0]

    async def _choose(self, shown: Heard) -> Button:
        """Presses one of the question's own buttons, whichever."""
        own = [one for one in shown.buttons if one.data.startswith("q:") and not one.data.endswith(":+")]
        chosen = self.chance.choice(own)
        return await self._press(shown, lambda one: one is chosen)

    async def _story(self, _: Heard) -> None:
        for part in self.story.parts():
            await self._tell(part)
        if self.chance.random() < 0.2:
            await self._tell(f"Nomor saya 081234{self.at:06}.")

    async def _tell(self, text: str) -> None:
        if any(char.isalnum() for char in text):
            self.told.append(text)
            self._telling = True
        await self._write(text)

    async def _heard(self, shown: Heard) -> None:
        if self._telling:
            self._telling = False
            await self._press(shown, lambda one: one.data.endswith(":story:done"))

    async def _short(self, _: Heard) -> None:
        if not self._telling:
            await self._tell(MORE)

    async def _understood(self, shown: Heard) -> None:
        wanted = self.chance.choices(("", ":*", ":?"), (86, 7, 7))[0]
        self.category = _value(await self._press(shown, lambda one: one.data.endswith(wanted)))

    async def _topic(self, shown: Heard) -> None:
        self.category = _value(await self._choose(shown))

    _suggested = _not_understood = _topic

    async def _subtopic(self, shown: Heard) -> None:
        value = _value(await self._choose(shown))
        self.category = self.category if value == "?" else value

    async def _place(self, _: Heard) -> None:
        kind = self.chance.random()
        if kind < 0.3:
            spot = (-8.1 - self.chance.random() / 20, 113.2 + self.chance.random() / 20)
            await self.hand.share(*spot)
        elif kind < 0.4:
            await self._write(f"Jalan Mawar {self.at}, {self.chance.choice(ODD_PLACES)}")
        else:
            await self._write(f"Jalan Mawar {self.at}, Kecamatan {self.chance.choice(self.offices.districts)}")

    async def _which_place(self, shown: Heard) -> None:
        await self._choose(shown)

    async def _outside(self, shown: Heard) -> None:
        self.outside = True
        await self._press(shown, lambda one: one.data.endswith(":send"))

    async def _details(self, shown: Heard) -> None:
        if self.chance.random() < 0.5:
            await self._press(shown, lambda one: one.data.endswith(":skip"))
        else:
            self.details.append(f"Rincian {self.at:05}: {DETAILS[len(self.details)]}")
            await self._write(self.details[-1])

    async def _unsure(self, shown: Heard) -> None:
        wanted = self.chance.choice((":*", ":?"))
        pressed = await self._press(shown, lambda one: one.data.endswith(wanted))
        self.unsure, self.asked = _value(pressed) == "?", True

    async def _which_agency(self, shown: Heard) -> None:
        wanted = self.first or self.chance.choice(self.offices.addressed)
        self.first = wanted
        here = any(one.data.endswith(f":{wanted}") for one in shown.buttons)
        await self._press(shown, lambda one: one.data.endswith(f":{wanted}" if here else ":+"))

    async def _privacy(self, shown: Heard) -> None:
        self.privacy = (await self._choose(shown)).label

    async def _review(self, shown: Heard) -> None:
        """Looks who is to answer, before the report goes."""
        named = self.offices.routed(self.category, shown.text.partition("Lokasi: ")[2]) if not self.outside else ""
        if named and self.asked:
            self.wrong.append(f"“{self.category}” goes to nobody, by the routes to {named}")
        self.unsure = self.unsure or not (named or self.first)
        self.first = named or self.first or self.offices.coordinator.code
        told = "ditentukan petugas" if self.unsure else self.offices.agencies[self.first].name
        if f"Instansi: {told}" not in shown.text:
            self.wrong.append(f"“{self.category}” does not go to {self.first}")
        await self._press(shown, lambda one: one.data.endswith(":send"))

    async def _number(self, shown: Heard) -> None:
        found = NUMBER.search(shown.text)
        if not found or not self.first:
            raise Lost("a number without a report")
        self.number = found[0]
        self.offices.numbered.release()
        plan = self.chance.choices(PLANS, WEIGHTS)[0]
        if plan == "return" and self.offices.agencies[self.first].coordinator:
            plan = "answer"
        self.case = Case(self.offices, self.number, [self.first], plan, self.words, Random(f"{self.at}"), self.unsure)

    async def _asked(self, shown: Heard) -> None:
        await self._write(self.words["supply"], shown if self.chance.random() < 0.7 else None)

    async def _stars(self, shown: Heard) -> None:
        await self._press(shown, lambda one: one.data.endswith(f":{self.stars}"))

    async def _comment(self, _: Heard) -> None:
        await self._write(self.words["comment"])

    async def _thanks(self, _: Heard) -> None:
        self.done = True


def _value(button: Button) -> str:
    return button.data.rpartition(":")[2]


ACTS: dict[str, Callable[[Citizen, Heard], Awaitable[None]]] = {
    kind: getattr(Citizen, f"_{kind}") for kind in HEARD if hasattr(Citizen, f"_{kind}")
}
