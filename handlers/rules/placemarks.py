"""The words around names of places: what marks a name, what shortens it, and what is no name in everyday speech."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from handlers.rules.misprints import edits, key


class Marker(StrEnum):
    """What a word before a name says it is the name of."""

    PROVINCE = "province"
    REGENCY = "regency"
    CITY = "city"
    DISTRICT = "district"
    VILLAGE = "village"
    HAMLET = "hamlet"
    OTHER = "other"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _table(words: Mapping[Marker, str]) -> dict[str, Marker]:
    return {word: marker for marker, said in words.items() for word in said.split()}


MARKERS: Final = _table(
    {
        Marker.PROVINCE: "provinsi prov propinsi prop",
        Marker.REGENCY: "kabupaten kab kabup regency",
        Marker.CITY: "kota kotamadya kodya kotip",
        Marker.DISTRICT: "kecamatan kec kcmtn kecmtn camat distrik dist kapanewon kemantren kacamatan",
        Marker.VILLAGE: "desa ds kelurahan kel lurah kalurahan gampong nagari pekon dsa",
        Marker.HAMLET: "dusun dsn dkh dukuh dukuhan lingkungan ling padukuhan pedukuhan banjar",
        # A name after these is that of a street, a house or a shop: Jl. Surabaya lies in any town.
        Marker.OTHER: "jl jln jalan jalur gang gg lorong simpang pertigaan perempatan perum perumahan perumnas blok "
        "toko warung warkop rumah makan rm depot pt cv ud bank hotel soto sate bakso rawon nasi hj h haji pak bu bapak "
        "ibu mbak mas gus kyai yayasan bus travel agen cabang",
    }
)
# Long words are often misspelt.
LONG_MARKERS: Final = ("kecamatan", "kabupaten", "kelurahan", "provinsi")
# What follows these is not where it happened.
TOWARD: Final = _set("arah menuju tujuan jurusan ke dari perbatasan batas antara asal sampai bukan")
# A street's name ends at these.
BREAKS: Final = TOWARD | _set(
    "di depan dekat deket samping belakang sebelah seberang selatan utara barat timur no nomor rt rw km sekitar dan "
    "yang ada daerah wilayah kawasan tepat persis masuk dpn"
)
# What may stand before a name that is a whole answer.
BEFORE: Final = _set("di daerah wilayah kawasan sekitar dekat deket area kejadian lokasi lokasinya wil")

SHORT: Final = {
    "sby": "surabaya", "suroboyo": "surabaya", "mlg": "malang", "bdg": "bandung", "bandoeng": "bandung",
    "smg": "semarang", "jogja": "yogyakarta", "yogya": "yogyakarta", "jogjakarta": "yogyakarta",
    "jogya": "yogyakarta", "djogja": "yogyakarta", "yk": "yogyakarta", "diy": "yogyakarta", "solo": "surakarta",
    "jkt": "jakarta", "dki": "jakarta", "jaksel": "jakarta selatan", "jakbar": "jakarta barat",
    "jaktim": "jakarta timur", "jakut": "jakarta utara", "jakpus": "jakarta pusat", "tangsel": "tangerang selatan",
    "tgr": "tangerang", "bks": "bekasi", "bgr": "bogor", "dpk": "depok", "sda": "sidoarjo",
    "lmj": "lumajang", "lmjg": "lumajang", "jbr": "jember", "bws": "bondowoso", "bwi": "banyuwangi",
    "sitbon": "situbondo", "prob": "probolinggo", "probling": "probolinggo", "kdr": "kediri", "jbg": "jombang",
    "mjk": "mojokerto", "gsk": "gresik", "lmg": "lamongan", "tbn": "tuban", "bjn": "bojonegoro", "mgt": "magetan",
    "bltr": "blitar", "dps": "denpasar", "mks": "makassar", "plb": "palembang", "plg": "palembang",
    "bpp": "balikpapan", "bjm": "banjarmasin", "bjb": "banjarbaru", "pku": "pekanbaru", "krw": "karawang",
    "clp": "cilacap", "kukar": "kutai kartanegara", "kutim": "kutai timur", "kubar": "kutai barat",
    "kobar": "kotawaringin barat", "kotim": "kotawaringin timur", "muba": "musi banyuasin",
    "oku": "ogan komering ulu", "oki": "ogan komering ilir", "lobar": "lombok barat", "loteng": "lombok tengah",
    "lotim": "lombok timur", "jatim": "jawa timur", "jateng": "jawa tengah", "jabar": "jawa barat",
    "sumut": "sumatera utara", "sumbar": "sumatera barat", "sumsel": "sumatera selatan", "kaltim": "kalimantan timur",
    "kalsel": "kalimantan selatan", "kalbar": "kalimantan barat", "kalteng": "kalimantan tengah",
    "sulsel": "sulawesi selatan", "sulut": "sulawesi utara", "ntb": "nusa tenggara barat",
    "ntt": "nusa tenggara timur", "kepri": "kepulauan riau", "babel": "kepulauan bangka belitung",
    "tj": "tanjung", "tjg": "tanjung", "tanjong": "tanjung", "gn": "gunung", "kep": "kepulauan", "krg": "karang",
    "sbr": "sumber", "kdg": "kedung", "kdng": "kedung",
}  # fmt: skip

# Names of areas somewhere that are other words first; only a marker, or the area around them, makes them names.
EVERYDAY: Final = _set(
    """
    aceh agung air alam alas alun angin api arah areng asem asri atas awan awar ayam ayu babakan baca bagan bagian
    bagus bahagia baik bakti bakung balai bali bambu bandar bangun bangunan banjar banjir bantar banyak baru barat
    barito batang batas batu batuan bawah bawang belakang belimbing bengkel benteng beras berkat bersama bersih besar
    besi besuk besok bhakti biru bone buah buaya bukit bulan bulu bumi bunga buntu buru cahaya cakra camat candi
    cempaka cepat cermin cinta citra dadap dalam damai damar danau darat dasar datar dekat delima depan desa dewi dua
    dukuh duren durian emas empat enam gading gambar gandum gang garam garuda gaya gedung gelap gempol gerbang guci
    guna gunung harapan harum hijau hilir hitam hulu hutan ibu indah induk intan jaga jagung jalan jambu jati jaya
    jembatan jeruk jujur kabel kaca kain kaki kali kampung kandang kantor kapal kapuk karang karet karya kasih kawat
    kayu kebon kebun kecil kedung keling kembang kemiri kenanga kenari kencana kepala keras keris kerja keramat kidul
    kijang kliwon kolam kopi kota kraton kuala kuat kubu kudus kulon kuning kunir kunci kursi labuan lada ladang lama
    lampu langit lapang lapangan larangan lari lawang lebar lembah lembar lestari lima limau lor luas lubang lumbung
    lumpur lurah maju makam makmur malang malam mandala mandi mandiri manis mantri masjid mati matahari mawar melati
    mekar menara merah merak merdeka metro minggu mojo muara muda mulia mulya mulyo nanas nangka negara nyala nusa
    ombak pabrik padang padi pagar pagi pakis paku palang paling palu panas pancur panjang pandan pandai pantai papan
    parang parit pasar pasir paser patah pati patok payung pecah pekan pelita pemuda pepaya perak perintis perlu
    permai permata pesantren pesisir petir pintu pisang pohon pondok prima puasa pucuk pulau pulo puncak pura pusat
    putih putra putri radio rakit raja rambutan ranah rantau rata raya rawa rejo rimba rintis rukun rumah rumput sabar
    sakti salak salam sampah sampai sana sapi sari satu sawah sawo sedang segar sehat sejahtera selamat selasa selatan
    semen sempit semut senen senin sentosa serang serba serut setia siaga sidang simpang sinar sirih siti subur suci
    suka sukamaju sumber sungai surga surya tabah taman tambak tambang tanah tanggul tanggung tangga tani tanjung
    tebing tebu tegal telaga teluk tembok tempe tempeh tempel tenang tengah tenggara tepi terang teratai terminal tiga
    tiang timur tinggi tinggal tirta toko tua tugu tujuh tulang tulung tumpeng tunas tunggal ujung ulu umbul umum
    untung utama utara wangi waru way wetan wilayah yakin yang koto lubuk marga sei
    """
)
# These are never names by themselves: they part a name, or say on which side something lies.
DIRECTIONS: Final = _set(
    "barat timur utara selatan tengah pusat kulon wetan lor kidul kota jalan pasar alunalun alun balai kantor puskesmas"
)


class Token(NamedTuple):
    """A word of a text in small letters, the number of its part of the text, and how it is compared."""

    word: str
    part: int
    key: str


Tokens = list[Token]
LONGEST, SKIPPED = 4, 3
# Most words of a text stand in many others.
REMEMBERED: Final = 4096
WORD: Final = 24
_TOKEN: Final = re.compile(r"[a-z0-9']+|[,;()\n.]")


def tokens(text: str) -> Tokens:
    """The words of a text, short forms written out.

    Commas, brackets, full stops and new lines part a text, but not the stop of a short form as in Kec. Sukodono.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    found: Tokens = []
    part = 0
    for word in _TOKEN.findall(plain):
        if word[0] in ",;()\n.":
            short = bool(found) and (found[-1].word in MARKERS or len(found[-1].word) < 3)
            part += word != "." or not short
        else:
            read = _written_out if _kept(word) else _written_out.__wrapped__
            found.extend([Token(each, part, compared) for each, compared in read(word)])
    return found


def _kept(word: str) -> bool:
    """Whether a word may be remembered: numbers say who somebody is, and what is endless is no word."""
    return len(word) <= WORD and word.isalpha()


@lru_cache(REMEMBERED)
def _written_out(word: str) -> tuple[tuple[str, str], ...]:
    return tuple((each, key(each)) for each in SHORT.get(word, word).split())


def marker(word: str) -> Marker | None:
    """What a word says the next one is the name of, also where it is a long one misspelt."""
    if word in MARKERS:
        return MARKERS[word]
    return _misspelt(word) if _kept(word) else None


@lru_cache(REMEMBERED)
def _misspelt(word: str) -> Marker | None:
    likely = (long for long in LONG_MARKERS if long[0] == word[0] and len(word) > 6)
    return next((MARKERS[long] for long in likely if edits(word, long, 2) <= 2), None)


def joined(said: Tokens, at: int, most: int = LONGEST) -> list[tuple[int, str]]:
    """The next words as one name, the longest first, within their part of the text."""
    found: list[tuple[int, str]] = []
    name, here = "", 0
    for _, part, compared in said[at : at + most]:
        if found and part != here:
            break
        here, at = part, at + 1
        name += compared[1:] if name[-1:] == compared[:1] else compared
        found.append((at, name))
    found.reverse()
    return found


def skipped(said: Tokens, at: int) -> int:
    """Where the name of a street or a house ends that begins here."""
    start = at
    while at < min(len(said), start + SKIPPED) and said[at].part == said[start - 1].part:
        if said[at].word in BREAKS or marker(said[at].word):
            break
        at += 1
    return at


def toward(said: Tokens, at: int) -> bool:
    """Whether the words before say that it lies there and happened elsewhere."""
    return any(each.word in TOWARD and each.part == said[at].part for each in said[max(0, at - 2) : at])


def whole(said: Tokens, at: int, end: int) -> bool:
    """Whether these words are all that their part of the text says."""
    part = said[at].part
    if end < len(said) and said[end].part == part:
        return False
    return all(each.word in BEFORE for each in said[:at] if each.part == part)
