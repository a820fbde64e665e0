"""Requests are judged by Meta's own description of the Cloud API and by its pages."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest

from tests import graph_spec
from tests.graphapi_rules import file_problems
from tests.graphapi_shapes import AMENDMENTS, FILE, SOURCE, amended

Json = dict[str, Any]


def _examples(path: str) -> list[tuple[str, Json]]:
    content = FILE["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    return [(name, one["value"]) for name, one in content["examples"].items()]


SENT = _examples("/{Version}/{Phone-Number-ID}/messages")
# The examples of groups contradict their own schemas, and a complaint is nothing for a group.
HEARD = [one for one in _examples("/whatsapp/webhooks") if not one[0].startswith("Group")]


def filled(example: Json) -> Json:
    """A published example with what stands for a number, an address or a type put in."""
    text = re.sub(r"\{\{Recipient[^}]*\}\}", "16505551234", json.dumps(example))
    return dict(json.loads(re.sub(r"<?http\(s\)://", "https://", text).replace("<HEADER_TYPE>", "text")))


@pytest.mark.parametrize(("name", "example"), SENT, ids=[name for name, _ in SENT])
def test_published_requests_pass(name: str, example: Json) -> None:
    """Every example Meta publishes of a message is right."""
    assert graph_spec.problems(filled(example)) == []


@pytest.mark.parametrize(("name", "example"), HEARD, ids=[name for name, _ in HEARD])
def test_published_webhooks_pass(name: str, example: Json) -> None:
    """Every example Meta publishes of a webhook is right."""
    assert graph_spec.webhook_problems(example) == []


@pytest.mark.parametrize(("name", "example"), SENT, ids=[name for name, _ in SENT])
def test_published_requests_broken_fail(name: str, example: Json) -> None:
    """No example is right with a field nobody knows, without its content, or of another type."""
    body = filled(example)
    kind = "status" if "status" in body else graph_spec.kind_of(body)
    assert graph_spec.problems(body | {"colour": "red"})
    assert graph_spec.problems({field: value for field, value in body.items() if field not in (kind, "type")})
    assert graph_spec.problems(body | {kind: 7})
    assert graph_spec.problems({field: value for field, value in body.items() if field != "messaging_product"})


def test_amendments_are_needed() -> None:
    """Every amendment changes the published file and says why."""
    for amendment in AMENDMENTS:
        plain = json.loads(SOURCE.read_text())["components"]["schemas"]
        changed = amended(copy.deepcopy(plain), [amendment])
        assert changed != plain, amendment[0]
        assert amendment[2]


def text(body: str = "Halo", **fields: object) -> Json:
    return {"messaging_product": "whatsapp", "to": "6281234567", "type": "text", "text": {"body": body}} | fields


def message(kind: str, content: object) -> Json:
    return {"messaging_product": "whatsapp", "to": "6281234567", "type": kind, kind: content}


def buttons(*labels: str, **fields: object) -> Json:
    made = [{"type": "reply", "reply": {"id": f"b{n}", "title": one}} for n, one in enumerate(labels)]
    given = {"type": "button", "body": {"text": "Setuju?"}, "action": {"buttons": made}}
    return message("interactive", given | fields)


def rows(*sizes: int, **section: object) -> Json:
    made = [
        {"title": f"Bagian {at}", "rows": [{"id": f"{at}.{n}", "title": f"Baris {n}"} for n in range(size)]} | section
        for at, size in enumerate(sizes)
    ]
    action = {"button": "Pilih", "sections": made}
    return message("interactive", {"type": "list", "body": {"text": "Pilih satu"}, "action": action})


def row(**fields: object) -> Json:
    return rows(1, rows=[{"id": "a", "title": "A"} | fields])


def template(*values: str, **fields: object) -> Json:
    body = {"type": "body", "parameters": [{"type": "text", "text": one} for one in values]}
    given = {"name": "kabar", "language": {"code": "id"}, "components": [body]}
    return message("template", given | fields)


def button(**fields: object) -> Json:
    one = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    return template(components=[one | {"parameters": [{"type": "payload", "payload": "lihat"}]} | fields])


def asking(kind: str, action: Json, **fields: object) -> Json:
    return message("interactive", {"type": kind, "body": {"text": "Di mana?"}, "action": action} | fields)


PLACE = {"name": "send_location"}
LINK = {"name": "cta_url", "parameters": {"display_text": "Lacak", "url": "https://lapor.go.id"}}
REPLY = {"type": "reply"}
READ = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"}
RIGHT: list[Json] = [
    text("x" * 4096),
    text("😀" * 4096),
    text(to="+6281234567"),
    {name: value for name, value in text(recipient="ID.13491208655302741918").items() if name != "to"},
    text(recipient="ID.ENT.11815799212886844830"),
    text(biz_opaque_callback_data="x" * 512),
    text(context={"message_id": "wamid.x"}),
    buttons("Setuju"),
    buttons("😀" * 20, "b" * 20, "c"),
    buttons("a", body={"text": "x" * 1024}, footer={"text": "f" * 60}, header={"type": "text", "text": "h" * 60}),
    buttons("a", header={"type": "image", "image": {"id": "1"}}),
    rows(10),
    rows(5, 5),
    rows(1, title=""),
    row(id="i" * 200, title="t" * 24, description="d" * 72),
    template("Jl. Merdeka    5"),
    template(components=[]),
    button(),
    button(index=9),
    asking("location_request_message", PLACE),
    asking("request_contact_info", {"name": "request_contact_info"}),
    asking("cta_url", LINK),
    message("image", {"id": "1", "caption": "c" * 1024}),
    message("document", {"link": "https://lapor.go.id/a.pdf", "filename": "a.pdf"}),
    message("audio", {"id": "1", "voice": True}),
    READ,
    READ | {"typing_indicator": {"type": "text"}},
]


@pytest.mark.parametrize("body", RIGHT)
def test_right_requests_pass(body: Json) -> None:
    """A request at the very limits has no problems."""
    assert graph_spec.problems(body) == []


WRONG: list[tuple[Json, str]] = [
    ({name: value for name, value in text().items() if name != "to"}, "to or recipient is missing"),
    (text(messaging_product="telegram"), "must be one of whatsapp"),
    (text(to=6281234567), "string expected"),
    (text(to="Sari"), "does not look right"),
    (text(recipient="13491208655302741918"), "does not look right"),
    (text(recipient=f"ID.{'x' * 129}"), "does not look right"),
    (text(recipient_type="group"), "official business accounts"),
    (text(type="poll"), "must be one of"),
    (text(""), "0 characters"),
    (text("x" * 4097), "4097 characters"),
    (text(text={"text": "x"}), "body is missing"),
    (text(biz_opaque_callback_data="x" * 513), "513 characters"),
    (text(context={}), "message_id is missing"),
    (text(reply_markup={}), "reply_markup is unknown"),
    (buttons(), "0 items"),
    (buttons("a", "b", "c", "d"), "4 items"),
    (buttons("a" * 21), "21 characters"),
    (buttons(""), "0 characters"),
    (buttons("a", "a"), "titles are not unique"),
    (buttons("a", body={"text": ""}), "0 characters"),
    (buttons("a", body={"text": "x" * 1025}), "1025 characters"),
    (buttons("a", footer={"text": "x" * 61}), "61 characters"),
    (buttons("a", header={"type": "text", "text": "x" * 61}), "61 characters"),
    (buttons("a", header={"type": "image"}), "image is missing"),
    (buttons("a", type="list"), "list takes button and sections"),
    (buttons("a", type="menu"), "must be one of"),
    (buttons("a", action={"buttons": [REPLY | {"reply": {"id": "x" * 257, "title": "a"}}]}), "257 characters"),
    (rows(11), "11 items"),
    (rows(6, 5), "11 rows in all"),
    (rows(*[1] * 11), "11 items"),
    (rows(0), "0 rows in all"),
    (rows(2, 2, title=""), "title is missing among several"),
    (rows(1, title="x" * 25), "25 characters"),
    (row(id="i" * 201), "201 characters"),
    (row(title="t" * 25), "25 characters"),
    (row(description="d" * 73), "73 characters"),
    (rows(1, rows=[{"id": "a", "title": "A"}] * 2), "ids of rows are not unique"),
    (asking("list", {"button": "x" * 21, "sections": [{"rows": [{"id": "a", "title": "A"}]}]}), "21 characters"),
    (asking("location_request_message", {"name": "cta_url"}), "must be one of"),
    (asking("location_request_message", {"name": "request_contact_info"}), "must be send_location"),
    (asking("location_request_message", PLACE, header={"type": "text", "text": "x"}), "has none"),
    (asking("cta_url", LINK | {"parameters": {"display_text": "x" * 21, "url": "https://x.id"}}), "21 characters"),
    (asking("cta_url", LINK | {"parameters": {"display_text": "x", "url": "lapor"}}), "does not look right"),
    (template("baris\nbaru"), "line breaks"),
    (template("tab\tdi sini"), "line breaks"),
    (template("lima     spasi"), "more than four spaces"),
    (template(""), "is empty"),
    (template("  "), "line breaks"),
    (template(name="n" * 513), "513 characters"),
    (template(language={}), "code is missing"),
    (template(components=[{"type": "body"}, {"type": "body"}]), "more than one body"),
    (button(index="10"), "does not look right"),
    (button(sub_type="reply"), "does not look right"),
    (button(parameters=[{"type": "payload", "payload": "x" * 257}]), "257 characters"),
    (button(parameters=[{"payload": "x"}]), "has a type"),
    (message("image", {}), "is missing"),
    (message("image", {"id": "1", "link": "https://x.id/a.jpg"}), "is unknown"),
    (message("image", {"id": "1", "caption": "c" * 1025}), "1025 characters"),
    (message("image", {"id": "1", "filename": "a.jpg"}), "filename is unknown"),
    (message("audio", {"id": "1", "caption": "c"}), "caption is unknown"),
    (message("sticker", {"link": "berkas"}), "does not look right"),
    (message("document", {"link": "file:///etc/passwd"}), "does not look right"),
    (message("location", {"latitude": 1.0}), "longitude is missing"),
    (message("contacts", [{"name": {"first_name": "Sari"}}]), "formatted_name is missing"),
    (message("contacts", [{"name": {"formatted_name": "Sari"}}] * 6), "6 items"),
    (READ | {"message_id": ""}, "0 characters"),
    (READ | {"status": "delivered"}, "must be one of read"),
    (READ | {"typing_indicator": {"type": "voice"}}, "must be one of text"),
    (READ | {"to": "6281234567"}, "to is unknown"),
]


@pytest.mark.parametrize(("body", "part"), WRONG)
def test_wrong_requests_are_named(body: Json, part: str) -> None:
    """Each breach is reported in words."""
    found = graph_spec.problems(body)
    assert found
    assert part in "; ".join(found)


def test_files_by_type_and_size() -> None:
    """A file of a listed type is taken up to its size, any other never."""
    for mime, most in (
        ("image/jpeg", 5_000_000),
        ("image/webp", 500_000),
        ("audio/ogg; codecs=opus", 16_000_000),
        ("video/mp4", 16_000_000),
        ("application/pdf", 100_000_000),
    ):
        assert file_problems(mime, most) == []
        assert file_problems(mime, most + 1)
        assert file_problems(mime, 0)
    for mime in ("image/heic", "application/zip", "application/octet-stream", "text/html"):
        assert file_problems(mime, 10)


def test_errors_have_the_published_shape() -> None:
    """An answer without a code is no error of Meta's."""
    assert graph_spec.error_problems({"error": {"message": "x", "type": "OAuthException", "code": 100}}) == []
    assert graph_spec.error_problems({"error": {"message": "x"}})
