"""Pictures leave the office without what a camera wrote into them, whatever kind of picture they are."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from bot.channels import Refused
from bot.media import cleaned

CAMERA = b"KameraSaraswati"


def exif() -> Image.Exif:
    found = Image.Exif()
    found[0x010F] = CAMERA.decode()
    found.get_ifd(0x8825).update({1: "S", 2: (8.0, 8.0, 1.0), 3: "E", 4: (113.0, 13.0, 29.0)})
    return found


def encoded(kind: str, mode: str = "RGB", size: tuple[int, int] = (64, 48), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).convert(mode).save(out, kind, exif=exif(), **more)
    return out.getvalue()


PICTURES = {
    "JPEG": encoded("JPEG"),
    "grey JPEG": encoded("JPEG", "L"),
    "CMYK JPEG": encoded("JPEG", "CMYK"),
    "PNG": encoded("PNG"),
    "PNG with a palette": encoded("PNG", "P"),
    "PNG in black and white": encoded("PNG", "1"),
    "PNG with a hole": encoded("PNG", "RGBA"),
    "WEBP": encoded("WEBP"),
    "two pictures in one": encoded("MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))]),
    "more pixels than most": encoded("JPEG", "L", (8160, 6120)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_only_a_picture(name: str) -> None:
    """A picture is encoded anew: its colours stay, and nothing else does."""
    data = PICTURES[name]
    assert CAMERA in data
    kind, mime, clean = cleaned("document", "image/jpeg", data)
    assert CAMERA not in clean
    assert (kind, mime.partition("/")[0]) == ("image", "image")
    with Image.open(io.BytesIO(clean)) as after:
        assert not after.getexif()
        red, green, _ = after.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    with Image.open(io.BytesIO(data)) as before:
        assert abs(red - before.convert("RGB").getpixel((5, 5))[0]) < 20  # type: ignore[index]
        assert abs(green - before.convert("RGB").getpixel((5, 5))[1]) < 20  # type: ignore[index]


SPOILED = {
    "cut short": PICTURES["JPEG"][:-40],
    "cut to its head": PICTURES["JPEG"][:400],
    "PNG cut short": PICTURES["PNG"][:-30],
    "another kind": encoded("TIFF"),
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + CAMERA + bytes(200),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_cannot_be_cleaned_tells_nothing(name: str) -> None:
    """What calls itself a picture and cannot be encoded anew does not leave with what the camera wrote."""
    assert CAMERA in SPOILED[name]
    try:
        _, _, clean = cleaned("image", "image/jpeg", SPOILED[name])
    except Refused:
        return
    assert CAMERA not in clean


def test_a_turned_picture_stands_upright() -> None:
    """A picture that its file says is turned is turned before the file forgets it."""
    turned = exif()
    turned[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=turned)
    with Image.open(io.BytesIO(cleaned("image", "image/jpeg", out.getvalue())[2])) as after:
        assert after.size == (48, 64)


def test_other_files_stay_as_they_are() -> None:
    """What is no picture is not touched."""
    for kind, mime in (("document", "application/pdf"), ("video", "video/mp4"), ("audio", "audio/ogg")):
        assert cleaned(kind, mime, b"anything") == (kind, mime, b"anything")
