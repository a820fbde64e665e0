"""Words as people type them: repeated letters, chat spellings, Javanese words and affixes come back to one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

WORD: Final = re.compile(r"[^\W_]+")
DOUBLED: Final = re.compile(r"([aiueo])\1")
STRETCHED: Final = re.compile(r"([a-z])\1{2,}")
SHORTEST: Final = 4

# Never here: kk (Kartu Keluarga), smp and sma (schools), kali (a river, and times), rs, dd and add (village funds).
_SAID: Final = {
    "tidak": "gk ga gak gag nggak ngga enggak kagak kaga tdk tak ndak nda ora mboten tidk tida tdak g",
    "sudah": "sdh udh udah dah sampun uwis wis sudh",
    "belum": "blm blom belom durung dereng blum blim",
    "jalan": "jln jlan jaln dalan jlanan",
    "lampu": "lmpu lmp damar",
    "rumah": "rmh rmah omah griyo ruma",
    "air": "banyu aer aek aeng",
    "sekarang": "skrg skrang skr skg saiki skarang",
    "sampah": "smpah spmah larahan uwuh",
    "bantuan": "bntuan bntuwan",
    "bisa": "bs bsa iso saged",
    "dapat": "dpt dapet dpet entuk dapt",
    "uang": "duit duwit uwang arto",
    "orang": "org wong orng tiyang",
    "anak": "ank lare arek",
    "sekolah": "sklh skolah sklah sekola",
    "besar": "gede bsar",
    "gelap": "peteng petengan glp",
    "lubang": "lobang lbang lubng",
    "lubangan": "jeglongan jeglong",
    "bayar": "byr mbayar bayr",
    "malam": "mlm mlem mlam",
    "depan": "dpn ngarep dpan",
    "sakit": "skt",
    "masuk": "msuk mlebu",
    "minta": "mnta njaluk mita",
    "nyala": "murup idup hidup nyalah",
    "macet": "mct mcet",
    "mampet": "buntu mampat mbuntu",
    "bocor": "bcor trocoh",
    "rusak": "rsk rusk rsak",
    "roboh": "ambruk rubuh robo",
    "tempat": "tmpt tmpat tpt",
    "banyak": "bnyk byk akeh banyk",
    "warga": "wrga wrg",
    "mohon": "mhn mhon mohn",
    "tolong": "tlg tlong tlng tulung",
    "perbaikan": "dandan",
    "kelurahan": "klurahan kelurhan",
    "kecamatan": "kcamatan kecamtan",
    "kartu": "krtu kertu",
    "izin": "ijin",
    "akta": "akte",
    "antre": "antri antrian",
    "ijazah": "ijasah",
    "apotek": "apotik",
    "sopir": "supir",
    "telantar": "terlantar",
    "sertifikat": "sertipikat",
    "pengurus": "pngurus",
    "kabel": "kbel",
    "mobil": "mbl",
    "kerja": "krja gawean",
    "gaji": "gajih",
    "hujan": "hjn udan ujan",
    "puskesmas": "pkm puskes puskesmes",
    "pasar": "psr pasr",
    "parkir": "markir parkiran",
    "kecelakaan": "laka lakalantas",
    "bising": "berisik brisik",
    "pajak": "pajek pjak",
    "obat": "obt",
    "dokter": "dktr",
    "guru": "gru",
    "hari": "hr dino",
    "tetangga": "tonggo tetanga",
    "sungai": "sngai",
    "got": "selokan",
    "maling": "pencuri malingan",
    "tanah": "tnh",
    "karena": "krn krna karna",
    "dengan": "dgn dg",
    "yang": "yg yng",
    "untuk": "utk utuk untk",
    "tapi": "tp tpi",
    "kalau": "klo kalo klu klw",
    "saya": "sy sya aku ane gue kulo",
    "sangat": "sgt sngat bgt banget",
}
SAID: Final = {typed: meant for meant, forms in _SAID.items() for typed in forms.split()}

ENDINGS: Final = ("nya", "lah", "kah", "pun", "ne", "e")
SUFFIXES: Final = ("kan", "i")
# The letter that a nasal prefix swallows before a vowel: memotong from potong, menyapu from sapu.
NASALS: Final = (
    ("meny", "s"),
    ("peny", "s"),
    ("meng", "k"),
    ("peng", "k"),
    ("mem", "p"),
    ("pem", "p"),
    ("men", "t"),
    ("pen", "t"),
    ("ny", "s"),
    ("ng", "k"),
)
PREFIXES: Final = ("ber", "ter", "di", "me")
NOUNS: Final = ("keber", "per", "ke", "pe", "se")
VOWELS: Final = frozenset("aeiou")
FIRST: Final = frozenset("bdmnpt")
LAST: Final = frozenset("aehin")


def words(text: str) -> list[str]:
    """The words of a text in small letters, each as it is meant; one that is said twice in a row counts once."""
    found: list[str] = []
    small = STRETCHED.sub(r"\1", unicodedata.normalize("NFKC", text).casefold())
    for typed in WORD.findall(small):
        word = _meant(typed)
        if not found or found[-1] != word:
            found.append(word)
    return found


def _meant(typed: str) -> str:
    word = SAID.get(typed, typed)
    return word[:-1] if word[-1] == "2" and word[:-1].isalpha() and len(word) >= SHORTEST else word


def bare(word: str) -> list[str]:
    """A word as it is, and without what hangs on its end: jalannya, and jalan."""
    return _without(word, ENDINGS, SHORTEST - 1)


def inflected(word: str) -> tuple[str, ...]:
    """What a word is a form of: berlubang of lubang, memangkas and pemangkasan of pangkas, airnya of air."""
    found: dict[str, None] = {}
    for short in (*bare(word), DOUBLED.sub(r"\1", word)):
        for whole in (short, *_without_prefix(short)):
            for root in _without(whole, SUFFIXES if whole == short else (*SUFFIXES, "an"), SHORTEST):
                found.setdefault(SAID.get(root, root))
    found.pop(word, None)
    return tuple(found)


def derived(word: str) -> tuple[str, ...]:
    """What a noun is made of, though it means another thing: perumahan of rumah, genangan of genang."""
    found: dict[str, None] = {}
    for short in bare(word):
        found |= dict.fromkeys(_without(short, ("an",), SHORTEST))
        for noun in NOUNS:
            if short.startswith(noun) and len(short) - len(noun) >= SHORTEST:
                found |= dict.fromkeys(_without(short[len(noun) :], (*SUFFIXES, "an"), SHORTEST))
    return tuple(root for root in found if root != word and len(root) >= SHORTEST)


def _without(word: str, endings: tuple[str, ...], shortest: int) -> list[str]:
    if word[-1] not in LAST:
        return [word]
    bare = (word[: -len(ending)] for ending in endings if word.endswith(ending))
    return [word, *(each for each in bare if len(each) >= shortest)]


def _without_prefix(word: str) -> Iterator[str]:
    if word[0] not in FIRST:
        return
    for prefix, swallowed in NASALS:
        rest = word[len(prefix) :]
        if len(rest) >= SHORTEST - 1 and word.startswith(prefix):
            if rest[0] in VOWELS:
                yield swallowed + rest
            if len(rest) >= SHORTEST:
                yield rest
    for prefix in PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST:
            yield word[len(prefix) :]
