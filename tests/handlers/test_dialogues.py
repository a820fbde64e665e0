"""Every question, in each language, asked on the stage's own desk: how it is asked, and every way to answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.language import LANGUAGES
from handlers import declaring, duty, menu, moves, report, staff
from handlers.answers import PAGE, Again, More, Option, Pick, plain
from handlers.desk import Desk, Scene, Ticket
from handlers.dialogue import Dialogue, Step, ask, current
from handlers.disaster import CALLS, Safety
from handlers.facts import Disaster
from handlers.places import Confirmed
from handlers.respond import respond
from handlers.rules.clocks import Run
from handlers.rules.ticket import Asks, Clock, State
from handlers.words import Inbound, Kind, Letter, Person, Room, Talk, Words
from tests import handlers as core
from tests.stage import FILES, PIN, START

DIALOGUES = {
    **menu.DIALOGUES,
    **moves.DIALOGUES,
    **staff.DIALOGUES,
    **declaring.DIALOGUES,
    duty.CHOICE.name: duty.CHOICE,
}
BODY = 1024
SHOWS_THE_STORY = {("report", "review"), ("report", "story")}
LEAVING = {"id": ("menu", "batal"), "en": ("menu", "cancel")}
STAYING = {"id": ("bantuan", "ulang"), "en": ("help", "repeat")}
BACK = {"id": "kembali", "en": "back"}
LONG = "Saluran air di depan pasar meluap setiap hujan dan masuk ke rumah warga. " * 20
STRANGE = "Xu bvq wrtz plmk njhg fdsaqw."
SECRET = "Suami saya memukul saya di rumah sejak bulan lalu, saya takut pulang. KDRT."
END = {"place": core.PLACE, "place_ok": "[yes]", "agency": "[?]", "date": "hari ini", "files": "[done]"}
DECREE = {"number": "188.45/7/2026", "issued": "2 Januari 2026", "until": ""}
OF_STAFF = {
    "invite": {"role": "[head]", **DECREE},
    "renew": {"who": "[all]", **DECREE},
    "removal": {"from": "{colleague}", "to": "[0]"},
    "handover": {"from": "{colleague}", "to": "{heir}"},
}
DISASTER = {
    "consent": "[yes]",
    "which": "[2]",
    "what": "Air masuk rumah.",
    "place": core.PLACE,
    "files": "(foto)|[done]",
    "safe": "[safe]",
    "review": "[edit]",
}
DECLARED = {
    "kind": "[*]",
    "other": "Angin topan",
    "area": "[+]|[+]|[+]|[*]",
    "agency": "[+]|[+]|[+]|[bpbd]",
    "days": "[3]",
}
FIELDS = cast("tuple[Option, ...]", report.FIELDS.offer)
# What is answered at each question, in turns where it is asked more than once; [a value] is a button.
ROAD = {
    "consent": "[yes]",
    "story": f"{core.STORY}|[done]",
    "type": "[complaint]",
    "category": "[jalan-rusak]",
    "place": core.PLACE,
    "place_ok": "[yes]",
    "nearby": "[new]",
    "agency": "[*]",
    "agency_other": "[+]|[+]|[+]|[+]|[dputr]",
    "date": "[yesterday]",
    "files": "(foto)|[done]",
    "privacy": "[00]",
    "review": "[edit]|",
    "edit": "[title]",
    "title": "Jalan rusak di pasar",
}
TOPICS = {**END, "privacy": "[00]", "consent": "[yes]", "story": f"{core.UNSURE}|[done]", "type": "[aspiration]"}
OTHERS = {**ROAD, "category": "[*]", "topic": "[kesehatan]", "subtopic": "[rsud]", "agency": "[rsud-haryoto]"}
PEEK = {**END, "consent": "[yes]", "story": f"{SECRET}|[done]", "type": "[complaint]", "category": "[kdrt]"}
THIN = {
    **END,
    "consent": "[yes]",
    "story": "Sampah dibiarkan begitu saja, bau.|[done]",
    "place": "Kecamatan Pasirian",
    "category": "[sampah]",
    "detail_1": "Baunya menyengat.",
    "detail_2": "[skip]",
}
WALKS = (
    ROAD,
    {**TOPICS, "category": "[sosial]", "subtopic": "[?]"},
    {**OTHERS, "review": ""},
    {**PEEK, "privacy": "[11]"},
    {**ROAD, "story": f"{LONG}|{LONG}|[done]", "category": "[selokan]", "agency": "[?]", "review": ""},
    *({**ROAD, "edit": f"[{option.value}]", "title": ""} for option in FIELDS),
    {**ROAD, "place": "Desa Kebonsari", "place_which": "[35.08.21.2002]", "review": ""},
    {**ROAD, "place": "Surabaya", "place_outside": "[send]", "review": ""},
    {**ROAD, "story": f"{core.STORY} Hubungi 081234567890.|[done]", "personal": "[keep]", "review": ""},
    {**THIN, "privacy": "[00]"},
    {**THIN, "story": f"{core.UNSURE}|[done]", "category": "[*]", "topic": "[?]", "privacy": "[10]"},
    {**THIN, "story": f"{STRANGE}|[done]", "type": "[complaint]", "category": "[?]"},
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands open: in this scene, with this letter."""

    dialogue: Dialogue
    step: Step
    scene: Scene
    letter: Letter

    def __str__(self) -> str:
        return f"{self.dialogue.name}.{self.step.key} ({self.scene.language})"

    @property
    def options(self) -> tuple[Option, ...]:
        return self.step.kind.options(self.scene)

    @property
    def shape(self) -> tuple[Any, ...]:
        """What tells this question from others: which it is, what it offers, and after what it is asked."""
        talk = self.scene.talk
        return (str(self), talk.shown, tuple(talk.answers), str(talk.partial))

    @property
    def numbered(self) -> bool:
        """Whether the options are numbers themselves: of days, or of tickets."""
        return (self.dialogue.name, self.step.key) in (("do-extend", "value"), ("do-merge", "value"))

    @property
    def cried(self) -> bool:
        """Whether it is asked if somebody is safe."""
        return isinstance(self.step.kind, Safety)

    @property
    def private(self) -> bool:
        """Whether a citizen is asked, and not an officer."""
        return self.dialogue.name in menu.DIALOGUES and self.dialogue is not menu.MENU

    @property
    def labels(self) -> list[str]:
        return [self.said(choice.label) for choice in self.letter.choices]

    def said(self, words: Words) -> str:
        return self.scene.desk.render(words, self.scene.language)

    def question(self) -> str:
        """The question alone, as it is repeated."""
        (letter,) = ask(self.scene, self.dialogue, self.step).letters
        return self.said(letter.text)

    def hearing(self, text: str) -> Scene:
        """The same scene, with these words said in it."""
        return replace(self.scene, event=event(Kind.TEXT, text=text, room=self.scene.event.room))

    def typed(self, text: str) -> Any:
        """The value of these words, or the refusal."""
        return value(lambda: self.step.kind.read(self.hearing(text), None))

    def pressed(self, choice: str) -> Any:
        """The value of this button, or the refusal."""
        scene = replace(self.scene, event=event(Kind.TAP, tap=choice, room=self.scene.event.room))
        return value(lambda: self.step.kind.read(scene, choice))


def event(kind: Kind, **more: Any) -> Inbound:
    return Inbound("stage", "1", kind, Person("p:Sari", "Sari"), START, message="m1", **more)


def value(read: Callable[[], Any]) -> Any:
    try:
        found = read()
    except Again as again:
        return ("again", again.words)
    return ("more", found.partial) if isinstance(found, More) else found


def did(scene: Scene, answer: str, dialogue: str, key: str) -> tuple[Scene, tuple[Letter, ...]]:
    """The scene after an answer: words, a button in [], or a photo."""
    room = scene.event.room
    if answer == "(foto)":
        happened = event(Kind.FILE, file=FILES["foto"], room=room)
    elif answer.startswith("["):
        happened = event(Kind.TAP, tap=f"q:{dialogue}:{key}:{answer[1:-1]}", room=room)
    else:
        happened = event(Kind.TEXT, text=answer, room=room)
    scene = replace(scene, event=happened)
    turn = respond(scene)
    return replace(scene, talk=turn.talk), turn.letters


def walk(scene: Scene, letters: Sequence[Letter], answers: dict[str, str]) -> Iterator[Asked]:
    """All questions on a way, from the one that stands open."""
    left = {key: said.split("|") for key, said in answers.items()}
    while dialogue := DIALOGUES.get(scene.talk.dialogue):
        step = current(dialogue, scene.talk.answers)
        assert step is not None
        yield Asked(dialogue, step, scene, letters[0])
        answer = left[step.key].pop(0) if left.get(step.key) else ""
        if not answer:
            return
        scene, letters = did(scene, answer, dialogue.name, step.key)


@dataclass(frozen=True, slots=True)
class Cast:
    """The desk, the contacts by their addresses, and a ticket like those that are asked about."""

    desk: Desk
    contacts: Mapping[str, int]
    like: Ticket
    language: str

    def begun(
        self, happened: Inbound, person: str = "Sari", room: str = "", channel: str = "stage"
    ) -> tuple[Scene, tuple[Letter, ...]]:
        """A scene in which something happens to somebody who was idle, and what came of it."""
        told = replace(self.desk.contact(self.contacts[f"p:{person}"]), language=self.language, consent="")
        told = replace(told, channel=channel)
        where = replace(self.desk.contact(self.contacts[f"room:{room}"]), language=self.language) if room else None
        scene = Scene(happened, told, Talk(), self.desk, where)
        turn = respond(scene)
        return replace(scene, talk=turn.talk), turn.letters

    def ticket(self, **more: Any) -> Ticket:
        """A ticket of its own."""
        return self.desk.add_ticket(replace(self.like, number=f"x{self.desk.draw(2**60)}", **more))

    def questions(self) -> Iterator[Asked]:
        """Every question of every dialogue, in every shape it takes."""
        for answers in WALKS:
            yield from walk(*self.begun(event(Kind.TEXT, text="lapor")), answers)
        for word in ("menu", "bahasa", "status"):
            yield from walk(*self.begun(event(Kind.TEXT, text=f"/{word}")), {})
        for state, action in ((State.RESPONDED, "add"), (State.RESPONDED, "confirm"), (State.RESOLVED, "dispute")):
            tap = event(Kind.TAP, tap=f"t:{self.ticket(state=state).id}:{action}")
            yield from walk(*self.begun(tap), {"stars": "[5]"})
        tap = event(Kind.TAP, tap=f"t:{self.ticket(state=State.ARCHIVED, closed_at=self.desk.now).id}:object")
        yield from walk(*self.begun(tap), {})
        for said in ("[this]", "(foto)|[new]", f"{core.STORY}|[+]"):
            yield from walk(*self.begun(event(Kind.TEXT, text=core.UNSURE)), {"whose": said})
        for action in moves.ASKED:
            yield from self.asked_of_officers(action)
        for name, answers in OF_STAFF.items():
            for person, agency in (("Sugeng Priyambodo", "dputr"), ("Dwi Kurniawati", "kominfo")):
                yield from self.asked_of_staff(name, answers, person, agency)
        yield from walk(*self.begun(event(Kind.TEXT, text="/bencana")), DISASTER)
        for way in ("e:on", "e:longer:1", "e:off:1"):
            happened = event(Kind.TAP, tap=way, room=Room("room:kominfo"))
            yield from walk(*self.begun(happened, "Dwi Kurniawati", "kominfo"), DECLARED if way == "e:on" else {})
        # In a chat of their own an officer is asked which ticket a text is meant for.
        answer = event(Kind.TEXT, text="Sudah kami tambal.")
        yield from walk(*self.begun(answer, "Hari Santoso", channel="whatsapp"), {"ticket": "[+]|[+]"})

    def asked_of_staff(self, name: str, answers: Mapping[str, str], person: str, agency: str) -> Iterator[Asked]:
        """The questions about officers, asked of somebody who appoints them; a colleague has claimed a report."""
        colleague = self.contacts["p:Agus Wibowo" if agency == "dputr" else "p:Bambang Prasetyo"]
        self.ticket(state=State.IN_PROGRESS, agency=agency, officer=colleague)
        room = Room(f"room:{agency}")
        happened = event(Kind.TAP, tap=f"p:{name}", room=room)
        if name == "handover":
            happened = event(Kind.TEXT, text="/serah_terima", room=room)
        names = {"{colleague}": str(colleague), "{heir}": str(self.contacts[f"p:{person}"])}
        given = {key: f"[{names[said]}]" if said in names else said for key, said in answers.items()}
        yield from walk(*self.begun(happened, person, agency), {"agency": f"[+]|[+]|[+]|[+]|[{agency}]", **given})

    def asked_of_officers(self, action: str) -> Iterator[Asked]:
        """The question of a move, in the group of an agency that may make it."""
        agency, person, state = ("dputr", "Agus Wibowo", State.IN_PROGRESS)
        if action in ("forward", "archive"):
            agency, person, state = ("kominfo", "Dwi Kurniawati", State.RETURNED)
        if action == "merge":
            agency, person, state = ("kominfo", "Dwi Kurniawati", State.RETURNED)
            self.ticket(state=state, agency=agency, category=self.language)
        holder = "kominfo" if action == "contribute" else agency
        due = self.desk.now + timedelta(days=20)
        runs = (Run(Clock.HANDLING, self.desk.now, 14, due),)
        ticket = self.ticket(state=state, agency=holder, runs=runs, category=self.language)
        if action == "contribute":
            self.desk.involve(ticket.id, agency)
        tap = event(Kind.TAP, tap=f"t:{ticket.id}:{action}", room=Room(f"room:{agency}"))
        pages = {"value": "[+]|[+]|[+]|[+]"} if moves.ASKED[action] is Asks.AGENCY else {}
        if action == "recategorise":
            pages = {"value": "[+]|[jalan]", "below": "[+]"}
        yield from walk(*self.begun(tap, person, agency), {"value": "[5]"} if action == "extend" else pages)


@pytest.fixture(scope="module")
def asked() -> Iterator[list[Asked]]:
    """All questions in both languages."""
    with core.sample_office() as stage:
        like = core.ticket(stage, core.report(stage, "Sari"))
        core.answered(stage, "Sari", like.number)
        people = ("Sari", "Agus Wibowo", "Hari Santoso", "Dwi Kurniawati", "Sugeng Priyambodo", "Bambang Prasetyo")
        addresses = (*(f"p:{person}" for person in people), "room:dputr", "room:kominfo")
        contacts = {address: core.contact(stage, address) for address in addresses}
        with stage.engine.begin() as connection:
            desk = core.desk(stage, connection)
            desk.bind_room(contacts["p:Hari Santoso"], "dishub")
            desk.add_ticket(replace(like, number="LPR-2611-AAAA-A", reporter=contacts["p:Dwi Kurniawati"]))
            for n in range(21):
                desk.add_ticket(replace(like, number=f"LPR-2611-7K3Q-{n}", agency="dishub"))
            for kind in ("Banjir", "Tanah ambles"):
                until = stage.now + timedelta(days=3)
                desk.declare(Disaster(0, kind, "35.08", "bpbd", contacts["p:Dwi Kurniawati"], stage.now, until))
            found: dict[Any, Asked] = {}
            for language in LANGUAGES:
                for each in Cast(desk, contacts, like, language).questions():
                    found.setdefault(each.shape, each)
            yield list(found.values())


def test_every_step_is_asked(asked: list[Asked]) -> None:
    """No step of any dialogue escapes, in either language."""
    steps = [f"{dialogue.name}.{step.key}" for dialogue in DIALOGUES.values() for step in dialogue.steps]
    assert {str(each) for each in asked} == {f"{step} ({language})" for step in steps for language in LANGUAGES}


def test_every_question_is_text_that_fits(asked: list[Asked]) -> None:
    """Each question has words, and where it does not show the story itself fits the body of a message with buttons."""
    for each in asked:
        for text in (each.question(), each.said(each.letter.text)):
            assert text.strip(), str(each)
            assert (each.dialogue.name, each.step.key) in SHOWS_THE_STORY or len(text) < BODY, str(each)


def test_every_question_offers_what_a_screen_holds(asked: list[Asked]) -> None:
    """With the ways out a question shows at most ten choices, each of which fits a row of the strictest chat."""
    for each in asked:
        offered = [choice for choice in each.letter.choices if choice.id.startswith("q:")]
        assert [choice.id.rsplit(":", 1)[1] for choice in offered] == [option.value for option in each.options]
        ids = [choice.id for choice in each.letter.choices]
        assert core.fits([(ident, label, "") for ident, label in zip(ids, each.labels, strict=True)]), str(each)


def test_every_question_has_a_way_out(asked: list[Asked]) -> None:
    """Each question but the menu itself can be cancelled by a button, or gone back from where ten rows hold no more."""
    for each in asked:
        ways = {choice.id for choice in each.letter.choices} & {"m:batal", "m:kembali"}
        full = len(each.letter.choices) == core.ROWS
        assert each.dialogue is menu.MENU or "m:batal" in ways or (full and ways), str(each)


def test_one_thing_is_asked_at_a_time(asked: list[Asked]) -> None:
    """No question is two questions."""
    assert {(str(each), each.question()) for each in asked if each.question().count("?") > 1} == set()


def ways(each: Asked, option: Option, n: int) -> Iterator[tuple[str, Any]]:
    """Each way to choose an option, and what came of it."""
    label = each.said(option.label)
    yield "button", each.pressed(option.value)
    if each.step.kind is moves.KINDS[Asks.TICKET]:
        # These have no numbers that anybody could type.
        return
    if not each.numbered:
        yield "number", each.typed(str(n))
    yield "label", each.typed(label)
    yield "shouted", each.typed(f"  {label.upper()}! ")
    for word in option.words:
        yield f"word {word}", each.typed(word)


def test_every_option_can_be_chosen_in_every_way(asked: list[Asked]) -> None:
    """A button, its number, its label however it is written, and its other words all mean the same."""
    wrong = set()
    for each in asked:
        for n, option in enumerate(each.options, 1):
            found = list(ways(each, option, n))
            wrong |= {(str(each), option.value, way) for way, value in found if value != found[0][1]}
    assert wrong == set()


PLACES = 6


def typos(label: str, least: int) -> Iterator[str]:
    """The label with a letter dropped, at six places of a long one; a word that is shorter is another without one."""
    if len(plain(label)) >= least:
        places = [at for at, letter in enumerate(label) if letter.isalnum()]
        yield from (label[:at] + label[at + 1 :] for at in places[:: -(-len(places) // PLACES)])


def misread(asked: list[Asked], picks: bool) -> set[tuple[str, str, str]]:
    """The labels that are not understood with one letter missing; those of one question are tried once.

    Tickets and days are left out: a number with a digit too few is another number. So is the question whether somebody
    is safe: nobody must be taken for safe by a misprint.
    """
    named = [each for each in asked if each.dialogue is not duty.CHOICE and not each.numbered and not each.cried]
    labels = {(str(each), o.value, each.said(o.label)): (each, o) for each in named for o in each.options}
    return {
        (where, label, typo)
        for (where, chosen, label), (each, option) in labels.items()
        if isinstance(each.step.kind, (Pick, Confirmed)) is picks
        for typo in typos(label, 4 if picks else 6)
        if each.typed(typo) != each.pressed(chosen)
    }


def test_a_letter_too_few_is_forgiven(asked: list[Asked]) -> None:
    """The label of a choice with one letter missing, early or late, means the choice."""
    assert misread(asked, picks=True) == set()


def test_a_letter_too_few_is_forgiven_where_one_writes(asked: list[Asked]) -> None:
    """So does a label of six letters or more below a question that is answered in words, with files or with a day."""
    assert misread(asked, picks=False) == set()


def test_no_option_is_taken_for_a_word_that_works_everywhere(asked: list[Asked]) -> None:
    """What a question offers is never swallowed by help, menu or their like."""
    swallowed = {
        (str(each), said)
        for each in asked
        if each.private
        for option in each.options
        for said in (each.said(option.label), *option.words)
        if menu.typed(each.hearing(said))
    }
    assert swallowed == set()


def test_a_foreign_button_repeats_the_question(asked: list[Asked]) -> None:
    """A button of another question, or of none, changes no answer and brings the question again."""
    for each in asked:
        for tap in ("q:report:consent:yes", "q:rating:stars:1", "q:::::", "q:", "q:report", "x", "q:menu:go:lapor"):
            if each.private and not tap.startswith(f"q:{each.dialogue.name}:{each.step.key}:"):
                scene = replace(each.scene, event=event(Kind.TAP, tap=tap))
                turn = respond(scene)
                assert turn.talk.answers == each.scene.talk.answers, (str(each), tap)
                assert each.question() in each.said(turn.letters[0].text), (str(each), tap)


# -- words that work everywhere


def kept(talk: Talk) -> dict[str, Any]:
    """What a report holds: its answers, and what was given so far of the one that is asked."""
    return {**talk.answers, "so far": talk.partial}


def told(talk: Talk) -> bool:
    """Whether there is anything worth keeping."""
    return bool(set(talk.answers) - {"consent"} or talk.partial)


def test_help_and_repeat_ask_the_same_again(asked: list[Asked]) -> None:
    """Help and repeat leave every answer as it is and end with the question."""
    for each in asked:
        for word in STAYING[each.scene.language] if each.private else ():
            typed = () if each.cried and word in CALLS else (word, word.upper())
            for said in (f"/{word}", *typed):
                turn = respond(each.hearing(said))
                assert kept(turn.talk) == kept(each.scene.talk), (str(each), said)
                assert turn.talk.subject == each.scene.talk.subject
                assert each.said(turn.letters[0].text).endswith(each.question()), (str(each), said)


def test_leaving_never_loses_a_report(asked: list[Asked]) -> None:
    """After menu or cancel at any question of a report, going on brings everything back, and the same question."""
    lost = set()
    for each in asked:
        for word in LEAVING[each.scene.language] if each.dialogue.name == "report" else ():
            away = respond(each.hearing(word))
            back = respond(replace(each.hearing("lanjut"), talk=away.talk))
            assert away.letters, str(each)
            if told(each.scene.talk) and (kept(back.talk), back.talk.dialogue) != (kept(each.scene.talk), "report"):
                lost.add((str(each), word))
    assert lost == set()


def test_leaving_works_at_every_other_question(asked: list[Asked]) -> None:
    """Menu and cancel end every other dialogue, and say something."""
    for each in asked:
        for word in LEAVING[each.scene.language] if each.private and each.dialogue.name != "report" else ():
            turn = respond(each.hearing(word))
            assert turn.talk.dialogue in ("", "menu"), (str(each), word)
            assert each.said(turn.letters[0].text).strip(), (str(each), word)


def test_another_wish_in_between_never_loses_a_report(asked: list[Asked]) -> None:
    """A look-up, the list of one's reports or the language in the middle of a report leave it where it was."""
    lost = set()
    for each in asked:
        for word in ("/status", "/laporan_saya", "/bahasa", "/lapor", "/start", "/mulai", "cek status", "laporan saya"):
            if each.dialogue.name == "report" and told(each.scene.talk):
                away = respond(each.hearing(word))
                back = respond(replace(each.hearing("/lanjut"), talk=away.talk))
                if kept(back.talk) != kept(each.scene.talk):
                    lost.add((str(each), word))
    assert lost == set()


def belongings(talk: Talk) -> tuple[str, set[str]]:
    """The story and the files that were given, wherever they lie."""
    early = {**talk.answers, **(talk.partial if isinstance(talk.partial, dict) else {})}
    parts = [*early.get("kept_story", []), *(talk.partial if isinstance(talk.partial, list) else [])]
    files = [*talk.answers.get("files", []), *early.get("kept_files", []), *parts]
    story = "\n".join([str(talk.answers.get("story", "")), *(part[1] for part in parts if isinstance(part, list))])
    return story.strip(), {file["ref"] for file in files if isinstance(file, dict)}


def holds(after: Talk, before: Talk) -> bool:
    """Whether a story and files are all still there."""
    (story, files), (told, given) = belongings(after), belongings(before)
    return told in story and given <= files


def test_back_takes_one_answer_and_no_more(asked: list[Asked]) -> None:
    """Going back asks the last question again; all before it stands, and no story and no file is lost."""
    lost = set()
    for each in asked:
        if each.private:
            talk, steps = each.scene.talk, each.dialogue.by_key
            turn = respond(each.hearing(BACK[each.scene.language]))
            answered = [key for key in talk.answers if key in steps]
            fallen = {answered[-1], *steps[answered[-1]].resets, "deeper", "retitle"} if answered else set()
            left = {key: value for key, value in talk.answers.items() if key not in fallen}
            if not left.items() <= turn.talk.answers.items() or not holds(turn.talk, talk):
                lost.add((str(each), str(answered[-1:])))
    assert lost == set()


def test_a_field_that_is_changed_keeps_the_others(asked: list[Asked]) -> None:
    """Choosing a field in the review asks for it again; a story and files stay and can be added to."""
    lost = set()
    for each in asked:
        if each.step.key == "edit":
            for option in each.options:
                after, _ = did(each.scene, f"[{option.value}]", "report", "edit")
                before = each.scene.talk.answers
                resets = each.dialogue.by_key[option.value].resets
                fallen = {option.value, *resets, "review", "edit", "retitle", "deeper"}
                left = {key: value for key, value in before.items() if key not in fallen}
                if not left.items() <= after.talk.answers.items() or not holds(after.talk, each.scene.talk):
                    lost.add((str(each), option.value))
    assert lost == set()


VOLUNTEERED = {
    "a photo": event(Kind.FILE, file=replace(FILES["foto"], ref="f-new")),
    "a place": event(Kind.PLACE, place=PIN),
}
SENDING = {
    **ROAD,
    **THIN,
    **dict.fromkeys(("category", "agency", "subtopic", "topic"), "[?]"),
    "place": core.PLACE,
    "place_which": "[none]",
    "place_outside": "[send]",
    "files": "[done]",
    "privacy": "[00]",
    "personal": "[keep]",
    "review": "[send]",
}


def sent(scene: Scene) -> Ticket:
    """The ticket that comes of a report when every question that is left is answered as on the road."""
    while (step := current(menu.DIALOGUES["report"], scene.talk.answers)) is not None:
        answer = SENDING[step.key]
        offered = [option.value for option in step.kind.options(scene)]
        if step.key in ("story", "files"):
            answer = "[done]" if "done" in offered else core.STORY
        if answer.startswith("[") and answer[1:-1] not in offered:
            answer = f"[{offered[0]}]"
        scene, _ = did(scene, answer, "report", step.key)
        if not scene.talk.dialogue:
            break
    return max(scene.desk.tickets_of(scene.contact.id), key=lambda ticket: ticket.id)


@pytest.mark.parametrize("what", VOLUNTEERED)
def test_what_is_sent_before_or_after_its_question_reaches_the_ticket(asked: list[Asked], what: str) -> None:
    """A photo or a place sent at any question of a report loses nothing else, and is on the ticket in the end."""
    lost = set()
    for each in asked:
        if each.dialogue.name != "report" or each.scene.language != "id" or each.step.key == "consent":
            continue
        scene = replace(each.scene, event=VOLUNTEERED[what])
        turn = respond(scene)
        ticket = sent(replace(scene, talk=turn.talk))
        expected = len(belongings(each.scene.talk)[1]) + (what == "a photo")
        if len(scene.desk.attachments(ticket.id)) != expected:
            lost.add((str(each), "file"))
        if what == "a place" and ticket.place.get("lat") != PIN.lat:
            lost.add((str(each), "place"))
    assert lost == set()


def test_every_button_of_a_page_of_agencies_is_met_once(asked: list[Asked]) -> None:
    """Turning the pages shows every agency once, the last page leads to the first, and a number means what is shown."""
    for name in ("report.agency_other", "do-transfer.value", "do-forward.value"):
        pages = [each for each in asked if str(each) == f"{name} (id)"]
        assert isinstance(pages[0].step.kind, Pick)
        everything = [option.value for option in pages[0].step.kind.all(pages[0].scene)]
        assert len(everything) >= 21
        pages = pages[: -(-len(everything) // PAGE)]
        assert [option.value for each in pages for option in each.options if option.value != "+"] == everything, name
        assert pages[-1].pressed("+") == ("more", 0)
        assert all(page.pressed(code) == code for page in pages for code in everything)
