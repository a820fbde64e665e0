"""What a platform says later of what it took: arrived, read, or failed and why; in any order, any number of times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

import msgspec
from sqlalchemy import ARRAY, Connection, Integer, Row, bindparam, column, delete, func, select, update

from handlers.cards import told
from handlers.words import Letter
from storage import tables as t
from storage.desk import RecordDesk
from storage.letters import Fate, Parcel, Receipt
from storage.office import Office
from storage.outbox import Sent, delivered, given_up
from storage.rows import NEWS, decode_body, parcel_of, upsert
from storage.windows import close_all, unannounced

AGAIN_AFTER = timedelta(seconds=30)
TOMORROW = timedelta(hours=25)
TRIES = 5
_LOCK = select(func.pg_advisory_xact_lock(5805, column("key"))).select_from(
    func.unnest(bindparam("keys", type_=ARRAY(Integer))).table_valued("key", name="messages").render_derived()
)


@dataclass(slots=True)
class Settled:
    """What came of receipts: letters to send, letters taken back, and the codes of what failed."""

    parcels: list[Parcel] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


def settle(connection: Connection, office: Office, receipts: Sequence[Receipt], now: datetime) -> Settled:
    """Notes how far messages came; what failed is sent another way, later, or given up and told to the officers."""
    settled = Settled()
    best = _best(receipts)
    _one_by_one(connection, best)
    query = select(t.accepted).where(t.accepted.c.message.in_(best)).order_by(t.accepted.c.message)
    rows = {row.message: row for row in connection.execute(query.with_for_update())}
    _keep_early(connection, [receipt for message, receipt in best.items() if message not in rows], now)
    desk = RecordDesk(connection, office, now)
    letters = _arrived(connection, desk, [(best[message], row) for message, row in rows.items()])
    done: set[int] = set()
    for message, row in sorted(rows.items(), key=lambda item: item[1].letter):
        receipt = best[message]
        if receipt.rank < 0 and row.rank < 1 and row.letter not in done:
            done.add(row.letter)
            settled.failed.append(receipt.code)
            _failed(connection, desk, row, receipt, settled, now)
    settled.parcels.extend(desk.flush(letters))
    settled.dropped.extend(desk.dropped)
    return settled


def _one_by_one(connection: Connection, messages: Iterable[str]) -> None:
    """Who writes a message down and who hears of it wait for each other: neither sees what the other has not ended."""
    keys = sorted({crc32(message.encode()) - 2**31 for message in messages})
    if keys and connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"keys": keys})


def _best(receipts: Sequence[Receipt]) -> dict[str, Receipt]:
    """The one receipt that counts for each message: the furthest it came, and failure only where it came nowhere."""
    found: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        found[receipt.message].append(receipt)
    return {
        message: max(each, key=lambda receipt: (receipt.rank > 0, receipt.rank < 0, receipt.rank))
        for message, each in found.items()
    }


def _keep_early(connection: Connection, receipts: Sequence[Receipt], now: datetime) -> None:
    # A platform may be faster than the transaction that writes down its answer to us.
    rows = [
        {"message": each.message, "rank": each.rank, "code": each.code, "fate": each.fate.value, "at": now}
        for each in receipts
        if each.rank
    ]
    if rows:
        connection.execute(upsert(connection.dialect.name)(t.receipts).on_conflict_do_nothing(), rows)


def _arrived(connection: Connection, desk: RecordDesk, met: Sequence[tuple[Receipt, Row[Any]]]) -> list[Letter]:
    """Raises the rank of what arrived, never lowers it; the cards of the tickets concerned show it."""
    tickets: dict[int, None] = {}
    for receipt, row in met:
        if receipt.rank <= row.rank:
            continue
        a, s = t.accepted.c, t.sent.c
        connection.execute(update(t.accepted).where(a.message == row.message).values(rank=receipt.rank, body=""))
        if row.ticket is None:
            continue
        mine = (s.contact_id == row.contact_id, s.message == row.message)
        connection.execute(update(t.sent).where(*mine).values(rank=receipt.rank))
        if row.part in NEWS:
            tickets[row.ticket] = None
    return [letter for ticket in tickets for letter in _shown(desk, ticket)]


def _shown(desk: RecordDesk, ident: int) -> Sequence[Letter]:
    ticket = desk.ticket(ident)
    return told(desk, ticket) if ticket else ()


def _failed(
    connection: Connection, desk: RecordDesk, row: Row[Any], receipt: Receipt, settled: Settled, now: datetime
) -> None:
    """The letter of a message that was taken and did not arrive, all its messages taken as one."""
    a, s, o = t.accepted.c, t.sent.c, t.outbox.c
    # What only announced a letter left the letter itself where it was; once that has left, the announcement is moot.
    held = delete(t.outbox).where(o.id == row.letter, o.held).returning(t.outbox)
    waiting = connection.execute(held).one_or_none()
    moot = waiting is None and not row.body
    gone = a.message == row.message if moot else a.letter == row.letter
    messages = list(connection.execute(delete(t.accepted).where(gone).returning(a.message)).scalars())
    connection.execute(delete(t.sent).where(s.contact_id == row.contact_id, s.message.in_(messages)))
    if moot:
        return
    channel = desk.contact(row.contact_id).channel
    if waiting is not None:
        settled.parcels.extend(unannounced(connection, row.contact_id, channel, now))
    parcel = parcel_of(waiting, channel, False) if waiting else _parcel(row, channel)
    if receipt.fate in (Fate.GONE, Fate.REFUSED) or row.attempts >= TRIES:
        parcels, dropped = given_up(desk, parcel, receipt.fate is Fate.GONE)
        settled.parcels.extend(parcels)
        settled.dropped.extend(dropped)
        return
    if receipt.fate is Fate.CLOSED:
        close_all(connection, [row.contact_id])
    wait = {Fate.CLOSED: timedelta(), Fate.TOMORROW: TOMORROW}.get(receipt.fate, AGAIN_AFTER * 2**row.attempts)
    again = {"due_at": now + wait, "attempts": row.attempts + 1}
    settled.parcels.append(desk.posted_again(msgspec.structs.replace(parcel, **again)))


def _parcel(row: Row[Any], channel: str) -> Parcel:
    ticket, part, draft, body = row.ticket, row.part, row.draft, decode_body(row.body)
    due, key = row.at, row.key
    return Parcel(row.letter, row.contact_id, channel, row.priority, due, 0, ticket, part, draft, False, body, key)


def marked(connection: Connection, office: Office, done: Sequence[Sent], now: datetime) -> Settled:
    """Writes down what was delivered; receipts that were faster than this count now."""
    messages = [message for each in done if each.confirmed_later for message in each.messages]
    _one_by_one(connection, messages)
    delivered(connection, done)
    if not messages:
        return Settled()
    r = t.receipts.c
    gone = delete(t.receipts).where(r.message.in_(messages)).returning(r.message, r.rank, r.code, r.fate)
    found = [Receipt(row.message, row.rank, row.code, Fate(row.fate)) for row in connection.execute(gone)]
    return settle(connection, office, found, now) if found else Settled()
