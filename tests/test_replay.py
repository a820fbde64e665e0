"""Three hundred real complaints through a running program that is killed among them."""

from __future__ import annotations

import pytest

from bench.replay import COMPLAINTS, replay

SEED = 20261103


@pytest.mark.skipif(not COMPLAINTS.is_file(), reason="../shared/data/complaints-dev.csv is not here")
async def test_no_complaint_is_lost_doubled_or_told() -> None:
    """Every complaint must come to one ticket and one answer, although the program is killed in between."""
    report = await replay(300, 1, SEED)
    assert report.problems == []
