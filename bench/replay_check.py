"""What must be true after a replay for the people in it: by all that Telegram was told."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bench.replay_citizen import AGAIN, HEARD, Citizen, kind_of
from bench.replay_office import Offices
from bench.replay_sentences import pattern
from bench.replay_town import NUMBER, Town

CARDS = ("📥 ", "📤 ")
STALE = "dialogue.stale"
RANKS = {kind: rank for rank, kind in enumerate(HEARD)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: how many, of how many that must be, and a word to it."""

    what: str
    found: int
    wanted: int
    note: str = ""

    @property
    def fine(self) -> bool:
        """Whether it is as it must be."""
        return self.found == self.wanted


@dataclass(frozen=True, slots=True)
class Sent:
    """A message or topic that the bot made; `at` is the number of its call."""

    at: int
    text: str = field(repr=False)
    whole: str = field(repr=False)


@dataclass(slots=True)
class Told:
    """What each chat was told, copies left out. `in_flight`: letters repeated after a kill, by chat and kill."""

    chats: dict[int, list[Sent]] = field(default_factory=dict)
    in_flight: Counter[tuple[int, int]] = field(default_factory=Counter)
    twice: list[str] = field(default_factory=list)


def told(town: Town, restarts: Sequence[int]) -> Told:
    """All messages the bot sent, by chat; a copy is excused where its first lay on the way when the bot was killed."""
    sent: defaultdict[int, list[Sent]] = defaultdict(list)
    for at, call in enumerate(town.calls):
        if call.status != 200 or call.chat is None or call.method == "sendChatAction":
            continue
        if call.method.startswith(("send", "createForumTopic")):
            text = call.text or f"topic {call.params.get('name', '')}"
            # A card that waits is replaced by a newer one, so a card's copy may say more than the first.
            card = NUMBER.search(text) if text.startswith(CARDS) and call.chat < 0 else None
            sent[call.chat].append(Sent(at, text, card[0] if card else json.dumps(call.params, sort_keys=True)))
    result = Told()
    for chat, all_sent in sent.items():
        result.chats[chat] = _without_copies(chat, all_sent, restarts, result)
    return result


def _without_copies(chat: int, all_sent: list[Sent], restarts: Sequence[int], result: Told) -> list[Sent]:
    last: dict[str, Sent] = {}
    kept = []
    for each in all_sent:
        kind = kind_of(each.text) if chat > 0 else ""
        before = None if kind in AGAIN else last.get(each.whole)
        last[each.whole] = each
        if before is None:
            kept.append(each)
            continue
        kill = next((n for n, restart in enumerate(restarts) if before.at < restart <= each.at), None)
        later = [one for one in all_sent if kill is not None and before.at < one.at < restarts[kill]]
        # A long story goes in parts: they are one letter, and only the last of them was the last thing sent.
        part = chat < 0 and not NUMBER.search(each.text)
        if kill is None or (later and not part):
            result.twice.append(f"“{kind or 'group'}”, call {before.at} and {each.at}, restarts at {list(restarts)}")
        elif not part or not later:
            result.in_flight[chat, kill] += 1
    return kept


def outside(town: Town, offices: Offices, citizens: Sequence[Citizen], heard: Told) -> list[Finding]:
    """What the people can see."""
    count = len(citizens)
    numbers = [_numbers(heard.chats.get(each.person.id, [])) for each in citizens]
    single = {own[0] for own in numbers if len(own) == 1}
    carded = [each for each in citizens if _one_card(offices, each, heard)]
    answered = [each for each in citizens if _times(heard, each.person.id, each.words["answer"]) == 1]
    rated = [each for each in citizens if _rated(town, offices, each, heard)]
    ordered = [each for each in citizens if _in_order(heard.chats.get(each.person.id, []))]
    puzzling = [kind for each in citizens for kind in _puzzling(heard.chats.get(each.person.id, []))]
    strangers = sum(_others(heard.chats.get(each.person.id, []), each.number) for each in citizens)
    repeated = sum(heard.in_flight.values())
    most = max(heard.in_flight.values(), default=0)
    return [
        Finding("citizens with exactly one number", len(single), count),
        Finding("routes as the sample's table says", sum(not each.wrong for each in citizens), count),
        Finding("tickets with one card in each right group", len(carded), count, _ids(citizens, carded)),
        Finding("answers that reached their citizen", len(answered), count, _ids(citizens, answered)),
        Finding("ratings on the card and told to the agency", len(rated), count, _ids(citizens, rated)),
        Finding("citizens who heard all in order", len(ordered), count, _ids(citizens, ordered)),
        Finding("answers to a citizen that fit no step", len(puzzling), 0, ", ".join(sorted(set(puzzling)))),
        Finding("letters about somebody else's ticket", strangers, 0),
        Finding("letters sent twice", len(heard.twice), 0, "; ".join(heard.twice[:3])),
        Finding("  of them on the way at a kill, most for one chat and kill", max(most, 1), 1, f"{repeated} in all"),
        Finding("groups told who a citizen is", _exposed(town, citizens), 0),
        Finding("violations of the Bot API", len(town.violations), 0, "; ".join(town.violations[:3])),
    ]


def _ids(citizens: Sequence[Citizen], fine: Sequence[Citizen]) -> str:
    missing = [each for each in citizens if each not in fine]
    return ", ".join(f"#{each.at} {each.number} {each.case.plan if each.case else ''}" for each in missing[:6])


def _numbers(sent: Iterable[Sent]) -> list[str]:
    return [found[0] for one in sent if kind_of(one.text) == "number" and (found := NUMBER.search(one.text))]


def _one_card(offices: Offices, citizen: Citizen, heard: Told) -> bool:
    if citizen.case is None:
        return False
    groups = Counter(
        chat
        for chat, sent in heard.chats.items()
        if chat < 0
        for one in sent
        if one.text.startswith(tuple(f"{sign}{citizen.number}" for sign in CARDS))
    )
    return groups == {offices.agencies[code].group.id: 1 for code in citizen.case.trail}


def _times(heard: Told, chat: int, words: str) -> int:
    return sum(words in one.text for one in heard.chats.get(chat, []))


def _rated(town: Town, offices: Offices, citizen: Citizen, heard: Told) -> bool:
    if citizen.case is None:
        return False
    chat = offices.agencies[citizen.case.trail[-1]].group.id
    cards = [one for one in town.messages(chat) if one.text.startswith(f"📥 {citizen.number}")]
    wanted = ("Status: Selesai", f"Penilaian: {'★' * citizen.stars}\n", f" · {citizen.privacy}\n")
    shown = any(all(words in one.text for words in wanted) for one in cards)
    return shown and _times(heard, chat, citizen.words["comment"]) == 1


def _in_order(sent: Iterable[Sent]) -> bool:
    ranks = [RANKS[kind] for one in sent if (kind := kind_of(one.text)) in RANKS and kind not in AGAIN]
    return ranks == sorted(ranks)


def _puzzling(sent: Iterable[Sent]) -> list[str]:
    """After which kind of message a citizen heard that his answer came too late, or something else altogether."""
    kinds = [kind_of(one.text) if not pattern(STALE).search(one.text) else "" for one in sent]
    return [f"after “{before}”" for before, kind in pairwise(["start", *kinds]) if not kind]


def _others(sent: Iterable[Sent], number: str) -> int:
    return sum(bool(set(NUMBER.findall(one.text)) - {number}) for one in sent)


def _exposed(town: Town, citizens: Sequence[Citizen]) -> int:
    groups = json.dumps([call.params for call in town.calls if (call.chat or 0) < 0], ensure_ascii=False)
    return sum(named(each, groups) for each in citizens)


def named(citizen: Citizen, text: str) -> bool:
    """Whether a text holds a citizen's name or id."""
    person = citizen.person
    return any(each in text for each in (person.first_name, person.last_name, str(person.id)))
