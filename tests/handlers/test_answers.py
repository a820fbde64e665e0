"""Whatever anybody sends, a question takes it as an answer, waits for more, or asks again; nothing else happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import SequenceMatcher
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.language import LANGUAGES
from handlers import answers as kinds
from handlers import duty, menu, moves, whose
from handlers import files as taken
from handlers.answers import Again, Day, More, Option, Pick, Where, Written, plain
from handlers.desk import Scene
from handlers.dialogue import Dialogue, Step
from handlers.files import Files
from handlers.respond import respond
from handlers.rules import numbers
from handlers.words import File, Inbound, Kind, Person, Pin, Room, Talk
from storage.desk import RecordDesk
from tests import handlers as core
from tests.handlers.phones import hired
from tests.stage import FILES, START

TRAPS = ("²", "1²", "③", "⅗", "Ⅳ", "١", "१", "１", "1️⃣", "𝟙", "𒐕", "0", "-1", "+1", "1.0", "00001", "9" * 5000)
MARKS = "\u200e\u200f\u202e\u2066\u2069\ufeff\u00ad\u0301 \t\n\r\u2028\u3000"
NOTHING = ("", " ", "\n\n", MARKS, "😀", "😀" * 4096, "👨‍👩‍👧‍👦" * 500, "…", "*", "?", "+", "%", "{}", "{n}", "\\")
HARM = ("<b>Setuju</b>", "'; DROP TABLE tickets; --", "../../etc/passwd", "{story}", "%s%s%n", "=1+1", "\x1b[2J")
TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(categories=["Nd", "Nl", "No"]), min_size=1, max_size=6),
    st.text(st.sampled_from([*MARKS, "ا", "ب", "١", "😀", "a", "1"]), max_size=40),
    st.sampled_from([*TRAPS, *NOTHING, *HARM, "a" * 4096, "Ya " * 1300, "kemarin " * 500]),
)
REFS = st.sampled_from(list(FILES.values()))
HEADS = st.sampled_from(["", "q:report:", "q:report:story:", "q:menu:go:", "t:", "t:1:", "d:", "m:"])
PINS = st.builds(Pin, st.floats(-90, 90), st.floats(-180, 180))
WHAT = st.one_of(
    st.builds(dict, kind=st.just(Kind.TEXT), text=TEXTS),
    st.builds(dict, kind=st.just(Kind.EDIT), text=TEXTS, message=st.sampled_from(["m1", "m2"])),
    st.builds(dict, kind=st.just(Kind.TAP), tap=st.builds("{}{}".format, HEADS, TEXTS)),
    st.builds(dict, kind=st.just(Kind.PLACE), place=PINS, text=TEXTS),
    st.builds(dict, kind=st.just(Kind.FILE), file=REFS, text=TEXTS, album=st.sampled_from(["", "a"])),
    st.builds(dict, kind=st.just(Kind.DELETED), message=st.sampled_from(["m1", "m2", "m3"])),
    st.builds(dict, kind=st.sampled_from([Kind.UNREADABLE, Kind.BLOCKED, Kind.UNBLOCKED, Kind.JOINED, Kind.LEFT])),
)
PLACED = {"text", "lat", "lon", "area", "words", "which", "outside"}
WHERE = st.integers(0, 999)
QUICK = settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
REPORT: dict[str, Any] = {
    "consent": "yes",
    "story": core.STORY,
    "type": "complaint",
    "category": "*",
    "topic": "kesehatan",
    "deeper": True,
    "subtopic": "rsud",
    "place": {"text": core.PLACE, "lat": None, "lon": None, "area": ""},
    "place_ok": "yes",
    "gaps": ["spot", "since"],
    "detail_1": "Hubungi 081234567890.",
    "agency": "*",
    "agency_other": "dputr",
    "date": "2026-11-01",
    "files": [],
    "privacy": "00",
    "retitle": True,
    "title": "Jalan rusak",
    "review": "edit",
}


class Office:
    """Every question of every dialogue as it stands open, and the desk."""

    def __init__(self, desk: RecordDesk, scenes: Sequence[tuple[Dialogue, Step, Scene]]) -> None:
        self.desk, self.scenes = desk, scenes

    def of(self, kind: type) -> list[tuple[Step, Scene]]:
        return [(step, scene) for _, step, scene in self.scenes if isinstance(step.kind, kind)]


def event(kind: Kind = Kind.TEXT, message: str = "m1", **more: Any) -> Inbound:
    return Inbound("stage", "1", kind, Person("p:Sari", "Sari"), START, message=message, **more)


def opened(scene: Scene, dialogue: Dialogue, step: Step) -> Iterator[Scene]:
    """The step as it stands open, where it takes several messages with nothing given and with something given."""
    before = [each.key for each in dialogue.steps[: dialogue.steps.index(step)]]
    answers = {key: value for key, value in REPORT.items() if key in (*before, "deeper", "gaps", "retitle")}
    gathers = isinstance(step.kind, Written) and step.kind.done
    given: Any = [["m1", core.STORY]] if gathers else [taken.file_value(FILES["foto"])]
    if isinstance(step.kind, whose.Either):
        given = {"kept_story": [["m1", core.STORY]], "kept_files": given}
    early = {"report": answers, "duty": {"kept": {"text": "Sudah kami tambal.", "message": "m1"}}}
    several = gathers or isinstance(step.kind, (Files, whose.Either))
    for partial in (None, given) if several else (None,):
        talk = Talk(dialogue.name, early.get(dialogue.name, {}), partial, subject=scene.talk.subject)
        asked = replace(scene, talk=talk)
        shown = tuple((o.value, scene.desk.render(o.label, scene.language)) for o in step.kind.options(asked))
        yield replace(asked, talk=replace(talk, shown=shown, sources={"m2": step.key}))


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """All questions, in both languages, on a desk whose changes are forgotten."""
    with core.sample_office() as stage:
        ticket = core.ticket(stage, core.report(stage, "Sari"))
        core.answered(stage, "Sari", ticket.number)
        hired(stage)
        people = ("p:Sari", "p:Agus Wibowo", "room:dputr", "w:Wahyu")
        sari, agus, room, wahyu = (core.contact(stage, address) for address in people)
        with stage.engine.begin() as connection:
            desk, found = core.desk(stage, connection), []
            for language in LANGUAGES:
                own = Scene(event(), replace(desk.contact(sari), language=language), Talk(subject=ticket.id), desk)
                group = replace(desk.contact(room), language=language)
                theirs = replace(own, event=event(room=Room("room:dputr")), contact=desk.contact(agus), room=group)
                alone = replace(own, contact=replace(desk.contact(wahyu), language=language))
                places = [(each, own) for each in menu.DIALOGUES.values()]
                places += [(each, scene) for each in moves.DIALOGUES.values() for scene in (theirs, alone)]
                for dialogue, scene in (*places, (duty.CHOICE, alone)):
                    found += [(dialogue, step, s) for step in dialogue.steps for s in opened(scene, dialogue, step)]
            yield Office(desk, found)
            connection.rollback()


def read(step: Step, scene: Scene, text: str) -> Any:
    """The value of these words, More, or the refusal."""
    try:
        return step.kind.read(replace(scene, event=replace(scene.event, kind=Kind.TEXT, text=text)), None)
    except Again as again:
        return again


def is_right(step: Step, scene: Scene, value: Any) -> bool:
    """Whether a value is one that the record may hold."""
    kind = step.kind
    if isinstance(kind, Pick):
        return value in {option.value for option in kind.all(scene)}
    if isinstance(kind, Day):
        return date(1945, 1, 1) <= date.fromisoformat(value) <= date(2026, 11, 2)
    if isinstance(kind, Where):
        known = {"text", "lat", "lon", "area"} <= set(value) <= PLACED
        return known and len(value["text"]) <= 500 and (bool(value["text"]) or value["lat"] is not None)
    if isinstance(kind, Written):
        return isinstance(value, str) and len(value) <= kind.most
    if isinstance(kind, whose.Either):
        return value["to"] in ("this", "new") and set(value["heard"]) <= {"kept_story", "kept_files", "place"}
    return isinstance(value, list if isinstance(kind, Files) else str)


@QUICK
@given(n=WHERE, text=TEXTS)
def test_any_text_is_an_answer_or_a_question_again(office: Office, n: int, text: str) -> None:
    """Every question reads every text as a value that the record may hold, waits for more, or says what is wrong."""
    _, step, scene = office.scenes[n % len(office.scenes)]
    value = read(step, scene, text)
    if isinstance(value, Again):
        assert 0 < len(office.desk.render(value.words, scene.language)) < 1024
    elif not isinstance(value, More):
        assert is_right(step, scene, value), (step.key, value)


@pytest.mark.parametrize("text", TRAPS)
def test_digits_that_are_no_numbers_are_survived(office: Office, text: str) -> None:
    """What merely looks like a number is read at every question without a fault."""
    for _, step, scene in office.scenes:
        value = read(step, scene, text)
        assert isinstance(value, (Again, More)) or is_right(step, scene, value), step.key


@settings(QUICK, max_examples=700)
@given(n=WHERE, what=WHAT)
def test_anything_at_any_question_is_answered(office: Office, n: int, what: dict[str, Any]) -> None:
    """Whatever happens while a question stands open, nothing fails, and in private a person hears something."""
    dialogue, step, scene = office.scenes[n % len(office.scenes)]
    scene = replace(scene, event=event(**{**what, "room": scene.event.room}))
    try:
        turn = respond(scene)
    finally:
        office.desk.change_contact(replace(office.desk.contact(scene.contact.id), blocked=False))
    said = [office.desk.render(letter.text, scene.language) for letter in turn.letters]
    asked = dialogue.name in menu.DIALOGUES and dialogue is not menu.MENU
    changed = what["kind"] is Kind.EDIT and not asked
    silent = what["kind"] in (Kind.BLOCKED, Kind.UNBLOCKED, Kind.DELETED) or changed
    if scene.room is None and not silent:
        assert any(text.strip() for text in said), step.key


# -- choices


def test_a_number_means_only_what_is_shown(office: Office) -> None:
    """A number of any length chooses the option that bears it, and where none bears it, none."""
    for step, scene in office.of(Pick):
        shown = scene.talk.shown
        for number in (*range(15), 100, 1000, 9999, 10000):
            for text in (str(number), f"0000{number}", f"000{number}0", f"{number}0000"):
                value = read(step, scene, text)
                meant = shown[int(text) - 1][0] if 0 < int(text) <= len(shown) else None
                assert isinstance(value, (Again, More)) or value in (meant, "+"), (step.key, text, value)


ABCD = st.text("abcdr ", min_size=1, max_size=9)
LABELS = st.lists(st.text("abcdr ", min_size=4, max_size=9).filter(str.strip), min_size=2, max_size=6, unique_by=plain)


def nearest(said: str, names: dict[str, str]) -> set[str]:
    """The values whose names are nearest to what was said, as near as a misprint."""
    ratios = {name: SequenceMatcher(None, name, said).ratio() for name in names}
    best = max(ratios.values())
    return {names[name] for name, ratio in ratios.items() if ratio == best >= 0.75}


@settings(QUICK, max_examples=400)
@given(labels=LABELS, at=st.integers(0, 8), letters=ABCD, near=st.booleans())
def test_a_near_miss_chooses_the_nearest_or_nothing(
    office: Office, labels: list[str], at: int, letters: str, near: bool
) -> None:
    """Misprinted words choose what is nearest to them; where two are equally near, the question is asked again."""
    said = labels[0][:at] + letters[0] + labels[0][at + 1 :] if near else letters
    assume(plain(said) and not plain(said).isdigit())
    step = Step("x", Pick(tuple(Option(f"v{n}", label) for n, label in enumerate(labels))), "")
    scene = office.scenes[0][2]
    shown = tuple((f"v{n}", label) for n, label in enumerate(labels))
    value = read(step, replace(scene, talk=Talk("x", shown=shown)), said)
    names = {plain(label): f"v{n}" for n, label in enumerate(labels)}
    meant = {names[plain(said)]} if plain(said) in names else nearest(plain(said), names)
    assert isinstance(value, Again) if len(meant) != 1 else value == meant.pop()


@pytest.mark.parametrize("said", ["dinas per", "dinas pen"])
def test_half_a_name_of_several_agencies_chooses_none(office: Office, said: str) -> None:
    """The beginning that several agencies share is no answer."""
    for step, scene in office.of(Pick):
        if step.key == "agency_other":
            assert isinstance(read(step, scene, said), Again)


@QUICK
@given(st.integers(0, 60), st.integers(0, 2))
def test_pages_show_everything_once(count: int, pinned: int) -> None:
    """However many there are, the pages show each option once and then begin anew, never more than a screen holds.

    What is pinned stands at the end of every page.
    """
    options = [Option(f"v{n}", f"Dinas {n}") for n in range(count)]
    always = [Option(f"p{n}", f"Tidak tahu {n}", pinned=True) for n in range(pinned)]
    kind = Pick((*options, *always))
    with_talk = Scene(event(), None, Talk(), None)  # type: ignore[arg-type]
    seen: list[str] = []
    for _ in range(count + 1):
        page = [option.value for option in kind.options(with_talk)]
        assert len(page) <= kinds.LONGEST
        assert page[len(page) - pinned :] == [option.value for option in always]
        seen += [value for value in page[: len(page) - pinned] if value != kinds.NEXT_PAGE]
        if kinds.NEXT_PAGE not in page:
            break
        more = kind.read(with_talk, kinds.NEXT_PAGE)
        with_talk = replace(with_talk, talk=Talk(partial=more.partial))
        if more.partial == 0:
            break
    assert seen == [f"v{n}" for n in range(count)]


@pytest.mark.parametrize("count", [1, kinds.LONGEST])
def test_where_all_is_shown_there_is_no_next_page(office: Office, count: int) -> None:
    """The button of a next page that never was, pressed or typed, is no answer; neither is a page of long ago."""
    step = Step("x", Pick(tuple(Option(f"v{n}", f"Dinas {n}") for n in range(count))), "")
    scene = office.scenes[0][2]
    for partial in (None, 7, 900):
        there = replace(scene, talk=Talk("x", partial=partial))
        assert len(step.kind.options(there)) == count
        assert isinstance(read(step, there, "lainnya"), Again)
        with pytest.raises(Again):
            step.kind.read(there, kinds.NEXT_PAGE)


# -- days


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2026, 11, 2, 16, 59, tzinfo=UTC), "2026-11-02"),
        (datetime(2026, 11, 2, 17, 0, tzinfo=UTC), "2026-11-03"),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "2027-01-01"),
    ],
)
def test_today_is_the_day_of_the_office(office: Office, now: datetime, today: str) -> None:
    """At night the day of the office counts, not that of Greenwich."""
    for step, scene in office.of(Day):
        desk = RecordDesk(office.desk._c, office.desk.office, now)
        for text in ("hari ini", "1", "today", "Hari ini!"):
            assert read(step, replace(scene, desk=desk), text) == today


def test_a_day_to_come_is_refused(office: Office) -> None:
    """Tomorrow cannot have happened."""
    for step, scene in office.of(Day):
        for text in ("besok", "3/11/2026", "2026-11-03", "1 Januari 2027"):
            assert isinstance(read(step, scene, text), Again), text
        assert read(step, scene, "2/11/2026") == "2026-11-02"
        assert read(step, scene, "1 Nov 2026") == "2026-11-01"


# -- files, texts, numbers


@QUICK
@given(st.sampled_from([*FILES.values(), File("f-0", "document"), File("f-1", "image", "image/svg+xml", 10)]))
def test_a_file_is_kept_or_refused_in_words(office: Office, file: File) -> None:
    """A file is added without its name, which can say who one is, or the person hears why not."""
    for step, scene in office.of(Files):
        there = replace(scene, event=event(Kind.FILE, file=file))
        if taken.refused(file):
            with pytest.raises(Again) as again:
                step.kind.read(there, None)
            assert "10 MB" in office.desk.render(again.value.words, scene.language)
        else:
            value = step.kind.read(there, None)
            assert taken.file_of(value.partial[-1]) == replace(file, name="")
            assert len(value.partial) == len(scene.talk.partial or []) + 1


def test_a_sixth_file_is_one_too_many(office: Office) -> None:
    """Five files stay five, and the person is told."""
    five = [taken.file_value(replace(FILES["foto"], ref=str(n))) for n in range(5)]
    for step, scene in office.of(Files):
        full = replace(scene, talk=replace(scene.talk, partial=five), event=event(Kind.FILE, file=FILES["foto"]))
        value = step.kind.read(full, None)
        assert value.partial == five
        assert "5" in office.desk.render(value.words, scene.language)


def test_a_sixth_file_before_its_question_is_one_too_many(office: Office) -> None:
    """Files that come early count the same: no more than five are kept, and nobody is told that a sixth was."""
    scene = next(scene for _, step, scene in office.scenes if step.key == "type")
    for n in range(8):
        file = replace(FILES["foto"], ref=str(n))
        turn = respond(replace(scene, event=event(Kind.FILE, file=file)))
        scene = replace(scene, talk=turn.talk)
    assert len(scene.talk.answers["kept_files"]) == taken.MAX_FILES


@settings(QUICK, max_examples=200)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_a_story_in_pieces_is_the_story(office: Office, parts: list[str]) -> None:
    """Each message that says something is kept, in its order, and the whole is what was written."""
    step, scene = next(each for each in office.of(Written) if each[0].key == "story" and each[1].talk.partial is None)
    assert isinstance(step.kind, Written)
    assert step.kind.done
    done = {plain(office.desk.render(step.kind.done.label, scene.language)), *step.kind.done.words, "1"}
    kept: list[str] = []
    for n, part in enumerate(parts):
        scene = replace(scene, event=event(message=str(n)))
        value = read(step, scene, part)
        if plain(part) in done and kept:
            continue
        if isinstance(value, More):
            kept.append(part.strip())
            scene = replace(scene, talk=replace(scene.talk, partial=value.partial))
        else:
            assert isinstance(value, Again)
            assert not kinds.substance(part)
    assert [text for _, text in scene.talk.partial or []] == kept


@settings(QUICK, max_examples=300)
@given(text=st.one_of(TEXTS, st.from_regex(r"(?i)LPR[- ]?[0-9]{4}[- ][0-9A-Z]{4}[- ][0-9A-Z]", fullmatch=True)))
def test_only_a_number_on_record_is_taken(office: Office, text: str) -> None:
    """The question for a number takes nothing but the number of a ticket that is there."""
    step, scene = next((s, c) for _, s, c in office.scenes if s.key == "number")
    value = read(step, scene, text)
    found = numbers.read(text) or numbers.find(text)
    ticket = office.desk.ticket_by_number(found) if found else None
    assert isinstance(value, Again) if ticket is None else value == found
