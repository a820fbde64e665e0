"""People on Telegram: what they do comes as its updates, and what they see is what lies in its chats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.channels.telegram import Telegram
from handlers.words import Inbound
from storage.letters import Receipt
from tests.botapi import BotApi, Call, Group, Person
from tests.stage import PIN
from tests.stage_memory import CONTENTS, NAMES, Memory, Seen
from tests.stage_page import Said
from tests.transcript import Act

FIRST_ID = 7_000_001
# What the program may run into: people who blocked it, and a card that stands already as it should.
EXPECTED = ("Forbidden: bot was blocked by the user", "message is not modified")


class OnTelegram:
    """The local Bot API with everybody who is on Telegram, and the channel that talks to it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.memory = Memory()
        self._now = now
        self._api = BotApi()
        self._people: dict[str, Person] = {}
        self._groups: dict[str, Group] = {}
        self._names: dict[int, str] = {}
        self._calls: list[Call] = []

    async def open(self) -> Telegram:
        """Starts the server; gives the channel."""
        await self._api.__aenter__()
        self._api.listeners.append(self._calls.append)
        self.channel = Telegram(self._api.world.token, self._api.url)
        await self.channel.start()
        return self.channel

    async def close(self) -> None:
        await self.channel.stop()
        await self._api.__aexit__()

    def wrong(self) -> list[str]:
        """What Telegram objected to and should not have had to."""
        return [each for each in self._api.problems if not any(sign in each for sign in EXPECTED)]

    # -- who is there

    def settle(self, agency: str, officers: Sequence[str]) -> None:
        """An agency has a group with its officers in it, and the bot in charge."""
        group = self._group(agency)
        for name in officers:
            self._api.member(group, self._person(name), "member")

    def _person(self, name: str) -> Person:
        found = self._people.get(name)
        if found is None:
            first, _, last = name.partition(" ")
            found = self._people[name] = Person(FIRST_ID + len(self._people), first, last)
            self._names[found.id] = name
        return found

    def _group(self, name: str) -> Group:
        found = self._groups.get(name)
        if found is None:
            found = self._new_group(name)
            room = self._api.world.rooms[found.id]
            room.bot, room.manage_topics = "administrator", True
        return found

    def _new_group(self, name: str) -> Group:
        group = self._groups[name] = self._api.new_group(name, supergroup=True)
        self._names[group.id] = name
        return group

    # -- what they do

    def chat(self, act: Act) -> str:
        """The chat in which somebody acts: their own, or a group."""
        return act.chat

    async def act(self, act: Act) -> None:
        """Somebody does something."""
        user = self._person(act.person)
        if act.verb == "tambahkan bot":
            await self._api.add_bot(user, self._groups.get(act.chat) or self._new_group(act.chat))
            return
        if act.verb == "keluarkan bot":
            await self._api.remove_bot(user, self._group(act.chat))
            return
        where: dict[str, Any] = {"group": self._group(act.chat) if act.chat != act.person else None}
        if act.reply:
            where["reply_to"] = int(self.memory.message(act.chat, act.reply))
        await self._does(act, user, where)
        if act.verb == "tulis":
            last = self._api.world.rooms[(where["group"] or user).id].last_id
            self.memory.written[(act.chat, act.text)] = str(last)

    async def _does(self, act: Act, user: Person, where: dict[str, Any]) -> None:
        api, group = self._api, where["group"]
        if act.verb == "tulis":
            in_group = api.group_text(user, text=act.text, **where) if group else None
            await (in_group or api.text(user, act.text, where.get("reply_to")))
        elif act.verb == "tekan":
            message, data = self.memory.button(act.chat, act.text, act.quoted)
            await api.press(user, (group or user).id, int(message), data)
        elif act.verb == "ubah":
            await api.edit(user, int(self.memory.written[(act.chat, act.quoted)]), act.text, group)
        elif act.verb == "lokasi":
            await api.location(user, PIN.lat, PIN.lon, **where)
        elif act.verb == "stiker":
            await api.sticker(user, **where)
        elif act.verb in ("blokir", "buka"):
            await (api.block if act.verb == "blokir" else api.unblock)(user)
        elif act.verb == "berkas":
            await self._sends_file(act, user, where)

    async def _sends_file(self, act: Act, user: Person, where: dict[str, Any]) -> None:
        api, caption = self._api, act.text or None
        if act.file.startswith("album"):
            await api.photo(user, caption, album=act.file, **where)
            return
        mime, data = CONTENTS[act.file]
        if act.file == "foto":
            await api.photo(user, caption, data, **where)
        elif act.file == "suara":
            await api.voice(user, data, **where)
        elif act.file in NAMES:
            await api.document(user, NAMES[act.file], mime, data, caption, **where)
        else:
            await api.video(user, caption, data, **where)

    async def told(self) -> tuple[list[Inbound], list[Receipt]]:
        """What Telegram told since the last time, read by the channel."""
        pending, self._api.delivery.pending = self._api.delivery.pending, []
        at = int(self._now().timestamp())
        bodies = [msgspec.json.encode(_dated(update, at)) for update in pending]
        return [event for raw in bodies for event in self.channel.parse(raw)], []

    # -- what they see

    def seen(self) -> list[Seen]:
        """What came into chats since the last time."""
        calls = self._calls[:]
        self._calls.clear()
        return [seen for call in calls for seen in self._of(call)]

    def _of(self, call: Call) -> Iterator[Seen]:
        name = self._names.get(call.chat or 0, "")
        if call.status == 403:
            yield Seen(name, Said("", name, [call.text], []), failed=True)
        if call.status != 200 or not (call.method.startswith("send") or call.method == "editMessageText"):
            return
        messages = call.result if isinstance(call.result, list) else [call.result]
        looks = [self._api.world.look(call.chat or 0, each) for each in messages]
        files = sum(look.kind != "text" for look in looks)
        lines = [line for look in looks if look.text for line in look.text.split("\n")]
        buttons = [(button.label, button.data) for look in looks for button in look.buttons]
        said = Said(str(looks[0].id), name, [*lines, *([f"📎 {files} berkas"] if files else [])], buttons)
        yield Seen(name, said, self.memory.keep(name, said))


def _dated(update: Any, at: int) -> Any:
    """The update as if it came now by the stage's clock; a message that Telegram no longer has keeps its zero."""
    if isinstance(update, list):
        return [_dated(each, at) for each in update]
    if not isinstance(update, dict):
        return update
    return {
        name: (at if value else 0) if name in ("date", "edit_date") else _dated(value, at)
        for name, value in update.items()
    }
