"""How a cell of a sheet is read: its value, or in plain words why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import ZoneInfo

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")
LONGEST = 400


class Wrong(Exception):  # noqa: N818 - says what the value is
    """Why a value cannot be taken."""


def text(cell: str) -> str:
    """Any text, or none."""
    return cell


def words(cell: str) -> str:
    """A text that says something."""
    if not cell:
        raise Wrong("tidak boleh kosong")
    return cell


def code(cell: str) -> str:
    """A code that fits a button."""
    if not CODE.fullmatch(cell):
        raise Wrong("kode hanya huruf kecil, angka, dan tanda hubung, paling banyak 24")
    return cell


def maybe_code(cell: str) -> str:
    """A code, or none."""
    return code(cell) if cell else ""


def one_of(choices: Iterable[str]) -> Callable[[str], str]:
    """One of these words."""
    known = tuple(choices)

    def read(cell: str) -> str:
        if words(cell) not in known:
            raise Wrong(f"{cell} tidak dikenal; tulis salah satu dari {', '.join(known)}")
        return cell

    return read


def maybe_one_of(choices: Iterable[str], otherwise: str = "") -> Callable[[str], str]:
    """One of these words; an empty cell means another one."""
    read = one_of(choices)
    return lambda cell: read(cell) if cell else otherwise


def several_of(choices: Iterable[str]) -> Callable[[str], list[str]]:
    """Some of these words between semicolons, or none."""
    read = one_of(choices)
    return lambda cell: [read(word) for word in dict.fromkeys(map(str.strip, cell.split(";"))) if word]


def flag(cell: str) -> bool:
    """Yes or no; an empty cell means no."""
    if cell.casefold() not in ("", "ya", "tidak", "yes", "no", "1", "0", "true", "false"):
        raise Wrong("tulis ya atau kosongkan")
    return cell.casefold() in ("ya", "yes", "1", "true")


def number(cell: str) -> int:
    """A whole number, 0 or more."""
    if not (cell.isascii() and cell.isdigit()):
        raise Wrong("harus bilangan bulat")
    return int(cell)


def days(cell: str) -> int:
    """So many days as a clock may run."""
    if len(cell) > len(str(LONGEST)) or number(cell) > LONGEST:
        raise Wrong(f"harus bilangan bulat dari 0 sampai {LONGEST}")
    return int(cell)


def day(cell: str) -> date:
    """A date as 2026-11-03."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise Wrong("tanggal ditulis seperti 2026-11-03") from None


def zone(cell: str) -> str:
    """The name of a time zone."""
    try:
        ZoneInfo(cell)
    except (KeyError, ValueError, OSError):
        raise Wrong("zona waktu tidak dikenal, contoh Asia/Jakarta") from None
    return cell


def keywords(cell: str) -> list[str]:
    """Phrases between semicolons, in small letters."""
    return [word.strip().casefold() for word in cell.split(";") if word.strip()]
