"""The contacts of a batch: loaded once, written back at its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from handlers.desk import Contact
from handlers.facts import Facts
from handlers.words import Words
from storage import tables as t
from storage.office import Office
from storage.rows import Known, known
from storage.vault import Identity


class Contacts:
    """What a desk knows of people and groups; `known` holds those that the batch has met."""

    def __init__(self, connection: Connection, office: Office, now: datetime) -> None:
        self._c = connection
        self.office = office
        self.now = now
        self.known: dict[int, Known] = {}

    def locked(self, query: Select[Any]) -> Select[Any]:
        """A query whose rows nobody else changes before the end; on SQLite there is one writer anyway."""
        return query.with_for_update() if self._c.dialect.name == "postgresql" else query

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
            if self._c.execute(select(t.rooms.c.agency).where(t.rooms.c.contact_id == taken)).first():
                return
            # Somebody wrote from the new address before the move was known: that row gives the address up.
            gone = self.office.vault.lookups(found.contact.channel, f"moved:{taken}")[0]
            self._c.execute(update(t.contacts).where(t.contacts.c.id == taken).values(lookup=gone))
        moved = Identity(address, identity.name, identity.phone)
        found.lookup, found.sealed = lookup, self.office.vault.seal(moved, lookup)
        found.changed = True
        # A supergroup numbers its messages anew.
        self._c.execute(update(t.sent).where(t.sent.c.contact_id == contact).values(message=""))
        lost = update(t.threads).where(t.threads.c.room_id == contact)
        self._c.execute(lost.values(topic="", card="", edited_at=None))

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
