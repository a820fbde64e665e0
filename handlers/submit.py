"""The end of a report: consent, review card, the draft put aside, and the ticket on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers import affected, case, details, personal, suggestions, watching
from handlers.answers import local_day
from handlers.desk import OF_DISASTER, Desk, Scene, Ticket
from handlers.dialogue import shelved
from handlers.facts import DISASTER, Disaster
from handlers.files import file_of
from handlers.labels import PRIVACY, TYPES, agency_name, category_name, place_words, short
from handlers.rules.danger import danger
from handlers.rules.privacy import masked
from handlers.rules.routing import Route, route
from handlers.rules.ticket import Clock, Role, State
from handlers.words import Choice, Letter, Lines, T, Talk, Turn, Words

CONSENT = "2026-11"
UNKNOWN = "?"
OTHER = "*"
DRAFT_DAYS = 7

REFUSED = T(
    "submit.refused",
    "Baik, laporan tidak kami buat. Anda tetap dapat melapor lewat lapor.go.id atau datang ke kantor instansi. "
    "Ketik mulai bila berubah pikiran.",
)
THANKS = T("submit.thanks", "Terima kasih, laporan Anda sudah kami terima.\nNomor: {number}\nSimpan nomor ini.")
NO_DAY = T("submit.no_day", "–")
JOINS = T("submit.joins", "👥 Laporan ini ikut memantau laporan serupa yang sudah ada.")
SEND_NOW = T("submit.send_now", "Kirim sekarang?")
NEWS = T("submit.news", "Kabar berikutnya kami kirim ke chat ini.")
WITHDRAW = T("submit.withdraw", "Berubah pikiran? Dalam {n} detik Anda masih dapat memilih Batalkan.")
BACK_OUT = T("submit.back_out", "Batalkan")
KEPT = T("submit.kept", "Laporan Anda belum terkirim. Kami simpan sampai {day}.")
RESUME = Choice("m:lanjut", T("submit.resume", "Lanjutkan"))
ERASE = Choice("m:hapus_draf", T("submit.erase", "Hapus draf"))

Answers = Mapping[str, Any]


def consented(scene: Scene, answers: Answers) -> Answers:
    """Writes the consent beside the person, with the version of the words that were agreed to."""
    if answers["consent"] == "yes":
        scene.desk.change_contact(replace(scene.contact, consent=CONSENT))
    return answers


def chosen(answers: Answers) -> str:
    """The category chosen so far, from the suggestions or from the list of topics."""
    code = str(answers.get("category", ""))
    return str(answers.get("topic", "")) if code == OTHER else code


def category_of(answers: Answers) -> str:
    """The category in the end; empty where the reporter does not know."""
    below = str(answers.get("subtopic", UNKNOWN))
    code = chosen(answers) if below == UNKNOWN else below
    return "" if code == UNKNOWN else code


def sensitive(desk: Desk, answers: Answers) -> bool:
    """Whether the category, or one above it, is kept secret by its nature."""
    facts = desk.facts
    return any(facts.category_by_code[code].sensitive for code in facts.category_line(category_of(answers)))


def routed(desk: Desk, answers: Answers) -> Route | None:
    """The rule that names an agency for these answers."""
    facts = desk.facts
    area = str(answers["place"].get("area", "")) if "place" in answers else ""
    rule = route(facts.routes, facts.category_line(category_of(answers)), facts.area_line(area))
    return rule if rule and rule.agency in facts.agency_by_code else None


def addressed(desk: Desk, answers: Answers) -> tuple[str, str]:
    """The agency a report goes to, and why: a rule, the past, the reporter's own choice, or nobody was sure."""
    agency = str(answers.get("agency", UNKNOWN))
    if agency == OTHER:
        return str(answers["agency_other"]), "reporter"
    if disaster := _of_disaster(desk, answers):
        return disaster.agency, f"{OF_DISASTER}{disaster.id}"
    if agency == UNKNOWN:
        return "", "unsure"
    rule = routed(desk, answers)
    if rule and rule.agency == agency:
        return agency, f"rule:{rule.order}"
    return agency, "model" if answers.get("settled") else "reporter"


def _of_disaster(desk: Desk, answers: Answers) -> Disaster | None:
    """The declared disaster to which a complaint belongs."""
    place = answers.get("place") or {}
    if answers.get("type") != "complaint" or not desk.disasters() or sensitive(desk, answers):
        # What is sensitive is for its own agency alone, whatever else it speaks of.
        return None
    if place.get("outside") or answers.get("agency") == OTHER:
        return None
    return affected.receiving(desk, str(answers["story"]), affected.area_of(desk, place))


def privacy_of(desk: Desk, answers: Answers) -> tuple[bool, bool]:
    """Anonymous and secret; a sensitive category is secret whatever was chosen before it."""
    anonymous, secret = (digit == "1" for digit in answers["privacy"])
    return anonymous, secret or sensitive(desk, answers)


def title_of(answers: Answers) -> str:
    """The title the reporter gave, else the beginning of the story."""
    story = str(answers["story"])
    # Masked before it is cut: half a number is not known for one any more.
    anonymous = str(answers.get("privacy", "")).startswith("1")
    return str(answers.get("title") or short(masked(story) if anonymous else story, 70))


def summary(scene: Scene) -> Words:
    """The review card."""
    desk, answers = scene.desk, scene.talk.answers
    agency, _ = addressed(desk, answers)
    decide = T("submit.decide", "ditentukan petugas")
    told = T(
        "submit.summary",
        "Periksa laporan Anda\n\n• Jenis: {type}\n• Judul: {title}\n• Cerita: {story}\n• Topik: {category}\n"
        "• Lokasi: {place}\n• Tanggal: {day}\n• Instansi: {agency}\n• Lampiran: {files} berkas\n"
        "• Privasi: {privacy}",
        type=TYPES[answers["type"]],
        title=title_of(answers),
        story=Lines((short(answers["story"], 700), *(short(line, 300) for line in details.said(answers))), "\n  "),
        category=category_name(desk, category_of(answers)),
        place=place_words(answers["place"]),
        day=NO_DAY if "date" in answers.get("assumed", ()) or "date" not in answers else _happened(scene),
        agency=agency_name(desk, agency) if agency else decide,
        files=len(answers["files"]),
        privacy=PRIVACY[privacy_of(desk, answers)],
    )
    joins = JOINS if str(answers.get("nearby", "new")) != "new" else ""
    return Lines((told, joins, personal.note(answers), SEND_NOW), "\n\n")


def put_aside(scene: Scene) -> Turn:
    """Leaves the report and keeps its draft."""
    shelf = shelved(scene.talk)
    if shelf is None:
        return scene.reply(
            Talk(), scene.letter(T("submit.left", "Baik, kita berhenti. Ketik menu untuk memulai lagi."))
        )
    until = local_day(scene) + timedelta(days=DRAFT_DAYS)
    letter = scene.letter(KEPT(day=until), choices=(RESUME, ERASE), key=f"ask:{scene.contact.id}")
    return scene.reply(Talk(shelf=shelf), letter)


def send(scene: Scene) -> Turn:
    """Puts the report on record and sends it to the agency, or to the coordinator where nobody is sure."""
    desk, answers = scene.desk, scene.talk.answers
    files = tuple(file_of(value) for value in answers["files"])
    made = case.opened(desk, _ticket(scene), files, scene.contact.channel)
    if disaster := _of_disaster(desk, answers):
        # Its agency hears of it with the others of the same minutes, and not by a card of its own.
        desk.reported_in(disaster.id, made.ticket.id, False)
    joined = _joined(desk, made, answers)
    letters = joined or _forwarded(desk, made, answers)
    mine = tuple(each.text for each in letters if each.to == scene.contact.id)
    others = tuple(each for each in letters if each.to != scene.contact.id)
    # What is handled with another report has reached its agency already.
    grace = 0 if joined else int(desk.grace.total_seconds())
    undo = WITHDRAW(n=grace) if grace else ""
    choices = (Choice(f"t:{made.ticket.id}:withdraw", BACK_OUT),) if grace else ()
    text = Lines((THANKS(number=made.ticket.number), *mine, NEWS, undo), "\n\n")
    return scene.reply(Talk(), scene.letter(text, choices=choices, ticket=made.ticket.id), *others)


def _joined(desk: Desk, made: case.Made, answers: Answers) -> Sequence[Letter]:
    """Lets the report be handled with the open one that its reporter joined; nothing where that is closed by now."""
    lead = watching.lead_of(desk, answers)
    return watching.joined(desk, made.ticket, lead) if lead else ()


def _forwarded(desk: Desk, made: case.Made, answers: Answers) -> Sequence[Letter]:
    """Sends the report to its agency, or leaves it to the coordinator."""
    agency, _ = addressed(desk, answers)
    forwarded = case.make(desk, made.ticket, "forward", Role.SYSTEM, None, agency=agency) if agency else None
    return forwarded.letters if forwarded else (*case.shown(desk, made.ticket), *made.letters)


def _ticket(scene: Scene) -> Ticket:
    desk, answers = scene.desk, scene.talk.answers
    anonymous, secret = privacy_of(desk, answers)
    coordinator = desk.facts.coordinator
    return Ticket(
        id=0,
        number=desk.fresh_number(local_day(scene)),
        reporter=scene.contact.id,
        state=State.RECEIVED,
        report_type=answers["type"],
        category=category_of(answers),
        agency=coordinator.code if coordinator else "",
        area=str(answers["place"].get("area", "")),
        title=title_of(answers),
        story=details.complete(answers),
        place=answers["place"],
        happened=_happened(scene),
        anonymous=anonymous,
        secret=secret,
        created_at=desk.now,
        changed_at=desk.now,
        clock=Clock.STOP,
        policy=policy(scene, str(answers["type"]), _of_disaster(desk, answers) is not None),
        why=addressed(desk, answers)[1],
        guesses=_guesses(answers),
    )


def _happened(scene: Scene) -> date:
    """The day of the event; a wish and a question have none but the day they are made."""
    said = scene.talk.answers.get("date")
    return date.fromisoformat(said) if said else local_day(scene)


def _guesses(answers: Answers) -> dict[str, Any]:
    """What the story was taken for, and whether it spoke of danger."""
    kind = danger(str(answers["story"]))
    return {**suggestions.picked(answers), **({"danger": kind.value} if kind else {})}


def policy(scene: Scene, report_type: str, of_disaster: bool = False) -> str:
    """The version of the rules in force on this day, or those for disasters where the office has some.

    It stays with the ticket when the rules change.
    """
    facts = scene.desk.facts
    if of_disaster and any(clock.policy == DISASTER for clock in facts.clocks):
        return DISASTER
    clock = facts.clock(Clock.VERIFICATION.value, report_type, "", "", local_day(scene))
    return clock.policy if clock else ""
