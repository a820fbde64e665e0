"""Turns in batches, by sets: one statement each to refuse duplicates, to load, and to save; the handlers in between."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from handlers.desk import Scene
from handlers.respond import apology, respond
from handlers.words import File, Inbound, Letter, Turn
from storage import files
from storage import tables as t
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.office import Office
from storage.people import People
from storage.prepared import put
from storage.rows import padded, upsert

_event_encoder = msgspec.json.Encoder()


# Built once: putting a statement together costs more than running it.
@cache
def _keep_events(dialect: str) -> Any:
    """Keeps the events that were never seen, and returns those."""
    return upsert(dialect)(t.inbox).on_conflict_do_nothing().returning(t.inbox.c.channel, t.inbox.c.event_id)


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
    """What came of a batch: an outcome for each event, the letters it wrote, and those it took back.

    `fetches`: files that are to be fetched at once.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    fetches: int = 0


Handler = Callable[[Scene], Turn]


def take(
    connection: Connection, events: Sequence[Inbound], office: Office, now: datetime, handler: Handler = respond
) -> Batch:
    """All these events in the open transaction; where one fails, each by itself, so that it harms itself alone."""
    if len(events) == 1:
        return _apart(connection, events, office, now, handler)
    try:
        with savepoint(connection):
            return together(connection, events, office, now, handler)
    except Exception as error:
        # What lies in an event is found again, and written down, when they are taken one by one.
        if not of_the_events(error):
            raise
    return _apart(connection, events, office, now, handler)


def _apart(connection: Connection, events: Sequence[Inbound], office: Office, now: datetime, handler: Handler) -> Batch:
    whole = Batch()
    for event in events:
        try:
            one = _alone(connection, event, office, now, handler)
        except Exception as error:
            # The database's own trouble is not the event's fault: nothing is acknowledged, the platform redelivers.
            if not of_the_events(error):
                raise
            one = _poisoned(connection, event, office, now, error)
        whole.outcomes.extend(one.outcomes)
        whole.parcels.extend(one.parcels)
        whole.dropped.extend(one.dropped)
        whole.fetches += one.fetches
    return whole


def _alone(connection: Connection, event: Inbound, office: Office, now: datetime, handler: Handler) -> Batch:
    for last in (False, True):
        try:
            with savepoint(connection):
                return together(connection, (event,), office, now, handler)
        except IntegrityError:
            # Another replica made the same contact meanwhile: the second time it is found.
            if last:
                raise
    raise AssertionError("unreachable")


def of_the_events(error: Exception) -> bool:
    """Whether a fault lies in what came, rather than the database being in trouble: SQLSTATE classes 22 and 23."""
    if not isinstance(error, DBAPIError):
        return not isinstance(error, OSError)
    return isinstance(error, (IntegrityError, DataError)) or getattr(error.orig, "sqlstate", "")[:2] == "22"


def together(
    connection: Connection, events: Sequence[Inbound], office: Office, now: datetime, handler: Handler = respond
) -> Batch:
    """All these events in the open transaction, or a fault, after which nothing of it may be committed."""
    fresh = _fresh(connection, events, now)
    batch = Batch([Outcome.DONE if new else Outcome.DUPLICATE for new in fresh])
    wanted = [event for event, new in zip(events, fresh, strict=True) if new]
    if not wanted:
        return batch
    desk = RecordDesk(connection, office, now)
    people = People(desk, connection)
    people.load(wanted)
    freed = people.opened(wanted)
    fleeting: list[tuple[int, str, File]] = []
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
        if event.account:
            fleeting.extend((scene.contact.id, event.channel, file) for file in people.fleeting(scene, turn))
    people.save(now)
    files.wanted(connection, fleeting, now)
    batch.fetches = len(fleeting)
    batch.parcels = [*freed, *desk.flush(letters)]
    batch.dropped = desk.dropped
    return batch


def _fresh(connection: Connection, events: Sequence[Inbound], now: datetime) -> list[bool]:
    """Which events are seen for the first time; a doubled one within the batch counts once."""
    # In one order, so that two replicas that are given the same events do not wait for each other.
    keys = sorted({(event.channel, event.id) for event in events})
    rows = padded({"channel": channel, "event_id": ident, "at": now} for channel, ident in keys)
    new = {(row.channel, row.event_id) for row in put(connection, _keep_events(connection.dialect.name), rows)}
    result = []
    for event in events:
        key = (event.channel, event.id)
        result.append(key in new)
        new.discard(key)
    return result


def set_aside(connection: Connection, office: Office, channel: str, raw: bytes, why: str, now: datetime) -> None:
    """Keeps what nobody could read, once however often it comes."""
    ident = hashlib.sha256(raw).hexdigest()
    known = select(t.poison.c.id).where(t.poison.c.channel == channel, t.poison.c.event_id == ident)
    if connection.execute(known).first() is None:
        sealed = office.vault.seal_bytes(raw, ident.encode())
        connection.execute(insert(t.poison).values(channel=channel, event_id=ident, sealed=sealed, trace=why, at=now))


def _poisoned(connection: Connection, event: Inbound, office: Office, now: datetime, error: Exception) -> Batch:
    """Keeps an event that could not be handled for the operator, and repeats the question to the person."""
    try:
        batch = _alone(connection, event, office, now, apology)
    except Exception as again:
        if not of_the_events(again):
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
