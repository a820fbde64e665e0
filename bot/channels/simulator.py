"""The simulator: a platform of its own in this process, with the same contract as the real ones."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from bot.channels import Gone, Outgoing, Refused, Replan
from handlers.words import File, Inbound, Kind, Person, Pin, Room

NAME = "simulator"
BOT = "bot"
KEPT = 5_000
WAITING = 1_000
MOST_LETTERS = 4_096


class Chat(msgspec.Struct, frozen=True):
    """A chat of the simulator; a reporter's is private, the others are groups."""

    id: str
    kind: str
    name: str
    about: str
    people: list[dict[str, str]]


class Message(msgspec.Struct):
    """A message as the page shows it."""

    id: int
    chat: str
    sender: str = msgspec.field(name="from")
    name: str
    text: str
    at: datetime
    choices: list[dict[str, str]] = []
    files: list[dict[str, str]] = []
    place: dict[str, float] | None = None
    reply_to: int | None = None
    edited: bool = False
    removed: bool = False
    tapped: bool = False


class Posted(msgspec.Struct):
    """What the page sends."""

    chat: str
    person: str
    kind: str
    text: str = ""
    choice: str = ""
    message: int = 0
    reply_to: int | None = None
    lat: float = 0.0
    lon: float = 0.0


@dataclass(slots=True)
class Simulator:
    """The platform: it keeps the chats' messages in a file of its own, as a real platform keeps them on its servers."""

    folder: Path
    chats: dict[str, Chat]
    now: Callable[[], datetime]
    name: str = NAME
    account: str = ""
    messages: dict[int, Message] = field(default_factory=dict)
    _events: int = 0
    _unseen: int = 0
    _listeners: set[asyncio.Queue[tuple[int, bytes] | None]] = field(default_factory=set)

    def load(self) -> None:
        """Reads what was said before; a line that a kill cut short is passed over."""
        path = self.folder / "messages.jsonl"
        if not path.exists():
            return
        said = path.read_bytes()
        if said and not said.endswith(b"\n"):
            # Else the next message would be written behind the cut line and be lost with it.
            with path.open("ab") as file:
                file.write(b"\n")
        for line in said.splitlines():
            try:
                message = msgspec.json.decode(line, type=Message)
            except msgspec.MsgspecError:
                continue
            self.messages[message.id] = message
        for ident in sorted(self.messages)[:-KEPT]:
            del self.messages[ident]

    # -- the page's side

    def open(self) -> None:
        """Lets people look: what was said before the very first look, the enrolling of the officers, is not shown."""
        path = self.folder / "opened"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_text(str(self.newest))
        self._unseen = int(path.read_text() or 0)

    def person_name(self, chat: str, person: str) -> str:
        """The name of somebody in a chat; empty for a stranger."""
        known = self.chats.get(chat)
        return next((each["name"] for each in known.people if each["id"] == person), "") if known else ""

    def say(self, posted: Posted, files: list[tuple[str, str, bytes]] | None = None) -> list[Inbound]:
        """Puts what somebody did into the chat, and returns the events for the bot; raises ValueError."""
        name = self.person_name(posted.chat, posted.person)
        if not name:
            raise ValueError("Orang itu tidak ada di percakapan ini.")
        if len(posted.text) > MOST_LETTERS:
            raise ValueError(f"Pesan ini terlalu panjang. Batasnya {MOST_LETTERS} huruf.")
        if posted.reply_to is not None and self._here(posted, posted.reply_to) is None:
            raise ValueError("Pesan yang dibalas tidak ada.")
        if posted.kind == "tap":
            return [self._tapped(posted, name)]
        if posted.kind == "edit":
            return [self._edited(posted, name)]
        if posted.kind == "place":
            return [self._placed(posted, name)]
        if files:
            return self._with_files(posted, name, files)
        if not posted.text.strip():
            raise ValueError("Pesan kosong tidak dikirim.")
        message = self._add(posted, name)
        return [self._event(posted, Kind.TEXT, name, message=str(message.id))]

    def _here(self, posted: Posted, ident: int) -> Message | None:
        message = self.messages.get(ident)
        return message if message and message.chat == posted.chat else None

    def _tapped(self, posted: Posted, name: str) -> Inbound:
        message = self._here(posted, posted.message)
        label = next((c["label"] for c in message.choices if c["id"] == posted.choice), "") if message else ""
        if not label:
            raise ValueError("Tombol itu sudah tidak ada.")
        if self.chats[posted.chat].kind == "reporter":
            self._add(structs.replace(posted, text=label, reply_to=None), name, tapped=True)
        return self._event(posted, Kind.TAP, name, message=str(posted.message), tap=posted.choice)

    def _edited(self, posted: Posted, name: str) -> Inbound:
        message = self._here(posted, posted.message)
        if message is None or message.sender != posted.person or message.tapped or not posted.text.strip():
            raise ValueError("Pesan itu tidak dapat diubah.")
        message.text, message.edited = posted.text, True
        self._publish("edit", message)
        return self._event(posted, Kind.EDIT, name, message=str(message.id))

    def _placed(self, posted: Posted, name: str) -> Inbound:
        if not (-90 <= posted.lat <= 90 and -180 <= posted.lon <= 180):
            raise ValueError("Titik itu tidak ada di peta.")
        message = self._add(posted, name, place={"lat": posted.lat, "lon": posted.lon})
        return self._event(posted, Kind.PLACE, name, message=str(message.id), place=Pin(posted.lat, posted.lon))

    def withdraw(self, posted: Posted, since: int) -> None:
        """Takes back what somebody said after message `since`, because the office could not take it."""
        for message in list(self.messages.values()):
            if message.id > since and message.chat == posted.chat and message.sender == posted.person:
                message.removed = True
                self._publish("edit", message)

    def _with_files(self, posted: Posted, name: str, files: list[tuple[str, str, bytes]]) -> list[Inbound]:
        kept = [self._keep(filename, mime, data) for filename, mime, data in files]
        message = self._add(posted, name, files=kept)
        album = f"a{message.id}" if len(kept) > 1 else ""
        events = []
        for number, (shown, (filename, mime, data)) in enumerate(zip(kept, files, strict=True)):
            file = File(shown["id"], shown["kind"], mime, len(data), filename)
            only_first = posted if number == 0 else structs.replace(posted, text="")
            events.append(self._event(only_first, Kind.FILE, name, message=str(message.id), file=file, album=album))
        return events

    def _keep(self, filename: str, mime: str, data: bytes) -> dict[str, str]:
        ident = secrets.token_hex(8)
        path = self.folder / "files" / ident
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        kind = next((k for k in ("image", "video", "audio") if mime.startswith(f"{k}/")), "document")
        return {"id": ident, "kind": kind, "name": filename, "mime": mime, "url": f"/simulator/files/{ident}"}

    def file(self, ident: str) -> tuple[Path, str, str] | None:
        """A file by its id, with its kind of content and its name."""
        for message in self.messages.values():
            for file in message.files:
                if file["id"] == ident:
                    return self.folder / "files" / ident, file.get("mime", ""), file["name"]
        return None

    def _event(self, posted: Posted, kind: Kind, name: str, **more: Any) -> Inbound:
        chat = self.chats[posted.chat]
        room = None if chat.kind == "reporter" else Room(f"room:{chat.id}", chat.name)
        reply = str(posted.reply_to) if posted.reply_to else ""
        text = posted.text if kind is not Kind.TAP else ""
        person, ident = Person(posted.person, name), secrets.token_hex(12)
        return Inbound(NAME, ident, kind, person, self.now(), room, text=text, reply_to=reply, **more)

    def _add(self, posted: Posted, name: str, **more: Any) -> Message:
        message = Message(
            self.newest + 1, posted.chat, posted.person, name, posted.text, self.now(), reply_to=posted.reply_to, **more
        )
        self._publish("message", message)
        return message

    def _publish(self, kind: str, message: Message) -> None:
        self.messages[message.id] = message
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "messages.jsonl").open("ab") as file:
            file.write(msgspec.json.encode(message) + b"\n")
        self._events += 1
        body = msgspec.json.encode({"type": kind, "message": message})
        for listener in self._listeners:
            listener.put_nowait((self._events, body))
            if listener.qsize() >= WAITING:
                # A page that missed an event would go on with gaps; one that is cut off reads everything anew.
                _cut(listener)

    async def listen(self) -> AsyncGenerator[tuple[int, bytes], None]:
        """The events from now on, for one page, until the page falls too far behind or the office closes."""
        queue: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while event := await queue.get():
                yield event
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """Ends the listening of every page."""
        for listener in self._listeners:
            _cut(listener)

    @property
    def newest(self) -> int:
        """The id of the newest message."""
        return max(self.messages, default=0)

    def state(self, office: str) -> bytes:
        """Everything a page needs at its start."""
        return msgspec.json.encode(
            {
                "office": office,
                "chats": list(self.chats.values()),
                "messages": [self.messages[i] for i in sorted(self.messages) if i > self._unseen],
            }
        )

    # -- the bot's side: the contract of a channel

    def parse(self, raw: bytes) -> list[Inbound]:
        """The events of what the page posted; raises ValueError."""
        try:
            return self.say(msgspec.json.decode(raw, type=Posted))
        except (msgspec.MsgspecError, RecursionError):
            raise ValueError("Permintaan tidak dapat dibaca.") from None

    async def send(self, letter: Outgoing) -> tuple[str, ...]:
        chat = letter.address.removeprefix("room:")
        if chat not in self.chats:
            raise Gone("no such chat")
        if letter.edit:
            return (self._edit(letter),)
        files = [self._keep(each.name, each.mime, each.data) for each in letter.uploads]
        reply, choices = int(letter.reply_to) if letter.reply_to else None, _choices(letter)
        message = Message(self.newest + 1, chat, BOT, "Kentongan", letter.body.text, self.now(), choices, files)
        message.reply_to = reply
        self._publish("message", message)
        return (str(message.id),)

    def _edit(self, letter: Outgoing) -> str:
        message = self.messages.get(int(letter.edit))
        if message is None:
            raise Replan("no such message", "card")
        message.text, message.choices, message.edited = letter.body.text, _choices(letter), True
        self._publish("edit", message)
        return letter.edit

    async def announce(self, letter: Outgoing) -> tuple[tuple[str, ...], bool]:
        """The simulator takes any letter at any time: the letter itself is shown."""
        return await self.send(letter), True

    async def open_topic(self, address: str, name: str) -> str:
        raise Refused("the simulator has no topics")

    async def acknowledge(self, event: Inbound) -> None:
        return None

    async def fetch(self, ref: str) -> bytes:
        path = self.folder / "files" / ref
        if not path.is_file():
            raise Refused("no such file")
        return await asyncio.to_thread(path.read_bytes)


def _cut(listener: asyncio.Queue[tuple[int, bytes] | None]) -> None:
    while not listener.empty():
        listener.get_nowait()
    listener.put_nowait(None)


def _choices(letter: Outgoing) -> list[dict[str, str]]:
    return [{"id": ident, "label": label} for ident, label, _ in letter.body.choices]
