"""The words of danger: what happens, to whom, and what says that it is over, only feared, or an image."""

from __future__ import annotations

from typing import Final

SHORT: Final = {
    variant: word
    for word, variants in {
        "sekarang": "skrg skrang skr saiki now",
        "tolong": "tlg tlong tulung tulungi help toloong tolonggg",
        "sedang": "sdg sdang",
        "barusan": "brusan td",
        "kebakaran": "kbakaran kebakran kobongan kebakaaran",
        "tidak": "tdk gak ga nggak ngga enggak tak ora",
        "yang": "yg",
        "cepat": "cpt cepet cepetan gece",
        "napas": "nafas",
        "bernapas": "bernafas",
        "mau": "mo",
        "ingin": "pengen pingin kepingin pgn",
        "saja": "aja",
        "saya": "sy aku gue gw q",
        "dengan": "dgn",
        "rumah": "rmh omah omahe griya",
    }.items()
    for variant in variants.split()
}

# Services, products and figures of speech that hold a word of danger.
IMAGES: Final = (
    r"(?:pemadam|dinas|kantor|mobil|petugas|pos|unit|armada|regu|alat|asuransi"
    r"|sprinkler) (?:pemadam )?(?:kebakaran|api)"
    r"|pemadam(?:an)?(?: kebakaran| api| listrik)?|kebakaran jenggot|kembang api|api unggun|kereta api|perapian"
    r"|darah tinggi|darah rendah|demam berdarah|donor darah|darah daging|cuci darah|sakit hati|mati matian"
    r"|mati lampu|lampu mati|listrik mati|(?:harga|biaya|tarif|pajak|utang|bunga)\w* (?:\w+ ){0,2}(?:mencekik"
    r"|membunuh)"
    r"|mencekik (?:rakyat|leher|warga kecil|petani)|tercekik (?:utang|hutang|biaya)|kebanjiran (?:pesanan|order"
    r"|orderan|job)"
    r"|banjir (?:pujian|diskon|promo|pesanan|kritik|keluhan)|jantung kota|serangan (?:hama|fajar|tikus|wereng)"
    r"|(?:membunuh|mematikan) (?:usaha|karakter|karier|semangat|kreativitas|ekonomi|waktu|pasar)|pembunuhan karakter"
    r"|memakan korban|makan korban|bom waktu|tenggelam dalam|sekarat (?:ekonomi\w*|usaha\w*)|gantung (?:baju|nasib)"
    r"|(?:bakar|membakar|pembakaran|dibakar) (?:sampah|jerami|sate|ikan|jagung|lahan kosong)|jalur evakuasi"
    r"|evakuasi (?:ular|tawon|sarang|kucing|biawak)|bawang|terbakar (?:emosi|cemburu|amarah|matahari)"
    r"|lampu merah|kucing(?: saya| kami| warga)?|terjun (?:payung|lapangan|langsung|bebas)|mau mati (?:matian"
    r"|rasanya)|rasanya mau mati (?:nunggu|menunggu|kepanasan)|meninggal dunia|hidup (?:sehat|layak|bersih|rukun"
    r"|damai|di kampung|di sini|bertetangga)"
)

# It did not happen, or is over.
OVER: Final = (
    r"(?:tidak|bukan|belum pernah|tanpa) (?:ada |terjadi |ada yang )?(?:kebakaran|kecelakaan|kekerasan|banjir"
    r"|korban|longsor"
    r"|gempa|pembunuhan|perampokan|maling|tawuran|pelecehan|kebocoran|bom|keracunan)|hoaks|hoax"
    r"|sudah (?:\w+ ){0,2}(?:padam|dipadamkan|surut|ditangani|ditangkap|aman|selamat|tertangkap|sembuh|baikan|baik)"
    r"|berhasil (?:dipadamkan|diselamatkan|ditangkap)|telah (?:padam|dipadamkan|ditangani|ditangkap|surut)"
    r"|cepat ditangani|(?:sedang |masih )?dirawat|rawat inap"
)

LONG_AGO: Final = (
    r"(?:\w+ )?(?:tahun|bulan|minggu|pekan) (?:yang )?(?:lalu|kemarin|silam)|(?:tahun|pada|sejak|bulan \w+) (?:19"
    r"|20)\d\d"
    r"|(?:\d+|dua|tiga|empat|lima|beberapa|berapa) (?:hari|minggu|bulan|tahun) (?:yang )?(?:lalu|silam)"
    r"|bertahun tahun (?:lalu|silam)"
    r"|dulu|dahulu|zaman|jaman|waktu (?:itu|kecil|sd|smp|sma)|semasa|pernah|almarhum|almarhumah|pada masa"
)
PAST: Final = (
    r"kemarin|semalam|tadi malam|tadi pagi|tadi siang|tadi sore|(?:senin|selasa|rabu|kamis|jumat|sabtu"
    r"|minggu) (?:lalu|kemarin)"
    r"|pasca|bekas|setelah|sesudah|sejak|sering|kerap|biasanya|selalu|tiap|setiap|kadang|berkali kali"
    r"|sudah dilaporkan|marak|masih menutup"
)
# Wishes, fears, questions and services.
TALK: Final = (
    r"usul|mengusulkan|usulan|saran|menyarankan|proposal|program|pelatihan|layanan|penanganan|pendampingan"
    r"|sosialisasi|simulasi|penyuluhan|lomba|seminar"
    r"|cegah|mencegah|pencegahan|antisipasi|mengantisipasi|agar|supaya|jangan sampai|takut (?:terjadi|ada|kalau"
    r"|nanti|akan)"
    r"|membahayakan"
    r"|menyebabkan|kapan|apa itu|bagaimana (?:cara|syarat|prosedur|mengurus|melapor)|apakah|berapa|di mana|dimana"
    r"|mana saja"
    r"|prosedur|syarat"
    r"|nomor (?:darurat|telepon|polisi|ambulans|pemadam)|jadwal|film|berita|sinetron|mimpi|pelajaran"
    r"|korban (?:kebakaran|banjir"
    r"|longsor|gempa|kekerasan|kdrt|bencana|erupsi|semeru|pelecehan|kecelakaan)|santunan|ganti rugi|diganti"
    r"|bantuan|dana|klaim"
    r"|bedah rumah|dokumen|surat|surat surat|berkas|mengurus|kasus|pengadilan|sidang|hidran|patroli|ruang aman"
    r"|konseling|obat(?:nya)? (?:habis|kosong)|karena tua"
)
# Work that is asked for.
ASKED: Final = (
    r"mohon (?:di|pem|per|pen|tambah|ada|agar|program|polisi|lampu)\w*|tolong (?:di|per|pasang|cek)\w*|ditambal"
    r"|diperbaiki|dipasang"
)
# Only feared.
FEARED: Final = (
    r"khawatir|kuatir|kawatir|dikhawatirkan|ditakutkan|rawan|rentan|berpotensi|berisiko|beresiko|resiko|risiko"
    r"|menghindari"
    r"|(?:bisa|dapat|akan) (?:menyebabkan|mengakibatkan|menimbulkan|terjadi|memicu|membuat)|jika|kalau|kalo"
    r"|apabila|bila|seandainya"
)
NOW: Final = (
    r"sekarang|saat ini|detik ini|malam ini|barusan|baru saja|sedang|masih di (?:jalan|dalam|lokasi|tempat|sana"
    r"|sini)|masih tergeletak"
    r"|masih (?:hidup|mengejar|mengamuk|terbakar|menyala|terjebak|mengeluarkan)|darurat|emergency|sos"
    r"|tolong(?! (?:di|per|pasang|cek|tindak|segera|beri|bantu|agar|supaya|jangan|untuk|kepada|pihak|dinas"
    r"|pemerintah|tambah)\w*)"
    r"|cepat (?:datang|kirim|tolong|bantu|ke|kesini|pak|bu|min|dong)|cepat$|segera (?:datang|kirim|ke sini|evakuasi)"
    r"|kirim (?:polisi|ambulans|ambulan|pemadam|damkar|perahu|bantuan)|(?:butuh|perlu|minta|panggil"
    r"|panggilkan) (?:ambulans?|pertolongan"
    r"|evakuasi)|belum ada ambulans?|(?:air|api|apinya|airnya) (?:terus naik|makin|semakin|membesar|merembet"
    r"|naik terus)"
    r"|on fire|(?:ada|dengan) (?:orang|bayi|anak) di dalam"
)

_THING: Final = (
    r"(?:rumah|toko|pasar|kios|warung|gudang|sekolah|pabrik|kandang|bangunan|kantor|ruko|dapur|mobil|truk|bus|bis"
    r"|motor|hutan"
    r"|lahan|kebun|kontrakan|kos|kosan|asrama|gedung|masjid|pom bensin|spbu|bengkel|pondok|kapal)(?:nya|ku|mu)?"
)
_SOMEBODY: Final = (
    r"(?:orang|anak|bocah|bayi|teman|kawan|adik|kakak|bapak|ibu|ayah|istri|suami|kakek|nenek|warga|siswa|murid"
    r"|pemuda|pekerja"
    r"|korban|tetangga|saudara|penumpang|pendaki|balita|pelajar|keponakan|saya|kami|dia|seorang|mahasiswa|nelayan"
    r"|wisatawan)(?:nya|ku)?"
)
_KIN: Final = (
    r"(?:suami|bapak|ayah|ibu|istri|mantan|pacar|mertua|paman|om|pakde|kakek|guru|pelatih|atasan|bos|majikan|ustaz"
    r"|ustad|tetangga"
    r"|kakak|tiri|orang tua|ortu|pengasuh)(?:nya|ku)?"
)
_HURTS: Final = (
    r"(?:memukul|memukuli|menampar|menganiaya|mencekik|menyiksa|menendang|mukul|mukulin|mukuli|nampar|nyekik"
    r"|menyekap|menyundut"
    r"|mengurung|menghajar|menusuk|pukul|mukul|tampar|hajar|tendang|cekik|mengancam|ngancam|memperkosa|mencabuli"
    r"|melecehkan|meraba|menyiram)"
)
_HURT: Final = (
    r"(?:dipukul|dipukuli|dipukulin|ditampar|disiksa|dicekik|diancam|dianiaya|ditendang|disekap|dikurung|dipasung"
    r"|disundut)"
)

# By itself, where nothing says that it is past or only feared.
CERTAIN: Final = {
    "suicide": (
        r"(?:mau|ingin|hendak|akan|coba|mencoba|niat|berniat|mengancam|nekat|pikiran|pikir) (?:untuk "
        r"|mau )?(?:bunuh diri"
        r"|mengakhiri hidup\w*|akhiri hidup\w*|gantung diri|minum racun|menyayat nadi|potong nadi|lompat|loncat"
        r"|terjun)\b"
        r"|(?<!lampu )(?<!merah )(?<!hp )(?<!mesin )(?<!listrik )(?<!· )(?:ingin|mau) mati\b|bunuh diri"
        r"|lebih baik (?:saya )?mati\b"
        r"|tidak (?:ingin|mau|sanggup|kuat) hidup(?: lagi)?(?! di)|(?:capek|lelah|bosan|cape) hidup\b|(?:baru"
        r"|sudah|barusan) (?:saja )?minum racun"
        r"|sedang (?:mencoba )?(?:bunuh diri|gantung diri)"
    ),
    "fire": (
        rf"{_THING} (?:\w+ ){{0,5}}(?:kebakaran|terbakar|kebakar|kobong|dilalap api|dilahap api)\b|^(?:ada "
        rf"|terjadi )?kebakaran\b"
        r"|(?:ada|terjadi) kebakaran\b|kebakaran (?:di|pak|bu|min|besar|hebat)\b|api\w* (?:\w+ ){0,4}(?:membesar"
        r"|besar"
        r"|berkobar|merembet"
        r"|menjalar|menyala besar|belum padam)|house is on fire|asap tebal (?:\w+ )?(?:keluar"
        r"|dari) (?:\w+ )?(?:rumah|lantai|ruko|toko|gedung)"
    ),
    "gas": (
        r"bau (?:gas|elpiji|lpg)\b|gas(?:nya)? (?:\w+ )?bocor|(?:elpiji|lpg|tabung"
        r"|regulator)(?:nya)? (?:\w+ ){0,4}(?:bocor"
        r"|mendesis|meledak)"
        r"|kebocoran gas"
    ),
    "power": (
        r"(?:kena setrum|terkena setrum|setrum dari|nyetrum|kesetrum|tersetrum|kesetrom|keseterum"
        r"|tersengat listrik)|kabel\w* (?:\w+ ){0,6}(?:setrum|nyetrum"
        r"|menyetrum|menyala|percikan|memercik|keluar api"
        r"|beraliran|bertegangan)|(?:trafo|gardu|meteran) (?:\w+ )?(?:meledak|terbakar|keluar api)"
        r"|korsleting (?:\w+ )?(?:api|asap)"
    ),
    "rescue": (
        rf"{_SOMEBODY} (?:\w+ ){{0,2}}(?:tenggelam|hanyut|terseret|tercebur|tertimbun)\b"
        rf"|{_SOMEBODY} (?:\w+ )?jatuh ke (?:sumur|jurang|sungai)"
        rf"|{_SOMEBODY} (?:\w+ )?terjebak (?:di|dalam)|(?:masuk|jatuh ke|terperosok ke) jurang"
        r"|(?:kapal|perahu|sampan)\w* (?:\w+ )?(?:terbalik|karam|tenggelam)|(?:kami|saya|pendaki\w*|rombongan"
        r"|teman\w*) (?:\w+ )?tersesat di"
    ),
    "abuse": (
        rf"{_KIN} (?:\w+ ){{0,3}}{_HURTS} (?:\w+ )?(?:saya|kami|anak\w*|istri\w*|bayi\w*|dia|ibu\w*|adik\w*"
        rf"|keponakan\w*|murid\w*|siswi\w*)"
        rf"|{_HURT} (?:\w+ )?(?:oleh )?{_KIN}\b|{_HURTS} (?:saya|anak\w*|istri\w*|bayi\w*)\b"
        rf"|anak (?:\w+ ){{0,2}}{_HURT}\b(?! (?:geng|preman|orang|massa))"
        rf"|{_KIN} (?:\w+ ){{0,2}}mengancam (?:\w+ )?(?:membunuh|bunuh) (?:saya|kami)"
        r"|(?:diperkosa|dicabuli|dilecehkan|disodomi|diraba|digerayangi|dirudapaksa)\b|dipaksa (?:melayani"
        r"|berhubungan|menikah)|kdrt\b|(?:memegang|pegang|megang|menyentuh|meremas) (?:\w+ )?(?:kemaluan|payudara"
        r"|alat kelamin)"
        r"|(?:dikunci|mengunci saya|disekap) (?:\w+ )?di (?:kamar|rumah|gudang)"
        r"|(?:menyebar|sebar|menyebarkan) (?:foto|video) (?:telanjang|bugil|asusila|syur)"
    ),
    "violence": (
        r"(?:mau|akan|hendak) (?:dibunuh|dibacok|membunuh)\b|(?:dibacok|ditusuk|ditembak|dikeroyok|disandera"
        r"|diculik|dirampok|dibegal)\b"
        r"|(?:bawa|membawa|pakai|acungkan|mengacungkan) (?:\w+ )?(?:celurit|parang|golok|pisau|clurit|pistol"
        r"|senjata tajam|sajam|samurai)\b"
        r"|ada (?:\w+ )?(?:maling|pencuri|perampok|rampok|begal) (?:di|masuk)|(?:maling|pencuri|perampok"
        r"|rampok)\w* (?:\w+ )?di (?:dalam|rumah|kamar|toko)|(?:perampok|pencuri|maling"
        r"|rampok) masuk|(?:saya|kami) diserang\b|mengancam (?:bunuh|membunuh)\b"
        r"|ada (?:yang )?(?:menembak|bom)\b|(?:suara|bunyi) tembakan|dikejar (?:\w+ )?(?:orang|geng|preman)"
        r"|sedang (?:memukuli|mengeroyok)"
    ),
    "disaster": (
        r"banjir bandang (?:datang|menerjang|masuk)|terjebak (?:banjir|longsor|lahar)|(?:kami|saya|orang|anak"
        r"|bayi) (?:\w+ )?di atap\b"
        r"|(?:air|banjir)\w* (?:\w+ )?(?:setinggi|sampai|se)? ?(?:dada|leher|atap)\b|longsor (?:menimpa|menimbun"
        r"|menerjang)"
        r"|(?:lahar|awan panas)\w* (?:\w+ )?(?:datang|turun|meluap|mendekat|menerjang)|(?:rumah|orang"
        r"|ada yang) tertimbun"
        r"|(?:roboh|ambruk) (?:dan )?(?:\w+ )?(?:menimpa|tertimpa)|tanggul jebol (?:\w+ ){0,2}(?:masuk|menerjang)"
    ),
    "medical": (
        r"tidak sadar(?:kan diri| diri|$)|tidak (?:bisa |dapat )?(?:ber)?napas|(?:keselek|tersedak)\b"
        r"|tidak bangun bangun|ketuban\w* (?:\w+ )?pecah|pecah ketuban|ular\w* (?:\w+ )?(?:menggigit|gigit"
        r"|mematuk)|sekarat\b|kejang|muntah darah|henti (?:napas|jantung)"
        r"|mulut\w* berbusa|berbusa|overdosis|(?:berdarah|pendarahan|darah\w*) (?:\w+ ){0,2}(?:banyak|hebat"
        r"|mengucur)|(?:butuh|perlu|tolong|panggil|panggilkan) ambulans?\b"
        r"|korban\w* (?:\w+ ){0,3}(?:tergeletak|berdarah)|(?:tiba tiba|mendadak) (?:stroke|pingsan|sesak|jatuh"
        r"|lumpuh)"
        r"|(?:stroke|sesak napas|pingsan) mendadak"
    ),
}  # fmt: skip

# Only with a word that says it is now.
LIKELY: Final = {
    "suicide": r"bunuh diri|gantung diri|(?:lompat|loncat|terjun) dari|minum racun",
    "fire": r"kebakaran|terbakar|kebakar\b|kobong|asap tebal|(?<!percikan )api\b",
    "gas": r"(?:gas|elpiji|lpg|tabung)(?:nya)? (?:\w+ ){0,4}(?:bocor|mendesis|meledak)|bau gas",
    "power": r"kabel (?:\w+ ){0,3}(?:putus|jatuh)|korsleting|konslet|percikan api",
    "rescue": (
        r"tenggelam|hanyut|terseret (?:arus|ombak)|tercebur|tertimbun"
        r"|tersesat di (?:gunung|hutan)|terjebak|jatuh ke (?:sumur|jurang)"
    ),
    "abuse": r"dipukul|dipukuli|kdrt|disekap|disiksa|dicekik|pelecehan|diancam suami",
    "violence": (
        r"maling|perampok|rampok|begal\b|tawuran|dikeroyok|dibacok|ditusuk|bacok|pembunuhan|penculikan|mengamuk"
        r"|ngamuk|penembakan"
        r"|memukuli|dihajar|digebuki|diserang|dijambret|ditodong|pengeroyokan|bentrok|bom\b"
    ),
    "disaster": (
        r"banjir bandang|lahar|longsor|gempa|tsunami|awan panas|erupsi|puting beliung|(?:banjir|kebanjiran"
        r"|air) (?:\w+ )?(?:sepinggang|sedada"
        r"|setinggi)|tanggul jebol|evakuasi"
    ),
    "medical": (
        r"kecelakaan|tabrakan|tertabrak|tabrak lari|pingsan|sesak napas|serangan jantung|(?:kena|terkena) stroke"
        r"|keracunan|melahirkan|lahiran|digigit ular"
        r"|pendarahan|patah tulang|luka parah|kritis|ambulans?|jatuh dari"
    ),
}  # fmt: skip
