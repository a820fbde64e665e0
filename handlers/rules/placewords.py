"""The words by which people tell where something is and what is the matter, by what they say of it."""

from __future__ import annotations

import re
from typing import Final

_KINDS_OF_WORDS: Final = {
    "street": "jl jalan gang gg",
    # By these any place is described, and nothing is told apart.
    "anywhere": """
    jl jalan raya gang gg depan dekat deket sebelah samping belakang seberang arah menuju sampai jalur pinggir
    tepi ujung tengah sisi sekitar area lokasi daerah desa kelurahan kel kec kecamatan kab kabupaten kota dusun
    dsn rt rw no nomor blok timur barat utara selatan di ke dari dan pada yang itu sini sana perumahan perum masuk
    pintu simpang perempatan pertigaan empat tiga sd sdn negeri loket pendaftaran tempat
    """,
    # There is one in every village, so that it says less than a name.
    "common": """
    pasar sekolah masjid mushola balai kantor toko warung jembatan kali sungai sawah makam lapangan puskesmas pkm
    krajan tps alun taman kecamatan pos
    """,
    # These tell nothing of the matter.
    "everywhere": """
    ada adalah agar akan aku anda apa arep atau bagi bahaya bahkan banyak baru begitu belum berjam bikin bisa buat
    bukan cuma dalam dan dari dekat dengan di dia dong dua hal hampir hari hingga ia ini itu iya jadi jam jika
    juga kah kalau kami kan karena kasihan ke kemarin kita lagi lah lalu lama lebih lewat mah malam masih mau
    menjadi mereka minggu mohon nya oleh orang pada padahal pak para parah pas pernah pun rawan saat saja sama
    sampai sangat satu saya se sebulan sedang segera sejak sekali selalu semua seperti sering setiap siang sudah
    supaya tadi tak tanpa tapi telah terlalu terus tetap tidak tiga tiap tolong total tulung untuk warga yang
    yaitu kmrn bgt bulan tahun pagi sore buk bu ibu bapak min admin tetangga ning wis kali
    """,
    # Behind these stands who lives there.
    "people": """
    pak pk bpk bp bu bapak ibu haji hj h mbah mas mbak mb kiai kyai ustad ustadz ust kang cak neng sdr keluarga alm
    rumah rumahnya rmh rmhnya omah omahe griya kediaman milik punya kos kost kosan kontrakan kontrakannya warga tetangga
    dpn dkt sblh sebelahnya depannya blkg
    """,
}
STREET, ANYWHERE, COMMON_PLACE, EVERYWHERE, _PEOPLE = (frozenset(each.split()) for each in _KINDS_OF_WORDS.values())
# These describe a place, but may be what the report is about.
CROSSING: Final = ("lampu", "merah")
# Of what there are several that are told apart by their numbers, and what the same number says.
NUMBERED: Final = {"sd": 1.0, "smp": 1.0, "sma": 1.0, "km": 0.5, "gang": 0.5, "rt": 0.3, "rw": 0.3}
KINDS: Final = {"sdn": "sd", "smpn": "smp", "sman": "sma", "gg": "gang"}
# What people call by several names.
_CALLED: Final = {
    "lubang": "bolong jeglong lubangan berlubang",
    "lampu": "pju lpju penerangan",
    "mati": "padam matiin",
    "mampet": "sumbat tersumbat",
    "got": "saluran drainase parit",
    "genangan": "meluap meluber luber banjir tergenang",
    "pagar": "pembatas railing pengaman",
    "pohon": "wit dahan ranting",
    "tumbang": "roboh patah",
    "bau": "busuk menyengat berbau baunya",
    "lalat": "laler",
    "menumpuk": "tumpukan menggunung numpuk",
    "jatuh": "terjatuh jatoh",
    "bangjo": "traffic apill",
    "terlambat": "telat",
    "mengelupas": "ngelupas",
    "rusak": "hancur ancur jebol",
}
NAMES: Final = {said: meant for meant, names in _CALLED.items() for said in names.split()}
_NAMED: Final = re.compile(r"(?i)\b(jl|jln|jalan|gang|gg)\b\.?\s+((?:[^\W\d_]+[^\S\n]*){1,4})")
# What stands behind *jalan* and is neither its name nor part of it.
_NO_NAME: Final = (ANYWHERE - {"raya", "timur", "barat", "utara", "selatan"}) | EVERYWHERE | COMMON_PLACE | {*_CALLED}
# A third word is as often a person's name as the street's.
_LONGEST: Final = 2


def street_in(text: str) -> str:
    """The name of the first street in the words for a place, without numbers, people or what lies beside it."""
    for kind, behind in _NAMED.findall(text):
        name: list[str] = []
        for word in behind.split()[:_LONGEST]:
            if word.casefold() in _NO_NAME | _PEOPLE:
                break
            name.append(word[0].upper() + word[1:])
        if name and name != ["Raya"]:
            return f"{'Gang' if kind[0] in 'gG' else 'Jl.'} {' '.join(name)}"
    return ""
