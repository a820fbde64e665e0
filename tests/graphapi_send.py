"""What the Cloud API does with a message of the program: take it, refuse it, or take it and fail later."""

from __future__ import annotations

from typing import Any

from tests import graph_spec
from tests.botapi_nouns import Upload
from tests.graphapi_errors import Refused
from tests.graphapi_nouns import Chat, Choice, Json, Person, Read, Shown, text_of
from tests.graphapi_rules import BAD_VALUE, INVALID, MEDIA
from tests.graphapi_templates import Approved, filled_in, unchecked
from tests.graphapi_world import World

UNDELIVERABLE, CLOSED, UPLOAD = 131026, 131047, 131053
FILES = ("image", "video", "audio", "document", "sticker")


class Sending:
    """What the business may send: its approved templates, those paused, and how a closed window shows.

    `window_by` is `status` where a message outside the window is taken and fails later, as it is in reality, or
    `answer` where it is refused at once. `reads` are the messages the program marked as read.
    """

    world: World
    templates: Approved
    paused: set[str]
    window_by: str
    reads: list[Read]

    def mark_read(self, body: Json) -> Json:
        """Marks a message of a person as read."""
        if self.world.strict and body["message_id"] not in self.world.heard:
            raise Refused(BAD_VALUE, f"message_id {body['message_id'][:60]} is unknown")
        self.reads.append(Read(body["message_id"], "typing_indicator" in body))
        return {"success": True}

    def take(self, body: Json, later: int = 0) -> tuple[Shown, Chat, Refused | None]:
        """The message as it will be shown, to whom, and why it will not arrive if it will not."""
        address = str(body.get("to") or body["recipient"])
        chat = self.world.known(address)
        stranger = chat is None
        if chat is None:
            phone = address.removeprefix("+")
            chat = Chat(Person("", phone if phone.isdigit() else "", "" if phone.isdigit() else phone))
        kind = graph_spec.kind_of(body)
        shown = self._shown(kind, body, chat)
        failure = self._failure(kind, body, chat, later or (UNDELIVERABLE if stranger else 0))
        if failure is None:
            chat.said[shown.id] = shown
        return shown, chat, failure

    def _failure(self, kind: str, body: Json, chat: Chat, code: int) -> Refused | None:
        if code or chat.blocked:
            return Refused(code or UNDELIVERABLE)
        if kind != "template" and not self.world.open(chat):
            closed = Refused(CLOSED)
            if self.window_by == "answer":
                raise closed
            return closed
        return self._unfit(kind, body[kind]) if kind in MEDIA else None

    def _unfit(self, kind: str, content: Json) -> Refused | None:
        stored, (types, most) = self.world.file(content.get("id", "")), MEDIA[kind]
        if stored is None or (stored.mime.partition(";")[0] in types and len(stored.data) <= most):
            return None
        return Refused(UPLOAD, f"Unsupported {kind} of type {stored.mime} and {len(stored.data)} bytes")

    def _shown(self, kind: str, body: Json, chat: Chat) -> Shown:
        content = body[kind]
        text, choices, parameters = text_of(kind, content), _choices(kind, content), tuple[str, ...]()
        if kind == "template":
            text, choices, parameters = self._template(content)
        return Shown(
            chat.key,
            self.world.wamid(chat, ours=True),
            kind,
            text,
            choices,
            self._context(kind, body, chat),
            content.get("type", "") if kind == "interactive" else "",
            content["name"] if kind == "template" else "",
            content["language"]["code"] if kind == "template" else "",
            parameters,
            tuple(self._files(kind, content)),
            (content["link"],) if kind in FILES and "link" in content else (),
            body.get("biz_opaque_callback_data", ""),
            body,
        )

    def _template(self, content: Json) -> tuple[str, tuple[Choice, ...], tuple[str, ...]]:
        if self.world.strict or self.templates:
            return filled_in(content, self.templates, self.paused)
        return unchecked(content)

    def _context(self, kind: str, body: Json, chat: Chat) -> str:
        answered = body[kind]["message_id"] if kind == "reaction" else body.get("context", {}).get("message_id", "")
        known = answered in chat.said or self.world.heard.get(answered) is chat
        if answered and self.world.strict and not known:
            raise Refused(BAD_VALUE, f"message_id {answered[:60]} is not in this chat")
        return str(answered)

    def _files(self, kind: str, content: Any) -> list[Upload]:
        holder = content if kind in FILES else content.get("header", {}) if kind == "interactive" else {}
        holder = holder.get(holder.get("type"), {}) if kind == "interactive" else holder
        ident = holder.get("id") if isinstance(holder, dict) else None
        if ident is None:
            return []
        stored = self.world.file(ident)
        if stored is None:
            said = f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID"
            raise Refused(INVALID, said)
        return [Upload(holder.get("filename", stored.name), stored.mime, stored.data)]


def _choices(kind: str, content: Any) -> tuple[Choice, ...]:
    if kind != "interactive":
        return ()
    action = content["action"]
    buttons = [Choice(one["reply"]["id"], one["reply"]["title"]) for one in action.get("buttons", ())]
    rows = [row for section in action.get("sections", ()) for row in section.get("rows", ())]
    return (*buttons, *(Choice(row["id"], row["title"], row.get("description", "")) for row in rows))
