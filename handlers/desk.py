"""The one port to the record: every verb by which a conversation may read or change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any, Protocol

from handlers.facts import Disaster, Facts
from handlers.rules.artefact import Artefact
from handlers.rules.clocks import Run, Runs, run_of
from handlers.rules.squares import square
from handlers.rules.ticket import Clock, Role, State
from handlers.words import File, Inbound, Letter, Part, Pin, Talk, Turn, Words

# WhatsApp's groups take no buttons and no edits, and are open to few businesses.
GROUPLESS = ("whatsapp",)
# People whose reports were taken at a counter, and who left no number.
MANUAL = "manual"
# How the reason begins for which a report went to a disaster's agency; the disaster's id follows.
OF_DISASTER = "disaster:"


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

    @property
    def reachable(self) -> bool:
        """Whether letters can be written to it; the officers tell others themselves."""
        return self.channel != MANUAL

    def as_account(self, contact: int) -> Contact:
        """What a person chose, for another account of theirs on the same platform."""
        return replace(self, id=contact, blocked=False)


@dataclass(frozen=True, slots=True)
class Decree:
    """A letter of appointment (SK); `blob` is the scanned letter where there is one."""

    id: int
    agency: str
    number: str
    issued_on: date | None = None
    valid_until: date | None = None
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who answers for an agency, until the end of the decree; that day is still one of office."""

    contact: int
    agency: str
    role: Role
    valid_until: date | None = None
    decree: int | None = None

    def serves(self, day: date) -> bool:
        """Whether the decree is still in force on this day."""
        return self.valid_until is None or self.valid_until >= day


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a single-use code entitles to."""

    id: int
    agency: str
    role: Role
    valid_until: date | None = None
    decree: int | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A report on record.

    `runs`: its clocks; `clock` and `due_at` are those of the one that ends first, `wakes_at` when the next rung of a
    ladder is due. `agency` holds it; `meant`: the competent one, while another stands in. `risen`: the highest agency
    that heard of its lateness. `forwarded_at`: the first time. `outcome`: *silent* where silence closed it.
    """

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
    forwarded_at: datetime | None = None
    closed_at: datetime | None = None
    rating: int | None = None
    policy: str = ""
    why: str = ""
    runs: Runs = ()
    wakes_at: datetime | None = None
    klass: str = ""
    meant: str = ""
    risen: str = ""
    merged_into: int | None = None
    source: str = "chat"
    received_on: date | None = None
    sp4n_id: str = ""
    outcome: str = ""
    guesses: Mapping[str, Any] = field(default_factory=dict)

    @property
    def square(self) -> int | None:
        """The square of the map in which its place lies, where that is a point."""
        return square(self.place.get("lat"), self.place.get("lon"))

    def run(self, *steps: Clock) -> Run | None:
        """The running clock of the first of these steps that has one."""
        return run_of(self.runs, *steps)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What is read of an open report to find out whether another is about the same thing."""

    id: int
    reporter: int
    report_type: str
    category: str
    agency: str
    area: str
    story: str
    place: Mapping[str, Any]
    happened: date
    created_at: datetime


def is_of_disaster(ticket: Ticket) -> bool:
    """Whether a report came while a disaster was declared, and goes to its agency together with others."""
    return ticket.why.startswith(OF_DISASTER)


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
    """An officer's text that waits for *Kirim ke pelapor*; `source` is the message it was written in.

    `awaits`: it was sent off and waits for the word of the agency's head.
    """

    id: int
    ticket: int
    author: int
    room: int
    action: str
    text: str
    files: tuple[File, ...] = ()
    source: str = ""
    sent: bool = False
    awaits: bool = False


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


# So many open tickets of an agency are listed at most, the first by deadline.
LISTED = 200


@dataclass(frozen=True, slots=True)
class Backlog:
    """How an agency stands: open tickets, those past a deadline, those without follow-up, and how many of each year.

    `oldest`: the first day of receipt; `pressing`: how many are late or without follow-up.
    """

    agency: str
    open: int
    late: int
    untouched: int
    years: Mapping[int, int]
    oldest: date
    pressing: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """How much an agency has: open tickets, those in its own hands, and of these the ones past a deadline."""

    open: int = 0
    held: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """What reporters said since a day: how many rated, the sum of their stars, and how many said nothing."""

    rated: int = 0
    stars: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Toll:
    """The reports of a disaster: how many, how many called for help, how many nobody took up, and how many are open."""

    reports: int = 0
    urgent: int = 0
    untouched: int = 0
    open: int = 0


class Desk(Protocol):
    """What handlers may ask of the record and do to it; all of one batch is written at its end."""

    @property
    def now(self) -> datetime: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def undo_for(self) -> timedelta: ...
    @property
    def grace(self) -> timedelta: ...
    @property
    def learned(self) -> Artefact | None: ...
    @property
    def channels(self) -> Sequence[str]: ...
    @property
    def slow(self) -> Mapping[str, datetime]: ...
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
    def somebody(self, name: str, phone: str = "") -> int: ...
    def seal(self, text: str) -> str: ...
    def unseal(self, sealed: str) -> str: ...

    def add_ticket(self, ticket: Ticket) -> Ticket: ...
    def fresh_number(self, day: date) -> str: ...
    def ticket(self, ticket: int) -> Ticket | None: ...
    def ticket_by_number(self, number: str) -> Ticket | None: ...
    def ticket_by_sp4n(self, sp4n_id: str) -> Ticket | None: ...
    def tickets_of(self, reporter: int) -> Sequence[Ticket]: ...
    def tickets_at(self, agency: str) -> Sequence[Ticket]: ...
    def claimed(self, officer: int, agency: str) -> Sequence[Ticket]: ...
    def meant_for(self, agency: str) -> Sequence[Ticket]: ...
    def nearby(
        self, categories: Sequence[str], areas: Sequence[str], pin: Pin | None, since: datetime
    ) -> Sequence[Neighbour]: ...
    def followers(self, ticket: int) -> Sequence[Ticket]: ...
    def partners(self, ticket: int) -> Sequence[str]: ...
    def involve(self, ticket: int, agency: str) -> None: ...
    def withheld(self, ticket: int) -> bool: ...
    def backlogs(self, agencies: Sequence[str]) -> Sequence[Backlog]: ...
    def load(self, agency: str) -> Load: ...
    def pressing(self, agency: str, most: int) -> Sequence[Ticket]: ...
    def score(self, agencies: Sequence[str], since: datetime) -> Score: ...
    def once(self, what: str, every: timedelta) -> bool: ...
    def change(self, ticket: Ticket, entry: Entry) -> None: ...
    def history(self, ticket: int) -> Sequence[Entry]: ...
    def attach(self, ticket: int, files: Sequence[File], by: Role, channel: str) -> tuple[int, ...]: ...
    def attachments(self, ticket: int) -> Sequence[Attachment]: ...
    def files_of(self, ticket: int) -> Sequence[File]: ...
    def deliveries(self, ticket: int, reporter: int) -> Mapping[Arrival, int]: ...
    def arrival(self, ticket: Ticket) -> Arrival | None: ...

    def rooms_of(self, agency: str) -> Sequence[Contact]: ...
    def agency_of(self, room: int) -> str: ...
    def bind_room(self, room: int, agency: str) -> None: ...
    def unbind_room(self, room: int) -> None: ...
    def carded(self, ticket: int) -> Sequence[int]: ...
    def officer(self, contact: int, agency: str) -> Officer | None: ...
    def officers(self, agency: str) -> Sequence[Officer]: ...
    def rosters(self) -> Mapping[str, Sequence[Officer]]: ...
    def enrol(self, officer: Officer) -> None: ...
    def dismiss(self, officer: Officer) -> None: ...
    def take_back(self, contact: int) -> None: ...
    def reachable_agency(self, agency: str) -> bool: ...
    def decree(self, decree: int) -> Decree | None: ...
    def add_decree(self, decree: Decree) -> Decree: ...
    def invite(self, agency: str, role: Role, decree: Decree | None) -> str: ...
    def invitation(self, code: str) -> Invitation | None: ...
    def use(self, invitation: Invitation, by: int) -> None: ...

    def disasters(self, fresh: bool = False) -> Sequence[Disaster]: ...
    def disaster(self, disaster: int) -> Disaster | None: ...
    def declare(self, disaster: Disaster) -> Disaster: ...
    def change_disaster(self, disaster: Disaster) -> None: ...
    def reported_in(self, disaster: int, ticket: int, urgent: bool) -> None: ...
    def toll(self, disaster: int) -> Toll: ...

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
