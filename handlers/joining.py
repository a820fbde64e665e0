"""Which report another one is merged into: one of the same matter, by its button or its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from handlers import tree
from handlers.answers import WORDS, Again, Option
from handlers.desk import Scene, Ticket
from handlers.labels import short
from handlers.rules import numbers
from handlers.rules.ticket import HELD, Role, State
from handlers.words import T

SUGGESTED = 6
INTO = (*HELD, State.NEEDS_INFO, State.RESPONDED)
NO_SUCH = T("joining.none", "Tidak ada laporan terbuka dengan nomor itu. Contoh: LPR-2611-7K3Q-R.")
ITSELF = T("joining.itself", "Itu laporan yang sama. Tulis nomor laporan yang lain.")


@dataclass(frozen=True, slots=True)
class Another:
    """An open report other than the one in question; its id as text. `this` finds the one in question."""

    this: Callable[[Scene], Ticket | None]
    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        mine = self.this(scene)
        if mine is None:
            return ()
        found = [each for each in scene.desk.tickets_at(mine.agency) if _fits(scene, each, mine)]
        alike = [each for each in found if each.category == mine.category]
        near = sorted(alike, key=lambda each: (each.area != mine.area, -each.id))
        return tuple(Option(str(each.id), each.number, short(each.title, 60)) for each in near[:SUGGESTED])

    def read(self, scene: Scene, pressed: str | None) -> str:
        mine = self.this(scene)
        number = numbers.read(scene.event.text) or numbers.find(scene.event.text)
        found = scene.desk.ticket(int(pressed)) if pressed and pressed.isdigit() else None
        found = found or (scene.desk.ticket_by_number(number) if number else None)
        if found and found.state is State.MERGED and found.merged_into is not None:
            found = scene.desk.ticket(found.merged_into)
        if found and mine and found.id == mine.id:
            raise Again(ITSELF)
        if found is None or mine is None or not _fits(scene, found, mine):
            raise Again(NO_SUCH)
        return str(found.id)


def _fits(scene: Scene, ticket: Ticket, mine: Ticket) -> bool:
    """Whether the one may be handled with the other: open, in the care of this chat, and beyond its taking back.

    What is answered to a secret report is read by no reporter of one that is not.
    """
    desk = scene.desk
    role = tree.role_over(desk, desk.agency_of(scene.room.id), ticket) if scene.room else None
    settled = ticket.created_at + desk.grace <= desk.now and (mine.secret or not ticket.secret)
    return ticket.id != mine.id and ticket.state in INTO and settled and role not in (None, Role.PARTNER)
