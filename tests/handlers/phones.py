"""What people on WhatsApp do on the stage, and what they hear of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from handlers.desk import Decree
from handlers.rules.ticket import Role
from handlers.words import File, Kind, Text
from storage import tables as t
from storage.invitations import invite
from storage.letters import Parcel
from tests.handlers import Overheard, acts, rows

WAHYU = "Wahyu"


def said(stage: Overheard, *lines: str, who: str = WAHYU) -> str:
    """All that the bot says to somebody when they do this."""
    before = len(stage.letters)
    acts(stage, *(f"{who}> {line}" for line in lines))
    return since(stage, before, who)


def done(stage: Overheard, kind: Kind, who: str = WAHYU, **more: Any) -> str:
    """The same for what no transcript can say."""
    before = len(stage.letters)
    list(stage.send(who, who, kind, **more))
    return since(stage, before, who)


def press(stage: Overheard, tap: str, who: str = WAHYU) -> str:
    """The same for a button that need not have been shown."""
    return done(stage, Kind.TAP, who, tap=tap, message="b0")


def file(stage: Overheard, what: File, who: str = WAHYU, **more: Any) -> str:
    """The same for a file."""
    return done(stage, Kind.FILE, who, file=what, **more)


def since(stage: Overheard, before: int, who: str) -> str:
    """What somebody heard after so many letters."""
    return "\n".join(parcel.body.text for parcel in stage.letters[before:] if stage.chat(parcel) == who)


def told(stage: Overheard, person: str, text: str) -> list[Parcel]:
    """The letters with this text that somebody got."""
    return [parcel for parcel in stage.heard(person) if text in parcel.body.text]


def opening(text: Text) -> str:
    """A sentence of ours up to its first value."""
    return text.source.partition("{")[0]


def drafts(stage: Overheard) -> list[tuple[int, str, int]]:
    """Every draft: its ticket, its text, how many files."""
    return [(row.ticket, row.text, len(row.files)) for row in rows(stage, select(t.drafts).order_by(t.drafts.c.id))]


def hired(stage: Overheard, person: str = WAHYU, agency: str = "dputr", until: date | None = None) -> str:
    """An officer comes into office, in a chat of their own; what they hear."""
    stage.phones.add(person)
    return said(stage, f"hubungkan {code(stage, agency, until)}", who=person)


def code(stage: Overheard, agency: str = "dputr", until: date | None = None) -> str:
    """A fresh invitation."""
    with stage.engine.begin() as connection:
        vault, draw = stage.office.vault, stage.office.draw
        decree = Decree(0, agency, "SK uji", None, until) if until else None
        return invite(connection, vault, draw, stage.now, agency, Role.OFFICER, decree)[0]
