"""Templates, the window of a day, and what becomes of messages, as WhatsApp has it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.botapi_delivery import KEPT
from tests.graphapi import GraphApi, Template
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


def news(*values: str, **fields: object) -> Json:
    body = {"type": "body", "parameters": [{"type": "text", "text": one} for one in values]}
    reply = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    components = [body, reply | {"parameters": [{"type": "payload", "payload": "lihat:1"}]}]
    return {"name": "kabar", "language": {"code": "id"}, "components": components} | fields


async def test_templates_must_fit_what_was_approved(api: GraphApi, program: Program) -> None:
    """A template is refused when missing, paused, too long or filled otherwise; the window is no matter."""
    sari = api.person()
    assert await program.refused(sari, type="template", template=news("a", "b")) == (404, 132001)
    api.templates["kabar", "id"] = Template("Laporan {{1}}: {{2}}", ("Lihat",))
    status, answer = await program.call(letter(sari, type="template", template=news("a", "b")))
    assert (status, answer["messages"][0]["message_status"]) == (200, "accepted")
    assert await program.refused(sari, type="template", template=news("a")) == (400, 132000)
    assert await program.refused(sari, type="template", template=news("a", "b", language={"code": "en"})) == (
        404,
        132001,
    )
    assert await program.refused(sari, type="template", template=news("a", "x" * 1020)) == (400, 132005)
    api.templates["kabar", "id"] = Template("Laporan {{1}}: {{2}}")
    assert await program.refused(sari, type="template", template=news("a", "b")) == (400, 132000)
    api.templates["kabar", "id"] = Template("Laporan {{1}}: {{2}}", ("Lihat",), ("Lacak",))
    assert await program.refused(sari, type="template", template=news("a", "b")) == (400, 131008)
    api.paused.add("kabar")
    assert await program.refused(sari, type="template", template=news("a", "b")) == (400, 132015)
    assert len(api.messages(sari)) == 1


async def test_named_blanks_of_templates(api: GraphApi, program: Program) -> None:
    """A template may name its blanks; then its parameters do too."""
    sari = api.person()
    api.templates["kabar", "id"] = Template("Halo {{nama}}")
    named = {"type": "text", "parameter_name": "nama", "text": "Sari"}
    given = {"name": "kabar", "language": {"code": "id"}, "components": [{"type": "body", "parameters": [named]}]}
    await program.ok(sari, type="template", template=given)
    assert api.last(sari).text == "Halo Sari"
    named["parameter_name"] = "name"
    assert await program.refused(sari, type="template", template=given) == (400, 132000)


async def test_window_of_a_day() -> None:
    """Free messages arrive within a day of the person's last; later ones fail by status, or at once where told so."""
    now = [1_000_000.0]
    async with GraphApi(clock=lambda: now[0]) as api, running(api) as program:
        sari = api.person()
        await program.ok(sari, biz_opaque_callback_data="7")
        await api.settled()
        (failed,) = program.told("statuses")
        assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131047)
        assert (failed["biz_opaque_callback_data"], failed["recipient_id"]) == ("7", sari.wa_id)
        assert api.messages(sari) == []
        await api.text(sari, "Halo")
        assert program.told("messages")[-1]["timestamp"] == "1000000"
        now[0] += 86_399
        await program.ok(sari)
        await api.settled()
        now[0] += 1
        await program.ok(sari, type="interactive", interactive=BUTTONS)
        await api.settled()
        assert [one["status"] for one in program.told("statuses")] == ["failed", "sent", "delivered", "failed"]
        api.window_by = "answer"
        assert await program.refused(sari) == (400, 131047)
        assert [one.kind for one in api.messages(sari)] == ["text"]
        assert len(api.problems) == 3


async def test_statuses_follow_each_message(program: Program, api: GraphApi) -> None:
    """A message is reported sent, delivered and, once the person looks, read; a reaction only sent."""
    api.statuses = ("sent", "delivered")
    sari = api.person(user_id="ID.134912")
    await api.text(sari, "Halo")
    wamid = await program.ok(sari, biz_opaque_callback_data="surat-7")
    await api.settled()
    await program.ok(sari, type="reaction", reaction={"message_id": wamid, "emoji": "👀"})
    await api.settled()
    assert await api.read(sari) == 200
    assert await api.read(sari) == KEPT
    told = program.told("statuses")
    assert [one["status"] for one in told] == ["sent", "delivered", "sent", "read"]
    assert [one["id"] for one in told if one.get("biz_opaque_callback_data") == "surat-7"] == [wamid] * 3
    assert {one["recipient_user_id"] for one in told} == {"ID.134912"}


async def test_strangers_and_those_who_blocked_us(api: GraphApi, program: Program) -> None:
    """A message to nobody, or to somebody who blocked the business, is taken and then fails."""
    sari = api.person()
    await api.text(sari, "Halo")
    api.block(sari)
    await program.ok(sari)
    assert api.problems == []
    await program.ok(type(sari)("Entah", "6289999999"))
    await api.settled()
    assert [one["errors"][0]["code"] for one in program.told("statuses")] == [131026, 131026]
    assert len(api.problems) == 1
    with pytest.raises(ValueError, match="unblocks"):
        await api.text(sari, "Halo?")
    api.unblock(sari)
    await program.ok(sari)
    assert len(api.messages(sari)) == 1
