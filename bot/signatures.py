"""What a file is by its first bytes, whatever it says of itself."""

from __future__ import annotations

OFFICE_ZIP = "application/vnd.openxmlformats-officedocument."
# (offset, bytes, the types that begin so); Microsoft's older formats share one container, the newer ones another.
SIGNATURES: tuple[tuple[int, bytes, tuple[str, ...]], ...] = (
    (0, b"%PDF-", ("application/pdf",)),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("application/msword", "application/vnd.ms-excel")),
    (0, b"PK\x03\x04", (OFFICE_ZIP, "application/vnd.oasis.opendocument.", "application/vnd.ms-excel")),
    (4, b"ftyp", ("video/mp4", "video/3gpp", "video/quicktime", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/3gpp")),
    (4, b"moov", ("video/quicktime",)),
    (4, b"mdat", ("video/quicktime",)),
    (0, b"OggS", ("audio/ogg", "audio/opus", "application/ogg")),
    (0, b"ID3", ("audio/mpeg", "audio/mp3")),
    (0, b"\xff\xfb", ("audio/mpeg", "audio/mp3")),
    (0, b"\xff\xfa", ("audio/mpeg", "audio/mp3")),
    (0, b"\xff\xe3", ("audio/mpeg", "audio/mp3")),
    (0, b"\xff\xf3", ("audio/mpeg", "audio/mp3")),
    (0, b"\xff\xf2", ("audio/mpeg", "audio/mp3")),
    (0, b"\xff\xf1", ("audio/aac", "audio/mp4")),
    (0, b"\xff\xf9", ("audio/aac", "audio/mp4")),
    (0, b"#!AMR", ("audio/amr", "audio/amr-wb", "audio/3gpp")),
    (0, b"RIFF", ("audio/wav", "audio/x-wav")),
    (0, b"fLaC", ("audio/flac", "audio/x-flac")),
)
TEXTS = ("text/plain", "text/csv")
# Where a file says nothing of itself, what its first bytes say is enough for these.
NAMED = {"application/pdf": b"%PDF-"}


def truly(mime: str, data: bytes) -> str:
    """The type of a file that is what it says it is, or that says nothing and shows it; empty for one that lies."""
    if mime in TEXTS:
        return mime if b"\0" not in data[:65536] else ""
    if not mime:
        return next((name for name, sign in NAMED.items() if data.startswith(sign)), "")
    fits = (types for at, sign, types in SIGNATURES if data[at : at + len(sign)] == sign)
    return mime if any(mime.startswith(each) for types in fits for each in types) else ""
