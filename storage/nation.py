"""The names of the nation's areas by Kemendagri's codes: all kecamatan and above, and the desa of one area."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from handlers.rules.places import Row

# Its code takes 0.7 s and 10 MB to import, so only its data is read.
PACKAGE: Final = "lokal"
PIECE: Final = 1 << 16


@lru_cache(maxsize=4)
def names(area: str) -> tuple[Row, ...]:
    """Code, name and parent of every kecamatan, kabupaten, kota and province, and of the desa in this area."""
    found = json.loads(b"".join(_pieces("wilayah")))
    if area:
        found |= _villages(area)
    codes = {code: code for code in found}
    # A parent is the same text as its own code, not another one that is equal.
    return tuple((code, name, codes.get(above := code.rpartition(".")[0], above)) for code, name in found.items())


def _villages(area: str) -> dict[str, str]:
    # The whole file as objects would take 15 MB, for the few hundred names of an office.
    entry = re.compile(rb'"%b[\d.]*": ?"(?:[^"\\]|\\.)*"' % re.escape(area).encode())
    wanted: list[bytes] = []
    rest = b""
    for piece in _pieces("desa"):
        text = rest + piece
        end = text.rfind(b'","') + 1
        wanted += entry.findall(text, 0, end)
        rest = text[end:]
    return dict(json.loads(b"{%b}" % b",".join([*wanted, *entry.findall(rest)])))


def _pieces(name: str) -> Iterator[bytes]:
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    with gzip.open(Path(spec.submodule_search_locations[0]) / "data" / f"{name}.json.gz") as file:
        while piece := file.read(PIECE):
            yield piece
