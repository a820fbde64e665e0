"""Invitations: single-use codes that bind a group and enrol an officer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, insert

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
    decree: str = "",
    valid_until: date | None = None,
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
            decree=decree,
            valid_until=valid_until,
            expires_at=expires_at,
        )
    )
    return code, expires_at
