"""Making a move: the check, the change, the entry in the history, the new deadline, and whom it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers import cards, notices
from handlers.desk import Desk, Entry, Ticket
from handlers.labels import local
from handlers.rules.ticket import CLOSED, Clock, Move, Role, State, To, move_for
from handlers.rules.workdays import deadline
from handlers.words import File, Letter


@dataclass(frozen=True, slots=True)
class Made:
    """A move that was made: the ticket after it, and the letters it causes."""

    ticket: Ticket
    letters: tuple[Letter, ...]


def make(desk: Desk, ticket: Ticket, action: str, role: Role, actor: int | None, **data: Any) -> Made | None:
    """Makes a move, or nothing where the table does not allow it to this role from this state.

    `data`: what the move asked for ("text", "agency", "officer", "stars"), "files" as ids of attachments, and "draft".
    """
    move = move_for(action, ticket.state, role)
    if move is None or (move.mine and not _handles(desk, ticket, actor)):
        return None
    after = _changed(desk, ticket, move, actor, data)
    kept = {key: value for key, value in data.items() if value not in (None, "", ())}
    if role is not Role.REPORTER and "draft" in data:
        kept["before"] = _snapshot(ticket)
    if action == "return":
        kept["from"] = ticket.agency
    entry = Entry(ticket.id, desk.now, actor, role, action, after.state, after.agency, kept)
    desk.change(after, entry)
    letters = notices.of(desk, move, ticket, after, entry)
    shown = replace(after, changed_at=ticket.changed_at) != ticket or bool(kept.get("files"))
    changed = cards.refreshed(desk, ticket, after, quietly=role is not Role.REPORTER) if shown else ()
    return Made(after, cards.as_one((*changed, *letters)))


def _handles(desk: Desk, ticket: Ticket, actor: int | None) -> bool:
    """Whether somebody has claimed a ticket, from this account or another of theirs."""
    return actor is not None and ticket.officer in desk.kin(actor)


def opened(desk: Desk, ticket: Ticket, files: Sequence[File], channel: str) -> Made:
    """Puts a new report on record, with its files, as the move *submit*."""
    move = move_for("submit", None, Role.REPORTER)
    assert move is not None
    after = desk.add_ticket(timed(desk, ticket, move.clock))
    ids = desk.attach(after.id, files, Role.REPORTER, channel)
    data = {"files": ids} if ids else {}
    entry = Entry(after.id, desk.now, after.reporter, Role.REPORTER, "submit", after.state, after.agency, data)
    desk.change(after, entry)
    told = (replace(each, files=()) for each in notices.of(desk, move, after, after, entry))
    return Made(after, tuple(told))


def shown(desk: Desk, ticket: Ticket) -> tuple[Letter, ...]:
    """The card for the chat that holds a ticket nobody has moved yet."""
    return cards.refreshed(desk, ticket, ticket)


def _changed(desk: Desk, ticket: Ticket, move: Move, actor: int | None, data: Mapping[str, Any]) -> Ticket:
    if move.to is To.BEFORE:
        return replace(_restored(ticket, data["before"]), changed_at=desk.now)
    state = ticket.state if move.to is To.SAME else State(move.to)
    after = replace(ticket, state=state, changed_at=desk.now, agency=_holder(desk, ticket, move, data))
    if move.action in ("claim", "assign"):
        after = replace(after, officer=data.get("officer") or actor)
    if move.action in ("release", "forward", "transfer", "return"):
        after = replace(after, officer=None)
    if move.action == "forward" or (move.action == "transfer" and ticket.forwarded_at is None):
        after = replace(after, forwarded_at=desk.now)
    if move.action == "rate":
        after = replace(after, rating=data["stars"])
    if move.to is not To.SAME:
        after = replace(after, closed_at=desk.now if state in CLOSED else None)
    return timed(desk, after, move.clock)


def _holder(desk: Desk, ticket: Ticket, move: Move, data: Mapping[str, Any]) -> str:
    if move.action in ("forward", "transfer"):
        return str(data["agency"])
    coordinator = desk.facts.coordinator
    if move.action == "return" and coordinator:
        return coordinator.code
    return ticket.agency


def timed(desk: Desk, ticket: Ticket, clock: Clock) -> Ticket:
    """The ticket with this clock started; RESUME goes back to the agency's clock where it ran before."""
    if clock is Clock.KEEP:
        return ticket
    if clock is Clock.STOP:
        return replace(ticket, clock=clock, due_at=None)
    if clock is Clock.RESUME and ticket.handling_due:
        return replace(ticket, clock=Clock.HANDLING, due_at=ticket.handling_due)
    clock = Clock.HANDLING if clock is Clock.RESUME else clock
    due = _due(desk, ticket, clock)
    handling = due if clock is Clock.HANDLING else ticket.handling_due
    return replace(ticket, clock=clock, due_at=due, handling_due=handling)


def _due(desk: Desk, ticket: Ticket, clock: Clock) -> datetime | None:
    today = local(desk, ticket.agency, desk.now)
    klass = "non_supervisory" if ticket.report_type == "complaint" else ""
    found = desk.facts.clock(clock.value, ticket.report_type, klass, today)
    if found is None:
        return None
    agency = desk.facts.agency_by_code.get(ticket.agency)
    return deadline(desk.now, found.days, desk.facts.calendar(agency.zone if agency else "Asia/Jakarta"))


def _snapshot(ticket: Ticket) -> dict[str, Any]:
    return {
        "state": ticket.state.value,
        "clock": ticket.clock.value,
        "officer": ticket.officer,
        "due_at": _written(ticket.due_at),
        "handling_due": _written(ticket.handling_due),
        "closed_at": _written(ticket.closed_at),
    }


def _restored(ticket: Ticket, before: Mapping[str, Any]) -> Ticket:
    return replace(
        ticket,
        state=State(before["state"]),
        clock=Clock(before["clock"]),
        officer=before["officer"],
        due_at=_read(before["due_at"]),
        handling_due=_read(before["handling_due"]),
        closed_at=_read(before["closed_at"]),
    )


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
