"""While answers are slow everybody reads so once, on whichever platform; officers read their cards without it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.app import App
from handlers.slow import SLOW
from tests.botapi import Person as TelegramPerson
from tests.whatsapp_office import mixed

JOKO = TelegramPerson(601, "Joko")
BUDI = TelegramPerson(502, "Budi", "Santoso")
SAID = SLOW.source


async def slow(app: App, for_seconds: float = 60.0) -> None:
    """Answers are slow on all channels, because what comes in waits for so long, and remain so."""
    app.behind.waited = lambda: for_seconds
    await app.reload()


async def test_everybody_reads_it_once(tmp_path: Path) -> None:
    """A whole report brings the sentence once, above the first answer, on WhatsApp as on Telegram."""
    async with mixed(tmp_path) as (office, telegram):
        sari, wati = office.api.person("Saraswati"), office.api.person("Wati")
        group = await telegram.group(BUDI)
        await office.enrols(wati)
        await slow(office.app)
        await office.report(sari, privacy="Anonim")
        await telegram.report(JOKO)
        await office.settled()
        assert [len(office.said(sari, SAID)), len(office.said(wati, SAID))] == [1, 0]
        first, *others = telegram.api.messages(JOKO)
        assert first.text.startswith(SAID)
        assert not any(SAID in message.text for message in others)
        assert not any(SAID in message.text for message in telegram.api.messages(group))
        office.nothing_wrong()
        assert telegram.api.problems == []


async def test_it_is_said_again_when_it_is_slow_again(tmp_path: Path) -> None:
    """What was fast in between is another time, and then everybody reads it once more."""
    async with mixed(tmp_path) as (office, _):
        sari = office.api.person("Saraswati")
        await slow(office.app)
        await office.says(sari, "mulai")
        await office.passes(timedelta(hours=2))
        await slow(office.app, 0.0)
        assert SAID not in (await office.says(sari, "menu")).text
        await slow(office.app)
        assert office.said(sari, SAID)[-1] != await office.says(sari, "menu")
        assert len(office.said(sari, SAID)) == 2
        office.nothing_wrong()
