"""Large bodies are read a few at a time: who has not proved yet who they are must not fill the memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import web

from bot.intake import Busy

SMALL = 65_536
AT_ONCE, SECONDS = 4, 30.0


@dataclass(slots=True)
class Large:
    """Bodies of up to `most` bytes; `reading`: how many of them that may be large are read now."""

    most: int
    reading: int = 0

    async def read(self, request: web.Request) -> bytes:
        """The body; raises Busy where too many large ones are read, or where this one does not end."""
        whole = request.clone(client_max_size=self.most)
        if _is_small(request):
            return await whole.read()
        if self.reading >= AT_ONCE:
            raise Busy
        self.reading += 1
        try:
            async with asyncio.timeout(SECONDS):
                return await whole.read()
        except TimeoutError:
            raise Busy from None
        finally:
            self.reading -= 1


def _is_small(request: web.Request) -> bool:
    # What is packed, or comes in pieces, does not say how large it is.
    packed = "Content-Encoding" in request.headers
    return request.content_length is not None and request.content_length <= SMALL and not packed
