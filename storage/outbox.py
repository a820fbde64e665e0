"""The outbox: what waits for delivery, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Connection, bindparam, delete, func, insert, select, update

from handlers import standin
from handlers.cards import told
from handlers.notices import UNREACHED, UNTAKEN, to_holders
from handlers.words import Letter, Part
from storage import tables as t
from storage.desk import RecordDesk
from storage.letters import Parcel
from storage.office import Office
from storage.prepared import ask, run
from storage.rows import encode_body, parcel_of, upsert
from storage.vault import Vault

# Built once: putting a statement together costs more than running it.
_KEEP_CARD = (
    update(t.threads)
    .where(t.threads.c.room_id == bindparam("room"), t.threads.c.ticket == bindparam("about"))
    .values(card=bindparam("shown"), edited_at=bindparam("at"))
)
_KEEP_SENT = insert(t.sent)
_WHERE = select(t.contacts.c.sealed, t.contacts.c.lookup).where(t.contacts.c.id == bindparam("contact"))
_LIVES = select(t.threads).where(t.threads.c.room_id == bindparam("room"), t.threads.c.ticket == bindparam("about"))
_TAKE_OUT = delete(t.outbox).where(t.outbox.c.id == bindparam("key"))
# On PostgreSQL each statement of many is a message of its own; SQLite has them prepared.
_KEYS = func.any(bindparam("keys", type_=ARRAY(BigInteger)))
# The people first, as a turn does: who answers at once has a turn that takes back what is written down here.
_SHARED = (
    select(t.contacts.c.id)
    .where(t.contacts.c.id == func.any(bindparam("people", type_=ARRAY(BigInteger))))
    .order_by(t.contacts.c.id)
    .with_for_update(read=True, key_share=True)
    .cte("shared")
    .prefix_with("MATERIALIZED")
)
_ALL_SHARED = select(func.count()).select_from(_SHARED).scalar_subquery()
_TAKE_OUT_ALL = delete(t.outbox).where(_ALL_SHARED >= 0, t.outbox.c.id == _KEYS)


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a ticket lives in a group."""

    topic: str = ""
    card: str = ""
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivered parcel, with the platform's ids of its messages.

    `confirmed_later`: the platform says afterwards whether they arrived. `follows`: what was sent announces the
    letter, which itself stays in the outbox.
    """

    parcel: Parcel
    messages: tuple[str, ...]
    at: datetime
    topic: str = ""
    confirmed_later: bool = False
    follows: bool = False


def waiting(connection: Connection, channels: Sequence[str], limit: int, after: int = 0) -> list[Parcel]:
    """Parcels of these channels, oldest first, from behind this id."""
    o, c = t.outbox.c, t.contacts.c
    query = (
        select(t.outbox, c.channel, c.is_group)
        .join(t.contacts, c.id == o.contact_id)
        .where(c.channel.in_(channels), o.id > after, o.held.is_(False))
        .order_by(o.id)
        .limit(limit)
    )
    return [parcel_of(row, row.channel, row.is_group) for row in connection.execute(query)]


def address(connection: Connection, vault: Vault, contact: int) -> str:
    """The address a contact is reached at."""
    row = connection.execute(_WHERE, {"contact": contact}).one()
    return vault.open(row.sealed, row.lookup).address


def thread(connection: Connection, room: int, ticket: int) -> Thread:
    """Where a ticket lives in this group, as far as it does."""
    row = connection.execute(_LIVES, {"room": room, "about": ticket}).one_or_none()
    return Thread(row.topic, row.card, row.edited_at) if row else Thread()


def delivered(connection: Connection, done: Sequence[Sent]) -> None:
    """Takes delivered parcels out of the outbox and keeps the ids by which replies are bound."""
    left = [each.parcel.id for each in done if not each.follows]
    if left and connection.dialect.name == "postgresql":
        ask(connection, _TAKE_OUT_ALL, {"people": sorted({each.parcel.contact for each in done}), "keys": left})
    elif left:
        run(connection, _TAKE_OUT, [{"key": ident} for ident in left])
    kept = [row for each in done if each.parcel.ticket is not None for row in _sent_rows(each)]
    if kept:
        run(connection, _KEEP_SENT, kept)
    threads = [each for each in done if each.parcel.group and each.parcel.ticket is not None]
    if cards := [_card(each) for each in threads if each.parcel.part == Part.CARD.value and each.messages]:
        connection.execute(_KEEP_CARD, cards)
    for each in threads:
        if each.topic:
            keep_topic(connection, each.parcel.contact, each.parcel.ticket or 0, each.topic)
    unsure = [row for each in done if each.confirmed_later for row in _accepted_rows(each)]
    if unsure:
        connection.execute(upsert(connection.dialect.name)(t.accepted).on_conflict_do_nothing(), unsure)


def _accepted_rows(done: Sent) -> list[dict[str, Any]]:
    parcel = done.parcel
    # Of an announcement nothing is kept to send again: the letter itself still waits.
    body = "" if done.follows else encode_body(parcel.body)
    return [
        {
            "message": message,
            "letter": parcel.id,
            "contact_id": parcel.contact,
            "priority": parcel.priority,
            "attempts": parcel.attempts,
            "key": parcel.key,
            "ticket": parcel.ticket,
            "part": parcel.part,
            "draft": parcel.draft,
            "body": body,
            "rank": 0,
            "at": done.at,
        }
        for message in done.messages
    ]


def _sent_rows(done: Sent) -> list[dict[str, Any]]:
    parcel = done.parcel
    return [
        {
            "contact_id": parcel.contact,
            "message": message,
            "ticket": parcel.ticket,
            "part": Part.ANNOUNCED.value if done.follows else parcel.part,
            "draft": parcel.draft,
            "failed": False,
            "at": done.at,
        }
        for message in done.messages
    ]


def _card(done: Sent) -> dict[str, Any]:
    return {"room": done.parcel.contact, "about": done.parcel.ticket, "shown": done.messages[0], "at": done.at}


def keep_topic(connection: Connection, room: int, ticket: int, topic: str) -> None:
    """Keeps the topic that was opened for a ticket, before anything is written in it."""
    h = t.threads.c
    connection.execute(update(t.threads).where(h.room_id == room, h.ticket == ticket).values(topic=topic))


def forget_thread(connection: Connection, room: int, ticket: int, topic: bool) -> None:
    """Forgets a card, or a topic with its card, that the platform no longer has."""
    h = t.threads.c
    values = {"card": "", "edited_at": None} | ({"topic": ""} if topic else {})
    connection.execute(update(t.threads).where(h.room_id == room, h.ticket == ticket).values(**values))


def later(connection: Connection, parcel: Parcel, now: datetime, wait: timedelta, failed: bool) -> None:
    """Puts a parcel off: after a failure its attempts count on, after a mere wait they do not."""
    values = {"due_at": now + wait, "planned_at": now, "attempts": parcel.attempts + failed}
    connection.execute(update(t.outbox).where(t.outbox.c.id == parcel.id).values(**values))


def undeliverable(
    connection: Connection, office: Office, parcel: Parcel, now: datetime, gone: bool
) -> tuple[list[Parcel], list[int]]:
    """Gives a parcel up. A contact that is gone is marked; the officers of a ticket are told that it did not arrive."""
    there = connection.execute(delete(t.outbox).where(t.outbox.c.id == parcel.id)).rowcount
    desk = RecordDesk(connection, office, now)
    if there:
        return given_up(desk, parcel, gone)
    # Taken back meanwhile, or given up already by a run whose end nobody heard of: a second time would double letters.
    away: Sequence[Letter] = ()
    if gone and not desk.contact(parcel.contact).blocked:
        desk.change_contact(replace(desk.contact(parcel.contact), blocked=True))
        away = _left_behind(desk, parcel.contact)
    return desk.flush(away), desk.dropped


def given_up(desk: RecordDesk, parcel: Parcel, gone: bool) -> tuple[list[Parcel], list[int]]:
    """The same for a parcel that has left the outbox: it goes to another account of the person where there is one."""
    if gone:
        desk.change_contact(replace(desk.contact(parcel.contact), blocked=True))
        other = desk.reachable(parcel.contact)
        if other != parcel.contact:
            again = desk.redirected(parcel, other)
            desk.flush(())
            return again, desk.dropped
    desk.keep_failed(parcel)
    away = _left_behind(desk, parcel.contact) if gone else ()
    ticket = desk.ticket(parcel.ticket) if parcel.ticket is not None else None
    letters: Sequence[Letter] = ()
    if ticket and parcel.contact in desk.kin(ticket.reporter) and parcel.part == Part.NOTICE.value:
        text = (UNREACHED if gone else UNTAKEN)(number=ticket.number)
        letters = (*to_holders(desk, ticket, text), *told(desk, ticket))
    parcels = desk.flush((*letters, *away))
    return parcels, desk.dropped


def _left_behind(desk: RecordDesk, chat: int) -> Sequence[Letter]:
    """What follows for an agency when a chat of its is gone: a group answers for it no more."""
    agency = desk.agency_of(chat)
    if agency and desk.contact(chat).group:
        desk.unbind_room(chat)
    return standin.lost(desk, agency) if agency else ()


def moved(connection: Connection, office: Office, contact: int, new_address: str, now: datetime) -> None:
    """A group became a supergroup: the same contact under a new address, its old message ids void."""
    desk = RecordDesk(connection, office, now)
    desk.move_contact(contact, new_address)
    desk.flush(())


def is_forum(connection: Connection, contact: int) -> bool:
    """Whether a group has topics."""
    return bool(connection.execute(select(t.contacts.c.forum).where(t.contacts.c.id == contact)).scalar())
