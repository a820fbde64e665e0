"""Who serves at an agency: the list, who may change it, invitations and new decrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers import appointing, binding, coverage, staff
from handlers.desk import Officer
from handlers.rules.ticket import Role
from handlers.words import Kind
from storage import tables as t
from tests.handlers import Overheard, acts, contact, desk, faults, rows, sample_office
from tests.handlers.phones import hired, said

HEAD, OFFICER, COORDINATOR = "Sugeng Priyambodo @ dputr", "Agus Wibowo @ dputr", "Dwi Kurniawati @ kominfo"
NUMBER, ISSUED = "188.45/77/427.12/2026", "2 Februari 2026"


@pytest.fixture
def stage() -> Iterator[Overheard]:
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def heard(stage: Overheard, *lines: str) -> str:
    """All that the bot says when these things are done."""
    return "\n".join(line for line in acts(stage, *lines) if "> " not in line)


def officer(stage: Overheard, person: str, agency: str = "dputr") -> Officer | None:
    ident = contact(stage, f"p:{person}")
    with stage.engine.begin() as connection:
        return desk(stage, connection).officer(ident, agency)


def decree(stage: Overheard, found: Officer | None) -> tuple[str, date | None, date | None]:
    """Number, date and end of an officer's decree."""
    assert found is not None
    assert found.decree is not None
    with stage.engine.begin() as connection:
        made = desk(stage, connection).decree(found.decree)
    assert made is not None
    return made.number, made.issued_on, made.valid_until


def invited(stage: Overheard, until: str = "31 Desember 2027", role: str = "Petugas", by: str = HEAD) -> str:
    """A head invites somebody; the code."""
    lines = ("/petugas", "[Undang petugas]", f"[{role}]", NUMBER, ISSUED, until)
    text = heard(stage, *(f"{by}> {line}" for line in lines))
    return text.rsplit("/hubungkan ", 1)[1].split()[0]


# -- the list


def test_everybody_in_office_sees_the_list_and_few_may_change_it(stage: Overheard) -> None:
    """Officers see who serves; the buttons are the head's and the coordinator's."""
    buttons = "[Undang petugas] [Keluarkan petugas] [Perbarui SK]"
    plain = heard(stage, f"{OFFICER}> /petugas")
    assert "• Rini Astutik: petugas, SK" in plain
    assert "• Sugeng Priyambodo: pejabat penghubung, SK" in plain
    assert buttons not in plain
    assert buttons in heard(stage, f"{HEAD}> /petugas")
    assert "terdaftar sebagai petugas" in heard(stage, "Orang Lewat @ dputr> /petugas")


@pytest.mark.parametrize("button", ["Undang petugas", "Keluarkan petugas", "Perbarui SK"])
def test_a_colleagues_button_is_not_ones_own(stage: Overheard, button: str) -> None:
    """Who may not appoint presses the head's buttons for nothing."""
    acts(stage, f"{HEAD}> /petugas")
    assert staff.NOT_YOURS.source in heard(stage, f"{OFFICER}> [{button}]")
    assert "tidak terdaftar" in heard(stage, f"Orang Lewat @ dputr> [{button}]")


@pytest.mark.parametrize("tap", ["p:", "p:handover", "p:invite:x", "p:invite", "q:invite:number:x"])
def test_a_forged_button_invites_nobody(stage: Overheard, tap: str) -> None:
    """What is pressed without the right to it makes no code."""
    for person in ("Agus Wibowo", "Orang Lewat"):
        list(stage.send(person, "dputr", Kind.TAP, tap=tap, message="b0"))
    assert all(row.used_at for row in rows(stage, select(t.invitations)))


def test_the_coordinator_sees_how_far_the_agencies_are_covered(stage: Overheard) -> None:
    """Only officers in office by a decree count; agencies with one officer or none are named."""
    text = heard(stage, f"{COORDINATOR}> /petugas")
    assert coverage.RATE(n=26, m=26, p=100).source.partition("{")[0] in text
    assert "26 dari 26 instansi (100 %)" in text
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        for each in at.officers("dlh"):
            at.enrol(Officer(each.contact, "dlh", Role.OFFICER))
        first, second = at.officers("bpbd")
        at.enrol(Officer(first.contact, "bpbd", Role.OFFICER, date(2026, 11, 1), first.decree))
        for each in at.officers("dispar"):
            at.dismiss(each)
        assert second.decree is not None
    text = heard(stage, f"{COORDINATOR}> /petugas")
    assert "24 dari 26 instansi (92 %)" in text
    assert "Belum punya SK yang berlaku: Dinas Lingkungan Hidup, Dinas Pariwisata." in text
    assert "Hanya satu petugas: BPBD (bencana)." in text
    assert "Tanpa petugas: Dinas Pariwisata." in text


# -- invitations


def test_an_invitation_puts_somebody_into_office_by_its_decree(stage: Overheard) -> None:
    """Role, number, date and end are those that the head entered, and the code works once."""
    code = invited(stage, role="Pejabat penghubung")
    text = heard(stage, f"Bayu @ dputr> /hubungkan {code}")
    assert f"Bayu terdaftar sebagai pejabat penghubung Dinas Pekerjaan Umum dan Tata Ruang, SK {NUMBER}" in text
    found = officer(stage, "Bayu")
    assert found is not None
    assert (found.role, found.valid_until) == (Role.HEAD, date(2027, 12, 31))
    assert decree(stage, found) == (NUMBER, date(2026, 2, 2), date(2027, 12, 31))
    assert binding.BAD_CODE.source in heard(stage, f"Cici @ dputr> /hubungkan {code}")


def test_a_decree_may_be_without_an_end(stage: Overheard) -> None:
    """Who is appointed without an end serves until somebody ends it."""
    acts(stage, f"Bayu @ dputr> /hubungkan {invited(stage, 'tanpa batas')}")
    found = officer(stage, "Bayu")
    assert decree(stage, found) == (NUMBER, date(2026, 2, 2), None)
    assert found is not None
    assert found.valid_until is None


WRONG = {
    ("1 Februari 2027",): appointing.NOT_YET,
    ("kapan-kapan",): appointing.NO_DAY,
    ("30 Februari 2026",): appointing.NO_DAY,
    (ISSUED, "1 November 2026"): appointing.PAST,
    (ISSUED, "31 Desember"): appointing.NO_DAY,
    (ISSUED, "besok 2027"): appointing.NO_DAY,
}


@pytest.mark.parametrize("days", WRONG)
def test_a_decree_with_impossible_days_is_refused(stage: Overheard, days: tuple[str, ...]) -> None:
    """A decree of the future, one that has ended, and what is no day: the question is asked again, and why."""
    lines = ("/petugas", "[Undang petugas]", "[Petugas]", NUMBER, *days)
    text = heard(stage, *(f"{HEAD}> {line}" for line in lines))
    assert WRONG[days].source.partition("{")[0] in text
    assert "/hubungkan" not in text


def test_an_end_before_the_decree_itself_is_refused(stage: Overheard) -> None:
    """The days of a decree stand in their order, and its last day may be today."""
    stage.now += timedelta(days=30)
    lines = ("/petugas", "[Undang petugas]", "[Petugas]", "x", NUMBER, "2 Desember 2026", "1 Desember 2026")
    text = heard(stage, *(f"{HEAD}> {line}" for line in lines))
    assert appointing.SHORT.source in text
    assert appointing.PAST.source.partition("{")[0] in text
    assert "/hubungkan" in heard(stage, f"{HEAD}> 2 Desember 2026")


def test_a_code_whose_decree_has_ended_is_refused_by_name(stage: Overheard) -> None:
    """A code lives for seven days, but not longer than the decree behind it."""
    code = invited(stage, "4 November 2026")
    stage.now += timedelta(days=3)
    text = heard(stage, f"Bayu @ dputr> /hubungkan {code}")
    assert f"SK {NUMBER} untuk Dinas Pekerjaan Umum dan Tata Ruang sudah berakhir Rabu, 4 November 2026" in text
    assert officer(stage, "Bayu") is None


def test_a_coordinator_invites_for_every_agency(stage: Overheard) -> None:
    """The agency is asked first; the decree and the code are that agency's."""
    lines = ("/petugas", "[Undang petugas]", "dishub", "[Petugas]", NUMBER, ISSUED, "[Tanpa batas]")
    text = heard(stage, *(f"{COORDINATOR}> {line}" for line in lines))
    code = text.rsplit("/hubungkan ", 1)[1].split()[0]
    assert "Chat ini sudah terhubung" in heard(stage, f"Bayu @ dputr> /hubungkan {code}")
    acts(stage, f"Bayu @ dishub> /hubungkan {code}")
    assert officer(stage, "Bayu", "dishub") is not None


def test_an_office_of_ones_own_chat_asks_and_answers_there(stage: Overheard) -> None:
    """On a phone the list and its questions come without a slash, and the words of the citizen's menu still work."""
    hired(stage)
    assert "• Wahyu: petugas" in said(stage, "petugas")
    assert "tidak sedang memegang" in said(stage, "serah terima")
    assert "Ceritakan" in said(stage, "lapor", "[Setuju]")


# -- new decrees


def test_a_new_decree_for_all(stage: Overheard) -> None:
    """All officers of an agency serve by the new decree until its end, and nobody's place in the list changes."""
    lines = ("/petugas", "[Perbarui SK]", "[Semua petugas]", NUMBER, ISSUED, "31 Desember 2028")
    text = heard(stage, *(f"{HEAD}> {line}" for line in lines))
    assert f"SK {NUMBER} berlaku untuk 3 petugas" in text
    for person in ("Agus Wibowo", "Rini Astutik", "Sugeng Priyambodo"):
        assert decree(stage, officer(stage, person)) == (NUMBER, date(2026, 2, 2), date(2028, 12, 31))
    listed = heard(stage, f"{HEAD}> /petugas")
    assert listed.index("Agus") < listed.index("Rini") < listed.index("Sugeng")


def test_a_new_decree_puts_one_back_into_office(stage: Overheard) -> None:
    """Whose decree has ended is refused, and serves again from the moment a new one is entered."""
    acts(stage, f"Bayu @ dputr> /hubungkan {invited(stage, '4 November 2026')}")
    list(stage.wait(timedelta(days=3)))
    assert "tidak terdaftar" in heard(stage, "Bayu @ dputr> /tugas")
    lines = ("/petugas", "[Perbarui SK]", "bayu", "SK 99", ISSUED, "[Tanpa batas]")
    acts(stage, *(f"{HEAD}> {line}" for line in lines))
    assert "Tidak ada laporan terbuka" in heard(stage, "Bayu @ dputr> /tugas")
    assert decree(stage, officer(stage, "Rini Astutik"))[0] != "SK 99"


def test_who_lost_the_right_meanwhile_changes_nothing(stage: Overheard) -> None:
    """The right to appoint is looked at when all is answered, not only when the questions begin."""
    lines = ("/petugas", "[Perbarui SK]", "[Semua petugas]", NUMBER, ISSUED)
    acts(stage, *(f"{HEAD}> {line}" for line in lines))
    head = contact(stage, "p:Sugeng Priyambodo")
    with stage.engine.begin() as connection:
        desk(stage, connection).enrol(Officer(head, "dputr", Role.OFFICER))
    assert appointing.REFUSED.source in heard(stage, f"{HEAD}> [Tanpa batas]")
    assert decree(stage, officer(stage, "Agus Wibowo"))[0] != NUMBER
