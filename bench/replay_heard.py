"""What the bot says to a citizen of the replay, and which button answers it where there is nothing to choose."""

from __future__ import annotations

from bench.replay_sentences import meaning

# In the order in which a citizen may hear it.
HEARD = {
    "consent": "report.consent",
    "story": "report.story",
    "heard": "report.story_heard",
    "short": "report.story_short",
    "type": "report.type",
    "understood": "report.understood report.understood_topic report.maybe",
    "suggested": "report.suggested",
    "not_understood": "report.not_understood",
    "topic": "report.topic",
    "subtopic": "report.subtopic",
    "place": "report.place report.place_of_wish report.place_spotted",
    "which_place": "place.which",
    "outside": "place.outside",
    "place_ok": "report.place_ok",
    "nearby": "nearby.one nearby.many",
    "unsure": "report.agency_unsure",
    "which_agency": "report.which_agency",
    "date": "report.date",
    "details": "detail.what detail.spot detail.since detail.who detail.office",
    "files": "report.files",
    "privacy": "report.privacy report.privacy_sensitive",
    "personal": "personal.found",
    "review": "submit.summary",
    "number": "submit.thanks",
    "returned": "notice.return",
    "forwarded": "notice.forward",
    "asked": "notice.ask",
    "added": "track.added",
    "claimed": "notice.claim",
    "answered": "notice.answer notice.resolve",
    "stars": "track.stars",
    "comment": "track.comment",
    "thanks": "track.thanks",
}
# By the end of what the button carries.
PRESSES = {
    "consent": ":yes",
    "type": ":complaint",
    "place_ok": ":yes",
    "nearby": ":new",
    "date": ":today",
    "files": ":done",
    "personal": ":keep",
    "answered": ":confirm",
}
AGAIN = ("heard", "short")
# What is asked on several pages, or of several things.
PAGED = ("which_agency", "details")
CHOSEN = ("understood", "suggested", "not_understood", "topic", "subtopic", "which_place", "outside", "privacy")
# What is answered by a button: all but what is told, written or merely heard.
BUTTONED = (*PRESSES, *CHOSEN, "unsure", "which_agency", "details", "review", "stars")


def kind_of(text: str) -> str:
    """What sort of message this is."""
    return meaning(text, HEARD)
