"""The errors of the WhatsApp Cloud API as they are answered, or reported later about a message."""

from __future__ import annotations

from tests.graphapi_nouns import Json

HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
# Code → (HTTP status, title, what the details usually say); from Meta's page of error codes.
ERRORS: dict[int, tuple[int, str, str]] = {
    1: (400, "API Unknown", "Invalid request or possible server error."),
    2: (503, "API Service", "Temporary due to downtime or due to being overloaded."),
    4: (400, "Application request limit reached", "The app has reached its API call rate limit."),
    10: (403, "Application does not have permission for this action", "Permission is not granted."),
    33: (400, "Parameter value is not valid", "The business phone number has been deleted."),
    100: (400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
    190: (401, "Invalid OAuth access token - Cannot parse access token", ""),
    368: (403, "Temporarily blocked for policies violations", "The account has been restricted."),
    80007: (400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    130429: (400, "Rate limit hit", "Cloud API message throughput has been reached."),
    130472: (400, "User's number is part of an experiment", "Message was not sent as part of an experiment."),
    130497: (403, "Business account is restricted from messaging users in this country.", "Restricted country."),
    131000: (500, "Something went wrong", "Message failed to send due to an unknown error."),
    131005: (403, "Access denied", "Permission is either not granted or has been removed."),
    131008: (400, "Required parameter is missing", "The request is missing a required parameter."),
    131009: (400, "Parameter value is not valid", "One or more parameter values are invalid."),
    131016: (503, "Service unavailable", "A service is temporarily unavailable."),
    131021: (400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
    131026: (400, "Message undeliverable", "Message Undeliverable."),
    131031: (403, "Business Account locked", "The account is restricted or disabled."),
    131042: (400, "Business eligibility payment issue", "There was an error related to your payment method."),
    131045: (500, "Incorrect certificate", "Message failed due to a phone number registration error."),
    131047: (
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131048: (400, "Spam rate limit hit", "Message failed to send because of restrictions on this phone number."),
    131049: (
        400,
        "Meta chose not to deliver",
        "This message was not delivered to maintain healthy ecosystem engagement.",
    ),
    131050: (400, "User has stopped marketing messages", "The recipient stopped marketing messages from you."),
    131051: (400, "Unsupported message type", "Message type is currently not supported."),
    131052: (400, "Media download error", "Unable to download the media sent by the user."),
    131053: (400, "Media upload error", "Unable to upload the media used in the message."),
    131056: (
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number to the same phone "
        "number in a short period of time.",
    ),
    131057: (500, "Account in maintenance mode", "Business Account is in maintenance mode."),
    131062: (400, "Business-scoped User ID (BSUID) recipients are not supported for this message.", "Use a phone."),
    132000: (400, "Number of parameters does not match the expected number of params", "Parameter count mismatch."),
    132001: (404, "Template name does not exist in the translation", "The template does not exist."),
    132005: (400, "Translated text too long", "The translated text is too long."),
    132007: (400, "Template format character policy violated", "Template content violates a policy."),
    132012: (400, "Parameter format does not match format in the created template", "Parameters differ."),
    132015: (400, "Template is paused", "Template is paused due to low quality."),
    132016: (400, "Template is disabled", "Template is disabled for good."),
    133010: (400, "The account is not registered", "Phone number not registered."),
    133016: (400, "Account register or deregister rate limit exceeded", "Too many attempts."),
    139200: (400, "Direct send is not available", "The account is not allowed."),
}


class Refused(Exception):  # noqa: N818
    """The Cloud API answers with an error."""

    def __init__(self, code: int, details: str = "", status: int = 0) -> None:
        usual = ERRORS.get(code, (500, "An unknown error has occurred.", ""))
        self.code, self.title, self.details = code, usual[1], details or usual[2]
        self.status = status or usual[0]
        super().__init__(f"{code} {self.title}: {self.details}")

    def answer(self, trace: str) -> Json:
        """The body of the answer."""
        error: Json = {"message": f"(#{self.code}) {self.title}", "type": "OAuthException", "code": self.code}
        error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error | {"fbtrace_id": trace}}

    def report(self) -> Json:
        """The error as it stands in a status of a message."""
        told = {"code": self.code, "title": self.title, "message": self.title}
        return told | {"error_data": {"details": self.details}, "href": HELP}


class Stranger(Refused):
    """The token is not one of ours."""

    def __init__(self) -> None:
        super().__init__(190)

    def answer(self, trace: str) -> Json:
        """The body of the answer."""
        return {"error": {"message": self.title, "type": "OAuthException", "code": self.code, "fbtrace_id": trace}}


class Unknown(Refused):
    """There is no object with this id."""

    def __init__(self, method: str, ident: str) -> None:
        super().__init__(100, f"Unsupported {method} request. Object with ID '{ident}' does not exist")

    def answer(self, trace: str) -> Json:
        """The body of the answer."""
        told = {"message": self.details, "type": "GraphMethodException", "code": self.code, "error_subcode": 33}
        return {"error": told | {"fbtrace_id": trace}}
