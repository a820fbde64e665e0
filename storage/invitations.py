"""Invitations: single-use codes that bind a group and enrol an officer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert

from handlers.desk import Decree
from handlers.rules.numbers import ALPHABET
from handlers.rules.ticket import Role
from storage import tables as t
from storage.vault import Vault

LIFE = timedelta(days=7)
LENGTH = 8


def invite(
    connection: Connection,
    vault: Vault,
    draw: Callable[[int], int],
    now: datetime,
    agency: str,
    role: Role,
    decree: Decree | None = None,
) -> tuple[str, datetime]:
    """Makes an invitation; returns its code, which is kept only as a hash, and when it ends."""
    drawn = "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(LENGTH))
    code = f"{drawn[:4]}-{drawn[4:]}"
    expires_at = now + LIFE
    connection.execute(
        insert(t.invitations).values(
            code_hash=vault.code_hashes(code)[0],
            agency=agency,
            role=role.value,
            decree=decree.number if decree else "",
            decree_id=decree.id if decree else None,
            valid_until=decree.valid_until if decree else None,
            expires_at=expires_at,
        )
    )
    return code, expires_at


def kept(connection: Connection, decree: Decree | None, now: datetime) -> Decree | None:
    """The decree on record, with its id; nothing where there is none."""
    if decree is None:
        return None
    values = {name: getattr(decree, name) for name in ("agency", "number", "issued_on", "valid_until", "blob")}
    made = insert(t.decrees).values(at=now, **values).returning(t.decrees.c.id)
    return replace(decree, id=connection.execute(made).scalar_one())
