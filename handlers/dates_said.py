"""The question for the day offers first the day that the story itself names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.answers import Day, Option, local_day, means, numbered, plain
from handlers.desk import Scene
from handlers.rules.dates import read_day
from handlers.rules.since import Named, named_in
from handlers.words import T, Text

WEEKDAYS: tuple[Text, ...] = (
    T("said.day", "Senin, {date}"),
    T("said.day", "Selasa, {date}"),
    T("said.day", "Rabu, {date}"),
    T("said.day", "Kamis, {date}"),
    T("said.day", "Jumat, {date}"),
    T("said.day", "Sabtu, {date}"),
    T("said.day", "Minggu, {date}"),
)
ROUGHLY = T("said.roughly", "Sekitar {date}")


@dataclass(frozen=True, slots=True)
class SaidDay(Day):
    """A day that is not in the future; where the story names one, its button stands before the others."""

    def options(self, scene: Scene) -> tuple[Option, ...]:
        today = local_day(scene)
        said = named_in(str(scene.talk.answers.get("story", "")), today)
        if said is None:
            return self.offers
        near = {today: "today", today - timedelta(days=1): "yesterday"}.get(said.day)
        first = tuple(offer for offer in self.offers if offer.value == near) or (_option(said),)
        return (*first, *(offer for offer in self.offers if offer not in first))

    def read(self, scene: Scene, pressed: str | None) -> str:
        value = pressed if pressed is not None else self._typed(scene)
        found = read_day(value or "", local_day(scene))
        # A number by itself is the place of an option, and no day.
        return found.isoformat() if isinstance(found, date) else Day.read(self, scene, pressed)

    def _typed(self, scene: Scene) -> str | None:
        text = scene.event.text
        if (value := numbered(plain(text), scene.talk.shown)) is not None:
            return value
        return next((each.value for each in self.options(scene) if means(scene, text, replace(each, words=()))), None)


def _option(said: Named) -> Option:
    label = ROUGHLY if said.rough else WEEKDAYS[said.day.weekday()]
    return Option(said.day.isoformat(), label(date=said.day.strftime("%-d/%-m/%Y")))
