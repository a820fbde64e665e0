"""Made-up reports of five years, with those who sent them: the same rows for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from handlers.rules import numbers
from handlers.rules.squares import square
from storage.tables import EPOCH

# When all is measured: ten in the morning in Jakarta, after the morning's lists.
MOMENT: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
# All agencies of the sample live by the clock of Jakarta.
ZONE: Final = "Asia/Jakarta"
SPAN: Final = timedelta(days=5 * 365)
OPEN_AT_MOST: Final = 20_000
CONTACT: Final = (
    *("id", "channel", "lookup", "sealed", "named", "is_group", "forum", "language", "blocked", "consent"),
    "created_at",
)
TICKET: Final = (
    *("id", "number", "reporter", "state", "report_type", "category", "agency", "area", "title", "story", "place"),
    *("happened", "anonymous", "secret", "created_at", "changed_at", "clock", "due_at", "forwarded_at", "closed_at"),
    *("rating", "policy", "why", "runs", "wakes_at", "klass", "meant", "merged_into", "sp4n_id", "outcome"),
    *("followed", "lapses_at", "square"),
)
TALK: Final = ("contact_id", "room_id", "body", "open", "nudged", "updated_at")
INBOX: Final = ("channel", "event_id", "at")
DRAWN: Final = len(numbers.ALPHABET) ** 4
# Walks through all that can be drawn, each once.
STRIDE: Final = 314_159
TITLE: Final = "Jalan berlubang di depan pasar"
STORY: Final = (
    "Jalan di depan pasar berlubang besar, sudah tiga motor jatuh minggu ini.",
    "Lampu jalan padam sejak sepekan, warga takut lewat setelah magrib.",
    "Sampah menumpuk di tepi sungai dan tidak diangkut sejak bulan lalu, baunya sampai ke sekolah.",
    "Air keran keruh setiap pagi dan berbau, kami terpaksa membeli air galon untuk memasak.",
)
Row = tuple[Any, ...]
HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR


def micros(moment: datetime) -> int:
    """An instant as the record keeps it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Plan:
    """What is made: how many reports, at which agencies, of which topics and places.

    `first`: the first contact's id; as many as `known` before it sent reports too. `day`: one as the database takes it.
    """

    tickets: int
    agencies: Sequence[str]
    categories: Sequence[str]
    areas: Sequence[str]
    first: int
    known: int
    day: Callable[[date], Any]
    seed: int = 7

    @property
    def people(self) -> int:
        """How many contacts have sent something."""
        return max(100, self.tickets * 2 // 5)

    @property
    def open(self) -> int:
        """How many reports are open; they are among the newest."""
        return min(OPEN_AT_MOST, self.tickets // 50)

    @cached_property
    def spots(self) -> list[Row]:
        """Places as reports name them: JSON, square, area; of some no point is known."""
        chance, found = random.Random(self.seed), []
        for _ in range(5000):
            lat, lon, area = -8.2 + chance.random() / 3, 113.0 + chance.random() / 3, chance.choice(self.areas)
            known = chance.random() < 0.6
            where = f'"lat":{lat:.5f},"lon":{lon:.5f}' if known else '"lat":null,"lon":null'
            text = f'{{"text":"Depan Pasar Baru, RT 03",{where},"area":"{area}"}}'
            found.append((text, square(lat, lon) if known else None, area))
        return found


def contacts(plan: Plan) -> Iterator[Row]:
    """People of whom nothing is known but that they wrote; nobody can open their seals."""
    draw = random.Random(plan.seed + 1).randbytes
    begun = micros(MOMENT - SPAN)
    for ident in range(plan.first, plan.first + plan.people):
        more = (False, False, False, "id", False, "2026-11", begun)
        yield ident, "telegram", draw(32), draw(96), *more


def talks(plan: Plan) -> Iterator[Row]:
    """A conversation of each of them, a few of them unfinished."""
    now, unfinished = micros(MOMENT), plan.people - min(5000, plan.people // 50)
    for n in range(plan.people):
        left = n >= unfinished
        # Older ones were nudged already; none is old enough to be erased.
        yield plan.first + n, 0, '{"v":1}', left, left, now - 4 * HOUR - (n % 140) * HOUR


def inbox(plan: Plan) -> Iterator[Row]:
    """The events of the last days, by which doubled ones are known."""
    now, kept = micros(MOMENT), plan.tickets // 20
    for n in range(kept):
        yield "telegram", f"old{n}", now - (kept - n) * (7 * DAY // kept)


class _Digits:
    """Draws what number n of all numbers of a month is made of."""

    def __init__(self) -> None:
        self.left, self.n = 0, 0

    def __call__(self, below: int) -> int:
        if not self.left:
            self.n, self.left = self.n + 1, 4
            self.value = self.n * STRIDE % DRAWN
        self.left -= 1
        self.value, digit = divmod(self.value, below)
        return digit


def tickets(plan: Plan) -> Iterator[Row]:
    """The reports, oldest first."""
    chance, digits = random.Random(plan.seed + 2).random, _Digits()
    begun, step = micros(MOMENT - SPAN), SPAN // timedelta(microseconds=1) // plan.tickets
    today, when, happened = date(1970, 1, 1), -1, plan.day(date(1970, 1, 1))
    agencies, categories, spots = plan.agencies, plan.categories, plan.spots
    newest = plan.tickets - 2 * plan.open
    for n in range(1, plan.tickets + 1):
        created = begun + (n - 1) * step
        if created // DAY != when:
            when = created // DAY
            today = date(1970, 1, 1) + timedelta(days=when)
            happened = plan.day(today)
            if today.day == 1:
                digits.n = 0
        number = numbers.make(today, digits)
        reporter = plan.first - plan.known + int((plan.people + plan.known) * chance())
        # Few agencies get most of what is sent.
        agency = agencies[int(len(agencies) * chance() ** 2)]
        place, field, area = spots[int(5000 * chance())]
        told = (categories[int(len(categories) * chance())], agency, area, TITLE, STORY[n % 4], place, happened)
        ends = _open(n, created, chance()) if n > newest and n % 2 else _closed(n, created, chance())
        flags = (n % 10 == 0, n % 20 == 0)
        yield n, number, reporter, ends[0], "complaint", *told, *flags, created, *ends[1:], field


def _open(n: int, created: int, share: float) -> Row:
    """A report in somebody's hands, whose next rung lies in the coming days."""
    state = ("forwarded", "in_progress", "responded")[n % 3]
    due, wakes = created + int(60 * DAY * share), micros(MOMENT) + 10 * HOUR + int(5 * DAY * share)
    since = EPOCH + timedelta(microseconds=created)
    run = f'{{"step":"resolution","since":"{since.isoformat()}","days":14,"due":"{(since + SPAN).isoformat()}"}}'
    clock = (created + 2 * HOUR, "resolution", due, created + HOUR, None, None, "pan_2015", "rule:10")
    answered, now = state == "responded", micros(MOMENT)
    rest = ("non_supervisory", "", None, "", "", int(answered), None if answered or due < now else due)
    return state, *clock, f"[{run}]", wakes, *rest


def _closed(n: int, created: int, share: float) -> Row:
    """A report that has come to its end."""
    state = "resolved" if n % 20 < 16 else "archived" if n % 20 < 19 or n < 100 else "merged"
    closed = min(created + 2 * DAY + int(28 * DAY * share), micros(MOMENT) - 60_000_000)
    rating = 1 + n % 5 if n % 3 == 0 else None
    clock = (closed, "stop", None, created + HOUR, closed, rating, "pan_2015", "rule:10", "[]", None)
    rest = ("kominfo" if n % 200 == 0 else "", n - 20 if state == "merged" else None, str(10**6 + n) if n % 4 else "")
    ended = ("silent" if n % 7 == 0 else "", int(state == "resolved"), None)
    return state, *clock, "non_supervisory", *rest, *ended
