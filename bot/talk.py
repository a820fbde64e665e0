"""The same conversation in the terminal, with the reporter, the agencies' groups and the coordinator."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from bot import demo
from bot.app import App
from bot.channels.simulator import BOT, Message, Posted, Simulator
from bot.config import Config

HELP = """Ketik pesan, atau angka tombol. Perintah terminal:
  :siapa            daftar orang
  :jadi KODE        bicara sebagai orang itu (contoh :jadi dputr-1)
  :balas N PESAN    membalas pesan nomor N
  :lokasi LAT LON   mengirim titik lokasi
  :keluar           berhenti"""


@dataclass(slots=True)
class Terminal:
    """Whose eyes one looks through, and which buttons are on the screen."""

    simulator: Simulator
    chat: str
    person: str
    shown: Message | None = None

    def print(self, message: Message) -> None:
        """A message as lines, its buttons numbered."""
        chat = self.simulator.chats[message.chat]
        place = "" if chat.kind == "reporter" else f" @ {chat.name}"
        print(f"\n[{message.id}] {message.name}{place}:")
        print("   " + message.text.replace("\n", "\n   "))
        for number, choice in enumerate(message.choices, 1):
            print(f"   {number}. [{choice['label']}]")
        for file in message.files:
            print(f"   📎 {file['name']}")
        if message.chat == self.chat and message.choices:
            self.shown = message

    def said(self, line: str) -> Posted | None:
        """What a typed line means for the office; nothing for a command of the terminal itself."""
        if line.startswith(":"):
            return self.command(*line[1:].split(" ", 1))
        shown = self.shown
        if shown and line.isascii() and line.isdigit() and 0 < int(line) <= len(shown.choices):
            choice = shown.choices[int(line) - 1]["id"]
            return Posted(self.chat, self.person, "tap", choice=choice, message=shown.id)
        return Posted(self.chat, self.person, "text", line)

    def command(self, word: str, rest: str = "") -> Posted | None:
        if word == "jadi":
            self.become(rest.strip())
            return None
        if word == "balas" and rest.partition(" ")[0].isdigit():
            number, _, text = rest.partition(" ")
            return Posted(self.chat, self.person, "text", text, reply_to=int(number))
        if word == "lokasi":
            try:
                lat, lon = (float(part) for part in rest.split())
            except ValueError:
                print("Contoh: :lokasi -8.1335 113.2248")
                return None
            return Posted(self.chat, self.person, "place", lat=lat, lon=lon)
        if word == "siapa":
            for chat in self.simulator.chats.values():
                print(f"  {chat.name}: " + ", ".join(f"{each['id']} ({each['name']})" for each in chat.people))
        else:
            print(HELP)
        return None

    def last(self, chat: str) -> Message | None:
        """The newest message of a chat that has buttons."""
        return next((m for m in reversed(self.simulator.messages.values()) if m.chat == chat and m.choices), None)

    def become(self, person: str) -> None:
        for chat in self.simulator.chats.values():
            if any(each["id"] == person for each in chat.people):
                self.chat, self.person, self.shown = chat.id, person, self.last(chat.id)
                print(f"Anda sekarang {self.simulator.person_name(chat.id, person)} di {chat.name}.")
                return
        print("Orang itu tidak ada. Lihat :siapa")


async def converse(config: Config) -> None:
    """Talks until the end of the input."""
    with tempfile.TemporaryDirectory() as folder:
        async with demo.office(replace(config, data_dir=Path(folder), database_url="")) as app:
            assert app.simulator is not None
            terminal = Terminal(app.simulator, "warga-1", "warga-1")
            print(HELP + "\n")
            showing = asyncio.create_task(_show(app, terminal))
            await app.intake.accept(app.simulator.say(Posted("warga-1", "warga-1", "text", "/start")))
            await app.dispatcher.idle()
            await _listen(app, terminal)
            await app.dispatcher.idle()
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)


async def _show(app: App, terminal: Terminal) -> None:
    assert app.simulator is not None
    seen = max(app.simulator.messages, default=0)
    async for _ in app.simulator.listen():
        for ident in sorted(app.simulator.messages):
            if ident > seen and app.simulator.messages[ident].sender == BOT:
                terminal.print(app.simulator.messages[ident])
                seen = ident


async def _listen(app: App, terminal: Terminal) -> None:
    assert app.simulator is not None
    while line := await asyncio.to_thread(sys.stdin.readline):
        line = line.strip()
        if line in (":keluar", ":q"):
            return
        posted = terminal.said(line) if line else None
        if posted is None:
            continue
        try:
            await app.intake.accept(app.simulator.say(posted))
        except ValueError as error:
            print(error)
        # The answer is shown before the next line is read, also when lines come from a file.
        await app.dispatcher.idle()
