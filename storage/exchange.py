"""Reports handed over to the national system, without a word of who reported them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, select

from handlers.desk import Ticket
from handlers.labels import CLASSES, TYPES, agency_name, category_name, local, place_words, state_of
from handlers.rules import privacy
from handlers.rules.ticket import State
from handlers.words import Words
from storage import tables as t
from storage.cases import TICKETS
from storage.desk import RecordDesk
from storage.office import Office
from storage.rows import ticket_of

COLUMNS: Final = (
    *("number", "received", "type", "class", "category", "title", "story", "place", "event_date", "agency"),
    *("anonymous", "secret", "status"),
)
AT_ONCE: Final = 500
# A spreadsheet takes a cell that begins so for a formula, in full width too.
FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
ENDS: Final = ("withdraw", "archive", "lapse", "drop")
# Reports that nobody means: the reporter took them back, or they were a trial.
UNMEANT: Final = ("withdrawn", "withdrawn_in_time", "test")

Cells = list[str]


def _waits(desk: RecordDesk) -> ColumnElement[bool]:
    """Reports without a national number, but for those that can still be taken back or are handled with another."""
    c = t.tickets.c
    return and_(c.sp4n_id == "", c.state != State.MERGED.value, c.created_at <= desk.now - desk.grace)


def count(connection: Connection, office: Office, now: datetime) -> int:
    """How many reports are to be looked at; a few of them may have been taken back."""
    query = select(func.count()).select_from(t.tickets).where(_waits(RecordDesk(connection, office, now)))
    return connection.execute(query).scalar_one()


def page(connection: Connection, office: Office, now: datetime, after: int) -> tuple[list[Cells], int, int]:
    """The next rows to hand over, how many reports were looked at for them, and the last one's id."""
    desk, c = RecordDesk(connection, office, now), t.tickets.c
    query = TICKETS.where(_waits(desk), c.id > after).order_by(c.id).limit(AT_ONCE)
    found = [ticket_of(row) for row in connection.execute(query)]
    unmeant = _unmeant(connection, [each.id for each in found if each.state is State.ARCHIVED])
    rows = [_row(desk, each) for each in found if each.id not in unmeant]
    return rows, len(found), found[-1].id if found else after


def _unmeant(connection: Connection, tickets: Sequence[int]) -> set[int]:
    h = t.history.c
    query = select(h.ticket, h.action, h.data).where(h.ticket.in_(tickets), h.action.in_(ENDS)).order_by(h.id)
    last = {row.ticket: row for row in connection.execute(query)}
    return {each for each, row in last.items() if row.action == "withdraw" or row.data.get("text") in UNMEANT}


def _row(desk: RecordDesk, ticket: Ticket) -> Cells:
    def said(words: Words) -> str:
        text = desk.render(words, "id")
        return harmless(privacy.masked(text) if ticket.anonymous or ticket.secret else text)

    received = ticket.received_on or local(desk, ticket.agency, ticket.created_at)
    return [
        ticket.number,
        received.isoformat(),
        said(TYPES[ticket.report_type]),
        said(CLASSES.get(ticket.klass, "")),
        said(category_name(desk, ticket.category)),
        said(ticket.title),
        said(ticket.story),
        said(place_words(dict(ticket.place))),
        ticket.happened.isoformat(),
        said(agency_name(desk, ticket.meant or ticket.agency)),
        "ya" if ticket.anonymous else "tidak",
        "ya" if ticket.secret else "tidak",
        said(state_of(desk, ticket)),
    ]


def harmless(cell: str) -> str:
    """The cell, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
