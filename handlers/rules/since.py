"""The day that a story itself names as the one on which, or since when, something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from handlers.rules.dates import read_day

# A story repeats itself; what it says of the day stands at its beginning or its end.
LONGEST: Final = 6000
MOST_WORDS: Final = 7
MOST_TIMES: Final = 20

_DAYS: Final = (
    "senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad|snin|senen|sls|slasa|rbu|kms|kmis|jmt|jumaat|sbt|sbtu|mgg"
)
_MONTHS: Final = (
    "januari|jan|februari|pebruari|feb|maret|mar|april|apr|mei|juni|jun|juli|jul|agustus|agt|agu|ags|september"
    "|sept|sep"
    "|oktober|okt|november|nopember|nov|desember|des"
)
_HOURS: Final = "pagi|siang|sore|petang|subuh|malam|mlm|pg"
_UNITS: Final = "menit|jam|hari|hr|minggu|mgg|pekan|bulan|bln|tahun|thn"
_COUNT: Final = r"(?:\d{1,3}|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas)"
_LONG: Final = rf"(?:{_COUNT} ?(?:{_UNITS})|sejam|sehari|seminggu|sepekan|sebulan|setahun)"
_AGO: Final = "(?:yang |yg )?(?:lalu|kemarin|kmrn|silam)"

# Something began then: the words behind it are tried from the longest phrase to the shortest.
_SINCE: Final = re.compile(
    r"\b(?:sejak|sjk|semenjak|sedari|dari|dr|mulai|terhitung)\b(?! sekarang| hari ini| saat ini)"
)
# What is to begin, not what began.
_WISHED: Final = re.compile(r"\b(?:mohon|tolong|usul|agar|supaya|harap|rencana\w*|akan)\b[^.!?]*$")
# So long it has lasted.
_LASTED: Final = re.compile(
    rf"\b(?:(?:sudah|udah|sdh|udh|dah|hampir|selama|kurang lebih|lebih dari"
    rf"|sekitar) ){{1,3}}(?P<said>{_LONG})(?! ?lagi)\b"
    rf"|\b(?P<ago>{_LONG} (?:{_AGO}|terakhir|belakangan|ini))\b"
)
# It was then.
_POINT: Final = re.compile(
    r"\b(?P<said>"
    rf"(?:kemarin|kmrn|kmrin|kemaren) (?:lusa|{_HOURS}|hari (?:{_DAYS}))|kemarin|kmrn|kmrin|kemaren|semalam|smlm"
    rf"|barusan"
    rf"|(?:tadi|td) (?:{_HOURS})|(?:{_HOURS}) (?:tadi|ini)|hari ini|hr ini"
    rf"|(?:minggu|pekan|bulan|tahun|bln|thn) {_AGO}(?: hari (?:{_DAYS}))?"
    rf"|(?:hari )?(?:{_DAYS}) (?:(?:{_HOURS}) )?(?:minggu )?{_AGO}"
    rf"|hari (?:{_DAYS})(?: (?:{_HOURS}))?(?: tanggal \d[\d/ \-]+)?"
    rf"|(?:tanggal |tgl\.? )?\d{{1,2}}[ \-]?(?:{_MONTHS})(?:[ \-]?(?:19|20)\d\d)?(?: {_AGO})?"
    r"|\d{1,2}[/\-.]\d{1,2}[/\-.](?:20)?\d\d|(?:tanggal|tgl)\.? \d{1,2}(?: (?:bulan ini|bulan lalu|kemarin))?"
    rf"|(?:waktu |pas |saat |habis |setelah |bulan )?(?:lebaran|idul ?fitri|puasa|ramadh?an) (?:tahun )?{_AGO}"
    r")\b"
)
# A month or a year ago is not a day, but about one.
_VAGUE: Final = re.compile(
    rf"(?:(?:{_COUNT} ?)?(?:bulan|bln|tahun|thn)|sebulan|setahun)(?: (?:{_AGO}|ini|terakhir|belakangan))?"
)
# What stands before a day that is not that of the event.
_OTHER_DAY: Final = re.compile(
    r"\b(?:jalan|jln?|gang|gg|lapangan|stadion|sdn?|smp|sma|pasar|toko|masjid|perumahan|setiap|tiap|saben|sampai"
    r"|sampe|hingga|s/d"
    r"|lahir|kelahiran|ulang tahun|umur|usia|berumur|berusia|besok|nanti|buka|tutup|jadwal|rapat|janji|dijanjikan"
    r"|paling lambat|terakhir"
    r"|sebelum|tagihan|gaji|rekening|surat|nomor|undangan|perda|sk|antara|-|dan|atau|hari raya|malam|salat|sholat"
    r"|khutbah|libur|bukan|mulai|beberapa|berapa|per|gelora)"
    r"[ .]*(?:hari |tanggal |tgl |bulan |pada |di |raya )*$"
)
_RANGE: Final = re.compile(
    r"^ ?(?:-|–|s/d|sd|sampai|hingga|atau|dan) ?(?:hari |tanggal )?(?:\d|"
    + _DAYS
    + "|"
    + _MONTHS
    + r"|besok|sekarang pun)"
)
# How old somebody is, how long somebody lives somewhere, how often or how soon something is to be done.
_OF_A_LIFE: Final = re.compile(
    r"\b(?:umur|usia|berumur|berusia|tinggal|menetap|bekerja|kerja|mengabdi|menjabat|menikah|berdiri|berjualan"
    r"|jualan|pengalaman"
    r"|anak|bayi|balita|cucu|garansi|kontrak|setiap|tiap|per|dalam|maksimal|paling lama|masa berlaku|dijanjikan"
    r"|janji|atau|pernah)"
    r"(?: \w+){0,2} $"
)
_OF_HABIT: Final = re.compile(
    r"^ ?(?:sekali|kerja|lagi|ke depan|mendatang|(?:dua|tiga|\d+) ?(?:kali|x)|tinggal|menetap|bekerja|menjadi|jadi"
    r"|menikah|mengabdi|menjabat"
    r"|berjualan|jualan|atau|-|sebelum|umur|usia|saya tinggal|kami tinggal|penjara|kontrak)\b"
)
_SHORT_LIFE: Final = re.compile(r"\b(?:anak|bayi|balita|cucu)(?: \w+){0,2} $")
_SPACES: Final = re.compile(r"\s+")
_PHRASE: Final = re.compile(r"[\w'/\-:.]*\w")
_STOPS: Final = re.compile(r"[,;!?()\n]|\.(?!\d)|$")


@dataclass(frozen=True, slots=True)
class Named:
    """A day that a story names; `rough` where it named a month or a year."""

    day: date
    rough: bool = False


def day_in(story: str, today: date) -> date | None:
    """The one day that a story names for its trouble; nothing where it names none, or more than one."""
    found = named_in(story, today)
    return found.day if found else None


def named_in(story: str, today: date) -> Named | None:
    """The same, with how precisely it was named."""
    text = _SPACES.sub(" ", story[:LONGEST].casefold().replace("\u2019", "'"))
    began = {*_since(text, today), *_lasted(text, today)}
    found = began or set(_points(text, today))
    days = {each.day for each in found}
    return Named(days.pop(), all(each.rough for each in found)) if len(days) == 1 else None


def _named(day: date, phrase: str) -> Named:
    return Named(day, _VAGUE.fullmatch(phrase.strip()) is not None)


def _since(text: str, today: date) -> Iterator[Named]:
    for match in islice(_SINCE.finditer(text), MOST_TIMES):
        if match[0] == "mulai" and _WISHED.search(text[: match.start()][-60:]):
            continue
        stop = _STOPS.search(text, match.end())
        clause = text[match.end() : stop.start() if stop else len(text)]
        words = list(_PHRASE.finditer(clause))[:MOST_WORDS]
        for word in reversed(words):
            phrase = clause[: word.end()]
            found = read_day(phrase, today)
            if isinstance(found, date):
                if not (_RANGE.match(clause[word.end() :]) or phrase.strip().isdigit()):
                    yield _named(found, phrase)
                break


def _lasted(text: str, today: date) -> Iterator[Named]:
    for match in _LASTED.finditer(text):
        before, after = text[: match.start()][-60:], text[match.end() :]
        phrase = match["said"] or match["ago"]
        if _OF_HABIT.match(after) or _of_a_life(before, phrase):
            continue
        phrase = re.sub("terakhir|belakangan", "ini", phrase)
        found = read_day(phrase if match["ago"] else f"{phrase} lalu", today)
        if isinstance(found, date):
            yield _named(found, phrase)


def _of_a_life(before: str, phrase: str) -> bool:
    """Whether a span is somebody's age or time in a place; a child may also be ill for some days."""
    found = _OF_A_LIFE.search(before)
    short = not re.search("tahun|thn|bulan|bln", phrase)
    return found is not None and not (short and _SHORT_LIFE.search(before))


def _points(text: str, today: date) -> Iterator[Named]:
    # What was counted back already is no day beside it.
    for match in _POINT.finditer(_LASTED.sub(lambda span: " " * len(span[0]), text)):
        if _OTHER_DAY.search(text[: match.start()][-60:]) or _RANGE.match(text[match.end() :]):
            continue
        found = read_day(match["said"], today)
        if isinstance(found, date):
            yield _named(found, match["said"])
