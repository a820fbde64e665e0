"""The questions to a coordinator who declares a disaster, prolongs it or ends it; nothing is done before a yes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers.affected import KINDS, moment
from handlers.answers import Option, Pick, Written, plain
from handlers.desk import Desk, Scene
from handlers.dialogue import Answers, Dialogue, Step, begin
from handlers.emergencies import NOT_YOURS, account, commands, letters, named
from handlers.facts import Disaster
from handlers.handover import here
from handlers.labels import agency_name
from handlers.words import Letter, T, Talk, Text, Turn, Words

OTHER: Final = "*"
WHOLE: Final = "*"
DAYS: dict[str, Text] = {
    "1": T("emergency.days", "Satu hari"),
    "3": T("emergency.days", "Tiga hari"),
    "7": T("emergency.days", "Seminggu"),
}

KIND = T("emergency.kind", "{name}, bencana apa?")
OTHER_KIND = T("emergency.other", "Lainnya")
KIND_OTHER = T("emergency.kind_other", "Apa nama bencananya? Tulis paling banyak 17 huruf, misalnya Angin topan.")
KIND_SHORT = T("emergency.kind_short", "Nama itu terlalu singkat. Contoh: Angin topan.")
AREA = T("emergency.area", "Di mana? Pilih kecamatan, atau seluruh wilayah.")
WHOLE_AREA = T("emergency.whole", "Seluruh wilayah")
AGENCY = T("emergency.agency", "Instansi mana yang menerima laporannya?")
UNTIL = T("emergency.until", "Berapa lama mode darurat menyala? Nanti dapat diperpanjang atau dimatikan.")
SURE = T(
    "emergency.sure",
    "Anda akan menyalakan mode darurat:\n• Bencana: {kind}\n• Wilayah: {area}\n• Penerima laporan: {agency}\n"
    "• Sampai: {until}\n\nWarga langsung melihat tombol lapor bencana, dan instansi di wilayah itu diberi tahu. "
    "Pilih Ya, nyalakan, atau Batal.",
)
SURE_OFF = T(
    "emergency.sure_off",
    "Anda akan mematikan mode darurat {kind}, {area}. Laporan berikutnya masuk seperti biasa. "
    "Pilih Ya, matikan, atau Batal.",
)
YES_ON = Option("yes", T("emergency.yes_on", "Ya, nyalakan"), words=("ya", "iya", "ok", "oke", "benar", "yes"))
YES_OFF = Option("yes", T("emergency.yes_off", "Ya, matikan"), words=("ya", "iya", "ok", "oke", "benar", "yes"))

ALREADY = T("emergency.already", "Mode darurat {kind}, {area}, sudah menyala. Ketik /darurat untuk memperpanjangnya.")
DONE = T("emergency.done", "✅ Mode darurat menyala: {kind}, {area}, sampai {until}. {n} instansi diberi tahu.")
TOLD = T(
    "emergency.told",
    "🚨 {name} ({coordinator}) menyalakan mode darurat: {kind}, {area}, sampai {until}.\n"
    "Laporan bencana dari warga masuk ke {agency} sebagai rangkuman tiap 10 menit; permintaan tolong masuk saat itu "
    "juga. Laporan lain berjalan seperti biasa.",
)
PROLONGED = T("emergency.prolonged", "🚨 Mode darurat {kind}, {area}, diperpanjang sampai {until}.")
GONE = T("emergency.gone", "Mode darurat itu sudah tidak menyala.")


def pressed(scene: Scene, rest: str) -> Turn:
    """A button below the list: its questions begin."""
    if not commands(scene):
        return scene.reply(scene.talk, scene.letter(NOT_YOURS))
    verb, _, ident = rest.partition(":")
    if verb == "on":
        return begin(scene, ON)
    dialogue = {"longer": PROLONG, "off": END}.get(verb)
    if dialogue is None or not (ident.isascii() and ident.isdigit() and len(ident) < 18):
        return Turn(scene.talk)
    if _meant(scene, int(ident)) is None:
        return scene.reply(scene.talk, scene.letter(GONE))
    return begin(scene, dialogue, answers={"disaster": int(ident)})


def _meant(scene: Scene, ident: int) -> Disaster | None:
    found = scene.desk.disaster(ident)
    return found if found and found.in_force(scene.desk.now) else None


def _kinds(scene: Scene) -> Sequence[Option]:
    known = tuple(Option(kind, label, words=(kind.casefold(),)) for kind, label in KINDS.items())
    return (*known, Option(OTHER, OTHER_KIND, words=("lain",)))


def _areas(scene: Scene) -> Sequence[Option]:
    region = scene.desk.facts.served
    below = [each for each in scene.desk.facts.areas if each.parent == region and region]
    whole = Option(WHOLE, WHOLE_AREA, words=("semua", "seluruh", "seluruh kabupaten", "seluruh kota"), pinned=True)
    return (*(Option(each.code, each.name) for each in below), whole)


def _agencies(scene: Scene) -> Sequence[Option]:
    """Who can receive the reports: first the agency for disasters, whatever it is called on record."""
    able = [each for each in scene.desk.facts.agencies if each.kind != "leader"]
    known = sorted(able, key=lambda each: "bpbd" not in f"{each.code} {each.kind}".casefold())
    return tuple(Option(each.code, each.label, words=(each.code,)) for each in known)


def _drawn(scene: Scene) -> Disaster:
    """The disaster as the answers tell it."""
    desk, answers = scene.desk, scene.talk.answers
    said = answers["other"].strip() if answers["kind"] == OTHER else answers["kind"]
    kind = next((each for each in KINDS if plain(each) == plain(said)), said)
    area = desk.facts.served if answers["area"] == WHOLE else answers["area"]
    until = desk.now + timedelta(days=int(answers["days"]))
    return Disaster(0, kind, area, answers["agency"], scene.contact.id, desk.now, until)


def _sure(scene: Scene) -> Words:
    return SURE(**named(scene.desk, _drawn(scene)))


def _sure_off(scene: Scene) -> Words:
    found = scene.desk.disaster(int(scene.talk.answers["disaster"]))
    assert found is not None
    return SURE_OFF(**named(scene.desk, found))


def _declared(scene: Scene) -> Turn:
    desk, talk = scene.desk, Talk(shelf=scene.talk.shelf)
    if not commands(scene):
        return scene.reply(talk, scene.letter(NOT_YOURS))
    drawn = _drawn(scene)
    if any((plain(each.kind), each.area) == (plain(drawn.kind), drawn.area) for each in desk.disasters(fresh=True)):
        return scene.reply(talk, scene.letter(ALREADY(**named(desk, drawn))))
    made = desk.declare(drawn)
    who = {"name": desk.name(scene.contact.id), "coordinator": agency_name(desk, here(scene))}
    concerned = _concerned(desk, made)
    done = DONE(n=sum(map(desk.reachable_agency, concerned)), **named(desk, made))
    return scene.reply(talk, scene.letter(done), *_announced(scene, concerned, TOLD(**who, **named(desk, made))))


def _prolonged(scene: Scene) -> Turn:
    desk, talk, answers = scene.desk, Talk(shelf=scene.talk.shelf), scene.talk.answers
    found = _meant(scene, int(answers["disaster"])) if commands(scene) else None
    if found is None:
        return scene.reply(talk, scene.letter(GONE))
    longer = replace(found, until=found.until + timedelta(days=int(answers["days"])))
    desk.change_disaster(longer)
    text = PROLONGED(**named(desk, longer))
    return scene.reply(talk, scene.letter(text), *_announced(scene, (here(scene), longer.agency), text))


def _ended(scene: Scene) -> Turn:
    desk, talk = scene.desk, Talk(shelf=scene.talk.shelf)
    found = _meant(scene, int(scene.talk.answers["disaster"])) if commands(scene) else None
    if found is None:
        return scene.reply(talk, scene.letter(GONE))
    ended = replace(found, ended_at=desk.now)
    desk.change_disaster(ended)
    text = account(desk, ended)
    return scene.reply(talk, scene.letter(text), *_announced(scene, (here(scene), ended.agency), text))


def _concerned(desk: Desk, disaster: Disaster) -> list[str]:
    """The agencies whose area holds the disaster's or lies in it, and the one that receives the reports."""
    facts, line = desk.facts, desk.facts.area_line(disaster.area)
    there = (each.code for each in facts.agencies if each.area in line or disaster.area in facts.area_line(each.area))
    return list(dict.fromkeys((disaster.agency, *there)))


def _announced(scene: Scene, agencies: Collection[str], text: Words) -> tuple[Letter, ...]:
    """One message to each chat of these agencies, but for the one in which it was decided."""
    assert scene.room is not None
    return tuple(each for each in letters(scene.desk, agencies, text) if each.to != scene.room.id)


def _days(scene: Scene) -> Sequence[Option]:
    """The lengths that are offered, each with the moment to which it leads."""
    found = scene.desk.disaster(int(scene.talk.answers["disaster"])) if "disaster" in scene.talk.answers else None
    since = found.until if found else scene.desk.now
    return tuple(
        Option(days, label, T("emergency.till", "sampai {until}", until=moment(scene.desk, since + _span(days))))
        for days, label in DAYS.items()
    )


def _span(days: str) -> timedelta:
    return timedelta(days=int(days))


def _named_other(answers: Answers) -> bool:
    return bool(answers["kind"] == OTHER)


ON = Dialogue(
    "emergency",
    (
        Step("kind", Pick(_kinds), lambda scene: KIND(name=scene.desk.name(scene.contact.id)), resets=("other",)),
        Step("other", Written(3, 17, KIND_SHORT), KIND_OTHER, when=_named_other),
        Step("area", Pick(_areas), AREA),
        Step("agency", Pick(_agencies), AGENCY),
        Step("days", Pick(_days), UNTIL),
        Step("sure", Pick((YES_ON,)), _sure),
    ),
    _declared,
)
PROLONG = Dialogue("emergency-longer", (Step("days", Pick(_days), UNTIL),), _prolonged)
END = Dialogue("emergency-end", (Step("sure", Pick((YES_OFF,)), _sure_off),), _ended)
DIALOGUES: dict[str, Dialogue] = {each.name: each for each in (ON, PROLONG, END)}
