"""The local Bot API is as strict as Telegram, and the updates it sends are complete."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests import spec
from tests.botapi import BotApi, Group, Person
from tests.botapi_bot import SECRET, Bot, running
from tests.botapi_methods import METHODS
from tests.spec_shapes import METHODS as DESCRIBED

SARI = Person(501, "Sari", "Wulandari", "sariwulan")
BUDI = Person(502, "Budi")
MARKUP = {
    "inline_keyboard": [
        [{"text": "Setuju", "callback_data": "a1"}],
        [{"text": "Batal", "callback_data": "a2"}],
    ]
}


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with running(api) as program:
        yield program


async def forum(api: BotApi) -> Group:
    group = api.new_group("Dinas PUPR", forum=True)
    await api.add_bot(BUDI, group)
    return group


async def test_all_described_methods_work() -> None:
    """The server answers every method of its description and no other."""
    here = {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}
    assert METHODS.keys() | here == DESCRIBED.keys()


async def test_what_people_send_is_complete(api: BotApi, bot: Bot) -> None:
    """Every message, edit and tap of a person has all that Telegram's description demands."""
    await api.text(SARI, "/start abc")
    shown = await bot.ok("sendMessage", chat_id=SARI.id, text="Halo", reply_markup=MARKUP)
    await api.tap(SARI, shown["message_id"], "Setuju")
    await api.photo(SARI, "lubang", album="7")
    await api.document(SARI, "surat.pdf", "application/pdf", b"%PDF")
    for send in (api.voice, api.video, api.sticker):
        await send(SARI)
    await api.contact(SARI, "+628123")
    await api.location(SARI, -6.2, 106.8)
    await api.edit(SARI, 1, "/start xyz")
    await api.forwarded(SARI, "kata orang", BUDI)
    await api.forwarded(SARI, "kata orang")
    assert complete(api, bot) == 12


async def test_what_happens_to_chats_is_complete(api: BotApi, bot: Bot) -> None:
    """Every change of a group or of the bot's place in it has all that Telegram's description demands."""
    group = await forum(api)
    topic = await api.new_topic(BUDI, group, "Umum")
    await api.group_text(BUDI, group, "siap", topic=topic)
    await api.poll(BUDI, "Setuju?", ["Ya", "Tidak"], group=group)
    plain = api.new_group("RT 5")
    await api.add_bot(BUDI, plain)
    await api.migrate(plain)
    for act in (
        api.block(SARI),
        api.unblock(SARI),
        api.promote(BUDI, group, admin=False),
        api.remove_bot(BUDI, group),
    ):
        assert await act == 200
    assert complete(api, bot) == 13


def complete(api: BotApi, bot: Bot) -> int:
    """How many updates came, when all came with the secret and with nothing missing or unknown."""
    assert [spec.type_problems("Update", update) for update in bot.updates] == [[]] * len(bot.updates)
    assert set(bot.secrets) == {SECRET}
    assert bot.updates == api.updates
    return len(bot.updates)


async def test_results_are_complete(api: BotApi, bot: Bot) -> None:
    """What the methods answer has the type Telegram's description names."""
    group = await forum(api)
    await api.text(SARI, "/start")
    here = {"chat_id": SARI.id}
    sent = await bot.ok("sendMessage", **here, text="Halo", reply_markup=MARKUP)
    answers = [
        ("Message", sent),
        ("User", await bot.ok("getMe")),
        ("ChatFullInfo", await bot.ok("getChat", **here)),
    ]
    answers.append(("Message", await bot.ok("sendPoll", **here, question="?", options=[{"text": "a"}, {"text": "b"}])))
    answers.append(("Message", await bot.ok("sendLocation", **here, latitude=-6.2, longitude=106.8)))
    answers.append(("ForumTopic", await bot.ok("createForumTopic", chat_id=group.id, name="#1")))
    answers.append(("ChatMember", await bot.ok("getChatMember", chat_id=group.id, user_id=api.world.bot["id"])))
    answers.append(("WebhookInfo", await bot.ok("getWebhookInfo")))
    answers += [("ChatMember", one) for one in await bot.ok("getChatAdministrators", chat_id=group.id)]
    assert [spec.type_problems(name, value) for name, value in answers] == [[]] * len(answers)
    assert api.problems == []


async def test_messages_show_edits(api: BotApi, bot: Bot) -> None:
    """A chat shows each message as last edited, and none that was deleted."""
    await api.text(SARI, "/start")
    here = {
        "chat_id": SARI.id,
        "message_id": (await bot.ok("sendMessage", chat_id=SARI.id, text="satu"))["message_id"],
    }
    await bot.ok("editMessageText", **here, text="dua", reply_markup=MARKUP)
    assert [(one.text, one.labels) for one in api.messages(SARI)] == [("dua", ["Setuju", "Batal"])]
    assert "not modified" in await bot.refused("editMessageText", **here, text="dua", reply_markup=MARKUP)
    await bot.ok("editMessageText", **here, text="dua")
    assert api.last(SARI).labels == []
    await bot.ok("deleteMessage", **here)
    assert api.messages(SARI) == []
    assert "message to edit not found" in await bot.refused("editMessageText", **here, text="tiga")
    assert "message to delete not found" in await bot.refused("deleteMessage", **here)


async def test_strangers_and_blockers_are_refused(api: BotApi, bot: Bot) -> None:
    """The bot can write only to people who started it and have not blocked it."""
    assert await bot.refused("sendMessage", chat_id=999, text="x") == "Bad Request: chat not found"
    await api.text(SARI, "/start")
    assert await api.block(SARI) == 200
    assert "blocked by the user" in await bot.refused("sendMessage", chat_id=SARI.id, text="x")
    await api.unblock(SARI)
    await bot.ok("sendMessage", chat_id=SARI.id, text="x")
    assert api.violations == []
    assert len(api.problems) == 2


async def test_taps_carry_the_data_of_their_button(api: BotApi, bot: Bot) -> None:
    """A tap is found by the beginning of its label, and only real taps can be answered."""
    await api.text(SARI, "/start")
    await bot.ok("sendMessage", chat_id=SARI.id, text="Setuju?", reply_markup=MARKUP)
    shown = api.last(SARI)
    await bot.ok("deleteMessage", chat_id=SARI.id, message_id=shown.id)
    assert await api.tap(SARI, shown, "Bat") == 200
    query = bot.updates[-1]["callback_query"]
    assert query["data"] == "a2"
    assert api.unanswered() == [query["id"]]
    await bot.ok("answerCallbackQuery", callback_query_id=query["id"])
    assert api.unanswered() == []
    assert "query is too old" in await bot.refused("answerCallbackQuery", callback_query_id="1")
