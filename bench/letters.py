"""An office that stopped with a full outbox: contacts, their tickets, and letters to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select

from bot.config import Config
from bot.now import now
from handlers.rules.ticket import State
from handlers.words import Part, Priority
from storage import tables as t
from storage.database import Database
from storage.letters import Body
from storage.migrate import upgrade
from storage.rows import encode_body
from storage.vault import Identity, Vault
from tests.botapi import Group, Person

PEOPLE = 10_000_000
TEXT = (
    "Laporan LPR-{number:05d} sedang ditangani petugas. Anda akan mendapat kabar di percakapan ini begitu ada "
    "tanggapan dari instansi yang berwenang. Untuk menambah keterangan, balas pesan ini. Surat ke-{number}."
)


@dataclass(frozen=True, slots=True)
class Mail:
    """Who waits for letters: so many people each for so many, and so many groups."""

    people: tuple[tuple[int, int], ...]
    groups: tuple[tuple[int, int], ...] = ()

    def waiting(self) -> list[tuple[Person | Group, int]]:
        """Everybody with the number of letters for them."""
        people = [each for many, each in self.people for _ in range(many)]
        groups = [each for many, each in self.groups for _ in range(many)]
        waiting: list[tuple[Person | Group, int]] = []
        waiting += [(Group(-4_000_000 - at, "Dinas"), each) for at, each in enumerate(groups)]
        return waiting + [(Person(PEOPLE + at, "Warga"), each) for at, each in enumerate(people)]

    def letters(self) -> list[int]:
        """For whom each letter is, as a place in the list of who waits."""
        return [at for at, (_, count) in enumerate(self.waiting()) for _ in range(count)]


async def fill(config: Config, mail: Mail) -> None:
    """Puts the letters into the outbox of a new record; every second contact's are about a ticket."""
    database = Database(config.url)
    await database.start()
    try:
        await database.write(upgrade)
        await database.write(lambda c: _fill(c, Vault(config.secret_keys), mail))
    finally:
        await database.stop()


async def left(config: Config) -> int:
    """How many letters are still in the outbox."""
    database = Database(config.url)
    await database.start()
    try:
        return int(await database.read(lambda c: c.execute(select(func.count()).select_from(t.outbox)).scalar_one()))
    finally:
        await database.stop()


def _fill(connection: Connection, vault: Vault, mail: Mail) -> None:
    chats = [chat for chat, _ in mail.waiting()]
    made = insert(t.contacts).returning(t.contacts.c.id, sort_by_parameter_order=True)
    contacts = list(connection.execute(made, [_contact(vault, chat) for chat in chats]).scalars())
    reporters = [who for who, chat in zip(contacts, chats, strict=True) if isinstance(chat, Person)][::2]
    filed = insert(t.tickets).returning(t.tickets.c.id, sort_by_parameter_order=True)
    tickets = connection.execute(filed, [_ticket(number, who) for number, who in enumerate(reporters)]).scalars()
    about = dict(zip(reporters, tickets, strict=True))
    for_whom = (contacts[at] for at in mail.letters())
    letters = [_letter(number, who, about.get(who)) for number, who in enumerate(for_whom, 1)]
    connection.execute(insert(t.outbox), letters)


def _contact(vault: Vault, chat: Person | Group) -> dict[str, Any]:
    lookup = vault.lookups("telegram", str(chat.id))[0]
    return {
        "channel": "telegram",
        "lookup": lookup,
        "sealed": vault.seal(Identity(str(chat.id)), lookup),
        "named": False,
        "is_group": isinstance(chat, Group),
        "forum": False,
        "language": "id",
        "blocked": False,
        "consent": "",
        "created_at": now(),
    }


def _ticket(number: int, reporter: int) -> dict[str, Any]:
    texts = ("report_type", "category", "agency", "area", "title", "story", "policy", "why")
    return dict.fromkeys(texts, "") | {
        "number": f"LPR-{number:05d}",
        "reporter": reporter,
        "state": State.ARCHIVED.value,
        "place": {},
        "happened": now().date(),
        "anonymous": False,
        "secret": False,
        "created_at": now(),
        "changed_at": now(),
        "closed_at": now(),
        "clock": "",
    }


def _letter(number: int, contact: int, ticket: int | None) -> dict[str, Any]:
    return {
        "contact_id": contact,
        "priority": Priority.STATUS,
        "due_at": now() - timedelta(minutes=1),
        "attempts": 0,
        "key": "",
        "ticket": ticket,
        "part": Part.TALK if ticket is None else Part.NOTICE,
        "draft": None,
        "body": encode_body(Body(TEXT.format(number=number))),
    }
