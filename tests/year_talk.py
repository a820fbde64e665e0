"""What people of the simulated year press and write: a new report's last button, and deeds as taps and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import select

from handlers.rules.ticket import HELD
from handlers.words import File, Inbound, Kind, Part, Talk
from storage import tables as t
from storage.rows import upsert
from tests.year_deeds import Done, said
from tests.year_office import YearOffice
from tests.year_people import Party

# The word by which each report and all that its reporter writes is known again.
WORD = "kata{n:05d}"
DRAFTED = ("answer", "ask", "resolve", "note")
BY_BUTTON = {"forward": "agency", "transfer": "agency", "involve": "agency", "assign": "officer", "merge": "into"}
BY_BUTTON |= {"classify": "klass", "archive": "text", "extend": "days"}
WRITTEN = ("return", "extend", "contribute")
OF_REPORTERS = ("confirm", "rate", "dispute", "object", "supply", "reply")
SPEAKABLE = (*DRAFTED, *BY_BUTTON, *WRITTEN, *OF_REPORTERS, "claim", "release", "verify")
PHOTO = File("p1", "image", "image/jpeg", 240_000)
# How often what was sent is taken back at once.
UNDONE = 0.6
# How often somebody joins a report that is open, among how many of the newest; and how often the topic was guessed.
JOINS, NEWEST, GUESSED = 0.04, 60, 0.5


@dataclass(frozen=True, slots=True)
class Fresh:
    """A report that is about to be sent: by whom, of what, and to which agency; none where nobody is sure."""

    person: str
    word: str
    report_type: str
    category: str
    agency: str
    privacy: str


def sent(year: YearOffice, fresh: Sequence[Fresh]) -> None:
    """These people, who have answered everything before, press *Kirim*."""
    day, leads = year.now.date().isoformat(), _leads(year)
    rows = [
        {
            "contact_id": year.ids[each.person],
            "room_id": 0,
            "body": msgspec.json.encode(Talk("report", {**_answers(each, day), **_beside(year, each, leads)})).decode(),
            "open": True,
            "nudged": False,
            "updated_at": year.now,
        }
        for each in fresh
    ]
    made = upsert("sqlite")(t.talks)
    rest = {name: made.excluded[name] for name in ("body", "open", "nudged", "updated_at")}
    with year.engine.begin() as connection:
        connection.execute(made.on_conflict_do_update(index_elements=["contact_id", "room_id"], set_=rest), rows)
    year.hear([year.event(each.person, Kind.TAP, tap="q:report:review:send") for each in fresh])


def _answers(fresh: Fresh, day: str) -> dict[str, Any]:
    return {
        "consent": "yes",
        "story": f"Sudah lama begini dan belum ada yang datang: {fresh.word}.",
        "type": fresh.report_type,
        "category": fresh.category,
        "deeper": False,
        "place": {"text": "Jl. Panglima Sudirman", "lat": None, "lon": None, "area": ""},
        "place_ok": "yes",
        **({"agency": "*", "agency_other": fresh.agency} if fresh.agency else {"agency": "?"}),
        "date": day,
        "files": [],
        "privacy": fresh.privacy,
    }


def _leads(year: YearOffice) -> list[tuple[int, int]]:
    """The newest open reports that are shown to others, with their reporters."""
    c = t.tickets.c
    shown = select(c.id, c.reporter).where(c.state.in_(HELD), ~c.secret).order_by(c.id.desc()).limit(NEWEST)
    with year.engine.connect() as connection:
        return [(row.id, row.reporter) for row in connection.execute(shown)]


def _beside(year: YearOffice, fresh: Fresh, leads: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """What the program took the story for, and the open report that its reporter joins."""
    guess = {"by": "keywords", "category": [[fresh.category, 0.8]], "agency": [], "sure": ["category"]}
    guessed = {"guessed": guess} if year.chance.random() < GUESSED else {}
    others = [ident for ident, reporter in leads if reporter != year.ids[fresh.person]]
    joins = others and year.chance.random() < JOINS
    return {**guessed, "nearby": str(year.chance.choice(others))} if joins else guessed


def spoken(year: YearOffice, deeds: Sequence[Done], words: dict[int, str]) -> None:
    """Does these deeds in the chat, all together: the first button of each, then what it asks, then *Kirim*."""
    heard = year.hear([_tap(year, each, f"t:{each.deed.ticket}:{_button(each)}") for each in deeds])
    asked = [event for each in deeds for event in _answers_first(year, each, words)]
    heard = year.hear(asked) if asked else heard
    # What one officer does in several steps, each of which asks something.
    more = [event for each in deeds for event in _answers_second(year, each)]
    if more:
        year.hear(more)
    _leave(year, deeds, heard)


def _button(done: Done) -> str:
    if done.deed.party is not Party.REPORTER:
        return "answer" if done.deed.action == "note" else done.deed.action
    return {"rate": "confirm", "supply": "add", "reply": "add"}.get(done.deed.action, done.deed.action)


def _tap(year: YearOffice, done: Done, tap: str) -> Inbound:
    return year.event(done.person, Kind.TAP, done.room, tap=tap)


def _answers_first(year: YearOffice, done: Done, words: dict[int, str]) -> list[Inbound]:
    action, data = done.deed.action, done.data
    if done.deed.party is Party.REPORTER:
        if action in ("confirm", "rate"):
            stars = year.chance.randint(1, 5)
            return [_tap(year, done, f"q:rating:stars:{stars}")]
        return [year.event(done.person, Kind.TEXT, text=said(words[done.deed.ticket]))]
    if action in BY_BUTTON:
        return [_tap(year, done, f"q:do-{action}:value:{data[BY_BUTTON[action]]}")]
    if action == "resolve":
        # Most topics that are about things want to see what was done.
        return [year.event(done.person, Kind.FILE, done.room, text=data["text"], file=PHOTO)]
    if action in DRAFTED or action in WRITTEN:
        return [year.event(done.person, Kind.TEXT, done.room, text=data["text"])]
    return []


def _answers_second(year: YearOffice, done: Done) -> list[Inbound]:
    if done.deed.action == "extend":
        return [year.event(done.person, Kind.TEXT, done.room, text=done.data["text"])]
    if done.deed.party is Party.REPORTER and done.deed.action in ("confirm", "rate"):
        return [_tap(year, done, "q:rating:comment:skip")]
    return []


def _leave(year: YearOffice, deeds: Sequence[Done], heard: Sequence[Any]) -> None:
    """Sends the drafts off, some as notes; some are taken back at once."""
    shown = {parcel.ticket: parcel.draft for parcel in heard if parcel.part == Part.PREVIEW.value}
    waiting = [each for each in deeds if each.room and each.deed.ticket in shown and each.deed.action in DRAFTED]
    if not waiting:
        return
    whats = {each.deed.ticket: "note" if each.deed.action == "note" else "send" for each in waiting}
    year.hear([_tap(year, each, f"d:{shown[each.deed.ticket]}:{whats[each.deed.ticket]}") for each in waiting])
    sorry = [each for each in waiting if whats[each.deed.ticket] == "send" and year.chance.random() < UNDONE]
    if sorry:
        year.pass_on(year.now + timedelta(seconds=10))
        year.hear([_tap(year, each, f"d:{shown[each.deed.ticket]}:undo") for each in sorry])


def withdrawn(year: YearOffice, tickets: Sequence[tuple[int, str]]) -> None:
    """These people take a report back that they have just sent."""
    if tickets:
        year.pass_on(year.now + timedelta(seconds=20))
        year.hear([year.event(person, Kind.TAP, tap=f"t:{ticket}:withdraw") for ticket, person in tickets])
