"""Requests and answers of the Cloud API as they go over HTTP."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import BodyPartReader, web

from tests.botapi_nouns import Upload
from tests.graphapi_errors import Refused
from tests.graphapi_nouns import Json
from tests.graphapi_rules import INVALID

VERSION = "/v23.0"
_ANY = msgspec.json.Decoder(dict[str, Any])
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def called(request: web.BaseRequest, own: str) -> tuple[str, str]:
    """The method called, empty where there is none, and the object it is called on."""
    path = request.path
    if request.method == "GET" and path.startswith("/media/"):
        return "download", path[7:]
    if not path.startswith(f"{VERSION}/"):
        return "", path
    ident, _, edge = path[len(VERSION) + 1 :].partition("/")
    if request.method == "POST" and ident == own and edge in ("messages", "media"):
        return ("upload" if edge == "media" else edge), ident
    if request.method == "GET" and not edge:
        return "phone" if ident == own else "media", ident
    return "", ident


async def read(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    """The parameters and the file parts of a call."""
    if request.method == "GET":
        return dict(request.query), {}
    if request.content_type.startswith("multipart/"):
        return await _parts(request)
    if request.content_type != "application/json":
        raise Refused(INVALID, f"Content-Type {request.content_type} is not application/json")
    try:
        return _ANY.decode(await request.read()), {}
    except msgspec.MsgspecError:
        raise Refused(INVALID, "the body is no JSON object") from None


async def _parts(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    params: Json = {}
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            params[part.name] = data.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, mime, data)
    return params, files


def answered(result: object) -> web.Response:
    """The answer to a call that succeeded; a file is answered as it is."""
    if isinstance(result, Upload):
        return web.Response(body=result.data, headers={"Content-Type": result.mime})
    return web.Response(body=msgspec.json.encode(result), content_type="application/json")


def refused(no: Refused, trace: str, html: bool = False) -> web.Response:
    """The answer to a call that failed."""
    if html:
        return web.Response(status=no.status, body=HTML, content_type="text/html")
    body = msgspec.json.encode(no.answer(trace))
    return web.Response(status=no.status, body=body, content_type="application/json")
