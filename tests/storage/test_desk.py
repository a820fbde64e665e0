"""The record's desk has every verb of the handlers' port, and is one memory for a batch."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from handlers.desk import Desk, Officer, Ticket
from handlers.rules.ticket import Role, State
from handlers.words import Kind, Letter, Part
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.invitations import LIFE, invite
from tests.storage import (
    verbs_of_bonds,
    verbs_of_disasters,
    verbs_of_letters,
    verbs_of_people,
    verbs_of_strangers,
    verbs_of_tickets,
)
from tests.storage.samples import (
    BUDI,
    CLINICS,
    NOW,
    OFFICE,
    ROADS,
    SITI,
    People,
    at_desk,
    entry,
    event,
    letters_to,
    put_people,
    rows,
    taken,
    ticket,
)

ALL = (
    *verbs_of_people.EXERCISES,
    *verbs_of_strangers.EXERCISES,
    *verbs_of_tickets.EXERCISES,
    *verbs_of_letters.EXERCISES,
    *verbs_of_bonds.EXERCISES,
    *verbs_of_disasters.EXERCISES,
)
EXERCISES = {exercise.__name__.rstrip("_"): exercise for exercise in ALL}
VERBS = {verb for verb in vars(Desk) if not verb.startswith("_")}
SECOND = timedelta(seconds=1)


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


def test_every_verb_is_exercised() -> None:
    """There is one exercise for each verb of the port, and none beside them."""
    assert set(EXERCISES) == VERBS


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_record_has_the_verbs_of_the_port(verb: str) -> None:
    """Each verb takes and gives at the record what the port says."""
    wanted, found = vars(Desk)[verb], getattr(RecordDesk, verb, None)
    # `now` is given once a batch and stands as a plain attribute.
    if verb != "now":
        assert isinstance(found, property) == isinstance(wanted, property)
    if not isinstance(wanted, property):
        assert found is not None
        assert inspect.signature(found) == inspect.signature(wanted)


class Watched(RecordDesk):
    """A desk that knows which of its verbs were asked for."""

    def __init__(self, connection: Connection) -> None:
        self.asked: set[str] = set()
        super().__init__(connection, OFFICE, NOW)

    def __getattribute__(self, wanted: str) -> Any:
        if wanted in VERBS:
            self.asked.add(wanted)
        return super().__getattribute__(wanted)


async def test_each_verb_does_what_its_name_says(database: Database) -> None:
    """What is done by a verb is seen at once at the same desk, and at the next one."""

    def try_out(connection: Connection, verb: str) -> None:
        desk = Watched(connection)
        EXERCISES[verb](desk, put_people(connection))
        assert verb in desk.asked

    def all_of_them(connection: Connection) -> None:
        for verb in EXERCISES:
            alone = connection.begin_nested()
            try:
                try_out(connection, verb)
            except BaseException as error:
                error.add_note(f"The verb is {verb}.")
                raise
            alone.rollback()

    await database.write(all_of_them)


# -- one memory for a batch


async def test_a_change_is_seen_however_the_ticket_is_found(database: Database, people: People) -> None:
    """By id, by number, among the reporter's and among the agency's: it is one ticket."""
    made = await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti)))

    def work(desk: RecordDesk) -> None:
        found = desk.ticket_by_number(made.number)
        assert found is desk.ticket(made.id) is desk.tickets_of(people.siti)[0] is desk.tickets_at("dpu")[0]
        moved = replace(made, agency="dinkes", state=State.FORWARDED, title="Lain")
        desk.change(moved, entry(moved))
        assert desk.ticket_by_number(made.number) is desk.ticket(made.id) is desk.tickets_of(people.siti)[0] is moved
        assert desk.tickets_at("dpu") == []
        assert list(desk.tickets_at("dinkes")) == [moved]

    await at_desk(database, work)
    assert await at_desk(database, lambda desk: desk.ticket_by_number(made.number)) == replace(
        made, agency="dinkes", state=State.FORWARDED, title="Lain"
    )


async def test_of_two_officers_who_press_at_once_one_is_first(database: Database, people: People) -> None:
    """The second turn of a batch sees what the first one did, and says who was faster."""

    def enrolled(desk: RecordDesk) -> Ticket:
        desk.enrol(Officer(people.siti, "dpu", Role.OFFICER))
        desk.enrol(Officer(people.budi, "dpu", Role.OFFICER))
        return desk.add_ticket(ticket(people.ani, state=State.FORWARDED))

    made = await at_desk(database, enrolled)
    press: dict[str, Any] = {"kind": Kind.TAP, "room": ROADS, "tap": f"t:{made.id}:claim"}
    batch = await taken(database, event(BUDI, **press), event(SITI, **press))
    (row,) = await rows(database, t.tickets)
    assert (row.state, row.officer) == ("in_progress", people.budi)
    assert [each.action for each in await rows(database, t.history)] == ["claim"]
    assert [text for text in letters_to(people.roads, batch.parcels) if "sudah diambil oleh Budi Santoso" in text]


async def test_the_first_consent_is_dated(database: Database, people: People) -> None:
    """When somebody agreed stays on record, also when the contact changes later."""

    def agreed(desk: RecordDesk) -> None:
        desk.change_contact(replace(desk.contact(people.siti), consent="2026-11"))

    def speaks(desk: RecordDesk) -> None:
        desk.change_contact(replace(desk.contact(people.siti), language="en"))

    await at_desk(database, agreed)
    await at_desk(database, speaks, NOW + LIFE)
    (row,) = await rows(database, t.contacts, t.contacts.c.id == people.siti)
    assert (row.consent, row.consent_at, row.language) == ("2026-11", NOW, "en")


async def test_an_address_that_is_taken_is_not_taken_twice(database: Database, people: People) -> None:
    """A group is not moved onto the address of another contact."""
    await at_desk(database, lambda desk: desk.move_contact(people.roads, CLINICS.address))
    (row,) = await rows(database, t.contacts, t.contacts.c.id == people.roads)
    assert OFFICE.vault.open(row.sealed, row.lookup).address == ROADS.address


# -- letters


async def test_words_and_files_leave_as_letters_of_their_own(database: Database, people: People) -> None:
    """A file that fails does not send the words again."""
    letter = Letter(people.siti, "Jawaban", files=(4, 5), part=Part.NOTICE, draft=3, key="k")
    await at_desk(database, lambda desk: None, letters=[letter])
    words, files = await rows(database, t.outbox)
    assert (words.part, words.key, words.draft) == ("notice", "k", 3)
    assert (files.part, files.key, files.draft) == ("files", "", 3)


async def test_of_letters_with_one_key_the_last_is_sent(database: Database, people: People) -> None:
    """A card that changes twice in a batch is one letter; another contact's letter under the same key stays."""
    letters = [Letter(people.siti, "1", key="k"), Letter(people.budi, "2", key="k"), Letter(people.siti, "3", key="k")]
    await at_desk(database, lambda desk: None, letters=letters)
    assert [(row.contact_id, '"3"' in row.body) for row in await rows(database, t.outbox)] == [
        (people.budi, False),
        (people.siti, True),
    ]


@pytest.mark.parametrize(
    ("delay", "attempts", "part", "recalled"),
    [
        (2 * SECOND, 0, Part.NOTICE, True),
        (2 * SECOND, 0, Part.FILES, True),
        (2 * SECOND, 1, Part.NOTICE, False),
        (2 * SECOND, 0, Part.PREVIEW, False),
        (SECOND, 0, Part.NOTICE, False),
        (0 * SECOND, 0, Part.NOTICE, False),
    ],
)
async def test_what_may_be_under_way_is_not_recalled(
    database: Database, people: People, delay: timedelta, attempts: int, part: Part, recalled: bool
) -> None:
    """A letter is taken back only while it surely still waits."""
    letter = Letter(people.siti, "Jawaban", part=part, draft=3, delay=delay)
    await at_desk(database, lambda desk: None, letters=[letter])
    await database.write(lambda c: c.execute(update(t.outbox).values(attempts=attempts)).rowcount)
    assert await at_desk(database, lambda desk: desk.recall(3)) is recalled
    assert len(await rows(database, t.outbox)) == 1 - recalled


async def test_a_reply_is_bound_by_chat_and_message(database: Database, people: People) -> None:
    """The same message number in another chat is another message; the latest use of a number counts."""

    def put(connection: Connection) -> tuple[int, int]:
        desk = RecordDesk(connection, OFFICE, NOW)
        ids = tuple(desk.add_ticket(ticket(people.siti, f"LPR-2611-AAAA-{n}")).id for n in range(2))
        desk.flush(())
        for contact, of in ((people.siti, ids[0]), (people.roads, ids[0]), (people.siti, ids[1])):
            verbs_of_letters.sent(connection, contact, of, "17")
        return ids[0], ids[1]

    first, second = await database.write(put)
    found = await at_desk(database, lambda desk: [desk.bound(each, "17") for each in (people.siti, people.roads)])
    assert [each and each.ticket for each in found] == [second, first]


# -- officers and invitations


@pytest.mark.parametrize(("later", "valid"), [(LIFE - SECOND, True), (LIFE, False)])
async def test_an_invitation_ends(database: Database, people: People, later: timedelta, valid: bool) -> None:
    """It is good for its seven days and not a moment longer."""
    code, ends = await database.write(lambda c: invite(c, OFFICE.vault, OFFICE.draw, NOW, "dpu", Role.OFFICER))
    assert ends == NOW + LIFE
    assert bool(await at_desk(database, lambda desk: desk.invitation(code), NOW + later)) is valid


async def test_an_invitation_to_an_agency_that_is_gone_is_void(database: Database) -> None:
    """Nobody is enrolled where the facts know no agency."""
    code, _ = await database.write(lambda c: invite(c, OFFICE.vault, OFFICE.draw, NOW, "gone", Role.OFFICER))
    assert await at_desk(database, lambda desk: desk.invitation(code)) is None


async def test_an_invitation_is_used_once(database: Database, people: People) -> None:
    """Of two people who send the code in one batch the first is enrolled."""
    code, _ = await database.write(lambda c: invite(c, OFFICE.vault, OFFICE.draw, NOW, "dpu", Role.OFFICER))
    await taken(database, *(event(who, f"/hubungkan {code}", room=ROADS) for who in (BUDI, SITI)))
    assert [row.contact_id for row in await rows(database, t.officers)] == [people.budi]
    assert [row.used_by for row in await rows(database, t.invitations)] == [people.budi]


@pytest.mark.parametrize(("days", "heard"), [(0, "Tidak ada laporan terbuka"), (-1, "tidak terdaftar")])
async def test_an_officer_acts_until_the_end_of_the_decree(
    database: Database, people: People, days: int, heard: str
) -> None:
    """The last day still counts; the day after it the group is closed to the officer."""
    last = NOW.date() + timedelta(days=days)
    await at_desk(database, lambda desk: desk.enrol(Officer(people.budi, "dpu", Role.OFFICER, last)))
    (parcel,) = (await taken(database, event(BUDI, "/tugas", room=ROADS))).parcels
    assert heard in parcel.body.text
