"""Letters as they wait in the outbox: rendered, and without the address they go to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Form(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a letter is said in an approved form: its values in plain text, and what its buttons bring."""

    kind: str
    language: str = "id"
    values: dict[str, str] = {}
    taps: dict[str, str] = {}
    whole: bool = False
    gathers: bool = False


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a letter says, in the recipient's language, in plain text. `choose`: the label that opens its choices.

    `note`: what stands above it, unless a letter before it has said so lately.
    """

    text: str
    choices: tuple[tuple[str, str, str], ...] = ()
    files: tuple[int, ...] = ()
    topic: str = ""
    reply_to: str = ""
    thread: str = ""
    choose: str = "Pilih"
    form: Form | None = None
    wants_place: bool = False
    note: str = ""


class Parcel(msgspec.Struct, frozen=True):
    """A letter that waits for delivery. `attempts` counts failed ones."""

    id: int
    contact: int
    channel: str
    priority: int
    due_at: datetime
    attempts: int
    ticket: int | None
    part: str
    draft: int | None
    group: bool
    body: Body
    key: str = ""


class Fate(StrEnum):
    """What becomes of a letter that a platform took and then could not deliver."""

    CLOSED = "closed"
    AGAIN = "again"
    TOMORROW = "tomorrow"
    GONE = "gone"
    REFUSED = "refused"


class Receipt(msgspec.Struct, frozen=True):
    """What a platform says later of a message it took: 0 sent, 1 delivered, 2 read, -1 failed, and then why."""

    message: str
    rank: int
    code: int = 0
    fate: Fate = Fate.REFUSED
