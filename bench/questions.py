"""The report dialogue of eight questions that the floor and the python-telegram-bot contender both hold."""

from __future__ import annotations

QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Apa jenis laporan Anda?", ("Pengaduan", "Aspirasi", "Permintaan informasi")),
    ("Ceritakan masalahnya.", ()),
    ("Pilih kategori laporan.", ("Jalan", "Sampah", "Air bersih", "Lampu jalan")),
    ("Di mana kejadiannya?", ()),
    ("Kapan kejadiannya?", ("Hari ini", "Kemarin")),
    ("Kirim foto, atau lewati.", ("Lewati",)),
    ("Bagaimana nama Anda ditampilkan?", ("Biasa", "Anonim", "Rahasia")),
    ("Kirim laporan ini?", ("Kirim", "Batal")),
)
DONE = "Laporan Anda sudah tercatat. Ketik /lapor untuk membuat laporan baru."
