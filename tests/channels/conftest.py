"""What the tests of WhatsApp's outgoing side share: every letter that the program can write."""

from __future__ import annotations

import pytest

from tests.channels.whatsapp_letters import Found, besides, questions
from tests.handlers.test_dialogues import asked  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def letters(request: pytest.FixtureRequest) -> tuple[Found, ...]:
    """All letters of words, with the place where each is written."""
    found = (*questions(request.getfixturevalue("asked")), *besides())
    return tuple((where, body) for where, body in found if not body.files)
