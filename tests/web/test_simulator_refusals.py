"""What the simulator refuses, always with a sentence, and what survives a kill or an absent office."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import demo
from bot.channels.simulator import Posted, Simulator
from bot.intake import Intake
from bot.web.server import application
from bot.web.simulator import SimulatorRoutes
from handlers.words import Inbound
from storage.turns import Outcome
from tests.web.visitor import JSON, PNG, SITI, Visitor, visitor_at

pytestmark = pytest.mark.asyncio(loop_scope="module")


# -- what is refused


@pytest.mark.parametrize(
    "body",
    [
        {"chat": "tidak-ada", "person": "warga-1", "kind": "text", "text": "halo"},
        {"chat": "warga-1", "person": "warga-2", "kind": "text", "text": "halo"},
        {"chat": "dputr", "person": "warga-1", "kind": "text", "text": "halo"},
        {**SITI, "kind": "text", "text": "   "},
        {**SITI, "kind": "text", "text": "a" * 4097},
        {**SITI, "kind": "text", "text": "halo", "reply_to": 999_999},
        {**SITI, "kind": "tap", "choice": "m:menu", "message": 999_999},
        {**SITI, "kind": "tap", "choice": "tidak-ada", "message": 1},
        {**SITI, "kind": "edit", "message": 999_999, "text": "halo"},
        {**SITI, "kind": "text", "text": 5},
        {**SITI, "text": "halo"},
        {},
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(visitor: Visitor, body: dict[str, Any]) -> None:
    """A stranger, an unknown chat, an empty or missing field: refused with a sentence, and nothing is said."""
    before = len((await visitor.state())["messages"])
    status, why = await visitor.send(**body)
    assert status == 400
    assert why.endswith(".")
    assert len((await visitor.state())["messages"]) == before


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"chat": "warga-1", "text": "\xed\xa0\x80"}']
)
async def test_broken_json_is_refused_in_words(visitor: Visitor, body: bytes) -> None:
    """Whatever is no JSON of ours is a 400 with a sentence."""
    assert await visitor.raw("/simulator/send", body, JSON) == (400, "Permintaan tidak dapat dibaca.")


async def test_a_huge_body_is_refused_in_words(visitor: Visitor) -> None:
    """A body beyond the limit, a file beyond it, and a form field beyond it are a 413 with a sentence."""
    status, why = await visitor.send(**SITI, kind="text", text="a" * 2_000_000)
    assert (status, why) == (413, "Pesan ini terlalu panjang.")
    status, why = await visitor.upload(SITI, ("film.mp4", "video/mp4", b"0" * 20_000_001))
    assert status == 413
    assert "20 MB" in why
    assert (await visitor.upload({**SITI, "caption": "a" * 30_000}, ("a.png", "image/png", PNG)))[0] == 413


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/plain", b"halo", 415),
        ("multipart/form-data", b"halo", 400),
        ("multipart/form-data; boundary=x", b"halo", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken\r\n\r\n--x--", 400),
        ("multipart/form-data; boundary=x", b"--x--\r\n", 400),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="chat"\r\n\r\nwarga', 400),
        (f"multipart/form-data; boundary={'x' * 300}", b"--x--", 400),
    ],
)
async def test_a_form_that_is_none_is_refused_in_words(visitor: Visitor, kind: str, body: bytes, status: int) -> None:
    """An upload that is no form, or a torn one, is refused with a sentence."""
    found, why = await visitor.raw("/simulator/files", body, {"Content-Type": kind})
    assert found == status
    assert why.endswith(".")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"chat": "warga-1", "person": "warga-2"},
        {"chat": "../../x", "person": "warga-1"},
        {**SITI, "caption": "a" * 4097},
    ],
)
async def test_files_of_a_stranger_are_refused(visitor: Visitor, fields: dict[str, str]) -> None:
    """Files come only from a person of the chat, with a caption of a message's length."""
    assert (await visitor.upload(fields, ("a.png", "image/png", PNG)))[0] == 400


async def test_odd_file_names_and_types_do_no_harm(visitor: Visitor) -> None:
    """A name without letters gets one, a type that is none becomes plain bytes, the eleventh file is left out."""
    files = [("..", "image/png;x=y", PNG), ("a" * 900, "gambar", PNG), ("/", "image/\u00e9", PNG)]
    assert (await visitor.upload({**SITI, "reply_to": "9" * 5000}, *files, *files, *files, *files))[0] == 204
    message = (await visitor.own("warga-1"))[-1]
    assert len(message["files"]) == 10
    assert all(0 < len(file["name"]) <= 200 for file in message["files"])
    assert [file["mime"] for file in message["files"][:3]] == ["image/png", *["application/octet-stream"] * 2]
    assert message["reply_to"] is None


# -- what survives


async def test_a_cut_line_costs_only_itself(tmp_path: Path) -> None:
    """After a kill in the middle of a line the messages before it and after it are there."""
    made = _simulator(tmp_path)
    made.say(_said("satu"))
    with (tmp_path / "messages.jsonl").open("ab") as file:
        file.write(b'{"id": 2, "chat": "war')
    again = _simulator(tmp_path)
    again.say(_said("dua"))
    assert [message.text for message in _simulator(tmp_path).messages.values()] == ["satu", "dua"]


async def test_what_the_office_could_not_take_is_taken_back(tmp_path: Path) -> None:
    """When nothing was committed the page hears 503, and the message does not stand there as if it had been sent."""

    class Away(Intake):
        def __init__(self) -> None:
            """Takes nothing, like an office whose database is away."""

        async def accept(self, events: Sequence[Inbound]) -> list[Outcome]:
            raise OSError("away")

    simulator = _simulator(tmp_path)
    app = application()
    SimulatorRoutes(simulator, Away(), lambda: "Kantor").add_to(app)
    async with _served(app) as port, visitor_at(port) as found:
        status, why = await found.send(**SITI, kind="text", text="halo")
    assert status == 503
    assert "belum terkirim" in why
    assert [message.removed for message in simulator.messages.values()] == [True]


async def test_a_page_that_falls_behind_is_cut_off(tmp_path: Path) -> None:
    """A listener that takes nothing for too long hears the end, and so reads the whole state again."""
    simulator = _simulator(tmp_path)
    listening_page = simulator.listen()
    first = asyncio.create_task(anext(listening_page))
    await asyncio.sleep(0)
    simulator.say(_said("satu"))
    assert (await first)[0] == 1
    for number in range(1_000):
        simulator.say(_said(str(number)))
    assert [event async for event in listening_page] == []


def _said(text: str) -> Posted:
    return Posted("warga-1", "warga-1", "text", text)


def _simulator(folder: Path) -> Simulator:
    made = Simulator(folder, demo.chats(), lambda: datetime(2026, 11, 2, tzinfo=UTC))
    made.load()
    return made


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
