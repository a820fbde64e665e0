"""The local Bot API fails as it is told, keeps Telegram's rates, and keeps what the bot has not accepted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.botapi import BotApi, Group, Person
from tests.botapi_bot import Bot, running
from tests.botapi_delivery import KEPT, NOBODY
from tests.botapi_updates import JPEG

SARI = Person(501, "Sari", "Wulandari", "sariwulan")
BUDI = Person(502, "Budi")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with running(api) as program:
        yield program


async def group_with_bot(api: BotApi, forum: bool = True, **rights: bool) -> Group:
    group = api.new_group("Dinas PUPR", forum=forum)
    await api.add_bot(BUDI, group, **rights)
    return group


async def test_faults_come_as_often_as_told(api: BotApi, bot: Bot) -> None:
    """A scripted fault hits the next calls of its method, in its chat, and then no more."""
    await api.text(SARI, "/start")
    api.fail("sendMessage", times=2, retry_after=7)
    for _ in range(2):
        answer = await bot.call("sendMessage", chat_id=SARI.id, text="x")
        assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 7})
    await bot.ok("sendMessage", chat_id=SARI.id, text="x")
    api.fail("*", chat=BUDI.id, status=500)
    await bot.ok("sendMessage", chat_id=SARI.id, text="y")
    api.fail("getMe", status=502, html=True)
    async with bot.session.get(f"{api.url}/bot{api.world.token}/getMe") as page:
        assert (page.status, page.content_type) == (502, "text/html")
    assert api.problems == []


async def test_hanging_up_before_and_after_the_work(api: BotApi, bot: Bot) -> None:
    """A connection may break before the message is sent, or when it is already there."""
    await api.text(SARI, "/start")
    for how, messages in (("close", 0), ("close_after", 1)):
        if how == "close":
            api.fail("sendMessage", close=True)
        else:
            api.fail("sendMessage", close_after=True)
        with pytest.raises(aiohttp.ClientConnectionError):
            await bot.call("sendMessage", chat_id=SARI.id, text="x")
        assert len(api.messages(SARI)) == messages
    assert [call.status for call in api.calls] == [0, 200]


async def test_rates_of_telegram() -> None:
    """A person takes three messages at once and then one a second, a group twenty a minute."""
    now = [1000.0]
    async with BotApi(limits=True, clock=lambda: now[0]) as api, running(api) as other:
        await api.text(SARI, "/start")
        sari = [await other.call("sendMessage", chat_id=SARI.id, text="x") for _ in range(4)]
        assert [one["ok"] for one in sari] == [True, True, True, False]
        assert sari[3]["parameters"] == {"retry_after": 1}
        now[0] += 1
        await other.ok("sendMessage", chat_id=SARI.id, text="x")
        group = await group_with_bot(api)
        for _ in range(20):
            await other.ok("sendMessage", chat_id=group.id, text="x")
        refused = await other.call("createForumTopic", chat_id=group.id, name="#1")
        assert refused["parameters"] == {"retry_after": 60}
        now[0] += 60
        await other.ok("createForumTopic", chat_id=group.id, name="#1")


async def test_thirty_messages_a_second_overall() -> None:
    """The thirty-first message of a second is refused, whoever it is for."""
    async with BotApi(limits=True, clock=lambda: 5.0) as api, running(api) as bot:
        people = [Person(number) for number in range(1, 32)]
        for person in people:
            await api.text(person, "/start")
        answers = [await bot.call("sendMessage", chat_id=person.id, text="x") for person in people]
        assert [one["ok"] for one in answers] == [True] * 30 + [False]


async def test_topics_need_a_forum_and_rights(api: BotApi, bot: Bot) -> None:
    """Topics exist in forums only, for a bot with the right to manage them."""
    plain, forum = await group_with_bot(api, forum=False), await group_with_bot(api, manage_topics=False)
    assert "not a forum" in await bot.refused("createForumTopic", chat_id=plain.id, name="#1")
    assert "not enough rights" in await bot.refused("createForumTopic", chat_id=forum.id, name="#1")
    await api.promote(BUDI, forum)
    topic = (await bot.ok("createForumTopic", chat_id=forum.id, name="#1"))["message_thread_id"]
    here = {"chat_id": forum.id, "message_thread_id": topic}
    card = await bot.ok("sendMessage", **here, text="kartu")
    assert card["is_topic_message"]
    await bot.ok("closeForumTopic", **here)
    assert "TOPIC_NOT_MODIFIED" in await bot.refused("closeForumTopic", **here)
    await api.group_text(BUDI, forum, "siap", reply_to=card["message_id"])
    assert bot.updates[-1]["message"]["message_thread_id"] == topic
    other = await api.new_topic(BUDI, forum, "lain")
    reply = {"message_id": card["message_id"], "allow_sending_without_reply": True}
    refused = await bot.refused(
        "sendMessage", chat_id=forum.id, message_thread_id=other, text="x", reply_parameters=reply
    )
    assert "message to be replied not found" in refused
    api.drop_topic(forum, topic)
    assert "message thread not found" in await bot.refused("sendMessage", **here, text="x")


async def test_a_group_that_moved_names_its_new_id(api: BotApi, bot: Bot) -> None:
    """A call to a group that became a supergroup is refused with the new id, where the bot may write."""
    group = await group_with_bot(api, forum=False)
    new = await api.migrate(group)
    answer = await bot.call("sendMessage", chat_id=group.id, text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    await bot.ok("sendMessage", chat_id=new.id, text="x")
    await api.remove_bot(BUDI, new)
    assert "kicked from the supergroup" in await bot.refused("sendMessage", chat_id=new.id, text="x")


async def test_a_bot_without_rights_sees_little_of_a_group(api: BotApi, bot: Bot) -> None:
    """Without admin rights only commands and replies to the bot reach it."""
    group = await group_with_bot(api, admin=False)
    card = await bot.ok("sendMessage", chat_id=group.id, text="kartu")
    assert await api.group_text(BUDI, group, "obrolan") == NOBODY
    assert await api.group_text(BUDI, group, "/tugas@kentongan_bot") == 200
    assert await api.group_text(BUDI, group, "siap", reply_to=card["message_id"]) == 200


async def test_files_come_back_as_they_went(api: BotApi, bot: Bot) -> None:
    """What a person or the bot sent can be fetched again, up to 20 MB."""
    await api.photo(SARI)
    sizes = bot.updates[-1]["message"]["photo"]
    found = await bot.ok("getFile", file_id=sizes[-1]["file_id"])
    async with bot.session.get(f"{api.url}/file/bot{api.world.token}/{found['file_path']}") as answer:
        assert await answer.read() == JPEG
    form = aiohttp.FormData({"chat_id": str(SARI.id), "caption": "bukti"})
    form.add_field("document", b"isi", filename="bukti.pdf", content_type="application/pdf")
    async with bot.session.post(f"{api.url}/bot{api.world.token}/sendDocument", data=form) as answer:
        document = (await answer.json())["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "bukti.pdf",
        "application/pdf",
        3,
    )
    assert api.world.files[document["file_id"]].data == b"isi"
    assert api.calls[-1].files["document"].name == "bukti.pdf"
    await api.document(SARI, "besar.zip", "application/zip", bytes(21 * 1024 * 1024))
    big = bot.updates[-1]["message"]["document"]["file_id"]
    assert "file is too big" in await bot.refused("getFile", file_id=big)
    assert "wrong file identifier" in await bot.refused("sendPhoto", chat_id=SARI.id, photo="AgACtidakada")


async def test_updates_wait_for_a_polling_bot(api: BotApi, bot: Bot) -> None:
    """Without a webhook updates wait until they are asked for and confirmed by the next offset."""
    assert "webhook is active" in await bot.refused("getUpdates")
    await bot.ok("deleteWebhook")
    waiting = asyncio.create_task(bot.ok("getUpdates", timeout=30))
    await asyncio.sleep(0)
    assert await api.text(SARI, "/start") == KEPT
    first = await waiting
    assert [one["message"]["text"] for one in first] == ["/start"]
    assert await bot.ok("getUpdates", offset=first[0]["update_id"]) == first
    assert await bot.ok("getUpdates", offset=first[0]["update_id"] + 1) == []


async def test_a_second_poller_ends_the_first(api: BotApi, bot: Bot) -> None:
    """Of two bots that poll, the earlier one gets a conflict."""
    await bot.ok("deleteWebhook")
    first = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await api.delivery.asked.wait()
    second = asyncio.create_task(bot.ok("getUpdates", timeout=30))
    assert (await first)["error_code"] == 409
    await api.text(SARI, "/start")
    assert len(await second) == 1


async def test_what_the_bot_does_not_accept_is_sent_again(api: BotApi, bot: Bot) -> None:
    """An update answered with an error stays pending and comes again, unchanged and in order."""
    bot.status = 503
    assert [await api.text(SARI, text) for text in ("satu", "dua")] == [503, 503]
    bot.status = 200
    assert await api.redeliver() == [200, 200]
    assert bot.updates[:2] == bot.updates[2:]
    await bot.ok("setWebhook", url="http://127.0.0.1:9/tidak-ada")
    assert await api.text(SARI, "tiga") == NOBODY
    assert (await bot.ok("getWebhookInfo"))["pending_update_count"] == 1
    assert "HTTPS" in await bot.refused("setWebhook", url="http://contoh.id/hook")


async def test_waiting_sees_what_came_since_the_last_update(api: BotApi, bot: Bot) -> None:
    """Waiting finds a call that came already, or one still to come, but none from before the last update."""
    await api.text(SARI, "/start")
    await bot.ok("sendMessage", chat_id=SARI.id, text="satu")
    assert (await api.wait(lambda call: call.text == "satu")).chat == SARI.id
    await api.text(SARI, "lagi")
    with pytest.raises(TimeoutError, match="satu"):
        await api.wait(lambda call: call.text == "satu", timeout=0.01)
    coming = asyncio.create_task(api.wait(lambda call: call.text == "dua"))
    await bot.ok("sendMessage", chat_id=SARI.id, text="dua")
    assert (await coming).result["message_id"] == api.last(SARI).id
