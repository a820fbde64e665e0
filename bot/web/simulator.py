"""The simulator's page and its small interface; only in `demo`."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import msgspec
from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.channels.simulator import Posted, Simulator
from bot.intake import Intake
from bot.log import logger

log = logger("simulator")
POLICY = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"
MOST_FILE_BYTES = 20_000_000
MOST_FILES = 10
MOST_FIELD_BYTES = 20_000
MIME = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
UNREADABLE = "Permintaan tidak dapat dibaca."
TOO_BIG = "Berkas ini terlalu besar. Simulator menerima paling besar 20 MB."
BUSY = "Sedang ada gangguan. Pesan Anda belum terkirim, silakan kirim lagi."


@dataclass(slots=True)
class SimulatorRoutes:
    """The handlers of the simulator's routes."""

    simulator: Simulator
    intake: Intake
    office: Callable[[], str]

    def add_to(self, app: web.Application) -> None:
        self.simulator.open()
        app.on_shutdown.append(self.shut)
        app.router.add_get("/", self.home)
        app.router.add_get("/simulator", self.page)
        app.router.add_get("/simulator/static/{name:[a-z0-9-]+\\.(?:html|css|js|svg)}", self.static)
        app.router.add_get("/simulator/state", self.state)
        app.router.add_get("/simulator/events", self.events)
        app.router.add_get("/simulator/files/{ident:[0-9a-f]{16}}", self.file)
        app.router.add_post("/simulator/send", self.send)
        app.router.add_post("/simulator/files", self.upload)

    async def shut(self, _: web.Application) -> None:
        """Ends the pages' listening, which else would hold the process back."""
        self.simulator.close()

    async def home(self, _: web.Request) -> web.Response:
        raise web.HTTPFound("/simulator")

    async def page(self, _: web.Request) -> web.Response:
        return _static("simulator.html")

    async def static(self, request: web.Request) -> web.Response:
        return _static(request.match_info["name"])

    async def state(self, _: web.Request) -> web.Response:
        """Everything the page needs at its start."""
        return web.Response(body=self.simulator.state(self.office()), content_type="application/json")

    async def events(self, request: web.Request) -> web.StreamResponse:
        """New and changed messages, as they come."""
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await answer.prepare(request)
        await answer.write(b": selamat datang\n\n")
        try:
            async with aclosing(self.simulator.listen()) as events:
                async for number, body in events:
                    await answer.write(b"id: %d\ndata: %s\n\n" % (number, body))
        except ConnectionError:
            log.debug("page_left")
        return answer

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file of a chat; only pictures, sound and film are shown in the page, everything else is downloaded."""
        found = self.simulator.file(request.match_info["ident"])
        if found is None or not found[0].is_file():
            raise web.HTTPNotFound
        path, mime, _ = found
        shown = mime.startswith(("image/", "audio/", "video/")) and "svg" not in mime
        return web.FileResponse(
            path,
            headers={
                "Content-Type": mime if shown else "application/octet-stream",
                "Content-Disposition": "inline" if shown else "attachment",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": POLICY,
            },
        )

    async def send(self, request: web.Request) -> web.Response:
        """A text, a tap, an edit or a place."""
        try:
            posted = msgspec.json.decode(await request.read(), type=Posted)
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, "Pesan ini terlalu panjang.")
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return _refused(400, UNREADABLE)
        return await self._say(posted, None)

    async def upload(self, request: web.Request) -> web.Response:
        """Files with a caption."""
        fields: dict[str, str] = {}
        found: list[tuple[str, str, bytes]] = []
        if not request.content_type.startswith("multipart/"):
            return _refused(415, "Kirim berkas sebagai formulir.")
        try:
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader):
                    continue
                if not await _taken(part, fields, found):
                    return _refused(413, TOO_BIG)
        except (ValueError, HttpProcessingError):
            return _refused(400, UNREADABLE)
        if not found:
            return _refused(400, "Tidak ada berkas.")
        reply = fields.get("reply_to", "")
        return await self._say(
            Posted(
                fields.get("chat", ""),
                fields.get("person", ""),
                "file",
                fields.get("caption", ""),
                reply_to=int(reply) if reply.isascii() and reply.isdigit() and len(reply) < 18 else None,
            ),
            found,
        )

    async def _say(self, posted: Posted, found: list[tuple[str, str, bytes]] | None) -> web.Response:
        before = self.simulator.newest
        try:
            events = self.simulator.say(posted, found)
        except ValueError as error:
            return _refused(400, str(error))
        try:
            await self.intake.accept(events)
        except Exception as error:  # noqa: BLE001 - not committed: the page keeps the words and offers to send again
            log.error("not_committed", error=type(error).__name__)
            self.simulator.withdraw(posted, before)
            return _refused(503, BUSY)
        return web.Response(status=204)


async def _taken(part: BodyPartReader, fields: dict[str, str], found: list[tuple[str, str, bytes]]) -> bool:
    """Whether a part of the form is small enough; then it is among the fields or the files."""
    is_file = part.name == "file"
    data = bytearray()
    while chunk := await part.read_chunk(65_536):
        data.extend(chunk)
        if len(data) > (MOST_FILE_BYTES if is_file else MOST_FIELD_BYTES):
            return False
    if not is_file:
        fields[part.name or ""] = data.decode("utf-8", "replace")
    elif len(found) < MOST_FILES:
        mime = part.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        name = Path(part.filename or "").name[:200] or "berkas"
        found.append((name, mime if MIME.fullmatch(mime) else "application/octet-stream", bytes(data)))
    return True


def _refused(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)


def _static(name: str) -> web.Response:
    path = files("bot") / "web" / "static" / name
    if not path.is_file():
        raise web.HTTPNotFound
    kind = TYPES[Path(name).suffix]
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8", headers=headers)
