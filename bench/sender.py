"""A bare sender: posts N messages to the Bot API with nothing around them; what a server of it can take at most."""

from __future__ import annotations

import argparse
import asyncio
import sys
from urllib.parse import urlsplit

import msgspec

from bench.hook import Hook
from bench.letters import PEOPLE, TEXT, Mail

AT_ONCE = 64


async def send(line: argparse.Namespace) -> None:
    """Sends all; when all are answered, waits for the end of its input: until then it can be measured."""
    letters = Mail(((line.people, line.each),)).letters()
    hook = Hook(urlsplit(line.api).port or 80, f"/bot{line.token}/sendMessage", lambda _: b"Accept: */*")
    await hook.open(AT_ONCE)
    for number, at in enumerate(letters, 1):
        hook.post(msgspec.json.encode({"chat_id": PEOPLE + at, "text": TEXT.format(number=number)}))
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    await asyncio.to_thread(sys.stdin.read)
    hook.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="python -m bench.sender")
    options.add_argument("--api", required=True)
    options.add_argument("--token", required=True)
    options.add_argument("--people", type=int, required=True)
    options.add_argument("--each", type=int, required=True)
    asyncio.run(send(options.parse_args()))
