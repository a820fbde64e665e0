"""The clock's round over the record: once, in the morning, gathered, and not stopped by one ticket that is broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from storage import tables as t
from storage.sweep import sweep
from tests.handlers import Overheard, acts, sample_office, to_review

WIB = ZoneInfo("Asia/Jakarta")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 at the sample regency."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB).astimezone(UTC)


def swept(stage: Overheard, moment: datetime) -> list[str]:
    """What the round at this moment says, by the chats it says it to."""
    stage.now = moment
    with stage.engine.begin() as connection:
        found = sweep(connection, stage.office, moment)
    stage.hold(found.parcels, found.dropped)
    said = [f"{stage.chat(parcel)}: {parcel.body.text}" for parcel in found.parcels]
    list(stage.deliver())
    return said


def reported(stage: Overheard, *people: str) -> None:
    """Each of these reports the road; the reports lie with the agency that answers for roads."""
    for person in people:
        to_review(stage, person)
        acts(stage, f"{person}> [Kirim]")


def test_one_message_gathers_the_morning() -> None:
    """Two reminders and the morning's list reach a chat as one message."""
    with sample_office() as stage:
        reported(stage, "Sari", "Budi")
        said = swept(stage, local(5, 8, 1))
        (morning,) = [each for each in said if each.startswith("dputr:")]
        assert morning.count("separuh waktu tindak lanjut pertama") == 2
        assert "2 laporan terbuka" in morning


def test_the_same_round_says_nothing_twice() -> None:
    """A second round at the same hour, as another replica might make it, finds nothing left to say."""
    with sample_office() as stage:
        reported(stage, "Sari")
        assert swept(stage, local(5, 8, 1))
        assert swept(stage, local(5, 8, 2)) == []
        assert swept(stage, local(5, 9, 30)) == []


def test_no_morning_on_free_days_and_none_at_noon() -> None:
    """Weekends have no morning, and a program that is started at eleven greets nobody."""
    with sample_office() as stage:
        reported(stage, "Sari")
        swept(stage, local(6, 8, 1))
        assert swept(stage, local(7, 8, 1)) == []
        assert swept(stage, local(8, 8, 1)) == []
        assert not any("Selamat pagi" in each for each in swept(stage, local(9, 11)))


def test_a_round_that_was_missed_is_made_up_for() -> None:
    """After days without the program the newest reminder is said once, and what lapsed goes up."""
    with sample_office() as stage:
        reported(stage, "Sari")
        said = "\n".join(swept(stage, local(11, 9)))
        assert said.count("sudah lewat") >= 1
        assert "separuh waktu tindak lanjut" not in said
        assert "kominfo: Pengingat" in said
        assert "kemungkinan melewati batas" not in said, "an apology after the deadline would be an excuse"


def test_a_broken_ticket_holds_up_no_other() -> None:
    """A ticket whose round fails is put off for an hour and written down; the others have theirs."""
    with sample_office() as stage:
        reported(stage, "Sari", "Budi")
        with stage.engine.begin() as connection:
            first = connection.execute(select(func.min(t.tickets.c.id))).scalar_one()
            broken = {"step": "keep", "since": local(2, 9), "days": 1, "due": local(3, 9)}
            connection.execute(update(t.tickets).where(t.tickets.c.id == first).values(runs=[broken]))
        said = "\n".join(swept(stage, local(5, 8, 1)))
        assert said.count("separuh waktu") == 1
        with stage.engine.connect() as connection:
            wakes = connection.execute(select(t.tickets.c.wakes_at).where(t.tickets.c.id == first)).scalar_one()
            traces = connection.execute(select(t.poison.c.trace)).scalars().all()
        assert wakes == local(5, 8, 1) + timedelta(hours=1)
        assert len(traces) == 1


def test_closed_tickets_sleep() -> None:
    """What is closed wakes nobody any more."""
    with sample_office() as stage:
        reported(stage, "Sari")
        acts(stage, "Agus Wibowo @ dputr> [Selesaikan]", "Agus Wibowo @ dputr> (foto: Sudah kami tambal.)")
        acts(stage, "Agus Wibowo @ dputr> [Kirim ke pelapor]")
        with stage.engine.begin() as connection:
            assert connection.execute(select(t.tickets.c.wakes_at)).scalar_one() is None
            connection.execute(update(t.tickets).values(changed_at=local(2, 9)))
        assert [each for day in range(3, 27) for each in swept(stage, local(day, 8, 1)) if "LPR" in each] == []


def test_nothing_is_closed_without_a_warning() -> None:
    """After an outage of ours the reporter is warned first, and the report is closed a working day later."""
    with sample_office() as stage:
        reported(stage, "Sari")
        acts(stage, "Agus Wibowo @ dputr> [Jawab]", "Agus Wibowo @ dputr> Lubang sudah kami tambal hari ini.")
        acts(stage, "Agus Wibowo @ dputr> [Kirim ke pelapor]")
        said = "\n".join(swept(stage, local(25, 9)))
        assert "akan kami tutup pada Kamis, 26 November 2026" in said
        assert "jadi laporan" not in said
        assert not any("jadi laporan" in each for each in swept(stage, local(26, 9)))
        assert any("jadi laporan" in each for each in swept(stage, local(27, 9)))


def test_a_second_list_takes_no_reminder_away() -> None:
    """Where a morning has more rungs than one round climbs, what the first said still reaches the group."""
    with sample_office() as stage:
        reported(stage, "Sari", "Budi")
        with stage.engine.begin() as connection:
            late = select(func.max(t.tickets.c.id)).scalar_subquery()
            connection.execute(update(t.tickets).where(t.tickets.c.id == late).values(wakes_at=local(5, 8, 2)))
            first = sweep(connection, stage.office, local(5, 8, 1))
            second = sweep(connection, stage.office, local(5, 8, 2))
        for found in (first, second):
            assert sum("separuh waktu" in parcel.body.text for parcel in found.parcels) == 1
        assert second.dropped == []
