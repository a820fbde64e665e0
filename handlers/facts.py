"""The facts of an office: agencies, categories, routes, areas, holidays and clocks, with look-ups over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from handlers.rules.routing import Index, Route, index, line_of
from handlers.rules.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Agency:
    code: str
    name: str
    parent: str = ""
    kind: str = "unit"
    area: str = ""
    zone: str = "Asia/Jakarta"
    short: str = ""

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


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    parent: str = ""


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


@dataclass(frozen=True)
class Facts:
    """All facts at one moment; immutable, so that every turn of a batch sees the same."""

    agencies: tuple[Agency, ...] = ()
    categories: tuple[Category, ...] = ()
    routes: tuple[Route, ...] = ()
    areas: tuple[Area, ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()
    clocks: tuple[Clock, ...] = ()
    office: str = ""
    sample: bool = False
    version: int = 0
    calendars: dict[str, Calendar] = field(default_factory=dict, compare=False)

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
    def keywords(self) -> Index:
        """The keywords of all categories, ready to be looked up."""
        return index({category.code: category.keywords for category in self.categories})

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
        """An area and those above it."""
        return line_of(code, self._area_parents)

    def calendar(self, zone: str) -> Calendar:
        """The working days of one zone."""
        if zone not in self.calendars:
            days = frozenset(day for day, _ in self.holidays)
            self.calendars[zone] = Calendar(days, frozenset(day.year for day in days), zone)
        return self.calendars[zone]

    def clock(self, step: str, report_type: str, klass: str, on: date) -> Clock | None:
        """The clock in force on that day for this step; rows that name a type or a class go before the others."""
        fitting = [
            clock
            for clock in self.clocks
            if clock.step == step
            and clock.report_type in ("", report_type)
            and clock.klass in ("", klass)
            and clock.valid_from <= on
        ]
        return max(fitting, key=lambda clock: (clock.valid_from, clock.report_type, clock.klass), default=None)
