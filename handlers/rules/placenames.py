"""The names of areas by their codes: what stands above each, what it is called, and which are written almost alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from handlers.rules.misprints import allowed, edits, key, signature

# Code, name, and the code above it.
Row = tuple[str, str, str]
Signed = list[tuple[str, int]]

CODE: Final = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
PROVINCES, REGENCIES, DISTRICTS, VILLAGES, HAMLETS = 1, 2, 3, 4, 5
# What a name may begin with on each level, and is the same name without.
LEADING: Final = {
    level: re.compile(rf"({words})\s+", re.IGNORECASE)
    for level, words in {
        PROVINCES: "provinsi|daerah khusus ibukota|daerah istimewa",
        REGENCIES: "(kabupaten|kota)( administrasi)?",
        DISTRICTS: "kecamatan|distrik",
        VILLAGES: "kelurahan|desa",
        HAMLETS: "dusun",
    }.items()
}
# In Papua a kecamatan is called distrik.
PAPUA: Final = 91
# Most people write about a few of the areas.
REMEMBERED: Final = 1024
# How well a name fits that has no misprint, one, or two.
PRINTED: Final = (1.0, 0.85, 0.6)


@dataclass(frozen=True, slots=True)
class Spot:
    """An area: its code, its name with those above it, and whether the office serves it."""

    code: str
    words: str
    served: bool


class Names:
    """The names of areas, with those of the served area before all others."""

    def __init__(self, rows: Iterable[Row], served: str) -> None:
        self.served = served
        self.names: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        for code, name, parent in rows:
            self.names[code], self.parents[code] = name, parent

    def warm(self) -> None:
        """Builds the indexes now, and not when the first text comes."""
        _ = self.index, self.heads, self._home, self._signatures

    @cached_property
    def index(self) -> dict[str, tuple[str, ...]]:
        """The codes that bear each name."""
        found: dict[str, tuple[str, ...]] = {}
        for code, name in self.names.items():
            said = key(self.bare(code, name))
            found[said] = (*found.get(said, ()), code)
        return found

    @cached_property
    def heads(self) -> dict[str, tuple[str, ...]]:
        """The desa of the served area by the beginning that they share, as Labruk Kidul and Labruk Lor."""
        found: dict[str, tuple[str, ...]] = {}
        for code, name in self.names.items():
            head, _, rest = name.partition(" ")
            if rest and self.level(code) == VILLAGES and self.at_home(code):
                found[key(head)] = (*found.get(key(head), ()), code)
        taken = {head for head in found if any(map(self.at_home, self.index.get(head, ())))}
        return {head: codes for head, codes in found.items() if head not in taken}

    @cached_property
    def _signatures(self) -> dict[tuple[int, int, str], Signed]:
        """The names by level, length and first letter, with their letters."""
        found: dict[tuple[int, int, str], Signed] = {}
        for name, codes in self.index.items():
            for level in set(map(self.level, codes)) if name else ():
                found.setdefault((level, len(name), name[0]), []).append((name, signature(name)))
        return found

    @cached_property
    def _home(self) -> dict[int, Signed]:
        """The names in the served area by length, with their letters."""
        found: dict[int, Signed] = {}
        for name, codes in self.index.items():
            if any(map(self.at_home, codes)):
                found.setdefault(len(name), []).append((name, signature(name)))
        return found

    def bare(self, code: str, name: str) -> str:
        """A name without the word for what it is."""
        leading = LEADING.get(self.level(code))
        found = leading.match(name) if leading else None
        return name[found.end() :] if found else name

    @cached_property
    def line(self) -> Callable[[str], tuple[str, ...]]:
        """An area and those above it."""
        return lru_cache(REMEMBERED)(self._above)

    def _above(self, code: str) -> tuple[str, ...]:
        found: list[str] = []
        while code and code not in found:
            found.append(code)
            code = self.parents.get(code) or code.rpartition(".")[0]
        return tuple(found)

    def level(self, code: str) -> int:
        """How deep an area stands: 1 a province, 2 a kabupaten or kota, 3 a kecamatan, 4 a desa or kelurahan."""
        return code.count(".") + 1 if CODE.fullmatch(code) else len(self.line(code))

    def at_home(self, code: str) -> bool:
        """Whether an area lies in the served one."""
        return not self.served or code in self._own or (code not in self.names and self.served in self.line(code))

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(code for code in self.names if self.served in self._above(code))

    def serves(self, code: str) -> bool:
        """Whether an area lies in the served one, or holds it."""
        return self.at_home(code) or code in self.line(self.served)

    @cached_property
    def spot(self) -> Callable[[str], Spot]:
        """An area in words, with those above it up to its kabupaten or kota."""
        return lru_cache(REMEMBERED)(self._spot)

    def _spot(self, code: str) -> Spot:
        said = [self.title(each) for each in self.line(code) if self.level(each) >= min(REGENCIES, self.level(code))]
        return Spot(code, ", ".join(said), self.serves(code))

    def title(self, code: str) -> str:
        """The name of an area with what it is."""
        name, level = self.names.get(code, code), self.level(code)
        if self.bare(code, name) != name or not CODE.fullmatch(code) or level == REGENCIES:
            return name
        if level == VILLAGES:
            return f"{'Kelurahan' if code.split('.')[3][0] == '1' else 'Desa'} {name}"
        if level == DISTRICTS:
            return f"{'Distrik' if int(code[:2]) >= PAPUA else 'Kecamatan'} {name}"
        return f"Provinsi {name}"

    def misprinted(self, name: str, level: int = 0) -> dict[str, float]:
        """The areas of a level whose names are nearest to a misprinted one; of the served area where none is given."""
        most, bits = allowed(name), signature(name)
        many = 2 * most
        found: dict[int, list[str]] = {}
        for length in range(len(name) - most, len(name) + most + 1) if most else ():
            # Nobody misprints the first letter of a town far away.
            far = self._signatures.get((level, length, name[0]), ())
            for other, letters in (*far, *self._home.get(length, ())):
                if (bits ^ letters).bit_count() <= many and (away := edits(name, other, most)) <= most:
                    found.setdefault(away, []).extend(self._of(self.index[other], level))
        near = {code: PRINTED[away] for away, codes in found.items() for code in codes}
        best = max(near.values(), default=0.0)
        return {code: fit for code, fit in near.items() if fit == best or self.at_home(code)}

    def _of(self, codes: Iterable[str], level: int) -> Iterator[str]:
        return (code for code in codes if (self.level(code) == level if level else self.at_home(code)))
