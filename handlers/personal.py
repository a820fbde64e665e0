"""Numbers in a report by which somebody can be found are named before sending, and hidden where that is wanted."""

from __future__ import annotations

from handlers.answers import Option, Pick
from handlers.desk import Scene
from handlers.dialogue import Answers, Step
from handlers.rules.privacy import Personal, find, masked
from handlers.words import Lines, T, Words

KEY = "personal"
HIDE = "hide"
KEEP = "keep"
# The answers in which people write freely; of the place it is the words.
WRITTEN = ("story", "title", "detail_1", "detail_2")

KINDS: dict[Personal, Words] = {
    Personal.NIK: T("personal.kind", "NIK"),
    Personal.FAMILY_CARD: T("personal.kind", "nomor KK"),
    Personal.BANK_CARD: T("personal.kind", "nomor kartu bank"),
    Personal.ACCOUNT: T("personal.kind", "nomor rekening"),
    Personal.PHONE: T("personal.kind", "nomor telepon"),
    Personal.MAIL: T("personal.kind", "alamat email"),
    Personal.PLATE: T("personal.kind", "nomor kendaraan"),
    Personal.NUMBER: T("personal.kind", "nomor panjang"),
}
CHOICES = (
    Option(
        HIDE,
        T("personal.hide", "Sembunyikan"),
        T("personal.hide_hint", "diganti [disamarkan], juga di catatan Anda"),
        ("ya", "iya", "tutup", "samarkan", "hide", "yes", "mask"),
    ),
    Option(
        KEEP,
        T("personal.keep", "Biarkan"),
        T("personal.keep_hint", "instansi dapat membacanya"),
        ("tidak", "tampilkan", "jangan", "biarkan saja", "keep", "no", "leave", "show"),
    ),
)
FOUND = T("personal.found", "Laporan Anda memuat {what}. Apakah perlu disembunyikan dari instansi dan publik?")
ANONYMOUS = T(
    "personal.anonymous", "🔒 Karena laporan ini anonim, {what} akan diganti dengan [disamarkan] saat dikirim."
)
HIDDEN = T("personal.hidden", "🔒 Data pribadi dalam laporan ini sudah diganti dengan [disamarkan].")
AND = T("personal.and", "{first} dan {last}")
KEPT = T("personal.kept", "Laporan ini memuat {what}. Instansi dapat membacanya.")


def kinds(answers: Answers) -> tuple[Personal, ...]:
    """What personal data the answers hold, each kind once, in the order in which it comes."""
    texts = [str(answers.get(key) or "") for key in WRITTEN]
    spans = (span for text in (*texts, _place(answers)) for span in find(text))
    return tuple(dict.fromkeys(span.kind for span in spans))


def hidden(answers: Answers) -> dict[str, object]:
    """The answers with all personal data in them masked."""
    changed: dict[str, object] = {key: masked(str(answers[key])) for key in WRITTEN if answers.get(key)}
    if _place(answers):
        changed["place"] = {**answers["place"], "text": masked(_place(answers))}
    return {**answers, **changed}


def note(answers: Answers) -> Words:
    """What the review card says of personal data in the report; nothing where there is none."""
    if answers.get(KEY) == HIDE:
        return HIDDEN
    found = kinds(answers)
    if not found:
        return ""
    return (ANONYMOUS if _anonymous(answers) else KEPT)(what=_named(found))


def _place(answers: Answers) -> str:
    place = answers.get("place")
    return str(place.get("text") or "") if isinstance(place, dict) else ""


def _anonymous(answers: Answers) -> bool:
    return str(answers.get("privacy", "")).startswith("1")


def _named(found: tuple[Personal, ...]) -> Words:
    *first, last = (KINDS[kind] for kind in found)
    return AND(first=Lines(tuple(first), ", "), last=last) if first else last


def _text(scene: Scene) -> Words:
    return FOUND(what=_named(kinds(scene.talk.answers)))


def _chosen(scene: Scene, answers: Answers) -> Answers:
    return hidden(answers) if answers[KEY] == HIDE else answers


# In an anonymous report all of it is hidden without being asked for.
PERSONAL_STEP = Step(KEY, Pick(CHOICES), _text, when=lambda a: not _anonymous(a) and bool(kinds(a)), then=_chosen)
