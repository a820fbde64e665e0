"""Long polling: the same office without a public address, and an update is forgotten only when it is committed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import serve
from bot.channels.telegram_updates import ALLOWED
from bot.polling import poll
from tests.botapi import BotApi, Call, Person, Shown
from tests.office import ANSWERS, NUMBER, Office, config, opened, until

SARI, BUDI = Person(501, "Sari", "Wulandari", "sariwulan"), Person(502, "Budi")
BREAKS, MENDS = "ALTER TABLE talks RENAME TO gone", "ALTER TABLE gone RENAME TO talks"
KEPT = 202


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@asynccontextmanager
async def polled(folder: Path, api: BotApi) -> AsyncIterator[Office]:
    """An office that asks for its updates."""
    async with opened(folder, api, webhook=False) as office:
        app = office.app
        assert app.telegram is not None
        task = asyncio.create_task(poll(app.telegram, app.intake, app.metrics))
        try:
            yield office
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def heard(api: BotApi, person: Person, text: str) -> Shown:
    """What the bot says to a person's words."""
    assert await api.text(person, text) == KEPT
    await api.wait(lambda call: call.chat == person.id and call.method == "sendMessage")
    return api.last(person)


def asked(api: BotApi) -> list[Call]:
    return [call for call in api.calls if call.method == "getUpdates"]


async def test_a_report_by_polling(tmp_path: Path, api: BotApi) -> None:
    """A whole report goes through without a webhook, and its buttons stop waiting."""
    async with polled(tmp_path, api):
        shown = await heard(api, SARI, "/start")
        for answer in (*ANSWERS, "Lewati", "Biasa", "Kirim"):
            label = next((label for label in shown.labels if label.startswith(answer)), None)
            if label is None:
                shown = await heard(api, SARI, answer)
                continue
            assert await api.tap(SARI, shown, label) == KEPT
            await api.wait(lambda call: call.chat == SARI.id and call.method == "sendMessage")
            shown = api.last(SARI)
        assert NUMBER.search(shown.text)
        await until(lambda: not api.unanswered())
    assert {tuple(call.params["allowed_updates"]) for call in asked(api)} == {tuple(ALLOWED)}
    assert all(call.params["timeout"] >= 20 for call in asked(api))
    assert api.problems == []


async def test_nothing_is_forgotten_before_it_is_committed(tmp_path: Path, api: BotApi) -> None:
    """While the record cannot be written the same updates are asked for again, and then have one effect."""
    async with polled(tmp_path, api) as office:
        await heard(api, SARI, "/start")
        await office.app.database.write(lambda c: c.exec_driver_sql(BREAKS))
        assert await api.text(SARI, "bantuan") == KEPT
        held = api.updates[-1]["update_id"]
        await api.wait(lambda call: call.method == "getUpdates" and held in ids(call), after=0)
        again = len(api.calls)
        await api.wait(lambda call: call.method == "getUpdates", after=again)
        assert max(call.params["offset"] for call in asked(api)) <= held
        assert len(api.messages(SARI)) == 1
        await office.app.database.write(lambda c: c.exec_driver_sql(MENDS))
        await api.wait(lambda call: call.method == "sendMessage" and "Cara melapor" in call.text)
        await until(lambda: not api.delivery.pending)
        assert len(api.messages(SARI)) == 2


def ids(call: Call) -> list[int]:
    """The updates that a call was answered with."""
    return [update["update_id"] for update in call.result or ()]


async def test_a_kill_after_the_commit(tmp_path: Path, api: BotApi) -> None:
    """An update whose office was gone before it could be confirmed comes again, without a second effect."""
    async with opened(tmp_path, api, webhook=False) as office:
        assert office.app.telegram is not None
        assert await api.text(SARI, "/start") == KEPT
        ((_, event),) = await office.app.telegram.poll(0, 0)
        assert event is not None
        await office.app.intake.accept([event])
        await office.settled()
    assert len(api.delivery.pending) == 1
    async with polled(tmp_path, api):
        assert "Cara melapor" in (await heard(api, SARI, "bantuan")).text
    assert len(api.messages(SARI)) == 2


async def test_what_cannot_be_read_is_passed_over(tmp_path: Path, api: BotApi) -> None:
    """An update that cannot be read does not hold up those behind it."""
    api.delivery.pending.append({"update_id": 1, "message": {"chat": 7}})
    api.delivery.pending.append({"update_id": 2, "hologram": {}})
    async with polled(tmp_path, api) as office:
        await heard(api, SARI, "/start")
        await until(lambda: not api.delivery.pending)
        assert await office.count("inbox") == 1


TROUBLES: list[dict[str, object]] = [
    {"status": 502, "html": True},
    {"retry_after": 2},
    {"status": 409, "description": "Conflict: terminated by other getUpdates request"},
]


@pytest.mark.parametrize("how", TROUBLES, ids=str)
async def test_trouble_on_the_way(tmp_path: Path, api: BotApi, how: dict[str, object]) -> None:
    """When asking fails it is asked again after a pause, and nothing is lost."""
    api.fail("getUpdates", **how)  # type: ignore[arg-type]
    async with polled(tmp_path, api):
        await heard(api, SARI, "/start")
    first, second = asked(api)[:2]
    assert second.at - first.at >= float(str(how.get("retry_after", 1)))
    assert second.params["offset"] == first.params["offset"]


async def test_an_office_that_polls(tmp_path: Path, api: BotApi) -> None:
    """Serving without a public address turns the webhook off, sets the menus, asks for updates, and ends when told."""
    api.webhook = ("https://lama.contoh.go.id/hook", "")
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(config(tmp_path, api), stop))
    await api.delivery.asked.wait()
    await heard(api, SARI, "/start")
    stop.set()
    async with asyncio.timeout(10):
        await serving
    methods = [call.method for call in api.calls]
    assert methods.index("deleteWebhook") < methods.index("getUpdates")
    assert methods.count("setMyCommands") == 4
    assert api.webhook is None


async def test_an_office_with_an_address(tmp_path: Path, api: BotApi) -> None:
    """Serving with a public address tells Telegram where and with which secret, and never polls."""
    stop = asyncio.Event()
    settings = config(tmp_path, api, public_url="https://lapor.contoh.go.id")
    serving = asyncio.create_task(serve(settings, stop))
    await api.wait(lambda call: call.method == "setMyCommands" and len(api.calls) >= 6)
    stop.set()
    async with asyncio.timeout(10):
        await serving
    assert api.webhook == ("https://lapor.contoh.go.id/hook/telegram", settings.telegram_webhook_secret)
    assert asked(api) == []
    assert api.problems == []
