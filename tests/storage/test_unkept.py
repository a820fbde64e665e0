"""A file that could not be kept is taken out of what was not sent yet, and its sender hears why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from handlers.files import file_value
from handlers.words import File, Inbound, Kind, Talk, Turn
from storage import files, unkept
from storage import tables as t
from storage.database import Database
from storage.files import Fetched
from storage.letters import Parcel
from tests.storage.samples import (
    NOW,
    OFFICE,
    SITI,
    WHATSAPP,
    at_desk,
    number_of,
    put_account,
    rows,
    silent,
    taken,
    wrote,
)

DAY = timedelta(days=1)


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


async def claimed(database: Database, now: datetime = NOW) -> list[Fetched]:
    """What is to be fetched now."""
    return await database.write(lambda c: files.claimed(c, now, 8))


async def fetched(database: Database, ref: str) -> Fetched:
    """What is known of a file."""
    found = await database.read(lambda c: files.fetched(c, WHATSAPP, ref))
    assert found is not None
    return found


async def give_up(database: Database, ref: str, problem: str = "expired") -> list[Parcel]:
    """What is said because a file cannot be kept."""
    file = await fetched(database, ref)
    parcels, _ = await database.write(lambda c: unkept.give_up(c, OFFICE, file, problem, NOW))
    return parcels


def value(ref: str) -> dict[str, Any]:
    """A file as a conversation keeps it."""
    return file_value(photo(ref))


BOTH, ONE = [value("f1"), value("f2")], [value("f2")]
TALKS = [
    (Talk("report", {"files": BOTH, "story": "f1"}), Talk("report", {"files": ONE, "story": "f1"})),
    (Talk("report", {"story": "x"}, partial=BOTH), Talk("report", {"story": "x"}, partial=ONE)),
    (Talk("menu", shelf={"answers": {"files": BOTH}}), Talk("menu", shelf={"answers": {"files": ONE}})),
    (
        Talk("whose", partial={"kept_story": [["m1", "halo"]], "kept_files": BOTH}, subject=3),
        Talk("whose", partial={"kept_story": [["m1", "halo"]], "kept_files": ONE}, subject=3),
    ),
    (Talk("duty", {"kept": {"text": "a", "file": value("f1")}}), Talk("duty", {"kept": {"text": "a"}})),
    (Talk("menu"), Talk("menu")),
]


@pytest.mark.parametrize(("before", "after"), TALKS)
async def test_a_lost_file_is_taken_out_of_what_was_not_sent(
    database: Database, siti: int, before: Talk, after: Talk
) -> None:
    """Wherever it stands in the conversation; what was said beside it stays, and the person hears why."""
    await taken(database, *sends("f1", "f2"), handler=lambda scene: Turn(before))
    (told,) = await give_up(database, "f1")
    assert (told.contact, "sudah tidak tersedia" in told.body.text) == (siti, True)
    (talk,) = await rows(database, t.talks)
    assert msgspec.json.decode(talk.body, type=Talk) == after
    found = await fetched(database, "f1")
    assert (found.problem, found.blob) == ("expired", "")
    assert await claimed(database, NOW + DAY) != []


@pytest.mark.parametrize(("problem", "said"), [("large", "terlalu besar"), ("type", "jenisnya"), ("?", "tersedia")])
async def test_the_reason_is_said(database: Database, siti: int, problem: str, said: str) -> None:
    """In words that help to send it better."""
    await taken(database, *sends("f1"), handler=silent)
    (told,) = await give_up(database, "f1", problem)
    assert said in told.body.text


async def test_of_several_lost_files_it_is_said_once(database: Database, siti: int) -> None:
    """While the first word of it still waits, the next one takes its place."""
    await taken(database, *sends("f1", "f2"), handler=silent)
    for ref in ("f1", "f2"):
        await give_up(database, ref)
    assert await number_of(database, t.outbox) == 1


async def test_who_has_no_conversation_hears_it_too(database: Database, siti: int) -> None:
    """A file may be lost after the report was sent."""
    await taken(database, *sends("f1"), handler=silent)
    assert await number_of(database, t.talks) == 0
    assert [parcel.contact for parcel in await give_up(database, "f1")] == [siti]
