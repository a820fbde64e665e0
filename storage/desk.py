"""Desk over one open connection: what handlers read and change, gathered for a batch and written at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert

from handlers.words import Letter, Part
from storage import tables as t
from storage.cases import Cases
from storage.drafts import Drafts
from storage.groups import Groups
from storage.letters import Body, Parcel
from storage.rows import encode_body, files_apart, last_of_each_key

# Built once: putting a statement together costs more than running it.
_POST = insert(t.outbox).returning(t.outbox.c.id, sort_by_parameter_order=True)
_MAKE_WAY = (
    delete(t.outbox)
    .where(t.outbox.c.contact_id == bindparam("contact"), t.outbox.c.key == bindparam("used"))
    .returning(t.outbox.c.id)
)


class RecordDesk(Cases, Groups, Drafts):
    """The desk of one batch."""

    def flush(self, letters: Sequence[Letter]) -> list[Parcel]:
        """Writes all that the batch changed; the letters come back as parcels."""
        self._flush_tickets()
        self._flush_contacts()
        return self._post(letters) if letters else []

    def _post(self, letters: Sequence[Letter]) -> list[Parcel]:
        letters = last_of_each_key(files_apart(letters))
        for letter in letters:
            if letter.part is Part.CARD and letter.ticket is not None:
                self.card_here(letter.to, letter.ticket)
        self._make_way(letters)
        rows = [self._row(letter) for letter in letters]
        ids = self._c.execute(_POST, [row for row, _ in rows]).scalars()
        return [
            self._parcel(made_id, letter, row, body)
            for made_id, letter, (row, body) in zip(ids, letters, rows, strict=True)
        ]

    def _make_way(self, letters: Sequence[Letter]) -> None:
        """Removes the letters that still wait under a key that is used again."""
        for letter in letters:
            if letter.key and (letter.to not in self.known or self.known[letter.to].waiting or letter.delay):
                gone = self._c.execute(_MAKE_WAY, {"contact": letter.to, "used": letter.key})
                self.dropped.extend(gone.scalars())

    def _row(self, letter: Letter) -> tuple[dict[str, Any], Body]:
        body = self._body(letter, self.contact(letter.to).language)
        row = {
            "contact_id": letter.to,
            "priority": int(letter.priority),
            "due_at": self.now + letter.delay,
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
        )

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
        )
