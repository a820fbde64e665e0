"""A replica in the chaos: one of several of the program on one record, killed, frozen and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from bench.chaos_program import CLOCK
from bench.contenders import WHATSAPP_SETTINGS
from bench.replay_place import Lost
from bench.replay_program import Program
from bot import config
from bot.administration import opened
from bot.app import prepare
from bot.now import now

STARTS, AGAIN = 60, 0.3


class Replica(Program):
    """`sender` is what its calls are known by: its name, and which of its lives this is."""

    def __init__(self, name: str, folder: Path, api: str, database_url: str) -> None:
        super().__init__(folder, api, "")
        self.name, self.log = name, folder / f"{name}.log"
        self.lives, self.ready, self.failed_starts = 0, False, 0
        self._was_ready = False
        self._api, self._clock = api, folder / f"{name}.clock"
        self._environment = {
            key: value for key, value in self._environment.items() if key not in dict(WHATSAPP_SETTINGS)
        }
        self._environment |= {"KENTONGAN_DATABASE_URL": database_url, CLOCK: str(self._clock)}
        self.clock(0)

    @property
    def sender(self) -> str:
        """By this its calls are known."""
        return f"{self.name}.{self.lives}"

    @property
    def settings(self) -> config.Config:
        """What it is started with."""
        return config.read(self._environment)

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it was ready and has not ended since."""
        return self.ready and self._process is not None and self._process.returncode is None

    async def prepare(self) -> None:
        """The sample office on an empty record, but that no answer waits for a head: each office is one person."""
        async with opened(self.settings) as database:
            await prepare(self.settings, database, now().date())
            await database.write(lambda c: c.exec_driver_sql("UPDATE agencies SET approval = false").rowcount)

    async def start(self) -> float:
        """Starts it, as often as it takes, as whoever looks after it would; gives the seconds until it was ready."""
        begun = time.perf_counter()
        for _ in range(STARTS):
            self.lives += 1
            own = {"KENTONGAN_TELEGRAM_API_URL": f"{self._api}/{self.sender}"}
            command = sys.executable, "-m", "bench.chaos_program"
            with self.log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *command, env=self._environment | own, cwd=self.folder, stdout=log, stderr=log
                )
            try:
                await self._ready(self._process)
                self.ready = self._was_ready = True
                return time.perf_counter() - begun
            except Lost:
                if self._process.returncode is None or not self._was_ready:
                    raise
                self.failed_starts += 1
                await asyncio.sleep(AGAIN)
        raise Lost(f"{self.name} did not become ready in {STARTS} starts")

    async def kill(self) -> None:
        self.ready = False
        await super().kill()

    def clock(self, seconds: float) -> None:
        """Puts its clock wrong by so many seconds."""
        new = self._clock.with_suffix(".new")
        new.write_text(str(seconds), encoding="ascii")
        new.replace(self._clock)

    def signal(self, name: signal.Signals) -> None:
        """Sends it a signal, where it still runs."""
        if self._process is not None and self._process.returncode is None:
            os.kill(self._process.pid, name)
