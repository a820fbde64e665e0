"""What the clock makes the program say without being asked."""

from __future__ import annotations

from datetime import date

from handlers.desk import Contact
from handlers.submit import ERASE, RESUME
from handlers.words import Letter, Priority, T

NUDGE = T(
    "reminder.nudge",
    "Laporan Anda belum terkirim. Lanjutkan sekarang? Jawaban Anda masih tersimpan sampai {day}.",
)


def nudge(contact: Contact, until: date) -> Letter:
    """The one reminder of a report that was begun and not sent, with the day until which it is kept."""
    return Letter(contact.id, NUDGE(day=until), choices=(RESUME, ERASE), priority=Priority.REMINDER, key="nudge")
