"""People on WhatsApp: what they do comes as its webhooks, and what they see is what reached their phones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_templates import TEMPLATES
from handlers.words import Inbound
from storage.letters import Receipt
from tests.graphapi import Call, GraphApi, Person, Shown, Template
from tests.stage import PIN
from tests.stage_memory import CONTENTS, NAMES, Memory, Seen
from tests.stage_page import Said
from tests.transcript import Act

NO_MESSAGES = ("read", "upload", "media", "download", "phone")
WAYS_OUT = re.compile(r"(?:Atau ketik|Or type): (.+)")


class OnWhatsApp:
    """The local Cloud API with everybody who is on WhatsApp, and the channel that talks to it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.memory = Memory()
        self._now = now
        self._api = GraphApi(clock=lambda: now().timestamp())
        for each in TEMPLATES:
            labels = tuple(label for _, label in each.buttons)
            self._api.templates[(each.name, each.language)] = Template(each.body, labels)
        self._people: dict[str, Person] = {}
        self._names: dict[str, str] = {}
        self._calls: list[Call] = []

    async def open(self) -> WhatsApp:
        """Starts the server; gives the channel."""
        api = self._api
        await api.__aenter__()
        api.listeners.append(self._calls.append)
        self.channel = WhatsApp(api.token, api.phone_number_id, api.app_secret, api.verify_token, api.url)
        await self.channel.start()
        return self.channel

    async def close(self) -> None:
        await self.channel.stop()
        await self._api.__aexit__()

    def wrong(self) -> list[str]:
        """What WhatsApp objected to, also later and also outside the window."""
        return [*self._api.problems, *self._api.violations]

    # -- who is there

    def settle(self, agency: str, officers: Sequence[str]) -> None:
        """The officers of an agency have written to the bot just now, each in a chat of their own."""
        for name in officers:
            self._api.world.chat(self._person(name)).last_heard = self._now().timestamp()

    def meet(self, names: Sequence[str]) -> None:
        """People who have a phone; they need not have written yet."""
        for name in names:
            self._person(name)

    def _person(self, name: str) -> Person:
        found = self._people.get(name)
        if found is None:
            number = len(self._people) + 1
            # Meta shows the phone number, an id of ours for the person, or both.
            phone = "" if number % 4 == 3 else f"62812{number:08d}"
            ident = "" if number % 4 == 0 else f"ID.{number:017d}"
            found = self._people[name] = self._api.world.person(name, phone, ident, "")
            self._names.update({found.wa_id: name, found.user_id: name})
        return found

    # -- what they do

    def chat(self, act: Act) -> str:
        """The chat in which somebody acts, always their own."""
        return act.person

    async def act(self, act: Act) -> None:
        """Somebody does something."""
        person = self._person(act.person)
        where: dict[str, Any] = {"context": self.memory.message(act.person, act.reply)} if act.reply else {}
        await self._does(act, person, where)
        heard = self._api.world.chat(person).heard
        if act.verb == "tulis" and heard:
            self.memory.written[(act.person, act.text)] = heard[-1]

    async def _does(self, act: Act, person: Person, where: dict[str, Any]) -> None:
        api = self._api
        if act.verb == "tulis":
            await api.text(person, re.sub(r"^/(?=\w)", "", act.text), **where)
        elif act.verb == "tekan":
            await self.press(act.person, *self.memory.button(act.person, act.text, act.quoted), act.text)
        elif act.verb in ("ubah", "hapus"):
            await self._changes(act, person)
        elif act.verb == "lokasi":
            await api.location(person, PIN.lat, PIN.lon, **where)
        elif act.verb == "stiker":
            await api.sticker(person, **where)
        elif act.verb in ("blokir", "buka"):
            (api.block if act.verb == "blokir" else api.unblock)(person)
        elif act.verb == "baca":
            await api.read(person)
        elif act.verb == "berkas":
            await self._sends_file(act, person, where)
        else:
            raise LookupError(f"nobody can do this on WhatsApp: {act.verb}")

    async def press(self, name: str, message: str, choice: str, label: str) -> None:
        """Somebody presses a button, picks a row, or types one of the words that stand for buttons."""
        person = self._person(name)
        if choice:
            await self._api.tap(person, message, label)
        else:
            await self._api.text(person, label.casefold())

    async def _changes(self, act: Act, person: Person) -> None:
        first = {"original_message_id": self.memory.written[(act.person, act.quoted)]}
        if act.verb == "hapus":
            await self._api.say(person, "revoke", {"revoke": first})
        else:
            fresh = {"message": {"type": "text", "text": {"body": act.text}}}
            await self._api.say(person, "edit", {"edit": first | fresh})

    async def _sends_file(self, act: Act, person: Person, where: dict[str, Any]) -> None:
        api = self._api
        name = "foto" if act.file.startswith("album") else act.file
        mime, data = CONTENTS[name]
        if name == "foto":
            await api.photo(person, data, caption=act.text, **where)
        elif name == "suara":
            await api.voice(person, data, **where)
        elif name in NAMES:
            await api.document(person, data, mime, act.text, NAMES[name], **where)
        else:
            await api.video(person, data, caption=act.text, **where)

    async def told(self) -> tuple[list[Inbound], list[Receipt]]:
        """What WhatsApp told since the last time, proven and read by the channel."""
        await self._api.settled()
        pending, self._api.delivery.pending = self._api.delivery.pending, []
        events: list[Inbound] = []
        receipts: list[Receipt] = []
        for raw in pending:
            assert self.channel.proven(self._api.delivery.signature(raw), raw)
            heard = self.channel.hear(raw, self._now())
            assert not heard.unread, heard.unread
            events.extend(heard.events)
            receipts.extend(heard.receipts)
        return events, receipts

    # -- what they see

    def seen(self) -> list[Seen]:
        """What came to people's phones since the last time."""
        calls = self._calls[:]
        self._calls.clear()
        return [seen for call in calls for seen in self._of(call)]

    def _of(self, call: Call) -> Iterator[Seen]:
        if call.method in NO_MESSAGES or call.status != 200:
            return
        name = self._names[call.to]
        shown = self._api.world.chat(self._person(name)).said.get(call.result["messages"][0]["id"])
        if shown is None:
            yield Seen(name, Said("", name, [call.text], []), failed=True)
            return
        said = _said(shown, name)
        self.memory.keep(name, said)
        yield Seen(name, said, template=shown.kind == "template")


def _said(shown: Shown, name: str) -> Said:
    """A message as it stands in a transcript: words that stand for buttons are shown as such."""
    text, buttons = shown.text, [(choice.label, choice.id) for choice in shown.choices]
    if shown.form == "location_request_message":
        text, _, last = text.rpartition("\n\n")
        ways = WAYS_OUT.fullmatch(last)
        assert ways, shown.text
        buttons = [(word.capitalize(), "") for word in ways[1].split(" / ")]
    files = [f"📎 {len(shown.files)} berkas"] if shown.files else []
    lines = [*(text.split("\n") if text else []), *files]
    return Said(shown.id, name, lines, buttons, tuple(choice.hint for choice in shown.choices))
