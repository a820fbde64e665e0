"""WhatsApp Cloud API: the one place that talks to Meta's Graph."""

from __future__ import annotations

import hmac
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import aiohttp
import msgspec

from bot.channels import Outgoing, Refused, Retry, Upload
from bot.channels import whatsapp_limits as most
from bot.channels.split import split
from bot.channels.telegram_shapes import proxy_for
from bot.channels.whatsapp_errors import KNOWN, MISSHAPEN, TemplateRefused, failure
from bot.channels.whatsapp_shapes import in_words, kind_of, media, messages, mime_of, text
from bot.channels.whatsapp_templates import Template, component, templates_for
from bot.channels.whatsapp_updates import BSUID, NAME, Heard, read
from bot.log import logger
from handlers.files import TOO_LARGE
from handlers.words import Inbound

log = logger("whatsapp")
CONNECTIONS = 64
SECONDS = 30.0
LARGEST_FETCH = 20_000_000
# Meta refuses downloads of media by clients that name none.
HEADERS = {"User-Agent": "Kentongan"}


class WhatsApp:
    """A business number on WhatsApp."""

    name = NAME

    def __init__(
        self,
        token: str,
        phone_number_id: str,
        app_secret: str,
        verify_token: str,
        api_url: str = "https://graph.facebook.com/v23.0",
    ) -> None:
        self.account = phone_number_id
        self._token, self._secret, self._verify = token, app_secret.encode(), verify_token.encode()
        self._api, self._proxy = api_url, proxy_for(api_url)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Opens the connections; says nothing to Meta yet."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60),
            headers={**HEADERS, "Authorization": f"Bearer {self._token}"},
        )

    async def stop(self) -> None:
        if self._session:
            await self._session.close()

    # -- what comes in

    def challenge(self, mode: str, token: str, challenge: str) -> str | None:
        """What proves to Meta that this address is ours; nothing where the token is not the one we gave."""
        right = hmac.compare_digest(token.encode("utf-8", "replace"), self._verify)
        return challenge if right and mode == "subscribe" else None

    def proven(self, signature: str, raw: bytes) -> bool:
        """Whether the body was signed with the app's secret; compared in constant time, before anything is read."""
        # Not hmac.digest: it lets the other threads run first, and waiting for them costs more than the digest.
        wanted = "sha256=" + hmac.new(self._secret, raw, "sha256").hexdigest()
        return hmac.compare_digest(signature.encode("utf-8", "replace"), wanted.encode())

    def hear(self, raw: bytes, arrived: datetime) -> Heard:
        """Everything in a webhook; raises ValueError where the body is none."""
        try:
            return read(raw, self.account, arrived)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise ValueError(type(error).__name__) from None

    # -- what goes out

    async def send(self, letter: Outgoing) -> tuple[str, ...]:
        """Delivers a letter: files, or words with what can be chosen; raises a Failure."""
        if letter.uploads:
            return await self._files(letter)
        try:
            sent = [await self._message(letter, message) for message in messages(letter.body)]
        except Refused as refused:
            if refused.why not in MISSHAPEN or not letter.body.choices:
                raise
            log.error("buttons_refused", why=refused.why)
            sent = [await self._message(letter, message) for message in in_words(letter.body)]
        return tuple(reversed(sent))

    async def announce(self, letter: Outgoing) -> tuple[tuple[str, ...], bool]:
        """Delivers the letter's form by the first template that Meta takes, or by none; raises a Failure."""
        form = letter.body.form
        if form is None:
            raise Refused("no form")
        for template in templates_for(form):
            content, whole = component(template, form)
            if template.whole and not whole:
                # Nobody should judge an answer that was cut: it is announced, and read in full.
                continue
            try:
                return (await self._message(letter, {"type": "template", "template": content}),), whole
            except TemplateRefused as refused:
                self._alarm(template, refused.why)
        return (), False

    @staticmethod
    def _alarm(template: Template, why: str) -> None:
        log.error("template_refused", template=template.name, language=template.language, why=why)

    async def _message(self, letter: Outgoing, content: dict[str, Any]) -> str:
        """A message to the person's phone where it is known, else to the id that Meta gave."""
        phone = letter.phone or ("" if BSUID.fullmatch(letter.address) else letter.address)
        fields: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **({"to": phone} if phone else {"recipient": letter.address}),
            **content,
        }
        if letter.ident:
            fields["biz_opaque_callback_data"] = str(letter.ident)
        if letter.reply_to:
            fields["context"] = {"message_id": letter.reply_to}
        answer = await self._call("POST", f"{self.account}/messages", letter.attempts, json=fields)
        return str(answer["messages"][0]["id"])

    async def _files(self, letter: Outgoing) -> tuple[str, ...]:
        sent: list[str] = []
        caption = letter.body.text
        if len(caption) > most.CAPTION or kind_of(letter.uploads[0]) == "audio":
            words = [text(part) for part in split(caption, most.TEXT, len) if part]
            sent.extend([await self._message(letter, each) for each in words])
            caption = ""
        for upload in letter.uploads:
            sent.append(await self._file(letter, upload, caption))
            caption = ""
        return tuple(sent)

    async def _file(self, letter: Outgoing, upload: Upload, caption: str) -> str:
        kind = kind_of(upload)
        if not kind:
            raise Refused("too large")
        form = aiohttp.FormData()
        form.add_field("messaging_product", "whatsapp")
        form.add_field("type", mime_of(upload, kind))
        form.add_field("file", io.BytesIO(upload.data), filename=upload.name, content_type=mime_of(upload, kind))
        ident = str((await self._call("POST", f"{self.account}/media", letter.attempts, data=form))["id"])
        return await self._message(letter, media(kind, ident, upload.name, caption))

    async def open_topic(self, address: str, name: str) -> str:
        """WhatsApp has no topics."""
        raise Refused("no topics")

    async def acknowledge(self, event: Inbound) -> None:
        """Marks a message as read; where the answer waits for more to come, shows that somebody is typing."""
        fields: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": event.query}
        if event.album:
            fields["typing_indicator"] = {"type": "text"}
        await self._call("POST", f"{self.account}/messages", json=fields)

    async def fetch(self, ref: str) -> bytes:
        """A file that somebody sent, in two steps, because its address lives for minutes; raises a Failure."""
        found = await self._call("GET", ref, refused=True)
        if int(found.get("file_size") or 0) > LARGEST_FETCH:
            raise Refused(TOO_LARGE)
        return await self._bytes(str(found.get("url", "")))

    async def _bytes(self, url: str) -> bytes:
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=120, sock_connect=10, sock_read=SECONDS)
        try:
            async with self._session.get(url, timeout=timeout, proxy=proxy_for(url)) as answer:
                if answer.status != 200:
                    # The address may have died: the next time there is a new one, or the file is known to be gone.
                    raise Retry(f"media {answer.status}")
                data = await answer.content.read(LARGEST_FETCH + 1)
                while len(data) <= LARGEST_FETCH and (more := await answer.content.read(LARGEST_FETCH)):
                    data += more
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            raise Retry(type(error).__name__) from None
        if len(data) > LARGEST_FETCH:
            raise Refused(TOO_LARGE)
        return data

    async def who(self) -> tuple[str, str]:
        """The number as people dial it, and the name that Meta has verified; raises a Failure."""
        found = await self._call("GET", f"{self.account}?fields=display_phone_number,verified_name")
        return str(found.get("display_phone_number", "")), str(found.get("verified_name", ""))

    async def _call(
        self, method: str, path: str, attempts: int = 0, refused: bool = False, **payload: Any
    ) -> dict[str, Any]:
        """The answer of Graph; raises a Failure. `refused`: what is not found now will not be found later."""
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=SECONDS + 5, sock_connect=10, sock_read=SECONDS)
        if "json" in payload:
            payload = {
                "data": msgspec.json.encode(payload["json"]),
                "headers": {"Content-Type": "application/json"},
            }
        try:
            url = f"{self._api}/{path}"
            async with self._session.request(method, url, timeout=timeout, proxy=self._proxy, **payload) as answer:
                status, raw, after = answer.status, await answer.read(), answer.headers.get("Retry-After", "")
        except (TimeoutError, aiohttp.ClientError) as error:
            raise Retry(type(error).__name__) from None
        return _answered(status, raw, attempts, float(after) if after.isascii() and after.isdigit() else None, refused)


def _answered(status: int, raw: bytes, attempts: int, after: float | None, refused: bool) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = None
    if status < 300 and isinstance(found, dict):
        return found
    error = found.get("error") if isinstance(found, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    if not isinstance(code, int) or (status >= 500 and code not in KNOWN):
        raise Retry(f"http {status}", after)
    # Of a file, "no such object" and "unsupported request" share the code of a bad parameter.
    raise Refused(str(code)) if refused and code == 100 else failure(code, attempts, after)


def newest_of_each(events: Sequence[Inbound]) -> list[Inbound]:
    """The last event of each person: marking it as read marks all before it."""
    return list({event.person.address: event for event in events if event.query}.values())
