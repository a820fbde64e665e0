"""The command menus by scope and language; the empty language stands for every other."""

from __future__ import annotations

PRIVATE_ID = (
    ("lapor", "Buat laporan"),
    ("status", "Cek status laporan"),
    ("laporan_saya", "Daftar laporan saya"),
    ("bahasa", "Pilih bahasa"),
    ("hubungkan_akun", "Gabungkan dengan akun WhatsApp Anda"),
    ("bantuan", "Cara memakai"),
    ("batal", "Berhenti, laporan tetap disimpan"),
)
PRIVATE_EN = (
    ("lapor", "Make a report"),
    ("status", "Check a report's status"),
    ("laporan_saya", "My reports"),
    ("bahasa", "Choose a language"),
    ("hubungkan_akun", "Join with your WhatsApp account"),
    ("bantuan", "How to use"),
    ("batal", "Stop, the report is kept"),
)
GROUP_ID = (
    ("tugas", "Laporan terbuka menurut batas waktu"),
    ("tiket", "Satu laporan selengkapnya: /tiket NOMOR"),
    ("jelaskan", "Mengapa laporan di sini: /jelaskan NOMOR; hari-harinya: /jelaskan tenggat NOMOR"),
    ("input", "Mencatat laporan dari loket, surat, atau telepon"),
    ("petugas", "Siapa yang bertugas, dan sampai kapan SK-nya"),
    ("serah_terima", "Menyerahkan laporan saya kepada rekan"),
    ("belum", "Koordinator: instansi yang belum menindaklanjuti"),
    ("darurat", "Koordinator: mode darurat bencana"),
    ("hubungkan", "Mendaftar sebagai petugas: /hubungkan KODE"),
    ("bantuan", "Petunjuk untuk petugas"),
)
GROUP_EN = (
    ("tugas", "Open reports by deadline"),
    ("tiket", "One report in full: /tiket NUMBER"),
    ("jelaskan", "Why a report is here: /jelaskan NUMBER; its days: /jelaskan tenggat NUMBER"),
    ("input", "Record a report from the counter, a letter, or a call"),
    ("petugas", "Who serves here, and until when"),
    ("serah_terima", "Hand my reports to a colleague"),
    ("belum", "Coordinator: agencies that have not followed up"),
    ("darurat", "Coordinator: declare a disaster"),
    ("hubungkan", "Enrol as an officer: /hubungkan CODE"),
    ("bantuan", "Help for officers"),
)
COMMANDS = (
    ("private", "", PRIVATE_ID),
    ("private", "en", PRIVATE_EN),
    ("group", "", GROUP_ID),
    ("group", "en", GROUP_EN),
)
