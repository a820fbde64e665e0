"""Places as people write them, for an office in Kabupaten Lumajang."""

from __future__ import annotations

from functools import cache

import pytest

from handlers.rules.misprints import edits, key
from handlers.rules.placemarks import tokens
from handlers.rules.places import Places
from storage.nation import names

LONG = 4096


@cache
def places(served: str = "35.08") -> Places:
    """The nation's names as that office knows them, with a dusun of its own."""
    own = (("35.08.15.2005.01", "Krajan Lor", "35.08.15.2005"),)
    return Places((*names(served), *own), served)


def found(text: str, sure: bool = False) -> list[str]:
    """The codes that a text means."""
    return [spot.code for spot in places().find(text, sure)]


AT_HOME = [
    # As a form would have it.
    ("Desa Kutorenon, Kecamatan Sukodono, Kabupaten Lumajang", "35.08.15.2005"),
    ("Desa Kutorenon Kecamatan Sukodono", "35.08.15.2005"),
    ("Kecamatan Sukodono", "35.08.15"),
    ("Kelurahan Rogotrunan, Kecamatan Lumajang", "35.08.10.1010"),
    ("kecamatan lumajang kelurahan rogotrunan", "35.08.10.1010"),
    # Short forms, with and without the stop.
    ("Ds. Kutorenon Kec. Sukodono", "35.08.15.2005"),
    ("ds.kutorenon,kec.sukodono", "35.08.15.2005"),
    ("ds kutorenon kec sukodono kab lmj", "35.08.15.2005"),
    ("Kel. Citrodiwangsan Lmj", "35.08.10.1003"),
    ("dsn krajan ds sumberwuluh kec candipuro", "35.08.03.2005"),
    ("kec senduro lmj", "35.08.12"),
    # In any writing.
    ("KEC. PRONOJIWO", "35.08.02"),
    ("kec pRoNoJiWo", "35.08.02"),
    ("Kecamatan Rowo Kangkung", "35.08.08"),
    ("kec kedung jajang", "35.08.16"),
    ("Yoso Wilangun Lor", "35.08.07.2006"),
    ("kec. Soekodono", "35.08.15"),
    ("Kecamatan Djatiroto", "35.08.17"),
    ("desa selok awar awar", "35.08.04.2005"),
    ("Selok Awar-Awar, Pasirian", "35.08.04.2005"),
    ("Desa Oro-oro Ombo", "35.08.02.2005"),
    # Misprints.
    ("kec. pasrian", "35.08.04"),
    ("kecamatan sukodno", "35.08.15"),
    ("kcmatan jatirotoo", "35.08.17"),
    ("Kecamatn Randuagng", "35.08.18"),
    ("desa kutorenonn kec sukodonno", "35.08.15.2005"),
    ("Desa Sumbermjur", "35.08.03.2006"),
    ("ranu pane", "35.08.12.2012"),
    ("supit urang, pronojiwo", "35.08.02.2006"),
    ("kec ygosowilangun", "35.08.07"),
    # A name that several areas bear: ours, unless the text says otherwise.
    ("sukodono", "35.08.15"),
    ("kec. sukodono", "35.08.15"),
    ("Padang", "35.08.14"),
    ("kec padang", "35.08.14"),
    ("tempeh", "35.08.05"),
    ("sumbersuko", "35.08.21"),
    ("Lumajang", "35.08"),
    ("Desa Tempursari Kec. Kedungjajang", "35.08.16.2010"),
    ("desa sukorejo kec kunir", "35.08.06.2004"),
    ("wonokerto tekung", "35.08.09.2005"),
    ("kebonsari sumbersuko", "35.08.21.2002"),
    ("Desa Barat, Padang", "35.08.14.2001"),
    ("desa senduro", "35.08.12.2004"),
    ("Ds. Karanganyar Kec. Yosowilangun", "35.08.07.2008"),
    # What else stands there.
    ("Depan Pasar Pasirian, Kecamatan Pasirian", "35.08.04"),
    ("Jl. Melati, depan SDN 2, Desa Sukamaju, Kecamatan Sukodono", "35.08.15"),
    ("ranuyoso rt 02 rw 03", "35.08.20"),
    ("Jl. Raya Pasirian", "35.08.04"),
    ("jl. panglima sudirman tompokersan", "35.08.10.1011"),
    ("Soto Lamongan depan stasiun klakah", "35.08.19"),
    ("toko Surabaya, kec. Tempeh", "35.08.05"),
    ("dekat balai desa klakah", "35.08.19.2008"),
    ("puskesmas gucialit", "35.08.13"),
    ("jalan rusak di desa bades", "35.08.04.2003"),
    ("arah malang, kec. pronojiwo", "35.08.02"),
    ("perbatasan kabupaten probolinggo, ranuyoso", "35.08.20"),
    ("dari Jember sebelum Yosowilangun", "35.08.07"),
    # A name of the office's own.
    ("Dusun Krajan Lor", "35.08.15.2005.01"),
]
OUTSIDE = [
    ("Sukodono, Sidoarjo", "35.15.14"),
    ("kec sukodono kab sidoarjo", "35.15.14"),
    ("Kecamatan Sukodono Kabupaten Sragen", "33.14.17"),
    ("surabaya", "35.78"),
    ("di sby", "35.78"),
    ("Jl. Pemuda, Surabaya", "35.78"),
    ("jaksel", "31.74"),
    ("Tanah Abang, Jakarta Pusat", "31.71.07"),
    ("Kota Malang", "35.73"),
    ("kab. malang", "35.07"),
    ("Kepanjen, Malang", "35.07.13"),
    ("kraksaan probolinggo", "35.13.14"),
    ("jember", "35.09"),
    ("kec. ambulu", "35.09.12"),
    ("kab jembr", "35.09"),
    ("sleman", "34.04"),
    ("Kec. Depok Sleman", "34.04.07"),
    ("kota bdg", "32.73"),
    ("Kota Depok", "32.76"),
    ("Kab. Kutai Kartanegara", "64.02"),
    ("kukar", "64.02"),
    ("Distrik Abepura", "91.71.03"),
    ("Bali", "51"),
]
SEVERAL = [
    ("desa tempursari", ["35.08.01.2005", "35.08.16.2010"]),
    ("sukorejo", ["35.08.06.2004", "35.08.11.2003"]),
    ("Desa Kebonsari", ["35.08.07.2011", "35.08.21.2002"]),
    ("desa labruk", ["35.08.10.2002", "35.08.21.2004"]),
    ("Banyuputih", ["35.08.17.2001", "35.08.18.2001"]),
    ("malang", ["35.07", "35.73"]),
    ("probolinggo", ["35.13", "35.74"]),
]
NOWHERE = [
    "",
    "   ",
    "pasar",
    "dekat pasar",
    "di jalan",
    "gang mawar",
    "Jl. Surabaya No. 5",
    "Jalan Jember",
    "jl diponegoro",
    "sebelah barat lapangan",
    "alun-alun",
    "depan rumah saya",
    "Warung Padang",
    "Bank Jatim",
    "di pinggir kali",
    "karang",
    "rumah pak lurah",
    "RT 02 RW 05",
    "Desa Entahberantah",
    "Jawa Timur",
    "😀😀😀",
    "12345",
    "the big tree next to the mosque",
    "ignore previous instructions",
]


@pytest.mark.parametrize(("text", "code"), AT_HOME)
def test_a_place_of_ours_is_found(text: str, code: str) -> None:
    """One area, and it is ours."""
    assert found(text) == [code]
    assert places().find(text)[0].served


@pytest.mark.parametrize(("text", "code"), OUTSIDE)
def test_a_place_elsewhere_is_found_to_be_there(text: str, code: str) -> None:
    """One area, and it is not ours."""
    assert found(text) == [code]
    assert not places().find(text)[0].served


@pytest.mark.parametrize(("text", "codes"), SEVERAL)
def test_where_several_bear_a_name_all_are_returned(text: str, codes: list[str]) -> None:
    """The text does not say which, so neither does the answer."""
    assert sorted(found(text)) == codes


@pytest.mark.parametrize("text", NOWHERE)
def test_what_names_no_area_finds_none(text: str) -> None:
    """Everyday words, streets, shops and nonsense are no areas."""
    assert found(text) == []


NAMED = [
    ("Jalan di Desa Bades Kecamatan Pasirian sudah tiga bulan rusak parah.", "35.08.04.2003"),
    ("Lampu penerangan di kec. Sukodono mati semua sejak minggu lalu", "35.08.15"),
    ("Sampah menumpuk di kelurahan Tompokersan, baunya ke mana-mana", "35.08.10.1011"),
    ("Bantuan untuk warga Kebonsari Sumbersuko belum turun", "35.08.21.2002"),
    ("Mohon jembatan di ds. Supiturang diperbaiki, sekolah jadi jauh", "35.08.02.2006"),
]
UNNAMED = [
    "Jalan di depan Pasar Pasirian berlubang besar, sudah tiga motor jatuh minggu ini.",
    "Pasar di barat kota penuh sampah sejak pagi.",
    "Padang rumput di belakang rumah terbakar.",
    "Tetangga saya menaruh barang bekas di jalan sehingga sempit.",
    "Karang taruna minta lapangan diperbaiki karena licin.",
    "Besuk ada rapat di balai desa, mohon listrik jangan padam.",
    "Duren dan salak busuk dibuang di sungai, bau sekali.",
    "Bus Surabaya ke Jember berhenti sembarangan di tengah jalan.",
    "Malang benar nasib kami, sudah seminggu air mati total.",
    "Saya dari Kabupaten Malang dan dompet saya hilang di terminal.",
    "Nasi padang di warung itu bikin sakit perut satu keluarga.",
    "Anak saya di SMP dipukul temannya, tolong dibantu.",
    "Pak lurah tidak pernah ada di kantor kelurahan.",
    "Petugas desa tidak mau melayani dan minta uang.",
    "Surabaya macet, tidak seperti di sini",
]


@pytest.mark.parametrize(("story", "code"), NAMED)
def test_a_story_that_names_a_place_is_understood(story: str, code: str) -> None:
    """A word such as Desa before a name, or two names that agree, say it plainly enough to offer it."""
    assert found(story, sure=True) == [code]


@pytest.mark.parametrize("story", UNNAMED)
def test_nothing_is_guessed_from_everyday_words(story: str) -> None:
    """A word that is also a name somewhere is not taken for a place in a story."""
    assert found(story, sure=True) == []


def test_a_place_is_said_in_words() -> None:
    """The name stands with what it is and with those above it, as the region calls it."""
    said = {code: places().spot(code).words for code in ("35.08.15.2005", "35.08.10.1003", "35.08.15", "35.73", "51")}
    assert said == {
        "35.08.15.2005": "Desa Kutorenon, Kecamatan Sukodono, Kabupaten Lumajang",
        "35.08.10.1003": "Kelurahan Citrodiwangsan, Kecamatan Lumajang, Kabupaten Lumajang",
        "35.08.15": "Kecamatan Sukodono, Kabupaten Lumajang",
        "35.73": "Kota Malang",
        "51": "Provinsi Bali",
    }
    assert places().spot("91.71.03").words.startswith("Distrik ")
    assert places().spot("35.08.15.2005.01").words.startswith("Krajan Lor, Desa Kutorenon, ")


def test_an_area_that_holds_the_served_one_is_not_outside() -> None:
    """Who names the province has not said that it happened elsewhere."""
    assert [places().serves(code) for code in ("35", "35.08", "35.08.01", "35.09", "36", "35.080")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_an_office_without_an_area_serves_all() -> None:
    """Nothing is outside for an office of the nation, and a name that many bear stays open."""
    everywhere = places("")
    assert [spot.code for spot in everywhere.find("Kec. Sukodono")] == ["33.14.17", "35.08.15", "35.15.14"]
    assert all(spot.served for spot in everywhere.find("Kec. Sukodono"))


@pytest.mark.parametrize("text", ["a" * LONG, "desa " * 800, "kec. " + "x y " * 1000, ",.;()" * 800, "Kec. " * 800])
def test_any_text_has_an_answer(text: str) -> None:
    """The longest and strangest texts end, and find nothing."""
    assert found(text) == found(text, sure=True) == []


def test_names_are_compared_without_their_spelling() -> None:
    """Case, spaces, hyphens, old spelling and doubled letters make no difference."""
    assert len({key(name) for name in ("Sukodono", "Soekodono", "SUKO DONO", "Suko-dono", "Sukkodono")}) == 1


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [("pasirian", "pasirian", 0), ("pasirian", "pasiran", 1), ("klakah", "klakha", 1), ("tempeh", "tampah", 2)],
)
def test_misprints_are_counted(one: str, other: str, away: int) -> None:
    """A letter left out, added, changed or swapped with the next is one; more than is asked for is not counted."""
    assert edits(one, other, 2) == edits(other, one, 2) == away
    assert edits(one, "z" * len(one), 2) == 3


def test_a_text_falls_into_parts() -> None:
    """Commas and full stops part it, the stop of a short form does not."""
    assert [token[:2] for token in tokens("Kec. Sukodono, kab.lmj. Dekat no.5")] == [
        ("kec", 0),
        ("sukodono", 0),
        ("kab", 1),
        ("lumajang", 1),
        ("dekat", 2),
        ("no", 2),
        ("5", 2),
    ]
