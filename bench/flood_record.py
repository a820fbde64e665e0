"""What a flood leaves in the record, seen from outside: events, letters that wait, and news planned before it began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from bot import config
from bot.administration import office_of, opened
from bot.app import prepare
from bot.channels.telegram_updates import NAME
from bot.now import now
from handlers.words import Part, Priority
from storage import tables as t
from storage.database import Database
from storage.letters import Body
from storage.office import Office
from storage.rows import encode_body
from storage.vault import Identity

AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Plan:
    """Letters that the record holds when the flood begins: one for each chat, the first due then, others after it."""

    chats: Sequence[int]
    text: str
    priority: Priority
    first: datetime
    every: timedelta = timedelta()

    def rows(self, people: Sequence[int], at: int) -> list[dict[str, object]]:
        """The letters to these people as they wait in the outbox; they are those from this number on."""
        return [
            {
                "contact_id": person,
                "priority": int(self.priority),
                "due_at": self.first + n * self.every,
                "attempts": 0,
                "key": "",
                "part": Part.TALK.value,
                "body": encode_body(Body(self.text.format(n))),
            }
            for n, person in enumerate(people, at)
        ]


async def planned(environment: Mapping[str, str], plans: Sequence[Plan]) -> None:
    """Makes the record, and in it these people with the letters that are planned for them."""
    settings = config.read(environment)
    async with opened(settings) as database:
        await prepare(settings, database, now().date())
        office = await office_of(settings, database)
        for plan in plans:
            for at in range(0, len(plan.chats), AT_ONCE):
                await database.write(lambda c, plan=plan, at=at: _keep(c, office, plan, at))  # type: ignore[misc]


def _keep(connection: Connection, office: Office, plan: Plan, at: int) -> None:
    made = insert(t.contacts).returning(t.contacts.c.id, sort_by_parameter_order=True)
    people = [_contact(office, chat) for chat in plan.chats[at : at + AT_ONCE]]
    connection.execute(insert(t.outbox), plan.rows(connection.execute(made, people).scalars().all(), at))


def _contact(office: Office, chat: int) -> dict[str, object]:
    lookup = office.vault.lookups(NAME, str(chat))[0]
    return {
        "channel": NAME,
        "lookup": lookup,
        "sealed": office.vault.seal(Identity(str(chat), ""), lookup),
        "named": False,
        "is_group": False,
        "forum": False,
        "language": "id",
        "blocked": False,
        "consent": "",
        "created_at": now(),
    }


def _waiting(connection: Connection) -> tuple[int, int]:
    o = t.outbox.c
    query = select(o.priority, func.count()).where(o.due_at <= now()).group_by(o.priority)
    found: dict[int, int] = dict(map(tuple, connection.execute(query)))
    answers = found.pop(int(Priority.DIALOGUE), 0)
    return answers, sum(found.values())


async def waiting(database: Database) -> tuple[int, int]:
    """How many answers wait in the outbox, and how many other letters that are due."""
    return await database.read(_waiting)


async def events(database: Database) -> set[int]:
    """The numbers of all updates on record."""
    query = select(t.inbox.c.event_id).where(t.inbox.c.channel == NAME)
    return await database.read(lambda c: set(map(int, c.execute(query).scalars())))


async def poisoned(database: Database) -> int:
    """How many events were set aside because of a fault."""
    return await database.read(lambda c: c.execute(select(func.count()).select_from(t.poison)).scalar_one())


async def expecting(database: Database) -> set[bytes]:
    """The hashes of all to whom a letter is on its way."""
    query = select(t.contacts.c.lookup).where(t.contacts.c.id.in_(select(t.outbox.c.contact_id)))
    return await database.read(lambda c: set(c.execute(query).scalars()))


async def hashes(environment: Mapping[str, str], database: Database, chats: Sequence[int]) -> dict[bytes, int]:
    """The chats by the hashes under which the record knows them."""
    office = await office_of(config.read(environment), database)
    return {office.vault.lookups(NAME, str(chat))[0]: chat for chat in chats}
