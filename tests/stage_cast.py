"""Who plays: the officers of the sample regency, and who of all people is on WhatsApp."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from handlers.rules.ticket import Role
from storage import facts as stored_facts
from tests.transcript import Act

EVERYBODY = "semua"


@cache
def _people() -> tuple[dict[str, str], ...]:
    text = (stored_facts.sample() / "people.csv").read_text(encoding="utf-8")
    return tuple(row for row in csv.DictReader(text.splitlines()) if row["chat"] != "warga")


@cache
def _roles() -> dict[tuple[str, str], Role]:
    return {(row["chat"], row["name"]): Role(row["role"]) for row in _people()}


@cache
def sample_officers() -> Mapping[str, Sequence[str]]:
    """The officers of each agency, by its code."""
    found: dict[str, list[str]] = {}
    for row in _people():
        found.setdefault(row["chat"], []).append(row["name"])
    return found


@dataclass(slots=True)
class Cast:
    """Everybody is on Telegram, but for those in `whatsapp`: people, and agencies with all their officers."""

    whatsapp: frozenset[str] = frozenset()
    officers: Mapping[str, Sequence[str]] = field(default_factory=sample_officers)
    _joined: dict[str, str] = field(default_factory=dict)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that take part."""
        if EVERYBODY in self.whatsapp:
            return ("whatsapp",)
        return ("telegram", "whatsapp") if self.whatsapp else ("telegram",)

    def platform(self, name: str) -> str:
        """Where a person or an agency is."""
        return "whatsapp" if {name, EVERYBODY} & self.whatsapp else "telegram"

    def channel(self, act: Act) -> str:
        """Where somebody acts: officers of an agency where it is, also when they write for themselves."""
        names = {act.person, act.chat, self._agency_of(act.person)}
        return "whatsapp" if any(self.platform(name) == "whatsapp" for name in names) else "telegram"

    def met(self, act: Act) -> None:
        """Notes who acts for an agency in a chat of their own."""
        if act.chat != act.person and self.channel(act) == "whatsapp":
            self._joined[act.person] = act.chat

    def agency(self, name: str) -> str:
        """The agency that a person's own chat stands for; empty where it stands for none."""
        agency = self._agency_of(name)
        return agency if agency and self.platform(agency) == "whatsapp" else ""

    def at(self, agency: str) -> list[str]:
        """The officers of an agency who have chats of their own; none where it has a group."""
        if self.platform(agency) != "whatsapp":
            return []
        joined = [name for name, where in self._joined.items() if where == agency]
        return list(dict.fromkeys([*self.officers.get(agency, ()), *joined]))

    def _agency_of(self, name: str) -> str:
        known = (agency for agency, names in self.officers.items() if name in names)
        return self._joined.get(name) or next(known, "")

    @staticmethod
    def role(agency: str, name: str) -> Role:
        """In what capacity somebody joins an agency; who is not of the sample, as its first officer did."""
        roles = _roles()
        first = next((role for (chat, _), role in roles.items() if chat == agency), Role.OFFICER)
        return roles.get((agency, name), first)
