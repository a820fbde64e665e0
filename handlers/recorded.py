"""A report that an officer entered: its review, its place on record, and who is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from handlers import case, refusals, roster
from handlers.answers import local_day
from handlers.case import Made
from handlers.desk import Scene, Ticket
from handlers.dialogue import Answers
from handlers.files import file_of
from handlers.labels import PRIVACY, SOURCES, TYPES, agency_name, category_name, place_words, short
from handlers.rules.ticket import Clock, Role, State
from handlers.submit import UNKNOWN, category_of, privacy_of, title_of
from handlers.tree import is_coordinator, role_at
from handlers.untold import untold
from handlers.words import Letter, Lines, T, Talk, Text, Turn, Words

HERE = "here"
# The hour of a receipt of which only the day is known: within office hours everywhere.
MORNING = time(8)
SAVED = T("recorded.saved", "✅ Laporan tercatat.\nNomor: {number}")
TOLD = T("recorded.told", "Sampaikan nomor itu kepada pelapor; kami juga mengirimkannya ke WhatsApp pelapor.")
UNTOLD = T(
    "recorded.untold",
    "Mohon sampaikan nomor itu langsung kepada pelapor. Begitu pula kabar berikutnya, karena pelapor tidak dapat "
    "dihubungi lewat bot.",
)
RECORDED = T("recorded.recorded", "Laporan Anda yang disampaikan {way} sudah dicatat. Nomor: {number}.")
WAYS: dict[str, Text] = {
    "counter": T("recorded.way", "lewat loket {agency}"),
    "letter": T("recorded.way", "lewat surat kepada {agency}"),
    "phone": T("recorded.way", "lewat telepon kepada {agency}"),
    "social": T("recorded.way", "lewat media sosial {agency}"),
    "other": T("recorded.way", "kepada {agency}"),
}


def summary(scene: Scene) -> Words:
    """The review; of a name and a number it shows as much as tells whether they were heard."""
    desk, answers = scene.desk, scene.talk.answers
    agency = _agency(scene)
    return T(
        "recorded.summary",
        "Periksa sebelum disimpan\n\n• Sumber: {way}, diterima {received}\n• Jenis: {type}\n• Isi: {story}\n"
        "• Topik: {category}\n• Lokasi: {place}\n• Kejadian: {day}\n• Lampiran: {files} berkas\n"
        "• Nama pelapor: {name}\n• WhatsApp pelapor: {phone}\n• Privasi: {privacy}\n• Ditangani: {agency}\n\n"
        "Simpan sekarang?",
        way=SOURCES[answers["source"]],
        received=date.fromisoformat(answers["received"]),
        type=TYPES[answers["type"]],
        story=short(answers["story"], 700),
        category=category_name(desk, category_of(answers)),
        place=place_words(answers["place"]),
        day=date.fromisoformat(answers["date"]),
        files=len(answers["files"]),
        name=T("recorded.named", "dicatat, tersegel") if answers["name"] else NOTHING,
        phone=_ending(scene),
        privacy=PRIVACY[privacy_of(desk, answers)],
        agency=agency_name(desk, agency) if agency else T("recorded.decide", "ditentukan koordinator"),
    )


NOTHING = T("recorded.nothing", "tidak ada")


def _ending(scene: Scene) -> Words:
    sealed = str(scene.talk.answers.get("phone", ""))
    return T("recorded.ending", "berakhiran {end}", end=scene.desk.unseal(sealed)[-4:]) if sealed else NOTHING


def _here(scene: Scene) -> str:
    return scene.desk.agency_of(scene.room.id) if scene.room else ""


def _agency(scene: Scene) -> str:
    """The agency that takes the report; empty where the coordinator decides or keeps it."""
    desk, here = scene.desk, _here(scene)
    chosen = str(scene.talk.answers.get("agency", HERE))
    if chosen == HERE:
        return here
    # Only a coordinator's chat gives a report to others, also where the facts have changed meanwhile.
    known = chosen in desk.facts.agency_by_code and is_coordinator(desk, here)
    return chosen if chosen != UNKNOWN and known else ""


def save(scene: Scene) -> Turn:
    """Puts the report on record under the day of its receipt, and tells the reporter where that can be done."""
    desk, answers, here = scene.desk, scene.talk.answers, _here(scene)
    talk = Talk(shelf=scene.talk.shelf)
    if roster.in_office(desk, scene.contact.id, here) is None:
        return scene.reply(talk, scene.letter(refusals.not_enrolled(desk, here)))
    files = tuple(file_of(value) for value in answers["files"])
    role, since = role_at(desk, here), _since(scene, here)
    made = case.opened(desk, _ticket(scene), files, scene.contact.channel, role, scene.contact.id, since=since)
    forwarded = _forwarded(scene, made.ticket, role, since)
    letters = forwarded.letters if forwarded else (*case.shown(desk, made.ticket), *made.letters)
    ticket = forwarded.ticket if forwarded else made.ticket
    told = Lines((SAVED(number=ticket.number), UNTOLD if untold(desk, ticket) else TOLD), "\n\n")
    mine = [each for each in letters if each.to == ticket.reporter]
    others = [each for each in letters if each.to != ticket.reporter]
    return scene.reply(talk, scene.letter(told, ticket=ticket.id), *others, *_welcomed(scene, ticket, mine))


def _forwarded(scene: Scene, ticket: Ticket, role: Role, since: datetime) -> Made | None:
    """The report with the agency that takes it; nothing where the coordinator decides."""
    desk, agency = scene.desk, _agency(scene)
    if not agency:
        return None
    if role is Role.COORDINATOR:
        return case.make(desk, ticket, "forward", role, scene.contact.id, agency=agency, since=since)
    return case.make(desk, ticket, "forward", Role.SYSTEM, None, agency=agency, since=since)


def _welcomed(scene: Scene, ticket: Ticket, mine: list[Letter]) -> list[Letter]:
    """The letters to the reporter; the first says who entered the report, and its number."""
    if not mine:
        return []
    way = WAYS[ticket.source](agency=agency_name(scene.desk, _here(scene)))
    text = Lines((RECORDED(way=way, number=ticket.number), mine[0].text), "\n\n")
    brief = mine[0].brief
    said = replace(brief, values={**brief.values, "text": text}) if brief else None
    return [replace(mine[0], text=text, brief=said), *mine[1:]]


def _since(scene: Scene, here: str) -> datetime:
    """The instant from which the clocks of the report run."""
    known = scene.desk.facts.agency_by_code.get(here)
    zone = ZoneInfo(known.zone if known else "Asia/Jakarta")
    received = date.fromisoformat(scene.talk.answers["received"])
    return min(datetime.combine(received, MORNING, zone).astimezone(scene.desk.now.tzinfo), scene.desk.now)


def _ticket(scene: Scene) -> Ticket:
    desk, answers = scene.desk, scene.talk.answers
    anonymous, secret = privacy_of(desk, answers)
    coordinator, received = desk.facts.coordinator, date.fromisoformat(answers["received"])
    return Ticket(
        id=0,
        number=scene.desk.fresh_number(local_day(scene)),
        reporter=_reporter(scene, answers),
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
        policy=_policy(scene, received),
        why="officer" if _agency(scene) else "unsure",
        source=answers["source"],
        received_on=received,
    )


def _reporter(scene: Scene, answers: Answers) -> int:
    name, phone = (str(answers.get(key, "")) for key in ("name", "phone"))
    unseal = scene.desk.unseal
    return scene.desk.somebody(unseal(name) if name else "", unseal(phone) if phone else "")


def _policy(scene: Scene, received: date) -> str:
    """The version of the rules in force on the day of the receipt."""
    found = scene.desk.facts.clock(Clock.VERIFICATION.value, str(scene.talk.answers["type"]), "", "", received)
    return found.policy if found else ""
