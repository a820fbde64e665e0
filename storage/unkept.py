"""A file that could not be kept: taken out of what its sender has not sent yet, and said to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from handlers.files import lost
from handlers.words import Letter, Talk
from storage import files
from storage import tables as t
from storage.desk import RecordDesk
from storage.files import Fetched
from storage.letters import Parcel
from storage.office import Office


def give_up(
    connection: Connection, office: Office, file: Fetched, problem: str, now: datetime
) -> tuple[list[Parcel], list[int]]:
    """Notes why there is no such file; the letters that say so, and those taken back."""
    files.settled(connection, file, "", file.kind, file.mime, problem)
    desk = RecordDesk(connection, office, now)
    contact = desk.account(file.contact)
    # As a turn of this person does: what is changed here is not what an answer that comes now was built on.
    connection.execute(select(t.contacts.c.id).where(t.contacts.c.id == contact).with_for_update())
    k = t.talks.c
    mine = (k.contact_id == contact, k.room_id == 0)
    row = connection.execute(select(k.body).where(*mine)).one_or_none()
    if row is not None:
        talk = msgspec.json.decode(row.body, type=Talk)
        left = replace(
            talk,
            answers=_without(talk.answers, file.ref),
            partial=_without(talk.partial, file.ref),
            shelf=_without(talk.shelf, file.ref),
        )
        if left != talk:
            connection.execute(update(t.talks).where(*mine).values(body=msgspec.json.encode(left).decode()))
    parcels = desk.flush([Letter(contact, lost(problem), key=f"lost:{problem}")])
    return parcels, desk.dropped


def _without(value: Any, ref: str) -> Any:
    """A value of a conversation without the file of this name, wherever it stands in it."""
    if isinstance(value, Mapping):
        return {name: _without(each, ref) for name, each in value.items() if not _is(each, ref)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_without(each, ref) for each in value if not _is(each, ref)]
    return value


def _is(value: Any, ref: str) -> bool:
    return isinstance(value, Mapping) and value.get("ref") == ref
