"""A demo in a process of its own, and one page of it in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, expect

ROOT = Path(__file__).parents[2]
PLACES = (os.environ.get("KENTONGAN_CHROMIUM"), "/usr/bin/chromium", shutil.which("chromium"))
CHROMIUM = next((path for path in PLACES if path and Path(path).exists()), "")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(slots=True)
class Demo:
    """The demo as a process of its own, which can be killed and started again."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        # Away from the checkout and its settings, so that nothing of a real office is touched.
        own = {name: value for name, value in os.environ.items() if not name.startswith("KENTONGAN_")}
        given = {"KENTONGAN_DATA_DIR": str(self.folder), "KENTONGAN_PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        with (self.folder / "demo.log").open("ab") as log:
            command = [sys.executable, "-m", "bot", "demo"]
            self.process = subprocess.Popen(command, cwd=self.folder, env={**own, **given}, stdout=log, stderr=log)
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "demo.log").read_text()
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/live", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@dataclass  # without slots: Playwright writes a mark on whoever listens
class Screen:
    """One page, the words of its two panes, and what its console complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Writes down from now on what the console complains of."""
        self.page.on("console", self._told)
        self.page.on("pageerror", self._failed)

    def _told(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.complaints.append(line.text)

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    def pane(self, name: str) -> Locator:
        return self.page.locator(f"#{name}")

    def heard(self, pane: str, words: str) -> Locator:
        """The newest message that says this, once it is there."""
        message = self.pane(pane).locator("article.message", has_text=words).last
        expect(message).to_be_visible()
        return message

    def press(self, label: str, words: str = "") -> None:
        """Presses the button that bears this label below the group's newest message that says these words."""
        button = self.page.locator(".choice").filter(has_text=exactly(label))
        self.pane("office").locator("article.message", has=button, has_text=words).last.locator(button).click()

    def fresh(self, what: str = "") -> Locator:
        """What the bot has said to the reporter since the reporter's last words."""
        return self.page.locator(f"#reporter article.message.in:not(:has(~ .message.out)) {what}")

    def tap(self, label: str) -> None:
        """Presses a button of the reporter's, and waits until the chat shows it."""
        button = self.fresh(".choice").filter(has_text=exactly(label)).last
        expect(button).to_be_visible()
        self._own(button.click)

    def tell(self, text: str) -> None:
        """Writes as the reporter, once the bot has spoken."""
        expect(self.fresh().last).to_be_visible()
        self._own(lambda: self.write("reporter", text))

    def _own(self, act: Callable[[], None]) -> None:
        own = self.pane("reporter").locator("article.message.out[data-id]")
        before = own.count()
        act()
        expect(own).to_have_count(before + 1)

    def write(self, pane: str, text: str) -> None:
        self.pane(pane).locator("textarea").fill(text)
        self.pane(pane).locator("textarea").press("Enter")

    def open_chat(self, chat: str) -> None:
        self.page.locator(f"#chats [data-chat={chat}]").click()


def exactly(label: str) -> re.Pattern[str]:
    """A pattern that only the whole label fits."""
    return re.compile(f"^{re.escape(label)}$")


Opened = Callable[..., Screen]
