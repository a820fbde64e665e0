"""Who may import whom, and where time, chance and the environment may be asked, read from the source itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "storage")

# What each layer may import of this project.
LAYERS = {
    "bot": ("bot", "storage", "handlers", "handlers.rules"),
    "storage": ("storage", "handlers", "handlers.rules"),
    "handlers": ("handlers", "handlers.rules"),
    "handlers.rules": ("handlers.rules",),
}

# Libraries that may be named in these places only.
ONLY_IN = {
    "telegram": ("bot/channels/telegram.py",),
    "aiohttp": ("bot/",),
    "sqlalchemy": ("storage/",),
    "babel": ("bot/language.py",),
    "asyncio": ("bot/", "storage/"),
}

# What only the shell may ask.
OF_THE_WORLD = (
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time",
    "random",
    "secrets",
    "os.environ",
    "os.environb",
    "os.getenv",
)


def within(name: str, outer: str) -> bool:
    """Whether a dotted name is another one or lies inside it."""
    return name == outer or name.startswith(f"{outer}.")


def layer(name: str) -> str:
    """The layer a dotted name belongs to; empty for what is not of this project."""
    return next((each for each in sorted(LAYERS, key=len, reverse=True) if within(name, each)), "")


@dataclass(frozen=True, slots=True)
class Import:
    """One name that a file imports; `local` is what it is called there, and `means` what that stands for."""

    line: int
    name: str
    local: str
    means: str


def imported(tree: ast.AST) -> Iterator[Import]:
    """Everything a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                top = each.name.partition(".")[0]
                yield Import(node.lineno, each.name, each.asname or top, each.name if each.asname else top)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for each in node.names:
                name = f"{module}.{each.name}"
                yield Import(node.lineno, name, each.asname or each.name, name)


def reached(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything that is imported, or reached through what is."""
    means = {}
    for each in imported(tree):
        means[each.local] = each.means
        yield each.line, each.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            head, _, rest = dotted(node).partition(".")
            if head in means:
                yield node.lineno, f"{means[head]}.{rest}"


def dotted(node: ast.expr) -> str:
    """The text of a chain of names; empty where something else stands in it."""
    if isinstance(node, ast.Name):
        return node.id
    inner = dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if isinstance(node, ast.Attribute) and inner else ""


def faults(path: str, source: str) -> list[str]:
    """Everything in a file that breaks the order of the layers."""
    tree = ast.parse(source)
    here = layer(path.removesuffix(".py").replace("/", "."))
    found = [f"{path}:{each.line}: {why}" for each in imported(tree) for why in misplaced(path, here, each.name)]
    if here != "bot":
        found += [
            f"{path}:{line}: {name} is asked outside bot/"
            for line, name in sorted(set(reached(tree)))
            if any(within(name, each) for each in OF_THE_WORLD)
        ]
    return found


def misplaced(path: str, here: str, name: str) -> Iterator[str]:
    """Why an import may not stand in this file."""
    there, library = layer(name), name.partition(".")[0]
    if name.startswith("."):
        yield f"a relative import ({name}) hides where it leads"
    elif there and there not in LAYERS[here]:
        yield f"{here} imports {name}"
    elif here == "handlers.rules" and not there and library not in sys.stdlib_module_names:
        yield f"{here} imports {name}, which is not of the standard library"
    if library in ONLY_IN and not path.startswith(ONLY_IN[library]):
        yield f"{library} is imported outside {', '.join(ONLY_IN[library])}"


def test_every_file_keeps_to_its_layer() -> None:
    """bot leads to storage, storage to handlers, handlers to rules, and each library stays in its place."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(files) > 40
    found = [
        each for path in files for each in faults(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    assert found == [], "\n".join(["", *found])


BAD = (
    ("handlers/menu.py", "from bot import config", "handlers imports bot.config"),
    ("handlers/menu.py", "import storage.desk", "handlers imports storage.desk"),
    ("handlers/menu.py", "def f():\n    from storage.desk import Office", ":2: handlers imports storage.desk.Office"),
    ("storage/desk.py", "import bot", "storage imports bot"),
    ("handlers/rules/dates.py", "from handlers.words import T", "handlers.rules imports handlers.words.T"),
    ("handlers/rules/dates.py", "from handlers import words", "handlers.rules imports handlers.words"),
    ("handlers/rules/dates.py", "import msgspec", "not of the standard library"),
    ("handlers/menu.py", "from . import track", "hides where it leads"),
    ("handlers/menu.py", "import asyncio", "asyncio is imported outside"),
    ("bot/dispatch.py", "from telegram.error import BadRequest", "telegram is imported outside"),
    ("bot/channels/telegram_updates.py", "import telegram", "telegram is imported outside"),
    ("storage/files.py", "from aiohttp import web", "aiohttp is imported outside"),
    ("bot/administration.py", "from sqlalchemy.exc import DBAPIError", "sqlalchemy is imported outside"),
    ("bot/talk.py", "import babel.dates", "babel is imported outside"),
    ("handlers/menu.py", "from datetime import datetime\nx = datetime.now()", "datetime.datetime.now is asked"),
    ("handlers/menu.py", "import datetime\nx = datetime.datetime.now()", "datetime.datetime.now is asked"),
    ("storage/desk.py", "import datetime as d\nx = d.date.today()", "datetime.date.today is asked"),
    ("storage/desk.py", "from datetime import date as day\nx = day.today", "datetime.date.today is asked"),
    ("storage/desk.py", "import time\nx = time.time()", "time.time is asked"),
    ("storage/desk.py", "from time import monotonic", "time.monotonic is asked"),
    ("handlers/submit.py", "import random", "random is asked"),
    ("storage/vault.py", "import os\nx = os.environ['KEY']", "os.environ is asked"),
    ("storage/vault.py", "from os import environ", "os.environ is asked"),
    ("storage/vault.py", "import os as system\nx = system.getenv('KEY')", "os.getenv is asked"),
)

GOOD = (
    ("bot/app.py", "from datetime import datetime\nimport os, random, time\nx = datetime.now(), os.environ"),
    ("bot/app.py", "from storage.desk import Office\nfrom handlers.words import T\nimport handlers.rules.dates"),
    ("bot/channels/telegram.py", "from telegram import Bot\nfrom aiohttp import web"),
    ("bot/language.py", "from babel.dates import format_date"),
    ("storage/desk.py", "from sqlalchemy import select\nfrom handlers.rules.ticket import State"),
    ("handlers/menu.py", "from handlers import track\nfrom handlers.rules import numbers"),
    ("handlers/menu.py", "from datetime import datetime, time\nx = desk.now, datetime.fromtimestamp(0)"),
    ("handlers/rules/dates.py", "import re\nfrom datetime import date\nfrom handlers.rules.daywords import DAYS"),
)


@pytest.mark.parametrize(("path", "source", "why"), BAD)
def test_a_breach_is_found(path: str, source: str, why: str) -> None:
    """Each way of breaking the order is seen, whatever the import is called."""
    assert any(why in each for each in faults(path, source))


@pytest.mark.parametrize(("path", "source"), GOOD)
def test_what_is_allowed_is_not_a_breach(path: str, source: str) -> None:
    """The order of the layers forbids nothing that it should allow."""
    assert faults(path, source) == []
