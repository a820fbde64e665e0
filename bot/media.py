"""Attachments: fetched once, freed of what a camera wrote into them, kept in a folder, sent on under a neutral name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.blobs import put
from bot.channels import Channel, Refused, Upload
from bot.log import logger
from bot.signatures import truly
from handlers.files import MAX_FILE_BYTES, NOT_WHAT_IT_SAYS, TOO_LARGE
from storage import files
from storage.database import Database
from storage.files import Stored

log = logger("media")
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "text/plain": "txt",
    "text/csv": "csv",
}


class Media:
    """The store of attachments' bytes."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], folder: Path) -> None:
        self._database, self._channels, self._folder = database, channels, folder

    async def uploads(self, ids: tuple[int, ...]) -> list[Upload]:
        """These attachments, ready to be sent, without those that cannot be; raises a Failure where none can now."""
        stored = await self._database.read(lambda connection: files.find(connection, ids))
        found = []
        for number, each in enumerate(stored, 1):
            try:
                found.append(await self._upload(each, number))
            except Refused as refused:
                log.warning("attachment_refused", attachment=each.id, why=refused.why)
        return found

    async def _upload(self, stored: Stored, number: int) -> Upload:
        if stored.blob:
            data = await asyncio.to_thread((self._folder / stored.blob).read_bytes)
            return _named(stored.kind, stored.mime, data, number)
        fetched = await self._database.read(lambda connection: files.fetched(connection, stored.channel, stored.ref))
        if fetched and fetched.problem:
            raise Refused(fetched.problem)
        if fetched and fetched.blob:
            blob, kind, mime = fetched.blob, fetched.kind, fetched.mime
            data = await asyncio.to_thread((self._folder / blob).read_bytes)
        else:
            blob, kind, mime, data = await self.fetch(stored.channel, stored.ref, stored.kind, stored.mime)
        await self._database.write(lambda connection: files.keep(connection, stored.id, blob, kind, mime))
        return _named(kind, mime, data, number)

    async def fetch(self, name: str, ref: str, kind: str, mime: str) -> tuple[str, str, str, bytes]:
        """A file from its platform, cleaned and kept: its blob, kind, type and bytes; raises a Failure."""
        channel = self._channels.get(name)
        if channel is None:
            raise Refused("its channel is not set up")
        data = await channel.fetch(ref)
        if len(data) > MAX_FILE_BYTES:
            raise Refused(TOO_LARGE)
        kind, mime, data = await asyncio.to_thread(cleaned, kind, mime, data)
        return await asyncio.to_thread(put, self._folder, data), kind, mime, data

    async def forget(self, blobs: Sequence[str]) -> None:
        """Removes the bytes of files that became part of no report."""
        for blob in blobs:
            await asyncio.to_thread((self._folder / blob).unlink, missing_ok=True)


def _named(kind: str, mime: str, data: bytes, number: int) -> Upload:
    return Upload(f"lampiran-{number}.{ENDINGS.get(mime, 'bin')}", kind, mime, data)


def cleaned(kind: str, mime: str, data: bytes) -> tuple[str, str, bytes]:
    """A picture encoded anew: no place, no time, no camera in it. Other files as they are; raises Refused.

    A file that is not what it says it is may be anything, so it goes to nobody.
    """
    if kind != "image" and not mime.startswith("image/"):
        shown = truly(mime, data)
        if not shown:
            raise Refused(NOT_WHAT_IT_SAYS)
        return kind, shown, data
    # Imported here: a start needs no pictures.
    from bot import pictures

    try:
        return "image", *pictures.anew(data)
    except pictures.Unreadable as error:
        # What says it is a picture and cannot be read may hold anything, also who took it and where.
        log.info("no_picture", error=str(error))
        raise Refused(NOT_WHAT_IT_SAYS) from None
