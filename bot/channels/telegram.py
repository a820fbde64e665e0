"""Telegram: the one place that knows the Bot API, through python-telegram-bot's Bot over our own aiohttp transport."""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import aiohttp
import msgspec
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.channels import Failure, Gone, Moved, Outgoing, Refused, Replan, Retry, Stopped, Upload
from bot.channels.commands import COMMANDS
from bot.channels.split import split
from bot.channels.telegram_shapes import albums, keyboard, proxy_for, reply_to
from bot.channels.telegram_updates import ALLOWED, NAME, Update, read, understood
from handlers.words import Inbound

# A wait comes as a timedelta; without this, each 429 brings a warning that it one day will.
os.environ.setdefault("PTB_TIMEDELTA", "true")
CAPTION = 1024
TOPIC_NAME = 128
CONNECTIONS = 512
# The most that Telegram opens: with a fifth of a second there and back, its usual 40 carry 160 updates a second.
WEBHOOKS = 100
SECONDS = 30.0
PATIENCE = aiohttp.ClientTimeout(total=SECONDS + 5, sock_connect=10)
TopicIsGone = ("message thread not found", "topic_deleted", "topic_id_invalid")
CardIsGone = ("message to edit not found", "message can't be edited", "message_id_invalid")
ReplyIsGone = ("message to be replied not found", "reply message not found", "replied message not found")
NoPhoto = ("photo_invalid_dimensions", "photo_ext_invalid", "image_process_failed", "photo_save_file_invalid")
Unreachable = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "chat_write_forbidden",
)


class _Fields:
    """Parameters as they are: PTB's own container would encode each value on its own, at twice the cost of the call."""

    contains_files = False

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters


class Transport(BaseRequest):
    """The HTTP of python-telegram-bot on aiohttp: JSON where there are no files."""

    def __init__(self, api_url: str, connections: int = CONNECTIONS) -> None:
        self._connections = connections
        self._proxy = proxy_for(api_url)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return SECONDS

    async def initialize(self) -> None:
        connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60)
        self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        assert self._session is not None
        seconds = read_timeout if isinstance(read_timeout, (int, float)) else SECONDS
        # In all, not for each read: that would set a timer anew with everything that arrives.
        timeout = PATIENCE if seconds == SECONDS else aiohttp.ClientTimeout(total=seconds + 5, sock_connect=10)
        try:
            sent = self._session.request(method, url, timeout=timeout, proxy=self._proxy, **_payload(request_data))
            async with sent as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            # The text of the error can hold the address, and the address holds the token.
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            return cast(dict[str, Any], msgspec.json.decode(payload))
        except msgspec.DecodeError:
            # A proxy's HTML page; PTB's own method would log it with a traceback.
            raise TelegramError("no JSON") from None


def _payload(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": msgspec.json.encode(data.parameters), "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


class Telegram:
    """A bot's account on Telegram."""

    name = NAME
    account = ""

    def __init__(self, token: str, api_url: str = "https://api.telegram.org", secret: str = "") -> None:
        self._secret = secret.encode()
        self._request = Transport(api_url)
        self._polling = Transport(api_url, 1)
        self._calls = f"{api_url}/bot{token}/"
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._request,
            get_updates_request=self._polling,
        )
        self.username = ""

    async def start(self) -> None:
        """Opens the connections; says nothing to Telegram yet."""
        await self._request.initialize()
        await self._polling.initialize()

    async def stop(self) -> None:
        await self._request.shutdown()
        await self._polling.shutdown()

    def proven(self, secret: str) -> bool:
        """Whether a webhook carries the secret that we gave Telegram; compared in constant time."""
        return bool(self._secret) and hmac.compare_digest(secret.encode("utf-8", "replace"), self._secret)

    def parse(self, raw: bytes) -> list[Inbound]:
        """The event of an update; raises ValueError where the body is no update."""
        try:
            event = read(raw)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise ValueError(type(error).__name__) from None
        return [event] if event else []

    async def send(self, letter: Outgoing) -> tuple[str, ...]:
        """Delivers a letter: an edit, files, or words with buttons; raises a Failure."""
        try:
            if letter.edit:
                return await self._edit(letter)
            return await (self._files(letter) if letter.uploads else self._words(letter))
        except TelegramError as error:
            raise failure(error) from None

    async def _call(self, method: str, fields: dict[str, Any]) -> Any:
        # Bot.send_message builds and parses objects that nobody reads here: 2.3 times the CPU of the same call.
        return await self._request.post(self._calls + method, cast(RequestData, _Fields(fields)))

    async def _words(self, letter: Outgoing) -> tuple[str, ...]:
        parts = split(letter.body.text)
        sent = []
        for number, part in enumerate(parts, 1):
            fields: dict[str, Any] = {
                "chat_id": int(letter.address),
                "text": part,
                "link_preview_options": {"is_disabled": True},
            }
            if letter.topic:
                fields["message_thread_id"] = int(letter.topic)
            if letter.reply_to:
                fields["reply_parameters"] = reply_to(letter.reply_to)
            if letter.body.choices and number == len(parts):
                fields["reply_markup"] = keyboard(letter.body.choices)
            sent.append(str((await self._call("sendMessage", fields))["message_id"]))
        return tuple(reversed(sent))

    async def _edit(self, letter: Outgoing) -> tuple[str, ...]:
        fields: dict[str, Any] = {
            "chat_id": int(letter.address),
            "message_id": int(letter.edit),
            "text": split(letter.body.text)[0],
            "link_preview_options": {"is_disabled": True},
            "reply_markup": keyboard(letter.body.choices),
        }
        try:
            await self._call("editMessageText", fields)
        except BadRequest as error:
            if "message is not modified" not in error.message.lower():
                raise
        return (letter.edit,)

    async def _files(self, letter: Outgoing) -> tuple[str, ...]:
        sent: list[str] = []
        caption = letter.body.text[:CAPTION] or None
        for group in albums(letter.uploads):
            sent.extend(await self._group(letter, group, caption))
            caption = None
        return tuple(sent)

    async def _group(self, letter: Outgoing, group: Sequence[Upload], caption: str | None) -> list[str]:
        where: dict[str, Any] = {
            "chat_id": int(letter.address),
            "message_thread_id": int(letter.topic) if letter.topic else None,
            "reply_parameters": ReplyParameters(int(letter.reply_to), allow_sending_without_reply=True)
            if letter.reply_to
            else None,
        }
        if len(group) > 1:
            media = [_MEDIA[each.kind](_file(each)) for each in group]
            return [
                str(each.message_id) for each in await self.bot.send_media_group(media=media, caption=caption, **where)
            ]
        file, kind = _file(group[0]), group[0].kind
        if kind == "image":
            return [await self._photo(group[0], caption, where)]
        if kind == "video":
            return [str((await self.bot.send_video(video=file, caption=caption, **where)).message_id)]
        if group[0].mime == "audio/ogg":
            return [str((await self.bot.send_voice(voice=file, caption=caption, **where)).message_id)]
        if kind == "audio":
            return [str((await self.bot.send_audio(audio=file, caption=caption, **where)).message_id)]
        return [str((await self.bot.send_document(document=file, caption=caption, **where)).message_id)]

    async def _photo(self, upload: Upload, caption: str | None, where: dict[str, Any]) -> str:
        """A picture as a photo, or as a document where Telegram takes its shape for no photo."""
        try:
            return str((await self.bot.send_photo(photo=_file(upload), caption=caption, **where)).message_id)
        except BadRequest as error:
            if not any(sign in error.message.lower() for sign in NoPhoto):
                raise
            return str((await self.bot.send_document(document=_file(upload), caption=caption, **where)).message_id)

    async def announce(self, letter: Outgoing) -> tuple[tuple[str, ...], bool]:
        """Telegram takes any letter at any time: the letter itself is sent."""
        return await self.send(letter), True

    async def open_topic(self, address: str, name: str) -> str:
        """Opens a forum topic; raises a Failure."""
        try:
            topic = await self.bot.create_forum_topic(int(address), name[:TOPIC_NAME])
        except TelegramError as error:
            raise failure(error) from None
        return str(topic.message_thread_id)

    async def acknowledge(self, event: Inbound) -> None:
        """Ends the waiting sign on a pressed button; Telegram keeps it turning for a minute otherwise."""
        try:
            await self._call("answerCallbackQuery", {"callback_query_id": event.query})
        except TelegramError as error:
            raise failure(error) from None

    def acknowledgement(self, event: Inbound) -> bytes:
        """The same as the answer to the webhook that brought the event."""
        return msgspec.json.encode({"method": "answerCallbackQuery", "callback_query_id": event.query})

    async def fetch(self, ref: str) -> bytes:
        """A file that somebody sent; raises a Failure."""
        try:
            file = await self.bot.get_file(ref)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise failure(error) from None

    async def who(self) -> str:
        """The bot's name on Telegram; raises a Failure."""
        try:
            return (await self.bot.get_me()).username or ""
        except TelegramError as error:
            raise failure(error) from None

    async def introduce(self) -> None:
        """Asks who we are and sets the command menus of each scope and language; raises a Failure."""
        self.username = await self.who()
        try:
            scopes: dict[str, BotCommandScope] = {
                "private": BotCommandScopeAllPrivateChats(),
                "group": BotCommandScopeAllGroupChats(),
            }
            for scope, language, commands in COMMANDS:
                menu = [BotCommand(word, text) for word, text in commands]
                await self.bot.set_my_commands(menu, scopes[scope], language_code=language or None)
        except TelegramError as error:
            raise failure(error) from None

    async def listen_at(self, url: str) -> None:
        """Tells Telegram where to deliver updates; raises a Failure."""
        try:
            secret = self._secret.decode()
            await self.bot.set_webhook(url, max_connections=WEBHOOKS, allowed_updates=ALLOWED, secret_token=secret)
        except TelegramError as error:
            raise failure(error) from None

    async def stop_webhook(self) -> None:
        """Turns the webhook off, because Telegram allows only one way of delivery; raises a Failure."""
        try:
            await self.bot.delete_webhook()
        except TelegramError as error:
            raise failure(error) from None

    async def poll(self, after: int, seconds: int = 25) -> list[tuple[int, Inbound | None]]:
        """The updates behind this number, waiting for the first one; raises a Failure."""
        fields = {"offset": after + 1, "timeout": seconds, "allowed_updates": ALLOWED}
        try:
            found = await self._polling.post(
                self._calls + "getUpdates", cast(RequestData, _Fields(fields)), read_timeout=seconds + 10
            )
        except TelegramError as error:
            raise failure(error) from None
        return [_polled(each) for each in cast(list[dict[str, Any]], found)]

    async def webhook_status(self) -> tuple[str, int, str]:
        """Where Telegram delivers now, how many updates wait, and its last complaint; raises a Failure."""
        try:
            info = await self.bot.get_webhook_info()
        except TelegramError as error:
            raise failure(error) from None
        return info.url, info.pending_update_count, info.last_error_message or ""


def _polled(raw: dict[str, Any]) -> tuple[int, Inbound | None]:
    try:
        return int(raw["update_id"]), understood(msgspec.convert(raw, Update), lambda: raw["message"].keys())
    except (msgspec.ValidationError, RecursionError):
        return int(raw["update_id"]), None


_MEDIA: dict[str, Any] = {
    "image": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}


def _file(upload: Upload) -> InputFile:
    return InputFile(upload.data, filename=upload.name, attach=True)


def seconds_of(wait: int | timedelta) -> float:
    """A wait in seconds; python-telegram-bot is moving from whole seconds to timedelta."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def failure(error: TelegramError) -> Failure:
    """What an error of Telegram's means for a letter.

    The order matters: BadRequest and TimedOut are NetworkErrors, and a bad request repeated would fail for ever.
    """
    why = error.message.lower()
    if isinstance(error, RetryAfter):
        return Retry("429", seconds_of(error.retry_after))
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, Forbidden):
        return Gone(why)
    if isinstance(error, (Conflict, InvalidToken)):
        return Stopped(why)
    if isinstance(error, BadRequest):
        return _refusal(why)
    return Retry("timeout" if isinstance(error, TimedOut) else "network")


def _refusal(why: str) -> Failure:
    for lost, signs in (("topic", TopicIsGone), ("card", CardIsGone), ("reply", ReplyIsGone)):
        if any(sign in why for sign in signs):
            return Replan(why, lost)
    if "temporarily unavailable" in why:
        return Retry("temporary")
    return Gone(why) if any(sign in why for sign in Unreachable) else Refused(why)
