"""An office on WhatsApp that is stopped or killed: nothing is lost, and what was marked is not said twice."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.graphapi import Call, GraphApi, Person
from tests.whatsapp_office import Office, Time, approve_all, opened


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def api(time: Time) -> AsyncIterator[GraphApi]:
    async with GraphApi(clock=time.seconds) as found:
        approve_all(found)
        yield found


@pytest.fixture
def sari(api: GraphApi) -> Person:
    return api.person("Saraswati")


@pytest.fixture
def budi(api: GraphApi) -> Person:
    return api.person("Budi Santoso")


async def reported(office: Office, sari: Person, budi: Person) -> str:
    """A report that an officer has before them."""
    await office.enrols(budi)
    return await office.report(sari)


async def test_stopped_while_it_sends(tmp_path: Path, api: GraphApi, time: Time, sari: Person, budi: Person) -> None:
    """What is on its way when the office is told to stop is finished and marked, and the rest leaves later, once."""
    async with opened(tmp_path, api, time) as office:
        number = await reported(office, sari, budi)
        api.delay = 0.05
        for officer_text in ("Jawaban satu", "Jawaban dua"):
            await office.says(budi, officer_text, context=office.card(budi, number))
        previews = office.said(budi, "Pratinjau jawaban")
        for preview in previews:
            assert await api.tap(budi, preview, "Kirim ke pelapor") == 200
    api.delay = 0.0
    async with opened(tmp_path, api, time) as office:
        await office.settled()
        assert await office.count("outbox") == 0
        for words in ("“Jawaban satu”", "“Jawaban dua”"):
            assert len([shown for shown in office.said(sari, words) if "menjawab laporan" in shown.text]) == 1


async def test_killed_before_it_sends(tmp_path: Path, api: GraphApi, time: Time, sari: Person, budi: Person) -> None:
    """What was committed and not sent when the process was killed is sent by the next one, once."""
    async with opened(tmp_path / "first", api, time) as office:
        number = await reported(office, sari, budi)
        api.fail("messages", times=1000, close=True)
        assert await api.tap(budi, office.card(budi, number), "Ambil") == 200
        await api.wait(lambda call: call.status == 0, status=None)
        # The files as they lie now are what a kill at this moment leaves.
        shutil.copytree(tmp_path / "first", tmp_path / "second")
    api.faults.clear()
    async with opened(tmp_path / "second", api, time) as office:
        await office.passes()
        assert await office.count("outbox") == 0
    assert len(office.said(sari, "sedang diproses")) == 1


async def test_killed_between_sending_and_marking(
    tmp_path: Path, api: GraphApi, time: Time, sari: Person, budi: Person
) -> None:
    """A message that left just before a kill, and was not written down, may come twice, but never not at all."""
    copied: list[Path] = []

    def kill(call: Call) -> None:
        if "sedang diproses" in call.text and not copied:
            copied.append(shutil.copytree(tmp_path / "first", tmp_path / "second"))

    async with opened(tmp_path / "first", api, time) as office:
        number = await reported(office, sari, budi)
        api.listeners.append(kill)
        await office.presses(budi, "Ambil", office.card(budi, number))
    assert copied
    async with opened(tmp_path / "second", api, time) as office:
        await office.passes()
        assert await office.count("outbox") == 0
        assert len(office.said(sari, "sedang diproses")) == 2
        await office.answers(budi, number, "Sudah kami tambal.")
        assert len(office.said(sari, "Sudah kami tambal.")) == 1


async def test_a_photo_that_was_to_be_fetched(tmp_path: Path, api: GraphApi, time: Time, sari: Person) -> None:
    """A file that was on record and not fetched when the process was killed is fetched by the next one."""
    async with opened(tmp_path / "first", api, time) as office:
        await office.begins(sari)
        api.fail("media", times=1000, status=503)
        assert await api.photo(sari) == 200
        await api.wait(lambda call: call.method == "media", status=None)
        shutil.copytree(tmp_path / "first", tmp_path / "second")
    api.faults.clear()
    async with opened(tmp_path / "second", api, time) as office:
        await office.fetched(timedelta(seconds=5))
        assert [call.method for call in api.calls].count("download") == 1
        await office.passes()
        assert "Berkas ke-1 diterima" in api.last(sari).text


async def test_a_webhook_while_the_office_is_down(tmp_path: Path, api: GraphApi, time: Time, sari: Person) -> None:
    """What comes while nobody listens is delivered again by Meta, and answered then."""
    async with opened(tmp_path, api, time) as office:
        await office.says(sari, "mulai")
    assert await api.text(sari, "Buat laporan") == 0
    async with opened(tmp_path, api, time) as office:
        assert await api.redeliver() == [200]
        await office.settled()
        assert "Setuju" in api.last(sari).labels
