"""What the tests of receipts share: a report with news for its reporter on WhatsApp, and officers in a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.desk import Ticket
from handlers.words import Letter, Part
from storage import receipts
from storage import tables as t
from storage.database import Database
from storage.desk import RecordDesk
from storage.letters import Fate, Parcel, Receipt
from storage.outbox import Sent
from storage.receipts import Settled
from tests.storage.samples import NOW, OFFICE, SITI, put_account, put_people, rows, ticket

SOON = NOW + timedelta(minutes=1)
CLOSED, GONE = 131047, 131026


def failed(message: str, fate: Fate = Fate.REFUSED, code: int = 131051) -> Receipt:
    """That a message did not arrive, and what that means for it."""
    return Receipt(message, -1, code, fate)


@dataclass(frozen=True, slots=True)
class News:
    """A ticket of Siti's with its card in the group of the roads office, and a notice that waits for her."""

    siti: int
    roads: int
    ticket: Ticket
    parcel: Parcel


def put_news(connection: Connection, text: str = "Besok kami tambal.") -> News:
    """All of it, on record."""
    roads, siti = put_people(connection).roads, put_account(connection, SITI)
    desk = RecordDesk(connection, OFFICE, NOW)
    made = desk.add_ticket(ticket(siti))
    desk.card_here(roads, made.id)
    notice = Letter(siti, text, part=Part.NOTICE, ticket=made.id, draft=3, key="k")
    (parcel,) = desk.flush([notice])
    return News(siti, roads, made, parcel)


def marked(
    connection: Connection, parcel: Parcel, *messages: str, follows: bool = False, later: bool = True
) -> Settled:
    """Notes that the platform took a letter as these messages."""
    done = Sent(parcel, messages, NOW, confirmed_later=later, follows=follows)
    return receipts.marked(connection, OFFICE, [done], NOW)


def settle(connection: Connection, *found: Receipt, now: datetime = SOON) -> Settled:
    """What came of these receipts."""
    return receipts.settle(connection, OFFICE, found, now)


async def settled(database: Database, *found: Receipt, now: datetime = SOON) -> Settled:
    """The same, as a transaction of its own."""
    return await database.write(lambda c: settle(c, *found, now=now))


async def taken_as(database: Database, parcel: Parcel, *messages: str, follows: bool = False) -> Settled:
    """The platform took a letter as these messages; as a transaction of its own."""
    return await database.write(lambda c: marked(c, parcel, *messages, follows=follows))


async def ranks(database: Database) -> dict[str, int]:
    """How far each message came."""
    return {row.message: row.rank for row in await rows(database, t.sent)}


def told(news: News, parcels: Sequence[Parcel]) -> list[str]:
    """The words that officers get, but for the card that shows how far news of a ticket came."""
    return [each.body.text for each in parcels if each.contact == news.roads and each.part != Part.CARD.value]


def to(contact: int, parcels: Sequence[Parcel]) -> list[Parcel]:
    """Those of the parcels that go to one contact."""
    return [parcel for parcel in parcels if parcel.contact == contact]
