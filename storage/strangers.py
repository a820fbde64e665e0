"""People whose reports were taken at the counter: reached on WhatsApp where they gave a number, else by nobody."""

from __future__ import annotations

from base64 import b64decode, b64encode

from sqlalchemy import insert, select

from handlers.desk import MANUAL
from storage import tables as t
from storage.contacts import Contacts
from storage.vault import Identity

WHATSAPP = "whatsapp"
LENGTH = 10**12
TALK = b"talk"


class Strangers(Contacts):
    """What a desk does for those who wrote to nobody."""

    def somebody(self, name: str, phone: str = "") -> int:
        """The contact of a person with this number, made where there is none; without a number always a new one."""
        channel = WHATSAPP if phone and WHATSAPP in self.channels else MANUAL
        address = phone or f"counter:{self.now.timestamp()}:{self.draw(LENGTH)}"
        lookups = self.office.vault.lookups(channel, address)
        known = select(t.contacts.c.id).where(t.contacts.c.lookup.in_(lookups))
        alias = select(t.aliases.c.contact_id).where(t.aliases.c.lookup.in_(lookups))
        found = self._c.execute(known.union_all(alias).limit(1)).scalar()
        return self._made(channel, address, name, lookups[0]) if found is None else self.account(found)

    def seal(self, text: str) -> str:
        """A text that a conversation keeps, and nobody reads there."""
        return b64encode(self.office.vault.seal_bytes(text.encode(), TALK)).decode()

    def unseal(self, sealed: str) -> str:
        """The text in a seal of a conversation."""
        return self.office.vault.open_bytes(b64decode(sealed), TALK).decode()

    def _made(self, channel: str, address: str, name: str, lookup: bytes) -> int:
        row = {
            "channel": channel,
            "lookup": lookup,
            "sealed": self.office.vault.seal(Identity(address, name), lookup),
            "named": bool(name),
            "is_group": False,
            "forum": False,
            "language": "id",
            "blocked": False,
            "consent": "",
            "created_at": self.now,
        }
        made: int = self._c.execute(insert(t.contacts).values(row).returning(t.contacts.c.id)).scalar_one()
        return made
