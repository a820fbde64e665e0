"""Who and what appears in the local WhatsApp Cloud API: people, calls, templates, messages as they are seen."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, TypedDict

from tests.botapi_nouns import Upload

Json = dict[str, Any]
_BLANK = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Person:
    """A person on WhatsApp: a phone number, a business-scoped user id, or both; what is empty is not shown to us."""

    name: str = "Sari"
    wa_id: str = ""
    user_id: str = ""
    username: str = ""

    def contact(self) -> Json:
        """The person as a contact in a webhook."""
        profile = {"name": self.name} | ({"username": self.username} if self.username else {})
        return {"profile": profile} | filled({"wa_id": self.wa_id, "user_id": self.user_id})


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template: its text with blanks like {{1}}, labels of quick replies, and of links with a blank."""

    text: str
    replies: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names or numbers of the blanks, each once."""
        return tuple(dict.fromkeys(_BLANK.findall(self.text)))

    def rendered(self, values: Json) -> str:
        """The text with its blanks filled."""
        return _BLANK.sub(lambda one: str(values[one[1]]), self.text)


@dataclass(frozen=True, slots=True)
class Choice:
    """A reply button, a row of a list, or a quick reply of a template."""

    id: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the program as a person sees it; `to` is the person's phone number or else the user id.

    `kind` is the type of the message, `form` that of an interactive one. `files` holds what came by id, `links`
    what came by address. `opaque` is biz_opaque_callback_data, `raw` all that was sent.
    """

    to: str
    id: str
    kind: str
    text: str = ""
    choices: tuple[Choice, ...] = ()
    context: str = ""
    form: str = ""
    template: str = ""
    language: str = ""
    parameters: tuple[str, ...] = ()
    files: tuple[Upload, ...] = ()
    links: tuple[str, ...] = ()
    opaque: str = ""
    raw: Json = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        """The labels of buttons or rows in reading order."""
        return [one.label for one in self.choices]

    @property
    def ids(self) -> list[str]:
        """The ids of buttons or rows, or the payloads of quick replies, in reading order."""
        return [one.id for one in self.choices]

    def choice(self, label: str) -> Choice:
        """The button or row with this label, or the first whose label begins so."""
        same = (one for one in self.choices if one.label == label)
        alike = (one for one in self.choices if one.label.startswith(label))
        found = next(same, None) or next(alike, None)
        if found is None:
            raise LookupError(f"no button {label!r} under {self.text!r}, only {self.labels}")
        return found


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the program: what it asked, when by the clock, for whom, and how it was answered.

    `method` is the kind of a message, or `read`, `upload`, `media`, `download` or `phone`. `status` is the HTTP
    status, 0 when the connection was closed before any work was done; `code` that of the error.
    """

    method: str
    params: Json
    files: dict[str, Upload]
    at: float
    to: str = ""
    status: int = 200
    code: int = 0
    result: Any = None

    @property
    def text(self) -> str:
        """The text, caption or body sent, or nothing."""
        return text_of(self.method, self.params.get(self.method))


@dataclass(frozen=True, slots=True)
class Read:
    """A message of a person that the program marked as read; `typing`: it also shows that it is writing."""

    id: str
    typing: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """A file WhatsApp keeps until an instant of its clock."""

    id: str
    name: str
    mime: str
    data: bytes
    until: float

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.data).digest()

    def facts(self) -> Json:
        """The file as it stands in a webhook."""
        return {"id": self.id, "mime_type": self.mime, "sha256": base64.b64encode(self.digest).decode()}


@dataclass(slots=True)
class Chat:
    """The conversation with a person: what reached him, what of it he read, what he wrote, and when he last did."""

    of: Person
    said: dict[str, Shown] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)
    last_heard: float | None = None
    blocked: bool = False

    @property
    def key(self) -> str:
        """What the person is known by."""
        return self.of.wa_id or self.of.user_id


class Where(TypedDict, total=False):
    """What a person's message answers."""

    context: str | Shown | None


def text_of(kind: str, content: Any) -> str:
    """The text of a message as a person reads it; that of a template stands elsewhere."""
    if not isinstance(content, dict):
        return ""
    if kind == "interactive":
        return str(content.get("body", {}).get("text", ""))
    return str(content.get({"text": "body", "reaction": "emoji"}.get(kind, "caption"), ""))


def filled(fields: Json) -> Json:
    """The fields that are not empty."""
    return {name: value for name, value in fields.items() if value}
