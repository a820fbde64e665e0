"""Ending an officer's office: who leaves, who takes the reports over, and the word that it is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from handlers import leaving, roster
from handlers.answers import WORDS, Again, Option, Pick
from handlers.desk import Scene
from handlers.dialogue import Answers, Dialogue, Step
from handlers.handover import GONE, NO, YES, agency, appoints, chosen_heir, heirs, here, mine, name_of, tickets
from handlers.labels import agency_name
from handlers.tree import role_at
from handlers.words import T, Talk, Turn, Words

QUEUE = "0"
WHO_LEAVES = T("removal.who", "{name}, siapa yang dikeluarkan dari {agency}?")
HEIR = T("removal.heir", "{a} memegang {n} laporan terbuka. Diserahkan kepada siapa?")
TO_QUEUE = Option(QUEUE, T("removal.queue", "Kembali ke antrean"), words=("antrean", "antri"), pinned=True)
SURE_LEAVES = T("removal.sure", "Keluarkan {a} dari {agency}? Sesudah itu ia tidak dapat menjawab laporan lagi.")
SURE_LAST = T(
    "removal.sure_last",
    "Keluarkan {a}, petugas terakhir {agency}? Sesudah itu laporannya ditangani instansi di atasnya.",
)
LAST = T(
    "removal.last",
    "Anda petugas terakhir di sini, jadi belum dapat keluar. Undang penggantinya dulu lewat /petugas, Undang petugas.",
)
LEFT = T("removal.done", "✅ {a} tidak lagi bertugas di {agency}.")
STAYS = T("removal.stays", "Baik, tidak jadi. {a} tetap bertugas.")


@dataclass(frozen=True, slots=True)
class Leaver:
    """An officer of the agency; the last one cannot take themselves out."""

    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return Pick(_officers).options(scene)

    def read(self, scene: Scene, pressed: str | None) -> Any:
        value = Pick(_officers).read(scene, pressed)
        if isinstance(value, str) and int(value) in mine(scene) and _last(scene, int(value)):
            raise Again(LAST)
        return value


def _officers(scene: Scene) -> tuple[Option, ...]:
    return roster.options(scene.desk, scene.desk.officers(agency(scene)))


def _last(scene: Scene, leaver: int) -> bool:
    """Whether nobody is left in office without this officer."""
    kin = scene.desk.kin(leaver)
    return all(each.contact in kin for each in roster.serving(scene.desk, agency(scene)))


def _claims(scene: Scene, answers: Answers) -> Mapping[str, Any]:
    """Whoever holds no report, or has no colleague, leaves nothing to anybody."""
    scene = replace(scene, talk=replace(scene.talk, answers=answers))
    return answers if tickets(scene) and heirs(scene) else {**answers, "to": QUEUE}


def _sure_leaves(scene: Scene) -> Words:
    leaver = int(scene.talk.answers["from"])
    text = SURE_LAST if _last(scene, leaver) else SURE_LEAVES
    return text(a=scene.desk.name(leaver), agency=agency_name(scene.desk, agency(scene)))


def _left(scene: Scene) -> Turn:
    talk, answers, desk = Talk(shelf=scene.talk.shelf), scene.talk.answers, scene.desk
    name = name_of(scene, "from")
    if answers["sure"] != YES.value:
        return scene.reply(talk, scene.letter(STAYS(a=name)))
    leaver, place = desk.officer(int(answers["from"]), agency(scene)), agency(scene)
    itself = leaver is not None and leaver.contact in mine(scene) and _last(scene, leaver.contact)
    if leaver is None or itself or not appoints(scene):
        return scene.reply(talk, scene.letter(LAST if itself else GONE))
    letters = leaving.removed(desk, leaver, chosen_heir(scene), role_at(desk, here(scene)), scene.contact.id)
    if place == here(scene):
        return scene.reply(talk, *letters)
    return scene.reply(talk, scene.letter(LEFT(a=name, agency=agency_name(desk, place))), *letters)


def _who_leaves(scene: Scene) -> Words:
    return WHO_LEAVES(name=scene.desk.name(scene.contact.id), agency=agency_name(scene.desk, agency(scene)))


def removal(which: Step) -> Dialogue:
    """The questions by which an office is ended; `which` asks at what agency."""
    return Dialogue(
        "removal",
        (
            which,
            Step("from", Leaver(), _who_leaves, then=_claims),
            Step(
                "to",
                Pick(lambda scene: (*heirs(scene), TO_QUEUE)),
                lambda scene: HEIR(n=len(tickets(scene)), a=name_of(scene, "from")),
            ),
            Step("sure", Pick((YES, NO)), _sure_leaves),
        ),
        _left,
    )
