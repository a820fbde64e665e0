"""The kinds of answer: the only place where what a person sends is judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from handlers.desk import Scene
from handlers.rules.dates import Unreadable, read_day
from handlers.words import Kind as MessageKind
from handlers.words import T, Text, Words


class Again(Exception):  # noqa: N818 - the domain word: the question is asked again
    """The answer cannot be taken; the words say why and give an example. `alone`: they need no question after them."""

    def __init__(self, words: Words, alone: bool = False) -> None:
        super().__init__(words)
        self.words, self.alone = words, alone


@dataclass(frozen=True, slots=True)
class More:
    """The answer is not complete yet: what there is so far, and what to say."""

    partial: Any
    words: Words = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: its value in the record, its label, what it means, and other words for it.

    `pinned`: it stands on every page where there are several.
    """

    value: str
    label: Words
    hint: Words = ""
    words: tuple[str, ...] = ()
    pinned: bool = False


WORDS = (MessageKind.TEXT,)


class Reads(Protocol):
    """A kind of answer: which kinds of message it takes, the options it offers, and how it reads an event."""

    @property
    def takes(self) -> tuple[MessageKind, ...]: ...

    def options(self, scene: Scene) -> tuple[Option, ...]: ...

    def read(self, scene: Scene, pressed: str | None) -> Any:
        """The value of the event, or More; raises Again. `pressed` is the value of the button, if it was one."""
        ...


def plain(text: str) -> str:
    """The text in lower case, letters and digits only, single spaces: how words are compared."""
    return " ".join(re.sub(r"[^\w\s/+-]|_", " ", text.casefold()).split())


def numbered(said: str, shown: Sequence[tuple[str, str]]) -> str | None:
    """The value of the option that bears this number among those shown."""
    # Other scripts' digits and superscripts are digits to Python, but not numbers.
    if not (said.isascii() and said.isdigit() and len(said) <= 2):
        return None
    return shown[int(said) - 1][0] if 0 < int(said) <= len(shown) else None


def nearest(said: str, names: Mapping[str, str], least: float = 0.75) -> str | None:
    """The value whose name is nearest to what was said; nothing where two are equally near."""
    ratios = {name: SequenceMatcher(None, name, said[:80]).ratio() for name in names}
    best = max(ratios.values(), default=0.0)
    found = {names[name] for name, ratio in ratios.items() if ratio == best}
    return found.pop() if best >= least and len(found) == 1 else None


Offer = tuple[Option, ...] | Callable[[Scene], Sequence[Option]]
PAGE = 7
LONGEST = 9
NEXT_PAGE = "+"
NOT_A_CHOICE = T(
    "answer.pick", "Maaf, pilihan itu tidak ada. Tekan salah satu tombol, atau tulis namanya atau nomor urutnya."
)
NOT_TEXT = T("answer.text", "Mohon jawab pertanyaan ini dengan tulisan.")


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several options, by button, number, label as last shown, keyword or near miss."""

    offer: Offer
    takes: ClassVar = WORDS

    def all(self, scene: Scene) -> tuple[Option, ...]:
        return self.offer if isinstance(self.offer, tuple) else tuple(self.offer(scene))

    def options(self, scene: Scene) -> tuple[Option, ...]:
        found = self.all(scene)
        if len(found) <= LONGEST:
            return found
        paged, pinned = _apart(found)
        start = int(scene.talk.partial or 0) % len(paged)
        page = paged[start : start + PAGE - len(pinned)]
        return (*page, Option(NEXT_PAGE, T("answer.more", "Lainnya…"), words=("lain", "lainnya", "more")), *pinned)

    def read(self, scene: Scene, pressed: str | None) -> Any:
        found = self.all(scene)
        value = pressed if pressed is not None else self.typed(scene, found)
        if value == NEXT_PAGE and len(found) > LONGEST:
            paged, pinned = _apart(found)
            start = int(scene.talk.partial or 0) + PAGE - len(pinned)
            return More(start if start < len(paged) else 0)
        if value not in {option.value for option in found}:
            raise Again(NOT_A_CHOICE)
        return value

    def typed(self, scene: Scene, found: tuple[Option, ...]) -> str:
        """The value that typed words mean; the labels that were shown last count before all others."""
        said = plain(scene.event.text)
        exact = [option.value for option in found if scene.event.text.strip() in option.words]
        if exact or not said:
            return exact[0] if exact else ""
        shown = scene.talk.shown
        if (value := numbered(said, shown)) is not None:
            return value
        names = {plain(label): value for value, label in shown}
        for option in (*self.options(scene), *found):
            names.setdefault(plain(scene.desk.render(option.label, scene.language)), option.value)
            for word in option.words:
                names.setdefault(word, option.value)
        near = names.get(said) or nearest(said, names)
        if near is None:
            raise Again(NOT_A_CHOICE)
        return near


def _apart(found: Sequence[Option]) -> tuple[list[Option], list[Option]]:
    return [each for each in found if not each.pinned], [each for each in found if each.pinned]


DONE = "done"
# Where one writes freely, only what can hardly be anything else is a misprint of a button.
MISPRINT, SHORTEST = 0.88, 6
# A word of four letters to seven may be a misprint of *Lewati*.
SLIP = 4


def means(scene: Scene, text: str, option: Option) -> bool:
    """Whether words mean this option: its label, one of its other words, or a long label misprinted."""
    said, label = plain(text), plain(scene.desk.render(option.label, scene.language))
    near = len(label) >= SHORTEST and nearest(said, {label: option.value}, MISPRINT) is not None
    return said == label or said in option.words or near


def _slip(scene: Scene, text: str, option: Option) -> bool:
    """Whether one short word is the option's label or one of its words with a misprint."""
    said = plain(text)
    names = dict.fromkeys((plain(scene.desk.render(option.label, scene.language)), *option.words), option.value)
    return SLIP <= len(said) <= SLIP + 3 and " " not in said and nearest(said, names) is not None


def so_far(scene: Scene, kept: str) -> list[Any]:
    """What has been given of an answer in several messages; what came before its question lies under `kept`."""
    return list(scene.talk.partial or scene.talk.answers.get(kept) or [])


def substance(text: str) -> int:
    """How many letters and digits a text has; emoji, spaces and marks of direction are none."""
    return sum(map(str.isalnum, text))


@dataclass(frozen=True, slots=True)
class Written:
    """A text; with `done`, several messages until that button or word, kept as [[message id, text], …]."""

    least: int = 1
    most: int = 4000
    short: Words = NOT_TEXT
    done: Option | None = None
    skip: Option | None = None
    heard: Words = ""
    kept: str = ""
    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        if self.done:
            return (self.done,) if so_far(scene, self.kept) else ()
        return (self.skip,) if self.skip else ()

    def read(self, scene: Scene, pressed: str | None) -> Any:
        if self.done:
            return self.several(scene, self.done, pressed)
        text = scene.event.text.strip()
        if self.skip and (pressed == self.skip.value or means(scene, text, self.skip) or _slip(scene, text, self.skip)):
            return ""
        return self.checked(text)

    def checked(self, text: str) -> str:
        if substance(text) < self.least:
            raise Again(self.short)
        if len(text) > self.most:
            raise Again(
                T("answer.long", "Tulisan Anda terlalu panjang. Paling banyak {most} karakter.", most=self.most)
            )
        return text

    def several(self, scene: Scene, done: Option, pressed: str | None) -> Any:
        parts = so_far(scene, self.kept)
        text = scene.event.text.strip()
        if pressed == DONE or (parts and (plain(text) == "1" or means(scene, text, done))):
            return self.finished(parts)
        if not substance(text):
            raise Again(self.short, alone=True)
        if sum(len(part) for _, part in parts) + len(text) > self.most:
            raise Again(
                T(
                    "answer.story_full",
                    "Pesan terakhir tidak tersimpan karena cerita Anda sudah sangat panjang. "
                    "Semua pesan sebelumnya aman. Pilih Selesai bercerita untuk melanjutkan.",
                )
            )
        return More([*parts, [scene.event.message, text]], self.heard)

    def finished(self, parts: list[list[str]]) -> str:
        whole = "\n".join(text for _, text in parts)
        if substance(whole) < self.least or len(whole.split()) < 4:
            raise Again(self.short, alone=True)
        return whole


@dataclass(frozen=True, slots=True)
class Where:
    """A place: a shared pin or words, kept as given; `area` is filled when the place is resolved."""

    takes: ClassVar = (MessageKind.TEXT, MessageKind.PLACE)

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return ()

    def read(self, scene: Scene, pressed: str | None) -> Mapping[str, Any]:
        event = scene.event
        if event.place:
            return {"text": event.text.strip(), "lat": event.place.lat, "lon": event.place.lon, "area": ""}
        text = event.text.strip()
        if substance(text) < 4:
            raise Again(
                T(
                    "answer.place",
                    "Tempat itu belum jelas. Kirim lokasi (📎 → Lokasi), atau tulis misalnya: "
                    "Jl. Melati, depan SDN 2, Desa Sukamaju, Kecamatan Sukodono.",
                ),
                alone=True,
            )
        return {"text": text[:500], "lat": None, "lon": None, "area": ""}


FUTURE = T("answer.future", "Tanggal itu belum terjadi. Tulis tanggal kejadian, misalnya {example}.")


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not in the future, as people say it; the value is an ISO date."""

    offers: tuple[Option, ...] = ()
    future: Text = FUTURE
    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return self.offers

    def read(self, scene: Scene, pressed: str | None) -> str:
        today = local_day(scene)
        shown = scene.talk.shown
        text = scene.event.text
        if pressed is None:
            pressed = numbered(plain(text), shown)
        if pressed is None:
            pressed = next((option.value for option in self.offers if means(scene, text, option)), None)
        if pressed is not None:
            text = {"today": "hari ini", "yesterday": "kemarin"}.get(pressed, "")
        found = read_day(text, today)
        if isinstance(found, date):
            return found.isoformat()
        example = today.strftime("%-d/%-m/%Y")
        if found is Unreadable.FUTURE:
            raise Again(self.future(example=example))
        raise Again(
            T(
                "answer.day",
                "Tanggal itu belum dapat kami baca. Tulis seperti ini: {example}, kemarin, atau Senin lalu.",
                example=example,
            )
        )


def local_day(scene: Scene) -> date:
    """The reporter's day: that of the office's zone."""
    return scene.desk.now.astimezone(ZoneInfo(zone_of(scene))).date()


def zone_of(scene: Scene) -> str:
    """The zone of the office."""
    coordinator = scene.desk.facts.coordinator
    return coordinator.zone if coordinator else "Asia/Jakarta"
