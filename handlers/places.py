"""The place of a report: given, resolved to an area, and confirmed in words before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from handlers.answers import WORDS, Again, Option, Pick, substance
from handlers.desk import Scene
from handlers.dialogue import Answers, Step
from handlers.labels import place_words, short
from handlers.submit import UNKNOWN
from handlers.whereabouts import LABEL, Given, Located, brief, located, spotted
from handlers.words import T, Words

__all__ = ["PLACE_OK", "PLACE_STEPS", "Confirmed", "Located", "outside", "said_to_reporter", "spotted"]

NONE, SEND, CHANGE = "none", "send", "change"
LOCATED: Final = Located()
QUESTION = T(
    "report.place",
    "Di mana kejadiannya? Kirim lokasi (📎 → Lokasi), atau tulis nama jalan, desa/kelurahan, dan kecamatan.",
)
QUESTION_OF_WISH = T(
    "report.place_of_wish",
    "Di mana tempatnya? Kirim lokasi (📎 → Lokasi), atau tulis nama jalan, desa/kelurahan, dan kecamatan.",
)
QUESTION_SPOTTED = T(
    "report.place_spotted",
    "Di mana tempatnya? Pilih tempat yang Anda sebut tadi, kirim lokasi (📎 → Lokasi), "
    "atau tulis nama jalan, desa/kelurahan, dan kecamatan.",
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Yes or change; other words are a landmark."""

    pick: Pick
    takes: ClassVar = WORDS

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return self.pick.options(scene)

    def read(self, scene: Scene, pressed: str | None) -> Any:
        try:
            return self.pick.read(scene, pressed)
        except Again:
            text = scene.event.text.strip()
            if substance(text) < 4:
                raise
            return text[:200]


PLACE_OK = Confirmed(
    Pick(
        (
            Option("yes", T("report.right", "Benar"), words=("ya", "iya", "betul", "ok", "oke", "yes")),
            Option(
                CHANGE,
                T("report.change", "Ubah"),
                words=("salah", "bukan", "ganti", "tidak", "no", "wrong", "change", "edit"),
            ),
        )
    )
)
OUTSIDE = Pick(
    (
        Option(CHANGE, T("place.change", "Ubah lokasi"), words=("ubah", "salah", "bukan", "ganti", "change", "wrong")),
        Option(SEND, T("place.send", "Tetap kirim"), words=("kirim", "tetap", "lanjut", "send", "anyway", "yes")),
    )
)


def _question(scene: Scene) -> Words:
    if LOCATED.options(scene):
        return QUESTION_SPOTTED
    return QUESTION if scene.talk.answers.get("type") == "complaint" else QUESTION_OF_WISH


def _candidates(scene: Scene) -> Sequence[Option]:
    """What the words may mean, each by what tells it from the others, and a way to leave it at the words."""
    places = scene.desk.facts.places
    spots = [places.spot(code) for code in scene.talk.answers["place"].get("which", ())]
    ways = [spot.words.split(", ") for spot in spots]
    used = set[str]()
    options: list[Option] = []
    for spot, way in zip(spots, ways, strict=True):
        alike = sum(other[0] == way[0] for other in ways) > 1
        label = brief(way[1] if alike and len(way) > 1 else way[0])
        label = f"{len(options) + 1}. {short(label, LABEL - 3)}" if label in used else label
        used.add(label)
        options.append(Option(spot.code, label, spot.words))
    return (
        *options,
        Option(NONE, T("place.none", "Tidak ada di sini"), words=("bukan", "tidak ada", "lain", "none", "no", "other")),
    )


def _chosen(scene: Scene, answers: Answers) -> Answers:
    """The place with the area that was chosen, or as it was written; a served one needs no confirmation any more."""
    code = answers["place_which"]
    place: Given = {key: value for key, value in answers["place"].items() if key != "which"}
    left = {key: value for key, value in answers.items() if key != "place_which"}
    if code == NONE:
        return {**left, "place": place}
    place = located(place, scene.desk.facts.places.spot(code))
    left = {**left, "place": place}
    return left if outside(left) else {**left, "place_ok": "yes"}


def _outside_text(scene: Scene) -> Words:
    facts = scene.desk.facts
    there = scene.talk.answers["place"].get("words")
    return T(
        "place.outside",
        "{there} di luar wilayah {served}, jadi kami tidak berwenang menanganinya. Agar sampai ke instansi yang "
        "tepat, laporkan lewat lapor.go.id, SMS 1708, atau aplikasi SP4N-LAPOR!\n\nAnda dapat mengubah lokasinya, "
        "atau tetap mengirim: petugas kami akan membantu meneruskannya. Cerita Anda tetap tersimpan.",
        there=T("place.there", "{place} berada", place=there) if there else T("place.this", "Lokasi itu berada"),
        served=facts.places.spot(facts.served).words,
    )


def _outside(scene: Scene, answers: Answers) -> Answers:
    """Back to the place, or on with it: then the coordinator decides, whatever agency was named before."""
    if answers["place_outside"] == CHANGE:
        return _without(answers, "place", "place_outside")
    return {**_without(answers, "agency_other"), "agency": UNKNOWN, "settled": True}


def _place_ok_text(scene: Scene) -> Words:
    return T(
        "report.place_ok",
        "Lokasi yang kami catat: {place}. Benar? Anda juga boleh menulis patokan tempatnya.",
        place=said_to_reporter(scene.talk.answers["place"]),
    )


def said_to_reporter(place: Given) -> Words:
    """A place without its degrees where its area is known: who stands there knows the names."""
    words = place.get("words")
    if not words or place.get("lat") is None:
        return place_words(place)
    pin = T("place.pin", "titik di peta, {words}", words=words)
    return T("place", "{text} ({pin})", text=place["text"], pin=pin) if place["text"] else pin


def _landmark(scene: Scene, answers: Answers) -> Answers:
    said = answers["place_ok"]
    if said == CHANGE:
        return _without(answers, "place", "place_ok")
    if said == "yes":
        return answers
    place = dict(answers["place"])
    place["text"] = f"{place['text']}, {said}" if place["text"] else said
    return {**_without(answers, "place_ok"), "place": place}


def _without(answers: Answers, *gone: str) -> Answers:
    return {key: value for key, value in answers.items() if key not in gone}


def outside(answers: Answers) -> bool:
    """Whether the place lies where the office cannot handle it: then the coordinator decides, and no rule."""
    return bool(answers.get("place", {}).get("outside"))


PLACE_STEPS: tuple[Step, ...] = (
    Step("place", LOCATED, _question, resets=("place_which", "place_outside", "place_ok")),
    Step(
        "place_which",
        Pick(_candidates),
        T("place.which", "Ada beberapa tempat dengan nama itu. Yang mana?"),
        when=lambda a: bool(a.get("place", {}).get("which")),
        then=_chosen,
    ),
    Step("place_outside", OUTSIDE, _outside_text, when=outside, then=_outside),
    Step("place_ok", PLACE_OK, _place_ok_text, when=lambda a: not outside(a), then=_landmark),
)
