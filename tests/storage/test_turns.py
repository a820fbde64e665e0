"""Turns in batches: each event has its effect once, and a faulty one harms itself alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from handlers.words import File, Kind, Room, Talk, Turn
from storage import outbox
from storage import tables as t
from storage.database import Database
from storage.turns import Outcome
from tests.storage.samples import (
    BUDI,
    CHANNEL,
    NOW,
    ROADS,
    SITI,
    echo,
    event,
    letters_to,
    number_of,
    put_contact,
    put_talk,
    rows,
    taken,
)

DONE, DUPLICATE, POISONED = Outcome.DONE, Outcome.DUPLICATE, Outcome.POISONED


async def said(database: Database) -> list[list[str]]:
    """What each conversation remembers."""
    return [msgspec.json.decode(row.body)["answers"]["said"] for row in await rows(database, t.talks)]


async def test_an_event_counts_once(database: Database) -> None:
    """The same event twice in a batch, and again in a later one, has its effect once."""
    one, two = event(text="satu"), event(text="dua")
    assert (await taken(database, one, one, two, handler=echo)).outcomes == [DONE, DUPLICATE, DONE]
    assert (await taken(database, two, one, handler=echo)).outcomes == [DUPLICATE, DUPLICATE]
    again = await taken(database, one, handler=echo)
    assert (again.outcomes, again.parcels) == ([DUPLICATE], [])
    assert await said(database) == [["satu", "dua"]]


async def test_the_same_id_on_another_channel_is_another_event(database: Database) -> None:
    """Platforms number their events for themselves."""
    one = event(text="satu")
    batch = await taken(database, one, replace(one, channel="whatsapp"), handler=echo)
    assert batch.outcomes == [DONE, DONE]
    assert len(await rows(database, t.contacts)) == 2


async def test_a_turn_sees_the_one_before_it(database: Database) -> None:
    """The second event of a person in one batch begins where the first one ended."""
    batch = await taken(database, event(text="a"), event(BUDI, "x"), event(text="b"), handler=echo)
    first, second = [row.id for row in await rows(database, t.contacts)]
    assert [letters_to(each, batch.parcels) for each in (first, second)] == [["a", "a b"], ["x"]]
    assert await said(database) == [["a", "b"], ["x"]]


async def test_a_batch_sees_the_one_before_it(database: Database) -> None:
    """A conversation goes on where the last batch left it, whatever else is in this one."""
    for word in ("a", "b", "c"):
        await taken(database, event(text=word), event(BUDI, word.upper()), handler=echo)
    assert await said(database) == [["a", "b", "c"], ["A", "B", "C"]]


async def test_a_new_person_is_one_contact(database: Database) -> None:
    """Several first events of somebody make one contact, in a batch and after it."""
    await taken(database, *(event(text=str(n)) for n in range(5)), handler=echo)
    await taken(database, event(text="5"), handler=echo)
    assert await number_of(database, t.contacts) == 1


async def test_strangers_who_chat_in_a_group_are_not_put_on_record(database: Database) -> None:
    """What people of a group say to each other leaves no contact, no conversation and no letter."""
    chatter = [event(text="halo semua", room=ROADS), event(BUDI, kind=Kind.FILE, file=File("f", "image"), room=ROADS)]
    batch = await taken(database, *chatter)
    assert (batch.outcomes, batch.parcels) == ([DONE, DONE], [])
    assert await rows(database, t.contacts) == await rows(database, t.talks) == []


@pytest.mark.parametrize("how", [{"text": "/bantuan"}, {"text": "ya", "reply_to": "m0"}, {"kind": Kind.TAP}])
async def test_who_speaks_to_the_bot_in_a_group_is_on_record(database: Database, how: dict[str, Any]) -> None:
    """A command, a reply or a button makes the person and the group contacts."""
    await taken(database, event(room=ROADS, **how), handler=echo)
    assert [row.is_group for row in await rows(database, t.contacts)] == [False, True]


async def test_a_conversation_in_a_group_is_one_of_its_own(database: Database) -> None:
    """What an officer is asked in a group does not mix with the private chat."""
    await taken(database, event(text="/rumah", room=ROADS), event(text="/sendiri"), handler=echo)
    assert sorted(await said(database)) == [["/rumah"], ["/sendiri"]]


async def test_the_letters_returned_are_those_of_the_outbox(database: Database) -> None:
    """What the dispatcher is handed is exactly what it would read after a restart."""
    events = [
        event(text="/start"),
        event(BUDI, "/lapor"),
        event(text="/bantuan", room=ROADS),
        event(text="Buat laporan"),
    ]
    batch = await taken(database, *events)
    assert batch.parcels
    assert await database.read(lambda c: outbox.waiting(c, [CHANNEL], 100)) == batch.parcels


async def test_a_question_asked_again_replaces_the_one_that_waits(database: Database) -> None:
    """A letter still waiting under the same key goes, and its number is told; one of somebody else stays."""
    first = await taken(database, event(text="/lapor"), event(BUDI, "/lapor"))
    second = await taken(database, event(text="/ulang"))
    assert second.dropped == [first.parcels[0].id]
    assert [row.id for row in await rows(database, t.outbox)] == [first.parcels[1].id, second.parcels[0].id]


async def test_an_empty_batch_is_nothing(database: Database) -> None:
    """No events, no outcomes."""
    assert (await taken(database)).outcomes == []


async def test_a_conversation_of_another_version_goes_on(database: Database) -> None:
    """Fields that are missing or not known yet are no obstacle."""
    siti = await database.write(lambda c: put_contact(c, SITI))
    await put_talk(database, siti, '{"dialogue":"echo","answers":{"said":["lama"]},"mood":"new","shown":[["a","b"]]}')
    assert (await taken(database, event(text="baru"), handler=echo)).outcomes == [DONE]
    assert await said(database) == [["lama", "baru"]]


async def test_a_group_that_became_a_forum_is_known_as_one(database: Database) -> None:
    """The platform's word on topics counts each time, not only the first."""
    await taken(database, event(text="/bantuan", room=ROADS), handler=echo)
    await taken(database, event(text="/bantuan", room=Room(ROADS.address, ROADS.title, forum=True)), handler=echo)
    (group,) = await rows(database, t.contacts, t.contacts.c.is_group)
    assert group.forum


async def test_a_conversation_that_did_not_change_is_not_written(database: Database) -> None:
    """The last change of a draft is what its seven days are counted from."""
    await taken(database, event(text="a"), handler=echo)
    batch = await taken(database, event(text="b"), handler=lambda scene: Turn(scene.talk), now=NOW.replace(hour=9))
    assert batch.outcomes == [DONE]
    assert [row.updated_at for row in await rows(database, t.talks)] == [NOW]


TOLD = {"story": "Jalan berlubang."}


@pytest.mark.parametrize(
    ("talk", "is_open"),
    [
        (Talk(), False),
        (Talk("menu"), False),
        (Talk("status"), False),
        (Talk("report"), False),
        (Talk("report", TOLD), True),
        (Talk("report", partial=[["m1", "Jalan berlubang."]]), True),
        (Talk("menu", shelf={"answers": TOLD}), True),
    ],
)
async def test_unfinished_reports_are_marked_as_open(database: Database, talk: Talk, is_open: bool) -> None:
    """What is nudged and erased by the clock is a story that was told and not sent."""
    await taken(database, event(text="a"), handler=echo)
    await taken(database, event(text="b"), handler=lambda scene: Turn(talk))
    assert [row.open for row in await rows(database, t.talks)] == [is_open]
