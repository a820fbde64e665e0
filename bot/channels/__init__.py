"""The contract of a channel: what comes in is parsed to events, what goes out is sent, and how that can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.words import Inbound
from storage.letters import Body


class Failure(Exception):  # noqa: N818 - the family of answers a platform gives; each says what to do
    """A call did not succeed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Retry(Failure):
    """It may succeed later: after `after` seconds where the platform says so, else with backoff.

    `account`: the platform asks the whole account to wait, not only this chat.
    """

    def __init__(self, why: str, after: float | None = None, account: bool = False) -> None:
        super().__init__(why)
        self.after, self.account = after, account


class Later(Failure):
    """This letter alone waits for so many seconds; others to the same contact may pass it."""

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds


class Replan(Failure):
    """The same content must go another way; `lost` says what is no more: "card", "topic", "reply" or "window"."""

    def __init__(self, why: str, lost: str) -> None:
        super().__init__(why)
        self.lost = lost


class Refused(Failure):
    """This content will never be taken; repeating it is useless."""


class Gone(Failure):
    """This contact cannot be reached: blocked the bot, deleted the account, or the group is no more."""


class Moved(Failure):
    """The group has a new address."""

    def __init__(self, address: str) -> None:
        super().__init__("moved")
        self.address = address


class Stopped(Failure):
    """The account itself is refused: nothing can be sent until the operator acts."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way out; its name is ours, never the reporter's."""

    name: str
    kind: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter with all that delivery needs. `edit`: the message to change instead of writing a new one.

    `phone`: a second address of the same account. `ident`: ours, which the platform gives back with its receipts.
    `attempts`: how often it failed before.
    """

    address: str
    body: Body
    topic: str = ""
    reply_to: str = ""
    edit: str = ""
    uploads: Sequence[Upload] = ()
    group: bool = False
    phone: str = ""
    ident: int = 0
    attempts: int = 0


class Channel(Protocol):
    """One way to people.

    `account`: our number on a platform where a person may be written to freely for a day after they wrote, and which
    says only later whether a message arrived; empty on others.
    """

    name: str
    account: str

    async def send(self, letter: Outgoing) -> tuple[str, ...]:
        """Delivers and returns the platform's ids of the messages; raises a Failure."""
        ...

    async def announce(self, letter: Outgoing) -> tuple[tuple[str, ...], bool]:
        """Delivers a letter's form; the ids of the messages, and whether it said all; raises a Failure."""
        ...

    async def open_topic(self, address: str, name: str) -> str:
        """Opens a topic in a group and returns its id; raises a Failure."""
        ...

    async def acknowledge(self, event: Inbound) -> None:
        """Ends the waiting sign of a pressed button; a failure is of no consequence."""
        ...

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file that somebody sent; raises a Failure."""
        ...
