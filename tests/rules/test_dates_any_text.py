"""Reading a day answers any text, never raises and never reads the future."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.rules.dates import EARLIEST, Unreadable, read_day
from handlers.rules.daywords import KNOWN, MONTH_NAMES

SATURDAY = date(2026, 11, 21)
WORDS = st.sampled_from([*sorted(KNOWN), "5", "12", "31", "2026", "/", "-", ".", "19.00"])
PIECES = ("a", " ", "1", "/", "1/", "hari ", "pagi ", "5 november ", "\u0130", "-", "senin 1 ")


@given(text=st.text(max_size=200), today=st.dates())
@example(text="kemarin", today=date.min)
@example(text="9999 hari lalu", today=date.min)
@example(text="tanggal 31", today=date.min)
@example(text="senin", today=date.min)
@settings(deadline=None)
def test_any_text_has_an_answer(text: str, today: date) -> None:
    """No text and no day raises, and a day that is read is never in the future."""
    found = read_day(text, today)
    assert isinstance(found, Unreadable) or EARLIEST <= found <= today


@given(words=st.lists(WORDS, max_size=9), today=st.dates())
@settings(deadline=None, max_examples=500)
def test_any_known_words_have_an_answer(words: list[str], today: date) -> None:
    """Known words in any order never raise, and a day that is read is never in the future."""
    found = read_day(" ".join(words), today)
    assert isinstance(found, Unreadable) or EARLIEST <= found <= today


@pytest.mark.parametrize("piece", PIECES)
def test_4096_characters_have_an_answer(piece: str) -> None:
    """The longest message a chat brings is answered, whatever it repeats."""
    assert read_day((piece * 4096)[:4096], SATURDAY) is Unreadable.NONSENSE


@given(piece=st.text(min_size=1, max_size=40))
@settings(deadline=None)
def test_any_4096_characters_have_an_answer(piece: str) -> None:
    """Any message of the longest length is answered without raising."""
    assert isinstance(read_day((piece * 4096)[:4096], SATURDAY), date | Unreadable)


def test_a_story_is_not_a_day() -> None:
    """A text of more than a hundred characters is not read as a day, however it ends."""
    assert read_day("itu " * 23 + "kemarin", SATURDAY) == date(2026, 11, 20)
    assert read_day("itu " * 24 + "kemarin", SATURDAY) is Unreadable.NONSENSE


def test_spaces_around_a_day_do_not_matter() -> None:
    """A day between thousands of spaces is still the day."""
    assert read_day(" " * 4000 + "kemarin\n" + " " * 80, SATURDAY) == date(2026, 11, 20)


@given(day=st.dates(min_value=EARLIEST, max_value=SATURDAY))
@settings(deadline=None)
def test_every_written_date_is_read_back(day: date) -> None:
    """Any past day written out in full is read as itself."""
    name = MONTH_NAMES[day.month - 1]
    written = (f"{day.day}/{day.month}/{day.year}", day.isoformat(), f"tgl {day.day} {name} {day.year}")
    assert [read_day(text, SATURDAY) for text in written] == [day] * 3


@given(today=st.dates(min_value=date(1960, 1, 1), max_value=date(2200, 1, 1)), days=st.integers(0, 5000))
@settings(deadline=None)
def test_days_ago(today: date, days: int) -> None:
    """N days ago is N days before today."""
    assert read_day(f"{days} hari yang lalu", today) == today - timedelta(days=days)
