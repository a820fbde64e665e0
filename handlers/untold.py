"""Reporters whom no letter reaches: what their officers hear instead of that they were told."""

from __future__ import annotations

from handlers.desk import Desk, Ticket
from handlers.words import T, Text

NEVER = T("card.unreachable", "tidak dapat dihubungi lewat bot")
HISTORY = T("past.unreachable", "Pesan ke pelapor: tidak ada; pelapor tidak dapat dihubungi lewat bot")
VERBS: dict[str, Text] = {
    "promise": T("history", "Perkiraan tanggal baru ditetapkan"),
    "follow": T("history", "Kabar laporan gabungan dicatat"),
}
RECORD = T("untold.record", "Catat")
RECORDED: dict[str, Text] = {
    "answer": T(
        "untold.answer",
        "✅ Jawaban untuk {number} tercatat. Pelapor tidak dapat dihubungi lewat bot: mohon sampaikan jawaban ini "
        "langsung kepadanya.",
    ),
    "resolve": T(
        "untold.resolve",
        "✅ {number} dinyatakan selesai. Pelapor tidak dapat dihubungi lewat bot: sampaikan sendiri kepadanya.",
    ),
}
MADE: dict[str, Text] = {
    "archive": T("untold.archive", "✅ {number} diarsipkan. Sampaikan sendiri alasannya kepada pelapor."),
    "extend": T("untold.extend", "✅ Batas {number} diperpanjang. Sampaikan sendiri kepada pelapor."),
    "classify": T("untold.classify", "✅ Golongan {number} dicatat. Sampaikan sendiri batas barunya kepada pelapor."),
    "merge": T("untold.merge", "✅ {number} digabungkan. Sampaikan sendiri kepada pelapor."),
}


def untold(desk: Desk, ticket: Ticket) -> bool:
    """Whether no letter reaches the reporter, so that the officers tell them themselves."""
    return not desk.contact(ticket.reporter).reachable
