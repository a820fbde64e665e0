"""The report of the chaos: all findings, from outside and from the record, and what is worth telling besides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bench.chaos_check import copies, scripted, told
from bench.chaos_faults import Field
from bench.chaos_people import Resident, written
from bench.chaos_record import events, histories, left_over, looked, orphans, receipts, reports
from bench.chaos_replica import Replica
from bench.replay_check import Finding, outside
from bench.replay_office import Offices
from bench.replay_record import logged
from storage.vault import Vault

COMPLAINTS = re.compile(r'"event": "(\w+)".*?"level": "(?:warning|error|critical)"')


async def findings(here: Field, offices: Offices, citizens: Sequence[Resident]) -> list[Finding]:
    """Everything that must be true, by what the platform saw and by the record, which is only read."""
    platform, heard = here.platform, told(here.platform)
    meant = [event for event in platform.told if event not in platform.meaningless]
    vault = Vault(here.replicas[0].settings.secret_keys)
    parts = [
        [scripted(citizens, heard)],
        outside([platform], offices, citizens, heard),
        copies(platform, heard),
        await looked(here.url, lambda c: reports(c, citizens)),
        await looked(here.url, lambda c: events(c, platform.taken, meant)),
        await looked(here.url, lambda c: left_over(c, written(citizens))),
        await looked(here.url, histories),
        [await looked(here.url, orphans), await looked(here.url, lambda c: receipts(c, vault, platform.numbers()))],
        *(_logged(one, citizens, offices) for one in here.replicas),
        [Finding("replicas that ended when asked to", sum(code == 0 for code in here.exits), len(here.replicas))],
    ]
    return [one for part in parts for one in part]


def _logged(replica: Replica, citizens: Sequence[Resident], offices: Offices) -> list[Finding]:
    """What must not stand in a replica's log; that it complains on such a day is right."""
    officers = [one.hand.known_by[0] for one in offices.agencies.values()]
    return [one for one in logged(replica.log, citizens, officers) if not one.what.startswith("tracebacks")]


def figures(here: Field, citizens: Sequence[Resident]) -> dict[str, str]:
    """What is worth telling of how it went."""
    complaints: Counter[str] = Counter()
    for replica in here.replicas:
        complaints.update(COMPLAINTS.findall(replica.log.read_text(encoding="utf-8", errors="replace")))
    return {
        "faults": _list(here.struck),
        "calls and webhooks that went wrong": _list(here.platform.struck),
        "kills": str(len(here.platform.ends)),
        "starts that failed": str(sum(one.failed_starts for one in here.replicas)),
        "citizens": f"{len(citizens)}, {sum(bool(one.number) for one in citizens)} with a number",
        **here.platform.figures(),
        "what the logs complain of": _list(complaints),
    }


def _list(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
