"""What people on a platform have before them: the bot's messages as they stand, and what they wrote themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.botapi_updates import JPEG
from tests.stage_page import Said

# A file of each name in transcripts: its type, and bytes that are what they say.
CONTENTS = {
    "foto": ("image/jpeg", JPEG),
    "video": ("video/mp4", b"\0\0\0\x18ftypmp42" + bytes(4_000)),
    "besar": ("video/mp4", b"\0\0\0\x18ftypmp42" + bytes(18_999_988)),
    "suara": ("audio/ogg", b"OggS" + bytes(400)),
    "pdf": ("application/pdf", b"%PDF-1.4"),
    "exe": ("application/x-msdownload", b"MZ" + bytes(5_000)),
}
NAMES = {"pdf": "surat.pdf", "exe": "virus.exe"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that somebody got, or should have got: `before` is what it was until it was edited.

    `to`: the person, or the group's name. `template`: it is a form that the platform approved.
    """

    to: str
    said: Said
    before: Said | None = None
    failed: bool = False
    template: bool = False


@dataclass(slots=True)
class Memory:
    """The messages of all chats, oldest first, by chat and id; `ever`: buttons that a message had once."""

    said: dict[tuple[str, str], Said] = field(default_factory=dict)
    written: dict[tuple[str, str], str] = field(default_factory=dict)
    ever: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def keep(self, chat: str, said: Said) -> Said | None:
        """Keeps a message as it stands now; gives what it was before."""
        before = self.said.get((chat, said.id))
        self.said[(chat, said.id)] = said
        self.ever.update({(chat, label): (said.id, choice) for label, choice in said.buttons})
        return before

    def button(self, chat: str, label: str, fragment: str = "") -> tuple[str, str]:
        """The newest message with this button, or that had it before it was edited, and what pressing it brings."""
        for (where, ident), said in reversed(self.said.items()):
            for shown, choice in said.buttons:
                if where == chat and shown == label and fragment in "\n".join(said.lines):
                    return ident, choice
        if (chat, label) in self.ever and not fragment:
            return self.ever[(chat, label)]
        raise LookupError(f"no button [{label}] in {chat}")

    def message(self, chat: str, fragment: str) -> str:
        """The newest message of the bot with these words in it."""
        for (where, ident), said in reversed(self.said.items()):
            if where == chat and fragment in "\n".join(said.lines):
                return ident
        raise LookupError(f"no message with {fragment!r} in {chat}")
