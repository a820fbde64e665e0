"""A ticket's deadlines, day by day with the reason for each day that was skipped, and who held it how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from handlers import timing
from handlers.desk import Desk, Entry, Ticket
from handlers.facts import Clock as Rule
from handlers.labels import agency_name, local
from handlers.rules import custody
from handlers.rules.clocks import Run, days_between, length
from handlers.rules.custody import NOBODY, REPORTER, Step
from handlers.rules.ladder import MORNING
from handlers.rules.ticket import CLOSED, Clock, State, Term
from handlers.rules.workdays import CLOSED as AFTER_HOURS
from handlers.rules.workdays import WEEKEND, Counted, at, counted, in_days, missing_years, working_time
from handlers.words import Lines, T, Text, Words

WEEK = timedelta(days=7)
# So many days and more are told without a line for each weekend, so that they fit one message.
LONG = 200

CLOCKS: dict[Clock, Text] = {
    Clock.VERIFICATION: T("explain.clock", "Verifikasi"),
    Clock.REDISPOSITION: T("explain.clock", "Disposisi"),
    Clock.FOLLOW_UP: T("explain.clock", "Tindak lanjut pertama"),
    Clock.HANDLING: T("explain.clock", "Penanganan sampai selesai"),
    Clock.COMPLETION: T("explain.clock", "Kelengkapan dari pelapor"),
    Clock.REPORTER: T("explain.clock", "Tanggapan pelapor"),
}
WEEKDAYS = (
    T("weekday", "Sen"),
    T("weekday", "Sel"),
    T("weekday", "Rab"),
    T("weekday", "Kam"),
    T("weekday", "Jum"),
    T("weekday", "Sab"),
    T("weekday", "Min"),
)
MONTHS = (
    T("month", "Jan"),
    T("month", "Feb"),
    T("month", "Mar"),
    T("month", "Apr"),
    T("month", "Mei"),
    T("month", "Jun"),
    T("month", "Jul"),
    T("month", "Agu"),
    T("month", "Sep"),
    T("month", "Okt"),
    T("month", "Nov"),
    T("month", "Des"),
)
SKIPPED: dict[str, Text] = {
    WEEKEND: T("explain.skipped", "akhir pekan"),
    AFTER_HOURS: T("explain.skipped", "kantor sudah tutup saat mulai"),
}

HEAD = T("explain.head", "Tenggat laporan {number}")
NO_CLOCK = T("explain.no_clock", "Sekarang tidak ada tenggat yang berjalan.")
CLOSED_ON = T(
    "explain.closed",
    "Laporan {number} ditutup {day}, {within}. Rincian hari demi hari hanya ada selama tenggatnya berjalan.",
)
SAME_DAY = T("explain.same_day", "pada hari diterima")
WITHIN = T("explain.within", "{n} hari kerja setelah diterima")
ALLOWED = T("explain.allowed", "Waktu penanganan menurut aturan: {days} ({basis}).")
MERGED_ON = T(
    "explain.merged", "Laporan {number} digabungkan {day} dan mengikuti tenggat laporan {lead}. Ketik nomor itu."
)
TITLE = T("explain.title", "{clock}: {days} ({basis})")
STARTED = T("explain.started", "Mulai {day} pukul {hour}")
WORKING_DAYS = T("explain.working_days", "{n} hari kerja")
ALL_DAYS = T("explain.all_days", "{n} hari kalender")
MORE = T("explain.more", "+ {n} hari perpanjangan")
RESTED = T("explain.rested", "+ {n} hari menunggu pelapor")
NO_BASIS = T("explain.no_basis", "dasar aturan tidak tercatat")
RESTS = T(
    "explain.rests",
    "Berhenti sejak {day} sampai pelapor menjawab, pada hari ke-{used} dari {total}. "
    "Waktu menunggu yang ditambahkan paling banyak {cap} hari kerja lagi.",
)
NO_WEEKENDS = T("explain.no_weekends", "• Akhir pekan (Sabtu dan Minggu yang libur) tidak dihitung")
DAY_ZERO = T("explain.zero", "• {days}: hari mulai, belum dihitung")
ONE_DAY = T("explain.one", "• {days}: hari ke-{n}")
DAYS = T("explain.days", "• {days}: hari ke-{n} s.d. ke-{last}")
FREE = T("explain.free", "• {days}: {reason}")
DUE = T("explain.due", "Batas: {day}")
OTHER_DUE = T(
    "explain.other_due",
    "Batas: {day}, tetap seperti yang sudah disampaikan kepada pelapor",
)
NO_YEAR = T("explain.no_year", "⚠️ Hari libur tahun {years} belum dimasukkan, jadi batas ini dapat berubah.")
MONTH_DAY = T("explain.month_day", "{day} {month}")
SHORT_DAY = T("explain.day", "{weekday} {day}")
IN_A_WEEK = T("explain.in_a_week", "{first}–{last} {days}")
FROM_TO = T("explain.from_to", "{first} s.d. {last}")

HELD = T("custody.head", "Lama dipegang")
HELD_BY = T("custody.line", "• {holder}: {days} hari kerja")
HELD_NOW = T("custody.now", "• {holder}: {days} hari kerja, masih berjalan")
HELD_IN_ALL = T("custody.sum", "Jumlah: {days} hari kerja")
BY_REPORTER = T("custody.reporter", "Menunggu pelapor")
BY_NOBODY = T("custody.nobody", "Ditutup atau digabung")


def deadlines(desk: Desk, ticket: Ticket) -> Words:
    """Each clock of a ticket with all its days, and who held the ticket so far."""
    told: Sequence[Words] = [_clock(desk, ticket, run) for run in sorted(ticket.runs, key=lambda run: run.due)]
    if ticket.state is State.MERGED and ticket.merged_into is not None:
        told = [_merged(desk, ticket, ticket.merged_into)]
    elif ticket.state in CLOSED:
        told = [_closed(desk, ticket)]
    head: Words = HEAD(number=ticket.number) if ticket.runs else ""
    return Lines((head, *(told or [Lines((HEAD(number=ticket.number), NO_CLOCK))]), held(desk, ticket)), "\n\n")


def _merged(desk: Desk, ticket: Ticket, into: int) -> Words:
    lead, day = desk.ticket(into), local(desk, ticket.agency, ticket.closed_at or desk.now)
    return MERGED_ON(number=ticket.number, day=day, lead=lead.number if lead else "")


def _closed(desk: Desk, ticket: Ticket) -> Words:
    """When a ticket was closed, and how that compares with the rule; its clocks are gone."""
    end, calendar = ticket.closed_at or desk.now, timing.calendar(desk, ticket)
    since = at(ticket.received_on, MORNING, calendar) if ticket.received_on else ticket.created_at
    n, day = days_between(since, end, calendar), local(desk, ticket.agency, end)
    said = CLOSED_ON(number=ticket.number, day=day, within=WITHIN(n=n) if n else SAME_DAY)
    rule = timing.rule(desk, ticket, Clock.HANDLING)
    allowed = rule and ALLOWED(days=_length(rule.days, rule.unit != "calendar_day"), basis=_basis(rule))
    return Lines((said, allowed or ""))


def _clock(desk: Desk, ticket: Ticket, run: Run) -> Words:
    rule = timing.rule(desk, ticket, run.step)
    if rule is None and run.step in timing.INSTEAD:
        rule = timing.rule(desk, ticket, timing.INSTEAD[run.step])
    days: tuple[Words, ...] = (
        _length(run.days, run.working),
        MORE(n=run.more) if run.more else "",
        RESTED(n=run.rested) if run.rested else "",
    )
    title = TITLE(clock=CLOCKS[run.step], days=Lines(days, " "), basis=_basis(rule))
    start = run.since.astimezone(ZoneInfo(timing.calendar(desk, ticket).zone))
    started = STARTED(day=start.date(), hour=f"{start:%H.%M}")
    rest = _resting(desk, ticket, run, run.rests) if run.rests else _days(desk, ticket, run)
    return Lines((title, started, *rest))


def _length(days: int, working: bool) -> Words:
    return (WORKING_DAYS if working else ALL_DAYS)(n=days)


def _basis(rule: Rule | None) -> Words:
    return (rule.legal_basis if rule else "") or NO_BASIS


def _resting(desk: Desk, ticket: Ticket, run: Run, since: datetime) -> tuple[Words, ...]:
    used = days_between(run.since, since, timing.calendar(desk, ticket)) - run.rested
    cap = max(0, timing.days(desk, ticket, Term.PAUSE_CAP) - run.rested)
    day = local(desk, ticket.agency, since)
    return (RESTS(day=day, used=max(0, used), total=run.days + run.more, cap=cap),)


def _days(desk: Desk, ticket: Ticket, run: Run) -> Iterator[Words]:
    """Every day of a clock, counted or skipped, and where it ends."""
    calendar, due = timing.calendar(desk, ticket), local(desk, ticket.agency, run.due)
    days = counted(run.since, length(run), calendar, run.working)
    if len(days) >= LONG:
        yield NO_WEEKENDS
        days = tuple(each for each in days if each.reason != WEEKEND)
    for _, group in groupby(days, key=lambda each: (each.reason, each.number == 0)):
        yield _line(list(group))
    yield (DUE if days[-1].day == due else OTHER_DUE)(day=due)
    if years := missing_years(run.since, run.due, calendar):
        yield NO_YEAR(years=", ".join(map(str, sorted(years))))


def _line(group: Sequence[Counted]) -> Words:
    first, last = group[0], group[-1]
    days = _span(first.day, last.day)
    if first.number is None:
        return FREE(days=days, reason=SKIPPED.get(first.reason, first.reason))
    if first.number == 0:
        return DAY_ZERO(days=days)
    text = ONE_DAY if first is last else DAYS
    return text(days=days, n=first.number, last=last.number or 0)


def _span(first: date, last: date) -> Words:
    """Some days on end in short: Kam 24 Des, Sab–Min 7–8 Nov, or Sen 30 Nov s.d. Jum 4 Des."""
    if first == last:
        return _short(first)
    if last - first < WEEK and first.month == last.month:
        days = MONTH_DAY(day=f"{first.day}–{last.day}", month=MONTHS[first.month - 1])
        return IN_A_WEEK(first=WEEKDAYS[first.weekday()], last=WEEKDAYS[last.weekday()], days=days)
    return FROM_TO(first=_short(first), last=_short(last))


def _short(day: date) -> Words:
    date_ = MONTH_DAY(day=day.day, month=MONTHS[day.month - 1])
    return SHORT_DAY(weekday=WEEKDAYS[day.weekday()], day=date_)


def held(desk: Desk, ticket: Ticket) -> Words:
    """How long each had a ticket, in working days that add up to their sum; empty while it is too little to tell."""
    calendar_of = desk.facts.calendar
    parts = custody.segments(map(_step, desk.history(ticket.id)), ticket.closed_at or desk.now)
    sums = custody.charged(parts, lambda part: working_time(part.since, part.until, calendar_of(part.agency)))
    now = "" if ticket.closed_at or not parts else parts[-1].holder
    lines: list[Words] = []
    passed = timedelta()
    for holder, time in sums.items():
        # Rounded on the way, so that what is shown adds up to what is shown as the sum.
        share, passed = _hundredths(passed + time) - _hundredths(passed), passed + time
        if share:
            text = HELD_NOW if holder == now else HELD_BY
            lines.append(text(holder=_name(desk, holder), days=_decimal(share)))
    if not lines:
        return ""
    return Lines((HELD, *lines, HELD_IN_ALL(days=_decimal(_hundredths(passed))) if len(lines) > 1 else ""))


def _step(entry: Entry) -> Step:
    draft, undoes = (int(entry.data.get(key, 0)) for key in ("draft", "undoes"))
    return Step(entry.at, entry.state, entry.agency, draft, undoes)


def _name(desk: Desk, holder: str) -> Words:
    return {REPORTER: BY_REPORTER, NOBODY: BY_NOBODY}.get(holder) or agency_name(desk, holder)


def _hundredths(time: timedelta) -> int:
    return round(in_days(time) * 100)


def _decimal(hundredths: int) -> str:
    """Two decimals as people write them here: 1,89."""
    return f"{hundredths // 100},{hundredths % 100:02d}"
