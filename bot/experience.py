"""What past reports taught, as `routing train` leaves it in a file: taken up when it changes, left when damaged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handlers.rules.artefact import Artefact, Damaged, read

FILE = "routing.kentongan"
DAMAGED = "{path}: {why}. Topik ditebak dari kata kunci saja; latih lagi dengan kentongan routing train."

Seen = tuple[int, int, int]


@dataclass(slots=True)
class Experience:
    """The file of an office, and what was last read of it; `problem`: why nothing could be."""

    path: Path
    artefact: Artefact | None = None
    problem: str = ""
    _seen: Seen | None = None

    def look(self) -> bool:
        """Takes up the file where it is another than before; whether it was."""
        seen = None
        try:
            found = self.path.stat()
            seen = (found.st_ino, found.st_mtime_ns, found.st_size)
            if seen == self._seen:
                return False
            return self._holds(seen, read(self.path.read_bytes()))
        except Damaged as damaged:
            return self._holds(seen, None, str(damaged))
        except FileNotFoundError:
            return self._holds(None, None)
        except OSError as error:
            # Not kept as seen: a file that may be read again is the same as before.
            return self._holds(None, None, error.strerror or type(error).__name__)

    def _holds(self, seen: Seen | None, artefact: Artefact | None, why: str = "") -> bool:
        problem = DAMAGED.format(path=self.path.name, why=why) if why else ""
        changed = artefact is not self.artefact or (seen, problem) != (self._seen, self.problem)
        self._seen, self.artefact, self.problem = seen, artefact, problem
        return changed
