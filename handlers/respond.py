"""Which part of the conversation answers an event."""

from __future__ import annotations

from dataclasses import replace

from handlers import accounts, affected, danger, duty, grace, menu, officer, report, supplement, track, verdict, whose
from handlers.answers import Again, plain, substance
from handlers.desk import Arrival, Scene, Ticket
from handlers.dialogue import UNREADABLE, Dialogue, ask, begin, current, go_on, hear, with_note
from handlers.files import refused
from handlers.rules import numbers
from handlers.rules.ticket import CLOSED
from handlers.slow import slowly
from handlers.words import Kind, T, Turn

STORY_STARTS_AT = 25
SORRY = T(
    "respond.sorry",
    "Maaf, sedang ada gangguan. Jawaban Anda sebelumnya tetap tersimpan. Mohon kirim sekali lagi.",
)


def respond(scene: Scene) -> Turn:
    """The answer to one event: new state of the conversation, and letters."""
    if scene.room is not None:
        return officer.respond(scene)
    kind = scene.event.kind
    if kind in (Kind.BLOCKED, Kind.UNBLOCKED):
        scene.desk.change_contact(replace(scene.contact, blocked=kind is Kind.BLOCKED))
        return Turn(scene.talk)
    if kind is Kind.MIGRATED:
        scene.desk.move_contact(scene.contact.id, scene.event.moved_to)
        return Turn(scene.talk)
    if scene.contact.blocked:
        scene = replace(scene, contact=replace(scene.contact, blocked=False))
        scene.desk.change_contact(scene.contact)
    if turn := accounts.typed(scene) or duty.connect(scene) or duty.respond(scene):
        return turn
    turn = _offered(scene, pressed(scene) if kind is Kind.TAP else said(scene))
    return slowly(scene, turn if kind is Kind.TAP else _warned(scene, turn))


def _offered(scene: Scene, turn: Turn) -> Turn:
    """Offers the short form, while a disaster is declared, to whoever has just told a story of it."""
    talk = turn.talk
    if talk.dialogue != report.REPORT.name or "story" in scene.talk.answers or "story" not in talk.answers:
        return turn
    choice = affected.offered(scene, str(talk.answers["story"])) if scene.desk.disasters() else None
    if choice is None or not turn.letters:
        return turn
    first, *rest = turn.letters
    return Turn(talk, (replace(first, choices=(choice, *first.choices)), *rest))


def _warned(scene: Scene, turn: Turn) -> Turn:
    """Puts the numbers to call above the answer to whoever is in danger, once in a report."""
    note = danger.warned(scene)
    if not note:
        return turn
    talk = turn.talk
    if talk.dialogue == report.REPORT.name:
        talk = replace(talk, answers={**talk.answers, danger.WARNED: True})
    return with_note(Turn(talk, turn.letters), note)


def apology(scene: Scene) -> Turn:
    """What a person hears when a fault of ours kept an event from being handled: the question again, nothing lost."""
    dialogue = menu.DIALOGUES.get(scene.talk.dialogue) if scene.room is None else None
    step = current(dialogue, scene.talk.answers) if dialogue else None
    if dialogue and step:
        return ask(scene, dialogue, step, SORRY)
    return scene.reply(scene.talk, scene.letter(SORRY))


def pressed(scene: Scene) -> Turn:
    """A button: of the menu, of a ticket, or of a question."""
    where, _, rest = scene.event.tap.partition(":")
    if where == "m":
        return menu.everywhere(scene, rest) or menu.open_menu(scene)
    if where == "t":
        return _ticket_pressed(scene, rest)
    dialogue = menu.DIALOGUES.get(scene.talk.dialogue)
    if dialogue:
        return hear(scene, dialogue)
    return menu.open_menu(scene, STALE_ALONE)


STALE_ALONE = T("respond.stale", "Tombol itu sudah tidak berlaku.")


def _ticket_pressed(scene: Scene, rest: str) -> Turn:
    ident, _, action = rest.partition(":")
    ticket = track.own(scene, int(ident)) if ident.isascii() and ident.isdigit() and len(ident) < 18 else None
    if ticket is None:
        return menu.open_menu(scene, STALE_ALONE)
    return owner_pressed(scene, ticket, action)


def owner_pressed(scene: Scene, ticket: Ticket, action: str) -> Turn:
    """A button of the reporter's own ticket."""
    if action in ("confirm", "dispute"):
        return verdict.judge(scene, ticket, action)
    if action == "open":
        return _reopened(scene, ticket)
    if action == "withdraw":
        return grace.withdrawn(scene, ticket)
    if action == "object":
        return verdict.objecting(scene, ticket)
    if action == "add" and ticket.state not in CLOSED:
        return begin(scene, supplement.ADD, subject=ticket.id)
    return track.view(scene, ticket)


def _reopened(scene: Scene, ticket: Ticket) -> Turn:
    """The button of an announcement: the ticket, unless news of it leaves by itself now, and the open question."""
    waiting = scene.desk.deliveries(ticket.id, ticket.reporter).get(Arrival.WAITING, 0)
    told = () if waiting else track.view(scene, ticket).letters
    dialogue = menu.DIALOGUES.get(scene.talk.dialogue)
    if dialogue is None or dialogue is menu.MENU:
        return Turn(scene.talk, told)
    turn = go_on(scene, dialogue)
    return Turn(turn.talk, (*told, *turn.letters))


def said(scene: Scene) -> Turn:
    """Anything but a button: a command, an answer to a ticket's message, or to the question that stands open."""
    event = scene.event
    if event.kind is Kind.TEXT and event.text.startswith("/"):
        word, _ = officer.command(event.text)
        return menu.everywhere(scene, word) or _command(scene, word)
    if event.kind is Kind.TEXT and (turn := menu.typed(scene)):
        return turn
    if event.reply_to and event.kind in (Kind.TEXT, Kind.FILE, Kind.PLACE):
        bound = scene.desk.bound(scene.contact.id, event.reply_to)
        ticket = track.own(scene, bound.ticket) if bound else None
        if ticket:
            return verdict.judged_on(scene, ticket) or supplement.supplement(scene, ticket)
    dialogue = menu.DIALOGUES.get(scene.talk.dialogue)
    if dialogue is None or dialogue is menu.MENU:
        return alone(scene, dialogue)
    return hear(scene, dialogue)


def _command(scene: Scene, command: str) -> Turn:
    if command in officer.COMMANDS:
        return scene.reply(scene.talk, scene.letter(menu.GROUP_ONLY))
    return menu.help_(scene)


def alone(scene: Scene, dialogue: Dialogue | None) -> Turn:
    """Something said while no question but the menu stands open."""
    event, talk = scene.event, scene.talk
    answers = event.kind in (Kind.FILE, Kind.PLACE) or (event.kind is Kind.TEXT and not numbers.find(event.text))
    if event.kind is Kind.TEXT:
        if number := numbers.read(event.text) or numbers.find(event.text):
            return track.look_up(scene, number)
        if plain(event.text) in grace.WORDS:
            return grace.last(scene)
        if turn := track.listed(scene):
            return turn
        if dialogue and (turn := _menu_choice(scene, dialogue)):
            return turn
        if turn := verdict.objected(scene) or verdict.judged(scene):
            return turn
    if answers and (ticket := supplement.asked(scene) or supplement.lingering(scene)):
        return supplement.supplement(scene, ticket)
    if event.kind is Kind.TEXT and (number := numbers.national(event.text)):
        return track.look_up(scene, number)
    if event.kind in (Kind.FILE, Kind.PLACE) or (answers and substance(event.text) >= STORY_STARTS_AT):
        return _told_first(scene)
    if event.kind in (Kind.EDIT, Kind.DELETED):
        return Turn(talk)
    if event.kind is Kind.UNREADABLE:
        return menu.open_menu(scene, UNREADABLE)
    return menu.welcome(scene) if not talk.dialogue else menu.open_menu(scene, menu.NOT_UNDERSTOOD)


def _menu_choice(scene: Scene, dialogue: Dialogue) -> Turn | None:
    step = dialogue.steps[0]
    try:
        return menu.go(scene, str(step.kind.read(scene, None)))
    except Again:
        return None


def _told_first(scene: Scene) -> Turn:
    """A story, a file or a place that comes before anything was asked is the beginning of a report."""
    event = scene.event
    if event.file and (problem := refused(event.file)):
        return menu.open_menu(scene, problem)
    if ticket := whose.told_of(scene):
        return whose.ask(scene, ticket)
    return report.fresh(scene, whose.NOTE, **whose.heard(scene, {}))
