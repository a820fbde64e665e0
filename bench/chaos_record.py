"""What must be true of the record after the chaos, on either database; it is only read."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Column, Connection, create_engine, func, make_url, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bench.replay_check import Finding
from handlers.rules.privacy import masked
from storage import tables as t
from storage.overview import broken_histories
from storage.vault import Vault

T = TypeVar("T")
ALL = 100_000_000


class Told(Protocol):
    """A citizen, as far as the record is asked for one."""

    at: int
    number: str
    privacy: str
    told: list[str]


# What points to a row of another table without the database watching over it; 0 stands for nothing.
LOOSE: tuple[tuple[Column[int], Column[int]], ...] = (
    (t.talks.c.room_id, t.contacts.c.id),
    (t.contacts.c.person, t.contacts.c.id),
    (t.contacts.c.into, t.contacts.c.id),
    (t.tickets.c.merged_into, t.tickets.c.id),
    (t.officers.c.decree, t.decrees.c.id),
    (t.invitations.c.decree_id, t.decrees.c.id),
    (t.sent.c.draft, t.drafts.c.id),
    (t.outbox.c.draft, t.drafts.c.id),
    (t.accepted.c.ticket, t.tickets.c.id),
)


async def looked(url: str, fn: Callable[[Connection], T]) -> T:
    """What a look at the record gives, which is open to be read and for nothing else."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_looked_at_file, str(address.database), fn)
    read_only = {"server_settings": {"default_transaction_read_only": "on"}}
    engine = create_async_engine(address, poolclass=NullPool, connect_args=read_only)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(fn)
    finally:
        await engine.dispose()


def _looked_at_file(path: str, fn: Callable[[Connection], T]) -> T:
    engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
    with engine.connect() as connection:
        return fn(connection)


def waiting(connection: Connection) -> int:
    """How many letters the outbox holds."""
    return int(connection.execute(select(func.count()).select_from(t.outbox)).scalar_one())


def reports(connection: Connection, citizens: Sequence[Told]) -> list[Finding]:
    """Whether each report is one ticket with all that was told, and every ticket somebody's."""
    rows = connection.execute(select(t.tickets.c.number, t.tickets.c.story))
    stories: dict[str, str] = {row.number: row.story for row in rows}
    whose = Counter(number for number, story in stories.items() for one in citizens if _is_of(story, one))
    own = {one.at: [number for number, story in stories.items() if _is_of(story, one)] for one in citizens}
    once = sum(numbers == [one.number] for one in citizens for numbers in [own[one.at]])
    kept = sum(_kept(stories.get(one.number, ""), one) for one in citizens)
    states = Counter(connection.execute(select(t.tickets.c.state)).scalars())
    return [
        Finding("reports that are exactly one ticket, of the number told", once, len(citizens)),
        Finding("tickets that are not one citizen's", sum(whose[number] != 1 for number in stories), 0),
        Finding("stories with each part once", kept, len(citizens)),
        Finding("tickets resolved", states["resolved"], len(citizens), str(dict(states))),
    ]


def _parts(one: Told) -> list[str]:
    return [masked(part) if one.privacy.startswith("Anonim") else part for part in one.told]


def _is_of(story: str, one: Told) -> bool:
    return f"Kabar {one.at:05} " in story


def _kept(story: str, one: Told) -> bool:
    return bool(one.told) and all(story.count(part) == 1 for part in _parts(one))


def events(connection: Connection, taken: Mapping[str, int], meant: Iterable[str]) -> list[Finding]:
    """Whether all that people did is in the inbox, once, and nothing else."""
    kept = Counter(connection.execute(select(t.inbox.c.event_id)).scalars())
    did = set(meant)
    return [
        Finding("events never taken", sum(not taken.get(event, 0) for event in did), 0),
        Finding("events that are on record once", sum(kept[event] == 1 for event in did), len(did)),
        Finding("events on record that nobody sent", len(set(kept) - did), 0),
    ]


def left_over(connection: Connection, written: Mapping[str, int]) -> list[Finding]:
    """Whether nothing is left that should have come to an end; `written` says how often officers wrote each word."""
    held = select(func.count())
    poison = list(connection.execute(select(t.poison.c.trace)).scalars())
    traces = sorted({trace.strip().rpartition("\n")[2] for trace in poison})
    open_talks = held.select_from(t.talks).where(t.talks.c.open, t.talks.c.room_id == 0)
    return [
        Finding("letters left in the outbox", waiting(connection), 0),
        Finding("events set aside as poison", len(poison), 0, ", ".join(traces)),
        Finding("reports left unfinished", int(connection.execute(open_talks).scalar_one()), 0),
        _unsent(connection, written),
    ]


def _unsent(connection: Connection, written: Mapping[str, int]) -> Finding:
    """Who wrote the same words again has as many drafts, one of each message, and sends one of them."""
    d = t.drafts.c
    drafts = connection.execute(select(d.text, d.sent, d.room, d.source)).all()
    made, sent = Counter(row.text for row in drafts), Counter(row.text for row in drafts if row.sent)
    messages = Counter(text for text, _, _ in {(row.text, row.room, row.source) for row in drafts})
    own = {text for text, count in made.items() if messages[text] == count <= written.get(text, 0)}
    excused = {text for text in own if sent[text] == 1}
    left = [row.text in excused for row in drafts if not row.sent]
    return Finding("officers' drafts left unsent", left.count(False), 0, f"{left.count(True)} written again and sent")


def histories(connection: Connection) -> list[Finding]:
    """Whether each ticket's history leads to its state, and each has one."""
    broken = broken_histories(connection, ALL)
    told = select(t.history.c.ticket)
    silent = select(func.count()).select_from(t.tickets).where(t.tickets.c.id.not_in(told))
    return [
        Finding("histories that lead elsewhere", len(broken), 0, ", ".join(broken[:5])),
        Finding("tickets without a history", int(connection.execute(silent).scalar_one()), 0),
    ]


def relations() -> Iterator[tuple[Column[int], Column[int]]]:
    """Every column that points to a row, and where to."""
    for table in t.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                yield column, key.column
    yield from LOOSE


def orphans(connection: Connection) -> Finding:
    """How many rows point to a row that is not there, over all tables."""
    found = {f"{child.table.name}.{child.name}": _dangling(connection, child, to) for child, to in relations()}
    wrong = {name: count for name, count in found.items() if count}
    return Finding(
        "rows that point to nothing", sum(wrong.values()), 0, f"{len(found)} relations {wrong or ''}".strip()
    )


def _dangling(connection: Connection, child: Column[int], to: Column[int]) -> int:
    there = to.table.alias()
    is_there = select(there.c[to.name]).where(there.c[to.name] == child).exists()
    pointing = child.is_not(None) & (child != 0)
    count = select(func.count()).select_from(child.table).where(pointing, ~is_there)
    return int(connection.execute(count).scalar_one())


def receipts(connection: Connection, vault: Vault, said: Mapping[str, set[str]]) -> Finding:
    """Whether all that the record says was sent did arrive at the platform, in that chat."""
    who = select(t.contacts.c.id, t.contacts.c.sealed, t.contacts.c.lookup)
    chats = {row.id: vault.open(row.sealed, row.lookup).address for row in connection.execute(who)}
    rows = connection.execute(select(t.sent.c.contact_id, t.sent.c.message)).all()
    wrong = sum(row.message not in said.get(chats.get(row.contact_id, ""), set()) for row in rows)
    return Finding("letters on record as sent that never arrived", wrong, 0, f"{len(rows)} sent")
