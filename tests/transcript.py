"""Transcripts: whole conversations as text that anyone can read, played and compared line by line.

    # a remark
    Sari> words                      Sari writes to the bot
    Agus @ dputr> words              Agus acts as an officer of dputr: in its group, or in his own chat on WhatsApp
    Sari> [Setuju]                   presses the newest button of that name in that chat
    Sari> (pada "Jalan rusak") [Ambil]   presses it under the newest message with these words
    Sari> (lokasi)  (foto) (foto: words)  (pdf) (video) (suara) (besar) (exe)  (stiker)  (blokir) (buka)
    Sari> (baca)                     opens the chat and reads
    Sari> (balas "Jalan rusak") words    replies to the bot's newest message with these words
    Sari> (ubah "old words") new words   edits what was written
    Sari> (hapus "old words")        deletes it
    Ani @ grup> (tambahkan bot)      makes the bot an administrator of a group
    Ani @ grup> (keluarkan bot)      removes it
    … (kode baru) …                  words with a fresh invitation to the agency in whose chat they are written
    + 3 hari                         time passes (detik, menit, jam, hari)

Lines of the bot follow by themselves: `Sari< …` a message to Sari, `dputr~ …` the new lines of an edited card,
`dputr< 📌 …` the short status in a chat where no card can be edited, `Sarix …` a message that could not be delivered;
`[A] [B]` are buttons, or rows of a list on WhatsApp. Empty lines of a message are left out.

The same file is played on Telegram and on WhatsApp, on each through the platform's own webhooks, adapter and a strict
local server. What holds on one of them only is marked, people's doings too: `{telegram} dputr~ …`. A remark at the top
`# Lewat WhatsApp: Sari, dputr` plays the file once, these on WhatsApp and all others on Telegram (`semua`: everybody).

So that the marks are few, these differences of WhatsApp are not written down:
    `/tugas` is typed there without its slash;
    what the bot writes to all officers of an agency, each in a chat of their own, stands once, as what it answers to
    one who acts; what others get alone stands with their names, `dputr (Rini Astutik)< …`;
    a request for a place has no buttons there: its last line "Atau ketik: kembali / batal" stands as
    `[Kembali] [Batal]`, and who presses one types it;
    a list says below a label what it means: that stands in the message as well, and is written only where it does not;
    a template that only announces what waits for the person to write is opened at once, as people do, and what comes
    then is written; a remark at the top `# Templat terlihat` shows templates and leaves pressing them to the people.

`KENTONGAN_TRANSCRIPTS=write pytest tests/test_transcripts.py` writes them anew; read what changed before you keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from handlers.words import Kind
from tests.stage import FILES, PIN, Stage

UNITS = {"detik": "seconds", "menit": "minutes", "jam": "hours", "hari": "days"}
ACT = re.compile(r"(?P<person>[^@>{]+?)(?: @ (?P<chat>[a-z-]+))?> (?P<what>.*)")
QUOTED = re.compile(r'\((balas|ubah|hapus) "([^"]+)"\) ?(.*)')
DONE = re.compile(r"\((\w+|tambahkan bot|keluarkan bot)(?:: (.*))?\)")
PRESSED = re.compile(r'(?:\(pada "([^"]+)"\) )?\[(.*)\]')


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does in a chat: `verb` is one of the words above, `text` what they write with it.

    `quoted`: words of the message that is meant. `reply`: words of the message they reply to. `file`: the file's name.
    """

    person: str
    chat: str
    verb: str
    text: str = ""
    quoted: str = ""
    reply: str = ""
    file: str = ""


def acted(line: str) -> Act | None:
    """What somebody does in this line; nothing where it is no doing."""
    found = ACT.fullmatch(line)
    if found is None:
        return None
    person, what = found["person"].strip(), found["what"].replace("\\n", "\n")
    chat = found["chat"] or person
    if pressed := PRESSED.fullmatch(what):
        return Act(person, chat, "tekan", pressed[2], pressed[1] or "")
    quoted = QUOTED.fullmatch(what)
    if quoted and quoted[1] != "balas":
        return Act(person, chat, quoted[1], quoted[3], quoted[2])
    return _said(person, chat, quoted[3] if quoted else what, quoted[2] if quoted else "")


def _said(person: str, chat: str, what: str, reply: str) -> Act:
    done = DONE.fullmatch(what)
    name = done[1] if done else ""
    if done and (name in FILES or name.startswith("album")):
        return Act(person, chat, "berkas", done[2] or "", reply=reply, file=name)
    if done and name in ("lokasi", "stiker", "blokir", "buka", "baca", "tambahkan bot", "keluarkan bot"):
        return Act(person, chat, name, done[2] or "", reply=reply)
    return Act(person, chat, "tulis", what, reply=reply)


def passed(line: str) -> timedelta | None:
    """How much time passes in this line."""
    if not line.startswith("+ "):
        return None
    count, unit = line[2:].split()
    return timedelta(**{UNITS[unit]: float(count)})


def is_acted(line: str) -> bool:
    """Whether a line is somebody's doing, a remark, or time: what is kept when the bot's lines are written anew."""
    return not line or line.startswith(("#", "+ ")) or bool(ACT.fullmatch(line))


def play(stage: Stage, lines: list[str]) -> Iterator[str]:
    """The transcript on the neutral stage, with the bot's lines as they come out there."""
    for line in lines:
        if span := passed(line):
            yield line
            yield from stage.wait(span)
        elif act := acted(line):
            yield line
            yield from _done(stage, act)
        elif not line or line.startswith("#"):
            yield line


KINDS = {
    "lokasi": Kind.PLACE,
    "stiker": Kind.UNREADABLE,
    "blokir": Kind.BLOCKED,
    "buka": Kind.UNBLOCKED,
    "tambahkan bot": Kind.JOINED,
    "keluarkan bot": Kind.LEFT,
    "berkas": Kind.FILE,
    "tulis": Kind.TEXT,
}


def _done(stage: Stage, act: Act) -> Iterator[str]:
    person, chat = act.person, act.chat
    if act.verb == "tekan":
        message, choice = stage.button(chat, act.text, act.quoted)
        return stage.send(person, chat, Kind.TAP, tap=choice, message=message)
    if act.verb in ("ubah", "hapus"):
        kind = Kind.EDIT if act.verb == "ubah" else Kind.DELETED
        return stage.send(person, chat, kind, text=act.text, message=stage.written[(chat, act.quoted)])
    if act.verb in ("blokir", "buka"):
        (stage.blocked.add if act.verb == "blokir" else stage.blocked.discard)(chat)
    more: dict[str, object] = {"text": act.text} if act.text or act.verb == "tulis" else {}
    if act.reply:
        more["reply_to"] = stage.message(chat, act.reply)
    if act.verb == "lokasi":
        more["place"] = PIN
    if act.verb == "berkas":
        album = act.file.startswith("album")
        more |= {"file": FILES["foto" if album else act.file], "album": act.file if album else ""}
    return stage.send(person, chat, KINDS[act.verb], **more)
