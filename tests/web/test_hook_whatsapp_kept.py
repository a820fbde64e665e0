"""WhatsApp's webhook: each part has one effect, and 200 is said only for what is committed."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.channels.whatsapp_meant import MEANT, PAYLOADS
from tests.channels.whatsapp_webhooks import body, message
from tests.graphapi import Person
from tests.logged import logged
from tests.office import until
from tests.web.whatsapp_posting import counted, hooked, post
from tests.whatsapp_office import Office

HELLO = json.dumps(body(messages=[message()])).encode()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with hooked(tmp_path) as found:
        yield found


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    with logged() as found:
        yield found


# -- what is kept


async def test_committed_before_it_is_acknowledged(office: Office) -> None:
    """When Meta hears 200, every message of the body is on record with the answer to it."""
    for name in ("text", "batch_changes", "batch_messages"):
        before = await office.count("inbox")
        assert await post(office, json.dumps(PAYLOADS[name]).encode()) == 200
        assert await office.count("inbox") == before + len(MEANT[name].events)
    # What follows a moment later changes nothing of that.
    await office.settled()
    assert await counted(office, "poisoned") == 0


async def test_every_body_on_file(office: Office, written: io.StringIO) -> None:
    """Every true body gets 200, poisons nothing, and none of what it says is logged."""
    for name in MEANT:
        assert await post(office, json.dumps(PAYLOADS[name]).encode()) == 200, name
    await office.settled()
    assert await counted(office, "poisoned") == 0
    assert await counted(office, "unreadable") == sum(meant.unread for meant in MEANT.values())
    assert await counted(office, "ignored") == sum(meant.ignored for meant in MEANT.values())
    assert written.getvalue().count("whatsapp_says") == sum(len(meant.alarms) for meant in MEANT.values())
    for secret in ("Siti", "Romlah", "Dewi", "6281200000011", "ID.1000000", "berlubang", "Selokan", "wamid."):
        assert secret not in written.getvalue()


async def test_a_message_has_its_effect_once(office: Office) -> None:
    """A body that is delivered again, at once or later, is answered with 200 and changes nothing."""
    assert await asyncio.gather(*(post(office, HELLO) for _ in range(5))) == [200] * 5
    await office.settled()
    assert await post(office, HELLO) == 200
    await office.settled()
    assert (await counted(office, "done"), await counted(office, "duplicate")) == (1, 5)
    assert [call.method for call in office.api.calls if call.method != "read"] == ["interactive"]


async def test_batches_of_several_entries(office: Office) -> None:
    """Messages that come mixed, in several entries, twice and in any order, each have their answer once."""
    people = [office.api.person(f"Orang {n}") for n in range(8)]
    async with office.api.batched(size=5, copies=2, shuffle=Random(3)):
        for person in people:
            assert await office.api.text(person, "Halo") == 202
    await office.settled()
    assert [len(office.api.messages(person)) for person in people] == [1] * 8
    assert (await counted(office, "done"), await counted(office, "duplicate")) == (8, 8)
    assert office.api.delivery.pending == []


async def test_what_is_read_is_marked_so(office: Office) -> None:
    """The newest message of each person is marked as read, and only that."""
    assert await post(office, json.dumps(PAYLOADS["batch_messages"]).encode()) == 200
    _, photo, last = PAYLOADS["batch_messages"]["entry"][0]["changes"][0]["value"]["messages"]
    await until(lambda: len(marked(office)) == 2)
    assert marked(office) == {photo["id"], last["id"]}


def marked(office: Office) -> set[str]:
    """The messages that were marked as read."""
    return {call.params["message_id"] for call in office.api.calls if call.method == "read"}


# -- a record in trouble

BROKEN = {
    "full": ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1000000"),
    "spoiled": ("ALTER TABLE talks RENAME TO gone", "ALTER TABLE gone RENAME TO talks"),
}


async def refused(office: Office) -> Person:
    """The first of many people whose message the record does not take any more."""
    for number in range(1000):
        person = office.api.person("Ratnasari", phone=f"62813{number:07}")
        if await office.api.text(person, "Halo") == 503:
            return person
    raise AssertionError("the record takes everything")


@pytest.mark.parametrize("how", BROKEN)
async def test_nothing_is_acknowledged_that_is_not_kept(office: Office, written: io.StringIO, how: str) -> None:
    """While the record cannot be written Meta hears 503, and later delivers with one effect."""
    breaks, mends = BROKEN[how]
    await office.app.database.write(lambda c: c.exec_driver_sql(breaks))
    person = await refused(office)
    assert len(office.api.delivery.pending) == 1
    assert office.api.messages(person) == []
    assert "not_committed" in written.getvalue()
    assert "Ratnasari" not in written.getvalue()
    await office.app.database.write(lambda c: c.exec_driver_sql(mends))
    waiting = office.api.delivery.pending[:]
    assert await office.api.redeliver() == [200] * len(waiting)
    assert await office.api.delivery.send(waiting[0]) == 200
    await office.settled()
    assert len(office.api.messages(person)) == 1


@pytest.mark.parametrize("table", ["receipts", "poison"])
async def test_receipts_and_garbage_wait_for_the_record_too(office: Office, table: str) -> None:
    """What Meta says of our messages, and what nobody can read, is not acknowledged before it is kept either."""
    status = {"id": "wamid.ours", "status": "failed", "errors": [{"code": 131047}]}
    raw = json.dumps(body(statuses=[status])).encode() if table == "receipts" else b"halo"
    await office.app.database.write(lambda c: c.exec_driver_sql(f"ALTER TABLE {table} RENAME TO gone"))
    assert await post(office, raw) == 503
    await office.app.database.write(lambda c: c.exec_driver_sql(f"ALTER TABLE gone RENAME TO {table}"))
    assert await post(office, raw) == await post(office, raw) == 200
    assert await office.count(table) == 1


async def test_half_of_a_body_that_was_kept_has_its_effect_once(office: Office) -> None:
    """Where a message of a body cannot be kept after its statuses were, all comes again and counts once."""
    said = body(messages=[message()], statuses=[{"id": "wamid.ours", "status": "read"}])
    raw = json.dumps(said).encode()
    await office.app.database.write(lambda c: c.exec_driver_sql(BROKEN["spoiled"][0]))
    assert await post(office, raw) == 503
    await office.app.database.write(lambda c: c.exec_driver_sql(BROKEN["spoiled"][1]))
    assert await post(office, raw) == 200
    await office.settled()
    assert (await office.count("receipts"), await counted(office, "done")) == (1, 1)
