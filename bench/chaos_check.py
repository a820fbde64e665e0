"""What must be true after the chaos of what people heard: copies are told from letters, and each must be excused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.chaos_people import Resident
from bench.chaos_platform import BadDay
from bench.replay_check import Finding, Told
from bench.replay_heard import AGAIN, kind_of
from bench.replay_place import NUMBER
from bench.replay_platform import Sent
from bot.dispatch import AT_ONCE, UNMARKED

# What nobody's dialogue goes without, whatever else is asked between these.
SCRIPT = ("consent", "story", "heard", "files", "privacy", "review", "number", "claimed", "answered", "stars", "thanks")
# So many letters, each to another chat, one replica has under way or not yet written down.
IN_FLIGHT = AT_ONCE + UNMARKED


@dataclass(slots=True)
class Copies(Told):
    """What each chat was told, copies left out; how many of these the end of a sender explains, or a lost answer."""

    of_ends: int = 0
    of_lost: int = 0


def told(platform: BadDay) -> Copies:
    """All that the bot said, by chat; a copy is excused by the end of who sent the first, or by its lost answer."""
    result = Copies()
    for chat, said in platform.sent().items():
        result.chats[chat] = _without_copies(platform, chat, said, result)
    return result


def _without_copies(platform: BadDay, chat: str, said: list[Sent], result: Copies) -> list[Sent]:
    last: dict[str, Sent] = {}
    kept, office = [], chat in platform.offices
    for each in said:
        kind = "" if office else kind_of(each.text)
        before = None if kind in AGAIN else last.get(each.whole)
        last[each.whole] = each
        if before is None:
            kept.append(each)
        elif before.last in platform.lost:
            result.of_lost += 1
        elif (end := _ended_after(platform, before, each, said)) is not None:
            result.of_ends += 1
            result.in_flight[chat, end] += 1
        else:
            by = f"{platform.senders[before.at]} at {before.at}, {platform.senders[each.at]} at {each.at}"
            result.twice.append(f"“{each.text[:40]}” by {by}")
    return kept


def _ended_after(platform: BadDay, before: Sent, copy: Sent, said: Sequence[Sent]) -> int | None:
    """When a replica whose last letter here was the first of the two was killed, or stood still, before the copy."""
    sender = platform.senders[before.last]
    if any(platform.senders[one.at] == sender and before.last < one.at < copy.at for one in said):
        return None
    ends = [platform.ends[sender]] if sender in platform.ends else []
    ends += [since for who, since, until in platform.stood if who == sender and before.last < until]
    return next((end for end in ends if end <= copy.at), None)


def scripted(citizens: Sequence[Resident], heard: Copies) -> Finding:
    """Whether all came to the end of their dialogue, and heard on the way all that nobody goes without."""
    wrong = {each.at: lacks for each in citizens if (lacks := _lacks(each, heard.chats.get(each.hand.chat, [])))}
    note = "; ".join(f"#{at} lacks {lacks}" for at, lacks in list(wrong.items())[:3])
    return Finding("citizens whose dialogue ended as scripted", len(citizens) - len(wrong), len(citizens), note)


def _lacks(citizen: Resident, said: Sequence[Sent]) -> str:
    kinds = Counter(kind_of(one.text) for one in said)
    lacking = [kind for kind in SCRIPT if not kinds[kind]]
    return ", ".join(lacking if citizen.done else [*lacking, "the end"])


def numbers_told(citizens: Sequence[Resident], heard: Copies) -> Finding:
    """Whether each was told the number by which this report is on record, and no other."""
    fine = sum(
        {found for one in heard.chats.get(each.hand.chat, []) for found in NUMBER.findall(one.text)} == {each.number}
        for each in citizens
    )
    return Finding("citizens who were told one number, theirs", fine, len(citizens))


def copies(platform: BadDay, heard: Copies) -> list[Finding]:
    """How many letters came twice, against the most that the ends of senders and lost answers explain."""
    ends, lost = len(platform.ends) + len(platform.stood), len(platform.lost)
    how = f"{heard.of_ends} copies, {len(platform.ends)} kills and {len(platform.stood)} standstills × {IN_FLIGHT}"
    return [
        Finding("copies beyond what was under way at the kills", max(0, heard.of_ends - ends * IN_FLIGHT), 0, how),
        Finding(
            "copies beyond the calls whose answer was lost",
            max(0, heard.of_lost - lost),
            0,
            f"{heard.of_lost} copies, {lost} answers lost",
        ),
    ]
