"""The webhook: proof first, then one effect for each update, and 200 only for what is kept or can never be read."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi, Person
from tests.channels.test_telegram_parse import PAYLOADS, nested
from tests.logged import logged
from tests.office import SECRET, Office, opened, until

SARI, BUDI = Person(5098765432, "Saraswati", "Wulandari", "sariwulan"), Person(502, "Budi")
HEADER = "X-Telegram-Bot-Api-Secret-Token"
WORDS = "Kepala desa kami meminta uang"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with BotApi() as api, opened(tmp_path, api) as found:
        yield found


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that the program logs, in the form in which it serves."""
    with logged() as stream:
        yield stream


async def post(office: Office, body: bytes, secret: str | None = SECRET, **headers: str) -> int:
    """What the webhook answers to a body."""
    if secret is not None:
        headers[HEADER] = secret
    url = f"{office.url}/hook/telegram"
    async with aiohttp.ClientSession() as session, session.post(url, data=io.BytesIO(body), headers=headers) as answer:
        said = await answer.read()
        # The one call that may be an answer says nothing but that the tap came.
        assert said in (b"", b"ok", b"403: Forbidden") or json.loads(said).keys() == {"method", "callback_query_id"}
        return answer.status


def update(text: object = WORDS, number: int = 870_000_900, **more: Any) -> bytes:
    chat = SARI.chat()
    message = {"message_id": number % 1000, "from": SARI.user(), "chat": chat, "date": 1795320000, "text": text}
    return json.dumps({"update_id": number, "message": {**message, **more}}).encode()


async def counted(office: Office, outcome: str) -> float:
    """How many of Telegram's events had this outcome, by /metrics."""
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/metrics") as answer:
        text = await answer.text()
    name = f'kentongan_events_total{{channel="telegram",outcome="{outcome}"}} '
    return float(next((line.removeprefix(name) for line in text.splitlines() if line.startswith(name)), 0))


SECRETS = (None, "", "salah", SECRET[:-1], SECRET + "x", SECRET.upper(), "ĆŻ")


async def test_without_the_secret_nothing_happens(office: Office) -> None:
    """A request without the secret is refused, whatever it holds, and leaves nothing behind."""
    for secret in SECRETS:
        assert await post(office, update(), secret) == 403
        assert await post(office, b"{", secret) == 403
    assert await counted(office, "forbidden") == 2 * len(SECRETS)
    assert await office.count("inbox") == 0
    assert office.api.calls == []


async def test_other_ways_to_the_hook(office: Office) -> None:
    """The hook takes POST only."""
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/hook/telegram") as answer:
        assert answer.status == 405


HUGE = update("a" * 1_100_000)
UNREADABLE = {
    "empty": b"",
    "no JSON": b"halo " + WORDS.encode(),
    "cut short": update()[:-30],
    "more than a megabyte": HUGE,
    "nested too deep": b'{"update_id": 1, "message": ' + b"[" * 100_000,
    "replies within replies": nested(100_000),
    "no id": b'{"message": {}}',
    "wrong types": update(text=7).replace(b'"text": 7', b'"text": [["' + WORDS.encode() + b'"]]'),
    "not UTF-8": update().replace(b"Kepala", b"\xff\xfe"),
    "a list": b"[" + update() + b"]",
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_cannot_be_read_is_not_asked_for_again(office: Office, written: io.StringIO, name: str) -> None:
    """What cannot be read gets 200, is counted, and is logged without a word of what it said."""
    assert await post(office, UNREADABLE[name]) == 200
    assert await counted(office, "unreadable") == 1
    assert "unreadable_update" in written.getvalue()
    for secret in (*WORDS.split(), SARI.first_name, SARI.last_name, SARI.username, str(SARI.id), SECRET, "123456:TEST"):
        assert secret not in written.getvalue()
    assert await office.count("inbox") == 0


async def test_a_body_in_pieces_without_a_length(office: Office) -> None:
    """A body that does not say how long it is may not grow beyond the limit either."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(HUGE), 100_000):
            yield HUGE[start : start + 100_000]

    url = f"{office.url}/hook/telegram"
    headers = {HEADER: SECRET}
    async with aiohttp.ClientSession() as session, session.post(url, data=pieces(), headers=headers) as answer:
        assert answer.status == 200
    assert await counted(office, "unreadable") == 1


async def test_a_packed_body(office: Office) -> None:
    """A body that is small only because it is packed is held to the same limit."""
    packed = gzip.compress(update("a" * 20_000_000))
    assert len(packed) < 100_000
    assert await post(office, packed, **{"Content-Encoding": "gzip"}) == 200
    assert await counted(office, "unreadable") == 1


NOTHING = ("channel_post", "from_bot", "poll_answer", "pinned", "new_title", "group_sticker")


async def test_what_means_nothing(office: Office) -> None:
    """Updates that mean nothing here get 200 and are counted as ignored."""
    for name in NOTHING:
        assert await post(office, json.dumps(PAYLOADS[name]).encode()) == 200
    assert await counted(office, "ignored") == len(NOTHING)


async def test_every_payload_on_file(office: Office, written: io.StringIO) -> None:
    """Every true payload gets 200, poisons nothing, and none of what it says is logged."""
    for payload in PAYLOADS.values():
        assert await post(office, json.dumps(payload).encode()) == 200
    await office.settled()
    assert await counted(office, "poisoned") == await counted(office, "unreadable") == 0
    for secret in ("Siti", "Romlah", "Wibowo", "5012345678", "498765432", "6281234567890", "ambrol", "Lampu", "Alun"):
        assert secret not in written.getvalue()


async def test_a_conversation_is_not_logged(office: Office, written: io.StringIO) -> None:
    """A whole report and its answer leave no name, no number of a person and no word of theirs in the log."""
    group = await office.group(BUDI)
    number = await office.report(SARI)
    office.api.fail("sendMessage", status=403, chat=SARI.id)
    office.api.fail("editMessageText", status=502, html=True)
    await office.answers(BUDI, group, number, "Sudah kami tambal kemarin sore.")
    assert written.getvalue()
    for secret in ("Saraswati", "Wulandari", "sariwulan", str(SARI.id), "berlubang", "Sudirman", "tambal", ":TEST"):
        assert secret not in written.getvalue()


async def test_an_update_has_its_effect_once(office: Office) -> None:
    """An update that is delivered again, at once or later, is answered with 200 and changes nothing."""
    body = update()
    assert await asyncio.gather(*(post(office, body) for _ in range(5))) == [200] * 5
    await office.settled()
    assert await post(office, body) == 200
    await office.settled()
    assert [call.method for call in office.api.calls if call.chat == SARI.id] == ["sendMessage"]
    assert (await counted(office, "done"), await counted(office, "duplicate")) == (1, 5)


async def test_taps_are_acknowledged(office: Office) -> None:
    """A pressed button stops waiting with the answer to its webhook, also one that no longer means anything."""
    first = await office.says(SARI, "/start")
    await office.presses(SARI, "Buat laporan")
    await office.presses(SARI, "Cek status", first)
    await office.api.press(SARI, SARI.id, first.id, "tidak:ada")
    await until(lambda: not office.api.unanswered())


BROKEN = {
    "full": ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1000000"),
    "spoiled": ("ALTER TABLE talks RENAME TO gone", "ALTER TABLE gone RENAME TO talks"),
}


async def refused(office: Office) -> Person:
    """The first of many people whose message the record does not take any more."""
    for number in range(600, 1600):
        person = Person(number, "Ratnasari")
        if await office.api.text(person, "/start") == 503:
            return person
    raise AssertionError("the record takes everything")


@pytest.mark.parametrize("how", BROKEN)
async def test_nothing_is_acknowledged_that_is_not_kept(office: Office, written: io.StringIO, how: str) -> None:
    """While the record cannot be written the platform hears 503, and later delivers with one effect."""
    shown = await office.says(SARI, "/start")
    breaks, mends = BROKEN[how]
    await office.app.database.write(lambda c: c.exec_driver_sql(breaks))
    person = await refused(office)
    assert [update["message"]["from"]["id"] for update in office.api.delivery.pending] == [person.id]
    kept = await office.api.tap(SARI, shown, "Buat laporan") == 200
    await asyncio.sleep(0.05)
    assert bool(office.api.unanswered()) is not kept
    assert not [call for call in office.api.calls if call.chat == person.id]
    assert "not_committed" in written.getvalue()
    assert "Ratnasari" not in written.getvalue()
    waiting = office.api.delivery.pending[:]
    await office.app.database.write(lambda c: c.exec_driver_sql(mends))
    assert await office.api.redeliver() == [200] * len(waiting)
    assert await office.api.repeat(waiting[0]) == 200
    await office.settled()
    assert [call.method for call in office.api.calls if call.chat == person.id] == ["sendMessage"]
    assert office.api.last(SARI).text.startswith("Sebelum lanjut")


async def test_a_record_that_became_read_only(tmp_path: Path) -> None:
    """What was refused while the disk took nothing has its effect once when the office is started again."""
    async with BotApi() as api:
        async with opened(tmp_path, api) as office:
            await office.app.database.write(lambda c: c.exec_driver_sql("PRAGMA query_only=on"))
            assert await api.text(SARI, "/start") == 503
            assert api.calls == []
        async with opened(tmp_path, api) as office:
            assert await api.redeliver() == [200]
            assert await api.repeat(api.updates[0]) == 200
            await office.settled()
            assert len(api.messages(SARI)) == 1


async def test_health(tmp_path: Path) -> None:
    """Readiness and liveness tell a record in trouble from a process in trouble, and a missing year from either."""
    async with BotApi() as api, opened(tmp_path, api) as office, aiohttp.ClientSession() as session:
        async with session.get(f"{office.url}/ready") as answer:
            assert (answer.status, await answer.json()) == (200, {"ready": True, "problems": {}, "warnings": {}})
        year = office.app.now().year
        without = replace(office.app.office.facts, holidays=())
        office.app.office = replace(office.app.office, facts=without)
        async with session.get(f"{office.url}/ready") as answer:
            assert answer.status == 200
            assert (await answer.json())["warnings"]["calendar"].startswith(f"hari libur {year}")
        await office.app.database.write(lambda c: c.exec_driver_sql("DROP TABLE alembic_version"))
        async with session.get(f"{office.url}/ready") as answer:
            assert answer.status == 503
        async with session.get(f"{office.url}/live") as answer:
            assert answer.status == 200
