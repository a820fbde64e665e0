"""Which numbers in a text tell who somebody is, and the text without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from handlers.rules import phones

MASK: Final = "[disamarkan]"


class Personal(StrEnum):
    """What a number is."""

    NIK = "nik"
    FAMILY_CARD = "family_card"
    BANK_CARD = "bank_card"
    ACCOUNT = "account"
    PHONE = "phone"
    MAIL = "mail"
    PLATE = "plate"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text something personal stands, and what it is."""

    start: int
    end: int
    kind: Personal


# People part long numbers by spaces, dots and dashes; a new line parts two numbers.
_GAP: Final = r"[^\S\n]?[.\-\u2010-\u2015]?[^\S\n]?"
_ALONE: Final = r"(?<![\w.\-])"
_END: Final = r"(?!\w)"
# The regions of the police, so that "RT 05 RW 02" or "ke 120 km" are no number of a vehicle.
_PLATE: Final = "A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNRSTW]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[ABGSY]?|R|S|T|W|Z"
# Letters behind a number that are a word of their own: "muat L 300 dan", "isi 5 l 1000 rb".
_WORD: Final = (
    "rb|ribu|jt|juta|rp|dan|di|ke|ada|yg|org|dgn|jam|itu|ini|mau|kg|km|cc|mm|cm|wat|watt|va|per|pun|nya"
    "|tdk|sdh|blm|utk|krn|jln|thn|bln|lbr|x"
)
# A date with dashes or dots, and the hour behind it, are no telephone.
_NO_DATE: Final = r"(?!\d{1,2}[.\-]\d{1,2}[.\-]\d{4}(?!\d))"
_YEAR: Final = r"(?:19|20)\d{2}"

# What holds many digits and tells of nobody.
_HARMLESS: Final = re.compile(
    rf"(?<![\d.\-])\d{{1,2}}[./\-]\d{{1,2}}[./\-]{_YEAR}(?![.\-]?\d)"
    rf"|(?<![\d.\-]){_YEAR}-\d{{2}}-\d{{2}}(?![.\-]?\d)"
    rf"|(?<![\d.\-]){_YEAR}(?:[ ,/\-\u2013]{{1,3}}{_YEAR})+(?![.\-]?\d)"
    r"|\b(?:jam|pukul|pkl)\.? ?\d{1,2}[.:]\d{2}(?: ?(?:-|sampai|s/d|sd) ?\d{1,2}[.:]\d{2})?(?!\d)"
    r"|\brp\.? ?\d[\d.,]*"
    r"|(?<![\d.])\d{1,3}(?:\.\d{3})+(?= ?(?:rupiah|orang|jiwa|kk\b|meter|m2|unit))"
    r"|\blpr-?\d{4}-?\w{4}-?\w\b"
    r"|\b(?:laporan|tiket|aduan|pengaduan|sp4n)(?: nomor| no\.?| nmr| id)? ?[#:]? ?\d{4,12}(?!\d)"
    r"|https?://(?!wa\.me|api\.whatsapp)\S+",
    re.IGNORECASE,
)
# The first two digits of a NIK are those of a province.
_PROVINCE: Final = re.compile("1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7]")
_TAKEN: Final = "\x00"
_DIGIT: Final = re.compile(r"\d")
_FAMILY: Final = re.compile(r"(?:\bkk|kartu keluarga)\W*(?:\w+\W+){0,2}$", re.IGNORECASE)
_BANK: Final = re.compile(r"\b(?:no\.? ?rek|norek|rek|rekening|va|virtual account)\b\W*(?:\w+\W+){0,3}$", re.IGNORECASE)
_NO_PLATE: Final = re.compile(
    r"\b(?:blok|jalan|jln|jl|gang|gg|kavling|kav|lantai|kamar|tipe|type)[\s.]*$|\bs/$", re.IGNORECASE
)
_LONG: Final = 16
# With fewer digits than these nothing but a number of a vehicle and an address of mail tells of anybody.
_FEW: Final = 7
_PLATED: Final = re.compile(rf"(?i)(?<![A-Z])(?:{_PLATE})[ \-]?\d{{2,4}}[ \-]?[A-Z]")


def _digits(text: str) -> str:
    return "".join(_DIGIT.findall(text))


def _dated(digits: str) -> bool:
    """Whether a number holds a province and a day of birth, as a NIK does; a woman's day counts forty more."""
    day, month = int(digits[6:8]) % 40, int(digits[8:10])
    return _PROVINCE.match(digits) is not None and 1 <= day <= 31 and int(digits[6:8]) <= 71 and 1 <= month <= 12


def _luhn(digits: str) -> bool:
    """Whether the last digit is that which a bank card would have."""
    doubled = (int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits)))
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def _of_digits(found: str, before: str) -> Personal | None:
    """What a long number is, by its digits and by the words before it."""
    digits = _digits(found)
    if _BANK.search(before):
        return Personal.ACCOUNT
    if len(digits) < _LONG and phones.read(digits):
        return Personal.PHONE
    if len(digits) >= _LONG and _FAMILY.search(before):
        return Personal.FAMILY_CARD
    if len(digits) >= _LONG and _dated(digits[:_LONG]):
        return Personal.NIK
    return Personal.BANK_CARD if 13 <= len(digits) <= 19 and _luhn(digits) else Personal.NUMBER


def _plate(found: str, before: str) -> Personal | None:
    return None if _NO_PLATE.search(before) else Personal.PLATE


def _account(found: str, before: str) -> Personal | None:
    return Personal.ACCOUNT if _BANK.search(before) else None


def _always(kind: Personal) -> Callable[[str, str], Personal | None]:
    return lambda found, before: kind


Judge = Callable[[str, str], Personal | None]
# How many digits a text has at least that holds such a number, its pattern, and what it is; the first that fits holds.
_PATTERNS: Final[tuple[tuple[int, re.Pattern[str], Judge], ...]] = tuple(
    (least, re.compile(pattern), judge)
    for least, pattern, judge in (
        # Addresses of mail, which hold numbers themselves.
        (0, r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+", _always(Personal.MAIL)),
        # NIK and family card have 16 digits, bank cards 13 to 19; two in a row are both meant.
        (13, rf"(?<!\d)\+?\d(?:{_GAP}\d){{12,}}", _of_digits),
        # Mobile telephones, with the country or without.
        (
            10,
            rf"(?<!\d){_NO_DATE}(?:\(\+?62\)|\(0\)|\+?62|0){_GAP}8(?:{_GAP}\d){{8,11}}(?!\d)",
            _always(Personal.PHONE),
        ),
        (9, r"(?<![\d.])8\d{2}[ \-]\d{3,4}[ \-]\d{3,5}(?!\d)", _always(Personal.PHONE)),
        # Telephones of a place: the code of its area, then the number.
        (
            9,
            rf"(?<!\d)(?:\(0[2-9]\d{{1,2}}\)|(?:\+62{_GAP}|0)[2-9]\d{{1,2}})[ \-]?\d{{3,4}}[ \-]?\d{{3,4}}(?!\d)",
            _always(Personal.PHONE),
        ),
        # Accounts and whatever else nobody counts.
        (10, r"(?<![\d.,])\d{10,}(?!\d)", _of_digits),
        (7, rf"(?<![\d.,]){_NO_DATE}\d(?:{_GAP}\d){{6,}}(?!\d)", _account),
        (2, rf"{_ALONE}(?:{_PLATE})[ \-]?(?:\d{{2,4}}[ \-]?[A-Z]{{2,3}}|\d{{3,4}}[ \-]?[A-Z]){_END}", _plate),
        (
            3,
            rf"(?i){_ALONE}(?:{_PLATE})[ \-]?"
            rf"(?:\d{{3,4}}[ \-]?(?!(?:{_WORD}){_END})[A-Z]{{2,3}}|\d{{4}}[ \-]?(?!x{_END})[A-Z]){_END}",
            _plate,
        ),
    )
)


def find(text: str) -> tuple[Span, ...]:
    """Everything in a text by which a person can be found, in the order in which it stands there."""
    digits = len(_DIGIT.findall(text))
    if digits < _FEW and "@" not in text and not _PLATED.search(text):
        return ()
    # What is harmless or was found already gives way to marks that are no digits, and no letters.
    shadow = _HARMLESS.sub(lambda match: _TAKEN * len(match[0]), text)
    spans: list[Span] = []
    for least, pattern, judge in _PATTERNS if "@" in text else _PATTERNS[1:]:
        if digits < least:
            continue
        new = list(_judged(pattern, judge, shadow))
        spans.extend(new)
        for span in new:
            shadow = shadow[: span.start] + _TAKEN * (span.end - span.start) + shadow[span.end :]
    return tuple(sorted(spans, key=lambda span: span.start))


def _judged(pattern: re.Pattern[str], judge: Judge, text: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        kind = judge(match[0], text[max(0, match.start() - 60) : match.start()])
        if kind:
            yield Span(match.start(), match.end(), kind)


def masked(text: str) -> str:
    """The text with every number by which a person can be found made unreadable: NIK, cards, telephones, plates."""
    parts, at = [], 0
    for span in find(text):
        parts += [text[at : span.start], MASK]
        at = span.end
    return "".join((*parts, text[at:]))
