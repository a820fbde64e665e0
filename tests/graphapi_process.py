"""The local Cloud API as a process, with pages by which scripts play people and read what happened."""

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

from tests.graphapi import GraphApi, Person, Template
from tests.graphapi_nouns import Json, Shown

WRITING = ("text", "tap", "location", "photo", "video", "voice", "document", "sticker", "contacts", "reaction")
OTHERS = ("person", "unsupported", "block", "unblock", "read", "fail", "redeliver", "verify", "hold", "flush")
ACTS = frozenset((*WRITING, *OTHERS, "settled", "approve", "hook"))


class Process(GraphApi):
    """A Cloud API with pages: GET /stats, /calls?after=N, /messages?to=PHONE, /events?after=N; POST /do/ACT.

    ACT is a method of GraphApi by which people act; the body holds its arguments, people as objects, a message by
    its id, bytes as text in Latin-1.
    """

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answers a page, or else a call of the program."""
        if request.path.startswith("/do/"):
            return await self._do(request, request.path[4:])
        after = int(request.query.get("after", 0))
        if request.path == "/stats":
            return _page(self.stats())
        if request.path == "/calls":
            return _page([asdict(call) | {"files": sorted(call.files), "result": None} for call in self.calls[after:]])
        if request.path == "/events":
            return _page(self.events[after:])
        if request.path == "/messages":
            chat = self.world.known(request.query["to"])
            return _page([_shown(one) for one in chat.said.values()] if chat else [])
        return await super().handle(request)

    def stats(self) -> Json:
        """What happened so far, in numbers."""
        return {
            "calls": len(self.calls),
            "events": len(self.events),
            "pending": len(self.delivery.pending),
            "by_method": Counter(call.method for call in self.calls),
            "by_status": Counter(str(call.status) for call in self.calls),
            "problems": self.problems,
        }

    def approve(self, name: str, language: str, text: str, **labels: list[str]) -> None:
        """A template is approved; `replies` and `links` are the labels of its buttons."""
        self.templates[name, language] = Template(
            text, tuple(labels.get("replies", ())), tuple(labels.get("links", ()))
        )

    def hook(self, url: str) -> None:
        """From now on webhooks go to this address."""
        self.webhook = (url,)

    async def _do(self, request: web.BaseRequest, act: str) -> web.Response:
        if act not in ACTS:
            return web.Response(status=404)
        body = await request.read()
        arguments = {name: _argument(name, value) for name, value in msgspec.json.decode(body or b"{}").items()}
        done = getattr(self, act)(**arguments)
        result = await done if asyncio.iscoroutine(done) else done
        return _page(asdict(result) if isinstance(result, Person) else result)


def _argument(name: str, value: Any) -> Any:
    if name in ("person", "to") and isinstance(value, dict):
        return Person(**value)
    return value.encode("latin-1") if name == "data" and isinstance(value, str) else value


def _shown(one: Shown) -> Json:
    return asdict(one) | {"labels": one.labels, "ids": one.ids, "files": [file.name for file in one.files]}


def _page(body: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), content_type="application/json")


async def serve(options: argparse.Namespace) -> None:
    """Serves until the process is ended; the first line printed is what stands for https://graph.facebook.com/v23.0."""
    api = Process(
        options.number,
        options.token,
        options.app_secret,
        options.verify_token,
        options.strict,
        options.delay,
        options.limits,
        options.port,
        statuses=[one for one in options.statuses.split(",") if one],
    )
    if options.webhook:
        api.webhook = (options.webhook,)
    async with api:
        sys.stdout.write(f"{api.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Reads the command line and serves."""
    line = argparse.ArgumentParser(prog="python -m tests.graphapi", description="A local WhatsApp Cloud API.")
    line.add_argument("--port", type=int, default=0)
    line.add_argument("--number", default="106540352242922", help="id of the business phone number")
    line.add_argument("--token", default="EAAUJI")
    line.add_argument("--app-secret", default="rahasia-aplikasi", help="signs the webhooks")
    line.add_argument("--verify-token", default="kata-sandi-webhook")
    line.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    line.add_argument("--webhook", default="", help="address webhooks are posted to")
    line.add_argument("--statuses", default="sent,delivered", help="what becomes of each message")
    line.add_argument("--limits", action="store_true", help="hold the program to WhatsApp's rates")
    line.add_argument("--open", dest="strict", action="store_false", help="validate nothing, accept anybody")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(line.parse_args()))


if __name__ == "__main__":
    main()
