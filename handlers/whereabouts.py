"""Where something is: a pin or words, looked up in the boundaries and the names of the nation's areas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from handlers.answers import Again, Option, Where, means, plain
from handlers.desk import Desk, Scene
from handlers.labels import short
from handlers.rules.placenames import REGENCIES, Spot
from handlers.rules.shapes import in_archipelago
from handlers.words import T

Given = Mapping[str, Any]

# Two numbers as a map writes them, typed or within the address of a map.
COORDINATES: Final = re.compile(r"(?<![\d.])(-?\d{1,3}\.\d{2,})\s*[,;/ ]\s*(-?\d{1,3}\.\d{2,})")
FROM_STORY: Final = "story"
LABEL: Final = 24
TOLD: Final = 2000
BRIEF: Final = {"Kecamatan": "Kec.", "Kelurahan": "Kel.", "Kabupaten": "Kab.", "Kota Administrasi": "Kota"}
SEA = T(
    "place.sea",
    "Titik itu berada di laut atau di luar Indonesia. Kirim lagi lokasinya (📎 → Lokasi), "
    "atau tulis nama jalan, desa/kelurahan, dan kecamatan.",
)


def spotted(desk: Desk, story: str) -> Spot | None:
    """The one place in the served area that a story names without a doubt."""
    facts = desk.facts
    found = facts.places.find(story[:TOLD], sure=True)
    if len(found) != 1 or not found[0].served or found[0].code in facts.area_line(facts.served):
        return None
    return found[0]


def at_pin(desk: Desk, lat: float, lon: float, text: str = "") -> Given:
    """A point with the area it lies in; raises Again where that is in the sea or abroad."""
    facts = desk.facts
    if not in_archipelago(lat, lon) and in_archipelago(lon, lat):
        # Whoever copies a point from a map may have put the two numbers the other way round.
        lat, lon = lon, lat
    place: Given = {"text": text, "lat": lat, "lon": lon, "area": ""}
    if not facts.shapes:
        return place
    area = facts.shapes.at(lat, lon)
    if area:
        return located(place, facts.places.spot(area))
    if facts.shapes.nationwide or not in_archipelago(lat, lon):
        raise Again(SEA, alone=True)
    return {**place, "outside": True}


def _in_indonesia(one: float, other: float) -> bool:
    """Whether two numbers are a point of Indonesia, in either order."""
    return in_archipelago(one, other) or in_archipelago(other, one)


def in_words(desk: Desk, text: str) -> Given:
    """A place in words with the area they name; with `which` where they name several."""
    place: Given = {"text": text, "lat": None, "lon": None, "area": ""}
    found = desk.facts.places.find(text)
    if len(found) == 1:
        return located(place, found[0])
    if any(spot.served or desk.facts.places.level(spot.code) > REGENCIES for spot in found):
        return {**place, "which": [spot.code for spot in found]}
    return {**place, "words": " / ".join(spot.words for spot in found), "outside": True} if found else place


def located(place: Given, spot: Spot) -> Given:
    """A place with its area, and whether that lies outside the served one."""
    outside = {} if spot.served else {"outside": True}
    return {**place, "area": spot.code, "words": spot.words, **outside}


def brief(name: str) -> str:
    """The name of an area, short enough for a button."""
    for long, brief in BRIEF.items():
        name = name.replace(f"{long} ", f"{brief} ")
    return short(name, LABEL)


@dataclass(frozen=True, slots=True)
class Located(Where):
    """A place that is looked up when it is given; one that the story named can be chosen."""

    def options(self, scene: Scene) -> tuple[Option, ...]:
        spot = spotted(scene.desk, str(scene.talk.answers.get("story", "")))
        if spot is None:
            return ()
        name, _, above = spot.words.partition(", ")
        return (Option(FROM_STORY, brief(name), above),)

    def read(self, scene: Scene, pressed: str | None) -> Mapping[str, Any]:
        # What is so much longer than a button cannot mean it.
        long = pressed is None and len(plain(scene.event.text)) > 2 * LABEL
        for option in () if long else self.options(scene):
            if pressed == option.value or (pressed is None and self.takes_up(scene, option)):
                spot = spotted(scene.desk, str(scene.talk.answers["story"]))
                assert spot is not None
                return {"text": spot.words, "lat": None, "lon": None, "area": spot.code, "words": spot.words}
        given = Where.read(self, scene, None)
        if given["lat"] is not None:
            return at_pin(scene.desk, given["lat"], given["lon"], given["text"])
        point = COORDINATES.search(given["text"])
        if point and _in_indonesia(float(point[1]), float(point[2])):
            rest = COORDINATES.sub("", given["text"]).strip()
            return at_pin(scene.desk, float(point[1]), float(point[2]), rest if "://" not in rest else "")
        return in_words(scene.desk, given["text"])

    def takes_up(self, scene: Scene, option: Option) -> bool:
        """Whether what was typed is the number or the name of the option."""
        text = scene.event.text
        shown = any(value == option.value for value, _ in scene.talk.shown)
        return scene.event.place is None and ((shown and plain(text) == "1") or means(scene, text, option))
