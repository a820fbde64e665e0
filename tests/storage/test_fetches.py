"""Files that a platform keeps for days only: fetched once, tried again, and swept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers.desk import Scene
from handlers.files import file_value
from handlers.rules.ticket import Role
from handlers.words import File, Inbound, Kind, Talk, Turn
from storage import files
from storage import tables as t
from storage.database import Database
from storage.files import CLAIM, Fetched
from storage.sweep import FETCH_LIFE, sweep
from tests.storage.samples import (
    NOW,
    OFFICE,
    SITI,
    WHATSAPP,
    at_desk,
    number_of,
    put_account,
    silent,
    taken,
    ticket,
    wrote,
)

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
async def siti(database: Database) -> int:
    """Siti, who agreed to have her words kept."""
    found = await database.write(lambda c: put_account(c, SITI))
    await at_desk(database, lambda desk: desk.change_contact(replace(desk.contact(found), consent="2026-11")))
    return found


def photo(ref: str) -> File:
    """A photo that its platform forgets."""
    return File(ref, "image", "image/jpeg", fleeting=True)


def sends(*refs: str) -> list[Inbound]:
    """Siti sends photos."""
    return [wrote(SITI, "", Kind.FILE, file=photo(ref)) for ref in refs]


async def claimed(database: Database, now: datetime = NOW, limit: int = 8) -> list[Fetched]:
    """What is to be fetched now."""
    return await database.write(lambda c: files.claimed(c, now, limit))


async def settled(database: Database, file: Fetched, blob: str = "aa/1") -> None:
    """A file was fetched."""
    await database.write(lambda c: files.settled(c, file, blob, "image", "image/png", ""))


async def fetched(database: Database, ref: str) -> Fetched:
    """What is known of a file."""
    found = await database.read(lambda c: files.fetched(c, WHATSAPP, ref))
    assert found is not None
    return found


# -- what is fetched


async def test_a_file_is_fetched_from_the_consent_on(database: Database, siti: int) -> None:
    """In the order in which they came, each once however often it is named; of whom did not agree nothing is taken."""
    await taken(database, *sends("f1", "f2"), handler=silent)
    await taken(database, *sends("f1"), handler=silent, now=NOW + SECOND)
    stranger = wrote(replace(SITI, address="628555"), "", Kind.FILE, file=photo("f3"))
    await taken(database, stranger, handler=silent)
    found = await claimed(database, NOW + SECOND)
    assert [(each.channel, each.ref, each.contact) for each in found] == [
        (WHATSAPP, "f1", siti),
        (WHATSAPP, "f2", siti),
    ]
    assert [(each.kind, each.mime, each.attempts) for each in found] == [("image", "image/jpeg", 1)] * 2


async def test_the_consent_itself_may_come_with_the_file(database: Database) -> None:
    """Who agrees in this very turn has agreed."""

    def agrees(scene: Scene) -> Turn:
        scene.desk.change_contact(replace(scene.contact, consent="2026-11"))
        return Turn(scene.talk)

    await taken(database, *sends("f1"), handler=agrees)
    assert len(await claimed(database)) == 1


async def test_a_clock_that_ran_ahead_keeps_no_file_waiting(database: Database, siti: int) -> None:
    """Put back, what was put on record or off then is fetched all the same."""
    await taken(database, *sends("f1", "f2"), handler=silent, now=NOW + DAY)
    first, second = await claimed(database)
    await settled(database, first)
    await database.write(lambda c: files.put_off(c, second, NOW + DAY))
    assert [each.ref for each in await claimed(database)] == [second.ref]
    assert await claimed(database) == []


async def test_what_came_before_the_consent_is_fetched_with_it(database: Database) -> None:
    """A photo that began the report is not taken before, and not forgotten after."""

    def begins(scene: Scene) -> Turn:
        return Turn(Talk("report", {"kept_files": [file_value(photo("f1"))]}))

    def agrees(scene: Scene) -> Turn:
        scene.desk.change_contact(replace(scene.contact, consent="2026-11"))
        return Turn(scene.talk)

    await taken(database, *sends("f1"), handler=begins)
    assert await claimed(database) == []
    await taken(database, wrote(SITI, "Setuju"), handler=agrees)
    assert [each.ref for each in await claimed(database)] == ["f1"]


async def test_what_a_platform_keeps_is_not_fetched(database: Database, siti: int) -> None:
    """It is fetched when an officer is to see it."""
    await taken(database, wrote(SITI, "", Kind.FILE, file=File("f1", "image")), handler=silent)
    assert await number_of(database, t.fetches) == 0


async def test_what_is_claimed_is_claimed_by_one(database: Database, siti: int) -> None:
    """For a while; who died over it has it taken up by another one, as one attempt more."""
    await taken(database, *sends("f1", "f2", "f3"), handler=silent)
    first, second = await claimed(database, limit=2), await claimed(database)
    assert [each.ref for each in (*first, *second)] == ["f1", "f2", "f3"]
    assert await claimed(database, NOW + CLAIM - SECOND) == []
    assert [(each.ref, each.attempts) for each in await claimed(database, NOW + CLAIM, limit=1)] == [("f1", 2)]


async def test_what_was_put_off_is_tried_then(database: Database, siti: int) -> None:
    """Not before, and its attempts count on."""
    await taken(database, *sends("f1"), handler=silent)
    (file,) = await claimed(database)
    await database.write(lambda c: files.put_off(c, file, NOW + DAY))
    assert await claimed(database, NOW + DAY - SECOND) == []
    assert [each.attempts for each in await claimed(database, NOW + DAY)] == [2]


async def test_what_was_fetched_is_not_fetched_again(database: Database, siti: int) -> None:
    """Its bytes and what they turned out to be are known by its name."""
    await taken(database, *sends("f1"), handler=silent)
    (file,) = await claimed(database)
    await settled(database, file)
    assert await claimed(database, NOW + DAY) == []
    found = await fetched(database, "f1")
    assert (found.blob, found.kind, found.mime, found.problem) == ("aa/1", "image", "image/png", "")
    assert await database.read(lambda c: files.fetched(c, "telegram", "f1")) is None


# -- what is swept


async def swept(database: Database, passed: timedelta) -> list[str]:
    """The bytes that may be removed so long after NOW."""
    return sorted((await database.write(lambda c: sweep(c, OFFICE, NOW + passed))).blobs)


async def kept(database: Database, *refs: str, blob: str = "") -> None:
    """Photos that were sent just now and fetched."""
    await taken(database, *sends(*refs), handler=silent)
    for file in await claimed(database):
        await settled(database, file, blob or f"aa/{file.ref}")


async def test_bytes_of_what_was_never_sent_are_removed(database: Database, siti: int) -> None:
    """After eight days, and not before."""
    await kept(database, "f1", "f2")
    assert await swept(database, FETCH_LIFE) == []
    assert await number_of(database, t.fetches) == 2
    assert await swept(database, FETCH_LIFE + SECOND) == ["aa/f1", "aa/f2"]
    assert await number_of(database, t.fetches) == 0
    assert await swept(database, FETCH_LIFE + SECOND) == []


@pytest.mark.parametrize("seen", [True, False])
async def test_bytes_of_a_report_stay(database: Database, siti: int, seen: bool) -> None:
    """Also where no officer has looked at them yet: an agency may have no chat for weeks."""
    await kept(database, "f1", "f2")
    of = await at_desk(database, lambda desk: desk.add_ticket(ticket(siti)))
    (ident,) = await at_desk(database, lambda desk: desk.attach(of.id, [photo("f1")], Role.REPORTER, WHATSAPP))
    if seen:
        await database.write(lambda c: files.keep(c, ident, "aa/f1", "image", "image/png"))
    assert await swept(database, FETCH_LIFE + SECOND) == ["aa/f2"]
    (stored,) = await database.read(lambda c: files.find(c, (ident,)))
    assert (stored.blob, stored.kind, stored.mime) == ("aa/f1", "image", "image/png")


async def test_a_report_may_be_sent_before_its_file_is_fetched(database: Database, siti: int) -> None:
    """The file is found by its name all the same, and stays."""
    await taken(database, *sends("f1"), handler=silent)
    of = await at_desk(database, lambda desk: desk.add_ticket(ticket(siti)))
    (ident,) = await at_desk(database, lambda desk: desk.attach(of.id, [photo("f1")], Role.REPORTER, WHATSAPP))
    (file,) = await claimed(database)
    await settled(database, file)
    assert await swept(database, FETCH_LIFE + SECOND) == []
    assert [each.blob for each in await database.read(lambda c: files.find(c, (ident,)))] == ["aa/1"]


async def test_the_same_bytes_under_two_names_stay(database: Database, siti: int) -> None:
    """A picture that was sent twice is one blob: it goes when nobody needs it any more."""
    await kept(database, "old", blob="aa/1")
    await taken(database, *sends("new"), handler=silent, now=NOW + DAY)
    (file,) = await claimed(database, NOW + DAY)
    await settled(database, file)
    assert await swept(database, FETCH_LIFE + SECOND) == []
    assert await swept(database, FETCH_LIFE + DAY + SECOND) == ["aa/1"]
