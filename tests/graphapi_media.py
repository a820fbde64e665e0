"""Files and the business number itself, as the Cloud API hands them out."""

from __future__ import annotations

from tests.botapi_nouns import Upload
from tests.graphapi_errors import Refused, Unknown
from tests.graphapi_nouns import Json
from tests.graphapi_rules import INVALID, MISSING, file_problems
from tests.graphapi_world import World


def upload(world: World, params: Json, files: dict[str, Upload]) -> Json:
    """Keeps a file the program uploads."""
    wrong = upload_problems(params, files)
    if wrong:
        raise Refused(MISSING if "missing" in wrong[0] else INVALID, "; ".join(wrong))
    part = files["file"]
    return {"id": world.store(part.data, part.name, part.mime).id}


def upload_problems(params: Json, files: dict[str, Upload]) -> list[str]:
    """What is wrong with an upload."""
    found = [f"media: {name} is unknown" for name in params if name not in ("messaging_product", "type")]
    if params.get("messaging_product") != "whatsapp":
        found.append("media: messaging_product is missing")
    if "file" not in files:
        return [*found, "media: file is missing"]
    part = files["file"]
    if "type" in params and params["type"].partition(";")[0] != part.mime.partition(";")[0]:
        found.append(f"media: type {params['type']} is not that of the part, {part.mime}")
    return found + file_problems(part.mime, len(part.data))


def media(world: World, origin: str, ident: str, params: Json) -> Json:
    """Where a file can be fetched for the next five minutes."""
    stored = world.file(ident)
    if stored is None or params.get("phone_number_id", world.phone_number_id) != world.phone_number_id:
        raise Unknown("get", ident)
    facts = {"url": f"{origin}/media/{world.address(stored)}", "mime_type": stored.mime, "sha256": stored.digest.hex()}
    # The published description has the size as a string.
    return {"messaging_product": "whatsapp"} | facts | {"file_size": str(len(stored.data)), "id": stored.id}


def download(world: World, end: str, agent: str) -> Upload:
    """The bytes at an address; who does not say what program he is gets nothing."""
    if not agent:
        raise Refused(10, "a request without a User-Agent", 403)
    stored = world.at(end)
    if stored is None:
        raise Refused(INVALID, "URL signature expired", 404)
    return Upload(stored.name, stored.mime, stored.data)


def phone(world: World, params: Json) -> Json:
    """What is known of the business number."""
    known = {
        "display_phone_number": world.own_phone,
        "verified_name": "Kentongan",
        "quality_rating": "GREEN",
        "id": world.phone_number_id,
    }
    asked = [one for one in params.get("fields", "").split(",") if one] or list(known)
    for name in asked:
        if name not in known:
            raise Refused(INVALID, f"Tried accessing nonexisting field ({name}) on WhatsAppBusinessPhoneNumber")
    return {name: known[name] for name in {*asked, "id"}}
