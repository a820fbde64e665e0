"""How a message of the bot stands in a transcript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Said:
    """A message of the bot as it stands now; `hints`: what the list of a phone says of a button beside its label."""

    id: str
    chat: str
    lines: list[str]
    buttons: list[tuple[str, str]]
    hints: tuple[str, ...] = ()


# How a change of a report begins in a chat whose messages cannot be edited.
STATUS = ("📌 ", "📤 ")


def shown(said: Said) -> Iterator[str]:
    """A new message; the short status of a report stands on one line, as an edited card does."""
    first, *rest = [" / ".join(said.lines)] if said.lines[0].startswith(STATUS) else said.lines
    yield f"{said.chat}< {first}"
    for line in filter(None, rest):
        yield f"    {line}"
    yield from _buttons(said)


def changed(before: Said, now: Said) -> Iterator[str]:
    """An edited card: only the lines that are new."""
    new = [line for line in now.lines if line not in before.lines]
    yield f"{now.chat}~ {' / '.join(new) or '(tombol)'}"
    if [label for label, _ in now.buttons] != [label for label, _ in before.buttons]:
        yield from _buttons(now)


def failed(chat: str, text: str) -> str:
    """A message that did not arrive."""
    return f"{chat}x {text.splitlines()[0] if text else '(berkas)'}"


def _buttons(said: Said) -> Iterator[str]:
    """The labels; what is said of one of them where the message itself does not say it."""
    if not said.buttons:
        return
    hints = dict(enumerate(said.hints))
    told = "\n".join(said.lines)
    labels = [
        f"[{label}: {hints[number]}]" if hints.get(number) and hints[number] not in told else f"[{label}]"
        for number, (label, _) in enumerate(said.buttons)
    ]
    yield "    " + " ".join(labels)
