"""Sealing identities: AES-GCM with the key's id, each seal bound to its row, and a keyed hash to find a row by."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ID, _NONCE = 4, 12


class Identity(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who a contact is; it leaves the vault only to deliver a letter or to name an officer."""

    address: str
    name: str = ""
    phone: str = ""


class Unsealable(Exception):  # noqa: N818 - what the thing is, not that it went wrong
    """No key that is configured opens this seal."""


def _digest(ready: hmac.HMAC, text: bytes) -> bytes:
    made = ready.copy()
    made.update(text)
    return made.digest()


class Vault:
    """The keys, newest first: the first seals, all open, and a row found by an old key is sealed anew."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {self._key_id(key): AESGCM(key) for key in keys}
        self._newest = self._key_id(keys[0])
        derived = (hmac.digest(key, b"kentongan look-up", "sha256") for key in keys)
        # Made ready once. Not hmac.digest for each: it lets the other threads run first, and the writer waits for them.
        self._lookups = [hmac.new(key, digestmod="sha256") for key in derived]

    @staticmethod
    def _key_id(key: bytes) -> bytes:
        return hashlib.sha256(b"kentongan key id" + key).digest()[:_ID]

    def lookups(self, channel: str, address: str) -> list[bytes]:
        """The hashes under which this address may stand, that of the newest key first."""
        text = f"{channel}\0{address}".encode()
        return [_digest(each, text) for each in self._lookups]

    def code_hashes(self, code: str) -> list[bytes]:
        """The hashes under which an invitation's code may stand."""
        plain = "".join(char for char in code.upper() if char.isalnum())
        return self.lookups("invitation", plain)

    def seal(self, identity: Identity, lookup: bytes) -> bytes:
        """The identity as bytes that only fit the row with this look-up hash."""
        return self.seal_bytes(msgspec.json.encode(identity), lookup)

    def open(self, sealed: bytes, lookup: bytes) -> Identity:
        """The identity in a seal; raises Unsealable."""
        return msgspec.json.decode(self.open_bytes(sealed, lookup), type=Identity)

    def seal_bytes(self, plain: bytes, bound: bytes) -> bytes:
        """Key id, nonce and ciphertext."""
        nonce = os.urandom(_NONCE)
        return self._newest + nonce + self._ciphers[self._newest].encrypt(nonce, plain, bound)

    def open_bytes(self, sealed: bytes, bound: bytes) -> bytes:
        """What was sealed; raises Unsealable."""
        cipher = self._ciphers.get(sealed[:_ID])
        if cipher is None:
            raise Unsealable("the key of this row is not among KENTONGAN_SECRET_KEYS")
        try:
            return cipher.decrypt(sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :], bound)
        except InvalidTag:
            raise Unsealable("this row was changed outside the program") from None

    def is_newest(self, sealed: bytes, lookup: bytes, channel: str, address: str) -> bool:
        """Whether a row stands under the newest key."""
        return sealed[:_ID] == self._newest and lookup == self.lookups(channel, address)[0]
