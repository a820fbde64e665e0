"""What time does: one nudge, the end of old drafts, and of what need not be kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from handlers.words import Kind, Person
from storage import tables as t
from storage.database import Database
from storage.sweep import DRAFT_LIFE, INBOX_LIFE, NUDGE_AFTER, Swept, sweep
from tests.storage.samples import (
    BUDI,
    NOW,
    OFFICE,
    SITI,
    event,
    letters_to,
    number_of,
    rows,
    taken,
)

SECOND = timedelta(seconds=1)
STORY = "Jalan di depan pasar berlubang besar."


async def swept(database: Database, passed: timedelta) -> Swept:
    """What the clock did, so long after NOW."""
    return await database.write(lambda c: sweep(c, OFFICE, NOW + passed))


async def draft(database: Database, person: Person = SITI, now: datetime = NOW) -> int:
    """Somebody who has told a story and not sent it."""
    for text in ("/lapor", "Setuju", STORY):
        await taken(database, event(person, text), now=now)
    return int((await rows(database, t.contacts))[-1].id)


@pytest.mark.parametrize(("passed", "nudged"), [(NUDGE_AFTER, 0), (NUDGE_AFTER + SECOND, 1)])
async def test_an_unfinished_report_is_nudged_after_three_hours(
    database: Database, passed: timedelta, nudged: int
) -> None:
    """Not before, and with the way on and the way out on it."""
    siti = await draft(database)
    found = await swept(database, passed)
    assert (found.nudged, len(letters_to(siti, found.parcels))) == (nudged, nudged)
    for parcel in found.parcels:
        assert [choice for choice, _, _ in parcel.body.choices] == ["m:lanjut", "m:hapus_draf"]
        assert parcel.body.text.startswith("Laporan Anda belum terkirim.")


async def test_a_nudge_comes_once(database: Database) -> None:
    """Sweeping again, at once or days later, says nothing more."""
    await draft(database)
    assert (await swept(database, 4 * NUDGE_AFTER)).nudged == 1
    for passed in (4 * NUDGE_AFTER, 5 * NUDGE_AFTER, DRAFT_LIFE):
        again = await swept(database, passed)
        assert (again.nudged, again.erased, again.parcels, again.dropped) == (0, 0, [], [])
    assert await number_of(database, t.outbox, t.outbox.c.key == "nudge") == 1


async def test_each_is_nudged_for_themselves(database: Database) -> None:
    """Whose three hours have passed is nudged, who answered just now is not."""
    siti = await draft(database)
    await draft(database, BUDI, NOW + NUDGE_AFTER)
    assert [parcel.contact for parcel in (await swept(database, NUDGE_AFTER + SECOND)).parcels] == [siti]
    assert (await swept(database, 2 * NUDGE_AFTER + SECOND)).nudged == 1


async def test_who_has_blocked_the_bot_is_not_nudged(database: Database) -> None:
    """A letter that cannot arrive is not written."""
    await draft(database)
    await taken(database, event(kind=Kind.BLOCKED))
    assert (await swept(database, 2 * NUDGE_AFTER)).parcels == []


@pytest.mark.parametrize("word", ["/start", "/status", "/bahasa"])
async def test_who_began_no_report_is_not_reminded_of_one(database: Database, word: str) -> None:
    """An open menu, or another open question, is no unfinished report."""
    await taken(database, event(text=word))
    assert (await swept(database, 2 * NUDGE_AFTER)).parcels == []


async def test_a_draft_put_aside_is_nudged_too(database: Database) -> None:
    """A report on the shelf is unfinished as well."""
    await draft(database)
    await taken(database, event(text="/batal"))
    assert (await swept(database, 2 * NUDGE_AFTER)).nudged == 1


@pytest.mark.parametrize(("passed", "left"), [(DRAFT_LIFE, 1), (DRAFT_LIFE + SECOND, 0)])
async def test_a_draft_is_erased_after_seven_days(database: Database, passed: timedelta, left: int) -> None:
    """Whether it is under way or on the shelf; its words are gone."""
    await draft(database)
    await draft(database, BUDI)
    await taken(database, event(BUDI, "/batal"))
    found = await swept(database, passed)
    assert found.erased == 2 - 2 * left
    assert await number_of(database, t.talks, t.talks.c.body.contains("berlubang")) == 2 * left
    assert (await swept(database, passed)).erased == 0


async def test_after_the_end_of_a_draft_a_report_begins_anew(database: Database) -> None:
    """The person is greeted as somebody without a draft, and need not agree twice."""
    await draft(database)
    await swept(database, DRAFT_LIFE + SECOND)
    (parcel,) = (await taken(database, event(text="/lapor"), now=NOW + 2 * DRAFT_LIFE)).parcels
    assert "Ceritakan" in parcel.body.text


async def test_an_idle_menu_is_not_erased(database: Database) -> None:
    """What is no draft is left alone."""
    await taken(database, event(text="/start"))
    before = await rows(database, t.talks)
    assert (await swept(database, 2 * DRAFT_LIFE)).erased == 0
    assert await rows(database, t.talks) == before


async def test_the_inbox_is_purged_when_no_platform_delivers_again(database: Database) -> None:
    """An event is known for eight days, then its number may go."""
    ages = {"old": INBOX_LIFE + SECOND, "known": INBOX_LIFE, "new": timedelta()}
    values = [{"channel": "telegram", "event_id": name, "at": NOW - age} for name, age in ages.items()]
    await database.write(lambda c: c.execute(insert(t.inbox), values).rowcount)
    await swept(database, timedelta())
    assert {row.event_id for row in await rows(database, t.inbox)} == {"known", "new"}


async def test_a_letter_that_says_until_when_is_right(database: Database) -> None:
    """The draft is still there on the day that is named, and what is pressed then goes on."""
    await draft(database)
    (parcel,) = (await swept(database, 2 * NUDGE_AFTER)).parcels
    assert "30 November 2026" in parcel.body.text
    await swept(database, timedelta(days=6, hours=23))
    (resumed,) = (
        await taken(database, event(kind=Kind.TAP, tap="m:lanjut"), now=NOW + timedelta(days=6, hours=23))
    ).parcels
    assert STORY in resumed.body.text or "Cerita" in resumed.body.text
