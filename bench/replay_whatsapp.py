"""WhatsApp as the replay needs it: webhooks in batches, and the parts of a letter read as one message."""

from __future__ import annotations

import json
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bench.contenders import WHATSAPP_NUMBER, WHATSAPP_SECRET, WHATSAPP_TOKEN, WHATSAPP_VERIFY
from bench.heard import Heard
from bench.replay_batches import MOST, Batches
from bench.replay_office import SAID
from bench.replay_place import NUMBER, Hand, Lost
from bench.replay_platform import Platform, Sent
from bench.replay_sentences import pattern
from tests.botapi import Button
from tests.graphapi import Call, GraphApi, Person, Shown
from tests.graphapi_nouns import Json

CITIZENS_FROM, OFFICERS_FROM = 6_287_700_000_000, 6_281_500_000_000
LETTER = "biz_opaque_callback_data"
BESIDE = ("read", "upload", "media", "download", "phone")
CARD, GONE, NEWS = "📥 ", "📤 ", "📌 "


@dataclass(slots=True)
class Course:
    """How far an officer is with a ticket: the same words may be said again when it came back, or for a new draft."""

    visits: int = 0
    gone: bool = False
    drafts: set[str] = field(default_factory=set)

    def at(self, text: str) -> tuple[int, int]:
        """Where in its course a letter about the ticket stands."""
        if text.startswith(CARD):
            self.visits, self.gone = self.visits + self.gone, False
        self.gone = self.gone or text.startswith(GONE)
        if pattern(SAID["preview"]).search(text):
            self.drafts.add(text)
            return self.visits, 0
        return self.visits, len(self.drafts)


@dataclass(frozen=True, slots=True)
class WhatsAppHand(Hand):
    """Somebody on WhatsApp; officers work in their own chat with us too."""

    api: GraphApi = field(repr=False)
    person: Person = field(repr=False)

    async def enter(self) -> None:
        """A number is there for everybody who writes to it."""

    async def command(self, words: str) -> None:
        await self.write(words)

    async def write(self, text: str, reply_to: Heard | None = None) -> None:
        await self.api.text(self.person, text, context=reply_to.id if reply_to else None)

    async def show(self, text: str, reply_to: Heard | None = None) -> None:
        await self.api.photo(self.person, caption=text, context=reply_to.id if reply_to else None)

    async def press(self, heard: Heard, button: Button) -> None:
        await self.api.tap(self.person, heard.id, button.label)

    async def share(self, latitude: float, longitude: float) -> None:
        await self.api.location(self.person, latitude, longitude)


class WhatsApp(Platform, GraphApi):
    """A strict Cloud API that gathers what people do, and what became of messages, in webhooks sent twice."""

    name, edits = "whatsapp", False

    def __init__(self, seed: int) -> None:
        Platform.__init__(self, seed)
        GraphApi.__init__(self, WHATSAPP_NUMBER, WHATSAPP_TOKEN, WHATSAPP_SECRET, WHATSAPP_VERIFY)
        self.batches = Batches(self.delivery, self.chance, self.until_taken)
        self.delivery = self.batches
        self._parts: defaultdict[tuple[str, str, int], list[Shown]] = defaultdict(list)

    async def hook(self, port: int) -> None:
        self.webhook = (f"http://127.0.0.1:{port}/hook/whatsapp",)
        if await self.verify() != (200, "1158201444"):
            raise Lost("the program does not prove that the webhook is its own")

    def citizen(self, at: int, name: str) -> Hand:
        """One who is known to us by phone, by an id of his own, or by both."""
        phone, ident = str(CITIZENS_FROM + at), f"ID.{self.chance.randbytes(12).hex()}"
        shown = ((phone, ""), (phone, ident), ("", ident))[at % 3]
        return self._hand(name, *shown)

    def office(self, at: int, agency: str, officer: str, forum: bool) -> Hand:
        hand = self._hand(officer, str(OFFICERS_FROM + at), "")
        self.offices.add(hand.chat)
        return hand

    def _hand(self, name: str, phone: str, ident: str) -> Hand:
        person = self.person(name, phone, ident)
        known_by = (*name.split(" "), *(each for each in (phone, ident) if each))
        return WhatsAppHand(self.world.chat(person).key, known_by, self.boxes, self, person)

    async def deliver(self, event: Json) -> int:
        """Tells the program of what a person did, in the next webhook."""
        ident = event["messages"][0]["id"]
        self.told.append(ident)
        status = await super().deliver(event)
        self.taken[ident] += status == 200
        return status

    async def rest(self) -> None:
        await self.settled()
        await self.batches.rest()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Does what a call asks, and to citizens answers late now and then."""
        answer = await super().handle(request)
        done = self.calls[-1:]
        if done and done[0].method not in BESIDE and self._chat(done[0]) not in self.offices:
            await self.linger()
        return answer

    def record(self, call: Call) -> None:
        """Shows what the bot said, a letter of several messages as one that grows."""
        super().record(call)
        if call.status != 200 or call.method in BESIDE:
            return
        chat = self._chat(call)
        parts = self._parts[chat, call.params.get(LETTER, ""), len(self.restarts)]
        parts.append(self._arrived(call))
        buttons = tuple(Button(one.label, one.id) for one in parts[-1].choices)
        self.show(chat, Heard(parts[-1].id, "\n\n".join(part.text for part in parts), buttons))

    def _arrived(self, call: Call) -> Shown:
        known = self.world.known(call.to)
        assert known is not None
        return known.said[call.result["messages"][0]["id"]]

    def _chat(self, call: Call) -> str:
        known = self.world.known(call.to)
        return known.key if known else call.to

    def asked(self) -> Sequence[tuple[str, str, dict[str, Any], int]]:
        return [(self._chat(call), call.method, call.params, call.status) for call in self.calls]

    def sent(self) -> dict[str, list[Sent]]:
        """A letter that was sent again after a kill stands there twice, with the same number in `letter`."""
        found: defaultdict[str, list[Sent]] = defaultdict(list)
        courses: defaultdict[tuple[str, str], Course] = defaultdict(Course)
        for chat, letter, calls in self._letters():
            text = "\n\n".join(call.text for _, call in calls)
            whole = json.dumps([{**call.params, LETTER: ""} for _, call in calls], sort_keys=True)
            about, card = NUMBER.search(text) if chat in self.offices else None, ""
            if about:
                visit, draft = courses[chat, about[0]].at(text)
                whole = f"{visit} {draft} {whole}"
                # A card that waits gives way to one with newer facts, even where it is on its way already.
                card = f"{about[0]} {visit}" if text.startswith(CARD) else ""
            found[chat].append(Sent(calls[0][0], calls[-1][0], text, whole, letter, card))
        return found

    def _letters(self) -> Iterator[tuple[str, str, list[tuple[int, Call]]]]:
        """The calls that made each letter, anew where the same is said again or after a kill."""
        letters: dict[tuple[str, str, int, int], list[tuple[int, Call]]] = {}
        again: Counter[tuple[str, str, int, str]] = Counter()
        for at, call in enumerate(self.calls):
            if call.status == 200 and call.method not in BESIDE:
                chat, letter, run = self._chat(call), call.params.get(LETTER, ""), bisect(self.restarts, at)
                same = (chat, letter, run, json.dumps(call.params, sort_keys=True))
                letters.setdefault((chat, letter, run, again[same]), []).append((at, call))
                again[same] += 1
        return ((chat, letter, calls) for (chat, letter, _, _), calls in letters.items())

    def stands(self, chat: str, number: str) -> str:
        """The card, and what was told of the ticket last."""
        known = self.world.known(chat)
        texts = [each.text for each in known.said.values() if number in each.text] if known else []
        cards = [text for text in texts if text.startswith(CARD)]
        news = [text for text in texts if NEWS in text]
        return "\n".join([*cards[-1:], *news[-1:], ""])

    def objections(self) -> list[str]:
        return self.violations

    def figures(self) -> dict[str, str]:
        sizes = [size for size in self.batches.sizes if size]
        full = sum(size == MOST for size in sizes)
        return {
            "messages": f"{sum(sizes)}, in {len(sizes)} webhooks, {full} of them with {MOST}; each was sent twice",
            "delivered again": self.waited(),
            "calls of the bot": f"{len(self.calls)}, {len(self.problems)} refused by the Cloud API",
            "messages marked as read": str(len(self.reads)),
        }
