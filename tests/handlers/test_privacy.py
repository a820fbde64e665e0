"""Nobody learns who a reporter is, what a secret report says, or what was never meant to be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from handlers import case
from handlers.desk import Ticket
from handlers.labels import ACTIONS, ARCHIVE_REASONS
from handlers.notices import OBJECT, UNDO
from handlers.offers import MORE
from handlers.rules import numbers
from handlers.rules.ticket import MOVES, Move, Role, State
from handlers.words import File, Kind, Letter, Words
from storage import tables as t
from storage.letters import Parcel
from tests.handlers import (
    PLACE,
    STORY,
    UNSURE,
    Overheard,
    acts,
    answered,
    begin,
    contact,
    current,
    desk,
    faults,
    history,
    report,
    rows,
    sample_office,
    ticket,
    tickets,
)
from tests.handlers.making import answers
from tests.handlers.phones import hired
from tests.stage import FILES, PIN

REPORTER = "Zulaikha Purnamasari"
FAR = 7_340_051_000
SCAN = File("f-scan", "document", "application/pdf", 90_000, "KTP Zulaikha 3508014404900002.pdf")
TITLE = "Barang bekas di jalan"
DO = {action: label.source for action, label in ACTIONS.items()}
LIFE = f"""
Dwi Kurniawati @ kominfo> /jelaskan NUMBER
Dwi Kurniawati @ kominfo> [{DO["verify"]}]
Dwi Kurniawati @ kominfo> [{MORE.source}]
Dwi Kurniawati @ kominfo> [{DO["classify"]}]
Dwi Kurniawati @ kominfo> [Ya, berkadar]
Dwi Kurniawati @ kominfo> /jelaskan tenggat NUMBER
Dwi Kurniawati @ kominfo> (pada "Golongan") [{MORE.source}]
Dwi Kurniawati @ kominfo> [{DO["recategorise"]}]
Dwi Kurniawati @ kominfo> [Lingkungan & bencana]
Dwi Kurniawati @ kominfo> [Sampah]
Dwi Kurniawati @ kominfo> [Teruskan]
Dwi Kurniawati @ kominfo> [Dinas PU (jalan, sungai)]
Agus Wibowo @ dputr> /tugas
Agus Wibowo @ dputr> /tiket NUMBER
Agus Wibowo @ dputr> /jelaskan NUMBER
Agus Wibowo @ dputr> [Ambil]
Agus Wibowo @ dputr> [{DO["release"]}]
Agus Wibowo @ dputr> [{DO["assign"]}]
Agus Wibowo @ dputr> [Rini Astutik]
{REPORTER}> (balas "NUMBER") Barangnya bertambah banyak.
Agus Wibowo @ dputr> [Minta data]
Agus Wibowo @ dputr> Di gang yang mana?
Agus Wibowo @ dputr> [Kirim ke pelapor]
Agus Wibowo @ dputr> [{UNDO.source}]
Agus Wibowo @ dputr> [Kirim ke pelapor]
+ 1 menit
{REPORTER}> (foto: Gang Melati.)
Rini Astutik @ dputr> [Bukan wewenang]
Rini Astutik @ dputr> Ini urusan ketertiban umum.
Bambang Prasetyo @ kominfo> [Teruskan]
Bambang Prasetyo @ kominfo> satpolpp
Didik Irawan @ satpolpp> [Teruskan]
Didik Irawan @ satpolpp> [Dinas Perhubungan]
Hari Santoso @ dishub> (balas "NUMBER") Pemilik belum ditemukan.
Hari Santoso @ dishub> [Catatan internal]
Hari Santoso @ dishub> (balas "NUMBER") Sudah kami tertibkan.
Hari Santoso @ dishub> [Kirim ke pelapor]
+ 1 menit
{REPORTER}> [Belum]
{REPORTER}> Barangnya masih ada di sana.
Hari Santoso @ dishub> [{MORE.source}]
Hari Santoso @ dishub> [{DO["extend"]}]
Hari Santoso @ dishub> [3 hari kerja]
Hari Santoso @ dishub> Truknya baru datang hari Rabu.
Hari Santoso @ dishub> [{MORE.source}]
Hari Santoso @ dishub> [{DO["involve"]}]
Hari Santoso @ dishub> satpolpp
Didik Irawan @ satpolpp> [{DO["contribute"]}]
Didik Irawan @ satpolpp> Kami kirim dua orang.
Hari Santoso @ dishub> [Jawab]
Hari Santoso @ dishub> Hari ini kami angkut semua.
Hari Santoso @ dishub> [Kirim ke pelapor]
+ 1 menit
{REPORTER}> [Sudah teratasi]
{REPORTER}> [4 ★ Puas]
{REPORTER}> Terima kasih, agak lama.
{REPORTER}> NUMBER
{REPORTER}> [Belum]
{REPORTER}> Barangnya kembali lagi.
Hari Santoso @ dishub> [Selesaikan]
Hari Santoso @ dishub> (foto: Sudah kami angkut untuk seterusnya.)
{REPORTER}> (blokir)
Hari Santoso @ dishub> [Kirim ke pelapor]
+ 1 menit
Hari Santoso @ dishub> /tiket NUMBER
Dwi Kurniawati @ kominfo> /tiket NUMBER
"""
ARCHIVED = f"""
Dwi Kurniawati @ kominfo> [{DO["archive"]}]
Dwi Kurniawati @ kominfo> [{ARCHIVE_REASONS["general"].source}]
{REPORTER}> laporan saya
{REPORTER}> 1
{REPORTER}> [{OBJECT.source}]
{REPORTER}> Barangnya masih di jalan, tolong diperiksa lagi.
Dwi Kurniawati @ kominfo> [{DO["archive"]}]
Dwi Kurniawati @ kominfo> [{ARCHIVE_REASONS["general"].source}]
"""
# What no one button of a chat makes: they are made without it below.
ELSEWHERE = ("withdraw", "merge", "join", "handover")


# The same people, each on WhatsApp in a chat of their own.
PHONES = {
    "Agus Wibowo @ dputr": ("Wahyu", "dputr"),
    "Dwi Kurniawati @ kominfo": ("Wulan", "kominfo"),
    "Bambang Prasetyo @ kominfo": ("Wati", "kominfo"),
    "Didik Irawan @ satpolpp": ("Warsito", "satpolpp"),
    "Hari Santoso @ dishub": ("Waluyo", "dishub"),
}


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office where answers can be undone for half a minute, and where a reporter's id is like nobody else's."""
    with sample_office(undo=30) as stage:
        with stage.engine.begin() as connection:
            someone = connection.execute(select(t.contacts).limit(1)).one()._mapping
            connection.execute(insert(t.contacts).values(**{**someone, "id": FAR, "lookup": bytes(32)}))
        yield stage
        assert faults(stage) == []


def lived(stage: Overheard, lines: str, number: str) -> list[str]:
    """What happens in these lines, each of which makes the bot say something."""
    return acts(stage, *lines.replace("NUMBER", number).strip().splitlines())


def told(stage: Overheard, privacy: str) -> str:
    """A report with a scanned letter, a photo and a point on the map; gives its number."""
    begin(stage, REPORTER, UNSURE)
    first = ("[Petugas menentukan]", PLACE, "[Benar]", "[Kemarin]")
    acts(stage, *(f"{REPORTER}> {line}" for line in first))
    list(stage.send(REPORTER, REPORTER, Kind.FILE, file=SCAN))
    list(stage.send(REPORTER, REPORTER, Kind.FILE, file=FILES["foto"]))
    list(stage.send(REPORTER, REPORTER, Kind.TEXT, text="lanjut"))
    rest = (f"[{privacy}]", "[Ubah]", "[Judul]", TITLE, "[Ubah]", "[Lokasi]", "(lokasi)", "[Benar]", "[Kirim]")
    number = numbers.find("\n".join(acts(stage, *(f"{REPORTER}> {line}" for line in rest))))
    assert number is not None
    return number


def whole(parcel: Parcel) -> str:
    return repr((parcel.body, parcel.part, parcel.ticket, parcel.draft))


@pytest.mark.parametrize("privacy", ["Anonim", "Anonim dan rahasia", "Biasa"])
def test_no_group_ever_learns_who_reports(stage: Overheard, privacy: str) -> None:
    """In a whole life of a ticket, through every move there is, no letter to a group tells name, address or id."""
    live(stage, privacy, LIFE, ARCHIVED)
    to_groups = [whole(parcel) for parcel in stage.letters if parcel.group]
    assert len(to_groups) > 30
    assert told_of(stage, to_groups) == set()


@pytest.mark.parametrize("privacy", ["Anonim", "Anonim dan rahasia", "Biasa"])
def test_no_officers_own_chat_ever_learns_who_reports(stage: Overheard, privacy: str) -> None:
    """Nor does an officer who does all of it in a chat of their own, nor a form by which it is announced there."""
    lives = [LIFE, ARCHIVED]
    for office, (person, agency) in PHONES.items():
        hired(stage, person, agency)
        lives = [life.replace(f"{office}>", f"{person}>") for life in lives]
    live(stage, privacy, *lives)
    chats = [person for person, _ in PHONES.values()]
    to_officers = [whole(parcel) for parcel in stage.letters if stage.chat(parcel) in chats or parcel.group]
    assert len(to_officers) > 60
    assert any("Form(" in letter for letter in to_officers)
    assert told_of(stage, to_officers) == set()


def live(stage: Overheard, privacy: str, life: str, archived: str) -> None:
    """Two reports through every move there is."""
    number = told(stage, privacy)
    lived(stage, life, number)
    assert ticket(stage, number).state is State.RESOLVED
    acts(stage, f"{REPORTER}> (buka)")
    lived(stage, archived, report(stage, REPORTER, privacy, UNSURE))
    moved = {entry.action for each in tickets(stage) for entry in history(stage, each.id)}
    assert moved >= {move.action for move in MOVES if set(move.by) != {Role.SYSTEM}} - set(ELSEWHERE)


@pytest.mark.parametrize("privacy", ["Anonim", "Biasa"])
def test_no_move_tells_who_reports(stage: Overheard, privacy: str) -> None:
    """Whatever move is made from whatever state, by whom, no letter but the reporter's own tells who that is."""
    lead, mine = (ticket(stage, told(stage, each)) for each in ("Biasa", privacy))
    known: dict[str, Any] = {"into": lead.id, "officer": contact(stage, "p:Hari Santoso"), "helper": "satpolpp"}
    made: set[str] = set()
    for move in (move for move in MOVES if move.action != "undo"):
        for state, role in product(move.frm, move.by):
            held = replace(mine, state=state, agency="dishub", officer=known["officer"])
            letters = said(stage, held, move, role, known)
            made |= {move.action} if letters is not None else set()
            assert told_of(stage, letters or []) == set(), (move.action, state)
    assert made == {move.action for move in MOVES if move.frm} - {"undo"}


def said(stage: Overheard, held: Ticket, move: Move, role: Role, known: dict[str, Any]) -> list[str] | None:
    """All that a move says to others than the reporter; none where it cannot be made. Nothing of it is kept."""
    with stage.engine.begin() as connection:
        table = desk(stage, connection)
        actor = held.reporter if role is Role.REPORTER else held.officer
        made = case.make(table, held, move.action, role, actor, **answers(move, role), **known)
        others = [letter for letter in made.letters if letter.to != held.reporter] if made else []
        return [table.render(part, "id") for letter in others for part in parts(letter)] if made else None


def parts(letter: Letter) -> list[Words]:
    """All words of a letter."""
    brief = list(letter.brief.values.values()) if letter.brief else []
    return [letter.text, *(choice.label for choice in letter.choices), *brief]


def told_of(stage: Overheard, letters: list[str]) -> set[tuple[str, str]]:
    """What these letters tell of the reporter: name, address, id, or the name of a file."""
    ident = contact(stage, f"p:{REPORTER}")
    assert ident > FAR
    marks = (*REPORTER.split(), REPORTER.casefold(), "p:", str(ident), f"{ident:x}", SCAN.name, "3508014404900002")
    return {(mark, letter) for letter in letters for mark in marks if mark in letter}


def unsealed(stage: Overheard) -> list[str]:
    """The tables that hold the reporter's name, address or the name of a file in plain words."""
    marks = ("Zulaikha", "3508014404900002")
    held = {table.name: repr([tuple(row) for row in rows(stage, select(table))]) for table in t.metadata.sorted_tables}
    return [name for name, text in held.items() if any(mark in text for mark in marks)]


def test_the_record_keeps_a_reporter_under_seal(stage: Overheard) -> None:
    """Neither while a report is told nor after its whole life a table says whose it is."""
    begin(stage, REPORTER, UNSURE)
    list(stage.send(REPORTER, REPORTER, Kind.FILE, file=SCAN))
    assert unsealed(stage) == []
    acts(stage, f"{REPORTER}> hapus draf")
    lived(stage, LIFE, told(stage, "Anonim"))
    assert unsealed(stage) == []


def test_the_office_never_reads_more_than_the_reporter_gave(stage: Overheard) -> None:
    """The card says that an anonymous reporter is anonymous, and who chose to be known is not named either."""
    first, second = told(stage, "Anonim"), told(stage, "Biasa")
    letters = [whole(parcel).casefold() for parcel in stage.heard("kominfo")]
    assert "anonim" in next(letter for letter in letters if first.casefold() in letter)
    assert "anonim" not in next(letter for letter in letters if second.casefold() in letter)


# -- secret, missing, somebody else's


def missing(stage: Overheard) -> str:
    """A number that is well made and nobody's."""
    return numbers.make(stage.now.date(), lambda below: (below * 5) // 7)


def heard(stage: Overheard, number: str, *lines: str) -> Any:
    """What the lines cause, letter by letter, and where the person stands then, with the number put out of it."""
    before = len(stage.letters)
    acts(stage, "Orang Lewat> menu", *(line.replace("NUMBER", number) for line in lines))
    letters = [(stage.chat(each), each.body.text, each.body.choices, each.part) for each in stage.letters[before:]]
    talk = current(stage, "Orang Lewat")
    return repr((letters, talk)).replace(number, "NUMBER").replace(number.replace("-", ""), "NUMBER")


ASKING = (
    ("Orang Lewat> NUMBER",),
    ("Orang Lewat> cek status", "Orang Lewat> NUMBER"),
    ("Orang Lewat> /status NUMBER",),
    ("Orang Lewat> Bagaimana kabar laporan NUMBER ya, mohon dijawab segera?",),
    ("Orang Lewat> lapor", "Orang Lewat> NUMBER"),
    ("Orang Lewat> /tiket NUMBER",),
    ("Hari Santoso @ dishub> /tiket NUMBER",),
    ("Hari Santoso @ dishub> /jelaskan NUMBER",),
    ("Orang Lewat @ dputr> /tiket NUMBER",),
    ("Orang Lewat @ dputr> NUMBER",),
    ("Waluyo> NUMBER",),
    ("Waluyo> tiket NUMBER",),
    ("Waluyo> /jelaskan NUMBER",),
    ("Waluyo> Bagaimana kabar laporan NUMBER ya, mohon dijawab segera?", "Waluyo> NUMBER"),
)


@pytest.mark.parametrize("privacy", ["Rahasia", "Anonim dan rahasia"])
@pytest.mark.parametrize("lines", ASKING, ids=lambda lines: lines[-1])
def test_a_secret_number_is_as_if_it_were_not(stage: Overheard, lines: tuple[str, ...], privacy: str) -> None:
    """Whoever asks for a secret report of somebody else hears, letter for letter, what a number of nobody's brings."""
    hired(stage, *PHONES["Hari Santoso @ dishub"])
    secret = report(stage, REPORTER, privacy)
    assert heard(stage, secret, *lines) == heard(stage, missing(stage), *lines)


def presses(stage: Overheard, person: str, chat: str, ident: int, action: str) -> Any:
    before = len(stage.letters)
    list(stage.send(person, chat, Kind.TAP, tap=f"t:{ident}:{action}", message="b0"))
    return repr([(parcel.body.text, parcel.body.choices) for parcel in stage.letters[before:]])


@pytest.mark.parametrize(
    ("person", "chat"), [("Orang Lewat", "Orang Lewat"), ("Hari Santoso", "dishub"), ("Orang Lewat", "dputr")]
)
def test_a_forged_button_tells_nothing_of_a_ticket_elsewhere(stage: Overheard, person: str, chat: str) -> None:
    """A forged button with the id of a ticket that never was in a chat is answered as one with the id of none."""
    ident = ticket(stage, report(stage, REPORTER, "Rahasia")).id
    for action in ("view", "show", "claim", "answer", "confirm", "add", "dispute", "to:dishub", ""):
        assert presses(stage, person, chat, ident, action) == presses(stage, person, chat, 99_999, action), action


def test_the_owner_sees_a_secret_report(stage: Overheard) -> None:
    """Secret is a report to others, not to who wrote it."""
    secret = report(stage, REPORTER, "Rahasia")
    assert STORY in "\n".join(acts(stage, f"{REPORTER}> {secret}"))


@pytest.mark.parametrize("privacy", ["Biasa", "Anonim"])
def test_somebody_elses_look_up_shows_status_and_agency_only(stage: Overheard, privacy: str) -> None:
    """In every state, another person's look-up shows nothing of title, story, place, answer, rating or person."""
    number = told(stage, privacy)
    lived(stage, LIFE, number)
    parts = ("barang bekas", "Gang Melati", "angkut", "Pasirian", "Terima kasih", "★", "Purnamasari", "Zulaikha")
    marks = (TITLE, UNSURE, PLACE, f"{PIN.lat:.3f}", "Topik", "Cerita", "Hari Santoso", "“", *parts)
    for state in State:
        with stage.engine.begin() as connection:
            connection.execute(update(t.tickets).values(state=state.value))
        before = len(stage.letters)
        for line in (number, "cek status", number, f"Apa kabar {number}?"):
            acts(stage, f"Orang Lewat> {line}")
        shown = "\n".join(whole(parcel) for parcel in stage.letters[before:])
        assert number in shown
        assert [mark for mark in marks if mark.casefold() in shown.casefold()] == [], state
        assert "t:" not in shown


# -- what was never said


@pytest.mark.parametrize("action", ["Jawab", "Minta data", "Selesaikan"])
def test_what_was_undone_is_never_read(stage: Overheard, action: str) -> None:
    """A text that an officer took back in time reaches the reporter neither as a letter nor in a look-up."""
    number = report(stage, REPORTER)
    acts(
        stage,
        f"Agus Wibowo @ dputr> [{action}]",
        "Agus Wibowo @ dputr> (foto: Salah tulis, untuk orang lain.)",
        "Agus Wibowo @ dputr> [Kirim ke pelapor]",
        "+ 10 detik",
        f"Agus Wibowo @ dputr> [{UNDO.source}]",
        "+ 5 menit",
        f"{REPORTER}> {number}",
        f"{REPORTER}> laporan saya",
        f"{REPORTER}> 1",
    )
    assert not any("Salah tulis" in whole(parcel) for parcel in stage.heard(REPORTER) if parcel.draft is None)


@pytest.mark.parametrize("action", ["Jawab", "Minta data", "Selesaikan"])
def test_what_can_still_be_undone_is_not_read_yet(stage: Overheard, action: str) -> None:
    """While an officer can take a text back, a look-up does not show it."""
    number = report(stage, REPORTER)
    acts(
        stage,
        f"Agus Wibowo @ dputr> [{action}]",
        "Agus Wibowo @ dputr> (foto: Salah tulis, untuk orang lain.)",
        "Agus Wibowo @ dputr> [Kirim ke pelapor]",
        f"{REPORTER}> {number}",
    )
    assert not any("Salah tulis" in whole(parcel) for parcel in stage.heard(REPORTER) if parcel.draft is None)


def test_a_note_stays_in_the_office(stage: Overheard) -> None:
    """What officers note among themselves no letter to the reporter tells, not even his own look-up."""
    number = report(stage, REPORTER)
    acts(
        stage,
        f'Agus Wibowo @ dputr> (balas "{number}") Anggaran habis.',
        "Agus Wibowo @ dputr> [Catatan internal]",
    )
    answered(stage, REPORTER, number)
    acts(stage, "+ 1 menit", f"{REPORTER}> {number}", f"{REPORTER}> laporan saya", f"{REPORTER}> 1")
    assert any("Anggaran habis" in whole(parcel) for parcel in stage.heard("dputr"))
    assert not any("Anggaran habis" in whole(parcel) for parcel in stage.heard(REPORTER))


def test_letters_about_a_ticket_go_to_its_reporter_and_its_agencies(stage: Overheard) -> None:
    """Everything that was ever written about one's report went to oneself or to a group that held it."""
    number = told(stage, "Biasa")
    report(stage, "Budi")
    lived(stage, LIFE, number)
    went = {stage.chat(parcel) for parcel in stage.letters if parcel.ticket == ticket(stage, number).id}
    assert went == {REPORTER, "kominfo", "dputr", "satpolpp", "dishub"}
