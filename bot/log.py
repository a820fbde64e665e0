"""Logs of events and numbers: JSON or text, and never a person's words, name or address."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

# A token stands in every address of the Bot API; a run of eight digits may be a phone, a NIK or a chat.
SECRET = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,}|(?<![\w.-])-?\d{8,}(?![\w-])|[\w.+-]+@[\w-]+\.\w+")
Event = MutableMapping[str, Any]


def redact(_: Any, __: str, event: Event) -> Event:
    """Takes out of every text what looks like a token, a number of a person, or a mail address."""
    for key, value in event.items():
        if isinstance(value, str) and key != "timestamp":
            event[key] = SECRET.sub("[…]", value)
    return event


def without_words(_: Any, __: str, event: Event) -> Event:
    """Turns an error into its kind and the places in the code: its own words could be those of a person."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["trace"] = "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
    return event


def set_up(style: str) -> None:
    """Sends all logs, those of the libraries too, to standard error in one form; text when it is a terminal."""
    json = style == "json" or (not style and not sys.stderr.isatty())
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
        redact,
    ]
    last = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=processors))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("aiohttp.access", "telegram", "httpx", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def quiet() -> None:
    """Shows faults only: for a terminal in which people talk."""
    logging.getLogger().setLevel(logging.ERROR)


def logger(name: str) -> Any:
    """The logger of one part; its messages are constant, what varies are its values."""
    return structlog.stdlib.get_logger(name)
