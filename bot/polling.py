"""Long polling: how a server without a public address listens to Telegram."""

from __future__ import annotations

import asyncio

from bot.channels import Failure, Retry
from bot.channels.telegram import Telegram
from bot.intake import Intake
from bot.log import logger
from bot.metrics import Metrics
from bot.web.server import acknowledge
from handlers.words import Kind

log = logger("polling")
LONGEST = 30.0


async def poll(telegram: Telegram, intake: Intake, metrics: Metrics) -> None:
    """Takes updates until it is cancelled. Telegram forgets an update only when a later one is asked for, and that
    happens only after its turn is committed."""
    done, wait = 0, 1.0
    while True:
        try:
            found = await telegram.poll(done)
            events = [event for _, event in found if event]
            metrics.events.labels("telegram", "ignored").inc(len(found) - len(events))
            if events:
                await intake.accept(events)
            for event in events:
                if event.kind is Kind.TAP and event.query:
                    acknowledge(telegram, event)
            done = max((number for number, _ in found), default=done)
            wait = 1.0
        except Failure as failure:
            pause = failure.after if isinstance(failure, Retry) and failure.after else wait
            log.warning("polling_failed", why=failure.why, again_in=pause)
            await asyncio.sleep(pause)
            wait = min(LONGEST, wait * 2)
        except Exception as error:  # noqa: BLE001 - not committed: the same updates are asked for again
            log.error("not_committed", error=type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(LONGEST, wait * 2)
