"""Every call that the adapter makes is one that Telegram takes, by its own published description."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from bot.channels import Outgoing, Upload
from bot.channels import telegram as adapter
from bot.channels.commands import COMMANDS
from bot.channels.split import MOST, split, units
from bot.channels.telegram import Telegram
from bot.channels.telegram_shapes import albums, keyboard
from bot.channels.telegram_updates import ALLOWED
from handlers.words import Inbound, Kind
from handlers.words import Person as Sender
from storage.letters import Body
from tests.botapi import BotApi, Group, Person, Shown

SECRET = "rahasia-uji-0123456789"
SARI, BUDI = Person(501, "Sari", "Wulandari", "sariwulan"), Person(502, "Budi")
BUTTONS = (("m:lanjut", "Lanjutkan", ""), ("m:hapus_draf", "Hapus draf", ""), ("m:batal", "Batal, tidak jadi dulu", ""))
LONG = "\n\n".join(f"Bagian {number}." + " Air PDAM mati lagi 😡." * 40 for number in range(12))


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG")
    return out.getvalue()


FILES = {
    "photo": Upload("lampiran-1.jpg", "image", "image/jpeg", jpeg()),
    "video": Upload("lampiran-2.mp4", "video", "video/mp4", b"\0\0\0\x18ftypmp42"),
    "voice": Upload("lampiran-3.ogg", "audio", "audio/ogg", b"OggS"),
    "audio": Upload("lampiran-4.mp3", "audio", "audio/mpeg", b"ID3"),
    "document": Upload("lampiran-5.pdf", "document", "application/pdf", b"%PDF-1.7"),
}


@dataclass
class Desk:
    """The adapter with the Telegram it talks to."""

    api: BotApi
    telegram: Telegram
    group: Group
    forum: Group

    async def send(self, text: str = "Halo", to: Person | Group = SARI, **more: object) -> tuple[str, ...]:
        body = Body(text, choices=more.pop("choices", ()))  # type: ignore[arg-type]
        return await self.telegram.send(Outgoing(str(to.id), body, group=to is not SARI, **more))  # type: ignore[arg-type]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with BotApi() as api:
        telegram = Telegram(api.world.token, api.url, SECRET)
        await telegram.start()
        await api.text(SARI, "/start")
        group, forum = api.new_group("Pelayanan"), api.new_group("Pelayanan", forum=True)
        await api.add_bot(BUDI, group)
        await api.add_bot(BUDI, forum)
        yield Desk(api, telegram, group, forum)
        await telegram.stop()


def sent(desk: Desk, ids: tuple[str, ...], to: Person | Group = SARI) -> list[Shown]:
    """The messages with these ids, in the order in which they stand in the chat."""
    return [message for message in desk.api.messages(to) if str(message.id) in ids]


async def words(desk: Desk) -> None:
    (message,) = sent(desk, await desk.send("Halo <b>Sari</b> & *semua* https://lapor.go.id"))
    assert message.text == "Halo <b>Sari</b> & *semua* https://lapor.go.id"
    assert desk.api.calls[-1].params["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in desk.api.calls[-1].params


async def long_words(desk: Desk) -> None:
    ids = await desk.send(LONG, choices=BUTTONS)
    messages = sent(desk, ids)
    assert len(messages) == len(ids) > 1
    assert "".join("".join(message.text for message in messages).split()) == "".join(LONG.split())
    assert [bool(message.labels) for message in messages] == [False] * (len(messages) - 1) + [True]
    # The first id is that of the message with the buttons.
    assert ids[0] == str(messages[-1].id)


async def emoji(desk: Desk) -> None:
    messages = sent(desk, await desk.send("😡" * 4096))
    assert "".join(message.text for message in messages) == "😡" * 4096


async def buttons(desk: Desk) -> None:
    (message,) = sent(desk, await desk.send(choices=BUTTONS))
    assert [[button.label for button in row] for row in message.rows] == [
        ["Lanjutkan", "Hapus draf"],
        ["Batal, tidak jadi dulu"],
    ]
    assert message.data("Lanjutkan") == "m:lanjut"


async def edit(desk: Desk) -> None:
    (ident,) = await desk.send("📥 Kartu", desk.group, choices=BUTTONS)
    assert await desk.send("📥 Kartu lain", desk.group, edit=ident, choices=BUTTONS[:1]) == (ident,)
    (message,) = sent(desk, (ident,), desk.group)
    assert (message.text, message.labels) == ("📥 Kartu lain", ["Lanjutkan"])
    await desk.send("Selesai", desk.group, edit=ident)
    assert sent(desk, (ident,), desk.group)[0].labels == []


async def reply(desk: Desk) -> None:
    (first,) = await desk.send("📥 Kartu", desk.group)
    (message,) = sent(desk, await desk.send("Pelapor menjawab", desk.group, reply_to=first), desk.group)
    assert str(message.reply_to) == first


async def topic(desk: Desk) -> None:
    opened = await desk.telegram.open_topic(str(desk.forum.id), "LPR-2611-7K3Q-9 · " + "Jalan › " * 40)
    (message,) = sent(desk, await desk.send("📥 Kartu", desk.forum, topic=opened), desk.forum)
    assert str(message.topic) == opened
    ids = await desk.send("", desk.forum, topic=opened, uploads=[FILES["photo"], FILES["voice"]])
    assert {str(each.topic) for each in sent(desk, ids, desk.forum)} == {opened}


def one_file(kind: str) -> Callable[[Desk], Awaitable[None]]:
    async def file(desk: Desk) -> None:
        ids = await desk.send("Lampiran laporan", uploads=[FILES[kind]])
        (message,) = sent(desk, ids)
        assert (message.kind, message.text) == (kind, "Lampiran laporan")
        assert desk.api.world.files[message.file_id].data == FILES[kind].data
        assert [file.name for file in desk.api.calls[-1].files.values()] == [FILES[kind].name]

    return file


async def album(desk: Desk) -> None:
    ids = await desk.send("Lampiran laporan", desk.group, uploads=[FILES["photo"], FILES["video"], FILES["photo"]])
    messages = sent(desk, ids, desk.group)
    assert [(message.kind, message.text) for message in messages] == [
        ("photo", "Lampiran laporan"),
        ("video", ""),
        ("photo", ""),
    ]
    assert desk.api.calls[-1].method == "sendMediaGroup"


async def mixed(desk: Desk) -> None:
    uploads = [*FILES.values(), FILES["document"], FILES["voice"]]
    messages = sent(desk, await desk.send("Lampiran", desk.group, uploads=uploads), desk.group)
    assert sorted(message.kind for message in messages) == sorted([*FILES, "document", "voice"])
    assert [message.text for message in messages if message.text] == ["Lampiran"]


async def acknowledge(desk: Desk) -> None:
    await desk.send(choices=BUTTONS)
    await desk.api.tap(SARI, desk.api.last(SARI), "Lanjutkan")
    (query,) = desk.api.unanswered()
    await desk.telegram.acknowledge(
        Inbound("telegram", "1", Kind.TAP, Sender("501"), datetime(2026, 11, 22, tzinfo=UTC), query=query)
    )
    assert desk.api.unanswered() == []


async def introduce(desk: Desk) -> None:
    await desk.telegram.introduce()
    assert desk.telegram.username == "kentongan_bot"
    menus = [call.params for call in desk.api.calls if call.method == "setMyCommands"]
    assert [
        (menu["scope"]["type"], menu.get("language_code", ""), [each["command"] for each in menu["commands"]])
        for menu in menus
    ] == [
        (f"all_{'private' if scope == 'private' else 'group'}_chats", language, [word for word, _ in commands])
        for scope, language, commands in COMMANDS
    ]


async def webhook(desk: Desk) -> None:
    await desk.telegram.listen_at("https://lapor.contoh.go.id/hook/telegram")
    assert desk.api.webhook == ("https://lapor.contoh.go.id/hook/telegram", SECRET)
    assert desk.api.delivery.allowed == set(ALLOWED)
    url, waiting, complaint = await desk.telegram.webhook_status()
    assert (url, waiting, complaint) == ("https://lapor.contoh.go.id/hook/telegram", len(desk.api.delivery.pending), "")
    await desk.telegram.stop_webhook()
    assert desk.api.webhook is None
    assert len(desk.api.delivery.pending) == waiting > 0


async def poll(desk: Desk) -> None:
    found = await desk.telegram.poll(0, 0)
    assert [event.kind for _, event in found if event] == [Kind.TEXT, Kind.JOINED, Kind.JOINED]
    assert len(found) == len(desk.api.delivery.pending)
    assert await desk.telegram.poll(found[-1][0], 0) == []


async def fetch(desk: Desk) -> None:
    await desk.api.document(SARI, "surat keterangan.pdf", "application/pdf", b"%PDF-1.7 isi")
    ((_, event),) = (await desk.telegram.poll(0, 0))[-1:]
    assert event is not None
    assert event.file is not None
    assert await desk.telegram.fetch(event.file.ref) == b"%PDF-1.7 isi"


CASES: dict[str, tuple[Callable[[Desk], Awaitable[None]], set[str]]] = {
    "words": (words, {"sendMessage"}),
    "long words": (long_words, {"sendMessage"}),
    "emoji": (emoji, {"sendMessage"}),
    "buttons": (buttons, {"sendMessage"}),
    "edit": (edit, {"sendMessage", "editMessageText"}),
    "reply": (reply, {"sendMessage"}),
    "topic": (topic, {"createForumTopic", "sendMessage", "sendPhoto", "sendVoice"}),
    **{kind: (one_file(kind), {f"send{kind.capitalize()}"}) for kind in FILES},
    "album": (album, {"sendMediaGroup"}),
    "mixed files": (mixed, {"sendMediaGroup", "sendVoice", "sendAudio"}),
    "acknowledge": (acknowledge, {"sendMessage", "answerCallbackQuery"}),
    "introduce": (introduce, {"getMe", "setMyCommands"}),
    "webhook": (webhook, {"setWebhook", "getWebhookInfo", "deleteWebhook"}),
    "poll": (poll, {"getUpdates"}),
    "fetch": (fetch, {"getUpdates", "getFile"}),
}


@pytest.mark.parametrize("name", CASES)
async def test_calls_are_right(desk: Desk, name: str) -> None:
    """A kind of call has its effect, and Telegram objects to nothing in it."""
    case, methods = CASES[name]
    await case(desk)
    assert desk.api.problems == []
    assert {call.method for call in desk.api.calls} == methods


def _called(node: ast.AST) -> str:
    """The method of the Bot API that a piece of the adapter calls, if it calls one."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        of, name = ast.unparse(node.func.value), node.func.attr
        if of == "self.bot":
            head, *rest = name.split("_")
            return head + "".join(word.capitalize() for word in rest)
        if name == "_call" and isinstance(node.args[0], ast.Constant):
            return str(node.args[0].value)
    if isinstance(node, ast.BinOp) and ast.unparse(node.left) == "self._calls" and isinstance(node.right, ast.Constant):
        return str(node.right.value)
    return ""


def test_no_call_is_forgotten() -> None:
    """The table above drives every method of the Bot API that the adapter can call."""
    source = Path(adapter.__file__).read_text(encoding="utf-8")
    called = {_called(node) for node in ast.walk(ast.parse(source))} - {""}
    assert called == set().union(*(methods for _, methods in CASES.values()))


def test_parts_of_long_words() -> None:
    """Long words are cut between words, within Telegram's count of an emoji as two."""
    parts = split(LONG)
    assert max(map(units, parts)) <= MOST
    assert all(re.match(r"\S", part) and re.search(r"\S$", part) for part in parts)
    assert " ".join(" ".join(parts).split()) == " ".join(LONG.split())
    assert split("😡" * 4096)[0] == "😡" * (MOST // 2)
    assert split("") == [""]


def test_rows_of_buttons() -> None:
    """Two short buttons share a row, a long one stands alone, and order is kept."""
    choices = [(str(number), label, "") for number, label in enumerate(["Ya", "Tidak", "L" * 17, "Batal", "Ubah", "X"])]
    rows = [[button["text"] for button in row] for row in keyboard(choices)["inline_keyboard"]]
    assert rows == [["Ya", "Tidak"], ["L" * 17], ["Batal", "Ubah"], ["X"]]


def test_files_that_stand_together() -> None:
    """An album holds up to ten of one class; voice notes stand alone."""
    photos = [FILES["photo"]] * 12
    assert [len(group) for group in albums([*photos, FILES["voice"], FILES["voice"]])] == [10, 2, 1, 1]
