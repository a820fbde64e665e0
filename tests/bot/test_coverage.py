"""The operator's check names the agencies in which nobody is in office."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, select

from bot.administration import diagnosed, imported, opened
from bot.config import Config
from bot.now import now
from storage import tables as t
from tests.storage.sheets import folder, sheets

STARTS = "Tanpa petugas yang SK-nya berlaku: "


def _enrol(connection: Connection, days: dict[str, int | None]) -> None:
    """An officer for each of these agencies, in office for so many days from today."""
    for number, (agency, left) in enumerate(days.items()):
        person = {"channel": "telegram", "lookup": bytes([number]) * 32, "sealed": b"", "named": False}
        rest = {
            "is_group": False,
            "forum": False,
            "language": "id",
            "blocked": False,
            "consent": "",
            "created_at": now(),
        }
        ident = connection.execute(insert(t.contacts).values(**person, **rest).returning(t.contacts.c.id)).scalar_one()
        until = None if left is None else now().date() + timedelta(days=left)
        officer = {"contact_id": ident, "agency": agency, "role": "officer", "valid_until": until, "joined_at": now()}
        connection.execute(insert(t.officers).values(officer))


async def test_agencies_without_a_valid_officer_are_named(tmp_path: Path) -> None:
    """An officer whose decree has ended counts as none; where everybody is staffed nothing is said."""
    config = Config(data_dir=tmp_path / "data")
    await imported(config, folder(tmp_path, sheets()), "Kantor")
    async with opened(config) as database:
        codes = list(await database.read(lambda c: c.execute(select(t.agencies.c.code)).scalars().all()))
        ended, *others = codes
        await database.write(lambda c: _enrol(c, {ended: -2, **dict.fromkeys(others)}))
    (said,) = [text for fine, text in await diagnosed(config) if not fine and text.startswith(STARTS)]
    assert said.startswith(f"{STARTS}{ended}.")
    async with opened(config) as database:
        await database.write(lambda c: c.execute(t.officers.update().values(valid_until=None)))
    assert not any(text.startswith(STARTS) for _, text in await diagnosed(config))
