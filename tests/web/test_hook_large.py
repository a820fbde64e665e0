"""Only a few bodies that may be large are read at a time, and small ones beside them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

from bot.web.large import AT_ONCE
from tests.channels.whatsapp_webhooks import body, message
from tests.web.whatsapp_posting import hooked, post

HELLO = json.dumps(body(messages=[message(text={"body": "Selamat pagi"})])).encode()


async def test_large_bodies_wait_for_nobody(tmp_path: Path) -> None:
    """While as many are read as may be, another is asked to come again, and an ordinary message is taken."""
    async with hooked(tmp_path) as office:
        begun, end = asyncio.Semaphore(0), asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            yield b"{"
            begun.release()
            await end.wait()
            yield b"}"

        reading = [asyncio.create_task(post(office, b"", {}, slowly())) for _ in range(AT_ONCE)]
        for _ in reading:
            await begun.acquire()
        while (refused := await post(office, HELLO, data=_pieces())) == 200:
            pass
        assert refused == 503
        assert await post(office, HELLO) == 200
        end.set()
        assert await asyncio.gather(*reading) == [403] * AT_ONCE
        assert await post(office, HELLO, data=_pieces()) == 200


async def _pieces() -> AsyncIterator[bytes]:
    yield HELLO
