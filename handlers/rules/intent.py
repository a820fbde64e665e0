"""What kind of report a text is: a complaint, an aspiration or a request for information, by a table of phrases."""

from __future__ import annotations

import math
import re
from typing import Final

from handlers.rules.guesses import Guess
from handlers.rules.spelling import words

COMPLAINT: Final = "complaint"
ASPIRATION: Final = "aspiration"
INFORMATION: Final = "information_request"

# Where nothing is said, a report is a complaint rather than something else.
BEFORE: Final = {COMPLAINT: 0.9, ASPIRATION: 0.0, INFORMATION: 0.0}
# Who tells more words than this mostly has a problem.
LONG: Final = 60
TELLING: Final = 0.8
# And so has who states something, in more than a few words, that is neither a wish nor a question.
FEW: Final = 4
STATED: Final = 1.7
# From here on the kind need not be asked; a wrong one brings the wrong deadline.
SURE: Final = 0.85
# Several signs of the same kind say little more than the strongest two.
MOST: Final = 2

_HOW: Final = "(bagaimana|bagaimna|bgmn|bgmna|gimana|gmn|gmna|pripun|piye|kepiye|gmana)"
_WANT: Final = "(mau|ingin|pengen|pingin|numpang|izin|mohon|boleh|hendak|sekedar|sekadar|cuma|hanya|arep|badhe)"
_DONE: Final = (
    "(per)?(baik|aspal|benah|angkut|tindak|tangan|gubris|respon|proses|cair|bayar|tertib|bersih|keruk|tambal|nyala|urus"
    "|selesai|ganti|potong|pangkas|hukum|evakuasi|lunas|tegur|bantu|jadi|datang|keluar|normal)"
)
_BROKEN: Final = (
    "(rusak|lubang|bolong|berlubang|berlobang|mati|padam|mampet|tersumbat|macet|bocor|roboh|ambles|amblas|longsor"
    "|banjir|tumbang|pecah|putus|retak|ambrol|jebol|miring|gelap|kotor|bau|keruh|genangan|tergenang|menumpuk|numpuk"
    "|berserakan|semrawut|bising|kumuh|hilang|langka|penuh|becek|licin|error|eror|lemot|basi|keracunan|kebakaran"
    "|tercemar|menyengat|dangkal|meluap|nonaktif|kosong|mangkrak|amburadul|lubangan|ruwet|rawan|telantar|ambrol)(nya)?"
)
_WRONG: Final = (
    "(pungli|korupsi|suap|sogok|ditolak|dipersulit|mempersulit|judes|jutek|kasar|arogan|galak|dipukul|dipukuli"
    "|memukul|diancam|dianiaya|dilecehkan|dicabuli|diraba|ditahan|dipotong|dipecat|ditipu|dibohongi|dicuri|kemalingan"
    "|dibully|dikeroyok|mabuk|judi|meresahkan|resah|mengganggu|ganggu|terganggu|sembarangan|bolos|lambat|lelet|parah"
    "|kecewa|keluhan|mengeluh|komplain|lapor|melapor|melaporkan|mengadu|aduan|pengaduan|protes|liar|ilegal|nakal"
    "|kecelakaan|celaka|jatuh|terluka|meninggal|tewas|bahaya|berbahaya|membahayakan|dibiarkan|diabaikan|ngamuk"
    "|tawuran|dipalak|diusir|narik|ditarik|menarik|membuang|dibuang|mahal|kesulitan|susah|sulit|curang|tidur|menyiksa|disiksa)"
)
_ADDED: Final = (
    "(dibangun|bangunkan|dibangunkan|dipasang|pasangkan|dipasangi|dipasangkan|ditambah|ditambahi|ditambahkan|dibuat"
    "|dibuatkan|diadakan|disediakan|diperbanyak|dilebarkan|diperlebar|ditingkatkan|dikembangkan|digratiskan"
    "|diperpanjang|dibukakan|dimekarkan|difasilitasi|adakan|sediakan|tambahkan|tambahi|buatkan|tingkatkan|perbanyak"
    "|diberi|dijadikan|pembangunan|penambahan|pemasangan|pengadaan)"
)

_LACKED: Final = (
    "(nyala|jalan|keluar|mengalir|jadi|diangkut|cair|dapat|dibayar|bayar|diperbaiki|ditanggapi|dilayani|buka|masuk"
    "|berfungsi|aktif|ramah|sopan|diberi|terdaftar|respon|direspon|petugas|tindakan|bisa|ditangani|tepat|layak|digaji"
    "|terima|menerima|mengajar|sesuai|karcis|izin|selesai|teraliri|diaspal|login|dibuka|datang|ada|transparan"
    "|terangkut)"
)

_INFORMATION: Final = (
    (3.6, rf"{_WANT} (ber)?(tanya|nanya|takon|tanglet|tau|tahu)|tanya (dong|min|pak|bu|kak)"),
    (3.6, r"(mohon|minta|butuh|perlu|ingin|mau|permohonan|permintaan|ada|tolong) (\w+ )?(info|informasi\w*)"),
    (3.6, r"^info(rmasi)? (\w+ ){0,3}(dong|min|pak|bu|kak)"),
    (3.2, rf"{_HOW} (ya )?(cara|caranya|carane|prosedur\w*|alur\w*|proses|syarat\w*|mekanisme|langkah)"),
    (3.0, rf"(caranya|carane|cara|prosedurnya|alurnya|ngurusnya) (\w+ ){{0,4}}{_HOW}|tata cara"),
    (3.0, r"cara (ng|me|men|mem|meng)?(urus|daftar|buat|bikin|cek|ajukan|aju|dapat)\w*"),
    (3.0, r"apa (saja|aja|wae)|(apa|opo) (\w+ )?(syarat|persyaratan|dokumen|berkas)\w*"),
    (3.0, r"(syarat|persyaratan|dokumen)\w* (\w+ ){0,4}(apa|opo)"),
    (3.0, r"berapa (biaya|tarif|ongkos|lama|hari|usia|umur|batas|harga)\w*|jam berapa|(biaya|tarif)(nya)? berapa"),
    (3.0, r"kapan (\w+ ){0,3}(jadwal|buka|dibuka|pendaftaran|mulai|dimulai|daftar|batas|penutupan|diadakan|ada)\w*"),
    (3.0, r"jadwal\w* (\w+ ){0,4}kapan|jam (buka|layanan|pelayanan) \w+ (berapa|kapan)"),
    (
        3.0,
        r"(di mana|dimana|ke mana|kemana|nang endi|ning endi) (\w+ ){0,3}"
        r"(bisa|dapat|harus|kantor\w*|alamat\w*|tempat\w*|lokasi\w*|daftar|mengurus|lapor|melapor|loket\w*)",
    ),
    (3.0, r"(kantor|alamat|lokasi|tempat)\w* (\w+ ){0,3}(di mana|dimana|mana)"),
    (3.0, r"nomor (telepon|telpon|hp|wa|kontak|pengaduan)\w*"),
    (2.2, r"apakah (\w+ ){0,2}(bisa|ada|boleh|benar|masih|wajib|harus|perlu|dapat|sudah|saya|kami)"),
    (2.2, r"bisakah|bolehkah|adakah|benarkah"),
    (1.4, r"(tidak|belum|kurang) (tahu|tau|paham|mengerti|ngerti) (cara|syarat|bagaimana|harus|ke)\w*"),
    (1.4, r"penjelasan|mohon dijelaskan|mohon pencerahan|jadwal|syarat\w*|persyaratan"),
)
_ASPIRATION: Final = (
    (3.4, r"usul|usulku|(meng|di)usul\w*|saran|saranku|menyarankan|aspirasi\w*|ide saya"),
    (3.4, r"^masukan|(beri|memberi|kasih|sekedar|sekadar|sebagai|sedikit) masukan"),
    (2.4, r"usulan\w*"),
    (3.0, r"sebaiknya|baiknya|mending|mendingan|lebih baik|alangkah \w+|bagusnya|enaknya|luwih (apik|becik)"),
    (2.8, rf"{_HOW} (kalau|jika|bila|nek|misal\w*)|coba (kalau|jika|di)\w*"),
    (2.6, rf"(mohon|minta|tolong|agar|supaya|bisa|perlu|harap|berharap|ingin|semoga|kiranya) (\w+ ){{0,4}}{_ADDED}"),
    (2.6, r"(perlu|butuh|belum) (ada|adanya) \w+"),
    (
        1.8,
        r"(ber)?harap\w*|(se)?andai\w*|semoga|moga|mugi|pengennya|pinginnya|kami ingin|kalau bisa|mendukung|perlunya",
    ),
)
_COMPLAINT: Final = (
    (2.4, rf"(kapan|mana) (\w+ ){{0,5}}(di|ter|pen|pe|me|ke)?{_DONE}(kan|i|an|nya)?|sampai kapan"),
    (
        2.2,
        r"(kenapa|mengapa|kok|ngopo|napa|nopo) (\w+ ){0,6}"
        r"(tidak|belum|selalu|terus|masih|malah|dicoret|hilang|naik|mati|lama|ditolak|dipersulit|jadi)",
    ),
    (1.8, rf"(mohon|tolong|minta|harap|segera) (\w+ ){{0,4}}(di|pe|pen|peng)?{_DONE}(kan|i|an|nya)?"),
    (
        1.8,
        r"(segera|mohon|tolong) (\w+ )?"
        r"di(cek|periksa|tinjau|bongkar|sidak|tindaklanjuti|perhatikan|amankan|tegakkan|razia)\w*",
    ),
    (1.8, r"tindak (lanjut|tegas)\w*"),
    (2.0, _BROKEN),
    (2.0, _WRONG),
    (1.8, rf"(tidak|belum|jarang|gagal|tanpa) (pernah |ada |bisa |juga |kunjung |mau )*{_LACKED}\w*"),
    (1.2, r"(sudah|wis|lebih dari|selama) (\w+ )?(\w+ )?(hari|minggu|bulan|tahun|jam|lama)"),
    (1.2, r"(sudah )?(seminggu|sebulan|setahun|ber(hari|minggu|bulan|tahun))|tiap (hari|malam|hujan)|sering"),
    (1.2, r"padahal|katanya|malah|masa|minta uang|dimintai|pungutan"),
)


def _strongest_first(table: tuple[tuple[float, str], ...]) -> tuple[tuple[float, re.Pattern[str]], ...]:
    ordered = sorted(table, key=lambda row: -row[0])
    return tuple((counts, re.compile(rf"\b(?:{pattern})\b")) for counts, pattern in ordered)


TABLES: Final = {INFORMATION: _INFORMATION, ASPIRATION: _ASPIRATION, COMPLAINT: _COMPLAINT}
RULES: Final = {kind: _strongest_first(table) for kind, table in TABLES.items()}
# Most texts bear no sign of a kind, and need to be read once only.
ANY: Final = {
    kind: re.compile(rf"\b(?:{'|'.join(pattern for _, pattern in table)})\b") for kind, table in TABLES.items()
}


def guess(text: str) -> tuple[Guess, ...]:
    """The three kinds of report with how certain each is, the likeliest first; they add up to one."""
    said = words(text)
    signs = _signs(" ".join(said))
    if len(said) >= FEW and "?" not in text and not any(signs.values()):
        signs[COMPLAINT].append(STATED)
    weight = {kind: math.exp(BEFORE[kind] + sum(found)) for kind, found in signs.items()}
    weight[COMPLAINT] *= math.exp(TELLING) if len(said) > LONG else 1
    whole = sum(weight.values())
    found = sorted(weight, key=lambda kind: -weight[kind])
    return tuple(Guess(kind, round(weight[kind] / whole, 4)) for kind in found)


def _signs(said: str) -> dict[str, list[float]]:
    """The strongest signs of each kind."""
    return {kind: _strongest(RULES[kind], said) if ANY[kind].search(said) else [] for kind in BEFORE}


def _strongest(rules: tuple[tuple[float, re.Pattern[str]], ...], said: str) -> list[float]:
    found: list[float] = []
    for counts, pattern in rules:
        if pattern.search(said):
            found.append(counts)
            if len(found) == MOST:
                break
    return found
