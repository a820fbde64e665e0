"""What each body on file of an incoming WhatsApp webhook must become: its messages, its statuses, and the rest."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bot.channels.whatsapp_updates import Heard
from handlers.words import File, Inbound, Kind, Person, Pin
from storage.letters import Fate, Receipt

FOLDER = Path(__file__).parent.parent / "data" / "whatsapp"
PAYLOADS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
OURS = "200000000000001"
ARRIVED = datetime(2026, 11, 30, tzinfo=UTC)
SITI = Person("ID.1000000000000011", "Siti Romlah", "6281200000011")
UNNAMED = replace(SITI, name="")
BUDI = Person("ID.1000000000000012", "Budi Santoso", "6281200000012")
MADE = Person("6281200000013", "Made Wirawan")
DEWI = Person("ID.1000000000000014", "Dewi Anggraini")
YOHANES = Person("ID.1000000000000015", "Yohanes Kaize", "6281200000015")
LARAS = Person("ID.1000000000000016", "Laras Wulandari")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Meant:
    """`events` and `receipts` stand in the order of the file's messages and statuses, None for one that is neither.

    `unread`: parts that are set aside.
    """

    events: tuple[Event | None, ...] = ()
    receipts: tuple[Receipt | None, ...] = ()
    alarms: tuple[str, ...] = ()
    unread: int = 0
    ignored: int = 0


def event(kind: Kind, person: Person = SITI, **more: Any) -> Event:
    return {"kind": kind, "person": person, **more}


def said(person: Person = SITI, **more: Any) -> Meant:
    """A text, just as it stands in the file where nothing else is named."""
    return Meant((event(Kind.TEXT, person, **more),))


def tapped(tap: str, person: Person = SITI, **more: Any) -> Meant:
    return Meant((event(Kind.TAP, person, tap=tap, **more),))


def sent(file: str, kind: str, mime: str, person: Person = SITI, name: str = "", **more: Any) -> Meant:
    album = "media" if kind in ("image", "video") else ""
    found = File(file, kind, mime, name=name, fleeting=True)
    return Meant((event(Kind.FILE, person, file=found, album=album, **more),))


def placed(lat: float, lon: float, **more: Any) -> Meant:
    return Meant((event(Kind.PLACE, place=Pin(lat, lon), **more),))


def moved(old: str, new: str, phone: str = "") -> Meant:
    return Meant((event(Kind.MIGRATED, Person(old, phone=phone), moved_to=new, message="", query=""),))


def changed(of: str, text: str, person: Person = SITI) -> Meant:
    return Meant((event(Kind.EDIT, person, text=text, message=messages(of)[0]["id"], query=""),))


def taken_back(of: str, person: Person = SITI) -> Meant:
    return Meant((event(Kind.DELETED, person, message=messages(of)[0]["id"], query=""),))


def told(rank: int) -> Meant:
    return Meant(receipts=(Receipt("", rank),))


def failed(code: int, fate: Fate) -> Meant:
    return Meant(receipts=(Receipt("", -1, code, fate),))


def alarmed(alarm: str, **more: Any) -> Meant:
    return Meant(alarms=(alarm,), **more)


def _values(name: str) -> list[dict[str, Any]]:
    return [change["value"] for entry in PAYLOADS[name]["entry"] for change in entry.get("changes", ())]


def messages(name: str) -> list[Any]:
    """All messages of a file, of whatever number."""
    return [message for value in _values(name) for message in value.get("messages") or ()]


def statuses(name: str) -> list[Any]:
    """All statuses of a file."""
    return [status for value in _values(name) for status in value.get("statuses") or ()]


def inbound(message: Any, meant: Event) -> Inbound:
    """The whole event of a message: what the table says, and what every message says of itself."""
    ident = message["id"]
    when = datetime.fromtimestamp(int(message["timestamp"]), UTC) if "at" not in meant else meant["at"]
    text = message.get("text", {}).get("body", "") if meant["kind"] is Kind.TEXT else ""
    found = Inbound("whatsapp", ident, meant["kind"], meant["person"], when, account=OURS, message=ident, query=ident)
    return replace(found, **{"reply_to": message.get("context", {}).get("id", ""), "text": text, **meant, "at": when})


def heard(name: str) -> Heard:
    """What a file must become; of what is unread the table says only how much."""
    meant = MEANT[name]
    pairs = zip(messages(name), meant.events or [None] * len(messages(name)), strict=True)
    receipts = zip(statuses(name), meant.receipts, strict=True)
    return Heard(
        [inbound(message, found) for message, found in pairs if found],
        [msgspec.structs.replace(found, message=status["id"]) for status, found in receipts if found],
        list(meant.alarms),
        [],
        meant.ignored,
    )


UNREADABLE = Meant((event(Kind.UNREADABLE),))
UNREADABLE_OF_DEWI = Meant((event(Kind.UNREADABLE, DEWI),))
UNREADABLE_OF_MADE = Meant((event(Kind.UNREADABLE, MADE),))
IGNORED = Meant(ignored=1)
ARRIVAL = said(at=ARRIVED)
SENT, DELIVERED, READ = Receipt("", 0), Receipt("", 1), Receipt("", 2)
MEANT: dict[str, Meant] = {
    # Who wrote.
    "text": said(MADE, text="Selamat pagi, saya mau lapor jalan berlubang di depan pasar."),
    **dict.fromkeys(("text_bsuid", "text_emoji", "text_rtl", "text_long", "text_spaces"), said()),
    "text_bsuid_only": said(DEWI, text="Selokan di belakang puskesmas mampet."),
    "text_bsuid_in_from": said(DEWI),
    "text_bsuid_parent": said(YOHANES),
    "text_bsuid_parent_only": said(LARAS),
    **dict.fromkeys(("text_no_contacts", "text_no_name", "text_no_profile"), said(UNNAMED)),
    "text_no_sender": IGNORED,
    "text_other_contact": said(SITI, text="Ini dari Siti."),
    "text_nul": said(text="Jalan rusak"),
    **dict.fromkeys(("text_reply", "text_reply_own", "text_product_question"), said()),
    "text_reply_bare": said(DEWI),
    **dict.fromkeys(("text_forwarded", "text_frequently_forwarded"), said(reply_to="")),
    "referral": said(MADE),
    "referral_post": sent("400753500556165", "image", "image/jpeg", DEWI, text="Sama seperti di unggahan"),
    # What was pressed.
    "button_reply": tapped("q:report:privacy:00"),
    "button_reply_bsuid_only": tapped("q:report:privacy:01", DEWI),
    "list_reply": tapped("q:report:kind:00"),
    "list_reply_no_description": tapped("q:report:kind:01"),
    "template_button": tapped("q:case:done:00", text="Sudah teratasi"),
    "template_button_no_context": tapped("q:case:done:01", text="Belum", reply_to=""),
    "template_button_no_payload": said(text="Belum"),
    "request_welcome": said(text="/start"),
    # Places.
    "location": placed(-7.7971, 110.3705),
    "location_answer": placed(-7.8, 110.4),
    "location_place": placed(-7.80138946533, 110.36472320557, text="Pasar Contoh, Jl. Contoh No. 1, Kota Contoh"),
    "location_whole_numbers": placed(0.0, 110.0),
    # Files.
    "image": sent("400416709790838", "image", "image/jpeg"),
    "image_caption": sent("401000803517107", "image", "image/jpeg", text="Ini lubangnya, dalam sekali"),
    "image_reply": sent("400404570007631", "image", "image/png", text="Bukti"),
    "image_bsuid_only": sent("400344113788772", "image", "image/jpeg", DEWI),
    "image_forwarded": sent("400509194848951", "image", "image/jpeg"),
    "video": sent("400054410384919", "video", "video/mp4"),
    "video_caption": sent("401071175005230", "video", "video/3gpp", text="Air meluap"),
    "audio": sent("400476079824098", "audio", "audio/mpeg"),
    "voice": sent("400848214004225", "audio", "audio/ogg"),
    "voice_old": sent("400000000000777", "audio", "audio/ogg"),
    "document": sent("400291187718738", "document", "application/pdf", name="surat keluhan.pdf"),
    "document_caption": sent("400229969494783", "document", DOCX, name="surat_rt.docx", text="Surat dari RT"),
    "document_no_mime": sent("400117506596211", "document", "", name="foto bukti"),
    # What is told so, because it cannot be read.
    **dict.fromkeys(("sticker", "sticker_animated", "contacts", "contacts_bare", "order"), UNREADABLE),
    **dict.fromkeys(("flow_reply", "flow_reply_not_object", "call_permission_reply"), UNREADABLE),
    **dict.fromkeys(("live_location", "future_type", "no_type", "text_without_object"), UNREADABLE),
    **dict.fromkeys(("unsupported_edit", "unsupported_poll"), UNREADABLE),
    **dict.fromkeys(("contact_info", "contact_vcard"), UNREADABLE_OF_DEWI),
    **dict.fromkeys(("unsupported", "unsupported_old"), UNREADABLE_OF_MADE),
    "interactive_empty": replace(UNREADABLE, alarms=("error 131000",)),
    "unavailable": Meant((event(Kind.UNREADABLE, id=f"{messages('unavailable')[0]['id']}:later"),)),
    "unavailable_then_text": said(text="Halo, saya mau lapor."),
    # What is nothing for us.
    **dict.fromkeys(("reaction", "reaction_removed", "reaction_removed_empty"), IGNORED),
    **dict.fromkeys(("group_text", "group_text_bsuid_only", "group_image", "group_joined"), IGNORED),
    **dict.fromkeys(("system_identity_changed", "system_unknown", "user_id_update", "user_preferences"), IGNORED),
    **dict.fromkeys(("message_echo", "future_field", "other_number", "empty_value"), IGNORED),
    **dict.fromkeys(("empty_lists", "null_lists", "empty_changes", "empty_entry"), Meant()),
    # The same person under a new address.
    "system_changed_number": moved("6281200000013", "6281200000033"),
    "system_changed_number_bsuid": moved("ID.1000000000000011", "ID.1000000000000031", "6281200000011"),
    "system_changed_number_old": moved("6281200000013", "6281200000043"),
    "system_changed_user_id": moved("ID.1000000000000014", "ID.1000000000000034"),
    "system_changed_user_id_early": moved("ID.1000000000000015", "ID.1000000000000035"),
    # What was changed or taken back.
    "edit": changed("text_bsuid", "Lampu jalan di RT 04 (bukan RT 03) mati sejak Senin."),
    "edit_again": changed("text_bsuid", "Lampu jalan di RT 04 mati sejak Minggu."),
    "edit_caption": changed("image_caption", "Ini lubangnya, hampir 30 cm"),
    "edit_bsuid_only": changed("text_bsuid_only", "Selokan di belakang puskesmas mampet dan bau.", DEWI),
    "revoke": taken_back("text_bsuid"),
    "revoke_bsuid_only": taken_back("image_bsuid_only", DEWI),
    # Odd times.
    "timestamp_ms": said(at=datetime.fromtimestamp(1795320609.123, UTC)),
    **dict.fromkeys(("timestamp_missing", "timestamp_words"), ARRIVAL),
    "timestamp_number": said(),
    # How far our messages came.
    **dict.fromkeys(("status_sent", "status_bare", "status_number_times"), told(0)),
    **dict.fromkeys(("status_delivered", "status_tracked", "status_bsuid", "status_parent"), told(1)),
    **dict.fromkeys(("status_read", "status_played", "status_parent_other"), told(2)),
    **dict.fromkeys(("status_deleted", "status_unknown"), Meant(receipts=(None,), ignored=1)),
    "status_failed_window": failed(131047, Fate.CLOSED),
    "status_failed_unreachable": failed(131026, Fate.GONE),
    "status_failed_bare": failed(131026, Fate.GONE),
    "status_failed_media": failed(131053, Fate.AGAIN),
    "status_failed_pair_rate": failed(131056, Fate.AGAIN),
    "status_failed_bsuid": failed(131062, Fate.REFUSED),
    "status_failed_no_errors": failed(0, Fate.AGAIN),
    "status_group": Meant(receipts=(READ, READ, DELIVERED)),
    "statuses_out_of_order": Meant(receipts=(READ, SENT, DELIVERED)),
    # Many at once.
    "batch_messages": Meant(
        (event(Kind.TEXT), *sent("400526444292002", "image", "image/jpeg").events, event(Kind.TEXT, DEWI))
    ),
    "batch_changes": Meant((event(Kind.TEXT), event(Kind.TEXT, BUDI), event(Kind.TEXT, DEWI)), (DELIVERED,)),
    "messages_and_statuses": Meant((event(Kind.TEXT),), (READ,)),
    "duplicate": Meant((event(Kind.TEXT),) * 3),
    "batch_with_broken": Meant(
        (event(Kind.TEXT), None, None, event(Kind.TEXT, text="5"), event(Kind.TEXT)), unread=1, ignored=1
    ),
    "mixed_numbers": Meant((None, event(Kind.TEXT, text="Nomor kita.")), ignored=1),
    "number_as_number": said(text="Id sebagai angka."),
    # What Meta tells the operator.
    "account_update": alarmed("account_update DISABLED_UPDATE"),
    "template_status": alarmed("message_template_status_update REJECTED kabar_laporan id INVALID_FORMAT"),
    "quality_update": alarmed("phone_number_quality_update DOWNGRADE TIER_1K"),
    "errors": alarmed("error 130429"),
    "errors_bare": alarmed("error 0"),
}
# A body of another product is set aside as a whole.
FOREIGN = "other_object"
