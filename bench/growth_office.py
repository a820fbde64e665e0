"""The office that is measured: the sample regency with more agencies, each with a group and an officer."""

from __future__ import annotations

import random
import secrets
from datetime import date
from typing import Final

from sqlalchemy import Connection, func, insert, select

from bench.growth_rows import MOMENT, Plan
from bot.language import load, renderer
from handlers.rules.ticket import Role
from handlers.words import Inbound, Kind, Person, Room
from storage import facts as stored_facts
from storage import recount
from storage import tables as t
from storage.invitations import invite
from storage.migrate import upgrade
from storage.office import Office
from storage.turns import take
from storage.vault import Identity, Vault

CHANNEL: Final = "telegram"
AGENCIES: Final = 100
CITIZENS: Final = 256
KEY: Final = bytes(range(32))


def office_of(connection: Connection, draw: random.Random | None = None) -> Office:
    """What a desk stands on; chance is the machine's where no other is given."""
    facts = stored_facts.load(connection)
    below = draw.randrange if draw else secrets.randbelow
    return Office(Vault([KEY]), facts, renderer(load()), below, channels=(CHANNEL,))


def prepare(connection: Connection, seed: int) -> None:
    """The tables, the facts, the officers, and the citizens who will take turns."""
    upgrade(connection)
    rows = stored_facts.read_folder(stored_facts.sample())
    model = rows["agencies"][1]
    made = AGENCIES - len(rows["agencies"])
    rows["agencies"] += [{**model, "code": f"unit-{n:03}", "name": f"Unit {n}", "short": ""} for n in range(made)]
    stored_facts.keep(connection, rows, "Kabupaten Contoh", True, date(2026, 1, 1))
    office = office_of(connection, random.Random(seed))
    for n, agency in enumerate(office.facts.agencies):
        _enrolled(connection, office, n, agency.code)
    connection.execute(insert(t.contacts), [_citizen(office, n) for n in range(CITIZENS)])
    stored_facts.put(connection, recount.COUNTED, str(stored_facts.version(connection)))


def _enrolled(connection: Connection, office: Office, n: int, agency: str) -> None:
    """An officer sends the code of an invitation into the group of an agency."""
    role = Role.COORDINATOR if agency == "kominfo" else Role.OFFICER
    code, _ = invite(connection, office.vault, office.draw, MOMENT, agency, role)
    who, room = Person(f"o{n}", f"Petugas {n}"), Room(f"g{n}", f"Grup {n}")
    text = f"/hubungkan {code}"
    take(connection, [Inbound(CHANNEL, f"j{n}", Kind.TEXT, who, MOMENT, room, text, message=f"j{n}")], office, MOMENT)
    connection.execute(t.outbox.delete())


def _citizen(office: Office, n: int) -> dict[str, object]:
    (lookup,) = office.vault.lookups(CHANNEL, f"w{n}")
    sealed = office.vault.seal(Identity(f"w{n}", f"Warga {n}"), lookup)
    known = {"channel": CHANNEL, "lookup": lookup, "sealed": sealed, "created_at": MOMENT, "language": "id"}
    flags = {"named": False, "is_group": False, "forum": False, "blocked": False}
    return {**known, **flags, "consent": "2026-11"}


def planned(connection: Connection, tickets: int, seed: int) -> Plan:
    """What is made for this office; the citizens who will take turns are among the reporters."""
    facts = stored_facts.load(connection)
    last = connection.execute(select(func.max(t.contacts.c.id))).scalar_one()
    topics = [each.code for each in facts.categories if each.parent]
    areas = [each.code for each in facts.areas if each.parent]
    agencies = [each.code for each in facts.agencies]
    days = (lambda day: day.isoformat()) if connection.dialect.name == "sqlite" else (lambda day: day)
    return Plan(tickets, agencies, topics, areas, last + 1, CITIZENS, days, seed)
