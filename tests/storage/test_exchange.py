"""Reports go to the national system without a word of who reported them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from handlers.rules.privacy import MASK
from handlers.rules.ticket import Role, State
from storage import exchange
from storage.database import Database
from storage.desk import RecordDesk
from storage.exchange import AT_ONCE, COLUMNS, harmless
from storage.office import Office
from tests.storage.samples import (
    BUDI,
    NOW,
    OFFICE,
    SITI,
    People,
    at_desk,
    entry,
    put_people,
    ticket,
)

A, B, C = "LPR-2611-AAAA-Z", "LPR-2611-BBBB-S", "LPR-2611-CCCC-L"
NAMES = (SITI.name, SITI.address, BUDI.name)


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


async def put(database: Database, *given: dict[str, Any], people: People) -> list[int]:
    """Reports that differ from the usual one."""

    def work(desk: RecordDesk) -> list[int]:
        return [
            desk.add_ticket(ticket(people.siti, **{"number": f"LPR-{n}", **each})).id for n, each in enumerate(given)
        ]

    return await at_desk(database, work)


async def out(database: Database, office: Office = OFFICE) -> list[dict[str, str]]:
    """All rows that are handed over, by their columns."""
    found: list[list[str]] = []
    last = 0
    while True:
        page, looked, last = await database.read(lambda c, after=last: exchange.page(c, office, NOW, after))  # type: ignore[misc]
        if not looked:
            return [dict(zip(COLUMNS, row, strict=True)) for row in found]
        found += page


async def test_a_report_is_handed_over_without_its_reporter(database: Database, people: People) -> None:
    """Every column as the office says it, and nobody's name, number or account."""
    about = {"number": A, "klass": "supervisory", "state": State.IN_PROGRESS, "received_on": date(2026, 11, 18)}
    await put(database, about, people=people)
    (row,) = await out(database)
    assert row == {
        "number": A,
        "received": "2026-11-18",
        "type": "Pengaduan",
        "class": "Berkadar pengawasan",
        "category": "Jalan",
        "title": "Jalan berlubang",
        "story": "Jalan di depan pasar berlubang besar.",
        "place": "Pasar Baru",
        "event_date": "2026-11-20",
        "agency": "Dinas Pekerjaan Umum",
        "anonymous": "tidak",
        "secret": "tidak",
        "status": "Sedang diproses oleh Dinas Pekerjaan Umum",
    }
    assert not any(name in cell for name in NAMES for cell in row.values())


async def test_the_day_of_receipt_is_the_agencys(database: Database, people: People) -> None:
    """A report of the evening in UTC came on the next day in Indonesia."""
    await put(
        database, {"created_at": NOW - timedelta(hours=9)}, {"created_at": NOW - timedelta(hours=11)}, people=people
    )
    assert [row["received"] for row in await out(database)] == ["2026-11-23", "2026-11-22"]


@pytest.mark.parametrize(("anonymous", "secret", "kept"), [(0, 0, True), (1, 0, False), (0, 1, False), (1, 1, False)])
async def test_personal_numbers_are_masked(
    database: Database, people: People, anonymous: int, secret: int, kept: bool
) -> None:
    """In all that the reporter wrote, where they asked not to be known."""
    said = "Lapor 081234567890, NIK 3508012345678901, mobil N 1234 YZ"
    hidden = {"anonymous": bool(anonymous), "secret": bool(secret)}
    about = {"story": said, "title": said, "place": {"text": said, "lat": None, "lon": None, "area": ""}}
    await put(database, {**about, **hidden}, people=people)
    (row,) = await out(database)
    wanted = said if kept else f"Lapor {MASK}, NIK {MASK}, mobil {MASK}"
    assert [row[name] for name in ("title", "story", "place")] == [wanted] * 3
    assert [row["anonymous"], row["secret"]] == ["ya" if each else "tidak" for each in (anonymous, secret)]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "＝"])
async def test_no_cell_is_a_formula(database: Database, people: People, first: str) -> None:
    """What a reporter wrote is shown by a spreadsheet, never computed."""
    await put(database, {"story": f"{first}HYPERLINK(1)", "title": f"{first}1"}, people=people)
    (row,) = await out(database)
    assert (row["story"], row["title"]) == (f"'{first}HYPERLINK(1)", f"'{first}1")
    assert harmless("jalan = rusak") == "jalan = rusak"


async def test_what_is_not_meant_is_left_out(database: Database, people: People) -> None:
    """Reports with a number, merged ones, those taken back, trials, and those that can still be taken back."""
    gone: dict[str, Any] = {"state": State.ARCHIVED, "closed_at": NOW}
    old, fresh = ({"created_at": NOW - timedelta(seconds=n)} for n in (60, 59))
    given: list[dict[str, Any]] = [
        {"sp4n_id": "1916449"},
        {"state": State.MERGED},
        gone,
        gone,
        gone,
        gone,
        gone,
        fresh,
        {},
    ]
    ids = await put(database, *({**old, **each} for each in given), people=people)
    ends = [
        (ids[2], "withdraw", "withdrawn_in_time"),
        (ids[3], "archive", "withdrawn"),
        (ids[4], "archive", "test"),
        (ids[5], "archive", "outside"),
        # Taken back, objected, and archived for another reason.
        (ids[6], "withdraw", "withdrawn_in_time"),
        (ids[6], "archive", "general"),
    ]

    def history(desk: RecordDesk) -> None:
        for ident, action, text in ends:
            found = desk.ticket(ident)
            assert found is not None
            desk.change(found, entry(found, action, role=Role.COORDINATOR, data={"text": text}))

    await at_desk(database, history)
    office = Office(OFFICE.vault, OFFICE.facts, OFFICE.render, OFFICE.draw, grace=timedelta(seconds=60))
    assert [row["number"] for row in await out(database, office)] == ["LPR-5", "LPR-6", "LPR-8"]
    assert await database.read(lambda c: exchange.count(c, office, NOW)) == 6


async def test_many_reports_come_in_portions(database: Database, people: People) -> None:
    """Each once, in their order."""
    await put(database, *({} for _ in range(AT_ONCE + 1)), people=people)
    assert len(await database.read(lambda c: exchange.page(c, OFFICE, NOW, 0)[0])) == AT_ONCE
    assert [row["number"] for row in await out(database)] == [f"LPR-{n}" for n in range(AT_ONCE + 1)]
