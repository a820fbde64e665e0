"""Telegram as the replay needs it: an update is delivered until it is taken, some twice, in order within a chat."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bench.contenders import TOKEN
from bench.heard import Heard
from bench.replay_place import NUMBER, Hand
from bench.replay_platform import Platform, Sent
from bench.replay_program import PUBLIC
from tests.botapi import BotApi, Button, Call, Group, Person
from tests.botapi_delivery import NOBODY
from tests.botapi_nouns import Json

TWICE, HELD_BACK, LONGEST_HOLD = 0.05, 0.15, 0.05
CITIZENS_FROM, OFFICERS_FROM = 7_200_000_000, 6_100_000_000
CARDS = ("📥 ", "📤 ")


@dataclass(frozen=True, slots=True)
class TelegramHand(Hand):
    """Somebody on Telegram, in private or in a group."""

    api: BotApi = field(repr=False)
    person: Person = field(repr=False)
    group: Group | None = None

    async def enter(self) -> None:
        if self.group:
            await self.api.add_bot(self.person, self.group)

    async def command(self, words: str) -> None:
        await self.write(f"/{words}")

    async def write(self, text: str, reply_to: Heard | None = None) -> None:
        number = int(reply_to.id) if reply_to else None
        if self.group:
            await self.api.group_text(self.person, self.group, text, reply_to=number)
        else:
            await self.api.text(self.person, text, reply_to=number)

    async def show(self, text: str, reply_to: Heard | None = None) -> None:
        number = int(reply_to.id) if reply_to else None
        await self.api.photo(self.person, text, group=self.group, reply_to=number)

    async def press(self, heard: Heard, button: Button) -> None:
        await self.api.press(self.person, int(self.chat), int(heard.id), button.data)

    async def share(self, latitude: float, longitude: float) -> None:
        await self.api.location(self.person, latitude, longitude)


class Telegram(Platform, BotApi):
    """A strict Bot API that delivers as Telegram does."""

    name, edits = "telegram", True

    def __init__(self, seed: int) -> None:
        Platform.__init__(self, seed)
        BotApi.__init__(self, TOKEN, strict=True)
        self.twice = 0
        self.hooked = asyncio.Event()
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def hook(self, port: int) -> None:
        self.delivery.reach[PUBLIC] = f"http://127.0.0.1:{port}"
        await self.hooked.wait()

    async def rest(self) -> None:
        """Everybody waits until what he did is taken: when all are done, nothing is left."""

    def citizen(self, at: int, name: str) -> Hand:
        person = Person(CITIZENS_FROM + at, *name.split(" ", 1))
        return TelegramHand(str(person.id), _known_by(person), self.boxes, self, person)

    def office(self, at: int, agency: str, officer: str, forum: bool) -> Hand:
        group = self.new_group(f"Grup {agency}", forum=forum, supergroup=forum or at % 2 == 0)
        person = Person(OFFICERS_FROM + at, *officer.split(" ", 1))
        self.offices.add(str(group.id))
        return TelegramHand(str(group.id), _known_by(person), self.boxes, self, person, group)

    async def deliver(self, kind: str, body: Json) -> int:
        """Delivers one new update when its chat's earlier ones are taken; now and then late, now and then twice."""
        if kind not in self.delivery.allowed:
            return NOBODY
        update = self.delivery.update(kind, body)
        self.told.append(str(update["update_id"]))
        if "new_chat_members" in body:
            self.meaningless.add(self.told[-1])
        chat = (body["message"] if kind == "callback_query" else body)["chat"]["id"]
        async with self._turns[chat]:
            if self.chance.random() < HELD_BACK:
                await asyncio.sleep(self.chance.uniform(0, LONGEST_HOLD))
            if self.chance.random() >= TWICE:
                return await self._take(update)
            self.twice += 1
            if self.chance.random() < 0.5:
                await self._take(update)
                return await self._take(update)
            first, _second = await asyncio.gather(self._take(update), self._take(update))
            return first

    async def _take(self, update: Json) -> int:
        async def send() -> int:
            status = await self.delivery.send(update)
            if update in self.delivery.pending:
                self.delivery.pending.remove(update)
            return status

        status = await self.until_taken(send)
        self.taken[str(update["update_id"])] += 1
        return status

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Does what a call asks, and to people answers late now and then."""
        answer = await super().handle(request)
        done = self.calls[-1:]
        if done and (done[0].chat or 0) > 0:
            await self.linger()
        return answer

    def record(self, call: Call, status: int, result: object) -> None:
        """Shows what the bot said or changed."""
        super().record(call, status, result)
        if self.webhook is not None:
            self.hooked.set()
        if status != 200 or call.chat is None or not isinstance(result, dict):
            return
        if call.method.startswith(("send", "editMessage")):
            shown = self.world.look(call.chat, result)
            edited = call.method.startswith("edit")
            self.show(str(call.chat), Heard(str(shown.id), shown.text, shown.buttons, edited))

    def asked(self) -> Sequence[tuple[str, str, dict[str, Any], int]]:
        return [(str(call.chat), call.method, call.params, call.status) for call in self.calls]

    def sent(self) -> dict[str, list[Sent]]:
        found: defaultdict[str, list[Sent]] = defaultdict(list)
        for at, call in enumerate(self.calls):
            if call.status != 200 or call.chat is None or call.method == "sendChatAction":
                continue
            if call.method.startswith(("send", "createForumTopic")):
                name = call.params.get("name")
                text = call.text or (f"topic {name}" if name else "")
                # A card that waits is replaced by a newer one, so a card's copy may say more than the first.
                card = NUMBER.search(text) if text.startswith(CARDS) and call.chat < 0 else None
                whole = card[0] if card else json.dumps(call.params, sort_keys=True)
                found[str(call.chat)].append(Sent(at, at, text, whole, card=card[0] if card else ""))
        return found

    def stands(self, chat: str, number: str) -> str:
        return "\n".join(one.text for one in self.messages(int(chat)) if one.text.startswith(f"📥 {number}"))

    def objections(self) -> list[str]:
        return self.violations

    def figures(self) -> dict[str, str]:
        return {
            "updates": f"{len(self.told)}, {self.twice} of them delivered twice on purpose",
            "delivered again": self.waited(),
            "calls of the bot": f"{len(self.calls)}, {len(self.problems)} refused by the Bot API",
            "taps never answered": str(len(self.unanswered())),
        }


def _known_by(person: Person) -> tuple[str, ...]:
    return person.first_name, person.last_name, str(person.id)
