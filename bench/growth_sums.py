"""The sums of made-up reports, counted while these are made: the history of millions takes long to read."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from bench.growth_rows import DAY, HOUR, MOMENT, SPAN, TICKET, Plan, Row
from storage.sums import said
from storage.tables import SAID, STANDING, TALLIED

TALLY: Final = ("month", "agency", "part", *TALLIED)
STANDS: Final = ("agency", "year", "part", *STANDING)
RATING: Final = ("agency", "day", *SAID)
REACHED: Final = {"responded": "answered", "resolved": "resolved", "archived": "archived", "merged": "merged"}
WHERE: Final = {name: n for n, name in enumerate(TICKET)}
COORDINATOR: Final = "kominfo"
# How far their clock is ahead.
AHEAD: Final = 7 * HOUR


class Sums:
    """Counts what passes through it; all offices here are in one zone."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        days = ((MOMENT - SPAN).date() + timedelta(days=n) for n in range(-31, SPAN.days + 62))
        self._months = [day for day in days if day.day == 1]
        self._begin = [(day - date(1970, 1, 1)).days * DAY - AHEAD for day in self._months]
        self._found: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        self._open: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        self._said: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)

    def counting(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The reports, each counted."""
        state, agency, created, closed = (WHERE[name] for name in ("state", "agency", "created_at", "closed_at"))
        rating, outcome = WHERE["rating"], WHERE["outcome"]
        for row in rows:
            self._count(row[state], row[agency], row[created], row[closed])
            if row[closed] is None:
                self._stands(row)
            elif row[rating] is not None or row[outcome]:
                self._said[row[agency], row[closed] // DAY].update(said(row[rating]))
            yield row

    def _stands(self, row: Row) -> None:
        """Counts an open report; nobody has followed one up that is still in somebody's hands."""
        received = datetime.fromtimestamp((row[WHERE["created_at"]] + AHEAD) // 1_000_000, UTC)
        held = row[WHERE["state"]] != "responded"
        late = held and row[WHERE["lapses_at"]] is None
        stands = {"open": 1, "held": held, "late": late, "bare": held, "pressing": held}
        self._open[row[WHERE["agency"]], received.year].update(stands)

    def _count(self, state: str, agency: str, created: int, closed: int | None) -> None:
        forwarded = created + HOUR
        self._at(created, COORDINATOR)["received"] += 1
        if agency != COORDINATOR:
            self._at(forwarded, COORDINATOR)["passed_on"] += 1
            self._at(forwarded, agency)["received"] += 1
        if state in REACHED:
            at = closed or forwarded + 2 * DAY
            sums = self._at(at, agency)
            sums[REACHED[state]] += 1
            if state == "resolved":
                sums["seconds"] += (at - created) // 1_000_000

    def _at(self, moment: int, agency: str) -> Counter[str]:
        return self._found[bisect_right(self._begin, moment) - 1, agency]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The sums, as the record keeps them."""
        for (month, agency), sums in sorted(self._found.items()):
            yield self._plan.day(self._months[month]), agency, 0, *(sums[name] for name in TALLIED)

    def standings(self) -> Iterator[Row]:
        """How agencies stand."""
        for (agency, year), sums in sorted(self._open.items()):
            yield agency, year, 0, *(sums[name] for name in STANDING)

    def ratings(self) -> Iterator[Row]:
        """What reporters said."""
        for (agency, day), sums in sorted(self._said.items()):
            yield agency, self._plan.day(date(1970, 1, 1) + timedelta(days=day)), *(sums[name] for name in SAID)
