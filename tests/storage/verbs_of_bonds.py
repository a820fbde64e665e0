"""The verbs about tickets together: who claimed them, who helps, which are one, and how agencies stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from handlers.desk import Backlog, Load, Score, Ticket
from handlers.rules.ticket import Role, State
from handlers.words import Letter, Part
from storage import tables as t
from storage.desk import RecordDesk
from tests.storage.samples import NOW, OFFICE, People, entry, reopened, ticket

DAY = timedelta(days=1)


def put(desk: RecordDesk, reporter: int, **values: Any) -> Ticket:
    """A ticket with these values, under a number of its own."""
    desk.flush(())
    count = len(desk._c.execute(select(t.tickets.c.id)).all())
    return desk.add_ticket(ticket(reporter, f"LPR-2611-AAAA-{count}", **values))


def did(desk: RecordDesk, of: Ticket, action: str, **more: Any) -> None:
    """Something that was done about a ticket, and left it as it is."""
    desk.change(of, entry(of, action, **{"role": Role.OFFICER, **more}))


def claimed(desk: RecordDesk, people: People) -> None:
    mine = put(desk, people.siti, officer=people.budi)
    put(desk, people.siti, officer=people.ani)
    put(desk, people.siti, officer=people.budi, agency="dinkes")
    put(desk, people.siti, officer=people.budi, closed_at=NOW)
    other = put(desk, people.siti)
    assert desk.claimed(people.budi, "dpu") == [mine]
    taken = replace(other, officer=people.budi)
    desk.change(taken, entry(taken, "claim"))
    assert desk.claimed(people.budi, "dpu") == reopened(desk).claimed(people.budi, "dpu") == [mine, taken]


def meant_for(desk: RecordDesk, people: People) -> None:
    waiting = put(desk, people.siti, agency="kominfo", meant="dpu")
    put(desk, people.siti, agency="kominfo", meant="dinkes")
    put(desk, people.siti)
    assert desk.meant_for("dpu") == reopened(desk).meant_for("dpu") == [waiting]
    assert desk.meant_for("") == []


def followers(desk: RecordDesk, people: People) -> None:
    lead = put(desk, people.siti)
    others = [put(desk, each, merged_into=lead.id, state=State.MERGED) for each in (people.budi, people.ani)]
    assert desk.followers(lead.id) == reopened(desk).followers(lead.id) == others
    assert desk.followers(others[0].id) == []


def partners(desk: RecordDesk, people: People) -> None:
    made = put(desk, people.siti)
    desk.involve(made.id, "kominfo")
    desk.involve(made.id, "dinkes")
    desk.involve(put(desk, people.siti).id, "dpu")
    assert list(desk.partners(made.id)) == list(reopened(desk).partners(made.id)) == ["dinkes", "kominfo"]


def involve(desk: RecordDesk, people: People) -> None:
    made = put(desk, people.siti)
    assert list(desk.partners(made.id)) == []
    desk.involve(made.id, "dinkes")
    later = reopened(desk)
    later.now += DAY
    later.involve(made.id, "kominfo")
    later.involve(made.id, "dinkes")
    assert list(later.partners(made.id)) == ["dinkes", "kominfo"]


def withheld(desk: RecordDesk, people: People) -> None:
    made = put(desk, people.siti)
    later = timedelta(minutes=1)
    held = [Letter(to, "x", ticket=made.id, delay=later) for to in (people.roads, people.siti)]
    (to_agency, _) = desk.flush(held)
    assert desk.withheld(made.id)
    assert desk.dropped == [to_agency.id]
    left = desk._c.execute(select(t.outbox.c.contact_id).where(t.outbox.c.ticket == made.id)).scalars()
    assert list(left) == [people.siti]
    desk.flush([Letter(people.roads, "x", ticket=made.id)])
    assert not desk.withheld(made.id)
    told = put(desk, people.siti)
    values = {"contact_id": people.roads, "message": "m", "part": Part.CARD.value, "failed": False, "at": NOW}
    desk.flush(())
    desk._c.execute(insert(t.sent).values(ticket=told.id, **values))
    assert not reopened(desk).withheld(told.id)


def backlogs(desk: RecordDesk, people: People) -> None:
    """The agency with the most late tickets is first; what was taken back, or another agency did, is no follow-up."""
    old = datetime(2025, 12, 31, 18, tzinfo=UTC)
    late = put(desk, people.siti, due_at=NOW - DAY, state=State.IN_PROGRESS)
    did(desk, late, "extend")
    bare = put(desk, people.siti, due_at=NOW + DAY, state=State.FORWARDED, created_at=old)
    did(desk, bare, "note")
    moved = put(desk, people.siti, state=State.FORWARDED, received_on=date(2024, 5, 6))
    did(desk, moved, "answer", agency="dinkes")
    back = put(desk, people.siti, due_at=NOW + 2 * DAY, state=State.IN_PROGRESS)
    for action in ("answer", "undo"):
        did(desk, back, action)
    put(desk, people.siti, state=State.RESPONDED, due_at=NOW - DAY)
    put(desk, people.siti, state=State.RESOLVED, closed_at=NOW)
    clinic = put(desk, people.siti, agency="dinkes", state=State.REOPENED)
    for action in ("answer", "undo", "answer"):
        did(desk, clinic, action)
    roads = Backlog("dpu", 5, 1, 3, {2024: 1, 2026: 4}, date(2024, 5, 6), 4)
    health = Backlog("dinkes", 1, 0, 0, {2026: 1}, date(2026, 11, 23))
    for each in (desk, reopened(desk)):
        assert each.backlogs(("kominfo", "dinkes", "dpu")) == [roads, health]
    assert desk.backlogs(("dinkes",)) == [health]
    assert desk.backlogs(()) == []


def pressing(desk: RecordDesk, people: People) -> None:
    """What is late or without follow-up, by deadline, wherever it was before."""
    bare = put(desk, people.siti, due_at=NOW + DAY)
    late = put(desk, people.siti, due_at=NOW - DAY)
    answered = put(desk, people.siti, due_at=NOW + 2 * DAY)
    did(desk, late, "answer")
    did(desk, answered, "answer")
    put(desk, people.siti, due_at=NOW - DAY, state=State.NEEDS_INFO)
    put(desk, people.siti, due_at=NOW - DAY, agency="dinkes")
    for each in (desk, reopened(desk)):
        assert list(each.pressing("dpu", 9)) == [late, bare]
        assert list(each.pressing("dpu", 1)) == [late]
    tomorrow = reopened(desk)
    tomorrow.now += 3 * DAY
    assert [each.id for each in tomorrow.pressing("dpu", 9)] == [late.id, bare.id, answered.id]
    desk.change(replace(answered, agency="dinkes"), entry(replace(answered, agency="dinkes"), "transfer"))
    desk.change(bare, entry(bare, "answer"))
    assert [each.id for each in desk.pressing("dpu", 9)] == [late.id]
    assert [each.id for each in desk.pressing("dinkes", 9)][1:] == [answered.id]


def load(desk: RecordDesk, people: People) -> None:
    """What its reporter can still take back is not there yet for its agency; what becomes late counts at once."""
    office = replace(OFFICE, grace=timedelta(minutes=5))
    due = NOW + DAY
    put(desk, people.siti, created_at=NOW - DAY, due_at=due)
    put(desk, people.siti, created_at=NOW - DAY, state=State.RESPONDED, due_at=due)
    put(desk, people.siti, due_at=due)
    put(desk, people.siti, source="letter", due_at=due)
    assert desk.load("dpu") == reopened(desk).load("dpu") == Load(4, 3, 0)
    assert RecordDesk(desk._c, office, NOW).load("dpu") == Load(3, 1, 0)
    assert RecordDesk(desk._c, office, NOW + 2 * DAY).load("dpu") == Load(4, 3, 3)
    assert desk.load("kominfo") == Load()


def score(desk: RecordDesk, people: People) -> None:
    """Silence is counted apart, unless who was silent rated afterwards; older and open tickets do not count."""
    month = NOW - 30 * DAY
    closed: dict[str, Any] = {"closed_at": NOW - DAY, "state": State.RESOLVED}
    put(desk, people.siti, rating=5, **closed)
    put(desk, people.siti, rating=4, outcome="silent", **closed)
    put(desk, people.siti, outcome="silent", **closed)
    put(desk, people.siti, **closed)
    put(desk, people.siti, agency="dinkes", rating=1, **closed)
    put(desk, people.siti, rating=1, closed_at=month - DAY)
    open_ = put(desk, people.siti, rating=1)
    assert desk.score(("dpu",), month) == reopened(desk).score(("dpu",), month) == Score(2, 9, 1)
    assert desk.score(("dpu", "dinkes"), month) == Score(3, 10, 1)
    assert desk.score(("kominfo",), month) == desk.score((), month) == Score()
    desk.change(replace(open_, closed_at=NOW, rating=3), entry(open_, "rate"))
    assert desk.score(("dpu",), month) == Score(3, 12, 1)


def once(desk: RecordDesk, people: People) -> None:
    """What was done is not done again until the time is over, whoever asks."""
    hour = timedelta(hours=1)
    assert desk.once("named:dpu", hour)
    assert desk.once("named:dinkes", hour)
    assert not desk.once("named:dpu", hour)
    for after, due in ((hour - timedelta(microseconds=1), False), (hour, True), (2 * hour, True)):
        later = RecordDesk(desk._c, OFFICE, NOW + after)
        assert later.once("named:dpu", hour) is due


EXERCISES: tuple[Callable[[RecordDesk, People], None], ...] = (
    claimed,
    meant_for,
    followers,
    partners,
    involve,
    withheld,
    backlogs,
    load,
    pressing,
    score,
    once,
)
