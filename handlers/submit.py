"""The end of a report: consent, review card, the draft put aside, and the ticket on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers import case
from handlers.answers import local_day
from handlers.desk import Desk, Scene, Ticket
from handlers.dialogue import shelved
from handlers.files import file_of
from handlers.labels import PRIVACY, TYPES, agency_name, category_name, place_words, short
from handlers.rules.numbers import make
from handlers.rules.routing import Route, route
from handlers.rules.ticket import Clock, Role, State
from handlers.words import Choice, Lines, T, Talk, Turn, Words

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
    """The agency a report goes to, and why: a rule, the reporter's own choice, or nobody was sure."""
    agency = str(answers.get("agency", UNKNOWN))
    if agency == OTHER:
        return str(answers["agency_other"]), "reporter"
    if agency == UNKNOWN:
        return "", "unsure"
    rule = routed(desk, answers)
    return agency, f"rule:{rule.order}" if rule and rule.agency == agency else "reporter"


def privacy_of(desk: Desk, answers: Answers) -> tuple[bool, bool]:
    """Anonymous and secret; a sensitive category is secret whatever was chosen before it."""
    anonymous, secret = (digit == "1" for digit in answers["privacy"])
    return anonymous, secret or sensitive(desk, answers)


def title_of(answers: Answers) -> str:
    """The title the reporter gave, else the beginning of the story."""
    return str(answers.get("title") or short(answers["story"], 70))


def summary(scene: Scene) -> Words:
    """The review card."""
    desk, answers = scene.desk, scene.talk.answers
    agency, _ = addressed(desk, answers)
    decide = T("submit.decide", "ditentukan petugas")
    return T(
        "submit.summary",
        "Periksa laporan Anda\n\n• Jenis: {type}\n• Judul: {title}\n• Cerita: {story}\n• Topik: {category}\n"
        "• Lokasi: {place}\n• Tanggal: {day}\n• Instansi: {agency}\n• Lampiran: {files} berkas\n"
        "• Privasi: {privacy}\n\nKirim sekarang?",
        type=TYPES[answers["type"]],
        title=title_of(answers),
        story=short(answers["story"], 700),
        category=category_name(desk, category_of(answers)),
        place=place_words(answers["place"]),
        day=date.fromisoformat(answers["date"]),
        agency=agency_name(desk, agency) if agency else decide,
        files=len(answers["files"]),
        privacy=PRIVACY[privacy_of(desk, answers)],
    )


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
    agency, _ = addressed(desk, answers)
    forwarded = case.make(desk, made.ticket, "forward", Role.SYSTEM, None, agency=agency) if agency else None
    letters = forwarded.letters if forwarded else (*case.shown(desk, made.ticket), *made.letters)
    mine = tuple(each.text for each in letters if each.to == scene.contact.id)
    others = tuple(each for each in letters if each.to != scene.contact.id)
    grace = int(desk.grace.total_seconds())
    undo = WITHDRAW(n=grace) if grace else ""
    choices = (Choice(f"t:{made.ticket.id}:withdraw", BACK_OUT),) if grace else ()
    text = Lines((THANKS(number=made.ticket.number), *mine, NEWS, undo), "\n\n")
    return scene.reply(Talk(), scene.letter(text, choices=choices, ticket=made.ticket.id), *others)


def _ticket(scene: Scene) -> Ticket:
    desk, answers = scene.desk, scene.talk.answers
    anonymous, secret = privacy_of(desk, answers)
    coordinator = desk.facts.coordinator
    return Ticket(
        id=0,
        number=fresh_number(scene),
        reporter=scene.contact.id,
        state=State.RECEIVED,
        report_type=answers["type"],
        category=category_of(answers),
        agency=coordinator.code if coordinator else "",
        area=str(answers["place"].get("area", "")),
        title=title_of(answers),
        story=answers["story"],
        place=answers["place"],
        happened=date.fromisoformat(answers["date"]),
        anonymous=anonymous,
        secret=secret,
        created_at=desk.now,
        changed_at=desk.now,
        clock=Clock.STOP,
        policy=_policy(scene),
        why=addressed(desk, answers)[1],
    )


def _policy(scene: Scene) -> str:
    """The version of the rules in force on this day; it stays with the ticket when the rules change."""
    report_type = str(scene.talk.answers["type"])
    clock = scene.desk.facts.clock(Clock.VERIFICATION.value, report_type, "", "", local_day(scene))
    return clock.policy if clock else ""


def fresh_number(scene: Scene) -> str:
    """A number that no report has yet."""
    while True:
        number = make(local_day(scene), scene.desk.draw)
        if not scene.desk.number_taken(number):
            return number
