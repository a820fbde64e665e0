"""Who is measured: a command line, its environment, and how its dialogue goes."""

from __future__ import annotations

import base64
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.script import KENTONGAN, REFERENCE, Script

TOKEN, SECRET = "123456:TEST", "rahasia-bangku-uji"


@dataclass(frozen=True, slots=True)
class Contender:
    """A program to measure, ready when GET /ready is 200; `{port}`, `{api}` and `{dir}` are filled in."""

    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    script: Script

    def started(self, port: int, api: str, folder: Path) -> tuple[list[str], dict[str, str]]:
        """The command line and environment for one start."""
        here = {"port": port, "api": api, "dir": folder}
        environment = {name: value.format(**here) for name, value in self.environment}
        return [part.format(**here) for part in self.command], {**os.environ, **environment}


def _reference(name: str) -> Contender:
    given = ("--port", "{port}", "--api", "{api}", "--token", TOKEN, "--dir", "{dir}")
    return Contender(name, (sys.executable, "-m", f"bench.{name}", *given), (), REFERENCE)


CONTENDERS = (
    _reference("floor"),
    _reference("ptb"),
    Contender(
        "kentongan",
        (sys.executable, "-m", "bot", "serve"),
        (
            ("KENTONGAN_DATA_DIR", "{dir}"),
            ("KENTONGAN_HOST", "127.0.0.1"),
            ("KENTONGAN_PORT", "{port}"),
            ("KENTONGAN_PUBLIC_URL", "https://bench.example"),
            ("KENTONGAN_SECRET_KEYS", base64.urlsafe_b64encode(bytes(range(32))).decode()),
            ("KENTONGAN_TELEGRAM_TOKEN", TOKEN),
            ("KENTONGAN_TELEGRAM_API_URL", "{api}"),
            ("KENTONGAN_TELEGRAM_WEBHOOK_SECRET", SECRET),
            ("KENTONGAN_RATE_LIMITS", "none"),
            ("KENTONGAN_FACTS", "sample"),
            ("KENTONGAN_LOG", "json"),
        ),
        KENTONGAN,
    ),
)
