"""A message of a bot as people see it, on whichever platform."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.botapi import Button


@dataclass(frozen=True, slots=True)
class Heard:
    """What a bot said or changed, as it then stood in the chat."""

    id: str
    text: str = field(repr=False)
    buttons: tuple[Button, ...]
    edited: bool = False

    @property
    def labels(self) -> list[str]:
        """All button labels in reading order."""
        return [button.label for button in self.buttons]
