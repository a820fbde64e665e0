"""A phone number and a platform's id of one account are one person, in whatever order they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from handlers.desk import Bound, Scene
from handlers.words import Inbound, Letter, Part, Person, Talk, Turn
from storage import outbox, windows
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.outbox import Sent
from storage.turns import Outcome, take
from storage.windows import Reach
from tests.storage.samples import ACCOUNT, NOW, OFFICE, rows, taken, ticket, undone, wrote

SITI_ID, SITI_PHONE = "ID.1001", "6281234567890"
ANI_ID, ANI_PHONE = "ID.2002", "6285555555555"
# How one account may be shown: its id alone, its number alone, both.
SHOWN = {
    "siti": {
        "id": Person(SITI_ID, "Siti"),
        "phone": Person(SITI_PHONE, "Siti"),
        "both": Person(SITI_ID, "Siti", SITI_PHONE),
    },
    "ani": {
        "id": Person(ANI_ID, "Ani"),
        "phone": Person(ANI_PHONE, "Ani"),
        "both": Person(ANI_ID, "Ani", ANI_PHONE),
    },
}
# Who writes, how they are shown, and whether the message comes apart from the one before it.
Written = tuple[str, str, bool]
STORY = st.lists(
    st.tuples(st.sampled_from(["siti", "siti", "ani"]), st.sampled_from(["id", "phone", "both"]), st.booleans()),
    min_size=1,
    max_size=6,
)
DRAFT = Talk("report", {"story": "lubang"})


@dataclass(slots=True)
class Town:
    """What was done on record for each person, and the messages they got for it."""

    connection: Connection
    tickets: dict[str, list[int]] = field(default_factory=lambda: {"siti": [], "ani": []})
    drafted: str = ""
    last: Scene | None = None

    def hears(self, scene: Scene) -> Turn:
        """A ticket for each message, and an answer about it; at one of them a draft begins."""
        number = f"LPR-{scene.event.id}"
        made = scene.desk.add_ticket(ticket(scene.contact.id, number))
        self.tickets[scene.event.person.name.casefold()].append(made.id)
        letter = Letter(scene.contact.id, "terima kasih", part=Part.NOTICE, ticket=made.id)
        return Turn(DRAFT if scene.event.id == self.drafted else scene.talk, (letter,))

    def looks(self, scene: Scene) -> Turn:
        """Only looks."""
        self.last = scene
        return Turn(scene.talk)

    def comes(self, events: Sequence[Inbound]) -> None:
        """These messages, in one batch; the answers are delivered."""
        batch = take(self.connection, events, OFFICE, NOW, self.hears)
        assert batch.outcomes == [Outcome.DONE] * len(events)
        assert len({parcel.id for parcel in batch.parcels}) == len(events)
        outbox.delivered(self.connection, [Sent(each, (f"w{each.ticket}",), NOW) for each in batch.parcels])

    def sees(self, who: str) -> Scene:
        """What a person finds who writes again, shown with id and number."""
        self.last = None
        assert take(self.connection, [wrote(SHOWN[who]["both"])], OFFICE, NOW, self.looks).outcomes == [Outcome.DONE]
        assert self.last is not None
        return self.last


def batches(story: Sequence[Written]) -> list[list[Inbound]]:
    """The messages as they come."""
    found: list[list[Inbound]] = []
    for who, shown, apart in story:
        if apart or not found:
            found.append([])
        found[-1].append(wrote(SHOWN[who][shown]))
    return found


def check(town: Town, who: str, other: str) -> None:
    """One person, who sees all of their own and nothing of the other's."""
    scene = town.sees(who)
    contact, desk = scene.contact.id, RecordDesk(town.connection, OFFICE, NOW)
    assert sorted(each.id for each in desk.tickets_of(contact)) == town.tickets[who]
    assert [desk.bound(contact, f"w{each}") for each in town.tickets[who]] == [
        Bound(each, Part.NOTICE) for each in town.tickets[who]
    ]
    assert [desk.bound(contact, f"w{each}") for each in town.tickets[other]] == [None] * len(town.tickets[other])
    if town.drafted and who == "siti":
        assert scene.talk.answers.get("story") == "lubang"
    both = SHOWN[who]["both"]
    reach = windows.reach(town.connection, OFFICE.vault, contact, ACCOUNT)
    assert (reach.address, reach.phone, reach.is_open(NOW)) == (both.address, both.phone, True)


@given(story=STORY, begins=st.integers(0, 5))
@example(story=[("siti", "phone", True), ("siti", "both", True), ("siti", "phone", True)], begins=0)
@example(story=[("siti", "phone", True), ("siti", "both", False), ("siti", "phone", True)], begins=2)
@example(story=[("siti", "phone", True), ("siti", "id", True)], begins=0)
@example(story=[("siti", "id", True), ("siti", "phone", False), ("siti", "both", False)], begins=1)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_one_account_is_one_person_in_the_end(database: Database, story: Sequence[Written], begins: int) -> None:
    """With all their reports, an unfinished one too; replies to all that was sent are bound; nobody else sees them."""

    def try_out(connection: Connection) -> None:
        events = batches(story)
        flat = [(each, who) for each, (who, _, _) in zip((e for b in events for e in b), story, strict=True)]
        drafted, author = flat[min(begins, len(flat) - 1)]
        town = Town(connection, drafted=drafted.id if author == "siti" else "")
        for batch in events:
            town.comes(batch)
        there = {who for who, _, _ in story}
        for who, other in (("siti", "ani"), ("ani", "siti")):
            if who in there:
                check(town, who, other)
        live = select(t.contacts.c.id).where(t.contacts.c.into.is_(None))
        assert len(connection.execute(live).all()) == len(there)
        assert connection.execute(select(t.poison)).all() == []

    await undone(database, try_out)


@pytest.mark.parametrize(
    "forms",
    [
        [["phone"], ["both"], ["phone"]],
        [["id"], ["both"], ["phone"]],
        [["both"], ["phone"], ["id"]],
        [["phone", "both"], ["phone"], ["id"]],
        [["both", "phone", "id"], ["phone"]],
    ],
)
async def test_once_linked_either_is_enough(database: Database, forms: list[list[str]]) -> None:
    """After the message that showed both, a message by one of them goes on in the same conversation."""
    for batch in forms:
        await taken(database, *(wrote(SHOWN["siti"][shown]) for shown in batch), handler=remember)
    count = sum(len(batch) for batch in forms)
    assert [f'"heard":{count}' in row.body for row in await rows(database, t.talks)] == [True]
    assert len(await rows(database, t.contacts, t.contacts.c.into.is_(None))) == 1


def remember(scene: Scene) -> Turn:
    """Counts what it heard."""
    return Turn(replace(scene.talk, answers={"heard": scene.talk.answers.get("heard", 0) + 1}))


# -- numbers that go to somebody else


async def found(database: Database, person: Person) -> tuple[int, list[int]]:
    """The contact of somebody who writes, and the reports they see."""
    seen: list[Any] = []

    def looks(scene: Scene) -> Turn:
        seen.extend((scene.contact.id, [each.id for each in scene.desk.tickets_of(scene.contact.id)]))
        return Turn(scene.talk)

    await taken(database, wrote(person), handler=looks)
    return seen[0], seen[1]


async def reported(database: Database, person: Person) -> int:
    """A report of this person's."""
    made: list[int] = []

    def reports(scene: Scene) -> Turn:
        made.append(scene.desk.add_ticket(ticket(scene.contact.id, f"LPR-{scene.event.id}")).id)
        return Turn(DRAFT)

    await taken(database, wrote(person), handler=reports)
    return made[0]


async def reach(database: Database, contact: int) -> Reach:
    """How a contact is reached."""
    return await database.read(lambda c: windows.reach(c, OFFICE.vault, contact, ACCOUNT))


NEW_OWNER = Person(ANI_ID, "Ani", SITI_PHONE)


@pytest.mark.parametrize("known", [False, True])
async def test_a_recycled_number_takes_no_reports_with_it(database: Database, known: bool) -> None:
    """Its new owner, known before or not, sees nothing of the old one, who keeps all and loses only the number."""
    old = await reported(database, SHOWN["siti"]["both"])
    new = await reported(database, SHOWN["ani"]["both"]) if known else 0
    ani, theirs = await found(database, NEW_OWNER)
    assert theirs == [new] * known
    siti, mine = await found(database, SHOWN["siti"]["id"])
    assert (mine, siti == ani) == ([old], False)
    assert (await reach(database, siti)).phone == ""
    assert (await reach(database, ani)).phone == SITI_PHONE
    assert await found(database, Person(SITI_PHONE)) == (ani, theirs)


async def test_old_and_new_owner_of_a_number_in_one_batch(database: Database) -> None:
    """Also where both write at once, each goes on in a conversation of their own."""
    old = await reported(database, SHOWN["siti"]["both"])
    await taken(database, wrote(SHOWN["siti"]["id"]), wrote(NEW_OWNER), handler=remember)
    (ani, theirs), (siti, mine) = await found(database, NEW_OWNER), await found(database, SHOWN["siti"]["id"])
    assert (theirs, mine, siti == ani) == ([], [old], False)


async def test_a_new_number_replaces_the_old_one(database: Database) -> None:
    """Who is shown with another number is written to there, and whoever has the old one is somebody else."""
    made = await reported(database, SHOWN["siti"]["both"])
    siti, mine = await found(database, Person(SITI_ID, "Siti", ANI_PHONE))
    assert (mine, (await reach(database, siti)).phone) == ([made], ANI_PHONE)
    other, theirs = await found(database, Person(SITI_PHONE))
    assert (theirs, other == siti) == ([], False)
