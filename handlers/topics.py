"""What a report is about and who answers for it: suggestions first, the list when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.answers import Option
from handlers.desk import Scene
from handlers.dialogue import Answers
from handlers.facts import Category
from handlers.rules.routing import suggest
from handlers.submit import OTHER, UNKNOWN, chosen, routed
from handlers.words import T, Words

TOPIC = T(
    "report.topic",
    "Ini tentang apa? Pilih yang paling dekat. Bila tidak yakin, pilih Saya tidak tahu.",
)
SUGGESTED = T("report.suggested", "Sepertinya ini tentang salah satu topik berikut. Pilih yang paling dekat.")
DONT_KNOW = Option(
    UNKNOWN,
    T("report.unknown", "Saya tidak tahu"),
    words=("tidak tahu", "tidak yakin", "entah", "bingung"),
    pinned=True,
)
OTHER_TOPIC = Option(OTHER, T("report.other_topic", "Topik lain"), words=("lain", "lainnya"))


def found(scene: Scene) -> tuple[Category, ...]:
    """The categories to which the words of the story point."""
    facts = scene.desk.facts
    return tuple(facts.category_by_code[code] for code in suggest(scene.talk.answers["story"], facts.keywords))


def _named(categories: Sequence[Category]) -> tuple[Option, ...]:
    return tuple(Option(category.code, category.name) for category in categories)


def topics(scene: Scene) -> Sequence[Option]:
    """The list of topics."""
    return (*_named(scene.desk.facts.children.get("", ())), DONT_KNOW)


def suggestions(scene: Scene) -> Sequence[Option]:
    """The categories that fit the story, or the list of topics where none does."""
    likely = found(scene)
    return (*_named(likely), OTHER_TOPIC, DONT_KNOW) if likely else topics(scene)


def subtopics(scene: Scene) -> Sequence[Option]:
    """What lies below the chosen topic."""
    return (*_named(scene.desk.facts.children.get(chosen(scene.talk.answers), ())), DONT_KNOW)


def deeper(scene: Scene, answers: Answers) -> Answers:
    """Marks whether there are topics below the chosen one: conditions look at the answers alone."""
    return {**answers, "deeper": bool(scene.desk.facts.children.get(chosen(answers)))}


def agency_text(scene: Scene) -> Words:
    """The agency that the rules name, to be confirmed."""
    rule = routed(scene.desk, scene.talk.answers)
    if rule is None:
        return T("report.agency_unsure", "Kami belum yakin instansi mana yang berwenang. Petugas dapat menentukannya.")
    agency = scene.desk.facts.agency_by_code[rule.agency]
    return T("report.agency", "Laporan ini akan kami kirim ke {agency}. Benar?", agency=agency.name)


def agency_options(scene: Scene) -> Sequence[Option]:
    """The named agency, another one, or leaving it to the officers."""
    rule = routed(scene.desk, scene.talk.answers)
    fits = (
        (Option(rule.agency, T("report.right", "Benar"), words=("ya", "iya", "betul", "ok", "oke", "yes")),)
        if rule
        else ()
    )
    return (
        *fits,
        Option(OTHER, T("report.agency_other", "Pilih instansi lain"), words=("lain", "ubah", "bukan", "salah")),
        Option(UNKNOWN, T("report.agency_leave", "Petugas menentukan"), words=("tidak tahu", "terserah", "petugas")),
    )


def agencies(scene: Scene) -> Sequence[Option]:
    """All agencies that answer reports; those at the head only watch over them."""
    known = scene.desk.facts.agencies
    return tuple(Option(agency.code, agency.label) for agency in known if agency.kind != "leader")
