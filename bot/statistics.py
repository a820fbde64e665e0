"""The monthly statistics of every agency, as a table for the operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date

from bot.administration import opened
from bot.config import Config
from bot.now import now
from storage import facts as stored_facts
from storage import statistics
from storage.migrate import upgrade
from storage.statistics import Month

COLUMNS: Mapping[str, str] = {
    "received": "masuk",
    "passed_on": "dialihkan",
    "returned": "dikembalikan",
    "answered": "dijawab",
    "resolved": "selesai",
    "archived": "diarsipkan",
    "merged": "digabung",
    "reopened": "dibuka lagi",
    "late": "lewat batas",
}
DAY = 86_400
TOTAL = "Semua"


async def of_month(config: Config, month: date | None) -> tuple[date, list[Month]]:
    """The statistics of a month, or of the one that runs now."""
    first = (month or now().date()).replace(day=1)
    async with opened(config) as database:
        await database.write(upgrade)
        facts = await database.read(stored_facts.load)
        found = await database.read(lambda c: statistics.of_month(c, first))
    order = {agency.code: n for n, agency in enumerate(facts.agencies)}
    return first, sorted(found, key=lambda each: (order.get(each.agency, len(order)), each.agency))


def table(months: Sequence[Month]) -> list[str]:
    """The lines of the table, the last one for all agencies together."""
    names = [each.name for each in fields(Month) if each.name != "agency"]
    whole = Month(TOTAL, **{name: sum(getattr(each, name) for each in months) for name in names})
    width = max(len("instansi"), *(len(each.agency) for each in months), len(TOTAL))
    head = "  ".join(("instansi".ljust(width), *COLUMNS.values(), "rata-rata hari"))
    return [head, *(_line(each, width) for each in (*months, whole))]


def _line(of: Month, width: int) -> str:
    counts = (str(getattr(of, name)).rjust(len(title)) for name, title in COLUMNS.items())
    days = f"{of.seconds / of.resolved / DAY:.1f}".replace(".", ",") if of.resolved else "–"
    return "  ".join((of.agency.ljust(width), *counts, days.rjust(len("rata-rata hari"))))
