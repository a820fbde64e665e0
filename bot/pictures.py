"""Pictures, encoded anew: no place, no time, no camera in them."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PIXELS = 64_000_000
SIDE = 4096
LARGEST = 5_000_000


class Unreadable(Exception):  # noqa: N818 - says what the file is
    """What says it is a picture and cannot be read as one."""


def anew(data: bytes) -> tuple[str, bytes]:
    """Type and bytes of a picture that holds nothing but what is to be seen; raises Unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as picture:
                return _encoded(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(type(error).__name__) from error


def _encoded(picture: Image.Image) -> tuple[str, bytes]:
    # A phone's photo can be 50 million pixels; reading a JPEG smaller spares the memory for what nobody sees.
    name = "JPEG" if picture.format in ("JPEG", "MPO") else str(picture.format)
    picture.draft(None, (SIDE, SIDE))
    if picture.width * picture.height > PIXELS:
        raise ValueError("too many pixels")
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((SIDE, SIDE))
    see_through = name != "JPEG" and ("A" in upright.mode or "transparency" in upright.info)
    # WhatsApp takes WebP for stickers only.
    name = name if name != "WEBP" else "PNG" if see_through else "JPEG"
    plain = upright.convert("RGBA" if see_through else "L" if upright.mode in ("1", "L") else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out = io.BytesIO()
    bare.save(out, name, quality=88)
    if name == "PNG" and out.tell() > LARGEST:
        # WhatsApp takes pictures of five megabytes; a photo that was saved as PNG is a fifth of that as JPEG.
        name, out = "JPEG", io.BytesIO()
        flat = Image.new("RGB", bare.size, "white")
        flat.paste(bare, mask=bare.getchannel("A") if see_through else None)
        flat.save(out, name, quality=88)
    return FORMATS[name], out.getvalue()
