"""Reports that are handled together: what becomes of one becomes of all, and no reporter learns of another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers import notices
from handlers.desk import Desk, Entry, Ticket
from handlers.rules.ticket import Move, Role, State, move_for
from handlers.words import Letter, T

# What the others become when the one that is handled is closed.
ENDS = {State.RESOLVED: "finish", State.ARCHIVED: "drop"}
MIRRORS = ("follow", *ENDS.values())
ALSO = T("merged.also", "Pelapor lain dari laporan gabungan {number} menambahkan:\n\n“{text}”")
# What concerns the one reporter alone.
OF_ONE = ("merge", "join", "submit", "undo", "rate", "recategorise")


def told(desk: Desk, move: Move, lead: Ticket, entry: Entry) -> tuple[Letter, ...]:
    """The letters to the reporters of the reports that were merged into this one, each under their own number."""
    if move.action in OF_ONE:
        return ()
    others = [each for each in desk.followers(lead.id) if each.state is State.MERGED]
    return tuple(letter for each in others for letter in _told(desk, move, lead, each, entry))


def _told(desk: Desk, move: Move, lead: Ticket, ticket: Ticket, entry: Entry) -> tuple[Letter, ...]:
    action = ENDS.get(lead.state, "follow")
    state = State.MERGED if action == "follow" else lead.state
    after = replace(ticket, state=state, agency=lead.agency, meant=lead.meant, outcome=lead.outcome, closed_at=desk.now)
    kept = {"of": lead.id, "did": move.action, "text": entry.data.get("text", ""), "draft": entry.data.get("draft", 0)}
    _change(desk, after, action, entry, kept)
    of_lead = {name: getattr(lead, name) for name in ("runs", "due_at", "clock", "state", "klass", "risen")}
    seen = replace(after, **of_lead)
    return notices.to_follower(desk, move, lead, seen, entry)


def _change(desk: Desk, after: Ticket, action: str, entry: Entry, kept: dict[str, Any]) -> None:
    assert move_for(action, State.MERGED if action in MIRRORS else State.RESOLVED, Role.SYSTEM)
    after = replace(after, changed_at=desk.now, closed_at=desk.now, runs=(), wakes_at=None, due_at=None)
    desk.change(after, Entry(after.id, desk.now, entry.actor, Role.SYSTEM, action, after.state, after.agency, kept))


def joined(desk: Desk, ticket: Ticket, entry: Entry) -> None:
    """Takes along those that were handled with a report that is now handled with another one itself."""
    for each in (each for each in desk.followers(ticket.id) if each.state is State.MERGED):
        after = replace(each, merged_into=ticket.merged_into, agency=ticket.agency, meant=ticket.meant)
        _change(desk, after, "follow", entry, {"of": ticket.merged_into, "did": entry.action})


def undone(desk: Desk, lead: Ticket, entry: Entry, draft: int) -> None:
    """Takes the others back to where they were when the message that closed them was taken back."""
    for each in desk.followers(lead.id):
        last = desk.history(each.id)[-1]
        if last.action in ("finish", "drop") and last.data.get("draft") == draft:
            _change(desk, replace(each, state=State.MERGED, outcome=""), "reattach", entry, {"of": lead.id})


OTHER = T("merged.other", "(dari pelapor lain, laporan {number}) {text}")


def replied(desk: Desk, lead: Ticket, text: str, files: tuple[int, ...]) -> tuple[Letter, ...]:
    """What another reporter adds, for those who handle the report into which theirs was merged."""
    said = ALSO(number=lead.number, text=text or notices.ONLY_FILES)
    return tuple(replace(letter, files=files) for letter in notices.to_holders(desk, lead, said))
