"""Turns in batches, by sets: one statement each to refuse duplicates, to load, and to save; the handlers in between."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, exists, insert, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from handlers.desk import Contact, Scene
from handlers.dialogue import shelved
from handlers.respond import apology, respond
from handlers.words import Inbound, Kind, Letter, Talk, Turn
from storage import tables as t
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.office import Office
from storage.rows import Known, known, upsert
from storage.vault import Identity

_talk_encoder = msgspec.json.Encoder()
_talk_decoder = msgspec.json.Decoder(Talk)
_event_encoder = msgspec.json.Encoder()


# Built once: putting a statement together costs more than running it.
_ADD_CONTACTS = insert(t.contacts).returning(t.contacts.c.id, sort_by_parameter_order=True)


@cache
def _keep_events(dialect: str) -> Any:
    """Keeps the events that were never seen, and returns those."""
    return upsert(dialect)(t.inbox).on_conflict_do_nothing().returning(t.inbox.c.channel, t.inbox.c.event_id)


@cache
def _lock_people() -> Any:
    """The contacts with these hashes, locked in the order of their ids.

    A statement of its own: what is read in the one that waits for a lock is as old as its beginning.
    """
    query = select(t.contacts.c.id).where(t.contacts.c.lookup.in_(bindparam("lookups", expanding=True)))
    return query.order_by(t.contacts.c.id).with_for_update()


@cache
def _find_people() -> Any:
    """The contacts with these hashes, each with its conversations."""
    waiting = exists().where(t.outbox.c.contact_id == t.contacts.c.id).label("waiting")
    return (
        select(t.contacts, t.talks.c.room_id, t.talks.c.body, waiting)
        .join_from(t.contacts, t.talks, t.talks.c.contact_id == t.contacts.c.id, isouter=True)
        .where(t.contacts.c.lookup.in_(bindparam("lookups", expanding=True)))
        .order_by(t.contacts.c.id)
    )


@cache
def _keep_talks(dialect: str) -> Any:
    made = upsert(dialect)(t.talks)
    rest = {name: made.excluded[name] for name in ("body", "open", "nudged", "updated_at")}
    return made.on_conflict_do_update(index_elements=["contact_id", "room_id"], set_=rest)


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """All or nothing inside the open transaction; plain SQL, because SQLAlchemy's own costs as much as a turn."""
    connection.exec_driver_sql("SAVEPOINT turn")
    try:
        yield
    except BaseException:
        # A lost connection and a full disk have undone the whole transaction already; the first error says why.
        with suppress(SQLAlchemyError):
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT turn")
            connection.exec_driver_sql("RELEASE SAVEPOINT turn")
        raise
    connection.exec_driver_sql("RELEASE SAVEPOINT turn")


class Outcome(StrEnum):
    DONE = "done"
    DUPLICATE = "duplicate"
    POISONED = "poisoned"


@dataclass(slots=True)
class Batch:
    """What came of a batch: an outcome for each event, the letters it wrote, and those it took back."""

    outcomes: list[Outcome] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)


Handler = Callable[[Scene], Turn]


def take(
    connection: Connection, events: Sequence[Inbound], office: Office, now: datetime, handler: Handler = respond
) -> Batch:
    """All these events in the open transaction; where one fails, each by itself, so that it harms itself alone."""
    if len(events) == 1:
        return _apart(connection, events, office, now, handler)
    try:
        with savepoint(connection):
            return _together(connection, events, office, now, handler)
    except DBAPIError as error:
        if not _of_the_event(error):
            raise
    except Exception:  # noqa: BLE001, S110 - found again, and written down, when the events are taken one by one
        pass
    return _apart(connection, events, office, now, handler)


def _apart(connection: Connection, events: Sequence[Inbound], office: Office, now: datetime, handler: Handler) -> Batch:
    whole = Batch()
    for event in events:
        try:
            one = _alone(connection, event, office, now, handler)
        except Exception as error:
            # The database's own trouble is not the event's fault: nothing is acknowledged, the platform redelivers.
            if isinstance(error, DBAPIError) and not _of_the_event(error):
                raise
            one = _poisoned(connection, event, office, now, error)
        whole.outcomes.extend(one.outcomes)
        whole.parcels.extend(one.parcels)
        whole.dropped.extend(one.dropped)
    return whole


def _alone(connection: Connection, event: Inbound, office: Office, now: datetime, handler: Handler) -> Batch:
    for last in (False, True):
        try:
            with savepoint(connection):
                return _together(connection, (event,), office, now, handler)
        except IntegrityError:
            # Another replica made the same contact meanwhile: the second time it is found.
            if last:
                raise
    raise AssertionError("unreachable")


def _of_the_event(error: DBAPIError) -> bool:
    """Whether a value was refused, rather than the database being in trouble: SQLSTATE classes 22 and 23."""
    return isinstance(error, (IntegrityError, DataError)) or getattr(error.orig, "sqlstate", "")[:2] == "22"


def _together(
    connection: Connection, events: Sequence[Inbound], office: Office, now: datetime, handler: Handler
) -> Batch:
    fresh = _fresh(connection, events, now)
    batch = Batch([Outcome.DONE if new else Outcome.DUPLICATE for new in fresh])
    wanted = [event for event, new in zip(events, fresh, strict=True) if new]
    if not wanted:
        return batch
    desk = RecordDesk(connection, office, now)
    people = _People(desk, connection)
    people.load(wanted)
    letters: list[Letter] = []
    for event in wanted:
        scene = people.scene(event)
        if scene is None:
            continue
        if scene.room:
            people.name(scene)
        turn = handler(scene)
        people.name(scene)
        people.keep(scene, turn.talk)
        letters.extend(turn.letters)
    people.save(now)
    batch.parcels = desk.flush(letters)
    batch.dropped = desk.dropped
    return batch


def _fresh(connection: Connection, events: Sequence[Inbound], now: datetime) -> list[bool]:
    """Which events are seen for the first time; a doubled one within the batch counts once."""
    rows = {(event.channel, event.id): {"channel": event.channel, "event_id": event.id, "at": now} for event in events}
    made = _keep_events(connection.dialect.name)
    new = {(row.channel, row.event_id) for row in connection.execute(made, list(rows.values()))}
    result = []
    for event in events:
        key = (event.channel, event.id)
        result.append(key in new)
        new.discard(key)
    return result


def _poisoned(connection: Connection, event: Inbound, office: Office, now: datetime, error: Exception) -> Batch:
    """Keeps an event that could not be handled for the operator, and repeats the question to the person."""
    try:
        batch = _alone(connection, event, office, now, apology)
    except Exception as again:
        if isinstance(again, DBAPIError) and not _of_the_event(again):
            raise
        # What is kept of the person cannot be read either: the event is set aside without a word.
        batch = Batch([Outcome.DONE if _fresh(connection, (event,), now)[0] else Outcome.DUPLICATE])
    if batch.outcomes == [Outcome.DUPLICATE]:
        return batch
    # The trace names places in the code; the words of the error could hold those of the person.
    trace = "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
    sealed = office.vault.seal_bytes(_event_encoder.encode(event), event.id.encode())
    connection.execute(
        insert(t.poison).values(channel=event.channel, event_id=event.id, sealed=sealed, trace=trace, at=now)
    )
    return replace(batch, outcomes=[Outcome.POISONED])


class _People:
    """The contacts and conversations of a batch, by look-up hash."""

    def __init__(self, desk: RecordDesk, connection: Connection) -> None:
        self._desk, self._c = desk, connection
        self._vault = desk.office.vault
        self._ids: dict[tuple[str, str], int] = {}
        self._talks: dict[tuple[int, int], Talk] = {}
        self._changed: dict[tuple[int, int], Talk] = {}

    def load(self, events: Sequence[Inbound]) -> None:
        """One statement for all contacts with their conversations; those never seen before are made."""
        hashes: dict[bytes, tuple[str, str]] = {}
        for event in events:
            for address in (event.person.address, event.room.address if event.room else ""):
                if address and (event.channel, address) not in hashes.values():
                    hashes.update(dict.fromkeys(self._vault.lookups(event.channel, address), (event.channel, address)))
        self._read(hashes)
        self._make([event for event in events if _counts(event)])

    def _read(self, hashes: dict[bytes, tuple[str, str]]) -> None:
        wanted = {"lookups": list(hashes)}
        if self._c.dialect.name == "postgresql":
            self._c.execute(_lock_people(), wanted)
        for row in self._c.execute(_find_people(), wanted):
            key = hashes[row.lookup]
            if row.id not in self._desk.known:
                self._desk.known[row.id] = found = known(row)
                found.waiting = row.waiting
                self._ids[key] = row.id
                self._renew(found, *key)
            if row.body is not None:
                self._talks[(row.id, row.room_id)] = _talk_decoder.decode(row.body)

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

    def name(self, scene: Scene) -> None:
        """Keeps the name of somebody who has agreed to it, or who acts in a group, where it was not kept yet."""
        found = self._desk.known[scene.contact.id]
        name = scene.event.person.name
        if name and not found.named and (scene.room or found.contact.consent):
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
        self._c.execute(_keep_talks(self._c.dialect.name), rows)


def _counts(event: Inbound) -> bool:
    """Whether an event is meant for the bot: who merely chats in a group is not put on record."""
    if event.room is None or event.kind not in (Kind.TEXT, Kind.FILE, Kind.PLACE, Kind.EDIT, Kind.UNREADABLE):
        return True
    return bool(event.reply_to) or event.text.startswith("/")


def _parties(event: Inbound) -> list[tuple[str, str, bool]]:
    # A person's name is kept from their consent on; in a group, where officers are, from the first word to the bot.
    parties = [(event.person.address, event.person.name if event.room else "", False)]
    if event.room:
        parties.append((event.room.address, event.room.title, True))
    return parties
