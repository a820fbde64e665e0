"""The kind of a report is read from its words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.intent import ASPIRATION, COMPLAINT, INFORMATION, SURE, guess

QUICK = settings(max_examples=200, deadline=None, derandomize=True)
COMPLAINTS = (
    "Jalan di depan balai desa berlubang dan sudah banyak yang jatuh",
    "lampu jalan mati sudah 2 minggu",
    "Mohon diperbaiki jembatan yang rusak di dusun kami",
    "kapan diperbaiki jalan ini?",
    "Kapan bansos saya cair, katanya bulan lalu",
    "sampah tidak diangkut dari hari senin",
    "Air PDAM gak keluar, tolong segera ditangani",
    "Kenapa nama saya dicoret dari daftar penerima?",
    "petugas loket judes dan minta uang",
    "Saya dipukul suami saya",
    "kok belum ada tindakan dari dinas?",
    "tolong ditindaklanjuti pungli di parkiran pasar",
    "got buntu, kalau hujan banjir",
    "Bagaimana ini, KTP saya belum jadi dari bulan januari",
    "gaji saya dua bulan belum dibayar",
    "guru sering bolos, anak anak tidak diajar",
    "mohon pohon besar di pinggir jalan dipangkas, sudah miring",
    "Saya mau melaporkan tambang pasir ilegal",
    "Bau kandang ayam menyengat sampai ke rumah warga",
    "Ijazah anak saya ditahan sekolah",
    "sound horeg sampai tengah malam, warga terganggu",
    "Dokter puskesmas tidak ada padahal jam kerja",
    "Sampai kapan jalan kami dibiarkan seperti ini?",
    "Aplikasi error terus tidak bisa login",
    "dalan rusak kabeh, tulung didandani",
    "mana janjinya, aspal belum dikerjakan juga",
    "harga gas melon mahal dan langka",
    "Pak, tetangga saya membuang limbah ke sungai",
    "MBG di sekolah anak saya basi",
    "Mohon maaf, lampu merah di perempatan pasar mati total",
    "pkh saya tidak cair, apakah ada yang memotong?",
    "kartu bpjs saya nonaktif, padahal saya tidak mampu",
)
ASPIRATIONS = (
    "Saya usul ada taman bermain di tiap kecamatan",
    "Saran saya, jam pelayanan dukcapil dibuka sampai sore",
    "Sebaiknya pasar hewan dipindah ke luar kota",
    "Mohon dibangun lapangan voli untuk pemuda desa",
    "Semoga ke depan ada bus sekolah gratis",
    "Alangkah baiknya kalau alun-alun diberi tempat duduk",
    "kami berharap dibangun jembatan penyeberangan di depan sekolah",
    "Mohon ditambah armada bus untuk pelajar",
    "Bagaimana kalau pasar malam diadakan setiap minggu?",
    "Perlu adanya perpustakaan keliling di desa",
    "mengusulkan pelatihan menjahit bagi ibu rumah tangga",
    "Harapan kami pemerintah memberi perhatian pada petani muda",
    "mending parkirnya pakai kartu saja biar rapi",
    "Tolong disediakan wifi gratis di balai desa",
    "Kalau bisa dibuatkan jalur sepeda di jalan kota",
    "Masukan untuk dinas pariwisata: buat kalender acara tahunan",
    "usul min, ada layanan ktp keliling",
    "Sebaiknya dibuat aplikasi untuk memesan antrean puskesmas",
    "Saya punya aspirasi agar UMKM diberi tempat di alun-alun",
    "minta dipasang zebra cross di depan pasar",
)
QUESTIONS = (
    "Bagaimana cara membuat KTP baru?",
    "Mohon informasi jadwal vaksin rabies",
    "Apa saja syarat mengurus akta kelahiran",
    "berapa biaya balik nama sertifikat",
    "Kapan pendaftaran SPMB SMP dibuka?",
    "gimana caranya daftar bpjs pbi min",
    "Dimana saya bisa mengurus kartu kuning?",
    "mau tanya, jam buka dukcapil hari sabtu?",
    "Apakah bisa pindah KK tanpa surat pengantar?",
    "info loker dong min",
    "Persyaratan nikah apa saja ya?",
    "Numpang tanya, kantor dinas sosial pindah ke mana",
    "carane ngurus surat pindah pripun nggih",
    "Ingin tahu prosedur pengajuan izin usaha",
    "Saya ingin bertanya tentang syarat bedah rumah",
    "minta nomor telepon puskesmas pasirian",
    "Apakah ada pelatihan kerja tahun ini?",
    "butuh info jadwal bus ke terminal minak koncar",
    "Berapa lama proses cetak KTP?",
    "Bagaimana prosedur mendapatkan bantuan pupuk?",
    "tolong info syarat beasiswa untuk mahasiswa",
)
TOLD = [
    *((each, COMPLAINT) for each in COMPLAINTS),
    *((each, ASPIRATION) for each in ASPIRATIONS),
    *((each, INFORMATION) for each in QUESTIONS),
]


@pytest.mark.parametrize(("text", "kind"), TOLD)
def test_the_kind_is_read_from_the_words(text: str, kind: str) -> None:
    """A problem is a complaint, a wish an aspiration, a question a request for information."""
    assert guess(text)[0].code == kind


def test_there_are_enough() -> None:
    """At least sixty sentences are kept."""
    assert len({text for text, _ in TOLD}) >= 60


def test_most_are_sure() -> None:
    """Of most sentences the kind need not be asked."""
    assert sum(guess(text)[0].certainty >= SURE for text, _ in TOLD) >= 0.75 * len(TOLD)


@pytest.mark.parametrize("text", ["", "halo", "😡😡", "pasar", "selamat pagi pak", "...", "hello"])
def test_what_says_nothing_is_not_sure(text: str) -> None:
    """Where no word tells, it is most likely a complaint, and not certain."""
    best = guess(text)[0]
    assert best.code == COMPLAINT
    assert best.certainty < SURE


@pytest.mark.parametrize(
    "text",
    [
        "Mohon dipasang lampu jalan, gang kami gelap",
        "Mohon informasi kenapa bantuan saya tidak cair",
        "Saran saya jalan yang rusak segera diperbaiki",
        "Berapa biaya KTP? Petugas minta uang",
    ],
)
def test_a_mixture_is_asked(text: str) -> None:
    """Where a problem stands beside a wish or a question, the kind is not certain."""
    assert guess(text)[0].certainty < SURE


@QUICK
@given(st.text(max_size=300) | st.lists(st.sampled_from(TOLD).map(lambda each: each[0])).map(" ".join))
def test_any_text_has_three_kinds(text: str) -> None:
    """Whatever is written, each kind is guessed once, the likeliest first, and together they are certain."""
    found = guess(text)
    assert {each.code for each in found} == {COMPLAINT, ASPIRATION, INFORMATION}
    assert sum(each.certainty for each in found) == pytest.approx(1, abs=0.001)
    assert list(found) == sorted(found, key=lambda each: -each.certainty)
