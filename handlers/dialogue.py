"""Dialogues as tables of steps: the current question is the first step that applies and has no answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from handlers.answers import Again, Day, More, Reads, Where, Written, so_far
from handlers.desk import Scene
from handlers.files import MAX_FILES, TOO_MANY, Files, file_value, refused
from handlers.words import Choice, Inbound, Kind, Lines, T, Talk, Text, Turn, Words

Answers = Mapping[str, Any]
Ask = Callable[[Scene], Words]
When = Callable[[Answers], bool]


def always(_: Answers) -> bool:
    return True


def never(_: Answers) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `resets`: answers that fall when this one changes. `then`: what it changes in the others."""

    key: str
    kind: Reads
    text: Words | Ask
    when: When = always
    resets: tuple[str, ...] = ()
    then: Callable[[Scene, Answers], Answers] | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A table of steps, and what happens when no question is left; `ends`: answers that leave none."""

    name: str
    steps: tuple[Step, ...]
    done: Callable[[Scene], Turn]
    ends: When = never
    way_out: bool = True
    by_key: dict[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {step.key: step for step in self.steps})


BACK = Choice("m:kembali", T("nav.back", "Kembali"))
CANCEL = Choice("m:batal", T("nav.cancel", "Batal"))
# A list on WhatsApp has ten rows, and nobody reads more.
MOST_CHOICES = 10
TYPE = T("nav.type", "Atau ketik: {words}")
CHOOSE = T("nav.choose", "Pilih")
STALE = T("dialogue.stale", "Pertanyaan itu sudah terjawab. Kita lanjutkan dari sini.")
ALBUM_PAUSE = timedelta(seconds=1.5)
UNREADABLE = T("dialogue.unreadable", "Maaf, pesan jenis itu belum dapat kami baca.")
NOTED_PLACE = T("dialogue.noted_place", "Lokasi Anda sudah kami catat.")
NOTED_FILE = T("dialogue.noted_file", "Berkas Anda sudah kami simpan untuk laporan ini.")
EDITED = T("dialogue.edited", "Jawaban yang Anda ubah sudah kami ganti.")
UNEDITED = T(
    "dialogue.unedited",
    "Perubahan pesan itu tidak mengubah jawaban Anda. Untuk menggantinya, pilih Kembali, "
    "atau Ubah saat memeriksa laporan.",
)


def current(dialogue: Dialogue, answers: Answers) -> Step | None:
    """The first step that applies and has no answer."""
    if dialogue.ends(answers):
        return None
    for step in dialogue.steps:
        if step.key not in answers and step.when(answers):
            return step
    return None


# Dialogues that hold a message whose place was asked for.
HOLDING = ("whose", "duty")
UNPLACED = T("dialogue.unplaced", "Pesan Anda yang tadi belum kami teruskan. Kirim lagi bila perlu.")


def begin(scene: Scene, dialogue: Dialogue, note: Words = "", **talk: Any) -> Turn:
    """Starts a dialogue; an unfinished report is put on the shelf, not lost, and a message without a place is named."""
    if scene.talk.dialogue in HOLDING and dialogue.name not in HOLDING:
        note = Lines((UNPLACED, note), "\n\n") if note else UNPLACED
    fresh = Talk(dialogue.name, shelf=shelved(scene.talk), **talk)
    return go_on(replace(scene, talk=fresh), dialogue, note)


def shelved(talk: Talk) -> Mapping[str, Any] | None:
    """What must be kept of a conversation when another begins: an unfinished report in which anything was said."""
    if talk.dialogue != "report" or not (set(talk.answers) - {"consent", "warned"} or talk.partial):
        return talk.shelf
    return {"answers": dict(talk.answers), "partial": talk.partial, "sources": dict(talk.sources)}


def go_on(scene: Scene, dialogue: Dialogue, note: Words = "") -> Turn:
    """Asks the current question, or ends the dialogue when there is none."""
    step = current(dialogue, scene.talk.answers)
    if step is None:
        return with_note(dialogue.done(scene), note)
    return ask(scene, dialogue, step, note)


def with_note(turn: Turn, note: Words) -> Turn:
    """The turn with a note above its first letter."""
    if not note or not turn.letters:
        return turn
    first, *rest = turn.letters
    return Turn(turn.talk, (replace(first, text=Lines((note, first.text), "\n\n")), *rest))


def ask(scene: Scene, dialogue: Dialogue, step: Step, note: Words = "", alone: bool = False) -> Turn:
    """The question of a step as a letter, with its options and the ways out; `alone`: the note without the question."""
    options = step.kind.options(scene)
    text = "" if alone else _question(scene, step)
    hints = tuple(T("dialogue.hint", "{label}: {hint}", label=o.label, hint=o.hint) for o in options if o.hint)
    body = Lines((note, Lines((text, *hints)) if hints else text), "\n\n")
    choices = tuple(Choice(f"q:{dialogue.name}:{step.key}:{o.value}", o.label, o.hint) for o in options)
    shown = tuple((o.value, scene.desk.render(o.label, scene.language)) for o in options)
    talk = replace(scene.talk, shown=shown, nudged=False)
    letter = scene.letter(
        body,
        delay=album_pause(scene.event),
        choices=choices + ways_out(scene, dialogue, len(choices)),
        key=f"ask:{scene.contact.id}",
        wants_place=isinstance(step.kind, Where) and scene.room is None and not alone,
    )
    return Turn(talk, (letter,))


def _question(scene: Scene, step: Step) -> Words:
    # A Text can be called too, to fill its values: what is asked for here is a function of the scene.
    return step.text if isinstance(step.text, (str, Text, Lines)) else step.text(scene)


def album_pause(event: Inbound) -> timedelta:
    """How long an answer to a file waits: an album comes as several events, and one answer is enough."""
    return ALBUM_PAUSE if event.album else timedelta()


def ways_out(scene: Scene, dialogue: Dialogue, options: int = 0) -> tuple[Choice, ...]:
    """Back where there is something to go back to, and cancel: both where ten buttons hold them, else the first."""
    if not dialogue.way_out:
        return ()
    back = (BACK,) if any(key in dialogue.by_key for key in scene.talk.answers) and scene.room is None else ()
    ways = (*back, CANCEL)
    return ways if options + len(ways) <= MOST_CHOICES else ways[:1]


def back(scene: Scene, dialogue: Dialogue) -> Turn:
    """Asks the last question again; a story or files that were given stay and can be added to."""
    answers = gathered(dialogue, scene.talk)
    last = next((key for key in reversed(answers) if key in dialogue.by_key), None)
    if last is None:
        return go_on(scene, dialogue)
    answers = reopened(dialogue, answers, last)
    return go_on(replace(scene, talk=replace(scene.talk, answers=answers, partial=None)), dialogue)


def gathered(dialogue: Dialogue, talk: Talk) -> dict[str, Any]:
    """The answers, with what was given so far of the one that is asked kept for when it is asked again."""
    step = current(dialogue, talk.answers)
    if step and isinstance(step.kind, (Written, Files)) and step.kind.kept and talk.partial:
        return {**talk.answers, step.kind.kept: talk.partial}
    return dict(talk.answers)


def reopened(dialogue: Dialogue, answers: Answers, key: str) -> dict[str, Any]:
    """The answers without this one; a story and files stay and can be added to."""
    value, kind = answers.get(key), dialogue.by_key[key].kind
    left = forget(dialogue, answers, key)
    if value and isinstance(kind, Files):
        left[kind.kept] = value
    elif value and isinstance(kind, Written) and kind.done:
        left[kind.kept] = [["", value]]
    return left


def forget(dialogue: Dialogue, answers: Answers, key: str) -> dict[str, Any]:
    """The answers without this one and those that stand on it."""
    gone = {key, *dialogue.by_key[key].resets}
    return {name: value for name, value in answers.items() if name not in gone}


def hear(scene: Scene, dialogue: Dialogue) -> Turn:
    """Judges one event as the answer to the current question."""
    event, talk = scene.event, scene.talk
    step = current(dialogue, talk.answers)
    if step is None:
        return dialogue.done(scene)
    if event.kind is Kind.EDIT:
        return _edited(scene, dialogue, step)
    if event.kind is Kind.DELETED:
        return _deleted(scene, dialogue, step)
    if event.kind is Kind.UNREADABLE:
        return ask(scene, dialogue, step, UNREADABLE)
    pressed = None
    if event.kind is Kind.TAP:
        name, key, pressed = (*event.tap.split(":", 3)[1:], "", "", "")[:3]
        if (name, key) != (dialogue.name, step.key):
            return ask(scene, dialogue, step, STALE)
    elif event.kind in (Kind.PLACE, Kind.FILE) and event.kind not in step.kind.takes:
        return _volunteer(scene, dialogue, step)
    return answered(scene, dialogue, step, pressed)


def answered(scene: Scene, dialogue: Dialogue, step: Step, pressed: str | None) -> Turn:
    """Reads the answer to this step, keeps it, and goes on."""
    try:
        value = step.kind.read(scene, pressed)
    except Again as again:
        return ask(scene, dialogue, step, again.words, alone=again.alone)
    if isinstance(value, More):
        talk = replace(scene.talk, partial=value.partial)
        return ask(replace(scene, talk=talk), dialogue, step, value.words, alone=bool(value.words))
    return go_on(replace(scene, talk=keep(scene, dialogue, step, value)), dialogue)


def keep(scene: Scene, dialogue: Dialogue, step: Step, value: Any) -> Talk:
    """The conversation with this answer in it."""
    talk = scene.talk
    answers = forget(dialogue, talk.answers, step.key)
    answers[step.key] = value
    if step.then:
        answers = dict(step.then(scene, answers))
    sources = dict(talk.sources)
    if isinstance(step.kind, Written) and step.kind.done:
        sources |= {message: step.key for message, _ in so_far(scene, step.kind.kept) if message}
    if scene.event.kind is Kind.TEXT and scene.event.message and isinstance(step.kind, (Written, Where, Day)):
        sources[scene.event.message] = step.key
    return replace(talk, answers=answers, partial=None, sources=sources)


def _volunteer(scene: Scene, dialogue: Dialogue, step: Step) -> Turn:
    """Keeps a pin or a file that came before its question; the words that came with it are taken as an answer."""
    talk, event = scene.talk, scene.event
    answers = gathered(dialogue, talk)
    partial = None if isinstance(talk.partial, list) else talk.partial
    if event.kind is Kind.PLACE:
        target = next((s for s in dialogue.steps if isinstance(s.kind, Where)), None)
        if target is None:
            return ask(scene, dialogue, step, UNREADABLE)
        words = str(answers.get(target.key, {}).get("text", ""))
        try:
            pin = target.kind.read(scene, None)
        except Again as again:
            return ask(scene, dialogue, step, again.words)
        answers = forget(dialogue, answers, target.key)
        answers[target.key] = {**pin, "text": pin["text"] or words}
        note: Words = NOTED_PLACE
    else:
        target = next((s for s in dialogue.steps if isinstance(s.kind, Files)), None)
        if target is None or event.file is None or not isinstance(target.kind, Files):
            return ask(scene, dialogue, step, UNREADABLE)
        # What comes after its question was answered joins the answer.
        kept = target.key if target.key in answers else target.kind.kept
        given = list(answers.get(kept) or [])
        note = refused(event.file) or (TOO_MANY if len(given) >= MAX_FILES else NOTED_FILE)
        if note is NOTED_FILE:
            answers[kept] = [*given, file_value(event.file, event.message)]
    scene = replace(scene, talk=replace(talk, answers=answers, partial=partial))
    if event.kind is Kind.FILE and event.text and isinstance(step.kind, Written):
        return with_note(answered(scene, dialogue, step, None), note)
    return go_on(scene, dialogue, note)


def _edited(scene: Scene, dialogue: Dialogue, step: Step) -> Turn:
    """Reads an edited message again as the answer it gave."""
    talk, event = scene.talk, scene.event
    if isinstance(step.kind, Written) and step.kind.done:
        said = so_far(scene, step.kind.kept)
        parts = [[mid, event.text if mid == event.message else text] for mid, text in said]
        if parts != said:
            return ask(replace(scene, talk=replace(talk, partial=parts)), dialogue, step, EDITED, alone=True)
    key = talk.sources.get(event.message, "")
    target = dialogue.by_key.get(key)
    if target is None or key not in talk.answers or (isinstance(target.kind, Written) and target.kind.done):
        return ask(scene, dialogue, step, UNEDITED)
    try:
        value = target.kind.read(replace(scene, talk=replace(talk, partial=None, shown=())), None)
    except Again as again:
        return ask(scene, dialogue, step, again.words)
    left = {name: old for name, old in talk.answers.items() if name not in target.resets}
    answers = {name: value if name == key else old for name, old in left.items()}
    answers = dict(target.then(scene, answers)) if target.then else answers
    if current(dialogue, answers) is not step:
        answers = {**answers, **{k: v for k, v in gathered(dialogue, talk).items() if k not in talk.answers}}
        talk = replace(talk, partial=None)
    return go_on(replace(scene, talk=replace(talk, answers=answers)), dialogue, EDITED)


DELETED = T("dialogue.deleted", "Pesan yang Anda hapus tidak ikut dalam laporan.")
UNDELETED = T(
    "dialogue.undeleted",
    "Pesan itu terhapus di chat Anda, tetapi jawabannya masih tercatat. Untuk menggantinya, pilih Kembali, "
    "atau Ubah saat memeriksa laporan.",
)


def _deleted(scene: Scene, dialogue: Dialogue, step: Step) -> Turn:
    """Takes a deleted message out of what is not sent yet; says so where its answer was taken already."""
    talk, message = scene.talk, scene.event.message
    answers, partial, shelf = (_without(each, message) for each in (talk.answers, talk.partial, talk.shelf))
    left = replace(talk, answers=answers, partial=partial or None, shelf=shelf)
    if (answers, partial, shelf) == (talk.answers, talk.partial, talk.shelf):
        return ask(scene, dialogue, step, UNDELETED) if message in talk.sources else Turn(talk)
    telling = isinstance(step.kind, Written) and bool(step.kind.done and left.partial)
    return ask(replace(scene, talk=left), dialogue, step, DELETED, alone=telling)


def _without(value: Any, message: str) -> Any:
    """A value of a conversation without the texts and files that came in this message, wherever they stand in it."""
    if isinstance(value, Mapping):
        return {name: _without(each, message) for name, each in value.items()}
    if isinstance(value, list):
        return [_without(each, message) for each in value if not _came_in(each, message)]
    return value


def _came_in(value: Any, message: str) -> bool:
    if isinstance(value, Mapping):
        return value.get("message") == message
    return isinstance(value, list) and len(value) == 2 and value[0] == message
