"""The simulator's interface: what the page gets, and what it may send."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot import demo
from bot.app import listening
from bot.config import Config
from tests.web.visitor import JSON, PNG, SITI, Visitor, visitor_at

pytestmark = pytest.mark.asyncio(loop_scope="module")


# -- what the page gets


async def test_the_state_has_what_the_page_draws(visitor: Visitor) -> None:
    """The state names the office, every chat with its people, and messages with all their fields."""
    await visitor.send(**SITI, kind="text", text="halo")
    state = await visitor.state()
    kinds = {chat["kind"] for chat in state["chats"]}
    assert "Lumajang" in state["office"]
    assert kinds == {"reporter", "agency", "coordinator"}
    assert all(chat["people"] and chat["name"] for chat in state["chats"])
    fields = {"id", "chat", "from", "name", "text", "at", "choices", "files", "place", "reply_to", "edited", "removed"}
    assert fields <= set(state["messages"][0])


async def test_the_first_look_is_at_quiet_chats(tmp_path: Path) -> None:
    """Nobody sees how the officers were enrolled, but what is said after the first look is there after a restart."""
    config = Config(data_dir=tmp_path, port=0)
    async with demo.office(config) as office, listening(office) as port, visitor_at(port) as found:
        assert (await found.state())["messages"] == []
        await found.send(chat="dputr", person="dputr-1", kind="text", text="/tugas")
    async with demo.office(config) as office, listening(office) as port, visitor_at(port) as found:
        said = [message["text"] for message in await found.messages("dputr")]
    assert said[0] == "/tugas"


async def test_the_page_and_its_parts_are_served(visitor: Visitor) -> None:
    """The root leads to the page; the page and every part of it come with their type and a strict policy."""
    status, headers, _ = await visitor.get("/")
    assert (status, headers["Location"]) == (302, "/simulator")
    status, headers, body = await visitor.get("/simulator")
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    for part, kind in (("simulator.js", "text/javascript"), ("theme.css", "text/css"), ("kawung.svg", "image/svg")):
        status, headers, _ = await visitor.get(f"/simulator/static/{part}")
        assert status == 200, part
        assert headers["Content-Type"].startswith(kind)
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert b"http://" not in body
    assert b"https://" not in body


@pytest.mark.parametrize(
    "path",
    [
        "/simulator/static/../server.py",
        "/simulator/static/..%2f..%2fserver.py",
        "/simulator/static/%2e%2e/simulator.py",
        "/simulator/static/..%5cserver.py",
        "/simulator/static//etc/passwd",
        "/simulator/static/tidak-ada.js",
        "/simulator/files/../messages.jsonl",
        "/simulator/files/..%2f..%2fsecret.key",
        "/simulator/files/0123456789abcdef",
        "/simulator/files/0123456789ABCDEF",
    ],
)
async def test_nothing_outside_is_given_away(visitor: Visitor, path: str) -> None:
    """A path that leads elsewhere, or to nothing, is not found."""
    status, _, body = await visitor.get(path)
    assert status == 404
    assert b"import" not in body


async def test_new_messages_come_as_a_stream(visitor: Visitor) -> None:
    """The stream is an event stream that nobody stores, and each event has a number and a message."""
    async with visitor.session.get(f"{visitor.root}/simulator/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert stream.headers["Cache-Control"] == "no-store"
        assert (await stream.content.readuntil(b"\n\n")).startswith(b":")
        await visitor.send(**SITI, kind="text", text="bantuan")
        lines = (await stream.content.readuntil(b"\n\n")).decode().splitlines()
        event = json.loads(lines[1].removeprefix("data: "))
        reply = json.loads((await stream.content.readuntil(b"\n\n")).decode().splitlines()[1].removeprefix("data: "))
    assert lines[0].removeprefix("id: ").isdigit()
    assert (event["type"], event["message"]["text"], event["message"]["from"]) == ("message", "bantuan", "warga-1")
    assert reply["message"]["from"] == "bot"


# -- what it may send


async def test_a_tap_is_answered_and_shown_in_the_reporters_chat(visitor: Visitor) -> None:
    """A pressed button stands in the reporter's chat as words, and the bot goes on."""
    await visitor.send(**SITI, kind="text", text="menu")
    menu = await _after(visitor, "warga-1", "Mau mulai dari mana")
    choice = menu["choices"][3]
    assert await visitor.send(**SITI, kind="tap", choice=choice["id"], message=menu["id"]) == (204, "")
    await _after(visitor, "warga-1", "Cara melapor")
    tapped = [message for message in await visitor.messages("warga-1") if message["tapped"]]
    assert tapped[-1]["text"] == choice["label"]


async def test_own_words_can_be_edited_and_others_not(visitor: Visitor) -> None:
    """An edit changes one's own message and marks it; a message of another stays as it is."""
    await visitor.send(chat="dputr", person="dputr-1", kind="text", text="selamat pgi")
    own = (await visitor.messages("dputr"))[-1]
    edit = {"chat": "dputr", "kind": "edit", "message": own["id"], "text": "selamat pagi"}
    assert (await visitor.send(**edit, person="dputr-2"))[0] == 400
    assert (await visitor.send(**{**edit, "text": " "}, person="dputr-1"))[0] == 400
    assert (await visitor.send(**edit, person="dputr-1"))[0] == 204
    after = next(message for message in await visitor.messages("dputr") if message["id"] == own["id"])
    assert (after["text"], after["edited"]) == ("selamat pagi", True)


async def test_files_are_kept_and_given_back(visitor: Visitor) -> None:
    """Pictures are shown as what they are; a page among the files is only ever downloaded."""
    page = b"<script>alert(1)</script>"
    files = (("../../foto.png", "image/png", PNG), ("x.html", "text/html", page), ("y.svg", "image/svg+xml", page))
    assert await visitor.upload({**SITI, "caption": "bukti"}, *files) == (204, "")
    message = (await visitor.own("warga-1"))[-1]
    assert [file["name"] for file in message["files"]] == ["foto.png", "x.html", "y.svg"]
    kinds = []
    for file, (_, _, data) in zip(message["files"], files, strict=True):
        status, headers, body = await visitor.get(file["url"])
        assert (status, body) == (200, data)
        assert headers["X-Content-Type-Options"] == "nosniff"
        kinds.append((headers["Content-Type"], headers["Content-Disposition"]))
    assert kinds[0] == ("image/png", "inline")
    assert kinds[1] == ("application/octet-stream", "attachment")
    assert kinds[2] == ("application/octet-stream", "attachment")


async def test_a_place_must_be_on_earth(visitor: Visitor) -> None:
    """A point is taken within the degrees there are, and refused beyond them."""
    assert (await visitor.send(**SITI, kind="place", lat=-8.1335, lon=113.2248))[0] == 204
    assert (await visitor.send(**SITI, kind="place", lat=91, lon=0))[0] == 400
    beyond = json.dumps({**SITI, "kind": "place", "lat": 0}).encode().replace(b"0}", b"1e999}")
    assert (await visitor.raw("/simulator/send", beyond, JSON))[0] == 400
    assert (await visitor.own("warga-1"))[-1]["place"] == {"lat": -8.1335, "lon": 113.2248}


async def _after(visitor: Visitor, chat: str, fragment: str) -> dict[str, Any]:
    """The newest message of the bot, as soon as it says this."""
    async with asyncio.timeout(20):
        while True:
            said = [message for message in await visitor.messages(chat) if message["from"] == "bot"]
            if said and fragment in said[-1]["text"]:
                return said[-1]
            await asyncio.sleep(0.02)
