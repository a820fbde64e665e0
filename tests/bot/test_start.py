"""A start is quick because it loads nothing that is needed seldom."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Migrating an older record, reckoning years that no decree has reached, pictures, learning, invitations, PostgreSQL.
SELDOM = (
    "alembic",
    "mako",
    "holidays",
    "lokal",
    "PIL",
    "numpy",
    "scipy",
    "sklearn",
    "segno",
    "asyncpg",
    "telegram.ext",
    "sqlalchemy.orm",
)
SERVED = ("aiohttp.web", "cryptography", "sqlalchemy", "telegram", "bot.web.server", "handlers.respond")
SERVE = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.app import listening, running
from bot.config import Config

config = Config(
    data_dir=Path(sys.argv[1]), port=0, secret_keys=(bytes(32),), facts="sample",
    telegram_token="1:uji", telegram_api_url="http://127.0.0.1:9",
)

async def serve():
    async with running(config, now=lambda: datetime(2026, 11, 3, tzinfo=UTC)) as app, listening(app):
        assert not await app.problems()

asyncio.run(serve())
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of a process that became ready on an empty folder."""
    ran = subprocess.run(
        [sys.executable, "-c", SERVE, str(tmp_path_factory.mktemp("data"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stdout.splitlines()[-1].split())


def test_a_start_serves(loaded: set[str]) -> None:
    """The process has loaded what it answers with."""
    assert [name for name in SERVED if name not in loaded] == []


@pytest.mark.parametrize("name", SELDOM)
def test_what_is_needed_seldom_is_not_loaded(loaded: set[str], name: str) -> None:
    """Even the first start, which makes the record and fills it, does without."""
    assert name not in loaded
