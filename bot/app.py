"""The wiring: the only place that knows all parts, and builds them top to bottom."""

from __future__ import annotations

import asyncio
import gc
import math
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot import config as settings
from bot import language
from bot.behind import Behind
from bot.channels import Channel, Failure
from bot.channels.simulator import NAME as SIMULATOR
from bot.channels.simulator import Simulator
from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import NAME as TELEGRAM
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_updates import NAME as WHATSAPP
from bot.clock import Clock
from bot.config import Config
from bot.dispatch import Dispatcher
from bot.experience import FILE as EXPERIENCE
from bot.experience import Experience
from bot.fetcher import Fetcher
from bot.intake import Intake
from bot.log import logger
from bot.media import Media
from bot.metrics import Metrics
from bot.now import BELIEVED, Agreed, Steadied, now
from bot.pace import NONE
from bot.pace import TELEGRAM as TELEGRAM_LIMITS
from bot.pace import WHATSAPP as WHATSAPP_LIMITS
from bot.polling import poll
from bot.web.server import Routes, application
from bot.web.simulator import SimulatorRoutes
from handlers.facts import Facts
from storage import facts as stored_facts
from storage.alone import alone
from storage.bell import Bell
from storage.database import Database
from storage.migrate import HEAD, revision
from storage.office import Office
from storage.takeover import ready
from storage.vault import Vault

log = logger("app")


@dataclass(slots=True)
class App:
    """A running office, all its parts built."""

    config: Config
    database: Database
    office: Office
    channels: dict[str, Channel]
    dispatcher: Dispatcher
    intake: Intake
    metrics: Metrics
    media: Media
    fetcher: Fetcher
    now: Callable[[], datetime]
    experience: Experience
    behind: Behind
    telegram: Telegram | None = None
    whatsapp: WhatsApp | None = None
    simulator: Simulator | None = None
    said_ready: bool = False

    async def reload(self) -> None:
        """Takes up facts that another process imported, and what another one learned."""
        version = await self.database.read(stored_facts.version)
        if version != self.office.facts.version:
            facts = await self.database.read(stored_facts.load)
            await asyncio.to_thread(facts.prepare)
            self.office = replace(self.office, facts=facts)
            log.info("facts_loaded", version=version)
        slow = await self.behind.look(self.now())
        if slow != self.office.slow:
            self.office = replace(self.office, slow=slow)
        if await asyncio.to_thread(self.experience.look):
            self.office = replace(self.office, learned=self.experience.artefact)
            _report(self.experience)

    async def problems(self) -> dict[str, str]:
        """What stands in the way of serving; empty when nothing does."""
        try:
            shape = await self.database.read(revision)
        except Exception as error:  # noqa: BLE001 - readiness is asked just when things go wrong
            return {"database": type(error).__name__}
        return {} if shape == HEAD else {"database": "migrations are missing: kentongan migrate"}

    def warnings(self) -> dict[str, str]:
        """What does not stand in the way of serving, but leads to wrong deadlines; empty when nothing does."""
        missing = ", ".join(map(str, self.office.facts.missing(self.now().date())))
        calendar = {"calendar": f"hari libur {missing} belum ada"} if missing else {}
        return {**calendar, **({"routing": self.experience.problem} if self.experience.problem else {})}


def _report(experience: Experience) -> None:
    if experience.problem:
        log.warning("routing_damaged", why=experience.problem)
    elif experience.artefact:
        log.info("routing_loaded", made_at=experience.artefact.made_at.isoformat(), texts=experience.artefact.texts)


async def prepare(config: Config, database: Database, today: date) -> None:
    """Brings the record to its newest shape and fills it with facts where it has none."""
    await database.write(ready)
    without_facts: bool = await database.read(stored_facts.empty)
    if config.facts and without_facts:
        folder = stored_facts.sample() if config.facts == stored_facts.SAMPLE else Path(config.facts)
        rows = stored_facts.read_folder(folder)
        sample = config.facts == stored_facts.SAMPLE
        office = "Kabupaten Lumajang (contoh)" if sample else ""
        await database.write(lambda c: stored_facts.keep_first(c, rows, office, sample))
    await database.write(lambda c: stored_facts.refresh(c, today))


@asynccontextmanager
async def running(
    config: Config,
    simulator: Simulator | None = None,
    now: Callable[[], datetime] = now,
    steady: Callable[[], float] = time.monotonic,
) -> AsyncIterator[App]:
    """Builds an office and lets it deliver; what it listens to is begun by the caller. Raises Occupied.

    `now` is the time, `steady` the seconds by which pauses are measured.
    """
    config.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(config.url, config.database_pool)
    now = now if database.sqlite else Agreed(now)
    async with AsyncExitStack() as stack:
        if database.sqlite:
            await stack.enter_async_context(alone(database.url))
        await database.start()
        stack.push_async_callback(database.stop)
        await prepare(config, database, now().date())
        app = await _build(config, database, simulator, now, steady, stack)
        beat = _clock(app, steady)
        stack.push_async_callback(beat.give_back)
        # Before anything is sent: where the disk is full the start ends here, and nobody is sent a letter twice.
        await beat.beat()
        # The beat is ended last, and then the leases are given back, when what was sent is written down.
        loops = [beat.run(), app.dispatcher.run(), app.fetcher.run()]
        if not database.sqlite:
            database.when_unsure(app.dispatcher.unsure)
            bell = Bell(database.url, app.dispatcher.hear, app.dispatcher.missed)
            app.dispatcher.ring = bell.ring
            loops.append(bell.run())
        for loop in loops:
            stack.push_async_callback(_cancel, [asyncio.create_task(loop)])
        yield app


def _clock(app: App, steady: Callable[[], float]) -> Clock:
    holder, channels, forget = _holder(app.database), tuple(app.channels), app.media.forget
    office = lambda: app.office  # noqa: E731
    given = (app.database, office, app.dispatcher, app.metrics, app.now, holder, channels, app.reload, forget)
    return Clock(*given, steady)


def _holder(database: Database) -> str:
    # One process has the embedded record, so it takes its own lease over after a kill without waiting for its end.
    return "embedded" if database.sqlite else f"{socket.gethostname()[:40]}-{secrets.token_hex(4)}"


async def _build(
    config: Config,
    database: Database,
    simulator: Simulator | None,
    now: Callable[[], datetime],
    steady: Callable[[], float],
    stack: AsyncExitStack,
) -> App:
    experience = Experience(config.data_dir / EXPERIENCE)
    facts = await database.read(stored_facts.load)
    # What a first turn needs is made ready before it: it must not hold up a transaction.
    await asyncio.gather(asyncio.to_thread(facts.prepare), asyncio.to_thread(experience.look))
    _report(experience)
    telegram, whatsapp = _telegram_bot(config), _whatsapp(config)
    for account in (telegram, whatsapp):
        if account:
            await account.start()
            stack.push_async_callback(account.stop)
    all_channels: dict[str, Channel | None] = {TELEGRAM: telegram, WHATSAPP: whatsapp, SIMULATOR: simulator}
    channels = {name: channel for name, channel in all_channels.items() if channel}
    office = _office(config, facts, experience, tuple(channels))
    metrics, media = Metrics(), Media(database, channels, config.data_dir / "blobs")
    limits = {TELEGRAM: TELEGRAM_LIMITS, WHATSAPP: WHATSAPP_LIMITS} if config.rate_limits else {}
    dispatcher = Dispatcher(database, lambda: app.office, channels, media, metrics, now, limits, steady)
    fetcher = Fetcher(database, lambda: app.office, media, dispatcher, now)
    intake = Intake(database, lambda: app.office, dispatcher, metrics, now, fetcher.wake)
    rates = {name: limits.get(name, NONE).account.per_second for name in channels}
    behind = Behind(database, rates, intake.waited)
    given = (config, database, office, channels, dispatcher, intake, metrics, media, fetcher, now, experience, behind)
    app = App(*given, telegram, whatsapp, simulator)
    return app


def _office(config: Config, facts: Facts, experience: Experience, channels: tuple[str, ...]) -> Office:
    return Office(
        vault=Vault(config.secret_keys),
        facts=facts,
        learned=experience.artefact,
        render=language.renderer(language.load()),
        draw=secrets.randbelow,
        undo_for=timedelta(seconds=config.undo_seconds),
        grace=timedelta(seconds=config.grace_seconds),
        channels=channels,
    )


def _telegram_bot(config: Config) -> Telegram | None:
    if not config.telegram_token:
        return None
    return Telegram(config.telegram_token, config.telegram_api_url, config.telegram_webhook_secret)


def _whatsapp(config: Config) -> WhatsApp | None:
    # Without the app's secret anybody could sign.
    if not all(getattr(config, name) for name in settings.WHATSAPP):
        return None
    return WhatsApp(
        config.whatsapp_token,
        config.whatsapp_phone_number_id,
        config.whatsapp_app_secret,
        config.whatsapp_verify_token,
        config.whatsapp_api_url,
    )


def settle_memory() -> None:
    """Looks for cyclic garbage seldom: what was built at the start stays, and looking took a third of a busy CPU."""
    # Of all that a start leaves one part in a hundred is garbage, and finding it takes a tenth of the start.
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()


@asynccontextmanager
async def listening(app: App) -> AsyncIterator[int]:
    """Opens the HTTP side; gives the port."""
    server = application()
    token = app.config.admin_token
    routes = Routes(app.intake, app.metrics, app.problems, app.warnings, app.now, app.telegram, app.whatsapp, token)
    routes.add_to(server)
    if app.simulator:
        SimulatorRoutes(app.simulator, app.intake, lambda: app.office.facts.office).add_to(server)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, app.config.host, app.config.port, backlog=1024)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def introduce(app: App) -> None:
    """Makes Telegram deliver to us; where it cannot be reached now, tries again until it can."""
    assert app.telegram is not None
    wait = 1.0
    while True:
        try:
            if app.config.public_url:
                await app.telegram.listen_at(f"{app.config.public_url}/hook/telegram")
            else:
                await app.telegram.stop_webhook()
            await app.telegram.introduce()
            await app.database.write(lambda c: stored_facts.put(c, "telegram_username", app.telegram.username))  # type: ignore[union-attr]
            return
        except Failure as failure:
            log.warning("telegram_not_reached", why=failure.why, again_in=wait)
            await asyncio.sleep(wait)
            wait = min(60.0, wait * 2)


async def serve(config: Config, stop: asyncio.Event, now: Callable[[], datetime] = now) -> None:
    """Serves real people until it is told to stop."""
    believed = math.inf if config.url.startswith("postgresql") else BELIEVED
    async with running(config, now=Steadied(now, believed=believed)) as app, listening(app) as port:
        settle_memory()
        tasks = [asyncio.create_task(_telegram(app))] if app.telegram else []
        tasks += [asyncio.create_task(_number(app))] if app.whatsapp else []
        log.info("ready", port=port, webhook=bool(config.public_url), agencies=len(app.office.facts.agencies))
        await stop.wait()
        log.info("stopping")
        await _cancel(tasks)


async def _telegram(app: App) -> None:
    assert app.telegram is not None
    await introduce(app)
    if not app.config.public_url:
        await poll(app.telegram, app.intake, app.metrics)


async def _number(app: App) -> None:
    """Asks Meta which number this is: invitations name it. The program serves without it."""
    assert app.whatsapp is not None
    try:
        number, _ = await app.whatsapp.who()
    except Failure as failure:
        log.warning("whatsapp_not_reached", why=failure.why)
        return
    await app.database.write(lambda c: stored_facts.put(c, "whatsapp_number", number))


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
