"""Two accounts of one person, joined by a code: both see everything, until they part."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from handlers.desk import Arrival
from handlers.words import Person
from storage import tables as t
from storage.contacts import PAIRING_LIFE
from storage.database import Database
from storage.desk import RecordDesk
from storage.sweep import sweep
from tests.storage.samples import (
    NOW,
    OFFICE,
    SITI,
    People,
    at_desk,
    event,
    number_of,
    put_account,
    put_people,
    silent,
    taken,
    ticket,
    wrote,
)
from tests.storage.verbs_of_letters import sent

SECOND = timedelta(seconds=1)
MOBILE = Person("ID.1001", "Siti", "628777")


@pytest.fixture
async def people(database: Database) -> People:
    """The contacts that most tests need."""
    return await database.write(put_people)


@pytest.fixture
async def mobile(database: Database, people: People) -> int:
    """Siti's account on WhatsApp, which nobody knows yet to be hers."""
    return await database.write(lambda c: put_account(c, MOBILE))


async def kin(database: Database, contact: int) -> set[int]:
    """All accounts of the person who has this one."""
    return await at_desk(database, lambda desk: set(desk.kin(contact)))


async def join(database: Database, *accounts: int) -> None:
    """Joins each of these to the first."""

    def work(desk: RecordDesk) -> None:
        for each in accounts[1:]:
            desk.join(each, accounts[0])

    await at_desk(database, work)


async def part(database: Database, contact: int) -> None:
    """Parts an account from the others."""
    await at_desk(database, lambda desk: desk.part(contact))


# -- codes


async def test_a_code_is_made_here_and_typed_there(database: Database, people: People, mobile: int) -> None:
    """The person hears of it on both, and sees the reports of one on the other."""
    of = (await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti)))).id
    (told,) = (await taken(database, event(SITI, "/hubungkan_akun"))).parcels
    code = told.body.text.split("Kode Anda: ")[1].split("\n")[0]
    batch = await taken(database, wrote(MOBILE, f"hubungkan_akun {code.lower().replace('-', ' ')}"))
    assert ["terhubung" in parcel.body.text for parcel in batch.parcels] == [True, True]
    assert {parcel.contact for parcel in batch.parcels} == {people.siti, mobile}
    assert [each.id for each in await at_desk(database, lambda desk: desk.tickets_of(mobile))] == [of]
    (said,) = (await taken(database, wrote(MOBILE, f"hubungkan_akun {code}"))).parcels
    assert "tidak berlaku" in said.body.text


@pytest.mark.parametrize(("later", "good"), [(PAIRING_LIFE - SECOND, True), (PAIRING_LIFE, False)])
async def test_a_code_ends(database: Database, people: People, later: timedelta, good: bool) -> None:
    """After a quarter of an hour, and not a moment later, nobody can join with it."""
    code = await at_desk(database, lambda desk: desk.pairing_code(people.siti))
    assert await at_desk(database, lambda desk: desk.paired(code), NOW + later) == (people.siti if good else None)


async def test_a_new_code_voids_the_one_before(database: Database, people: People) -> None:
    """Of one account one code is good; those of others stay."""
    first, other, second = await at_desk(
        database, lambda desk: [desk.pairing_code(each) for each in (people.siti, people.budi, people.siti)]
    )
    found = await at_desk(database, lambda desk: [desk.paired(each) for each in (first, other, second)])
    assert found == [None, people.budi, people.siti]


@pytest.mark.parametrize("code", ["", "AAAA-AAAA", "hubungkan", "'; --", "A" * 4000])
async def test_a_wrong_code_is_nobodys(database: Database, people: People, code: str) -> None:
    """However it is written."""
    await at_desk(database, lambda desk: desk.pairing_code(people.siti))
    assert await at_desk(database, lambda desk: desk.paired(code)) is None


async def test_old_codes_are_swept(database: Database, people: People) -> None:
    """What can no longer be used is not kept; what can is."""
    code = await at_desk(database, lambda desk: desk.pairing_code(people.siti))
    await database.write(lambda c: sweep(c, OFFICE, NOW + PAIRING_LIFE - SECOND))
    assert await number_of(database, t.pairings) == 1
    await database.write(lambda c: sweep(c, OFFICE, NOW + PAIRING_LIFE + SECOND))
    assert await number_of(database, t.pairings) == 0
    assert await at_desk(database, lambda desk: desk.paired(code)) is None


# -- joined and parted


async def test_joined_accounts_see_the_same(database: Database, people: People, mobile: int) -> None:
    """Reports, replies and what was delivered; nobody else sees more than before."""
    of = await at_desk(database, lambda desk: desk.add_ticket(ticket(people.siti)))
    await database.write(lambda c: sent(c, people.siti, of.id, "5", rank=1))
    await join(database, people.siti, mobile)

    def look(desk: RecordDesk) -> None:
        for each in (people.siti, mobile):
            assert [made.id for made in desk.tickets_of(each)] == [of.id]
            bound = desk.bound(each, "5")
            assert bound
            assert desk.deliveries(of.id, each)[Arrival.DELIVERED] == 1
        assert desk.tickets_of(people.budi) == []
        assert desk.bound(people.budi, "5") is None

    await at_desk(database, look)


async def test_who_parts_takes_only_their_own(database: Database, people: People, mobile: int) -> None:
    """Reports stay with the account from which they were made; those left behind stay together."""
    await join(database, people.siti, mobile, people.ani)
    await part(database, people.siti)
    assert await kin(database, people.siti) == {people.siti}
    assert await kin(database, people.ani) == {people.ani, mobile}


@pytest.mark.parametrize("leaver", [0, 1, 2])
async def test_who_parted_and_joins_somebody_else_brings_nobody(
    database: Database, people: People, mobile: int, leaver: int
) -> None:
    """Whoever of three leaves and joins a fourth: the two left behind do not come with them."""
    three = [people.siti, people.ani, mobile]
    await join(database, *three)
    await part(database, three[leaver])
    await join(database, three[leaver], people.budi)
    assert await kin(database, people.budi) == {three[leaver], people.budi}
    left = {*three} - {three[leaver]}
    for each in left:
        assert await kin(database, each) == left


async def test_who_parts_twice_is_alone(database: Database, people: People, mobile: int) -> None:
    """Parting from nobody changes nothing, and the other one is alone as well."""
    await join(database, people.siti, mobile)
    for _ in range(2):
        await part(database, mobile)
    assert [await kin(database, each) for each in (people.siti, mobile)] == [{people.siti}, {mobile}]


async def merged(database: Database) -> tuple[int, int]:
    """An account that was known by its number and by its id, and now is one; the contact left behind first."""

    def put(connection: Connection) -> tuple[int, int]:
        old = put_account(connection, Person("628999", "Siti"))
        return old, put_account(connection, Person("ID.9009", "Siti"))

    found = await database.write(put)
    await taken(database, wrote(Person("ID.9009", "Siti", "628999")), handler=silent)
    return found


async def test_who_parts_keeps_what_was_merged_into_them(database: Database, people: People) -> None:
    """The reports of the number stay with the account, and leave the other one."""
    old, account = await merged(database)
    of = await at_desk(database, lambda desk: desk.add_ticket(ticket(old)))
    await join(database, people.siti, account)
    await part(database, account)
    assert [await kin(database, each) for each in (people.siti, account)] == [{people.siti}, {old, account}]
    assert [each.id for each in await at_desk(database, lambda desk: desk.tickets_of(account))] == [of.id]
    assert await at_desk(database, lambda desk: desk.tickets_of(people.siti)) == []


async def test_the_other_one_may_part_as_well(database: Database, people: People) -> None:
    """It makes no difference which of the two accounts says it."""
    old, account = await merged(database)
    await join(database, people.siti, account)
    await part(database, people.siti)
    assert [await kin(database, each) for each in (people.siti, account)] == [{people.siti}, {old, account}]


async def test_accounts_joined_to_either_stay_joined(database: Database, people: People) -> None:
    """Who was joined to a number and who was joined to the id of one account are one person with it."""

    def put(connection: Connection) -> tuple[int, int]:
        return put_account(connection, Person("628999")), put_account(connection, Person("ID.9009"))

    old, account = await database.write(put)
    await join(database, people.budi, old)
    await join(database, people.ani, account)
    await taken(database, wrote(Person("ID.9009", phone="628999")), handler=silent)
    everybody = {people.budi, people.ani, old, account}
    for each in everybody:
        assert await kin(database, each) == everybody
