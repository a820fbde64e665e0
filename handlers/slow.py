"""Telling people once that answers are slow, on an answer they get anyway: a message more would make it slower."""

from __future__ import annotations

from dataclasses import replace

from handlers.desk import Scene
from handlers.words import Letter, Part, Priority, T, Talk, Turn

SLOW = T(
    "slow.told",
    "Saat ini banyak orang menulis kepada kami, jadi balasan kami lebih lambat dari biasanya. "
    "Pesan Anda sudah kami simpan dan tidak perlu dikirim ulang.",
)


def slowly(scene: Scene, turn: Turn) -> Turn:
    """The turn, with the sentence on its first answer where this person has not read it since answers became slow."""
    told_at, since = scene.talk.slow, scene.desk.slow.get(scene.contact.channel)
    talk = _remembered(scene, turn.talk)
    if since is None or (told_at is not None and told_at >= since):
        return turn if talk is turn.talk else Turn(talk, turn.letters)
    at = next((n for n, letter in enumerate(turn.letters) if _answers(scene, letter)), None)
    if at is None:
        return turn if talk is turn.talk else Turn(talk, turn.letters)
    letters = (*turn.letters[:at], replace(turn.letters[at], note=SLOW), *turn.letters[at + 1 :])
    return Turn(replace(talk, slow=scene.desk.now), letters)


def _remembered(scene: Scene, talk: Talk) -> Talk:
    """The conversation with what it knew of this, where a dialogue began afresh."""
    return talk if talk.slow == scene.talk.slow else replace(talk, slow=scene.talk.slow)


def _answers(scene: Scene, letter: Letter) -> bool:
    mine = letter.to == scene.contact.id and letter.priority is Priority.DIALOGUE
    return mine and letter.part is Part.TALK and not letter.files
