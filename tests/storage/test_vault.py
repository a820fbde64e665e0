"""The vault: an identity can be found and opened by who has the keys, and by nobody else."""

from __future__ import annotations

import pytest

from handlers.rules.ticket import Role
from storage import tables as t
from storage.database import Database
from storage.invitations import invite
from storage.turns import Outcome
from storage.vault import Identity, Unsealable, Vault
from tests.storage.samples import CHANNEL, KEY, NOW, OLDER_KEY, SITI, at_desk, echo, event, office, rows, taken

WHO = Identity("6281234567890", "Siti Rahmawati", "+6281234567890")
VAULT = Vault([KEY])
ROW, OTHER_ROW = VAULT.lookups(CHANNEL, WHO.address)[0], VAULT.lookups(CHANNEL, "1")[0]


def test_what_is_sealed_can_be_opened() -> None:
    """Address, name and phone come back as they were."""
    assert VAULT.open(VAULT.seal(WHO, ROW), ROW) == WHO
    assert VAULT.open_bytes(VAULT.seal_bytes(b"", b"x"), b"x") == b""


def test_two_seals_of_one_identity_differ() -> None:
    """Nobody sees from two seals that they hold the same."""
    assert len({VAULT.seal(WHO, ROW) for _ in range(50)}) == 50


def test_a_seal_shows_nothing() -> None:
    """No part of the identity stands in it."""
    sealed = VAULT.seal(WHO, ROW)
    for part in (b"Siti", b"Rahmawati", b"6281234567890", b"address"):
        assert part not in sealed


def test_another_key_does_not_open() -> None:
    """A vault without the key says so."""
    with pytest.raises(Unsealable):
        Vault([OLDER_KEY]).open(VAULT.seal(WHO, ROW), ROW)


def test_a_seal_fits_its_row_only() -> None:
    """Exchanging the seals of two rows is noticed."""
    with pytest.raises(Unsealable):
        VAULT.open(VAULT.seal(WHO, ROW), OTHER_ROW)


def test_every_byte_of_a_seal_counts() -> None:
    """A seal that was changed anywhere, cut or lengthened is not opened."""
    sealed = VAULT.seal(WHO, ROW)
    changed = [bytes([*sealed[:n], sealed[n] ^ 1, *sealed[n + 1 :]]) for n in range(len(sealed))]
    for each in (*changed, sealed[:-1], sealed + b"x", sealed[:20], sealed[:3], b""):
        with pytest.raises(Unsealable):
            VAULT.open(each, ROW)


def test_a_lookup_tells_channel_and_address_apart() -> None:
    """The hash is the same each time, and another for another channel, address or key."""
    pairs = [("telegram", "12"), ("telegram", "123"), ("telegram1", "2"), ("whatsapp", "12"), ("", "telegram12")]
    hashes = [VAULT.lookups(*pair) for pair in pairs]
    assert hashes == [Vault([KEY]).lookups(*pair) for pair in pairs]
    assert len({each[0] for each in hashes}) == len(pairs)
    assert Vault([OLDER_KEY]).lookups("telegram", "12") != VAULT.lookups("telegram", "12")


def test_the_newest_key_seals_and_all_open() -> None:
    """With a new key in front, old rows still open, and new ones need the new key."""
    both = Vault([KEY, OLDER_KEY])
    old_row = Vault([OLDER_KEY]).lookups(CHANNEL, WHO.address)[0]
    old = Vault([OLDER_KEY]).seal(WHO, old_row)
    assert both.lookups(CHANNEL, WHO.address) == [ROW, old_row]
    assert both.open(old, old_row) == VAULT.open(both.seal(WHO, ROW), ROW) == WHO
    assert not both.is_newest(old, old_row, CHANNEL, WHO.address)
    assert both.is_newest(both.seal(WHO, ROW), ROW, CHANNEL, WHO.address)


@pytest.mark.parametrize("typed", ["ab12-cd34", "AB12CD34", " ab12 cd34 ", "AB12–CD34"])
def test_a_code_is_found_as_people_type_it(typed: str) -> None:
    """Case, spaces and dashes make no difference."""
    assert VAULT.code_hashes(typed) == VAULT.code_hashes("AB12-CD34")


async def test_a_person_of_the_old_key_is_sealed_anew_when_met(database: Database) -> None:
    """After a rotation the same contact is found, answered, and stands under the new key alone."""
    await taken(database, event(text="/satu", room=None), handler=echo, by=office(OLDER_KEY))
    (before,) = await rows(database, t.contacts)
    batch = await taken(database, event(text="/dua"), event(text="/tiga"), handler=echo, by=office(KEY, OLDER_KEY))
    (after,) = await rows(database, t.contacts)
    assert (batch.outcomes, after.id) == ([Outcome.DONE] * 2, before.id)
    assert after.lookup == ROW != before.lookup
    assert VAULT.open(after.sealed, after.lookup).address == SITI.address
    assert (await taken(database, event(text="/empat"), handler=echo, by=office(KEY))).outcomes == [Outcome.DONE]
    assert len(await rows(database, t.contacts)) == 1
    (talk,) = await rows(database, t.talks)
    assert '["/satu","/dua","/tiga","/empat"]' in talk.body


async def test_a_code_is_kept_as_a_hash_only(database: Database) -> None:
    """Who reads the record cannot use the invitations in it; they outlive a rotation of the keys."""
    older = office(OLDER_KEY)
    code, _ = await database.write(lambda c: invite(c, older.vault, older.draw, NOW, "dpu", Role.OFFICER))
    (row,) = await rows(database, t.invitations)
    assert code not in str(row)
    assert code.replace("-", "") not in str(row)
    assert row.code_hash in office(KEY, OLDER_KEY).vault.code_hashes(code)
    assert await at_desk(database, lambda desk: desk.invitation(code)) is None
