"""Which disaster a person or a report is met by while one is declared, and how it is offered and named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from handlers.answers import Option, plain
from handlers.desk import Desk, Scene
from handlers.facts import Disaster
from handlers.words import Choice, Lines, T, Text, Words

WORD: Final = "bencana"
# A button holds so many letters beside the verb.
LONG_LABEL: Final = 9

KINDS: dict[str, Text] = {
    "Banjir": T("disaster.kind", "Banjir"),
    "Longsor": T("disaster.kind", "Longsor"),
    "Gempa": T("disaster.kind", "Gempa"),
    "Kebakaran": T("disaster.kind", "Kebakaran"),
    "Angin kencang": T("disaster.kind", "Angin kencang"),
    "Erupsi": T("disaster.kind", "Erupsi"),
}
# What people say of each kind, besides its name.
SAID: dict[str, tuple[str, ...]] = {
    "Banjir": ("kebanjiran", "bandang", "meluap", "terendam", "air naik", "air masuk", "tanggul jebol", "rob"),
    "Longsor": ("tanah longsor", "tanah gerak", "tertimbun", "tebing ambrol", "tebing runtuh", "tanah ambles"),
    "Gempa": ("gempa bumi", "lindu", "goyang", "rumah retak", "rumah roboh", "bangunan roboh"),
    "Kebakaran": ("terbakar", "api", "asap", "karhutla", "hutan terbakar", "lahan terbakar"),
    "Angin kencang": (
        "puting beliung",
        "angin ribut",
        "angin topan",
        "pohon tumbang",
        "atap terbang",
        "genteng terbang",
    ),
    "Erupsi": ("gunung meletus", "meletus", "awan panas", "lahar", "abu vulkanik", "hujan abu", "wedhus gembel"),
}
NUMBERS = T(
    "disaster.numbers",
    "🚨 Bila butuh pertolongan sekarang, hubungi 112 (darurat), 115 (SAR), 119 (ambulans), atau 113 (pemadam).",
)
BANNER = T("disaster.banner", "⚠️ {kind} di {area}. Untuk melaporkannya, pilih {label}.")
OFFER = T("disaster.offer", "Lapor bencana: {kind}")
OFFER_SHORT = T("disaster.offer_short", "Lapor {kind}")
OFFER_MANY = T("disaster.offer_many", "Lapor bencana")
EVERYWHERE = T("disaster.everywhere", "seluruh wilayah")
DISTRICT = T("disaster.district", "Kecamatan {name}")
WHY = T("why.disaster", "mode darurat bencana {kind}, {area}")
MOMENT = T("disaster.moment", "{day} pukul {hour}")


def kind_words(kind: str) -> Words:
    """A kind in words; one that a coordinator named stays as it was written."""
    return KINDS.get(kind, kind)


def area_words(desk: Desk, code: str) -> Words:
    """An area in words."""
    area = desk.facts.area_by_code.get(code)
    if area is None:
        return EVERYWHERE
    return DISTRICT(name=area.name) if code.count(".") == 2 else area.name


def moment(desk: Desk, instant: datetime) -> Words:
    """An instant by the clock of the office."""
    coordinator = desk.facts.coordinator
    here = instant.astimezone(ZoneInfo(coordinator.zone if coordinator else "Asia/Jakarta"))
    return MOMENT(day=here.date(), hour=f"{here:%H.%M}")


def kinds(desk: Desk) -> Sequence[Disaster]:
    """The disasters in force, one of each kind."""
    found: dict[str, Disaster] = {}
    for each in desk.disasters():
        found.setdefault(plain(each.kind), each)
    return tuple(found.values())


def label(desk: Desk) -> Words:
    """How the short form is called on a button, while a disaster is declared."""
    known = kinds(desk)
    if len(known) != 1:
        return OFFER_MANY
    kind = known[0].kind
    return (OFFER if len(kind) <= LONG_LABEL else OFFER_SHORT)(kind=kind_words(kind))


def options(scene: Scene) -> tuple[Option, ...]:
    """The short form among the options of the menu; nothing while no disaster is declared."""
    return (
        (Option(WORD, label(scene.desk), words=("bencana", "lapor bencana", "disaster", "emergency")),)
        if kinds(scene.desk)
        else ()
    )


def banner(scene: Scene) -> Words:
    """What the menu says first while a disaster is declared; else nothing."""
    desk, known = scene.desk, kinds(scene.desk)
    told = (BANNER(kind=kind_words(each.kind), area=area_words(desk, each.area), label=label(desk)) for each in known)
    return Lines((NUMBERS, *told)) if known else ""


def offered(scene: Scene, story: str = "", area: str = "") -> Choice | None:
    """The short form as a button, for anybody, or where a story is told for those whom a disaster may have met."""
    met = any(_met(scene.desk, each, story, area) for each in scene.desk.disasters())
    return Choice(f"m:{WORD}", label(scene.desk)) if met else None


def _met(desk: Desk, disaster: Disaster, story: str, area: str) -> bool:
    if not story and not area:
        return True
    there = area or area_in(desk, story, sure=True)
    # A region as a whole names nobody's place.
    named = disaster.area in desk.facts.area_line(there) and disaster.area != desk.facts.served
    return speaks_of(disaster, story) or named


def receiving(desk: Desk, story: str, area: str) -> Disaster | None:
    """The disaster whose agency takes a report of the usual kind: it speaks of it, and lies in its area."""
    return next((each for each in desk.disasters() if speaks_of(each, story) and covers(desk, each, area)), None)


def speaks_of(disaster: Disaster, text: str) -> bool:
    """Whether words speak of a disaster of this kind."""
    said = f" {plain(text)} "
    return any(f" {word} " in said for word in (plain(disaster.kind), *SAID.get(disaster.kind, ())))


def covers(desk: Desk, disaster: Disaster, area: str) -> bool:
    """Whether a place lies in a disaster's area; an unknown one only where that is the whole region."""
    whole = disaster.area in ("", desk.facts.served)
    return whole or (bool(area) and disaster.area in desk.facts.area_line(area))


def nearest(desk: Desk, disaster: Disaster, area: str) -> Disaster:
    """Of the disasters of one kind the one in whose area a place lies."""
    alike = (each for each in desk.disasters() if plain(each.kind) == plain(disaster.kind))
    return next((each for each in alike if area and covers(desk, each, area)), disaster)


def area_of(desk: Desk, place: Mapping[str, Any]) -> str:
    """The area of a place: the one it was resolved to, else that of its point, else the district its words name."""
    lat, lon = place.get("lat"), place.get("lon")
    at = desk.facts.shapes.at(lat, lon) if lat is not None and lon is not None else ""
    return str(place.get("area", "")) or at or area_in(desk, str(place.get("text", "")))


def area_in(desk: Desk, text: str, sure: bool = False) -> str:
    """The district that a text names; empty where that is not clear."""
    found = {district(spot.code) for spot in desk.facts.places.find(text, sure)} if text else set()
    return found.pop() if len(found) == 1 else ""


def district(area: str) -> str:
    """The district in which an area lies; a larger one stays as it is."""
    return ".".join(area.split(".")[:3])
