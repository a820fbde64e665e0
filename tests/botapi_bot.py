"""A bot that does as it is told, to try the local Bot API itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.botapi import BotApi

SECRET = "rahasia-uji"


class Bot:
    """Answers every update with `status` and keeps it; calls the API as it is told."""

    def __init__(self, api: BotApi, session: aiohttp.ClientSession) -> None:
        self.api, self.session, self.status = api, session, 200
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []

    async def hook(self, request: web.BaseRequest) -> web.Response:
        """Takes an update."""
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.updates.append(json.loads(await request.read()))
        return web.Response(status=self.status)

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        """The whole answer to a call."""
        async with self.session.post(f"{self.api.url}/bot{self.api.world.token}/{method}", json=params) as answer:
            return dict(await answer.json())

    async def ok(self, method: str, **params: object) -> Any:
        """The result of a call that must succeed."""
        answer = await self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **params: object) -> str:
        """The description of a call that must fail."""
        answer = await self.call(method, **params)
        assert not answer["ok"]
        return str(answer["description"])


@asynccontextmanager
async def running(api: BotApi) -> AsyncIterator[Bot]:
    """A bot whose webhook is set."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        bot = Bot(api, session)
        runner = web.ServerRunner(web.Server(bot.hook), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        api.webhook = (f"http://127.0.0.1:{runner.addresses[0][1]}/hook", SECRET)
        yield bot
        await runner.cleanup()
