"""A running office that WhatsApp refuses: what becomes of each message, of the next ones, and who hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.graphapi import Person
from tests.graphapi_faults import How
from tests.office import until
from tests.whatsapp_office import Office, alone

SECONDS = timedelta(seconds=1)
# What passes by itself: Graph's own troubles, and those of the way there.
TROUBLES: tuple[How, ...] = (
    {"status": 500},
    {"status": 502, "html": True},
    {"code": 2, "status": 503},
    {"code": 131016},
    {"code": 131057},
    {"close": True},
)
WHEN = pytest.mark.parametrize("later", [False, True], ids=["answered", "told later"])


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with alone(tmp_path) as found:
        yield found


@pytest.fixture
def sari(office: Office) -> Person:
    return office.api.person("Saraswati")


@pytest.fixture
async def budi(office: Office) -> Person:
    found = office.api.person("Budi Santoso")
    await office.enrols(found)
    return found


async def refused(office: Office, outcome: str, times: int = 1) -> None:
    """Returns when so many deliveries in all have come to this, and what follows from it is settled."""
    labels = {"channel": "whatsapp", "outcome": outcome}
    registry = office.app.metrics.registry
    await until(lambda: registry.get_sample_value("kentongan_deliveries_total", labels) == times)


def failing(code: int, later: bool, to: Person) -> How:
    """How a message to a person fails: in the answer, or told afterwards."""
    return How(later=code, to=to) if later else How(code=code, to=to)


def tries(office: Office, person: Person) -> int:
    """How often something was sent to a person, taken or not."""
    return len([call for call in office.api.calls if call.to == person.wa_id])


@pytest.mark.parametrize("how", TROUBLES, ids=str)
async def test_what_passes_is_tried_again(office: Office, sari: Person, budi: Person, how: How) -> None:
    """A message that met a passing trouble is tried again, and arrives once, before the next."""
    number = await office.report(sari)
    before = len(office.api.messages(sari))
    office.api.fail("messages", times=2, **(how | How(to=sari)))
    await office.presses(budi, "Ambil", office.card(budi, number))
    await office.answers(budi, number, "Sudah kami tambal.")
    for _ in range(3):
        await office.passes(3 * SECONDS)
    claimed, answered = office.api.messages(sari)[before:]
    assert "sedang diproses" in claimed.text
    assert "Sudah kami tambal." in answered.text


async def test_a_connection_lost_after_the_message_was_taken(office: Office, sari: Person) -> None:
    """Nobody can know that a message was taken whose answer was lost: it may come twice, and is never lost."""
    office.api.fail("messages", close_after=True)
    await office.api.text(sari, "Halo")
    await office.settled()
    await office.passes(3 * SECONDS)
    assert 1 <= len(office.said(sari, "Selamat datang")) <= 2
    assert "Cara melapor" in (await office.says(sari, "bantuan")).text


@pytest.mark.parametrize(("code", "wait"), [(130429, 5), (80007, 60), (4, 60)])
async def test_the_whole_number_waits(office: Office, sari: Person, code: int, wait: int) -> None:
    """Where the number or the account is too fast, nothing leaves for a while, and then everything once."""
    wati = office.api.person("Wati")
    office.api.fail("messages", code=code)
    await office.api.text(sari, "Halo")
    await refused(office, "retry")
    await office.api.text(wati, "Halo")
    await office.turns()
    assert tries(office, wati) == 0
    await office.passes((wait + 1) * SECONDS)
    assert [len(office.api.messages(each)) for each in (sari, wati)] == [1, 1]


async def test_one_pair_waits_longer_each_time(office: Office, sari: Person) -> None:
    """Too much for one person is answered with one second of waiting, then four, then sixteen; others go on."""
    wati = office.api.person("Wati")
    office.api.fail("messages", code=131056, times=3, to=sari)
    await office.api.text(sari, "Halo")
    await office.api.text(wati, "Halo")
    await office.api.wait(lambda call: call.to == wati.wa_id)
    for number, wait in enumerate((1, 4, 16), 1):
        await refused(office, "retry", number)
        office.time.at += (wait - 0.5) * SECONDS
        await office.turns()
        assert tries(office, sari) == number
        office.time.at += SECONDS
        office.app.dispatcher.post(())
    await office.settled()
    assert len(office.api.messages(sari)) == 1


@WHEN
async def test_who_cannot_be_reached(office: Office, sari: Person, budi: Person, later: bool) -> None:
    """Of somebody who is not on WhatsApp any more the officers hear, the message stays, and who writes is back."""
    number = await office.report(sari)
    office.api.fail("messages", **failing(131026, later, sari))
    await office.answers(budi, number, "Sudah kami tambal.")
    assert office.said(budi, f"Pesan untuk pelapor {number} tidak sampai")
    assert "1 gagal" in (await office.says(budi, f"tiket {number}")).text
    assert "Sudah kami tambal." in (await office.says(sari, number)).text
    await office.answers(budi, number, "Juga yang kedua.")
    assert office.said(sari, "“Juga yang kedua.”")


async def test_who_blocks_us(office: Office, sari: Person, budi: Person) -> None:
    """A block shows only by what fails; after it is taken back everything goes on."""
    number = await office.report(sari)
    office.api.block(sari)
    await office.answers(budi, number, "Sudah kami tambal.")
    assert office.said(budi, "tidak sampai")
    office.api.unblock(sari)
    assert "Sudah kami tambal." in (await office.says(sari, number)).text


@WHEN
@pytest.mark.parametrize("code", [131049, 130472])
async def test_held_back_by_meta(office: Office, sari: Person, budi: Person, code: int, later: bool) -> None:
    """What Meta holds back is tried again after a day, while other messages pass."""
    number = await office.report(sari)
    office.api.fail("messages", **failing(code, later, sari))
    await office.answers(budi, number, "Sudah kami tambal.")
    assert "Cara melapor" in (await office.says(sari, "bantuan")).text
    await office.passes(timedelta(hours=23))
    assert not office.said(sari, "Sudah kami tambal.")
    await office.passes(timedelta(hours=3))
    assert len(office.said(sari, "Sudah kami tambal.")) == 1


@pytest.mark.parametrize("code", [131031, 190, 368, 131042])
async def test_a_locked_account(office: Office, sari: Person, code: int) -> None:
    """Where the account is locked or its token void, the log says so, and everything leaves when it is opened."""
    office.api.fail("messages", code=code, times=2)
    with capture_logs() as logs:
        await office.api.text(sari, "Halo")
        for number in (1, 2):
            await refused(office, "stopped", number)
            await office.turns()
            assert tries(office, sari) == number
            office.time.at += 31 * SECONDS
            office.app.dispatcher.post(())
        await office.settled()
    assert [each["why"] for each in logs if each["event"] == "account_refused"] == [str(code)] * 2
    assert len(office.api.messages(sari)) == 1


async def test_what_is_refused_for_good(office: Office, sari: Person, budi: Person) -> None:
    """Of a message that WhatsApp will never take the officers hear; the reporter finds it in the report."""
    number = await office.report(sari)
    office.api.fail("messages", code=131009, to=sari, times=5)
    await office.answers(budi, number, "Sudah kami tambal.")
    office.api.faults.clear()
    assert office.said(budi, "ditolak layanan pesan")
    assert "Sudah kami tambal." in (await office.says(sari, number)).text


async def test_a_question_that_is_refused(office: Office, sari: Person) -> None:
    """A question whose buttons WhatsApp does not take is asked in words, and answered by its numbers."""
    office.api.fail("interactive", code=131009)
    assert "1. Buat laporan" in (await office.says(sari, "Halo")).text
    assert "Setuju" in (await office.says(sari, "1")).labels


async def test_a_status_says_what_an_answer_may_say(office: Office, sari: Person, budi: Person) -> None:
    """A passing trouble that is told afterwards makes the message leave again, and the figures count it."""
    number = await office.report(sari)
    office.api.fail("messages", later=131000, to=sari)
    await office.answers(budi, number, "Sudah kami tambal.")
    assert not office.said(sari, "Sudah kami tambal.")
    await office.passes(31 * SECONDS)
    assert len(office.said(sari, "Sudah kami tambal.")) == 1
    assert b'kentongan_undelivered_total{code="131000"} 1.0' in office.app.metrics.text()
