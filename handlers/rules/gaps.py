"""What a story leaves out of the details that a report of its kind needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

WHAT: Final = "what"
SPOT: Final = "spot"
SINCE: Final = "since"
WHO: Final = "who"
OFFICE: Final = "office"
DETAILS: Final = (WHAT, SPOT, SINCE, WHO, OFFICE)
# More questions than these make people give up.
MOST: Final = 2

_WRONG: Final = (
    "rusak|berlubang|bolong|lubang|hancur|ambrol|ambles|ambruk|roboh|jebol|putus|patah|retak|bocor|pecah|miring|tumbang"
    "|mati|padam|gelap|macet|mampet|buntu|tersumbat|banjir|longsor|tergenang|genangan|meluap|keruh|kotor|kering|bau"
    "|menyengat|busuk|asap|berdebu|debu|bising|berisik|menumpuk|numpuk|penuh|habis|kosong|langka|mahal|naik|hilang"
    "|kurang|lambat|lama|telat|terlambat|tutup|ditutup|gagal|error|eror|salah|ditolak|dipersulit|dipungut|pungli|pungutan"
    "|diminta|dimintai|minta|meminta|memungut|menarik|menahan|menolak|ditarik|bayar|dipotong|potongan|ditahan|dicoret|korupsi|suap|liar|parkir|ngebut|mabuk|judi"
    "|menangis|takut|dipukul|dipukuli|dibully|dirundung|diejek|diancam|dilecehkan|dianiaya|ditelantarkan|terlantar"
    "|telantar|sakit|meninggal|keracunan|jatuh|celaka|kecelakaan|bahaya|berbahaya|rawan|terganggu|mengganggu|meresahkan"
    "|keluhan|kasar|judes|jutek|galak|bolos|sengketa|diserobot|dibuang|buang|membuang|dibakar|bakar|gatal|basi"
    "|menutupi|menghalangi|menutup|berkelahi|ribut|antre|antri|mogok|dipecat|phk"
)
_NOT: Final = (
    "tidak|tdk|tak|gak|ga|nggak|ngga|enggak|belum|blm|blum|bukan|tanpa|jarang|susah|sulit|kenapa|mengapa|jangan|ora"
)
_WISH: Final = "mohon|tolong|usul|minta|harap|semoga|ingin|perlu|butuh|bagaimana|apakah|apa|kapan"
_PEOPLE: Final = (
    "warga|masyarakat|anak|anak2|siswa|murid|pelajar|pengendara|pejalan|penumpang|pengguna|pasien|lansia|bayi|balita|ibu"
    "|bapak|ayah|suami|istri|keluarga|tetangga|orang|petani|pedagang|pelanggan|penghuni|pegawai|karyawan|buruh|pekerja"
    "|guru|jamaah|saya|sy|aku|kami|kita|adik|kakak|nenek|kakek|paman|bibi|keponakan|mertua|teman|dusun|desa|kampung"
    "|rt|rumah|kk|motor|mobil|sapi|kambing|ternak|peternak|nelayan|pengunjung|wisatawan|konsumen|pembeli|peserta"
)
_SCHOOL: Final = (
    r"(?:sd|sdn|smp|smpn|sma|sman|smk|smkn|mi|min|mts|mtsn|ma|man|tk|paud|slb|pondok|kampus|universitas|akademi)"
)
_OFFICE: Final = (
    "puskesmas|pustu|posyandu|klinik|apotek|rs|rumah sakit|kantor|balai desa|desa|kelurahan|kecamatan|dinas|badan|upt"
    "|terminal|pasar|koperasi|pt|cv|ud|toko|pangkalan|agen|kios|spbu|bank|sekolah|loket|blok|proyek|perumahan|hotel"
    "|kades|lurah|camat|kepala desa|kepala dinas|kepala sekolah|kasun|ketua rt|ketua rw|bidan|dokter|dr|bu|pak|wisata"
    "|pantai|kawah|tpa|tps|pabrik|peternakan|tambang|aplikasi|situs|website|dusun|jalan|gang|jembatan|rsu|stasiun|polsek"
)
# Of these there is one in a regency, or everybody knows which is meant.
_ONLY_ONE: Final = (
    "rsud|dukcapil|dispenduk|dispendukcapil|capil|disdukcapil|pdam|perumdam|pln|bpn|bpjs|samsat|kominfo|dinsos|dinkes|dishub"
    "|disdik|dindikbud|dputr|dpmptsp|mpp|bprd|bapenda|satpol|damkar|bpbd|inspektorat|disnaker|bulog|telkom|indihome|oss"
    "|kemensos|mobile jkn|cek bansos|dapodik|alun alun|pemkab|bupati|kua|imigrasi|polres|dprd"
)
# Words behind an office that do not name it.
_NAMELESS: Final = (
    "yang|yg|di|ke|dari|dan|ini|itu|tidak|tdk|gak|ga|belum|blm|sudah|sdh|saya|kami|kita|sangat|selalu|sering|kurang"
    "|setempat|tersebut|kecamatan|desa|kelurahan|rusak|tutup|buka|nya|juga|untuk|karena|pada|saat|kalau|jika|ada|minta"
    "|meminta|bilang|malah|hanya|cuma|tapi|dekat|depan|mohon|tolong|terdekat|mana|jarang|lama|lambat|sepi|macet|bau"
    "|jalan|negeri|swasta|anak|dasar|kita|bayar|melayani|menolak|mempersulit|katanya|terus|lagi|pun|saja|aja|atau|dengan"
    "|berlubang|licin|gelap|sempit|becek|besar|kecil|umum|kampung|utama|raya|lingkungan|warga|baru|ambrol|putus|penuh"
    # Verbs, by their prefixes.
    r"|mem\w{3,}|men\w{4,}|ber\w{4,}|ter\w{5,}|di\w{5,}"
)

_HAS: Final = {
    WHAT: rf"\b(?:{_WRONG}|{_NOT}|{_WISH})(?:nya|lah|kan)?\b",
    SPOT: (
        r"\b(?:depan|dpn|dekat|dkt|deket|sebelah|samping|belakang|blkg|seberang|sebrang|pojok|ujung|antara|sekitar"
        r"|perempatan|prapatan|pertigaan|pertelon|simpang|tikungan|bundaran|gapura|patokan|lampu merah|jembatan \w{3,}"
        r"|pasar \w{3,}|masjid|musala|musholla|gereja|alfamart|indomaret|spbu|balai desa|lapangan|makam|terminal"
        rf"|rumah (?:bapak|ibu|pak|bu)|gg|gang \w+|blok \w+|perum\w* \w{{3,}}|{_SCHOOL} ?\d+)\b"
        r"|\b(?:rt|rw|km|nomor|no|nmr|kilometer)\.? ?\d+"
        r"|\b(?:jl|jln|jalan|ruas|dusun|dsn|dukuh)\.? (?!{nameless}\b)\w{3,}"
    ).replace("{nameless}", f"(?:{_NAMELESS}|{_WRONG}|{_NOT}|{_WISH}|{_PEOPLE})"),
    SINCE: (
        r"\b(?:sejak|semenjak|mulai|dari dulu|tiap|setiap|saben|selama|terus|selalu|sering|kadang|berkali kali"
        r"|jam|pukul|pagi|siang|sore|malam|subuh|kemarin|tadi|semalam|barusan|seharian|berhari hari|berminggu|berbulan"
        r"|bertahun|minggu ini|bulan ini|tahun ini|senin|selasa|rabu|kamis|jumat|sabtu|kalau hujan|saat hujan|musim"
        r"|(?:\d+|dua|tiga|empat|lima|enam|tujuh|beberapa) ?(?:kali|x|jam|hari|hr|minggu|mgg|bulan|bln|tahun|thn)"
        r"|sehari|seminggu|sebulan|setahun|lalu|terakhir)\b"
    ),
    WHO: rf"\b(?:{_PEOPLE})(?:nya|ku|mu)?\b",
    OFFICE: (
        rf"\b(?:{_ONLY_ONE})\b|\b{_SCHOOL}(?: negeri| swasta| islam)?(?: ?\d+| (?!(?:{_NAMELESS})\b)[a-z]{{3,}})"
        rf"|\b(?:{_OFFICE}) (?:\d+|(?!(?:{_NAMELESS}|{_OFFICE})\b)[a-z]{{3,}})"
        rf"|\b(?:{_OFFICE}) (?:{_OFFICE}) (?!(?:{_NAMELESS})\b)[a-z]{{3,}}"
    ),
}
_FOUND: Final = {key: re.compile(pattern) for key, pattern in _HAS.items()}
_NO_WORD: Final = re.compile(r"[^\w\s]|_")


def gaps(story: str, asks: Iterable[str], place: str = "", pinned: bool = False) -> tuple[str, ...]:
    """The details among those asked for that neither the story nor the place tells, the most wanted first.

    `pinned`: the place is a point on the map, which is exact by itself.
    """
    said, there = _plain(story), _plain(place)
    return tuple(key for key in asks if not _told(key, said, there, pinned))[:MOST]


def _told(key: str, said: str, there: str, pinned: bool) -> bool:
    if key == SPOT:
        return pinned or any(_FOUND[key].search(text) for text in (said, there))
    return _FOUND[key].search(said) is not None


def _plain(text: str) -> str:
    return " ".join(_NO_WORD.sub(" ", text.casefold()).split())
