"""The short form in a disaster: what, where, a photo, and whether one is safe; a call for help leaves at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers import affected, cards, case, details, report, submit
from handlers.affected import NUMBERS, area_of, kind_words
from handlers.answers import NOT_A_CHOICE, Again, Option, Pick, Where, Written, local_day, nearest, numbered, plain
from handlers.danger import WARNED
from handlers.desk import OF_DISASTER, Desk, Scene, Ticket
from handlers.dialogue import Answers, Dialogue, Step, begin, gathered, go_on, reopened
from handlers.facts import Disaster
from handlers.files import file_of
from handlers.labels import agency_name, local, place_words, short
from handlers.notices import holders
from handlers.rules.privacy import masked
from handlers.rules.ticket import Clock, Role, State
from handlers.words import Choice, Letter, Lines, Priority, T, Talk, Turn, Words

SAFE, HELP = "safe", "help"
CATEGORY = "bencana"
OVER = T("disaster.over", "Mode darurat bencana sudah berakhir. Anda tetap dapat melapor seperti biasa.")
WHICH = T("disaster.which", "Bencana apa yang Anda laporkan?")
WHAT = T("disaster.what", "Apa yang terjadi? Tulis dalam satu pesan, misalnya: air setinggi lutut masuk ke rumah.")
WHAT_SHORT = T("disaster.what_short", "Itu masih terlalu singkat. Tulis misalnya: air setinggi lutut masuk ke rumah.")
WHERE = T(
    "disaster.where", "Di mana? Kirim lokasi (📎 → Lokasi), atau tulis dusun atau jalan, desa/kelurahan, dan kecamatan."
)
PHOTO = T("disaster.photo", "Ada foto? Kirim bila aman untuk memotret, atau pilih Lewati.")
SAFE_NOW = T("disaster.safe", "Apakah Anda dan orang di sekitar Anda aman sekarang?")
CONDITIONS = {
    SAFE: T("disaster.is_safe", "Aman"),
    HELP: T("disaster.needs_help", "Butuh pertolongan"),
}
# Whoever may need help must not be taken for safe by a misprint: one such word says enough.
CALLS = frozenset(("tolong", "bantu", "bantuan", "help", "sos", "butuh", "terjebak", "kejebak", "trapped", "darurat"))
NOT_SAFE = frozenset(
    (
        "tidak",
        "tdk",
        "tak",
        "gak",
        "ga",
        "g",
        "nggak",
        "enggak",
        "ndak",
        "belum",
        "blm",
        "kurang",
        "unsafe",
        "not",
        "no",
    )
)
CALM = frozenset(("ya", "iya", "yes", "safe", "ok", "oke", "selamat", "sudah aman", "kami aman", "saya aman"))


@dataclass(frozen=True, slots=True)
class Safety(Pick):
    """Whether somebody is safe; only what plainly says so counts as yes."""

    def typed(self, scene: Scene, found: tuple[Option, ...]) -> str:
        said = plain(scene.event.text)
        if (value := numbered(said, scene.talk.shown)) is not None:
            return value
        first, *rest = said.split() or [""]
        if CALLS & {first, *rest}:
            return HELP
        if first == "aman" or said in CALM:
            return SAFE
        cry = plain(scene.desk.render(CONDITIONS[HELP], scene.language))
        if NOT_SAFE & {first, *rest} or nearest(said, {cry: HELP}):
            return HELP
        raise Again(NOT_A_CHOICE)


def cries(scene: Scene, word: str) -> bool:
    """Whether a word that works everywhere is a call for help here."""
    return word in CALLS and any(value == HELP for value, _ in scene.talk.shown)


SAFETY = Safety(
    (
        Option(SAFE, CONDITIONS[SAFE]),
        Option(
            HELP,
            CONDITIONS[HELP],
            T("disaster.at_once", "laporan langsung dikirim"),
        ),
    )
)
CARD = T(
    "disaster.card",
    "Periksa laporan Anda\n\n• Bencana: {kind}\n• Kejadian: {what}\n• Lokasi: {place}\n• Foto: {files} berkas\n"
    "• Keadaan: {condition}\n\nKirim sekarang?",
)
FIELDS = Pick(
    (
        Option("what", T("disaster.field", "Kejadian")),
        Option("place", T("disaster.field", "Lokasi"), words=("tempat",)),
        Option("files", T("disaster.field", "Foto"), words=("lampiran",)),
        Option("safe", T("disaster.field", "Keadaan")),
    )
)
THANKS = T(
    "disaster.thanks", "Terima kasih, laporan bencana Anda sudah kami terima.\nNomor: {number}\nSimpan nomor ini."
)
SENT = T("disaster.sent", "Laporan ini diteruskan ke {agency}. Tindak lanjut pertama paling lambat {day}.")
CALLED = T(
    "disaster.called",
    "🆘 Permintaan tolong Anda langsung kami kirim ke {agency}.\nNomor: {number}\nTempat: {place}\n"
    "Jangan hanya menunggu balasan di sini: tetap hubungi nomor darurat.",
)
ADD = T("disaster.add", "Ada perubahan? Pilih Tambah keterangan, atau balas pesan ini.")
SOS = T("disaster.sos", "🆘 BUTUH PERTOLONGAN · {kind}\nTempat: {place}")
TITLE = T("disaster.title", "{kind}: {what}")
SOS_TITLE = T("disaster.sos_title", "🆘 {kind}: {what}")
SOS_STORY = T("disaster.sos_story", "BUTUH PERTOLONGAN SEKARANG.\n{what}")


def _first(text: Words) -> Words:
    """A question with the emergency numbers before it."""
    return Lines((NUMBERS, text), "\n\n")


def _kinds(scene: Scene) -> Sequence[Option]:
    return tuple(Option(str(each.id), kind_words(each.kind)) for each in affected.kinds(scene.desk)[:9])


def _chosen(desk: Desk, answers: Answers) -> Disaster | None:
    """The disaster a report belongs to: of the kind that was chosen, the one where its place lies."""
    found = desk.disaster(int(answers.get("only") or answers["which"]))
    return affected.nearest(desk, found, area_of(desk, answers["place"])) if found else None


def _card(scene: Scene) -> Words:
    answers = scene.talk.answers
    disaster = _chosen(scene.desk, answers)
    return CARD(
        kind=kind_words(disaster.kind) if disaster else "",
        what=short(answers["what"], 700),
        place=place_words(answers["place"]),
        files=len(answers["files"]),
        condition=CONDITIONS[answers["safe"]],
    )


def _reopened(scene: Scene, answers: Answers) -> Answers:
    left = reopened(FORM, answers, str(answers["edit"]))
    return {key: value for key, value in left.items() if key not in ("review", "edit")}


def _done(scene: Scene) -> Turn:
    if scene.talk.answers.get("consent") == "no":
        return scene.reply(Talk(), scene.letter(Lines((NUMBERS, submit.REFUSED), "\n\n")))
    return send(scene)


FORM = Dialogue(
    "disaster",
    (
        Step("consent", Pick(report.AGREE), _first(report.CONSENT_TEXT), then=submit.consented),
        Step("which", Pick(_kinds), _first(WHICH), when=lambda a: "only" not in a),
        Step("what", Written(5, 1500, WHAT_SHORT), _first(WHAT)),
        Step("place", Where(), _first(WHERE)),
        Step("files", report.FILES, _first(PHOTO), resets=("kept_files",)),
        Step("safe", SAFETY, _first(SAFE_NOW)),
        Step("review", report.REVIEW, lambda scene: _first(_card(scene)), when=lambda a: a["safe"] == SAFE),
        Step(
            "edit",
            FIELDS,
            _first(T("disaster.which_field", "Bagian mana yang ingin Anda ubah?")),
            when=lambda a: a.get("review") == "edit",
            then=_reopened,
        ),
    ),
    _done,
    ends=lambda a: a.get("consent") == "no",
)


def start(scene: Scene) -> Turn:
    """Begins the short form with what was told in a report already; the usual one where no disaster is declared."""
    known = affected.kinds(scene.desk)
    if scene.talk.dialogue == FORM.name:
        # A button pressed twice takes nothing away.
        return go_on(scene, FORM)
    if not known:
        return report.fresh(scene, OVER)
    agreed = scene.contact.consent == submit.CONSENT or scene.talk.answers.get("consent") == "yes"
    # The numbers stand in every question already.
    answers: dict[str, Any] = {WARNED: True, **({"consent": "yes"} if agreed else {})}
    if len(known) == 1:
        answers["only"] = str(known[0].id)
    return begin(scene, FORM, answers={**answers, **_told(scene.talk)})


def _told(talk: Talk) -> dict[str, Any]:
    """What a report that was begun holds already; it stays on the shelf until this one is sent."""
    if talk.dialogue != report.REPORT.name:
        return {}
    given = gathered(report.REPORT, talk)
    told = [part[1] for part in given.get("kept_story") or ()]
    story = details.complete(given) if "story" in given else "\n".join(told)
    kept: dict[str, Any] = {name: given[name] for name in ("place", "privacy") if name in given}
    if files := given.get("files") or given.get("kept_files"):
        kept["kept_files"] = files
    return {"what": story, "taken": True, **kept} if story else kept


def send(scene: Scene) -> Turn:
    """Puts the report on record with the disaster's agency; who calls for help is heard there at once."""
    desk, answers = scene.desk, scene.talk.answers
    disaster = _chosen(desk, answers)
    assert disaster is not None
    files = tuple(file_of(value) for value in answers["files"])
    made = case.opened(desk, _ticket(scene, disaster), files, scene.contact.channel)
    urgent = answers["safe"] == HELP
    desk.reported_in(disaster.id, made.ticket.id, urgent)
    sent = case.make(desk, made.ticket, "forward", Role.SYSTEM, None, agency=disaster.agency) or made
    mine = tuple(each.text for each in sent.letters if each.to == scene.contact.id)
    text = _called(desk, sent.ticket) if urgent else _thanks(desk, sent.ticket, mine)
    letter = scene.letter(text, choices=_ways(desk, sent.ticket, urgent), ticket=sent.ticket.id)
    talk = Talk(shelf=None if answers.get("taken") else scene.talk.shelf)
    return scene.reply(talk, letter, *(_calls(desk, sent.ticket, disaster) if urgent else ()))


def _thanks(desk: Desk, ticket: Ticket, mine: tuple[Words, ...]) -> Words:
    undo = submit.WITHDRAW(n=int(desk.grace.total_seconds())) if desk.grace else ""
    run = ticket.run(Clock.FOLLOW_UP)
    if run:
        mine = (SENT(agency=agency_name(desk, ticket.agency), day=local(desk, ticket.agency, run.due)),)
    return Lines((THANKS(number=ticket.number), *mine, submit.NEWS, undo), "\n\n")


def _called(desk: Desk, ticket: Ticket) -> Words:
    agency = agency_name(desk, ticket.agency)
    called = CALLED(agency=agency, number=ticket.number, place=place_words(dict(ticket.place)))
    return Lines((NUMBERS, called, ADD), "\n\n")


def _ways(desk: Desk, ticket: Ticket, urgent: bool) -> tuple[Choice, ...]:
    if urgent:
        return (Choice(f"t:{ticket.id}:add", T("disaster.more", "Tambah keterangan")),)
    return (Choice(f"t:{ticket.id}:withdraw", submit.BACK_OUT),) if desk.grace else ()


def _calls(desk: Desk, ticket: Ticket, disaster: Disaster) -> Sequence[Letter]:
    """A call for help in the agency's chats: a message of its own, before all others, announced by itself."""
    letters: list[Letter] = []
    head = SOS(kind=kind_words(disaster.kind), place=place_words(dict(ticket.place)))
    for room in holders(desk, ticket):
        first, *rest = cards.first(desk, ticket, room)
        brief = replace(first.brief, gathers=False) if first.brief else None
        text = Lines((head, first.text), "\n\n")
        letters += [replace(first, text=text, priority=Priority.DIALOGUE, brief=brief), *rest]
    return letters


def _ticket(scene: Scene, disaster: Disaster) -> Ticket:
    desk, answers = scene.desk, scene.talk.answers
    coordinator, urgent = desk.facts.coordinator, answers["safe"] == HELP
    # What was chosen before in a report of the usual kind holds here too.
    anonymous, secret = (digit == "1" for digit in answers.get("privacy", "00"))
    what = masked(answers["what"]) if anonymous else answers["what"]
    title = (SOS_TITLE if urgent else TITLE)(kind=kind_words(disaster.kind), what=short(what, 60))
    return Ticket(
        id=0,
        number=scene.desk.fresh_number(local_day(scene)),
        reporter=scene.contact.id,
        state=State.RECEIVED,
        report_type="complaint",
        category=CATEGORY if CATEGORY in desk.facts.category_by_code else "",
        agency=coordinator.code if coordinator else disaster.agency,
        area=area_of(desk, answers["place"]),
        title=desk.render(title, "id"),
        story=desk.render(SOS_STORY(what=answers["what"]), "id") if urgent else answers["what"],
        place=answers["place"],
        happened=local_day(scene),
        anonymous=anonymous,
        secret=secret,
        created_at=desk.now,
        changed_at=desk.now,
        clock=Clock.STOP,
        policy=submit.policy(scene, "complaint", of_disaster=True),
        why=f"{OF_DISASTER}{disaster.id}",
    )
