"""Who answers for an agency: officers, the decrees that appoint them, and the invitations by which they join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, case, select, update

from handlers.desk import Decree, Invitation, Officer
from handlers.rules.ticket import Role
from storage import tables as t
from storage.contacts import Contacts
from storage.invitations import invite, kept
from storage.rows import upsert

# Built once: putting a statement together costs more than running it.
_OFFICERS = select(t.officers).where(t.officers.c.removed_at.is_(None))
_SERVING = _OFFICERS.order_by(t.officers.c.agency, t.officers.c.joined_at, t.officers.c.contact_id)
_SERVING_AT = _OFFICERS.where(t.officers.c.agency == bindparam("at")).order_by(
    t.officers.c.joined_at, t.officers.c.contact_id
)
_OFFICER = _OFFICERS.where(t.officers.c.contact_id == bindparam("who"), t.officers.c.agency == bindparam("at"))


class Roster(Contacts):
    """What a desk knows of officers; nobody is forgotten, only dismissed."""

    _rosters: dict[str, list[Officer]] | None = None

    def forget_rooms(self) -> None:
        """Whose chats answer for an agency follows from who is in office."""

    def officer(self, contact: int, agency: str) -> Officer | None:
        row = self._c.execute(_OFFICER, {"who": contact, "at": agency}).one_or_none()
        return officer_of(row) if row else None

    def officers(self, agency: str) -> Sequence[Officer]:
        if self._rosters is not None:
            return self._rosters.get(agency, [])
        return [officer_of(row) for row in self._c.execute(_SERVING_AT, {"at": agency})]

    def rosters(self) -> Mapping[str, Sequence[Officer]]:
        """The officers of all agencies, by agency; asked once a batch."""
        if self._rosters is None:
            self._rosters = {}
            for row in self._c.execute(_SERVING):
                self._rosters.setdefault(row.agency, []).append(officer_of(row))
        return self._rosters

    def enrol(self, officer: Officer) -> None:
        values = {
            "contact_id": officer.contact,
            "agency": officer.agency,
            "role": officer.role.value,
            "valid_until": officer.valid_until,
            "joined_at": self.now,
            "removed_at": None,
            "decree": officer.decree,
            "warned_of": None,
        }
        rest = {key: value for key, value in values.items() if key not in ("contact_id", "agency")}
        made = upsert(self._c.dialect.name)(t.officers).values(values)
        # Whoever is in office already does not join anew when the decree is renewed.
        since, o = made.excluded.joined_at, t.officers.c
        rest["joined_at"] = case((o.removed_at.is_(None), o.joined_at), else_=since)
        self._c.execute(made.on_conflict_do_update(index_elements=["contact_id", "agency"], set_=rest))
        self._rosters = None
        self.forget_rooms()

    def dismiss(self, officer: Officer) -> None:
        o = t.officers.c
        gone = update(t.officers).where(o.contact_id == officer.contact, o.agency == officer.agency)
        self._c.execute(gone.values(removed_at=self.now))
        self._rosters = None
        self.forget_rooms()

    def decree(self, decree: int) -> Decree | None:
        row = self._c.execute(select(t.decrees).where(t.decrees.c.id == decree)).one_or_none()
        return Decree(row.id, row.agency, row.number, row.issued_on, row.valid_until, row.blob) if row else None

    def add_decree(self, decree: Decree) -> Decree:
        found = kept(self._c, decree, self.now)
        assert found is not None
        return found

    def invite(self, agency: str, role: Role, decree: Decree | None) -> str:
        code, _ = invite(self._c, self.office.vault, self.office.draw, self.now, agency, role, decree)
        return code

    def invitation(self, code: str) -> Invitation | None:
        i = t.invitations.c
        query = select(t.invitations).where(
            i.code_hash.in_(self.office.vault.code_hashes(code)), i.used_at.is_(None), i.expires_at > self.now
        )
        row = self._c.execute(self.locked(query)).first()
        if row is None or row.agency not in self.facts.agency_by_code:
            return None
        return Invitation(row.id, row.agency, Role(row.role), row.valid_until, row.decree_id)

    def use(self, invitation: Invitation, by: int) -> None:
        changed = update(t.invitations).where(t.invitations.c.id == invitation.id)
        self._c.execute(changed.values(used_at=self.now, used_by=by))


def officer_of(row: Row[Any]) -> Officer:
    """An officer as the record keeps them."""
    return Officer(row.contact_id, row.agency, Role(row.role), row.valid_until, row.decree)
