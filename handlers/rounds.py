"""The round that the clock makes: reminders, promises, escalation, closing, and the morning's list for each agency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers import case, facesheet, timing, tree
from handlers.desk import LISTED, Contact, Desk, Entry, Ticket
from handlers.labels import STEPS, agency_name, local
from handlers.notices import NO, YES
from handlers.rules import ladder
from handlers.rules.clocks import Run, ends
from handlers.rules.ladder import Call
from handlers.rules.ticket import HELD, Clock, Role, State, Term
from handlers.words import Brief, Choice, Letter, Lines, Part, Priority, T, Text, Words

# A ticket asleep for months has this many rungs behind it at most; the rest is climbed in the next round.
AT_ONCE = 12
SHOWN = 20
# As many lines as one message holds; what can still be kept is named as far as that goes.
MOST = 45
BUTTONS = 6

REMINDERS: dict[Call, Text] = {
    Call.HALF: T("rounds.half", "• {number}: separuh waktu {what} sudah lewat, batas {day}"),
    Call.MOST: T("rounds.most", "• {number}: waktu {what} hampir habis, batas {day}"),
    Call.EVE: T("rounds.eve", "⏰ {number}: tinggal 1 hari kerja untuk {what}, batas {day}"),
    Call.DAY: T("rounds.day", "⏰ {number}: batas {what} hari ini, {day}"),
    Call.ESCALATE: T("rounds.late", "🔴 {number}: batas {what} {day} sudah lewat"),
}
ESCALATED = T(
    "rounds.escalated", "🔴 {number}: batas {what} {day} sudah lewat. Mohon {agency} diingatkan atau dibantu."
)
MORE = T("rounds.more", "… dan {n} laporan lain. Ketik /tugas untuk daftarnya.")
HEAD = T("rounds.head", "Pengingat untuk {agency}")
MORNING = T("rounds.morning", "Selamat pagi, {agency}. {n} laporan terbuka, {late} lewat batas.")
NOTHING_OPEN = T("rounds.nothing_open", "Selamat pagi, {agency}. Tidak ada laporan terbuka.")
ASK_AGAIN = T(
    "rounds.ask_again",
    "Laporan {number} masih menunggu keterangan dari Anda. Balas pesan ini paling lambat {day}, "
    "agar laporan dapat kami tindak lanjuti. Pertanyaannya:\n\n“{text}”",
)
CLOSING = T(
    "rounds.closing",
    "Laporan {number} akan kami tutup pada {day}. Apakah masalah Anda sudah teratasi? "
    "Bila belum, pilih Belum dan ceritakan alasannya.",
)


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a message to an agency: which ticket, and what is said of it."""

    agency: str
    ticket: Ticket
    line: Words
    urgent: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Climbed:
    """What came of a ticket's rungs: lines for agencies, and letters to its reporter."""

    notes: tuple[Note, ...] = ()
    letters: tuple[Letter, ...] = ()


def climbed(desk: Desk, ticket: Ticket) -> Climbed:
    """Climbs every rung of a ticket that is due; of several missed in a row only the last is said."""
    notes: dict[tuple[str, Clock], Note] = {}
    letters: dict[tuple[Call, Clock], tuple[Letter, ...]] = {}
    for _ in range(AT_ONCE):
        rung = _next(desk, ticket)
        if rung is None or rung[0] > desk.now:
            break
        when, call, run = rung
        done, ticket = CALLS[call](desk, _told(desk, ticket, run, when), run)
        notes.update({(note.agency, run.step): note for note in done.notes})
        if done.letters:
            letters[(call, run.step)] = done.letters
    return Climbed(tuple(notes.values()), tuple(letter for each in letters.values() for letter in each))


def _next(desk: Desk, ticket: Ticket) -> tuple[datetime, Call, Run] | None:
    """The rung that is due first, with its clock."""
    days_off, every = timing.calendar(desk, ticket), timing.days(desk, ticket, Term.ESCALATION)
    found = ((ladder.following(run, days_off, every), run) for run in ticket.runs)
    rungs = [(rung[0], rung[1], run) for rung, run in found if rung]
    return min(rungs, key=lambda rung: rung[0], default=None)


def _told(desk: Desk, ticket: Ticket, run: Run, when: datetime) -> Ticket:
    runs = tuple(replace(each, told=when) if each is run else each for each in ticket.runs)
    return timing.settled(desk, replace(ticket, runs=runs))


Called = tuple[Climbed, Ticket]


def _remind(call: Call) -> Callable[[Desk, Ticket, Run], Called]:
    def done(desk: Desk, ticket: Ticket, run: Run) -> Called:
        # After a long silence of ours the day is over: it is not said to be today.
        said = Call.ESCALATE if run.due < desk.now else call
        line = _line(desk, REMINDERS[said], ticket, run)
        note = Note(ticket.agency, ticket, line, said in (Call.EVE, Call.DAY, Call.ESCALATE))
        return Climbed((note,)), _on_record(desk, ticket, call, run)

    return done


def _line(desk: Desk, text: Text, ticket: Ticket, run: Run) -> Words:
    day = local(desk, ticket.agency, run.due)
    return text(number=ticket.number, what=STEPS[run.step], day=day, agency=agency_name(desk, ticket.agency))


def _on_record(desk: Desk, ticket: Ticket, call: Call, run: Run) -> Ticket:
    data = {"call": call.value, "clock": run.step.value}
    desk.change(ticket, Entry(ticket.id, desk.now, None, Role.SYSTEM, "remind", ticket.state, ticket.agency, data))
    return ticket


def _promise(desk: Desk, ticket: Ticket, run: Run) -> Called:
    """An apology with a new date, while the first can still be kept; afterwards the escalation says it."""
    if desk.now > run.due:
        return Climbed(), _on_record(desk, ticket, Call.PROMISE, run)
    days_off = timing.calendar(desk, ticket)
    new = ends(run.due, timing.days(desk, ticket, Term.PROMISE), days_off, True, desk.now)
    made = case.make(desk, ticket, "promise", Role.SYSTEM, None, promised=new, clock=run.step.value)
    return (Climbed(letters=made.letters), made.ticket) if made else (Climbed(), ticket)


def _escalate(desk: Desk, ticket: Ticket, run: Run) -> Called:
    """The next level up is told, and the reporter; at the top both are reminded until somebody acts."""
    mine = Note(ticket.agency, ticket, _line(desk, REMINDERS[Call.ESCALATE], ticket, run), urgent=True, late=True)
    above = tree.watcher(desk, ticket.risen or ticket.agency)
    line = _line(desk, ESCALATED, ticket, run)
    if not above:
        top = (Note(ticket.risen, ticket, line, urgent=True, late=True),) if ticket.risen else ()
        return Climbed((mine, *top)), _on_record(desk, ticket, Call.ESCALATE, run)
    made = case.make(desk, ticket, "escalate", Role.SYSTEM, None, agency=above, clock=run.step.value)
    if made is None:
        return Climbed((mine,)), _on_record(desk, ticket, Call.ESCALATE, run)
    return Climbed((mine, Note(above, made.ticket, line, urgent=True, late=True)), made.letters), made.ticket


def _kept_open(desk: Desk, ticket: Ticket, run: Run) -> tuple[Ticket, Run]:
    """After a long silence of ours a reporter still gets a working day between the warning and the end."""
    if run.due >= desk.now:
        return ticket, run
    longer = replace(run, due=ends(desk.now, 1, timing.calendar(desk, ticket), True, desk.now))
    runs = tuple(replace(each, due=longer.due) if each.step is run.step else each for each in ticket.runs)
    return timing.settled(desk, replace(ticket, runs=runs)), longer


def _ask_again(desk: Desk, ticket: Ticket, run: Run) -> Called:
    ticket, run = _kept_open(desk, ticket, run)
    asked = [entry for entry in desk.history(ticket.id) if entry.action == "ask"]
    question = str(asked[-1].data.get("text", "")) if asked else ""
    day = local(desk, ticket.agency, run.due)
    letters = tuple(
        _reminder(desk, each, ASK_AGAIN(number=each.number, day=day, text=question)) for each in _together(desk, ticket)
    )
    return Climbed(letters=letters), _on_record(desk, ticket, Call.ASK_AGAIN, run)


def _closing(desk: Desk, ticket: Ticket, run: Run) -> Called:
    ticket, run = _kept_open(desk, ticket, run)
    day = local(desk, ticket.agency, run.due)
    letters = tuple(_last_call(desk, each, CLOSING(number=each.number, day=day)) for each in _together(desk, ticket))
    return Climbed(letters=letters), _on_record(desk, ticket, Call.CLOSING, run)


def _last_call(desk: Desk, ticket: Ticket, text: Words) -> Letter:
    choices = (Choice(f"t:{ticket.id}:confirm", YES), Choice(f"t:{ticket.id}:dispute", NO))
    return replace(_reminder(desk, ticket, text), choices=choices)


def _together(desk: Desk, ticket: Ticket) -> tuple[Ticket, ...]:
    """A report and those that end with it."""
    return (ticket, *(each for each in desk.followers(ticket.id) if each.state is State.MERGED))


def _reminder(desk: Desk, ticket: Ticket, text: Words) -> Letter:
    values: dict[str, Words] = {"number": ticket.number, "agency": agency_name(desk, ticket.agency), "text": text}
    brief = Brief("news", values, {"open": f"t:{ticket.id}:open"}, whole=True)
    return Letter(ticket.reporter, text, part=Part.NOTICE, priority=Priority.REMINDER, ticket=ticket.id, brief=brief)


def _end(action: str) -> Callable[[Desk, Ticket, Run], Called]:
    def done(desk: Desk, ticket: Ticket, run: Run) -> Called:
        text = {"text": "incomplete"} if action == "lapse" else {}
        made = case.make(desk, ticket, action, Role.SYSTEM, None, **text)
        return (
            (Climbed(letters=made.letters), made.ticket)
            if made
            else (Climbed(), _on_record(desk, ticket, Call.CLOSE, run))
        )

    return done


CALLS: dict[Call, Callable[[Desk, Ticket, Run], Called]] = {
    **{call: _remind(call) for call in (Call.HALF, Call.MOST, Call.EVE, Call.DAY)},
    Call.PROMISE: _promise,
    Call.ESCALATE: _escalate,
    Call.ASK_AGAIN: _ask_again,
    Call.CLOSING: _closing,
    Call.CLOSE: _end("close"),
    Call.LAPSE: _end("lapse"),
}


Extra = Callable[[str], Sequence[Words]]


def gathered(desk: Desk, notes: Iterable[Note], mornings: Sequence[str], extra: Extra) -> tuple[Letter, ...]:
    """One message to each chat: what is due, and for the agencies whose morning it is how they stand today.

    `extra`: further lines for an agency's morning.
    """
    by_agency: dict[str, list[Note]] = {code: [] for code in mornings}
    for note in notes:
        by_agency.setdefault(note.agency, []).append(note)
    letters: list[Letter] = []
    for agency, said in by_agency.items():
        morning = agency in mornings
        letters.extend(_message(desk, agency, said, extra(agency) if morning else (), morning))
    return tuple(letters)


def _message(desk: Desk, agency: str, notes: Sequence[Note], more: Sequence[Words], morning: bool) -> Iterable[Letter]:
    listed = desk.tickets_at(agency) if morning else ()
    tickets = [each for each in listed if _is_work(desk, each)]
    if not (notes or more or tickets):
        return
    # What can still be kept goes before what is late: a deadline must not pass unnamed behind twenty others.
    urgent = sorted(notes, key=lambda note: (not note.urgent, note.late))
    most = min(MOST, max(SHOWN, sum(note.urgent and not note.late for note in notes)))
    lines = [note.line for note in urgent[:most]]
    if len(notes) > most:
        lines.append(MORE(n=len(notes) - most))
    # Whoever has nothing that presses is shown what comes next.
    shown = [note.ticket for note in urgent] or list(tickets)
    lines = lines or [facesheet.line(desk, ticket) for ticket in shown[:BUTTONS]]
    text = Lines((_head(desk, agency, tickets, morning, len(listed) == LISTED), *lines, *more))
    few = {each.id: each for each in shown[:BUTTONS]}
    choices = tuple(Choice(f"t:{each.id}:show", each.number) for each in few.values())
    pressing = any(note.urgent for note in notes)
    for room in desk.rooms_of(agency):
        yield Letter(
            room.id,
            text,
            choices=choices,
            priority=Priority.REMINDER,
            key=_key(desk, agency, room),
            brief=_brief(desk, agency, room, pressing),
        )


def _is_work(desk: Desk, ticket: Ticket) -> bool:
    """Whether a report is to be done today: it does not wait for its reporter, and cannot be taken back any more."""
    return ticket.state in HELD and ticket.created_at + desk.grace <= desk.now


TASKS = {"open": "m:tugas"}


def round_key(agency: str) -> str:
    """Under which key an agency's list waits, so that an unread one gives way to the newest."""
    return f"round:{agency}"


def _key(desk: Desk, agency: str, room: Contact) -> str:
    """In a group every list is read: a second one of the same morning must not take the first away."""
    return f"{round_key(agency)}:{desk.now:%Y%m%d%H%M%S%f}" if room.group else round_key(agency)


def _brief(desk: Desk, agency: str, room: Contact, pressing: bool) -> Brief | None:
    """The announcement for an officer's own chat: one who has not read the last list is called for what presses."""
    if room.group or (desk.waits(room.id, round_key(agency)) and not pressing):
        return None
    return Brief("digest", {"agency": agency_name(desk, agency)}, TASKS, gathers=True)


def _head(desk: Desk, agency: str, tickets: Sequence[Ticket], morning: bool, more: bool) -> Words:
    name = agency_name(desk, agency)
    if not morning:
        return HEAD(agency=name)
    if not tickets:
        return NOTHING_OPEN(agency=name)
    late = sum(1 for each in tickets if each.due_at and each.due_at < desk.now)
    if more:
        load = desk.load(agency)
        return MORNING(agency=name, n=load.held, late=load.late)
    return MORNING(agency=name, n=len(tickets), late=late)
