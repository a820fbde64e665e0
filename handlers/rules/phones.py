"""Indonesian mobile numbers as people write them."""

from __future__ import annotations

import re
from typing import Final

# 8, the operator, and what makes ten to thirteen digits with the zero in front.
_MOBILE: Final = re.compile(r"(?:\+?62|0062)?0?(8[1-9][0-9]{7,10})")


def read(text: str) -> str | None:
    """The number as WhatsApp writes it, 62 in front and digits alone; nothing where the text is no such number."""
    # Phones copy numbers with spaces, dashes, brackets and invisible marks.
    found = _MOBILE.fullmatch("".join(char for char in text[:60] if char.isalnum() or char == "+"))
    return f"62{found[1]}" if found else None
