"""Who has lately read a note above a letter, so that a letter that was replaced on its way does not bring it twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from storage.letters import Body, Parcel

# What replaces a letter that left meanwhile may wait as long as all who write in a flood.
JUST = 3_600.0
MOST = 20_000


@dataclass(slots=True)
class Noted:
    """The last notes of this process: which letter brought one to a contact, and when."""

    steady: Callable[[], float]
    _by: dict[int, tuple[int, float]] = field(default_factory=dict)

    def body(self, parcel: Parcel) -> Body:
        """The letter with its note above it, unless another letter has brought that lately."""
        body = parcel.body
        if not body.note:
            return body
        now = self.steady()
        letter, at = self._by.get(parcel.contact, (parcel.id, now))
        if letter != parcel.id and now - at < JUST:
            return msgspec.structs.replace(body, note="")
        return msgspec.structs.replace(body, text=f"{body.note}\n\n{body.text}", note="")

    def brought(self, parcel: Parcel) -> None:
        """This letter has left."""
        if parcel.body.note:
            self._by[parcel.contact] = (parcel.id, self.steady())
        if len(self._by) > MOST:
            del self._by[next(iter(self._by))]
