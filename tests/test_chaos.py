"""A short day on which all goes wrong, once on each database; bench/chaos.py plays longer ones."""

from __future__ import annotations

import pytest

from bench.chaos import Plan, chaos
from bench.chaos_faults import API, HOOK, possible

SEED = 20261122
# Too long for a test: a replica that stands still for longer than its lease.
LEFT_OUT = ("freeze",)


@pytest.mark.parametrize(("database", "replicas"), [("sqlite", 1), ("postgresql", 2)])
async def test_nothing_is_lost_or_doubled_when_all_goes_wrong(database: str, replicas: int) -> None:
    """Each report must become one ticket and one answer, although each fault strikes once and replicas are killed."""
    faults = tuple(name for name in possible(database) if name not in LEFT_OUT)
    assert {"kill", *API, *HOOK} <= {*faults}
    plan = Plan(
        SEED,
        rounds=1,
        database=database,
        replicas=replicas,
        citizens=3,
        faults=faults,
        between_kills=(2.0, 3.0),
        between=(0.05, 0.15),
        span=(0.2, 0.4),
        longest_hang=0.5,
    )
    report = await chaos(plan)
    assert report.problems == []
