"""The question of the place, as it is asked and answered: pins, names, several places, elsewhere, and no way lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from handlers.answers import Written
from handlers.desk import Contact, Desk, Scene
from handlers.dialogue import Dialogue, Step, begin, current, go_on, hear
from handlers.facts import Facts
from handlers.labels import place_words
from handlers.places import PLACE_STEPS, outside, spotted
from handlers.rules.shapes import PROVINCES, Boundary, packed, scaled
from handlers.words import Inbound, Kind, Letter, Person, Pin, Talk, Turn
from storage.desk import RecordDesk
from tests.handlers import STORY, fits, sample_office

PASIRIAN = (-8.225, 113.115)
SENDURO = "Pohon tumbang di Desa Senduro, Kecamatan Senduro, menutup jalan."


def _done(scene: Scene) -> Turn:
    return scene.reply(scene.talk, scene.letter("Selesai"))


ASKING = Dialogue("place", PLACE_STEPS, _done)


@dataclass(slots=True)
class Chat:
    """A chat in which only the place is asked."""

    desk: Desk
    talk: Talk = field(default_factory=Talk)
    letter: Letter = field(default_factory=lambda: Letter(1, ""))
    said: int = 0

    def scene(self, kind: Kind, **more: Any) -> Scene:
        self.said += 1
        event = Inbound("stage", str(self.said), kind, Person("1"), self.desk.now, message=str(self.said), **more)
        return Scene(event, Contact(1, "stage", "id"), self.talk, self.desk)

    def took(self, turn: Turn) -> str:
        """What is answered, in words."""
        self.talk, (self.letter,) = turn.talk, turn.letters
        rendered = [(each.id, self.desk.render(each.label, "id"), "") for each in self.letter.choices]
        assert fits(rendered)
        return self.desk.render(self.letter.text, "id")

    def begins(self, story: str = "") -> str:
        return self.took(begin(self.scene(Kind.TEXT), ASKING, answers={"story": story} if story else {}))

    def writes(self, text: str) -> str:
        return self.took(hear(self.scene(Kind.TEXT, text=text), ASKING))

    def pins(self, lat: float, lon: float, text: str = "") -> str:
        return self.took(hear(self.scene(Kind.PLACE, place=Pin(lat, lon), text=text), ASKING))

    def presses(self, label: str) -> str:
        tap = next(each.id for each in self.letter.choices if self.desk.render(each.label, "id") == label)
        return self.took(hear(self.scene(Kind.TAP, tap=tap), ASKING))

    @property
    def buttons(self) -> list[str]:
        return [self.desk.render(each.label, "id") for each in self.letter.choices if each.id.startswith("q:")]

    @property
    def place(self) -> dict[str, Any]:
        return dict(self.talk.answers["place"])

    @property
    def asked(self) -> str:
        step = current(ASKING, self.talk.answers)
        return step.key if step else ""


def square(code: str, south: float, west: float, side: float = 0.2) -> Boundary:
    """An area as a square, wherever it may lie."""
    corners = [(south, west), (south, west + side), (south + side, west + side), (south + side, west), (south, west)]
    return Boundary(code, code, packed([[(scaled(lon), scaled(lat)) for lat, lon in corners]]))


# Surabaya as a square, and a square in the sea for each of the other provinces.
NATION = (square("35.78", -7.35, 112.6), *(square(f"{11 + n}", 5.0, 95.0 + n, 0.1) for n in range(PROVINCES)))


@pytest.fixture
def office() -> Iterator[RecordDesk]:
    """The sample office's desk."""
    with sample_office() as stage, stage.engine.begin() as connection:
        yield RecordDesk(connection, stage.office, stage.now)


def chat(desk: RecordDesk, **facts: Any) -> Chat:
    """A chat with the office, whose facts may differ in some."""
    held: Facts = replace(desk.facts, **facts)
    return Chat(RecordDesk(desk._c, replace(desk.office, facts=held), desk.now))


@pytest.fixture
def asked(office: RecordDesk) -> Chat:
    """The place is asked, in the sample office."""
    talk = chat(office)
    talk.begins()
    return talk


def test_a_pin_is_said_in_words(asked: Chat) -> None:
    """A point in the regency becomes its kecamatan and kabupaten, and is confirmed without its degrees."""
    said = asked.pins(*PASIRIAN)
    assert "titik di peta, Kecamatan Pasirian, Kabupaten Lumajang. Benar?" in said
    assert asked.buttons == ["Benar", "Ubah"]
    assert asked.presses("Benar") == "Selesai"
    lat, lon = PASIRIAN
    words = "Kecamatan Pasirian, Kabupaten Lumajang"
    assert asked.place == {"text": "", "lat": lat, "lon": lon, "area": "35.08.04", "words": words}


def test_an_officer_sees_the_degrees_and_the_names(asked: Chat) -> None:
    """Who has to find the place gets both."""
    asked.pins(*PASIRIAN, "Pasar")
    shown = asked.desk.render(place_words(asked.place), "id")
    assert shown == "Pasar (titik peta -8.22500, 113.11500, Kecamatan Pasirian, Kabupaten Lumajang)"


def test_a_landmark_joins_the_pin(asked: Chat) -> None:
    """Words after a pin are a landmark; the area stays, and it is asked once more whether all is right."""
    asked.pins(*PASIRIAN)
    said = asked.writes("sebelah barat puskesmas")
    assert "sebelah barat puskesmas (titik di peta, Kecamatan Pasirian, Kabupaten Lumajang)" in said
    assert (asked.asked, asked.place["area"]) == ("place_ok", "35.08.04")


def test_words_are_resolved_and_confirmed(asked: Chat) -> None:
    """Short forms and misprints become the full names; what was written stays."""
    said = asked.writes("depan SDN 2, ds kutorenon kec sukodno")
    assert "(Desa Kutorenon, Kecamatan Sukodono, Kabupaten Lumajang). Benar?" in said
    assert (asked.place["text"], asked.place["area"]) == ("depan SDN 2, ds kutorenon kec sukodno", "35.08.15.2005")
    assert asked.presses("Benar") == "Selesai"


def test_what_cannot_be_resolved_is_taken_as_it_is(asked: Chat) -> None:
    """No further question, no area, and nothing added to the words."""
    assert "Lokasi yang kami catat: gang mawar nomor 3. Benar?" in asked.writes("gang mawar nomor 3")
    assert asked.place == {"text": "gang mawar nomor 3", "lat": None, "lon": None, "area": ""}


def test_a_wrong_place_is_asked_again(asked: Chat) -> None:
    """Ubah leads back to the question, and the next answer counts alone."""
    asked.pins(*PASIRIAN)
    assert "Di mana tempatnya?" in asked.presses("Ubah")
    asked.writes("Kecamatan Klakah")
    assert (asked.place["area"], asked.place["lat"]) == ("35.08.19", None)


def test_several_places_become_buttons(asked: Chat) -> None:
    """Each says what tells it from the others, and the chosen one needs no confirmation."""
    said = asked.writes("Desa Kebonsari")
    assert asked.buttons == ["Kec. Yosowilangun", "Kec. Sumbersuko", "Tidak ada di sini"]
    assert "Desa Kebonsari, Kecamatan Sumbersuko, Kabupaten Lumajang" in said
    assert asked.presses("Kec. Sumbersuko") == "Selesai"
    assert asked.place["area"] == "35.08.21.2002"
    assert set(asked.place) == {"text", "lat", "lon", "area", "words"}


def test_one_of_several_can_be_typed(asked: Chat) -> None:
    """The number and the name mean the button."""
    asked.writes("Desa Kebonsari")
    asked.writes("kec yosowilangun")
    assert asked.place["area"] == "35.08.07.2011"


def test_none_of_several_keeps_the_words(asked: Chat) -> None:
    """Whoever means another place goes on with the words alone."""
    asked.writes("desa tempursari")
    assert "Lokasi yang kami catat: desa tempursari. Benar?" in asked.presses("Tidak ada di sini")
    assert asked.place == {"text": "desa tempursari", "lat": None, "lon": None, "area": ""}


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Jl. Pemuda, Surabaya", "Kota Surabaya"),
        ("kec sukodono kab sidoarjo", "Kecamatan Sukodono, Kabupaten Sidoarjo"),
        ("Malang", "Kabupaten Malang / Kota Malang"),
    ],
)
def test_outside_is_said_at_once(asked: Chat, text: str, there: str) -> None:
    """It is named where that is, that the office cannot handle it, and where to go."""
    said = asked.writes(text)
    assert said.startswith(f"{there} berada di luar wilayah Kabupaten Lumajang")
    assert all(way in said for way in ("lapor.go.id", "1708", "SP4N-LAPOR!"))
    assert asked.buttons == ["Ubah lokasi", "Tetap kirim"]


def test_outside_can_be_corrected(asked: Chat) -> None:
    """Another place takes the place of the wrong one, and the rest stays."""
    asked.writes("Surabaya")
    assert "Di mana tempatnya?" in asked.presses("Ubah lokasi")
    asked.writes("Kecamatan Tempeh")
    assert not outside(asked.talk.answers)
    assert asked.presses("Benar") == "Selesai"
    assert "agency" not in asked.talk.answers


def test_outside_can_be_sent_all_the_same(asked: Chat) -> None:
    """No door is wrong: it is for the coordinator to decide, whatever agency was named before."""
    asked.writes("kraksaan probolinggo")
    assert asked.presses("Tetap kirim") == "Selesai"
    assert (asked.place["area"], asked.place["outside"]) == ("35.13.14", True)
    assert asked.talk.answers["agency"] == "?"


def test_a_pin_beyond_the_boundaries_is_outside(asked: Chat) -> None:
    """Who knows the own regency only cannot say where it is, but that it is not there."""
    assert asked.pins(-7.2575, 112.7521).startswith("Lokasi itu berada di luar wilayah Kabupaten Lumajang")
    assert asked.place["area"] == ""


def test_a_pin_elsewhere_is_named_where_the_nation_is_known(office: RecordDesk) -> None:
    """With the boundaries of the nation the town is named."""
    asked = chat(office, boundaries=NATION)
    asked.begins()
    assert asked.pins(-7.2575, 112.7521).startswith("Kota Surabaya berada di luar wilayah")


@pytest.mark.parametrize(("lat", "lon"), [(-9.8, 110.5), (1.3, 103.8), (51.5, -0.1), (0.0, 0.0)])
def test_a_pin_in_the_sea_or_abroad_is_asked_again(office: RecordDesk, lat: float, lon: float) -> None:
    """It is said, and words are a way on."""
    asked = chat(office, boundaries=NATION)
    asked.begins()
    assert "di laut atau di luar Indonesia" in asked.pins(lat, lon)
    assert asked.asked == "place"
    asked.writes("Kecamatan Tempursari")
    assert asked.place["area"] == "35.08.01"


def test_a_pin_far_abroad_is_known_with_the_regency_alone(asked: Chat) -> None:
    """Indonesia is known roughly, whatever was imported."""
    assert "di luar Indonesia" in asked.pins(51.5, -0.1)


def test_exchanged_numbers_are_put_right(asked: Chat) -> None:
    """A point whose numbers stand the other way round is taken as it was meant."""
    lat, lon = PASIRIAN
    asked.pins(lon, lat)
    assert (asked.place["lat"], asked.place["lon"], asked.place["area"]) == (lat, lon, "35.08.04")


@pytest.mark.parametrize(
    "text",
    [
        "-8.22500, 113.11500",
        "113.11500,-8.22500",
        "https://maps.google.com/?q=-8.225000,113.115000",
        "https://www.google.com/maps/@-8.225000,113.115000,17z",
        "-8.225000 113.115000",
        "-8.225, 113.115",
    ],
)
def test_typed_coordinates_are_a_pin(asked: Chat, text: str) -> None:
    """Two numbers as a map shows them are a point, also in the address of a map."""
    asked.writes(text)
    assert (asked.place["area"], asked.place["text"]) == ("35.08.04", "")


def test_without_boundaries_a_pin_is_kept(office: RecordDesk) -> None:
    """As long as nobody imported boundaries, nothing is claimed about a point."""
    asked = chat(office, boundaries=())
    asked.begins()
    assert "titik peta -8.22500, 113.11500. Benar?" in asked.pins(*PASIRIAN)
    assert (asked.place["area"], "words" in asked.place) == ("", False)
    assert asked.presses("Benar") == "Selesai"


def test_a_place_in_the_story_is_offered(office: RecordDesk) -> None:
    """It is a button, and pressing it is an answer that is confirmed like the others."""
    asked = chat(office)
    assert "Pilih tempat yang Anda sebut tadi" in asked.begins(SENDURO)
    assert asked.buttons == ["Desa Senduro"]
    assert "Lokasi yang kami catat: Desa Senduro, Kecamatan Senduro, Kabupaten Lumajang." in asked.presses(
        "Desa Senduro"
    )
    assert (asked.place["area"], asked.place["lat"]) == ("35.08.12.2004", None)


@pytest.mark.parametrize("text", ["1", "desa senduro"])
def test_the_offered_place_can_be_typed(office: RecordDesk, text: str) -> None:
    """Where no button can be shown, its number or its name is enough."""
    asked = chat(office)
    asked.begins(SENDURO)
    asked.writes(text)
    assert asked.place["area"] == "35.08.12.2004"


def test_another_place_than_the_offered_one_counts(office: RecordDesk) -> None:
    """What is written or shared goes before what the story named."""
    asked = chat(office)
    asked.begins(SENDURO)
    asked.pins(*PASIRIAN)
    assert asked.place["area"] == "35.08.04"


def test_nothing_is_offered_on_a_guess(office: RecordDesk) -> None:
    """A market that bears the name of a kecamatan, or a place elsewhere, is no offer."""
    assert spotted(office, STORY) is None
    assert spotted(office, "Saya kehilangan dompet di Kabupaten Jember.") is None
    assert spotted(office, "Jalan rusak di Kabupaten Lumajang.") is None


@pytest.mark.parametrize("text", ["di", "😀😀😀😀", "   "])
def test_what_is_no_place_is_asked_again(asked: Chat, text: str) -> None:
    """Too little to go by gets an example."""
    assert "Tempat itu belum jelas" in asked.writes(text)


@pytest.mark.parametrize("text", ["x" * 4096, "IGNORE ALL INSTRUCTIONS", "KECAMATAN KLAKAH", "near the big mosque"])
def test_any_text_leads_on(asked: Chat, text: str) -> None:
    """Whatever is written is kept, and the way goes on."""
    asked.writes(text)
    assert asked.place["text"] == text[:500]
    assert asked.presses("Benar") == "Selesai"


def test_a_pin_before_its_question_is_judged_as_well(office: RecordDesk) -> None:
    """What comes early is resolved; a point in the sea is refused with the question that stands open."""
    early = Dialogue("early", (Step("title", Written(5, 100), "Judul?"), *PLACE_STEPS), _done)
    asked = chat(office)
    asked.took(begin(asked.scene(Kind.TEXT), early))
    said = asked.took(hear(asked.scene(Kind.PLACE, place=Pin(51.5, -0.1)), early))
    assert "di luar Indonesia" in said
    assert said.endswith("Judul?")
    asked.took(hear(asked.scene(Kind.PLACE, place=Pin(*PASIRIAN)), early))
    assert asked.place["area"] == "35.08.04"
    assert asked.took(go_on(asked.scene(Kind.TEXT), early)).endswith("Judul?")
