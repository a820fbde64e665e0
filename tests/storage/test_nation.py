"""The whole nation can be imported, and known points lie where everybody knows them to be."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from handlers.rules.shapes import Boundary, Shapes
from storage import boundaries, facts
from storage.database import Database
from storage.facts import keep, load, read_folder
from tests.storage.nation import nation, needs_nation
from tests.storage.sheets import folder, sheets

pytestmark = needs_nation

POINTS = [
    ("Monas", -6.1754, 106.8272, "31.71"),
    ("Pasar Minggu", -6.2843, 106.8445, "31.74"),
    ("Terminal Kampung Rambutan", -6.3091, 106.8822, "31.75"),
    ("Universitas Indonesia", -6.3686, 106.8273, "32.76"),
    ("Bandara Soekarno-Hatta", -6.1256, 106.6559, "36.71"),
    ("Stasiun Serpong", -6.3200, 106.6656, "36.74"),
    ("Gedung Sate", -6.9025, 107.6188, "32.73"),
    ("Alun-alun Cirebon", -6.7058, 108.5550, "32.74"),
    ("Simpang Lima Semarang", -6.9903, 110.4229, "33.74"),
    ("Stasiun Solo Balapan", -7.5567, 110.8193, "33.72"),
    ("Borobudur", -7.6079, 110.2038, "33.08"),
    ("Candi Kalasan", -7.7672, 110.4723, "34.04"),
    ("Tugu Yogyakarta", -7.7829, 110.3671, "34.71"),
    ("Tugu Pahlawan Surabaya", -7.2458, 112.7378, "35.78"),
    ("Bandara Juanda", -7.3797, 112.7868, "35.15"),
    ("Terminal Purabaya", -7.3506, 112.7247, "35.15"),
    ("Alun-alun Malang", -7.9826, 112.6308, "35.73"),
    ("Alun-alun Batu", -7.8717, 112.5268, "35.79"),
    ("Cemoro Lawang", -7.9216, 112.9664, "35.13"),
    ("Alun-alun Probolinggo", -7.7455, 113.2165, "35.74"),
    ("Kraksaan", -7.7570, 113.3960, "35.13"),
    ("Alun-alun Lumajang", -8.1336, 113.2248, "35.08"),
    ("Stasiun Klakah", -7.9917, 113.2500, "35.08"),
    ("Alun-alun Jember", -8.1692, 113.7025, "35.09"),
    ("Lapangan Puputan Denpasar", -8.6573, 115.2165, "51.71"),
    ("Bandara Ngurah Rai", -8.7467, 115.1667, "51.03"),
    ("Ubud", -8.5069, 115.2625, "51.04"),
    ("Nusa Penida", -8.7278, 115.5444, "51.05"),
    ("Kuta Mandalika", -8.8950, 116.2950, "52.02"),
    ("Kupang", -10.1632, 123.5780, "53.71"),
    ("Bandara Sepinggan", -1.2683, 116.8944, "64.71"),
    ("Samarinda", -0.5022, 117.1536, "64.72"),
    ("Pantai Losari", -5.1435, 119.4080, "73.71"),
    ("Lapangan Merdeka Medan", 3.5910, 98.6773, "12.71"),
    ("Masjid Baiturrahman", 5.5536, 95.3173, "11.71"),
    ("Jayapura", -2.5337, 140.7181, "91.71"),
]
ELSEWHERE = [
    ("the Java Sea", -5.5, 111.0),
    ("the Indian Ocean", -9.5, 113.0),
    ("Singapore", 1.29, 103.85),
    ("Kuala Lumpur", 3.14, 101.69),
    ("Dili", -8.5569, 125.5603),
    ("nowhere", 0.0, 0.0),
]


@cache
def shapes() -> Shapes:
    """The nation's boundaries, read as an import reads them."""
    problems: list[str] = []
    rows = boundaries.read(nation(), problems)
    assert problems == []
    return Shapes(Boundary(**row) for row in rows)


@pytest.mark.parametrize(("name", "lat", "lon", "area"), POINTS, ids=[point[0] for point in POINTS])
def test_a_known_point_lies_in_its_kabupaten_or_kota(name: str, lat: float, lon: float, area: str) -> None:
    """Town centres and places near borders lie in the area that everybody knows, down to a kecamatan of it."""
    found = shapes().at(lat, lon)
    assert (found[:5], found.count(".")) == (area, 2), name


@pytest.mark.parametrize(("name", "lat", "lon"), ELSEWHERE, ids=[point[0] for point in ELSEWHERE])
def test_the_sea_and_abroad_are_nowhere(name: str, lat: float, lon: float) -> None:
    """A point at sea or in another country lies in no area, and the nation is known to be complete."""
    assert shapes().at(lat, lon) == "", name
    assert shapes().nationwide


async def test_the_whole_nation_comes_into_the_record(database: Database, tmp_path: Path) -> None:
    """All kabupaten, kota and kecamatan are kept and found again."""
    path = folder(tmp_path, sheets())
    (path / boundaries.NAME).write_bytes(nation())
    rows = read_folder(path)
    await database.write(lambda c: keep(c, rows))
    found = await database.read(load)
    assert len(found.boundaries) == len(rows["boundaries"]) == 514 + 7285
    assert found.places.spot(found.shapes.at(-8.1336, 113.2248)).words == "Kecamatan Lumajang, Kabupaten Lumajang"
    assert await database.read(facts.version) == 1
