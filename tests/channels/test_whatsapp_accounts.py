"""Two accounts of one person, on WhatsApp and on Telegram, joined by a code; one stands in for the other."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.botapi import Person as TelegramPerson
from tests.graphapi import Person
from tests.office import PLACE, STORY
from tests.office import Office as TelegramOffice
from tests.whatsapp_office import Office, mixed

JOKO = TelegramPerson(601, "Joko")
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
async def offices(tmp_path: Path) -> AsyncIterator[tuple[Office, TelegramOffice]]:
    async with mixed(tmp_path) as both:
        yield both


@pytest.fixture
def office(offices: tuple[Office, TelegramOffice]) -> Office:
    return offices[0]


@pytest.fixture
def telegram(offices: tuple[Office, TelegramOffice]) -> TelegramOffice:
    return offices[1]


@pytest.fixture
def sari(office: Office) -> Person:
    """The same person as JOKO, on WhatsApp."""
    return office.api.person("Saraswati")


@pytest.fixture
async def wati(office: Office) -> Person:
    found = office.api.person("Wati")
    await office.enrols(found)
    return found


def code_in(text: str) -> str:
    """The code in a text."""
    found = CODE.search(text)
    assert found, text
    return found[0]


async def joined(office: Office, telegram: TelegramOffice, sari: Person) -> None:
    """The accounts on both platforms are one person's."""
    code = code_in((await telegram.says(JOKO, "/hubungkan_akun")).text)
    assert "terhubung dengan akun Anda di Telegram" in (await office.says(sari, f"hubungkan_akun {code}")).text


async def test_a_code_from_either_side(office: Office, telegram: TelegramOffice, sari: Person) -> None:
    """A code made on WhatsApp and typed on Telegram joins both, says so to both, and is good once."""
    code = code_in((await office.says(sari, "Hubungkan akun")).text)
    shown = await telegram.says(JOKO, f"/hubungkan_akun {code.lower()}")
    await office.settled()
    assert "di WhatsApp" in shown.text
    assert "Bukan Anda yang melakukannya" in office.api.last(sari).text
    other = TelegramPerson(602, "Tono")
    assert "tidak berlaku" in (await telegram.says(other, f"/hubungkan_akun {code}")).text


async def test_an_officer_joins_accounts_too(office: Office, telegram: TelegramOffice, wati: Person) -> None:
    """An officer's own chat takes a code as anybody's does, and not as an answer to a report."""
    code = code_in((await telegram.says(JOKO, "/hubungkan_akun")).text)
    assert "terhubung" in (await office.says(wati, f"hubungkan akun {code}")).text


async def test_a_code_ends(office: Office, telegram: TelegramOffice, sari: Person) -> None:
    """After a quarter of an hour a code is void, and on its own platform it never works."""
    code = code_in((await telegram.says(JOKO, "/hubungkan_akun")).text)
    other = TelegramPerson(602, "Tono")
    assert "aplikasi yang sama" in (await telegram.says(other, f"/hubungkan_akun {code}")).text
    code = code_in((await telegram.says(JOKO, "/hubungkan_akun")).text)
    await office.passes(timedelta(minutes=16))
    assert "tidak berlaku" in (await office.says(sari, f"hubungkan_akun {code}")).text


async def test_reports_are_seen_from_both(office: Office, telegram: TelegramOffice, sari: Person, wati: Person) -> None:
    """A report made on one platform is listed, read and rated on the other."""
    await joined(office, telegram, sari)
    number = await office.report(sari)
    assert number in (await telegram.says(JOKO, "/laporan_saya")).labels
    assert STORY in (await telegram.says(JOKO, number)).text
    await office.answers(wati, number, "Sudah kami tambal.")
    assert office.said(sari, "Sudah kami tambal.")
    assert not [shown for shown in telegram.api.messages(JOKO) if "menjawab laporan" in shown.text]
    shown = await telegram.says(JOKO, number)
    await telegram.presses(JOKO, "Sudah teratasi", shown)
    await telegram.presses(JOKO, "5")
    await telegram.presses(JOKO, "Lewati")
    await office.settled()
    assert "★★★★★" in office.api.last(wati).text


async def test_the_other_account_stands_in(
    office: Office, telegram: TelegramOffice, sari: Person, wati: Person
) -> None:
    """When WhatsApp says that a person is gone for good, this answer and all later ones go to Telegram, once each."""
    await joined(office, telegram, sari)
    number = await office.report(sari)
    office.api.fail("messages", code=131026, to=sari)
    await office.answers(wati, number, "Sudah kami tambal.")
    await office.answers(wati, number, "Juga yang kedua.")
    told = [shown.text for shown in telegram.api.messages(JOKO)]
    for words in ("“Sudah kami tambal.”", "“Juga yang kedua.”"):
        assert len([text for text in told if words in text]) == 1
        assert not office.said(sari, words)
    assert not office.said(wati, "tidak sampai")
    await telegram.says(JOKO, "Masih ada satu", reply_to=telegram.api.last(JOKO))
    await office.settled()
    assert "Masih ada satu" in office.api.last(wati).text


async def test_told_later_that_it_failed(office: Office, telegram: TelegramOffice, sari: Person, wati: Person) -> None:
    """It is the same where WhatsApp takes the answer and says afterwards that it did not arrive."""
    await joined(office, telegram, sari)
    number = await office.report(sari)
    office.api.block(sari)
    await office.answers(wati, number, "Sudah kami tambal.")
    told = [shown.text for shown in telegram.api.messages(JOKO) if "Sudah kami tambal." in shown.text]
    assert len(told) == 1
    office.api.unblock(sari)
    await office.says(sari, "menu")
    await office.answers(wati, number, "Juga yang kedua.")
    assert office.said(sari, "“Juga yang kedua.”")


async def test_telegram_gone_whatsapp_after_a_day(
    office: Office, telegram: TelegramOffice, sari: Person, wati: Person
) -> None:
    """An answer to a Telegram account that is gone comes to WhatsApp, after a day by template."""
    await joined(office, telegram, sari)
    number = await telegram.report(JOKO)
    await office.passes(timedelta(days=2))
    await telegram.api.block(JOKO)
    await office.answers(wati, number, "Sudah kami tambal.")
    told = office.api.last(sari)
    assert (told.kind, "Sudah kami tambal." in told.text) == ("template", True)
    await office.presses(sari, "Sudah teratasi", told)
    assert office.said(wati, "sudah teratasi")


async def test_parted_again(office: Office, telegram: TelegramOffice, sari: Person, wati: Person) -> None:
    """Accounts that were parted know nothing of each other's reports, and do not stand in."""
    await joined(office, telegram, sari)
    number = await office.report(sari)
    await office.says(sari, "pisahkan akun")
    assert number not in (await telegram.says(JOKO, "/laporan_saya")).labels
    assert PLACE not in (await telegram.says(JOKO, number)).text
    office.api.fail("messages", code=131026, to=sari)
    await office.answers(wati, number, "Sudah kami tambal.")
    assert not [shown for shown in telegram.api.messages(JOKO) if "Sudah kami tambal." in shown.text]
    assert office.said(wati, "tidak sampai")


async def test_one_account_under_two_addresses(office: Office, sari: Person) -> None:
    """Who showed a phone number first, then an id beside it, then the id alone, is one person with one report."""
    number = await office.report(sari)
    both = office.api.person("Saraswati", phone=sari.wa_id, user_id="ID.1000000000000021")
    hidden = Person("Saraswati", user_id="ID.1000000000000021", username="saraswati")
    for person in (both, hidden):
        assert number in (await office.says(person, "laporan saya")).labels
    assert await office.count("contacts") == 1
