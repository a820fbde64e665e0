"""Officers' drafts, and what was sent about a ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from handlers.desk import Bound, Draft
from handlers.words import Part
from storage import tables as t
from storage.cases import Cases
from storage.rows import NEWS, draft_of, draft_values

REMEMBERED = timedelta(days=7)


class Drafts(Cases):
    """What a desk knows of texts before they leave, and of messages after."""

    def add_draft(self, draft: Draft) -> Draft:
        self._on_record(draft.ticket)
        made = insert(t.drafts).values(created_at=self.now, **draft_values(draft)).returning(t.drafts.c.id)
        return replace(draft, id=self._c.execute(made).scalar_one())

    def draft(self, draft: int) -> Draft | None:
        return draft_of(self._c.execute(select(t.drafts).where(t.drafts.c.id == draft)).one_or_none())

    def draft_from(self, room: int, source: str) -> Draft | None:
        d = t.drafts.c
        query = select(t.drafts).where(d.room == room, d.source == source).order_by(d.id.desc()).limit(1)
        return draft_of(self._c.execute(query).one_or_none())

    def change_draft(self, draft: Draft) -> None:
        self._c.execute(update(t.drafts).where(t.drafts.c.id == draft.id).values(**draft_values(draft)))

    def drop_draft(self, draft: int) -> None:
        self._c.execute(delete(t.drafts).where(t.drafts.c.id == draft))

    def recall(self, draft: int) -> bool:
        # A second's margin: a letter that is nearly due may be on its way already.
        o, soon = t.outbox.c, self.now + timedelta(seconds=1)
        mine = o.part.in_((Part.NOTICE.value, Part.FILES.value))
        gone = delete(t.outbox).where(o.draft == draft, mine, o.due_at > soon, o.attempts == 0)
        ids = self._c.execute(gone.returning(o.id)).scalars().all()
        self.dropped.extend(ids)
        return bool(ids)

    def open_draft(self, room: int, since: datetime) -> Draft | None:
        """The newest text in a chat that waits for its officer's word."""
        d = t.drafts.c
        query = select(t.drafts).where(d.room == room, d.sent.is_(False), d.awaits.is_(False), d.created_at >= since)
        return draft_of(self._c.execute(query.order_by(d.id.desc()).limit(1)).one_or_none())

    def waits(self, contact: int, key: str) -> bool:
        """Whether a letter under this key has not left yet."""
        o = t.outbox.c
        return self._c.execute(select(o.id).where(o.contact_id == contact, o.key == key).limit(1)).first() is not None

    def last_told(self, contact: int) -> int | None:
        """The ticket of which a person heard last, while that is the last thing they heard."""
        s = t.sent.c
        query = select(s.ticket, s.part, s.at).where(s.contact_id == contact, s.failed.is_(False))
        row = self._c.execute(query.order_by(s.id.desc()).limit(1)).one_or_none()
        fresh = row is not None and row.part in NEWS and row.at > self.now - REMEMBERED
        return row.ticket if row is not None and fresh else None

    def bound(self, contact: int, message: str) -> Bound | None:
        s = t.sent.c
        query = select(s.ticket, s.part, s.draft).where(s.contact_id.in_(self.kin(contact)), s.message == message)
        row = self._c.execute(query.order_by(s.id.desc()).limit(1)).one_or_none()
        return row and Bound(row.ticket, Part(row.part), row.draft)
