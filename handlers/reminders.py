"""What the clock makes the program say without being asked."""

from __future__ import annotations

from handlers.desk import Contact
from handlers.submit import ERASE, RESUME
from handlers.words import Letter, Priority, T

NUDGE = T(
    "reminder.nudge",
    "Laporan Anda belum terkirim. Lanjutkan sekarang? Semua jawaban masih tersimpan, sampai 7 hari sejak jawaban terakhir.",
)


def nudge(contact: Contact) -> Letter:
    """The one reminder of a report that was begun and not sent."""
    return Letter(contact.id, NUDGE, choices=(RESUME, ERASE), priority=Priority.REMINDER, key="nudge")
