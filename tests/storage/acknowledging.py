"""A program to be killed: it writes without end and prints the key of each write as soon as that is acknowledged."""

from __future__ import annotations

import asyncio
import os
import sys

from sqlalchemy import Connection, insert

from storage import tables as t
from storage.database import Database

AT_ONCE = 8


async def write_on(database: Database, name: str) -> None:
    """Writes and acknowledges until the end of the program."""
    number = 0
    while True:
        key = f"{name}-{number}"

        def put(connection: Connection, key: str = key) -> None:
            connection.execute(insert(t.settings).values(key=key, value=""))

        await database.write(put)
        sys.stdout.write(key + "\n")
        sys.stdout.flush()
        number += 1


async def main(path: str) -> None:
    """Several writers, so that their writes come in groups."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.start()
    await asyncio.gather(*(write_on(database, f"{os.getpid()}-{n}") for n in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
