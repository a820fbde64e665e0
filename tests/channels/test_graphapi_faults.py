"""The local Cloud API fails as it is told, keeps WhatsApp's rates, and delivers webhooks in any order and again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import aiohttp
import pytest

from tests import graph_spec
from tests.botapi_delivery import KEPT, NOBODY
from tests.graphapi import GraphApi
from tests.graphapi_errors import ERRORS, Refused
from tests.graphapi_program import Json, Program, letter, running

BUTTONS: Json = {
    "type": "button",
    "body": {"text": "Setuju?"},
    "action": {
        "buttons": [
            {"type": "reply", "reply": {"id": "a1", "title": "Setuju"}},
            {"type": "reply", "reply": {"id": "a2", "title": "Batal"}},
        ]
    },
}


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with GraphApi(statuses=()) as server:
        yield server


@pytest.fixture
async def program(api: GraphApi) -> AsyncIterator[Program]:
    async with running(api) as made:
        yield made


async def test_setting_the_webhook_up(api: GraphApi, program: Program) -> None:
    """The program is asked to echo a challenge, with the right word or a wrong one."""
    assert await api.verify() == (200, "1158201444")
    assert (await api.verify(token="lain"))[0] == 403


async def test_raw_bodies_and_signatures(api: GraphApi, program: Program) -> None:
    """A body can be sent as it is with the right signature, a wrong one or none."""
    for signature in (None, "sha256=00", ""):
        assert await api.raw(b"{}", signature) == 200
    assert program.signed == [True, False, False]


def test_errors_say_the_same_in_both_ways() -> None:
    """An error has its code in the answer and in a status."""
    for code in ERRORS:
        refused = Refused(code)
        assert refused.answer("A1")["error"]["code"] == refused.report()["code"] == code
        assert graph_spec.error_problems(refused.answer("A1")) == []


async def test_faults_come_as_often_as_told(api: GraphApi, program: Program) -> None:
    """A scripted fault hits the next calls of its method, for its person, and then no more."""
    sari, budi = api.person(), api.person("Budi")
    for person in (sari, budi):
        await api.text(person, "Halo")
    api.fail("messages", times=2, code=131056, to=sari)
    assert await program.refused(sari) == (400, 131056)
    await program.ok(budi)
    assert await program.refused(sari, type="interactive", interactive=BUTTONS) == (400, 131056)
    await program.ok(sari)
    api.fail("upload")
    api.fail("interactive", status=503, code=131016)
    await program.ok(sari)
    assert await program.refused(sari, type="interactive", interactive=BUTTONS) == (503, 131016)
    assert (await program.upload(b"x", "image/png"))[0] == 500
    api.fail("*", html=True, status=502)
    async with program.session.get(f"{api.url}/{api.phone_number_id}") as page:
        assert (page.status, page.content_type) == (502, "text/html")
    assert api.problems == []


async def test_hanging_up_before_and_after_the_work(api: GraphApi, program: Program) -> None:
    """A connection may break before a message is taken, or when it is already there."""
    sari = api.person()
    await api.text(sari, "Halo")
    api.fail("text", close=True)
    api.fail("text", close_after=True)
    for messages in (0, 1):
        with pytest.raises(aiohttp.ClientConnectionError):
            await program.call(letter(sari))
        assert len(api.messages(sari)) == messages
    assert [call.status for call in api.calls] == [0, 200]


async def test_failing_later_and_answering_late(api: GraphApi, program: Program) -> None:
    """A message may be taken and reported as failed, or only be answered after a while."""
    sari = api.person(user_id="ID.134912")
    await api.text(sari, "Halo")
    api.fail("messages", later=131053)
    await program.ok(sari)
    api.fail("messages", delay=0.01)
    await program.ok(sari, text={"body": "lambat"})
    await api.settled()
    (failed,) = program.told("statuses")
    assert failed["errors"][0] == Refused(131053).report()
    assert program.told("contacts") == [sari.contact()]
    assert [one.text for one in api.messages(sari)] == ["lambat"]
    assert api.problems == []


async def test_waiting_for_a_call(api: GraphApi, program: Program) -> None:
    """A test can wait for a call that has come since the last event, or is still to come."""
    sari = api.person()
    await api.text(sari, "Halo")
    waiting = asyncio.create_task(api.wait(lambda call: call.text == "Satu"))
    await asyncio.sleep(0)
    await program.ok(sari, text={"body": "Satu"})
    assert (await waiting).to == sari.wa_id
    assert (await api.wait(lambda call: call.method == "text")).text == "Satu"
    with pytest.raises(TimeoutError, match="Satu"):
        await api.wait(lambda call: call.text == "Dua", timeout=0.01)
    await api.text(sari, "Lagi")
    with pytest.raises(TimeoutError):
        await api.wait(lambda call: call.text == "Satu", timeout=0.01)
    assert (await api.wait(lambda call: call.text == "Satu", after=0)).status == 200


async def test_rates_of_whatsapp() -> None:
    """A person takes 45 messages at once and then none until they are paid off, or one each six seconds."""
    now = [1000.0]
    async with GraphApi(limits=True, clock=lambda: now[0], statuses=()) as api, running(api) as program:
        sari, budi = api.person(user_id="ID.134912"), api.person()
        for person in (sari, budi):
            await api.text(person, "Halo")
        for _ in range(45):
            await program.ok(sari)
        assert await program.refused(sari) == (400, 131056)
        hidden = type(sari)("Sari", user_id="ID.134912")
        now[0] += 45 * 6 - 1
        assert await program.refused(hidden) == (400, 131056)
        now[0] += 1
        for _ in range(3):
            await program.ok(budi)
            await program.ok(hidden)
            now[0] += 6 * 2
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": program.told("messages")[0]["id"]}
        for _ in range(100):
            assert (await program.call(read))[0] == 200


async def test_eighty_messages_a_second_in_and_out() -> None:
    """The eighty-first message of a second is refused, whoever it is for; those of people count too."""
    now = [1000.0]
    async with GraphApi(limits=True, clock=lambda: now[0], statuses=()) as api, running(api) as program:
        people = [api.person() for _ in range(40)]
        for person in people:
            await api.text(person, "Halo")
        for person in people:
            await program.ok(person)
        assert await program.refused(api.person()) == (400, 130429)
        now[0] += 1
        await program.ok(api.person())


async def test_batches_of_many_events_in_any_order(api: GraphApi, program: Program) -> None:
    """What was held comes in webhooks of several entries and changes, every event as often as told."""
    people = [
        api.person(f"Warga {number}", user_id=f"ID.{number}", phone=f"62811000{number:03}") for number in range(6)
    ]
    async with api.batched(size=10, copies=3, shuffle=Random(7)):
        for person in people:
            assert await api.text(person, f"Saya {person.name}") == KEPT
            await api.location(person, -7.0, 109.0)
        await program.ok(people[0])
        await api.read(people[0])
        assert program.bodies == []
    heard = Counter(one["id"] for one in program.told("messages"))
    assert (len(heard), set(heard.values())) == (12, {3})
    assert [one["status"] for one in program.told("statuses")] == ["read"] * 3
    assert len(program.bodies) == 4
    assert max(len(body["entry"]) for body in program.bodies) > 1
    assert max(len(entry["changes"]) for body in program.bodies for entry in body["entry"]) > 1
    assert any(len(value.get("messages", ())) > 1 for value in program.values())
    for value in program.values():
        known = {one["user_id"] for one in value["contacts"]}
        assert {one["from_user_id"] for one in value.get("messages", ())} <= known
    assert all(program.signed)


async def test_what_is_not_accepted_comes_again(api: GraphApi, program: Program) -> None:
    """A webhook answered otherwise than with 200, or not at all, is kept and sent again with the same ids."""
    sari = api.person()
    program.status = 503
    assert await api.text(sari, "Halo") == 503
    there, api.webhook = api.webhook, ("http://127.0.0.1:9/hook",)
    assert await api.text(sari, "Masih di sana?") == NOBODY
    api.webhook = None
    assert await api.text(sari, "Halo?") == KEPT
    api.webhook, program.status = there, 200
    assert await api.redeliver() == [200, 200, 200]
    assert await api.repeat(api.events[0]) == 200
    ids = [one["id"] for one in program.told("messages")]
    assert ids[0] == ids[1] == ids[4]
    assert len(set(ids)) == 3
    assert await api.redeliver() == []
