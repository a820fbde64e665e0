"""Who is measured: a command line, its environment, on which platform, on what database, and how its dialogue goes."""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.script import KENTONGAN, REFERENCE, Script

TOKEN, SECRET = "123456:TEST", "rahasia-bangku-uji"
WHATSAPP_NUMBER, WHATSAPP_TOKEN = "106540352242922", "EAAUJI"
WHATSAPP_SECRET, WHATSAPP_VERIFY = "rahasiabangkuuji", "kata-sandi-bangku-uji"
Settings = tuple[tuple[str, str], ...]
# A program that is installed has its bytecode beside it: here whoever starts first makes it, for all rounds.
COMPILED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / f"kentongan-bench-{os.getuid()}"),
}

KENTONGAN_SETTINGS: Settings = (
    ("KENTONGAN_DATA_DIR", "{dir}"),
    ("KENTONGAN_HOST", "127.0.0.1"),
    ("KENTONGAN_PORT", "{port}"),
    ("KENTONGAN_PUBLIC_URL", "https://bench.example"),
    ("KENTONGAN_SECRET_KEYS", base64.urlsafe_b64encode(bytes(range(32))).decode()),
    ("KENTONGAN_RATE_LIMITS", "none"),
    ("KENTONGAN_FACTS", "sample"),
    ("KENTONGAN_LOG", "json"),
)
TELEGRAM_SETTINGS: Settings = (
    ("KENTONGAN_TELEGRAM_TOKEN", TOKEN),
    ("KENTONGAN_TELEGRAM_API_URL", "{api}"),
    ("KENTONGAN_TELEGRAM_WEBHOOK_SECRET", SECRET),
)
WHATSAPP_SETTINGS: Settings = (
    ("KENTONGAN_WHATSAPP_TOKEN", WHATSAPP_TOKEN),
    ("KENTONGAN_WHATSAPP_API_URL", "{api}"),
    ("KENTONGAN_WHATSAPP_PHONE_NUMBER_ID", WHATSAPP_NUMBER),
    ("KENTONGAN_WHATSAPP_APP_SECRET", WHATSAPP_SECRET),
    ("KENTONGAN_WHATSAPP_VERIFY_TOKEN", WHATSAPP_VERIFY),
)


def filled(settings: Iterable[tuple[str, str]], here: Mapping[str, object]) -> dict[str, str]:
    """The settings with `{port}`, `{api}` and `{dir}` filled in."""
    return {name: value.format(**here) for name, value in settings}


@dataclass(frozen=True, slots=True)
class Contender:
    """A program to measure, ready when GET /ready is 200.

    `{port}`, `{api}`, `{dir}` and `{database}` are filled in; several `replicas` share one PostgreSQL database.
    """

    name: str
    command: tuple[str, ...]
    environment: Settings
    script: Script
    whatsapp: bool = False
    postgresql: bool = False
    replicas: int = 1

    def started(self, port: int, api: str, folder: Path, database: str) -> tuple[list[str], dict[str, str]]:
        """The command line and environment for one start."""
        here = {"port": port, "api": api, "dir": folder, "database": database}
        environment = {**os.environ, **COMPILED, **filled(self.environment, here)}
        return [part.format(**here) for part in self.command], environment


def _reference(name: str, *more: str, postgresql: bool = False) -> Contender:
    given = ("--port", "{port}", "--api", "{api}", "--token", TOKEN, "--dir", "{dir}", *more)
    return Contender(name, (sys.executable, "-m", f"bench.{name}", *given), (), REFERENCE, postgresql=postgresql)


SERVE = (sys.executable, "-m", "bot", "serve")
ON_TELEGRAM, ON_WHATSAPP = KENTONGAN_SETTINGS + TELEGRAM_SETTINGS, KENTONGAN_SETTINGS + WHATSAPP_SETTINGS
ON_POSTGRESQL = (*ON_TELEGRAM, ("KENTONGAN_DATABASE_URL", "{database}"))
CONTENDERS = (
    _reference("floor"),
    _reference("ptb"),
    Contender("kentongan", SERVE, ON_TELEGRAM, KENTONGAN),
    Contender("kentongan-whatsapp", SERVE, ON_WHATSAPP, KENTONGAN, whatsapp=True),
    _reference("plain", "--database", "{database}", postgresql=True),
    Contender("kentongan-postgresql", SERVE, ON_POSTGRESQL, KENTONGAN, postgresql=True),
    Contender("three replicas", SERVE, ON_POSTGRESQL, KENTONGAN, postgresql=True, replicas=3),
)
