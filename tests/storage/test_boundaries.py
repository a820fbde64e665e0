"""Boundaries come in as GeoJSON, whole or not at all, and every fault is named by feature, field and reason."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from handlers.rules.shapes import Boundary, Shapes, holds, scaled
from storage import boundaries, facts
from storage.database import Database
from storage.facts import Invalid, keep, load, read_folder, sample, version
from tests.storage.sheets import folder, sheets

SQUARE = [[113.0, -8.2], [113.2, -8.2], [113.2, -8.0], [113.0, -8.0], [113.0, -8.2]]
HOLE = [[113.05, -8.15], [113.05, -8.05], [113.15, -8.05], [113.15, -8.15], [113.05, -8.15]]


def feature(**more: Any) -> dict[str, Any]:
    """A feature without a fault, but for what is given."""
    made = {"code": "35.08.04", "name": "Pasirian", "type": "Polygon", "coordinates": [SQUARE], **more}
    geometry = {"type": made["type"], "coordinates": made["coordinates"]}
    return {"type": "Feature", "properties": {"code": made["code"], "name": made["name"]}, "geometry": geometry}


def collection(*features: Any) -> bytes:
    """These features as a file."""
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def given(path: Path, raw: bytes) -> Path:
    """A folder with this file alone."""
    (path / boundaries.NAME).write_bytes(raw)
    return path


def problems(path: Path, raw: bytes) -> list[str]:
    """All that is wrong with a file."""
    with pytest.raises(Invalid) as raised:
        read_folder(given(path, raw))
    return raised.value.problems


async def test_boundaries_come_and_go_with_the_other_facts(database: Database, tmp_path: Path) -> None:
    """A folder of boundaries alone is taken, counts the version up, replaces the last ones and leaves the rest."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    rows = read_folder(given(folder(one, sheets()), collection(feature(), feature(code="35.08", name="Lumajang"))))
    await database.write(lambda c: keep(c, rows))
    first = await database.read(load)
    assert [each.code for each in first.boundaries] == ["35.08", "35.08.04"]
    assert first.shapes.at(-8.1, 113.1) == "35.08.04"
    more = read_folder(given(other, collection(feature(code="35.08.05", name="Tempeh"))))
    await database.write(lambda c: keep(c, more))
    second = await database.read(load)
    assert [(each.code, each.name) for each in second.boundaries] == [("35.08.05", "Tempeh")]
    assert (await database.read(version), len(second.agencies)) == (2, len(first.agencies))


async def test_nothing_is_kept_of_a_folder_with_one_wrong_feature(database: Database, tmp_path: Path) -> None:
    """A fault in the boundaries keeps the sheets out as well."""
    path = given(folder(tmp_path, sheets()), collection(feature(), feature(code="Pasirian")))
    with pytest.raises(Invalid):
        await database.write(lambda c: facts.take(c, path, "", date(2026, 11, 3)))
    found = await database.read(load)
    assert (found.version, found.agencies, found.boundaries) == (0, (), ())


def test_holes_and_islands_are_honoured(tmp_path: Path) -> None:
    """A point in a hole is outside, one on an island in it is inside."""
    island = [[113.09, -8.11], [113.11, -8.11], [113.11, -8.09], [113.09, -8.09], [113.09, -8.11]]
    shape = feature(type="MultiPolygon", coordinates=[[SQUARE, HOLE], [island]])
    (row,) = read_folder(given(tmp_path, collection(shape)))["boundaries"]
    found = Boundary(**row)
    inside = [holds(found.rings, scaled(lon), scaled(-8.1)) for lon in (113.02, 113.07, 113.10, 113.13, 113.18, 113.3)]
    assert inside == [True, False, True, False, True, False]


POINT = {"type": "Feature", "properties": {"code": "35", "name": "x"}, "geometry": {"type": "Point"}}
WRONG = [
    (feature(code=""), "code", "kosong"),
    (feature(code=35), "code", "tulisan"),
    (feature(code="3508"), "code", "Kemendagri"),
    (feature(code="35.08.04.1"), "code", "Kemendagri"),
    (feature(name=" "), "name", "kosong"),
    (feature(name="x" * 101), "name", "100"),
    (feature(name="a\0b"), "name", "bita"),
    (feature(type="Point", coordinates=[113.0, -8.0]), "geometry", "bukan poligon"),
    (feature(type="LineString", coordinates=SQUARE), "geometry", "bukan poligon"),
    ({**POINT, "geometry": None}, "geometry", "bukan poligon"),
    (feature(coordinates=[]), "geometry", "tidak ada koordinatnya"),
    (feature(coordinates=None, type="MultiPolygon"), "geometry", "tidak ada koordinatnya"),
    (feature(coordinates=[[]], type="MultiPolygon"), "geometry", "tidak ada koordinatnya"),
    (feature(coordinates=[SQUARE[:3]]), "geometry", "empat titik"),
    (feature(coordinates=[SQUARE[:-1]]), "geometry", "tidak tertutup"),
    (feature(coordinates=[SQUARE[:2] * 2 + SQUARE[:1]]), "geometry", "luas"),
    (feature(coordinates=[[[lat, lon] for lon, lat in SQUARE]]), "geometry", "tertukar"),
    (feature(coordinates=[[[lon - 100, lat] for lon, lat in SQUARE]]), "geometry", "di luar Indonesia"),
    (feature(coordinates=[[[str(lon), lat] for lon, lat in SQUARE]]), "geometry", "[bujur, lintang]"),
    (feature(coordinates=[[[True, lat] for _, lat in SQUARE]]), "geometry", "[bujur, lintang]"),
    (feature(coordinates=[[[float("nan"), lat] for _, lat in SQUARE]]), "geometry", "[bujur, lintang]"),
    (feature(coordinates=[[[10**400, lat] for _, lat in SQUARE]]), "geometry", "[bujur, lintang]"),
    (feature(coordinates=[[[lon] for lon, _ in SQUARE]]), "geometry", "[bujur, lintang]"),
    (feature(coordinates=[[*SQUARE[:4] * 62_501, SQUARE[0]]]), "geometry", "250000"),
]


@pytest.mark.parametrize(("wrong", "field", "why"), WRONG)
def test_a_wrong_feature_is_named(tmp_path: Path, wrong: Any, field: str, why: str) -> None:
    """Its number, its field and the reason are said, once."""
    (problem,) = problems(tmp_path, collection(feature(code="35.08.01"), wrong))
    assert problem.startswith(f"boundaries.geojson fitur 2, {field}: ")
    assert why in problem


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, {"properties": []}, {"geometry": 3}])
def test_what_is_no_feature_is_named(tmp_path: Path, wrong: Any) -> None:
    """All that a thing lacks that is no feature is said at once."""
    found = problems(tmp_path, collection(wrong))
    assert [problem.split(":")[0] for problem in found] == [
        f"boundaries.geojson fitur 1, {field}" for field in ("code", "name", "geometry")
    ]


WHOLE = [
    (b"", "JSON"),
    (b'{"type": "FeatureCollection",\n "features": [', "baris 2"),
    (b"\xff\xfe", "UTF-8"),
    (b"[" * 100_000, "JSON"),
    (b"[]", "FeatureCollection"),
    (b'{"type": "Feature"}', "FeatureCollection"),
    (b'{"type": "Topology", "features": [1]}', "FeatureCollection"),
    (b'{"type": "FeatureCollection", "features": []}', "fitur"),
]


@pytest.mark.parametrize(("raw", "why"), WHOLE, ids=[why for _, why in WHOLE])
def test_a_file_that_is_no_collection_is_said_to_be_so(tmp_path: Path, raw: bytes, why: str) -> None:
    """What cannot be read at all is one fault of the file."""
    (problem,) = problems(tmp_path, raw)
    assert problem.startswith("boundaries.geojson: ")
    assert why in problem


def test_one_area_twice_is_named(tmp_path: Path) -> None:
    """The second is the fault, and says where the first is."""
    assert problems(tmp_path, collection(feature(), feature())) == [
        "boundaries.geojson fitur 2, code: 35.08.04 sudah ada di fitur 1"
    ]


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    """Those of the sheets and those of the boundaries come together."""
    path = folder(tmp_path, {**sheets(), "areas": [{"code": "", "name": "", "parent": ""}]})
    assert len(problems(path, collection(feature(code="x"), feature(name="")))) >= 4


def test_what_other_programs_add_does_no_harm(tmp_path: Path) -> None:
    """A byte order mark, heights, other properties and an unknown area are taken."""
    high = feature(code="35.99.99", coordinates=[[[*point, 12.5] for point in SQUARE]])
    high["properties"]["luas"] = 3
    raw = b"\xef\xbb\xbf" + collection(high)
    assert [row["code"] for row in read_folder(given(tmp_path, raw))["boundaries"]] == ["35.99.99"]


def test_the_sketch_of_the_sample_regency_covers_its_kecamatan() -> None:
    """Every kecamatan of the sample has a shape, and the square of the town lies in the town."""
    rows = read_folder(sample())
    codes = {row["code"] for row in rows["areas"] if row["code"].count(".") == 2}
    assert {row["code"] for row in rows["boundaries"]} == codes
    shapes = Shapes(Boundary(**row) for row in rows["boundaries"])
    assert (shapes.at(-8.1336, 113.2248), shapes.at(-8.225, 113.115)) == ("35.08.10", "35.08.04")
    assert not shapes.nationwide
