"""What happens at every message and every receipt finds its rows by an index, however many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, event, insert, text, update

from handlers.desk import Scene
from handlers.words import File, Inbound, Kind, Letter, Part, Person, Pin, Turn
from storage import backlog, files, planned, receipts, recount, statistics, windows
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Body, Fate, Parcel, Receipt
from storage.outbox import Sent
from storage.sweep import sweep
from storage.turns import take
from storage.vault import Identity
from tests.storage.samples import ACCOUNT, NOW, OFFICE, WHATSAPP, put_people, ticket, undone, wrote

MANY = 2000
# Of the others there are few: groups, officers, facts.
GROWING = (
    *("contacts", "aliases", "windows", "talks", "inbox", "tickets", "history", "attachments"),
    *("sent", "accepted", "receipts", "fetches", "outbox", "drafts", "threads", "tallies", "ratings"),
)
# Holds only open reports for which another agency stands in; they are read all.
SMALL = ("ix_tickets_stands_in",)


def phone(number: int) -> str:
    """The number of one of many."""
    return f"62{number:08}"


def put_many(connection: Connection) -> int:
    """Many people with a report each, of which they were told; gives the id of the last of them."""
    seal, lookups = OFFICE.vault.seal, OFFICE.vault.lookups
    hashes = [lookups(WHATSAPP, f"ID.{number}")[0] for number in range(MANY)]
    same = {"channel": WHATSAPP, "named": False, "is_group": False, "forum": False, "language": "id", "blocked": False}
    who = [{"lookup": each, "sealed": seal(Identity(f"ID.{n}"), each), **same} for n, each in enumerate(hashes)]
    made = insert(t.contacts).values(consent="2026-11", created_at=NOW).returning(t.contacts.c.id)
    ids: list[int] = sorted(connection.execute(made, who).scalars())
    for table, values in many(ids):
        connection.execute(insert(table), values)
    people = put_people(connection)
    values = [{"room_id": people.roads, "ticket": of, "topic": "", "card": ""} for of in range(1, MANY)]
    connection.execute(insert(t.threads), values)
    return ids[-1]


def many(ids: list[int]) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """The rows of all tables that grow."""
    lookups, body = OFFICE.vault.lookups, '{"text":"a"}'
    yield t.aliases, [{"lookup": lookups(WHATSAPP, phone(n))[0], "contact_id": of} for n, of in enumerate(ids)]
    yield t.windows, [{"contact_id": of, "account": ACCOUNT, "open_until": NOW} for of in ids]
    talk = {"room_id": 0, "body": "{}", "open": False, "nudged": False, "updated_at": NOW}
    yield t.talks, [{"contact_id": of, **talk} for of in ids]
    reports = [asdict(ticket(of, f"LPR-{of}")) for of in ids]
    yield t.tickets, [{name: value for name, value in each.items() if name != "id"} for each in reports]
    told = {"part": "notice", "draft": None}
    about = [{"contact_id": of, "ticket": n, **told} for n, of in enumerate(ids, 1)]
    yield t.sent, [{"message": f"w{each['ticket']}", "failed": False, "at": NOW, **each} for each in about]
    letter = {"priority": 1, "attempts": 0, "key": "", "body": body}
    kept = {"rank": 0, "at": NOW, **letter}
    yield t.accepted, [{"message": f"w{each['ticket']}", "letter": each["ticket"], **kept, **each} for each in about]
    yield t.outbox, [{"due_at": NOW, "held": True, **letter, **each} for each in about]
    yield t.receipts, [{"message": f"e{n}", "rank": 1, "code": 0, "fate": "refused", "at": NOW} for n in range(MANY)]
    yield t.inbox, [{"channel": WHATSAPP, "event_id": f"x{n}", "at": NOW} for n in range(MANY)]
    file = {"channel": WHATSAPP, "kind": "image", "mime": "", "blob": ""}
    yield t.attachments, [{"ticket": n, "role": "reporter", "ref": f"r{n}", "size": 0, **file} for n in range(1, MANY)]
    fetch = {"problem": "", "attempts": 1, "due_at": None, "at": NOW, **file}
    yield t.fetches, [{"ref": f"r{n}", "contact_id": of, **fetch} for n, of in enumerate(ids)]
    draft = {"action": "answer", "text": "", "files": [], "sent": True, "created_at": NOW}
    rooms = [{"ticket": n, "author": of, "room": of, "source": f"m{n}"} for n, of in enumerate(ids, 1)]
    yield t.drafts, [{**each, **draft} for each in rooms]
    entry = {"at": NOW, "actor": None, "role": "system", "action": "note", "state": "received", "agency": "dpu"}
    yield t.history, [{"ticket": n, "data": {}, **entry} for n in range(1, MANY)]


def handles(scene: Scene) -> Turn:
    """Asks the record for whatever an answer may need."""
    desk, me = scene.desk, scene.contact.id
    (mine,) = desk.tickets_of(me)
    desk.history(mine.id), desk.attachments(mine.id), desk.deliveries(mine.id, me), desk.arrival(mine)
    desk.bound(me, "w5"), desk.last_told(me), desk.waits(me, "k"), desk.open_draft(me, NOW), desk.draft_from(me, "m")
    desk.agency_of(me), desk.rooms_of("dpu"), desk.carded(mine.id), desk.ticket_by_number("LPR-5")
    desk.ticket_by_sp4n("1916449")
    return Turn(scene.talk, (Letter(me, "baik", key="k", part=Part.NOTICE, ticket=mine.id),))


def works(connection: Connection, last: int) -> None:
    """A message by id and number, a file, a letter that is held, one that was sent, receipts of each kind."""
    both = Person(f"ID.{MANY - 1}", phone=phone(MANY - 1))
    photo: dict[str, Any] = {"kind": Kind.FILE, "file": File("f", "image", "image/jpeg", fleeting=True)}
    said: list[Inbound] = [wrote(both), wrote(Person(phone(7))), wrote(Person("ID.8", phone=phone(8)), **photo)]
    for each in said:
        take(connection, [each], OFFICE, NOW, handles)
    parcel = Parcel(MANY, last, WHATSAPP, 1, NOW, 0, MANY, "notice", None, False, Body("a"))
    windows.reach(connection, OFFICE.vault, last, ACCOUNT)
    windows.hold(connection, parcel, ACCOUNT, NOW + timedelta(days=2), True)
    receipts.marked(connection, OFFICE, [Sent(parcel, ("sent",), NOW, confirmed_later=True)], NOW)
    fates = [Receipt("w11", -1, 1, Fate.CLOSED), Receipt("w12", -1, 1, Fate.GONE), Receipt("w13", -1, 1, Fate.AGAIN)]
    receipts.settle(connection, OFFICE, [Receipt("w10", 2), Receipt("new", 1), *fates], NOW)
    files.claimed(connection, NOW, 8)
    backlog.wait(connection, WHATSAPP, 60.0, NOW)
    planned.wrong(connection, [WHATSAPP], NOW)


def scans(node: dict[str, Any]) -> Iterator[str]:
    """The growing tables of which this plan of PostgreSQL's reads more than it looks for."""
    sought = "Index Cond" in node or "Recheck Cond" in node or "TID Cond" in node or node.get("Index Name") in SMALL
    if "Scan" in node["Node Type"] and node.get("Relation Name") in GROWING and not sought:
        yield f"{node['Node Type']} {node['Relation Name']}"
    for each in node.get("Plans", ()):
        yield from scans(each)


def plan(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """The tables that a statement reads as a whole."""
    if connection.dialect.name == "sqlite":
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        read = [step.detail for step in steps if step.detail.removeprefix("SCAN ").split()[0] in GROWING]
        return [each for each in read if each.split()[-1] not in SMALL]
    found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    tree = json.loads(found) if isinstance(found, str) else found
    return list(scans(tree[0]["Plan"]))


async def read_as_a_whole(database: Database, work: Callable[[Connection], Any]) -> dict[str, list[str]]:
    """The statements of this work that scan a table that grows, with what they scan."""

    def watch(connection: Connection) -> dict[str, list[str]]:
        seen: dict[str, Any] = {}

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, several: bool) -> None:
            seen.setdefault(statement, parameters[0] if several else parameters)

        event.listen(connection, "before_cursor_execute", note)
        try:
            work(connection)
        finally:
            event.remove(connection, "before_cursor_execute", note)
        found = [each for each in seen if each.split()[0] in ("SELECT", "UPDATE", "DELETE", "WITH")]
        assert len(found) > 15
        return {each: whole for each in found if (whole := plan(connection, each, seen[each]))}

    if not database.sqlite:
        await database.write(lambda connection: connection.execute(text("ANALYZE")))
    return await undone(database, watch)


async def test_nothing_is_read_as_a_whole(database: Database) -> None:
    """No statement of a message, a delivery or a receipt scans a table that grows."""
    last = await database.write(put_many)
    assert await read_as_a_whole(database, lambda connection: works(connection, last)) == {}


def grown(connection: Connection) -> None:
    """Many reports that have come to their end at many agencies, a few that are open, and as many sums."""
    put_many(connection)
    c, agencies = t.tickets.c, [f"unit-{n}" for n in range(20)]
    for n, agency in enumerate(agencies):
        connection.execute(update(t.tickets).where(c.id % 20 == n).values(agency=agency))
    ended = update(t.tickets).where(c.id % 29 != 0)
    connection.execute(ended.values(closed_at=NOW - timedelta(days=40), meant="dinkes", state="resolved"))
    connection.execute(update(t.tickets).where(c.closed_at.is_(None)).values(wakes_at=NOW + timedelta(days=1)))
    months = [date(2020 + n // 12, 1 + n % 12, 1) for n in range(80)]
    nothing = dict.fromkeys(t.TALLIED, 1)
    rows = [{"month": month, "agency": each, "part": 0, **nothing} for month in months for each in agencies]
    connection.execute(insert(t.tallies), rows)
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(400)]
    said = [{"agency": each, "day": day, **dict.fromkeys(t.SAID, 1)} for day in days for each in agencies]
    connection.execute(insert(t.ratings), said)
    stands = [{"agency": each, "year": 2026, "part": 0, **dict.fromkeys(t.STANDING, 1)} for each in agencies]
    connection.execute(insert(t.standings), stands)


def asks(connection: Connection) -> None:
    """What the clock asks every minute, and what an office asks of all its reports."""
    assert recount.behind(connection)
    sweep(connection, OFFICE, NOW)
    statistics.of_month(connection, date(2026, 10, 1)), statistics.of_month(connection, date(2026, 10, 1), ["unit-1"])
    desk = RecordDesk(connection, OFFICE, NOW)
    desk.tickets_at("unit-1"), desk.claimed(1, "unit-1"), desk.meant_for("dinkes")
    desk.nearby(["jalan"], ["35.08"], Pin(-8.2, 113.1), NOW), desk.followers(1)
    desk.score(["unit-1"], NOW - timedelta(days=30)), desk.backlogs(["unit-1", "unit-2"])
    desk.load("unit-1"), desk.pressing("unit-1", 6)
    desk.lapse()


async def test_the_clock_reads_nothing_as_a_whole(database: Database) -> None:
    """However many reports have come to their end, the minute's round and the office's lists do not read them."""
    await database.write(grown)
    assert await read_as_a_whole(database, asks) == {}
