"""Every day of a deadline is told once, with its number or why it was skipped, and who held a ticket how long."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers import explain
from handlers.desk import Entry
from handlers.rules.clocks import Run, Runs, length
from handlers.rules.ticket import Clock, Role, State
from handlers.rules.workdays import WEEKEND, Counted, counted, deadline
from tests.handlers import Overheard, acts, answered, desk, faults, report, sample_office, ticket

MOST = 3500
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
WEEKDAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
LINE = re.compile(r"• (\w{3})(?:–(\w{3}))? (\d+)(?:–(\d+))? (\w{3})(?: s\.d\. (\w{3}) (\d+) (\w{3}))?: (.+)")
NUMBERED = re.compile(r"hari ke-(\d+)(?: s\.d\. ke-(\d+))?")
WIB = ZoneInfo("Asia/Jakarta")
DECEMBER = datetime(2026, 12, 23, 9, 0, tzinfo=WIB)


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def said(stage: Overheard, number: str, **like: Any) -> str:
    """What is told of the deadlines of a ticket that is like this one but for some values."""
    made = replace(ticket(stage, number), **like)
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        return at.render(explain.deadlines(at, made), "id")


def run(stage: Overheard, since: datetime, days: int, step: Clock = Clock.HANDLING, **more: Any) -> Runs:
    """A clock as the roads' calendar counts it."""
    calendar = stage.office.facts.calendar("dputr")
    made = Run(step, since, days, since, **more)
    return (replace(made, due=deadline(since, length(made), calendar)),)


def lines_of(text: str) -> Iterator[tuple[list[date], str]]:
    """The days of each line, and what is said of them."""
    day = None
    for first, second, number, last, month, to, to_number, to_month, what in LINE.findall(text):
        start = _date(day, int(number), month)
        end = _date(start, int(to_number), to_month) if to else start.replace(day=int(last)) if last else start
        assert WEEKDAYS[start.weekday()] == first
        assert WEEKDAYS[end.weekday()] == (to or second or first)
        day = end
        yield [start + timedelta(days=n) for n in range((end - start).days + 1)], what


def _date(after: date | None, day: int, month: str) -> date:
    """The first such day after another one."""
    found = date(after.year if after else DECEMBER.year, MONTHS.index(month) + 1, day)
    return found if after is None or found >= after else found.replace(year=found.year + 1)


@pytest.mark.parametrize("days", [1, 5, 14, 60, 94])
def test_every_day_is_told_once(stage: Overheard, days: int) -> None:
    """The lines together are exactly the days that were counted, each with its number or its reason."""
    number = report(stage, "Sari")
    runs = run(stage, DECEMBER, days)
    wanted = counted(DECEMBER, days, stage.office.facts.calendar("dputr"))
    text = said(stage, number, runs=runs)
    told = [each for line in lines_of(text) for each in _counted(*line)]
    assert told == list(wanted)
    assert len(text) <= MOST


def _counted(days: list[date], what: str) -> Iterator[Counted]:
    numbers = NUMBERED.fullmatch(what)
    if numbers:
        first, last = int(numbers[1]), int(numbers[2] or numbers[1])
        assert last - first == len(days) - 1
    for place, day in enumerate(days):
        if numbers:
            yield Counted(day, int(numbers[1]) + place, "")
        elif what.startswith("hari mulai"):
            yield Counted(day, 0, "")
        else:
            yield Counted(day, None, WEEKEND if what == "akhir pekan" else what)


def test_the_longest_clock_fits_a_message(stage: Overheard) -> None:
    """A year's clock leaves out the weekends' lines, but never a day that was skipped by name."""
    number = report(stage, "Sari")
    text = said(stage, number, runs=run(stage, datetime(2026, 1, 2, 9, tzinfo=WIB), 200))
    assert len(text) <= MOST
    assert "Sabtu dan Minggu" in text
    assert "Jum 17 Apr" not in text
    for name in ("Isra Mikraj", "Cuti bersama Idulfitri", "Proklamasi Kemerdekaan", "Maulid Nabi"):
        assert name in text


def test_a_report_after_hours_begins_on_the_next_day(stage: Overheard) -> None:
    """The day on which the office had closed already is named as such."""
    number = report(stage, "Sari")
    text = said(stage, number, runs=run(stage, datetime(2026, 11, 20, 17, tzinfo=WIB), 1))
    assert (
        "• Jum 20 Nov: kantor sudah tutup saat mulai\n• Sab–Min 21–22 Nov: akhir pekan\n• Sen 23 Nov: hari mulai"
        in text
    )


def test_what_was_added_is_named(stage: Overheard) -> None:
    """The length of a clock is that of the rule, with the extension and the days of waiting beside it."""
    number = report(stage, "Sari")
    text = said(stage, number, runs=run(stage, DECEMBER, 14, more=5, rested=3))
    head = (
        "Penanganan sampai selesai: 14 hari kerja + 5 hari perpanjangan + 3 hari menunggu pelapor (PermenPANRB 62/2018)"
    )
    assert head in text
    assert "s.d. ke-22" in text


def test_days_that_all_count(stage: Overheard) -> None:
    """A clock in calendar days counts weekends too."""
    number = report(stage, "Sari")
    (made,) = run(stage, DECEMBER, 4)
    text = said(stage, number, runs=(replace(made, working=False, due=DECEMBER + timedelta(days=4)),))
    assert "4 hari kalender" in text
    assert "• Kam 24 Des s.d. " not in text
    assert "• Kam–Min 24–27 Des: hari ke-1 s.d. ke-4\nBatas: Minggu, 27 Desember 2026" in text


def test_an_end_that_was_told_stays(stage: Overheard) -> None:
    """Where the end is another than the days lead to, that is said, and what holds."""
    number = report(stage, "Sari")
    (made,) = run(stage, DECEMBER, 5)
    text = said(stage, number, runs=(replace(made, due=made.due + timedelta(days=7)),))
    assert "Batas: Senin, 11 Januari 2027, tetap seperti yang sudah disampaikan" in text


def test_an_unknown_year_is_named(stage: Overheard) -> None:
    """Days in a year whose holidays nobody imported may still change."""
    number = report(stage, "Sari")
    assert "⚠️ Hari libur tahun 2039 belum" in said(
        stage, number, runs=run(stage, datetime(2039, 5, 4, 9, tzinfo=WIB), 5)
    )


def test_a_clock_without_a_rule_says_so(stage: Overheard) -> None:
    """A disposition that no rule names goes by the rule for verification, and other clocks have no basis."""
    number = report(stage, "Sari")
    stage.office = replace(stage.office, facts=replace(stage.office.facts, clocks=()))
    assert "Disposisi: 3 hari kerja (dasar aturan tidak tercatat)" in said(
        stage, number, runs=run(stage, DECEMBER, 3, Clock.REDISPOSITION)
    )


def test_a_resting_clock(stage: Overheard) -> None:
    """A clock that waits for the reporter says since when, what was used of it, and how long it may wait."""
    number = report(stage, "Sari")
    (made,) = run(stage, DECEMBER, 14, rested=4)
    text = said(stage, number, runs=(replace(made, rests=datetime(2027, 1, 8, 9, tzinfo=WIB)),))
    assert "Berhenti sejak Jumat, 8 Januari 2027 sampai pelapor menjawab, pada hari ke-4 dari 14." in text
    assert "paling banyak 16 hari kerja lagi" in text
    assert "hari ke-1 s.d." not in text


def test_a_closed_ticket(stage: Overheard) -> None:
    """Its clocks are gone: it says when it was closed, within how many days, and what the rule allows."""
    number = report(stage, "Sari")
    closed: dict[str, Any] = {"state": State.RESOLVED, "runs": (), "closed_at": stage.now}
    assert f"Laporan {number} ditutup Senin, 2 November 2026, pada hari diterima." in said(stage, number, **closed)
    text = said(stage, number, **closed, received_on=date(2026, 10, 28))
    assert "ditutup Senin, 2 November 2026, 3 hari kerja setelah diterima" in text
    assert "Waktu penanganan menurut aturan: 14 hari kerja (PermenPANRB 62/2018)." in text


def test_a_merged_ticket_points_to_the_other(stage: Overheard) -> None:
    """Whoever asks for a merged report is told under which number its deadline runs."""
    lead, number = report(stage, "Sari"), report(stage, "Budi")
    merged: dict[str, Any] = {
        "state": State.MERGED,
        "runs": (),
        "closed_at": stage.now,
        "merged_into": ticket(stage, lead).id,
    }
    assert f"mengikuti tenggat laporan {lead}" in said(stage, number, **merged)


def test_no_clock(stage: Overheard) -> None:
    """A ticket on which no clock runs says so."""
    number = report(stage, "Sari")
    assert "Sekarang tidak ada tenggat yang berjalan." in said(stage, number, runs=())


# -- who held it


@pytest.mark.parametrize("chance", range(25))
def test_what_is_shown_adds_up(stage: Overheard, chance: int) -> None:
    """The shown shares make the shown sum, whatever they were rounded from."""
    draw = random.Random(chance)
    made = ticket(stage, report(stage, "Sari"))
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        for _ in range(9):
            at.now += timedelta(seconds=draw.randrange(400_000))
            state, agency = draw.choice(list(State)), draw.choice(("dputr", "dishub", "kominfo"))
            at.change(made, Entry(made.id, at.now, None, Role.SYSTEM, "note", state, agency))
        at.now += timedelta(hours=90)
        shares = re.findall(r": (\d+),(\d\d) hari kerja", at.render(explain.held(at, made), "id"))
        connection.rollback()
    *each, whole = (int(whole) * 100 + int(part) for whole, part in shares)
    assert sum(each) == whole > 0


def test_an_answer_that_was_taken_back_stays_with_the_agency() -> None:
    """An officer who undoes an answer held the ticket all the time."""
    with sample_office(undo=30) as stage:
        number = report(stage, "Sari")
        stage.now += timedelta(days=1)
        answered(stage, "Agus Wibowo", number)
        acts(stage, "Agus Wibowo @ dputr> [Urungkan]")
        stage.now += timedelta(days=1)
        text = said(stage, number, runs=())
        assert text.splitlines()[-1:] == ["• Dinas Pekerjaan Umum dan Tata Ruang: 2,00 hari kerja, masih berjalan"]


def test_each_is_measured_by_its_own_days(stage: Overheard) -> None:
    """An agency with another zone is charged the office hours of its own clock."""
    made = ticket(stage, report(stage, "Sari"))
    facts = stage.office.facts
    east = tuple(replace(each, zone="Asia/Jayapura") if each.code == "dishub" else each for each in facts.agencies)
    stage.office = replace(stage.office, facts=replace(facts, agencies=east))
    since = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        at.change(made, Entry(made.id, since, None, Role.SYSTEM, "note", State.FORWARDED, "dishub"))
        at.now = since + timedelta(hours=2)
        text = at.render(explain.held(at, made), "id")
        connection.rollback()
    assert "Dinas Perhubungan: 0,27 hari kerja, masih berjalan" in text


# -- how it is asked for


def test_the_command(stage: Overheard) -> None:
    """The word before the number asks for the days; without it the command says why the report is here."""
    number = report(stage, "Sari")
    for words in (f"/jelaskan tenggat {number}", f"/jelaskan Tenggat {number.lower().replace('-', ' ')}"):
        assert any("hari ke-1 s.d." in line for line in acts(stage, f"Agus Wibowo @ dputr> {words}"))
    assert any("aturan nomor 10" in line for line in acts(stage, f"Agus Wibowo @ dputr> /jelaskan {number}"))


def test_only_those_who_may_see_a_ticket_are_told(stage: Overheard) -> None:
    """Another agency's officer and somebody without office learn nothing."""
    number = report(stage, "Sari")
    for person in ("Slamet Widodo @ dlh", "Orang Lewat @ dputr"):
        assert not any("hari ke-" in line for line in acts(stage, f"{person}> /jelaskan tenggat {number}"))
