"""Long texts in parts that a platform takes."""

from __future__ import annotations

from collections.abc import Callable

MOST = 3900


def units(text: str) -> int:
    """The length as Telegram counts it: in UTF-16, where an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, most: int = MOST, size: Callable[[str], int] = units) -> list[str]:
    """The text in parts of at most `most`, cut at a paragraph, a line or a word where there is one."""
    parts = []
    while size(text) > most:
        head = _head(text, most, size)
        cut = max(head.rfind("\n\n"), 0) or max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*[part for part in parts if part], *([text] if text or not parts else [])]


def _head(text: str, most: int, size: Callable[[str], int]) -> str:
    left = most
    for number, char in enumerate(text):
        left -= size(char)
        if left < 0:
            return text[:number]
    return text
