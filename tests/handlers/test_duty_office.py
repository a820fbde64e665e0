"""Who is in office in a chat of their own, what words work there, and that an officer stays a citizen as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from handlers import binding, duty, menu
from handlers.labels import ACTIONS
from handlers.offers import MORE
from handlers.rules.ticket import Role, State, moves_for
from handlers.words import Kind, Part
from storage import tables as t
from tests.handlers import (
    PLACE,
    STORY,
    UNSURE,
    Overheard,
    acts,
    answered,
    begin,
    contact,
    current,
    faults,
    history,
    report,
    rows,
    sample_office,
    ticket,
    tickets,
    to_review,
)
from tests.handlers.phones import WAHYU, code, done, drafts, hired, press, said, told
from tests.handlers.test_moves import BAD_PRESSES, FORGED, KNOWN

DO = {action: label.source for action, label in ACTIONS.items()}
WHICH = "Pesan Anda tersimpan. Untuk laporan yang mana?"
WELCOME = "Anda bertugas untuk Dinas Pekerjaan Umum"


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """The sample office with one more officer of the roads, who works from WhatsApp."""
    with sample_office() as stage:
        hired(stage)
        yield stage
        assert faults(stage) == []


def cards_of(stage: Overheard, who: str, number: str) -> int:
    """How many cards of a ticket somebody got."""
    return len([parcel for parcel in told(stage, who, number) if parcel.part == Part.CARD.value])


# -- coming into office


def test_an_officer_comes_into_office_with_a_code(stage: Overheard) -> None:
    """Who sends a code is enrolled, gets the cards that wait, and from then on each new one, as the group does."""
    first = report(stage, "Sari")
    heard = hired(stage, "Tuti")
    assert "Tuti terdaftar sebagai petugas" in heard
    assert f"📥 {first}" in heard
    second = report(stage, "Budi")
    assert [cards_of(stage, who, second) for who in ("dputr", WAHYU, "Tuti")] == [1, 1, 1]


CODES = {
    "hubungkan": binding.NO_CODE,
    "/hubungkan": binding.NO_CODE,
    "hubungkan AAAA-AAAA": binding.BAD_CODE,
    "HUBUNGKAN aaaa aaaa": binding.BAD_CODE,
    "/hubungkan@lapor_bot aaaa-aaaa": binding.BAD_CODE,
}


@pytest.mark.parametrize("line", CODES)
def test_a_code_that_does_not_work(stage: Overheard, line: str) -> None:
    """Without a code, or with a wrong one, somebody hears so and stays a citizen."""
    stage.phones.add("Tuti")
    assert said(stage, line, who="Tuti") == CODES[line].source
    assert said(stage, "tugas", who="Tuti") != ""
    assert not any(row.contact_id == contact(stage, "w:Tuti") for row in rows(stage, select(t.rooms)))


def test_a_code_works_once_and_for_a_while(stage: Overheard) -> None:
    """A code that was used, or is old, puts nobody into office, and one of another agency moves nobody."""
    stage.phones |= {"Tuti", "Ujang"}
    used, old, other = code(stage), code(stage), code(stage, "dishub")
    assert "terdaftar" in said(stage, f"hubungkan {used}", who="Tuti")
    assert said(stage, f"hubungkan {used}", who="Ujang") == binding.BAD_CODE.source
    assert said(stage, f"hubungkan {other}", who="Tuti").startswith("Chat ini sudah terhubung")
    stage.now += timedelta(days=8)
    assert said(stage, f"hubungkan {old}", who="Ujang") == binding.BAD_CODE.source


def test_a_sentence_is_no_code(stage: Overheard) -> None:
    """A story that begins with the word for a code is a story."""
    stage.phones.add("Tuti")
    story = "Hubungkan desa kami dengan jembatan, anak-anak menyeberang sungai setiap pagi."
    assert "kami catat sebagai awal laporan" in said(stage, story, who="Tuti")
    assert current(stage, "Tuti").answers["kept_story"][0][1] == story


def test_the_end_of_a_decree_ends_the_office(stage: Overheard) -> None:
    """From the day after the decree's end an officer is a citizen: no card, no list, no draft; a new code is needed."""
    until = date(2026, 11, 3)
    hired(stage, "Tuti", until=until)
    first = report(stage, "Sari")
    said(stage, f'(balas "{first}") Sedang kami periksa.', who="Tuti")
    stage.now += timedelta(days=2)
    second = report(stage, "Budi")
    ident = ticket(stage, first).id
    assert cards_of(stage, "Tuti", second) == 0
    for heard in (said(stage, "tugas", who="Tuti"), said(stage, f"tiket {second}", who="Tuti")):
        assert "Budi" not in heard
        assert STORY not in heard
    for tap in ("d:1:send", f"t:{ident}:claim", f"t:{ident}:show", f"t:{ident}:open", "q:do-answer:value:x"):
        press(stage, tap, "Tuti")
    said(stage, f'(balas "{first}") Sudah selesai semuanya sejak pagi.', who="Tuti")
    assert [entry.action for entry in history(stage, ident)] == ["submit", "forward"]
    assert "terdaftar" in said(stage, f"hubungkan {code(stage)}", who="Tuti")
    assert said(stage, "/tugas", who="Tuti").startswith("2 laporan terbuka")


def test_who_was_dismissed_in_the_middle_of_a_question_is_a_citizen(stage: Overheard) -> None:
    """A question that stood open when the office ended takes no answer, and does not keep a citizen from the menu."""
    number = report(stage, "Sari")
    said(stage, f"[{DO['resolve']}]")
    mine = t.officers.c.contact_id == contact(stage, f"w:{WAHYU}")
    with stage.engine.begin() as connection:
        connection.execute(update(t.officers).where(mine).values(removed_at=stage.now))
    said(stage, "Sudah kami tambal.")
    assert drafts(stage) == []
    assert ticket(stage, number).state is State.FORWARDED
    assert "Buat laporan" in str(stage.heard(WAHYU)[-1].body.choices)


# -- moves


def test_a_ticket_lives_in_chats_of_ones_own(stage: Overheard) -> None:
    """Two officers on phones and a group work on one ticket: each hears of the others, and nothing is done twice."""
    hired(stage, "Tuti")
    number = report(stage, "Sari")
    said(stage, f"[{DO['claim']}]")
    assert told(stage, "Tuti", "Petugas: Wahyu")
    assert "oleh Wahyu" in said(stage, f"[{DO['claim']}]", who="Tuti")
    said(stage, f"[{DO['ask']}]", "Di gang yang mana?", "[Kirim ke pelapor]")
    assert told(stage, "Sari", "Di gang yang mana?")
    acts(stage, "Sari> Gang Melati.")
    assert told(stage, WAHYU, "Gang Melati.")
    assert told(stage, "dputr", "Gang Melati.")
    acts(stage, f'Rini Astutik @ dputr> (balas "{number}") Hari ini kami kerjakan.')
    acts(stage, "Rini Astutik @ dputr> [Kirim ke pelapor]", "Sari> [Sudah teratasi]")
    assert told(stage, "Tuti", "sudah teratasi")
    assert ticket(stage, number).state is State.RESOLVED


def test_a_card_that_was_sent_is_told_of_in_short(stage: Overheard) -> None:
    """A chat whose messages cannot be edited gets one card of a ticket, and after it news in short with its buttons."""
    number = report(stage, "Sari")
    acts(stage, "Agus Wibowo @ dputr> [Ambil]")
    assert cards_of(stage, WAHYU, number) == 1
    news = stage.heard(WAHYU)[-1]
    assert news.body.text.startswith(f"📌 {number}")
    assert STORY not in news.body.text
    assert any(choice.endswith(":answer") for choice, _, _ in news.body.choices)


def test_every_question_of_a_move_is_put_and_answered(stage: Overheard) -> None:
    """What a move asks for is asked in the officer's own chat; cancel leaves the ticket as it is."""
    number = report(stage, "Sari")
    asking = [move for move in moves_for(State.FORWARDED, Role.OFFICER) if move.asks and (move.button or move.more)]
    assert len(asking) == 10
    for move in asking:
        if move.more:
            said(stage, f"[{MORE.source}]")
        assert number in said(stage, f"[{DO[move.action]}]"), move.action
        assert current(stage, WAHYU).dialogue == f"do-{move.action}"
        assert "tidak jadi" in said(stage, "batal").casefold() or current(stage, WAHYU).dialogue == ""
    press(stage, f"t:{ticket(stage, number).id}:transfer")
    said(stage, "lainnya", "Dinas Perhubungan")
    assert ticket(stage, number).agency == "dishub"


@pytest.mark.parametrize("tap", BAD_PRESSES, ids=lambda tap: ascii(tap[:24]))
def test_a_bad_press_is_survived(stage: Overheard, tap: str) -> None:
    """What no button ever said changes no ticket and no draft, whatever stands open."""
    number = report(stage, "Sari")
    before = ticket(stage, number)
    for lines in ((), ("lapor",), ("batal", f"[{DO['resolve']}]"), ("batal", "Sudah kami tambal pagi ini.")):
        said(stage, *lines)
        press(stage, tap)
    assert ticket(stage, number) == before


def test_forged_presses_move_only_what_the_law_allows(stage: Overheard) -> None:
    """A ticket of another agency is moved by no press, and tells nothing of itself."""
    number = report(stage, "Sari", story=UNSURE)
    before = ticket(stage, number)
    for action in (*KNOWN, *FORGED, "open", "to:dputr"):
        heard = press(stage, f"t:{before.id}:{action}")
        assert UNSURE not in heard
        assert number not in heard
    assert ticket(stage, number) == before


# -- words


def test_the_words_of_an_officer(stage: Overheard) -> None:
    """With and without a slash, in small or capital letters, the officer's words do the same."""
    number = report(stage, "Sari")
    for word in ("tugas", "/tugas", "TUGAS", "Tugas!", "daftar tugas"):
        assert said(stage, word).startswith("1 laporan terbuka"), word
    for word in (f"tiket {number}", f"/tiket {number}", f"Tiket {number.lower()}", number, number.replace("-", "")):
        assert "Riwayat" in said(stage, word), word
    for word in (f"jelaskan {number}", f"/jelaskan {number}"):
        assert f"Mengapa laporan {number} ada di Dinas Pekerjaan Umum" in said(stage, word), word
    for word in ("bantuan", "/bantuan", "help", "panduan", "/panduan", "petunjuk petugas"):
        assert said(stage, word) == duty.HELP.source, word
    for word in ("menu", "/menu", "/start", "mulai"):
        assert said(stage, word).startswith("Anda bertugas untuk"), word
    for word in ("/tiket", "/tiket LPR-2611-7K3Q-R", "/jelaskan x"):
        assert "tidak ditemukan di instansi Anda" in said(stage, word), word


@pytest.mark.parametrize(
    "word", ["Tugas pembersihan sudah selesai.", "Jelaskan kepada warga.", "Tiket parkirnya palsu."]
)
def test_a_sentence_is_no_command(stage: Overheard, word: str) -> None:
    """An answer that begins with a word of command is an answer, with and without a question that stands open."""
    number = report(stage, "Sari")
    said(stage, f'(balas "{number}") {word}')
    assert said(stage, word).startswith(WHICH)
    said(stage, "batal", f"[{DO['answer']}]", word)
    assert [text for _, text, _ in drafts(stage)] == [word, word]


def test_a_word_of_the_menu_is_done_once(stage: Overheard) -> None:
    """A word of the citizens' menu does what it says, once, and is no text for a ticket."""
    report(stage, "Sari")
    for word, dialogue in (
        ("lapor", "report"),
        ("/lapor", "report"),
        ("buat laporan", "report"),
        ("bahasa", "language"),
    ):
        said(stage, "batal", word)
        assert current(stage, WAHYU).dialogue == dialogue, word
    said(stage, "batal")
    for word in ("laporan saya", "/laporan_saya"):
        assert said(stage, word).startswith("Anda belum mempunyai laporan."), word
    assert said(stage, "pisahkan akun") == "Akun ini tidak terhubung dengan akun lain."
    for word in ("hubungkan_akun", "/hubungkan_akun", "Hubungkan akun"):
        assert said(stage, word).startswith("Kode Anda:"), word
    assert len(rows(stage, select(t.pairings))) == 1


def test_a_sticker_brings_the_officers_menu(stage: Overheard) -> None:
    """What says nothing is answered with what can be done here."""
    for line in ("(stiker)", "😀", "(lokasi)"):
        assert said(stage, line).startswith("Anda bertugas untuk"), line
    labels = [label for _, label, _ in stage.heard(WAHYU)[-1].body.choices]
    assert labels == ["Daftar tugas", "Buat laporan", "Petunjuk petugas"]
    assert said(stage, "[Petunjuk petugas]") == duty.HELP.source
    assert said(stage, "[Daftar tugas]") == "Tidak ada laporan terbuka. 👍"


# -- the citizen in the officer


def test_an_officer_reports_as_a_citizen(stage: Overheard) -> None:
    """An officer makes a report of their own in the same chat, and is told of it as its reporter."""
    number = report(stage, WAHYU)
    answered(stage, WAHYU, number)
    assert told(stage, WAHYU, "menjawab laporan")
    said(stage, f'(balas "menjawab laporan {number}") Masih ada lubang lain di dekatnya.')
    assert [entry.action for entry in history(stage, ticket(stage, number).id)][-1] == "reply"
    answered(stage, WAHYU, number, "Lubang yang lain juga sudah ditambal.")
    said(stage, "[Sudah teratasi]")
    assert ticket(stage, number).state is State.RESOLVED


def test_an_officer_does_not_handle_their_own_report(stage: Overheard) -> None:
    """No press of an officer on their own report does anything of the office's; they see it as its reporter."""
    number = report(stage, WAHYU)
    before = ticket(stage, number)
    for action in (*KNOWN, *FORGED):
        if action not in ("confirm", "dispute"):
            press(stage, f"t:{before.id}:{action}")
            said(stage, "batal")
    assert ticket(stage, number) == before


def test_news_of_ones_own_report_elsewhere_opens_it(stage: Overheard) -> None:
    """The button of an announcement about one's own report, which lies at another agency, shows the report."""
    number = report(stage, WAHYU, story=UNSURE)
    assert UNSURE in press(stage, f"t:{ticket(stage, number).id}:open")


def test_the_button_of_an_announcement_says_nothing_twice(stage: Overheard) -> None:
    """While the card that was announced leaves by itself its button adds nothing; later it shows the ticket."""
    number = report(stage, "Sari")
    ident = ticket(stage, number).id
    assert "Riwayat" in press(stage, f"t:{ident}:open")
    card = next(parcel for parcel in stage.heard(WAHYU) if parcel.part == Part.CARD.value)
    with stage.engine.begin() as connection:
        body = '{"text":"card"}'
        values = {"contact_id": card.contact, "priority": 1, "due_at": stage.now, "attempts": 0, "body": body}
        connection.execute(t.outbox.insert().values(**values, key=card.key, ticket=ident, part="card", held=False))
    assert press(stage, f"t:{ident}:open") == ""


def test_the_officer_in_a_citizen_loses_no_report(stage: Overheard) -> None:
    """A report that an officer tells is still there after they answered, moved, or were asked about a ticket."""
    number, other = report(stage, "Sari"), report(stage, "Budi")
    begin(stage, WAHYU)
    before = current(stage, WAHYU).answers
    for lines in (
        (f'(balas "{number}") Sudah kami periksa.', "[Kirim ke pelapor]"),
        (f"[{DO['resolve']}]", "Sudah kami tambal.", "[Batal]"),
        (f"[{DO['ask']}]", "[Batal]"),
        ("tugas", f"tiket {number}", "bantuan"),
    ):
        said(stage, *lines)
        said(stage, "lanjut")
        assert current(stage, WAHYU).answers == before, lines
    press(stage, f"t:{ticket(stage, other).id}:return")
    said(stage, "Ini urusan dinas lain.", "lanjut")
    assert current(stage, WAHYU).answers == before
    assert [ticket(stage, each).state for each in (number, other)] == [State.RESPONDED, State.RETURNED]


def test_a_report_is_told_without_the_officer(stage: Overheard) -> None:
    """While an officer tells a report of their own, what they write and send belongs to it."""
    report(stage, "Sari")
    begin(stage, WAHYU)
    said(stage, "[Benar]", PLACE)
    assert current(stage, WAHYU).answers["place"]["text"] == PLACE
    said(stage, "(foto)")
    assert len(current(stage, WAHYU).answers["kept_files"]) == 1
    assert drafts(stage) == []


def test_a_number_below_ones_own_reports_opens_one(stage: Overheard) -> None:
    """The list of one's own reports is answered by its numbers, in an officer's chat as well."""
    number = report(stage, WAHYU)
    said(stage, "laporan saya")
    assert "Topik" in said(stage, "1")
    assert said(stage, "2").startswith(WHICH)
    assert number


def test_a_number_that_is_not_the_agencys_is_looked_up(stage: Overheard) -> None:
    """The number of a report at another agency shows what any citizen may see of it, and one's own in full."""
    mine, other = report(stage, WAHYU, story=UNSURE), report(stage, "Sari", story=UNSURE)
    secret = report(stage, "Budi", "Rahasia", UNSURE)
    assert UNSURE in said(stage, mine)
    assert "Status:" in said(stage, other)
    assert UNSURE not in said(stage, other)
    assert "tidak kami temukan" in said(stage, secret)
    assert drafts(stage) == []


def test_a_citizen_is_no_officer(stage: Overheard) -> None:
    """On WhatsApp, too, the officers' words bring a citizen nothing of any ticket."""
    number = report(stage, "Sari")
    stage.phones.add("Orang Lewat")
    for line in ("tugas", "/tugas", f"tiket {number}", f"/tiket {number}", f"jelaskan {number}"):
        heard = said(stage, line, who="Orang Lewat")
        assert STORY not in heard
        assert "Riwayat" not in heard
    assert menu.GROUP_ONLY.source in said(stage, "/tugas", who="Orang Lewat")
    assert told(stage, "Orang Lewat", "📥") == []


def test_two_kinds_of_chat_one_agency(stage: Overheard) -> None:
    """An agency without a group is served by its officers' chats, and a coordinator's by one of its own."""
    hired(stage, "Wulan", "kominfo")
    number = report(stage, "Sari", story=UNSURE)
    assert cards_of(stage, "Wulan", number) == 1
    said(stage, f"[{DO['forward']}]", "satpolpp", who="Wulan")
    assert ticket(stage, number).agency == "satpolpp"
    assert told(stage, "Wulan", "Laporan ini sekarang ditangani")
    assert len(tickets(stage)) == 1
    assert done(stage, Kind.BLOCKED, "Wulan") == ""
    to_review(stage, "Budi", story=UNSURE)
