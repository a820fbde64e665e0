"""What a coordinator sees of disasters, and what agencies hear when one is declared and when it is over."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from handlers import roster, tree
from handlers.affected import KINDS, NUMBERS, area_words, kind_words, moment
from handlers.desk import Desk, Scene
from handlers.facts import Disaster
from handlers.handover import here
from handlers.labels import agency_name
from handlers.rules.ticket import Role
from handlers.standin import NEWS
from handlers.words import Brief, Choice, Letter, Lines, Priority, T, Turn, Words

WORD: Final = "darurat"
# Two buttons for each, and one to declare another.
SHOWN = 4
# What is left of a button's label beside verb and number.
LABEL = 10

HELP = T("emergency.help", "• {word}: mode darurat bencana (koordinator)")
NOT_YOURS = T("emergency.not_yours", "Mode darurat hanya dapat diatur oleh koordinator.")
NOTHING = T(
    "emergency.nothing",
    "Mode darurat tidak menyala.\nBila dinyalakan: warga mendapat formulir singkat dengan nomor darurat, laporannya "
    "langsung ke instansi yang Anda pilih, dan instansi itu membaca rangkuman tiap 10 menit. "
    "Permintaan tolong tetap masuk saat itu juga.",
)
HEAD = T("emergency.head", "Mode darurat yang menyala:")
LINE = T(
    "emergency.line",
    "{n}. {kind}, {area}: ke {agency}, sampai {until}. {reports} laporan, {urgent} butuh pertolongan, {bare} belum "
    "diambil.",
)
DECLARE = Choice("e:on", T("emergency.on", "Nyalakan"))
LONGER = T("emergency.longer", "Perpanjang {n}: {kind}")
OFF = T("emergency.off", "Matikan {n}: {kind}")

ENDED = T(
    "emergency.ended",
    "✅ Mode darurat {kind}, {area}, berakhir. {reports} laporan masuk, {urgent} di antaranya butuh pertolongan; "
    "{open} masih terbuka, {bare} belum diambil.",
)


def commands(scene: Scene) -> bool:
    """Whether this is the coordinator's chat, and a coordinator in office writes in it."""
    officer = roster.in_office(scene.desk, scene.contact.id, here(scene))
    return officer is not None and officer.role is Role.COORDINATOR and tree.is_coordinator(scene.desk, here(scene))


def helped(scene: Scene, text: Words) -> Words:
    """The help for officers, for the coordinator with one line more."""
    if not tree.is_coordinator(scene.desk, here(scene)):
        return text
    return Lines((text, HELP(word=WORD if scene.on_duty else f"/{WORD}")))


def asked(scene: Scene) -> Turn:
    """What is declared, with buttons to declare, to prolong and to end."""
    if not commands(scene):
        return scene.reply(scene.talk, scene.letter(Lines((NOT_YOURS, NUMBERS))))
    known = scene.desk.disasters(fresh=True)
    text = Lines((HEAD, *(_line(scene.desk, n, each) for n, each in enumerate(known, 1)))) if known else NOTHING
    buttons = (button for n, each in enumerate(known[:SHOWN], 1) for button in _buttons(n, each))
    return scene.reply(scene.talk, scene.letter(text, choices=(DECLARE, *buttons)))


def _line(desk: Desk, n: int, disaster: Disaster) -> Words:
    toll = desk.toll(disaster.id)
    return LINE(n=n, reports=toll.reports, urgent=toll.urgent, bare=toll.untouched, **named(desk, disaster))


def named(desk: Desk, disaster: Disaster) -> dict[str, Words]:
    """What, where, to whom and until when, for the sentences that say so."""
    return {
        "kind": kind_words(disaster.kind),
        "area": area_words(desk, disaster.area),
        "agency": agency_name(desk, disaster.agency),
        "until": moment(desk, disaster.until),
    }


def _buttons(n: int, disaster: Disaster) -> tuple[Choice, ...]:
    named = disaster.kind if len(disaster.kind) <= LABEL else f"{disaster.kind[: LABEL - 1].rstrip()}…"
    kind = kind_words(disaster.kind) if disaster.kind in KINDS else named
    verbs = (("longer", LONGER), ("off", OFF))
    return tuple(Choice(f"e:{verb}:{disaster.id}", text(n=n, kind=kind)) for verb, text in verbs)


def over(desk: Desk, disaster: Disaster) -> tuple[Letter, ...]:
    """What the coordinator and the disaster's agency hear when its time is over."""
    coordinator = desk.facts.coordinator
    agencies = dict.fromkeys((*((coordinator.code,) if coordinator else ()), disaster.agency))
    return letters(desk, agencies, account(desk, disaster))


def account(desk: Desk, disaster: Disaster) -> Words:
    """What came of a disaster, in one sentence."""
    toll = desk.toll(disaster.id)
    counts = {"reports": toll.reports, "urgent": toll.urgent, "open": toll.open, "bare": toll.untouched}
    return ENDED(**named(desk, disaster), **counts)


def letters(desk: Desk, agencies: Collection[str], text: Words) -> tuple[Letter, ...]:
    """One message to each chat of these agencies."""
    rooms = {room.id: (room, code) for code in agencies for room in desk.rooms_of(code)}
    briefs = {code: Brief("digest", {"agency": agency_name(desk, code)}, NEWS, gathers=True) for code in agencies}
    return tuple(
        Letter(ident, text, priority=Priority.STATUS, brief=None if room.group else briefs[code])
        for ident, (room, code) in rooms.items()
    )
