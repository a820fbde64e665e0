"""The facts of an office: agencies, categories, routes, areas, days, clocks and templates, with look-ups over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Final

from handlers.rules.keywords import Keywords
from handlers.rules.places import Places, Row
from handlers.rules.routing import Route, line_of
from handlers.rules.shapes import Boundary, Shapes
from handlers.rules.workdays import Calendar

NATIONAL: Final = "national"
JOINT_LEAVE: Final = "joint_leave"
REGIONAL: Final = "regional"
WORKING: Final = "working"
KINDS: Final = (NATIONAL, JOINT_LEAVE, REGIONAL, WORKING)
ZONE: Final = "Asia/Jakarta"
# The joint decree of three ministers on a year's free days usually appears before this month.
DECREED_FROM: Final = 10
# The policy whose clocks hold for what is reported in a disaster, and for nothing else.
DISASTER: Final = "disaster"


@dataclass(frozen=True, slots=True)
class Agency:
    code: str
    name: str
    parent: str = ""
    kind: str = "unit"
    area: str = ""
    zone: str = ZONE
    short: str = ""
    approval: bool = False

    @property
    def label(self) -> str:
        """The name that fits a button."""
        return self.short or self.name


@dataclass(frozen=True, slots=True)
class Category:
    code: str
    name: str
    parent: str = ""
    keywords: tuple[str, ...] = ()
    sensitive: bool = False
    evidence_required: bool = False
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that is free, or worked all the same; it holds in its area and below, `seeded` where nobody imported it."""

    day: date
    name: str
    kind: str = NATIONAL
    area: str = ""
    seeded: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """An answer written beforehand; an empty category or state stands for any."""

    key: str
    category: str
    state: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    policy: str
    step: str
    report_type: str
    klass: str
    days: int
    unit: str
    legal_basis: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Disaster:
    """A disaster that a coordinator, `by`, declared for an area and a time; an empty area is the whole region."""

    id: int
    kind: str
    area: str
    agency: str
    by: int
    since: datetime
    until: datetime
    ended_at: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Whether it holds at this instant."""
        return self.ended_at is None and self.since <= now < self.until


def nameless(area: str) -> Iterable[Row]:
    """No names at all: those of the office's own areas are enough."""
    return ()


# Most changes of the facts leave names, boundaries and keywords as they were, and these are slow to make ready.
@lru_cache(maxsize=2)
def _keywords(phrases: tuple[tuple[str, tuple[str, ...]], ...]) -> Keywords:
    return Keywords(dict(phrases))


@lru_cache(maxsize=2)
def _shapes(boundaries: tuple[Boundary, ...]) -> Shapes:
    return Shapes(boundaries)


@lru_cache(maxsize=2)
def _places(rows: tuple[Row, ...], served: str) -> Places:
    return Places(rows, served)


@dataclass(frozen=True)
class Facts:
    """All facts at one moment; immutable, so that every turn of a batch sees the same."""

    agencies: tuple[Agency, ...] = ()
    categories: tuple[Category, ...] = ()
    routes: tuple[Route, ...] = ()
    areas: tuple[Area, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    clocks: tuple[Clock, ...] = ()
    templates: tuple[Template, ...] = ()
    disasters: tuple[Disaster, ...] = ()
    office: str = ""
    sample: bool = False
    version: int = 0
    boundaries: tuple[Boundary, ...] = field(default=(), repr=False)
    # The names of the nation's areas, with the smallest ones of this area.
    nation: Callable[[str], Iterable[Row]] = field(default=nameless, repr=False)
    calendars: dict[tuple[str, str], Calendar] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def _clocks_of(self) -> dict[tuple[str, str, str], list[Clock]]:
        return {}

    @cached_property
    def agency_by_code(self) -> dict[str, Agency]:
        return {agency.code: agency for agency in self.agencies}

    @cached_property
    def category_by_code(self) -> dict[str, Category]:
        return {category.code: category for category in self.categories}

    @cached_property
    def area_by_code(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}

    @cached_property
    def children(self) -> dict[str, tuple[Category, ...]]:
        """The categories below each category; the topmost stand under ""."""
        below: dict[str, list[Category]] = {}
        for category in self.categories:
            below.setdefault(category.parent, []).append(category)
        return {code: tuple(found) for code, found in below.items()}

    @cached_property
    def coordinator(self) -> Agency | None:
        """The agency that watches over the others; it receives what nobody else can be found for."""
        return next((agency for agency in self.agencies if agency.kind == "coordinator"), None)

    @cached_property
    def keywords(self) -> Keywords:
        """The keywords of all categories, ready to be looked up."""
        return _keywords(tuple((category.code, category.keywords) for category in self.categories))

    def prepare(self) -> None:
        """Makes ready what is slow to make: names, boundaries and keywords."""
        _ = self.keywords
        self.shapes.warm()
        self.places.warm()

    def category_line(self, code: str) -> tuple[str, ...]:
        """A category and those above it; empty for an unknown one."""
        return line_of(code, self._category_parents) if code in self.category_by_code else ()

    @cached_property
    def _category_parents(self) -> dict[str, str]:
        return {category.code: category.parent for category in self.categories}

    @cached_property
    def _area_parents(self) -> dict[str, str]:
        return {area.code: area.parent for area in self.areas}

    def area_line(self, code: str) -> tuple[str, ...]:
        """An area and those above it; one that the office did not name stands below the one its code begins with."""
        unnamed: list[str] = []
        while code not in self._area_parents and "." in code:
            unnamed.append(code)
            code = code.rpartition(".")[0]
        return (*unnamed, *line_of(code, self._area_parents))

    @cached_property
    def served(self) -> str:
        """The area that the office serves, with all below it; empty where it serves any."""
        return self.coordinator.area if self.coordinator else ""

    def serves(self, area: str) -> bool:
        """Whether an area lies in the one that is served, or holds it."""
        return not self.served or self.served in self.area_line(area) or area in self.area_line(self.served)

    @cached_property
    def shapes(self) -> Shapes:
        """The boundaries, ready to be looked up."""
        return _shapes(self.boundaries)

    @cached_property
    def places(self) -> Places:
        """The names of areas, ready to be looked up: the nation's, and those that the office gave."""
        drawn = ((each.code, each.name, each.code.rpartition(".")[0]) for each in self.boundaries)
        own = ((area.code, area.name, area.parent) for area in self.areas)
        return _places((*drawn, *self.nation(self.served), *own), self.served)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The agencies above one, nearest first; a circle ends where it closes."""
        return tuple(above for above in line_of(code, self._agency_parents)[1:] if above in self.agency_by_code)

    @cached_property
    def _agency_parents(self) -> dict[str, str]:
        return {agency.code: agency.parent for agency in self.agencies}

    @cached_property
    def known_years(self) -> frozenset[int]:
        """The years whose free days were imported, or whose joint leave the built-in calendar knows."""
        telling = {(NATIONAL, False), (JOINT_LEAVE, False), (JOINT_LEAVE, True)}
        return frozenset(each.day.year for each in self.holidays if (each.kind, each.seeded) in telling)

    def missing(self, today: date) -> list[int]:
        """This year, and from October on the next, where their free days are not known."""
        years = (today.year, today.year + 1) if today.month >= DECREED_FROM else (today.year,)
        return [year for year in years if year not in self.known_years]

    def calendar(self, agency: str) -> Calendar:
        """The days of an agency by its zone and area; of the coordinator where nobody has this code."""
        whose = self.agency_by_code.get(agency) or self.coordinator
        zone, area = (whose.zone, whose.area) if whose else (ZONE, "")
        if (zone, area) not in self.calendars:
            self.calendars[zone, area] = self._calendar(zone, area)
        return self.calendars[zone, area]

    def _calendar(self, zone: str, area: str) -> Calendar:
        free: dict[date, str] = {}
        worked: set[date] = set()
        # The nearest area has the last word.
        for place in ("", *reversed(self.area_line(area))):
            for each in self._days_of.get(place, ()):
                if each.kind == WORKING:
                    worked.add(each.day)
                else:
                    free[each.day] = each.name
                    worked.discard(each.day)
        return Calendar(free, self.known_years, zone, frozenset(worked))

    @cached_property
    def _days_of(self) -> dict[str, list[Holiday]]:
        found: dict[str, list[Holiday]] = {}
        for each in self.holidays:
            found.setdefault(each.area, []).append(each)
        return found

    def clock(self, step: str, report_type: str, klass: str, policy: str, on: date) -> Clock | None:
        """The policy's clock for this step, or where it has none the one in force on that day.

        Rows that name a type or a class go before the others.
        """
        fitting = self._clocks_of.get((step, report_type, klass))
        if fitting is None:
            fitting = self._clocks_of[step, report_type, klass] = [
                clock
                for clock in self.clocks
                if clock.step == step and clock.report_type in ("", report_type) and clock.klass in ("", klass)
            ]
        chosen = [clock for clock in fitting if policy and clock.policy == policy]
        chosen = chosen or [clock for clock in fitting if clock.valid_from <= on and clock.policy != DISASTER]
        return max(chosen, key=lambda clock: (clock.valid_from, clock.report_type, clock.klass), default=None)
