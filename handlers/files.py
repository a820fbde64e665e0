"""Files as an answer: which are taken, and how they are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from handlers.answers import Again, More, Option, means, plain, so_far
from handlers.desk import Scene
from handlers.words import File, T, Words
from handlers.words import Kind as MessageKind

MAX_FILES = 5
MAX_FILE_BYTES = 10_000_000
ACCEPTED = re.compile(
    r"image/(jpeg|png|webp)|video/(mp4|3gpp|quicktime)|application/ogg|application/pdf"
    r"|audio/(ogg|opus|mpeg|mp3|mp4|x-m4a|aac|amr|amr-wb|3gpp|wav|x-wav|flac|x-flac)"
    r"|application/msword|application/vnd\.(openxmlformats|ms-excel|oasis).*|text/(plain|csv)"
)


# Why a file could not be kept, as it stands in the record, and in words.
TOO_LARGE, NOT_WHAT_IT_SAYS, EXPIRED = "large", "type", "expired"
UNKEPT = {
    TOO_LARGE: T("files.large", "terlalu besar; paling besar 10 MB"),
    NOT_WHAT_IT_SAYS: T("files.type", "isinya tidak sesuai dengan jenisnya, atau rusak"),
    EXPIRED: T("files.expired", "sudah tidak tersedia di layanan pesan"),
}
LOST = T(
    "files.lost",
    "Berkas yang tadi Anda kirim tidak dapat kami simpan: {reason}. "
    "Laporan Anda tetap berjalan. Kirim lagi berkasnya bila perlu, atau lanjutkan tanpa berkas itu.",
)


def lost(problem: str) -> Words:
    """That a file could not be kept, and why."""
    return LOST(reason=UNKEPT.get(problem, UNKEPT[EXPIRED]))


TOO_MANY = T(
    "answer.too_many", "Sudah ada {n} berkas, jumlah terbanyak yang dapat kami terima. Pilih Lanjut.", n=MAX_FILES
)
ANOTHER_FILE = T("answer.file", "Berkas ke-{n} diterima ✅ Kirim lagi, atau pilih Lanjut.")
LAST_FILE = T("answer.last_file", "Berkas ke-{n} diterima ✅ Itu jumlah terbanyak. Pilih Lanjut.")


@dataclass(frozen=True, slots=True)
class Files:
    """Up to five files, several messages until the button; kept as a list of what the platform said of each."""

    done: Option
    skip: Option
    kept: str = ""
    takes: ClassVar = (MessageKind.TEXT, MessageKind.FILE)

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return (self.done,) if so_far(scene, self.kept) else (self.skip,)

    def read(self, scene: Scene, pressed: str | None) -> Any:
        kept = so_far(scene, self.kept)
        event = scene.event
        if event.kind is MessageKind.FILE and event.file:
            return self.added(kept, event.file, event.message)
        options = (self.done, self.skip)
        chosen = pressed in [option.value for option in options] or plain(event.text) == "1"
        if chosen or any(means(scene, event.text, option) for option in options):
            return kept
        raise Again(T("answer.files", "Kirim foto, video, atau dokumen, atau pilih tombol di bawah."))

    def added(self, kept: list[Any], file: File, message: str) -> More:
        if len(kept) >= MAX_FILES:
            return More(kept, TOO_MANY)
        problem = refused(file)
        if problem:
            raise Again(problem)
        kept.append(file_value(file, message))
        return More(kept, LAST_FILE(n=len(kept)) if len(kept) == MAX_FILES else ANOTHER_FILE(n=len(kept)))


def refused(file: File) -> Words | None:
    """Why a file cannot be taken, or nothing."""
    kinds = T("answer.kinds", "Yang dapat: foto, video, pesan suara, PDF, dan dokumen kantor, paling besar 10 MB.")
    if file.size > MAX_FILE_BYTES:
        reason = T("answer.too_big", "Berkas ini terlalu besar ({size} MB).", size=-(-file.size // 1_000_000))
    elif file.mime and not ACCEPTED.fullmatch(file.mime):
        reason = T("answer.forbidden", "Jenis berkas ini tidak dapat kami terima.")
    else:
        return None
    return T("answer.refused", "{reason} {kinds}", reason=reason, kinds=kinds)


def file_value(file: File, message: str = "") -> dict[str, Any]:
    """A file as it is kept in the answers, with the message it came in."""
    value = {"ref": file.ref, "kind": file.kind, "mime": file.mime, "size": file.size}
    return {**value, "message": message} if message else value


def file_of(value: Mapping[str, Any]) -> File:
    """A file as it was kept in the answers."""
    return File(value["ref"], value["kind"], value["mime"], value["size"])
