"""Desk over one open connection: what handlers read and change, gathered for a batch and written at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update

from handlers.desk import Attachment, Bound, Contact, Draft, Entry, Invitation, Officer, Ticket
from handlers.facts import Facts
from handlers.rules.ticket import Role, State
from handlers.words import File, Letter, Part, Words
from storage import tables as t
from storage.letters import Body, Parcel
from storage.rows import (
    Known,
    draft_of,
    draft_values,
    encode_body,
    entry_values,
    files_apart,
    known,
    last_of_each_key,
    ticket_of,
    upsert,
)
from storage.vault import Identity, Vault

Render = Callable[[Words, str], str]


@dataclass(frozen=True, slots=True)
class Office:
    """What a desk stands on: keys, facts, language, chance and the settings that decide."""

    vault: Vault
    facts: Facts
    render: Render
    draw: Callable[[int], int]
    undo_for: timedelta = timedelta(seconds=30)


_TICKET = list(t.tickets.c)
_TICKETS = select(*_TICKET)
# Built once: putting a statement together costs more than running it.
_TICKET_NAMES = [column.name for column in _TICKET if column.name != "id"]
_ADD_TICKET = insert(t.tickets).returning(t.tickets.c.id)
_CHANGE_TICKET = (
    update(t.tickets)
    .where(t.tickets.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in _TICKET_NAMES})
)
_POST = insert(t.outbox).returning(t.outbox.c.id, sort_by_parameter_order=True)
_MAKE_WAY = (
    delete(t.outbox)
    .where(t.outbox.c.contact_id == bindparam("contact"), t.outbox.c.key == bindparam("used"))
    .returning(t.outbox.c.id)
)


class RecordDesk:
    """The desk of one batch; a later turn sees what an earlier one changed."""

    def __init__(self, connection: Connection, office: Office, now: datetime) -> None:
        self._c = connection
        self.office = office
        self.now = now
        self.known: dict[int, Known] = {}
        self.dropped: list[int] = []
        self._tickets: dict[int, Ticket] = {}
        self._changed: set[int] = set()
        self._entries: list[Entry] = []
        self._rooms: dict[str, int] | None = None
        self._lock: dict[str, Any] = {"of": t.tickets} if connection.dialect.name == "postgresql" else {}

    @property
    def facts(self) -> Facts:
        return self.office.facts

    @property
    def undo_for(self) -> timedelta:
        return self.office.undo_for

    def render(self, words: Words, language: str) -> str:
        return self.office.render(words, language)

    def draw(self, below: int) -> int:
        return self.office.draw(below)

    # -- contacts

    def contact(self, contact: int) -> Contact:
        return self._known(contact).contact

    def _known(self, contact: int) -> Known:
        if contact not in self.known:
            row = self._c.execute(select(t.contacts).where(t.contacts.c.id == contact)).one()
            self.known[contact] = known(row)
        return self.known[contact]

    def name(self, contact: int) -> str:
        found = self._known(contact)
        return self.office.vault.open(found.sealed, found.lookup).name or "Petugas"

    def change_contact(self, contact: Contact) -> None:
        found = self._known(contact.id)
        found.contact, found.changed = contact, True

    def move_contact(self, contact: int, address: str) -> None:
        found = self._known(contact)
        identity = self.office.vault.open(found.sealed, found.lookup)
        lookup = self.office.vault.lookups(found.contact.channel, address)[0]
        taken = self._c.execute(select(t.contacts.c.id).where(t.contacts.c.lookup == lookup)).scalar()
        if taken is not None and taken != contact:
            return
        moved = Identity(address, identity.name, identity.phone)
        found.lookup, found.sealed = lookup, self.office.vault.seal(moved, lookup)
        found.changed = True
        # A supergroup numbers its messages anew.
        self._c.execute(update(t.sent).where(t.sent.c.contact_id == contact).values(message=""))
        lost = update(t.threads).where(t.threads.c.room_id == contact)
        self._c.execute(lost.values(topic="", card="", edited_at=None))

    # -- tickets

    def add_ticket(self, ticket: Ticket) -> Ticket:
        values = {name: getattr(ticket, name) for name in _TICKET_NAMES}
        made = self._c.execute(_ADD_TICKET, values).scalar_one()
        ticket = replace(ticket, id=made)
        self._tickets[made] = ticket
        return ticket

    def number_taken(self, number: str) -> bool:
        return self.ticket_by_number(number) is not None

    def ticket(self, ticket: int) -> Ticket | None:
        if ticket not in self._tickets:
            self._load(t.tickets.c.id == ticket)
        return self._tickets.get(ticket)

    def ticket_by_number(self, number: str) -> Ticket | None:
        held = next((each for each in self._tickets.values() if each.number == number), None)
        return held or next(iter(self._load(t.tickets.c.number == number)), None)

    def tickets_of(self, reporter: int) -> Sequence[Ticket]:
        self._flush_tickets()
        query = _TICKETS.where(t.tickets.c.reporter == reporter).order_by(t.tickets.c.id.desc()).limit(50)
        return self._held(self._c.execute(self._locked(query)))

    def tickets_at(self, agency: str) -> Sequence[Ticket]:
        self._flush_tickets()
        query = _TICKETS.where(t.tickets.c.agency == agency, t.tickets.c.closed_at.is_(None))
        found = self._c.execute(query.order_by(t.tickets.c.due_at.nulls_last(), t.tickets.c.id).limit(200))
        # Only looked at and not locked: who changes one of them asks for it by its id.
        return [self._tickets.get(row.id) or ticket_of(row) for row in found]

    def _load(self, condition: Any) -> list[Ticket]:
        return self._held(self._c.execute(self._locked(_TICKETS.where(condition))))

    def _locked(self, query: Select[Any]) -> Select[Any]:
        return query.with_for_update(**self._lock) if self._lock else query

    def _held(self, rows: Iterable[Row[Any]]) -> list[Ticket]:
        """The tickets of these rows; one that is held already counts as it stands in memory."""
        found = [ticket_of(row) for row in rows]
        return [self._tickets.setdefault(ticket.id, ticket) for ticket in found]

    def change(self, ticket: Ticket, entry: Entry) -> None:
        self._tickets[ticket.id] = ticket
        self._changed.add(ticket.id)
        self._entries.append(entry)

    def history(self, ticket: int) -> Sequence[Entry]:
        rows = self._c.execute(select(t.history).where(t.history.c.ticket == ticket).order_by(t.history.c.id))
        written = [
            Entry(row.ticket, row.at, row.actor, Role(row.role), row.action, State(row.state), row.agency, row.data)
            for row in rows
        ]
        return [*written, *(entry for entry in self._entries if entry.ticket == ticket)]

    def attach(self, ticket: int, files: Sequence[File], by: Role, channel: str) -> tuple[int, ...]:
        if not files:
            return ()
        rows = [
            {
                "ticket": ticket,
                "role": by.value,
                "channel": channel,
                "ref": file.ref,
                "kind": file.kind,
                "mime": file.mime,
                "size": file.size,
                "blob": "",
            }
            for file in files
        ]
        made = insert(t.attachments).returning(t.attachments.c.id, sort_by_parameter_order=True)
        return tuple(self._c.execute(made, rows).scalars())

    def attachments(self, ticket: int) -> Sequence[Attachment]:
        query = select(t.attachments).where(t.attachments.c.ticket == ticket, t.attachments.c.role == "reporter")
        rows = self._c.execute(query.order_by(t.attachments.c.id))
        return [Attachment(row.id, row.ticket, row.kind, row.mime, row.size, Role(row.role)) for row in rows]

    def deliveries(self, ticket: int, reporter: int) -> tuple[int, int, int]:
        counted = self._c.execute(
            select(t.sent.c.failed, func.count())
            .where(t.sent.c.ticket == ticket, t.sent.c.contact_id == reporter)
            .group_by(t.sent.c.failed)
        )
        done = {bool(failed): n for failed, n in counted}
        waiting = self._c.execute(
            select(func.count()).where(t.outbox.c.ticket == ticket, t.outbox.c.contact_id == reporter)
        ).scalar_one()
        return done.get(False, 0), waiting, done.get(True, 0)

    # -- groups and officers

    def _bound_rooms(self) -> dict[str, int]:
        if self._rooms is None:
            rows = self._c.execute(select(t.rooms.c.agency, t.rooms.c.contact_id))
            self._rooms = {row.agency: row.contact_id for row in rows}
        return self._rooms

    def room_of(self, agency: str) -> Contact | None:
        room = self._bound_rooms().get(agency)
        return None if room is None else self.contact(room)

    def agency_of(self, room: int) -> str:
        return next((agency for agency, bound in self._bound_rooms().items() if bound == room), "")

    def bind_room(self, room: int, agency: str) -> None:
        self._c.execute(insert(t.rooms).values(contact_id=room, agency=agency, bound_at=self.now))
        self._bound_rooms()[agency] = room

    def unbind_room(self, room: int) -> None:
        self._c.execute(delete(t.rooms).where(t.rooms.c.contact_id == room))
        self._rooms = None

    def carded(self, ticket: int) -> Sequence[int]:
        rows = self._c.execute(select(t.threads.c.room_id).where(t.threads.c.ticket == ticket))
        bound = set(self._bound_rooms().values())
        return [room for room in rows.scalars() if room in bound]

    def card_here(self, room: int, ticket: int) -> None:
        """Notes that a card for this ticket is on its way to this group, so that the next change edits it."""
        values = {"room_id": room, "ticket": ticket, "topic": "", "card": "", "edited_at": None}
        self._c.execute(upsert(self._c.dialect.name)(t.threads).values(values).on_conflict_do_nothing())

    def officer(self, contact: int, agency: str) -> Officer | None:
        o = t.officers.c
        row = self._c.execute(
            select(t.officers).where(o.contact_id == contact, o.agency == agency, o.removed_at.is_(None))
        ).one_or_none()
        return Officer(row.contact_id, row.agency, Role(row.role), row.valid_until) if row else None

    def officers(self, agency: str) -> Sequence[Officer]:
        o = t.officers.c
        rows = self._c.execute(
            select(t.officers).where(o.agency == agency, o.removed_at.is_(None)).order_by(o.joined_at, o.contact_id)
        )
        return [Officer(row.contact_id, row.agency, Role(row.role), row.valid_until) for row in rows]

    def enrol(self, officer: Officer) -> None:
        values = {
            "contact_id": officer.contact,
            "agency": officer.agency,
            "role": officer.role.value,
            "valid_until": officer.valid_until,
            "joined_at": self.now,
            "removed_at": None,
        }
        rest = {key: value for key, value in values.items() if key not in ("contact_id", "agency")}
        made = upsert(self._c.dialect.name)(t.officers).values(values)
        self._c.execute(made.on_conflict_do_update(index_elements=["contact_id", "agency"], set_=rest))

    def invitation(self, code: str) -> Invitation | None:
        i = t.invitations.c
        query = select(t.invitations).where(
            i.code_hash.in_(self.office.vault.code_hashes(code)), i.used_at.is_(None), i.expires_at > self.now
        )
        row = self._c.execute(query.with_for_update() if self._lock else query).first()
        if row is None or row.agency not in self.facts.agency_by_code:
            return None
        return Invitation(row.id, row.agency, Role(row.role), row.valid_until)

    def use(self, invitation: Invitation, by: int) -> None:
        changed = update(t.invitations).where(t.invitations.c.id == invitation.id)
        self._c.execute(changed.values(used_at=self.now, used_by=by))

    # -- drafts and what was sent

    def add_draft(self, draft: Draft) -> Draft:
        made = insert(t.drafts).values(created_at=self.now, **draft_values(draft)).returning(t.drafts.c.id)
        return replace(draft, id=self._c.execute(made).scalar_one())

    def draft(self, draft: int) -> Draft | None:
        return draft_of(self._c.execute(select(t.drafts).where(t.drafts.c.id == draft)).one_or_none())

    def draft_from(self, room: int, source: str) -> Draft | None:
        d = t.drafts.c
        query = select(t.drafts).where(d.room == room, d.source == source).order_by(d.id.desc()).limit(1)
        return draft_of(self._c.execute(query).one_or_none())

    def change_draft(self, draft: Draft) -> None:
        self._c.execute(update(t.drafts).where(t.drafts.c.id == draft.id).values(**draft_values(draft)))

    def drop_draft(self, draft: int) -> None:
        self._c.execute(delete(t.drafts).where(t.drafts.c.id == draft))

    def recall(self, draft: int) -> bool:
        # A second's margin: a letter that is nearly due may be on its way already.
        o, soon = t.outbox.c, self.now + timedelta(seconds=1)
        mine = o.part.in_((Part.NOTICE.value, Part.FILES.value))
        gone = delete(t.outbox).where(o.draft == draft, mine, o.due_at > soon, o.attempts == 0)
        ids = self._c.execute(gone.returning(o.id)).scalars().all()
        self.dropped.extend(ids)
        return bool(ids)

    def bound(self, contact: int, message: str) -> Bound | None:
        s = t.sent.c
        query = select(s.ticket, s.part, s.draft).where(s.contact_id == contact, s.message == message)
        row = self._c.execute(query.order_by(s.id.desc()).limit(1)).one_or_none()
        return row and Bound(row.ticket, Part(row.part), row.draft)

    # -- the end of the batch

    def _flush_tickets(self) -> None:
        if self._changed:
            rows = [self._tickets[each] for each in sorted(self._changed)]
            values = [{"key": row.id, **{name: getattr(row, name) for name in _TICKET_NAMES}} for row in rows]
            self._c.execute(_CHANGE_TICKET, values)
            self._changed.clear()
        if self._entries:
            self._c.execute(insert(t.history), [entry_values(entry) for entry in self._entries])
            self._entries.clear()

    def flush(self, letters: Sequence[Letter]) -> list[Parcel]:
        """Writes all that the batch changed; the letters come back as parcels."""
        self._flush_tickets()
        self._flush_contacts()
        return self._post(letters) if letters else []

    def _flush_contacts(self) -> None:
        for found in self.known.values():
            if not found.changed:
                continue
            contact = found.contact
            values: dict[str, Any] = {
                "language": contact.language,
                "forum": contact.forum,
                "blocked": contact.blocked,
                "consent": contact.consent,
                "lookup": found.lookup,
                "sealed": found.sealed,
                "named": found.named,
            }
            if contact.consent:
                values["consent_at"] = func.coalesce(t.contacts.c.consent_at, bindparam("now", self.now, t.Instant()))
            self._c.execute(update(t.contacts).where(t.contacts.c.id == contact.id).values(**values))

    def _post(self, letters: Sequence[Letter]) -> list[Parcel]:
        letters = last_of_each_key(files_apart(letters))
        for letter in letters:
            if letter.part is Part.CARD and letter.ticket is not None:
                self.card_here(letter.to, letter.ticket)
        self._make_way(letters)
        rows = [self._row(letter) for letter in letters]
        ids = self._c.execute(_POST, [row for row, _ in rows]).scalars()
        return [
            self._parcel(made_id, letter, row, body)
            for made_id, letter, (row, body) in zip(ids, letters, rows, strict=True)
        ]

    def _make_way(self, letters: Sequence[Letter]) -> None:
        """Removes the letters that still wait under a key that is used again."""
        for letter in letters:
            if letter.key and (letter.to not in self.known or self.known[letter.to].waiting or letter.delay):
                gone = self._c.execute(_MAKE_WAY, {"contact": letter.to, "used": letter.key})
                self.dropped.extend(gone.scalars())

    def _row(self, letter: Letter) -> tuple[dict[str, Any], Body]:
        body = self._body(letter, self.contact(letter.to).language)
        row = {
            "contact_id": letter.to,
            "priority": int(letter.priority),
            "due_at": self.now + letter.delay,
            "attempts": 0,
            "key": letter.key,
            "ticket": letter.ticket,
            "part": letter.part.value,
            "draft": letter.draft,
            "body": encode_body(body),
        }
        return row, body

    def _body(self, letter: Letter, language: str) -> Body:
        render = self.office.render
        return Body(
            render(letter.text, language),
            tuple(
                (c.id, render(c.label, language), render(c.hint, language) if c.hint else "") for c in letter.choices
            ),
            letter.files,
            letter.topic,
            letter.reply_to,
            render(letter.thread, language) if letter.thread else "",
        )

    def _parcel(self, made: int, letter: Letter, row: dict[str, Any], body: Body) -> Parcel:
        contact = self.contact(letter.to)
        return Parcel(
            made,
            letter.to,
            contact.channel,
            row["priority"],
            row["due_at"],
            0,
            letter.ticket,
            letter.part.value,
            letter.draft,
            contact.group,
            body,
        )
