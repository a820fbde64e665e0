"""The sample office: people and chats of the simulator, and their enrolment by the same way as real ones."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.app import App, running
from bot.channels.simulator import Chat, Posted, Simulator
from bot.config import Config, own_key
from bot.now import now
from handlers.desk import Decree
from handlers.rules.ticket import Role
from storage import facts as stored_facts
from storage.invitations import invite, kept

REPORTERS = "warga"
UNDO_SECONDS = 5
GRACE_SECONDS = 5
DECREE = "188.45/1/2026 (contoh)"


def config_for(config: Config) -> Config:
    """The settings of a sample office: a record, a key and facts of its own, beside those of a real one."""
    folder = config.data_dir / "demo"
    return replace(
        config,
        data_dir=folder,
        database_url="",
        facts=stored_facts.SAMPLE,
        secret_keys=(own_key(folder),),
        telegram_token="",
        whatsapp_token="",
        public_url="",
    )


def chats() -> dict[str, Chat]:
    """The chats of the simulator: each reporter's own, and a group for each agency."""
    folder = stored_facts.sample()
    agencies = list(csv.DictReader((folder / "agencies.csv").read_text(encoding="utf-8").splitlines()))
    people: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader((folder / "people.csv").read_text(encoding="utf-8").splitlines()):
        people.setdefault(row["chat"], []).append({"id": row["code"], "name": row["name"], "role": row["role"]})
    found = {
        person["id"]: Chat(person["id"], "reporter", person["name"], "Warga", [person]) for person in people[REPORTERS]
    }
    for agency in agencies:
        kind = "coordinator" if agency["kind"] == "coordinator" else "agency"
        code = agency["code"]
        found[code] = Chat(code, kind, agency["short"] or agency["name"], agency["name"], people.get(code, []))
    return found


def simulator(folder: Path) -> Simulator:
    """The simulator with what was said in it before."""
    made = Simulator(folder / "simulator", chats(), now)
    made.load()
    return made


@asynccontextmanager
async def office(config: Config) -> AsyncIterator[App]:
    """A running sample office, every group bound and every officer enrolled."""
    config = config_for(config)
    async with running(config, simulator(config.data_dir)) as app:
        await enrol(app)
        yield app


async def enrol(app: App) -> None:
    """Sends an invitation's code from each officer who is not enrolled yet, as a real officer would."""
    assert app.simulator is not None
    if await app.database.read(lambda c: stored_facts.get(c, "demo_enrolled")):
        return
    events = []
    for chat in app.simulator.chats.values():
        if chat.kind == "reporter":
            continue
        for person in chat.people:
            role, decree = Role(person["role"]), Decree(0, chat.id, DECREE)
            code, _ = await app.database.write(
                lambda c, role=role, decree=decree: invite(  # type: ignore[misc]
                    c, app.office.vault, app.office.draw, now(), decree.agency, role, kept(c, decree, now())
                )
            )
            events.extend(app.simulator.say(Posted(chat.id, person["id"], "text", f"/hubungkan {code}")))
    await app.intake.accept(events)
    await app.database.write(lambda c: stored_facts.put(c, "demo_enrolled", "1"))
    await app.dispatcher.idle()
