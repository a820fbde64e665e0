"""The names of the nation's areas by Kemendagri's codes: all kecamatan and above, and the desa of one area."""

from __future__ import annotations

import gzip
import json
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from handlers.rules.places import Row

# Its code takes 0.7 s and 10 MB to import, so only its data is read.
PACKAGE: Final = "lokal"


@lru_cache(maxsize=4)
def names(area: str) -> tuple[Row, ...]:
    """Code, name and parent of every kecamatan, kabupaten, kota and province, and of the desa in this area."""
    found = json.loads(_text("wilayah"))
    if area:
        # The whole file as objects would take 15 MB, for the few hundred names of an office.
        wanted = re.findall(rf'"{re.escape(area)}[\d.]*": ?"(?:[^"\\]|\\.)*"', _text("desa"))
        found |= json.loads("{" + ",".join(wanted) + "}")
    return tuple((code, name, code.rpartition(".")[0]) for code, name in found.items())


def _text(name: str) -> str:
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    file = Path(spec.submodule_search_locations[0]) / "data" / f"{name}.json.gz"
    return gzip.decompress(file.read_bytes()).decode("utf-8")
