"""How the local Bot API misbehaves on purpose, and how it holds the bot to Telegram's rates."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from tests.botapi_nouns import Json, Refused
from tests.spec_shapes import METHODS

OVERALL, BURST, PER_GROUP, GROUP_SECONDS = 30, 3, 20, 60.0
_COUNTED = ("send", "editMessage", "copy", "forward", "createForumTopic")
COUNTED = frozenset(name for name in METHODS if name.startswith(_COUNTED)) - {"sendChatAction"}
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_SAID = {
    429: "Too Many Requests: retry after {0}",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
}


class How(TypedDict, total=False):
    """How calls go wrong; `close` hangs up before the work is done, `close_after` when it is done."""

    status: int
    retry_after: int
    html: bool
    close: bool
    close_after: bool
    description: str
    chat: int


@dataclass(slots=True)
class Fault:
    """The next `times` calls of a method (`*` is any), in one chat or in all, go wrong in this way."""

    method: str
    times: int = 1
    status: int = 429
    retry_after: int | None = None
    html: bool = False
    close: bool = False
    close_after: bool = False
    description: str = ""
    chat: int | None = None

    def meets(self, method: str, chat: int | None) -> bool:
        """Whether this call is one of those to go wrong."""
        return self.times > 0 and self.method in ("*", method) and self.chat in (None, chat)

    def refusal(self) -> Refused:
        """The error to answer with."""
        wait = self.retry_after if self.retry_after is not None else 1 if self.status == 429 else None
        said = self.description or _SAID.get(self.status, "Internal Server Error").format(wait)
        return Refused(self.status, said, **({} if wait is None else {"retry_after": wait}))


class Guard:
    """Telegram's rates: 30 messages a second; a person 1 a second, bursts of 3; a group 20 a minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._private: dict[int, tuple[float, float]] = {}

    def admit(self, method: str, params: Json, chat: int | None) -> None:
        """Counts a call, or refuses it with the seconds to wait."""
        if method not in COUNTED or chat is None:
            return
        now, count = self._clock(), len(params["media"]) if method == "sendMediaGroup" else 1
        group = self._groups.setdefault(chat, deque()) if chat < 0 else None
        waits = [_full(self._all, now, 1.0, OVERALL)]
        waits.append(self._tired(chat, now) if group is None else _full(group, now, GROUP_SECONDS, PER_GROUP))
        if max(waits) > 0:
            seconds = max(1, math.ceil(max(waits)))
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        self._all.extend([now] * count)
        if group is None:
            tokens, at = self._private.get(chat, (float(BURST), now))
            self._private[chat] = (min(BURST, tokens + now - at) - count, now)
        else:
            group.extend([now] * count)

    def _tired(self, chat: int, now: float) -> float:
        tokens, at = self._private.get(chat, (float(BURST), now))
        return max(0.0, 1.0 - min(BURST, tokens + now - at))


def _full(window: deque[float], now: float, seconds: float, most: int) -> float:
    """Seconds until the window has room again."""
    while window and window[0] <= now - seconds:
        window.popleft()
    return window[0] + seconds - now if len(window) >= most else 0.0
