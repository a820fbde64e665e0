"""An answer of an agency that wants it waits for its head's word; nobody approves their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select, update

from handlers import approval, awaiting, drafts, duty
from handlers.desk import Entry
from handlers.rules.ticket import Role, State
from handlers.words import Inbound, Kind, Person, Room, Text
from storage import tables as t
from storage.invitations import invite
from storage.turns import take
from tests.handlers import (
    Overheard,
    acts,
    contact,
    faults,
    history,
    report,
    rows,
    sample_office,
    ticket,
)
from tests.handlers.phones import WAHYU, done, file, press, said, since, told
from tests.stage import FILES

HERE = "rsud-haryoto"
YULI, FAUZAN, TRI, DWI = "Yuli Andriani", "Achmad Fauzan", "Tri Winarsih", "Dwi Kurniawati"
TEXT = "Antrean kami tambah dua loket."
BETTER = "Mulai Senin loket pendaftaran menjadi empat."
WORD = "Sebutkan mulai kapan."
WAITS = "Menunggu persetujuan"


@pytest.fixture
def stage() -> Iterator[Overheard]:
    """The sample office, in which only the hospital's answers wait for its head."""
    with sample_office() as stage:
        yield stage
        assert faults(stage) == []


@pytest.fixture
def number(stage: Overheard) -> str:
    """A ticket that lies with the hospital."""
    return given(stage)


@pytest.fixture
def phones(stage: Overheard, number: str) -> str:
    """The same ticket, where all at the hospital work from WhatsApp: two officers and two heads."""
    with stage.engine.begin() as connection:
        connection.execute(delete(t.rooms).where(t.rooms.c.agency == HERE))
        connection.execute(delete(t.officers).where(t.officers.c.agency == HERE))
    for person, role in ((WAHYU, Role.OFFICER), ("Tuti", Role.OFFICER), ("Kepala", Role.HEAD), ("Wakil", Role.HEAD)):
        joined(stage, person, role)
    return number


def given(stage: Overheard, person: str = "Sari") -> str:
    """A report that the roads have passed on to the hospital."""
    number = report(stage, person)
    roads = "Agus Wibowo @ dputr>"
    acts(stage, f'{roads} (pada "{number}") [Teruskan]', f"{roads} RSUD dr. Haryoto")
    return number


def joined(stage: Overheard, person: str, role: Role, agency: str = HERE, phone: bool = True) -> None:
    """Somebody comes into office, on WhatsApp or in the agency's group."""
    with stage.engine.begin() as connection:
        office = stage.office
        code, _ = invite(connection, office.vault, office.draw, stage.now, agency, role)
    if phone:
        stage.phones.add(person)
        said(stage, f"hubungkan {code}", who=person)
    else:
        acts(stage, f"{person} @ {agency}> /hubungkan {code}")


def here(stage: Overheard, person: str, *lines: str, chat: str = HERE) -> str:
    """What the bot says when somebody does this in a group."""
    return "\n".join(acts(stage, *(f"{person} @ {chat}> {line}" for line in lines)))


def asked(stage: Overheard, number: str, text: str = TEXT) -> str:
    """Yuli answers a ticket and has it sent; what the group sees."""
    return here(stage, YULI, f'(balas "{number}") {text}', '(pada "Pratinjau") [Kirim ke pelapor]')


def asked_by_phone(stage: Overheard, number: str, text: str = TEXT) -> str:
    """Wahyu answers a ticket from WhatsApp and has it sent; what he hears."""
    return said(stage, f'(balas "{number}") {text}', "[Kirim ke pelapor]")


def entries(stage: Overheard, number: str) -> list[Entry]:
    """What was done with a ticket at the hospital."""
    return [entry for entry in history(stage, ticket(stage, number).id) if entry.agency == HERE][1:]


def heard_by_reporter(stage: Overheard) -> list[str]:
    """The answers that reached the reporter."""
    texts = ("\n".join(each.lines) for each in stage.said.values() if each.chat == "Sari")
    return [text for text in texts if "menjawab laporan" in text or "menyatakan laporan" in text]


def waiting(stage: Overheard) -> list[int]:
    """The drafts that wait for a head."""
    return [row.id for row in rows(stage, select(t.drafts.c.id).where(t.drafts.c.awaits))]


def tapped(stage: Overheard, person: str, tap: str, chat: str = HERE) -> str:
    """A button that need not be shown any more, pressed in a group."""
    before = len(stage.letters)
    list(stage.send(person, chat, Kind.TAP, tap=tap, message="b0"))
    return "\n".join(parcel.body.text for parcel in stage.letters[before:] if stage.chat(parcel) == chat)


def dismissed(stage: Overheard, *people: str) -> None:
    """These leave office."""
    ids = [contact(stage, f"{'w' if each in stage.phones else 'p'}:{each}") for each in people]
    with stage.engine.begin() as connection:
        gone = update(t.officers).where(t.officers.c.contact_id.in_(ids))
        connection.execute(gone.values(removed_at=stage.now))


def is_in(text: Text, heard: str) -> bool:
    """Whether a sentence of ours was said, up to its first value or after it."""
    return max(text.source.replace("}", "{").split("{")[::2], key=len) in heard


# -- asking


def test_an_answer_waits_for_the_head(stage: Overheard, number: str) -> None:
    """What an officer sends off stays in the office: they read for whom it waits, and the head is asked."""
    heard = asked(stage, number)
    assert f"{WAITS} {TRI}" in heard
    assert "[Setujui] [Perbaiki] [Kembalikan]" in heard
    assert heard_by_reporter(stage) == []
    assert ticket(stage, number).state is State.FORWARDED
    assert entries(stage, number) == []
    assert len(waiting(stage)) == 1


def test_a_closing_waits_and_a_question_does_not(stage: Overheard, number: str) -> None:
    """*Selesaikan* waits as an answer does; what asks the reporter for data leaves at once, a note stays inside."""
    here(stage, YULI, f'(balas "{number}") Catatan saja.', "[Catatan internal]")
    assert [entry.action for entry in entries(stage, number)] == ["note"]
    assert WAITS in here(stage, YULI, "[Selesaikan]", '(balas "sudah dikerjakan") (foto: Beres.)', "[Kirim ke pelapor]")
    assert len(waiting(stage)) == 1
    here(stage, FAUZAN, "[Minta data]", '(balas "perlu dilengkapi") Nomor rekam medis?', "[Kirim ke pelapor]")
    assert ticket(stage, number).state is State.NEEDS_INFO


def test_other_agencies_do_not_wait(stage: Overheard) -> None:
    """Where an agency does not want approval its answers leave as before, though it has a head."""
    number = report(stage, "Sari")
    heard = here(stage, "Agus Wibowo", f'(balas "{number}") {TEXT}', "[Kirim ke pelapor]", chat="dputr")
    assert WAITS not in heard
    assert len(heard_by_reporter(stage)) == 1


def test_waiting_counts_on_the_agencys_clock(stage: Overheard, number: str) -> None:
    """While a text waits nothing stops and no deadline moves."""
    before = ticket(stage, number)
    asked(stage, number)
    after = ticket(stage, number)
    assert (after.runs, after.due_at, after.wakes_at) == (before.runs, before.due_at, before.wakes_at)


def test_asking_twice_asks_once(stage: Overheard, number: str) -> None:
    """Who presses *Kirim ke pelapor* again hears that it waits; the head is not asked anew, and it is no note."""
    asked(stage, number)
    (draft,) = waiting(stage)
    for what in ("send", "note"):
        heard = tapped(stage, YULI, f"d:{draft}:{what}")
        assert WAITS in heard
        assert "mohon diperiksa" not in heard
    assert entries(stage, number) == []


# -- approving


def test_the_head_approves(stage: Overheard, number: str) -> None:
    """The reporter gets the text as it was shown, once; the history says who wrote and who approved it."""
    asked(stage, number)
    assert f"Disetujui {TRI}" in here(stage, TRI, "[Setujui]")
    assert len(heard_by_reporter(stage)) == 1
    assert TEXT in heard_by_reporter(stage)[0]
    (entry,) = entries(stage, number)
    assert (entry.action, entry.state, entry.actor) == ("answer", State.RESPONDED, contact(stage, f"p:{YULI}"))
    assert entry.data["approved_by"] == contact(stage, f"p:{TRI}")
    assert f"Jawaban {YULI}: {TEXT} (disetujui {TRI})" in here(stage, FAUZAN, f"/tiket {number}")


@pytest.mark.parametrize(("person", "text"), [(YULI, approval.OWN), (FAUZAN, approval.ONLY)])
def test_who_may_not_approve_hears_who_may(stage: Overheard, number: str, person: str, text: Text) -> None:
    """The author and colleagues are refused each of the three buttons, with the head's name; nothing happens."""
    asked(stage, number)
    for button in ("[Setujui]", "[Perbaiki]", "[Kembalikan]"):
        heard = here(stage, person, button)
        assert is_in(text, heard)
        assert TRI in heard
    assert entries(stage, number) == []
    assert len(waiting(stage)) == 1


def test_nobody_approves_their_own_from_another_account(stage: Overheard, number: str) -> None:
    """A head who has a second account, as an officer, cannot approve from one what was written from the other."""
    joined(stage, "Tri HP", Role.OFFICER, phone=False)
    joined(stage, "Kepala Dua", Role.HEAD, phone=False)
    ids = [contact(stage, f"p:{each}") for each in (TRI, "Tri HP")]
    with stage.engine.begin() as connection:
        connection.execute(update(t.contacts).where(t.contacts.c.id.in_(ids)).values(person=min(ids)))
    here(stage, "Tri HP", f'(balas "{number}") {TEXT}', "[Kirim ke pelapor]")
    assert is_in(approval.OWN, here(stage, TRI, "[Setujui]"))
    assert entries(stage, number) == []
    here(stage, "Kepala Dua", "[Setujui]")
    assert len(heard_by_reporter(stage)) == 1


def test_a_stranger_and_another_agency_do_nothing(stage: Overheard, number: str) -> None:
    """Who is not of the hospital is refused, and in another agency's chat the draft is as if it were none."""
    asked(stage, number)
    (draft,) = waiting(stage)
    for what in ("approve", "correct", "back"):
        assert "tidak terdaftar" in tapped(stage, "Orang Lewat", f"d:{draft}:{what}")
        assert tapped(stage, "Agus Wibowo", f"d:{draft}:{what}", chat="dputr") == drafts.GONE.source
        assert tapped(stage, DWI, f"d:{draft}:{what}", chat="kominfo") == drafts.GONE.source
        assert tapped(stage, TRI, f"d:999:{what}") == drafts.GONE.source
    assert entries(stage, number) == []


def test_files_stay_attached(stage: Overheard, number: str) -> None:
    """A photo goes with the approved answer, also where its words were corrected."""
    here(stage, YULI, "[Jawab]", '(balas "tulis jawaban") (foto)', "[Kirim ke pelapor]")
    here(stage, TRI, "[Perbaiki]", f'(balas "kalimat yang benar") {BETTER}', "[Setujui]")
    (entry,) = entries(stage, number)
    assert (entry.data["text"], len(entry.data["files"])) == (BETTER, 1)
    assert [parcel.body.files for parcel in stage.heard("Sari") if parcel.body.files] == [tuple(entry.data["files"])]


def test_two_heads_at_once_send_once(stage: Overheard, number: str) -> None:
    """Of two heads who press in the same moment one sends; the other hears that it is decided."""
    joined(stage, "Kepala Dua", Role.HEAD, phone=False)
    heard = asked(stage, number)
    assert f"{WAITS} {TRI} atau Kepala Dua" in heard
    (draft,) = waiting(stage)
    room = Room(f"room:{HERE}", HERE)
    events = [
        Inbound("stage", f"x{n}", Kind.TAP, Person(f"p:{who}", who), stage.now, room, tap=f"d:{draft}:approve")
        for n, who in enumerate((TRI, "Kepala Dua"))
    ]
    with stage.engine.begin() as connection:
        batch = take(connection, events, stage.office, stage.now)
    stage.hold(batch.parcels, batch.dropped)
    list(stage.deliver())
    assert len(heard_by_reporter(stage)) == 1
    assert [entry.action for entry in entries(stage, number)] == ["answer"]
    assert approval.DECIDED.source in [parcel.body.text for parcel in batch.parcels]


def test_what_was_not_sent_off_cannot_be_approved(stage: Overheard, number: str) -> None:
    """A draft that its author has not sent off yet is nobody's to decide, whoever guesses its number."""
    here(stage, YULI, f'(balas "{number}") {TEXT}')
    (draft,) = (row.id for row in rows(stage, select(t.drafts.c.id)))
    for what in ("approve", "correct", "back"):
        assert tapped(stage, TRI, f"d:{draft}:{what}") == approval.DECIDED.source
    assert entries(stage, number) == []


# -- correcting


def test_the_head_corrects(stage: Overheard, number: str) -> None:
    """The head's words are shown once more and then sent; what they replaced is heard by nobody."""
    asked(stage, number)
    (old,) = waiting(stage)
    heard = here(stage, TRI, "[Perbaiki]", f'(balas "kalimat yang benar") {BETTER}')
    assert f"{TRI} memperbaiki tulisan {YULI}" in heard
    assert BETTER in heard
    assert heard_by_reporter(stage) == []
    assert tapped(stage, TRI, f"d:{old}:approve") == approval.DECIDED.source
    here(stage, TRI, "[Setujui]")
    assert len(heard_by_reporter(stage)) == 1
    assert BETTER in heard_by_reporter(stage)[0]
    assert TEXT not in heard_by_reporter(stage)[0]


def test_a_correction_can_be_left(stage: Overheard, number: str) -> None:
    """Who presses *Perbaiki* and then *Batal* has changed nothing."""
    asked(stage, number)
    here(stage, TRI, "[Perbaiki]", '(pada "kalimat yang benar") [Batal]', "[Setujui]")
    assert TEXT in heard_by_reporter(stage)[0]


def test_a_correction_that_comes_too_late(stage: Overheard, number: str) -> None:
    """A corrected text, or a word, for a draft that was taken back meanwhile is refused, and nothing is kept of it."""
    asked(stage, number)
    here(stage, TRI, "[Perbaiki]")
    here(stage, YULI, '(pada "Menunggu") [Batal]')
    assert approval.DECIDED.source in here(stage, TRI, f'(balas "kalimat yang benar") {BETTER}')
    assert waiting(stage) == []
    assert heard_by_reporter(stage) == []


# -- sending back


def test_the_head_sends_back(stage: Overheard, number: str) -> None:
    """The author gets the draft back with the head's word, which stays in the history as a note inside the office."""
    asked(stage, number)
    heard = here(stage, TRI, "[Kembalikan]", f'(balas "perlu diperbaiki") {WORD}')
    assert f"{YULI}, {TRI} mengembalikan tulisan Anda" in heard
    assert f"“{WORD}”" in heard
    assert "[Kirim ke pelapor] [Catatan internal] [Batal]" in heard
    assert waiting(stage) == []
    (entry,) = entries(stage, number)
    assert (entry.action, entry.actor) == ("note", contact(stage, f"p:{TRI}"))
    assert f"📝 Catatan {TRI}: Dikembalikan kepada {YULI}: {WORD}" in here(stage, FAUZAN, f"/tiket {number}")
    assert [text for text in heard_by_reporter(stage) if WORD in text or TEXT in text] == []


def test_a_word_has_five_letters(stage: Overheard, number: str) -> None:
    """What is sent back without a word that says anything is asked about again."""
    asked(stage, number)
    for word in ("hm", "....... !!", "no."):
        assert is_in(approval.SHORT, here(stage, TRI, "[Kembalikan]", f'(balas "perlu diperbaiki") {word}'))
    assert len(waiting(stage)) == 1


def test_what_came_back_is_edited_and_approved(stage: Overheard, number: str) -> None:
    """The author edits the message; the old button of the head then sends neither text, the new one sends the new."""
    asked(stage, number)
    (old,) = waiting(stage)
    here(stage, TRI, "[Kembalikan]", f'(balas "perlu diperbaiki") {WORD}')
    assert BETTER in here(stage, YULI, f'(ubah "{TEXT}") {BETTER}', f'(pada "{BETTER}") [Kirim ke pelapor]')
    assert tapped(stage, TRI, f"d:{old}:approve") == approval.DECIDED.source
    assert heard_by_reporter(stage) == []
    here(stage, TRI, f'(pada "{BETTER}") [Setujui]')
    assert [BETTER in text for text in heard_by_reporter(stage)] == [True]


def test_what_came_back_is_written_anew(stage: Overheard, number: str) -> None:
    """A reply to the card makes a new draft, which waits as the first did."""
    asked(stage, number)
    here(stage, TRI, "[Kembalikan]", f'(balas "perlu diperbaiki") {WORD}')
    assert WAITS in here(stage, YULI, f'(balas "📥 {number}") {BETTER}', f'(pada "{BETTER}") [Kirim ke pelapor]')
    here(stage, TRI, f'(pada "{BETTER}") [Setujui]')
    assert [BETTER in text for text in heard_by_reporter(stage)] == [True]


# -- taking back, and what changes meanwhile


def test_the_author_takes_it_back(stage: Overheard, number: str) -> None:
    """*Batal* ends the waiting; the head's buttons then do nothing, and their number is never another draft's."""
    asked(stage, number)
    (draft,) = waiting(stage)
    assert is_in(awaiting.WITHDRAWN, here(stage, YULI, '(pada "Menunggu") [Batal]'))
    asked(stage, number, BETTER)
    assert waiting(stage) != [draft]
    for what in ("approve", "correct", "back"):
        assert tapped(stage, TRI, f"d:{draft}:{what}") == approval.DECIDED.source
    assert heard_by_reporter(stage) == []


def test_a_colleague_does_not_take_it_back(stage: Overheard, number: str) -> None:
    """*Batal* is the author's alone."""
    asked(stage, number)
    assert f"milik {YULI}" in here(stage, FAUZAN, '(pada "Menunggu") [Batal]')
    assert len(waiting(stage)) == 1


def test_what_waits_cannot_be_edited(stage: Overheard, number: str) -> None:
    """Who edits the message behind a text that waits hears that it does not count; what was shown is what is sent."""
    asked(stage, number)
    assert is_in(drafts.AWAITS, here(stage, YULI, f'(ubah "{TEXT}") Sesuatu yang lain.'))
    here(stage, TRI, "[Setujui]")
    assert TEXT in heard_by_reporter(stage)[0]


def test_the_ticket_went_elsewhere_meanwhile(stage: Overheard, number: str) -> None:
    """A draft for a ticket that another agency holds now is not sent: the head hears where it is."""
    asked(stage, number)
    here(stage, FAUZAN, "[Teruskan]", '(balas "dialihkan ke") Dinas Kesehatan')
    assert ticket(stage, number).agency == "dinkes"
    for button in ("[Setujui]", "[Perbaiki]", "[Kembalikan]"):
        assert "sekarang ditangani Dinas Kesehatan" in here(stage, TRI, button)
    assert heard_by_reporter(stage) == []
    assert len(waiting(stage)) == 1


def test_the_state_no_longer_allows_it(stage: Overheard, number: str) -> None:
    """A draft whose move has become impossible is not sent: the head hears how the ticket stands."""
    asked(stage, number)
    with stage.engine.begin() as connection:
        connection.execute(update(t.tickets).values(state=State.ARCHIVED.value))
    assert f"“Jawab” tidak dapat dilakukan. Status laporan {number}" in here(stage, TRI, "[Setujui]")
    assert heard_by_reporter(stage) == []


# -- who is there


def test_the_only_head_wrote_it(stage: Overheard, number: str) -> None:
    """The head's own answer waits for those one level above, in their chat; the head hears why."""
    heard = here(stage, TRI, f'(balas "{number}") {TEXT}', "[Kirim ke pelapor]")
    assert f"{WAITS} petugas Dinas Komunikasi dan Informatika" in heard
    assert awaiting.YOUR_OWN.source in heard
    assert "kominfo< petugas Dinas Komunikasi dan Informatika, mohon diperiksa" in heard
    (draft,) = waiting(stage)
    assert is_in(approval.OWN, tapped(stage, TRI, f"d:{draft}:approve"))
    assert is_in(approval.ONLY, tapped(stage, YULI, f"d:{draft}:approve"))
    seen = here(stage, DWI, "[Setujui]", chat="kominfo")
    assert seen.count(f"Disetujui {DWI}") == 2
    assert len(heard_by_reporter(stage)) == 1
    (entry,) = entries(stage, number)
    assert (entry.role, entry.data["approved_by"]) == (Role.OFFICER, contact(stage, f"p:{DWI}"))


def test_those_above_correct_and_send_back(stage: Overheard, number: str) -> None:
    """The coordinator can do all that a head can; the author hears it in their own chat."""
    here(stage, TRI, f'(balas "{number}") {TEXT}', "[Kirim ke pelapor]")
    heard = here(stage, DWI, "[Perbaiki]", f'(balas "kalimat yang benar") {BETTER}', chat="kominfo")
    assert f"{HERE}< {DWI} memperbaiki tulisan Anda" in heard
    heard = here(stage, DWI, "[Kembalikan]", f'(balas "perlu diperbaiki") {WORD}', chat="kominfo")
    assert f"{HERE}< {TRI}, {DWI} mengembalikan tulisan Anda" in heard
    assert f"kominfo< ↩️ {number}: dikembalikan kepada {TRI} oleh {DWI}." in heard
    assert heard_by_reporter(stage) == []


def test_no_head_is_in_office(stage: Overheard, number: str) -> None:
    """Without a head nothing is sent or lost: the author hears it each time, the coordinator's chat once."""
    dismissed(stage, TRI)
    heard = asked(stage, number)
    assert is_in(awaiting.NOBODY, heard)
    assert is_in(awaiting.HEADLESS, heard)
    assert is_in(awaiting.NOBODY, here(stage, YULI, "[Kirim ke pelapor]"))
    warned = [parcel for parcel in stage.heard("kominfo") if is_in(awaiting.HEADLESS, parcel.body.text)]
    assert len(warned) == 1
    assert heard_by_reporter(stage) == []
    assert [entry.action for entry in entries(stage, number)] == ["note"]
    joined(stage, "Kepala Baru", Role.HEAD, phone=False)
    assert f"{WAITS} Kepala Baru" in here(stage, YULI, "[Kirim ke pelapor]")
    here(stage, "Kepala Baru", "[Setujui]")
    assert len(heard_by_reporter(stage)) == 1


def test_the_head_leaves_while_it_waits(stage: Overheard, number: str) -> None:
    """Who is no head any more cannot approve what waited for them."""
    asked(stage, number)
    dismissed(stage, TRI)
    assert "tidak terdaftar" in here(stage, TRI, "[Setujui]")
    assert is_in(awaiting.NOBODY, here(stage, YULI, '(pada "Pratinjau") [Kirim ke pelapor]'))
    assert heard_by_reporter(stage) == []


# -- undoing


@pytest.mark.parametrize("person", [YULI, TRI])
def test_author_and_head_can_undo(person: str) -> None:
    """For half a minute either of them takes the approved text back; it then needs an approval of its own."""
    with sample_office(undo=30) as stage:
        number = given(stage)
        asked(stage, number)
        (old,) = waiting(stage)
        here(stage, TRI, "[Setujui]")
        assert "Diurungkan" in here(stage, person, "[Urungkan]")
        acts(stage, "+ 2 menit")
        assert heard_by_reporter(stage) == []
        assert ticket(stage, number).state is State.FORWARDED
        assert tapped(stage, TRI, f"d:{old}:approve") == approval.DECIDED.source
        assert WAITS in here(stage, YULI, '(pada "Diurungkan") [Kirim ke pelapor]')
        here(stage, TRI, "[Setujui]")
        acts(stage, "+ 2 menit")
        assert len(heard_by_reporter(stage)) == 1
        assert faults(stage) == []


def test_an_old_approval_does_not_count_for_a_new_text() -> None:
    """A text that was undone and changed is not sent by the button below the one that was approved."""
    with sample_office(undo=30) as stage:
        asked(stage, given(stage))
        (old,) = waiting(stage)
        here(stage, TRI, "[Setujui]")
        here(stage, YULI, "[Urungkan]", f'(ubah "{TEXT}") {BETTER}', f'(pada "{BETTER}") [Kirim ke pelapor]')
        assert tapped(stage, TRI, f"d:{old}:approve") == approval.DECIDED.source
        acts(stage, "+ 2 menit")
        assert heard_by_reporter(stage) == []
        assert faults(stage) == []


def test_nobody_else_undoes() -> None:
    """A colleague who neither wrote nor approved it cannot take it back."""
    with sample_office(undo=30) as stage:
        asked(stage, given(stage))
        here(stage, TRI, "[Setujui]")
        assert f"milik {YULI}" in here(stage, FAUZAN, "[Urungkan]")
        acts(stage, "+ 2 menit")
        assert len(heard_by_reporter(stage)) == 1


# -- in chats of their own


def test_only_the_heads_are_asked(stage: Overheard, phones: str) -> None:
    """On WhatsApp the heads get the draft with its buttons, each in their own chat, and the other officers nothing."""
    assert f"{WAITS} Kepala atau Wakil" in asked_by_phone(stage, phones)
    for head in ("Kepala", "Wakil"):
        (parcel,) = told(stage, head, "mohon diperiksa")
        assert TEXT in parcel.body.text
        assert [label for _, label, _ in parcel.body.choices] == ["Setujui", "Perbaiki", "Kembalikan"]
    assert told(stage, "Tuti", "mohon diperiksa") == []
    assert told(stage, WAHYU, "mohon diperiksa") == []
    assert heard_by_reporter(stage) == []


def test_a_head_approves_by_phone(stage: Overheard, phones: str) -> None:
    """One head approves; the author and the other head hear so, and what the other presses then does nothing."""
    asked_by_phone(stage, phones)
    (draft,) = waiting(stage)
    before = len(stage.letters)
    assert "Disetujui Kepala" in said(stage, "[Setujui]", who="Kepala")
    assert "Disetujui Kepala" in since(stage, before, WAHYU)
    assert "sudah disetujui Kepala" in since(stage, before, "Wakil")
    for what in ("approve", "correct", "back"):
        assert press(stage, f"d:{draft}:{what}", "Wakil") == approval.DECIDED.source
    assert len(heard_by_reporter(stage)) == 1
    assert entries(stage, phones)[0].data["approved_by"] == contact(stage, "w:Kepala")


def test_a_forged_press_approves_nothing(stage: Overheard, phones: str) -> None:
    """The author, a colleague, a citizen, and another agency's officer cannot decide by a button they never saw."""
    joined(stage, "Jalan", Role.OFFICER, "dputr")
    stage.phones.add("Orang")
    asked_by_phone(stage, phones)
    (draft,) = waiting(stage)
    for what in ("approve", "correct", "back"):
        assert is_in(approval.OWN, press(stage, f"d:{draft}:{what}", WAHYU))
        assert is_in(approval.ONLY, press(stage, f"d:{draft}:{what}", "Tuti"))
        assert press(stage, f"d:{draft}:{what}", "Jalan") == drafts.GONE.source
        press(stage, f"d:{draft}:{what}", "Orang")
    assert heard_by_reporter(stage) == []
    assert waiting(stage) == [draft]


def test_a_head_sees_the_files(stage: Overheard, phones: str) -> None:
    """Whoever approves in a chat of their own gets the files with the text, and the reporter gets the same."""
    said(stage, "[Jawab]")
    file(stage, FILES["foto"], text=TEXT)
    said(stage, "[Kirim ke pelapor]")
    assert [len(parcel.body.files) for parcel in stage.heard("Kepala") if parcel.body.files] == [1]
    said(stage, "[Setujui]", who="Kepala")
    assert [len(parcel.body.files) for parcel in stage.heard("Sari") if parcel.body.files] == [1]


def test_a_head_corrects_by_phone(stage: Overheard, phones: str) -> None:
    """The author is told what was corrected, and both heads can approve the new text."""
    asked_by_phone(stage, phones)
    before = len(stage.letters)
    said(stage, "[Perbaiki]", BETTER, who="Kepala")
    assert "Kepala memperbaiki tulisan Anda" in since(stage, before, WAHYU)
    assert BETTER in since(stage, before, WAHYU)
    assert is_in(approval.CORRECTED, since(stage, before, "Wakil"))
    said(stage, f'(pada "{BETTER}") [Setujui]', who="Wakil")
    assert [BETTER in text for text in heard_by_reporter(stage)] == [True]


def test_a_head_sends_back_by_phone(stage: Overheard, phones: str) -> None:
    """The author reads the word with the draft in their own chat, edits it, and has it approved."""
    asked_by_phone(stage, phones)
    before = len(stage.letters)
    assert "dikembalikan kepada Wahyu oleh Kepala" in said(stage, "[Kembalikan]", WORD, who="Kepala")
    assert f"“{WORD}”" in since(stage, before, WAHYU)
    assert TEXT in since(stage, before, WAHYU)
    assert "dikembalikan kepada Wahyu oleh Kepala" in since(stage, before, "Wakil")
    assert BETTER in said(stage, f'(ubah "{TEXT}") {BETTER}')
    assert WAITS in said(stage, "[Kirim ke pelapor]")
    said(stage, "[Setujui]", who="Kepala")
    assert [BETTER in text for text in heard_by_reporter(stage)] == [True]


def test_a_message_that_is_deleted_is_taken_back(stage: Overheard, phones: str) -> None:
    """Who deletes their message while it waits has taken it back, and the heads hear so."""
    asked_by_phone(stage, phones)
    (draft,) = waiting(stage)
    before = len(stage.letters)
    assert done(stage, Kind.DELETED, message=stage.written[(WAHYU, TEXT)]) == duty.DROPPED.source
    assert "menarik kembali" in since(stage, before, "Kepala")
    assert press(stage, f"d:{draft}:approve", "Kepala") == approval.DECIDED.source
    assert heard_by_reporter(stage) == []


def test_a_photo_does_not_slip_in(stage: Overheard, phones: str) -> None:
    """A photo that follows a text that waits is not added to it: it is asked about, as any other."""
    asked_by_phone(stage, phones)
    assert "Untuk laporan yang mana?" in file(stage, FILES["foto"])
    said(stage, "[Setujui]", who="Kepala")
    assert [parcel.body.files for parcel in stage.heard("Sari") if parcel.body.files] == []


def test_a_heads_own_answer_by_phone(stage: Overheard, phones: str) -> None:
    """Where there are two heads, each one's answers wait for the other alone."""
    assert f"{WAITS} Wakil." in said(stage, f'(balas "{phones}") {TEXT}', "[Kirim ke pelapor]", who="Kepala")
    (draft,) = waiting(stage)
    assert is_in(approval.OWN, press(stage, f"d:{draft}:approve", "Kepala"))
    assert told(stage, "Kepala", "mohon diperiksa") == []
    said(stage, "[Setujui]", who="Wakil")
    assert len(heard_by_reporter(stage)) == 1


def test_a_head_does_not_approve_for_their_own_report(stage: Overheard, phones: str) -> None:
    """The head who made the report is not asked about the answer to it; nobody is told why."""
    mine, number = contact(stage, "w:Kepala"), phones
    with stage.engine.begin() as connection:
        connection.execute(update(t.tickets).where(t.tickets.c.number == number).values(reporter=mine))
    assert f"{WAITS} Wakil." in asked_by_phone(stage, number)
    assert told(stage, "Kepala", "mohon diperiksa") == []


def test_a_head_on_a_phone_beside_a_group(stage: Overheard, number: str) -> None:
    """Where the officers have a group and one head a phone, both see the draft, and each head may approve."""
    joined(stage, "Kepala", Role.HEAD)
    assert f"{WAITS} {TRI} atau Kepala" in asked(stage, number)
    assert len(told(stage, "Kepala", "mohon diperiksa")) == 1
    assert "Disetujui Kepala" in said(stage, "[Setujui]", who="Kepala")
    assert len([parcel for parcel in stage.heard(HERE) if "Disetujui Kepala" in parcel.body.text]) == 1
    assert len(heard_by_reporter(stage)) == 1


def test_the_head_undoes_by_phone() -> None:
    """The head who approved in a chat of their own can undo it there; the draft goes back to its author's chat."""
    with sample_office(undo=30) as stage:
        number = given(stage)
        joined(stage, "Kepala", Role.HEAD)
        asked(stage, number)
        said(stage, "[Setujui]", who="Kepala")
        before = len(stage.letters)
        assert f"Drafnya kembali kepada {YULI}" in said(stage, "[Urungkan]", who="Kepala")
        assert TEXT not in since(stage, before, "Kepala")
        assert TEXT in since(stage, before, HERE)
        acts(stage, "+ 2 menit")
        assert heard_by_reporter(stage) == []
        assert faults(stage) == []
