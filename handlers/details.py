"""What a story lacks is asked for before the report is sent: at most two questions, and each can be skipped."""

from __future__ import annotations

from handlers.answers import Option, Written
from handlers.desk import Scene
from handlers.dialogue import Answers, Ask, Step
from handlers.rules import gaps
from handlers.words import T, Text, Words

GAPS = "gaps"
KEYS = ("detail_1", "detail_2")
# Of what nobody could name a category for, only the matter itself is asked.
OTHERWISE = (gaps.WHAT,)

QUESTIONS: dict[str, Text] = {
    gaps.WHAT: T(
        "detail.what", "Apa tepatnya yang bermasalah? Contoh: “Berkas lengkap, tetapi sudah dua minggu belum diproses.”"
    ),
    gaps.SPOT: T("detail.spot", "Di mana tepatnya? Contoh: depan rumah nomor 12, RT 3, dekat masjid, atau KM 5."),
    gaps.SINCE: T(
        "detail.since", "Seberapa sering atau pada jam berapa terjadinya? Contoh: setiap malam, sudah tiga minggu."
    ),
    gaps.WHO: T(
        "detail.who", "Siapa yang terkena dampak? Nama tidak perlu ditulis. Contoh: sekitar 30 keluarga di RT 2."
    ),
    gaps.OFFICE: T(
        "detail.office", "Kantor, sekolah, atau tempat mana yang Anda maksud? Contoh: SDN 2 Pasirian, loket pajak."
    ),
}
# How the answers stand in the story, which officers read.
LABELS: dict[str, str] = {
    gaps.WHAT: "Rincian masalah",
    gaps.SPOT: "Lokasi tepatnya",
    gaps.SINCE: "Waktu terjadinya",
    gaps.WHO: "Yang terdampak",
    gaps.OFFICE: "Tempat atau instansi yang dimaksud",
}
DETAIL = Written(
    least=2,
    most=500,
    short=T("detail.short", "Tulis jawabannya dengan kata-kata, atau pilih Lewati."),
    skip=Option("skip", T("detail.skip", "Lewati"), words=("lewat", "tidak tahu", "tidak ada", "skip", "1")),
)


def noted(scene: Scene, answers: Answers, category: str) -> Answers:
    """The answers with a list of what they lack for this category; what was said about it before falls."""
    left = {key: value for key, value in answers.items() if key not in (GAPS, *KEYS)}
    return {**left, GAPS: list(_missing(left, _asks(scene, left, category)))}


def _asks(scene: Scene, answers: Answers, category: str) -> tuple[str, ...]:
    """The details that a complaint of this category is to tell; a wish and a question need none."""
    if answers.get("type", "complaint") != "complaint":
        return ()
    facts = scene.desk.facts
    line = (facts.category_by_code[code].asks for code in facts.category_line(category))
    return next((asks for asks in line if asks), OTHERWISE)


def _missing(answers: Answers, asks: tuple[str, ...]) -> tuple[str, ...]:
    place = answers.get("place") or {}
    return gaps.gaps(complete(answers), asks, str(place.get("text", "")), place.get("lat") is not None)


def complete(answers: Answers) -> str:
    """The story with the details that were asked for below it, each by its name."""
    return "\n".join((str(answers["story"]), *said(answers)))


def said(answers: Answers) -> tuple[str, ...]:
    """The details that were asked for, each by its name."""
    named = zip(answers.get(GAPS, ()), KEYS, strict=False)
    return tuple(f"{LABELS[gap]}: {answers[key]}" for gap, key in named if answers.get(key))


def _answered(scene: Scene, answers: Answers) -> Answers:
    """One answer often tells what the second question would ask for."""
    first, *rest = answers[GAPS]
    return {**answers, GAPS: [first, *_missing(answers, tuple(rest))]}


def _question(number: int) -> Ask:
    def asked(scene: Scene) -> Words:
        return QUESTIONS[scene.talk.answers[GAPS][number]]

    return asked


DETAIL_STEPS: tuple[Step, ...] = (
    Step(KEYS[0], DETAIL, _question(0), when=lambda a: len(a.get(GAPS, ())) > 0, resets=KEYS[1:], then=_answered),
    Step(KEYS[1], DETAIL, _question(1), when=lambda a: len(a.get(GAPS, ())) > 1),
)
