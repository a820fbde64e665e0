"""Two people who tell of one thing are understood as such, and neighbours with another trouble are not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from math import cos, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.likeness import ALIKE, FAR, Told, likest, metres
from handlers.rules.likeness import alike as likeness
from handlers.rules.squares import around, square
from tests.rules.retellings import alike, apart

HOLE = Told(
    "Jalan di depan Pasar Pasirian berlubang besar, sudah tiga motor jatuh.",
    "Jl. Melati, depan Toko Sinar",
    "35.08.05",
    None,
    None,
    date(2026, 11, 20),
    ("jalan-rusak", "jalan"),
)
PINNED = replace(HOLE, place="", lat=-8.21, lon=113.11)
TEXT = st.text(max_size=60)
ANY = st.builds(
    Told,
    story=TEXT,
    place=TEXT,
    area=st.sampled_from(["", "35.08", "35.08.05", "35.08.05.2001"]),
    lat=st.none() | st.floats(-90, 90),
    lon=st.none() | st.floats(-180, 180),
    day=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    categories=st.sampled_from([(), ("jalan",), ("jalan-rusak", "jalan")]),
    around=st.lists(TEXT, max_size=2),
)


def judged(pairs: Iterable[tuple[str, Told, Told]]) -> tuple[int, list[str]]:
    """How many pairs there are, and the names of those that are taken for one."""
    found = [(name, likeness(one, other) >= ALIKE) for name, one, other in pairs]
    return len(found), [name for name, same in found if same]


@pytest.mark.parametrize("held_back", [False, True])
def test_made_pairs_are_told_apart(held_back: bool) -> None:
    """Of the pairs that are taken for one nearly all are, and most of those that are one are found."""
    every, found = judged(alike(held_back))
    others, wrong = judged(apart(held_back))
    precision, recall = len(found) / (len(found) + len(wrong)), len(found) / every
    figures = f"{every} same, {others} other: precision {precision:.3f}, recall {recall:.3f}; wrong: {wrong}"
    assert every >= 40, figures
    assert others >= 60, figures
    assert precision >= (0.94 if held_back else 0.95), figures
    assert recall >= 0.80, figures


def test_all_made_pairs_together_reach_the_measure() -> None:
    """Precision .95 and recall .80 over at least sixty pairs each way."""
    same, other = ([judged(pairs(held)) for held in (False, True)] for pairs in (alike, apart))
    found, wrong = ([name for _, names in each for name in names] for each in (same, other))
    every, others = (sum(number for number, _ in each) for each in (same, other))
    precision, recall = len(found) / (len(found) + len(wrong)), len(found) / every
    figures = f"{every} same, {others} other: precision {precision:.3f}, recall {recall:.3f}; wrong: {wrong}"
    assert min(every, others) >= 60, figures
    assert precision >= 0.95, figures
    assert recall >= 0.80, figures


@given(ANY, ANY)
def test_likeness_is_a_share_and_the_same_both_ways(one: Told, other: Told) -> None:
    """Whatever was written, likeness lies between 0 and 1, and nobody is first."""
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == pytest.approx(likeness(other, one))


def test_the_same_report_is_like_itself() -> None:
    """What is told twice in the same words is one thing, by words or by a point alone."""
    assert likeness(HOLE, HOLE) == pytest.approx(1)
    assert likeness(PINNED, PINNED) == pytest.approx(1)


@pytest.mark.parametrize(
    "other",
    [
        replace(HOLE, day=HOLE.day - timedelta(days=365)),
        replace(HOLE, categories=("sampah", "lingkungan")),
        replace(HOLE, categories=()),
        replace(HOLE, place="Jl. Mawar, depan balai desa"),
        replace(HOLE, place=""),
        replace(HOLE, area="35.08.06"),
        replace(HOLE, place="Jl. Melati RT 2", story="Penumpang angkot dimintai ongkos lebih oleh sopir."),
    ],
    ids=["year", "topic", "no topic", "street", "nowhere", "district", "matter"],
)
def test_one_difference_is_enough(other: Told) -> None:
    """Another year, topic, street, district or matter makes another report of it."""
    assert likeness(HOLE, other) < ALIKE


@pytest.mark.parametrize("numbers", [("RT 3", "RT 5"), ("SDN 2", "SD Negeri 04"), ("gg. 4", "Gang 9")])
def test_numbers_tell_places_apart(numbers: tuple[str, str]) -> None:
    """RT 3 is not RT 5, whatever else is the same."""
    one, other = (replace(HOLE, place=f"{number}, Dusun Krajan Kulon") for number in numbers)
    assert likeness(one, one) >= ALIKE > likeness(one, other)


def test_mistyped_and_shouted_words_count() -> None:
    """Chat spelling, capitals and a misprint keep two reports together."""
    typed = replace(
        HOLE, story="JLN DPN PASAR PASIRIAN BERLOBANG BSR, 3 MOTOR JTUH JATOH", place="jln melatii toko sinar"
    )
    assert likeness(HOLE, typed) >= ALIKE


@given(st.floats(-11, 6), st.floats(95, 141), st.floats(0, 6.283), st.floats(0, FAR))
def test_what_is_near_lies_in_the_squares_around(lat: float, lon: float, angle: float, far: float) -> None:
    """No point within reach of another lies outside the squares that are searched for it."""
    other = lat + far * cos(angle) / 111_195, lon + far * sin(angle) / (111_195 * cos(radians(lat)))
    assert metres(lat, lon, *other) <= FAR + 2
    assert square(*other) in around(lat, lon)


def test_no_point_has_no_square() -> None:
    """A place in words lies in no square."""
    assert square(None, None) is square(-8.2, None) is None


def test_stories_in_marks_alone_say_nothing() -> None:
    """Emoji and signs are no words, and nothing fails of them."""
    emoji = replace(PINNED, story=unicodedata.normalize("NFD", "😡😡 !!! é"))
    assert likeness(emoji, emoji) < ALIKE


SAID = (
    HOLE.story,
    "Lubang besar di jalan depan Pasar Pasirian, motor jatuh lagi tadi pagi.",
    "Jalan berlubang.",
    "Sampah menumpuk di depan Pasar Pasirian sejak seminggu.",
)
LIKE_IT = st.builds(
    replace,
    st.just(HOLE),
    story=st.sampled_from(SAID),
    place=st.sampled_from([HOLE.place, "Jl. Mawar", "depan Pasar Pasirian", ""]),
    day=st.dates(date(2026, 6, 1), date(2026, 11, 20)),
)


@given(LIKE_IT, st.lists(LIKE_IT, max_size=9), st.integers(1, 4))
def test_the_likest_are_those_that_all_of_them_would_show(mine: Told, others: list[Told], most: int) -> None:
    """Who reads no further than needed finds the same as who compares all and sorts them."""
    numbered = list(enumerate(others))
    fitting = [(likeness(mine, other), number) for number, other in numbered if likeness(mine, other) >= ALIKE]
    wanted = [number for _, number in sorted(fitting, key=lambda each: (-each[0], each[1]))[:most]]
    assert [number for number, _ in likest(mine, numbered, lambda each: each[1], most)] == wanted
