"""The moment after sending in which a report can be taken back before any agency hears of it."""

from __future__ import annotations

from typing import Any

from handlers import case
from handlers.desk import Desk, Scene, Ticket
from handlers.dialogue import shelved
from handlers.files import file_value
from handlers.rules.ticket import Role, State
from handlers.submit import ERASE, OTHER, UNKNOWN
from handlers.track import owner_choices
from handlers.words import Choice, T, Talk, Turn

WITHDRAWN = T(
    "grace.withdrawn",
    "Laporan {number} dibatalkan. Instansi tidak menerimanya. Isinya kami simpan sebagai draf: "
    "lanjutkan untuk mengubahnya, atau hapus.",
)
WITHDRAWN_ONLY = T("grace.withdrawn_only", "Laporan {number} dibatalkan. Instansi tidak menerimanya.")
FIX = Choice("m:lanjut", T("grace.fix", "Ubah laporan"))
TOO_LATE = T(
    "grace.too_late",
    "Laporan {number} sudah diteruskan, jadi tidak dapat dibatalkan lagi. Bila ada yang perlu diubah, pilih "
    "Tambah keterangan; petugas akan membacanya.",
)
WORDS = ("batalkan", "batalkan laporan", "withdraw")
NOTHING = T("grace.nothing", "Tidak ada laporan yang baru saja dikirim.")


def open_for(desk: Desk, ticket: Ticket) -> bool:
    """Whether a report can still be taken back."""
    fresh = desk.now < ticket.created_at + desk.grace
    return fresh and ticket.source == "chat" and ticket.state in (State.RECEIVED, State.FORWARDED)


def withdrawn(scene: Scene, ticket: Ticket) -> Turn:
    """Takes a report back and keeps what was written as a draft, where nobody outside has heard of it yet."""
    desk = scene.desk
    if not open_for(desk, ticket) or not desk.withheld(ticket.id):
        text, choices = TOO_LATE(number=ticket.number), owner_choices(ticket)
        return scene.reply(scene.talk, scene.letter(text, choices=choices, ticket=ticket.id))
    made = case.make(desk, ticket, "withdraw", Role.REPORTER, scene.contact.id, text="withdrawn_in_time")
    assert made is not None
    if scene.talk.dialogue or shelved(scene.talk) is not None:
        # Another report is being written already: it must not give way.
        return scene.reply(scene.talk, scene.letter(WITHDRAWN_ONLY(number=ticket.number)))
    shelf = {"answers": _answers(desk, ticket), "partial": None, "sources": {}}
    letter = scene.letter(WITHDRAWN(number=ticket.number), choices=(FIX, ERASE))
    return scene.reply(Talk(shelf=shelf), letter)


def last(scene: Scene) -> Turn:
    """Takes back the report that was sent last, on the word alone."""
    found = next((each for each in scene.desk.tickets_of(scene.contact.id) if open_for(scene.desk, each)), None)
    return withdrawn(scene, found) if found else scene.reply(scene.talk, scene.letter(NOTHING))


def _answers(desk: Desk, ticket: Ticket) -> dict[str, Any]:
    """What the reporter had answered, up to the review card."""
    named, _, _ = ticket.why.partition(":")
    agency = ticket.meant or ticket.agency
    by_us: dict[str, Any] = {"agency": agency, "settled": True}
    where = {"rule": by_us, "model": by_us, "reporter": {"agency": OTHER, "agency_other": agency}}
    return {
        "consent": "yes",
        "story": ticket.story,
        "type": ticket.report_type,
        "category": ticket.category or UNKNOWN,
        "deeper": False,
        "place": dict(ticket.place),
        "place_ok": "yes",
        **where.get(named, {"agency": UNKNOWN}),
        "date": ticket.happened.isoformat(),
        "files": [file_value(file) for file in desk.files_of(ticket.id)],
        "privacy": f"{ticket.anonymous:d}{ticket.secret:d}",
        "title": ticket.title,
    }
