"""A report from the counter is recorded by an officer: in office, with its true day of receipt, and nobody's secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from handlers import counter as at_counter
from handlers import manual, menu, recorded, untold
from handlers.answers import NOT_A_CHOICE
from handlers.desk import Ticket
from handlers.rules.ticket import Clock, Role, State
from handlers.rules.workdays import Calendar, deadline
from handlers.words import Inbound, Kind, Person, Room, Talk
from storage import tables as t
from storage.letters import Parcel
from storage.turns import take
from tests.handlers import ACCOUNT, Overheard, acts, contact, faults, history, rows, sample_office, tickets
from tests.stage import FILES

STORY = "Lampu jalan di depan Balai Desa Bades mati sejak Senin, anak-anak pulang gelap."
NAME, PHONE, TYPED = "Sumiati Rahayu", "6281234567890", "0812-3456-7890"
AGUS, DWI = ("Agus Wibowo", "dputr"), ("Dwi Kurniawati", "kominfo")
PLACE = "Depan Balai Desa Bades, Kecamatan Pasirian"
_ids = count(1)


@dataclass(slots=True)
class Counter:
    """A counter with its officer; `whatsapp`: the office has a number there."""

    stage: Overheard
    who: tuple[str, str] = AGUS

    def does(self, kind: Kind = Kind.TEXT, **more: Any) -> list[Parcel]:
        """What is written when the officer does this in the agency's chat."""
        name, agency = self.who
        ident = f"counter-{next(_ids)}"
        person, room = Person(f"p:{name}", name), Room(f"room:{agency}", agency)
        more.setdefault("message", ident)
        return self.heard(Inbound("stage", ident, kind, person, self.stage.now, room, **more))

    def heard(self, event: Inbound) -> list[Parcel]:
        """What is written about an event."""
        with self.stage.engine.begin() as connection:
            return take(connection, [event], self.stage.office, self.stage.now).parcels

    def says(self, *answers: str) -> str:
        """What the officer hears last after these answers; a button by its label where there is one."""
        text = ""
        for answer in answers:
            text = self.does(text=answer)[0].body.text
        return text

    def to(self, step: str, **given: str) -> str:
        """The questions answered up to this one, or all of them."""
        heard = self.says("/input")
        for name, answer in {**self.answers(), **given}.items():
            if name == step:
                break
            heard = self.says(answer)
        return heard

    def answers(self) -> dict[str, str]:
        """An answer to each question that is asked."""
        phone = {"phone": TYPED} if "whatsapp" in self.stage.office.channels else {}
        return {
            "source": "Loket",
            "received": "29/10/2026",
            "type": "Pengaduan",
            "story": STORY,
            "category": "Tentukan nanti",
            "place": PLACE,
            "date": "Lewati",
            "files": "Lewati",
            "name": NAME,
            **phone,
            "privacy": "Biasa",
            "agency": "Ditangani di sini" if self.who == AGUS else "Tetap di koordinator",
        }

    def talk(self) -> Talk:
        """Where the officer's conversation in the agency's chat stands."""
        room = contact(self.stage, f"room:{self.who[1]}")
        who = contact(self.stage, f"p:{self.who[0]}")
        query = select(t.talks.c.body).where(t.talks.c.contact_id == who, t.talks.c.room_id == room)
        return msgspec.json.decode(rows(self.stage, query)[0].body, type=Talk)

    def saved(self, **given: str) -> Ticket:
        """The ticket of an entry with these answers instead of the usual ones."""
        self.to("", **given)
        self.says("Simpan")
        return tickets(self.stage)[-1]

    def kept(self) -> list[Any]:
        """All that would be left of an entry, but for the conversation."""
        return [rows(self.stage, select(table)) for table in (t.tickets, t.history, t.contacts, t.attachments)]

    def record(self) -> bytes:
        """The whole record as it lies on the disk."""
        with self.stage.engine.connect() as connection:
            return bytes(connection.connection.driver_connection.serialize())  # type: ignore[union-attr]


def asked(words: Any) -> str:
    """A question of the table."""
    return str(getattr(words, "source", words))


@pytest.fixture
def counter() -> Iterator[Counter]:
    """A counter of an office without WhatsApp."""
    with sample_office() as stage:
        yield Counter(stage)
        assert faults(stage) == []


@pytest.fixture
def phoned(counter: Counter) -> Counter:
    """The same where the office has WhatsApp too."""
    counter.stage.office = replace(counter.stage.office, channels=("stage", "whatsapp"))
    return counter


def test_it_is_on_record_as_it_was_received(counter: Counter) -> None:
    """Source and day of receipt are kept, the officer stands as who entered it, and the agency has it at once."""
    made = counter.saved()
    assert (made.source, str(made.received_on), str(made.happened)) == ("counter", "2026-10-29", "2026-10-29")
    assert (made.state, made.agency, made.why, made.category) == (State.FORWARDED, "dputr", "officer", "")
    assert (made.created_at, made.story, made.policy) == (counter.stage.now, STORY, "2018")
    entered, forwarded = history(counter.stage, made.id)
    assert (entered.action, entered.role) == ("submit", Role.OFFICER)
    assert entered.actor != made.reporter
    assert (forwarded.action, forwarded.role) == ("forward", Role.SYSTEM)


def test_the_clocks_run_from_the_receipt(counter: Counter) -> None:
    """The deadline is that of a report of the day of receipt."""
    made = counter.saved()
    calendar: Calendar = counter.stage.office.facts.calendar("dputr")
    run = made.run(Clock.HANDLING)
    assert run is not None
    assert run.since == datetime(2026, 10, 29, 1, tzinfo=UTC)
    assert run.due == deadline(run.since, 14, calendar)


@pytest.mark.parametrize("received", ["3/11/2025", "1/9/2026", "hari ini", "kemarin", "Minggu lalu"])
def test_nobody_is_late_before_they_were_told(counter: Counter, received: str) -> None:
    """However long ago it was received, no deadline has passed when the agency first hears of it."""
    made = counter.saved(received=received)
    tomorrow = counter.stage.now + timedelta(hours=15)
    assert all(run.due >= tomorrow for run in made.runs)
    assert len(made.runs) == 2


def test_the_coordinator_decides(counter: Counter) -> None:
    """An agency that is not sure leaves the report to the coordinator, who gets its card and checks it in time."""
    made = counter.saved(agency="Koordinator memilih")
    assert (made.state, made.agency, made.why, made.clock) == (State.RECEIVED, "kominfo", "unsure", Clock.VERIFICATION)
    assert [entry.action for entry in history(counter.stage, made.id)] == ["submit"]
    counter.who = DWI
    assert made.number in counter.says(f"/tiket {made.number}")


@pytest.mark.parametrize(
    ("answer", "agency", "state"),
    [("Dinas Kesehatan", "dinkes", State.FORWARDED), ("Tetap di koordinator", "kominfo", State.RECEIVED)],
)
def test_in_the_coordinators_chat(counter: Counter, answer: str, agency: str, state: State) -> None:
    """The coordinator forwards at once, or keeps the report."""
    counter.who = DWI
    made = counter.saved(agency=answer)
    assert (made.agency, made.state) == (agency, state)
    assert {entry.role for entry in history(counter.stage, made.id)} == {Role.COORDINATOR}


def test_an_agency_cannot_forward(counter: Counter) -> None:
    """A forged press by which an agency would give the report to another one chooses nothing."""
    counter.to("agency")
    said = counter.does(Kind.TAP, tap="q:input:agency:dinkes")[0].body.text
    assert said.startswith(NOT_A_CHOICE.source)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("source", "pos"),
        ("received", "30/11/2026"),
        ("received", "besok"),
        ("received", "32/13/2026"),
        ("received", "entah"),
        ("received", "1/11/2025"),
        ("received", "17/8/1945"),
        ("story", "rusak"),
        ("story", "😀" * 50),
        ("story", "a" * 4001),
        ("place", "di"),
        ("date", "30/10/2026"),
        ("date", "2/12/2026"),
        ("name", "."),
        ("name", "0812 3456 7890"),
        ("name", "a" * 101),
        ("phone", "0334 881234"),
        ("phone", "nanti saja"),
        ("phone", "+1 415 555 2671"),
        ("privacy", "entahlah"),
        ("agency", "Dinas Kesehatan"),
    ],
)
def test_a_wrong_answer_is_asked_again(phoned: Counter, step: str, answer: str) -> None:
    """A future day, one of long ago, an event after its report, a landline: refused in words, and the rest stays."""
    before = phoned.to(step)
    said = phoned.says(answer)
    assert said != before
    assert said.endswith(before) or step == "place"
    assert phoned.kept()[0] == []
    assert phoned.says(phoned.answers()[step]) != before


def test_a_scanned_letter_tells_the_story(counter: Counter) -> None:
    """A scanned letter with the story below it answers both questions, and stands on the ticket."""
    counter.to("story")
    counter.does(Kind.FILE, file=FILES["pdf"], text=STORY)
    for answer in ("Tentukan nanti", PLACE, "Lewati", "Lanjut", "Lewati", "Rahasia", "Ditangani di sini", "Simpan"):
        counter.says(answer)
    (made,) = tickets(counter.stage)
    assert (made.story, made.secret) == (STORY, True)
    assert [row.kind for row in rows(counter.stage, select(t.attachments))] == ["document"]


def test_a_sensitive_topic_is_secret(counter: Counter) -> None:
    """What the topic makes sensitive is never open, whatever was chosen before."""
    story = "Petugas loket meminta pungli lima puluh ribu untuk mengurus surat pindah keluarga kami."
    counter.to("category", story=story)
    counter.says("Pungli & korupsi", PLACE, "Lewati", "Lewati", "Lewati")
    assert "Biasa" not in [label for _, label, _ in counter.does(text="tidak jelas")[0].body.choices]
    counter.says("Rahasia", "Ditangani di sini", "Simpan")
    assert tickets(counter.stage)[0].secret


@pytest.mark.parametrize("word", ["batal", "/batal", "Batal!"])
def test_leaving_keeps_nothing(phoned: Counter, word: str) -> None:
    """Who leaves at the last question leaves no ticket, no person, no story and no seal behind."""
    phoned.says("/tugas")
    before = phoned.kept()
    phoned.to("")
    assert phoned.says(word) == manual.STOPPED.source
    assert phoned.kept() == before
    assert [row.body for row in rows(phoned.stage, select(t.talks.c.body)) if STORY in row.body] == []
    assert phoned.does(text="Simpan") == []


def test_a_field_is_corrected(phoned: Counter) -> None:
    """One field is asked again, what stands on it too, and the review follows."""
    phoned.to("")
    phoned.says("Ubah")
    assert phoned.says("Tanggal terima").startswith("Kapan laporan ini diterima?")
    assert phoned.says("28/10/2026") == asked(manual.ENTRY.by_key["date"].text)
    assert "28 Oktober 2026" in phoned.says("Lewati")
    phoned.says("Ubah", "Nomor WhatsApp")
    assert "berakhiran 7777" in phoned.says("0812 3456 7777")
    phoned.says("Simpan")
    assert str(tickets(phoned.stage)[0].received_on) == "2026-10-28"


def test_an_edited_message_corrects_its_answer(phoned: Counter) -> None:
    """Who edits what they wrote sees it in the review, a number too; a future day is refused there as well."""
    phoned.to("")
    sources = {key: message for message, key in phoned.talk().sources.items()}
    for key, text, shown in (
        ("phone", "0812 3456 7777", "berakhiran 7777"),
        ("story", f"{STORY} Sudah dua minggu.", "dua minggu"),
        ("received", "30/11/2026", at_counter.FUTURE.source[:20]),
        ("received", "27/10/2026", asked(manual.ENTRY.by_key["date"].text)),
    ):
        assert shown in phoned.does(Kind.EDIT, message=sources[key], text=text)[0].body.text
    phoned.says("Lewati", "Simpan")
    (made,) = tickets(phoned.stage)
    assert (made.story[-17:], str(made.received_on)) == ("Sudah dua minggu.", "2026-10-27")


def test_saving_twice_makes_one_report(counter: Counter) -> None:
    """The second press of Simpan finds nothing to save."""
    counter.saved()
    counter.does(Kind.TAP, tap="q:input:review:save")
    assert len(tickets(counter.stage)) == 1


def test_a_colleague_answers_nothing(counter: Counter) -> None:
    """The questions to one officer are no question to another, and a stranger cannot ask for them."""
    counter.to("")
    counter.who = ("Rini Astutik", "dputr")
    assert counter.does(text="Simpan") == []
    counter.does(Kind.TAP, tap="q:input:review:save")
    counter.who = ("Orang Lewat", "dputr")
    counter.says("/input")
    counter.does(Kind.TAP, tap="q:input:review:save")
    assert tickets(counter.stage) == []


def test_whose_decree_ends_meanwhile_saves_nothing(counter: Counter) -> None:
    """An officer whom the decree no longer covers is refused at the last step too."""
    counter.to("")
    with counter.stage.engine.begin() as connection:
        yesterday = counter.stage.now.date() - timedelta(days=1)
        connection.execute(update(t.officers).values(valid_until=yesterday))
    before = counter.kept()
    counter.does(text="Simpan")
    counter.does(Kind.TAP, tap="q:input:review:save")
    assert counter.kept() == before


# -- who the reporter is


def test_name_and_number_are_nowhere_to_be_read(phoned: Counter) -> None:
    """Before and after saving neither stands in the record, on a card, or in any letter."""
    phoned.to("")
    secrets = [each.encode() for each in (NAME, PHONE, PHONE[2:], TYPED)]
    assert [each for each in secrets if each in phoned.record()] == []
    parcels = phoned.does(text="Simpan")
    assert [each for each in secrets if each in phoned.record()] == []
    said = "\n".join(parcel.body.text for parcel in parcels)
    assert [each for each in secrets if each.decode() in said] == []


def test_who_left_a_number_gets_it_in_a_form(phoned: Counter) -> None:
    """The letter says who entered the report and its number, and can be sent to somebody who never wrote."""
    phoned.to("")
    parcels = phoned.does(text="Simpan")
    (made,) = tickets(phoned.stage)
    (letter,) = [parcel for parcel in parcels if parcel.contact == made.reporter]
    assert letter.channel == "whatsapp"
    assert "lewat loket Dinas Pekerjaan Umum dan Tata Ruang" in letter.body.text
    assert letter.body.form is not None
    assert (letter.body.form.kind, letter.body.form.values["text"]) == ("news", letter.body.text)
    assert made.number in letter.body.text
    assert STORY not in letter.body.text
    assert recorded.TOLD.source in parcels[0].body.text


@pytest.mark.parametrize("address", ["ID.123456789", PHONE])
def test_the_reporter_finds_it_later(phoned: Counter, address: str) -> None:
    """Who writes from that number, known by it or by Meta's own id beside it, finds the report among their own."""
    made = phoned.saved()
    who = Person(address, "Sumi", PHONE if address != PHONE else "")
    event = Inbound("whatsapp", "w1", Kind.TEXT, who, phoned.stage.now, text="laporan saya", account=ACCOUNT)
    assert made.number in "\n".join(parcel.body.text for parcel in phoned.heard(event))


def test_a_known_person_is_found_by_number(phoned: Counter) -> None:
    """The report of somebody who has written before is theirs, under the account they have."""
    who = Person("ID.123456789", "Sumi", PHONE)
    phoned.heard(Inbound("whatsapp", "w1", Kind.TEXT, who, phoned.stage.now, text="halo", account=ACCOUNT))
    known = rows(phoned.stage, select(t.contacts.c.id).where(t.contacts.c.channel == "whatsapp"))
    assert [phoned.saved().reporter, phoned.saved().reporter] == [row.id for row in known] * 2


def test_without_whatsapp_nobody_is_asked_for_a_number(counter: Counter) -> None:
    """An office without WhatsApp asks for no number, writes nobody, and says that the officer tells the person."""
    counter.to("")
    parcels = counter.does(text="Simpan")
    assert {parcel.channel for parcel in parcels} == {"stage"}
    assert recorded.UNTOLD.source in parcels[0].body.text
    assert any(asked(untold.NEVER) in parcel.body.text for parcel in parcels)


def test_no_officer_hears_that_somebody_was_told_who_was_not(counter: Counter) -> None:
    """Of a reporter who cannot be reached no confirmation, card or history says that they were told."""
    made = counter.saved()
    said = [parcel.body.text for parcel in counter.does(Kind.TAP, tap=f"t:{made.id}:extend")]
    counter.says("5 hari kerja")
    said.append(counter.says("Kami menunggu aspal dari gudang provinsi."))
    assert said[-1] == untold.MADE["extend"].source.format(number=made.number)
    counter.does(Kind.TAP, tap=f"t:{made.id}:answer")
    preview = counter.does(text="Lampu sudah kami ganti.")[0]
    assert asked(untold.RECORD) in [label for _, label, _ in preview.body.choices]
    sent = counter.does(Kind.TAP, tap=preview.body.choices[0][0])[0].body.text
    assert sent == untold.RECORDED["answer"].source.format(number=made.number)
    shown = counter.says(f"/tiket {made.number}")
    assert asked(untold.HISTORY) in shown
    assert "Dicatat oleh Agus Wibowo" in shown


def test_who_cannot_be_reached_is_not_asked(counter: Counter) -> None:
    """Nobody can be asked through the bot who cannot answer it, so that no report lapses for that."""
    made = counter.saved()
    before = history(counter.stage, made.id)
    counter.does(Kind.TAP, tap=f"t:{made.id}:ask")
    counter.does(text="Nomor rumahnya berapa?")
    assert history(counter.stage, made.id) == before


def test_grace_is_for_those_who_can_take_back(counter: Counter) -> None:
    """What an officer enters leaves at once: there is nobody who could still take it back."""
    counter.stage.office = replace(counter.stage.office, grace=timedelta(minutes=1))
    counter.to("")
    assert {parcel.due_at for parcel in counter.does(text="Simpan")} == {counter.stage.now}


def test_citizens_have_no_counter(counter: Counter) -> None:
    """Who writes the command to the bot in private is told that it belongs to an agency's chat."""
    said = acts(counter.stage, "Sari> /input")
    assert any(menu.GROUP_ONLY.source in line for line in said)
    assert tickets(counter.stage) == []
