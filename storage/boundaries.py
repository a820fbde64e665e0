"""The boundaries of areas as GeoJSON: read whole, with everything that is wrong in them, and kept as bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from math import isfinite
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from handlers.rules.shapes import Boundary, Ring, in_archipelago, packed, scaled
from storage import tables as t
from storage.cells import Wrong

NAME: Final = "boundaries.geojson"
# A code of Kemendagri: province, kabupaten or kota, kecamatan, desa or kelurahan.
CODE: Final = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
BYTES, FEATURES, POINTS, LONGEST_NAME = 200_000_000, 100_000, 250_000, 100
SWAPPED: Final = "lintang dan bujur tertukar; GeoJSON menulis [bujur, lintang]"


def read(raw: bytes, problems: list[str]) -> list[dict[str, Any]]:
    """The rows of the table; every fault is added to the problems with its feature, field and reason."""
    try:
        features = _features(raw)
    except Wrong as wrong:
        problems.append(f"{NAME}: {wrong}")
        return []
    rows: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(features, 1):
        row: dict[str, Any] = {}
        for field, value in (("code", _code), ("name", _name), ("geometry", _rings)):
            try:
                row[field] = value(feature)
            except Wrong as wrong:
                problems.append(f"{NAME} fitur {number}, {field}: {wrong}")
        code = row.get("code")
        if code and seen.setdefault(code, number) != number:
            problems.append(f"{NAME} fitur {number}, code: {code} sudah ada di fitur {seen[code]}")
        if len(row) == 3:
            rows.append({"code": row["code"], "name": row["name"], "rings": packed(row["geometry"])})
    return rows


def _features(raw: bytes) -> list[Any]:
    if len(raw) > BYTES:
        raise Wrong(f"paling besar {BYTES // 1_000_000} MB; sederhanakan batasnya")
    try:
        whole = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Wrong("bukan UTF-8") from None
    except json.JSONDecodeError as error:
        raise Wrong(f"bukan JSON yang utuh, baris {error.lineno} kolom {error.colno}") from None
    except (RecursionError, ValueError):
        raise Wrong("bukan JSON yang utuh") from None
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or whole.get("type") != "FeatureCollection":
        raise Wrong("bukan FeatureCollection")
    if not features:
        raise Wrong("tidak ada satu pun fitur di dalamnya")
    if len(features) > FEATURES:
        raise Wrong(f"paling banyak {FEATURES} fitur")
    return features


def _property(feature: Any, name: str) -> str:
    given = feature.get("properties") if isinstance(feature, dict) else None
    value = given.get(name) if isinstance(given, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise Wrong("tidak boleh kosong, dan harus berupa tulisan")
    return value.strip()


def _code(feature: Any) -> str:
    code = _property(feature, "code")
    if not CODE.fullmatch(code):
        raise Wrong("bukan kode Kemendagri seperti 35, 35.08, 35.08.01, atau 35.08.01.2001")
    return code


def _name(feature: Any) -> str:
    name = _property(feature, "name")
    if len(name) > LONGEST_NAME or "\0" in name:
        raise Wrong(f"paling banyak {LONGEST_NAME} huruf, tanpa bita yang bukan tulisan")
    return name


def _rings(feature: Any) -> list[Ring]:
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise Wrong("bukan poligon; tulis Polygon atau MultiPolygon")
    given = shape.get("coordinates")
    polygons = [given] if kind == "Polygon" else given
    if not isinstance(polygons, list) or not polygons:
        raise Wrong("tidak ada koordinatnya")
    rings = [_ring(ring) for polygon in polygons for ring in _listed(polygon)]
    # Whoever simplifies a coast leaves islets without a width.
    rings = [ring for ring in rings if not _flat(ring)]
    if not rings:
        raise Wrong("tidak ada cincin yang memiliki luas")
    if sum(map(len, rings)) > POINTS:
        raise Wrong(f"paling banyak {POINTS} titik; sederhanakan batasnya")
    return rings


def _listed(polygon: Any) -> list[Any]:
    if not isinstance(polygon, list) or not polygon:
        raise Wrong("tidak ada koordinatnya")
    return polygon


def _ring(given: Any) -> Ring:
    if not isinstance(given, list) or len(given) < 4:
        raise Wrong("sebuah cincin perlu paling sedikit empat titik")
    points = list(_points(given))
    if points[0] != points[-1]:
        raise Wrong("sebuah cincin tidak tertutup; titik terakhir harus sama dengan titik pertama")
    return points[:1] + [point for before, point in pairwise(points) if point != before]


def _flat(ring: Ring) -> bool:
    return len({x for x, _ in ring}) < 2 or len({y for _, y in ring}) < 2


def _points(given: list[Any]) -> Iterator[tuple[int, int]]:
    for point in given:
        if not isinstance(point, list) or len(point) < 2 or not all(map(_degrees, point[:2])):
            raise Wrong("sebuah titik bukan [bujur, lintang] dalam derajat")
        lon, lat = point[:2]
        if not in_archipelago(lat, lon):
            raise Wrong(SWAPPED if in_archipelago(lon, lat) else f"titik [{lon:.5g}, {lat:.5g}] di luar Indonesia")
        yield scaled(lon), scaled(lat)


def _degrees(value: Any) -> bool:
    # JSON's true is a number to Python, and so is NaN; a whole number may be too large for a float.
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and -1e9 < value < 1e9 and isfinite(value)


def replace(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Puts these boundaries in the place of all others."""
    connection.execute(delete(t.boundaries))
    if rows:
        connection.execute(insert(t.boundaries), rows)


def load(connection: Connection) -> tuple[Boundary, ...]:
    """All boundaries on record, as bytes."""
    rows = connection.execute(select(t.boundaries).order_by(t.boundaries.c.code))
    return tuple(Boundary(row.code, row.name, row.rings) for row in rows)
