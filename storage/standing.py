"""How agencies stand, read from the sums: what is open, late and without follow-up, and what reporters said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import BindParameter, and_, bindparam, case, func, or_, select

from handlers.desk import Backlog, Load, Score, Ticket
from handlers.rules.ticket import HELD, State
from storage import tables as t
from storage.cases import TICKETS, Cases
from storage.rows import ticket_of

# So many reports are counted as late at a time.
AT_ONCE = 200

# Built once: putting a statement together costs more than running it.
_C, _S, _R = t.tickets.c, t.standings.c, t.ratings.c
_CODES: BindParameter[str] = bindparam("agencies", expanding=True)
_NOW = bindparam("now", type_=t.Instant)
_IN_HANDS = _C.state.in_([state.value for state in HELD])
_SUMS = (
    select(_S.agency, _S.year, *(func.sum(_S[name]).label(name) for name in t.STANDING))
    .where(_S.agency.in_(_CODES))
    .group_by(_S.agency, _S.year)
)
# What became late since it was last written: the sweep leaves little of it.
_LAPSED = (
    select(_C.agency, func.count().label("late"), func.sum(case((_C.followed > 0, 1), else_=0)).label("pressing"))
    .where(_C.lapses_at < _NOW, _C.agency.in_(_CODES))
    .group_by(_C.agency)
)
_LAPSING = TICKETS.where(_C.lapses_at < _NOW).order_by(_C.lapses_at).limit(AT_ONCE)
_here = and_(_C.agency == _S.agency, _C.closed_at.is_(None))
# With a bound from below the index is entered behind those that came by chat.
_BY_LETTER = select(func.min(_C.received_on)).where(_here, _C.received_on >= date.min)
# The first of an index, which PostgreSQL does not see in the least of them where another column must be empty.
_BY_CHAT = select(_C.created_at).where(_here, _C.received_on.is_(None)).order_by(_C.received_on, _C.created_at).limit(1)
_OLDEST = (
    select(
        _S.agency,
        _BY_LETTER.correlate(t.standings).scalar_subquery().label("by_letter"),
        _BY_CHAT.correlate(t.standings).scalar_subquery().label("by_chat"),
    )
    .where(_S.agency.in_(_CODES))
    .group_by(_S.agency)
)
_PRESSING = (
    TICKETS.where(_C.agency == bindparam("holder"), _C.closed_at.is_(None), _IN_HANDS)
    .where(or_(_C.due_at < _NOW, _C.followed <= 0))
    .order_by(_C.due_at.nulls_last(), _C.id)
    .limit(bindparam("most"))
)
# What its reporter can still take back: counted in the sums, and not there yet for its agency.
_TAKES_BACK = and_(_C.source == "chat", _C.state.in_([State.RECEIVED.value, State.FORWARDED.value]))
_FRESH = select(func.count(), func.count(case((_TAKES_BACK, 1)))).where(
    *(_C.agency == bindparam("holder"), _C.closed_at.is_(None), _C.received_on.is_(None)),
    *(_C.created_at > bindparam("since", type_=t.Instant), _IN_HANDS),
)
_SCORE = select(*(func.coalesce(func.sum(_R[name]), 0) for name in t.SAID)).where(
    _R.agency.in_(_CODES), _R.day >= bindparam("day")
)


class Standing(Cases):
    """What a desk knows of agencies as a whole."""

    def backlogs(self, agencies: Sequence[str]) -> Sequence[Backlog]:
        """How these agencies stand, those with the most late tickets first; agencies without open tickets are none."""
        self._flush_tickets()
        sums, years = self._stand(agencies)
        oldest = self._oldest([code for code, of in sums.items() if of["open"]])
        made = [
            Backlog(code, of["open"], of["late"], of["bare"], years[code], oldest[code], of["pressing"])
            for code, of in sums.items()
            if of["open"]
        ]
        return sorted(made, key=lambda each: (-each.late, -each.untouched, -each.open, each.agency))

    def load(self, agency: str) -> Load:
        """How much an agency has; what its reporter can still take back is not there yet."""
        self._flush_tickets()
        of = self._stand((agency,))[0][agency]
        since = {"holder": agency, "since": self.now - self.grace}
        held, taken_back = self._c.execute(_FRESH, since).one() if self.grace else (0, 0)
        return Load(of["open"] - taken_back, of["held"] - held, of["late"])

    def pressing(self, agency: str, most: int) -> Sequence[Ticket]:
        """The first tickets of an agency, by deadline, that are late or without follow-up."""
        self._flush_tickets()
        found = self._c.execute(_PRESSING, {"holder": agency, "now": self.now, "most": most})
        # Only looked at and not locked: who changes one of them asks for it by its id.
        return [self._tickets.get(row.id) or ticket_of(row) for row in found]

    def score(self, agencies: Sequence[str], since: datetime) -> Score:
        """What reporters said of tickets closed since that day (UTC); whoever said nothing is counted apart."""
        self._flush_tickets()
        day = since.astimezone(UTC).date()
        row = self._c.execute(_SCORE, {"agencies": agencies, "day": day}).one()
        said = Counter({name: int(value) for name, value in zip(t.SAID, row, strict=True)})
        for (agency, when), of in self._sums.rated.items():
            if agency in agencies and when >= day:
                said.update(of)
        return Score(said["rated"], said["stars"], said["silent"])

    def lapse(self) -> bool:
        """Counts as late what has become so since it was last written; whether more may wait."""
        free = _LAPSING.with_for_update(skip_locked=True) if self._c.dialect.name == "postgresql" else _LAPSING
        found = self._held(self._c.execute(free, {"now": self.now}))
        self._changed.update(each.id for each in found)
        return len(found) == AT_ONCE

    def without_sums(self) -> None:
        """Writes tickets for whoever counts anew how all agencies stand: sums are locked last, and then for all."""
        self._flush_tickets()
        self._sums.open.clear()

    def _stand(self, agencies: Sequence[str]) -> tuple[dict[str, Counter[str]], dict[str, dict[int, int]]]:
        """The sums of each agency, and how many reports it has of each year: on record, in this batch, just lapsed."""
        found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        for row in self._c.execute(_SUMS, {"agencies": agencies}).mappings():
            found[row["agency"], row["year"]] = Counter({name: int(row[name]) for name in t.STANDING})
        for key, of in self._sums.open.items():
            if key[0] in agencies:
                found[key].update(of)
        whole: dict[str, Counter[str]] = {code: Counter() for code in agencies}
        years: dict[str, dict[int, int]] = {code: {} for code in agencies}
        for (code, year), of in sorted(found.items()):
            whole[code].update(of)
            years[code] |= {year: of["open"]} if of["open"] else {}
        for row in self._c.execute(_LAPSED, {"agencies": agencies, "now": self.now}).mappings():
            whole[row["agency"]].update({"late": row["late"], "pressing": int(row["pressing"])})
        return whole, years

    def _oldest(self, agencies: Sequence[str]) -> dict[str, date]:
        """The first day of receipt of what is open at each of these agencies."""
        found: dict[str, date] = {}
        for code, by_letter, by_chat in self._c.execute(_OLDEST, {"agencies": agencies}):
            days = [by_letter, by_chat and by_chat.astimezone(self._sums.zone(code)).date()]
            found |= {code: min(day for day in days if day)} if any(days) else {}
        # Where nothing is on record yet, all that is open came in this batch.
        mine = (each for each in self._tickets.values() if each.agency in agencies and each.closed_at is None)
        for each in mine:
            day = self._sums.received(each)
            found[each.agency] = min(day, found.get(each.agency, day))
        return found
