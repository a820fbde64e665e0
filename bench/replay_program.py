"""The program that is replayed to: started, asked for invitations, killed, started again, stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import aiohttp

from bench.contenders import CONTENDERS, SECRET
from bench.replay_town import PATIENCE, Lost

ROOT = Path(__file__).parent.parent
PUBLIC = "https://replay.example"


class Program:
    """`python -m bot` as a child with a data directory of its own; all it logs goes to one file there."""

    def __init__(self, folder: Path, api_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder, self.log = folder, folder / "log.txt"
        self.record = folder / "data" / "kentongan.db"
        own = {name: value for name, value in os.environ.items() if not name.startswith("KENTONGAN_")}
        ours = next(one for one in CONTENDERS if one.name == "kentongan")
        _command, given = ours.started(self.port, api_url, folder / "data")
        self._environment = own | {name: given[name] for name, _ in ours.environment}
        self._environment |= {
            "KENTONGAN_PUBLIC_URL": PUBLIC,
            "KENTONGAN_TELEGRAM_WEBHOOK_SECRET": SECRET,
            "KENTONGAN_UNDO_SECONDS": "0",
            "PYTHONPATH": str(ROOT),
        }
        self._process: Process | None = None

    async def start(self) -> float:
        """Starts it; gives the seconds until it was ready."""
        begun = time.perf_counter()
        with self.log.open("ab") as log:
            # From a folder without .env, so that only the settings given here count.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", env=self._environment, cwd=self.folder, stdout=log, stderr=log
            )
        await self._ready(self._process)
        return time.perf_counter() - begun

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

    async def invite(self, agency: str, role: str) -> str:
        """The code of a new invitation, from the command line."""
        command = (sys.executable, "-m", "bot", "invite", agency, "--role", role, "--json")
        asked = await asyncio.create_subprocess_exec(
            *command, env=self._environment, cwd=self.folder, stdout=PIPE, stderr=PIPE
        )
        out, _err = await asked.communicate()
        if asked.returncode != 0:
            raise Lost(f"invite {agency} ended with {asked.returncode}")
        return str(json.loads(out)["code"])

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
