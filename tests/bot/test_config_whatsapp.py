"""The settings of WhatsApp: all of them or none, every problem at once, no secret shown; and what is said of them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot import config as settings
from bot.__main__ import main
from bot.administration import diagnosed
from bot.channels.whatsapp_templates import TEMPLATES, submission
from bot.config import Config, Misconfigured
from tests.graphapi import GraphApi
from tests.whatsapp_office import config

KEY = "A" * 43
GIVEN = {
    "KENTONGAN_SECRET_KEYS": KEY,
    "KENTONGAN_WHATSAPP_TOKEN": "EAAGm0PX4ZCpsBAKZC",
    "KENTONGAN_WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "KENTONGAN_WHATSAPP_APP_SECRET": "0123456789abcdef0123456789abcdef",
    "KENTONGAN_WHATSAPP_VERIFY_TOKEN": "kata-sandi-webhook",
}
SECRETS = ("WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN", "SECRET_KEYS")
WRONG = (
    ("PHONE_NUMBER_ID", "+6281200000001"),
    ("PHONE_NUMBER_ID", "٢٠٠٠٠٠٠٠٠٠٠"),
    ("PHONE_NUMBER_ID", "1234"),
    ("PHONE_NUMBER_ID", "10654035224292x"),
    ("APP_SECRET", "pendek"),
    ("APP_SECRET", "0123456789abcdef-0123456789abcde"),
    ("VERIFY_TOKEN", "pendek"),
    ("VERIFY_TOKEN", "kata sandi yang ada spasinya"),
    ("API_URL", "graph.facebook.com"),
    ("API_URL", "ftp://graph.facebook.com/v23.0"),
)


def refused(environment: dict[str, str]) -> list[str]:
    with pytest.raises(Misconfigured) as wrong:
        settings.read(environment)
    return wrong.value.problems


# -- reading them


def test_all_that_whatsapp_needs() -> None:
    """With its four settings and a key an office can serve, without Telegram, at Meta's own address."""
    found = settings.read(GIVEN)
    assert settings.to_serve(found) == []
    assert [getattr(found, name) for name in settings.WHATSAPP] == list(GIVEN.values())[1:]
    assert found.whatsapp_api_url == "https://graph.facebook.com/v23.0"
    with_slash = settings.read({**GIVEN, "KENTONGAN_WHATSAPP_API_URL": "http://127.0.0.1:8081/v23.0/"})
    assert with_slash.whatsapp_api_url == "http://127.0.0.1:8081/v23.0"


@pytest.mark.parametrize("missing", [name for name in GIVEN if "WHATSAPP" in name])
def test_all_or_none(missing: str) -> None:
    """One setting alone is missing: it is named, and the others are not."""
    problems = settings.to_serve(settings.read({name: value for name, value in GIVEN.items() if name != missing}))
    found = [problem for problem in problems if "WhatsApp yang lain" in problem]
    assert len(found) == 1
    assert [name for name in GIVEN if name in found[0]] == [missing]


def test_neither_telegram_nor_whatsapp() -> None:
    """Without any platform both ways out are told."""
    (problem,) = settings.to_serve(settings.read({"KENTONGAN_SECRET_KEYS": KEY}))
    assert "KENTONGAN_TELEGRAM_TOKEN" in problem
    assert "WhatsApp" in problem


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_is_wrong_is_named_and_not_shown(name: str, value: str) -> None:
    """A wrong value is a sentence with the name of the setting and without its value."""
    (problem,) = refused({**GIVEN, f"KENTONGAN_WHATSAPP_{name}": value})
    assert problem.startswith(f"KENTONGAN_WHATSAPP_{name}: harus ")
    assert value not in problem


def test_every_problem_at_once() -> None:
    """All that is wrong is told together."""
    wrong = {f"KENTONGAN_WHATSAPP_{name}": value for name, value in WRONG}
    assert {problem.partition(":")[0] for problem in refused({**GIVEN, **wrong})} == set(wrong)


def test_no_secret_is_shown() -> None:
    """A printed configuration holds no secret."""
    shown = repr(settings.read(GIVEN))
    assert GIVEN["KENTONGAN_WHATSAPP_PHONE_NUMBER_ID"] in shown
    assert not [name for name in SECRETS if GIVEN[f"KENTONGAN_{name}"] in shown]


# -- kentongan whatsapp templates


def test_templates_for_meta() -> None:
    """With --json each line is one request's content for Meta's management API, nothing else."""
    result = CliRunner().invoke(main, ["whatsapp", "templates", "--json"])
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.output.splitlines()] == [submission(each) for each in TEMPLATES]


def test_templates_for_people() -> None:
    """Without it every template can be read, with its examples and buttons, and where it is handed in."""
    result = CliRunner().invoke(main, ["whatsapp", "templates"])
    assert result.exit_code == 0
    for each in TEMPLATES:
        assert f"{each.name} · {each.language} · UTILITY" in result.output
        assert all(f"contoh {{{{{n}}}}}: {example}" in result.output for n, (_, example) in enumerate(each.values, 1))
        assert all(f"[{label}]" in result.output for _, label in each.buttons)
        assert each.body.splitlines()[0] in result.output
    assert f"{len(TEMPLATES)} templat." in result.output
    assert "/message_templates" in result.output


# -- kentongan check


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with GraphApi() as found:
        yield found


async def told(given: Config) -> list[tuple[bool, str]]:
    """What is found of WhatsApp."""
    found = await diagnosed(given)
    assert not [text for _, text in found for secret in hidden(given) if secret in text]
    return [(fine, text) for fine, text in found if "WhatsApp" in text or "Meta" in text]


def hidden(given: Config) -> list[str]:
    return [value for name in settings.WHATSAPP if (value := getattr(given, name)) and "number" not in name]


async def test_check_knows_the_number(api: GraphApi, tmp_path: Path) -> None:
    """The number and its verified name are told, and the address that Meta must be given."""
    given = config(tmp_path, api, public_url="https://lapor.contoh.go.id")
    number, callback = await told(given)
    assert number[0]
    assert callback[0]
    assert api.world.own_phone in "".join(filter(str.isdigit, number[1]))
    assert "https://lapor.contoh.go.id/hook/whatsapp" in callback[1]
    assert [call.method for call in api.calls] == ["phone"]
    assert api.problems == []


TROUBLES: tuple[dict[str, Any], ...] = (
    {"whatsapp_token": "EAAGwrong"},
    {"whatsapp_phone_number_id": "999999999999999"},
    {"whatsapp_api_url": "http://127.0.0.1:9"},
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: next(iter(each)))
async def test_check_says_what_meta_does_not_take(api: GraphApi, tmp_path: Path, trouble: dict[str, Any]) -> None:
    """A wrong token, a wrong number or no way to Meta is one sentence that says what to look at."""
    ((fine, text),) = await told(replace(config(tmp_path, api), **trouble))
    assert not fine
    assert text.startswith("Meta tidak menerima pengaturan WhatsApp: ")
    assert "Periksa" in text


async def test_check_of_half_a_setup(api: GraphApi, tmp_path: Path) -> None:
    """Half of the settings are told to be half, and Meta is not asked."""
    ((fine, text),) = await told(replace(config(tmp_path, api), whatsapp_app_secret=""))
    assert not fine
    assert "KENTONGAN_WHATSAPP_APP_SECRET" in text
    assert api.calls == []


async def test_check_without_whatsapp(api: GraphApi, tmp_path: Path) -> None:
    """An office without WhatsApp hears nothing of it."""
    none: dict[str, Any] = dict.fromkeys(settings.WHATSAPP, "")
    assert [text for _, text in await told(replace(config(tmp_path, api), **none)) if "nomor" in text] == []
    assert api.calls == []


async def test_the_command(api: GraphApi, tmp_path: Path) -> None:
    """The command itself asks Meta, prints each finding with its sign, and ends with 1 while anything is amiss."""
    environment = {**os.environ, **GIVEN, "KENTONGAN_DATA_DIR": str(tmp_path), "KENTONGAN_WHATSAPP_TOKEN": api.token}
    # In an empty folder, because .env is read where the command is run.
    environment |= {"KENTONGAN_WHATSAPP_API_URL": api.url, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = (sys.executable, "-m", "bot", "check")
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 1
    assert "✅ WhatsApp mengenal nomor" in output
    assert "❌ " in output
    assert not [name for name in SECRETS if environment[f"KENTONGAN_{name}"] in output]
