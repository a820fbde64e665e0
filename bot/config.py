"""Settings from the environment and .env; every problem is found at once, and no secret is ever printed."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

PREFIX = "KENTONGAN_"


class Misconfigured(Exception):  # noqa: N818 - says what the settings are
    """The settings cannot be used; one sentence for each problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a running program; design: the table of environment variables in the README."""

    data_dir: Path = Path("data")
    database_url: str = ""
    database_pool: int = 8
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    secret_keys: tuple[bytes, ...] = field(default=(), repr=False)
    telegram_token: str = field(default="", repr=False)
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_secret: str = field(default="", repr=False)
    whatsapp_token: str = field(default="", repr=False)
    whatsapp_phone_number_id: str = ""
    whatsapp_app_secret: str = field(default="", repr=False)
    whatsapp_verify_token: str = field(default="", repr=False)
    whatsapp_api_url: str = "https://graph.facebook.com/v23.0"
    facts: str = ""
    undo_seconds: int = 30
    grace_seconds: int = 60
    rate_limits: bool = True
    log: str = ""
    admin_token: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """The record's address; the embedded default lies in the data directory."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'kentongan.db').as_posix()}"


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"harus bilangan bulat {least} sampai {most}")
        return int(text)

    return read


def _web_address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(:\d+)?(/[^\s]*)?", text):
        raise ValueError("harus alamat web, misalnya https://lapor.contoh.go.id")
    return text.rstrip("/")


def _public(text: str) -> str:
    if not text.startswith("https://"):
        raise ValueError("harus alamat https, karena Telegram dan WhatsApp tidak menerima yang lain")
    return _web_address(text)


def _database(text: str) -> str:
    if not text.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("harus sqlite+aiosqlite:///BERKAS atau postgresql+asyncpg://…")
    return text


def _keys(text: str) -> tuple[bytes, ...]:
    keys = []
    for part in text.split(","):
        try:
            key = base64.urlsafe_b64decode(part.strip() + "=" * (-len(part.strip()) % 4))
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            raise ValueError("tiap kunci harus 32 bita dalam base64 url-safe, dipisah koma")
        keys.append(key)
    return tuple(keys)


def _token(text: str) -> str:
    if not re.fullmatch(r"\d{3,20}:[A-Za-z0-9_-]{3,100}", text):
        raise ValueError("bukan token bot Telegram (bentuknya 123456:ABC…, dari @BotFather)")
    return text


def _secret(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text):
        raise ValueError("harus 16 sampai 256 huruf, angka, _ atau -")
    return text


def _digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5,32}", text):
        raise ValueError("harus ID nomor telepon dari Meta, hanya angka (bukan nomor teleponnya)")
    return text


def _app_secret(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z]{16,128}", text):
        raise ValueError("harus App secret dari halaman aplikasi di Meta, huruf dan angka")
    return text


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"harus salah satu dari: {', '.join(words)}")
        return text

    return read


READERS: Mapping[str, Callable[[str], Any]] = {
    "data_dir": Path,
    "database_url": _database,
    "database_pool": _number(2, 200),
    "host": str,
    "port": _number(0, 65535),
    "public_url": _public,
    "secret_keys": _keys,
    "telegram_token": _token,
    "telegram_api_url": _web_address,
    "telegram_webhook_secret": _secret,
    "whatsapp_token": str,
    "whatsapp_phone_number_id": _digits,
    "whatsapp_app_secret": _app_secret,
    "whatsapp_verify_token": _secret,
    "whatsapp_api_url": _web_address,
    "facts": str,
    "undo_seconds": _number(0, 600),
    "grace_seconds": _number(0, 3600),
    "rate_limits": lambda text: _one_of("platform", "none")(text) == "platform",
    "log": _one_of("json", "text"),
    "admin_token": str,
}


def read(environment: Mapping[str, str] | None = None, **defaults: Any) -> Config:
    """The settings, with these defaults; raises Misconfigured with everything that is wrong."""
    given = environment if environment is not None else {**_dotenv(), **os.environ}
    values, problems = dict(defaults), []
    for name, reader in READERS.items():
        text = given.get(PREFIX + name.upper(), "").strip()
        if not text:
            continue
        try:
            values[name] = reader(text)
        except ValueError as error:
            problems.append(f"{PREFIX}{name.upper()}: {error}")
    if problems:
        raise Misconfigured(problems)
    return Config(**values)


def _dotenv() -> dict[str, str]:
    return {name: value for name, value in dotenv_values(".env").items() if value is not None}


WHATSAPP = ("whatsapp_token", "whatsapp_phone_number_id", "whatsapp_app_secret", "whatsapp_verify_token")
"""What WhatsApp needs: all of them, or none."""


def to_serve(config: Config) -> list[str]:
    """What is missing to serve real people."""
    problems = []
    if not config.secret_keys:
        problems.append(
            "KENTONGAN_SECRET_KEYS belum diisi. Buat satu kunci dengan: "
            'python3 -c "import base64,os;print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
        )
    if not config.telegram_token and not config.whatsapp_token:
        problems.append(
            "KENTONGAN_TELEGRAM_TOKEN belum diisi. Buat bot lewat @BotFather di Telegram; "
            "atau isi pengaturan WhatsApp (KENTONGAN_WHATSAPP_…)."
        )
    given = [name for name in WHATSAPP if getattr(config, name)]
    if given and (missing := [name for name in WHATSAPP if name not in given]):
        names = ", ".join(PREFIX + name.upper() for name in missing)
        problems.append(
            f"{names} belum diisi, padahal pengaturan WhatsApp yang lain ada: isi semua atau kosongkan semua."
        )
    if config.telegram_token and config.public_url and not config.telegram_webhook_secret:
        problems.append("KENTONGAN_TELEGRAM_WEBHOOK_SECRET belum diisi, padahal KENTONGAN_PUBLIC_URL dipakai.")
    if config.facts and config.facts != "sample" and not Path(config.facts).is_dir():
        problems.append(f"KENTONGAN_FACTS: folder {config.facts} tidak ada.")
    return problems


def own_key(data_dir: Path) -> bytes:
    """The key of an embedded sample office, made on its first start and readable by its owner alone."""
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)))
    return _keys(path.read_text(encoding="ascii"))[0]
