"""The report as a table of questions, from the story to the review card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers import details, nearby, submit, suggestions, topics
from handlers.answers import DONE, Again, Option, Pick, Written, so_far
from handlers.dates_said import SaidDay
from handlers.desk import Scene
from handlers.dialogue import Answers, Dialogue, Step, begin, reopened, shelved
from handlers.files import Files
from handlers.labels import PRIVACY, TYPES, short
from handlers.personal import PERSONAL_STEP
from handlers.places import PLACE_STEPS
from handlers.submit import CONSENT, OTHER, sensitive
from handlers.whereabouts import at_pin
from handlers.words import Lines, T, Talk, Turn, Words

CONSENT_TEXT = T(
    "report.consent",
    "Sebelum lanjut: kami menyimpan akun chat ini dan isi laporan Anda hanya untuk menangani laporan. "
    "Instansi tidak melihat nomor atau akun Anda. Setuju?",
)
AGREE = (
    Option("yes", T("report.agree", "Setuju"), words=("ya", "iya", "ok", "oke", "boleh", "yes")),
    Option("no", T("report.disagree", "Tidak"), words=("tdk", "no", "tidak setuju")),
)
STORY_SHORT = T(
    "report.story_short",
    "Ceritanya masih terlalu singkat sehingga sulit ditangani. Tambahkan: apa masalahnya dan sejak kapan? "
    "Contoh: “Lampu jalan di depan SDN 2 mati sejak Senin, anak-anak pulang gelap.”",
)
STORY = Written(
    least=15,
    most=6000,
    short=STORY_SHORT,
    done=Option(DONE, T("report.story_done", "Selesai bercerita"), words=("selesai", "sudah", "done", "cukup")),
    heard=T("report.story_heard", "Sudah kami catat. Tambahkan bila perlu, atau pilih Selesai bercerita."),
    kept="kept_story",
)
TYPE = Pick(
    (
        Option("complaint", TYPES["complaint"], T("report.complaint", "ada layanan yang bermasalah"), ("keluhan",)),
        Option("aspiration", TYPES["aspiration"], T("report.aspiration", "usul atau saran"), ("usul", "saran")),
        Option(
            "information_request",
            TYPES["information_request"],
            T("report.information", "pertanyaan tentang layanan"),
            ("informasi", "pertanyaan", "tanya", "info"),
        ),
    )
)
DAYS = SaidDay(
    (
        Option("today", T("report.today", "Hari ini"), words=("hari ini",)),
        Option("yesterday", T("report.yesterday", "Kemarin"), words=("kemarin",)),
    )
)
FILES = Files(
    done=Option(DONE, T("report.files_done", "Lanjut"), words=("selesai", "sudah", "next")),
    skip=Option(DONE, T("report.skip", "Lewati"), words=("lewat", "tidak ada", "tidak", "skip")),
    kept="kept_files",
)


def _story_text(scene: Scene) -> Words:
    heard = so_far(scene, STORY.kept)
    if heard:
        return T(
            "report.story_kept",
            "Cerita Anda sudah kami catat:\n“{story}”\n\nAda yang perlu ditambahkan? Tulis saja. "
            "Bila sudah, pilih Selesai bercerita.",
            story=short("\n".join(text for _, text in heard), 300),
        )
    return T(
        "report.story",
        "Ceritakan apa yang terjadi, siapa yang terkena dampak, dan apa yang Anda harapkan. "
        "Usul atau pertanyaan juga boleh. Boleh beberapa pesan.",
    )


def _known(scene: Scene, answers: Answers) -> Answers:
    """Once topic and place are known: who answers, what is open there already, and what the story still lacks."""
    answers = topics.settled(scene, answers)
    if not topics.decided(answers) or any(step.key not in answers and step.when(answers) for step in PLACE_STEPS):
        return answers
    answers = nearby.look(scene, answers)
    if nearby.joins(answers) or details.GAPS in answers:
        return answers
    return details.noted(scene, answers, submit.category_of(answers))


def _telling(step: Step) -> Step:
    """A step after which topic or place may be known."""
    then, resets = step.then, (*step.resets, "personal")
    return replace(
        step, resets=resets, then=lambda scene, answers: _known(scene, then(scene, answers) if then else answers)
    )


PRIVACY_HINTS: dict[tuple[bool, bool], Words] = {
    (False, False): T("privacy.open", "instansi dapat meminta identitas Anda bila perlu"),
    (True, False): T("privacy.anonymous", "identitas Anda tidak dibuka kepada instansi"),
    (False, True): T("privacy.secret", "hanya Anda dan petugas yang dapat melihat laporan ini"),
    (True, True): T("privacy.both", "identitas tidak dibuka, dan laporan hanya untuk petugas"),
}
PRIVACY_WORDS = {(False, False): ("normal",), (True, False): ("anonymous",), (False, True): ("secret",)}


def _privacy_options(scene: Scene) -> Sequence[Option]:
    shut = sensitive(scene.desk, scene.talk.answers)
    return tuple(
        Option(
            f"{anonymous:d}{secret:d}",
            label,
            PRIVACY_HINTS[(anonymous, secret)],
            PRIVACY_WORDS.get((anonymous, secret), ()),
        )
        for (anonymous, secret), label in PRIVACY.items()
        if secret or not shut
    )


def _privacy_text(scene: Scene) -> Words:
    if sensitive(scene.desk, scene.talk.answers):
        return T(
            "report.privacy_sensitive",
            "Karena menyangkut hal yang sensitif, laporan ini kami rahasiakan. Bagaimana dengan identitas Anda?",
        )
    return T("report.privacy", "Siapa yang boleh melihat laporan dan identitas Anda?")


REVIEW = Pick(
    (
        Option("send", T("report.send", "Kirim"), words=("ya", "iya", "ok", "oke", "send", "yes")),
        Option("edit", T("report.edit", "Ubah"), words=("ganti", "edit", "perbaiki")),
    )
)
FIELDS = Pick(
    (
        Option("title", T("report.field_title", "Judul")),
        Option("story", T("report.field_story", "Cerita"), words=("isi",)),
        Option("type", T("report.field_type", "Jenis")),
        Option("category", T("report.field_category", "Topik"), words=("kategori",)),
        Option("agency", T("report.field_agency", "Instansi")),
        Option("place", T("report.field_place", "Lokasi"), words=("tempat",)),
        Option("date", T("report.field_date", "Tanggal"), words=("waktu", "kapan")),
        Option("files", T("report.field_files", "Lampiran"), words=("foto", "berkas")),
        Option("privacy", T("report.field_privacy", "Privasi")),
    )
)


def _reopened(scene: Scene, answers: Answers) -> Answers:
    """The answers with one field asked again, and the review after it."""
    field = str(answers["edit"])
    left = {**reopened(REPORT, answers, field), "retitle": field == "title"}
    if field in left.get("assumed", ()):
        # What is asked for after all is the reporter's own answer.
        left["assumed"] = [each for each in left["assumed"] if each != field]
    return {key: value for key, value in left.items() if key not in ("review", "edit")}


def _done(scene: Scene) -> Turn:
    answers = scene.talk.answers
    if answers.get("consent") == "no":
        return scene.reply(Talk(), scene.letter(submit.REFUSED))
    return submit.send(scene)


TOPIC_STEPS: tuple[Step, ...] = (
    Step(
        "category",
        Pick(topics.understood),
        topics.understood_text,
        resets=("topic", "subtopic", "deeper", "agency", "agency_other", "settled"),
        then=topics.deeper,
    ),
    Step("topic", Pick(topics.topics), topics.TOPIC, when=lambda a: a["category"] == OTHER, then=topics.deeper),
    Step(
        "subtopic",
        Pick(topics.subtopics),
        T("report.subtopic", "Lebih tepatnya tentang apa?"),
        when=lambda a: bool(a.get("deeper")),
    ),
)
REPORT = Dialogue(
    "report",
    (
        Step("consent", Pick(AGREE), CONSENT_TEXT, then=submit.consented),
        Step("story", STORY, _story_text, resets=("kept_story", "guessed", "personal"), then=suggestions.heard),
        _telling(Step("type", TYPE, T("report.type", "Apa yang ingin Anda sampaikan?"))),
        *map(_telling, (*TOPIC_STEPS, *PLACE_STEPS)),
        nearby.NEARBY_STEP,
        Step("agency", Pick(topics.agency_options), topics.agency_text, resets=("agency_other", "settled")),
        Step(
            "agency_other",
            Pick(topics.agencies),
            T("report.which_agency", "Instansi mana yang Anda tuju?"),
            when=lambda a: a["agency"] == OTHER,
        ),
        Step(
            "date",
            DAYS,
            T(
                "report.date",
                "Kapan terjadinya? Tulis tanggal, misalnya 3/11/2026. Bila masih berlangsung, tulis tanggal mulainya.",
            ),
            # A wish and a question have no day.
            when=lambda a: a["type"] == "complaint",
        ),
        *(replace(step, resets=(*step.resets, "personal")) for step in details.DETAIL_STEPS),
        Step(
            "files",
            FILES,
            T(
                "report.files",
                "Punya foto, video, atau dokumen? Kirim sekarang, paling banyak 5 berkas. "
                "Jangan kirim foto KTP kecuali diminta.",
            ),
            resets=("kept_files",),
        ),
        Step("privacy", Pick(_privacy_options), _privacy_text, resets=("personal",)),
        Step(
            "title",
            Written(5, 100),
            T("report.title", "Tulis judul laporan dalam satu kalimat pendek."),
            when=lambda a: bool(a.get("retitle")),
            resets=("personal",),
        ),
        PERSONAL_STEP,
        Step("review", REVIEW, submit.summary),
        Step(
            "edit",
            FIELDS,
            T("report.which_field", "Bagian mana yang ingin Anda ubah?"),
            when=lambda a: a["review"] == "edit",
            then=_reopened,
        ),
    ),
    _done,
    ends=lambda a: a.get("consent") == "no",
)


def start(scene: Scene, note: Words = "", **kept: Any) -> Turn:
    """Begins a report; consent given before is not asked again, `kept` is what was said before its question."""
    answers = {"consent": "yes"} if scene.contact.consent == CONSENT else {}
    if pin := kept.pop("place", None):
        try:
            kept["place"] = at_pin(scene.desk, pin["lat"], pin["lon"], pin["text"])
        except Again as again:
            note = Lines((note, again.words), "\n\n")
    return begin(scene, REPORT, note, answers={**answers, **kept})


def fresh(scene: Scene, note: Words = "", **heard: Any) -> Turn:
    """A new report, or the question whether to go on with the one on the shelf; `heard` is what was said already."""
    scene = replace(scene, talk=replace(scene.talk, shelf=shelved(scene.talk)))
    if scene.talk.shelf is not None:
        letter = scene.letter(
            T("menu.draft", "Ada laporan yang belum Anda kirim. Mau dilanjutkan atau dihapus?"),
            choices=(submit.RESUME, submit.ERASE),
        )
        return scene.reply(Talk(answers=heard, shelf=scene.talk.shelf), letter)
    return start(scene, note, **heard)
