"""The question for the photo without which a report cannot be resolved; what was written before is kept as a draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from handlers import drafts, evidence
from handlers.answers import Again, Option
from handlers.desk import Draft, Scene, Ticket
from handlers.dialogue import Dialogue, Step, begin
from handlers.files import refused
from handlers.words import Kind, Letter, T, Talk, Turn, Words

ONLY_FILES = T(
    "proving.only_files",
    "Yang diperlukan sekarang foto atau dokumen; jawaban Anda tadi tetap tersimpan. Belum ada? Pilih Batal.",
)
SILENT = T("proving.silent", "Pesan suara belum cukup sebagai bukti. Kirim foto, video, atau dokumen.")


@dataclass(frozen=True, slots=True)
class Proof:
    """A photo, a video or a document."""

    takes: ClassVar = (Kind.TEXT, Kind.FILE)

    def options(self, scene: Scene) -> tuple[Option, ...]:
        return ()

    def read(self, scene: Scene, pressed: str | None) -> str:
        file = scene.event.file if scene.event.kind is Kind.FILE else None
        if file is None:
            raise Again(ONLY_FILES, alone=True)
        if problem := refused(file):
            raise Again(problem, alone=True)
        if not evidence.shows((file,)):
            raise Again(SILENT, alone=True)
        return file.ref


def started(scene: Scene, ticket: Ticket, action: str) -> Turn:
    """Keeps what an officer wrote and shows it; where proof is wanted and none came, asks for it first."""
    turn = drafts.started(scene, ticket, action)
    draft = next((each.draft for each in turn.letters if each.draft is not None), None)
    kept = scene.desk.draft(draft) if draft is not None else None
    if kept is None or not evidence.lacking(scene.desk, ticket, action, kept.files):
        return turn
    return asked(scene, kept, ticket)


def asked(scene: Scene, draft: Draft, ticket: Ticket) -> Turn:
    """Asks the author of a draft for the photo that it lacks; the question lies in the ticket's thread."""
    turn = begin(scene, PROVING, subject=ticket.id, answers={"draft": draft.id})
    return Turn(turn.talk, tuple(replace(each, ticket=ticket.id) for each in turn.letters))


def left(scene: Scene) -> None:
    """Gives up the draft for which proof was asked, where that is the open question."""
    if scene.talk.dialogue == PROVING.name:
        scene.desk.drop_draft(int(scene.talk.answers["draft"]))


def given_back(scene: Scene) -> tuple[Letter, ...]:
    """The draft for which proof was asked, with its buttons, for an author who turns to something else."""
    if scene.talk.dialogue != PROVING.name:
        return ()
    found = drafts.named(scene.desk, str(scene.talk.answers["draft"]))
    return (drafts.preview(scene, *found),) if found and not found[0].sent else ()


def _question(scene: Scene) -> Words:
    ticket = scene.desk.ticket(scene.talk.subject) if scene.talk.subject is not None else None
    return evidence.needed(scene.desk, ticket) if ticket else ""


def _given(scene: Scene) -> Turn:
    """The file joins the draft, with the words that came with it; the preview follows."""
    desk, event = scene.desk, scene.event
    found = drafts.named(desk, str(scene.talk.answers["draft"]))
    scene = replace(scene, talk=Talk(shelf=scene.talk.shelf))
    if found is None or found[0].sent or event.file is None:
        return scene.reply(scene.talk, scene.letter(drafts.GONE))
    draft, ticket = found
    if event.album:
        # What else belongs to the album finds the draft by it.
        draft = drafts.renewed(desk, draft, source=f"album:{event.album}")
    text = "\n".join(part for part in (draft.text, event.text.strip()) if part)[:3500]
    draft = replace(draft, text=text, files=(*draft.files, event.file)[-drafts.MAX_FILES :])
    desk.change_draft(draft)
    return scene.reply(scene.talk, drafts.preview(scene, draft, ticket))


PROVING = Dialogue("evidence", (Step("file", Proof(), _question),), _given)
DIALOGUES: dict[str, Dialogue] = {PROVING.name: PROVING}
