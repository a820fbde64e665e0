"""Desk over one open connection: what handlers read and change, gathered for a batch and written at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BigInteger, Text, bindparam, delete, func, insert

from handlers.desk import is_of_disaster
from handlers.dialogue import CHOOSE, TYPE
from handlers.words import Letter, Part
from storage import tables as t
from storage.backlog import Place, note_of
from storage.disasters import Disasters
from storage.drafts import Drafts
from storage.groups import Groups
from storage.idents import next_ids
from storage.kept import Bonds
from storage.letters import Body, Form, Parcel
from storage.nearby import Nearby
from storage.planned import AHEAD, meant
from storage.prepared import put, run
from storage.rows import encode_body, files_apart, last_of_each_key, parcel_of
from storage.strangers import Strangers

# Built once: putting a statement together costs more than running it.
_POST = insert(t.outbox)
_POST_NUMBERED = insert(t.outbox).returning(t.outbox.c.id)
_LEFT = [t.outbox.c[name] for name in ("id", "contact_id", "key", "due_at", "held", "body")]
_MAKE_WAY = (
    delete(t.outbox)
    .where(t.outbox.c.contact_id == bindparam("contact"), t.outbox.c.key == bindparam("used"))
    .returning(*_LEFT)
)
_GIVEN = func.unnest(bindparam("contacts", type_=ARRAY(BigInteger)), bindparam("keys", type_=ARRAY(Text)))
_USED = _GIVEN.table_valued("contact", "used", name="given").render_derived()
_MAKE_WAY_ALL = (
    delete(t.outbox).where(t.outbox.c.contact_id == _USED.c.contact, t.outbox.c.key == _USED.c.used).returning(*_LEFT)
)


class RecordDesk(Bonds, Nearby, Groups, Drafts, Strangers, Disasters):
    """The desk of one batch."""

    def flush(self, letters: Sequence[Letter]) -> list[Parcel]:
        """Writes all that the batch changed; the letters come back as parcels."""
        self._flush_tickets()
        self._flush_contacts()
        parcels = self._post(letters) if letters else []
        self._tallied.write(self._c)
        self._sums.write(self._c)
        return parcels

    def _post(self, letters: Sequence[Letter]) -> list[Parcel]:
        letters = last_of_each_key(
            files_apart([each for each in map(self._routed, letters) if self._can_be_told(each)])
        )
        if not letters:
            return []
        for letter in letters:
            if letter.part is Part.CARD and letter.ticket is not None:
                self.card_here(letter.to, letter.ticket)
        left = self._make_way(letters)
        rows = [self._row(letter, left.get((letter.to, letter.key))) for letter in letters]
        ids = self._posted([row for row, _ in rows])
        return [
            self._parcel(made_id, letter, row, body)
            for made_id, letter, (row, body) in zip(ids, letters, rows, strict=True)
        ]

    def _posted(self, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
        """Puts rows into the outbox; their ids."""
        if self._c.dialect.name == "postgresql":
            # Numbered in the order of the rows, whatever the order in which the numbers come back.
            return sorted(put(self._c, _POST_NUMBERED, rows).scalars())
        ids = next_ids(self._c, t.outbox, len(rows))
        run(self._c, _POST, [{"id": made, **row} for made, row in zip(ids, rows, strict=True)])
        return ids

    def keep_failed(self, parcel: Parcel) -> None:
        """Notes that a message about a ticket did not arrive."""
        if parcel.ticket is not None:
            self._c.execute(
                insert(t.sent).values(
                    contact_id=parcel.contact,
                    message="",
                    ticket=parcel.ticket,
                    part=parcel.part,
                    draft=parcel.draft,
                    failed=True,
                    at=self.now,
                )
            )

    def posted_again(self, parcel: Parcel) -> Parcel:
        """A letter that has left the outbox, back in it."""
        row = {
            "contact_id": parcel.contact,
            "priority": parcel.priority,
            "due_at": parcel.due_at,
            "planned_at": self.now,
            "attempts": parcel.attempts,
            "key": parcel.key,
            "ticket": parcel.ticket,
            "part": parcel.part,
            "draft": parcel.draft,
            "body": encode_body(parcel.body),
        }
        return msgspec.structs.replace(parcel, id=self._posted([row])[0])

    def redirected(self, parcel: Parcel, to: int) -> list[Parcel]:
        """A letter, and all that waits for the same account, on their way to another account of the person."""
        channel = self.contact(to).channel
        gone = delete(t.outbox).where(t.outbox.c.contact_id == parcel.contact).returning(t.outbox)
        rows = sorted(self._c.execute(gone), key=lambda row: row.id)
        self.dropped.extend(row.id for row in rows)
        moved = {"contact": to, "channel": channel, "attempts": 0}
        again = [msgspec.structs.replace(parcel, due_at=self.now, **moved)]
        for row in rows:
            due_at = self.now if row.attempts else meant(row.due_at, row.planned_at, self.now)
            again.append(msgspec.structs.replace(parcel_of(row, channel, False), due_at=due_at, **moved))
        # New rows, so that they leave in the order in which they were written.
        return [self.posted_again(each) for each in again]

    def _routed(self, letter: Letter) -> Letter:
        to = self.reachable(letter.to)
        return letter if to == letter.to else replace(letter, to=to)

    def _can_be_told(self, letter: Letter) -> bool:
        return self._known(letter.to).contact.reachable

    def _due(self, letter: Letter) -> datetime:
        """When a letter may leave: an agency hears nothing of a report that its reporter can still take back."""
        due = self.now + letter.delay
        ticket = self.ticket(letter.ticket) if letter.ticket is not None and self.grace else None
        if ticket is None or ticket.source != "chat" or not self.grace or ticket.created_at + self.grace <= due:
            return due
        # Put on record by a clock that ran ahead: what kept it back is planned anew, and what follows is not kept back.
        if ticket.created_at > self.now + AHEAD:
            return due
        # A call for help is not kept back.
        if is_of_disaster(ticket):
            return due
        return due if letter.to in self.kin(ticket.reporter) else ticket.created_at + self.grace

    def _make_way(self, letters: Sequence[Letter]) -> dict[tuple[int, str], Place]:
        """Removes the letters that still wait under a key that is used again; the places in the queue they leave."""
        used = [
            (letter.to, letter.key)
            for letter in letters
            if letter.key and (letter.to not in self.known or self.known[letter.to].waiting or letter.delay)
        ]
        left: dict[tuple[int, str], Place] = {}
        for ident, contact, key, due_at, held, body in self._withdrawn(used):
            self.dropped.append(ident)
            left[contact, key] = Place(None if held else due_at, note_of(body))
        return left

    def _withdrawn(self, used: Sequence[tuple[int, str]]) -> Iterator[Any]:
        """What waited under these keys for these contacts, taken out of the outbox."""
        if used and self._c.dialect.name == "postgresql":
            contacts, keys = zip(*sorted(used), strict=True)
            yield from self._c.execute(_MAKE_WAY_ALL, {"contacts": contacts, "keys": keys})
            return
        for contact, key in used:
            yield from self._c.execute(_MAKE_WAY, {"contact": contact, "used": key})

    def _row(self, letter: Letter, before: Place | None) -> tuple[dict[str, Any], Body]:
        body = self._body(letter, self.contact(letter.to).language)
        due_at = self._due(letter)
        if before:
            due_at, body = before.taken_over(due_at, body, self.now)
        row = {
            "contact_id": letter.to,
            "priority": int(letter.priority),
            "due_at": due_at,
            "planned_at": self.now,
            "attempts": 0,
            "key": letter.key,
            "ticket": letter.ticket,
            "part": letter.part.value,
            "draft": letter.draft,
            "body": encode_body(body),
        }
        return row, body

    def _body(self, letter: Letter, language: str) -> Body:
        render = self.office.render
        return Body(
            render(letter.text, language),
            tuple(
                (c.id, render(c.label, language), render(c.hint, language) if c.hint else "") for c in letter.choices
            ),
            letter.files,
            letter.topic,
            letter.reply_to,
            render(letter.thread, language) if letter.thread else "",
            self._choose(letter, language),
            self._form(letter, language) if letter.brief else None,
            letter.wants_place,
            render(letter.note, language) if letter.note else "",
        )

    def _choose(self, letter: Letter, language: str) -> str:
        if letter.wants_place:
            labels = (self.office.render(choice.label, language).casefold() for choice in letter.choices)
            return self.office.render(TYPE(words=" / ".join(labels)), language)
        return self.office.render(CHOOSE, language) if letter.choices else "Pilih"

    def _form(self, letter: Letter, language: str) -> Form:
        brief = letter.brief
        assert brief is not None
        values = {name: self.office.render(words, language) for name, words in brief.values.items()}
        return Form(brief.kind, language, values, dict(brief.taps), brief.whole, brief.gathers)

    def _parcel(self, made: int, letter: Letter, row: dict[str, Any], body: Body) -> Parcel:
        contact = self.contact(letter.to)
        return Parcel(
            made,
            letter.to,
            contact.channel,
            row["priority"],
            row["due_at"],
            0,
            letter.ticket,
            letter.part.value,
            letter.draft,
            contact.group,
            body,
            letter.key,
        )
