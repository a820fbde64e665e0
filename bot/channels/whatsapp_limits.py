"""What WhatsApp Cloud API takes: Meta's OpenAPI file v23.0 and its pages as of July 2026; lengths in code points."""

from __future__ import annotations

TEXT = 4096
INTERACTIVE = 1024
BUTTONS, BUTTON = 3, 20
ROWS, ROW, HINT = 10, 24, 72
LIST_BUTTON = 20
CAPTION = 1024
TEMPLATE_BODY, TEMPLATE_VALUE = 1024, 700
TEMPLATE_PAYLOAD = 256

# Kind of message → (types it takes, bytes it takes); what does not fit goes as a document.
MEDIA = {
    "image": (frozenset(["image/jpeg", "image/png"]), 5_000_000),
    "video": (frozenset(["video/mp4", "video/3gpp"]), 16_000_000),
    "audio": (frozenset(["audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg"]), 16_000_000),
}
DOCUMENT = 100_000_000
DOCUMENTS = frozenset(
    [
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ]
)
