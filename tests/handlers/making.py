"""Moves as they are made without a chat: what each asks for, answered; who and which is named where it is known."""

from __future__ import annotations

from typing import Any

from handlers.rules.ticket import Asks, Move, Role

ASKED: dict[Asks | None, dict[str, Any]] = {
    None: {},
    Asks.TEXT: {"text": "Sedang kami periksa."},
    Asks.REASON: {"text": "Bukan jalan kabupaten."},
    Asks.ARCHIVE_REASON: {"text": "spam"},
    Asks.AGENCY: {"agency": "dputr"},
    Asks.OFFICER: {},
    Asks.STARS: {"stars": 4},
    Asks.CLASS: {"klass": "supervisory"},
    Asks.EXTENSION: {"days": 7, "text": "Menunggu aspal."},
    Asks.TICKET: {},
    Asks.CATEGORY: {"to": "pohon"},
}
# What the program says by itself.
BY_ITSELF = {"agency": "dputr", "sp4n_id": "12345678", "promised": "2026-12-01T16:59:59+00:00"}
# What is made for another report that was merged into this one.
MIRRORED = ("follow", "finish", "drop", "reattach")
OFFICE = (Role.OFFICER, Role.COORDINATOR)


def answers(move: Move, role: Role, draft: int = 0) -> dict[str, Any]:
    """What a move is told when it is made; what the office writes to the reporter is a draft before."""
    if role is Role.SYSTEM:
        return {**BY_ITSELF, **ASKED[move.asks]}
    drafted = {"draft": draft} if move.asks is Asks.TEXT and role in OFFICE else {}
    return ASKED[move.asks] | drafted
