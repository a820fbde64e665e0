"""Pictures leave the office without what a camera wrote into them, whatever kind of picture they are."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from PIL import Image

from bot.channels import Refused
from bot.media import cleaned
from bot.pictures import LARGEST
from bot.signatures import SIGNATURES
from handlers.files import ACCEPTED

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


ZIP, OLE, BOX = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0\0\0\x18ftyp"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TRUE = {
    "application/pdf": b"%PDF-1.7 anything",
    "application/msword": OLE + b"anything",
    "application/vnd.ms-excel": OLE + b"anything",
    SHEET: ZIP + b"anything",
    "application/vnd.oasis.opendocument.text": ZIP + b"anything",
    "video/mp4": BOX + b"isom anything",
    "video/3gpp": BOX + b"3gp4 anything",
    "video/quicktime": b"\0\0\0\x08moov anything",
    "audio/mp4": BOX + b"M4A anything",
    "audio/ogg": b"OggS anything",
    "audio/ogg; codecs=opus": b"OggS anything",
    "application/ogg": b"OggS anything",
    "audio/mpeg": b"ID3 anything",
    "audio/aac": b"\xff\xf1 anything",
    "audio/amr": b"#!AMR anything",
    "audio/wav": b"RIFF\0\0\0\0WAVE anything",
    "audio/flac": b"fLaC anything",
    "text/plain": "Jalan rusak — sejak Senin".encode(),
    "text/csv": b"nama;alamat\n",
}


@pytest.mark.parametrize("mime", TRUE)
def test_other_files_stay_as_they_are(mime: str) -> None:
    """What is no picture, and is what it says it is, is not touched."""
    kind = mime.partition("/")[0]
    assert cleaned(kind, mime, TRUE[mime]) == (kind, mime, TRUE[mime])


PROGRAMS = {
    "of Windows": b"MZ\x90\0\x03\0\0\0",
    "of Linux": b"\x7fELF\x02\x01\x01\0",
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "a page": b"<html><script>alert(1)</script></html>",
    "a picture": PICTURES["JPEG"],
    "nothing": b"",
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("mime", [mime for mime in TRUE if not mime.startswith("text/")])
def test_what_is_not_what_it_says_goes_to_nobody(mime: str, name: str) -> None:
    """A program, a page or a picture that calls itself a document, a film or a sound is refused."""
    with pytest.raises(Refused):
        cleaned("document", mime, PROGRAMS[name])


@pytest.mark.parametrize("mime", ["text/plain", "text/csv"])
@pytest.mark.parametrize("name", ["of Windows", "of Linux"])
def test_a_program_is_no_text(mime: str, name: str) -> None:
    """What calls itself a text and is none is refused."""
    with pytest.raises(Refused):
        cleaned("document", mime, PROGRAMS[name])


def test_a_file_that_says_nothing_is_looked_at() -> None:
    """A file without a type is taken for what it shows to be, or refused; a type of another kind is refused."""
    assert cleaned("document", "", b"%PDF-1.4")[1] == "application/pdf"
    for mime, data in (("", b"MZ\x90"), ("", b""), ("application/x-msdownload", b"MZ\x90"), ("text/html", b"<html>")):
        with pytest.raises(Refused):
            cleaned("document", mime, data)


def test_a_picture_that_weighs_too_much_is_made_lighter() -> None:
    """A noisy screenshot beyond what WhatsApp takes leaves as a JPEG, its holes white; one that fits stays a PNG."""
    noise = Image.frombytes("RGBA", (1500, 1200), random.Random(1).randbytes(1500 * 1200 * 4))
    noise.paste((0, 0, 0, 0), (0, 0, 200, 200))
    out = io.BytesIO()
    noise.save(out, "PNG")
    _, mime, clean = cleaned("image", "image/png", out.getvalue())
    assert (mime, len(clean) <= LARGEST) == ("image/jpeg", True)
    with Image.open(io.BytesIO(clean)) as after:
        assert min(after.convert("RGB").getpixel((100, 100))) > 240  # type: ignore[arg-type]
    assert cleaned("image", "image/png", PICTURES["PNG with a hole"])[1] == "image/png"


@pytest.mark.parametrize(("corner", "mime"), [((9, 9, 9, 255), "image/jpeg"), ((9, 9, 9, 0), "image/png")])
def test_a_sticker_becomes_a_picture(corner: tuple[int, ...], mime: str) -> None:
    """WebP, which WhatsApp takes for stickers only, leaves as what every chat shows, its holes as holes."""
    out = io.BytesIO()
    sticker = Image.new("RGBA", (64, 64), (200, 30, 30, 255))
    sticker.paste(corner, (0, 0, 16, 16))
    sticker.save(out, "WEBP", lossless=True, exact=True)
    assert cleaned("image", "image/webp", out.getvalue())[1] == mime


def test_every_type_with_a_signature_is_taken() -> None:
    """What the office can recognise it also takes from people."""
    types = {each for _, _, types in SIGNATURES for each in types}
    assert {each for each in types if not ACCEPTED.fullmatch(f"{each}x" if each.endswith(".") else each)} == set()
