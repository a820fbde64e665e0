"""The laws of what is told in a simulated year: who hears of what, how often, and of nobody else's report."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers import merged, rounds, submit
from handlers.desk import Entry
from handlers.notices import FINAL, NOTICES
from handlers.rules.ladder import Call
from handlers.rules.ticket import CLOSED, MOVES, Clock, Party, State
from tests.year_evidence import Evidence
from tests.year_laws import Faults
from tests.year_post import Told

FINISHED = "Laporan {number} selesai ditangani {agency}."
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober"),
    *("November", "Desember"),
)
PROMISED = re.compile(r"melewati batas \w+, (\d+) (\w+) (\d{4}).*tanggal baru: \w+, (\d+) (\w+) (\d{4})")
WORD = re.compile(r"kata\d{5}")
# Moves that tell the reporter, by their names; and rungs that do.
TELLS = {move.action for move in MOVES if Party.REPORTER in move.tells}
RUNGS = {Call.ASK_AGAIN.value: rounds.ASK_AGAIN, Call.CLOSING.value: rounds.CLOSING}
# These moves leave the clock that counts as it is.
RESTS = (Clock.KEEP, Clock.RESPONDED, Clock.EXTEND, Clock.CLASSIFY, Clock.COMPLETION, Clock.RESUME)
Heard = tuple[int, str, datetime]


def _around(source: str) -> tuple[str, str]:
    """The words of a sentence that stand directly before and behind the number of the report."""
    before, _, behind = source.partition("{number}")
    return before.rpartition("}")[2], behind.partition("{")[0]


# What a letter says by which a reporter hears of this kind of change.
SIGNS: dict[str, list[tuple[str, str]]] = {
    **{action: [_around(NOTICES[action, Party.REPORTER].source)] for action in TELLS - {"submit"}},
    **{call: [_around(text.source)] for call, text in RUNGS.items()},
    "finished": [_around(FINISHED)],
    "submit": [_around(submit.THANKS.source)],
}
SIGNS["archive"].append(_around(FINAL.source))


def every_reporter_hears_once(evidence: Evidence) -> Faults:
    """Of each change that concerns the reporter exactly one letter was handed over, to them and nobody else."""
    heard: Counter[Heard] = Counter()
    strayed = []
    idents = {ticket.number: ident for ident, ticket in evidence.tickets.items()}
    for told in evidence.told:
        for number in () if told.group else told.numbers:
            for kind in _kinds(told, number):
                heard[idents[number], kind, told.written] += 1
                if evidence.people[told.to] != evidence.reporter(idents[number]):
                    strayed.append(f"{kind} of report {idents[number]} was told to somebody else")
    due = Counter(each for ident in evidence.history for each in _expected(evidence, ident))
    return [
        *(f"of {kind} at {at} the reporter of report {ident} never heard" for ident, kind, at in due - heard),
        *(f"of {kind} at {at} the reporter of report {ident} heard without need" for ident, kind, at in heard - due),
        *strayed,
    ]


def _kinds(told: Told, number: str) -> Iterator[str]:
    for kind, signs in SIGNS.items():
        if any(before + number + behind in told.text for before, behind in signs):
            yield kind


def _expected(evidence: Evidence, ident: int) -> Iterator[Heard]:
    """What the reporter of a report should have heard: of every move that tells them, unless it was taken back."""
    entries = evidence.history[ident]
    if evidence.tickets[ident].source != "chat":
        return
    for n, entry in enumerate(entries):
        if entry.data.get("draft") and _taken_back(evidence, ident, entry):
            continue
        kind = _kind(entry)
        # A class is news only where it sets the deadline of the handling, a topic where it makes the report secret.
        if kind == "recategorise" and not entry.data.get("secret"):
            continue
        if kind and (kind != "classify" or _is_handled(evidence, entry, entries[:n])):
            yield ident, kind, entry.at
    for lead, since, until in _led(evidence, ident):
        asked = (e for e in evidence.history[lead] if e.data.get("call") in RUNGS and since < e.at < until)
        yield from ((ident, str(each.data["call"]), each.at) for each in asked)


def _is_handled(evidence: Evidence, entry: Entry, before: Sequence[Entry]) -> bool:
    """Whether a deadline for the handling stood before this step, for the report that is handled."""
    if "of" in entry.data:
        before = [each for each in evidence.history[int(entry.data["of"])] if each.at < entry.at]
    stood: list[Clock] = []
    state: State | None = None
    for each in (each for each in before if each.action != "note"):
        if each.action == "undo":
            stood.append(stood[-2])
            state = each.state
            continue
        rows = [m for m in MOVES if m.action == each.action and (state in m.frm if state else not m.frm)]
        stood.append(_stands(rows[0].clock, stood))
        state = each.state
    return bool(stood) and stood[-1] is Clock.HANDLING


def _stands(clock: Clock, before: Sequence[Clock]) -> Clock:
    """Which clock counts after a move; where an answer is awaited it rests."""
    last = before[-1] if before else Clock.STOP
    if clock is Clock.MOVE_ON or (clock is Clock.RESUME and last is Clock.FOLLOW_UP):
        return Clock.HANDLING
    return last if clock in RESTS else clock


def _kind(entry: Entry) -> str:
    if entry.action in merged.MIRRORS:
        did = str(entry.data["did"])
        if did in merged.OF_ONE:
            return ""
        return did if did in TELLS and did != "close" else "finished" if entry.state is State.RESOLVED else ""
    if entry.action == "remind":
        return str(entry.data["call"]) if entry.data["call"] in RUNGS else ""
    return entry.action if entry.action in TELLS else ""


def _taken_back(evidence: Evidence, ident: int, entry: Entry) -> bool:
    draft, lead = entry.data["draft"], int(entry.data.get("of", ident))
    return any(each.action == "undo" and each.data.get("undoes") == draft for each in evidence.history[lead])


def no_agency_hears_of_what_was_withdrawn(evidence: Evidence) -> Faults:
    """Of a report that was taken back in time nobody but its reporter was told anything."""
    back = {ident for ident, entries in evidence.history.items() if any(e.action == "withdraw" for e in entries)}
    numbers = {evidence.tickets[ident].number: ident for ident in back}
    again = {ident: _again(evidence, ident) for ident in back}
    return [
        f"{evidence.rooms.get(told.to, 'somebody')} was told of report {numbers[number]}, which had been taken back"
        for told in evidence.told
        for number in told.numbers & numbers.keys()
        if evidence.people[told.to] != evidence.reporter(numbers[number]) and told.written < again[numbers[number]]
    ]


def _again(evidence: Evidence, ident: int) -> datetime:
    """When the reporter wanted a report to be looked at after all."""
    return next((e.at for e in evidence.history[ident] if e.action == "object"), evidence.until)


def apologies_come_in_time(evidence: Evidence) -> Faults:
    """An apology is made by the last day of the deadline at the latest, and promises a day after it."""
    faults = []
    for told in evidence.told:
        if told.group or "kemungkinan melewati batas" not in told.text:
            continue
        found = PROMISED.search(told.text)
        assert found, told.text
        end, new = _day(*found.groups()[:3]), _day(*found.groups()[3:])
        if not told.left.astimezone(ZoneInfo("Asia/Jakarta")).date() <= end < new:
            faults.append(f"at {told.left} an apology for report {told.ticket} spoke of {end} and promised {new}")
    return faults


def _day(day: str, month: str, year: str) -> date:
    return date(int(year), MONTHS.index(month) + 1, int(day))


def merged_reports_share_the_news(evidence: Evidence) -> Faults:
    """While a report is handled as part of another, every change of that one is on its own record too."""
    faults: Faults = []
    for ident, entries in evidence.history.items():
        for lead, since, until in _led(evidence, ident):
            mirrored = {(e.at, e.data["did"]) for e in entries if e.data.get("of") == lead and "did" in e.data}
            missed = set(_news(evidence.history[lead], since, until)) - mirrored
            faults.extend(f"report {ident} missed {did} of report {lead} at {at}" for at, did in sorted(missed))
    return faults


def _led(evidence: Evidence, ident: int) -> Iterator[tuple[int, datetime, datetime]]:
    """With which reports one was handled, each from when to when."""
    entries = evidence.history[ident]
    for n, entry in enumerate(entries):
        if lead := _new_lead(entry):
            left = (each.at for each in entries[n + 1 :] if _new_lead(each) or each.state is not State.MERGED)
            yield lead, entry.at, next(left, evidence.until)


def _new_lead(entry: Entry) -> int:
    """With which report another is handled from this step on; 0 where the step changes nothing of that."""
    if entry.action in ("merge", "join"):
        return int(entry.data["into"])
    joins = entry.action == "reattach" or (entry.action == "follow" and entry.data["did"] == "merge")
    return int(entry.data["of"]) if joins else 0


def _news(entries: Iterable[Entry], since: datetime, until: datetime) -> Iterator[tuple[datetime, str]]:
    for entry in entries:
        concerns = entry.action in TELLS or (entry.state in CLOSED and entry.action not in merged.OF_ONE)
        if concerns and entry.action not in merged.OF_ONE and since < entry.at < until and entry.action != "note":
            yield entry.at, entry.action


def nobody_reads_of_anothers_report(evidence: Evidence) -> Faults:
    """No letter to a reporter names a report, or holds words, of anybody else."""
    numbers: dict[int, set[str]] = defaultdict(set)
    words: dict[int, set[str]] = defaultdict(set)
    for ident, ticket in evidence.tickets.items():
        person = evidence.reporter(ident)
        numbers[person].add(ticket.number)
        words[person].add(evidence.words.get(ident, ""))
    return [
        f"a letter about report {told.ticket} holds what is another's"
        for told in evidence.told
        if not told.group
        and (
            told.numbers - numbers[person_of(evidence, told)]
            or set(WORD.findall(told.text)) - words[person_of(evidence, told)]
        )
    ]


def person_of(evidence: Evidence, told: Told) -> int:
    """Whom a letter went to."""
    return evidence.people[told.to]


def mornings_are_greeted_once(evidence: Evidence) -> Faults:
    """The list of the day goes to a chat once a day, on days on which its agency works, between 08.00 and 10.00."""
    seen: Counter[tuple[int, date]] = Counter()
    faults = []
    for told in evidence.told:
        if told.key.startswith("round:") and told.text.startswith("Selamat pagi"):
            calendar = evidence.facts.calendar(told.key.split(":")[1])
            here = told.left.astimezone(ZoneInfo(calendar.zone))
            seen[told.to, here.date()] += 1
            if not (8 <= here.hour < 10 and calendar.is_working(here.date())):
                faults.append(f"{told.key} was greeted at {here}")
    return [*faults, *(f"chat {to} was greeted {n} times on {day}" for (to, day), n in seen.items() if n > 1)]
