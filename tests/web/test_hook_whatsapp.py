"""WhatsApp's webhook: the signature first, and what cannot be read is kept for the operator and not asked for again."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import inspect
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.channels.whatsapp import WhatsApp
from tests import office as telegram
from tests.botapi import BotApi
from tests.channels.whatsapp_meant import PAYLOADS
from tests.channels.whatsapp_webhooks import body, message
from tests.logged import logged
from tests.web.whatsapp_posting import HEADER, asked, counted, hooked, kept, post, signed
from tests.whatsapp_office import Office

WORDS = "Kepala desa kami meminta uang"
HELLO = json.dumps(body(messages=[message(text={"body": WORDS})])).encode()
RIGHT = {"hub.mode": "subscribe", "hub.verify_token": "kata-sandi-webhook", "hub.challenge": "1158201444"}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with hooked(tmp_path) as found:
        yield found


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    with logged() as found:
        yield found


# -- whose address this is

WRONG: tuple[dict[str, str], ...] = (
    {},
    {**RIGHT, "hub.verify_token": "salah"},
    {**RIGHT, "hub.verify_token": ""},
    {**RIGHT, "hub.verify_token": RIGHT["hub.verify_token"].upper()},
    {**RIGHT, "hub.verify_token": RIGHT["hub.verify_token"][:-1]},
    {**RIGHT, "hub.verify_token": "ĆŻ\ud83d".encode("utf-8", "replace").decode()},
    {**RIGHT, "hub.mode": "unsubscribe"},
    {**RIGHT, "hub.mode": ""},
    {key: value for key, value in RIGHT.items() if key != "hub.verify_token"},
)


async def test_the_address_is_ours(office: Office) -> None:
    """Meta's question is answered with its challenge, as plain text."""
    assert await asked(office.url, **RIGHT) == (200, "1158201444")
    assert await office.api.verify() == (200, "1158201444")


async def test_nobody_else_is_told_so(office: Office) -> None:
    """With another word or another wish the challenge is not given back."""
    for query in WRONG:
        status, text = await asked(office.url, **query)
        assert (status, "1158201444" in text) == (403, False), query


async def test_other_ways_to_the_hook(office: Office) -> None:
    """The hook takes GET and POST only."""
    async with aiohttp.ClientSession() as session, session.put(f"{office.url}/hook/whatsapp", data=HELLO) as answer:
        assert answer.status == 405


async def test_an_office_without_whatsapp(tmp_path: Path) -> None:
    """Where WhatsApp is not set up there is no such address."""
    async with BotApi() as api, telegram.opened(tmp_path, api) as office:
        assert (await asked(office.url, **RIGHT))[0] == 404


# -- whose body this is


def forged(office: Office) -> list[dict[str, str]]:
    """Headers that prove nothing of HELLO."""
    right = office.api.delivery.signature(HELLO)
    by_other = hmac.new(b"rahasia lain", HELLO, hashlib.sha256).hexdigest()
    by_nobody = hmac.new(b"", HELLO, hashlib.sha256).hexdigest()
    values = (
        *("", "salah", "sha256=", "sha256", right[:-1], right + "0", right.upper(), f"sha256={right[7:].upper()}"),
        *(
            right.removeprefix("sha256="),
            right.replace("sha256", "sha1"),
            f" {right}x",
            f"sha256={'0' * 64}",
            "ĆŻ" * 35,
        ),
        *(f"sha256={by_other}", f"sha256={by_nobody}", office.api.delivery.signature(HELLO + b" ")),
        office.api.delivery.signature(HELLO.replace(b"Kepala", b"kepala")),
    )
    return [{}, {"X-Hub-Signature": right}, *({HEADER: value} for value in values)]


async def test_without_the_signature_nothing_happens(office: Office, written: io.StringIO) -> None:
    """A body that is not signed, or signed for another, is refused, counted, and leaves nothing behind."""
    wrong = forged(office)
    for headers in wrong:
        assert await post(office, HELLO, headers) == 403, headers
        assert await post(office, b"{", headers) == 403, headers
    assert await counted(office, "forbidden") == 2 * len(wrong)
    assert [await office.count(name) for name in ("inbox", "poison", "contacts", "outbox")] == [0, 0, 0, 0]
    assert office.api.calls == []
    assert WORDS not in written.getvalue()
    assert await post(office, HELLO) == 200


def test_the_comparison_takes_always_as_long() -> None:
    """Neither the signature nor the word of the webhook can be guessed letter by letter."""
    for compared in (WhatsApp.proven, WhatsApp.challenge):
        source = inspect.getsource(compared)
        assert "hmac.compare_digest(" in source
        assert "token ==" not in source
        assert "signature ==" not in source


# -- what cannot be read

GARBAGE = {
    "empty": b"",
    "no JSON": b"halo " + WORDS.encode(),
    "cut short": HELLO[:-30],
    "a list": b"[" + HELLO + b"]",
    "another product": json.dumps(PAYLOADS["other_object"]).encode(),
    "no object": b'{"entry": []}',
    "nested too deep": b'{"object": "whatsapp_business_account", "entry": ' + b"[" * 100_000,
    "not UTF-8": b"\xff\xfe" + HELLO,
}


@pytest.mark.parametrize("name", GARBAGE)
async def test_what_cannot_be_read_is_kept_once(office: Office, written: io.StringIO, name: str) -> None:
    """Signed garbage gets 200, is counted, kept sealed once however often it comes, and its words are not logged."""
    for count in (1, 2):
        assert await post(office, GARBAGE[name]) == 200
        assert await counted(office, "unreadable") == count
    assert await kept(office) == [GARBAGE[name]]
    assert "unreadable_update" in written.getvalue()
    for secret in (*WORDS.split(), "Siti", "6281200000011", office.api.app_secret, office.api.token):
        assert secret not in written.getvalue()
    assert await office.count("inbox") == 0


async def test_a_part_that_cannot_be_read_is_kept_apart(office: Office) -> None:
    """Among good messages a part that is none is kept for the operator, and the good ones are answered."""
    raw = json.dumps(PAYLOADS["batch_with_broken"]).encode()
    assert await post(office, raw) == await post(office, raw) == 200
    await office.settled()
    assert await kept(office) == [b'"rusak"']
    assert (await counted(office, "done"), await counted(office, "duplicate")) == (3, 3)


HUGE = json.dumps(body(messages=[message(text={"body": "a" * 4_100_000})])).encode()


async def test_what_is_too_large(office: Office) -> None:
    """A body beyond all that Meta sends is refused and counted, also where it comes in pieces or packed."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(HUGE), 100_000):
            yield HUGE[start : start + 100_000]

    assert await post(office, HUGE) == 413
    assert await post(office, HUGE, data=pieces()) == 413
    packed = gzip.compress(HUGE)
    assert await post(office, HUGE, {**signed(office, HUGE), "Content-Encoding": "gzip"}, io.BytesIO(packed)) == 413
    assert await counted(office, "too_large") == 3
    assert await office.count("inbox") == 0


async def test_as_much_as_meta_sends(office: Office) -> None:
    """A body of three megabytes is taken."""
    many = [message(f"wamid.{n}", type="reaction", reaction={"emoji": "x" * 1000}) for n in range(2500)]
    raw = json.dumps(body(messages=[*many, message()])).encode()
    assert 2_900_000 < len(raw) < 3_500_000
    assert await post(office, raw) == 200
    assert (await counted(office, "ignored"), await counted(office, "done")) == (2500, 1)
