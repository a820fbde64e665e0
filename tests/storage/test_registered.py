"""National numbers come back whole or not at all, and a report is found by its own."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.rules.ticket import State
from handlers.words import Part, Priority
from storage import registered
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.registered import Taken
from storage.sheets import Invalid
from tests.storage.samples import (
    BUDI,
    NOW,
    OFFICE,
    SITI,
    People,
    at_desk,
    event,
    put_people,
    rows,
    taken,
    ticket,
)

A, B, C = "LPR-2611-AAAA-Z", "LPR-2611-BBBB-S", "LPR-2611-CCCC-L"


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


async def back(database: Database, *lines: str, head: str = "number,sp4n_id,status,date", end: str = "\n") -> Taken:
    """What came of a file."""
    raw = end.join([head, *lines]).encode()
    return await database.write(lambda c: registered.take(c, OFFICE, raw, "sp4n.csv", NOW))


async def refused(database: Database, *lines: str, **more: str) -> list[str]:
    """Why a file was refused; nothing has changed by it."""
    before = await rows(database, t.tickets), await rows(database, t.history)
    with pytest.raises(Invalid) as wrong:
        await back(database, *lines, **more)
    assert (await rows(database, t.tickets), await rows(database, t.history)) == before
    return [problem.removeprefix("sp4n.csv ") for problem in wrong.value.problems]


async def test_numbers_are_noted(database: Database, people: People) -> None:
    """On the report and in its history, with what the national system says of it; nobody is told."""
    closed = {"state": State.RESOLVED, "closed_at": NOW}
    ids = await put(database, {"number": A}, {"number": B, **closed}, people=people)
    done = await back(database, f"{A},1916449,Terverifikasi,2026-11-23", f"{B.lower()},#9165816,,")
    assert done == Taken(2, 0)
    assert [row.sp4n_id for row in await rows(database, t.tickets)] == ["1916449", "9165816"]
    first, second = await rows(database, t.history)
    assert (first.ticket, first.action, first.role, first.actor) == (ids[0], "register", "system", None)
    assert first.data == {"sp4n_id": "1916449", "text": "Terverifikasi", "on": "2026-11-23"}
    assert (second.state, second.data) == ("resolved", {"sp4n_id": "9165816"})
    assert await rows(database, t.outbox) == []
    assert [row.changed_at for row in await rows(database, t.tickets)] == [NOW, NOW]


async def test_the_same_file_again_notes_nothing(database: Database, people: People) -> None:
    """Until the status changes, or the number is corrected."""
    await put(database, {"number": A}, people=people)
    assert await back(database, f"{A},1916449,Baru,") == Taken(1, 0)
    assert await back(database, f"{A},1916449,Baru,") == Taken(0, 1)
    assert await back(database, f"{A},1916449", head="number,sp4n_id") == Taken(0, 1)
    assert await back(database, f"{A},1916449,Selesai,") == Taken(1, 0)
    assert await back(database, f"{A},1916450,Selesai,") == Taken(1, 0)
    assert len(await rows(database, t.history)) == 3


async def test_files_as_spreadsheets_write_them(database: Database, people: People) -> None:
    """With a mark at the beginning, other line ends, semicolons, other columns, and stories over several lines."""
    await put(database, {"number": A}, {"number": B}, {"number": C}, people=people)
    await back(database, f"{A};1916449", head="\ufeffnumber;sp4n_id", end="\r\n")
    await back(database, f'9,"dua\nbaris",{B},9165816', head="no,story,number,sp4n_id", end="\r\n")
    await back(database, f"{C},9165817,'-,", end="\r\n")
    assert [row.sp4n_id for row in await rows(database, t.tickets)] == ["1916449", "9165816", "9165817"]
    assert (await rows(database, t.history))[-1].data["text"] == "-"


async def test_every_problem_is_named(database: Database, people: People) -> None:
    """By line and column, all at once."""
    await put(database, {"number": A}, {"number": B, "sp4n_id": "5010653"}, {"number": C}, people=people)
    assert await refused(
        database,
        "LPR-2611-AAAA-B,1916449,,",
        "LPR-2611-DDDD-E,1916449,,",
        f"{A},12345,,",
        f"{A},01916449,,2026-11-24",
        f"{C},5010653,,kemarin",
        f"{C},,,",
        ",1234567,,",
        f'{C},1234567,"{201 * "x"}",,lebih',
    ) == [
        "baris 2, kolom number: LPR-2611-AAAA-B bukan nomor laporan, contoh LPR-2611-7K3Q-R",
        "baris 4, kolom sp4n_id: 12345 bukan nomor SP4N; tulis 6 sampai 10 angka, contoh 9165816",
        "baris 5, kolom sp4n_id: 01916449 bukan nomor SP4N; tulis 6 sampai 10 angka, contoh 9165816",
        "baris 5, kolom date: 2026-11-24 belum terjadi",
        "baris 6, kolom date: tanggal ditulis seperti 2026-11-03",
        "baris 7, kolom sp4n_id: tidak boleh kosong",
        "baris 8, kolom number: tidak boleh kosong",
        "baris 9: ada sel yang berlebih; beri tanda kutip bila sebuah sel berisi koma",
        "baris 9, kolom status: paling banyak 200 huruf",
        "baris 3, kolom number: LPR-2611-DDDD-E tidak ada di basis data",
        "baris 3, kolom sp4n_id: 1916449 sudah ada di atas",
        f"baris 5, kolom number: {A} sudah ada di atas",
        "baris 6, kolom sp4n_id: 5010653 sudah dipakai laporan LPR-2611-BBBB-S",
        f"baris 7, kolom number: {C} sudah ada di atas",
        f"baris 9, kolom number: {C} sudah ada di atas",
        "baris 9, kolom sp4n_id: 1234567 sudah ada di atas",
    ]


async def test_files_that_are_none_are_refused(database: Database, people: People) -> None:
    """Without the columns, in another encoding, or with a quotation mark that nobody closed."""
    assert await refused(database, head="nomor,sp4n_id") == ["baris 1: kolom number tidak ada"]
    assert await refused(database, head="") == ["baris 1: kolom number, sp4n_id tidak ada"]
    long = '"' + "x" * 140_000
    assert await refused(database, f"{A},{long}") == ["baris 2: bukan CSV; periksa tanda kutip yang tidak ditutup"]
    with pytest.raises(Invalid, match="baris 2: bukan UTF-8"):
        await database.write(lambda c: registered.take(c, OFFICE, b"number,sp4n_id\n\xff,1", "sp4n.csv", NOW))


async def test_two_wrong_numbers_can_be_exchanged(database: Database, people: People) -> None:
    """A file that corrects both is no clash."""
    await put(database, {"number": A, "sp4n_id": "1916449"}, {"number": B, "sp4n_id": "9165816"}, people=people)
    assert await back(database, f"{A},9165816,,", f"{B},1916449,,") == Taken(2, 0)
    assert [row.sp4n_id for row in await rows(database, t.tickets)] == ["9165816", "1916449"]


async def test_the_card_shows_the_number(database: Database, people: People) -> None:
    """Where there is a card it is changed, after all that people wait for; no new one is sent."""
    ids = await put(database, {"number": A}, {"number": B}, people=people)
    await at_desk(database, lambda desk: desk.card_here(people.roads, ids[0]))
    await back(database, f"{A},1916449,,", f"{B},9165816,,")
    (letter,) = await rows(database, t.outbox)
    assert (letter.ticket, letter.part, letter.priority) == (ids[0], Part.CARD.value, Priority.BROADCAST)
    assert "SP4N: 1916449" in letter.body


async def said(database: Database, text: str, person: Any = SITI) -> str:
    """What somebody hears when they write this."""
    batch = await taken(database, event(person, text))
    return "\n".join(parcel.body.text for parcel in batch.parcels)


async def test_a_report_is_found_by_its_national_number(database: Database, people: People) -> None:
    """By its reporter in full, by others in outline; asked for or written alone."""
    await put(database, {"number": A, "sp4n_id": "1916449", "state": State.FORWARDED}, people=people)
    for text in ("1916449", " #1916449 "):
        heard = await said(database, text)
        assert all(each in heard for each in (A, "Nomor SP4N: 1916449", "berlubang besar"))
    await said(database, "/status")
    assert A in await said(database, "1916449")
    other = await said(database, "1916449", BUDI)
    assert A in other
    assert "berlubang" not in other
    assert "1916449" not in other


async def test_a_hidden_number_is_like_a_missing_one(database: Database, people: People) -> None:
    """Word for word, but for the number itself."""
    await put(database, {"number": A, "sp4n_id": "1916449", "secret": True}, people=people)
    for ask in ("", "/status"):
        heard = []
        for number in ("1916449", "1916448"):
            if ask:
                await said(database, ask, BUDI)
            heard.append((await said(database, number, BUDI)).replace(number, ""))
        assert heard[0] == heard[1]
        assert "tidak kami temukan" in heard[0]
    assert A in await said(database, "1916449")


async def test_numbers_of_choices_are_no_national_ones(database: Database, people: People) -> None:
    """A choice of a menu or of the list of one's reports is still what its number says."""
    await put(database, {"number": A, "sp4n_id": "1916449"}, people=people)
    for menu in ("/start", "/laporan_saya"):
        await said(database, menu)
        assert "tidak kami temukan" not in await said(database, "1")


async def test_an_answer_in_digits_is_an_answer(database: Database, people: People) -> None:
    """Whoever is asked for a number by the agency gives it the number."""
    (ident,) = await put(database, {"number": A, "state": State.NEEDS_INFO}, people=people)
    assert "tidak kami temukan" not in await said(database, "5210987")
    assert [row.data["text"] for row in await rows(database, t.history) if row.ticket == ident] == ["5210987"]
