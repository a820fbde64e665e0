"""Two contacts that turn out to be one account: what waits for the one goes over to the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from handlers.desk import Officer
from handlers.rules.ticket import Role
from handlers.words import File, Kind, Letter, Part, Person
from storage import files, outbox, unkept, windows
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Parcel, Receipt
from storage.outbox import Sent
from storage.turns import Batch
from storage.windows import LENGTH, Reach
from tests.storage.receipts import marked, settled
from tests.storage.samples import (
    ACCOUNT,
    BUDI,
    NOW,
    OFFICE,
    SECOND_ACCOUNT,
    WHATSAPP,
    at_desk,
    contact_at,
    number_of,
    put_account,
    put_people,
    rows,
    silent,
    taken,
    ticket,
    wrote,
)

IDENT, PHONE = "ID.1001", "6281234567890"
BOTH = Person(IDENT, "Siti", PHONE)
HOUR = timedelta(hours=1)
LATER = NOW + 30 * HOUR


@dataclass(frozen=True, slots=True)
class Two:
    """An account that is known twice: by its number, and since an hour later by its id."""

    old: int
    mine: int


@pytest.fixture
async def two(database: Database) -> Two:
    """Both of them."""

    def put(connection: Connection) -> Two:
        put_people(connection)
        old = put_account(connection, Person(PHONE, "Siti"))
        return Two(old, put_account(connection, Person(IDENT, "Siti"), NOW + HOUR))

    return await database.write(put)


async def merged(database: Database) -> Batch:
    """Somebody writes who is shown with both."""
    return await taken(database, wrote(BOTH, at=LATER), handler=silent, now=LATER)


async def reach(database: Database, contact: int, account: str = ACCOUNT) -> Reach:
    """How a contact is reached."""
    return await database.read(lambda c: windows.reach(c, OFFICE.vault, contact, account))


async def posted(database: Database, to: int, *texts: str, **more: Any) -> list[Parcel]:
    """Letters on their way."""
    return await at_desk(database, lambda desk: desk.flush([Letter(to, text, **more) for text in texts]))


async def owned(database: Database, reporter: int, number: str = "LPR-2611-AAAA-A") -> int:
    """A report made from this account."""
    return (await at_desk(database, lambda desk: desk.add_ticket(ticket(reporter, number)))).id


async def test_letters_under_way_go_to_the_account_that_goes_on(database: Database, two: Two) -> None:
    """What a dispatcher holds for the old contact it lets go and takes up anew; what was held leaves now."""
    waits, held = await posted(database, two.old, "satu", "dua")
    (own,) = await posted(database, two.mine, "tiga")
    assert await database.write(lambda c: windows.hold(c, held, ACCOUNT, LATER, False))
    batch = await merged(database)
    assert {parcel.id: parcel.contact for parcel in batch.parcels} == {waits.id: two.mine, held.id: two.mine}
    assert batch.dropped == [waits.id]
    found = await database.read(lambda c: outbox.waiting(c, [WHATSAPP], 9))
    assert [(each.id, each.contact) for each in found] == [(each.id, two.mine) for each in (waits, held, own)]


async def test_letters_to_the_old_contact_find_the_account(database: Database, two: Two) -> None:
    """News of a report that was made under it, also much later."""
    await merged(database)
    (parcel,) = await posted(database, two.old, "kabar")
    assert parcel.contact == two.mine
    found = await reach(database, two.mine)
    assert (found.address, found.phone, found.is_open(LATER)) == (IDENT, PHONE, True)


async def test_receipts_of_what_went_to_the_old_contact_count(database: Database, two: Two) -> None:
    """An answer that was sent to the number is read under the id; a reply to it is bound."""
    of = await owned(database, two.old)
    (parcel,) = await posted(database, two.old, "kabar", part=Part.NOTICE, ticket=of)
    await database.write(lambda c: marked(c, parcel, "w"))
    await merged(database)
    await settled(database, Receipt("w", 2))
    assert [(row.contact_id, row.rank) for row in await rows(database, t.sent)] == [(two.mine, 2)]
    assert await at_desk(database, lambda desk: bool(desk.bound(two.mine, "w") and desk.bound(two.old, "w")))


@pytest.mark.parametrize(("older", "newer"), [("old", "mine"), ("mine", "old")])
async def test_of_two_days_the_later_counts(database: Database, two: Two, older: str, newer: str) -> None:
    """For each of our numbers by itself; what only the old contact had is kept."""

    def put(connection: Connection) -> None:
        found = {"old": two.old, "mine": two.mine}
        windows.written(connection, [(found[older], SECOND_ACCOUNT, NOW), (found[newer], SECOND_ACCOUNT, NOW + HOUR)])
        windows.written(connection, [(two.old, "1999", NOW)])

    await database.write(put)
    await merged(database)
    found = [(await reach(database, two.mine, each)).open_until for each in (ACCOUNT, SECOND_ACCOUNT, "1999")]
    assert found == [LATER + LENGTH, NOW + HOUR + LENGTH, NOW + LENGTH]
    assert await number_of(database, t.windows, t.windows.c.contact_id == two.old) == 0


async def test_an_officer_stays_one(database: Database, two: Two) -> None:
    """With the chat that stands for the agency, its cards, and drafts that wait."""
    of = await owned(database, (await database.write(lambda c: contact_at(c, BUDI.address))))

    def put(desk: RecordDesk) -> None:
        desk.enrol(Officer(two.old, "dinkes", Role.OFFICER, date(2027, 1, 1)))
        desk.bind_room(two.old, "dinkes")
        desk.card_here(two.old, of)
        desk._c.execute(t.drafts.insert().values(**DRAFT, ticket=of, author=two.old, room=two.old))

    await at_desk(database, put)
    await merged(database)

    def look(desk: RecordDesk) -> None:
        assert desk.agency_of(two.mine) == "dinkes"
        assert desk.officer(two.mine, "dinkes") == Officer(two.mine, "dinkes", Role.OFFICER, date(2027, 1, 1))
        assert (list(desk.carded(of)), desk.officer(two.old, "dinkes")) == ([two.mine], None)
        draft = desk.open_draft(two.mine, NOW)
        assert draft is not None
        assert draft.author == two.mine

    await at_desk(database, look)


DRAFT: dict[str, Any] = {
    "action": "answer",
    "text": "Besok",
    "files": [],
    "source": "m1",
    "sent": False,
    "created_at": NOW,
}


async def test_an_officer_of_two_agencies_stays_both(database: Database, two: Two) -> None:
    """What both contacts had is there once, and what one of them had is not lost."""
    budi = await database.write(lambda c: contact_at(c, BUDI.address))
    ids = [await owned(database, budi, f"LPR-2611-AAAA-{n}") for n in range(3)]

    def put(desk: RecordDesk) -> None:
        for contact, agencies, tickets in ((two.old, ("dpu", "dinkes"), ids[:2]), (two.mine, ("dpu",), ids[1:])):
            for agency in agencies:
                desk.enrol(Officer(contact, agency, Role.OFFICER))
            desk.bind_room(contact, "dpu")
            for of in tickets:
                desk.card_here(contact, of)

    await at_desk(database, put)
    await merged(database)
    officers = await rows(database, t.officers)
    assert sorted((row.contact_id, row.agency) for row in officers) == [(two.mine, "dinkes"), (two.mine, "dpu")]
    assert sorted((row.room_id, row.ticket) for row in await rows(database, t.threads)) == [(two.mine, n) for n in ids]
    assert [row.contact_id for row in await rows(database, t.rooms, t.rooms.c.agency == "dpu")][1:] == [two.mine]


async def test_what_was_agreed_and_chosen_stays(database: Database, two: Two) -> None:
    """Consent and language of the old contact hold for the new one, which can be reached."""
    await database.write(lambda c: c.execute(chosen(two.old)).rowcount)
    await merged(database)
    contact = await at_desk(database, lambda desk: desk.contact(two.mine))
    assert (contact.consent, contact.language, contact.blocked) == ("2026-11", "en", False)


def chosen(contact: int) -> Any:
    """Somebody agreed, chose English, and could not be reached for a while."""
    values = {"consent": "2026-11", "consent_at": NOW, "language": "en", "blocked": True}
    return update(t.contacts).where(t.contacts.c.id == contact).values(values)


async def test_a_file_that_is_fetched_meanwhile_is_that_of_the_account(database: Database, two: Two) -> None:
    """Where it cannot be kept, that is said to whoever goes on."""
    await database.write(lambda c: files.wanted(c, [(two.old, WHATSAPP, File("f1", "image"))], NOW))
    (claimed,) = await database.write(lambda c: files.claimed(c, NOW, 5))
    await merged(database)
    parcels, _ = await database.write(lambda c: unkept.give_up(c, OFFICE, claimed, "expired", LATER))
    assert [parcel.contact for parcel in parcels] == [two.mine]
    assert [row.contact_id for row in await rows(database, t.fetches)] == [two.mine]


async def test_a_code_made_before_joins_the_account(database: Database, two: Two) -> None:
    """The code of the old contact is as good as one of the new."""
    code = await at_desk(database, lambda desk: desk.pairing_code(two.old))
    await merged(database)
    assert await at_desk(database, lambda desk: desk.reachable(desk.paired(code) or 0)) == two.mine


async def test_what_was_delivered_late_to_the_old_contact_is_bound(database: Database, two: Two) -> None:
    """A letter that was under way while the two became one can be replied to."""
    of = await owned(database, two.old)
    (parcel,) = await posted(database, two.old, "kabar", part=Part.NOTICE, ticket=of)
    await merged(database)
    await database.write(lambda c: outbox.delivered(c, [Sent(parcel, ("w",), LATER)]))
    bound = await at_desk(database, lambda desk: desk.bound(two.mine, "w"))
    assert bound
    assert bound.ticket == of


async def test_a_second_merge_follows_the_first(database: Database, two: Two) -> None:
    """Who gets a new id after that is found by letters to any of the contacts there ever were."""
    await merged(database)
    new = await database.write(lambda c: put_account(c, Person("ID.3003", "Siti"), LATER))
    await taken(database, wrote(Person(IDENT, phone=PHONE), kind=Kind.MIGRATED, moved_to="ID.3003", at=LATER))
    for each in (two.old, two.mine, new):
        (parcel,) = await posted(database, each, "kabar")
        assert parcel.contact == new
    assert await at_desk(database, lambda desk: set(desk.kin(new))) == {two.old, two.mine, new}


async def test_nothing_of_it_can_be_used_again(database: Database, two: Two) -> None:
    """The old contact is nobody's address any more, and its seal can still be opened."""
    await merged(database)
    (row,) = await rows(database, t.contacts, t.contacts.c.id == two.old)
    assert OFFICE.vault.open(row.sealed, row.lookup).address == f"merged:{two.old}"
    assert (await reach(database, two.old)).address == IDENT
