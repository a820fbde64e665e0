"""Every letter that the program can write, rendered, with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from bot.language import LANGUAGES
from handlers import cards, notices, rounds
from handlers.desk import Contact, Entry, Ticket
from handlers.rules.ticket import MOVES, Role, State, To
from handlers.words import Inbound, Kind, Letter, Person, Words
from storage.desk import RecordDesk
from storage.invitations import invite
from storage.letters import Body
from storage.turns import take
from tests import handlers as core
from tests.handlers.test_dialogues import Asked

Found = tuple[str, Body]
LONG = "Lubang di depan pasar sudah kami periksa dan akan ditambal pada hari Kamis.\n\n" * 50
SHORT = "Sudah kami tambal."
OF_THE_CLOCK = {"clock": "resolution", "promised": "2026-12-01T16:59:59+00:00", "helper": "dishub"}
OFFICERS = {"dputr": "Agus Wibowo", "kominfo": "Dwi Kurniawati"}
# What a reporter writes in the middle of a report, and after an answer.
ASKED = (
    *("/bantuan", "/status", "LPR-2611-XXXX-X", "/laporan_saya", "/data_saya", "/hapus_data", "/batal", "/start"),
    *("(stiker)", "(exe)", "/tugas", "/lanjut", "hubungkan_akun", "hubungkan_akun AB12-CD34", "ulang", "menu"),
)
AFTER_NEWS = ("Masih ada satu lubang lagi di dekat gerbang pasar itu.", "(foto)", "(lokasi)", "ini", "(foto: lagi)")
# What an officer writes in a chat of their own; [a word] is the newest button that ends with it.
ON_DUTY = (
    *("tugas", "tiket NUMBER", "jelaskan NUMBER", "panduan", "menu", "NUMBER", "hubungkan AB12-CD34", "hubungkan"),
    *("jelaskan tenggat NUMBER", "belum", "petugas", "batal", "serah terima", "batal", "input", "batal"),
    *("Sudah kami periksa di lapangan tadi pagi.", "Sudah kami periksa sekali lagi.", "batal", "lapor", "batal"),
)
PRESSED = {
    "dputr": (
        *("[claim]", "[answer]", LONG[:4000], "[transfer]", "[+]", "batal", "[assign]", "batal", "[ask]", SHORT),
        *("[more]", "[extend]", "[5]", SHORT, "[more]", "[classify]", "[supervisory]", "[more]", "[involve]", "batal"),
        *("[return]", SHORT, "batal", "[note]", SHORT, "[resolve]", "batal"),
    ),
    "kominfo": (
        "[verify]",
        "[more]",
        "[merge]",
        "batal",
        "[forward]",
        "[+]",
        "batal",
        "[ask]",
        SHORT,
        "[archive]",
        "batal",
        "[note]",
        LONG[:4000],
    ),
}


def questions(asked: Sequence[Asked]) -> Iterator[Found]:
    """Every question of every dialogue, as the tests of the dialogues find them."""
    for each in asked:
        desk = each.scene.desk
        assert isinstance(desk, RecordDesk)
        _speak(desk, [each.letter.to], each.scene.language)
        yield from _rendered(desk, str(each), [each.letter])


@cache
def besides() -> tuple[Found, ...]:
    """Every letter that is no question: notices, cards, and what is said to reporters and officers."""
    return (*_of_tickets(), *_spoken(), *(found for agency in OFFICERS for found in _on_duty(agency)))


def _of_tickets() -> Iterator[Found]:
    with core.sample_office() as stage:
        like = core.ticket(stage, core.report(stage, "Sari"))
        contacts = {name: core.contact(stage, f"p:{name}") for name in ("Sari", *OFFICERS.values())}
        with stage.engine.begin() as connection:
            desk = core.desk(stage, connection)
            for agency, name in OFFICERS.items():
                desk.bind_room(contacts[name], agency)
            for language in LANGUAGES:
                _speak(desk, contacts.values(), language)
                yield from _notices(desk, like, language)
                yield from _cards(desk, like, language)
                yield from _rendered(
                    desk, f"morning ({language})", rounds.gathered(desk, (), [*OFFICERS], _nothing_else)
                )


def _nothing_else(agency: str) -> Sequence[Words]:
    return ()


def _rendered(desk: RecordDesk, where: str, letters: Sequence[Letter]) -> Iterator[Found]:
    yield from ((where, parcel.body) for parcel in desk.flush([replace(letter, key="") for letter in letters]))


def _speak(desk: RecordDesk, contacts: Iterable[int], language: str) -> None:
    for each in contacts:
        desk.change_contact(replace(desk.contact(each), language=language))


def _notices(desk: RecordDesk, like: Ticket, language: str) -> Iterator[Found]:
    """Each notice of each move, with words that fit a form and with more than it can hold."""
    officer = desk.officers("dputr")[0].contact
    for move in MOVES:
        for text in ("", SHORT, LONG):
            data = {"text": text, "officer": officer, "stars": 5, **OF_THE_CLOCK}
            state = like.state if isinstance(move.to, To) else State(move.to)
            after = replace(like, state=state, agency="kominfo" if move.action == "return" else "dputr")
            entry = Entry(like.id, desk.now, officer, move.by[0], move.action, state, after.agency, data)
            where = f"notice {move.action} ({language}, {len(text)})"
            yield from _rendered(desk, where, notices.of(desk, move, like, after, entry))


def _cards(desk: RecordDesk, like: Ticket, language: str) -> Iterator[Found]:
    """The card of a ticket in each state, for a group and for an officer's own chat, and its changes in short."""
    for state in State:
        for agency in OFFICERS:
            for story in (like.story, LONG):
                of = desk.add_ticket(
                    replace(like, number=f"LPR-{desk.draw(2**60)}"[:24], state=state, agency=agency, story=story)
                )
                rooms = [room for each in OFFICERS for room in desk.rooms_of(each)]
                letters = [letter for room in rooms for letter in _of_a_ticket(desk, of, room)]
                yield from _rendered(desk, f"card {state} ({language})", letters)


def _of_a_ticket(desk: RecordDesk, ticket: Ticket, room: Contact) -> tuple[Letter, ...]:
    news = (cards.status(desk, ticket, room), *cards.told(desk, ticket), *_unreached(desk, ticket))
    return (*cards.first(desk, ticket, room), *news)


def _unreached(desk: RecordDesk, ticket: Ticket) -> tuple[Letter, ...]:
    texts = (notices.UNTAKEN(number=ticket.number), notices.UNREACHED(number=ticket.number))
    return tuple(letter for text in texts for letter in notices.to_holders(desk, ticket, text))


def _spoken() -> Iterator[Found]:
    """What a reporter hears who asks for all there is, writes anew after news, and says nothing for weeks."""
    for language in ("Bahasa Indonesia", "English"):
        with core.sample_office() as stage:
            number = core.report(stage, "Sari")
            core.begin(stage, "Sari")
            core.acts(stage, *(f"Sari> {each}" for each in ("/bahasa", f"[{language}]", number, *ASKED)))
            core.answered(stage, "Sari", number)
            core.acts(stage, "+ 2 hari", *(f"Sari> {each}" for each in AFTER_NEWS), *["+ 5 hari"] * 12)
            yield from ((f"spoken in {language}", parcel.body) for parcel in stage.letters)


def _on_duty(agency: str) -> Iterator[Found]:
    """What an officer sees in a chat of their own on WhatsApp."""
    with core.sample_office() as stage:
        number = core.report(stage, "Sari", story=core.STORY if agency == "dputr" else core.UNSURE)
        core.report(stage, "Budi", story=core.STORY if agency == "dputr" else core.UNSURE)
        role = Role.COORDINATOR if agency == "kominfo" else Role.OFFICER
        with stage.engine.begin() as connection:
            code, _ = invite(connection, stage.office.vault, stage.office.draw, stage.now, agency, role)
            shown: list[Body] = []
            for count, said in enumerate((f"hubungkan {code}", *ON_DUTY, *PRESSED[agency])):
                event = _happened(f"w{count}", said.replace("NUMBER", number), shown, stage.now)
                batch = take(connection, [event], stage.office, stage.now)
                written = [parcel.body for parcel in batch.parcels if parcel.channel == "whatsapp"]
                yield from ((f"on duty at {agency}: {said[:20]}", body) for body in written)
                shown.extend(written)
        assert not core.faults(stage)


def _happened(ident: str, said: str, shown: Sequence[Body], now: datetime) -> Inbound:
    person = Person("6281299990001", "Agus")
    found = Inbound("whatsapp", ident, Kind.TEXT, person, now, message=ident, account="1")
    if not said.startswith("["):
        return replace(found, text=said)
    taps = (choice for body in reversed(shown) for choice, _, _ in body.choices)
    return replace(found, kind=Kind.TAP, tap=next(tap for tap in taps if tap.rsplit(":", 1)[1] == said[1:-1]))
