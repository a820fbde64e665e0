"""Personal data in a report is named before sending; what is hidden reaches neither agency nor public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers import case
from handlers.desk import Contact, Desk, Scene, Ticket
from handlers.dialogue import Dialogue, ask, current, hear
from handlers.personal import ANONYMOUS, HIDDEN, PERSONAL_STEP, hidden, kinds, note
from handlers.rules.privacy import MASK, Personal
from handlers.rules.ticket import Role, State
from handlers.words import Inbound, Kind, Person, Talk, Turn
from tests.handlers import PLACE, Overheard, acts, contact, desk, sample_office

NIK, PHONE, PLATE = "3508121505900001", "0812-3456-7890", "N 4567 UV"
STORY = f"Petugas menahan berkas saya, NIK {NIK}, telepon {PHONE}, padahal syarat sudah lengkap semua."
FLAGGED = Dialogue("flagged", (PERSONAL_STEP,), lambda scene: Turn(scene.talk))


@pytest.fixture
def stage() -> Iterator[Overheard]:
    with sample_office() as office:
        yield office


def answers(privacy: str = "00", **more: Any) -> dict[str, Any]:
    place = {"text": f"rumah dekat {PHONE}", "lat": None, "lon": None, "area": ""}
    return {"story": STORY, "place": place, "privacy": privacy, "files": [], **more}


def said(table: Desk, given: dict[str, Any], text: str) -> dict[str, Any]:
    event = Inbound("stage", "1", Kind.TEXT, Person("p:Budi", "Budi"), datetime(2026, 11, 2, tzinfo=UTC), text=text)
    return dict(hear(Scene(event, Contact(1, "stage"), Talk("flagged", given), table), FLAGGED).talk.answers)


def question(table: Desk, given: dict[str, Any]) -> str:
    event = Inbound("stage", "1", Kind.TEXT, Person("p:Budi", "Budi"), datetime(2026, 11, 2, tzinfo=UTC))
    turn = ask(Scene(event, Contact(1, "stage"), Talk("flagged", given), table), FLAGGED, PERSONAL_STEP)
    return table.render(turn.letters[0].text, "id")


def test_kinds_are_named_and_numbers_are_not(stage: Overheard) -> None:
    """The question says what was found and repeats none of it."""
    with stage.engine.begin() as connection:
        text = question(desk(stage, connection), answers(detail_1=f"plat {PLATE}"))
    assert "NIK, nomor telepon dan nomor kendaraan" in text
    assert not any(char.isdigit() for char in text)


def test_hidden_is_masked_before_it_is_stored(stage: Overheard) -> None:
    """Sembunyikan masks story, details and place; the rest of the words stay."""
    with stage.engine.begin() as connection:
        after = said(desk(stage, connection), answers(detail_1=f"plat {PLATE}"), "Sembunyikan")
    assert after["story"] == STORY.replace(NIK, MASK).replace(PHONE, MASK)
    assert after["place"]["text"] == f"rumah dekat {MASK}"
    assert after["detail_1"] == f"plat {MASK}"
    assert kinds(after) == ()
    assert note(after) == HIDDEN


@pytest.mark.parametrize("word", ["Biarkan", "2", "tidak"])
def test_left_as_it_is(stage: Overheard, word: str) -> None:
    """Biarkan leaves every word, and the review card says that the agency can read it."""
    with stage.engine.begin() as connection:
        table = desk(stage, connection)
        given = answers()
        shown = ask(
            Scene(
                Inbound("stage", "1", Kind.TEXT, Person("p:B"), datetime(2026, 11, 2, tzinfo=UTC), text=word),
                Contact(1, "stage"),
                Talk("flagged", given),
                table,
            ),
            FLAGGED,
            PERSONAL_STEP,
        ).talk
        event = Inbound("stage", "2", Kind.TEXT, Person("p:B"), datetime(2026, 11, 2, tzinfo=UTC), text=word)
        after = dict(hear(Scene(event, Contact(1, "stage"), shown, table), FLAGGED).talk.answers)
        assert {**after, "personal": ""} == {**given, "personal": ""}
        assert "NIK dan nomor telepon" in table.render(note(after), "id")


def test_without_anything_personal_nothing_is_asked() -> None:
    """A report without such numbers goes straight to the review, and its card says nothing of them."""
    given = answers(story="Jalan berlubang di KM 12, jam 08.00-16.00 macet.", place={"text": PLACE})
    assert current(FLAGGED, given) is None
    assert note(given) == ""
    assert hidden(given) == given


def test_an_anonymous_report_is_not_asked() -> None:
    """It is hidden without a question; the review card says so."""
    for privacy in ("10", "11"):
        given = answers(privacy)
        assert current(FLAGGED, given) is None
        assert getattr(note(given), "source", "") == ANONYMOUS.source
    assert current(FLAGGED, answers("01")) is PERSONAL_STEP


def test_the_kinds_of_a_report() -> None:
    """Each is named once, wherever in the report it stands."""
    assert kinds(answers(title=f"NIK {NIK}")) == (Personal.NIK, Personal.PHONE)


# -- what goes on record


def lived(stage: Overheard, anonymous: bool) -> tuple[Ticket, str]:
    """A report that was sent to an agency and added to, and all that others than its reporter heard of it."""
    acts(stage, "Budi> menu")
    budi = contact(stage, "p:Budi")
    with stage.engine.begin() as connection:
        table = desk(stage, connection)
        told = Ticket(
            id=0, number="LPR-2611-7K3Q-R", reporter=budi, state=State.RECEIVED, report_type="complaint",
            category="ktp-kk", agency="kominfo", area="", title=f"NIK {NIK} ditolak", story=STORY,
            place={"text": f"rumah dekat {PHONE}", "lat": None, "lon": None, "area": ""}, happened=stage.now.date(),
            anonymous=anonymous, secret=False, created_at=stage.now, changed_at=stage.now,
        )  # fmt: skip
        made = case.opened(table, told, (), "stage")
        sent = case.make(table, made.ticket, "forward", Role.SYSTEM, None, agency="dukcapil")
        assert sent is not None
        more = f"Saksi menghubungi saya di {PHONE}, mobilnya {PLATE}."
        added = case.make(table, sent.ticket, "reply", Role.REPORTER, budi, text=more)
        assert added is not None
        letters = (*made.letters, *sent.letters, *added.letters)
        heard = "\n".join(table.render(each.text, "id") for each in letters if each.to != budi)
        return added.ticket, heard + repr([entry.data for entry in table.history(made.ticket.id)])


def test_an_anonymous_report_reaches_nobody_with_numbers(stage: Overheard) -> None:
    """Story, title, place and every later word of an anonymous reporter are masked in the record and in all letters."""
    kept, heard = lived(stage, anonymous=True)
    assert kept.story == STORY.replace(NIK, MASK).replace(PHONE, MASK)
    assert kept.title == f"NIK {MASK} ditolak"
    assert kept.place["text"] == f"rumah dekat {MASK}"
    assert "Saksi menghubungi saya" in heard
    assert MASK in heard
    assert not [each for each in (NIK, PHONE, PLATE) if each in heard]


def test_an_ordinary_report_keeps_what_was_left(stage: Overheard) -> None:
    """Where the reporter is known and left the numbers, the agency can use them."""
    kept, heard = lived(stage, anonymous=False)
    assert kept.story == STORY
    assert PHONE in heard
    assert PLATE in heard
