"""Who writes of danger reads the numbers that fit, short and without blame, and can go on."""

from __future__ import annotations

import pytest

from handlers.danger import NUMBERS, WARNED, warned, warning
from handlers.desk import Scene
from handlers.rules.danger import Danger
from handlers.words import Words
from tests.handlers import desk, sample_office
from tests.handlers.test_details import scene
from tests.rules.danger_sentences import in_danger, safe

FIRST = {
    Danger.FIRE: "113",
    Danger.GAS: "113",
    Danger.POWER: "123",
    Danger.MEDICAL: "119",
    Danger.RESCUE: "115",
    Danger.DISASTER: "112",
    Danger.VIOLENCE: "110",
    Danger.ABUSE: "SAPA 129",
    Danger.SUICIDE: "119 lalu tekan 8",
}


def said(words: Words) -> str:
    with sample_office() as stage, stage.engine.begin() as connection:
        return desk(stage, connection).render(words, "id")


@pytest.mark.parametrize("kind", Danger)
def test_the_number_that_fits_goes_first(kind: Danger) -> None:
    """Each danger has its number on the first line of numbers, and the report can go on."""
    text = next(text for each, text in in_danger() if each is kind)
    lines = said(warning(text)).split("\n")
    assert FIRST[kind] in lines[1]
    assert lines[-1].startswith("Laporan dapat dilanjutkan")
    assert len("\n".join(lines)) <= 260
    assert len(NUMBERS[kind]) <= 3


def test_nothing_is_said_without_danger() -> None:
    """Ordinary stories are not interrupted."""
    assert [text for text in safe() if warning(text)] == []


def test_it_is_said_once_a_report() -> None:
    """Where the answers say that it was said, it is not said again."""
    text = "Tolong, rumah saya kebakaran sekarang!"
    with sample_office() as stage, stage.engine.begin() as connection:
        table = desk(stage, connection)
        before: Scene = scene(table, {}, text)
        after: Scene = scene(table, {WARNED: True}, text)
        assert warned(before) == warning(text) != ""
        assert warned(after) == ""
