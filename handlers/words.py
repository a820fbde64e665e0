"""The nouns that the shell, the core and the record exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of the catalogue: its source is Bahasa Indonesia, its values fill the {names}."""

    context: str
    source: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __call__(self, **values: Value) -> Text:
        """The same sentence with these values."""
        return Text(self.context, self.source, {**self.values, **values})


@dataclass(frozen=True, slots=True)
class Lines:
    """Several sentences as one message; empty ones are left out."""

    parts: tuple[Words, ...]
    between: str = "\n"


Words: TypeAlias = "str | Text | Lines"
Value: TypeAlias = "Words | int | float | date | datetime"


def T(context: str, source: str, **values: Value) -> Text:  # noqa: N802 - the name that message extraction looks for
    """A sentence of the catalogue; both arguments must be literals, because the catalogue is extracted from them."""
    return Text(context, source, values)


class Kind(StrEnum):
    """What happened in a chat."""

    TEXT = "text"
    TAP = "tap"
    PLACE = "place"
    FILE = "file"
    EDIT = "edit"
    DELETED = "deleted"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    JOINED = "joined"
    LEFT = "left"
    MIGRATED = "migrated"


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote, as the platform says it; held only by the shell and the sealed table of contacts.

    `phone`: a second address of the same account, where the platform shows one beside its own.
    """

    address: str
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """The group in which something was written."""

    address: str
    title: str = ""
    forum: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A point shared from the map, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class File:
    """A file as the platform describes it; `size` in bytes, 0 where the platform does not say.

    `fleeting`: the platform keeps it for days only, so it is fetched as soon as it is on record.
    """

    ref: str
    kind: str
    mime: str = ""
    size: int = 0
    name: str = ""
    fleeting: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event of a channel; it has its effect once for each (channel, id).

    `to_bot`: it replies to one of ours. `account`: our number to which it was written, where writing opens a window
    of a day in which we may answer freely.
    """

    channel: str
    id: str
    kind: Kind
    person: Person
    at: datetime
    room: Room | None = None
    text: str = ""
    tap: str = ""
    message: str = ""
    reply_to: str = ""
    topic: str = ""
    place: Pin | None = None
    file: File | None = None
    album: str = ""
    moved_to: str = ""
    query: str = ""
    to_bot: bool = False
    account: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what comes back when it is pressed, and what it says."""

    id: str
    label: Words
    hint: Words = ""


class Priority(IntEnum):
    """Which letter goes first when there is not room for all."""

    DIALOGUE = 0
    STATUS = 1
    REMINDER = 2
    BROADCAST = 3


class Part(StrEnum):
    """What a letter is to its ticket; a reply to it is understood by this."""

    TALK = "talk"
    CARD = "card"
    NOTICE = "notice"
    PREVIEW = "preview"
    FILES = "files"
    ANNOUNCED = "announced"


@dataclass(frozen=True, slots=True)
class Brief:
    """What a letter says where a platform takes approved forms only.

    `kind` names the form, `values` fill it, `taps` is what its buttons bring by their names. `whole`: the form says
    all that the letter says; otherwise the letter itself follows once the person answers. `gathers`: several in a
    row to the same chat are announced once.
    """

    kind: str
    values: Mapping[str, Words] = field(default_factory=dict)
    taps: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    gathers: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one contact.

    `key`: a letter still waiting under the same key to the same contact gives way to this one.
    `topic` and `reply_to` say where in a group; a letter with a ticket finds the ticket's thread by itself.
    `thread`: what the ticket's own topic is called, where the group has topics. `brief`: how it is said to somebody
    who has not written for a day; without one it waits. `wants_place`: it asks for a point on the map. `note` stands
    above it, and goes over to the letter that takes its place.
    """

    to: int
    text: Words
    choices: tuple[Choice, ...] = ()
    files: tuple[int, ...] = ()
    part: Part = Part.TALK
    priority: Priority = Priority.DIALOGUE
    ticket: int | None = None
    draft: int | None = None
    key: str = ""
    delay: timedelta = timedelta()
    topic: str = ""
    reply_to: str = ""
    thread: Words = ""
    brief: Brief | None = None
    wants_place: bool = False
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a person's conversation stands: which dialogue, and the answers so far.

    `slow`: when the person was last told that answers are slow.
    """

    dialogue: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    partial: Any = None
    shown: tuple[tuple[str, str], ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    subject: int | None = None
    shelf: Mapping[str, Any] | None = None
    nudged: bool = False
    slow: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a handler decided: the new state of the conversation, and the letters to send."""

    talk: Talk
    letters: tuple[Letter, ...] = ()
