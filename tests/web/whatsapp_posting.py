"""Posting to WhatsApp's webhook of a running office, and seeing what it counted, kept and logged."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Row, select

from storage import tables
from tests.channels.whatsapp_meant import OURS
from tests.graphapi import GraphApi
from tests.whatsapp_office import Office, Time, approve_all, opened

HEADER = "X-Hub-Signature-256"


@asynccontextmanager
async def hooked(folder: Path) -> AsyncIterator[Office]:
    """An office with the number that the bodies on file are written to; its Graph knows none of their people."""
    time = Time()
    async with GraphApi(OURS, clock=time.seconds, strict=False) as api:
        approve_all(api)
        async with opened(folder, api, time) as found:
            yield found


def signed(office: Office, raw: bytes) -> dict[str, str]:
    """The headers that prove a body."""
    return {HEADER: office.api.delivery.signature(raw)}


async def post(office: Office, raw: bytes, headers: dict[str, str] | None = None, data: Any = None) -> int:
    """What the webhook answers to a body, which is signed rightly where nothing else is said."""
    given = signed(office, raw) if headers is None else headers
    url = f"{office.url}/hook/whatsapp"
    what = io.BytesIO(raw) if data is None else data
    async with aiohttp.ClientSession() as session, session.post(url, data=what, headers=given) as answer:
        assert await answer.read() in (b"", b"ok")
        return answer.status


async def asked(url: str, **query: str) -> tuple[int, str]:
    """What the webhook answers when it is asked whose it is."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/hook/whatsapp", params=query) as answer:
        return answer.status, await answer.text()


async def counted(office: Office, outcome: str) -> float:
    """How many of WhatsApp's events had this outcome, by /metrics."""
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/metrics") as answer:
        text = await answer.text()
    name = f'kentongan_events_total{{channel="whatsapp",outcome="{outcome}"}} '
    return float(next((line.removeprefix(name) for line in text.splitlines() if line.startswith(name)), 0))


async def kept(office: Office) -> list[bytes]:
    """What was set aside, opened by the key of the office."""
    rows: list[Row[Any]] = await office.app.database.read(lambda c: list(c.execute(select(tables.poison))))
    for row in rows:
        assert b"Kepala desa" not in row.sealed
    return [office.app.office.vault.open_bytes(row.sealed, row.event_id.encode()) for row in rows]
