"""Letters as they wait in the outbox: rendered, and without the address they go to."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a letter says, in the recipient's language, in plain text."""

    text: str
    choices: tuple[tuple[str, str, str], ...] = ()
    files: tuple[int, ...] = ()
    topic: str = ""
    reply_to: str = ""
    thread: str = ""


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
