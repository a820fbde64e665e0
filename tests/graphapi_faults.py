"""How the local Cloud API misbehaves on purpose, and how it holds the program to WhatsApp's rates."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from tests.graphapi_errors import Refused
from tests.graphapi_nouns import Person

PAIR, THROUGHPUT, USUAL = 131056, 130429, 131000
PACE, BURST, PER_SECOND = 6.0, 45, 80
_OTHERS = ("read", "upload", "media", "download", "phone")


class How(TypedDict, total=False):
    """How calls go wrong; the words are those of Fault."""

    code: int
    status: int
    details: str
    html: bool
    close: bool
    close_after: bool
    delay: float
    later: int
    to: Person | str


@dataclass(slots=True)
class Fault:
    """The next `times` calls of a method go wrong: answered with an error, or else as one of the flags says.

    `method` is that of a Call, `messages` is any message, `*` anything. `close` hangs up before the work is done,
    `close_after` when it is done; `delay` only waits; `later` takes the message and reports this error afterwards.
    """

    method: str
    times: int = 1
    code: int = 0
    status: int = 0
    details: str = ""
    html: bool = False
    close: bool = False
    close_after: bool = False
    delay: float = 0.0
    later: int = 0
    to: Person | str = ""

    @property
    def harmless(self) -> bool:
        """Whether the call is answered as usual."""
        wrong = self.code or self.status or self.html
        return not wrong and bool(self.delay or self.later or self.close_after)

    def meets(self, method: str, to: str) -> bool:
        """Whether this call is one of those to go wrong."""
        whom = (self.to.wa_id, self.to.user_id) if isinstance(self.to, Person) else (self.to,)
        what = self.method in ("*", method) or (self.method == "messages" and method not in _OTHERS)
        return self.times > 0 and what and (not self.to or to in whom)

    def refusal(self) -> Refused:
        """The error to answer with."""
        return Refused(self.code or USUAL, self.details, self.status)


class Guard:
    """WhatsApp's rates: one message in six seconds to a person, and eighty messages a second, in and out.

    Up to 45 messages may go to a person within six seconds, but until they would have gone one by one no more go.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: deque[float] = deque()
        self._pairs: dict[str, tuple[float, int]] = {}

    def count(self) -> None:
        """Counts a message of a person."""
        self._all.append(self._clock())

    def admit(self, to: str) -> None:
        """Counts a message of the program, or refuses it."""
        now = self._clock()
        while self._all and self._all[0] <= now - 1.0:
            self._all.popleft()
        if len(self._all) >= PER_SECOND:
            raise Refused(THROUGHPUT)
        begun, count = self._pairs.get(to, (now, 0))
        if now >= begun + count * PACE:
            begun, count = now, 0
        elif count >= BURST or now >= begun + PACE:
            raise Refused(PAIR)
        self._pairs[to] = (begun, count + 1)
        self._all.append(now)
