"""The verbs about people who wrote to nobody: each is done at a desk and looked at there and after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.desk import MANUAL
from handlers.words import Letter
from storage import tables as t
from storage.desk import RecordDesk
from tests.storage.samples import ANI, OFFICE, WHATSAPP, People, put_account, reopened

PHONE = "6281200000001"


def channels(desk: RecordDesk, people: People) -> None:
    assert list(desk.channels) == []
    desk.office = replace(OFFICE, channels=(WHATSAPP,))
    assert list(desk.channels) == [WHATSAPP]


def somebody(desk: RecordDesk, people: People) -> None:
    unreached = desk.somebody("Sumiati", PHONE)
    assert desk.somebody("Sumiati") not in (unreached, desk.somebody("Sumiati"))
    assert (desk.contact(unreached).channel, desk.contact(unreached).reachable) == (MANUAL, False)
    assert desk.flush([Letter(unreached, "kabar")]) == []
    desk.office = replace(OFFICE, channels=(WHATSAPP,))
    reached = desk.somebody("Sumiati", PHONE)
    assert desk.somebody("Orang lain", PHONE) == reached != unreached
    assert (desk.contact(reached).channel, desk.contact(reached).reachable) == (WHATSAPP, True)
    assert reopened(desk).name(reached) == "Sumiati"
    assert desk.somebody("", ANI.address) == put_account(desk._c, ANI)


def seal(desk: RecordDesk, people: People) -> None:
    sealed = desk.seal("Sumiati")
    assert "Sumiati" not in sealed
    assert sealed != desk.seal("Sumiati")
    assert not desk._c.execute(t.contacts.select().where(t.contacts.c.channel == MANUAL)).all()


def unseal(desk: RecordDesk, people: People) -> None:
    assert desk.unseal(desk.seal("Bu Sumiati, RT 4 ✓")) == "Bu Sumiati, RT 4 ✓"


EXERCISES: tuple[Callable[[RecordDesk, People], None], ...] = (channels, somebody, seal, unseal)
