"""A disaster is declared: the short form, calls for help at once, the rest together, and the end of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from handlers import affected
from handlers.desk import Scene
from handlers.facts import DISASTER, Disaster
from handlers.gathered import OTHER, TOPICS, topic
from handlers.rules.ticket import Clock, State
from handlers.submit import addressed
from handlers.words import Choice, Inbound, Kind, Person, Priority, Talk
from storage import tables as t
from tests.handlers import Overheard, acts, contact, current, desk, faults, history, rows, sample_office, tickets
from tests.handlers.phones import hired
from tests.storage.test_rounds import swept

COORDINATOR, OFFICER = "Dwi Kurniawati", "Teguh Purnomo"
MINUTE = timedelta(minutes=1)
FLOODED = "Air masuk rumah setinggi lutut sejak subuh."
THERE = "Dusun Krajan, Kecamatan Pasirian"
NUMBERS = affected.NUMBERS.source


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """An office in which nothing is a fault."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


def declare(stage: Overheard, kind: str = "[Banjir]", area: str = "pasirian", days: str = "[Tiga hari]") -> None:
    """The coordinator declares a disaster; its reports go to the BPBD."""
    lines = ("/darurat", "[Nyalakan]", kind, area, "[BPBD (bencana)]", days, "[Ya, nyalakan]")
    acts(stage, *(f"{COORDINATOR} @ kominfo> {line}" for line in lines))


def form(stage: Overheard, person: str, *lines: str) -> str:
    """Somebody fills in the short form; all that they hear from its beginning on."""
    before = len(stage.heard(person))
    known = contacts_consented(stage, person)
    opening = ("bencana",) if known else ("bencana", "[Setuju]")
    acts(stage, *(f"{person}> {line}" for line in (*opening, *lines)))
    return "\n".join(each.body.text for each in stage.heard(person)[before:])


def contacts_consented(stage: Overheard, person: str) -> bool:
    """Whether somebody has agreed before."""
    lookups = stage.office.vault.lookups("stage", f"p:{person}")
    found = rows(stage, t.contacts.select().where(t.contacts.c.lookup.in_(lookups)))
    return bool(found and found[0].consent)


def safe(stage: Overheard, person: str, story: str = FLOODED, place: str = THERE) -> str:
    """A report of somebody who is safe, sent."""
    return form(stage, person, story, place, "[Lewati]", "[Aman]", "[Kirim]")


def helpless(stage: Overheard, person: str, story: str = FLOODED, place: str = THERE) -> str:
    """A report of somebody who calls for help."""
    return form(stage, person, story, place, "[Lewati]", "[Butuh pertolongan]")


def heard(stage: Overheard, chat: str = "bpbd") -> list[str]:
    """What a chat was told, letter by letter, but for the news that a disaster was declared."""
    said = [each.body.text for each in stage.heard(chat)]
    return [each for each in said if "terdaftar" not in each and "menyalakan mode darurat" not in each]


def gathered(stage: Overheard, passed: timedelta) -> list[str]:
    """The lists that the BPBD gets from the clock's round after so long."""
    said = swept(stage, stage.now + passed)
    return [each.removeprefix("bpbd: ") for each in said if each.startswith("bpbd: 📋")]


# -- the coordinator


def test_nothing_is_declared_before_a_yes(stage: Overheard) -> None:
    """What will be done is said in words first, and cancelling there does nothing."""
    lines = ("/darurat", "[Nyalakan]", "[Banjir]", "pasirian", "[BPBD (bencana)]", "[Satu hari]")
    said = "\n".join(acts(stage, *(f"{COORDINATOR} @ kominfo> {line}" for line in lines)))
    for each in (
        "Bencana: Banjir",
        "Wilayah: Kecamatan Pasirian",
        "Penerima laporan: Badan Penanggulangan",
        "3 November",
    ):
        assert each in said
    acts(stage, f"{COORDINATOR} @ kominfo> [Batal]")
    assert rows(stage, t.disasters.select()) == []
    assert heard(stage, "dputr") == []


def test_each_chat_is_told_once(stage: Overheard) -> None:
    """Every agency of the area hears of it in one message, the coordinator in the answer."""
    declare(stage)
    told = {code: sum(") menyalakan mode darurat" in each.body.text for each in stage.heard(code)) for code in CHATS}
    assert told == {**dict.fromkeys(CHATS, 1), "kominfo": 0}
    assert "✅ Mode darurat menyala: Banjir, Kecamatan Pasirian" in heard(stage, "kominfo")[-1]


CHATS = ("bpbd", "dputr", "dinkes", "puskesmas-pasirian", "kominfo")


def test_only_a_coordinator_declares(stage: Overheard) -> None:
    """An officer, a passer-by and a forged button declare nothing; whoever asks hears the numbers."""
    assert "112" in "\n".join(acts(stage, f"{OFFICER} @ bpbd> /darurat"))
    for person, chat in ((OFFICER, "bpbd"), ("Orang Lewat", "kominfo"), (OFFICER, "kominfo")):
        for tap in ("e:on", "e:off:1", "e:longer:1", "e:"):
            list(stage.send(person, chat, Kind.TAP, tap=tap, message="b0"))
    assert rows(stage, t.disasters.select()) == []
    assert "112" in "\n".join(acts(stage, "Sari> /darurat"))


@pytest.mark.parametrize("tap", ["e:off:9", "e:longer:9", "e:off:", "e:off:x", "e:off:²", "e:x:1", "e:off:" + "9" * 40])
def test_a_forged_button_changes_nothing(stage: Overheard, tap: str) -> None:
    """Only a disaster that is declared can be ended or prolonged."""
    declare(stage)
    before = rows(stage, t.disasters.select())
    list(stage.send(COORDINATOR, "kominfo", Kind.TAP, tap=tap, message="b0"))
    acts(stage, f"{COORDINATOR} @ kominfo> /batal")
    assert rows(stage, t.disasters.select()) == before


def test_the_same_is_not_declared_twice(stage: Overheard) -> None:
    """The same kind in the same area is prolonged instead; another area is another disaster."""
    declare(stage)
    declare(stage)
    assert "sudah menyala" in heard(stage, "kominfo")[-1]
    declare(stage, area="candipuro")
    assert [row.area for row in rows(stage, t.disasters.select())] == ["35.08.04", "35.08.03"]


def test_a_kind_in_words_of_ones_own(stage: Overheard) -> None:
    """A disaster that is not in the list is named by the coordinator; a known name is that kind."""
    ask = ("/darurat", "[Nyalakan]", "[Lainnya]")
    rest = ("[Seluruh wilayah]", "[BPBD (bencana)]", "[Satu hari]", "[Ya, nyalakan]")
    for said in ("Angin topan", "longsor"):
        acts(stage, *(f"{COORDINATOR} @ kominfo> {line}" for line in (*ask, said, *rest)))
    assert [(row.kind, row.area) for row in rows(stage, t.disasters.select())] == [
        ("Angin topan", "35.08"),
        ("Longsor", "35.08"),
    ]
    acts(stage, "Sari> halo")
    assert "Lapor bencana" in [label for _, label, _ in stage.heard("Sari")[-1].body.choices]


def test_it_is_prolonged_and_ended(stage: Overheard) -> None:
    """Prolonging adds to its end; ending counts what came, and the form is gone at once."""
    declare(stage, days="[Satu hari]")
    acts(stage, *(f"{COORDINATOR} @ kominfo> {line}" for line in ("/darurat", "[Perpanjang 1: Banjir]", "[Satu hari]")))
    (row,) = rows(stage, t.disasters.select())
    assert timedelta(days=2) - MINUTE < row.until - stage.now < timedelta(days=2) + MINUTE
    safe(stage, "Sari")
    helpless(stage, "Budi")
    acts(stage, f"{COORDINATOR} @ kominfo> /darurat", f"{COORDINATOR} @ kominfo> [Matikan 1: Banjir]")
    acts(stage, f"{COORDINATOR} @ kominfo> [Ya, matikan]")
    said = "2 laporan masuk, 1 di antaranya butuh pertolongan; 2 masih terbuka, 2 belum diambil"
    assert said in heard(stage, "kominfo")[-1]
    assert said in heard(stage)[-1]
    assert "Mode darurat bencana sudah berakhir" in "\n".join(acts(stage, "Wati> bencana"))


def test_a_coordinator_on_whatsapp(stage: Overheard) -> None:
    """The word alone does in an officer's own chat what the command does in a group."""
    hired(stage, "Wahyu", "kominfo")
    with stage.engine.begin() as connection:
        connection.execute(update(t.officers).where(t.officers.c.agency == "kominfo").values(role="coordinator"))
    acts(stage, "Wahyu> darurat", "Wahyu> [Nyalakan]", "Wahyu> longsor", "Wahyu> [Seluruh wilayah]")
    acts(stage, "Wahyu> 1", "Wahyu> [Tiga hari]", "Wahyu> ya")
    assert [row.kind for row in rows(stage, t.disasters.select())] == ["Longsor"]


# -- the short form


def test_every_question_begins_with_the_numbers(stage: Overheard) -> None:
    """Whatever is asked, the emergency numbers stand in the first line."""
    declare(stage)
    safe(stage, "Sari")
    questions = [each.body.text for each in stage.heard("Sari")[:-1]]
    assert len(questions) == 6
    assert all(each.startswith(NUMBERS) for each in questions)


def test_a_report_goes_to_its_agency_without_a_card(stage: Overheard) -> None:
    """Who is safe has a number and a date; the agency has the ticket in its list, and was told of nothing yet."""
    declare(stage)
    said = safe(stage, "Sari")
    (made,) = tickets(stage)
    assert made.number in said
    assert "diteruskan ke Badan Penanggulangan Bencana Daerah" in said
    assert (made.agency, made.state, made.category, made.area) == ("bpbd", State.FORWARDED, "bencana", "35.08.04")
    assert (made.why, made.policy, made.report_type) == ("disaster:1", DISASTER, "complaint")
    assert heard(stage) == []
    assert made.number in "\n".join(acts(stage, f"{OFFICER} @ bpbd> /tugas"))


def test_the_deadlines_are_those_of_disasters(stage: Overheard) -> None:
    """The first follow-up has two working days, and all other reports keep their own rules."""
    declare(stage)
    safe(stage, "Sari")
    (made,) = tickets(stage)
    run = made.run(Clock.FOLLOW_UP)
    assert run is not None
    assert run.days == 2
    for step, days in (("verification", 3), ("first_follow_up", 5), ("redisposition", 1)):
        found = stage.office.facts.clock(step, "complaint", "", "", stage.now.date())
        assert found is not None
        assert (found.policy, found.days) == ("2018", days)


def test_without_rules_for_disasters_the_usual_ones_hold(stage: Overheard) -> None:
    """An office that imported no such clocks promises what it always does."""
    with stage.engine.begin() as connection:
        connection.execute(t.clocks.delete().where(t.clocks.c.policy == DISASTER))
    declare(stage)
    safe(stage, "Sari")
    (made,) = tickets(stage)
    run = made.run(Clock.FOLLOW_UP)
    assert run is not None
    assert (made.policy, run.days) == ("2018", 5)


def test_a_call_for_help_leaves_at_once(stage: Overheard) -> None:
    """Without a review, before all other letters, with the place first; also while a report can be taken back."""
    stage.office = replace(stage.office, grace=timedelta(seconds=60))
    declare(stage)
    said = helpless(stage, "Budi", "Kami terjebak di lantai dua.")
    (call,) = heard(stage)
    assert call.startswith(f"🆘 BUTUH PERTOLONGAN · Banjir\nTempat: {THERE}")
    assert "Kami terjebak di lantai dua." in call
    letter = next(each for each in stage.heard("bpbd") if each.body.text == call)
    assert letter.priority == Priority.DIALOGUE
    assert "langsung kami kirim ke Badan Penanggulangan Bencana Daerah" in said
    assert "Kirim sekarang?" not in said


def test_a_call_for_help_can_be_claimed_and_answered(stage: Overheard) -> None:
    """Its card works like every other."""
    declare(stage)
    helpless(stage, "Budi")
    acts(stage, f"{OFFICER} @ bpbd> [Ambil]")
    acts(stage, f'{OFFICER} @ bpbd> (balas "LPR") Perahu menuju ke sana.', f"{OFFICER} @ bpbd> [Kirim ke pelapor]")
    assert "Perahu menuju ke sana." in stage.heard("Budi")[-1].body.text
    assert tickets(stage)[0].state is State.RESPONDED


def test_changing_ones_mind_at_the_review(stage: Overheard) -> None:
    """Each answer can be changed; who is no longer safe sends at once."""
    declare(stage)
    form(stage, "Sari", FLOODED, THERE, "(foto)", "[Lanjut]", "[Aman]", "[Ubah]", "[Lokasi]", "Kec. Candipuro")
    said = acts(stage, "Sari> [Ubah]", "Sari> [Keadaan]", "Sari> [Butuh pertolongan]")
    (made,) = tickets(stage)
    assert (made.area, current(stage, "Sari")) == ("35.08.03", Talk())
    assert any("langsung kami kirim" in line for line in said)


def test_what_was_told_in_a_report_is_not_asked_again(stage: Overheard) -> None:
    """Who began the usual report goes on from there, and no draft is left behind."""
    declare(stage)
    acts(stage, "Sari> lapor", "Sari> [Setuju]", f"Sari> {FLOODED}")
    list(stage.send("Sari", "Sari", Kind.TAP, tap="m:bencana", message="b0"))
    assert "Di mana?" in stage.heard("Sari")[-1].body.text
    acts(stage, f"Sari> {THERE}", "Sari> [Lewati]", "Sari> [Aman]", "Sari> [Kirim]")
    assert tickets(stage)[0].story == FLOODED
    assert current(stage, "Sari").shelf is None


def test_leaving_the_form_keeps_the_report_it_began_in(stage: Overheard) -> None:
    """Cancelling brings the draft back, nothing lost."""
    declare(stage)
    acts(stage, "Sari> lapor", "Sari> [Setuju]", f"Sari> {FLOODED}")
    list(stage.send("Sari", "Sari", Kind.TAP, tap="m:bencana", message="b0"))
    acts(stage, "Sari> batal", "Sari> lanjut")
    assert current(stage, "Sari").dialogue == "report"
    assert FLOODED in str(current(stage, "Sari"))


def test_without_consent_nothing_is_kept(stage: Overheard) -> None:
    """Who does not agree hears the numbers, and no report is made."""
    declare(stage)
    said = "\n".join(acts(stage, "Sari> bencana", "Sari> [Tidak]"))
    assert NUMBERS in said
    assert tickets(stage) == []


def test_two_disasters_at_once(stage: Overheard) -> None:
    """Which one is asked by kind; of one kind in two areas the place decides."""
    declare(stage)
    declare(stage, area="candipuro")
    declare(stage, kind="[Longsor]", area="senduro")
    form(stage, "Sari", "[Banjir]", FLOODED, "Desa Sumbermujur, Kec. Candipuro", "[Lewati]", "[Aman]", "[Kirim]")
    form(stage, "Budi", "[Longsor]", "Tebing menutup jalan.", THERE, "[Lewati]", "[Aman]", "[Kirim]")
    assert [each.why for each in tickets(stage)] == ["disaster:2", "disaster:3"]


def test_a_form_outlives_its_disaster(stage: Overheard) -> None:
    """Who is still writing when it ends loses nothing: the report goes where it was meant to go."""
    declare(stage)
    form(stage, "Sari", FLOODED, THERE, "[Lewati]", "[Aman]")
    acts(stage, f"{COORDINATOR} @ kominfo> /darurat", f"{COORDINATOR} @ kominfo> [Matikan 1: Banjir]")
    acts(stage, f"{COORDINATOR} @ kominfo> [Ya, matikan]", "Sari> [Kirim]")
    (made,) = tickets(stage)
    assert made.agency == "bpbd"
    assert "1 laporan baru" in gathered(stage, MINUTE)[0]


# -- whom it is offered to


def offered(stage: Overheard, story: str, area: str) -> Choice | None:
    """What somebody is offered who has said this."""
    acts(stage, "Sari> halo")
    happened = Inbound("stage", "1", Kind.TEXT, Person("p:Sari", "Sari"), stage.now)
    sari = contact(stage, "p:Sari")
    with stage.engine.begin() as connection:
        at = desk(stage, connection)
        return affected.offered(Scene(happened, at.contact(sari), Talk(), at), story, area)


@pytest.mark.parametrize(
    ("story", "area", "met"),
    [
        ("", "", True),
        ("Rumah saya kebanjiran, air masuk sampai kamar.", "", True),
        ("Lampu jalan mati sejak Senin.", "", False),
        ("Lampu jalan mati sejak Senin.", "35.08.04", True),
        ("Lampu jalan mati di Kecamatan Pasirian sejak Senin.", "", True),
        ("Lampu jalan mati di Kecamatan Senduro sejak Senin.", "", False),
        ("Lampu jalan mati sejak Senin.", "35.08.12", False),
    ],
)
def test_it_is_offered_to_whom_it_meets(stage: Overheard, story: str, area: str, met: bool) -> None:
    """A story that speaks of it, or a place in its area, is offered the short form."""
    declare(stage)
    found = offered(stage, story, area)
    assert (found.id if found else "") == ("m:bencana" if met else "")


@pytest.mark.parametrize(
    ("story", "area", "taken"),
    [
        (FLOODED, "35.08.04", True),
        ("Kami kebanjiran sejak subuh.", "35.08.04", True),
        ("Kami kebanjiran sejak subuh.", "35.08.04.2001", True),
        ("Kami kebanjiran sejak subuh.", "35.08.12", False),
        ("Kami kebanjiran sejak subuh.", "", False),
        ("Jalan berlubang.", "35.08.04", False),
    ],
)
def test_usual_reports_of_it_are_known_by_word_and_place(stage: Overheard, story: str, area: str, taken: bool) -> None:
    """A report of the usual kind belongs to a disaster where both its words and its place say so."""
    declare(stage)
    with stage.engine.begin() as connection:
        found = affected.receiving(desk(stage, connection), story, area)
    assert (found is not None) == taken


def test_while_nothing_is_declared_nothing_is_asked_of_the_record(stage: Overheard) -> None:
    """No turn costs a statement more than before there were disasters."""
    asked: list[str] = []
    event.listen(stage.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    acts(stage, "Sari> halo", "Sari> lapor", "Sari> [Setuju]", f"Sari> {FLOODED}")
    assert [each for each in asked if "disaster" in each] == []


# -- what the agency reads


def test_reports_are_told_together_every_ten_minutes(stage: Overheard) -> None:
    """The first at once, then nothing for ten minutes, then all that came, by place and topic, each once."""
    declare(stage)
    assert gathered(stage, MINUTE) == []
    safe(stage, "Sari")
    (first,) = gathered(stage, MINUTE)
    assert "1 laporan baru" in first
    safe(stage, "Budi", "Jalan putus, motor tidak bisa lewat.")
    safe(stage, "Wati", "Rumah kami terendam.")
    safe(stage, "Adi", "Rumah kami terendam.", "Desa Sumberwuluh, Kecamatan Candipuro")
    assert gathered(stage, 8 * MINUTE) == []
    (second,) = gathered(stage, 3 * MINUTE)
    assert "3 laporan baru" in second
    assert "• Kecamatan Pasirian (2): rumah 1, jalan dan jembatan 1" in second
    assert "• Kecamatan Candipuro (1): rumah 1" in second
    assert gathered(stage, 11 * MINUTE) == []


def test_calls_for_help_stand_first_until_somebody_takes_them(stage: Overheard) -> None:
    """With number and place; one that was claimed is not called again."""
    declare(stage)
    helpless(stage, "Budi")
    safe(stage, "Sari")
    number = tickets(stage)[0].number
    (first,) = gathered(stage, MINUTE)
    assert f"🆘 Butuh pertolongan dan belum diambil (1):\n• {number} · {THERE}" in first
    assert "1 laporan baru" in first
    acts(stage, f'{OFFICER} @ bpbd> (pada "BUTUH PERTOLONGAN") [Ambil]')
    safe(stage, "Wati")
    (second,) = gathered(stage, 11 * MINUTE)
    assert "Butuh pertolongan" not in second


def test_a_report_is_opened_and_claimed_from_the_list(stage: Overheard) -> None:
    """A button of the list shows it in full; taken up, it has its card, and its reporter hears so."""
    declare(stage)
    safe(stage, "Sari")
    gathered(stage, MINUTE)
    number = tickets(stage)[0].number
    acts(stage, f'{OFFICER} @ bpbd> (pada "laporan baru") [{number}]')
    assert FLOODED in stage.heard("bpbd")[-1].body.text
    acts(stage, f"{OFFICER} @ bpbd> [Ambil]")
    assert stage.heard("bpbd")[-1].part == "card"
    assert "sedang diproses" in stage.heard("Sari")[-1].body.text


def test_what_the_clock_does_brings_no_cards(stage: Overheard) -> None:
    """A deadline that is missed is told in the agency's one message, not in a card for each report."""
    declare(stage)
    for person in ("Sari", "Budi", "Wati"):
        safe(stage, person)
    before = len(stage.heard("bpbd"))
    for _ in range(8):
        swept(stage, stage.now + timedelta(days=1))
    assert [each.part for each in stage.heard("bpbd")[before:] if each.part == "card"] == []
    assert any(entry.action == "escalate" for entry in history(stage, tickets(stage)[0].id))


def test_what_the_reporter_adds_brings_the_card(stage: Overheard) -> None:
    """News of one report is told of that report."""
    declare(stage)
    safe(stage, "Sari")
    acts(stage, 'Sari> (balas "Nomor") Air sudah sampai jendela, kami di atap.')
    assert any("sampai jendela" in each for each in heard(stage))


def test_what_was_taken_back_is_not_told(stage: Overheard) -> None:
    """Within the grace a report is neither told nor counted as told; taken back, it never is."""
    stage.office = replace(stage.office, grace=timedelta(seconds=90))
    declare(stage)
    safe(stage, "Sari")
    safe(stage, "Budi")
    assert gathered(stage, timedelta(seconds=30)) == []
    acts(stage, "Sari> batalkan")
    (told,) = gathered(stage, 2 * MINUTE)
    assert "1 laporan baru" in told


def test_it_ends_by_itself(stage: Overheard) -> None:
    """When its time is over the coordinator and the agency hear once how many came, after the last list."""
    declare(stage, days="[Satu hari]")
    safe(stage, "Sari")
    said = swept(stage, stage.now + timedelta(days=1))
    of_bpbd = [each for each in said if each.startswith("bpbd") and ("📋" in each or "berakhir" in each)]
    assert ["📋" in each for each in of_bpbd] == [True, False]
    assert sum("kominfo: ✅ Mode darurat Banjir" in each for each in said) == 1
    assert "1 laporan masuk" in of_bpbd[-1]
    assert not any("berakhir" in each for each in swept(stage, stage.now + MINUTE))
    assert "Lapor bencana: Banjir" not in "\n".join(acts(stage, "Wati> halo"))


def test_who_stands_in_reads_the_list(stage: Overheard) -> None:
    """Where nobody of the agency can be reached, the next level up is told instead."""
    declare(stage)
    with stage.engine.begin() as connection:
        connection.execute(t.rooms.delete().where(t.rooms.c.agency == "bpbd"))
    safe(stage, "Sari")
    said = swept(stage, stage.now + MINUTE)
    assert sum(each.startswith("kominfo: 📋 Banjir") for each in said) == 1


@pytest.mark.parametrize(
    ("story", "found"),
    [
        ("Ada korban luka di rumah", "korban"),
        ("Kami terjebak di atap", "evakuasi"),
        ("Pengungsi butuh selimut", "kebutuhan pengungsi"),
        ("Jembatan putus", "jalan dan jembatan"),
        ("LISTRIK PADAM!!", "listrik dan pohon"),
        ("Sawah kami rusak", "sawah dan ternak"),
        ("Tolong dibantu", "lain-lain"),
        ("", "lain-lain"),
        ("🌊🌊🌊", "lain-lain"),
    ],
)
def test_topics(story: str, found: str) -> None:
    """The first row whose words a story holds is its topic."""
    labels: Sequence[str] = [label.source for label, _ in TOPICS]
    n = topic(story)
    assert (labels[n] if n >= 0 else OTHER.source) == found


def test_a_disaster_is_in_force_from_its_beginning_to_its_end(stage: Overheard) -> None:
    """Its first instant belongs to it, its last does not, and nothing after somebody ended it."""
    now = stage.now
    made = Disaster(1, "Banjir", "", "bpbd", 1, now, now + MINUTE)
    instants = (now - MINUTE, now, now + MINUTE / 2, now + MINUTE)
    assert [made.in_force(each) for each in instants] == [False, True, True, False]
    assert not replace(made, ended_at=now).in_force(now)


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        *((word, True) for word in ("aman", "Aman.", "1", "ya", "aman kok", "aman, tidak apa-apa", "kami aman")),
        *((word, False) for word in ("unsafe", "g aman", "gak aman", "tidak", "belum", "tolong", "help", "bantuan")),
        *((word, False) for word in ("SOS", "2", "aman tapi butuh bantuan", "kami terjebak", "not safe")),
        *((word, None) for word in ("amab", "entah", "hujan")),
    ],
)
def test_nobody_is_taken_for_safe_by_mistake(stage: Overheard, typed: str, safe: bool | None) -> None:
    """Whatever may be a call for help is one, and what is unclear is asked again."""
    declare(stage)
    form(stage, "Sari", FLOODED, THERE, "[Lewati]")
    acts(stage, f"Sari> {typed}")
    assert (current(stage, "Sari").answers.get("safe") == "safe") is (safe is True)
    assert bool(tickets(stage)) is (safe is False)


SHELTERED = "Anak perempuan dilecehkan seseorang di tenda pengungsian banjir tadi malam."


def test_what_is_sensitive_goes_to_its_own_agency(stage: Overheard) -> None:
    """A report of harassment in a shelter is none of the disaster's, though it speaks of a flood."""
    declare(stage)
    acts(stage, "Sari> lapor", "Sari> [Setuju]", f"Sari> {SHELTERED}", "Sari> [Selesai bercerita]")
    answers = {
        **current(stage, "Sari").answers,
        "type": "complaint",
        "category": "pelecehan",
        "place": {"text": THERE, "lat": None, "lon": None, "area": "35.08.04"},
        "agency": "dinsos",
        "settled": True,
    }
    flood = {**answers, "category": "bencana", "story": f"{FLOODED} Banjir."}
    with stage.engine.connect() as connection:
        table = desk(stage, connection)
        assert [addressed(table, each)[0] for each in (answers, flood)] == ["dinsos", "bpbd"]


def test_the_short_form_takes_over_all_that_was_given(stage: Overheard) -> None:
    """Photos and privacy of the report it began in go with it, and the button pressed again takes nothing away."""
    declare(stage)
    acts(stage, "Sari> lapor", "Sari> [Setuju]", f"Sari> {FLOODED} HP 081234567890", "Sari> (foto)")
    for _ in range(2):
        list(stage.send("Sari", "Sari", Kind.TAP, tap="m:bencana", message="b0"))
    acts(stage, f"Sari> {THERE}")
    list(stage.send("Sari", "Sari", Kind.TAP, tap="m:bencana", message="b1"))
    assert current(stage, "Sari").answers["place"]["text"] == THERE
    acts(stage, "Sari> [Lanjut]", "Sari> [Aman]", "Sari> [Kirim]")
    (made,) = tickets(stage)
    assert len(rows(stage, t.attachments.select().where(t.attachments.c.ticket == made.id))) == 1
