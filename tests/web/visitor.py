"""A browser without a screen: what a page asks of the simulator, by HTTP."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

SITI = {"chat": "warga-1", "person": "warga-1"}
JSON = {"Content-Type": "application/json"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser without a screen."""

    session: aiohttp.ClientSession
    root: str

    async def get(self, path: str) -> tuple[int, Any, bytes]:
        async with self.session.get(URL(self.root + path, encoded=True), allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.read()

    async def state(self) -> dict[str, Any]:
        status, _, body = await self.get("/simulator/state")
        assert status == 200
        return dict(json.loads(body))

    async def messages(self, chat: str) -> list[dict[str, Any]]:
        return [message for message in (await self.state())["messages"] if message["chat"] == chat]

    async def own(self, chat: str) -> list[dict[str, Any]]:
        """What people said in a chat."""
        return [message for message in await self.messages(chat) if message["from"] != "bot"]

    async def raw(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        async with self.session.post(self.root + path, data=io.BytesIO(body), headers=headers) as answer:
            if answer.status == 204:
                return 204, ""
            return answer.status, str((await answer.json())["error"])

    async def send(self, **body: Any) -> tuple[int, str]:
        return await self.raw("/simulator/send", json.dumps(body).encode(), JSON)

    async def upload(self, fields: dict[str, str], *files: tuple[str, str, bytes]) -> tuple[int, str]:
        form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        for name, mime, data in files:
            form.add_field("file", io.BytesIO(data), filename=name, content_type=mime)
        async with self.session.post(f"{self.root}/simulator/files", data=form) as answer:
            return answer.status, "" if answer.status == 204 else str((await answer.json())["error"])


@asynccontextmanager
async def visitor_at(port: int) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession() as session:
        yield Visitor(session, f"http://127.0.0.1:{port}")
