"""The simulator in a real browser: a report from the first word to the rating, by mouse, by keyboard and by itself."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.web.screen import ARGUMENTS, CHROMIUM, ROOT, Demo, Opened, Screen

STORY = "Lampu jalan di depan SDN 2 Kutorenon mati sejak Senin, anak-anak pulang mengaji dalam gelap."
WAIT = 30_000
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium: apt-get install chromium, or set KENTONGAN_CHROMIUM")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    made = Demo(tmp_path_factory.mktemp("demo"), port)
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, demo: Demo) -> Iterator[Opened]:
    """Opens the simulator at a size; at the end of the test no console has complained."""
    screens: list[Screen] = []

    def opened(width: int = 1440, height: int = 900, **more: Any) -> Screen:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="id-ID", **more)
        context.set_default_timeout(WAIT)
        screen = Screen(context.new_page())
        screens.append(screen)
        screen.watch()
        screen.page.goto(f"{demo.address}/simulator")
        expect(screen.page.locator("#chats .row").first).to_be_attached()
        return screen

    expect.set_options(timeout=WAIT)
    yield opened
    for screen in screens:
        screen.page.context.close()
    assert [screen.complaints for screen in screens if screen.complaints] == []


def report(screen: Screen, story: str = STORY) -> str:
    """Tells a report by mouse, from the greeting to *Kirim*; gives its number."""
    screen.page.get_by_role("button", name="Mulai", exact=True).click()
    screen.tap("Buat laporan")
    screen.tap("Setuju")
    screen.tell(story)
    for label in ("Selesai bercerita", "Benar"):
        screen.tap(label)
    expect(screen.fresh().last).to_be_visible()
    screen.pane("reporter").get_by_role("button", name="Kirim lokasi").click()
    screen.page.get_by_role("button", name="Kirim lokasi ini").click()
    for label in ("Benar", "Kemarin", "Lewati", "Biasa", "Kirim"):
        screen.tap(label)
    return screen.fresh(".number").first.inner_text()


def test_a_whole_report_is_told_answered_and_rated_by_clicking(open_page: Opened) -> None:
    """A reporter tells, an officer takes and answers it in the agency's group, the reporter rates it: it is done."""
    screen = open_page()
    expect(screen.page.get_by_text("contoh", exact=True)).to_be_visible()
    expect(screen.pane("office").locator("article.message")).to_have_count(0)
    number = report(screen)
    screen.press("Ambil", f"📥 {number}")
    screen.heard("office", "Petugas: Hari Santoso")
    screen.press("Jawab", f"📥 {number}")
    screen.heard("office", "Hari Santoso, tulis jawaban")
    screen.write("office", "Lampunya sudah kami ganti sore ini. Terima kasih.")
    screen.press("Kirim ke pelapor", number)
    for label in ("Sudah teratasi", "5 ★ Sangat puas", "Lewati"):
        screen.tap(label)
    screen.heard("office", "★★★★★")
    screen.tell(number.lower())
    expect(screen.fresh().last).to_contain_text("Status: Selesai")


def test_files_are_taken_or_refused_in_words(open_page: Opened, tmp_path: Path) -> None:
    """A photo of nearly 10 MB is taken; a larger one, and a kind that is not accepted, are refused with the reason."""
    screen = open_page()
    screen.open_chat("warga-3")
    screen.page.get_by_role("button", name="Mulai", exact=True).click()
    screen.tell(STORY)
    for label in ("Setuju", "Selesai bercerita", "Saya tidak tahu"):
        screen.tap(label)
    screen.tell("Jalan desa Kutorenon, Kecamatan Sukodono")
    for label in ("Benar", "Hari ini"):
        screen.tap(label)
    expect(screen.fresh().last).to_contain_text("foto")
    for name, size, words in (
        ("surat.exe", 100, "Jenis berkas ini tidak dapat kami terima"),
        ("besar.jpg", 12_000_000, "terlalu besar (12 MB)"),
        ("foto.jpg", 9_900_000, "Berkas ke-1 diterima"),
    ):
        attach(screen, tmp_path / name, size)
        screen.tell("")
        expect(screen.fresh().last).to_contain_text(words)
    attach(screen, tmp_path / "film.mp4", 20_000_001)
    expect(screen.page.get_by_text("film.mp4 terlalu besar. Paling besar 20 MB.")).to_be_visible()


def attach(screen: Screen, path: Path, size: int) -> None:
    path.write_bytes(bytes(size))
    screen.pane("reporter").locator("input[type=file]").set_input_files(path)


def test_a_report_can_be_told_with_the_keyboard_alone(open_page: Opened) -> None:
    """Tab, Enter and typing lead from the list of chats to a sent report, past buttons, dialogs and the composer."""
    screen = open_page()
    page, keys = screen.page, screen.page.keyboard
    tab_to(screen, "Sutrisno. Mulai melapor di sini")
    keys.press("Enter")
    tab_to(screen, "Mulai", back=True)
    keys.press("Enter")
    expect(screen.fresh(".choice").last).to_be_visible()
    tab_to(screen, "Buat laporan", back=True)
    keys.press("Enter")
    expect(screen.pane("reporter").locator("article.message.out")).to_have_count(2)
    for words in ("setuju", STORY, "selesai", "1", "lampu jalan mati"):
        type_on(screen, words)
    expect(screen.fresh().last).to_be_visible()
    tab_to(screen, "Kirim lokasi", back=True)
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(screen.pane("reporter").locator("article.message.out .place")).to_be_visible()
    for words in ("benar", "ya", "kemarin", "lewati", "biasa", "kirim"):
        type_on(screen, words)
    expect(screen.fresh(".number").first).to_be_visible()


def type_on(screen: Screen, words: str) -> None:
    """Waits for the bot, walks to the field and types."""
    expect(screen.fresh().last).to_be_visible()
    own = screen.pane("reporter").locator("article.message.out[data-id]")
    before = own.count()
    tab_to(screen, "Tulis pesan")
    screen.page.keyboard.type(words)
    screen.page.keyboard.press("Enter")
    expect(own).to_have_count(before + 1)


def tab_to(screen: Screen, name: str, back: bool = False) -> None:
    """Walks with Tab until the focus is on what bears this name."""
    said = "(a => a.getAttribute('aria-label') || a.textContent)(document.activeElement)"
    for _ in range(80):
        if screen.page.evaluate(said) == name:
            return
        screen.page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not lead to {name}")


def test_nothing_is_wider_than_a_small_phone(open_page: Opened) -> None:
    """At 360 pixels the list, a reporter's chat, a group, and the dialog of places need no scrolling sideways."""
    screen = open_page(360, 720, has_touch=True)
    no_wider(screen)
    screen.open_chat("warga-1")
    expect(screen.pane("reporter")).to_be_visible()
    screen.write("reporter", "LPR-2611-7K3Q-9 https://contoh.id/" + "a" * 300)
    no_wider(screen)
    screen.pane("reporter").get_by_role("button", name="Kirim lokasi").click()
    no_wider(screen)
    screen.page.keyboard.press("Escape")
    screen.page.get_by_role("button", name="Kembali ke daftar obrolan").first.click()
    screen.open_chat("dputr")
    expect(screen.pane("office")).to_be_visible()
    no_wider(screen)


def no_wider(screen: Screen) -> None:
    wide = screen.page.evaluate(
        "[document.documentElement, ...document.querySelectorAll('.scroller, .head, .composer, dialog')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className || e.tagName)"
    )
    assert wide == []
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_killed_office_comes_back_with_everything(open_page: Opened, demo: Demo) -> None:
    """After kill -9 and a new start the open page goes on by itself: nothing is lost, nothing is doubled."""
    screen = open_page()
    screen.open_chat("warga-4")
    number = report(screen, "Lampu jalan di pertigaan Desa Labruk mati total, sudah ada yang terjatuh.")
    screen.heard("office", f"📥 {number}")
    counts = [screen.pane(pane).locator("article.message").count() for pane in ("reporter", "office")]
    demo.kill()
    expect(screen.page.locator("#lost")).to_be_visible()
    demo.start()
    expect(screen.page.locator("#lost")).to_be_hidden()
    assert counts == [screen.pane(pane).locator("article.message").count() for pane in ("reporter", "office")]
    screen.pane("office").get_by_text("Nur Hidayah", exact=True).last.click()
    expect(screen.pane("office").get_by_role("radio", name="Nur Hidayah")).to_be_checked()
    card = screen.heard("office", f"📥 {number}")
    card.locator(".bubble").hover()
    card.get_by_role("button", name="Balas").click()
    screen.write("office", "Sudah kami gnti.")
    screen.heard("office", "Sudah kami gnti.")
    own = screen.pane("office").locator("article.message.out", has_text="Sudah kami gnti.").last
    own.locator(".bubble").hover()
    own.get_by_role("button", name="Ubah").click()
    screen.write("office", "Sudah kami ganti.")
    screen.press("Kirim ke pelapor", "“Sudah kami ganti.”")
    screen.heard("reporter", "“Sudah kami ganti.”")
    screen.complaints[:] = [line for line in screen.complaints if "net::ERR_" not in line]


def test_the_story_plays_to_its_end_by_itself(open_page: Opened) -> None:
    """*Putar contoh* tells one report to its summary, with its number and the agency, without being touched."""
    screen = open_page(reduced_motion="reduce")
    page = screen.page
    summary = page.get_by_role("dialog", name="Satu laporan, dari awal sampai selesai")
    play_until(page, summary)
    expect(summary).to_contain_text(re.compile(r"LPR-\d{4}-\w{4}-\w"))
    expect(summary).to_contain_text("Dinas PU")
    summary.get_by_role("button", name="Coba sendiri").click()
    expect(summary).to_be_hidden()
    expect(page.get_by_role("button", name="Putar contoh")).to_be_enabled()


@pytest.mark.skipif(not os.environ.get("KENTONGAN_SCREENSHOT"), reason="KENTONGAN_SCREENSHOT is not set")
def test_the_picture_of_the_readme(open_page: Opened) -> None:
    """The README's picture shows both sides in the middle of the story, and is small enough to load at once."""
    screen = open_page(color_scheme="light")
    play_until(screen.page, screen.page.locator("#story", has_text="Pratinjau dulu"))
    screen.page.get_by_role("button", name="Jeda").click()
    expect(screen.page.locator(".picture img").last).to_have_js_property("complete", True)
    picture = ROOT / "docs" / "simulator.png"
    picture.parent.mkdir(exist_ok=True)
    screen.page.screenshot(path=picture, animations="disabled")
    assert picture.stat().st_size < 400_000


def play_until(page: Page, sign: Locator) -> None:
    """Plays the story, its pauses shortened, until this is to be seen."""
    page.clock.install()
    page.get_by_role("button", name="Putar contoh").click()
    again = page.get_by_role("button", name="Coba lagi")
    for _ in range(5_000):
        if sign.is_visible():
            return
        page.clock.run_for(100)
        if again.is_visible():
            again.click()
    raise AssertionError(page.locator("#story").inner_text())
