"""One sample office for all tests of a module, behind a port of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot import demo
from bot.app import listening
from bot.config import Config
from tests.web.visitor import Visitor, visitor_at


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visitor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    config = Config(data_dir=tmp_path_factory.mktemp("office"), port=0)
    async with demo.office(config) as office, listening(office) as port, visitor_at(port) as found:
        yield found
