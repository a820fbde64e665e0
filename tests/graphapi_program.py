"""A program that does as it is told, to try the local Cloud API itself."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests import graph_spec
from tests.graphapi import GraphApi, Person

Json = dict[str, Any]


class Program:
    """Answers every webhook with `status` and keeps it; calls the API as it is told."""

    def __init__(self, api: GraphApi, session: aiohttp.ClientSession) -> None:
        self.api, self.session, self.status = api, session, 200
        self.bodies: list[Json] = []
        self.signed: list[bool] = []

    async def hook(self, request: web.BaseRequest) -> web.Response:
        """Takes a webhook, or answers the challenge."""
        if request.method == "GET":
            known = request.query["hub.verify_token"] == self.api.verify_token
            return web.Response(text=request.query["hub.challenge"]) if known else web.Response(status=403)
        raw = await request.read()
        right = hmac.new(self.api.delivery.app_secret.encode(), raw, hashlib.sha256).hexdigest()
        self.signed.append(request.headers.get("X-Hub-Signature-256") == f"sha256={right}")
        self.bodies.append(json.loads(raw))
        return web.Response(status=self.status)

    def told(self, what: str) -> list[Json]:
        """All `messages`, `statuses` or `contacts` heard, in order."""
        return [one for value in self.values() for one in value.get(what, ())]

    def values(self) -> Iterator[Json]:
        """What each change of each webhook says."""
        for body in self.bodies:
            assert graph_spec.webhook_problems(body) == []
            yield from (change["value"] for entry in body["entry"] for change in entry["changes"])

    async def call(self, body: Json) -> tuple[int, Json]:
        """The status and the whole answer to a request to /messages."""
        async with self.session.post(f"{self.api.url}/{self.api.phone_number_id}/messages", json=body) as answer:
            return answer.status, dict(await answer.json())

    async def ok(self, to: Person, **fields: object) -> str:
        """The id of a message that must be taken; it goes to the phone number where there is one."""
        status, answer = await self.call(letter(to, **fields))
        assert status == 200, answer
        return str(answer["messages"][0]["id"])

    async def refused(self, to: Person, **fields: object) -> tuple[int, int]:
        """The status and the code of the answer to a message that must be refused."""
        status, answer = await self.call(letter(to, **fields))
        assert status != 200
        assert graph_spec.error_problems(answer) == []
        return status, answer["error"]["code"]

    async def get(self, url: str, **headers: str) -> tuple[int, bytes]:
        """What is at an address."""
        async with self.session.get(url, headers=headers) as answer:
            return answer.status, await answer.read()

    async def upload(self, data: bytes, mime: str, name: str = "berkas", **fields: str) -> tuple[int, Json]:
        """The status and the answer to an upload."""
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime} | fields)
        form.add_field("file", io.BytesIO(data), filename=name, content_type=mime)
        async with self.session.post(f"{self.api.url}/{self.api.phone_number_id}/media", data=form) as answer:
            return answer.status, dict(await answer.json())


def letter(to: Person, **fields: object) -> Json:
    """The body of a message: a text unless it says otherwise."""
    address = {"to": to.wa_id} if to.wa_id else {"recipient": to.user_id}
    content = fields if fields.keys() & {"type", "status"} else {"type": "text", "text": {"body": "Halo"}} | fields
    return {"messaging_product": "whatsapp", "recipient_type": "individual"} | address | content


@asynccontextmanager
async def running(api: GraphApi) -> AsyncIterator[Program]:
    """A program whose webhook is set."""
    headers = {"Authorization": f"Bearer {api.token}"}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20), headers=headers) as session:
        program = Program(api, session)
        runner = web.ServerRunner(web.Server(program.hook), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        api.webhook = (f"http://127.0.0.1:{runner.addresses[0][1]}/hook/whatsapp",)
        yield program
        await runner.cleanup()
