"""Two addresses of one account: a platform's id for a person, and the phone number it shows beside it or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, exists, select, union_all, update

from handlers.dialogue import shelved
from handlers.words import Inbound, Kind, Talk
from storage import tables as t
from storage import windows
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.prepared import among
from storage.rows import Known, parcel_of, upsert
from storage.vault import Identity

Key = tuple[str, str]
MOVED = (
    t.sent.c.contact_id,
    t.accepted.c.contact_id,
    t.drafts.c.author,
    t.drafts.c.room,
    t.fetches.c.contact_id,
    t.pairings.c.contact_id,
)
# Of these an account has one for each of the columns that follow.
MOVED_ONCE = (
    (t.rooms.c.contact_id,),
    (t.officers.c.contact_id, t.officers.c.agency),
    (t.threads.c.room_id, t.threads.c.ticket),
)


def meant(by_alias: bool, count: int) -> Any:
    """The contacts with the hashes of a list, also by their second addresses where a platform has such."""
    if not by_alias:
        return among(t.contacts.c.lookup, "lookup", count)
    # Two look-ups in two indexes: of an OR PostgreSQL makes a scan of all contacts.
    first, second = t.contacts.alias().c, t.aliases.c
    found = union_all(
        select(first.id).where(among(first.lookup, "lookup", count)),
        select(second.contact_id).where(among(second.lookup, "lookup", count)),
    )
    return t.contacts.c.id.in_(found)


@dataclass(slots=True)
class Links:
    """What a batch learns of addresses that belong together; `ids` and `talks` are those of the batch.

    `parcels`: letters that now go to another account than they were written to.
    """

    desk: RecordDesk
    connection: Connection
    ids: dict[Key, int]
    talks: dict[tuple[int, int], Talk]
    changed: dict[tuple[int, int], Talk]
    parcels: list[Parcel] = field(default_factory=list)

    def known_by_both(self, event: Inbound) -> None:
        """Before a contact is made: one known by phone alone gets the id that the event shows beside it."""
        if not event.person.phone:
            return
        by_id, by_phone = self._key(event, event.person.address), self._key(event, event.person.phone)
        mine, other = self.ids.get(by_id), self.ids.get(by_phone)
        # Of a number that was changed somebody else may be the owner already.
        if other is None or other == mine or (mine is not None and event.kind is Kind.MIGRATED):
            return
        if self._identity(other).address != event.person.phone:
            # The number was another person's before: they keep their reports, the number goes with it.
            self._give_up_phone(other, by_phone)
        elif mine is None:
            self._readdress(other, event.channel, event.person.address)
            self.ids[by_id] = other
        else:
            self._merge(other, mine, event.channel)
            self.ids[by_phone] = mine

    def second_address(self, event: Inbound) -> None:
        """Once there is a contact: it is found by its phone too, and written to by it."""
        phone = event.person.phone if event.kind is not Kind.MIGRATED else ""
        mine = self.ids.get(self._key(event, event.person.address))
        if not phone or mine is None or (self._identity(mine).phone == phone and self._key(event, phone) in self.ids):
            return
        identity = self._identity(mine)
        self._seal(self.desk.known[mine], Identity(identity.address, identity.name, phone))
        self.connection.execute(delete(t.aliases).where(t.aliases.c.contact_id == mine))
        lookup = self.desk.office.vault.lookups(event.channel, phone)[0]
        made = upsert(self.connection.dialect.name)(t.aliases).values(lookup=lookup, contact_id=mine)
        self.connection.execute(made.on_conflict_do_update(index_elements=["lookup"], set_={"contact_id": mine}))
        self.ids[self._key(event, phone)] = mine

    def moved(self, event: Inbound) -> None:
        """An account that was heard under its new id before the change was known is the one that goes on."""
        by_old, by_new = self._key(event, event.person.address), self._key(event, event.moved_to)
        old, new = self.ids.get(by_old), self.ids.get(by_new)
        # A number may have been somebody else's before; an id never was.
        if event.moved_to.isdigit() or old is None or new is None or old == new:
            return
        self._merge(old, new, event.channel)
        self.ids[by_old] = new

    @staticmethod
    def _key(event: Inbound, address: str) -> Key:
        return event.channel, address

    def _identity(self, contact: int) -> Identity:
        self.desk.contact(contact)
        found = self.desk.known[contact]
        return self.desk.office.vault.open(found.sealed, found.lookup)

    def _seal(self, found: Known, identity: Identity) -> None:
        found.sealed = self.desk.office.vault.seal(identity, found.lookup)
        found.changed = True

    def _readdress(self, contact: int, channel: str, address: str) -> None:
        found, name = self.desk.known[contact], self._identity(contact).name
        found.lookup = self.desk.office.vault.lookups(channel, address)[0]
        self._seal(found, Identity(address, name))

    def _give_up_phone(self, contact: int, key: Key) -> None:
        identity = self._identity(contact)
        self._seal(self.desk.known[contact], Identity(identity.address, identity.name))
        self.connection.execute(delete(t.aliases).where(t.aliases.c.contact_id == contact))
        del self.ids[key]

    def _merge(self, old: int, mine: int, channel: str) -> None:
        """Two contacts turn out to be one account: the newer one goes on, with all that waits for the older."""
        known = self.desk.known
        self._readdress(old, channel, f"merged:{old}")
        self.desk.join(mine, old)
        known[old].into = mine
        known[mine].waiting = known[mine].waiting or known[old].waiting
        if known[old].contact.consent and not known[mine].contact.consent:
            known[mine].contact = known[old].contact.as_account(mine)
        self._move_rows(old, mine)
        left = self.talks.get((old, 0))
        here = self.talks.get((mine, 0))
        if left and shelved(left) is not None and (here is None or shelved(here) is None):
            self.changed[(mine, 0)] = left
            self.changed[(old, 0)] = Talk()

    def _move_rows(self, old: int, mine: int) -> None:
        """What is no history goes over; the rows of tickets and their history stay as they were written."""
        c, o = self.connection, t.outbox.c
        gone = update(t.outbox).where(o.contact_id == old).values(contact_id=mine).returning(t.outbox)
        channel = self.desk.contact(mine).channel
        # What is held by a dispatcher is held for the account that it was written to.
        left = [parcel_of(row, channel, False) for row in c.execute(gone) if not row.held]
        self.desk.dropped.extend(parcel.id for parcel in left)
        self.parcels.extend(left)
        c.execute(delete(t.aliases).where(t.aliases.c.contact_id == old))
        for column in MOVED:
            c.execute(update(column.table).where(column == old).values({column.name: mine}))
        windows.moved(c, old, mine)
        for column, *rest in MOVED_ONCE:
            there = column.table.alias()
            same = (there.c[each.name] == each for each in rest)
            doubled = exists().where(there.c[column.name] == mine, *same)
            c.execute(delete(column.table).where(column == old, doubled))
            c.execute(update(column.table).where(column == old).values({column.name: mine}))
        self.desk.forget_rooms()
