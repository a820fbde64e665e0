"""Every button of every question fits the strictest chat, in each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from bot.language import LANGUAGES, load, renderer
from handlers import accounts, drafts, duty, manual, menu, notices, offers, submit, track
from handlers.affected import KINDS
from handlers.answers import PAGE, Pick, plain
from handlers.desk import Contact, Desk, Entry, Officer, Scene, Ticket
from handlers.dialogue import BACK, CANCEL, Dialogue, Step, ask
from handlers.facts import Agency, Area, Category, Disaster, Facts
from handlers.labels import ACTIONS, ARCHIVE_REASONS, PRIVACY, TYPES
from handlers.questions import DIALOGUES as OF_OFFICERS
from handlers.rules.artefact import Artefact
from handlers.rules.routing import Route
from handlers.rules.ticket import MOVES, Role, State, move_for, moves_for
from handlers.words import Choice, Inbound, Kind, Letter, Person, Talk, Words
from storage.facts import read_folder, sample

# WhatsApp: rows of a list, buttons where there are at most three, what stands below a row. Telegram: bytes of an id.
ROW, BUTTON, FEW, HINT, IDENT = 24, 20, 3, 72, 64
NOW = datetime(2026, 11, 3, 7, 5, tzinfo=UTC)
DIALOGUES: tuple[Dialogue, ...] = (*menu.DIALOGUES.values(), *OF_OFFICERS.values(), duty.CHOICE)
render = renderer(load())
DAY = timedelta(days=1)


def facts() -> Facts:
    """The agencies, topics, rules and areas of the sample regency, as its files say them."""
    rows = read_folder(sample())
    return Facts(
        agencies=tuple(Agency(**row) for row in rows["agencies"]),
        categories=tuple(
            Category(**{**row, **{name: tuple(row[name]) for name in ("keywords", "asks")}})
            for row in rows["categories"]
        ),
        routes=tuple(Route(**row) for row in rows["routes"]),
        areas=tuple(Area(**row) for row in rows["areas"]),
    )


@dataclass(frozen=True, slots=True)
class SampleDesk:
    """As much of a desk as a question reads: the sample's facts, one ticket, and its agency's officers."""

    facts: Facts
    held: Ticket
    now: datetime = NOW
    grace: timedelta = timedelta()
    learned: Artefact | None = None

    def render(self, words: Words, language: str) -> str:
        return render(words, language)

    def ticket(self, ticket: int) -> Ticket | None:
        return self.held if ticket == self.held.id else None

    def agency_of(self, room: int) -> str:
        return self.held.agency

    def tickets_at(self, agency: str) -> Sequence[Ticket]:
        return tuple(replace(self.held, id=2**62 - n, number=f"LPR-2611-7K3Q-{n}") for n in range(21))

    def officers(self, agency: str) -> Sequence[Officer]:
        return tuple(Officer(number, agency, Role.OFFICER) for number in (2**62, 2**62 + 1))

    def officer(self, contact: int, agency: str) -> Officer | None:
        return next((each for each in self.officers(agency) if each.contact == contact), None)

    def claimed(self, officer: int, agency: str) -> Sequence[Ticket]:
        return (self.held,)

    def history(self, ticket: int) -> Sequence[Entry]:
        return ()

    def kin(self, contact: int) -> Sequence[int]:
        return (contact,)

    def contact(self, contact: int) -> Contact:
        return Contact(contact, "test")

    def partners(self, ticket: int) -> Sequence[str]:
        return ()

    def rosters(self) -> Mapping[str, Sequence[Officer]]:
        return {agency.code: self.officers(agency.code) for agency in self.facts.agencies}

    def disasters(self, fresh: bool = False) -> Sequence[Disaster]:
        return tuple(Disaster(n, kind, "", "bpbd", 1, NOW, NOW + DAY) for n, kind in enumerate(KINDS, 1))

    def disaster(self, disaster: int) -> Disaster | None:
        return self.disasters()[disaster - 1]

    def name(self, contact: int) -> str:
        return ("Agus Wibowo", "Rini Astutik")[contact % 2]


FACTS = facts()
TICKET = Ticket(
    id=2**62,
    number="LPR-2611-7K3Q-9",
    reporter=1,
    state=State.IN_PROGRESS,
    report_type="complaint",
    category="jalan-rusak",
    agency="dputr",
    area="",
    title="Jalan berlubang",
    story="Jalan berlubang di depan SDN 2 sejak Senin.",
    place={"text": "Jl. Melati"},
    happened=date(2026, 11, 2),
    anonymous=False,
    secret=False,
    created_at=NOW,
    changed_at=NOW,
)
NEAR = {"category": "jalan-rusak", "street": "Jl. Melati", "area": "35.08.04", "metres": 50, "day": "2026-11-02"}
# What may have been answered, or found, before a question is asked.
BEFORE = {
    "kept": {"text": "Sudah kami tambal.", "message": "1"},
    "number": TICKET.number,
    "text": "Sudah kami tambal.",
    "draft": "1",
    "from": str(2**62),
    "to": str(2**62 + 1),
    "who": str(2**62),
    "role": "officer",
    "issued": "2026-10-01",
    "until": "2026-12-31",
    "source": "counter",
    "received": "2026-11-02",
    "name": "",
    "which": "1",
    "what": "Air masuk rumah.",
    "safe": "safe",
    "kind": "*",
    "other": "Angin topan besar",
    "area": "*",
    "days": "3",
    "disaster": 1,
    "place": {"text": "Jl. Melati", "lat": None, "lon": None, "area": ""},
    "files": [],
    "near": [{"id": 2**62 - n, "agency": "dputr", **NEAR} for n in range(3)],
    "gaps": ["spot", "since"],
    "detail_1": "Hubungi 081234567890.",
}
DESK = cast("Desk", SampleDesk(FACTS, TICKET))


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as it is asked: which one, and its letter."""

    dialogue: str
    step: str
    language: str
    letter: Letter

    @property
    def where(self) -> str:
        return f"{self.dialogue}.{self.step} ({self.language})"

    @property
    def labels(self) -> list[str]:
        return [render(choice.label, self.language) for choice in self.letter.choices]

    @property
    def answers(self) -> list[Choice]:
        """The buttons that answer; those that lead away are left out."""
        return [choice for choice in self.letter.choices if choice.id.startswith("q:")]


def reports() -> Iterator[dict[str, Any]]:
    """Complete answers, about each category of the sample and about none, told with its own words."""
    for category in (*FACTS.categories, None):
        code = category.code if category else submit.UNKNOWN
        for kept in ([], [["1", "Tolong segera"]]):
            yield {
                "consent": "yes",
                "story": "Mohon bantuan: " + ", ".join(category.keywords[:3] if category else ()),
                "kept_story": kept,
                "kept_files": [{"ref": "1"}] if kept else [],
                "type": "complaint",
                "category": code,
                "place": {"text": "Jl. Melati", "lat": None, "lon": None, "area": ""},
                "agency": submit.UNKNOWN,
                "date": "2026-11-02",
                "files": [],
                "privacy": "00",
            }


def scenes(dialogue: Dialogue, step: Step, language: str) -> Iterator[Scene]:
    """All situations of the sample in which a step offers something else."""
    event = Inbound("test", "1", Kind.TEXT, Person("1"), NOW, message="1")
    person, group = Contact(1, "test", language), Contact(2, "test", language, group=True)
    room = group if dialogue.name in OF_OFFICERS else None
    told = reports() if dialogue.name in ("report", manual.ENTRY.name) else iter([{"agency": "dputr"}])
    for answers in (BEFORE | each for each in told):
        for partial in range(0, len(FACTS.agencies), PAGE) if isinstance(step.kind, Pick) else (None,):
            talk = Talk(dialogue.name, answers, partial, subject=TICKET.id)
            yield Scene(event, person, talk, DESK, room)


def questions() -> list[Shown]:
    """Every step of every dialogue, in every language and situation; the same buttons once."""
    found: dict[tuple[str, str, str, tuple[str, ...]], Shown] = {}
    for dialogue in DIALOGUES:
        for step in dialogue.steps:
            for language in LANGUAGES:
                for scene in scenes(dialogue, step, language):
                    (letter,) = ask(scene, dialogue, step).letters
                    key = (dialogue.name, step.key, language, tuple(choice.id for choice in letter.choices))
                    found.setdefault(key, Shown(dialogue.name, step.key, language, letter))
    return list(found.values())


QUESTIONS = questions()
NAMES = (*(agency.label for agency in FACTS.agencies), *(category.name for category in FACTS.categories))
ALONE = [
    *ACTIONS.values(),
    *ARCHIVE_REASONS.values(),
    *PRIVACY.values(),
    *TYPES.values(),
    *(choice.label for choice in (BACK, CANCEL, submit.RESUME, submit.ERASE)),
    *(notices.YES, notices.NO, notices.UNDO),
    *(drafts.SEND, drafts.NOTE, drafts.DROP),
    *(choice.label for choice in (duty.TASKS, duty.REPORT, duty.GUIDE, accounts.PART)),
]


def test_every_step_is_among_the_questions() -> None:
    """No step escapes, and those that depend on the facts are seen with many of them."""
    steps = {(dialogue.name, step.key) for dialogue in DIALOGUES for step in dialogue.steps}
    assert {(shown.dialogue, shown.step) for shown in QUESTIONS} == steps
    answers = {choice.id.rsplit(":", 1)[1] for shown in QUESTIONS for choice in shown.answers}
    assert {category.code for category in FACTS.categories} <= answers
    assert {agency.code for agency in FACTS.agencies} <= answers
    assert set(ARCHIVE_REASONS) | {"00", "10", "01", "11", submit.UNKNOWN, submit.OTHER} <= answers


def test_each_label_fits_a_row_of_a_list() -> None:
    """No button has a label longer than a row."""
    assert {(s.where, label) for s in QUESTIONS for label in s.labels if not 0 < len(label) <= ROW} == set()


def test_few_options_fit_buttons() -> None:
    """Where a step has at most three options, each label fits a button; names of the facts come with the ways out."""
    few = [shown for shown in QUESTIONS if len(shown.answers) <= FEW]
    wide = {(shown.where, label, len(shown.letter.choices)) for shown in few for label in shown.labels}
    assert {each for each in wide if len(each[1]) > BUTTON and (each[2] <= FEW or each[1] not in NAMES)} == set()


def test_each_meaning_fits_below_its_row() -> None:
    """What an option means fits the line below its label."""
    hints = {(s.where, render(c.hint, s.language)) for s in QUESTIONS for c in s.answers}
    assert {(where, hint) for where, hint in hints if len(hint) > HINT} == set()


def test_labels_of_one_step_differ() -> None:
    """Two buttons of one step are never the same word: a label that is typed means one of them."""
    for shown in QUESTIONS:
        words = [plain(label) for label in shown.labels]
        assert len(set(words)) == len(words), (shown.where, words)
        assert all(words), shown.where


def test_each_button_says_which_question_it_answers() -> None:
    """An id names its dialogue and step, is never used twice in a letter, and fits the strictest chat."""
    for shown in QUESTIONS:
        ids = [choice.id for choice in shown.letter.choices]
        assert len(set(ids)) == len(ids), shown.where
        assert all(len(ident.encode()) <= IDENT for ident in ids), shown.where
        assert all(choice.id.startswith(f"q:{shown.dialogue}:{shown.step}:") for choice in shown.answers)


def test_an_id_has_room_for_the_longest_code() -> None:
    """An id with the longest code that an import of facts takes still fits."""
    ids = {f"q:{dialogue.name}:{step.key}:{'x' * 24}" for dialogue in DIALOGUES for step in dialogue.steps}
    assert {ident for ident in ids if len(ident.encode()) > IDENT} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_labels_of_the_office_fit_buttons(language: str) -> None:
    """What the office calls moves, types and reasons fits a row, and what stands under a notice fits a button."""
    assert [said for label in ALONE if not 0 < len(said := render(label, language)) <= ROW] == []
    under = (notices.YES, notices.NO, notices.UNDO, drafts.SEND, drafts.NOTE, drafts.DROP, submit.RESUME.label)
    assert [said for label in under if len(said := render(label, language)) > BUTTON] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", State)
def test_a_reporters_buttons_under_a_ticket_fit(state: State, language: str) -> None:
    """What a reporter can do with a ticket stands on at most three buttons that differ."""
    for rating in (None, 5):
        choices = track.owner_choices(replace(TICKET, state=state, rating=rating))
        labels = [render(choice.label, language) for choice in choices]
        assert len({plain(label) for label in labels}) == len(labels) <= FEW
        assert all(0 < len(label) <= BUTTON for label in labels)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.COORDINATOR])
@pytest.mark.parametrize("state", State)
def test_a_cards_buttons_differ(state: State, role: Role, language: str) -> None:
    """On one card no two moves have the same name, and each name fits."""
    moves = [move for move in moves_for(state, role) if move.button or move.more]
    labels = [render(label, language) for label in (*(ACTIONS[move.action] for move in moves), offers.MORE)]
    assert len({plain(label) for label in labels}) == len(labels)
    assert all(0 < len(label) <= BUTTON for label in labels)


def test_a_card_has_no_more_buttons_than_rows() -> None:
    """With the three agencies that the words of a ticket may point to a card has at most ten buttons, in any state."""
    for state in State:
        for role in (Role.OFFICER, Role.COORDINATOR):
            moves = moves_for(state, role)
            suggested = 3 if move_for("forward", state, role) else 0
            assert sum(move.button for move in moves) + any(move.more for move in moves) + suggested <= 10, state


def test_every_move_with_a_button_has_a_name() -> None:
    """No button of a card is without a label, and every id of a ticket's button fits."""
    buttons = {move.action for move in MOVES if move.button or move.more}
    assert buttons <= set(ACTIONS)
    assert all(len(f"t:{2**63}:{action}".encode()) <= IDENT for action in buttons)
