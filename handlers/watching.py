"""Joining an open report of the same thing: one's own number and privacy, and the same news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers import case, notices
from handlers.desk import Desk, Ticket
from handlers.labels import short
from handlers.rules.ticket import HELD, Role, State
from handlers.words import Letter, Lines, Part, T, Words

# Those who join within so long are told of in one letter, at the end of it.
GATHERED = timedelta(minutes=5)
QUOTED = 5
LONG, BRIEF = 700, 200

ONE = T("watching.one", "Satu pelapor lagi ikut memantau laporan {lead}.")
MANY = T("watching.many", "{n} pelapor lagi ikut memantau laporan {lead}.")
SAID = T("watching.said", "{number}: “{text}”")
REST = T("watching.rest", "… dan {n} lainnya.")
ATTACHED = T("card.attached", "Lampiran laporan {number}")


def lead_of(desk: Desk, answers: Mapping[str, Any]) -> Ticket | None:
    """The report that was chosen to be joined, or the one it is handled with by now; nothing where it is closed."""
    chosen = str(answers.get("nearby", ""))
    lead = desk.ticket(int(chosen)) if chosen.isdecimal() else None
    if lead is not None and lead.state is State.MERGED and lead.merged_into is not None:
        lead = desk.ticket(lead.merged_into)
    return lead if lead is not None and may_be_joined(desk, lead) else None


def may_be_joined(desk: Desk, lead: Ticket) -> bool:
    """Whether strangers may join a report: one that an agency works on, neither secret nor of a sensitive kind.

    One that its reporter can still take back is left alone.
    """
    settled = lead.created_at + desk.grace <= desk.now or lead.source != "chat"
    return lead.state in HELD and settled and not lead.secret and not sensitive(desk, lead.category)


def sensitive(desk: Desk, category: str) -> bool:
    """Whether a category, or one above it, is kept secret by its nature."""
    facts = desk.facts
    return any(facts.category_by_code[code].sensitive for code in facts.category_line(category))


def joined(desk: Desk, ticket: Ticket, lead: Ticket) -> tuple[Letter, ...]:
    """Lets a new report be handled with an open one; its reporter and those who handle that one are told."""
    made = case.make(desk, ticket, "join", Role.REPORTER, ticket.reporter, into=lead.id)
    return (*made.letters, *_told(desk, lead, ticket)) if made else ()


def _told(desk: Desk, lead: Ticket, ticket: Ticket) -> tuple[Letter, ...]:
    """All who joined in this while, in one letter that takes the place of the one that waits, and the new files."""
    begun = _while_of(desk.now)
    fresh = [each for each in desk.followers(lead.id) if each.state is State.MERGED and each.created_at >= begun]
    wait = begun + GATHERED - desk.now
    letters = notices.to_holders(desk, lead, _words(lead, fresh))
    told = tuple(replace(each, delay=wait, key=f"joined:{lead.id}:{begun:%Y%m%d%H%M}") for each in letters)
    files = tuple(each.id for each in desk.attachments(ticket.id))
    if not files:
        return told
    attached = notices.to_holders(desk, lead, ATTACHED(number=ticket.number))
    return (*told, *(replace(each, files=files, part=Part.FILES, delay=wait) for each in attached))


def _while_of(now: datetime) -> datetime:
    """When the while began in which an instant lies."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (now - midnight) // GATHERED * GATHERED


def _words(lead: Ticket, fresh: Sequence[Ticket]) -> Words:
    """What those who joined say."""
    head = ONE(lead=lead.number) if len(fresh) == 1 else MANY(n=len(fresh), lead=lead.number)
    most = LONG if len(fresh) == 1 else BRIEF
    said = (SAID(number=each.number, text=short(each.story, most)) for each in fresh[:QUOTED])
    rest = REST(n=len(fresh) - QUOTED) if len(fresh) > QUOTED else ""
    return Lines((head, *said, rest), "\n\n")
