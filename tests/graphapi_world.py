"""What WhatsApp knows: people, what they and the business wrote, and files."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable

from tests.graphapi_nouns import Chat, Person, Shown, Stored

DAY = 24 * 3600.0
WINDOW, URL_LIFE, SENT_LIFE, UPLOAD_LIFE = DAY, 300.0, 7 * DAY, 30 * DAY


class World:
    """All of WhatsApp as far as one business number can see it; not `strict`, anybody may be written to."""

    def __init__(self, phone_number_id: str, strict: bool, clock: Callable[[], float]) -> None:
        self.phone_number_id, self.strict, self.clock = phone_number_id, strict, clock
        self.own_phone = "6281100000001"
        self._files: dict[str, Stored] = {}
        self.heard: dict[str, Chat] = {}
        self._chats: dict[str, Chat] = {}
        self._urls: dict[str, tuple[str, float]] = {}
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """A number never given out before."""
        return next(self._numbers)

    def wamid(self, chat: Chat, ours: bool) -> str:
        """The id of a new message."""
        made = f"{chat.key}\x15\x02{'' if ours else chr(18)}\x18\x14{self.number():020X}"
        return f"wamid.{base64.b64encode(made.encode()).decode()}"

    def person(self, name: str, phone: str | None, user_id: str, username: str) -> Person:
        """A new person; without phone and user id he gets a phone number of his own."""
        if phone is None:
            phone = "" if user_id else f"62812{self.number():08d}"
        person = Person(name, phone, user_id, username)
        self.chat(person)
        return person

    def chat(self, of: Person) -> Chat:
        """The chat with a person, known by phone number or user id; both lead to the same once seen together."""
        ids = [one for one in (of.user_id, of.wa_id) if one]
        if not ids:
            raise ValueError("a person has a phone number or a user id")
        found = next((self._chats[one] for one in ids if one in self._chats), None) or Chat(of)
        for one in ids:
            self._chats.setdefault(one, found)
        return found

    def known(self, address: str) -> Chat | None:
        """The chat with whoever has this phone number or user id."""
        address = address.removeprefix("+")
        if address not in self._chats and not self.strict:
            phone = address.isdigit()
            return self.chat(Person("Warga", address if phone else "", "" if phone else address))
        return self._chats.get(address)

    def open(self, chat: Chat) -> bool:
        """Whether the person wrote within the last day, so that free messages reach him."""
        if chat.last_heard is None:
            return not self.strict
        return self.clock() - chat.last_heard < WINDOW

    def hear(self, chat: Chat) -> str:
        """Notes that a person wrote, and returns the id of his message."""
        wamid = self.wamid(chat, ours=False)
        chat.heard.append(wamid)
        chat.last_heard = self.clock()
        self.heard[wamid] = chat
        return wamid

    def message(self, person: Person, wamid: str) -> Shown:
        """What the program sent to a person under this id."""
        return self.chat(person).said[wamid]

    def store(self, data: bytes, name: str, mime: str, life: float = UPLOAD_LIFE) -> Stored:
        """Keeps a file under a new id."""
        stored = Stored(str(1_000_000_000_000_000 + self.number()), name, mime, data, self.clock() + life)
        self._files[stored.id] = stored
        return stored

    def file(self, ident: str) -> Stored | None:
        """The file with this id, unless its time is over."""
        stored = self._files.get(ident)
        return stored if stored and self.clock() < stored.until else None

    def address(self, stored: Stored) -> str:
        """The end of a new address of a file, which dies after five minutes."""
        end = f"{stored.id}-{self.number()}"
        self._urls[end] = (stored.id, self.clock() + URL_LIFE)
        return end

    def at(self, end: str) -> Stored | None:
        """The file at an address, unless it has died."""
        ident, until = self._urls.get(end, ("", 0.0))
        return self.file(ident) if self.clock() < until else None
