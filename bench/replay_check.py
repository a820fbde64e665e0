"""What must be true after a replay for the people in it: by all that the platforms were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bench.replay_citizen import Citizen
from bench.replay_heard import AGAIN, HEARD, kind_of
from bench.replay_office import Offices
from bench.replay_place import NUMBER
from bench.replay_platform import Platform, Sent
from bench.replay_sentences import pattern

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


@dataclass(slots=True)
class Told:
    """What each chat was told, copies left out. `in_flight`: letters repeated after a kill, by chat and kill."""

    chats: dict[str, list[Sent]] = field(default_factory=dict)
    in_flight: Counter[tuple[str, int]] = field(default_factory=Counter)
    twice: list[str] = field(default_factory=list)


def told(platforms: Iterable[Platform]) -> Told:
    """All messages the bot sent, by chat; a copy is excused where its first lay on the way when the bot was killed."""
    result = Told()
    for platform in platforms:
        for chat, all_sent in platform.sent().items():
            result.chats[chat] = _without_copies(platform, chat, all_sent, result)
    return result


def _without_copies(platform: Platform, chat: str, all_sent: list[Sent], result: Told) -> list[Sent]:
    last: dict[str, Sent] = {}
    kept, office, restarts = [], chat in platform.offices, platform.restarts
    for each in all_sent:
        kind = "" if office else kind_of(each.text)
        before = None if kind in AGAIN else last.get(each.whole)
        last[each.whole] = each
        if before is None:
            kept.append(each)
            continue
        kill = next((n for n, restart in enumerate(restarts) if before.last < restart <= each.at), None)
        later = [one for one in all_sent if kill is not None and before.last < one.at < restarts[kill]]
        # On Telegram a long story goes in parts: they are one letter, and only the last of them was sent last.
        part = office and not each.letter and not NUMBER.search(each.text)
        if kill is None or (later and not part):
            result.twice.append(f"“{kind or 'office'}”, call {before.at} and {each.at}, restarts at {restarts}")
        elif not part or not later:
            result.in_flight[chat, kill] += 1
    return kept


def outside(platforms: Sequence[Platform], offices: Offices, citizens: Sequence[Citizen], heard: Told) -> list[Finding]:
    """What the people can see."""
    count = len(citizens)
    numbers = [_numbers(heard.chats.get(each.hand.chat, [])) for each in citizens]
    single = {own[0] for own in numbers if len(own) == 1}
    carded = [each for each in citizens if _one_card(offices, each, heard)]
    answered = [each for each in citizens if _times(heard, each.hand.chat, each.words["answer"]) == 1]
    rated = [each for each in citizens if _rated(offices, each, heard)]
    ordered = [each for each in citizens if _in_order(heard.chats.get(each.hand.chat, []))]
    puzzling = [kind for each in citizens for kind in _puzzling(heard.chats.get(each.hand.chat, []))]
    strangers = sum(_others(heard.chats.get(each.hand.chat, []), each.number) for each in citizens)
    repeated = sum(heard.in_flight.values())
    most = max(heard.in_flight.values(), default=0)
    return [
        Finding("citizens with exactly one number", len(single), count),
        Finding("routes as the sample's table says", sum(not each.wrong for each in citizens), count),
        Finding("tickets with one card in each right office", len(carded), count, _ids(citizens, carded)),
        Finding("answers that reached their citizen", len(answered), count, _ids(citizens, answered)),
        Finding("ratings on the card and told to the agency", len(rated), count, _ids(citizens, rated)),
        Finding("citizens who heard all in order", len(ordered), count, _ids(citizens, ordered)),
        Finding("answers to a citizen that fit no step", len(puzzling), 0, ", ".join(sorted(set(puzzling)))),
        Finding("letters about somebody else's ticket", strangers, 0),
        Finding("letters sent twice", len(heard.twice), 0, "; ".join(heard.twice[:3])),
        Finding("  of them on the way at a kill, most for one chat and kill", max(most, 1), 1, f"{repeated} in all"),
        Finding("offices told who a citizen is", _exposed(platforms, citizens), 0),
        *(each for platform in platforms for each in _conduct(platform)),
    ]


def _conduct(platform: Platform) -> list[Finding]:
    wrong, refused = platform.objections(), platform.unexplained()
    return [
        Finding(f"violations of the description of {platform.name}", len(wrong), 0, "; ".join(wrong[:3])),
        Finding(f"refusals by {platform.name} that no kill explains", len(refused), 0, "; ".join(refused[:3])),
    ]


def _ids(citizens: Sequence[Citizen], fine: Sequence[Citizen]) -> str:
    missing = [each for each in citizens if each not in fine]
    return ", ".join(f"#{each.at} {each.number} {each.case.plan if each.case else ''}" for each in missing[:6])


def _numbers(sent: Iterable[Sent]) -> list[str]:
    return [found[0] for one in sent if kind_of(one.text) == "number" and (found := NUMBER.search(one.text))]


def _one_card(offices: Offices, citizen: Citizen, heard: Told) -> bool:
    """A card that is edited comes once to each agency that held the ticket, any other each time the ticket comes."""
    if citizen.case is None:
        return False
    chats = Counter(
        chat
        for chat in offices.platform.offices
        for card in {one.card for one in heard.chats.get(chat, []) if one.card}
        if card.startswith(citizen.number)
    )
    held = Counter(offices.agencies[code].hand.chat for code in citizen.case.trail)
    return chats == (Counter(set(held)) if offices.platform.edits else held)


def _times(heard: Told, chat: str, words: str) -> int:
    return sum(words in one.text for one in heard.chats.get(chat, []))


def _rated(offices: Offices, citizen: Citizen, heard: Told) -> bool:
    if citizen.case is None:
        return False
    chat = offices.agencies[citizen.case.trail[-1]].hand.chat
    stands = offices.platform.stands(chat, citizen.number)
    wanted = ("Status: Selesai", f"Penilaian: {'★' * citizen.stars}\n", f" · {citizen.privacy}\n")
    return all(words in stands for words in wanted) and _times(heard, chat, citizen.words["comment"]) == 1


def _in_order(sent: Iterable[Sent]) -> bool:
    ranks = [RANKS[kind] for one in sent if (kind := kind_of(one.text)) in RANKS and kind not in AGAIN]
    return ranks == sorted(ranks)


def _puzzling(sent: Iterable[Sent]) -> list[str]:
    """After which kind of message a citizen heard that his answer came too late, or something else altogether."""
    # A photo alone says nothing.
    kinds = [kind_of(one.text) if not pattern(STALE).search(one.text) else "" for one in sent if one.text]
    return [f"after “{before}”" for before, kind in pairwise(["start", *kinds]) if not kind]


def _others(sent: Iterable[Sent], number: str) -> int:
    return sum(bool(set(NUMBER.findall(one.text)) - {number}) for one in sent)


def _exposed(platforms: Iterable[Platform], citizens: Sequence[Citizen]) -> int:
    said = "\n".join(platform.said_to_offices() for platform in platforms)
    return sum(named(each, said) for each in citizens)


def named(citizen: Citizen, text: str) -> bool:
    """Whether a text holds a citizen's name, number or id."""
    return any(each in text for each in citizen.hand.known_by)
