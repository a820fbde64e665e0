"""Who and what appears in the local Bot API: people, groups, calls, and messages as a person sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypedDict

Json = dict[str, Any]
SUPERGROUP = -1_000_000_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram user; his private chat with the bot has the same id."""

    id: int
    first_name: str = "Sari"
    last_name: str = ""
    username: str = ""
    language_code: str = "id"

    def user(self) -> Json:
        """The person as a User object."""
        names = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        return {"id": self.id, "is_bot": False, "first_name": self.first_name} | _filled(names)

    def chat(self) -> Json:
        """The private chat as a Chat object."""
        names = {"last_name": self.last_name, "username": self.username}
        return {"id": self.id, "first_name": self.first_name} | _filled(names) | {"type": "private"}


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat; an id of at most -10^12 makes it a supergroup, and only those can be forums."""

    id: int
    title: str
    forum: bool = False

    @property
    def kind(self) -> str:
        """Telegram's word for this kind of chat."""
        return "supergroup" if self.id < SUPERGROUP else "group"

    def chat(self) -> Json:
        """The group as a Chat object."""
        return {"id": self.id, "title": self.title, "type": self.kind} | ({"is_forum": True} if self.forum else {})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart call."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot: decoded parameters, when it came (monotonic seconds) and how it was answered.

    `status` is the HTTP status, 0 when the connection was closed before any work was done.
    """

    method: str
    params: Json
    files: dict[str, Upload]
    at: float
    chat: int | None
    status: int = 200
    result: Any = None

    @property
    def text(self) -> str:
        """The text or caption sent, or nothing."""
        return str(self.params.get("text", self.params.get("caption", "")))


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `data` is empty unless it is a callback button."""

    label: str
    data: str = ""
    url: str = ""
    copies: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as it now stands in a chat; `rows` are its inline or reply buttons."""

    chat: int
    id: int
    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    topic: int | None = None
    reply_to: int | None = None
    kind: str = "text"
    file_id: str = ""

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons in reading order."""
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> list[str]:
        """All button labels in reading order."""
        return [button.label for button in self.buttons]

    def data(self, label: str) -> str:
        """The callback data under the button with this label, or the first whose label begins so."""
        same = (one.data for one in self.buttons if one.data and one.label == label)
        alike = (one.data for one in self.buttons if one.data and one.label.startswith(label))
        found = next(same, None) or next(alike, None)
        if found is None:
            raise LookupError(f"no button {label!r} under {self.text!r}, only {self.labels}")
        return found


@dataclass(frozen=True, slots=True)
class Stored:
    """A file Telegram keeps."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes

    def facts(self) -> Json:
        """The fields every kind of file object has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


@dataclass(slots=True)
class Topic:
    """A forum topic."""

    name: str
    icon_color: int = 7322096
    closed: bool = False


@dataclass(slots=True)
class Room:
    """A chat with all that was said in it; `moved_to` is the supergroup it became.

    `bot` is the bot's status there, as in ChatMember; `keyboards` holds markup that is no part of a Message.
    """

    of: Person | Group
    bot: str = "left"
    manage_topics: bool = False
    started: bool = False
    blocked: bool = False
    moved_to: int | None = None
    last_id: int = 0
    messages: dict[int, Json] = field(default_factory=dict)
    keyboards: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)

    @property
    def forum(self) -> bool:
        """Whether the chat is divided into topics."""
        return isinstance(self.of, Group) and self.of.forum


class Where(TypedDict, total=False):
    """Where a person writes: by default in his private chat and in answer to nothing."""

    group: Group | None
    topic: int | None
    reply_to: int | Shown | None


class Refused(Exception):  # noqa: N818
    """The Bot API answers with an error."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


def bad(description: str, **parameters: int) -> Refused:
    """A refusal with status 400."""
    return Refused(400, f"Bad Request: {description}", **parameters)


def rows_of(markup: Json | None) -> Iterator[tuple[Button, ...]]:
    """The buttons of an inline or a reply keyboard, row by row."""
    rows: list[list[Json]] = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    for row in rows:
        yield tuple(_button(raw) for raw in row)


def _button(raw: Json) -> Button:
    copies = raw.get("copy_text", {}).get("text", "")
    return Button(raw["text"], raw.get("callback_data", ""), raw.get("url", ""), copies)


def _filled(names: Json) -> Json:
    return {name: value for name, value in names.items() if value}
