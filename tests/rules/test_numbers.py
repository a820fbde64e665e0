"""A ticket's number survives speaking and typing, and an error never leads to another ticket."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.numbers import ALPHABET, PRIME, VALUES, WEIGHTS, find, make, read

CANONICAL = re.compile(rf"LPR-\d\d(0[1-9]|1[0-2])-[{ALPHABET}]{{4}}-[{ALPHABET}]")
READ_ALIKE = {("0", "O"), ("1", "I"), ("1", "L")}
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
CHANCE = st.randoms(use_true_random=False)


def numbers(count: int) -> list[str]:
    chance = random.Random(1708)
    days = (date(2026 + chance.randrange(60), 1 + chance.randrange(12), 5) for _ in range(count))
    return [make(day, chance.randrange) for day in days]


NUMBERS = numbers(300)
NUMBER = make(date(2026, 11, 21), random.Random(9).randrange)
MONTH, DRAWN, CHECK = NUMBER.split("-")[1:]


def test_the_alphabet_has_no_characters_that_look_alike() -> None:
    """The drawn characters hold none of 0, O, 1 and I."""
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert set(VALUES) - set(ALPHABET) == set("01OI")


def test_the_weights_catch_what_they_must() -> None:
    """All weights and that of the check character differ and are not zero."""
    weights = {weight % PRIME for weight in (*WEIGHTS, -1)}
    assert len(weights) == len(WEIGHTS) + 1
    assert 0 not in weights


@pytest.mark.parametrize("number", NUMBERS)
def test_every_single_error_is_caught(number: str) -> None:
    """No other character in any place gives another valid number."""
    for place, right in enumerate(number):
        for wrong in VALUES:
            if wrong == right:
                continue
            alike = place in range(4, 8) and (right, wrong) in READ_ALIKE
            typed = number[:place] + wrong + number[place + 1 :]
            assert read(typed) == (number if alike else None), typed


@pytest.mark.parametrize("number", NUMBERS)
def test_every_swap_of_neighbours_is_caught(number: str) -> None:
    """No two neighbours swapped, also across groups, give another valid number."""
    code = number.replace("-", "")
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert read(swapped) == (number if swapped == code else None), swapped


@pytest.mark.parametrize("number", NUMBERS)
def test_a_missing_or_doubled_character_is_caught(number: str) -> None:
    """No character left out or typed twice gives another valid number."""
    code = number.replace("-", "")
    for place in range(len(code)):
        assert read(code[:place] + code[place + 1 :]) is None
        assert read(code[:place] + code[place] + code[place:]) is None


@given(day=DAYS, chance=CHANCE)
@settings(deadline=None)
def test_numbers_have_their_form_and_are_read_back(day: date, chance: random.Random) -> None:
    """A made number has the canonical form, names its month, and is read and found as itself."""
    number = make(day, chance.randrange)
    assert CANONICAL.fullmatch(number)
    assert number[4:8] == f"{day:%y%m}"
    assert read(number) == find(number) == number


def test_a_draw_without_a_check_character_is_repeated() -> None:
    """Characters whose check would not be in the alphabet are drawn again."""
    drawn: list[int] = []

    def draw(size: int) -> int:
        assert size == len(ALPHABET)
        drawn.append(len(drawn) // 4 % size)
        return drawn[-1]

    made = [make(date(2026, 11, 1), draw) for _ in range(64)]
    assert len(drawn) > 4 * len(made)
    assert all(read(number) == number for number in made)


def test_numbers_are_not_sequential() -> None:
    """Chance alone decides the drawn part, and each of its characters occurs."""
    assert len({number[9:13] for number in NUMBERS}) == len(NUMBERS)
    assert {char for number in NUMBERS for char in number[9:13]} == set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER.lower(),
        NUMBER.replace("-", ""),
        NUMBER.replace("-", " "),
        NUMBER.replace("-", "."),
        NUMBER.replace("-", " - "),
        NUMBER.replace("-", "\u2013"),
        NUMBER.replace("-", "\u00a0"),
        f"  {NUMBER}.\n",
        " ".join(NUMBER),
        f"{MONTH}-{DRAWN}-{CHECK}",
        f"{MONTH}{DRAWN}{CHECK}".lower(),
        f"lpr {MONTH} {DRAWN[:2]} {DRAWN[2:]} {CHECK}",
        NUMBER.replace("2611", "26II"),
        NUMBER.replace("2611", "26ll"),
        NUMBER.replace("2611", "26iL"),
    ],
)
def test_ways_of_typing(typed: str) -> None:
    """Case, separators, the missing LPR and letters typed for digits do not matter."""
    assert read(typed) == NUMBER


def test_letter_o_is_read_as_nought() -> None:
    """An O in the month is a nought."""
    number = make(date(2030, 10, 1), random.Random(3).randrange)
    assert read(number.replace("3010", "3OIo")) == number


@pytest.mark.parametrize(
    "junk",
    ["", " ", "-", "LPR", "LPR-", "LPR-2611", "LPR-2611-7K3Q", "LPR-2613-7K3Q-9", "5010653", "#9165816",
     "halo", "LPR-2611-7K3Q-9-9", "LPRLPR26117K3Q9", "081234567890", "\x00", "\ud800", "\u212aPR",
     NUMBER + "x"],
)  # fmt: skip
def test_junk_is_no_number(junk: str) -> None:
    """What is not a ticket's number is neither read nor found."""
    assert read(junk) is None
    assert find(junk) is None


def test_foreign_letters_are_no_letters_of_a_number() -> None:
    """A sign that only looks like a letter of the alphabet is not read as one."""
    assert "K" in NUMBER
    assert read(NUMBER.replace("K", "\u212a")) is None


def test_no_month_but_the_twelve_is_read() -> None:
    """A number with a right check but an impossible month is no number."""
    for month in ("2600", "2613", "2699"):
        for drawn in ("2345", "7K3Q", "ZZZZ"):
            assert not any(read(f"LPR-{month}-{drawn}-{check}") for check in ALPHABET)


@pytest.mark.parametrize(
    "sentence",
    [
        "Bagaimana kabar laporan {}?",
        "nomor:{}",
        "#{}",
        "*{}* sudah sampai mana ya",
        "_{}_",
        "https://lapor.example/lacak/{}",
        "Halo min, tgl 12/11/2026 saya lapor, nomornya {}. Terima kasih",
        "telepon saya 081234567890, tiket {}, atau LPR-2611",
        "LPR LPR {} LPR",
        "{}\n{}",
    ],
)
def test_a_number_is_found_in_a_sentence(sentence: str) -> None:
    """A number inside a sentence is found in any of its forms."""
    bare = NUMBER.removeprefix("LPR-")
    for form in (NUMBER, NUMBER.lower(), NUMBER.replace("-", " "), NUMBER.replace("-", ""), bare):
        assert find(sentence.replace("{}", form)) == NUMBER


def test_the_first_valid_number_is_found() -> None:
    """Of several numbers the first that is valid is found."""
    first, second = NUMBERS[:2]
    wrong = first[:-1] + ("2" if first[-1] != "2" else "3")
    assert find(f"{wrong} lalu {second} dan {first}") == second


def test_a_number_begun_twice_is_found() -> None:
    """A broken-off number before a spelled-out one does not hide it."""
    assert find("LPR 2611 " + " ".join(NUMBER.replace("-", ""))) == NUMBER


@pytest.mark.parametrize(
    "sentence",
    [f"{NUMBER}X", f"X{NUMBER[4:]}", f"1{NUMBER[4:]}", "sejak 2012 warga mengeluh", "Rp 2611 7000 9"],
)
def test_other_words_are_not_numbers(sentence: str) -> None:
    """A number that is part of a longer word is not found, nor are years with words."""
    assert find(sentence) is None


def test_a_year_and_a_word_are_not_a_number() -> None:
    """Four digits before any five letters of a sentence are not taken for a number."""
    assert all(find(f"tahun {MONTH} {DRAWN}{check}") is None for check in ALPHABET)


@given(text=st.text(max_size=300))
@settings(deadline=None)
def test_any_text_is_read_without_raising(text: str) -> None:
    """Whatever is typed gives a canonical number or none."""
    for found in (read(text), find(text)):
        assert found is None or CANONICAL.fullmatch(found)


@pytest.mark.parametrize("piece", ["L", "LPR ", "LPR-2611-7K3Q-", "2", "2611 7K3Q ", "- ", "L    P    R    "])
def test_4096_characters_are_read_without_raising(piece: str) -> None:
    """The longest message of a chat is searched, whatever it repeats."""
    assert find((piece * 4096)[:4096] + "!") is None


@given(before=st.text(max_size=40), after=st.text(max_size=40))
@settings(deadline=None)
def test_a_number_between_spaces_is_found(before: str, after: str) -> None:
    """Text around a number does not hide that there is one."""
    found = find(f"{before} ({NUMBER}) {after}")
    assert found is not None
