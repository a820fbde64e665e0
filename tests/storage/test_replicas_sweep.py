"""Two replicas that sweep at once, because a lease was lost in the middle: what is due is done once."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.database import Database
from storage.sweep import NUDGE_AFTER, Swept, sweep
from storage.tables import outbox
from tests.storage.replicas import beside
from tests.storage.samples import NOW, OFFICE, ON_POSTGRESQL, SITI, event, number_of, taken

pytestmark = ON_POSTGRESQL


async def test_a_nudge_comes_once_across_replicas(database: Database) -> None:
    """Whoever is being nudged by the one is left alone by the other."""
    for text in ("/lapor", "Setuju", "Jalan di depan pasar berlubang besar."):
        await taken(database, event(SITI, text))

    def work(connection: Connection) -> Swept:
        return sweep(connection, OFFICE, NOW + 2 * NUDGE_AFTER)

    one, other = await beside(database, work, work)
    assert sorted((one.nudged, other.nudged)) == [0, 1]
    assert await number_of(database, outbox, outbox.c.key == "nudge") == 1
