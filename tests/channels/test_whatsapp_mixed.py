"""One ticket across both platforms: a reporter on WhatsApp with officers in a Telegram group, and the reverse."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.botapi import Group
from tests.botapi import Person as TelegramPerson
from tests.graphapi import Person
from tests.graphapi_errors import Refused
from tests.graphapi_statuses import status_of
from tests.office import Office as TelegramOffice
from tests.whatsapp_office import Office, mixed, number_in

BUDI = TelegramPerson(502, "Budi", "Santoso")
JOKO = TelegramPerson(601, "Joko")
ORDERS = [*itertools.permutations(("sent", "delivered", "read")), ("delivered", "failed"), ("read", "failed", "sent")]


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
    return office.api.person("Saraswati")


@pytest.fixture
async def group(telegram: TelegramOffice) -> Group:
    return await telegram.group(BUDI)


async def test_reported_on_whatsapp_answered_in_a_group(
    office: Office, telegram: TelegramOffice, sari: Person, group: Group
) -> None:
    """A report from WhatsApp is claimed, answered, confirmed and rated through a group on Telegram."""
    number = await office.report(sari)
    await telegram.presses_card(BUDI, group, number, "Ambil")
    assert office.said(sari, "sedang diproses")
    await telegram.answers(BUDI, group, number, "Sudah kami tambal.")
    await office.settled()
    await office.presses(sari, "Sudah teratasi")
    await office.presses(sari, "5")
    await office.says(sari, "Cepat sekali")
    await office.passes(timedelta(seconds=20))
    assert "★★★★★" in telegram.card(group, number).text
    assert "Cepat sekali" in telegram.api.last(group).text
    office.nothing_wrong()
    assert telegram.api.problems == []


async def test_reported_on_telegram_answered_on_whatsapp(office: Office, telegram: TelegramOffice) -> None:
    """A report from Telegram is handled in an officer's own chat on WhatsApp."""
    wati = office.api.person("Wati")
    await office.enrols(wati)
    number = await telegram.report(JOKO)
    await office.settled()
    await office.presses(wati, "Ambil", office.card(wati, number))
    await office.answers(wati, number, "Sudah kami tambal.")
    assert "Sudah kami tambal." in telegram.api.last(JOKO).text
    await telegram.says(JOKO, "Masih ada satu lagi", reply_to=telegram.api.last(JOKO))
    await office.settled()
    assert "Masih ada satu lagi" in office.api.last(wati).text
    office.nothing_wrong()
    assert telegram.api.problems == []


async def test_a_group_and_a_chat_of_one_agency(
    office: Office, telegram: TelegramOffice, sari: Person, group: Group
) -> None:
    """An agency with a group and an officer on WhatsApp shows each report in both, and one takes it."""
    wati = office.api.person("Wati")
    await office.enrols(wati)
    number = await office.report(sari)
    await telegram.presses_card(BUDI, group, number, "Ambil")
    await office.settled()
    assert "Petugas: Budi Santoso" in office.api.last(wati).text
    assert "sudah diambil oleh Budi Santoso" in (await office.presses(wati, "Ambil", office.card(wati, number))).text
    await office.answers(wati, number, "Kami bantu.")
    await office.passes(timedelta(seconds=20))
    assert "Ditindaklanjuti" in telegram.card(group, number).text
    assert len(office.said(sari, "Kami bantu.")) == 1


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
async def test_how_far_an_answer_came(
    office: Office, telegram: TelegramOffice, sari: Person, group: Group, order: Sequence[str]
) -> None:
    """Whatever the order in which it is told, the card and the history show the furthest that an answer came."""
    number = await office.report(sari)
    office.api.statuses = ()
    await telegram.answers(BUDI, group, number, "Sudah kami tambal.")
    await office.settled()
    answer, chat = office.api.last(sari), office.api.world.chat(sari)
    for status in order:
        failure = Refused(131026) if status == "failed" else None
        await office.api.report(status_of(answer, chat, status, office.time.seconds(), failure))
    await office.passes(timedelta(seconds=20))
    word = "sudah dibaca" if "read" in order else "sudah sampai ke"
    assert word in telegram.card(group, number).text
    shown = (await telegram.writes(BUDI, group, f"/tiket {number}")).text
    assert ("1 dibaca" if "read" in order else "0 dibaca") in shown
    assert "0 gagal" in shown
    assert len(office.said(sari, "Sudah kami tambal.")) == 1


async def test_what_failed_stands_on_the_card(
    office: Office, telegram: TelegramOffice, sari: Person, group: Group
) -> None:
    """An answer that was sent and failed for good is shown as such on the card, and told in the group."""
    number = await office.report(sari)
    office.api.fail("messages", later=131026, to=sari)
    await telegram.answers(BUDI, group, number, "Sudah kami tambal.")
    await office.settled()
    await office.passes(timedelta(seconds=20))
    assert "tidak sampai" in telegram.card(group, number).text
    assert any("Pesan untuk pelapor" in shown.text for shown in telegram.api.messages(group))


async def test_read_is_shown_once(office: Office, telegram: TelegramOffice, sari: Person, group: Group) -> None:
    """A reader who opens the chat changes the card once, without a push."""
    number = await office.report(sari)
    await telegram.answers(BUDI, group, number, "Sudah kami tambal.")
    await office.passes(timedelta(seconds=20))
    messages = len(telegram.api.messages(group))
    calls = len(telegram.api.calls)
    await office.api.read(sari)
    await office.passes(timedelta(seconds=20))
    assert "sudah dibaca" in telegram.card(group, number).text
    assert len(telegram.api.messages(group)) == messages
    assert [call.method for call in telegram.api.calls[calls:]] == ["editMessageText"]


async def test_after_a_day_across(office: Office, telegram: TelegramOffice, sari: Person, group: Group) -> None:
    """An answer from a group after a week comes by template, and a reply to it lands in the group."""
    number = await office.report(sari)
    await office.passes(timedelta(days=6))
    await telegram.answers(BUDI, group, number, "Sudah kami tambal.")
    await office.settled()
    told = office.api.last(sari)
    assert (told.kind, number_in(told.text)) == ("template", number)
    await office.says(sari, "Masih ada satu", context=told)
    assert any("Masih ada satu" in shown.text for shown in telegram.api.messages(group))
