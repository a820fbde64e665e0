"""A report that came to the counter, by letter or by phone: the questions to the officer who records it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from handlers import recorded, topics
from handlers.answers import Option, Pick, Written, local_day, so_far
from handlers.counter import Happened, Name, Phone, Received
from handlers.desk import Scene
from handlers.dialogue import Answers, Dialogue, Step, begin, reopened
from handlers.labels import PRIVACY, SOURCES
from handlers.recorded import HERE
from handlers.report import DAYS, FILES, TYPE
from handlers.submit import OTHER, UNKNOWN, routed, sensitive
from handlers.tree import is_coordinator
from handlers.whereabouts import Located
from handlers.words import T, Talk, Turn, Words

STOPPED = T("manual.stopped", "Baik, tidak jadi. Tidak ada yang disimpan.")
LATER = Option(UNKNOWN, T("manual.later", "Tentukan nanti"), words=("nanti", "tidak tahu"), pinned=True)
LEAVE = Option(UNKNOWN, T("manual.leave", "Koordinator memilih"), words=("koordinator",))
KEEP = Option(UNKNOWN, T("manual.keep", "Tetap di koordinator"), words=("tetap", "koordinator"), pinned=True)
SOURCE = Pick(tuple(Option(code, label) for code, label in SOURCES.items()))


def _received_text(scene: Scene) -> Words:
    return T(
        "manual.received",
        "Kapan laporan ini diterima? Tulis tanggal pada surat atau buku tamu, misalnya {example}. "
        "Batas waktunya dihitung sejak hari itu.",
        example=(local_day(scene) - timedelta(days=3)).strftime("%-d/%-m/%Y"),
    )


def _topics(offer: Callable[[Scene], Sequence[Option]]) -> Pick:
    """The same topics as for reporters, but that an officer decides later instead of not knowing."""
    return Pick(lambda scene: tuple(LATER if each is topics.DONT_KNOW else each for each in offer(scene)))


def _privacies(scene: Scene) -> Sequence[Option]:
    shut = sensitive(scene.desk, scene.talk.answers)
    known = PRIVACY.items()
    return tuple(Option(f"{hidden:d}{secret:d}", label) for (hidden, secret), label in known if secret or not shut)


def _privacy_text(scene: Scene) -> Words:
    if sensitive(scene.desk, scene.talk.answers):
        return T(
            "manual.sensitive", "Karena menyangkut hal yang sensitif, laporan ini rahasia. Bagaimana identitasnya?"
        )
    return T(
        "manual.privacy",
        "Bagaimana kerahasiaannya? Anonim: identitas pelapor tidak dibuka. Rahasia: hanya petugas yang melihatnya.",
    )


def _holders(scene: Scene) -> Sequence[Option]:
    """Who can take the report: this agency or the coordinator, and in the coordinator's chat any agency."""
    if not _at_coordinator(scene):
        return (Option(HERE, T("manual.here", "Ditangani di sini"), words=("di sini", "kami")), LEAVE)
    rule = routed(scene.desk, scene.talk.answers)
    known = sorted(topics.agencies(scene), key=lambda each: rule is None or each.value != rule.agency)
    return (*known, KEEP)


def _holder_text(scene: Scene) -> Words:
    if _at_coordinator(scene):
        return T("manual.to_which", "Laporan ini diteruskan ke instansi mana?")
    return T("manual.holder", "Siapa yang menangani laporan ini?")


def _at_coordinator(scene: Scene) -> bool:
    return scene.room is not None and is_coordinator(scene.desk, scene.desk.agency_of(scene.room.id))


def _files_text(scene: Scene) -> Words:
    if given := len(so_far(scene, FILES.kept)):
        return T("manual.more_files", "{n} berkas sudah diterima. Kirim lagi bila ada, atau pilih Lanjut.", n=given)
    return T("manual.files", "Ada foto, surat, atau dokumen? Kirim sekarang, paling banyak 5 berkas.")


REVIEW = Pick(
    (
        Option("save", T("manual.save", "Simpan"), words=("ya", "iya", "ok", "oke")),
        Option("edit", T("manual.edit", "Ubah"), words=("ganti", "perbaiki")),
    )
)
FIELDS: dict[str, Words] = {
    "source": T("manual.field", "Sumber"),
    "received": T("manual.field", "Tanggal terima"),
    "type": T("manual.field", "Jenis"),
    "story": T("manual.field", "Isi laporan"),
    "category": T("manual.field", "Topik"),
    "place": T("manual.field", "Lokasi"),
    "date": T("manual.field", "Tanggal kejadian"),
    "files": T("manual.field", "Lampiran"),
    "name": T("manual.field", "Nama pelapor"),
    "phone": T("manual.field", "Nomor WhatsApp"),
    "privacy": T("manual.field", "Privasi"),
    "agency": T("manual.field", "Yang menangani"),
}


def _without_candidates(scene: Scene, answers: Answers) -> Answers:
    """The place as it was written, where several areas bear its name: the officer names the right one in words."""
    return {**answers, "place": {key: value for key, value in answers["place"].items() if key != "which"}}


def _fields(scene: Scene) -> Sequence[Option]:
    return tuple(Option(key, label) for key, label in FIELDS.items() if ENTRY.by_key[key].when(scene.talk.answers))


def _reopened(scene: Scene, answers: Answers) -> Answers:
    """The answers with one field asked again, and the review after it."""
    left = reopened(ENTRY, answers, str(answers["edit"]))
    return {key: value for key, value in left.items() if key not in ("review", "edit")}


ENTRY = Dialogue(
    "input",
    (
        Step("source", SOURCE, T("manual.source", "Laporan ini Anda terima lewat apa?")),
        Step(
            "received",
            Received(DAYS.offers),
            _received_text,
            resets=("date",),
        ),
        Step("type", TYPE, T("manual.type", "Apa jenis laporannya?")),
        Step(
            "story",
            Written(15, 4000, T("manual.story_short", "Isinya masih terlalu singkat. Apa masalahnya dan sejak kapan?")),
            T(
                "manual.story",
                "Tulis isi laporan dalam satu pesan, atau kirim foto suratnya dengan isi laporan sebagai keterangan. "
                "Jangan tulis nama atau nomor pelapor di sini.",
            ),
        ),
        Step(
            "category",
            _topics(topics.offered),
            T("manual.topic", "Apa topiknya? Bila ragu, pilih Tentukan nanti."),
            resets=("topic", "subtopic", "deeper"),
            then=topics.deeper,
        ),
        Step(
            "topic",
            _topics(topics.topics),
            T("manual.topic", "Apa topiknya? Bila ragu, pilih Tentukan nanti."),
            when=lambda a: a.get("category") == OTHER,
            then=topics.deeper,
        ),
        Step(
            "subtopic",
            _topics(topics.subtopics),
            T("manual.subtopic", "Lebih tepatnya tentang apa?"),
            when=lambda a: bool(a.get("deeper")),
        ),
        Step(
            "place",
            Located(),
            T("manual.place", "Di mana kejadiannya? Tulis nama jalan, desa/kelurahan, dan kecamatan."),
            then=_without_candidates,
        ),
        Step(
            "date",
            Happened(DAYS.offers),
            T("manual.date", "Kapan kejadiannya? Bila tidak disebutkan, pilih Lewati; yang dicatat tanggal terima."),
        ),
        Step(
            "files",
            FILES,
            _files_text,
            resets=("kept_files",),
        ),
        Step(
            "name",
            Name(),
            T("manual.name", "Siapa nama pelapor? Nama disimpan tersegel dan tidak tampil di kartu laporan."),
        ),
        Step(
            "phone",
            Phone(),
            T(
                "manual.phone",
                "Berapa nomor WhatsApp pelapor? Kami pakai untuk mengirim kabar. Tulis hanya bila pelapor setuju.",
            ),
            when=lambda a: bool(a.get("reachable")),
        ),
        Step("privacy", Pick(_privacies), _privacy_text),
        Step("agency", Pick(_holders), _holder_text, when=lambda a: bool(a.get("coordinated"))),
        Step("review", REVIEW, recorded.summary),
        Step(
            "edit",
            Pick(_fields),
            T("manual.which_field", "Bagian mana yang ingin Anda ubah?"),
            when=lambda a: a.get("review") == "edit",
            then=_reopened,
        ),
    ),
    recorded.save,
)


def start(scene: Scene) -> Turn:
    """Begins to record a report; what of it can be asked depends on the office."""
    desk = scene.desk
    given = {"reachable": "whatsapp" in desk.channels, "coordinated": desk.facts.coordinator is not None}
    return begin(scene, ENTRY, answers=given)


def stopped(talk: Talk, otherwise: Words) -> Words:
    """That what was asked is left, and that nothing of a report was kept."""
    return STOPPED if talk.dialogue == ENTRY.name else otherwise
