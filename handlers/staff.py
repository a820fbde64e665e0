"""The officers of an agency as its chat sees them, and what those who appoint may do about them."""

from __future__ import annotations

from collections.abc import Callable

from handlers import coverage, roster
from handlers.answers import Option, Pick
from handlers.appointing import invitation, renewal
from handlers.desk import Scene
from handlers.dialogue import Dialogue, Step, begin
from handlers.handover import HANDOVER, here
from handlers.removal import removal
from handlers.tree import is_coordinator
from handlers.words import Choice, Lines, T, Turn

WHICH = T("staff.which", "{name}, di instansi mana? Pilih, atau tulis namanya.")
BUTTONS = (
    Choice("p:invite", T("staff.invite", "Undang petugas")),
    Choice("p:removal", T("staff.remove", "Keluarkan petugas")),
    Choice("p:renew", T("staff.renew", "Perbarui SK")),
)
NOT_YOURS = T(
    "staff.not_yours",
    "Hanya pejabat penghubung atau koordinator yang dapat mengubah daftar petugas. Hubungi mereka bila ada perubahan.",
)


def asked(scene: Scene, rest: str) -> Turn:
    """Who serves here; for the coordinator also how far all agencies are covered."""
    desk, agency = scene.desk, here(scene)
    parts = [roster.shown(desk, agency)]
    if is_coordinator(desk, agency):
        parts.append(Lines(tuple(coverage.lines(desk, coverage.of(desk)))))
    officer = roster.in_office(desk, scene.contact.id, agency)
    choices = BUTTONS if roster.appoints(desk, officer, agency) else ()
    return scene.reply(scene.talk, scene.letter(Lines(tuple(parts), "\n\n"), choices=choices))


def pressed(scene: Scene, rest: str) -> Turn:
    """A button below the list: its questions begin, for whoever may appoint."""
    desk, agency = scene.desk, here(scene)
    officer = roster.in_office(desk, scene.contact.id, agency)
    dialogue = DIALOGUES.get(rest)
    if dialogue is None or dialogue is HANDOVER:
        return Turn(scene.talk)
    if officer is None or not roster.appoints(desk, officer, agency):
        return scene.reply(scene.talk, scene.letter(NOT_YOURS))
    every = all(roster.appoints(desk, officer, each.code) for each in desk.facts.agencies)
    return begin(scene, dialogue, answers={} if every else {"agency": agency})


def _agencies(scene: Scene) -> tuple[Option, ...]:
    return tuple(Option(each.code, each.label, words=(each.code,)) for each in scene.desk.facts.agencies)


def _staffed(scene: Scene) -> tuple[Option, ...]:
    """The agencies that have officers, in office or not."""
    codes = set(scene.desk.rosters())
    return tuple(option for option in _agencies(scene) if option.value in codes)


def _which(offer: Callable[[Scene], tuple[Option, ...]]) -> Step:
    return Step("agency", Pick(offer), lambda scene: WHICH(name=scene.desk.name(scene.contact.id)))


DIALOGUES: dict[str, Dialogue] = {
    each.name: each
    for each in (invitation(_which(_agencies)), removal(_which(_staffed)), renewal(_which(_staffed)), HANDOVER)
}
