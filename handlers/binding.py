"""Binding a group to its agency and enrolling officers, and what becomes of a group."""

from __future__ import annotations

from handlers import cards
from handlers.desk import Desk, Invitation, Officer, Scene, Ticket
from handlers.labels import agency_name, category_name
from handlers.words import Kind, Letter, T, Turn, Words

GREETING = T(
    "binding.greeting",
    "Halo! Bot ini menyampaikan laporan warga ke grup instansi.\n"
    "Jadikan bot ini admin grup, lalu kirim kode undangan dari pengelola: /hubungkan KODE",
)
BAD_CODE = T(
    "binding.bad_code",
    "Kode itu tidak berlaku: salah, sudah dipakai, atau kedaluwarsa. Minta kode baru kepada pengelola.",
)
NO_CODE = T("binding.no_code", "Tulis kodenya sekalian, misalnya: /hubungkan AB12-CD34")


CONNECTED = T(
    "binding.connected",
    "✅ {name} terdaftar sebagai petugas {agency}. Ketik /tugas untuk daftar laporan, /bantuan untuk petunjuk.",
)
CONNECTED_HERE = T(
    "binding.connected_here",
    "✅ {name} terdaftar sebagai petugas {agency}. Laporan warga masuk ke chat ini. "
    "Ketik tugas untuk daftar laporan, panduan untuk petunjuk.",
)


def room_changed(scene: Scene) -> Turn:
    """The bot came into a group, left it, or the group got a new address."""
    assert scene.room is not None
    event = scene.event
    if event.kind is Kind.LEFT:
        scene.desk.unbind_room(scene.room.id)
        return Turn(scene.talk)
    if event.kind is Kind.MIGRATED:
        scene.desk.move_contact(scene.room.id, event.moved_to)
        return Turn(scene.talk)
    if scene.desk.agency_of(scene.room.id):
        return Turn(scene.talk)
    return scene.reply(scene.talk, scene.letter(GREETING, key="greeting"))


def connect(scene: Scene, code: str) -> Turn:
    """Binds the group to the invitation's agency and enrols the person who sent the code."""
    assert scene.room is not None
    desk = scene.desk
    if not code:
        return scene.reply(scene.talk, scene.letter(NO_CODE))
    invitation = desk.invitation(code)
    if invitation is None:
        return scene.reply(scene.talk, scene.letter(BAD_CODE))
    bound = desk.agency_of(scene.room.id)
    if bound and bound != invitation.agency:
        text = T(
            "binding.other_agency",
            "Chat ini sudah terhubung dengan {bound}. Kode itu untuk {agency}; pakailah di chat instansi tersebut.",
            bound=agency_name(desk, bound),
            agency=agency_name(desk, invitation.agency),
        )
        return scene.reply(scene.talk, scene.letter(text))
    return _connected(scene, invitation, new=not bound)


def _connected(scene: Scene, invitation: Invitation, new: bool) -> Turn:
    assert scene.room is not None
    desk = scene.desk
    before = [room for room in desk.rooms_of(invitation.agency) if room.group and not scene.on_duty]
    desk.use(invitation, scene.contact.id)
    desk.enrol(Officer(scene.contact.id, invitation.agency, invitation.role, invitation.valid_until))
    agency = agency_name(desk, invitation.agency)
    text = CONNECTED_HERE if scene.on_duty else CONNECTED
    text = text(name=scene.event.person.name or desk.name(scene.contact.id), agency=agency)
    letters = [scene.letter(text)]
    if new:
        for group in before:
            desk.unbind_room(group.id)
            moved = T("binding.moved", "Laporan {agency} sekarang dikirim ke grup lain.", agency=agency)
            letters.append(Letter(group.id, moved))
        desk.bind_room(scene.room.id, invitation.agency)
        letters.extend(_waiting(desk, scene))
    return scene.reply(scene.talk, *letters)


def _waiting(desk: Desk, scene: Scene) -> list[Letter]:
    """The cards of the tickets that waited for this agency to have a chat."""
    assert scene.room is not None
    agency = desk.agency_of(scene.room.id)
    waiting = [each for each in desk.tickets_at(agency) if scene.room.id not in desk.kin(each.reporter)]
    return [letter for ticket in waiting for letter in cards.first(desk, ticket, scene.room)]


def why(desk: Desk, ticket: Ticket) -> Words:
    """Why a ticket went where it went."""
    agency = agency_name(desk, ticket.agency)
    reason, _, order = ticket.why.partition(":")
    if reason == "rule":
        because: Words = T(
            "why.rule",
            "aturan nomor {order} untuk topik “{category}”",
            order=order,
            category=category_name(desk, ticket.category),
        )
    elif reason == "reporter":
        because = T("why.reporter", "pelapor, yang memilih instansinya sendiri")
    else:
        because = T("why.unsure", "koordinator, karena pelapor tidak memilih instansi")
    return T(
        "why",
        "Laporan {number} sekarang di {agency}. Tujuan pertamanya ditentukan oleh {because}.",
        number=ticket.number,
        agency=agency,
        because=because,
    )
