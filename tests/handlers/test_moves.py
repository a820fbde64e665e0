"""Moves as they are made and forged in a chat: only who may moves a ticket, and whatever is pressed, nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, update

from handlers.desk import Ticket
from handlers.dialogue import STALE
from handlers.rules.ticket import MOVES, Role, State, move_for, moves_for
from handlers.words import Inbound, Kind, Person, Room
from storage import tables as t
from storage.turns import Batch, Outcome, take
from tests.handlers import (
    STORY,
    Overheard,
    acts,
    answered,
    begin,
    contact,
    current,
    faults,
    history,
    sample_office,
    ticket,
    tickets,
    to_review,
)
from tests.handlers import report as sent
from tests.stage import FILES, START

KNOWN = tuple(dict.fromkeys(move.action for move in MOVES))
FORGED = ("", "view", "add", "show", "more", "to:", "to:hilang", "claim:claim", "CLAIM", " claim", "selesai", "\u202e")
HOUSES = {Role.OFFICER: ("dputr", "Agus Wibowo"), Role.COORDINATOR: ("kominfo", "Dwi Kurniawati")}
BAD_PRESSES = (
    "",
    ":",
    "q",
    "q:::::",
    "q:report",
    "q:report:story:done",
    "q:report:category:jalan-rusak",
    "q:report:type:complaint",
    "q:do-answer:value:x",
    "q:rating:stars:5",
    "t:",
    "t:x:y",
    "t:0:claim",
    "t:-1:claim",
    "t:1",
    "t:999999999999:claim",
    "t:99999999999999999:claim",
    "t:9999999999999999999999:claim",
    "t:²:claim",
    "t:١:claim",
    "t: 1:claim",
    "d:",
    "d:-1:send",
    "d:1:send",
    "d:²:undo",
    "d:99999999999999999999:send",
    "m:",
    "m:hilang",
    "x:1:claim",
    "💥" * 16,
    "t:1:" + "a" * 5000,
    "q:report:story:" + "ö" * 5000,
)


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def press(stage: Overheard, person: str, chat: str, tap: str) -> list[str]:
    return list(stage.send(person, chat, Kind.TAP, tap=tap, message="b0"))


def put(stage: Overheard, ident: int, **values: Any) -> None:
    """The ticket as it is wanted, with nobody in the middle of anything."""
    with stage.engine.begin() as connection:
        connection.execute(update(t.tickets).where(t.tickets.c.id == ident).values(**values))
        connection.execute(delete(t.talks))


def told_apart(ticket: Ticket) -> tuple[Any, ...]:
    return (ticket.state, ticket.agency, ticket.officer, ticket.rating, ticket.closed_at)


@pytest.mark.parametrize("role", HOUSES)
def test_every_press_in_a_group_does_what_the_law_says(stage: Overheard, role: Role) -> None:
    """A known, an impossible or an invented action on a ticket in any state moves it, asks, or is refused in words."""
    ident = ticket(stage, sent(stage, "Sari")).id
    house, person = HOUSES[role]
    for state in State:
        for action in (*KNOWN, *FORGED):
            put(stage, ident, state=state.value, agency=house, officer=None, closed_at=None)
            said = press(stage, person, house, f"t:{ident}:{action}")
            move = move_for(action, state, role)
            free = move is not None and (move.button or move.more) and not move.mine and move.asks is None
            (now,) = tickets(stage)
            assert (now.state is not state) == free, (state, action)
            assert now.agency == house
            assert any(line.startswith(house) for line in said), (state, action)


def test_a_card_shows_what_may_be_done(stage: Overheard) -> None:
    """The buttons on a card are those moves of the law that have one, and none else."""
    ident = ticket(stage, sent(stage, "Sari")).id
    for role, (house, person) in HOUSES.items():
        for state in State:
            put(stage, ident, state=state.value, agency=house)
            press(stage, person, house, f"t:{ident}:show")
            shown = [choice for choice, _, _ in stage.letters[-1].body.choices if choice.split(":")[2] in KNOWN]
            lawful = [f"t:{ident}:{move.action}" for move in moves_for(state, role) if move.button]
            assert [choice for choice in shown if choice.count(":") == 2] == lawful, (state, role)


def test_the_rest_lies_below_more(stage: Overheard) -> None:
    """*Lainnya* stands on a card where there is more to do, and shows just those moves; they fit the strictest chat."""
    ident = ticket(stage, sent(stage, "Sari")).id
    for role, (house, person) in HOUSES.items():
        for state in State:
            put(stage, ident, state=state.value, agency=house)
            press(stage, person, house, f"t:{ident}:show")
            offered = f"t:{ident}:more" in [choice for choice, _, _ in stage.letters[-1].body.choices]
            press(stage, person, house, f"t:{ident}:more")
            shown = [choice for choice, _, _ in stage.letters[-1].body.choices]
            lawful = [f"t:{ident}:{move.action}" for move in moves_for(state, role) if move.more]
            assert (shown, offered) == (lawful, bool(lawful)), (state, role)


def test_only_enrolled_people_of_the_holding_agency_move_a_ticket(stage: Overheard) -> None:
    """A stranger, another agency's officer, the reporter or anyone in private changes nothing by any forged press."""
    before = ticket(stage, sent(stage, "Sari"))
    places = (
        ("Orang Lewat", "dputr"),
        ("Hari Santoso", "dputr"),
        ("Sari", "dputr"),
        ("Hari Santoso", "dishub"),
        ("Dwi Kurniawati", "kominfo"),
        ("Agus Wibowo", "Agus Wibowo"),
        ("Orang Lewat", "Orang Lewat"),
    )
    for state in (State.FORWARDED, State.IN_PROGRESS, State.RESPONDED, State.RESOLVED):
        for action in (*KNOWN, *FORGED):
            for person, chat in places:
                put(stage, before.id, state=state.value)
                press(stage, person, chat, f"t:{before.id}:{action}")
                (now,) = tickets(stage)
                assert told_apart(now) == told_apart(replace(before, state=state)), (person, chat, action)
    assert [entry.action for entry in history(stage, before.id)] == ["submit", "forward"]


def test_a_reporters_forged_press_does_nothing_of_the_offices(stage: Overheard) -> None:
    """On his own ticket a reporter only ever confirms, disputes, adds or looks, whatever is forged."""
    ident = ticket(stage, sent(stage, "Sari")).id
    for state in State:
        for action in (*KNOWN, *FORGED):
            put(stage, ident, state=state.value)
            assert press(stage, "Sari", "Sari", f"t:{ident}:{action}"), (state, action)
            (now,) = tickets(stage)
            confirmed = action == "confirm" and state in (State.RESPONDED, State.MERGED)
            assert now.state is (State.RESOLVED if confirmed else state), (state, action)


@pytest.mark.parametrize("tap", BAD_PRESSES, ids=lambda tap: ascii(tap[:24]))
def test_a_bad_press_is_survived(stage: Overheard, tap: str) -> None:
    """What no button ever said changes no ticket and no draft; in private one hears where one stands."""
    first = ticket(stage, sent(stage, "Sari"))
    begin(stage, "Budi")
    draft = current(stage, "Budi")
    said = press(stage, "Budi", "Budi", tap)
    assert any(line.startswith("Budi<") for line in said)
    acts(stage, "Budi> /lanjut")
    kept = tap != "q:report:category:jalan-rusak"
    assert (current(stage, "Budi").answers == draft.answers) is kept
    for person, chat in (("Agus Wibowo", "dputr"), ("Orang Lewat", "dputr"), ("Orang Lewat", "Orang Lewat")):
        press(stage, person, chat, tap)
    assert [told_apart(each) for each in tickets(stage)] == [told_apart(first)]


def test_other_peoples_drafts_are_theirs(stage: Overheard) -> None:
    """The buttons of a draft work for who wrote it, in the group where it was written, and for nobody else."""
    number = sent(stage, "Sari")
    acts(stage, f'Agus Wibowo @ dputr> (balas "{number}") Sedang kami periksa.')
    with stage.engine.begin() as connection:
        draft = connection.execute(t.drafts.select()).one().id
    others = (("Rini Astutik", "dputr"), ("Agus Wibowo", "dishub"), ("Hari Santoso", "dishub"), ("Sari", "Sari"))
    for person, chat in (*others, ("Agus Wibowo", "Agus Wibowo"), ("Orang Lewat", "dputr")):
        for what in ("send", "note", "drop", "undo", "", "hilang"):
            press(stage, person, chat, f"d:{draft}:{what}")
    assert ticket(stage, number).state is State.FORWARDED
    with stage.engine.begin() as connection:
        assert not connection.execute(t.drafts.select()).one().sent
    assert stage.heard("Sari")[-1].body.text.find("Sedang kami periksa") == -1


def test_a_draft_knows_only_its_own_buttons(stage: Overheard) -> None:
    """A forged word behind a draft's number sends nothing and notes nothing."""
    number = sent(stage, "Sari")
    acts(stage, f'Agus Wibowo @ dputr> (balas "{number}") Sedang kami periksa.')
    with stage.engine.begin() as connection:
        draft = connection.execute(t.drafts.select()).one().id
    for what in ("", "hilang", "SEND", "answer", "resolve"):
        press(stage, "Agus Wibowo", "dputr", f"d:{draft}:{what}")
    assert [entry.action for entry in history(stage, ticket(stage, number).id)] == ["submit", "forward"]


def test_a_button_below_another_tickets_question_moves_nothing(stage: Overheard) -> None:
    """Who is asked where to send one ticket, and presses the list below the question about another, moves neither."""
    first, second = sent(stage, "Sari"), sent(stage, "Budi")
    ids = [ticket(stage, number).id for number in (first, second)]
    press(stage, "Agus Wibowo", "dputr", f"t:{ids[0]}:transfer")
    message, choice = stage.button("dputr", "Dinas Perhubungan")
    press(stage, "Agus Wibowo", "dputr", f"t:{ids[1]}:transfer")
    list(stage.send("Agus Wibowo", "dputr", Kind.TAP, tap=choice, message=message))
    assert [each.agency for each in tickets(stage)][1] == "dputr"


# -- many at once


def event(number: str, person: str, kind: Kind = Kind.TEXT, chat: str = "", **more: Any) -> Inbound:
    room = Room(f"room:{chat}", chat) if chat else None
    who = Person(f"p:{person}", person)
    return Inbound("stage", f"at-once-{number}", kind, who, START, room, message=number, **more)


def together(stage: Overheard, *events: Inbound) -> Batch:
    with stage.engine.begin() as connection:
        batch = take(connection, events, stage.office, stage.now)
    stage.hold(batch.parcels, batch.dropped)
    list(stage.deliver())
    return batch


def test_a_hundred_messages_at_once(stage: Overheard) -> None:
    """A hundred messages in a moment are all heard, in their order, and get one answer."""
    acts(stage, "Sari> lapor", "Sari> [Setuju]")
    lines = [f"Baris ke {n} dari cerita saya." for n in range(100)]
    batch = together(stage, *(event(str(n), "Sari", text=line) for n, line in enumerate(lines)))
    assert batch.outcomes == [Outcome.DONE] * 100
    assert [text for _, text in current(stage, "Sari").partial] == lines
    assert len(batch.parcels) == 1


@pytest.mark.parametrize("text", ["1", "kirim", "ya", "batal", "😀", "LPR-2611-7K3Q-R", STORY])
def test_a_hundred_times_the_same_at_once(stage: Overheard, text: str) -> None:
    """The same word a hundred times in a moment breaks nothing, sends at most one report, and gets few answers."""
    to_review(stage, "Sari")
    batch = together(stage, *(event(str(n), "Sari", text=text) for n in range(100)))
    assert set(batch.outcomes) == {Outcome.DONE}
    assert len(tickets(stage)) <= 1
    assert len([parcel for parcel in batch.parcels if stage.chat(parcel) == "Sari"]) <= 3


def test_two_devices_answer_the_same_question(stage: Overheard) -> None:
    """Of two presses on one question in the same moment the first counts, and the second is told."""
    begin(stage, "Sari")
    taps = ("q:report:category:jalan-rusak", "q:report:category:?")
    batch = together(stage, *(event(str(n), "Sari", Kind.TAP, tap=tap) for n, tap in enumerate(taps)))
    assert current(stage, "Sari").answers["category"] == "jalan-rusak"
    assert STALE.source in batch.parcels[-1].body.text


def test_two_devices_send_the_same_report(stage: Overheard) -> None:
    """Two presses of Kirim in the same moment make one ticket."""
    to_review(stage, "Sari")
    together(stage, *(event(str(n), "Sari", Kind.TAP, tap="q:report:review:send") for n in range(2)))
    assert len(tickets(stage)) == 1


def test_two_officers_claim_in_the_same_moment(stage: Overheard) -> None:
    """The first has it; the second hears who was first."""
    ident = ticket(stage, sent(stage, "Sari")).id
    people = ("Rini Astutik", "Agus Wibowo")
    taps = (event(name, name, Kind.TAP, "dputr", tap=f"t:{ident}:claim") for name in people)
    batch = together(stage, *taps)
    assert ticket(stage, tickets(stage)[0].number).officer == contact(stage, "p:Rini Astutik")
    assert any("oleh Rini Astutik" in parcel.body.text for parcel in batch.parcels)
    assert len([parcel for parcel in batch.parcels if stage.chat(parcel) == "Sari"]) == 1


def test_two_buttons_of_one_draft_in_the_same_moment(stage: Overheard) -> None:
    """A draft that is sent twice in a moment is sent once."""
    number = sent(stage, "Sari")
    acts(stage, f'Agus Wibowo @ dputr> (balas "{number}") Sudah kami tambal.')
    with stage.engine.begin() as connection:
        draft = connection.execute(t.drafts.select()).one().id
    batch = together(stage, *(event(str(n), "Agus Wibowo", Kind.TAP, "dputr", tap=f"d:{draft}:send") for n in range(2)))
    assert len([parcel for parcel in batch.parcels if stage.chat(parcel) == "Sari"]) == 1
    assert [entry.action for entry in history(stage, ticket(stage, number).id)].count("answer") == 1


# -- late, edited, unreadable


def test_yesterdays_button_changes_no_answer(stage: Overheard) -> None:
    """A button of a question that was answered, or of a report that was sent, repeats where one stands."""
    begin(stage, "Sari")
    old = stage.button("Sari", "Benar")
    acts(stage, "Sari> [Saya tidak tahu]", "+ 1 hari")
    said = list(stage.send("Sari", "Sari", Kind.TAP, tap=old[1], message=old[0]))
    assert current(stage, "Sari").answers["category"] == "?"
    assert STALE.source in said[0]


def test_what_is_edited_after_sending_changes_no_ticket(stage: Overheard) -> None:
    """An edit of a message of a report that was sent is left alone."""
    number = sent(stage, "Sari")
    acts(stage, f'Sari> (ubah "{STORY}") Tidak jadi')
    assert ticket(stage, number).story == STORY


@pytest.mark.parametrize("kind", [Kind.UNREADABLE, Kind.FILE, Kind.EDIT, Kind.JOINED, Kind.LEFT])
def test_what_cannot_be_read_leaves_the_draft(stage: Overheard, kind: Kind) -> None:
    """A sticker, a poll, a contact or a forbidden file is answered with the question, and every answer stays."""
    begin(stage, "Sari")
    before, question = current(stage, "Sari").answers, stage.heard("Sari")[-1].body.text
    said = list(stage.send("Sari", "Sari", kind, **({"file": FILES["exe"]} if kind is Kind.FILE else {})))
    assert any(question in line for line in said)
    assert current(stage, "Sari").answers == before


@pytest.mark.parametrize("kind", [Kind.DELETED, Kind.MIGRATED])
def test_what_is_no_message_is_passed_over(stage: Overheard, kind: Kind) -> None:
    """A message that was deleted and is no answer, or a new number, changes nothing and is not answered."""
    begin(stage, "Sari")
    before, ident = current(stage, "Sari"), contact(stage, "p:Sari")
    assert list(stage.send("Sari", "Sari", kind, moved_to="p:Sari Baru" if kind is Kind.MIGRATED else "")) == []
    who = "Sari Baru" if kind is Kind.MIGRATED else "Sari"
    assert current(stage, who) == before
    assert contact(stage, f"p:{who}") == ident


def test_a_new_number_keeps_everything(stage: Overheard) -> None:
    """Who has a new number goes on where they were, finds their reports, and is written to at the new one."""
    number = sent(stage, "Sari")
    list(stage.send("Sari", "Sari", Kind.MIGRATED, moved_to="p:Sari Baru"))
    answered(stage, "Sari", number, "Lubang sudah ditambal.")
    assert any("Lubang sudah ditambal." in parcel.body.text for parcel in stage.heard("Sari Baru"))
    assert number in "\n".join(acts(stage, "Sari Baru> laporan saya"))
    assert number not in "\n".join(acts(stage, "Sari> laporan saya"))


def test_the_menu_stays_open_while_an_agency_asks(stage: Overheard) -> None:
    """Whoever is asked for more by an agency can still choose from the menu that stands open, by number and by word."""
    number = sent(stage, "Sari")
    acts(stage, "Agus Wibowo @ dputr> [Minta data]", "Agus Wibowo @ dputr> Nomor rumahnya berapa?")
    acts(stage, "Agus Wibowo @ dputr> [Kirim ke pelapor]", "Sari> menu", "Sari> 2")
    assert ticket(stage, number).state is State.NEEDS_INFO
    assert current(stage, "Sari").dialogue == "status"
    acts(stage, "Sari> menu", "Sari> Buat laporan")
    assert ticket(stage, number).state is State.NEEDS_INFO
    assert current(stage, "Sari").dialogue == "report"


def test_a_verdict_shortly_after_a_remark_is_a_verdict(stage: Overheard) -> None:
    """Who wrote to an agency a minute ago and then says that it is solved closes the ticket."""
    number = sent(stage, "Sari")
    acts(stage, f'Sari> (balas "{number}") Lubangnya makin lebar.')
    answered(stage, "Sari", number)
    acts(stage, "Sari> sudah")
    assert ticket(stage, number).state is State.RESOLVED


def test_a_number_in_the_list_of_reports_opens_the_report_while_an_agency_asks(stage: Overheard) -> None:
    """The list of one's own reports is answered by its numbers, whatever an agency waits for."""
    number = sent(stage, "Sari")
    acts(stage, "Agus Wibowo @ dputr> [Minta data]", "Agus Wibowo @ dputr> Nomor rumahnya berapa?")
    acts(stage, "Agus Wibowo @ dputr> [Kirim ke pelapor]", "Sari> laporan saya")
    said = acts(stage, "Sari> 1")
    assert ticket(stage, number).state is State.NEEDS_INFO
    assert any("Status:" in line for line in said)


def test_moves_that_ask_ask_the_officer_by_name(stage: Overheard) -> None:
    """Each button that asks puts its question to who pressed it, and an abandoned question changes nothing."""
    ident = ticket(stage, sent(stage, "Sari")).id
    asking = [move for role in HOUSES for move in MOVES if move.button and move.asks and role in move.by]
    for move in asking:
        role = Role.OFFICER if Role.OFFICER in move.by else Role.COORDINATOR
        house, person = HOUSES[role]
        state = next(state for state in move.frm if state is not State.RECEIVED or role is Role.COORDINATOR)
        put(stage, ident, state=state.value, agency=house)
        said = press(stage, person, house, f"t:{ident}:{move.action}")
        assert person in said[0], move.action
        acts(stage, f"{person} @ {house}> [Batal]")
        assert tickets(stage)[0].state is state
