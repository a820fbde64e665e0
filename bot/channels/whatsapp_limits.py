"""What WhatsApp Cloud API takes: Meta's OpenAPI file v23.0 and its pages as of July 2026; lengths in code points."""

from __future__ import annotations

from datetime import timedelta

TEXT = 4096
INTERACTIVE = 1024
BUTTONS, BUTTON, BUTTON_ID = 3, 20, 256
ROWS, ROW, HINT, ROW_ID = 10, 24, 72, 200
LIST_BUTTON = 20
CAPTION = 1024
FILENAME = 240
OPAQUE = 512
TEMPLATE_BODY, TEMPLATE_VALUE = 1024, 700
TEMPLATE_BUTTON, TEMPLATE_PAYLOAD = 20, 256
NAME = 512

# A message of ours is free in the day after the person's last; the margin is for clocks and for letters on their way.
WINDOW = timedelta(hours=24)
MARGIN = timedelta(minutes=5)
# One announcement of what has gathered is enough for half a working day and the night after it.
QUIET = timedelta(hours=12)

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
