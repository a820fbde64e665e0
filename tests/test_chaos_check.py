"""The checks of the chaos on what was said can fail: each finds the damage that is meant for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench import chaos_check
from bench.chaos_check import SCRIPT, Copies
from bench.chaos_people import Resident
from bench.chaos_platform import BadDay
from bench.replay_check import outside
from bench.replay_heard import HEARD
from bench.replay_office import Offices
from bench.replay_sentences import _sources
from tests.botapi_nouns import Call

NUMBER, OTHER = "LPR-2611-AAAA-A", "LPR-2611-BBBB-B"
CHAT = 7_200_000_000


def day() -> BadDay:
    """A platform on which nothing was said yet."""
    return BadDay(1, frozenset(), 1.0)


def says(platform: BadDay, words: str, sender: str = "r1.1", chat: int = CHAT, status: int = 200) -> None:
    """The bot says something."""
    number = len(platform.calls) + 1
    call = Call("sendMessage", {"chat_id": chat, "text": words}, {}, 0.0, chat, status, {"message_id": number})
    platform.calls.append(call)
    platform.senders.append(sender)


def heard_of(platform: BadDay) -> tuple[int, int, int]:
    """How many copies no kill and no lost answer explains, how many a kill, how many a lost answer."""
    heard = chaos_check.told(platform)
    return len(heard.twice), heard.of_ends, heard.of_lost


def copy(platform: BadDay) -> None:
    says(platform, "a")
    says(platform, "a", "r2.1")


def copy_after_kill(platform: BadDay) -> None:
    says(platform, "a")
    platform.ended("r1.1")
    says(platform, "a", "r2.1")


def copy_before_kill(platform: BadDay) -> None:
    copy(platform)
    platform.ended("r1.1")


def copy_of_the_last_but_one(platform: BadDay) -> None:
    says(platform, "a")
    says(platform, "b")
    platform.ended("r1.1")
    says(platform, "a", "r2.1")


def copy_of_a_lost_answer(platform: BadDay) -> None:
    says(platform, "a")
    platform.lost.add(0)
    says(platform, "a")


def copy_while_standing(platform: BadDay) -> None:
    says(platform, "a")
    says(platform, "a", "r2.1")
    platform.stood.append(("r1.1", 1, 2))
    says(platform, "b")


def copy_after_standing(platform: BadDay) -> None:
    platform.stood.append(("r1.1", 0, 0))
    copy(platform)


def second_copy(platform: BadDay) -> None:
    copy_after_kill(platform)
    says(platform, "a", "r2.1")


@pytest.mark.parametrize(
    ("done", "found"),
    [
        (copy, (1, 0, 0)),
        (copy_after_kill, (0, 1, 0)),
        (copy_before_kill, (1, 0, 0)),
        (copy_of_the_last_but_one, (1, 0, 0)),
        (copy_of_a_lost_answer, (0, 0, 1)),
        (copy_while_standing, (0, 1, 0)),
        (copy_after_standing, (1, 0, 0)),
        (second_copy, (1, 1, 0)),
    ],
)
def test_a_copy_must_be_excused(done: Callable[[BadDay], None], found: tuple[int, int, int]) -> None:
    """A letter that came twice is excused only by the end of who sent it last there, or by its lost answer."""
    platform = day()
    done(platform)
    assert heard_of(platform) == found


def spoken(kind: str) -> str:
    """A message of this kind."""
    return _sources()[HEARD[kind].split()[0]][0].replace("{number}", NUMBER)


def ended(platform: BadDay, kinds: tuple[str, ...]) -> tuple[Resident, Offices, Copies]:
    """A citizen who heard this, and came to the end."""
    offices = Offices(platform, ["Qua Zel"] * 100)
    one = Resident(platform.citizen(0, "Vox Wyn"), offices, 0, 1)
    one.number, one.done = NUMBER, True
    for kind in kinds:
        says(platform, spoken(kind))
    return one, offices, chaos_check.told(platform)


@pytest.mark.parametrize("missing", SCRIPT)
def test_a_dialogue_that_lacks_a_step_is_found(missing: str) -> None:
    """Whoever was never asked, or never answered, something that nobody goes without is named."""
    one, _, heard = ended(day(), tuple(kind for kind in SCRIPT if kind != missing))
    found = chaos_check.scripted([one], heard)
    assert (found.found, missing in found.note) == (0, True)


def test_a_dialogue_without_its_end_is_found() -> None:
    """Whoever heard all, but did not come to the end, is named; whoever did is not."""
    one, _, heard = ended(day(), SCRIPT)
    assert chaos_check.scripted([one], heard).fine
    one.done = False
    assert not chaos_check.scripted([one], heard).fine


OUTSIDE: dict[str, Callable[[BadDay], None]] = {
    "citizens who heard all in order": lambda platform: says(platform, spoken("story") + " "),
    "answers to a citizen that fit no step": lambda platform: says(platform, "Maaf?"),
    "letters about somebody else's ticket": lambda platform: says(platform, f"Laporan {OTHER}"),
    "letters sent twice": lambda platform: says(platform, spoken("thanks")),
    "offices told who a citizen is": lambda platform: says(
        platform, "Pelapor: Vox", chat=min(map(int, platform.offices))
    ),
    "refusals by telegram that no kill explains": lambda platform: says(platform, "x", status=400),
}


@pytest.mark.parametrize("check", OUTSIDE)
def test_each_fault_that_people_can_see_is_found(check: str) -> None:
    """What people must not see fails the check that is meant for it, and only where it was said."""
    platform = day()
    one, offices, heard = ended(platform, SCRIPT)
    before = {each.what: each.fine for each in outside([platform], offices, [one], heard)}
    OUTSIDE[check](platform)
    after = {each.what: each.fine for each in outside([platform], offices, [one], chaos_check.told(platform))}
    assert (before[check], after[check]) == (True, False)


def test_more_copies_than_were_under_way_are_found() -> None:
    """Copies are counted against what the kills and the lost answers explain."""
    platform = day()
    platform.ends["r1.1"] = 0
    most = chaos_check.IN_FLIGHT
    assert all(one.fine for one in chaos_check.copies(platform, Copies(of_ends=most)))
    assert not all(one.fine for one in chaos_check.copies(platform, Copies(of_ends=most + 1)))
    assert not all(one.fine for one in chaos_check.copies(platform, Copies(of_lost=1)))
