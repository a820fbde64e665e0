"""What becomes of reports when an officer goes, and when an agency cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers import handover, removal
from handlers.desk import Officer
from handlers.rules.ticket import Role, State
from handlers.words import Kind
from storage import outbox
from storage.letters import Parcel
from storage.sweep import sweep
from tests.handlers import (
    UNSURE,
    Overheard,
    acts,
    answered,
    contact,
    desk,
    faults,
    history,
    report,
    sample_office,
    ticket,
)
from tests.handlers.phones import hired, opening, said, told

HEAD, AGUS, RINI = "Sugeng Priyambodo @ dputr", "Agus Wibowo @ dputr", "Rini Astutik @ dputr"
COORDINATOR = "Dwi Kurniawati @ kominfo"
WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def stage() -> Iterator[Overheard]:
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def heard(stage: Overheard, *lines: str) -> str:
    """All that the bot says when these things are done."""
    return "\n".join(line for line in acts(stage, *lines) if "> " not in line)


def taken(stage: Overheard, who: str = RINI, reporter: str = "Sari") -> str:
    """A report that an officer has claimed; its number."""
    number = report(stage, reporter)
    acts(stage, f'{who}> (pada "{number}") [Ambil]')
    return number


def ends(stage: Overheard, person: str, day: date | None, agency: str = "dputr") -> None:
    """An officer's decree ends on this day."""
    ident = contact(stage, f"p:{person}")
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        found = at.officer(ident, agency)
        assert found is not None
        at.enrol(Officer(ident, agency, found.role, day, found.decree))


def holds(stage: Overheard, number: str) -> tuple[State, str, str]:
    """State, agency, and the name of who has claimed a report."""
    found = ticket(stage, number)
    with stage.engine.begin() as connection:
        name = desk(stage, connection).name(found.officer) if found.officer else ""
    return found.state, found.agency, name


def actions(stage: Overheard, number: str) -> list[str]:
    return [entry.action for entry in history(stage, ticket(stage, number).id)]


def swept(stage: Overheard) -> list[Parcel]:
    """What the clock writes now."""
    with stage.engine.begin() as connection:
        found = sweep(connection, stage.office, stage.now)
    return found.parcels


# -- handing over


def test_all_that_one_has_claimed_goes_to_a_colleague(stage: Overheard) -> None:
    """Claimed reports change hands in whatever state they are, with one message and no word to reporters."""
    first, second, other = taken(stage), taken(stage, reporter="Budi"), taken(stage, AGUS, "Cici")
    answered(stage, "Agus Wibowo", second)
    before = len(stage.heard("Sari")) + len(stage.heard("Budi"))
    text = heard(stage, f"{RINI}> /serah_terima", f"{RINI}> [Sugeng Priyambodo]", f"{RINI}> [Ya]")
    assert text.count("2 laporan pindah dari Rini Astutik ke Sugeng Priyambodo") == 1
    assert holds(stage, first) == (State.IN_PROGRESS, "dputr", "Sugeng Priyambodo")
    assert holds(stage, second) == (State.RESPONDED, "dputr", "Sugeng Priyambodo")
    assert holds(stage, other)[2] == "Agus Wibowo"
    assert len(stage.heard("Sari")) + len(stage.heard("Budi")) == before
    assert "Diserahterimakan oleh Rini Astutik kepada Sugeng Priyambodo" in heard(stage, f"{RINI}> /tiket {first}")


def test_nothing_is_handed_over_without_a_yes(stage: Overheard) -> None:
    """No, cancel and a colleague who is gone meanwhile leave everything as it was."""
    number = taken(stage)
    assert "Baik, tidak jadi" in heard(stage, f"{RINI}> /serah_terima", f"{RINI}> agus", f"{RINI}> tidak")
    acts(stage, f"{RINI}> /serah_terima", f"{RINI}> [Agus Wibowo]")
    ends(stage, "Agus Wibowo", date(2026, 11, 1))
    assert opening(handover.GONE) in heard(stage, f"{RINI}> [Ya]")
    assert holds(stage, number)[2] == "Rini Astutik"


def test_who_has_nothing_or_nobody_hears_so(stage: Overheard) -> None:
    """Without reports there is nothing to hand over, without a colleague nobody to take them."""
    assert opening(handover.NOTHING) in heard(stage, f"{RINI}> /serah_terima")
    assert opening(handover.NOTHING_HERE) in heard(stage, f"{HEAD}> /serah_terima")
    taken(stage)
    for person in ("Agus Wibowo", "Sugeng Priyambodo"):
        ends(stage, person, date(2026, 11, 1))
    assert opening(handover.ALONE) in heard(stage, f"{RINI}> /serah_terima")


def test_a_head_hands_over_for_somebody_else(stage: Overheard) -> None:
    """Whoever appoints is asked whose reports they are; a colleague cannot do it."""
    number = taken(stage)
    assert opening(handover.NOTHING) in heard(stage, f"{AGUS}> /serah_terima")
    lines = ("/serah_terima", "[Rini Astutik]", "[Agus Wibowo]", "[Ya]")
    assert "1 laporan pindah" in heard(stage, *(f"{HEAD}> {line}" for line in lines))
    assert holds(stage, number)[2] == "Agus Wibowo"


# -- removal


def removed(stage: Overheard, *lines: str, by: str = HEAD) -> str:
    acts(stage, f"{by}> /petugas")
    return heard(stage, *(f"{by}> {line}" for line in ("[Keluarkan petugas]", *lines)))


def test_who_is_removed_may_do_nothing_more(stage: Overheard) -> None:
    """From that moment no command, button, draft, file or change of a message is taken from them."""
    number = taken(stage)
    acts(stage, f'{RINI}> (balas "{number}") Sudah kami tambal pagi ini.')
    preview = stage.button("dputr", "Kirim ke pelapor")
    removed(stage, "[Rini Astutik]", "[Kembali ke antrean]", "[Ya]")
    refused = "tidak terdaftar sebagai petugas"
    assert refused in heard(stage, f"{RINI}> /tugas")
    assert refused in heard(stage, f'{RINI}> (balas "Pelapor:") Lagi.')
    assert refused in heard(stage, f'{RINI}> (ubah "Sudah kami tambal pagi ini.") Belum.')
    said_ = "\n".join(stage.send("Rini Astutik", "dputr", Kind.TAP, tap=preview[1], message=preview[0]))
    assert refused in said_
    assert actions(stage, number) == ["submit", "forward", "claim", "release"]
    assert stage.heard("Sari")[-1].body.text.endswith("sedang diproses oleh Dinas Pekerjaan Umum dan Tata Ruang.")


def test_reports_go_back_into_the_queue_or_to_an_heir(stage: Overheard) -> None:
    """Reports in progress can be claimed again; answered ones lose their officer and keep their state."""
    first, second = taken(stage), taken(stage, reporter="Budi")
    answered(stage, "Agus Wibowo", second)
    text = removed(stage, "[Rini Astutik]", "[Kembali ke antrean]", "[Ya]")
    assert text.count("Rini Astutik tidak lagi bertugas") == 1
    assert "2 laporannya kembali ke antrean" in text
    assert holds(stage, first) == (State.FORWARDED, "dputr", "")
    assert holds(stage, second) == (State.RESPONDED, "dputr", "")
    assert "Kembali ke antrean" in heard(stage, f"{AGUS}> /tiket {second}")
    acts(stage, f'{AGUS}> (pada "{first}") [Ambil]')
    removed(stage, "[Agus Wibowo]", "[Sugeng Priyambodo]", "[Ya]")
    assert holds(stage, first) == (State.IN_PROGRESS, "dputr", "Sugeng Priyambodo")


def test_the_last_officer_cannot_leave_by_themselves(stage: Overheard) -> None:
    """Somebody has to be invited first; the coordinator may remove the last one all the same."""
    number = taken(stage)
    assert "tetap bertugas" in removed(stage, "[Rini Astutik]", "[Kembali ke antrean]", "[Tidak]")
    for name in ("rini", "agus"):
        removed(stage, name, *(["[Kembali ke antrean]"] if name == "rini" else []), "[Ya]")
    assert opening(removal.LAST) in removed(stage, "[Sugeng Priyambodo]")
    text = removed(stage, "dputr", "[Sugeng Priyambodo]", "[Ya]", by=COORDINATOR)
    assert "petugas terakhir" in text
    assert text.count("Untuk sementara 1 laporannya ditangani Dinas Komunikasi dan Informatika") == 1
    assert holds(stage, number) == (State.FORWARDED, "kominfo", "")


def test_an_officer_on_a_phone_hears_of_their_own_end(stage: Overheard) -> None:
    """Their own chat stands for the agency no more: they are told, and get no card."""
    hired(stage)
    removed(stage, "[Wahyu]", "[Ya]")
    assert told(stage, "Wahyu", "Anda tidak lagi terdaftar sebagai petugas")
    number = report(stage, "Sari")
    assert not told(stage, "Wahyu", number)
    assert "Mau mulai dari mana?" in said(stage, "tugas")


# -- the end of a decree


def test_the_end_of_a_decree_gives_reports_back(stage: Overheard) -> None:
    """On the day after, the reports are in the queue again, and the agency hears of it once."""
    number = taken(stage)
    ends(stage, "Rini Astutik", date(2026, 11, 3))
    list(stage.wait(timedelta(hours=24)))
    assert holds(stage, number)[2] == "Rini Astutik"
    lines = "\n".join(stage.wait(timedelta(hours=24)))
    assert lines.count("Masa tugas Rini Astutik") == 1
    assert "1 laporannya kembali ke antrean" in lines
    assert holds(stage, number) == (State.FORWARDED, "dputr", "")
    assert "Masa tugas" not in "\n".join(stage.wait(timedelta(hours=24)))


def test_the_night_is_quiet(stage: Overheard) -> None:
    """At midnight the reports move; nobody is told before eight, not even of a report that moves up."""
    number = taken(stage)
    for person in ("Rini Astutik", "Agus Wibowo", "Sugeng Priyambodo"):
        ends(stage, person, date(2026, 11, 2))
    stage.now = datetime(2026, 11, 3, 0, 1, tzinfo=WIB)
    parcels = swept(stage)
    assert holds(stage, number) == (State.FORWARDED, "kominfo", "")
    assert parcels
    assert {parcel.due_at.astimezone(WIB).hour for parcel in parcels} == {8}
    texts = [parcel.body.text for parcel in parcels]
    assert sum("Masa tugas" in text for text in texts) == 3
    assert sum("untuk sementara" in text.casefold() for text in texts) == 2
    assert swept(stage) == []


def test_a_renewed_decree_brings_the_reports_down_again(stage: Overheard) -> None:
    """What moved up when nobody was in office comes back as soon as somebody is."""
    number = report(stage, "Sari")
    for person in ("Rini Astutik", "Agus Wibowo", "Sugeng Priyambodo"):
        ends(stage, person, date(2026, 11, 2))
    list(stage.wait(timedelta(days=1)))
    assert holds(stage, number)[1] == "kominfo"
    lines = ("/petugas", "[Perbarui SK]", "dputr", "[Agus Wibowo]", "SK 9", "2 Januari 2026", "[Tanpa batas]")
    text = heard(stage, *(f"{COORDINATOR}> {line}" for line in lines))
    assert "dapat dihubungi lagi. 1 laporannya sudah kembali" in text
    assert holds(stage, number)[1] == "dputr"


# -- an agency without a chat


def test_a_group_without_the_bot_gives_its_reports_up(stage: Overheard) -> None:
    """The level above gets them at once, may answer, and gives them back when the chat returns."""
    number = taken(stage)
    lines = heard(stage, f"{AGUS}> (keluarkan bot)")
    assert lines.count("Untuk sementara 1 laporannya ditangani Dinas Komunikasi dan Informatika.") == 1
    assert holds(stage, number) == (State.FORWARDED, "kominfo", "")
    acts(stage, f'{COORDINATOR}> (balas "{number}") Sedang kami teruskan.', f"{COORDINATOR}> [Kirim ke pelapor]")
    assert told(stage, "Sari", "Sedang kami teruskan.")
    late = report(stage, "Budi")
    assert (ticket(stage, late).agency, ticket(stage, late).meant) == ("kominfo", "dputr")
    code = hired_code(stage)
    lines = heard(stage, f"{AGUS}> (tambahkan bot)", f"{AGUS}> /hubungkan {code}")
    assert "2 laporannya sudah kembali" in lines
    assert [ticket(stage, each).agency for each in (number, late)] == ["dputr", "dputr"]
    assert ticket(stage, late).meant == ""


def hired_code(stage: Overheard) -> str:
    with stage.engine.begin() as connection:
        return desk(stage, connection).invite("dputr", Role.OFFICER, None)


def test_a_group_without_reports_is_told_of_too(stage: Overheard) -> None:
    """Those above hear that an agency is gone, even where nothing has to move."""
    lines = heard(stage, f"{AGUS}> (keluarkan bot)")
    assert lines.count("tidak dapat dihubungi lewat layanan ini") == 1
    assert "kominfo<" in lines


def test_a_group_that_is_gone_gives_its_reports_up(stage: Overheard) -> None:
    """A card that cannot be delivered because the group is gone unbinds it, and its reports move up at once."""
    number = report(stage, "Sari")
    stage.blocked.add("dputr")
    acts(stage, f"{COORDINATOR}> /tiket {number}", "Sari> /lapor")
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        room = at.rooms_of("dputr")[0].id
    letter = next(parcel for parcel in stage.letters if parcel.contact == room)
    with stage.engine.begin() as connection:
        parcels, _ = outbox.undeliverable(connection, stage.office, letter, stage.now, gone=True)
    assert any("untuk sementara" in parcel.body.text.casefold() for parcel in parcels)
    assert holds(stage, number)[1] == "kominfo"
    with stage.engine.begin() as connection:
        assert desk(stage, connection).rooms_of("dputr") == []


def test_the_coordinators_own_reports_go_up_too(stage: Overheard) -> None:
    """What waits to be distributed is distributed by those above, and they are told of it."""
    number = report(stage, "Sari", story=UNSURE)
    lines = heard(stage, f"{COORDINATOR}> (keluarkan bot)")
    assert "setda<" in lines
    assert "Untuk sementara 1 laporannya ditangani Sekretariat Daerah" in lines
    assert holds(stage, number)[1] == "setda"
