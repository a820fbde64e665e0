"""Indonesian mobile numbers are read as people write them, and nothing else is."""

from __future__ import annotations

import pytest

from handlers.rules.phones import read

READ = {
    "081234567890": "6281234567890",
    "0812 3456 7890": "6281234567890",
    "0812-3456-7890": "6281234567890",
    "(0812) 3456.7890": "6281234567890",
    "+62 812 3456 7890": "6281234567890",
    "62812-3456-7890": "6281234567890",
    "0062 812 3456 7890": "6281234567890",
    "+62 (0)812 3456 7890": "6281234567890",
    "81234567890": "6281234567890",
    "\u202a+62\u00a0812\u20113456\u20117890\u202c": "6281234567890",
    "0811123456": "62811123456",
    "0895123456789": "62895123456789",
}
REFUSED = (
    "",
    "entah",
    "0812",
    "081234567",
    "08123456789012",
    "0801234567",
    "0334 881234",
    "021-3456789",
    "+1 415 555 2671",
    "+60 12 345 6789",
    "112",
    "٠٨١٢٣٤٥٦٧٨٩٠",
    "0812 3456 789O",
    "0812 3456 7890 atau 0813 3456 7890",
    "nomor saya 081234567890",
    "62+81234567890",
    "9" * 5000,
)


@pytest.mark.parametrize("text", READ)
def test_numbers_are_read(text: str) -> None:
    """However it is written, it is the number that WhatsApp knows."""
    assert read(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    """A landline, a foreign number, one that is too short or too long, or words: none is taken."""
    assert read(text) is None
