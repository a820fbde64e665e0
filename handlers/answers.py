"""The kinds of answer: the only place where what a person sends is judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from handlers.desk import Scene
from handlers.rules.dates import Unreadable, read_day
from handlers.words import File, T, Words
from handlers.words import Kind as MessageKind

MAX_FILES = 5
MAX_FILE_BYTES = 10_000_000
ACCEPTED = re.compile(
    r"image/(jpeg|png|webp|heic)|video/(mp4|3gpp|quicktime)|audio/.*|application/ogg|application/pdf"
    r"|application/msword|application/vnd\.(openxmlformats|ms-excel|oasis).*|text/(plain|csv)"
)


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
    """One thing to choose: its value in the record, its label, what it means, and other words for it."""

    value: str
    label: Words
    hint: Words = ""
    words: tuple[str, ...] = ()


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


Offer = tuple[Option, ...] | Callable[[Scene], Sequence[Option]]
PAGE = 8
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
        if len(found) <= PAGE + 2:
            return found
        start = int(scene.talk.partial or 0) % len(found)
        page = found[start : start + PAGE]
        return (*page, Option(NEXT_PAGE, T("answer.more", "Lainnya…"), words=("lain", "lainnya", "more")))

    def read(self, scene: Scene, pressed: str | None) -> Any:
        found = self.all(scene)
        value = pressed if pressed is not None else self.typed(scene, found)
        if value == NEXT_PAGE:
            start = int(scene.talk.partial or 0) + PAGE
            return More(start if start < len(found) else 0)
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
        if said.isascii() and said.isdigit() and 0 < int(said[:4]) <= len(shown):
            return shown[int(said[:4]) - 1][0]
        names = {plain(label): value for value, label in shown}
        for option in self.options(scene) if not shown else found:
            names.setdefault(plain(scene.desk.render(option.label, scene.language)), option.value)
            for word in option.words:
                names.setdefault(word, option.value)
        if said in names:
            return names[said]
        near = get_close_matches(said[:80], names, n=1, cutoff=0.75)
        if not near:
            raise Again(NOT_A_CHOICE)
        return names[near[0]]


ANOTHER_FILE = T("answer.file", "Berkas ke-{n} diterima ✅ Kirim lagi, atau pilih Lanjut.")
LAST_FILE = T("answer.last_file", "Berkas ke-{n} diterima ✅ Itu jumlah terbanyak. Pilih Lanjut.")
DONE = "done"


def so_far(scene: Scene, kept: str) -> list[Any]:
    """What has been given of an answer in several messages; what came before its question lies under `kept`."""
    return list(scene.talk.partial or scene.talk.answers.get(kept) or [])


def substance(text: str) -> int:
    """How many letters and digits a text has; emoji, spaces and marks of direction are none."""
    return sum(char.isalnum() for char in text)


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
        if self.skip and (pressed == self.skip.value or plain(text) in self.names(scene, self.skip)):
            return ""
        return self.checked(text)

    def names(self, scene: Scene, option: Option) -> tuple[str, ...]:
        return (plain(scene.desk.render(option.label, scene.language)), *option.words)

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
        if pressed == DONE or (parts and plain(text) in (*self.names(scene, done), "1")):
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


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not in the future, as people say it; the value is an ISO date."""

    offers: tuple[Option, ...] = ()
    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return self.offers

    def read(self, scene: Scene, pressed: str | None) -> str:
        today = local_day(scene)
        shown = scene.talk.shown
        text = scene.event.text
        if plain(text).isdigit() and 0 < int(plain(text)[:4]) <= len(shown):
            pressed = shown[int(plain(text)[:4]) - 1][0]
        if pressed is not None:
            text = {"today": "hari ini", "yesterday": "kemarin"}.get(pressed, "")
        found = read_day(text, today)
        if isinstance(found, date):
            return found.isoformat()
        example = today.strftime("%-d/%-m/%Y")
        if found is Unreadable.FUTURE:
            raise Again(
                T(
                    "answer.future",
                    "Tanggal itu belum terjadi. Tulis tanggal kejadian, misalnya {example}.",
                    example=example,
                )
            )
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


@dataclass(frozen=True, slots=True)
class Files:
    """Up to five files, several messages until the button; kept as a list of what the platform said of each."""

    done: Option
    skip: Option
    kept: str = ""
    takes: ClassVar = (MessageKind.TEXT, MessageKind.FILE)

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return (self.done,) if so_far(scene, self.kept) else (self.skip,)

    def read(self, scene: Scene, pressed: str | None) -> Any:
        kept = so_far(scene, self.kept)
        event = scene.event
        if event.kind is MessageKind.FILE and event.file:
            return self.added(kept, event.file)
        said = plain(event.text)
        words = {*self.done.words, *self.skip.words, "1"}
        for option in (self.done, self.skip):
            words.add(plain(scene.desk.render(option.label, scene.language)))
        if pressed in (self.done.value, self.skip.value) or said in words:
            return kept
        raise Again(T("answer.files", "Kirim foto, video, atau dokumen, atau pilih tombol di bawah."))

    def added(self, kept: list[Any], file: File) -> More:
        if len(kept) >= MAX_FILES:
            return More(
                kept,
                T(
                    "answer.too_many",
                    "Sudah ada {n} berkas, jumlah terbanyak yang dapat kami terima. Pilih Lanjut.",
                    n=MAX_FILES,
                ),
            )
        problem = refused(file)
        if problem:
            raise Again(problem)
        kept.append(file_value(file))
        return More(kept, LAST_FILE(n=len(kept)) if len(kept) == MAX_FILES else ANOTHER_FILE(n=len(kept)))


def refused(file: File) -> Words | None:
    """Why a file cannot be taken, or nothing."""
    kinds = T("answer.kinds", "Yang dapat: foto, video, pesan suara, PDF, dan dokumen kantor, paling besar 10 MB.")
    if file.size > MAX_FILE_BYTES:
        reason = T("answer.too_big", "Berkas ini terlalu besar ({size} MB).", size=-(-file.size // 1_000_000))
    elif file.mime and not ACCEPTED.fullmatch(file.mime):
        reason = T("answer.forbidden", "Jenis berkas ini tidak dapat kami terima.")
    else:
        return None
    return T("answer.refused", "{reason} {kinds}", reason=reason, kinds=kinds)


def file_value(file: File) -> dict[str, Any]:
    """A file as it is kept in the answers."""
    return {"ref": file.ref, "kind": file.kind, "mime": file.mime, "size": file.size}


def file_of(value: Mapping[str, Any]) -> File:
    """A file as it was kept in the answers."""
    return File(value["ref"], value["kind"], value["mime"], value["size"])
