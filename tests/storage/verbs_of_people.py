"""The verbs about people, groups, officers and the office: each is done at a desk and looked at there and after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import update

from handlers.desk import Decree, Invitation, Officer
from handlers.rules.artefact import VERSION, Artefact
from handlers.rules.ticket import Role
from handlers.words import Letter, Part, T
from storage import tables as t
from storage.desk import RecordDesk
from storage.invitations import invite
from tests.storage.samples import CHANNEL, FACTS, NOW, OFFICE, People, reopened, ticket


def now(desk: RecordDesk, people: People) -> None:
    assert desk.now == NOW


def facts(desk: RecordDesk, people: People) -> None:
    assert desk.facts is FACTS


def undo_for(desk: RecordDesk, people: People) -> None:
    assert desk.undo_for == timedelta(seconds=30)


def slow(desk: RecordDesk, people: People) -> None:
    assert desk.slow == {}
    desk.office = replace(OFFICE, slow={"telegram": NOW})
    assert desk.slow == {"telegram": NOW}


def grace(desk: RecordDesk, people: People) -> None:
    assert desk.grace == timedelta()
    desk.office = replace(OFFICE, grace=timedelta(minutes=2))
    assert desk.grace == timedelta(minutes=2)


def learned(desk: RecordDesk, people: People) -> None:
    assert desk.learned is None
    artefact = Artefact(VERSION, NOW, 0)
    desk.office = replace(OFFICE, learned=artefact)
    assert desk.learned is artefact


def render(desk: RecordDesk, people: People) -> None:
    assert desk.render(T("test", "Nomor {n}", n=5), "id") == "Nomor 5"


def draw(desk: RecordDesk, people: People) -> None:
    assert {desk.draw(3) for _ in range(50)} == {0, 1, 2}


def contact(desk: RecordDesk, people: People) -> None:
    found = desk.contact(people.siti)
    assert (found.id, found.channel, found.language, found.blocked, found.group) == (
        people.siti,
        CHANNEL,
        "id",
        False,
        False,
    )
    assert desk.contact(people.roads).group


def name(desk: RecordDesk, people: People) -> None:
    assert desk.name(people.budi) == "Budi Santoso"


def change_contact(desk: RecordDesk, people: People) -> None:
    changed = replace(desk.contact(people.siti), language="en", blocked=True, consent="2026-11")
    desk.change_contact(changed)
    assert desk.contact(people.siti) == changed
    again = reopened(desk)
    assert again.contact(people.siti) == changed
    assert again.contact(people.budi).language == "id"


def move_contact(desk: RecordDesk, people: People) -> None:
    desk.move_contact(people.roads, "-100777")
    desk = reopened(desk)
    (row,) = desk._c.execute(t.contacts.select().where(t.contacts.c.id == people.roads))
    assert row.lookup == OFFICE.vault.lookups(CHANNEL, "-100777")[0]
    moved = OFFICE.vault.open(row.sealed, row.lookup)
    assert (moved.address, moved.name) == ("-100777", "Dinas Pekerjaan Umum")
    assert desk.agency_of(people.roads) == "dpu"


def kin(desk: RecordDesk, people: People) -> None:
    assert desk.kin(people.siti) == (people.siti,)
    desk.join(people.budi, people.siti)
    assert (desk.kin(people.siti), desk.kin(people.budi)) == ((people.siti, people.budi), (people.budi, people.siti))
    assert desk.kin(people.ani) == (people.ani,)


def pairing_code(desk: RecordDesk, people: People) -> None:
    code = desk.pairing_code(people.siti)
    (row,) = desk._c.execute(t.pairings.select())
    assert (row.contact_id, row.expires_at, row.used_at) == (people.siti, NOW + timedelta(minutes=15), None)
    assert len(code) == 9
    assert code not in str(row)


def paired(desk: RecordDesk, people: People) -> None:
    code = desk.pairing_code(people.siti)
    assert desk.paired("AAAA-AAAA") is None
    assert desk.paired(code) == people.siti
    assert desk.paired(code) is reopened(desk).paired(code) is None


def join(desk: RecordDesk, people: People) -> None:
    desk.join(people.siti, people.budi)
    desk.join(people.budi, people.ani)
    for each in (desk, reopened(desk)):
        assert set(each.kin(people.siti)) == {people.siti, people.budi, people.ani}


def part(desk: RecordDesk, people: People) -> None:
    desk.join(people.siti, people.budi)
    desk.join(people.budi, people.ani)
    desk.part(people.siti)
    for each in (desk, reopened(desk)):
        assert each.kin(people.siti) == (people.siti,)
        assert set(each.kin(people.ani)) == {people.ani, people.budi}


def rooms_of(desk: RecordDesk, people: People) -> None:
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER))
    for room in (people.budi, people.ani):
        desk.bind_room(room, "dpu")
    for each in (desk, reopened(desk)):
        assert each.rooms_of("dpu") == [each.contact(people.roads), each.contact(people.budi)]
        assert each.rooms_of("kominfo") == []


def agency_of(desk: RecordDesk, people: People) -> None:
    assert (desk.agency_of(people.roads), desk.agency_of(people.siti)) == ("dpu", "")


def unbind_room(desk: RecordDesk, people: People) -> None:
    desk.flush([Letter(people.roads, "kartu"), Letter(people.health, "kartu")])
    desk.unbind_room(people.roads)
    assert [row.contact_id for row in desk._c.execute(t.outbox.select())] == [people.health]
    assert len(desk.dropped) == 1
    for each in (desk, reopened(desk)):
        assert (each.agency_of(people.roads), each.rooms_of("dpu")) == ("", [])
        assert each.agency_of(people.health) == "dinkes"


def bind_room(desk: RecordDesk, people: People) -> None:
    assert desk.agency_of(people.roads) == "dpu"
    desk.unbind_room(people.roads)
    desk.bind_room(people.roads, "kominfo")
    for each in (desk, reopened(desk)):
        assert (each.agency_of(people.roads), each.agency_of(people.health)) == ("kominfo", "dinkes")


def carded(desk: RecordDesk, people: People) -> None:
    made = desk.add_ticket(ticket(people.siti))
    assert desk.carded(made.id) == []
    desk.flush(
        [Letter(people.roads, "kartu", part=Part.CARD, ticket=made.id), Letter(people.health, "x", ticket=made.id)]
    )
    assert list(desk.carded(made.id)) == [people.roads]
    desk.unbind_room(people.roads)
    assert desk.carded(made.id) == []


def officer(desk: RecordDesk, people: People) -> None:
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER))
    assert desk.officer(people.ani, "dpu") is desk.officer(people.budi, "dinkes") is None
    desk._c.execute(update(t.officers).values(removed_at=NOW))
    assert desk.officer(people.budi, "dpu") is None
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER))
    assert desk.officer(people.budi, "dpu") == Officer(people.budi, "dpu", Role.OFFICER)


def officers(desk: RecordDesk, people: People) -> None:
    desk.enrol(Officer(people.ani, "dpu", Role.OFFICER))
    desk.enrol(Officer(people.budi, "dpu", Role.COORDINATOR))
    desk.enrol(Officer(people.siti, "dinkes", Role.OFFICER))
    assert [each.contact for each in desk.officers("dpu")] == [people.budi, people.ani]
    desk._c.execute(update(t.officers).where(t.officers.c.contact_id == people.budi).values(removed_at=NOW))
    assert [each.contact for each in desk.officers("dpu")] == [people.ani]


def enrol(desk: RecordDesk, people: People) -> None:
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER, date(2026, 12, 31)))
    desk.enrol(Officer(people.budi, "dinkes", Role.COORDINATOR))
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER, date(2027, 12, 31)))
    assert reopened(desk).officer(people.budi, "dpu") == Officer(people.budi, "dpu", Role.OFFICER, date(2027, 12, 31))
    assert desk.officer(people.budi, "dinkes") == Officer(people.budi, "dinkes", Role.COORDINATOR)


def invitation(desk: RecordDesk, people: People) -> None:
    decree = desk.add_decree(Decree(0, "dpu", "SK 5", None, date(2027, 1, 1)))
    code, _ = invite(desk._c, OFFICE.vault, desk.draw, NOW, "dpu", Role.OFFICER, decree)
    found = desk.invitation(code)
    assert found == Invitation(found.id if found else 0, "dpu", Role.OFFICER, date(2027, 1, 1), decree.id)
    assert desk.invitation(code.replace("-", " ").lower()) == found
    assert desk.invitation("AAAA-AAAA") is desk.invitation("") is None


def use(desk: RecordDesk, people: People) -> None:
    code, _ = invite(desk._c, OFFICE.vault, desk.draw, NOW, "dpu", Role.OFFICER)
    found = desk.invitation(code)
    assert found is not None
    desk.use(found, people.budi)
    assert desk.invitation(code) is reopened(desk).invitation(code) is None


def rosters(desk: RecordDesk, people: People) -> None:
    assert desk.rosters() == {}
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER, date(2026, 12, 31)))
    desk.enrol(Officer(people.ani, "dinkes", Role.HEAD))
    desk.enrol(Officer(people.siti, "dpu", Role.OFFICER, date(2026, 1, 1)))
    found = [(each.agency, each.contact) for officers in desk.rosters().values() for each in officers]
    assert found == [("dinkes", people.ani), ("dpu", people.siti), ("dpu", people.budi)]
    assert reopened(desk).rosters() == desk.rosters()


def dismiss(desk: RecordDesk, people: People) -> None:
    budi = Officer(people.budi, "dpu", Role.OFFICER)
    desk.enrol(budi)
    desk.enrol(replace(budi, agency="dinkes"))
    desk.bind_room(people.budi, "dpu")
    assert (desk.agency_of(people.budi), len(desk.rosters())) == ("dpu", 2)
    desk.dismiss(budi)
    for each in (desk, reopened(desk)):
        assert each.officer(people.budi, "dpu") is None
        assert each.officer(people.budi, "dinkes") is not None
        assert (each.agency_of(people.budi), len(each.rosters())) == ("", 1)


def take_back(desk: RecordDesk, people: People) -> None:
    others, mine = desk.add_ticket(ticket(people.siti)), desk.add_ticket(ticket(people.budi, number="LPR-2611-MINE-1"))
    about = (others.id, mine.id, None)
    posted = desk.flush([Letter(people.budi, "kabar", part=Part.NOTICE, ticket=each) for each in about])
    desk.take_back(people.budi)
    assert desk.dropped == [posted[0].id]


def add_decree(desk: RecordDesk, people: People) -> None:
    first = desk.add_decree(Decree(0, "dpu", "SK 5", date(2026, 1, 2), date(2027, 1, 1), "sha256:aa"))
    second = desk.add_decree(Decree(0, "dpu", "SK 5"))
    assert first.id != second.id
    assert (
        desk.decree(first.id)
        == first
        == Decree(first.id, "dpu", "SK 5", date(2026, 1, 2), date(2027, 1, 1), "sha256:aa")
    )


def decree(desk: RecordDesk, people: People) -> None:
    made = desk.add_decree(Decree(0, "dpu", "SK 6"))
    assert desk.decree(made.id) == reopened(desk).decree(made.id) == made
    assert desk.decree(made.id + 1) is None


def invite_(desk: RecordDesk, people: People) -> None:
    made = desk.add_decree(Decree(0, "dpu", "SK 7", None, date(2027, 1, 1)))
    code = desk.invite("dpu", Role.HEAD, made)
    found = reopened(desk).invitation(code)
    assert found == Invitation(found.id if found else 0, "dpu", Role.HEAD, date(2027, 1, 1), made.id)
    assert desk.invitation(desk.invite("dinkes", Role.OFFICER, None)) is not None


def reachable_agency(desk: RecordDesk, people: People) -> None:
    assert not desk.reachable_agency("dpu")
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER, NOW.date()))
    assert desk.reachable_agency("dpu")
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER, NOW.date() - timedelta(days=1)))
    assert not desk.reachable_agency("dpu")
    desk.enrol(Officer(people.budi, "dpu", Role.OFFICER))
    desk.change_contact(replace(desk.contact(people.roads), blocked=True))
    assert not desk.reachable_agency("dpu")
    desk.bind_room(people.budi, "dpu")
    assert reopened(desk).reachable_agency("dpu")
    desk.unbind_room(people.budi)
    desk.unbind_room(people.roads)
    assert not desk.reachable_agency("dpu")


EXERCISES: tuple[Callable[[RecordDesk, People], None], ...] = (
    now,
    facts,
    undo_for,
    slow,
    grace,
    learned,
    render,
    draw,
    contact,
    name,
    change_contact,
    move_contact,
    kin,
    pairing_code,
    paired,
    join,
    part,
    rooms_of,
    agency_of,
    unbind_room,
    bind_room,
    carded,
    officer,
    officers,
    enrol,
    invitation,
    use,
    rosters,
    dismiss,
    take_back,
    add_decree,
    decree,
    invite_,
    reachable_agency,
)
