"""Files, captions and polls as a Message object holds them."""

from __future__ import annotations

from tests.botapi_nouns import Json, Upload, bad
from tests.botapi_world import World

UPLOAD, PHOTO = 50 * 1024 * 1024, 10 * 1024 * 1024
FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "video": "videos",
    "voice": "voice",
    "audio": "music",
    "animation": "animations",
    "sticker": "stickers",
    "video_note": "video_notes",
}
_EXTRA: dict[str, Json] = {
    "video": {"width": 640, "height": 360, "duration": 3},
    "animation": {"width": 320, "height": 240, "duration": 3},
    "voice": {"duration": 3},
    "audio": {"duration": 3},
    "video_note": {"length": 240, "duration": 3},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}


def media(world: World, kind: str, upload: Upload) -> Json | list[Json]:
    """Keeps an uploaded file and returns it as the object a Message holds for its kind."""
    facts = world.store(upload.data, upload.name, upload.mime, FOLDERS[kind]).facts()
    if kind == "photo":
        small = world.store(upload.data[:1000], upload.name, upload.mime, "photos").facts()
        return [small | {"width": 90, "height": 67}, facts | {"width": 1280, "height": 960}]
    if kind not in ("sticker", "video_note"):
        facts |= {"mime_type": upload.mime}
    if kind in ("document", "video", "audio", "animation"):
        facts |= {"file_name": upload.name}
    return facts | _EXTRA.get(kind, {})


def given(world: World, kind: str, value: object, name: str, files: Json) -> Json | list[Json]:
    """The media object for a file part, or for a file id already known."""
    part = files.get(str(value).removeprefix("attach://")) if value is not None else files.get(name)
    if part is not None:
        if len(part.data) > (PHOTO if kind == "photo" else UPLOAD):
            raise bad("file is too big")
        return media(world, kind, part)
    if str(value).startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    stored = world.files.get(str(value))
    if stored is None:
        raise bad("wrong file identifier/HTTP URL specified")
    facts = stored.facts()
    return [facts | {"width": 1280, "height": 960}] if kind == "photo" else facts | _EXTRA.get(kind, {})


def poll(world: World, question: str, options: list[str]) -> Json:
    """A new anonymous poll as a Poll object."""
    number = str(world.number())
    choices = [{"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate(options)]
    flags = {"is_closed": False, "is_anonymous": True, "allows_multiple_answers": False}
    more = {"allows_revoting": True, "members_only": False, "type": "regular", "total_voter_count": 0}
    return {"id": number, "question": question, "options": choices} | flags | more


def caption(p: Json) -> Json:
    """The caption of a call or of a medium in it, as fields of a Message."""
    content = {"caption": p["caption"]} if p.get("caption") else {}
    return content | ({"caption_entities": p["caption_entities"]} if p.get("caption_entities") else {})


def text(p: Json) -> Json:
    """The text of a call, as fields of a Message."""
    if not p["text"].strip():
        raise bad("message text is empty")
    return {"text": p["text"]} | ({"entities": p["entities"]} if p.get("entities") else {})
