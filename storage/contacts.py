"""The contacts of a batch: loaded once, written back at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update

from handlers.desk import Contact
from handlers.facts import Facts
from handlers.rules.artefact import Artefact
from handlers.rules.numbers import ALPHABET
from handlers.words import Words
from storage import tables as t
from storage.office import Office
from storage.rows import Known, known
from storage.vault import Identity

PAIRING_LENGTH = 8
PAIRING_LIFE = timedelta(minutes=15)

# Built once: putting a statement together costs more than running it.
_BY_ID = select(t.contacts).where(t.contacts.c.id == bindparam("ident"))


@lru_cache(maxsize=128)
def _for_update(query: Select[Any]) -> Select[Any]:
    return query.with_for_update()


class Contacts:
    """What a desk knows of people and groups; `known` holds those that the batch has met."""

    def __init__(self, connection: Connection, office: Office, now: datetime) -> None:
        self._c = connection
        self.office = office
        self.now = now
        self.known: dict[int, Known] = {}

    def locked(self, query: Select[Any]) -> Select[Any]:
        """A query whose rows nobody else changes before the end; on SQLite there is one writer anyway."""
        return _for_update(query) if self._c.dialect.name == "postgresql" else query

    @property
    def facts(self) -> Facts:
        return self.office.facts

    @property
    def undo_for(self) -> timedelta:
        return self.office.undo_for

    @property
    def grace(self) -> timedelta:
        return self.office.grace

    @property
    def learned(self) -> Artefact | None:
        return self.office.learned

    @property
    def channels(self) -> Sequence[str]:
        return self.office.channels

    @property
    def slow(self) -> Mapping[str, datetime]:
        return self.office.slow

    def render(self, words: Words, language: str) -> str:
        return self.office.render(words, language)

    def draw(self, below: int) -> int:
        return self.office.draw(below)

    def contact(self, contact: int) -> Contact:
        return self._known(contact).contact

    def _known(self, contact: int) -> Known:
        if contact not in self.known:
            row = self._c.execute(_BY_ID, {"ident": contact}).one()
            # Not looked up here: what may wait is made to give way.
            self.known[contact] = replace(known(row), waiting=True)
        return self.known[contact]

    def name(self, contact: int) -> str:
        found = self._known(contact)
        return self.office.vault.open(found.sealed, found.lookup).name or "Petugas"

    def change_contact(self, contact: Contact) -> None:
        found = self._known(contact.id)
        found.contact, found.changed = contact, True

    def move_contact(self, contact: int, address: str) -> None:
        found = self._known(contact)
        lookup = self.office.vault.lookups(found.contact.channel, address)[0]
        if lookup == found.lookup:
            return
        taken = self._c.execute(select(t.contacts.c.id).where(t.contacts.c.lookup == lookup)).scalar()
        if taken is not None and self._known(taken).lookup == lookup:
            if self._c.execute(select(t.rooms.c.agency).where(t.rooms.c.contact_id == taken)).first():
                return
            # Somebody wrote from the new address before the move was known: that row gives the address up.
            self._readdress(self._known(taken), f"moved:{taken}")
            self._write(self._known(taken))
        self._readdress(found, address)
        self._c.execute(delete(t.aliases).where(t.aliases.c.contact_id == contact))
        if not found.contact.group:
            return
        # A supergroup numbers its messages anew.
        self._c.execute(update(t.sent).where(t.sent.c.contact_id == contact).values(message=""))
        lost = update(t.threads).where(t.threads.c.room_id == contact)
        self._c.execute(lost.values(topic="", card="", edited_at=None))

    def _readdress(self, found: Known, address: str) -> None:
        """The same contact under another address; a second one it had is no longer its."""
        vault = self.office.vault
        name = vault.open(found.sealed, found.lookup).name
        found.lookup = vault.lookups(found.contact.channel, address)[0]
        found.sealed = vault.seal(Identity(address, name), found.lookup)
        found.changed = True

    def kin(self, contact: int) -> Sequence[int]:
        """All accounts of the person who has this one, itself first."""
        found = self._known(contact)
        if found.person is None:
            return (contact,)
        others = select(t.contacts.c.id).where(t.contacts.c.person == found.person, t.contacts.c.id != contact)
        held = [each for each, known in self.known.items() if known.person == found.person and each != contact]
        left = [each for each, known in self.known.items() if known.person != found.person]
        ids = dict.fromkeys([*held, *self._c.execute(others.order_by(t.contacts.c.id)).scalars()])
        return (contact, *(each for each in ids if each not in left))

    def account(self, contact: int) -> int:
        """The account that this one turned out to be; most are themselves."""
        into = self._known(contact).into
        return contact if into is None else self.account(into)

    def reachable(self, contact: int) -> int:
        """The account that a letter goes to: where one cannot be reached, another of the same person."""
        contact = self.account(contact)
        if not self._known(contact).contact.blocked:
            return contact
        others = (self._known(each) for each in self.kin(contact)[1:])
        return next((each.contact.id for each in others if each.into is None and not each.contact.blocked), contact)

    def pairing_code(self, contact: int) -> str:
        """A new code that joins another account to this one; those made before are void."""
        drawn = "".join(ALPHABET[self.draw(len(ALPHABET))] for _ in range(PAIRING_LENGTH))
        code = f"{drawn[:4]}-{drawn[4:]}"
        self._c.execute(delete(t.pairings).where(t.pairings.c.contact_id == contact))
        row = {"contact_id": contact, "expires_at": self.now + PAIRING_LIFE, "used_at": None}
        self._c.execute(insert(t.pairings).values(code_hash=self.office.vault.code_hashes(code)[0], **row))
        return code

    def paired(self, code: str) -> int | None:
        """The account for which a code was made, and the code is used up; nothing for a wrong, old or used one."""
        p = t.pairings.c
        hashes = self.office.vault.code_hashes(code)
        fresh = (p.code_hash.in_(hashes), p.used_at.is_(None), p.expires_at > self.now)
        used = update(t.pairings).where(*fresh).values(used_at=self.now).returning(p.contact_id)
        return self._c.execute(used).scalar()

    def join(self, contact: int, other: int) -> None:
        """Makes two accounts, and those joined to them, one person's."""
        whole = [*self.kin(contact), *self.kin(other)]
        person = min(whole)
        for each in whole:
            found = self._known(each)
            found.person, found.changed = person, True

    def part(self, contact: int) -> None:
        """Makes an account a person of its own again, with what was merged into it."""
        whole = self.kin(contact)
        mine = [each for each in whole if self.account(each) == contact]
        for group in (mine, [each for each in whole if each not in mine]):
            for each in group:
                found = self._known(each)
                # The id of one of them: that of somebody who has left would join them again.
                found.person, found.changed = (min(group) if len(group) > 1 else None), True

    def _flush_contacts(self) -> None:
        for found in self.known.values():
            if found.changed:
                self._write(found)

    def _write(self, found: Known) -> None:
        # Only what changed here: another replica may have changed the rest since this was read.
        values = found.news()
        found.before, found.changed = found.values(), False
        if values.get("consent"):
            values["consent_at"] = func.coalesce(t.contacts.c.consent_at, bindparam("now", self.now, t.Instant()))
        if values:
            self._c.execute(update(t.contacts).where(t.contacts.c.id == found.contact.id).values(**values))
