"""What a citizen of the load does next, read off the bot's last message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.heard import Heard
from tests.botapi import Button


@dataclass(frozen=True, slots=True)
class Write:
    """The citizen writes this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """The citizen presses this button."""

    button: Button


@dataclass(frozen=True, slots=True)
class Rule:
    """When `seen` is in the message, write `text`, or press the first button whose label `tap` matches."""

    seen: str = ""
    tap: str = ""
    text: str = ""

    def after(self, heard: Heard) -> Write | Press | None:
        """What to do about a message, or nothing when it is not of this kind."""
        if not re.search(self.seen, heard.text, re.IGNORECASE):
            return None
        if self.text:
            return Write(self.text)
        found = (one for one in heard.buttons if one.data and re.match(self.tap, one.label, re.IGNORECASE))
        button = next(found, None)
        return Press(button) if button else None


@dataclass(frozen=True, slots=True)
class Script:
    """The first rule that fits says what to do; a message no rule fits is not the end of a turn."""

    begin: str
    rules: tuple[Rule, ...]

    def after(self, heard: Heard) -> Write | Press | None:
        """What a citizen does about a message of the bot."""
        return next((do for rule in self.rules if (do := rule.after(heard))), None)


REFERENCE = Script(
    "/lapor",
    (
        Rule(seen="sudah tercatat", text="/lapor"),
        Rule(
            seen="Ceritakan",
            text="Jalan di depan pasar berlubang besar dan sudah beberapa kali membuat orang jatuh.",
        ),
        Rule(seen="Di mana", text="Jalan Merdeka, depan Pasar Baru, Kelurahan Sukamaju"),
        Rule(tap="Kirim"),
        Rule(tap="."),
    ),
)
KENTONGAN = Script(
    "/lapor",
    (
        Rule(tap="Setuju"),
        Rule(seen="Kirim sekarang", tap="Kirim"),
        Rule(tap="Selesai bercerita"),
        Rule(seen="Apa yang ingin Anda sampaikan", tap="Pengaduan"),
        Rule(tap="Hari ini"),
        Rule(tap="Benar"),
        Rule(tap="Tidak, laporan baru"),
        Rule(tap="Biasa"),
        Rule(tap="Lewati"),
        Rule(seen="Pilih yang paling dekat", tap="."),
        Rule(seen="Di mana kejadiannya", text="Jalan Merdeka, depan Pasar Baru, Kelurahan Tompokersan, Lumajang"),
        Rule(seen="Nomor: LPR", text="/lapor"),
        Rule(
            seen="Ceritakan apa yang terjadi",
            text="Jalan di depan pasar berlubang besar dan sudah beberapa kali membuat orang jatuh.",
        ),
    ),
)
