"""A note above a letter is not brought twice where the letter was replaced on its way."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from bot import noted
from bot.noted import Noted
from storage.letters import Body, Parcel

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def parcel(ident: int, contact: int = 1, note: str = "lambat") -> Parcel:
    body = Body("jawaban", note=note)
    return Parcel(ident, contact, "telegram", 0, NOW, 0, None, "talk", None, False, body)


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_note_stands_above() -> None:
    """A letter with a note says it first; one without is as it was."""
    one = Noted(Clock())
    assert one.body(parcel(1)) == Body("lambat\n\njawaban")
    assert one.body(parcel(2, note="")) == Body("jawaban")


def said(one: Noted, parcel: Parcel) -> str:
    """What a letter says that leaves."""
    text = one.body(parcel).text
    one.brought(parcel)
    return text


def test_the_letter_that_took_its_place_does_not_say_it_again() -> None:
    """The same letter says it however often it is tried, the next one to the same person does not."""
    one = Noted(Clock())
    assert [said(one, parcel(ident)) for ident in (1, 1, 2)] == ["lambat\n\njawaban"] * 2 + ["jawaban"]
    assert one.body(parcel(3, contact=2)).text == "lambat\n\njawaban"


def test_nor_does_one_that_waits_long() -> None:
    """In a flood of a quarter of an hour the next letter leaves at its end."""
    clock = Clock()
    one = Noted(clock)
    said(one, parcel(1))
    clock.now = 15 * 60.0
    assert one.body(parcel(2)).text == "jawaban"


def test_one_that_did_not_leave_has_told_nobody() -> None:
    """Where the first letter failed, the one that takes its place says it."""
    one = Noted(Clock())
    assert one.body(parcel(1)).text == one.body(parcel(2)).text == "lambat\n\njawaban"


def test_a_later_note_is_another() -> None:
    """After a while a note is news again."""
    clock = Clock()
    one = Noted(clock)
    said(one, parcel(1))
    clock.now = noted.JUST
    assert one.body(parcel(2)).text == "lambat\n\njawaban"


def test_it_remembers_only_the_last() -> None:
    """However many people are told, what is remembered of it has a bound."""
    one = Noted(Clock())
    for contact in range(noted.MOST + 10):
        said(one, parcel(contact, contact))
    assert len(one._by) == noted.MOST
    assert one.body(msgspec.structs.replace(parcel(5), id=99_999)).text == "lambat\n\njawaban"
