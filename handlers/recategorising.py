"""Correcting what a report is about: the topics to choose from, the likely ones first, and what a correction brings."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import guessed, untold
from handlers.answers import Option, Pick
from handlers.desk import Desk, Scene, Ticket
from handlers.dialogue import Answers, Step
from handlers.facts import Category
from handlers.labels import agency_name, category_name
from handlers.rules.routing import route
from handlers.rules.ticket import State
from handlers.words import Lines, T, Words

QUESTION = T("moves.recategorise", "{name}, {number} sebenarnya tentang apa? Sekarang tercatat: {topic}.")
BELOW = T("recategorising.below", "Lebih tepatnya tentang apa?")
WHOLE = T("recategorising.whole", "Belum dapat dipastikan")
SAME = T("recategorising.same", "{number} memang sudah bertopik itu. Tidak ada yang berubah.")
READ_BY_OTHERS = T(
    "recategorising.read_by_others",
    "Topik itu membuat laporan rahasia, padahal kabar {number} juga dibaca pelapor lain yang laporannya digabungkan. "
    "Catat hal yang sensitif itu sebagai laporan tersendiri.",
)
MADE = T("recategorising.made", "✅ Topik {number} sekarang: {topic}.")
SECRET = T("recategorising.secret", "Laporan ini menjadi rahasia, dan pelapor diberi tahu.")
SECRET_UNTOLD = T("recategorising.secret_untold", "Laporan ini menjadi rahasia. Sampaikan sendiri kepada pelapor.")
ROUTED = T(
    "recategorising.routed",
    "Menurut aturan nomor {order}, topik ini ditangani {agency}. Bila bukan wewenang instansi Anda, pilih Teruskan.",
)


def topics(scene: Scene) -> Sequence[Option]:
    """The likely topics, then all that stand at the top."""
    ticket = _ticket(scene)
    facts = scene.desk.facts
    likely = guessed.categories(scene.desk, ticket) if ticket else ()
    first = [facts.category_by_code[code] for code in likely if not ticket or code != ticket.category]
    top = facts.children.get("", ())
    return _options(dict.fromkeys((*first, *top)))


def subtopics(scene: Scene) -> Sequence[Option]:
    """What lies below the chosen topic, and the topic itself where nobody can say more."""
    code = str(scene.talk.answers.get("value", ""))
    below = _options(dict.fromkeys(scene.desk.facts.children.get(code, ())))
    return (*below, Option(code, WHOLE, words=("tidak tahu", "umum"), pinned=True))


def _options(categories: dict[Category, None]) -> tuple[Option, ...]:
    return tuple(Option(each.code, each.name) for each in categories)


def deeper(scene: Scene, answers: Answers) -> Answers:
    """Marks whether there are topics below the chosen one."""
    return {**answers, "deeper": bool(scene.desk.facts.children.get(str(answers["value"])))}


TOPIC = Pick(topics)
SUBTOPIC = Step("below", Pick(subtopics), BELOW, when=lambda answers: bool(answers.get("deeper")))


def chosen(answers: Answers) -> str:
    """The topic in the end."""
    return str(answers.get("below") or answers["value"])


def sensitive(desk: Desk, code: str) -> bool:
    """Whether a topic, or one above it, makes a report secret."""
    facts = desk.facts
    return any(facts.category_by_code[each].sensitive for each in facts.category_line(code))


def problem(desk: Desk, ticket: Ticket, code: str) -> Words | None:
    """Why this topic cannot be given to a report, or nothing."""
    if code == ticket.category:
        return SAME(number=ticket.number)
    others = (each for each in desk.followers(ticket.id) if each.state is State.MERGED and not each.secret)
    # What is answered to a secret report is read by no reporter of one that is not.
    if sensitive(desk, code) and not ticket.secret and any(others):
        return READ_BY_OTHERS(number=ticket.number)
    return None


def said(desk: Desk, before: Ticket, after: Ticket) -> Words:
    """What an officer hears of a correction: the new topic, whether it is secret now, and who answers for it."""
    made = MADE(number=after.number, topic=category_name(desk, after.category))
    secret: Words = ""
    if after.secret and not before.secret:
        secret = SECRET_UNTOLD if untold.untold(desk, after) else SECRET
    return Lines((made, secret, _elsewhere(desk, after)))


def _elsewhere(desk: Desk, ticket: Ticket) -> Words:
    facts = desk.facts
    rule = route(facts.routes, facts.category_line(ticket.category), facts.area_line(ticket.area))
    if rule is None or rule.agency in (ticket.agency, ticket.meant) or rule.agency not in facts.agency_by_code:
        return ""
    return ROUTED(order=rule.order, agency=agency_name(desk, rule.agency))


def _ticket(scene: Scene) -> Ticket | None:
    return scene.desk.ticket(scene.talk.subject) if scene.talk.subject is not None else None
