"""An open report of the same thing near the place: shown by neutral facts alone, to be joined or passed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from math import floor
from typing import Any

from handlers.affected import area_words
from handlers.answers import Option, Pick, local_day, plain
from handlers.desk import Desk, Neighbour, Scene
from handlers.dialogue import Answers, Step
from handlers.facts import Facts
from handlers.labels import agency_name
from handlers.rules.likeness import Told, likest, metres
from handlers.rules.placewords import street_in
from handlers.submit import UNKNOWN, category_of, routed
from handlers.watching import sensitive
from handlers.words import Lines, Pin, T, Words

NEW = "new"
SPAN = timedelta(days=90)
OFFERED = 3
# Distances are told in steps, so that nobody learns from which door another report was made.
STEP = 50
# In degrees, about a hundred metres.
CELL = 0.001
# Questions that one who joins need not be asked; what was answered before stays.
ASIDE = ("agency", "date", "files")

ONE = T(
    "nearby.one",
    "Sudah ada laporan serupa di dekat sini: {what}.\n\nBila masalahnya sama, pilih Ikut memantau: laporan Anda "
    "tetap punya nomor sendiri, dan kabar yang sama sampai kepada Anda.",
)
MANY = T(
    "nearby.many",
    "Sudah ada beberapa laporan serupa di dekat sini:\n{what}\n\nBila salah satunya masalah yang sama, ikutlah "
    "memantau: laporan Anda tetap punya nomor sendiri, dan kabar yang sama sampai kepada Anda.",
)
FACTS = T("nearby.facts", "{category}, {where}, sejak {day}, ditangani {agency}")
NUMBERED = T("nearby.numbered", "{n}. {what}")
METRES = T("nearby.metres", "sekitar {n} m dari titik Anda")
JOIN = T("nearby.join", "Ikut memantau")
JOIN_ONE = T("nearby.join_one", "Ikut memantau {n}")
FRESH = Option(
    NEW,
    T("nearby.new", "Tidak, laporan baru"),
    words=(
        "bukan",
        "tidak",
        "beda",
        "baru",
        "laporan baru",
        "buat laporan baru",
        "buat baru",
        "no",
        "new",
        "different",
    ),
)
JOIN_WORDS = ("ikut", "pantau", "memantau", "ya", "iya", "sama", "yes", "follow", "join", "same")


def joins(answers: Answers) -> bool:
    """Whether the reporter chose to join a report that is open already."""
    return str(answers.get("nearby", NEW)) != NEW


def look(scene: Scene, answers: Answers) -> Answers:
    """The answers with what is open and similar near the place, once place and topic are known.

    Conditions look at the answers alone; `near` holds of each such report what may be told of it, and nothing else.
    """
    found = _told_apart(_neutral(scene, each, answers) for each in _alike(scene, answers))
    if found == answers.get("near", []):
        return answers
    left = {key: value for key, value in _unassumed(answers).items() if key not in ("near", "nearby")}
    return {**left, "near": found} if found else left


def _told_apart(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of reports of which the same is told, the oldest: nobody could choose between them."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in sorted(found, key=lambda near: int(near["id"])):
        first.setdefault(tuple(value for key, value in each.items() if key != "id"), each)
    return list(first.values())


def _alike(scene: Scene, answers: Answers) -> Sequence[Neighbour]:
    """The open reports that are most like what was told so far."""
    desk, facts, code, place = scene.desk, scene.desk.facts, category_of(answers), answers.get("place")
    if not code or not place or answers.get("type") == "information_request" or sensitive(desk, code):
        return ()
    day = date.fromisoformat(answers["date"]) if "date" in answers else local_day(scene)
    mine = _told(facts, answers["story"], place, str(place.get("area", "")), day, code)
    pin = Pin(mine.lat, mine.lon) if mine.lat is not None and mine.lon is not None else None
    near = desk.nearby(_family(facts, code), _areas(facts, mine.area), pin, desk.now - SPAN)
    fitting = sorted(_fitting(scene, near, answers), key=lambda each: each.id)
    return likest(mine, fitting, lambda each: _of(facts, each), OFFERED)


def _fitting(scene: Scene, near: Sequence[Neighbour], answers: Answers) -> Sequence[Neighbour]:
    """The reports that may be shown to this person: somebody else's, and of the same kind."""
    desk, kind = scene.desk, answers.get("type")
    own = {scene.contact.id, *(desk.kin(scene.contact.id) if near else ())}
    shut = {code for code in {each.category for each in near} if sensitive(desk, code)}
    return [
        each
        for each in near
        if (kind is None or each.report_type == kind) and each.reporter not in own and each.category not in shut
    ]


def _told(facts: Facts, story: str, place: Mapping[str, Any], area: str, day: date, category: str) -> Told:
    names = tuple(facts.area_by_code[code].name for code in facts.area_line(area) if code in facts.area_by_code)
    text, lat, lon = str(place.get("text", "")), place.get("lat"), place.get("lon")
    return Told(story, text, area, lat, lon, day, facts.category_line(category), names)


def _of(facts: Facts, ticket: Neighbour) -> Told:
    return _told(facts, ticket.story, ticket.place, ticket.area, ticket.happened, ticket.category)


def _family(facts: Facts, code: str) -> tuple[str, ...]:
    """All categories below the topmost one of this line: people choose different ones for one thing."""

    def below(each: str) -> Iterator[str]:
        yield each
        for child in facts.children.get(each, ()):
            yield from below(child.code)

    line = facts.category_line(code)
    return tuple(below(line[-1])) if line else ()


def _areas(facts: Facts, area: str) -> tuple[str, ...]:
    """The district of an area and all in it; what is larger stands for itself."""
    parts = area.split(".")
    if len(parts) < 3:
        return (area,) if area else ()
    district = ".".join(parts[:3])
    below = (code for code in facts.area_by_code if code.startswith(f"{district}."))
    return tuple(dict.fromkeys((district, area, *below)))


def _neutral(scene: Scene, ticket: Neighbour, answers: Answers) -> dict[str, Any]:
    """What of another's report may be told: nothing that they wrote but the name of the street."""
    return {
        "id": ticket.id,
        "category": ticket.category,
        "street": _street(ticket.place, answers["place"]),
        "area": ticket.area if ticket.area in scene.desk.facts.area_by_code else "",
        "metres": _steps(answers["place"], ticket.place),
        "day": ticket.happened.isoformat(),
        "agency": ticket.agency,
    }


def _street(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> str:
    """The street of another's report, where the asker named it too: what they alone wrote may say who they are."""
    street = street_in(str(theirs.get("text", "")))
    return street if street and plain(street) in plain(str(mine.get("text", ""))) else ""


def _steps(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """How far two points lie apart, rounded up; 0 where one of the places is in words."""
    points: list[Any] = [place.get(name) for place in (one, other) for name in ("lat", "lon")]
    if None in points:
        return 0
    # From its cell of the map: whoever moves their own point about finds no more of the other than that.
    there = [(floor(each / CELL) + 0.5) * CELL for each in points[2:]]
    return (int(metres(*points[:2], *there)) // STEP + 1) * STEP


def _facts(desk: Desk, near: Mapping[str, Any]) -> Words:
    """One report in words."""
    where: list[Words] = [str(near["street"])]
    where.append(area_words(desk, near["area"]) if near["area"] else "")
    where.append(METRES(n=near["metres"]) if near["metres"] else "")
    line = desk.facts.category_line(near["category"])
    return FACTS(
        category=desk.facts.category_by_code[line[0]].name if line else "",
        where=Lines(tuple(where), ", "),
        day=date.fromisoformat(near["day"]),
        agency=agency_name(desk, near["agency"]),
    )


def question(scene: Scene) -> Words:
    """What is open near the place, and whether it is the same."""
    near = scene.talk.answers.get("near", ())
    told = [_facts(scene.desk, each) for each in near]
    if len(told) == 1:
        return ONE(what=told[0])
    return MANY(what=Lines(tuple(NUMBERED(n=n, what=each) for n, each in enumerate(told, 1))))


def options(scene: Scene) -> Sequence[Option]:
    """Each of the reports to join, and a report of one's own."""
    near = scene.talk.answers.get("near", ())
    if len(near) == 1:
        return (Option(str(near[0]["id"]), JOIN, words=JOIN_WORDS), FRESH)
    return (*(Option(str(each["id"]), JOIN_ONE(n=n)) for n, each in enumerate(near, 1)), FRESH)


def _decided(scene: Scene, answers: Answers) -> Answers:
    """Who joins is asked no more than is needed; who does not is asked all of it."""
    left = _unassumed(answers)
    if not joins(left):
        return left
    rule = routed(scene.desk, left)
    instead: dict[str, Any] = {
        "agency": rule.agency if rule else UNKNOWN,
        "date": local_day(scene).isoformat(),
        "files": list(left.get("kept_files") or []),
    }
    assumed = {key: instead[key] for key in ASIDE if key not in left}
    # Before the answer, so that *Kembali* leads to it.
    return {**assumed, **left, "assumed": list(assumed)}


def _unassumed(answers: Answers) -> dict[str, Any]:
    """The answers without what was put in their place; files that came meanwhile stay."""
    assumed = answers.get("assumed", ())
    left = {key: value for key, value in answers.items() if key not in (*assumed, "assumed")}
    return {**left, "kept_files": answers["files"]} if "files" in assumed and answers.get("files") else left


NEARBY_STEP = Step("nearby", Pick(options), question, when=lambda answers: bool(answers.get("near")), then=_decided)
