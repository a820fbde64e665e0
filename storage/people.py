"""The people and groups of a batch with their conversations: loaded at once, written at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, exists, insert, select

from handlers.desk import Contact, Scene
from handlers.dialogue import shelved
from handlers.files import file_of, refused
from handlers.words import File, Inbound, Kind, Talk, Turn
from storage import tables as t
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.links import Links, meant
from storage.prepared import among, ask, length, listed, run
from storage.rows import KNOWN, Known, known, upsert
from storage.vault import Identity
from storage.windows import LENGTH, MARGIN, released, written

_talk_encoder = msgspec.json.Encoder()
_talk_decoder = msgspec.json.Decoder(Talk)
# Built once: putting a statement together costs more than running it.
_KNOWN = [t.contacts.c[name] for name in KNOWN]
_ADD_CONTACTS = insert(t.contacts).returning(t.contacts.c.id, sort_by_parameter_order=True)


@cache
def _lock_people(by_alias: bool, count: int) -> Any:
    """The contacts with the hashes of a list, locked in the order of their ids.

    A statement of its own: what is read in the one that waits for a lock is as old as its beginning.
    """
    query = select(t.contacts.c.id).where(meant(by_alias, count))
    return query.order_by(t.contacts.c.id).with_for_update()


@cache
def _find_people(by_alias: bool, count: int) -> Any:
    """The contacts with the hashes of a list, each with its conversations."""
    waiting = exists().where(t.outbox.c.contact_id == t.contacts.c.id).label("waiting")
    return (
        select(*_KNOWN, t.talks.c.room_id, t.talks.c.body, t.rooms.c.agency, waiting)
        .join_from(t.contacts, t.talks, t.talks.c.contact_id == t.contacts.c.id, isouter=True)
        .join(t.rooms, t.rooms.c.contact_id == t.contacts.c.id, isouter=True)
        .where(meant(by_alias, count))
        .order_by(t.contacts.c.id)
    )


@cache
def _find_aliases(count: int) -> Any:
    return select(t.aliases).where(among(t.aliases.c.lookup, "lookup", count))


@cache
def _keep_talks(dialect: str) -> Any:
    made = upsert(dialect)(t.talks)
    rest = {name: made.excluded[name] for name in ("body", "open", "nudged", "updated_at")}
    return made.on_conflict_do_update(index_elements=["contact_id", "room_id"], set_=rest)


# What opens a window: a change of number or a deleted message does not.
SPOKEN = (Kind.TEXT, Kind.TAP, Kind.PLACE, Kind.FILE, Kind.UNREADABLE)


class People:
    """The contacts and conversations of a batch, by look-up hash."""

    def __init__(self, desk: RecordDesk, connection: Connection) -> None:
        self._desk, self._c = desk, connection
        self._vault = desk.office.vault
        self._ids: dict[tuple[str, str], int] = {}
        self._talks: dict[tuple[int, int], Talk] = {}
        self._changed: dict[tuple[int, int], Talk] = {}
        self._link = Links(desk, connection, self._ids, self._talks, self._changed)

    def load(self, events: Sequence[Inbound]) -> None:
        """One statement for all contacts with their conversations; those never seen before are made."""
        hashes: dict[bytes, tuple[str, str]] = {}
        for event in events:
            for address in _addresses(event):
                hashes.update(dict.fromkeys(self._vault.lookups(event.channel, address), (event.channel, address)))
        by_alias = any(event.account for event in events)
        self._read(hashes, by_alias)
        if not by_alias:
            self._make([event for event in events if _counts(event)])
            return
        for event in events:
            self._link.known_by_both(event)
            self._link.moved(event)
        self._make([event for event in events if _counts(event)])
        for event in events:
            # Again: what was made just now may be the number of an account that is in the batch too.
            self._link.known_by_both(event)
            self._link.moved(event)
            self._link.second_address(event)

    def _read(self, hashes: dict[bytes, tuple[str, str]], by_alias: bool) -> None:
        count = length(self._c, list(hashes))
        wanted = listed("lookup", hashes, count)
        for row in self._found(wanted, by_alias, count):
            if row.id not in self._desk.known:
                self._desk.known[row.id] = found = known(row)
                found.waiting = row.waiting
                if row.agency is None:
                    self._desk.of_no_agency(row.id)
                if key := hashes.get(row.lookup):
                    self._ids[key] = row.id
                    self._renew(found, *key)
            if row.body is not None:
                self._talks[(row.id, row.room_id)] = _talk_decoder.decode(row.body)
        if by_alias:
            for row in ask(self._c, _find_aliases(count), wanted):
                self._ids.setdefault(hashes[row.lookup], row.contact_id)

    def _found(self, wanted: dict[str, Any], by_alias: bool, count: int) -> Sequence[Row[Any]]:
        """The contacts with these hashes and their conversations, on PostgreSQL all of them locked."""
        if self._c.dialect.name != "postgresql":
            return ask(self._c, _find_people(by_alias, count), wanted).all()
        locked: set[int] = set()
        while True:
            locked.update(ask(self._c, _lock_people(by_alias, count), wanted).scalars())
            rows = ask(self._c, _find_people(by_alias, count), wanted).all()
            # Whoever another replica made between the two statements is not locked yet, and may be changed meanwhile.
            if locked.issuperset(row.id for row in rows):
                return rows

    def _renew(self, found: Known, channel: str, address: str) -> None:
        """A row under an old key is sealed with the newest one when it is met."""
        if not self._vault.is_newest(found.sealed, found.lookup, channel, address):
            identity = self._vault.open(found.sealed, found.lookup)
            found.lookup = self._vault.lookups(channel, address)[0]
            found.sealed = self._vault.seal(identity, found.lookup)
            found.changed = True

    def _make(self, events: Sequence[Inbound]) -> None:
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for event in events:
            for address, name, group in _parties(event):
                if (event.channel, address) not in self._ids:
                    rows[(event.channel, address)] = self._row(event, address, name, group)
        if not rows:
            return
        # In one order, so that two replicas that meet the same people do not wait for each other.
        rows = dict(sorted(rows.items(), key=lambda each: each[1]["lookup"]))
        made = _ADD_CONTACTS
        for key, made_id, row in zip(
            rows, self._c.execute(made, list(rows.values())).scalars(), rows.values(), strict=True
        ):
            contact = Contact(made_id, row["channel"], row["language"], group=row["is_group"], forum=row["forum"])
            self._desk.known[made_id] = Known(contact, row["lookup"], row["sealed"], row["named"])
            self._ids[key] = made_id

    def _row(self, event: Inbound, address: str, name: str, group: bool) -> dict[str, Any]:
        lookup = self._vault.lookups(event.channel, address)[0]
        return {
            "channel": event.channel,
            "lookup": lookup,
            "sealed": self._vault.seal(Identity(address, name), lookup),
            "named": bool(name),
            "is_group": group,
            "forum": bool(group and event.room and event.room.forum),
            "language": "id",
            "blocked": False,
            "consent": "",
            "created_at": self._desk.now,
        }

    def scene(self, event: Inbound) -> Scene | None:
        """The event with its conversation; nothing for somebody in a group who has nothing to do with the bot."""
        contact = self._ids.get((event.channel, event.person.address))
        room = self._ids.get((event.channel, event.room.address)) if event.room else 0
        if contact is None or room is None:
            return None
        talk = self._changed.get((contact, room)) or self._talks.get((contact, room)) or Talk()
        known_room = self._desk.contact(room) if room else None
        if known_room and event.room and event.room.forum != known_room.forum:
            known_room = replace(known_room, forum=event.room.forum)
            self._desk.change_contact(known_room)
        return Scene(event, self._desk.contact(contact), talk, self._desk, known_room)

    def opened(self, events: Sequence[Inbound]) -> list[Parcel]:
        """Opens the windows of those who wrote; the letters that waited for that, free to leave."""
        spoke = [event for event in events if event.account and event.kind in SPOKEN]
        ids = [self._ids[(event.channel, event.person.address)] for event in spoke]
        written(self._c, ((ident, event.account, event.at) for ident, event in zip(ids, spoke, strict=True)))
        # Only a message of the last day opens anything: one that was long on its way may be older.
        now = self._desk.now
        fresh = {
            ident: event.channel
            for ident, event in zip(ids, spoke, strict=True)
            if self._desk.known[ident].waiting and event.at + LENGTH - MARGIN > now
        }
        freed = released(self._c, sorted(fresh), next(iter(fresh.values())), now) if fresh else []
        return [*self._link.parcels, *freed]

    def fleeting(self, scene: Scene, turn: Turn) -> list[File]:
        """The files to fetch at once: their platform forgets them, and their sender agreed or is in office."""
        agreed = self._desk.known[scene.contact.id].contact.consent
        if not agreed and not self._desk.agency_of(scene.contact.id):
            return []
        # What came before the consent is fetched with it.
        before = turn.talk.answers.get("kept_files") or () if agreed and not scene.contact.consent else ()
        sent = scene.event.file
        return [
            *(file_of(value) for value in before),
            *([sent] if sent and sent.fleeting and not refused(sent) else []),
        ]

    def name(self, scene: Scene) -> None:
        """Keeps the name of somebody who has agreed to it, or who acts in a group, where it was not kept yet."""
        found = self._desk.known[scene.contact.id]
        name = scene.event.person.name
        in_office = bool(scene.event.account) and bool(self._desk.agency_of(scene.contact.id))
        if name and not found.named and (scene.room or found.contact.consent or in_office):
            identity = self._vault.open(found.sealed, found.lookup)
            found.sealed = self._vault.seal(Identity(identity.address, name, identity.phone), found.lookup)
            found.named = found.changed = True

    def keep(self, scene: Scene, talk: Talk) -> None:
        if talk != scene.talk:
            self._changed[(scene.contact.id, scene.room.id if scene.room else 0)] = talk

    def save(self, now: datetime) -> None:
        """One statement for all conversations that changed, in the order of their ids."""
        if not self._changed:
            return
        rows = [
            {
                "contact_id": contact,
                "room_id": room,
                "body": _talk_encoder.encode(talk).decode(),
                "open": shelved(talk) is not None,
                "nudged": talk.nudged,
                "updated_at": now,
            }
            for (contact, room), talk in sorted(self._changed.items(), key=lambda item: item[0])
        ]
        run(self._c, _keep_talks(self._c.dialect.name), rows)


def _addresses(event: Inbound) -> list[str]:
    """The addresses by which the people and the group of an event may be known."""
    moved_to = event.moved_to if event.room is None else ""
    found = (event.person.address, event.room.address if event.room else "", event.person.phone, moved_to)
    return [address for address in found if address]


def _counts(event: Inbound) -> bool:
    """Whether an event is meant for the bot: who merely chats in a group is not put on record."""
    if event.kind is Kind.MIGRATED and event.room is None:
        return False
    if event.room is None or event.kind not in (Kind.TEXT, Kind.FILE, Kind.PLACE, Kind.EDIT, Kind.UNREADABLE):
        return True
    return bool(event.reply_to) or event.text.startswith("/")


def _parties(event: Inbound) -> list[tuple[str, str, bool]]:
    # A person's name is kept from their consent on; in a group, where officers are, from the first word to the bot.
    parties = [(event.person.address, event.person.name if event.room else "", False)]
    if event.room:
        parties.append((event.room.address, event.room.title, True))
    return parties
