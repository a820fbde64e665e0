"""A faulty event harms itself alone, whatever the fault is."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from handlers.desk import Scene
from handlers.respond import SORRY
from handlers.rules.ticket import Role
from handlers.words import File, Inbound, Kind, Turn
from storage import tables as t
from storage.database import Database
from storage.turns import Outcome
from tests.storage.samples import (
    BUDI,
    CHANNEL,
    NOW,
    OFFICE,
    echo,
    event,
    faulty,
    number_of,
    put_people,
    rows,
    taken,
    ticket,
)

DONE, DUPLICATE, POISONED = Outcome.DONE, Outcome.DUPLICATE, Outcome.POISONED


async def said(database: Database) -> list[list[str]]:
    """What each conversation remembers."""
    return [msgspec.json.decode(row.body)["answers"]["said"] for row in await rows(database, t.talks)]


async def test_a_faulty_event_harms_itself_alone(database: Database) -> None:
    """The others of the batch are done, also those of the same person before and after it."""
    batch = await taken(
        database, event(text="a"), event(text="!rusak"), event(BUDI, "x"), event(text="b"), handler=faulty
    )
    assert batch.outcomes == [DONE, POISONED, DONE, DONE]
    assert await said(database) == [["a", "b"], ["x"]]
    assert [row.language for row in await rows(database, t.contacts)] == ["id", "id"]


@pytest.mark.parametrize("others", [0, 2])
async def test_a_faulty_event_is_kept_for_the_operator(database: Database, others: int) -> None:
    """It lies sealed with the place of the fault, and its words stand nowhere in the open."""
    secret = event(text="!rahasia besar dari 081234567890")
    await taken(database, secret, *(event(BUDI, "x") for _ in range(others)), handler=faulty)
    (kept,) = await rows(database, t.poison)
    assert (kept.channel, kept.event_id, kept.at) == (secret.channel, secret.id, NOW)
    assert msgspec.json.decode(OFFICE.vault.open_bytes(kept.sealed, kept.event_id.encode()), type=Inbound) == secret
    assert "samples.py" in kept.trace
    assert "Fault" in kept.trace
    assert "rahasia" not in kept.trace
    assert b"rahasia" not in kept.sealed


async def test_who_met_a_fault_hears_the_question_again(database: Database) -> None:
    """The apology repeats the open question, and the conversation stands where it stood."""
    asked = (await taken(database, event(text="/lapor"))).parcels[0].body

    def broken(scene: Scene) -> Turn:
        raise RuntimeError

    before = await rows(database, t.talks)
    (sorry,) = (await taken(database, event(text="Setuju"), handler=broken)).parcels
    assert sorry.body.text == f"{SORRY.source}\n\n{asked.text}"
    assert sorry.body.choices == asked.choices
    assert [row.body for row in await rows(database, t.talks)] == [row.body for row in before]


async def test_a_faulty_event_that_comes_again_is_a_duplicate(database: Database) -> None:
    """It was answered for: the platform need not send it any more, and nobody is apologised to twice."""
    one = event(text="!")
    await taken(database, one, handler=faulty)
    again = await taken(database, one, handler=faulty)
    assert (again.outcomes, again.parcels) == ([DUPLICATE], [])
    assert await number_of(database, t.poison) == 1


def _wrong_statement(scene: Scene) -> Turn:
    scene.desk._c.execute(text("SELECT * FROM nowhere"))  # type: ignore[attr-defined]
    raise AssertionError


@pytest.mark.parametrize("count", [1, 3])
async def test_the_databases_own_trouble_is_not_the_events_fault(database: Database, count: int) -> None:
    """An error of the database is raised, nothing is kept, and the same events succeed later."""
    events = [event(text=str(n)) for n in range(count)]
    with pytest.raises(DBAPIError):
        await taken(database, *events, handler=_wrong_statement)
    for table in (t.inbox, t.contacts, t.poison, t.outbox):
        assert await rows(database, table) == []
    assert (await taken(database, *events, handler=echo)).outcomes == [DONE] * count


@pytest.mark.parametrize(
    ("what", "file"),
    [("mime", File("f", "audio", "audio/" + "x" * 300)), ("size", File("f", "image", "image/png", 2**70))],
)
async def test_a_value_no_column_can_hold_harms_its_event_alone(database: Database, what: str, file: File) -> None:
    """What the database cannot take is the event's own fault: the others of the batch do not suffer for ever."""
    people = await database.write(put_people)

    def attach(scene: Scene) -> Turn:
        if scene.event.file:
            made = scene.desk.add_ticket(ticket(people.siti))
            scene.desk.attach(made.id, [scene.event.file], Role.REPORTER, CHANNEL)
        return echo(scene)

    batch = await taken(database, event(BUDI, "x"), event(kind=Kind.FILE, file=file), event(BUDI, "y"), handler=attach)
    assert batch.outcomes[0] is batch.outcomes[2] is DONE
    assert (await taken(database, event(BUDI, "z"), handler=attach)).outcomes == [DONE]
    assert ["x", "y", "z"] in await said(database)


@pytest.mark.parametrize("body", ["{", '{"dialogue": 5}'])
async def test_a_damaged_conversation_harms_its_person_alone(database: Database, body: str) -> None:
    """A row that cannot be read is set aside with its event; everybody else is answered."""
    await taken(database, event(text="a"), event(BUDI, "x"), handler=echo)
    siti = (await rows(database, t.contacts))[0].id
    spoilt = update(t.talks).where(t.talks.c.contact_id == siti).values(body=body)
    await database.write(lambda c: c.execute(spoilt).rowcount)
    batch = await taken(database, event(BUDI, "y"), event(text="b"), event(BUDI, "z"), handler=echo)
    assert (batch.outcomes[0], batch.outcomes[2]) == (DONE, DONE)
    assert await number_of(database, t.poison) == 1


async def test_a_seal_that_was_tampered_with_harms_its_person_alone(database: Database) -> None:
    """Somebody whose identity cannot be opened keeps nobody else from being heard."""
    await taken(database, event(text="a"), event(BUDI, "x"), handler=echo)
    siti = (await rows(database, t.contacts))[0]
    spoilt = b"none" + siti.sealed[4:]
    changed = update(t.contacts).where(t.contacts.c.id == siti.id).values(sealed=spoilt)
    await database.write(lambda c: c.execute(changed).rowcount)
    batch = await taken(database, event(BUDI, "y"), event(text="b"), event(BUDI, "z"), handler=echo)
    assert (batch.outcomes[0], batch.outcomes[2]) == (DONE, DONE)
