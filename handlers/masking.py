"""What an anonymous reporter writes is kept without the numbers by which they could be found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.desk import Ticket
from handlers.rules.privacy import masked
from handlers.rules.ticket import Role


def report(ticket: Ticket) -> Ticket:
    """A new report as it goes on record: masked where it is anonymous, as it is otherwise."""
    if not ticket.anonymous:
        return ticket
    place = {**ticket.place, "text": masked(str(ticket.place.get("text", "")))}
    return replace(ticket, title=masked(ticket.title), story=masked(ticket.story), place=place)


def addition(ticket: Ticket, role: Role, data: dict[str, Any]) -> dict[str, Any]:
    """What is added to a report: masked where its anonymous reporter wrote it, as it is otherwise."""
    text = data.get("text")
    if role is not Role.REPORTER or not ticket.anonymous or not isinstance(text, str):
        return data
    return {**data, "text": masked(text)}
