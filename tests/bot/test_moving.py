"""The operator moves a running office to PostgreSQL from the shell."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select

from bot import demo
from bot.__main__ import main
from bot.app import App, running
from bot.channels.simulator import Posted
from bot.config import Config
from bot.moving import move
from storage import tables as t
from storage.moving_source import NotMoved
from storage.takeover import FILLING, MARK, Unfinished

ON_POSTGRESQL = pytest.mark.parametrize("blank_url", ["postgresql"], indirect=True)
PNG = "aa/aabb"


async def said(app: App, text: str) -> None:
    """A citizen writes, and is answered."""
    assert app.simulator is not None
    warga = next(each for each in app.simulator.chats.values() if each.kind == "reporter")
    await app.intake.accept(app.simulator.say(Posted(warga.id, warga.people[0]["id"], "text", text)))
    await app.dispatcher.idle()


async def talks(app: App) -> list[str]:
    """What everybody is about to tell."""
    rows = await app.database.read(lambda c: c.execute(select(t.talks.c.body).order_by(t.talks.c.contact_id)).all())
    return [row.body for row in rows]


async def run(config: Config, address: str) -> str:
    """What the command says at its end."""
    lines: list[str] = []
    await move(config, address, asyncio.Event(), lines.append)
    return "\n".join(lines)


@ON_POSTGRESQL
async def test_an_office_moves_while_it_works(
    tmp_path: Path, blank_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Copied while it runs, copied again when it has stopped, and then it goes on where it was, on PostgreSQL."""
    old = Config(data_dir=tmp_path / "data", log="json")
    home = demo.config_for(old)
    new = replace(home, database_url=blank_url)
    address = f"sqlite:///{home.data_dir / 'kentongan.db'}"
    async with demo.office(old) as app:
        await said(app, "lapor")
        assert "Kantor lama masih dipakai" in await run(new, address)
        await said(app, "Jalan di depan pasar berlubang besar")
        told = await talks(app)
    with pytest.raises(Unfinished):
        async with running(new, demo.simulator(home.data_dir)):
            pass
    ended = await run(new, address)
    assert "Selesai." in ended
    assert "inbox: 1 ditambah" in ended
    async with running(new, demo.simulator(home.data_dir)) as app:
        assert await talks(app) == told
        await said(app, "batal")
        with pytest.raises(NotMoved):
            await run(new, address)
    with pytest.raises(NotMoved):
        await run(new, address)
    assert "Menyalin" in capsys.readouterr().err


@ON_POSTGRESQL
async def test_files_are_looked_for(tmp_path: Path, blank_url: str) -> None:
    """Their rows come over and they do not: what is missing in the new folder is counted."""
    home = demo.config_for(Config(data_dir=tmp_path / "data", log="json"))
    async with running(home, demo.simulator(home.data_dir)) as app:
        row = {"agency": "dpu", "number": "1", "blob": PNG, "at": t.EPOCH}
        await app.database.write(lambda c: c.execute(insert(t.decrees).values(row)).rowcount)
    new = replace(home, database_url=blank_url, data_dir=tmp_path / "new")
    address = f"sqlite+aiosqlite:///{home.data_dir / 'kentongan.db'}"
    ended = await run(new, address)
    assert "1 dari 1 berkas" in ended
    assert f"Salin folder blobs dari {home.data_dir}" in ended
    (new.data_dir / "blobs" / PNG).parent.mkdir(parents=True)
    (new.data_dir / "blobs" / PNG).write_bytes(b"png")
    assert "1 berkas lampiran ada di" in await run(new, address)


@ON_POSTGRESQL
async def test_the_operator_stops_it(tmp_path: Path, blank_url: str) -> None:
    """What is there stays, and the next run goes on."""
    home = demo.config_for(Config(data_dir=tmp_path / "data", log="json"))
    async with running(home, demo.simulator(home.data_dir)):
        pass
    new, address = replace(home, database_url=blank_url), f"sqlite:///{home.data_dir / 'kentongan.db'}"
    stop = asyncio.Event()
    stop.set()
    with pytest.raises(NotMoved, match="Dihentikan"):
        await move(new, address, stop, print)
    assert "Selesai." in await run(new, address)


def asked(tmp_path: Path, *words: str, url: str = "") -> Result:
    """What the command line answers."""
    env = {"KENTONGAN_DATA_DIR": str(tmp_path), "KENTONGAN_DATABASE_URL": url}
    return CliRunner().invoke(main, ["migrate", *words], env=env)


@pytest.mark.parametrize("url", ["", "sqlite+aiosqlite:////tmp/x.db"])
def test_the_target_must_be_postgresql(tmp_path: Path, url: str) -> None:
    """Where it is to go is a setting; without it nothing is done, and no file is made."""
    found = asked(tmp_path, "--from", f"sqlite:///{tmp_path / 'x.db'}", url=url)
    assert found.exit_code == 1
    assert "KENTONGAN_DATABASE_URL harus menunjuk ke tujuan" in found.output
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is named before the server is asked."""
    found = asked(tmp_path, "--from", f"sqlite:///{tmp_path / 'x.db'}", url="postgresql+asyncpg://x/x")
    assert found.exit_code == 1
    assert f"Berkas {tmp_path / 'x.db'} tidak ada" in found.output


def test_half_an_office_is_not_used(tmp_path: Path) -> None:
    """No command works on it, and the check says so."""
    assert asked(tmp_path).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "kentongan.db", isolation_level=None)) as connection:
        connection.execute("INSERT INTO settings VALUES (?, ?)", (MARK, FILLING))
    env = {"KENTONGAN_DATA_DIR": str(tmp_path), "KENTONGAN_DATABASE_URL": ""}
    for words in (["routing", "train"], ["check"]):
        found = CliRunner().invoke(main, words, env=env)
        assert found.exit_code == 1
        assert "belum selesai disalin" in found.output
    assert "sudah terbaru" in asked(tmp_path).output


def test_without_a_source_it_changes_the_shape(tmp_path: Path) -> None:
    """As before."""
    assert "Basis data disesuaikan: baru" in asked(tmp_path).output
    assert "sudah terbaru" in asked(tmp_path).output
