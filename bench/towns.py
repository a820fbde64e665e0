"""The local platforms under load, with citizens of their own; they keep neither calls nor old messages."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import msgspec

from bench.contenders import SECRET, TOKEN, WHATSAPP_NUMBER, WHATSAPP_SECRET, WHATSAPP_TOKEN, WHATSAPP_VERIFY
from bench.crowd import Crowd
from bench.heard import Heard
from bench.hook import Hook
from bench.script import Press, Script, Write
from tests.botapi import BotApi, Button, Call, Person
from tests.botapi_delivery import KEPT
from tests.botapi_methods import METHODS
from tests.botapi_nouns import Json
from tests.graphapi import Call as GraphCall
from tests.graphapi import GraphApi
from tests.graphapi_delivery import SIGNATURE

TOLD = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}".encode()
SIGNED = f"{SIGNATURE}: ".encode()
KEEPS = 6


class TelegramTown(Crowd, BotApi):
    """The Bot API."""

    def __init__(self, script: Script, delay: float) -> None:
        Crowd.__init__(self, script)
        BotApi.__init__(self, TOKEN, delay=delay)

    def hook_at(self, port: int) -> Hook:
        hook = Hook(port, "/hook/telegram", lambda _: TOLD)
        hook.told = self.answer
        return hook

    def answer(self, said: bytes) -> None:
        """Does what the answer to a webhook asks for: it ends the waiting of a tap."""
        params = msgspec.json.decode(said, type=Json)
        METHODS[params.pop("method")](self.world, params, {})

    def newcomer(self) -> str:
        return str(10_000_000 + self.world.number())

    def acts(self, chat: str, do: Write | Press, message: str) -> Coroutine[Any, Any, int]:
        person = Person(int(chat), "Warga")
        _forget(self.world.rooms[person.id].messages if person.id in self.world.rooms else {})
        if isinstance(do, Write):
            return self.text(person, do.text)
        return self.press(person, person.id, int(message), do.button.data)

    async def deliver(self, kind: str, body: Json) -> int:
        """Posts one new update without waiting for the answer."""
        self.hook.post(msgspec.json.encode(self.delivery.update(kind, body)))
        return KEPT

    def record(self, call: Call, status: int, result: object) -> None:
        """Lets the citizen hear what was sent."""
        if status != 200:
            self.refusals.append(f"{call.method} {status} {self.problems[-1:]}")
        elif call.chat and call.method.startswith("send") and isinstance(result, dict):
            shown = self.world.look(call.chat, result)
            self.hear(str(call.chat), Heard(str(shown.id), shown.text, shown.buttons))


class WhatsAppTown(Crowd, GraphApi):
    """The Cloud API; it tells nothing of what became of messages, so that a webhook is a turn."""

    def __init__(self, script: Script, delay: float) -> None:
        Crowd.__init__(self, script)
        GraphApi.__init__(
            self,
            WHATSAPP_NUMBER,
            WHATSAPP_TOKEN,
            WHATSAPP_SECRET,
            WHATSAPP_VERIFY,
            strict=False,
            delay=delay,
            statuses=(),
        )

    def hook_at(self, port: int) -> Hook:
        return Hook(port, "/hook/whatsapp", lambda body: SIGNED + self.delivery.signature(body).encode())

    def newcomer(self) -> str:
        return self.person("Warga").wa_id

    def acts(self, chat: str, do: Write | Press, message: str) -> Coroutine[Any, Any, int]:
        known = self.world.known(chat)
        assert known is not None
        _forget(known.said)
        if isinstance(do, Write):
            return self.text(known.of, do.text)
        return self.tap(known.of, message, do.button.label)

    async def deliver(self, event: Json) -> int:
        """Posts one new event without waiting for the answer."""
        self.hook.post(self.delivery.body([[event]]))
        return KEPT

    def record(self, call: GraphCall) -> None:
        """Lets the citizen hear what was sent."""
        if call.status != 200:
            self.refusals.append(f"{call.method} {call.status} {self.problems[-1:]}")
        elif call.method == "read":
            self.reads.clear()
        elif call.to and (known := self.world.known(call.to)):
            shown = known.said[call.result["messages"][0]["id"]]
            buttons = tuple(Button(one.label, one.id) for one in shown.choices)
            self.hear(known.key, Heard(shown.id, shown.text, buttons))


def _forget(messages: dict[Any, Any]) -> None:
    for number in list(messages)[:-KEEPS]:
        del messages[number]
