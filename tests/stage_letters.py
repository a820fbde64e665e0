"""The lines of one step of a play: what everybody saw, each message once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.stage_cast import Cast
from tests.stage_memory import Seen
from tests.stage_page import changed, failed, shown
from tests.transcript import Act


@dataclass(slots=True)
class Written:
    """A message, and all who got it alike."""

    label: str
    seen: Seen
    people: list[str]

    def lines(self, label: str) -> Iterator[str]:
        """The message under the name of a chat."""
        said = replace(self.seen.said, chat=label)
        if self.seen.failed:
            yield failed(label, "\n".join(said.lines))
        else:
            yield from changed(self.seen.before, said) if self.seen.before else shown(said)


@dataclass(slots=True)
class Page:
    """What several officers of an agency get alike, each in their own chat, stands once.

    `act`: what somebody does in this step. `last`: who did something last, now or before time passed.
    """

    cast: Cast
    act: Act | None = None
    last: str = ""
    written: list[Written] = field(default_factory=list)

    def write(self, seen: Seen) -> None:
        """Writes down what somebody saw."""
        fresh = Written(self._label(seen.to), seen, [seen.to])
        lines = list(fresh.lines(fresh.label))
        for known in self.written:
            if seen.to not in known.people and lines == list(known.lines(fresh.label)) and known.label == fresh.label:
                known.people.append(seen.to)
                return
        self.written.append(fresh)

    def lines(self) -> list[str]:
        """The page as text."""
        return [line for each in self.written for line in each.lines(self._named(each))]

    def _label(self, name: str) -> str:
        if self.act and self.act.person == name:
            return self.act.chat
        return self.cast.agency(name) or name

    def _named(self, written: Written) -> str:
        """The agency alone where all its officers got it, or the one who acts; else those who did."""
        label, people = written.label, written.people
        everybody = set(self.cast.at(label)) <= set(people)
        return label if everybody or people == [self.last] else f"{label} ({', '.join(people)})"
