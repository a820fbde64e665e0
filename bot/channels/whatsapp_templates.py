"""The templates that Meta must approve: what may be said to somebody who has not written for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.whatsapp_limits import TEMPLATE_BODY, TEMPLATE_PAYLOAD, TEMPLATE_VALUE
from storage.letters import Form

ANY = "any"
NO_TAP = "m:menu"
NUMBER, OFFICE = "LPR-2611-7K3Q-R", "Dinas Pekerjaan Umum dan Tata Ruang"
SHORT = 120
ROADS = "Jalan & lalu lintas › Jalan rusak"
DONE_ID = "Lubang di depan sekolah sudah kami tambal hari Kamis. Terima kasih atas laporan Anda."
DONE_EN = "The hole in front of the school was filled on Thursday. Thank you for your report."


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language.

    `values`: what fills {{1}}, {{2}}, … by its name in the form, each with an example for Meta's reviewers.
    `buttons`: the name of the form's tap that each button brings, and its label. `whole`: it leaves nothing out.
    """

    kind: str
    name: str
    language: str
    body: str
    values: tuple[tuple[str, str], ...]
    buttons: tuple[tuple[str, str], ...]
    whole: bool = True
    category: str = "UTILITY"


NEWS = (("number", NUMBER), ("text", f"Laporan {NUMBER} sedang diproses oleh {OFFICE}."))
NEWS_EN = (("number", NUMBER), ("text", f"Report {NUMBER} is being handled by {OFFICE}."))
ANSWER = (("number", NUMBER), ("agency", OFFICE), ("text", DONE_ID))
ANSWER_EN = (("number", NUMBER), ("agency", OFFICE), ("text", DONE_EN))
CARD = (("agency", OFFICE), ("number", NUMBER), ("category", ROADS), ("due", "20 November 2026"))

TEMPLATES: tuple[Template, ...] = (
    Template(
        "news",
        "kentongan_kabar_laporan",
        "id",
        "Kabar tentang laporan {{1}}:\n\n{{2}}\n\nTekan tombol di bawah untuk melihat laporan Anda.",
        NEWS,
        (("open", "Lihat laporan"),),
    ),
    Template(
        "news",
        "kentongan_kabar_laporan",
        "en",
        "News about report {{1}}:\n\n{{2}}\n\nPress the button below to see your report.",
        NEWS_EN,
        (("open", "See the report"),),
    ),
    Template(
        "answer",
        "kentongan_jawaban_laporan",
        "id",
        "Jawaban untuk laporan {{1}} dari {{2}}:\n\n{{3}}\n\nApakah masalah Anda sudah teratasi?",
        ANSWER,
        (("confirm", "Sudah teratasi"), ("dispute", "Belum"), ("open", "Lihat laporan")),
    ),
    Template(
        "answer",
        "kentongan_jawaban_laporan",
        "en",
        "Answer to report {{1}} from {{2}}:\n\n{{3}}\n\nHas your problem been solved?",
        ANSWER_EN,
        (("confirm", "Resolved"), ("dispute", "Not yet"), ("open", "See the report")),
    ),
    Template(
        "question",
        "kentongan_pertanyaan_laporan",
        "id",
        "Untuk laporan {{1}}, {{2}} memerlukan keterangan dari Anda:\n\n{{3}}\n\nBalas pesan ini. Foto juga boleh.",
        (*ANSWER[:2], ("text", "Mohon kirim foto dan nama jalan terdekat.")),
        (("open", "Lihat laporan"),),
    ),
    Template(
        "question",
        "kentongan_pertanyaan_laporan",
        "en",
        "For report {{1}}, {{2}} needs to know more:\n\n{{3}}\n\nReply to this message. Photos are welcome too.",
        (*ANSWER[:2], ("text", "Please send a photo and the name of the nearest street.")),
        (("open", "See the report"),),
    ),
    Template(
        "card",
        "kentongan_laporan_untuk_petugas",
        "id",
        "Ada laporan warga untuk {{1}}.\nNomor: {{2}}\nTopik: {{3}}\nBatas waktu: {{4}}\n\n"
        "Tekan tombol di bawah untuk membuka laporan ini.",
        CARD,
        (("open", "Buka laporan"),),
        whole=False,
    ),
    Template(
        "duty",
        "kentongan_kabar_untuk_petugas",
        "id",
        "Ada kabar pada laporan {{1}} yang ditangani instansi Anda. Tekan tombol di bawah untuk membacanya.",
        NEWS[:1],
        (("open", "Buka laporan"),),
        whole=False,
    ),
    Template(
        "digest",
        "kentongan_daftar_tugas_petugas",
        "id",
        "Daftar tugas hari ini untuk {{1}} sudah siap. Tekan tombol di bawah untuk membacanya.",
        CARD[:1],
        (("open", "Buka daftar tugas"),),
        whole=False,
    ),
    Template(
        ANY,
        "kentongan_ada_kabar",
        "id",
        "Ada kabar dari layanan SP4N-LAPOR! tentang laporan {{1}}. Tekan tombol di bawah untuk membacanya.",
        NEWS[:1],
        (("open", "Baca kabar"),),
        whole=False,
    ),
    Template(
        ANY,
        "kentongan_ada_kabar",
        "en",
        "There is news from the SP4N-LAPOR! service about report {{1}}. Press the button below to read it.",
        NEWS[:1],
        (("open", "Read the news"),),
        whole=False,
    ),
)


def templates_for(form: Form) -> tuple[Template, ...]:
    """The templates that can say a form, the best first: its kind before any other, its language before Indonesian."""
    order = ((form.kind, form.language), (form.kind, "id"), (ANY, form.language), (ANY, "id"))
    wanted = dict.fromkeys(order)
    return tuple(each for key in wanted for each in TEMPLATES if (each.kind, each.language) == key)


def flat(text: str) -> str:
    """A text on one line: Meta takes no line break, no tab and no run of spaces in a parameter."""
    return " ".join(text.split()) or "-"


def cut(text: str, most: int) -> str:
    """The text up to a word's end, marked where something is left out."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"


def filled(template: Template, values: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    """The parameters of a template, and whether they hold the whole of the values."""
    given = {name: flat(values.get(name, "")) for name, _ in template.values}
    short = {name: cut(value, SHORT) for name, value in given.items() if name != "text"}
    room = min(TEMPLATE_VALUE, TEMPLATE_BODY - len(template.body) - sum(map(len, short.values())))
    parameters = tuple(short[name] if name in short else cut(value, room) for name, value in given.items())
    return parameters, parameters == tuple(given.values())


def component(template: Template, form: Form) -> tuple[dict[str, Any], bool]:
    """The template as it goes into a message, and whether it says all that the form says."""
    # A list is of no one report: the form for any news names its agency instead.
    instead = {"number": form.values.get("agency", "")} if form.kind == "digest" else {}
    parameters, whole = filled(template, {**instead, **form.values})
    body = {"type": "body", "parameters": [{"type": "text", "text": value} for value in parameters]}
    buttons = [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": form.taps.get(tap, NO_TAP)[:TEMPLATE_PAYLOAD]}],
        }
        for index, (tap, _) in enumerate(template.buttons)
    ]
    message = {
        "name": template.name,
        "language": {"code": template.language},
        "components": [body, *buttons],
    }
    return message, whole and template.whole and form.whole


def submission(template: Template) -> dict[str, Any]:
    """The template as Meta's management API takes it for approval."""
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "components": [
            {
                "type": "BODY",
                "text": template.body,
                "example": {"body_text": [[example for _, example in template.values]]},
            },
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": label} for _, label in template.buttons]},
        ],
    }
