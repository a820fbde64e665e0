"""Files go both ways through the local Cloud API as they do through Meta's."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import pytest

from tests import graph_spec
from tests.botapi_updates import JPEG
from tests.graphapi import GraphApi
from tests.graphapi_program import Program, running


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with GraphApi(statuses=()) as server:
        yield server


@pytest.fixture
async def program(api: GraphApi) -> AsyncIterator[Program]:
    async with running(api) as made:
        yield made


async def test_files_of_people() -> None:
    """A file is fetched in two steps, with the token and a User-Agent, within five minutes and seven days."""
    now = [1_000_000.0]
    async with GraphApi(clock=lambda: now[0]) as api, running(api) as program:
        await api.photo(api.person(), b"\xff\xd8 jalan", caption="lubang")
        ident = program.told("messages")[0]["image"]["id"]
        async with program.session.get(f"{api.url}/{ident}") as answer:
            facts = await answer.json()
        assert (facts["mime_type"], facts["file_size"], facts["id"]) == ("image/jpeg", "8", ident)
        assert facts["sha256"] == hashlib.sha256(b"\xff\xd8 jalan").hexdigest()
        assert await program.get(facts["url"]) == (200, b"\xff\xd8 jalan")
        assert (await program.get(facts["url"], **{"User-Agent": ""}))[0] == 403
        assert (await program.get(facts["url"], Authorization="Bearer lain"))[0] == 401
        now[0] += 300
        assert (await program.get(facts["url"]))[0] == 404
        assert (await program.get(f"{api.url}/{ident}", phone_number_id="1"))[0] == 200
        now[0] += 7 * 86_400
        assert (await program.get(f"{api.url}/{ident}"))[0] == 400


async def test_files_of_the_program(api: GraphApi, program: Program) -> None:
    """An uploaded file is shown by its id; one of a wrong type or size is not taken."""
    sari = api.person()
    await api.text(sari, "Halo")
    status, answer = await program.upload(JPEG, "image/jpeg", "bukti.jpg")
    assert (status, list(answer)) == (200, ["id"])
    await program.ok(sari, type="image", image={"id": answer["id"], "caption": "selesai"})
    shown = api.last(sari)
    assert (shown.kind, shown.text, shown.files[0].data) == ("image", "selesai", JPEG)
    await program.ok(sari, type="document", document={"id": answer["id"], "filename": "bukti-1.jpg"})
    assert api.last(sari).files[0].name == "bukti-1.jpg"
    await program.ok(sari, type="audio", audio={"id": answer["id"]})
    await api.settled()
    assert program.told("statuses")[0]["errors"][0]["code"] == 131053
    for data, mime, more in (
        (b"x", "application/zip", {}),
        (b"", "image/png", {}),
        (b"x" * 5_000_001, "image/png", {}),
        (b"x", "image/png", {"type": "image/jpeg"}),
        (b"x", "image/png", {"messaging_product": "telegram"}),
    ):
        status, answer = await program.upload(data, mime, **more)
        assert (status, graph_spec.error_problems(answer)) == (400, [])
    assert len(api.violations) == 5
