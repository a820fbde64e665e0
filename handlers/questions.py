"""The questions that stand open for an officer, whatever they belong to."""

from __future__ import annotations

from dataclasses import replace

from handlers import approval, declaring, manual, moves, proving, refusals, staff
from handlers.answers import plain
from handlers.desk import Scene
from handlers.dialogue import Dialogue, hear
from handlers.words import Kind, T, Talk, Turn

DIALOGUES: dict[str, Dialogue] = {
    **moves.DIALOGUES,
    **approval.DIALOGUES,
    **proving.DIALOGUES,
    **staff.DIALOGUES,
    **declaring.DIALOGUES,
    manual.ENTRY.name: manual.ENTRY,
}
STALE = T("moves.stale", "Tombol itu sudah tidak berlaku, atau milik rekan Anda.")


def heard(scene: Scene) -> Turn:
    """An answer of an officer to an open question; buttons of another's question are left alone."""
    dialogue = DIALOGUES.get(scene.talk.dialogue)
    if dialogue is None or (scene.event.kind is Kind.TAP and f":{dialogue.name}:" not in scene.event.tap):
        if scene.event.kind is not Kind.TAP:
            return Turn(scene.talk)
        return scene.reply(scene.talk, scene.letter(STALE))
    if scene.event.kind is Kind.TEXT and plain(scene.event.text) in ("batal", "cancel"):
        return cancelled(scene)
    subject = scene.talk.subject
    if scene.event.kind is Kind.TAP and scene.room is not None:
        below = scene.desk.bound(scene.room.id, scene.event.message)
        if below and below.ticket != subject:
            return scene.reply(scene.talk, scene.letter(STALE))
    turn = hear(scene, dialogue)
    return Turn(turn.talk, tuple(replace(each, ticket=each.ticket or subject) for each in turn.letters))


def edited(scene: Scene) -> bool:
    """Whether a message was edited that answered a question of the one that stands open."""
    answered = scene.talk.dialogue in DIALOGUES and scene.event.message in scene.talk.sources
    return scene.event.kind is Kind.EDIT and answered


def cancelled(scene: Scene) -> Turn:
    """Leaves the open question; the ticket is as it was."""
    if not scene.talk.dialogue:
        return Turn(scene.talk)
    proving.left(scene)
    return scene.reply(Talk(shelf=scene.talk.shelf), scene.letter(manual.stopped(scene.talk, refusals.STOPPED)))
