"""Requests and answers of the Bot API as they go over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from aiohttp import BodyPartReader, StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage

from tests.botapi_nouns import Json, Refused, Upload

LARGEST = 64 * 1024 * 1024


def request_of(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: web.RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """A request that may be as large as the largest upload Telegram takes."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST)


async def read(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    """The parameters, not yet decoded, and the file parts of a call."""
    params: Json = dict(request.query) if request.query_string else {}
    files: dict[str, Upload] = {}
    if request.content_type.startswith("multipart/"):
        await _read_parts(request, params, files)
        return params, files
    body = await request.read() if request.body_exists else b""
    if not body:
        return params, files
    if request.content_type == "application/json":
        try:
            params |= msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.MsgspecError:
            raise Refused(400, "Bad Request: can't parse JSON object") from None
    else:
        params |= parse_qsl(body.decode(), keep_blank_values=True)
    return params, files


async def _read_parts(request: web.BaseRequest, params: Json, files: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            params[part.name] = data.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, mime, data)


def answered(result: object) -> web.Response:
    """The answer to a call that succeeded."""
    body = msgspec.json.encode({"ok": True, "result": result})
    return web.Response(body=body, content_type="application/json")


def refused(no: Refused) -> web.Response:
    """The answer to a call that failed."""
    body: Json = {"ok": False, "error_code": no.status, "description": no.description}
    if no.parameters:
        body["parameters"] = no.parameters
    return web.Response(status=no.status, body=msgspec.json.encode(body), content_type="application/json")
