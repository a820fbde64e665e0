"""The local Cloud API works as a process of its own, for programs that are killed and started again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.botapi_delivery import KEPT

NUMBER = "106540352242922"
BUTTON = {"type": "reply", "reply": {"id": "a1", "title": "Setuju"}}
ASKED = {"type": "button", "body": {"text": "Setuju?"}, "action": {"buttons": [BUTTON]}}


class Script:
    """Plays people and reads what happened by the pages of the process."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self.origin, self.session = url, url.removesuffix("/v23.0"), session

    async def do(self, act: str, **body: object) -> Any:
        """What an act answers."""
        async with self.session.post(f"{self.origin}/do/{act}", json=body) as answer:
            assert answer.status == 200
            return await answer.json()

    async def page(self, name: str, **query: str) -> Any:
        """What a page says."""
        async with self.session.get(f"{self.origin}/{name}", params=query) as answer:
            return await answer.json()

    async def send(self, to: str) -> tuple[int, Any]:
        """The status and the answer to a message of the program."""
        body = {"messaging_product": "whatsapp", "to": to, "type": "interactive", "interactive": ASKED}
        async with self.session.post(f"{self.url}/{NUMBER}/messages", json=body) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    command = (sys.executable, "-m", "tests.graphapi_process", "--token", "T")
    made = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert made.stdout is not None
    url = (await made.stdout.readline()).decode().strip()
    try:
        async with aiohttp.ClientSession(headers={"Authorization": "Bearer T"}) as session:
            yield Script(url, session)
    finally:
        made.kill()
        await made.wait()


async def test_people_act_by_pages(script: Script) -> None:
    """People are made, write, tap and send files by POST /do/ACT."""
    sari = await script.do("person", name="Sari", phone="6281234567")
    assert await script.do("text", person=sari, body="Halo") == KEPT
    wamid = (await script.send("6281234567"))[1]["messages"][0]["id"]
    assert await script.do("tap", person=sari, message=wamid, label="Setuju") == KEPT
    assert await script.do("photo", person=sari, data="\xff\xd8") == KEPT
    await script.do("approve", name="kabar", language="id", text="Halo {{1}}", replies=["Lihat"])
    await script.do("settled")
    assert [one["labels"] for one in await script.page("messages", to="6281234567")] == [["Setuju"]]
    assert await script.page("messages", to="62800") == []
    told = [next(iter(one.keys() & {"messages", "statuses"})) for one in await script.page("events")]
    assert sorted(told) == ["messages", "messages", "messages", "statuses", "statuses"]
    assert len(await script.page("events", after="3")) == 2
    async with script.session.post(f"{script.origin}/do/handle") as answer:
        assert answer.status == 404


async def test_webhooks_wait_for_their_address(script: Script) -> None:
    """What nobody took yet is delivered once there is somebody, and not forgotten while nobody answers."""
    sari = await script.do("person", phone="6281234567")
    await script.do("text", person=sari, body="Halo")
    await script.do("hook", url="http://127.0.0.1:9/hook/whatsapp")
    assert await script.do("redeliver") == [0]
    assert (await script.page("stats"))["pending"] == 1


async def test_faults_and_numbers_by_pages(script: Script) -> None:
    """A fault is ordered by a page too, and /stats and /calls say what came of it."""
    sari = await script.do("person", phone="6281234567")
    await script.do("text", person=sari, body="Halo")
    await script.do("fail", method="messages", code=131056, to=sari)
    assert (await script.send("6281234567"))[0] == 400
    stats = await script.page("stats")
    assert (stats["calls"], stats["by_method"], stats["by_status"]) == (1, {"interactive": 1}, {"400": 1})
    assert stats["problems"] == []
    assert [one["code"] for one in await script.page("calls", after="0")] == [131056]
