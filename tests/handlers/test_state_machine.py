"""A small office lives through random days, and after each thing that happens the record is as it must be."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from handlers.answers import plain
from handlers.dialogue import current as question
from handlers.menu import DIALOGUES
from handlers.report import REVIEW
from handlers.rules.ticket import OPEN, replay
from handlers.words import Kind, Part
from storage import tables as t
from tests.handlers import PLACE, STORY, UNSURE, acts, current, faults, rows, sample_office, tickets
from tests.stage import FILES, PIN

# Every day the same short lives; before a release, long ones: KENTONGAN_HYPOTHESIS=long.
LONG = os.environ.get("KENTONGAN_HYPOTHESIS") == "long"
LIVES = settings(
    max_examples=1000 if LONG else 15,
    stateful_step_count=200 if LONG else 80,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
# Each reporter's stories hold a word that stands nowhere else.
REPORTERS = {"Sari": "kelapa", "Budi": "durian", "Wati": "salak"}
OFFICERS = {
    "Agus Wibowo": "dputr",
    "Rini Astutik": "dputr",
    "Hari Santoso": "dishub",
    "Nur Hidayah": "dishub",
    "Dwi Kurniawati": "kominfo",
}
GROUPS = ("dputr", "dishub", "kominfo")
STRANGER = "Orang Lewat"
SEND_WORDS = ("1", "kirim", *next(option.words for option in REVIEW.offer if option.value == "send"))  # type: ignore[union-attr]
TEXTS = (
    *("1", "2", "3", "ya", "tidak", "kirim", "ubah", "sudah", "belum", "kemarin", "lewati", "selesai", "lain", "²"),
    *("menu", "batal", "kembali", "ulang", "bantuan", "lanjut", "lapor", "cek status", "laporan saya", "/tugas"),
    *("LPR-2611-7K3Q-R", PLACE, "Lubang sudah ditambal pagi ini.", "Bukan kewenangan kami, ini jalan desa.", "dishub"),
)
REPORTER, OFFICER, GROUP = (st.sampled_from(list(names)) for names in (REPORTERS, OFFICERS, GROUPS))
ANY = st.integers(0, 999)
# The newest buttons, any that ever were, those below news of a ticket.
WHICH = st.sampled_from([(9, ""), (999, ""), (6, "t:")])
SENDING = st.lists(st.integers(0, 2), max_size=3)
SPANS = st.sampled_from(
    [
        *(timedelta(seconds=seconds) for seconds in (10, 60, 900)),
        timedelta(hours=4),
        timedelta(days=1),
        timedelta(days=4),
    ]
)


class Life(RuleBasedStateMachine):
    """Reporters, officers of two agencies, a coordinator and a stranger, with buttons, words, files and time."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.stage = self.open.enter_context(sample_office())
        self.sent = 0
        self.read = 0

    def teardown(self) -> None:
        self.open.close()

    # -- what people do

    def at_review(self, person: str) -> bool:
        talk = current(self.stage, person) if person in REPORTERS and (person, "lapor") in self.stage.written else None
        dialogue = DIALOGUES.get(talk.dialogue) if talk else None
        step = question(dialogue, talk.answers) if dialogue and talk else None
        return bool(dialogue and dialogue.name == "report" and step and step.key == "review")

    def does(self, person: str, chat: str, kind: Kind, **what: Any) -> None:
        """Somebody does something; a report counts as sent when its review is answered with yes."""
        said = plain(what.get("text", ""))
        yes = what.get("tap") == "q:report:review:send" or (kind is Kind.TEXT and said in SEND_WORDS)
        if person == chat and yes and self.at_review(person):
            self.sent += 1
        list(self.stage.send(person, chat, kind, **what))

    def presses(self, person: str, chat: str, n: int, newest: int, of: str = "") -> None:
        """One of the buttons that lie in a chat, of so many of the newest; `of`: how what it sends begins."""
        messages = [said for said in reversed(self.stage.said.values()) if said.chat == chat and said.buttons]
        lying = [(said.id, choice) for said in messages for _, choice in said.buttons if choice.startswith(of)][:newest]
        if lying:
            message, choice = lying[n % len(lying)]
            self.does(person, chat, Kind.TAP, tap=choice, message=message)

    def replies(self, person: str, chat: str, n: int, text: str) -> None:
        """A reply to one of the bot's messages in a chat."""
        lying = [said.id for said in self.stage.said.values() if said.chat == chat]
        if lying:
            self.does(person, chat, Kind.TEXT, text=text, reply_to=lying[n % len(lying)])

    def report(self, person: str, unsure: bool, privacy: str) -> None:
        """A person tells everything, up to the review."""
        story = f"{UNSURE if unsure else STORY} Dekat kebun {REPORTERS[person]}."
        lines = ["/menu", "/hapus_draf", "lapor"]
        acts(self.stage, *(f"{person}> {line}" for line in lines))
        if "consent" not in current(self.stage, person).answers:
            acts(self.stage, f"{person}> [Setuju]")
        topic = "[Petugas menentukan]" if unsure else "[Benar]"
        acts(self.stage, *(f"{person}> {line}" for line in (story, "[Selesai bercerita]", topic, PLACE, "[Benar]")))
        if "near" in current(self.stage, person).answers:
            acts(self.stage, f"{person}> [Tidak, laporan baru]")
        acts(self.stage, *(f"{person}> {line}" for line in ("[Kemarin]", "[Lewati]", f"[{privacy}]")))

    @initialize(undo=st.sampled_from([0, 30]))
    def two_reports(self, undo: int) -> None:
        """The day begins with a report at an agency and one at the coordinator's."""
        self.stage.office = replace(self.stage.office, undo_for=timedelta(seconds=undo))
        self.report_and_send("Sari", False, "Biasa")
        self.report_and_send("Budi", True, "Rahasia")

    def report_and_send(self, person: str, unsure: bool, privacy: str) -> None:
        self.report(person, unsure, privacy)
        message, choice = self.stage.button(person, "Kirim")
        self.does(person, person, Kind.TAP, tap=choice, message=message)

    @precondition(lambda self: self.sent < 5)
    @rule(person=REPORTER, unsure=st.booleans(), privacy=st.sampled_from(["Anonim", "Rahasia"]), send=st.booleans())
    def somebody_reports(self, person: str, unsure: bool, privacy: str, send: bool) -> None:
        (self.report_and_send if send else self.report)(person, unsure, privacy)

    @rule(person=OFFICER, n=ANY, old=st.booleans())
    def an_officer_presses(self, person: str, n: int, old: bool) -> None:
        self.presses(person, OFFICERS[person], n, 999 if old else 12)

    @rule(person=OFFICER, card=ANY, button=ANY, text=st.sampled_from(TEXTS), sends=SENDING)
    def an_officer_makes_a_move(self, person: str, card: int, button: int, text: str, sends: list[int]) -> None:
        """Presses a button of a card, answers what is asked, and presses what is offered then."""
        chat = OFFICERS[person]
        here = [each for each in self.stage.said.values() if each.chat == chat and each.buttons]
        cards = [each for each in here if each.lines[0].startswith("📥")]
        if cards:
            pressed = cards[card % len(cards)]
            _, choice = pressed.buttons[button % len(pressed.buttons)]
            self.does(person, chat, Kind.TAP, tap=choice, message=pressed.id)
            self.does(person, chat, Kind.TEXT, text=text)
            for n in sends:
                self.presses(person, chat, n, 3)

    @rule(person=OFFICER, n=ANY, sends=SENDING)
    def an_officer_answers(self, person: str, n: int, sends: list[int]) -> None:
        """Replies to something, and presses what is offered then."""
        self.replies(person, OFFICERS[person], n, "Lubang sudah ditambal pagi ini.")
        for m in sends:
            self.presses(person, OFFICERS[person], m, 3)

    @rule(person=OFFICER, text=st.sampled_from(TEXTS), photo=st.booleans())
    def an_officer_writes(self, person: str, text: str, photo: bool) -> None:
        file = {"file": FILES["foto"]} if photo else {}
        self.does(person, OFFICERS[person], Kind.FILE if photo else Kind.TEXT, text=text, **file)

    @rule(person=REPORTER, n=ANY, which=WHICH, texts=st.lists(st.sampled_from(TEXTS), max_size=2))
    def a_reporter_presses_and_writes(self, person: str, n: int, which: tuple[int, str], texts: list[str]) -> None:
        self.presses(person, person, n, *which)
        for text in texts:
            self.does(person, person, Kind.TEXT, text=text)

    @rule(person=REPORTER, n=ANY, text=st.sampled_from(TEXTS))
    def a_reporter_replies(self, person: str, n: int, text: str) -> None:
        self.replies(person, person, n, f"{text} {REPORTERS[person]}")

    @rule(person=REPORTER, what=st.sampled_from(["foto", "suara", "exe", "besar", "place", "sticker", "edit"]))
    def a_reporter_sends_something_else(self, person: str, what: str) -> None:
        if what in FILES:
            self.does(person, person, Kind.FILE, file=FILES[what])
        elif what == "place":
            self.does(person, person, Kind.PLACE, place=PIN)
        else:
            self.does(person, person, Kind.EDIT if what == "edit" else Kind.UNREADABLE, text="diubah", message="7")

    @rule(group=GROUP, n=ANY, text=st.sampled_from(TEXTS), private=st.booleans())
    def a_stranger_meddles(self, group: str, n: int, text: str, private: bool) -> None:
        """Whatever a stranger presses, writes or forges, in a group or alone, no ticket and no history changes."""
        before = (tickets(self.stage), self.entries())
        for chat in (STRANGER if private else group,):
            for person in (STRANGER, *(() if private else REPORTERS)):
                self.presses(person, chat, n, 999)
                self.replies(person, chat, n, text)
                buttons = [choice for said in self.stage.said.values() for _, choice in said.buttons]
                forged = buttons[n % len(buttons)] if person is STRANGER else "t:1:claim"
                self.does(person, chat, Kind.TAP, tap=forged, message="b0")
        assert (tickets(self.stage), self.entries()) == before

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        """Afterwards nothing that is due has been left undone."""
        list(self.stage.wait(span))
        assert not [each for each in tickets(self.stage) if each.wakes_at and each.wakes_at <= self.stage.now]

    # -- what is always true

    def entries(self) -> int:
        return int(rows(self.stage, select(func.count()).select_from(t.history))[0][0])

    @invariant()
    def nothing_failed(self) -> None:
        """No event was too much for the program."""
        assert faults(self.stage) == []

    @invariant()
    def tickets_are_what_their_history_says(self) -> None:
        """State, agency and closing follow from the history, and somebody holds every ticket."""
        steps: dict[int, list[Any]] = {}
        for row in rows(self.stage, select(t.history).order_by(t.history.c.id)):
            steps.setdefault(row.ticket, []).append(row)
        for ticket in tickets(self.stage):
            mine = steps[ticket.id]
            assert replay([(row.action, row.state) for row in mine]) is ticket.state
            assert ticket.agency == mine[-1].agency
            assert ticket.agency in self.stage.office.facts.agency_by_code
            assert (ticket.closed_at is None) == (ticket.state in OPEN)

    @invariant()
    def no_open_ticket_is_forgotten(self) -> None:
        """Every open ticket has a clock, and an instant at which the program looks at it again."""
        for ticket in tickets(self.stage):
            assert bool(ticket.runs) == (ticket.state in OPEN), ticket
            assert (ticket.wakes_at is not None) == (ticket.state in OPEN), ticket

    @invariant()
    def nobody_stands_in_for_somebody_who_is_there(self) -> None:
        """All agencies can be reached in this office: each holds what is meant for it."""
        assert not any(ticket.meant for ticket in tickets(self.stage))

    @invariant()
    def every_ticket_has_one_card(self) -> None:
        """In the group that holds a ticket there is one card of it, and it is the newest state.

        A report that is handled with another has none of its own there.
        """
        shown = select(t.sent.c.ticket, t.sent.c.message, t.rooms.c.agency).distinct()
        bound = shown.join(t.rooms, t.rooms.c.contact_id == t.sent.c.contact_id)
        cards = rows(self.stage, bound.where(t.sent.c.part == Part.CARD.value))
        for ticket in (each for each in tickets(self.stage) if each.merged_into is None):
            mine = [row.message for row in cards if row.ticket == ticket.id and row.agency == ticket.agency]
            assert len(mine) == 1, (ticket.number, mine)
            card = self.stage.said[mine[0]]
            assert (card.chat, card.lines[0]) == (ticket.agency, f"📥 {ticket.number}")
            assert bool(card.buttons) == (ticket.state in OPEN), ticket.state

    @invariant()
    def a_ticket_is_a_report_that_was_sent(self) -> None:
        """There are as many tickets as reports whose review was answered with yes."""
        assert len(tickets(self.stage)) == self.sent

    @invariant()
    def letters_reach_whom_they_are_meant_for(self) -> None:
        """A letter about a ticket reaches its reporter or a group; another person never reads a reporter's words."""
        owners = {ticket.id: ticket.reporter for ticket in tickets(self.stage)}
        for parcel in self.stage.letters[self.read :]:
            chat = self.stage.chat(parcel)
            assert parcel.group or parcel.ticket is None or owners[parcel.ticket] == parcel.contact
            words = [word for name, word in REPORTERS.items() if name != chat]
            assert parcel.group or not any(word in parcel.body.text for word in words), (chat, parcel.body.text)
        self.read = len(self.stage.letters)


TestLife = Life.TestCase
TestLife.settings = LIVES
