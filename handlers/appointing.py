"""Appointing officers: the questions behind an invitation and behind a new decree for those who serve already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final

from handlers import leaving, roster, standin
from handlers.answers import WORDS, Again, Option, Pick, Written, means, numbered, plain
from handlers.desk import Decree, Officer, Scene
from handlers.dialogue import Dialogue, Step
from handlers.handover import agency, appoints
from handlers.labels import agency_name
from handlers.rules.dates import read_day
from handlers.rules.ticket import Role
from handlers.tree import is_coordinator
from handlers.words import Lines, T, Talk, Text, Turn, Words

# With its year a day of the future is read as one of the past would be, seen from far ahead.
FAR: Final = date(2099, 12, 31)
YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
ENDLESS = Option("-", T("appointing.endless", "Tanpa batas"), words=("tanpa", "tanpa batas waktu", "tidak ada"))
ALL = Option("all", T("appointing.all", "Semua petugas"), words=("semua",), pinned=True)

ROLE = T("appointing.role", "{name}, orang itu diundang sebagai apa di {agency}?")
NUMBER = T("appointing.number", "Berapa nomor SK-nya?")
ISSUED = T("appointing.issued", "Tanggal berapa SK itu ditetapkan? Contoh: 2 Januari 2026.")
UNTIL = T("appointing.until", "Berlaku sampai kapan? Contoh: 31 Desember 2027.")
WHO = T("appointing.who", "{name}, SK siapa yang diperbarui di {agency}?")

SHORT = T("appointing.short", "Tulis nomor SK seperti di suratnya, misalnya 188.45/12/427.12/2026.")
NO_DAY = T("appointing.no_day", "Tanggal itu belum dapat kami baca. Tulis dengan tahunnya, misalnya 31 Desember 2027.")
NOT_YET = T("appointing.not_yet", "Tanggal SK belum tiba. Tulis tanggal yang ada di suratnya.")
PAST = T("appointing.past", "SK itu sudah berakhir pada {day}. Tulis tanggal akhir yang belum lewat.")
BEFORE = T("appointing.before", "Tanggal akhir {day} mendahului tanggal SK. Periksa lagi suratnya.")

INVITED = T(
    "appointing.invited",
    "Undangan {role} {agency}, sekali pakai, berlaku 7 hari. Teruskan pesan ini kepada yang bersangkutan:",
)
TO_GROUP = T("appointing.to_group", "Kirim di grup instansi yang sudah berisi bot ini: /hubungkan {code}")
TO_CHAT = T("appointing.to_chat", "Kirim ke nomor WhatsApp layanan ini: hubungkan {code}")
RENEWED = T("appointing.renewed", "✅ SK {number} berlaku untuk {n} petugas {agency}{until}.")
REFUSED = T("appointing.refused", "Tidak dapat dilanjutkan: Anda tidak lagi berwenang mengatur petugas di sana.")
GONE = T("appointing.gone", "Tidak dapat dilanjutkan: petugas itu sudah tidak terdaftar.")


@dataclass(frozen=True, slots=True)
class Dated:
    """A day of a decree as people write it; `end`: its last one, which lies ahead, where it has one."""

    end: bool
    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return (ENDLESS,) if self.end else ()

    def read(self, scene: Scene, pressed: str | None) -> str:
        pressed = pressed or numbered(plain(scene.event.text), scene.talk.shown)
        if self.end and (pressed == ENDLESS.value or means(scene, scene.event.text, ENDLESS)):
            return ""
        day = _day(scene.event.text)
        today = roster.today(scene.desk, agency(scene))
        if not self.end and day > today:
            raise Again(NOT_YET)
        if self.end and day < today:
            raise Again(PAST(day=day))
        if self.end and day < date.fromisoformat(scene.talk.answers["issued"]):
            raise Again(BEFORE(day=day))
        return day.isoformat()


def _day(text: str) -> date:
    found = read_day(text, FAR) if YEAR.search(text) else None
    if not isinstance(found, date):
        raise Again(NO_DAY)
    return found


def _roles(scene: Scene) -> tuple[Option, ...]:
    first = Role.COORDINATOR if is_coordinator(scene.desk, agency(scene)) else Role.OFFICER
    return tuple(Option(role.value, LABELS[role], words=(role.value,)) for role in (first, Role.HEAD))


LABELS: dict[Role, Text] = {
    Role.OFFICER: T("appointing.role_button", "Petugas"),
    Role.HEAD: T("appointing.role_button", "Pejabat penghubung"),
    Role.COORDINATOR: T("appointing.role_button", "Koordinator"),
}


def _agency_name(scene: Scene) -> str:
    return agency_name(scene.desk, agency(scene))


def _decree(scene: Scene) -> Decree:
    answers = scene.talk.answers
    until = date.fromisoformat(answers["until"]) if answers["until"] else None
    issued = date.fromisoformat(answers["issued"])
    return scene.desk.add_decree(Decree(0, agency(scene), answers["number"], issued, until))


def _invited(scene: Scene) -> Turn:
    talk, desk = Talk(shelf=scene.talk.shelf), scene.desk
    if not appoints(scene):
        return scene.reply(talk, scene.letter(REFUSED))
    role = Role(scene.talk.answers["role"])
    code = desk.invite(agency(scene), role, _decree(scene))
    head = INVITED(role=roster.ROLES[role], agency=_agency_name(scene))
    return scene.reply(talk, scene.letter(Lines((head, *_where(scene, code)))))


def _where(scene: Scene, code: str) -> Sequence[Words]:
    """Where the code is to be sent, on each platform that has officers."""
    on_phones = "whatsapp" in scene.desk.channels
    in_groups = not scene.on_duty and scene.desk.channels != ("whatsapp",)
    texts = (*((TO_GROUP,) if in_groups else ()), *((TO_CHAT,) if on_phones or not in_groups else ()))
    return tuple(text(code=code) for text in texts)


def _officers(scene: Scene) -> tuple[Option, ...]:
    options = roster.options(scene.desk, scene.desk.officers(agency(scene)))
    return (*options, ALL) if len(options) > 1 else options


def _renewed(scene: Scene) -> Turn:
    talk, desk = Talk(shelf=scene.talk.shelf), scene.desk
    if not appoints(scene):
        return scene.reply(talk, scene.letter(REFUSED))
    who = scene.talk.answers["who"]
    found = [each for each in desk.officers(agency(scene)) if who in (ALL.value, str(each.contact))]
    if not found:
        return scene.reply(talk, scene.letter(GONE))
    decree = _decree(scene)
    for each in found:
        desk.enrol(replace(each, valid_until=decree.valid_until, decree=decree.id))
    return scene.reply(talk, *_told(scene, decree, found), *standin.lowered(desk, agency(scene)))


def _told(scene: Scene, decree: Decree, officers: Sequence[Officer]) -> Sequence[Any]:
    """The new decree, to the chats of the agency and to the one in which it was entered."""
    until = roster.UNTIL(day=decree.valid_until) if decree.valid_until else ""
    text = RENEWED(number=decree.number, n=len(officers), agency=_agency_name(scene), until=until)
    letters = leaving.announced(scene.desk, agency(scene), text)
    assert scene.room is not None
    heard = scene.room.id in [each.to for each in letters]
    return letters if heard else (scene.letter(text), *letters)


def _asks(text: Text) -> Any:
    return lambda scene: text(name=scene.desk.name(scene.contact.id), agency=_agency_name(scene))


DECREE = (
    Step("number", Written(2, 80, SHORT), NUMBER),
    Step("issued", Dated(end=False), ISSUED),
    Step("until", Dated(end=True), UNTIL),
)


def invitation(which: Step) -> Dialogue:
    """The questions behind an invitation; `which` asks at what agency."""
    return Dialogue("invite", (which, Step("role", Pick(_roles), _asks(ROLE)), *DECREE), _invited)


def renewal(which: Step) -> Dialogue:
    """The questions behind a new decree; `which` asks at what agency."""
    return Dialogue("renew", (which, Step("who", Pick(_officers), _asks(WHO)), *DECREE), _renewed)
