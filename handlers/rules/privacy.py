"""Which numbers in a text tell who somebody is, and the text without them."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "[disamarkan]"

# People part long numbers by spaces, dots and dashes; a new line parts two numbers.
_GAP: Final = r"[^\S\n]?[.\-\u2010-\u2015]?[^\S\n]?"
_ALONE: Final = r"(?<![\w.\-])"
_END: Final = r"(?!\w)"
# The regions of the police, so that "RT 05 RW 02" or "ke 120 km" are no number of a vehicle.
_PLATE: Final = "A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNRSTW]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[ABGSY]?|R|S|T|W|Z"
# A date with dashes or dots, and the hour behind it, are no telephone.
_NO_DATE: Final = r"(?!\d{1,2}[.\-]\d{1,2}[.\-]\d{4}(?!\d))"

_PERSONAL: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Addresses of mail, which hold numbers themselves.
        r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+",
        # NIK and family card have 16 digits, bank cards 13 to 19; two in a row are both meant.
        rf"(?<!\d)\+?\d(?:{_GAP}\d){{12,}}",
        # Mobile telephones, with the country or without.
        rf"(?<!\d){_NO_DATE}(?:\(\+?62\)|\(0\)|\+?62|0){_GAP}8(?:{_GAP}\d){{8,11}}(?!\d)",
        r"(?<![\d.])8\d{2}[ \-]\d{3,4}[ \-]\d{3,5}(?!\d)",
        # Telephones of a place: the code of its area, then the number.
        rf"(?<!\d)(?:\(0[2-9]\d{{1,2}}\)|(?:\+62{_GAP}|0)[2-9]\d{{1,2}})[ \-]?\d{{3,4}}[ \-]?\d{{3,4}}(?!\d)",
        # Accounts and whatever else nobody counts.
        r"(?<![\d.,])\d{10,}(?!\d)",
        rf"{_ALONE}(?:{_PLATE})[ \-]?(?:\d{{2,4}}[ \-]?[A-Z]{{2,3}}|\d{{3,4}}[ \-]?[A-Z]){_END}",
        rf"(?i){_ALONE}(?:{_PLATE})[ \-]?(?:\d{{3,4}}[ \-]?[A-Z]{{2,3}}|\d{{4}}[ \-]?[A-Z]){_END}",
    )
)


def masked(text: str) -> str:
    """The text with every number by which a person can be found made unreadable: NIK, cards, telephones, plates."""
    for pattern in _PERSONAL:
        text = pattern.sub(MASK, text)
    return text
