"""The methods and types of the Bot API, read from the reduced copy of its machine-readable description."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent / "data" / "telegram-api.json"
_RANGE = re.compile(r"(\d+)-(\d+)(?: (characters|bytes|items|identifiers|answer))?")
_CONSTANT = re.compile(r'(?:must be|always) "?([a-z_]+)"?$')


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method or a field of a type; `unit` says what `low` and `high` count."""

    name: str
    types: tuple[str, ...]
    required: bool
    low: int = 0
    high: int = 0
    unit: str = ""
    constant: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A method or type: its fields by name, or the types it stands for."""

    name: str
    fields: dict[str, Field]
    required: tuple[str, ...]
    subtypes: tuple[str, ...]


def _field(raw: dict[str, Any]) -> Field:
    types, said = tuple(raw["types"]), raw.get("description", "")
    found, constant = _RANGE.search(said), _CONSTANT.search(said)
    low, high, unit = 0, 0, ""
    if found:
        unit = found[3] or ("value" if types in (("Integer",), ("Float",)) else "")
        low, high = int(found[1]), int(found[2])
    value = constant[1] if constant and raw["name"] in ("type", "status") else ""
    return Field(raw["name"], types, raw["required"], low, high, unit, value)


def _shapes(raw: dict[str, dict[str, Any]]) -> dict[str, Shape]:
    shapes = {}
    for name, item in raw.items():
        fields = {one["name"]: _field(one) for one in item.get("fields", ())}
        required = tuple(field.name for field in fields.values() if field.required)
        shapes[name] = Shape(name, fields, required, tuple(item.get("subtypes", ())))
    return shapes


_RAW = json.loads(SOURCE.read_text(encoding="utf-8"))
METHODS = _shapes(_RAW["methods"])
TYPES = _shapes(_RAW["types"])
UPDATES = frozenset(TYPES["Update"].fields) - {"update_id"}
