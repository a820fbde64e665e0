"""Real complaints through a running program that is killed among them, on Telegram, on WhatsApp and across."""

from __future__ import annotations

import pytest

from bench.replay import replay
from bench.replay_stories import COMPLAINTS

SEED = 20261103

pytestmark = pytest.mark.skipif(not COMPLAINTS.is_file(), reason="../shared/data/complaints-dev.csv is not here")


async def test_no_complaint_is_lost_doubled_or_told() -> None:
    """Every complaint must come to one ticket and one answer, although the program is killed in between."""
    report = await replay(80, 1, SEED)
    assert report.problems == []


@pytest.mark.parametrize(("reporters", "officers"), [("whatsapp", "telegram"), ("telegram", "whatsapp")])
async def test_it_is_the_same_from_one_platform_to_another(reporters: str, officers: str) -> None:
    """The same must hold where WhatsApp's webhooks bring ten messages at once, each twice and in any order."""
    report = await replay(24, 1, SEED, reporters, officers)
    assert report.problems == []
