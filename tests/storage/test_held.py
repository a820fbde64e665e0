"""Letters that wait until the person writes: held while the day is closed, released in order when it opens."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handlers.words import Kind, Letter, Part, Person
from storage import outbox, windows
from storage import tables as t
from storage.database import Database
from storage.letters import Parcel
from storage.sweep import sweep
from storage.windows import LENGTH, MARGIN, Reach
from tests.storage.samples import (
    ACCOUNT,
    BUDI,
    NOW,
    OFFICE,
    SECOND_ACCOUNT,
    SITI,
    WHATSAPP,
    at_desk,
    echo,
    event,
    put_account,
    put_people,
    rows,
    silent,
    taken,
    wrote,
)

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LATER = NOW + 2 * DAY


@pytest.fixture
async def siti(database: Database) -> int:
    """Siti, who wrote to our first number just now."""
    return await database.write(lambda c: put_account(c, SITI))


async def reach(database: Database, contact: int, account: str = ACCOUNT) -> Reach:
    """How the contact can be reached from one of our numbers."""
    return await database.read(lambda c: windows.reach(c, OFFICE.vault, contact, account))


async def posted(database: Database, contact: int, *texts: str, key: str = "") -> list[Parcel]:
    """Letters that wait for delivery."""
    letters = [Letter(contact, text, key=key) for text in texts]
    return await at_desk(database, lambda desk: desk.flush(letters))


async def hold(
    database: Database, parcel: Parcel, account: str = ACCOUNT, now: datetime = LATER, announced: bool = False
) -> bool:
    """Whether the letter waits now until the person writes."""
    return await database.write(lambda c: windows.hold(c, parcel, account, now, announced))


async def loaded(database: Database) -> list[int]:
    """The letters that a dispatcher would load."""
    return [parcel.id for parcel in await database.read(lambda c: outbox.waiting(c, [WHATSAPP], 100))]


async def test_what_is_held_is_not_loaded(database: Database, siti: int) -> None:
    """It stays in the outbox, and the letters around it are as they were."""
    first, second = await posted(database, siti, "satu", "dua")
    await database.write(lambda c: outbox.later(c, first, NOW, LATER - NOW, True))
    assert await hold(database, first)
    assert await loaded(database) == [second.id]
    held, _ = await rows(database, t.outbox)
    assert (held.held, held.attempts) == (True, 0)


async def test_who_wrote_just_now_is_not_waited_for(database: Database, siti: int) -> None:
    """A letter planned while the day was closed leaves at once where the person has written meanwhile."""
    (parcel,) = await posted(database, siti, "satu")
    assert not await hold(database, parcel, now=NOW + HOUR)
    assert await hold(database, parcel, SECOND_ACCOUNT, NOW + HOUR)


@pytest.mark.parametrize("announced", [False, True])
async def test_who_never_wrote_is_waited_for(database: Database, announced: bool) -> None:
    """Also where nothing is known of a day; an announcement opens none."""
    siti = (await database.write(put_people)).siti
    (parcel,) = await posted(database, siti, "satu")
    assert await hold(database, parcel, now=NOW, announced=announced)
    found = await reach(database, siti)
    assert (found.is_open(NOW), found.announced_at) == (False, NOW if announced else None)


async def test_what_was_held_leaves_in_its_order_when_the_person_writes(database: Database, siti: int) -> None:
    """Before the answer to what they wrote, each once, due now, and at every replica."""
    parcels = await posted(database, siti, "satu", "dua", "tiga")
    for parcel in parcels[::-1]:
        await hold(database, parcel)
    batch = await taken(database, wrote(SITI, "ya", at=LATER), handler=echo, now=LATER)
    assert [parcel.body.text for parcel in batch.parcels] == ["satu", "dua", "tiga", "ya"]
    assert {(parcel.due_at, parcel.channel) for parcel in batch.parcels} == {(LATER, WHATSAPP)}
    assert await loaded(database) == [parcel.id for parcel in batch.parcels]
    again = await taken(database, wrote(SITI, "lagi", at=LATER), handler=silent, now=LATER)
    assert again.parcels == []


async def test_each_releases_their_own(database: Database, siti: int) -> None:
    """In one batch those who write get what waited for them, and nobody else does."""
    budi = await database.write(lambda c: put_account(c, BUDI))
    ani = await database.write(lambda c: put_account(c, Person("628555", "Ani")))
    for contact in (siti, budi, ani):
        for parcel in await posted(database, contact, f"untuk {contact}"):
            await hold(database, parcel)
    batch = await taken(database, wrote(BUDI, at=LATER), wrote(SITI, at=LATER), handler=silent, now=LATER)
    assert sorted(parcel.contact for parcel in batch.parcels) == sorted((siti, budi))
    assert [row.contact_id for row in await rows(database, t.outbox, t.outbox.c.held)] == [ani]


@pytest.mark.parametrize(
    ("age", "kind", "released"),
    [
        (LENGTH - MARGIN - SECOND, Kind.TEXT, True),
        (LENGTH - MARGIN, Kind.TEXT, False),
        (timedelta(), Kind.DELETED, False),
        (timedelta(), Kind.TAP, True),
    ],
)
async def test_only_what_opens_a_day_releases(
    database: Database, siti: int, age: timedelta, kind: Kind, released: bool
) -> None:
    """A message that was on its way for a day is too old to answer freely."""
    (parcel,) = await posted(database, siti, "satu")
    await hold(database, parcel)
    batch = await taken(database, wrote(SITI, kind=kind, at=LATER - age), handler=silent, now=LATER)
    assert [each.id for each in batch.parcels] == [parcel.id] * released


async def test_a_word_on_telegram_releases_nothing(database: Database, siti: int) -> None:
    """It is another account, with other letters."""
    (parcel,) = await posted(database, siti, "satu")
    await hold(database, parcel)
    assert (await taken(database, event(SITI, "halo", at=LATER), handler=silent, now=LATER)).parcels == []


async def test_a_newer_letter_takes_the_place_of_one_that_is_held(database: Database, siti: int) -> None:
    """Of the states of a ticket, the person is told the newest when they write."""
    (old,) = await posted(database, siti, "lama", key="status:1")
    await hold(database, old)
    (new,) = await posted(database, siti, "baru", key="status:1")
    await hold(database, new)
    batch = await taken(database, wrote(SITI, at=LATER), handler=silent, now=LATER)
    assert [parcel.body.text for parcel in batch.parcels] == ["baru"]


# -- announcements


async def test_an_announcement_counts_until_the_person_writes(database: Database, siti: int) -> None:
    """It is known when they were asked last, and forgotten when they have answered; an older word is no answer."""
    (parcel,) = await posted(database, siti, "satu")
    assert (await reach(database, siti)).announced_since_open() is None
    await hold(database, parcel, announced=True)
    found = await reach(database, siti)
    assert (found.announced_since_open(), found.open_until) == (LATER, NOW + LENGTH)
    await hold(database, parcel, now=LATER + HOUR)
    assert (await reach(database, siti)).announced_since_open() == LATER
    await taken(database, wrote(SITI, at=LATER - SECOND), handler=silent, now=LATER + HOUR)
    assert (await reach(database, siti)).announced_since_open() == LATER
    await taken(database, wrote(SITI, at=LATER + HOUR), handler=silent, now=LATER + HOUR)
    assert (await reach(database, siti)).announced_since_open() is None


async def test_announcements_of_our_numbers_are_apart(database: Database, siti: int) -> None:
    """Who was asked from one number may still be asked from the other."""
    (parcel,) = await posted(database, siti, "satu")
    await hold(database, parcel, announced=True)
    assert (await reach(database, siti, SECOND_ACCOUNT)).announced_since_open() is None


async def test_a_file_waits_like_its_words(database: Database, siti: int) -> None:
    """Words and files of one letter are held apart and leave one after the other."""
    letter = Letter(siti, "kabar", files=(1,), part=Part.NOTICE)
    parcels = await at_desk(database, lambda desk: desk.flush([letter]))
    for parcel in parcels:
        await hold(database, parcel)
    batch = await taken(database, wrote(SITI, at=LATER), handler=silent, now=LATER)
    assert [parcel.part for parcel in batch.parcels] == ["notice", "files"]


@pytest.mark.parametrize(("passed", "left"), [(29 * DAY, 1), (31 * DAY, 0)])
async def test_nobody_is_waited_for_longer_than_a_month(
    database: Database, siti: int, passed: timedelta, left: int
) -> None:
    """A letter whose reader never wrote again is let go after a month, and not before."""
    (parcel,) = await posted(database, siti, "Kabar")
    assert await hold(database, parcel)
    await database.write(lambda c: sweep(c, OFFICE, NOW + passed))
    assert len(await rows(database, t.outbox)) == left
