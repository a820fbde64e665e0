"""The boundaries of the whole nation as an office would import them, where they lie beside the project."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = tuple(DATA / f"region-boundaries-{name}.json.gz" for name in ("kab", "kec"))
needs_nation = pytest.mark.skipif(not all(map(Path.is_file, FILES)), reason="the nation's boundaries are not here")


def _feature(code: str, name: str, rings: list[list[list[float]]]) -> dict[str, Any]:
    turned = [[[lon, lat] for lat, lon in ring] for ring in rings]
    closed = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in turned]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in closed]}
    return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry}


@cache
def nation() -> bytes:
    """Every kabupaten, kota and kecamatan as one GeoJSON file."""
    features = []
    for path in FILES:
        areas = json.loads(gzip.decompress(path.read_bytes()))
        features += [_feature(code, name, rings) for code, (name, _, _, rings) in areas.items()]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
