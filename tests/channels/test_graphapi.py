"""The local Cloud API is as strict as Meta's, and the webhooks it sends are complete."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests import graph_spec
from tests.botapi_updates import JPEG
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
ROWS: Json = {
    "type": "list",
    "body": {"text": "Pilih kategori"},
    "action": {
        "button": "Pilih",
        "sections": [{"rows": [{"id": "k1", "title": "Jalan", "description": "Lubang, retak"}]}],
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


async def test_what_people_send_is_complete(api: GraphApi, program: Program) -> None:
    """Every kind of message of a person is signed and fits the published description."""
    sari = api.person(phone="6281234567", user_id="ID.134912")
    first = api.world.chat(sari)
    assert await api.text(sari, "Halo") == 200
    await api.location(sari, -7.43, 109.24, "Alun-alun", "Purwokerto")
    await api.photo(sari, caption="lubang")
    for act in (api.video, api.voice, api.document, api.sticker, api.unsupported):
        assert await act(sari) == 200
    await api.contacts(sari, "6281999")
    await api.reaction(sari, first.heard[0])
    await api.text(sari, "ini", context=first.heard[0])
    heard = program.told("messages")
    assert [one["type"] for one in heard[:4]] == ["text", "location", "image", "video"]
    assert heard[-1]["context"] == {"from": "6281234567", "id": heard[0]["id"]}
    assert all(one["from"] == "6281234567" and one["from_user_id"] == "ID.134912" for one in heard)
    assert len({one["id"] for one in heard}) == len(heard) == 11
    assert program.signed == [True] * 11
    assert heard[4]["audio"]["voice"] is True
    assert heard[2]["image"]["sha256"] == base64.b64encode(hashlib.sha256(JPEG).digest()).decode()


async def test_people_without_a_number(api: GraphApi, program: Program) -> None:
    """A person may show a number, a user id, or both, and is the same person all along."""
    both = api.person(phone="6281234567", user_id="ID.134912")
    hidden = type(both)("Sari", user_id="ID.134912", username="sariwulan")
    await api.text(both, "Halo")
    await api.text(hidden, "Halo lagi")
    shown, unseen = program.told("messages")
    contact = program.told("contacts")[1]
    assert "from" not in unseen
    assert unseen["from_user_id"] == shown["from_user_id"] == "ID.134912"
    assert "wa_id" not in contact
    assert (contact["user_id"], contact["profile"]["username"]) == ("ID.134912", "sariwulan")
    status, answer = await program.call(letter(hidden))
    assert status == 200
    assert answer["contacts"] == [{"input": "ID.134912", "user_id": "ID.134912"}]
    assert answer["messages"][0]["id"].startswith("wamid.")
    await program.ok(both)
    assert len(api.messages(both)) == len(api.messages(hidden)) == 2


async def test_buttons_rows_and_quick_replies(api: GraphApi, program: Program) -> None:
    """A tap comes back with the id, the title and the message it stood under."""
    sari = api.person()
    await api.text(sari, "Halo")
    api.templates["kabar", "id"] = Template("Laporan {{1}}: {{2}}", ("Lihat", "Berhenti"))
    under = await program.ok(sari, type="interactive", interactive=BUTTONS)
    assert api.last(sari).labels == ["Setuju", "Batal"]
    await api.tap(sari, under, "Batal")
    await program.ok(sari, type="interactive", interactive=ROWS)
    await api.tap(sari, api.last(sari), "Jal")
    await program.ok(sari, type="template", template=news("LP-1", "selesai"))
    told = api.last(sari)
    assert (told.text, told.template, told.parameters) == ("Laporan LP-1: selesai", "kabar", ("LP-1", "selesai"))
    await api.tap(sari, told, "Lihat")
    with pytest.raises(LookupError):
        await api.tap(sari, told, "Ubah")
    button, row, quick = program.told("messages")[1:]
    assert button["interactive"] == {"type": "button_reply", "button_reply": {"id": "a2", "title": "Batal"}}
    assert button["context"] == {"from": api.world.own_phone, "id": under}
    assert row["interactive"]["list_reply"] == {"id": "k1", "title": "Jalan", "description": "Lubang, retak"}
    assert (quick["type"], quick["button"]) == ("button", {"payload": "lihat:1", "text": "Lihat"})


def news(*values: str, **fields: object) -> Json:
    body = {"type": "body", "parameters": [{"type": "text", "text": one} for one in values]}
    reply = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    components = [body, reply | {"parameters": [{"type": "payload", "payload": "lihat:1"}]}]
    return {"name": "kabar", "language": {"code": "id"}, "components": components} | fields


async def test_what_is_wrong_is_refused_and_kept(api: GraphApi, program: Program) -> None:
    """A breach of the description is answered with 400 and stands in the lists; nobody sees the message."""
    sari = api.person()
    await api.text(sari, "Halo")
    assert await program.refused(sari, text={"body": "x" * 4097}) == (400, 100)
    assert await program.refused(sari, type="text") == (400, 131008)
    assert await program.refused(sari, type="interactive", interactive=BUTTONS | {"type": "list"}) == (400, 131009)
    assert await program.refused(sari, context={"message_id": "wamid.entah"}) == (400, 131009)
    assert await program.refused(sari, type="image", image={"id": "123"}) == (400, 100)
    assert (len(api.violations), len(api.problems)) == (3, 5)
    assert [call.code for call in api.calls] == [100, 131008, 131009, 131009, 100]
    assert api.messages(sari) == []


async def test_without_strictness_anything_goes() -> None:
    """A server that is not strict judges nothing, knows everybody and takes any template."""
    async with GraphApi(strict=False, statuses=()) as api, running(api) as program:
        sari = type(api.person())("Sari", "6285550001")
        await program.ok(sari, text={"body": "x" * 5000})
        await program.ok(sari, type="template", template=news("a", "b"))
        assert [one.text for one in api.messages(sari)] == ["x" * 5000, "a · b"]
        assert api.problems == []


async def test_the_token_is_demanded_everywhere(api: GraphApi, program: Program) -> None:
    """Without the token nothing is answered but 401 with code 190."""
    number = f"{api.url}/{api.phone_number_id}"
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer lain"}) as other:
        for method, url in (
            ("POST", f"{number}/messages"),
            ("POST", f"{number}/media"),
            ("GET", number),
            ("GET", f"{api.url}/123"),
            ("GET", f"{api.origin}/media/1-2"),
        ):
            async with other.request(method, url) as answer:
                body = await answer.json()
                assert (answer.status, body["error"]["code"]) == (401, 190)
                assert graph_spec.error_problems(body) == []
    async with program.session.post(f"{api.url}/999/messages", json={}) as answer:
        assert (answer.status, (await answer.json())["error"]["error_subcode"]) == (400, 33)
    async with program.session.post(
        f"{number}/messages", data=b"{", headers={"Content-Type": "application/json"}
    ) as no:
        assert (no.status, (await no.json())["error"]["code"]) == (400, 100)


async def test_reading_and_typing(api: GraphApi, program: Program) -> None:
    """Only a message somebody sent can be marked as read."""
    sari = api.person()
    await api.text(sari, "Halo")
    wamid = program.told("messages")[0]["id"]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    assert await program.call(read | {"typing_indicator": {"type": "text"}}) == (200, {"success": True})
    assert [(one.id, one.typing) for one in api.reads] == [(wamid, True)]
    status, answer = await program.call(read | {"message_id": "wamid.entah"})
    assert (status, answer["error"]["code"]) == (400, 131009)
    assert [call.method for call in api.calls] == ["read", "read"]


async def test_the_business_number(api: GraphApi, program: Program) -> None:
    """The number tells the fields asked for and no others."""
    number = f"{api.url}/{api.phone_number_id}"
    async with program.session.get(number, params={"fields": "verified_name,quality_rating"}) as answer:
        assert await answer.json() == {
            "id": api.phone_number_id,
            "verified_name": "Kentongan",
            "quality_rating": "GREEN",
        }
    async with program.session.get(number, params={"fields": "colour"}) as answer:
        assert answer.status == 400
