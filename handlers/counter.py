"""What is answered when a report is taken at the counter: the days of receipt and event, and who somebody is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.answers import Again, Day, Option, Written, local_day, means, numbered, plain, substance
from handlers.desk import Scene
from handlers.rules import phones
from handlers.words import T, Text

SKIP = Option("skip", T("counter.skip", "Lewati"), words=("lewat", "tidak ada", "tidak", "skip"))
FUTURE = T("counter.future", "Tanggal itu belum terjadi. Tulis tanggal laporan diterima, misalnya {example}.")


@dataclass(frozen=True, slots=True)
class Received(Day):
    """The day on which an office received a report: today at the latest, and within a year."""

    future: Text = FUTURE

    def read(self, scene: Scene, pressed: str | None) -> str:
        found, today = Day.read(self, scene, pressed), local_day(scene)
        if (today - date.fromisoformat(found)).days > 365:
            raise Again(
                T(
                    "counter.old",
                    "Tanggal terima itu lebih dari setahun yang lalu. Periksa lagi, lalu tulis misalnya {example}.",
                    example=today.strftime("%-d/%-m/%Y"),
                )
            )
        return found


@dataclass(frozen=True, slots=True)
class Happened(Day):
    """The day of an event, which lies before the report of it; where nobody knows it, that of the receipt."""

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return (*self.offers, SKIP)

    def read(self, scene: Scene, pressed: str | None) -> str:
        received = str(scene.talk.answers["received"])
        if _skips(scene, pressed):
            return received
        found = Day.read(self, scene, pressed)
        if found > received:
            day = date.fromisoformat(received)
            text = T(
                "counter.after",
                "Kejadiannya tidak mungkin sesudah laporan diterima ({day}). Tulis tanggal, misalnya {example}.",
                day=day,
                example=day.strftime("%-d/%-m/%Y"),
            )
            raise Again(text)
        return found


def _skips(scene: Scene, pressed: str | None) -> bool:
    text = scene.event.text
    said = numbered(plain(text), scene.talk.shown) if pressed is None else pressed
    return said == SKIP.value or (pressed is None and means(scene, text, SKIP))


@dataclass(frozen=True, slots=True)
class Sealed(Written):
    """What says who somebody is: judged, and from then on kept as a seal; it may be left out."""

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return (SKIP,)

    def read(self, scene: Scene, pressed: str | None) -> Any:
        return "" if _skips(scene, pressed) else scene.desk.seal(self.checked(scene.event.text.strip()))


@dataclass(frozen=True, slots=True)
class Name(Sealed):
    """A person's name."""

    def checked(self, text: str) -> str:
        if substance(text) < 2 or len(text) > 100 or phones.read(text):
            raise Again(
                T("counter.name_bad", "Itu tidak terbaca sebagai nama. Tulis namanya saja, misalnya Siti Rahma.")
            )
        return text


@dataclass(frozen=True, slots=True)
class Phone(Sealed):
    """A mobile number, in the end as WhatsApp writes it."""

    def checked(self, text: str) -> str:
        found = phones.read(text)
        if found is None:
            raise Again(
                T(
                    "counter.phone_bad",
                    "Itu bukan nomor ponsel Indonesia. Contoh: 0812 3456 7890. Atau pilih Lewati.",
                )
            )
        return found
