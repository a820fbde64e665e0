"""After the story the program says what it took it for: one tap confirms what is sure, and three stand else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers import suggestions, topics
from tests.handlers import STORY, UNSURE, Overheard, begin, current, desk, faults, sample_office
from tests.handlers.telling import (
    AGENCIES,
    LAMP,
    LIST,
    QUESTION,
    ROAD,
    RULED,
    SARI,
    STRANGE,
    SURE,
    UNCERTAIN,
    UNRULED,
    WISH,
    asked,
    offered,
    placed,
    sari,
    sent,
    taught,
    teach,
)


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


# -- how certain it is


@pytest.mark.parametrize(
    ("story", "question"),
    [
        (LAMP, "Yang kami tangkap: Pengaduan tentang Lampu jalan mati, untuk Dinas Perhubungan. Benar?"),
        (WISH, "Yang kami tangkap: Aspirasi tentang Taman & alun-alun, untuk Dinas Lingkungan Hidup. Benar?"),
        (
            QUESTION,
            "Yang kami tangkap: Permintaan informasi tentang KTP & KK, untuk Dinas Kependudukan dan "
            "Pencatatan Sipil. Benar?",
        ),
    ],
)
def test_one_tap_confirms_what_is_sure(stage: Overheard, story: str, question: str) -> None:
    """Kind, topic and agency are said in one question, and after *Benar* the place is asked."""
    begin(stage, SARI, story)
    assert asked(stage) == question
    assert offered(stage)[0] == "Benar"
    assert "Di mana " in sari(stage, "[Benar]")


@pytest.mark.parametrize("word", ["1", "ya", "Betul!", "benar", "lampu jalan mati"])
def test_it_can_be_confirmed_in_words(stage: Overheard, word: str) -> None:
    """A number, a yes and the name of the topic confirm as the button does."""
    begin(stage, SARI, LAMP)
    sari(stage, word)
    assert current(stage, SARI).answers["category"] == "lampu-jalan"


def test_a_confirmed_report_goes_straight_to_the_agency(stage: Overheard) -> None:
    """The agency is not asked any more, and the report keeps what was guessed and that it was confirmed."""
    begin(stage, SARI, LAMP)
    placed(stage, "[Benar]")
    ticket = sent(stage)
    assert (ticket.category, ticket.agency, ticket.why) == ("lampu-jalan", "dishub", "rule:40")
    assert ticket.guesses == {
        "by": "keywords",
        "category": [["lampu-jalan", pytest.approx(0.88, abs=0.1)]],
        "agency": [],
        "picked": "confirmed",
    }


def test_unsure_is_said_and_three_are_offered(stage: Overheard) -> None:
    """Where nobody is sure, the best three stand as buttons before the list and the way without any."""
    teach(stage, taught(RULED, UNCERTAIN))
    begin(stage, SARI, "Jalan di sini begini terus setiap hujan turun.")
    assert asked(stage) == topics.SUGGESTED.source
    assert offered(stage) == ["Selokan & genangan", "Trotoar", "Taman & alun-alun", "Topik lain", "Saya tidak tahu"]
    placed(stage, "[Trotoar]")
    ticket = sent(stage)
    assert (ticket.category, ticket.agency, ticket.guesses["picked"]) == ("trotoar", "dputr", "offered")


def test_one_unsure_guess_is_named(stage: Overheard) -> None:
    """Where there is one guess alone, it is asked whether that is right; it is never taken for granted."""
    begin(stage, SARI, STORY)
    assert asked(stage) == "Kami belum yakin. Apakah ini tentang Jalan rusak & berlubang?"
    assert offered(stage) == ["Benar", "Topik lain", "Saya tidak tahu"]
    placed(stage, "jalan rusak & berlubang")
    assert sent(stage).guesses["picked"] == "offered"


def test_the_list_comes_only_when_it_is_asked_for(stage: Overheard) -> None:
    """Where nothing was understood there are two buttons; the list of topics stands behind one of them."""
    begin(stage, SARI, UNSURE)
    assert asked(stage) == topics.NOT_UNDERSTOOD.source
    assert offered(stage) == ["Pilih topik", "Petugas menentukan"]
    assert LIST in sari(stage, "[Pilih topik]")
    sari(stage, "[Jalan & lalu lintas]")
    placed(stage, "[Trotoar]")
    assert sent(stage).guesses["picked"] == "other"
    assert sum(LIST in parcel.body.text for parcel in stage.heard(SARI)) == 1


@pytest.mark.parametrize("story", [LAMP, STORY, UNSURE, WISH])
def test_the_list_is_never_pressed_on_anybody(stage: Overheard, story: str) -> None:
    """Whatever is told, the first question after it is not the list of topics."""
    begin(stage, SARI, story)
    assert all(LIST not in parcel.body.text for parcel in stage.heard(SARI))
    assert len(offered(stage)) <= 5


@pytest.mark.parametrize("way", ["[Petugas menentukan]", "terserah", "tidak tahu"])
def test_an_unknown_topic_goes_to_the_coordinator(stage: Overheard, way: str) -> None:
    """Who knows no topic is not asked for an agency either: the officers decide."""
    begin(stage, SARI, UNSURE)
    placed(stage, way)
    ticket = sent(stage)
    assert (ticket.category, ticket.agency, ticket.why) == ("", "kominfo", "unsure")
    assert ticket.guesses["picked"] == "unknown"


def test_a_guess_can_be_turned_down(stage: Overheard) -> None:
    """Below a sure guess stand the list and *Saya tidak tahu*, and both lead on."""
    begin(stage, SARI, LAMP)
    assert offered(stage) == ["Benar", "Topik lain", "Saya tidak tahu"]
    assert LIST in sari(stage, "bukan")
    sari(stage, "kembali", "[Saya tidak tahu]")
    assert "Di mana " in asked(stage)


def test_the_kind_is_asked_only_where_it_is_unsure(stage: Overheard) -> None:
    """A text that tells nothing of its kind is asked about it; no other is."""
    begin(stage, SARI, LAMP)
    assert not any("Apa yang ingin Anda sampaikan?" in parcel.body.text for parcel in stage.heard(SARI))
    sari(stage, "/menu", "/hapus_draf")
    begin(stage, SARI, f"{STRANGE[:-1]}?")
    assert asked(stage).startswith("Apa yang ingin Anda sampaikan?")
    sari(stage, "[Aspirasi]")
    assert current(stage, SARI).answers["type"] == "aspiration"


# -- what was learned


def test_what_was_learned_goes_before_keywords(stage: Overheard) -> None:
    """The past is asked first; what the words name plainly is offered behind it."""
    teach(stage, taught(RULED, SURE))
    begin(stage, SARI, ROAD)
    assert asked(stage).startswith("Yang kami tangkap: Pengaduan tentang Selokan & genangan, untuk ")
    assert offered(stage) == ["Benar", "Trotoar", "Jalan rusak & berlubang", "Topik lain", "Saya tidak tahu"]
    placed(stage, "[Jalan rusak & berlubang]")
    ticket = sent(stage)
    assert [code for code, _ in ticket.guesses["category"]] == ["selokan", "trotoar", "jalan-rusak"]
    assert (ticket.guesses["by"], ticket.guesses["picked"]) == ("model:2026-10-01", "offered")
    assert (ticket.category, ticket.agency) == ("jalan-rusak", "dputr")


@pytest.mark.parametrize(("threshold", "is_sure"), [(SURE, True), (UNCERTAIN, False)])
def test_the_threshold_decides(stage: Overheard, threshold: float, is_sure: bool) -> None:
    """The same guess is confirmed by one tap above the threshold and is one of three below it."""
    teach(stage, taught(RULED, threshold))
    begin(stage, SARI, ROAD)
    assert ("Benar" in offered(stage)) is is_sure
    assert (asked(stage) == topics.SUGGESTED.source) is not is_sure


def test_where_the_past_is_silent_keywords_speak(stage: Overheard) -> None:
    """Topics that the office no longer has are no guess; without any other the words count."""
    teach(stage, taught(("hilang", "lenyap", "tiada"), SURE))
    begin(stage, SARI, LAMP)
    assert asked(stage).startswith("Yang kami tangkap: Pengaduan tentang Lampu jalan mati")
    assert current(stage, SARI).answers["guessed"]["by"] == suggestions.KEYWORDS


def test_a_learned_agency_answers_where_no_rule_fits(stage: Overheard) -> None:
    """A sure agency of the past gets the report, and why is kept."""
    teach(stage, taught(UNRULED, SURE), taught(AGENCIES, SURE))
    begin(stage, SARI, ROAD)
    assert asked(stage) == "Yang kami tangkap: Pengaduan tentang Listrik, kabel & tiang. Benar?"
    placed(stage, "[Benar]")
    ticket = sent(stage)
    assert (ticket.category, ticket.agency, ticket.why) == ("listrik-kabel", "bpbd", "model")
    assert [code for code, _ in ticket.guesses["agency"]] == list(AGENCIES)


def test_a_rule_goes_before_a_learned_agency(stage: Overheard) -> None:
    """What the office ordained is not overruled by what was learned."""
    teach(stage, taught(RULED, SURE), taught(AGENCIES, SURE))
    begin(stage, SARI, ROAD)
    placed(stage, "[Benar]")
    ticket = sent(stage)
    assert (ticket.agency, ticket.why) == ("dputr", "rule:90")


def test_an_unsure_agency_is_asked(stage: Overheard) -> None:
    """Where no rule fits and the past is unsure, its agencies are offered beside any other and the officers."""
    teach(stage, taught(UNRULED, SURE), taught(AGENCIES, UNCERTAIN))
    begin(stage, SARI, ROAD)
    placed(stage, "[Benar]")
    assert "Kami belum yakin instansi mana yang berwenang" in asked(stage)
    likely = ["BPBD (bencana)", "Satpol PP", "Dinas Lingkungan Hidup"]
    assert offered(stage) == [*likely, "Pilih instansi lain", "Petugas menentukan"]
    sari(stage, "[Satpol PP]")
    ticket = sent(stage)
    assert (ticket.agency, ticket.why) == ("satpolpp", "reporter")


def test_an_unsure_agency_can_be_left_to_the_officers(stage: Overheard) -> None:
    """Then it lies with the coordinator, with what was guessed."""
    teach(stage, taught(UNRULED, SURE), taught(AGENCIES, UNCERTAIN))
    begin(stage, SARI, ROAD)
    placed(
        stage,
        "[Benar]",
    )
    sari(stage, "[Petugas menentukan]")
    ticket = sent(stage)
    assert (ticket.agency, ticket.why) == ("kominfo", "unsure")
    assert [code for code, _ in ticket.guesses["agency"]] == list(AGENCIES)


def test_heads_and_the_coordinator_are_no_suggestion(stage: Overheard) -> None:
    """Only agencies that answer reports are guessed."""
    with stage.engine.begin() as connection:
        teach(stage, None, taught(("kominfo", "setda", "dlh"), SURE))
        found = suggestions.suggested(desk(stage, connection), ROAD)
    assert [code for code, _ in found["agency"]] == ["dlh"]
    assert found["sure"] == ["category"]
