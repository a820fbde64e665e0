"""What a report is about and who answers for it: suggestions first, the list when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import suggestions
from handlers.answers import Option, plain
from handlers.desk import Scene
from handlers.dialogue import Answers
from handlers.facts import Category
from handlers.labels import TYPES
from handlers.rules.routing import route
from handlers.submit import OTHER, UNKNOWN, chosen, routed
from handlers.words import T, Words

TOPIC = T(
    "report.topic",
    "Ini tentang apa? Pilih yang paling dekat. Bila tidak yakin, pilih Saya tidak tahu.",
)
UNDERSTOOD = T("report.understood", "Yang kami tangkap: {type} tentang {topic}, untuk {agency}. Benar?")
UNDERSTOOD_TOPIC = T("report.understood_topic", "Yang kami tangkap: {type} tentang {topic}. Benar?")
MAYBE = T("report.maybe", "Kami belum yakin. Apakah ini tentang {topic}?")
SUGGESTED = T("report.suggested", "Kami belum yakin ini tentang apa. Pilih yang paling dekat.")
NOT_UNDERSTOOD = T(
    "report.not_understood",
    "Kami belum yakin ini tentang apa. Anda dapat memilih topiknya, atau petugas yang menentukan.",
)
OTHER_AGENCY = T("report.agency_other", "Pilih instansi lain")
# Beside a guess that is sure, one that is hardly ever right only confuses.
HELPFUL = 0.2
PICK_AGENCY = T("report.agency_pick", "Pilih instansi")
YES = ("ya", "iya", "betul", "ok", "oke", "yes", "correct", "okay")
DONT_KNOW = Option(
    UNKNOWN,
    T("report.unknown", "Saya tidak tahu"),
    words=("tidak tahu", "tidak yakin", "entah", "bingung", "dont know", "not sure"),
    pinned=True,
)
OTHER_TOPIC = Option(
    OTHER, T("report.other_topic", "Topik lain"), words=("lain", "lainnya", "bukan", "salah", "other", "no", "wrong")
)
CHOOSE_TOPIC = Option(
    OTHER, T("report.choose_topic", "Pilih topik"), words=("pilih", "topik", "topik lain", "choose", "topic", "list")
)
LEAVE_TOPIC = Option(
    UNKNOWN,
    T("report.agency_leave", "Petugas menentukan"),
    words=("saya tidak tahu", "tidak tahu", "terserah", "petugas", "entah", "bingung", "dont know", "officers"),
)


def found(scene: Scene) -> tuple[Category, ...]:
    """The categories to which the words of the story point."""
    known, answers = scene.desk.facts.category_by_code, scene.talk.answers
    guessed = answers if "guessed" in answers else suggestions.heard(scene, answers)
    return tuple(known[code] for code in suggestions.codes(guessed, "category") if code in known)


def _named(categories: Sequence[Category]) -> tuple[Option, ...]:
    return tuple(Option(category.code, category.name) for category in categories)


def topics(scene: Scene) -> Sequence[Option]:
    """The list of topics."""
    return (*_named(scene.desk.facts.children.get("", ())), DONT_KNOW)


def understood_text(scene: Scene) -> Words:
    """What the story was taken for, to be confirmed; or that nobody is sure."""
    facts, answers = scene.desk.facts, scene.talk.answers
    likely = found(scene)
    if not likely:
        return NOT_UNDERSTOOD
    if not suggestions.sure(answers, "category"):
        return MAYBE(topic=likely[0].name) if len(likely) == 1 else SUGGESTED
    kind = TYPES[answers["type"]]
    line = facts.category_line(likely[0].code)
    by_area = any(each.area and each.category in line for each in facts.routes)
    rule = None if by_area else route(facts.routes, line, ())
    if rule is None or rule.agency not in facts.agency_by_code:
        return UNDERSTOOD_TOPIC(type=kind, topic=likely[0].name)
    return UNDERSTOOD(type=kind, topic=likely[0].name, agency=facts.agency_by_code[rule.agency].name)


def understood(scene: Scene) -> Sequence[Option]:
    """Yes to the first guess where it is sure, the other guesses, and the list for whoever asks for it."""
    likely = found(scene)
    if not likely:
        return (CHOOSE_TOPIC, LEAVE_TOPIC)
    if len(likely) > 1 and not suggestions.sure(scene.talk.answers, "category"):
        return (*_named(likely), OTHER_TOPIC, DONT_KNOW)
    first, *others = likely
    helpful = set(suggestions.codes(scene.talk.answers, "category", HELPFUL))
    rest = [each for each in others if each.code in helpful]
    right = Option(first.code, T("report.right", "Benar"), words=(*YES, plain(first.name)))
    return (right, *_named(rest), OTHER_TOPIC, DONT_KNOW)


def offered(scene: Scene) -> Sequence[Option]:
    """The categories that fit a story which an officer records, or the list of topics where none does."""
    likely = found(scene)
    return (*_named(likely), OTHER_TOPIC, DONT_KNOW) if likely else topics(scene)


def subtopics(scene: Scene) -> Sequence[Option]:
    """What lies below the chosen topic."""
    return (*_named(scene.desk.facts.children.get(chosen(scene.talk.answers), ())), DONT_KNOW)


def deeper(scene: Scene, answers: Answers) -> Answers:
    """Marks whether there are topics below the chosen one: conditions look at the answers alone."""
    return {**answers, "deeper": bool(scene.desk.facts.children.get(chosen(answers)))}


def settled(scene: Scene, answers: Answers) -> Answers:
    """The answers with the agency that a rule names, or that the past is sure of; else it is left to be asked.

    Whom the reporter chose stays. Where even the topic is unknown and the past is not sure of the agency, or the
    place is not served, the officers decide.
    """
    if ("agency" in answers and not answers.get("settled")) or not decided(answers):
        return answers
    left = {key: value for key, value in answers.items() if key not in ("agency", "settled")}
    # What was not asked stands first, so that *Kembali* leads to what was.
    if left["place"].get("outside"):
        return {"agency": UNKNOWN, "settled": True, **left}
    if rule := routed(scene.desk, left):
        return {"agency": rule.agency, "settled": True, **left}
    best = suggestions.codes(left, "agency")[:1] if suggestions.sure(left, "agency") else ()
    if best and best[0] in scene.desk.facts.agency_by_code:
        return {"agency": best[0], "settled": True, **left}
    return {"agency": UNKNOWN, "settled": True, **left} if chosen(left) == UNKNOWN else left


def decided(answers: Answers) -> bool:
    """Whether place and topic are known as far as they will be."""
    waits = bool(answers.get("deeper")) and "subtopic" not in answers
    return "place" in answers and chosen(answers) not in ("", OTHER) and not waits


def agency_text(scene: Scene) -> Words:
    """The agency that the rules name, to be confirmed."""
    rule = routed(scene.desk, scene.talk.answers)
    if rule is None:
        return T("report.agency_unsure", "Kami belum yakin instansi mana yang berwenang. Petugas dapat menentukannya.")
    agency = scene.desk.facts.agency_by_code[rule.agency]
    return T("report.agency", "Laporan ini akan kami kirim ke {agency}. Benar?", agency=agency.name)


def agency_options(scene: Scene) -> Sequence[Option]:
    """The agency that a rule names, or those that the past points to; another one, or leaving it to the officers."""
    answers, known = scene.talk.answers, scene.desk.facts.agency_by_code
    rule = routed(scene.desk, answers)
    likely = () if rule else tuple(known[code] for code in suggestions.codes(answers, "agency") if code in known)
    fits = (Option(rule.agency, T("report.right", "Benar"), words=YES),) if rule else ()
    return (
        *fits,
        *(Option(agency.code, agency.label) for agency in likely),
        Option(OTHER, OTHER_AGENCY if fits or likely else PICK_AGENCY, words=("lain", "ubah", "bukan", "salah")),
        Option(UNKNOWN, T("report.agency_leave", "Petugas menentukan"), words=("tidak tahu", "terserah", "petugas")),
    )


def agencies(scene: Scene) -> Sequence[Option]:
    """All agencies that answer reports; those at the head only watch over them."""
    known = scene.desk.facts.agencies
    return tuple(Option(agency.code, agency.label) for agency in known if agency.kind != "leader")
