"""A small office's facts as sheets and files."""

from __future__ import annotations

import csv
from pathlib import Path

Sheet = list[dict[str, str]]


def sheets() -> dict[str, Sheet]:
    """A small office without a fault."""
    agency = {"parent": "", "kind": "unit", "area": "35", "zone": "Asia/Jakarta", "short": "", "approval": ""}
    category = {"parent": "", "keywords": "", "sensitive": "", "evidence_required": "", "asks": ""}
    clock = {"policy": "2018", "report_type": "", "class": "", "unit": "working_day", "legal_basis": ""}
    return {
        "agencies": [
            {**agency, "code": "kominfo", "name": "Dinas Kominfo", "kind": "coordinator"},
            {**agency, "code": "dpu", "name": "Dinas PU, dan Tata Ruang", "parent": "kominfo"},
        ],
        "categories": [
            {**category, "code": "jalan", "name": "Jalan"},
            {**category, "code": "lubang", "name": "Lubang", "parent": "jalan", "keywords": "lubang; Berlubang ;"},
        ],
        "routes": [{"order": "10", "category": "jalan", "area": "", "agency": "dpu"}],
        "areas": [{"code": "35", "name": "Jawa Timur", "parent": ""}],
        "holidays": [
            {"date": day, "name": name, "kind": "national", "area": ""}
            for day, name in [*((f"2026-01-{n:02}", f"Libur {n}") for n in range(1, 10)), ("2026-12-25", "Natal")]
        ],
        "clocks": [
            {**clock, "step": "verification", "days": "3", "valid_from": "2018-01-01"},
            {**clock, "step": "resolution", "days": "14", "valid_from": "2018-01-01"},
        ],
        "templates": [
            {"key": "survei", "category": "jalan", "state": "", "language": "", "text": "Kami akan meninjau lokasi."},
            {"key": "survei", "category": "", "state": "in_progress", "language": "en", "text": "We will have a look."},
        ],
    }


def folder(path: Path, given: dict[str, Sheet]) -> Path:
    """These sheets as files."""
    for name, rows in given.items():
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return path
