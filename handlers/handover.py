"""Handing reports over: all that an officer has claimed, to a colleague in office."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import leaving, roster
from handlers.answers import Option, Pick
from handlers.desk import Officer, Scene, Ticket
from handlers.dialogue import Dialogue, Step, begin
from handlers.tree import role_at
from handlers.words import T, Talk, Turn, Words

NOTHING = T("handover.nothing", "Anda tidak sedang memegang laporan, jadi tidak ada yang perlu diserahkan.")
NOTHING_HERE = T("handover.nothing_here", "Tidak ada laporan yang sedang dipegang petugas di sini.")
ALONE = T(
    "handover.alone",
    "Belum ada rekan yang dapat menerima laporan. Minta pejabat penghubung atau koordinator mengundang petugas lain "
    "lewat /petugas.",
)
WHOSE = T("handover.whose", "{name}, laporan siapa yang diserahkan?")
TO = T("handover.to", "Kepada siapa {n} laporan terbuka {a} diserahkan?")
SURE = T("handover.sure", "Serah terima: {n} laporan terbuka pindah dari {a} ke {b}. Lanjutkan?")
KEPT = T("handover.kept", "Baik, tidak jadi. Laporan tetap pada petugasnya.")
GONE = T("handover.gone", "Tidak dapat dilanjutkan: petugas itu sudah tidak bertugas, atau laporannya sudah berpindah.")
YES = Option("yes", T("handover.yes", "Ya"), words=("ya", "y", "setuju", "ok"))
NO = Option("no", T("handover.no", "Tidak"), words=("tidak", "t", "gak", "jangan"))


def agency(scene: Scene) -> str:
    """The agency that an officer speaks of: the one they chose, else that of the chat."""
    assert scene.room is not None
    return str(scene.talk.answers.get("agency") or scene.desk.agency_of(scene.room.id))


def here(scene: Scene) -> str:
    """The agency in whose chat an officer writes."""
    assert scene.room is not None
    return scene.desk.agency_of(scene.room.id)


def appoints(scene: Scene) -> bool:
    """Whether the person who writes decides who serves at the agency in question."""
    officer = roster.in_office(scene.desk, scene.contact.id, here(scene))
    return roster.appoints(scene.desk, officer, agency(scene))


def name_of(scene: Scene, key: str) -> str:
    """The name of the officer who was chosen there."""
    return scene.desk.name(int(scene.talk.answers[key]))


def tickets(scene: Scene) -> Sequence[Ticket]:
    """The open reports of the officer whose reports are handed over."""
    return scene.desk.claimed(int(scene.talk.answers["from"]), agency(scene))


def mine(scene: Scene) -> Sequence[int]:
    """All accounts of the person who writes."""
    return scene.desk.kin(scene.contact.id)


def heirs(scene: Scene) -> tuple[Option, ...]:
    """The officers in office, but for the one whose reports are handed over."""
    leaver = scene.desk.kin(int(scene.talk.answers["from"]))
    found = [each for each in roster.serving(scene.desk, agency(scene)) if each.contact not in leaver]
    return roster.options(scene.desk, found)


def chosen_heir(scene: Scene) -> int | None:
    """The colleague who was chosen, so long as they are in office."""
    return next((int(each.value) for each in heirs(scene) if each.value == scene.talk.answers["to"]), None)


def _holders(scene: Scene) -> tuple[Option, ...]:
    return roster.options(scene.desk, _holding(scene))


def _holding(scene: Scene) -> list[Officer]:
    """The officers of this chat's agency who have claimed reports."""
    officers = scene.desk.officers(here(scene))
    return [each for each in officers if scene.desk.claimed(each.contact, here(scene))]


def asked(scene: Scene, rest: str) -> Turn:
    """Begins to hand reports over; whoever appoints may do it for others too."""
    own = [each for each in _holding(scene) if each.contact in mine(scene)]
    others = len(_holding(scene)) > len(own) and appoints(scene)
    if not own and not others:
        return scene.reply(scene.talk, scene.letter(NOTHING_HERE if appoints(scene) else NOTHING))
    if len(roster.serving(scene.desk, here(scene))) < 2:
        return scene.reply(scene.talk, scene.letter(ALONE))
    return begin(scene, HANDOVER, answers={} if others else {"from": str(own[0].contact)})


def _handed(scene: Scene) -> Turn:
    talk, answers = Talk(shelf=scene.talk.shelf), scene.talk.answers
    if answers["sure"] != YES.value:
        return scene.reply(talk, scene.letter(KEPT))
    heir = chosen_heir(scene)
    allowed = int(answers["from"]) in mine(scene) or appoints(scene)
    if heir is None or not tickets(scene) or not allowed:
        return scene.reply(talk, scene.letter(GONE))
    role = role_at(scene.desk, here(scene))
    letters = leaving.handed(scene.desk, tickets(scene), int(answers["from"]), heir, role, scene.contact.id)
    return scene.reply(talk, *letters)


def _sure(scene: Scene) -> Words:
    return SURE(n=len(tickets(scene)), a=name_of(scene, "from"), b=name_of(scene, "to"))


HANDOVER = Dialogue(
    "handover",
    (
        Step("from", Pick(_holders), lambda scene: WHOSE(name=scene.desk.name(scene.contact.id))),
        Step("to", Pick(heirs), lambda scene: TO(n=len(tickets(scene)), a=name_of(scene, "from"))),
        Step("sure", Pick((YES, NO)), _sure),
    ),
    _handed,
)
