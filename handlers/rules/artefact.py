"""What was learned from past reports, as one file that is taken only when it is whole."""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain, pairwise
from math import isfinite
from typing import Any, Final

from handlers.rules.classifier import Classifier, Weights, lanes, row

MAGIC: Final = b"KENTONGAN-ROUTING\n"
VERSION: Final = 1
# After the magic: the version, the checksum of what follows, and its length.
HEAD: Final = struct.Struct("<H32sQ")
LENGTH: Final = struct.Struct("<I")
# No office needs more; a file that would unpack to more is none of ours.
LARGEST: Final = 64 * 2**20
KINDS: Final = ("letters", "words")

NOT_OURS: Final = "bukan artefak rute Kentongan"
OTHER_VERSION: Final = "versinya {found}, sedangkan program ini membaca versi {ours}"
CUT_OFF: Final = "terpotong atau ada yang menempel di belakangnya"
CHANGED: Final = "isinya berubah: jumlah periksanya tidak cocok"
MALFORMED: Final = "isinya tidak tersusun seperti seharusnya"


class Damaged(Exception):  # noqa: N818 - says what the file is
    """A file that is no artefact of ours, of another version, or not whole; its words say which."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """What one training left: when it was, from how many texts, and a classifier for each question that was learned."""

    version: int
    made_at: datetime
    texts: int
    category: Classifier | None = None
    agency: Classifier | None = None


def write(artefact: Artefact) -> bytes:
    """The artefact as a file."""
    answers = {name: each for name in ("category", "agency") if (each := getattr(artefact, name)) is not None}
    header = {
        "made_at": artefact.made_at.isoformat(),
        "texts": artefact.texts,
        "answers": {name: _described(each) for name, each in answers.items()},
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    body = b"".join((LENGTH.pack(len(text)), text, *chain.from_iterable(map(_blobs, answers.values()))))
    packed = zlib.compress(body, 9)
    return MAGIC + HEAD.pack(VERSION, sha256(packed).digest(), len(packed)) + packed


def _described(classifier: Classifier) -> dict[str, Any]:
    return {
        "labels": classifier.labels,
        "layer": len(classifier.bends),
        "points": len(classifier.promised),
        "threshold": classifier.threshold,
        "kinds": [[len(_names(each)), len(each.rows)] for each in (classifier.letters, classifier.words)],
    }


def _blobs(classifier: Classifier) -> Iterator[bytes]:
    for kind in (classifier.letters, classifier.words):
        yield _names(kind)
        yield _floats(kind.scales)
        yield from (lanes(each, len(kind.scales)) for each in kind.rows.values())
    numbers = (classifier.bends, classifier.offsets, *classifier.outputs, classifier.promised, classifier.kept)
    yield from map(_floats, numbers)


def _names(kind: Weights) -> bytes:
    return "\n".join(kind.rows).encode()


def _floats(numbers: array[float]) -> bytes:
    return struct.pack(f"<{len(numbers)}f", *numbers)


def read(raw: bytes) -> Artefact:
    """The artefact of a file; raises Damaged with the reason where it is not whole."""
    body = _body(raw)
    try:
        return _artefact(_Blobs(memoryview(body)))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as wrong:
        raise Damaged(MALFORMED) from wrong


def _body(raw: bytes) -> bytes:
    if not raw.startswith(MAGIC):
        raise Damaged(CUT_OFF if raw and MAGIC.startswith(raw) else NOT_OURS)
    packed = memoryview(raw)[len(MAGIC) + HEAD.size :]
    if len(raw) < len(MAGIC) + HEAD.size:
        raise Damaged(CUT_OFF)
    version, checksum, length = HEAD.unpack_from(raw, len(MAGIC))
    if version != VERSION:
        raise Damaged(OTHER_VERSION.format(found=version, ours=VERSION))
    if len(packed) != length:
        raise Damaged(CUT_OFF)
    if sha256(packed).digest() != checksum:
        raise Damaged(CHANGED)
    unpacking = zlib.decompressobj()
    try:
        body = unpacking.decompress(packed, LARGEST)
    except zlib.error as wrong:
        raise Damaged(MALFORMED) from wrong
    if not unpacking.eof:
        raise Damaged(MALFORMED)
    return body


class _Blobs:
    """Takes a body apart from its front; raises ValueError where it is too short."""

    def __init__(self, body: memoryview) -> None:
        self._body = body
        self._at = 0

    def bytes(self, length: int) -> memoryview:
        if not 0 <= length <= len(self._body) - self._at:
            raise ValueError("too short")
        self._at += length
        return self._body[self._at - length : self._at]

    def floats(self, count: int) -> array[float]:
        numbers = array("f")
        numbers.frombytes(self.bytes(4 * count))
        if sys.byteorder == "big":
            numbers.byteswap()
        if not all(map(isfinite, numbers)):
            raise ValueError("not a number")
        return numbers

    def done(self) -> bool:
        return self._at == len(self._body)


def _artefact(blobs: _Blobs) -> Artefact:
    header = json.loads(bytes(blobs.bytes(*LENGTH.unpack(blobs.bytes(LENGTH.size)))))
    made_at = datetime.fromisoformat(header["made_at"])
    answers = {name: _classifier(blobs, each) for name, each in header["answers"].items()}
    if not blobs.done():
        raise ValueError("more than was said")
    return Artefact(VERSION, made_at, int(header["texts"]), **answers)


def _classifier(blobs: _Blobs, said: dict[str, Any]) -> Classifier:
    labels, layer, points = tuple(map(str, said["labels"])), int(said["layer"]), int(said["points"])
    width = 1 + len(labels) + layer
    letters, words_ = (_weights(blobs, int(names), int(rows), width) for names, rows in said["kinds"])
    bends, offsets = blobs.floats(layer), blobs.floats(len(labels))
    outputs = tuple(blobs.floats(layer) for _ in labels)
    promised, kept = blobs.floats(points), blobs.floats(points)
    if not labels or any(low >= high for low, high in pairwise(promised)):
        raise ValueError("no labels, or points out of order")
    return Classifier(
        labels, letters, words_, bends, offsets, outputs, promised, kept, _share(float(said["threshold"]))
    )


def _share(number: float) -> float:
    if not 0 <= number <= 1:
        raise ValueError("no share")
    return number


def _weights(blobs: _Blobs, length: int, count: int, width: int) -> Weights:
    names = str(blobs.bytes(length), "utf-8").split("\n") if length else []
    scales = blobs.floats(width)
    if len(names) != count or scales[0] < 0:
        raise ValueError("names and rows differ")
    # A piece is often in both classifiers: its name is kept once.
    return Weights({sys.intern(name): row(bytes(blobs.bytes(width))) for name in names}, scales)
