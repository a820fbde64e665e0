"""What the agency of a disaster reads every ten minutes: new reports by place and topic, calls for help first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from handlers.affected import area_words, district, kind_words
from handlers.answers import plain
from handlers.desk import Desk, Ticket
from handlers.facts import Disaster
from handlers.labels import agency_name, place_words, short
from handlers.standin import NEWS
from handlers.words import Brief, Choice, Letter, Lines, Priority, T, Text, Words

# What a report speaks of, by words it holds; the first row that fits counts.
TOPICS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        T("gathered.topic", "korban"),
        ("korban", "luka", "terluka", "sakit", "hilang", "meninggal", "tewas", "pingsan", "tertimbun", "hanyut"),
    ),
    (T("gathered.topic", "evakuasi"), ("evakuasi", "terjebak", "terkepung", "terisolasi", "perahu", "diungsikan")),
    (
        T("gathered.topic", "kebutuhan pengungsi"),
        ("pengungsi", "mengungsi", "ngungsi", "posko", "makanan", "sembako", "air bersih", "obat", "selimut", "popok"),
    ),
    (T("gathered.topic", "rumah"), ("rumah", "omah", "atap", "genteng", "dapur", "kamar", "tembok", "dinding")),
    (
        T("gathered.topic", "jalan dan jembatan"),
        ("jalan", "jln", "jl", "jembatan", "akses", "kendaraan", "motor", "mobil", "truk"),
    ),
    (
        T("gathered.topic", "sungai dan tanggul"),
        ("sungai", "kali", "tanggul", "dam", "bendungan", "plengsengan", "pintu air", "irigasi"),
    ),
    (
        T("gathered.topic", "listrik dan pohon"),
        ("listrik", "kabel", "tiang", "padam", "pohon", "ranting"),
    ),
    (
        T("gathered.topic", "bangunan umum"),
        ("sekolah", "sd", "smp", "sma", "masjid", "musala", "pasar", "puskesmas", "balai desa"),
    ),
    (T("gathered.topic", "sawah dan ternak"), ("sawah", "kebun", "ladang", "tanaman", "ternak", "sapi", "kambing")),
)
OTHER = T("gathered.topic", "lain-lain")
NOWHERE = T("gathered.nowhere", "Kecamatan belum jelas")
HEAD = T("gathered.head", "📋 {kind}, {area}: {n} laporan baru untuk {agency}. Seluruhnya {all} laporan.")
CALLS = T("gathered.calls", "🆘 Butuh pertolongan dan belum diambil ({n}):")
CALL = T("gathered.call", "• {number} · {place}")
MORE_CALLS = T("gathered.more_calls", "… dan {n} lagi. Ketik /tugas.")
NEW = T("gathered.new", "Laporan baru menurut tempat:")
PLACE = T("gathered.place", "• {place} ({n}): {topics}")
TOPIC = T("gathered.count", "{topic} {n}")
MORE_PLACES = T("gathered.more_places", "… dan {n} laporan di tempat lain")
HOW = T("gathered.how", "Ketik /tugas untuk semuanya menurut batas waktu.")
MOST_CALLS, MOST_PLACES, BUTTONS = 10, 15, 6
LINE = 60


def digest(
    desk: Desk, disaster: Disaster, agency: str, new: Sequence[Ticket], calls: Sequence[Ticket]
) -> tuple[Letter, ...]:
    """One message to each chat of an agency: its new reports, and the calls for help that nobody has taken up."""
    everything = desk.toll(disaster.id).reports
    head = HEAD(
        kind=kind_words(disaster.kind),
        area=area_words(desk, disaster.area),
        n=len(new),
        agency=agency_name(desk, agency),
        all=everything,
    )
    text = Lines((head, *_calls(calls), NEW, *_places(desk, new), HOW))
    first = {each.id: each for each in (*calls, *new)}
    choices = tuple(Choice(f"t:{each.id}:show", each.number) for each in list(first.values())[:BUTTONS])
    brief = Brief("digest", {"agency": agency_name(desk, agency)}, NEWS, gathers=True)
    # No two bear the same key: an unread one tells of other reports than the next.
    key = f"round:disaster:{disaster.id}:{desk.now:%Y%m%d%H%M%S}"
    return tuple(
        Letter(room.id, text, choices, priority=Priority.STATUS, key=key, brief=None if room.group else brief)
        for room in desk.rooms_of(agency)
    )


def _calls(calls: Sequence[Ticket]) -> Sequence[Words]:
    if not calls:
        return ()
    lines = [CALL(number=each.number, place=_place(each)) for each in calls[:MOST_CALLS]]
    more = len(calls) - MOST_CALLS
    return (CALLS(n=len(calls)), *lines, MORE_CALLS(n=more) if more > 0 else "")


def _place(ticket: Ticket) -> Words:
    place = dict(ticket.place)
    return place_words({**place, "text": short(str(place.get("text", "")), LINE)})


def _places(desk: Desk, tickets: Iterable[Ticket]) -> Sequence[Words]:
    """A line for each district, the one with the most reports first, with what they speak of."""
    found: dict[str, list[Ticket]] = defaultdict(list)
    for each in tickets:
        found[district(each.area)].append(each)
    sorted_ = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    lines = [
        PLACE(place=area_words(desk, area) if area else NOWHERE, n=len(of), topics=_topics(of))
        for area, of in sorted_[:MOST_PLACES]
    ]
    rest = sum(len(of) for _, of in sorted_[MOST_PLACES:])
    return (*lines, MORE_PLACES(n=rest) if rest else "")


def _topics(tickets: Sequence[Ticket]) -> Words:
    counted = Counter(topic(each.story) for each in tickets)
    labels = [label for label, _ in TOPICS]
    ordered = sorted(counted.items(), key=lambda item: (item[0] < 0, -item[1], item[0]))
    return Lines(tuple(TOPIC(topic=labels[n] if n >= 0 else OTHER, n=count) for n, count in ordered), ", ")


def topic(story: str) -> int:
    """Which row of the topics a story speaks of; -1 for none."""
    said = f" {plain(story)} "
    rows = (n for n, (_, words) in enumerate(TOPICS) if any(f" {word} " in said for word in words))
    return next(rows, -1)
