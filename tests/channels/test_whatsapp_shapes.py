"""Whatever a letter says, WhatsApp takes the messages that say it, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels import Upload
from bot.channels import whatsapp_limits as most
from bot.channels.split import split
from bot.channels.whatsapp_shapes import kind_of, media, messages, mime_of, shortened, text
from storage.letters import Body
from tests import graph_spec
from tests.channels.whatsapp_letters import Found
from tests.graphapi_rules import file_problems

Json = dict[str, Any]
Letters = tuple[Found, ...]


def problems(content: Json) -> list[str]:
    """What WhatsApp would object to in a message with this content."""
    whole = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "6281200000011"}
    return graph_spec.problems({**whole, "biz_opaque_callback_data": "123456789", **content})


def said(message: Json) -> str:
    """The words of a message."""
    return str(message["text"]["body"] if message["type"] == "text" else message["interactive"]["body"]["text"])


def offered(message: Json) -> list[tuple[str, str, str]]:
    """What a message offers: id, title, and what stands below it."""
    if message["type"] == "text":
        return []
    action = message["interactive"]["action"]
    rows = [row for section in action.get("sections", ()) for row in section["rows"]]
    found = [*rows, *(button["reply"] for button in action.get("buttons", ()))]
    return [(each["id"], each["title"], each.get("description", "")) for each in found]


def words(parts: Sequence[str]) -> list[str]:
    return [word for part in parts for word in part.split()]


# -- what the program writes


def test_there_are_letters_of_every_kind(letters: Letters) -> None:
    """Texts, buttons, lists and questions for a place are all among what is tested."""
    made = [message for _, body in letters for message in messages(body)]
    assert len(letters) > 2000
    forms = {message.get("interactive", {}).get("type", "text") for message in made}
    assert forms == {"text", "button", "list", "location_request_message"}
    assert {"report.review (id)", "menu.go (en)", "whose.whose (id)", "duty.ticket (en)"} <= {
        where for where, _ in letters
    }


def test_every_letter_is_taken(letters: Letters) -> None:
    """WhatsApp has no objection to any message of any letter."""
    wrong = {(where, each) for where, body in letters for message in messages(body) for each in problems(message)}
    assert wrong == set()


def test_every_letter_says_all_it_says(letters: Letters) -> None:
    """All words come in their order and whole; a question for a place says the ways out in words."""
    for where, body in letters:
        ways = [body.choose] if body.wants_place and body.choices else []
        assert words([said(message) for message in messages(body)]) == words([body.text, *ways]), where


def test_every_choice_is_offered_once(letters: Letters) -> None:
    """All choices stand under the last message in one piece, each with all of its label."""
    for where, body in letters:
        if body.wants_place:
            assert all(label.casefold() in body.choose for _, label, _ in body.choices), where
            continue
        *before, last = messages(body)
        assert not any(offered(message) for message in before), where
        shown = offered(last)
        assert [ident for ident, _, _ in shown] == [ident for ident, _, _ in body.choices], where
        for (_, title, below), (_, label, _) in zip(shown, body.choices, strict=True):
            assert label in (title, below), (where, label)


def test_few_messages_say_a_letter(letters: Letters) -> None:
    """A letter is one message where its words fit one, and never more than its length demands."""
    for where, body in letters:
        limit = most.INTERACTIVE if body.choices or body.wants_place else most.TEXT
        ways = len(body.choose) + 2 if body.wants_place else 0
        made = messages(body)
        assert len(made) == 1 or len(body.text) + ways > limit, where
        assert len(made) <= 2 + len(body.text) // (most.TEXT // 2), where


# -- anything

LETTERS = st.text(st.characters(min_codepoint=33, exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc")), min_size=1)
WORD = LETTERS.map(lambda word: "".join(word.split())[:30] or "x")
GAPS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "  ", "\n\n\n"])


@st.composite
def texts(draw: st.DrawFn, word: st.SearchStrategy[str] = WORD) -> str:
    """Words in lines and paragraphs, up to 20,000 characters."""
    pattern = "".join(each for pair in draw(st.lists(st.tuples(word, GAPS), min_size=1, max_size=20)) for each in pair)
    repeated = pattern * draw(st.sampled_from([1, 1, 2, 10, 100, 1000]))
    whole = repeated[: draw(st.integers(min(len(pattern), 20_000), 20_000))]
    return whole if draw(st.booleans()) else whole.strip()


LABELS = st.one_of(WORD, texts().map(lambda label: " ".join(label.split())[:100].strip() or "x"))


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    """Letters of any length with any choices."""
    labels = draw(st.lists(LABELS, max_size=40))
    hints = draw(st.lists(st.one_of(st.just(""), LABELS), min_size=len(labels), max_size=len(labels)))
    choices = tuple((f"q:{n}", label, hint) for n, (label, hint) in enumerate(zip(labels, hints, strict=True)))
    return Body(draw(texts()), choices, choose=draw(LABELS), wants_place=draw(st.booleans()))


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(bodies())
def test_any_letter(body: Body) -> None:
    """Whatever a letter says, its messages are taken, hold all its words whole, and offer each choice once."""
    made = messages(body)
    assert [each for message in made for each in problems(message)] == []
    pages = -(-len(body.choices) // most.ROWS) if not body.wants_place else 1
    more = [body.choose] * (pages - 1) if pages else []
    ways = [body.choose] if body.wants_place and body.choices else []
    assert words([said(message) for message in made]) == words([body.text, *ways, *more])
    if not body.wants_place:
        assert [ident for message in made for ident, _, _ in offered(message)] == [each[0] for each in body.choices]


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(bodies())
def test_any_label(body: Body) -> None:
    """A label stands whole as the title or below it, or as much of it as there is room for below."""
    shown = {ident: (title, below) for message in messages(body) for ident, title, below in offered(message)}
    for ident, label, _ in () if body.wants_place else body.choices:
        title, below = shown[ident]
        assert label in (title, below) or below == shortened(label, most.HINT)
        assert title == label or label.startswith(title.removesuffix("…"))


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(texts(st.one_of(WORD, LETTERS.map(lambda word: word * 500))), st.sampled_from([20, most.INTERACTIVE, most.TEXT]))
def test_words_longer_than_any_message(whole: str, longest: int) -> None:
    """A text is split without losing a character, also where a word must be cut because no message holds it."""
    parts = split(whole, longest, len)
    assert "".join("".join(parts).split()) == "".join(whole.split())
    assert all(len(part) <= longest for part in parts)
    asked = messages(Body(whole, (("a", "A", ""),)))
    assert "".join("".join(map(said, asked)).split()) == "".join(whole.split())
    assert [each for message in asked for each in problems(message)] == []


@settings(max_examples=300, deadline=None, derandomize=True)
@given(LABELS, st.integers(2, 80))
def test_shortened_labels(label: str, longest: int) -> None:
    """A shortened label is not too long, is marked, and begins as the label does."""
    short = shortened(label, longest)
    assert 0 < len(short) <= longest
    assert short == label or (short.endswith("…") and label.startswith(short[:-1]))


def test_a_long_text_keeps_its_paragraphs() -> None:
    """What comes before the question is one message as long as it fits, with the paragraphs as they were written."""
    story = "\n\n".join(f"Paragraf {n}: " + "jalan berlubang di depan sekolah. " * 10 for n in range(10)).strip()
    first, last = messages(Body(f"{story}\n\nApakah benar?", (("a", "Benar", ""),)))
    assert said(first) == story
    assert said(last) == "Apakah benar?"


# -- files

FILES = (
    ("image", "image/jpeg", 4_000_000, "image"),
    ("image", "image/png", 5_000_000, "image"),
    ("image", "image/jpeg", 5_000_001, "document"),
    ("image", "image/webp", 1000, "document"),
    ("video", "video/mp4", 16_000_000, "video"),
    ("video", "video/3gpp", 1000, "video"),
    ("video", "video/mp4", 16_000_001, "document"),
    ("video", "video/quicktime", 1000, "document"),
    ("audio", "audio/ogg", 1000, "audio"),
    ("audio", "audio/wav", 1000, "document"),
    ("document", "application/pdf", 20_000_000, "document"),
    ("document", "application/zip", 1000, "document"),
    ("document", "", 1000, "document"),
    ("document", "application/pdf", 100_000_001, ""),
)


@pytest.mark.parametrize(("kind", "mime", "size", "goes"), FILES)
def test_files(kind: str, mime: str, size: int, goes: str) -> None:
    """A file goes as what it is where WhatsApp takes it so, else as a document, else not at all."""
    upload = Upload("lampiran-1.dat", kind, mime, bytes(size))
    assert kind_of(upload) == goes
    if goes:
        assert file_problems(mime_of(upload, goes), size) == []
        for caption in ("", "c" * most.CAPTION):
            assert problems(media(goes, "4004", upload.name, caption)) == []
        assert problems(text("Keterangan")) == []
