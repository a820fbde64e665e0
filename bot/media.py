"""Attachments: fetched once, freed of what a camera wrote into them, kept in a folder, sent on under a neutral name."""

from __future__ import annotations

import asyncio
import hashlib
import io
import warnings
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageOps

from bot.channels import Channel, Refused, Upload
from storage import files
from storage.database import Database
from storage.files import Stored

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
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
PIXELS = 40_000_000


class Media:
    """The store of attachments' bytes."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], folder: Path) -> None:
        self._database, self._channels, self._folder = database, channels, folder

    async def uploads(self, ids: tuple[int, ...]) -> list[Upload]:
        """These attachments, ready to be sent; raises a Failure where one cannot be fetched now."""
        stored = await self._database.read(lambda connection: files.find(connection, ids))
        return [await self._upload(each, number) for number, each in enumerate(stored, 1)]

    async def _upload(self, stored: Stored, number: int) -> Upload:
        if stored.blob:
            data = await asyncio.to_thread((self._folder / stored.blob).read_bytes)
            return _named(stored.kind, stored.mime, data, number)
        channel = self._channels.get(stored.channel)
        if channel is None:
            raise Refused("its channel is not set up")
        kind, mime, data = await asyncio.to_thread(cleaned, stored.kind, stored.mime, await channel.fetch(stored.ref))
        blob = await asyncio.to_thread(self._keep, data)
        await self._database.write(lambda connection: files.keep(connection, stored.id, blob, kind, mime))
        return _named(kind, mime, data, number)

    def _keep(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        blob = f"{digest[:2]}/{digest}"
        path = self._folder / blob
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_bytes(data)
            part.replace(path)
        return blob


def _named(kind: str, mime: str, data: bytes, number: int) -> Upload:
    return Upload(f"lampiran-{number}.{ENDINGS.get(mime, 'bin')}", kind, mime, data)


def cleaned(kind: str, mime: str, data: bytes) -> tuple[str, str, bytes]:
    """A picture encoded anew: no place, no time, no camera in it. Other files as they are."""
    if kind != "image" and not mime.startswith("image/"):
        return kind, mime, data
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as picture:
                return "image", *_encoded(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        # What says it is a picture and is none could hold anything: it goes on as a plain file nobody opens by itself.
        return "document", "application/octet-stream", data


def _encoded(picture: Image.Image) -> tuple[str, bytes]:
    name = picture.format or "JPEG"
    if picture.width * picture.height > PIXELS:
        raise ValueError("too many pixels")
    upright = ImageOps.exif_transpose(picture)
    if name == "JPEG" and upright.mode not in ("RGB", "L"):
        upright = upright.convert("RGB")
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)
    out = io.BytesIO()
    plain.save(out, name, quality=88)
    return FORMATS[name], out.getvalue()
