"""The program with a clock that can be put wrong while it runs: by as many seconds as a file says."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from bot import config as settings
from bot import log
from bot.app import serve

CLOCK = "CHAOS_CLOCK"


def shifted(path: Path) -> Callable[[], datetime]:
    """The time, off by the seconds in this file, which is read each time."""

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(path.read_text(encoding="ascii")))

    return now


async def _serve() -> None:
    config = settings.read()
    log.set_up(config.log)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await serve(config, stop, shifted(Path(os.environ[CLOCK])))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve())
