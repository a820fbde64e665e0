"""What every desk of an office stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.facts import Facts
from handlers.rules.artefact import Artefact
from handlers.words import Words
from storage.vault import Vault

Render = Callable[[Words, str], str]


@dataclass(frozen=True, slots=True)
class Office:
    """Keys, facts, language, chance, and the settings that decide; `learned`: what past reports taught.

    `slow`: the channels on which answers are slow now, and since when.
    """

    vault: Vault
    facts: Facts
    render: Render
    draw: Callable[[int], int]
    undo_for: timedelta = timedelta(seconds=30)
    grace: timedelta = timedelta()
    channels: tuple[str, ...] = ()
    learned: Artefact | None = None
    slow: Mapping[str, datetime] = field(default_factory=dict)
