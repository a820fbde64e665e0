"""Two sides that are sorted alike are compared piece by piece, wherever the pieces end."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from operator import itemgetter

import pytest
from sqlalchemy import Table

from storage import tables as t
from storage.moving_rows import Rows, difference, paired, shape

KEY = itemgetter(0)


def taken(rows: Rows, chance: random.Random) -> Callable[[], Awaitable[Rows]]:
    """These rows, a few at a time."""
    left = list(rows)

    async def take() -> Rows:
        size = chance.randint(1, 4)
        found = left[:size]
        del left[:size]
        return found

    return take


@pytest.mark.parametrize("seed", range(30))
async def test_whatever_differs_is_found_once(seed: int) -> None:
    """What is removed and written makes one side the other, and nothing else is touched."""
    chance = random.Random(seed)
    ours = {key: (key, chance.randint(0, 2)) for key in chance.sample(range(30), chance.randint(0, 20))}
    theirs = {key: (key, chance.randint(0, 2)) for key in chance.sample(range(30), chance.randint(0, 20))}
    put: Rows = []
    gone: list[int] = []
    changed = 0
    left, right = ([side[key] for key in sorted(side)] for side in (ours, theirs))
    async for here, there in paired(taken(left, chance), taken(right, chance), KEY):
        found = difference(here, there, KEY)
        put, gone, changed = put + found.put, [*gone, *found.gone], changed + found.changed
    assert sorted(put) == sorted(set(left) - set(right))
    assert sorted(gone) == sorted(key for key in theirs if ours.get(key) != theirs[key])
    assert changed == sum(1 for key in ours if key in theirs and ours[key] != theirs[key])


def test_letters_are_sorted_by_their_bytes() -> None:
    """A database may have the order of any language; its rows still come as those of SQLite do."""
    assert 'ORDER BY inbox.channel COLLATE "C", inbox.event_id COLLATE "C"' in shape(t.inbox).on_postgresql()
    assert "COLLATE" not in shape(t.inbox).on_sqlite()


def test_the_mark_of_a_target_is_its_own() -> None:
    """The one setting that says how far a target is filled is on neither side of a comparison."""
    assert "'moving'" in shape(t.settings).on_sqlite()
    assert "'moving'" in shape(t.settings).on_postgresql()


@pytest.mark.parametrize(
    ("table", "key", "words"),
    [
        (t.history, 7, "id=7"),
        (t.officers, (3, "dpu"), "contact_id=3, agency=dpu"),
        (t.aliases, b"hash", "lookup=sha256:"),
        (t.accepted, "wamid.NjI4MTIz", "message=sha256:"),
    ],
)
def test_keys_in_words(table: Table, key: object, words: str) -> None:
    """What the office chose is shown, what a platform or a hash says of a person is not."""
    assert shape(table).shown(key).startswith(words)
    assert "wamid" not in shape(table).shown(key)
