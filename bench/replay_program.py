"""The program that is replayed to: started, asked for invitations, killed, started again, stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from bench.contenders import KENTONGAN_SETTINGS, SECRET, TELEGRAM_SETTINGS, WHATSAPP_SETTINGS, filled
from bench.replay_place import PATIENCE, Lost
from bench.replay_stories import ROOT
from bot import config
from bot.administration import invited, opened
from bot.app import prepare
from bot.now import now

PUBLIC = "https://replay.example"


class Program:
    """`python -m bot` as a child with both channels and a data directory; all it logs goes to one file there."""

    def __init__(self, folder: Path, telegram: str, whatsapp: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder, self.log = folder, folder / "log.txt"
        self.record = folder / "data" / "kentongan.db"
        own = {name: value for name, value in os.environ.items() if not name.startswith("KENTONGAN_")}
        here = {"port": self.port, "dir": folder / "data"}
        self._environment = own | filled((*KENTONGAN_SETTINGS, *TELEGRAM_SETTINGS), here | {"api": telegram})
        self._environment |= filled(WHATSAPP_SETTINGS, here | {"api": whatsapp})
        self._environment |= {
            "KENTONGAN_PUBLIC_URL": PUBLIC,
            "KENTONGAN_TELEGRAM_WEBHOOK_SECRET": SECRET,
            "KENTONGAN_UNDO_SECONDS": "0",
            "KENTONGAN_GRACE_SECONDS": "0",
            "PYTHONPATH": str(ROOT),
        }
        self._process: Process | None = None

    async def start(self) -> float:
        """Starts it; gives the seconds until it was ready."""
        if not self.record.exists():
            await self._prepare()
        begun = time.perf_counter()
        with self.log.open("ab") as log:
            # From a folder without .env, so that only the settings given here count.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", env=self._environment, cwd=self.folder, stdout=log, stderr=log
            )
        await self._ready(self._process)
        return time.perf_counter() - begun

    async def _prepare(self) -> None:
        """The sample office, but that no answer waits for a head: each office here is one person."""
        settings = config.read(self._environment)
        async with opened(settings) as database:
            await prepare(settings, database, now().date())
            await database.write(lambda c: c.exec_driver_sql("UPDATE agencies SET approval = 0").rowcount)

    async def _ready(self, process: Process) -> None:
        end = time.perf_counter() + PATIENCE
        async with aiohttp.ClientSession() as session:
            while process.returncode is None and time.perf_counter() < end:
                try:
                    async with session.get(f"http://127.0.0.1:{self.port}/ready") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.02)
        raise Lost(f"the program did not become ready; its exit code is {process.returncode}")

    async def invited(self, roles: Mapping[str, str]) -> dict[str, str]:
        """The codes of new invitations, by agency, made as the command makes them."""
        settings = config.read(self._environment)
        return {agency: (await invited(settings, agency, role))[0] for agency, role in roles.items()}

    async def kill(self) -> None:
        """Ends it at once, without a chance to save anything."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> int | None:
        """Asks it to end, and gives its exit code; nothing where it had to be killed."""
        if self._process is None or self._process.returncode is not None:
            return None
        self._process.terminate()
        try:
            return await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            await self.kill()
            return None
