"""What Telegram refuses, loses or breaks: each has the one right consequence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import error as errors

from bot.channels import Failure, Gone, Moved, Refused, Replan, Retry, Stopped
from bot.channels.telegram import failure
from handlers.officer import UNKNOWN_MESSAGE
from tests.botapi import BotApi, Call, Group, Person, Shown
from tests.office import Office, opened, until

SARI, BUDI, WATI = Person(501, "Sari", "Wulandari", "sariwulan"), Person(502, "Budi"), Person(503, "Wati")
MEANING: list[tuple[errors.TelegramError, type[Failure]]] = [
    (errors.TelegramError("no JSON"), Retry),
    (errors.NetworkError("Bad Gateway"), Retry),
    (errors.TimedOut(), Retry),
    (errors.Forbidden("Forbidden: bot was blocked by the user"), Gone),
    (errors.Forbidden("Forbidden: user is deactivated"), Gone),
    (errors.Forbidden("Forbidden: bot was kicked from the supergroup chat"), Gone),
    (errors.ChatMigrated(-1002345678901), Moved),
    (errors.InvalidToken("Unauthorized"), Stopped),
    (errors.Conflict("Conflict: terminated by other getUpdates request"), Stopped),
    (errors.EndPointNotFound("Not Found"), Retry),
    (errors.PassportDecryptionError("x"), Retry),
    (errors.BadRequest("Bad Request: chat not found"), Gone),
    (errors.BadRequest("Bad Request: message text is empty"), Refused),
    (errors.BadRequest("Bad Request: message to edit not found"), Replan),
    (errors.BadRequest("Bad Request: message thread not found"), Replan),
    (errors.BadRequest("Bad Request: message to be replied not found"), Replan),
    (errors.BadRequest("Bad Request: PEER_ID_INVALID"), Gone),
]


@pytest.mark.parametrize(("error", "meaning"), MEANING, ids=[f"{type(e).__name__}: {e.message}" for e, _ in MEANING])
def test_what_an_error_means(error: errors.TelegramError, meaning: type[Failure]) -> None:
    """Each error of Telegram's says whether a letter is tried again, changed, or given up."""
    assert type(failure(error)) is meaning


def test_every_error_is_judged() -> None:
    """All classes of errors that the library can raise stand in the table above, but the one for waiting."""
    known = {
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.TelegramError)
    }
    assert {type(error) for error, _ in MEANING} == known - {errors.RetryAfter}


def test_waiting_is_as_long_as_asked() -> None:
    """A 429 carries its seconds over."""
    found = failure(errors.RetryAfter(7))
    assert isinstance(found, Retry)
    assert found.after == 7.0


def test_bad_requests_are_network_errors_that_must_not_be_repeated() -> None:
    """A bad request counts as a network error in the library, and yet is none to be tried again."""
    assert issubclass(errors.BadRequest, errors.NetworkError)
    assert issubclass(errors.TimedOut, errors.NetworkError)
    assert not isinstance(failure(errors.BadRequest("Bad Request: can't parse entities")), Retry)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with BotApi() as api, opened(tmp_path, api) as found:
        yield found


def calls(office: Office, method: str, chat: Person | Group, text: str = "") -> list[Call]:
    return [call for call in office.api.calls if (call.method, call.chat) == (method, chat.id) and text in call.text]


def shown(office: Office, text: str, chat: Person | Group = SARI) -> list[Shown]:
    return [message for message in office.api.messages(chat) if text in message.text]


async def test_a_bad_request_is_sent_once(office: Office) -> None:
    """What Telegram will never take is given up at once, and the next letter goes out."""
    await office.says(SARI, "/start")
    office.api.fail("sendMessage", status=400, description="Bad Request: can't parse entities")
    await office.says(SARI, "bantuan")
    assert (await office.says(SARI, "menu")).text.startswith("Mau mulai")
    assert [call.status for call in calls(office, "sendMessage", SARI)] == [200, 400, 200]
    assert await office.count("outbox") == 0


async def test_a_429_is_waited_out(office: Office) -> None:
    """After a 429 nothing is written to that chat before its seconds are over; other chats do not wait."""
    seconds = 2
    await office.says(SARI, "/start")
    office.api.fail("sendMessage", retry_after=seconds, chat=SARI.id)
    await office.api.text(SARI, "bantuan")
    refused = await office.api.wait(lambda call: call.chat == SARI.id, status=429)
    await office.api.text(WATI, "/start")
    again = await office.api.wait(lambda call: call.chat == SARI.id, timeout=seconds + 10)
    wati = next(call for call in office.api.calls if call.chat == WATI.id)
    assert again.at - refused.at >= seconds
    assert wati.at < again.at
    assert len(calls(office, "sendMessage", SARI, "Cara melapor")) == 2


async def test_a_proxy_in_trouble_is_tried_again(office: Office) -> None:
    """A page of HTML with 502 is no answer of Telegram's: the letter is tried again and arrives once."""
    await office.says(SARI, "/start")
    office.api.fail("sendMessage", status=502, html=True)
    assert await office.api.text(SARI, "bantuan") == 200
    await arrives(office, "Cara melapor")
    assert [call.status for call in calls(office, "sendMessage", SARI)] == [200, 502, 200]
    assert len(shown(office, "Cara melapor")) == 1


async def arrives(office: Office, text: str, chat: Person | Group = SARI) -> None:
    """Waits until a message with this text stands in the chat."""
    await until(lambda: shown(office, text, chat))


async def test_a_closed_connection(office: Office) -> None:
    """A connection that breaks before the work is done costs nothing: the letter arrives once."""
    await office.says(SARI, "/start")
    office.api.fail("sendMessage", close=True)
    assert await office.api.text(SARI, "bantuan") == 200
    await arrives(office, "Cara melapor")
    await office.settled()
    assert len(shown(office, "Cara melapor")) == 1


async def test_a_connection_closed_after_the_work(office: Office) -> None:
    """Where it cannot be known whether a message was sent it is sent again, and what follows keeps its order."""
    await office.says(SARI, "/start")
    office.api.fail("sendMessage", close_after=True)
    assert await office.api.text(SARI, "bantuan") == 200
    assert await office.api.text(SARI, "lapor") == 200
    await arrives(office, "Sebelum lanjut")
    texts = [message.text[:12] for message in office.api.messages(SARI)]
    assert texts[-1].startswith("Sebelum")
    assert 1 <= texts.count("Cara melapor") <= 2
    assert len(shown(office, "Sebelum lanjut")) == 1


async def test_an_edit_that_was_made_counts_as_made(office: Office) -> None:
    """An edit whose answer was lost is repeated, and *message is not modified* then means that all is well."""
    group = await office.group(BUDI)
    number = await office.report(SARI)
    office.api.fail("editMessageText", close_after=True)
    await office.api.tap(BUDI, office.card(group, number), "Ambil")
    await arrives(office, "Petugas: Budi", group)
    await office.api.wait(lambda call: call.method == "editMessageText", status=400)
    await office.settled()
    assert len(shown(office, "📥", group)) == 1
    assert await office.count("outbox") == 0


BLOCKED = [
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
    (400, "Bad Request: chat not found"),
]


@pytest.mark.parametrize(("status", "said"), BLOCKED)
async def test_a_reporter_who_cannot_be_reached(office: Office, status: int, said: str) -> None:
    """The officer is told that the answer did not arrive, and the reporter is marked until heard of again."""
    group = await office.group(BUDI)
    number = await office.report(SARI)
    office.api.fail("sendMessage", status=status, description=said, chat=SARI.id)
    await office.answers(BUDI, group, number, "Sudah kami tambal.")
    await arrives(office, "tidak sampai", group)
    assert len(calls(office, "sendMessage", SARI, "Sudah kami tambal")) == 1
    assert await blocked(office) == 1
    await office.writes(BUDI, group, f"/tiket {number}")
    assert "1 gagal" in office.api.last(group).text
    await office.says(SARI, "menu")
    assert await blocked(office) == 0


async def blocked(office: Office) -> int:
    query = "select count(*) from contacts where blocked"
    return int(await office.app.database.read(lambda c: c.exec_driver_sql(query).scalar_one()))


async def test_blocking_and_unblocking(office: Office) -> None:
    """Who blocks the bot is marked by the notice of it, and no longer after unblocking."""
    await office.says(SARI, "/start")
    assert await office.api.block(SARI) == 200
    assert await blocked(office) == 1
    assert await office.api.unblock(SARI) == 200
    assert await blocked(office) == 0


async def moved(office: Office, group: Group, tell: bool) -> Group:
    """The group becomes a supergroup; whether the bot is told, or finds out when it writes."""
    hook = office.api.webhook
    office.api.webhook = hook if tell else None
    new = await office.api.migrate(group)
    office.api.webhook = hook
    return new


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_migrated(office: Office, told: bool) -> None:
    """After a migration cards go to the new address, whether the bot was told of it or finds out."""
    group = await office.group(BUDI)
    await office.report(SARI)
    new = await moved(office, group, told)
    number = await office.report(WATI)
    await arrives(office, number, new)
    await office.answers(BUDI, new, number, "Sudah kami tambal.")
    assert "Sudah kami tambal" in office.api.last(WATI).text


async def test_a_migration_that_is_told_late(office: Office) -> None:
    """The notice of a migration that was found out before changes nothing any more."""
    group = await office.group(BUDI)
    new = await moved(office, group, tell=False)
    number = await office.report(SARI)
    await arrives(office, number, new)
    assert set(await office.api.redeliver()) == {200}
    await office.api.tap(BUDI, office.card(new, number), "Ambil")
    await arrives(office, "Petugas: Budi", new)
    assert len(shown(office, "📥", new)) == 1


async def test_a_migrated_group_that_spoke_first(office: Office) -> None:
    """A new address that was heard of before the migration was known is taken over all the same."""
    group = await office.group(BUDI)
    new = await moved(office, group, tell=False)
    await office.writes(BUDI, group=new, text="/bantuan")
    assert await office.api.text(SARI, "/start") == 200
    number = await office.report(SARI)
    await arrives(office, number, new)
    assert len(calls(office, "sendMessage", group, number)) <= 2


async def test_old_message_ids_are_void_after_a_migration(office: Office) -> None:
    """A card of the old group is not looked for under its id in the new one, where another message has it."""
    group = await office.group(BUDI)
    number = await office.report(SARI)
    old = office.card(group, number).id
    new = await moved(office, group, tell=True)
    while len(office.api.world.rooms[new.id].messages) < old - 1:
        await office.api.group_text(BUDI, new, "pesan lain")
    other = await office.report(WATI)
    assert office.card(new, other).id == old
    await office.writes(BUDI, new, f"/tiket {number}")
    await office.api.tap(BUDI, office.api.last(new), "Ambil")
    await arrives(office, "Petugas: Budi", new)
    assert next(each for each in office.api.messages(new) if each.id == old).text.startswith(f"📥 {other}")


async def test_old_replies_are_void_after_a_migration(office: Office) -> None:
    """A reply in the new group is never taken for one to the message that had its id in the old group."""
    group = await office.group(BUDI)
    number = await office.report(SARI)
    old = office.card(group, number).id
    new = await moved(office, group, tell=True)
    while len(office.api.world.rooms[new.id].messages) < old:
        await office.writes(BUDI, new, "/bantuan")
    target = next(each for each in office.api.messages(new) if each.id == old)
    before = len(office.api.messages(new))
    await office.writes(BUDI, new, "Terima kasih, sudah jelas.", reply_to=target)
    (answer,) = [message.text for message in office.api.messages(new)[before:]]
    assert answer == UNKNOWN_MESSAGE.source


async def test_a_deleted_topic(office: Office) -> None:
    """What was to be said in a deleted topic is said all the same, and the next change opens a new one with a card."""
    group = await office.group(BUDI, forum=True)
    number = await office.report(SARI)
    topic = office.card(group, number).topic
    assert topic is not None
    office.api.drop_topic(group, topic)
    await office.api.text(SARI, "Sekarang dua lubang, mohon segera", reply_to=office.api.last(SARI))
    await arrives(office, "Sekarang dua lubang", group)
    await office.writes(BUDI, group, f"/tiket {number}")
    await office.api.tap(BUDI, office.api.last(group), "Ambil")
    await office.api.wait(lambda call: call.method == "createForumTopic")
    await arrives(office, "Petugas: Budi", group)
    assert office.card(group, number).topic not in (None, topic)


async def test_a_deleted_card(office: Office) -> None:
    """A card that somebody deleted is written anew, and replies to the new one reach the reporter."""
    group = await office.group(BUDI)
    number = await office.report(SARI)
    card = office.card(group, number)
    del office.api.world.rooms[group.id].messages[card.id]
    await office.api.tap(BUDI, card, "Ambil")
    await arrives(office, "Petugas: Budi", group)
    assert office.card(group, number).id != card.id
    await office.answers(BUDI, group, number, "Sudah kami tambal.")
    assert "Sudah kami tambal" in office.api.last(SARI).text


async def test_a_deleted_question(office: Office) -> None:
    """An answer to a message that was deleted meanwhile is written without the reply."""
    group = await office.group(BUDI, forum=True)
    office.api.fail(
        "sendMessage", status=400, description="Bad Request: message to be replied not found", chat=group.id
    )
    assert (await office.writes(BUDI, group, "/tugas")).text.startswith("Tidak ada laporan")
    assert "reply_parameters" not in calls(office, "sendMessage", group)[-1].params


async def test_a_stopped_account(office: Office) -> None:
    """A refused token holds all letters back and loses none."""
    await office.says(SARI, "/start")
    office.api.fail("sendMessage", status=401, description="Unauthorized")
    assert await office.api.text(SARI, "bantuan") == 200
    await office.api.wait(lambda call: call.chat == SARI.id, status=401)
    assert await office.api.text(WATI, "/start") == 200
    await asyncio.sleep(0.3)
    assert await office.count("outbox") == 2
    assert len(calls(office, "sendMessage", WATI)) == 0
