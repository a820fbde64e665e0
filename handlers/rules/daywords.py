"""The words people use for days, each with its variants, and the plain phrase a text comes down to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

LONGEST: Final = 24
DAY_NAMES: Final = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "ahad")
MONTH_NAMES: Final = (
    "januari", "februari", "maret", "april", "mei", "juni",
    "juli", "agustus", "september", "oktober", "november", "desember",
)  # fmt: skip

# "Minggu" is both Sunday and week; "hari Minggu" and the English Sunday become "ahad", which is not.
WEEKDAYS: Final = {**{name: number for number, name in enumerate(DAY_NAMES)}, "minggu": 6}
MONTHS: Final = {name: number for number, name in enumerate(MONTH_NAMES, start=1)}

VARIANTS: Final = {
    "senin": "snin senen mon monday",
    "selasa": "sls slasa tue tues tuesday",
    "rabu": "rbu wed weds wednesday",
    "kamis": "kms kmis thu thur thurs thursday",
    "jumat": "jmt jmat jumaat jumah fri friday",
    "sabtu": "sbt sbtu sat saturday",
    "ahad": "sun sunday",
    "minggu": "mgg mggu mg pekan week weeks",
    "januari": "jan january",
    "februari": "feb peb pebruari febuari february",
    "maret": "mar mrt march",
    "april": "apr",
    "mei": "may",
    "juni": "jun june",
    "juli": "jul july",
    "agustus": "agt ags agu agus agust aug august",
    "september": "sep sept",
    "oktober": "okt oct october",
    "november": "nov nop nopember",
    "desember": "des dec december",
    "hari ini": "today",
    "kemarin": "kmrn kmrin kmren kmarin kmaren kemaren yesterday wingi kamari",
    "semalam": "semalem smlm smalam smalem",
    "sekarang": "skrg skrang skr now saiki ayeuna",
    "barusan": "brusan brsan",
    "baru": "bru",
    "saja": "aja",
    "tadi": "td tdi this",
    "besok": "bsk besuk esok tomorrow",
    "nanti": "nnti ntar entar",
    "hari": "hr hri day days harinya",
    "bulan": "bln month months",
    "tahun": "thn th year years",
    "jam": "pukul pkl jm hour hours",
    "menit": "mnt minute minutes",
    "tanggal": "tgl tggl tgal tangal tanggl tanggalnya",
    "lalu": "ago yl lampau silam",
    "depan": "mendatang",
    "lagi": "lg",
    "awal": "early beginning start",
    "pertengahan": "tengah mid middle",
    "akhir": "late end",
    "pagi": "pg pgi morning",
    "siang": "afternoon noon",
    "sore": "evening",
    "malam": "mlm malem night",
    "malam ini": "tonight",
    "lebaran": "idulfitri fitri lebarn lbaran riyaya badha",
    "puasa": "ramadan ramadhan romadon romadhon ramadon puasaan poso",
    "kurban": "iduladha adha qurban",
    "natal": "natalan christmas xmas",
    "setelah": "sesudah stlh abis after selepas usai seusai",
    "sebelum": "sblm sebelom jelang",
    "1": "satu se one a an",
    "2": "dua two",
    "3": "tiga three",
    "4": "empat four",
    "5": "lima five",
    "6": "enam six",
    "7": "tujuh seven",
    "8": "delapan eight",
    "9": "sembilan nine",
    "10": "sepuluh ten",
    "11": "sebelas eleven",
    "1 hari": "sehari",
    "1 minggu": "seminggu sepekan",
    "1 bulan": "sebulan",
    "1 tahun": "setahun",
    "1 jam": "sejam",
    "1 menit": "semenit",
    "": (
        "idul ied yang yg sejak sjk semenjak sedari dari dr mulai mulainya pada pd sekitar skitar kira kurleb kisaran"
        " kejadian kejadiannya terjadi terjadinya itu waktu pas sih ya pak bu kak min sudah sdh udah udh"
        " selama kayaknya sepertinya mungkin since from on about around the of was it happened at just"
        " approximately oclock"
    ),
}
KNOWN: Final = {word: said for said, words in VARIANTS.items() for word in (said, *words.split())}

# Typing slips are forgiven in the names of days and months only: "lupa" (forgotten) must never be "lusa".
CALENDAR: Final = frozenset({*WEEKDAYS, *MONTHS, "kemarin"})
FORGIVEN: Final = tuple((word, said) for word, said in KNOWN.items() if said in CALENDAR and len(word) > 3)
# Real words, one slip away from the name of a day or month, that do not mean it.
OTHER_WORDS: Final = frozenset({
    "kami", "kamus", "kumis", "gamis", "amis", "ragu", "ribu", "ratu", "rambu", "rabun", "labu", "tabu",
    "sabu", "sabut", "seni", "serasa", "umat", "jimat", "lumat", "macet", "karet", "kemari", "sunda", "match",
    "juri", "tuli", "rumah",
})  # fmt: skip

# What may be written in the place of a word in capitals.
BLANKS: Final = {
    "COUNT": r"(?P<count>\d{1,4})",
    "UNIT": "(?P<unit>menit|jam|hari|minggu|bulan|tahun)",
    "LONG": "(?P<unit>minggu|bulan|tahun)",
    "DAY": r"(?P<day>\d{1,2})",
    "MONTH": f"(?P<month>{'|'.join(MONTHS)})",
    "NUMBER": r"(?P<month>\d{1,2})",
    "YEAR": r"(?P<year>\d{4}|\d{2})",
    "FULLYEAR": r"(?P<year>\d{4})",
    "WEEKDAY": f"(?P<weekday>{'|'.join(WEEKDAYS)})",
    "NOTWEEK": f"(?P<weekday>{'|'.join(DAY_NAMES)})",
    "PART": "(?P<part>awal|pertengahan|akhir)",
    "PAST": "(?P<past>lalu|kemarin|last)",
    "NEAR": "(?P<near>ini|lalu|kemarin)",
    "THIS": "(?P<this>ini)",
    "HOUR": "(?:pagi|siang|sore|petang|subuh|malam)",
    "FEAST": "(?P<feast>lebaran|puasa|kurban|natal|tahun baru|17 agustus)",
    "SIDE": "(?P<side>sebelum|menjelang|malam|setelah|habis)",
    "SIGN": "(?P<sign>hmin|hplus)",
    "NTH": r"(?P<nth>\d{1,2})",
    "REST": rf"(?P<rest>(?:(?:tanggal|{'|'.join(MONTHS)}) )?\d.*)",
}
OF_YEAR: Final = "(?: (?:tahun )?YEAR| tahun NEAR| PAST)?"
BEFORE: Final = "(?:(?:pagi|siang|sore|petang|subuh|dini|in) )*(?:hari )?"
AFTER: Final = "(?: (?:pagi|siang|sore|petang|subuh|malam|dini|buta|pertengahan|hari|in|wib|wita|wit))*"

_APOSTROPHES: Final = re.compile("['\u2018\u2019`]")
_FEASTS: Final = (
    # Independence Day by its number, unless the day of a month is meant.
    (re.compile(r"(?<!tanggal )(?<!tgl )\b17 ?-?(?:an|agustusan)\b|\btujuh ?belasan\b|\bagustusan\b"), "17 agustus"),
    (re.compile(r"\b(?:lebaran|hari raya) (?:haji|kurban|qurban)\b"), "kurban"),
    (re.compile(r"\b(?:hari )?raya (?=idul|ied|fitri|adha)"), ""),
    (re.compile(r"\bhari raya\b(?! \w*(?:nyepi|waisak|natal|galungan|kuningan))"), "lebaran"),
    (re.compile(r"\b(?:malam )?takbiran\b"), "malam lebaran"),
    (re.compile(r"\bh ?(?:-|min|minus) ?(?=\d)"), "hmin "),
    (re.compile(r"\bh ?(?:\+|plus) ?(?=\d)"), "hplus "),
    (re.compile(r"\bke ?-? ?(?=\d)"), "ke "),
)
_ENDINGS: Final = re.compile(r"(?<=[0-9])(?:st|nd|rd|th|-?an)\b|\bkira2\b")
_LETTERS: Final = re.compile("[a-z]+")
_CLOCK: Final = re.compile(
    r"\bjam (?:setengah )?\d{1,2}(?:[.:]\d{2})?\b(?!/)"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?\b"
    r"|\b\d{1,2}\.\d{2}(?= wi(?:b|ta|t)\b)"
    r"|\b\d{1,2} [ap]m\b",
    re.ASCII,
)
_NAMED: Final = re.compile(r"\(\?P<\w+>")
_BETWEEN_NUMBERS: Final = re.compile("(?<=[0-9]) ?[/.-] ?(?=[0-9])")
_NO_WORD: Final = re.compile("[^a-z0-9/]+|(?<![0-9])/|/(?![0-9])")


def plain(text: str) -> str:
    """The phrase in known words, numbers joined by slashes, without fillers and times of the clock."""
    phrase = text.casefold()
    for feast, said in _FEASTS:
        phrase = feast.sub(said, phrase)
    phrase = _ENDINGS.sub("", _APOSTROPHES.sub("", phrase))
    phrase = _single_spaced(_LETTERS.sub(lambda word: f" {_said(word.group())} ", phrase))
    phrase = _BETWEEN_NUMBERS.sub("/", _CLOCK.sub(" ", phrase))
    return _single_spaced(_NO_WORD.sub(" ", phrase)).replace("hari minggu", "hari ahad")


def pattern(phrase: str) -> re.Pattern[str]:
    """What matches a phrase with its blanks filled in, and the hour of the day before or after it."""
    filled = re.sub("[A-Z]+", lambda blank: BLANKS[blank.group()], phrase)
    return re.compile(f"{BEFORE}(?:{filled}){AFTER}", re.ASCII)


def any_of(phrases: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """What matches wherever one of these does; their blanks have no names in it."""
    return re.compile("|".join(f"(?:{_NAMED.sub('(?:', each.pattern)})" for each in phrases), re.ASCII)


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _said(word: str) -> str:
    # What is longer is no misspelt day, and is not remembered.
    return _meant(word) if len(word) <= LONGEST else word


# The same few words stand around most days.
@lru_cache(1024)
def _meant(word: str) -> str:
    if word in KNOWN or word in OTHER_WORDS or len(word) < 4:
        return KNOWN.get(word, word)
    meant = {said for known, said in FORGIVEN if _one_slip(word, known)}
    return meant.pop() if len(meant) == 1 else word


def _one_slip(word: str, known: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours are swapped."""
    if abs(len(word) - len(known)) > 1:
        return False
    same = 0
    while same < min(len(word), len(known)) and word[same] == known[same]:
        same += 1
    left, right = word[same:], known[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
