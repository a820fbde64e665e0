"""Making a move: the check, the change, the entry in the history, the new deadline, and whom it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers import cards, masking, merged, notices, recategorising, timing, tree
from handlers.desk import Desk, Entry, Ticket
from handlers.rules.ticket import CLOSED, Clock, Move, Party, Role, State, To, move_for
from handlers.words import File, Letter, T

BOUNCED = T("case.bounced", "Akan kembali ke {agency}, yang sudah pernah mengalihkan laporan ini.")
# What nobody outside the office hears of does not count as news of the ticket.
OF_THE_OFFICE = ("remind", "recalculate", "register", "handover", "involve", "contribute", "recategorise")
# These leave the ladder where it stands.
SAME_LADDER = (Clock.KEEP, Clock.RESPONDED, Clock.MOVE_ON)


@dataclass(frozen=True, slots=True)
class Made:
    """A move that was made: the ticket after it, and the letters it causes."""

    ticket: Ticket
    letters: tuple[Letter, ...]


def allowed(desk: Desk, ticket: Ticket, action: str, role: Role, actor: int | None) -> Move | None:
    """The move, where the table allows it to this role from this state and nothing else stands against it."""
    move = move_for(action, ticket.state, role)
    if move is None or (move.types and ticket.report_type not in move.types):
        return None
    if move.mine and not _handles(desk, ticket, actor):
        return None
    return move if timing.open_still(desk, ticket, move) else None


def make(desk: Desk, ticket: Ticket, action: str, role: Role, actor: int | None, **data: Any) -> Made | None:
    """Makes a move, or nothing where it is not allowed.

    `data`: what the move asked for ("text", "agency", "officer", "stars", "klass", "days", "into", "to"), "files" as
    ids of attachments, "draft", and "since" where a clock begins earlier than now.
    """
    action, data = _bounced(desk, ticket, action, role, masking.addition(ticket, role, data))
    move = allowed(desk, ticket, action, role, actor)
    if move is None:
        return None
    after = _changed(desk, ticket, move, actor, data)
    entry = Entry(
        ticket.id, desk.now, actor, role, action, after.state, after.agency, _kept(ticket, after, move, role, data)
    )
    desk.change(after, entry)
    # What is added to a merged report is said at the one that is handled for it.
    letters = () if after.merged_into and action == "reply" else notices.of(desk, move, ticket, after, entry)
    quietly = role is not Role.REPORTER
    by_itself = role is Role.SYSTEM
    changed = cards.refreshed(desk, ticket, after, quietly, by_itself) if _shows(ticket, after, entry) else ()
    return Made(after, (*cards.as_one((*changed, *letters)), *_others(desk, move, after, entry)))


def _others(desk: Desk, move: Move, after: Ticket, entry: Entry) -> tuple[Letter, ...]:
    """What the move means for the reports that are handled together with this one."""
    if move.action == "undo":
        merged.undone(desk, after, entry, int(entry.data.get("undoes", 0)))
        return ()
    if move.action == "merge":
        merged.joined(desk, after, entry)
        return ()
    if after.merged_into is not None and move.action == "reply":
        return _added(desk, after, entry)
    return merged.told(desk, move, after, entry) if Party.REPORTER in move.tells or after.state in CLOSED else ()


def _added(desk: Desk, ticket: Ticket, entry: Entry) -> tuple[Letter, ...]:
    """What the reporter of a merged report writes: the answer to a question that all of them were asked, or more."""
    lead = desk.ticket(ticket.merged_into) if ticket.merged_into is not None else None
    if lead is None:
        return ()
    text, files = str(entry.data.get("text", "")), tuple(entry.data.get("files", ()))
    # Whose words they are: in the answer nobody is to be called by another reporter's name.
    said = desk.render(merged.OTHER(number=ticket.number, text=text), "id")
    made = make(desk, lead, "supply", Role.REPORTER, entry.actor, text=said, files=files)
    return made.letters if made else merged.replied(desk, lead, text, files)


def _bounced(desk: Desk, ticket: Ticket, action: str, role: Role, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A ticket that would go back to an agency that has passed it on is given to the coordinator instead."""
    if action != "transfer" or role is not Role.OFFICER:
        return action, data
    before = {entry.agency for entry in desk.history(ticket.id) if entry.action in ("forward", "transfer", "return")}
    if data["agency"] not in before - {ticket.agency}:
        return action, data
    text = desk.render(BOUNCED(agency=desk.facts.agency_by_code[data["agency"]].name), "id")
    return "return", {"text": text, "bounced": data["agency"]}


def _kept(ticket: Ticket, after: Ticket, move: Move, role: Role, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the history keeps beside the step itself."""
    kept = {key: _plain(value) for key, value in data.items() if value not in (None, "", ())}
    if role is not Role.REPORTER and "draft" in data:
        kept["before"] = _snapshot(ticket)
    if move.action in ("return", "transfer", "raise", "lower"):
        kept["from"] = ticket.agency
    if move.action == "recategorise":
        kept["from"] = ticket.category
        kept |= {"secret": True} if after.secret and not ticket.secret else {}
    if after.meant:
        kept["meant"] = after.meant
    if move.within is not None:
        kept["again"] = True
    return kept


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _shows(before: Ticket, after: Ticket, entry: Entry) -> bool:
    """Whether a card would show the difference; a report that joins another gets none of its own."""
    if entry.action == "join":
        return False
    if after.state is not before.state or after.agency != before.agency:
        return True
    same = replace(after, changed_at=before.changed_at, runs=before.runs, wakes_at=before.wakes_at)
    counted = after.runs != before.runs and entry.action != "remind"
    return same != before or counted or entry.action == "involve" or bool(entry.data.get("files"))


def _handles(desk: Desk, ticket: Ticket, actor: int | None) -> bool:
    """Whether somebody has claimed a ticket, from this account or another of theirs."""
    return actor is not None and ticket.officer in desk.kin(actor)


def opened(
    desk: Desk,
    ticket: Ticket,
    files: Sequence[File],
    channel: str,
    role: Role = Role.REPORTER,
    actor: int | None = None,
    **data: Any,
) -> Made:
    """Puts a new report on record, with its files, as the move *submit*."""
    move = move_for("submit", None, role)
    assert move is not None
    after = desk.add_ticket(timing.timed(desk, masking.report(ticket), move, data))
    ids = desk.attach(after.id, files, Role.REPORTER, channel)
    kept = {key: _plain(value) for key, value in data.items() if value} | ({"files": ids} if ids else {})
    entry = Entry(after.id, desk.now, actor or after.reporter, role, "submit", after.state, after.agency, kept)
    desk.change(after, entry)
    told = (replace(each, files=()) for each in notices.of(desk, move, after, after, entry))
    return Made(after, tuple(told))


def shown(desk: Desk, ticket: Ticket) -> tuple[Letter, ...]:
    """The card for the chat that holds a ticket nobody has moved yet."""
    return cards.refreshed(desk, ticket, ticket)


def _changed(desk: Desk, ticket: Ticket, move: Move, actor: int | None, data: Mapping[str, Any]) -> Ticket:
    if move.to is To.BEFORE:
        return timing.recounted(desk, replace(_restored(ticket, data["before"]), changed_at=desk.now))
    after = ticket if move.action in OF_THE_OFFICE else replace(ticket, changed_at=desk.now)
    after = _held(desk, after, move, data)
    if move.to is not To.SAME:
        state = State(move.to)
        closed = desk.now if state in (*CLOSED, State.MERGED) else None
        after = replace(after, state=state, closed_at=closed, outcome="silent" if move.action == "close" else "")
    after = _marked(desk, after, move, actor, data)
    return timing.timed(desk, after, move, data) if move.clock is not Clock.KEEP else _same_clock(desk, ticket, after)


def _same_clock(desk: Desk, before: Ticket, after: Ticket) -> Ticket:
    """Another agency may have other free days: the rungs that lie ahead are looked up anew."""
    return after if after.agency == before.agency else timing.settled(desk, after)


def _held(desk: Desk, ticket: Ticket, move: Move, data: Mapping[str, Any]) -> Ticket:
    """Who holds a ticket after a move, for whom, and who of them has claimed it."""
    if move.action in ("forward", "transfer"):
        agency = str(data["agency"])
        holder = tree.holder(desk, agency)
        meant = "" if holder == agency else agency
        return replace(ticket, agency=holder, meant=meant, officer=None, forwarded_at=ticket.forwarded_at or desk.now)
    if move.action in ("raise", "lower"):
        meant = ticket.meant or ticket.agency if move.action == "raise" else ""
        return replace(ticket, agency=str(data["agency"]), meant=meant, officer=None)
    if move.action in ("merge", "join") and (lead := desk.ticket(data["into"])):
        return replace(ticket, agency=lead.agency, meant=lead.meant)
    coordinator = desk.facts.coordinator
    if move.action in ("return", "object") and coordinator:
        return replace(ticket, agency=coordinator.code, meant="", merged_into=None, officer=None)
    if move.action == "dispute" and ticket.merged_into is not None and (lead := desk.ticket(ticket.merged_into)):
        return replace(ticket, agency=lead.agency, meant=lead.meant, merged_into=None, officer=None)
    return replace(ticket, officer=None) if move.action == "release" else ticket


def _marked(desk: Desk, ticket: Ticket, move: Move, actor: int | None, data: Mapping[str, Any]) -> Ticket:
    """What a move writes on the ticket itself."""
    if move.action in ("claim", "assign"):
        ticket = replace(ticket, officer=data.get("officer") or actor)
    elif move.action == "handover":
        ticket = replace(ticket, officer=data["officer"])
    elif move.action == "rate":
        ticket = replace(ticket, rating=data["stars"])
    elif move.action == "classify":
        ticket = replace(ticket, klass=data["klass"])
    elif move.action == "recategorise":
        secret = ticket.secret or recategorising.sensitive(desk, data["to"])
        ticket = replace(ticket, category=data["to"], secret=secret)
    elif move.action in ("merge", "join"):
        ticket = replace(ticket, merged_into=data["into"])
    elif move.action == "escalate":
        ticket = replace(ticket, risen=data["agency"])
    elif move.action == "register":
        ticket = replace(ticket, sp4n_id=data["sp4n_id"])
    return ticket if move.clock in SAME_LADDER or not ticket.risen else replace(ticket, risen="")


def _snapshot(ticket: Ticket) -> dict[str, Any]:
    return {
        "state": ticket.state.value,
        "officer": ticket.officer,
        "runs": timing.written(ticket.runs),
        "risen": ticket.risen,
        "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
    }


def _restored(ticket: Ticket, before: Mapping[str, Any]) -> Ticket:
    closed = before["closed_at"]
    return replace(
        ticket,
        state=State(before["state"]),
        officer=before["officer"],
        runs=timing.read(before["runs"]),
        risen=before["risen"],
        closed_at=datetime.fromisoformat(closed) if closed else None,
    )
