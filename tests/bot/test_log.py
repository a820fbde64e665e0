"""What reaches the log of an error."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot import log

WORDS = "tetangga saya Pak Slamet"


@pytest.mark.parametrize("style", ["json", "text"])
@pytest.mark.parametrize("own", [True, False], ids=["the program's", "a library's"])
def test_an_errors_own_words_are_not_logged(style: str, own: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """The kind of an error and the places in the code are enough; its words may be a citizen's."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    try:
        log.set_up(style)
        structlog.configure(cache_logger_on_first_use=False)
        try:
            raise ValueError(WORDS)
        except ValueError:
            if own:
                log.logger("test").error("failed", exc_info=True)
            else:
                logging.getLogger("library").exception("failed")
        written = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
        root.handlers[:] = kept
        root.setLevel(level)
    assert "ValueError" in written
    assert "test_log.py" in written
    assert WORDS not in written
