// The story that plays by itself, as a table. To follow a change of the bot's words, change this table only.
//
// Each step: `as` (a role of CAST), `do`, and what it waits for in that role's chat since its last step:
//   labels   a message of the bot with one of these buttons; the first present is meant, "*" is any button
//   expect   a message of the bot whose text has one of these fragments; with labels, both must hold
// A step with neither goes at once. An `optional` step is passed over as soon as a later step's wait is over.
// `patience` is in seconds; PATIENCE when not given. `meanwhile` is said while a step is waited for.
// `keep` names the message for a later reply `to` it. `photo` (of photo.js) goes with a text or alone.
// In `says`, {warga}, {petugas} and {grup} become names.

export const PATIENCE = 20;

/** Who plays: a reporter, and an officer of whichever group the report's card reaches. */
export const CAST = {
  warga: { kinds: ["reporter"] },
  petugas: { kinds: ["agency"] },
};

const STORY =
  "Jalan raya di depan Pasar Pasirian berlubang besar sejak dua minggu lalu. " +
  "Kemarin dua pengendara motor tergelincir. Mohon segera ditambal.";
const ANSWER = "Terima kasih atas laporannya. Lubang itu kami tambal hari ini pukul 13.00. Jalan sudah aman.";

export const STEPS = [
  {
    as: "warga",
    do: "text",
    text: "/start",
    says: "{warga} menemukan jalan berlubang. Ia membuka chat dan menyapa bot.",
  },
  { as: "warga", do: "tap", labels: ["Bahasa Indonesia"], optional: true, says: "{warga} memilih bahasa." },
  { as: "warga", do: "tap", labels: ["Buat laporan"], says: "Bot menyambut. {warga} memilih Buat laporan." },
  {
    as: "warga",
    do: "tap",
    labels: ["Hapus draf"],
    expect: ["belum Anda kirim"],
    optional: true,
    says: "Masih ada draf lama. {warga} menghapusnya.",
  },
  {
    as: "warga",
    do: "tap",
    labels: ["Buat laporan"],
    expect: ["sudah kami hapus"],
    optional: true,
    says: "{warga} memulai laporan baru.",
  },
  {
    as: "warga",
    do: "tap",
    labels: ["Setuju"],
    optional: true,
    says: "Sebelum bertanya, bot menjelaskan pemakaian data. {warga} menyetujuinya.",
  },
  {
    as: "warga",
    do: "text",
    text: STORY,
    expect: ["Ceritakan", "apa yang terjadi"],
    says: "{warga} bercerita dengan kata-katanya sendiri.",
  },
  { as: "warga", do: "tap", labels: ["Selesai bercerita"], says: "Ceritanya sudah lengkap." },
  {
    as: "warga",
    do: "tap",
    labels: ["Pengaduan"],
    optional: true,
    says: "Ada layanan yang bermasalah: ini sebuah pengaduan.",
  },
  {
    as: "warga",
    do: "tap",
    labels: ["Benar", "Jalan rusak & berlubang", "Jalan & lalu lintas", "*"],
    expect: ["Yang kami tangkap", "Apakah ini tentang", "Pilih yang paling dekat", "Ini tentang apa"],
    optional: true,
    says: "Bot menangkap topik dan instansinya dari isi cerita. {warga} tinggal membenarkan.",
  },
  {
    as: "warga",
    do: "tap",
    labels: ["Jalan rusak & berlubang", "Saya tidak tahu"],
    expect: ["Lebih tepatnya"],
    optional: true,
    says: "{warga} memperjelas topiknya.",
  },
  {
    as: "warga",
    do: "place",
    lat: -8.217,
    lon: 113.115,
    expect: ["Di mana"],
    says: "{warga} mengirim titik lokasi dari ponselnya.",
  },
  { as: "warga", do: "tap", labels: ["Benar"], optional: true, says: "Lokasinya benar." },
  {
    as: "warga",
    do: "tap",
    labels: ["Tidak, laporan baru"],
    expect: ["laporan serupa"],
    optional: true,
    says: "Ada laporan serupa, tetapi {warga} tetap membuat yang baru.",
  },
  { as: "warga", do: "tap", labels: ["Hari ini"], says: "Kapan kejadiannya? Hari ini." },
  {
    as: "warga",
    do: "tap",
    labels: ["Lewati"],
    expect: ["Di mana tepatnya", "Siapa yang terkena", "Seberapa sering"],
    optional: true,
    says: "Bot menanyakan yang masih kurang; {warga} melewatinya.",
  },
  {
    as: "warga",
    do: "photo",
    photo: "hole",
    expect: ["Punya foto"],
    optional: true,
    says: "{warga} melampirkan foto jalannya.",
  },
  { as: "warga", do: "tap", labels: ["Lanjut", "Lewati"], says: "Lampirannya cukup." },
  { as: "warga", do: "tap", labels: ["Biasa"], says: "{warga} memilih siapa yang boleh melihat laporannya." },
  { as: "warga", do: "tap", labels: ["Kirim"], says: "Semuanya diperiksa sekali lagi, lalu dikirim." },
  {
    as: "petugas",
    do: "tap",
    labels: ["Ambil"],
    keep: "kartu",
    patience: 90,
    meanwhile: "Kartu laporan segera tiba di grup petugas…",
    says: "Kartu laporan tiba di grup {grup}. {petugas} mengambilnya.",
  },
  {
    as: "petugas",
    do: "reply",
    to: "kartu",
    text: ANSWER,
    photo: "mended",
    says: "Jalan ditambal. {petugas} cukup membalas kartu itu, dengan foto hasilnya.",
  },
  {
    as: "petugas",
    do: "tap",
    labels: ["Kirim ke pelapor"],
    says: "Pratinjau dulu: ini jawaban untuk pelapor, bukan catatan internal.",
  },
  {
    as: "warga",
    do: "tap",
    labels: ["Sudah teratasi"],
    patience: 60,
    meanwhile: "Beberapa detik jawaban masih dapat diurungkan…",
    says: "{warga} menerima jawaban di chat yang sama. Masalahnya sudah teratasi.",
  },
  {
    as: "warga",
    do: "tap",
    labels: ["5 ★ Sangat puas", "★★★★★", "5 ★", "5 bintang", "5"],
    says: "{warga} memberi lima bintang.",
  },
  {
    as: "warga",
    do: "text",
    text: "Cepat sekali. Terima kasih!",
    expect: ["Ada yang perlu diperbaiki"],
    says: "Penilaiannya tampil juga di grup petugas. Selesai.",
  },
];
