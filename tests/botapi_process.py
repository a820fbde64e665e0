"""The local Bot API as a process, with pages by which scripts play people and read what happened."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections import Counter
from dataclasses import asdict
from typing import Any

import msgspec
from aiohttp import web

from tests.botapi import BotApi, Group, Person
from tests.botapi_nouns import Json

WRITING = ("text", "group_text", "tap", "press", "edit", "photo", "document", "voice", "video", "sticker")
SHARING = ("contact", "location", "poll", "forwarded")
GROUPS = ("new_group", "member", "add_bot", "promote", "remove_bot", "migrate", "new_topic", "drop_topic")
ACTS = frozenset((*WRITING, *SHARING, *GROUPS, "block", "unblock", "fail", "redeliver"))


class Process(BotApi):
    """A Bot API with pages: GET /stats, /calls?after=N, /messages?chat=ID, /updates?after=N; POST /do/ACT.

    ACT is a method of BotApi by which people act; the body holds its arguments, people and groups as objects.
    """

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answers a page, or else a call of the bot."""
        if request.path.startswith("/do/"):
            return await self._do(request, request.path[4:])
        after = int(request.query.get("after", 0))
        if request.path == "/stats":
            return _page(self.stats())
        if request.path == "/calls":
            return _page([asdict(call) | {"files": sorted(call.files)} for call in self.calls[after:]])
        if request.path == "/updates":
            return _page(self.updates[after:])
        if request.path == "/messages":
            shown = self.messages(int(request.query["chat"]))
            return _page([asdict(one) | {"labels": one.labels} for one in shown])
        return await super().handle(request)

    def stats(self) -> Json:
        """What happened so far, in numbers."""
        return {
            "calls": len(self.calls),
            "updates": len(self.updates),
            "pending": len(self.delivery.pending),
            "by_method": Counter(call.method for call in self.calls),
            "by_status": Counter(str(call.status) for call in self.calls),
            "problems": self.problems,
        }

    async def _do(self, request: web.BaseRequest, act: str) -> web.Response:
        if act not in ACTS:
            return web.Response(status=404)
        body = await request.read()
        arguments = {name: _argument(name, value) for name, value in msgspec.json.decode(body or b"{}").items()}
        done = getattr(self, act)(**arguments)
        result = await done if asyncio.iscoroutine(done) else done
        return _page(asdict(result) if isinstance(result, Group) else result)


def _argument(name: str, value: Any) -> Any:
    if name in ("user", "of") or (name == "origin" and isinstance(value, dict)):
        return Person(**value)
    if name == "group" and value is not None:
        return Group(**value)
    return value.encode("latin-1") if name == "data" and isinstance(value, str) else value


def _page(body: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), content_type="application/json")


async def serve(options: argparse.Namespace) -> None:
    """Serves until the process is ended; the first line printed is the address."""
    api = Process(options.token, options.strict, options.delay, options.limits, options.port)
    if options.webhook:
        api.webhook = (options.webhook, options.secret)
    async with api:
        sys.stdout.write(f"{api.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Reads the command line and serves."""
    line = argparse.ArgumentParser(prog="python -m tests.botapi", description="A local Telegram Bot API.")
    line.add_argument("--port", type=int, default=0)
    line.add_argument("--token", default="123456:TEST")
    line.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    line.add_argument("--webhook", default="", help="address updates are posted to")
    line.add_argument("--secret", default="", help="secret sent along with them")
    line.add_argument("--limits", action="store_true", help="hold the bot to Telegram's rates")
    line.add_argument("--open", dest="strict", action="store_false", help="accept chats nobody opened")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(line.parse_args()))
