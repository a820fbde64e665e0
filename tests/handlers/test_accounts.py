"""Two accounts of one person, joined by a code: it joins no strangers, and what was parted stays apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers import accounts
from handlers.rules.ticket import State
from handlers.words import Kind
from storage import tables as t
from storage.contacts import PAIRING_LIFE
from tests.handlers import (
    STORY,
    UNSURE,
    Overheard,
    acts,
    answered,
    begin,
    contact,
    current,
    desk,
    faults,
    history,
    report,
    rows,
    sample_office,
    ticket,
)
from tests.handlers.phones import done, opening, press, said, told

# The same person on Telegram and on WhatsApp, and two others.
TG, WA, BUDI, ANI = "Sari", "Sari WA", "Budi", "Ani WA"
CODE = opening(accounts.CODE)
ANSWER = "Lubang sudah ditambal pagi ini."


@pytest.fixture
def stage() -> Iterator[Overheard]:
    with sample_office() as stage:
        stage.phones |= {WA, ANI}
        yield stage
        assert faults(stage) == []


def code(stage: Overheard, who: str) -> str:
    """A new code that somebody asks for."""
    heard = said(stage, "hubungkan_akun", who=who)
    assert heard.startswith(CODE)
    return heard.split()[2]


def join(stage: Overheard, first: str, second: str) -> str:
    """A code made by the first and typed by the second; what the second hears."""
    return said(stage, f"hubungkan_akun {code(stage, first)}", who=second)


def kin(stage: Overheard, who: str) -> set[int]:
    """The accounts that count as this person's."""
    found = ident(stage, who)
    with stage.engine.begin() as connection:
        return set(desk(stage, connection).kin(found))


def ident(stage: Overheard, who: str) -> int:
    return contact(stage, f"{'w' if who in stage.phones else 'p'}:{who}")


def joined(stage: Overheard, first: str, second: str) -> bool:
    pair = {ident(stage, first), ident(stage, second)}
    return pair <= kin(stage, first) and pair <= kin(stage, second)


@pytest.mark.parametrize(("first", "second"), [(TG, WA), (WA, TG)])
def test_a_code_joins_two_accounts(stage: Overheard, first: str, second: str) -> None:
    """A code made in one app and typed in the other joins both, in either direction, and both are told."""
    number = report(stage, TG)
    before = len(stage.heard(first))
    heard = join(stage, first, second)
    assert heard.startswith(opening(accounts.JOINED))
    assert accounts.APPS["whatsapp"] in heard or first == TG
    assert "Bukan Anda yang melakukannya?" in stage.heard(first)[before + 1].body.text
    assert joined(stage, TG, WA)
    assert number in said(stage, "laporan saya", who=WA)


WAYS = (
    "hubungkan_akun {code}",
    "/hubungkan_akun {code}",
    "Hubungkan akun {lower}",
    "hubungkan_akun: {code} ",
    "HUBUNGKAN_AKUN {bare}",
    "/hubungkan_akun@lapor_bot {code}",
    "hubungkan akun\\n{code}",
)


@pytest.mark.parametrize("way", WAYS)
def test_a_code_may_be_typed_in_many_ways(stage: Overheard, way: str) -> None:
    """With or without a slash, in small letters, with or without its dash, a code is the same code."""
    made = code(stage, TG)
    heard = said(stage, way.format(code=made, lower=made.lower(), bare=made.replace("-", "")), who=WA)
    assert heard.startswith(opening(accounts.JOINED)), way


BAD = ("AAAA-AAAA", "x", "0" * 500, "'; DROP TABLE pairings; --", "kode saya apa ya", "\u202e", "AAAA")


@pytest.mark.parametrize("wrong", BAD)
def test_a_wrong_code_joins_nobody(stage: Overheard, wrong: str) -> None:
    """A code that was never made joins nobody, and does not say why."""
    code(stage, TG)
    assert said(stage, f"hubungkan_akun {wrong}", who=WA) == accounts.BAD.source
    assert not joined(stage, TG, WA)


def test_a_code_lives_for_a_quarter_of_an_hour(stage: Overheard) -> None:
    """To the last moment a code works, and from then on it does not."""
    first = code(stage, TG)
    stage.now += PAIRING_LIFE
    assert said(stage, f"hubungkan_akun {first}", who=WA) == accounts.BAD.source
    second = code(stage, TG)
    stage.now += PAIRING_LIFE - timedelta(seconds=1)
    assert said(stage, f"hubungkan_akun {second}", who=WA).startswith(opening(accounts.JOINED))


def test_a_code_works_once(stage: Overheard) -> None:
    """A code that was used joins nobody else, also when it is sent again by who used it."""
    made = code(stage, TG)
    said(stage, f"hubungkan_akun {made}", who=WA)
    for who in (ANI, WA, TG):
        assert said(stage, f"hubungkan_akun {made}", who=who) == accounts.BAD.source
    assert not joined(stage, TG, ANI)


def test_a_new_code_makes_the_old_one_void(stage: Overheard) -> None:
    """Only the newest code of an account works."""
    first, second = code(stage, TG), code(stage, TG)
    assert said(stage, f"hubungkan_akun {first}", who=WA) == accounts.BAD.source
    assert said(stage, f"hubungkan_akun {second}", who=WA).startswith(opening(accounts.JOINED))


@pytest.mark.parametrize(("first", "second"), [(TG, BUDI), (WA, ANI), (TG, TG)])
def test_a_code_is_for_another_app(stage: Overheard, first: str, second: str) -> None:
    """Two accounts on one app are not joined, nor one with itself; the code is used up."""
    made = code(stage, first)
    assert said(stage, f"hubungkan_akun {made}", who=second) == accounts.SAME_APP.source
    assert said(stage, f"hubungkan_akun {made}", who=WA if first == TG else TG) == accounts.BAD.source
    assert kin(stage, first) == {ident(stage, first)}


def test_a_person_has_one_account_on_each_app(stage: Overheard) -> None:
    """Who is joined already joins nobody else: a third account is not drawn in by either side."""
    join(stage, TG, WA)
    for first, second in ((ANI, TG), (BUDI, WA)):
        heard = join(stage, first, second)
        assert heard.startswith(opening(accounts.JOINED_ALREADY))
    assert said(stage, "hubungkan_akun", who=WA).startswith(opening(accounts.JOINED_ALREADY))
    assert kin(stage, TG) == kin(stage, WA) == {ident(stage, TG), ident(stage, WA)}


def test_guessing_codes_tells_nothing(stage: Overheard) -> None:
    """The record holds a code only as a hash."""
    made = code(stage, TG)
    held = repr(rows(stage, select(t.pairings)))
    assert made not in held
    assert made.replace("-", "") not in held


# -- what is one person's


def test_a_report_is_seen_and_judged_from_both(stage: Overheard) -> None:
    """A report made in one app can be seen, added to and judged in the other, secret or not; a stranger's cannot."""
    number = report(stage, TG, "Rahasia")
    join(stage, TG, WA)
    join(stage, ANI, BUDI)
    assert STORY in said(stage, number, who=WA)
    assert STORY not in said(stage, number, who=ANI)
    press(stage, f"t:{ticket(stage, number).id}:add", WA)
    said(stage, "Masih ada satu lubang lagi.", who=WA)
    assert history(stage, ticket(stage, number).id)[-1].action == "reply"
    answered(stage, TG, number)
    press(stage, f"t:{ticket(stage, number).id}:confirm", WA)
    assert ticket(stage, number).state is State.RESOLVED


def test_news_goes_where_the_report_was_made(stage: Overheard) -> None:
    """While both accounts can be reached news comes to the one from which the report was made, and only there."""
    number = report(stage, WA)
    join(stage, TG, WA)
    answered(stage, WA, number, ANSWER)
    assert [len(told(stage, who, ANSWER)) for who in (TG, WA)] == [0, 1]


@pytest.mark.parametrize("known", [True, False])
def test_what_cannot_reach_one_account_goes_to_the_other(stage: Overheard, known: bool) -> None:
    """Where one account blocks the bot news goes to the other, whether the block was known before or not."""
    number = report(stage, TG)
    join(stage, TG, WA)
    stage.blocked.add(TG)
    if known:
        done(stage, Kind.BLOCKED, TG)
    answered(stage, TG, number, ANSWER)
    assert len(told(stage, WA, ANSWER)) == 1
    assert not told(stage, "dputr", "tidak sampai")
    said(stage, f'(balas "{ANSWER}") Masih ada satu lubang lagi.', who=WA)
    assert history(stage, ticket(stage, number).id)[-1].action == "reply"


def test_where_no_account_can_be_reached_the_officers_hear_so(stage: Overheard) -> None:
    """When the last account of a person is gone, too, the officers are told that their answer did not arrive."""
    number = report(stage, TG)
    join(stage, TG, WA)
    stage.blocked |= {TG, WA}
    answered(stage, TG, number, ANSWER)
    assert told(stage, "dputr", "tidak sampai")


def test_who_comes_back_is_written_to_again(stage: Overheard) -> None:
    """An account that writes again after a block gets its own news again."""
    number = report(stage, TG)
    join(stage, TG, WA)
    done(stage, Kind.BLOCKED, TG)
    said(stage, "menu", who=TG)
    answered(stage, TG, number, ANSWER)
    assert [len(told(stage, who, ANSWER)) for who in (TG, WA)] == [1, 0]


def test_each_app_has_its_own_conversation(stage: Overheard) -> None:
    """A report that is told in one app is not disturbed by what is said in the other, nor by joining."""
    begin(stage, TG)
    before = current(stage, TG)
    made = code(stage, TG)
    assert current(stage, TG) == before
    begin(stage, WA, UNSURE)
    there = current(stage, WA)
    said(stage, f"hubungkan_akun {made}", who=WA)
    assert (current(stage, TG), current(stage, WA)) == (before, there)


# -- parting


@pytest.mark.parametrize("who", [TG, WA])
@pytest.mark.parametrize("way", ["pisahkan akun", "/pisahkan_akun", "[Pisahkan]"])
def test_either_account_can_part(stage: Overheard, who: str, way: str) -> None:
    """Either account undoes the joining, by word or by button; each keeps its own reports and loses the other's."""
    mine, other = report(stage, TG), report(stage, WA, story=UNSURE)
    join(stage, TG, WA)
    assert said(stage, way, who=who) == accounts.PARTED.source
    assert not joined(stage, TG, WA)
    assert UNSURE not in said(stage, other, who=TG)
    assert STORY not in said(stage, mine, who=WA)
    assert STORY in said(stage, mine, who=TG)
    assert said(stage, way, who=who) == accounts.ALONE.source


def test_what_was_parted_stays_apart(stage: Overheard) -> None:
    """Whoever parted from one account, and joins another, is not joined with the first one again."""
    secret = report(stage, TG, "Rahasia")
    join(stage, TG, ANI)
    assert STORY in said(stage, secret, who=ANI)
    said(stage, "[Pisahkan]", who=TG)
    join(stage, TG, WA)
    assert joined(stage, TG, WA)
    assert kin(stage, ANI) == {ident(stage, ANI)}
    assert STORY not in said(stage, secret, who=ANI)
    join(stage, BUDI, ANI)
    assert kin(stage, ANI) == {ident(stage, ANI), ident(stage, BUDI)}
    assert kin(stage, TG) == {ident(stage, TG), ident(stage, WA)}


def test_joined_again_after_parting(stage: Overheard) -> None:
    """Two accounts that were parted can be joined again with a new code."""
    join(stage, TG, WA)
    said(stage, "[Pisahkan]", who=WA)
    assert join(stage, WA, TG).startswith(opening(accounts.JOINED))
    assert joined(stage, TG, WA)


def test_in_a_group_nothing_is_joined(stage: Overheard) -> None:
    """A code asked for or typed in a group is left alone: nobody else shall see it."""
    made = code(stage, WA)
    acts(stage, "Agus Wibowo @ dputr> hubungkan_akun", f"Agus Wibowo @ dputr> /hubungkan_akun {made}")
    assert told(stage, "dputr", "Kode Anda") == []
    assert said(stage, f"hubungkan_akun {made}", who=TG).startswith(opening(accounts.JOINED))
