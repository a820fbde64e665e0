"""What the bot's messages mean, by the contexts of its sentences: a sentence that is reworded breaks no replay."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SPOKEN = Path(__file__).parent.parent / "handlers"


@cache
def _sources() -> dict[str, list[str]]:
    """All sentences of the source, by context."""
    found: dict[str, list[str]] = {}
    for path in sorted(SPOKEN.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T":
                context, source = (ast.literal_eval(one) for one in node.args[:2])
                found.setdefault(context, []).append(source)
    return found


@cache
def pattern(contexts: str) -> re.Pattern[str]:
    """Finds a message, or a paragraph of one, that is a sentence of one of these contexts."""
    each = [source for context in contexts.split() for source in _sources()[context]]
    said = "|".join(re.sub(r"\\\{\w+\\\}", ".*?", re.escape(source)) for source in each)
    return re.compile(rf"(?:\A|\n\n)(?:{said})", re.DOTALL)


def meaning(text: str, table: Mapping[str, str]) -> str:
    """The first kind of this table, of kinds and their contexts, that a message is of; empty where it is of none."""
    return next((kind for kind, contexts in table.items() if pattern(contexts).search(text)), "")
