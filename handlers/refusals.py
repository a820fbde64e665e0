"""What an officer hears when something cannot be done."""

from __future__ import annotations

from handlers.desk import Desk, Ticket
from handlers.labels import ACTIONS, agency_name, state_of
from handlers.words import T, Words

STOPPED = T("moves.stopped", "Baik, tidak jadi. Laporan tidak berubah.")
NOT_BOUND = T("officer.not_bound", "Grup ini belum terhubung dengan instansi. Kirim kode undangan: /hubungkan KODE")


def not_enrolled(desk: Desk, agency: str) -> Words:
    """That somebody may not act here, and how to be enrolled."""
    if not agency:
        return NOT_BOUND
    return T(
        "officer.not_enrolled",
        "Maaf, Anda tidak terdaftar sebagai petugas {agency}, atau masa tugas Anda sudah habis. "
        "Minta kode undangan kepada pejabat penghubung atau koordinator, "
        "lalu kirim di grup ini: /hubungkan KODE",
        agency=agency_name(desk, agency),
    )


def elsewhere(desk: Desk, ticket: Ticket) -> Words:
    """That a ticket is no longer in this group, and where it is."""
    return T(
        "officer.elsewhere",
        "Laporan {number} sekarang ditangani {agency}, jadi tidak dapat diubah dari sini.",
        number=ticket.number,
        agency=agency_name(desk, ticket.agency),
    )


def impossible(desk: Desk, ticket: Ticket, action: str) -> Words:
    """Why a move cannot be made: somebody was first, or the ticket has gone on."""
    if action in ("claim", "assign", "release") and ticket.officer is not None:
        return T(
            "officer.taken",
            "Laporan {number} sudah diambil oleh {name}.",
            number=ticket.number,
            name=desk.name(ticket.officer),
        )
    return T(
        "officer.not_now",
        "“{action}” tidak dapat dilakukan. Status laporan {number}: {state}.",
        action=ACTIONS.get(action, action),
        number=ticket.number,
        state=state_of(desk, ticket),
    )
