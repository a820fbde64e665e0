"""Why a report went where it went: what it was taken for, by which rule, and each step that took it further."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from handlers import affected, guessed
from handlers.affected import area_words, kind_words
from handlers.desk import Desk, Entry, Ticket
from handlers.labels import agency_name, category_name, local, short
from handlers.rules.guesses import Guess
from handlers.rules.routing import Route
from handlers.rules.ticket import Role, State
from handlers.tree import is_coordinator
from handlers.words import Lines, T, Text, Words

HEAD = T("why.head", "Mengapa laporan {number} ada di {agency}")
MERGED = T("why.merged", "Laporan ini digabungkan dan ditangani bersama {lead}. Ketik nomor itu untuk alasannya.")
TAKEN_FOR = T("why.taken_for", "• Topik yang terbaca dari ceritanya: “{topic}”, {sure}, menurut {source}.")
OR = T("why.or", "  Kemungkinan lain: {others}.")
ONE_OF_THEM = T("why.one", "“{topic}” ({percent} %)")
NOT_GUESSED = T("why.not_guessed", "• Dari ceritanya tidak terbaca satu topik pun.")
BY_KEYWORDS = T("why.keywords", "kata kunci dalam ceritanya")
BY_REPORTS = T("why.reports", "pengalaman dari laporan terdahulu")
BY_REPORTS_OF = T("why.reports_of", "pengalaman dari laporan terdahulu (dipelajari {day})")
# From which certainty on each is said; what is less than the last is not certain.
SURE: tuple[tuple[float, Text], ...] = (
    (0.85, T("why.sure", "cukup yakin ({percent} %)")),
    (0.6, T("why.sure", "agak yakin ({percent} %)")),
    (0.0, T("why.sure", "tidak yakin ({percent} %)")),
)
PICKED: dict[str, Text] = {
    "confirmed": T("why.picked", "• Pelapor membenarkan usul itu."),
    "offered": T("why.picked", "• Pelapor memilih dari topik yang diusulkan: “{topic}”."),
    "other": T("why.picked", "• Pelapor memilih topiknya sendiri dari daftar: “{topic}”."),
    "unknown": T("why.picked", "• Pelapor tidak tahu topiknya."),
}
TOPIC = T("why.topic", "• Topik yang dicatat: “{topic}”.")
BY_RULE = T("why.rule", "• Menurut aturan nomor {order}, {scope} ditangani {agency}.")
RULE_GONE = T(
    "why.rule_gone", "• Tujuan pertamanya, {agency}, ditentukan aturan nomor {order}, yang sekarang sudah diganti."
)
SCOPE_BOTH = T("why.scope", "topik “{topic}” di {area}")
SCOPE_TOPIC = T("why.scope", "topik “{topic}” di semua wilayah")
SCOPE_AREA = T("why.scope", "semua topik di {area}")
SCOPE_ALL = T("why.scope", "setiap laporan yang tidak punya aturan lain")
BY_MODEL = T(
    "why.model",
    "• Tidak ada aturan untuk topik ini. Menurut pengalaman dari laporan terdahulu, yang berwenang {agency}{sure}.",
)
BY_REPORTER = T("why.reporter", "• Pelapor memilih instansinya sendiri: {agency}.")
BY_OFFICER = T("why.officer", "• Petugas yang mencatat laporan ini memilih {agency}.")
BY_DISASTER = T("why.by_disaster", "• Saat itu berlaku {mode}, jadi laporan diteruskan langsung ke {agency}.")
DISASTER = T("why.mode", "mode darurat bencana")
OUTSIDE = T("why.outside", "• Tempatnya di luar wilayah layanan, jadi {agency} yang menentukan tujuannya.")
LEFT = T("why.left", "• Pelapor menyerahkan pilihannya kepada petugas, jadi {agency} yang menentukan.")
UNSURE = T(
    "why.unsure",
    "• Tidak ada aturan yang cocok dan tidak ada usulan yang cukup pasti, jadi {agency} yang menentukan tujuannya.",
)
MIGHT_BE = T("why.might_be", "  Instansi yang diusulkan: {others}.")
AND = T("why.and", ", {sure}")

STEPS: dict[str, Text] = {
    "forward": T("why.step", "• {day}: {by} meneruskannya ke {agency}."),
    "transfer": T("why.step", "• {day}: {by} mengalihkannya ke {agency}."),
    "return": T("why.step", "• {day}: {by} mengembalikannya ke {agency}. Alasan: {text}"),
    "raise": T("why.step", "• {day}: naik ke {agency}, karena {from_} belum dapat dihubungi."),
    "lower": T("why.step", "• {day}: kembali ke {agency}, yang sudah dapat dihubungi."),
    "recategorise": T("why.step", "• {day}: {by} mengubah topiknya dari “{topic_before}” menjadi “{topic}”."),
    "merge": T("why.step", "• {day}: {by} menggabungkannya dengan laporan lain di {agency}."),
    "object": T("why.step", "• {day}: pelapor keberatan atas pengarsipan, jadi {agency} memeriksanya lagi."),
}
STANDS_IN = T("why.stands_in", "• {agency} mewakili {meant}, yang belum dapat dihubungi lewat layanan ini.")
COORDINATOR = T("why.by", "koordinator ({agency})")
OFFICE = T("why.by", "petugas {agency}")
ABOVE = T("why.by", "instansi di atas {agency}")
ITSELF = T("why.by", "layanan ini")
NOBODY_SAID = T("why.no_reason", "tidak disebutkan")


def told(desk: Desk, ticket: Ticket) -> Words:
    """Why a ticket is where it is, a line for each reason, in the order in which they came."""
    lead = desk.ticket(ticket.merged_into) if ticket.merged_into is not None else None
    merged = MERGED(lead=lead.number) if lead and ticket.state is State.MERGED else ""
    meant = STANDS_IN(agency=agency_name(desk, ticket.agency), meant=agency_name(desk, ticket.meant))
    lines: tuple[Words, ...] = (
        HEAD(number=ticket.number, agency=agency_name(desk, ticket.agency)),
        *_taken(desk, ticket),
        *_sent(desk, ticket),
        *_moved(desk, ticket),
        meant if ticket.meant else "",
        merged,
    )
    return Lines(tuple(line for line in lines if line))


def _taken(desk: Desk, ticket: Ticket) -> Iterator[Words]:
    """What the story was taken for, by what and how certainly, and what the reporter said to it."""
    found, topic = guessed.kept(ticket.guesses, "category"), category_name(desk, _first_topic(desk, ticket))
    if found:
        best, *others = found
        source = _source(str(ticket.guesses.get("by", "")))
        yield TAKEN_FOR(topic=category_name(desk, best.code), sure=sure(best), source=source)
        if others:
            yield OR(others=_listed(desk, others))
    elif ticket.guesses:
        yield NOT_GUESSED
    picked = PICKED.get(str(ticket.guesses.get("picked", "")))
    yield picked(topic=topic) if picked else TOPIC(topic=topic)


def _source(by: str) -> Words:
    kind, _, made = by.partition(":")
    if kind != "model":
        return BY_KEYWORDS
    try:
        return BY_REPORTS_OF(day=date.fromisoformat(made[:10]))
    except ValueError:
        return BY_REPORTS


def sure(guess: Guess) -> Words:
    """How certain a guess is, in words and in percent."""
    return next(text for least, text in SURE if guess.certainty >= least)(percent=_percent(guess))


def _percent(guess: Guess) -> int:
    return round(guess.certainty * 100)


def _listed(desk: Desk, guesses: list[Guess]) -> Words:
    said = (ONE_OF_THEM(topic=category_name(desk, each.code), percent=_percent(each)) for each in guesses)
    return Lines(tuple(said), ", ")


def _first_topic(desk: Desk, ticket: Ticket) -> str:
    """The topic with which a report came, before any correction."""
    corrected = (str(entry.data.get("from", "")) for entry in desk.history(ticket.id) if entry.action == "recategorise")
    return next(corrected, ticket.category)


def _sent(desk: Desk, ticket: Ticket) -> Iterator[Words]:
    """By what the first agency was found."""
    kind, _, rest = ticket.why.partition(":")
    name = agency_name(desk, _first_agency(desk, ticket))
    guesses = guessed.kept(ticket.guesses, "agency")
    if kind == "rule":
        yield _ruled(desk, ticket, rest)
    elif kind == "model":
        certain = next((each for each in guesses if each.code == _first_agency(desk, ticket)), None)
        yield BY_MODEL(agency=name, sure=AND(sure=sure(certain)) if certain else "")
    elif kind == "disaster":
        yield BY_DISASTER(mode=_disaster(desk, rest), agency=name)
    elif kind in ("reporter", "officer"):
        yield (BY_REPORTER if kind == "reporter" else BY_OFFICER)(agency=name)
    else:
        coordinator = desk.facts.coordinator
        yield _undecided(desk, ticket)(agency=coordinator.name if coordinator else name)
        if guesses:
            said = (_agency(desk, each) for each in guesses)
            yield MIGHT_BE(others=Lines(tuple(said), ", "))


def _undecided(desk: Desk, ticket: Ticket) -> Text:
    """Why nobody but the coordinator could say where a report belongs."""
    if ticket.place.get("outside"):
        return OUTSIDE
    return LEFT if ticket.guesses.get("picked") == "unknown" else UNSURE


def _disaster(desk: Desk, ident: str) -> Words:
    """The disaster that was declared when a report came."""
    found = desk.disaster(int(ident)) if ident.isascii() and ident.isdigit() else None
    return affected.WHY(kind=kind_words(found.kind), area=area_words(desk, found.area)) if found else DISASTER


def _agency(desk: Desk, guess: Guess) -> Words:
    return T("why.agency", "{agency} ({percent} %)", agency=agency_name(desk, guess.code), percent=_percent(guess))


def _first_agency(desk: Desk, ticket: Ticket) -> str:
    """The agency for which a report was meant at first, also where another stood in for it."""
    for entry in desk.history(ticket.id):
        if entry.action == "forward":
            return str(entry.data.get("agency") or entry.agency)
    return ticket.agency


def _ruled(desk: Desk, ticket: Ticket, order: str) -> Words:
    """The rule that named the first agency, as it stands; one that was imported away is told by its number."""
    first = _first_agency(desk, ticket)
    rule = next((each for each in desk.facts.routes if str(each.order) == order and each.agency == first), None)
    if rule is None:
        return RULE_GONE(order=order, agency=agency_name(desk, first))
    return BY_RULE(order=order, scope=_scope(desk, rule), agency=agency_name(desk, first))


def _scope(desk: Desk, rule: Route) -> Words:
    area = desk.facts.area_by_code.get(rule.area)
    where, topic = area.name if area else rule.area, category_name(desk, rule.category)
    scopes = {(True, True): SCOPE_BOTH, (True, False): SCOPE_TOPIC, (False, True): SCOPE_AREA}
    return scopes.get((bool(rule.category), bool(rule.area)), SCOPE_ALL)(topic=topic, area=where)


def _moved(desk: Desk, ticket: Ticket) -> Iterator[Words]:
    """Each later disposition: by whom, in what capacity, and why; people are not named."""
    history = desk.history(ticket.id)
    of_itself = ticket.why and ticket.why != "unsure"
    first = next((at for at, entry in enumerate(history) if entry.action == "forward"), -1) if of_itself else -1
    before = ""
    for at, entry in enumerate(history):
        if entry.action in STEPS and at != first:
            yield _step(desk, entry, before)
        before = entry.agency


def _step(desk: Desk, entry: Entry, before: str) -> Words:
    data = entry.data
    said = str(data.get("text", ""))
    whose = str(data.get("from") or before) if entry.action in ("return", "transfer", "raise", "lower") else before
    return STEPS[entry.action](
        day=T("date", "{day}", day=local(desk, entry.agency, entry.at)),
        by=_by(desk, entry, whose),
        agency=agency_name(desk, str(data.get("agency") or entry.agency)),
        from_=agency_name(desk, whose),
        text=short(said, 200) or NOBODY_SAID,
        topic=category_name(desk, str(data.get("to", ""))),
        topic_before=category_name(desk, str(data.get("from", ""))),
    )


def _by(desk: Desk, entry: Entry, holder: str) -> Words:
    """Who did something, by what they are: the holder, one above it, or the program."""
    if entry.role is Role.SYSTEM:
        return ITSELF
    above = entry.role is Role.COORDINATOR and not is_coordinator(desk, holder)
    text = ABOVE if above else COORDINATOR if is_coordinator(desk, holder) else OFFICE
    return text(agency=agency_name(desk, holder))
