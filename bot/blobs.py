"""Where bytes are kept: a folder, each file under the hash of what it holds."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.signatures import truly

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
LARGEST_DECREE = 10 * 1024 * 1024


def put(folder: Path, data: bytes) -> str:
    """Keeps these bytes and returns their name; what is there already is not written again."""
    digest = hashlib.sha256(data).hexdigest()
    blob = f"{digest[:2]}/{digest}"
    path = folder / blob
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(path)
    return blob


def put_decree(folder: Path, scan: Path) -> str:
    """Keeps a scanned decree; raises ValueError for what is neither a PDF nor a picture."""
    data = scan.read_bytes()
    if len(data) > LARGEST_DECREE:
        raise ValueError(f"{scan.name}: pindaian SK paling besar 10 MB.")
    if not (truly("application/pdf", data) or data.startswith(PICTURES)):
        raise ValueError(f"{scan.name}: pindaian SK harus PDF, JPG, atau PNG.")
    return put(folder, data)
