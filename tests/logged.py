"""All that the program logs, in the form in which it serves."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot import log


@contextmanager
def logged(style: str = "json") -> Iterator[io.StringIO]:
    """What is logged while it lasts; afterwards every logger is as it was, also one that was first used meanwhile."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.set_up(style)
    structlog.configure(cache_logger_on_first_use=False)
    stream = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    try:
        yield stream
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.reset_defaults()
