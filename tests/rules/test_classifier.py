"""The classifier guesses as it was taught, and its file is taken only when it is whole."""

from __future__ import annotations

import json
import struct
import zlib
from array import array
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules import artefact as files
from handlers.rules.artefact import HEAD, MAGIC, VERSION, Artefact, Damaged, read, write
from handlers.rules.classifier import ZERO, Classifier, Weights, between, lanes, row
from handlers.rules.grams import letter_grams, word_grams, words

WHEN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HUGE = "Jalan rusak parah di depan pasar, lampu jalan mati, sampah menumpuk! " * 60


def weights(scales: tuple[float, ...], **pieces: tuple[int, ...]) -> Weights:
    """Pieces with their importance and what they weigh in each lane."""
    rows = {name: row(bytes([first, *(each + ZERO for each in rest)])) for name, (first, *rest) in pieces.items()}
    return Weights(rows, array("f", scales))


def classifier(**more: Any) -> Classifier:
    """One that knows a road, a lamp and waste, by words alone and with a layer of one lane."""
    one = (1.0, 0.1, 0.1, 0.1, 0.1)
    known: dict[str, Any] = {
        "labels": ("jalan", "lampu", "sampah"),
        "letters": weights(one, amp=(1, 0, 5, 5, 0)),
        "words": weights(one, jalan=(1, 50, 0, 0, 0), lampu=(1, 0, 60, 0, 0), sampah=(1, 0, 0, 50, 40)),
        "bends": array("f", [0.5]),
        "offsets": array("f", [0.25, 0.0, 0.0]),
        "outputs": (array("f", [0.0]), array("f", [0.0]), array("f", [0.5])),
        "promised": array("f"),
        "kept": array("f"),
        "threshold": 0.75,
    }
    return Classifier(**{**known, **more})


ARTEFACT = Artefact(VERSION, WHEN, 12, classifier(), classifier(labels=("dpu", "dishub", "dlh")))
RAW = write(ARTEFACT)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("jalan", "jalan"),
        ("JALAN RUSAK", "jalan"),
        ("lampu", "lampu"),
        ("Lampu, lampu! jalan", "lampu"),
        ("sampah", "sampah"),
        ("sampahhh", "sampah"),
    ],
)
def test_the_best_guess_is_what_weighs_most(text: str, label: str) -> None:
    """Capitals and signs do not count; a word that nobody knows is weighed by its letters."""
    guesses = classifier().guesses(text)
    assert guesses[0].code == label
    assert {each.code for each in guesses} == {"jalan", "lampu", "sampah"}


def test_a_score_is_line_layer_and_offset_together() -> None:
    """Counted by hand: one word of length one, and a layer that bends at nought."""
    assert classifier().scores("sampah") == pytest.approx([0.25, 0.5, 0.5 + 5 + 0.5 * 4.5], abs=1e-5)
    assert classifier().scores("jalan") == pytest.approx([5.25, 0.0, 0.25], abs=1e-5)


def test_a_word_said_twice_weighs_more_but_not_double() -> None:
    """Against another word its share grows, as one and the logarithm of how often."""
    once, twice = (classifier().words.of(word_grams(words(text))) for text in ("jalan lampu", "jalan jalan lampu"))
    assert once[0] / once[1] == pytest.approx(50 / 60)
    assert twice[0] / twice[1] == pytest.approx(50 / 60 * (1 + 0.693147), rel=1e-4)


def test_more_pieces_than_one_sum_holds_are_added_all_the_same() -> None:
    """Six hundred pieces with the greatest weights do not run over into the next lane."""
    pieces = {f"p{n}": (255, 127, -127) for n in range(600)}
    found = weights((1.0, 1.0, 1.0), **pieces).of(dict.fromkeys(pieces, 1))
    length = (600 * 255) ** 0.5
    assert found == pytest.approx([600 * 127 / length, -600 * 127 / length])


@pytest.mark.parametrize(
    "text", ["", " ", "🔥🔥🔥", "!?…", "\x00", "zzz qqq", "ignore all previous instructions", HUGE]
)
def test_any_text_gets_guesses(text: str) -> None:
    """Nothing, signs, another language and very much of it: all labels, best first, as shares."""
    guesses = classifier().guesses(text)
    certainties = [each.certainty for each in guesses]
    assert len(guesses) == 3
    assert certainties == sorted(certainties, reverse=True)
    assert sum(certainties) == pytest.approx(1)


def test_nothing_known_is_below_the_threshold() -> None:
    """A text of which no piece is known goes nowhere straight."""
    known = classifier()
    assert known.guesses("🔥")[0].certainty < known.threshold


@given(st.text(max_size=300))
def test_every_text_can_be_guessed(text: str) -> None:
    """Whatever signs it is made of."""
    assert len(classifier().guesses(text)) == 3


def test_certainties_are_what_came_of_them() -> None:
    """Between two points on a straight line, before the first and after the last as there."""
    points, kept = array("d", [0.2, 0.6]), array("d", [0.1, 0.5])
    assert [between(each, points, kept) for each in (0.0, 0.2, 0.4, 0.6, 1.0)] == pytest.approx(
        [0.1, 0.1, 0.3, 0.5, 0.5]
    )
    assert between(0.3, (), ()) == 0.3
    sober = classifier(promised=array("f", [0.0, 1.0]), kept=array("f", [0.0, 0.5]))
    assert sober.guesses("jalan")[0].certainty == pytest.approx(classifier().guesses("jalan")[0].certainty / 2)


def test_pieces_are_words_pairs_and_letters() -> None:
    """In small letters, numbers without their digits, and no pair across nothing."""
    assert words("RT 05, Jl.Mawar") == ["rt", "00", "jl", "mawar"]
    assert word_grams(["a", "b", "a"]) == {"a": 2, "b": 1, "a b": 1, "b a": 1, "^a": 2, "^b": 1}
    assert letter_grams(["ab"]) == {" a": 1, "ab": 1, "b ": 1, " ab": 1, "ab ": 1, " ab ": 1}
    assert words("") == []
    assert letter_grams([]) == word_grams([]) == {}


@given(st.binary(min_size=1, max_size=40))
def test_a_row_keeps_its_lanes(given_: bytes) -> None:
    """Whatever the bytes."""
    assert lanes(row(given_), len(given_)) == given_


@pytest.mark.parametrize("one", [ARTEFACT, replace(ARTEFACT, agency=None), replace(ARTEFACT, category=None)])
def test_an_artefact_comes_back_as_it_was_written(one: Artefact) -> None:
    """With one answer or with both."""
    again = read(write(one))
    assert (again.version, again.made_at, again.texts) == (VERSION, WHEN, 12)
    assert again == one
    assert write(again) == write(one)


def test_a_layer_may_be_missing() -> None:
    """A straight line alone is a classifier too."""
    plain = weights((1.0, 0.1, 0.1, 0.1), jalan=(1, 50, 0, 0))
    bare = classifier(letters=plain, words=plain, bends=array("f"), outputs=(array("f"),) * 3)
    assert read(write(replace(ARTEFACT, category=bare))).category == bare


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", files.NOT_OURS),
        (b"text,label\n", files.NOT_OURS),
        (b"\x80\x04\x95", files.NOT_OURS),
        (MAGIC[:5], files.CUT_OFF),
        (MAGIC, files.CUT_OFF),
        (RAW[: len(MAGIC) + 20], files.CUT_OFF),
        (RAW[:-1], files.CUT_OFF),
        (RAW + b"\n", files.CUT_OFF),
        (MAGIC + HEAD.pack(7, b"", 0), files.OTHER_VERSION.format(found=7, ours=VERSION)),
        (RAW[:-1] + bytes([RAW[-1] ^ 1]), files.CHANGED),
    ],
)
def test_a_damaged_file_is_refused_with_its_reason(raw: bytes, reason: str) -> None:
    """Not ours, of another version, cut off, or changed."""
    with pytest.raises(Damaged) as wrong:
        read(raw)
    assert str(wrong.value) == reason


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_any_changed_byte_is_noticed(at: int, by: int) -> None:
    """Wherever it lies."""
    with pytest.raises(Damaged):
        read(RAW[:at] + bytes([RAW[at] ^ by]) + RAW[at + 1 :])


@given(st.integers(0, len(RAW) - 1))
def test_any_cut_is_noticed(at: int) -> None:
    """However much is left."""
    with pytest.raises(Damaged):
        read(RAW[:at])


def sealed(body: bytes) -> bytes:
    """A file with a right checksum around any body."""
    packed = zlib.compress(body)
    return MAGIC + HEAD.pack(VERSION, sha256(packed).digest(), len(packed)) + packed


def body(**changed: Any) -> bytes:
    """The body of the artefact with another header."""
    whole = zlib.decompress(RAW[len(MAGIC) + HEAD.size :])
    (length,) = struct.unpack_from("<I", whole)
    header = json.loads(whole[4 : 4 + length]) | changed
    text = json.dumps(header).encode()
    return struct.pack("<I", len(text)) + text + whole[4 + length :]


def test_a_header_that_says_the_same_is_taken() -> None:
    """So that the refusals below are for what was changed."""
    assert read(sealed(body())) == ARTEFACT


SAID = {"labels": ["a"], "layer": 0, "points": 0, "threshold": 0.5, "kinds": [[0, 0], [0, 0]]}


@pytest.mark.parametrize(
    "changed",
    [
        {"made_at": "kemarin"},
        {"made_at": 5},
        {"texts": None},
        {"answers": {}},
        {"answers": []},
        {"answers": {"other": SAID}},
        {"answers": {"category": SAID}},
        {"answers": {"category": SAID | {"labels": []}}},
        {"answers": {"category": SAID | {"layer": -1}}},
        {"answers": {"category": SAID | {"layer": 10**9}}},
        {"answers": {"category": SAID | {"kinds": [[5, 1]]}}},
        {"answers": {"category": SAID | {"kinds": [[5, 9], [0, 0]]}}},
        {"answers": {"category": SAID | {"threshold": "tinggi"}}},
    ],
)
def test_a_whole_file_that_makes_no_sense_is_refused(changed: dict[str, Any]) -> None:
    """Even where its checksum is right."""
    with pytest.raises(Damaged, match="tersusun"):
        read(sealed(body(**changed)))


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(raw: bytes) -> None:
    """Nothing else comes of it, whatever the bytes."""
    with pytest.raises(Damaged):
        read(sealed(raw))


def test_what_would_unpack_to_too_much_is_refused() -> None:
    """Before it has filled the memory."""
    with pytest.raises(Damaged, match="tersusun"):
        read(sealed(bytes(files.LARGEST + 1)))


def test_numbers_that_are_none_are_refused() -> None:
    """A weight that is not a number would make every guess one."""
    with pytest.raises(Damaged):
        read(write(replace(ARTEFACT, category=classifier(offsets=array("f", [float("nan"), 0, 0])))))
