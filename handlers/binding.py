"""Binding a group to its agency and enrolling officers, and what becomes of a group."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, roster, standin
from handlers.desk import Desk, Invitation, Officer, Scene, is_of_disaster
from handlers.labels import agency_name
from handlers.words import Kind, Letter, T, Turn, Words

GREETING = T(
    "binding.greeting",
    "Halo! Bot ini menyampaikan laporan warga ke grup instansi.\n"
    "Jadikan bot ini admin grup, lalu kirim kode undangan dari koordinator: /hubungkan KODE",
)
BAD_CODE = T(
    "binding.bad_code",
    "Kode itu tidak berlaku: salah, sudah dipakai, atau kedaluwarsa. "
    "Minta kode baru kepada pejabat penghubung atau koordinator.",
)
NO_CODE = T("binding.no_code", "Tulis kodenya sekalian, misalnya: /hubungkan AB12-CD34")


CONNECTED = T(
    "binding.connected",
    "✅ {name} terdaftar sebagai {role} {agency}{decree}. Ketik /tugas untuk daftar laporan, /bantuan untuk petunjuk.",
)
CONNECTED_HERE = T(
    "binding.connected_here",
    "✅ {name} terdaftar sebagai {role} {agency}{decree}. Laporan warga masuk ke chat ini. "
    "Ketik tugas untuk daftar laporan, panduan untuk petunjuk.",
)
DECREE = T("binding.decree", ", SK {number}{until}")
ENDED = T(
    "binding.ended",
    "Kode itu tidak berlaku lagi: SK {number} untuk {agency} sudah berakhir {day}. Minta kode baru dengan SK yang "
    "berlaku.",
)


def room_changed(scene: Scene) -> Turn:
    """The bot came into a group, left it, or the group got a new address."""
    assert scene.room is not None
    event = scene.event
    if event.kind is Kind.LEFT:
        agency = scene.desk.agency_of(scene.room.id)
        scene.desk.unbind_room(scene.room.id)
        return Turn(scene.talk, standin.lost(scene.desk, agency) if agency else ())
    if scene.room.blocked:
        scene.desk.change_contact(replace(scene.room, blocked=False))
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
    if invitation.valid_until and invitation.valid_until < roster.today(desk, invitation.agency):
        return scene.reply(scene.talk, scene.letter(_ended(desk, invitation)))
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
    by = invitation.decree
    desk.enrol(Officer(scene.contact.id, invitation.agency, invitation.role, invitation.valid_until, by))
    agency = agency_name(desk, invitation.agency)
    letters = [scene.letter(_welcome(scene, invitation))]
    if scene.room.blocked:
        desk.change_contact(replace(desk.contact(scene.room.id), blocked=False))
    if new:
        for group in before:
            desk.unbind_room(group.id)
            moved = T("binding.moved", "Laporan {agency} sekarang dikirim ke grup lain.", agency=agency)
            letters.append(Letter(group.id, moved))
        desk.bind_room(scene.room.id, invitation.agency)
        letters.extend(_waiting(desk, scene))
    return scene.reply(scene.talk, *letters, *standin.lowered(desk, invitation.agency))


def _welcome(scene: Scene, invitation: Invitation) -> Words:
    """In what capacity somebody serves from now on, by which decree, and until when."""
    desk = scene.desk
    decree = desk.decree(invitation.decree) if invitation.decree is not None else None
    by: Words = ""
    if decree and decree.number:
        until = roster.UNTIL(day=decree.valid_until) if decree.valid_until else ""
        by = DECREE(number=decree.number, until=until)
    return (CONNECTED_HERE if scene.on_duty else CONNECTED)(
        name=scene.event.person.name or desk.name(scene.contact.id),
        role=roster.ROLES[invitation.role],
        agency=agency_name(desk, invitation.agency),
        decree=by,
    )


def _ended(desk: Desk, invitation: Invitation) -> Words:
    decree = desk.decree(invitation.decree) if invitation.decree is not None else None
    return ENDED(
        number=decree.number if decree and decree.number else "…",
        agency=agency_name(desk, invitation.agency),
        day=invitation.valid_until or "",
    )


def _waiting(desk: Desk, scene: Scene) -> list[Letter]:
    """The cards of the tickets that waited for this agency to have a chat."""
    assert scene.room is not None
    agency = desk.agency_of(scene.room.id)
    # What came in a disaster is read in lists.
    known = (each for each in desk.tickets_at(agency) if not is_of_disaster(each))
    waiting = [each for each in known if scene.room.id not in desk.kin(each.reporter)]
    return [letter for ticket in waiting for letter in cards.first(desk, ticket, scene.room)]
