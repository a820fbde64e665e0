"""The day after a person's last message, in which a platform lets us write to them freely."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, select, true, update

from storage import tables as t
from storage.letters import Parcel
from storage.rows import parcel_of, upsert
from storage.vault import Vault

LENGTH = timedelta(hours=24)
# For clocks that differ, and for letters that are on their way when the day ends.
MARGIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reach:
    """How a contact can be reached now from one of our numbers."""

    address: str
    phone: str = ""
    open_until: datetime | None = None
    announced_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether a free message would still be taken."""
        return self.open_until is not None and now < self.open_until - MARGIN

    def announced_since_open(self) -> datetime | None:
        """When the person was last asked to answer, and has not since."""
        at = self.announced_at
        answered = at is None or (self.open_until is not None and self.open_until - LENGTH > at)
        return None if answered else at


@cache
def _open(dialect: str) -> Any:
    made = upsert(dialect)(t.windows)
    later = case(
        (made.excluded.open_until > t.windows.c.open_until, made.excluded.open_until), else_=t.windows.c.open_until
    )
    return made.on_conflict_do_update(index_elements=["contact_id", "account"], set_={"open_until": later})


_RELEASE = (
    update(t.outbox)
    # Said so that no index holds it: SQLite would go through all that is held, for a few contacts.
    .where(t.outbox.c.contact_id.in_(bindparam("contacts", expanding=True)), (t.outbox.c.held == true()).is_(true()))
    .values(held=False, due_at=bindparam("now"), planned_at=bindparam("now"))
    .returning(t.outbox)
)


def written(connection: Connection, heard: Iterable[tuple[int, str, datetime]]) -> None:
    """Opens the windows of people who wrote: (contact, our number, when); an older message changes nothing."""
    latest: dict[tuple[int, str], datetime] = {}
    for contact, account, at in heard:
        latest[(contact, account)] = max(at + LENGTH, latest.get((contact, account), at))
    if latest:
        rows = [
            {"contact_id": contact, "account": account, "open_until": until}
            for (contact, account), until in sorted(latest.items())
        ]
        connection.execute(_open(connection.dialect.name), rows)


def moved(connection: Connection, old: int, new: int) -> None:
    """The windows of an account that turned out to be another one; of two the later counts."""
    w = t.windows.c
    gone = delete(t.windows).where(w.contact_id == old).returning(w.account, w.open_until, w.announced_at)
    rows = [{**row._mapping, "contact_id": new} for row in connection.execute(gone)]
    if rows:
        connection.execute(_open(connection.dialect.name), rows)


def released(connection: Connection, contacts: Sequence[int], channel: str, now: datetime) -> list[Parcel]:
    """The letters that waited for these people to write, free to leave now."""
    rows = connection.execute(_RELEASE, {"contacts": list(contacts), "now": now})
    return sorted((parcel_of(row, channel, False) for row in rows), key=lambda parcel: parcel.id)


def reach(connection: Connection, vault: Vault, contact: int, account: str) -> Reach:
    """The addresses of a contact, and how its window with our number stands."""
    w, c = t.windows.c, t.contacts.c
    joined = t.contacts.outerjoin(t.windows, (w.contact_id == c.id) & (w.account == account))
    row = connection.execute(
        select(c.sealed, c.lookup, c.into, w.open_until, w.announced_at).select_from(joined).where(c.id == contact)
    ).one()
    if row.into is not None:
        return reach(connection, vault, row.into, account)
    identity = vault.open(row.sealed, row.lookup)
    return Reach(identity.address, identity.phone, row.open_until, row.announced_at)


def _account(connection: Connection, contact: int) -> int:
    """The contact that this one turned out to be; nobody makes it another one before the end."""
    query = select(t.contacts.c.into).where(t.contacts.c.id == contact)
    into = connection.execute(query.with_for_update(read=True, key_share=True)).scalar()
    return contact if into is None else _account(connection, into)


def hold(connection: Connection, parcel: Parcel, account: str, now: datetime, announced: bool) -> bool:
    """Lets a letter wait until the person writes; false where they just did, so that it may leave at once."""
    w, contact = t.windows.c, _account(connection, parcel.contact)
    values = {"contact_id": contact, "account": account, "open_until": t.EPOCH}
    made = upsert(connection.dialect.name)(t.windows).values(**values, announced_at=now if announced else None)
    asked = made.on_conflict_do_update(index_elements=["contact_id", "account"], set_={"announced_at": now})
    # There is a row then, which is locked, so that a message that comes now is either seen here or finds the letter
    # waiting.
    connection.execute(asked if announced else made.on_conflict_do_nothing())
    query = select(w.open_until).where(w.contact_id == contact, w.account == account)
    if now < connection.execute(query.with_for_update()).scalar_one() - MARGIN:
        return False
    held = {"held": True, "attempts": 0, "contact_id": contact}
    connection.execute(update(t.outbox).where(t.outbox.c.id == parcel.id).values(**held))
    return True


def close(connection: Connection, contact: int, account: str) -> None:
    """The platform says that the day is over: what we counted was wrong."""
    w = t.windows.c
    connection.execute(
        update(t.windows).where(w.contact_id == contact, w.account == account).values(open_until=t.EPOCH)
    )


def close_all(connection: Connection, contacts: Iterable[int]) -> None:
    """The same for people of whom a receipt says so."""
    connection.execute(update(t.windows).where(t.windows.c.contact_id.in_(list(contacts))).values(open_until=t.EPOCH))


def unannounced(connection: Connection, contact: int, channel: str, now: datetime) -> list[Parcel]:
    """Nobody was asked after all: what waited for the answer, free to be announced again."""
    mine = update(t.windows).where(t.windows.c.contact_id == contact)
    connection.execute(mine.values(announced_at=None))
    return released(connection, [contact], channel, now)
