"""Between rows of the record and the nouns of the handlers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row
from sqlalchemy.dialects import postgresql, sqlite

from handlers.desk import Contact, Draft, Entry, Ticket
from handlers.rules.clocks import Run, Runs
from handlers.rules.ticket import Clock, State
from handlers.words import File, Letter, Part
from storage.letters import Body, Parcel

T = TypeVar("T")


@dataclass(slots=True)
class Known:
    """A contact as it was loaded, with what must be written back."""

    contact: Contact
    lookup: bytes
    sealed: bytes
    named: bool = False
    changed: bool = False
    waiting: bool = False
    person: int | None = None
    into: int | None = None
    before: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.before = self.values()

    def values(self) -> dict[str, Any]:
        """What of it can change."""
        contact = self.contact
        return {
            "language": contact.language,
            "forum": contact.forum,
            "blocked": contact.blocked,
            "consent": contact.consent,
            "lookup": self.lookup,
            "sealed": self.sealed,
            "named": self.named,
            "person": self.person,
            "into": self.into,
        }

    def news(self) -> dict[str, Any]:
        """What changed since it was loaded or written."""
        return {name: value for name, value in self.values().items() if value != self.before[name]}


# What of a contact is known in a batch.
KNOWN = (
    *("id", "channel", "language", "blocked", "consent", "is_group", "forum"),
    *("lookup", "sealed", "named", "person", "into"),
)
# The parts by which a reporter hears of a ticket.
NEWS = (Part.NOTICE.value, Part.ANNOUNCED.value)
# What follows from a ticket and what was done about it.
KEPT_BESIDE = ("square", "followed", "lapses_at")
_encoder = msgspec.json.Encoder()
_body_decoder = msgspec.json.Decoder(Body)


def padded(values: Iterable[T]) -> list[T]:
    """The values, the last of them repeated until they are a power of two.

    Each length is a statement of its own that every connection prepares; for a set of values it means the same.
    """
    found = list(values)
    missing = (1 << (len(found) - 1).bit_length()) - len(found) if found else 0
    return found + found[-1:] * missing


def upsert(dialect: str) -> Any:
    """The insert of this database that knows ON CONFLICT."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def known(row: Row[Any]) -> Known:
    """The contact of a row, as SQLAlchemy or as a driver gives it: SQLite's has numbers for what is true or not."""
    shut, group, forum = bool(row.blocked), bool(row.is_group), bool(row.forum)
    contact = Contact(row.id, row.channel, row.language, shut, row.consent, group, forum)
    return Known(contact, row.lookup, row.sealed, bool(row.named), person=row.person, into=row.into)


def ticket_of(row: Row[Any]) -> Ticket:
    values = dict(row._mapping)
    for name in KEPT_BESIDE:
        del values[name]
    values["state"], values["clock"] = State(values["state"]), Clock(values["clock"])
    values["runs"] = msgspec.convert(values["runs"], Runs)
    return Ticket(**values)


def ticket_values(ticket: Ticket, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(ticket, name) for name in names}
    values["runs"] = [_run_values(run) for run in ticket.runs]
    return values


def _run_values(run: Run) -> dict[str, Any]:
    """What of a clock is not as in every other."""
    values = {name: getattr(run, name) for name in ("step", "since", "days", "due")}
    rest = {name: getattr(run, name) for name in ("told", "rests", "rested", "more") if getattr(run, name)}
    return {**values, **rest} if run.working else {**values, **rest, "working": False}


def entry_values(entry: Entry) -> dict[str, Any]:
    return {
        "ticket": entry.ticket,
        "at": entry.at,
        "actor": entry.actor,
        "role": entry.role.value,
        "action": entry.action,
        "state": entry.state.value,
        "agency": entry.agency,
        "data": dict(entry.data),
    }


def draft_values(draft: Draft) -> dict[str, Any]:
    return {
        "ticket": draft.ticket,
        "author": draft.author,
        "room": draft.room,
        "action": draft.action,
        "text": draft.text,
        "files": [[file.ref, file.kind, file.mime, file.size] for file in draft.files],
        "source": draft.source,
        "sent": draft.sent,
        "awaits": draft.awaits,
    }


def draft_of(row: Row[Any] | None) -> Draft | None:
    if row is None:
        return None
    files = tuple(File(*each) for each in row.files)
    return Draft(
        row.id, row.ticket, row.author, row.room, row.action, row.text, files, row.source, row.sent, row.awaits
    )


def encode_body(body: Body) -> str:
    return _encoder.encode(body).decode()


def decode_body(text: str) -> Body:
    return _body_decoder.decode(text)


def parcel_of(row: Row[Any], channel: str, group: bool) -> Parcel:
    """A letter as it waits in the outbox."""
    return Parcel(
        row.id,
        row.contact_id,
        channel,
        row.priority,
        row.due_at,
        row.attempts,
        row.ticket,
        row.part,
        row.draft,
        group,
        decode_body(row.body),
        row.key,
    )


def files_apart(letters: Sequence[Letter]) -> list[Letter]:
    """Words and files as letters of their own, so that a file that fails does not send the words again."""
    apart: list[Letter] = []
    for letter in letters:
        if letter.files and letter.part is not Part.FILES:
            apart.append(replace(letter, files=()))
            apart.append(replace(letter, text="", choices=(), part=Part.FILES, key="", brief=None, wants_place=False))
        else:
            apart.append(letter)
    return apart


def last_of_each_key(letters: Sequence[Letter]) -> list[Letter]:
    """The letters in their order, without those that a later one under the same key to the same contact replaces.

    What stood above one of those stands above the one that is left.
    """
    latest = {(letter.to, letter.key): n for n, letter in enumerate(letters) if letter.key}
    notes = {(letter.to, letter.key): letter.note for letter in letters if letter.key and letter.note}
    left = [letter for n, letter in enumerate(letters) if not letter.key or latest[(letter.to, letter.key)] == n]
    return [replace(each, note=notes[(each.to, each.key)]) if (each.to, each.key) in notes else each for each in left]
