"""The one port to the record: every verb by which a conversation may read or change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any, Protocol

from handlers.facts import Facts
from handlers.rules.ticket import Clock, Role, State
from handlers.words import File, Inbound, Letter, Part, Talk, Turn, Words

# WhatsApp's groups take no buttons and no edits, and are open to few businesses.
GROUPLESS = ("whatsapp",)


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or a group that can be written to; who it is lies sealed in the record."""

    id: int
    channel: str
    language: str = "id"
    blocked: bool = False
    consent: str = ""
    group: bool = False
    forum: bool = False

    @property
    def groupless(self) -> bool:
        """Whether its platform has no groups that a bot can work in: officers answer in a chat of their own."""
        return self.channel in GROUPLESS

    def as_account(self, contact: int) -> Contact:
        """What a person chose, for another account of theirs on the same platform."""
        return replace(self, id=contact, blocked=False)


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who answers for an agency, until the end of the decree."""

    contact: int
    agency: str
    role: Role
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a single-use code entitles to."""

    id: int
    agency: str
    role: Role
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A report on record. `due_at` is the end of the running clock, `handling_due` that of the agency's clock."""

    id: int
    number: str
    reporter: int
    state: State
    report_type: str
    category: str
    agency: str
    area: str
    title: str
    story: str
    place: Mapping[str, Any]
    happened: date
    anonymous: bool
    secret: bool
    created_at: datetime
    changed_at: datetime
    officer: int | None = None
    clock: Clock = Clock.STOP
    due_at: datetime | None = None
    handling_due: datetime | None = None
    forwarded_at: datetime | None = None
    closed_at: datetime | None = None
    rating: int | None = None
    policy: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ticket's history; never changed once written."""

    ticket: int
    at: datetime
    actor: int | None
    role: Role
    action: str
    state: State
    agency: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a ticket; who sent it decides whether the agency may see its name."""

    id: int
    ticket: int
    kind: str
    mime: str
    size: int
    by: Role


@dataclass(frozen=True, slots=True)
class Draft:
    """An officer's text that waits for *Kirim ke pelapor*; `source` is the message it was written in."""

    id: int
    ticket: int
    author: int
    room: int
    action: str
    text: str
    files: tuple[File, ...] = ()
    source: str = ""
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """What a message of ours was about, found by its stored id."""

    ticket: int
    part: Part
    draft: int | None = None


class Arrival(IntEnum):
    """How far the last message about a ticket came on its way to the reporter."""

    FAILED = -2
    WAITING = -1
    SENT = 0
    DELIVERED = 1
    READ = 2


class Desk(Protocol):
    """What handlers may ask of the record and do to it; all of one batch is written at its end."""

    @property
    def now(self) -> datetime: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def undo_for(self) -> timedelta: ...
    def render(self, words: Words, language: str) -> str: ...
    def draw(self, below: int) -> int: ...

    def contact(self, contact: int) -> Contact: ...
    def name(self, contact: int) -> str: ...
    def change_contact(self, contact: Contact) -> None: ...
    def move_contact(self, contact: int, address: str) -> None: ...
    def kin(self, contact: int) -> Sequence[int]: ...
    def pairing_code(self, contact: int) -> str: ...
    def paired(self, code: str) -> int | None: ...
    def join(self, contact: int, other: int) -> None: ...
    def part(self, contact: int) -> None: ...

    def add_ticket(self, ticket: Ticket) -> Ticket: ...
    def number_taken(self, number: str) -> bool: ...
    def ticket(self, ticket: int) -> Ticket | None: ...
    def ticket_by_number(self, number: str) -> Ticket | None: ...
    def tickets_of(self, reporter: int) -> Sequence[Ticket]: ...
    def tickets_at(self, agency: str) -> Sequence[Ticket]: ...
    def change(self, ticket: Ticket, entry: Entry) -> None: ...
    def history(self, ticket: int) -> Sequence[Entry]: ...
    def attach(self, ticket: int, files: Sequence[File], by: Role, channel: str) -> tuple[int, ...]: ...
    def attachments(self, ticket: int) -> Sequence[Attachment]: ...
    def deliveries(self, ticket: int, reporter: int) -> Mapping[Arrival, int]: ...
    def arrival(self, ticket: Ticket) -> Arrival | None: ...

    def rooms_of(self, agency: str) -> Sequence[Contact]: ...
    def agency_of(self, room: int) -> str: ...
    def bind_room(self, room: int, agency: str) -> None: ...
    def unbind_room(self, room: int) -> None: ...
    def carded(self, ticket: int) -> Sequence[int]: ...
    def officer(self, contact: int, agency: str) -> Officer | None: ...
    def officers(self, agency: str) -> Sequence[Officer]: ...
    def enrol(self, officer: Officer) -> None: ...
    def invitation(self, code: str) -> Invitation | None: ...
    def use(self, invitation: Invitation, by: int) -> None: ...

    def add_draft(self, draft: Draft) -> Draft: ...
    def draft(self, draft: int) -> Draft | None: ...
    def draft_from(self, room: int, source: str) -> Draft | None: ...
    def change_draft(self, draft: Draft) -> None: ...
    def drop_draft(self, draft: int) -> None: ...
    def recall(self, draft: int) -> bool: ...
    def open_draft(self, room: int, since: datetime) -> Draft | None: ...
    def waits(self, contact: int, key: str) -> bool: ...
    def last_told(self, contact: int) -> int | None: ...
    def bound(self, contact: int, message: str) -> Bound | None: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """One event with all that a handler needs to judge it."""

    event: Inbound
    contact: Contact
    talk: Talk
    desk: Desk
    room: Contact | None = None

    @property
    def on_duty(self) -> bool:
        """Whether an officer acts in a chat of their own, which stands for the agency's group."""
        return self.room is not None and self.room.id == self.contact.id

    @property
    def language(self) -> str:
        """The language in which the answer is given: the group's in a group, else the person's."""
        return (self.room or self.contact).language

    def reply(self, talk: Talk, *letters: Letter) -> Turn:
        """A turn with these letters."""
        return Turn(talk, letters)

    def letter(self, text: Words, **more: Any) -> Letter:
        """A letter to the chat in which the event happened; in a group it stands as a reply to it."""
        if self.room is None or self.on_duty:
            return Letter(self.contact.id, text, **more)
        more.setdefault("topic", self.event.topic)
        more.setdefault("reply_to", self.event.message)
        return Letter(self.room.id, text, **more)
