"""Who has not followed up: how the agencies below stand, and a reminder in the coordinator's own name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from handlers import facesheet, roster, tree
from handlers.desk import Backlog, Desk, Scene
from handlers.labels import agency_name
from handlers.rounds import TASKS
from handlers.words import Brief, Choice, Letter, Lines, Priority, T, Turn, Words

SHOWN = 10
REMINDABLE = 8
NUMBERS = 6
NAMES = 6
# What is left of a button's label beside the verb.
LABEL = 15
AGAIN = timedelta(hours=4)
LOOKS_BACK = timedelta(days=30)

HEAD = T(
    "unanswered.head",
    "{agency} dan instansi di bawahnya: {open} laporan terbuka, {late} lewat batas, {bare} belum ditindaklanjuti.",
)
LINE = T("unanswered.line", "• {agency}: {open} terbuka, {late} lewat batas, {bare} belum ditindaklanjuti")
MORE = T("unanswered.more", "… dan {n} instansi lain")
YEARS = T("unanswered.years", "Menurut tahun diterima: {years}. Tertua: {day}.")
YEAR = T("unanswered.year", "{year} ({n})")
NOTHING = T("unanswered.nothing", "Tidak ada laporan terbuka di {agency} dan instansi di bawahnya. 👍")
NONE_BELOW = T(
    "unanswered.none_below",
    "Daftar ini untuk instansi yang membawahi instansi lain. Ketik /tugas untuk laporan {agency} sendiri.",
)
SCORE = T("unanswered.score", "Nilai pelapor 30 hari: {stars} ★ dari {n} penilaian")
UNRATED = T("unanswered.unrated", "Nilai pelapor 30 hari: belum ada penilaian")
SILENT = T("unanswered.silent", "{n} tidak menjawab (tidak dihitung)")
REMIND = T("unanswered.remind", "Ingatkan {label}")

NAMED = T("unanswered.named", "{name} dari {agency} meminta tindak lanjut: {what}.")
BARE = T("unanswered.bare", "{n} laporan belum ditindaklanjuti")
LATE = T("unanswered.late", "{n} laporan lewat batas")
AND_MORE = T("unanswered.and_more", "… dan {n} laporan lain. Ketik /tugas untuk daftarnya.")

DONE = T("unanswered.done", "✅ {agency} sudah diingatkan: {what}. Yang dihubungi: {names}.")
TOO_SOON = T(
    "unanswered.too_soon",
    "{agency} sudah diingatkan kurang dari 4 jam yang lalu, jadi tidak kami ulangi. Coba lagi nanti.",
)
UNREACHED = T(
    "unanswered.unreached",
    "{agency} tidak dapat diingatkan: belum ada chat yang terhubung, atau tidak ada petugas yang masih bertugas. "
    "Hubungi instansi itu langsung.",
)
HANDLED = T("unanswered.handled", "{agency} sudah menindaklanjuti semua laporannya, jadi tidak perlu diingatkan.")
NOT_BELOW = T("unanswered.not_below", "Instansi itu tidak berada di bawah {agency}, jadi tidak dapat diingatkan.")


def listed(scene: Scene) -> Turn:
    """How the agencies below this one stand, the worst first, with a reminder for each."""
    desk, here = scene.desk, _here(scene)
    agencies = tree.below(desk, here)
    if len(agencies) < 2:
        return scene.reply(scene.talk, scene.letter(NONE_BELOW(agency=agency_name(desk, here))))
    stands = desk.backlogs(agencies)
    text = Lines((*_standing(desk, here, stands), satisfaction(desk, agencies)))
    return scene.reply(scene.talk, scene.letter(text, choices=_buttons(desk, here, stands)))


def satisfaction(desk: Desk, agencies: Sequence[str]) -> Words:
    """What reporters said of these agencies in the last 30 days; who said nothing is named, and not counted."""
    score = desk.score(agencies, desk.now - LOOKS_BACK)
    if not score.rated and not score.silent:
        return ""
    said: Words = UNRATED
    if score.rated:
        tenths = (20 * score.stars + score.rated) // (2 * score.rated)
        said = SCORE(stars=f"{tenths // 10},{tenths % 10}", n=score.rated)
    return Lines((said, SILENT(n=score.silent) if score.silent else ""), " · ")


def meant(scene: Scene) -> bool:
    """Whether the bare word *belum* in an officer's own chat asks for the list, and answers nothing else."""
    return scene.talk.dialogue in ("", "menu") and not scene.event.reply_to


def pressed(scene: Scene, rest: str) -> Turn:
    """A button of the list: one reminder to the agency's chats, and who was reached."""
    desk, here = scene.desk, _here(scene)
    verb, _, agency = rest.partition(":")
    name = agency_name(desk, agency)
    if verb != "remind" or agency == here or agency not in tree.below(desk, here):
        return scene.reply(scene.talk, scene.letter(NOT_BELOW(agency=agency_name(desk, here))))
    stand = next(iter(desk.backlogs((agency,))), None)
    if stand is None or not stand.pressing:
        return scene.reply(scene.talk, scene.letter(HANDLED(agency=name)))
    if not desk.reachable_agency(agency):
        return scene.reply(scene.talk, scene.letter(UNREACHED(agency=name)))
    if not desk.once(f"named:{agency}", AGAIN):
        return scene.reply(scene.talk, scene.letter(TOO_SOON(agency=name)))
    names = [desk.name(officer.contact) for officer in roster.serving(desk, agency)]
    told = ", ".join((*names[:NAMES], *(("…",) if len(names) > NAMES else ())))
    done = DONE(agency=name, what=_what(stand), names=told)
    return scene.reply(scene.talk, scene.letter(done), *_reminders(scene, stand))


def _here(scene: Scene) -> str:
    assert scene.room is not None
    return scene.desk.agency_of(scene.room.id)


def _standing(desk: Desk, here: str, stands: Sequence[Backlog]) -> tuple[Words, ...]:
    if not stands:
        return (NOTHING(agency=agency_name(desk, here)),)
    names = {each.agency: agency_name(desk, each.agency) for each in stands}
    lines = (LINE(agency=names[each.agency], **_counts((each,))) for each in stands[:SHOWN])
    left = len(stands) - SHOWN
    years: Counter[int] = Counter()
    for each in stands:
        years.update(each.years)
    by_year = Lines(tuple(YEAR(year=str(year), n=n) for year, n in sorted(years.items())), " · ")
    oldest = YEARS(years=by_year, day=min(each.oldest for each in stands))
    head = HEAD(agency=agency_name(desk, here), **_counts(stands))
    return (head, *lines, MORE(n=left) if left > 0 else "", oldest)


def _counts(stands: Sequence[Backlog]) -> dict[str, int]:
    return {
        "open": sum(each.open for each in stands),
        "late": sum(each.late for each in stands),
        "bare": sum(each.untouched for each in stands),
    }


def _buttons(desk: Desk, here: str, stands: Sequence[Backlog]) -> tuple[Choice, ...]:
    """A reminder for each of the worst; two whose labels would be cut to the same words bear a number."""
    codes = [each.agency for each in stands if each.pressing and each.agency != here][:REMINDABLE]
    known = desk.facts.agency_by_code
    labels = {code: _cut(known[code].label, LABEL) for code in codes if code in known}
    alike = Counter(labels.values())
    choices = []
    for n, (code, label) in enumerate(labels.items(), start=1):
        own = label if alike[label] == 1 else f"{_cut(label, LABEL - 2)} {n}"
        choices.append(Choice(f"b:remind:{code}", REMIND(label=own), known[code].name))
    return tuple(choices)


def _cut(label: str, most: int) -> str:
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def _what(stand: Backlog) -> Words:
    counts = ((BARE, stand.untouched), (LATE, stand.late))
    return Lines(tuple(text(n=n) for text, n in counts if n), ", ")


def _reminders(scene: Scene, stand: Backlog) -> tuple[Letter, ...]:
    """The reminder for each chat of an agency, in the name of the person who asked."""
    desk, agency = scene.desk, stand.agency
    tickets = desk.pressing(agency, NUMBERS)
    left = stand.pressing - len(tickets)
    name, from_ = desk.name(scene.contact.id), agency_name(desk, _here(scene))
    head = NAMED(name=name, agency=from_, what=_what(stand))
    text = Lines((head, *(facesheet.line(desk, each) for each in tickets), AND_MORE(n=left) if left else ""))
    choices = tuple(Choice(f"t:{each.id}:show", each.number) for each in tickets)
    brief = Brief("digest", {"agency": agency_name(desk, agency)}, TASKS, gathers=True)
    return tuple(
        Letter(
            room.id,
            text,
            choices=choices,
            priority=Priority.REMINDER,
            key=f"named:{agency}",
            brief=None if room.group else brief,
        )
        for room in desk.rooms_of(agency)
    )
