"""Made-up sentences of people in danger, by its kind, and of people who are not."""

from __future__ import annotations

from handlers.rules.danger import Danger

IN_DANGER = {
    Danger.FIRE: """kios pojok pasar kobong saiki
kebakaran kandang sapi di Dusun Sumber, api besar
Min tolong, kompor meledak dan dapur saya terbakar
api di lantai atas pasar besar sekali, orang panik
gudang tiner terbakar, ledakan terus
Assalamualaikum, rumah Pak Slamet RT 2 kebakaran, mohon dibantu pemadam
api dari kompor menyambar, dapur penuh asap, tolong
ruko tiga lantai dilalap api
tolong ada rumah kebakar dekat puskesmas
gudang beras di Tempeh kebakaran pak
lagi kebakaran di depan masjid agung
api makin besar di kandang, sapi masih di dalam
Pak ini pasar kobong, tulung damkar
tungku meledak, api menyambar dinding, tolong
kebakaran rumah di RT 4, penghuninya lansia
tolong kirim damkar, rumah mertua saya di Kunir terbakar
bengkel di pertigaan terbakar hebat
kebakaran lahan di lereng, angin kencang, api mendekat ke kampung
Rumah kontrakan sebelah kobong, kami takut merembet
ada api di gudang kayu, cepat kirim damkar
pak tolong, warung bu Siti di Tempeh kebakaran, api sampai ke atap
rumah saya kebakaran sekarang tolong
Tolong!! ada kebakaran di Pasar Pasirian
KEBAKARAN PAK DI DEPAN BALAI DESA CEPAT
tetangga saya rumahnya kebakar, api makin besar
min tolong kios di terminal terbakar skrg
omahe tonggoku kobong pak, tulung
Ada gudang plastik terbakar di Jalan Melati, apinya membesar
api sudah merembet ke rumah sebelah
lahan tebu terbakar dan mendekati rumah warga, mohon pemadam segera datang
Toloooong kbakaran di belakang SDN 2
asap tebal keluar dari lantai dua ruko, ada orang di dalam
mobil terbakar di jalan raya Candipuro sekarang
dapur rumah saya terbakar, damkar tolong cepat ke Dusun Krajan
sedang terjadi kebakaran di pabrik kayu, pekerja masih di dalam
help, my house is on fire""",
    Danger.GAS: """bau elpiji menyengat di kos, pada pusing semua
selang kompor bocor, bau gas kemana-mana
tabungnya bocor dan bunyi mendesis
tolong gas bocor
elpiji di rumah saya bocor terus baunya menyengat
bau gas menyengat dari dapur tetangga
regulator gasnya bocor tolong gimana ini
tabung gas di dapur saya bocor dan bau gas menyengat sekali
Bau gas kuat di rumah, takut meledak, harus bagaimana?
elpiji bocor mendesis tidak bisa ditutup tolong
gas bocor di warung sebelah sekarang
tabung elpiji barusan meledak, ada yang luka""",
    Danger.POWER: """setrum dari tiang lampu, anak saya kena
kabel PLN jatuh di sawah, sapi sudah mati kesetrum
ada yang kesetrum kabel lampu jalan
tiang listrik roboh kabelnya menyala di jalan
anak tetangga kesetrum pompa air
kabel listrik jatuh di jalan, masih ada setrumnya, jangan lewat
tukang kesetrum di atap, tidak bergerak
anak saya kesetrum tiang lampu tolong
ada orang tersetrum kabel di depan masjid
kabel listrik putus jatuh ke jalan dan masih mengeluarkan percikan api
kabel PLN putus menyala di genangan air, warga lewat situ
trafo meledak keluar api di depan rumah""",
    Danger.MEDICAL: """ular kobra menggigit adik saya, tolong
saya hamil 9 bulan, pecah ketuban, tidak ada mobil
orang kejang di halte
kecelakaan beruntun sekarang di Wonorejo, ada yang terjepit
mertua saya jatuh di kamar mandi, tidak sadar
korban tabrak lari tergeletak depan SPBU
bapak sesak napas sejak subuh makin parah, butuh ambulans
tolong kirim ambulans ke Desa Jarit, ada kecelakaan
anak saya panas tinggi lalu kejang, tidak ada yang antar ke RS
ibu saya mau melahirkan sekarang jalan banjir tidak bisa lewat
motor tabrakan barusan, satu orang tidak bergerak
tolong, anak saya keselek tidak bisa napas
bapak tiba-tiba sesak napas, bibirnya biru
teman saya jatuh dari motor, darah di kepala banyak sekali
adik minum obat banyak, mulut berbusa
orang tua saya kena serangan jantung tolong
butuh ambulan di Dusun Krajan sekarang, ibu saya sesak
tabrakan beruntun barusan di jalur Piket Nol, banyak korban
tetangga saya tiba-tiba pingsan dan tidak bernapas
nenek stroke mendadak barusan jatuh di kamar mandi
istri mau lahiran sekarang, bidan tidak ada
anak saya step kejang panas tinggi
ibu hamil pendarahan hebat, tidak ada ambulans
kecelakaan truk dan motor di jalan nasional sekarang, korban belum ditolong
tolong ayah saya jatuh dari pohon tidak sadar
bapak saya tidak sadarkan diri, tolong ambulans
Ibu saya sesak napas berat sekarang, butuh ambulans
ada kecelakaan di depan pasar, korban masih tergeletak di jalan
istri saya mau melahirkan, ketuban sudah pecah, tidak ada kendaraan
tolong cepat, adik saya kejang-kejang
Tetangga kena serangan jantung sekarang
anak saya digigit ular barusan, tolong
tabrakan motor barusan di pertigaan, korbannya berdarah banyak
suami saya pingsan tidak bangun-bangun
kakek saya muntah darah skrg
belasan siswa keracunan makanan sekarang muntah-muntah di sekolah
bayi saya tidak bernapas tolong
ada orang sekarat di pinggir jalan
korban tabrak lari masih di jalan, belum ada ambulans datang
saudara saya overdosis obat, mulutnya berbusa""",
    Danger.RESCUE: """nelayan belum pulang, perahunya terbalik
anak kecil hanyut waktu main di kali
tiga pendaki hilang, kami masih tersesat di gunung Lemongan
ada bocah tenggelam di kolam renang, belum ketemu
orang jatuh ke jurang di Piket Nol
adik saya hanyut di sungai
pekerja jatuh ke sumur sedalam 15 meter
anak saya terjebak di dalam mobil
ada wisatawan terseret ombak pantai Tlepuk
orang tenggelam di Ranu Klakah
lift macet, ibu saya terjebak di dalam
kami tersesat di hutan, baterai hampir habis
anak tercebur sumur tolong
kapal nelayan terbalik di laut, tiga orang belum ketemu
bocah hanyut di selokan besar depan pasar
ada anak tenggelam di sungai Bondoyudo
orang hanyut terseret arus barusan di jembatan
teman saya terseret ombak di pantai Watu Pecak tolong
ada anak jatuh ke sumur, masih hidup
pendaki tersesat di gunung, kami butuh pertolongan
kakek saya terjebak di reruntuhan rumah
pekerja tertimbun pasir di tambang sekarang
mobil masuk jurang, penumpangnya masih di dalam""",
    Danger.DISASTER: """banjir sudah sedada, kakek saya masih di rumah
tebing longsor sekarang, mobil tertimbun
gempa tadi kuat, rumah kami roboh, ibu tertimpa tembok sekarang
longsor barusan menimpa warung, ada korban
banjir lahar menerjang rumah, kami terjebak
banjir sepinggang sekarang di perumahan, lansia belum dievakuasi
rumah tetangga tertimbun longsor
lahar datang, jembatan putus, warga terisolasi
awan panas Semeru turun lagi sekarang
air naik terus, kami di atap
longsor menutup rumah paman, orangnya masih di dalam
gempa besar barusan, banyak rumah roboh
banjir bandang masuk kampung
air sungai meluap deras sekarang, rumah kami mulai hanyut
tebing longsor barusan menimbun dua rumah
lahar Semeru turun, warga Curah Kobokan panik sekarang
banjir sudah masuk rumah setinggi leher, tolong evakuasi nenek saya
banjir bandang datang, kami di atap rumah
air sudah setinggi dada, kami terjebak di rumah bersama bayi
lahar dingin meluap ke permukiman sekarang, tolong evakuasi
longsor menimpa rumah, ada orang di dalam
gempa barusan, rumah roboh dan ada yang tertimpa
awan panas turun ke arah Supiturang sekarang
tanggul jebol air masuk kampung deras sekali, warga minta evakuasi
rumah kami kebanjiran sepinggang dan air terus naik, tolong kirim perahu
tanah longsor sedang terjadi di Pronojiwo, warga berlarian
puting beliung baru saja menerjang, rumah roboh menimpa nenek saya""",
    Danger.VIOLENCE: """kakak saya dihajar orang di terminal sekarang
ada bom di depan gereja katanya, tolong dicek
ada penembakan di kafe sekarang
preman bawa parang mau menyerang warga
pencuri masih di dalam rumah saya
ada perampokan di minimarket, pelaku bawa pistol
geng motor menyerang warga sekarang, bawa celurit
kami diserang sekelompok orang sekarang
suami saya dibacok orang, tolong
orang mabuk mengamuk bawa pisau di warung
ada pencuri masuk rumah, saya sembunyi di kamar
orang itu mengancam membunuh kami pakai golok
maling tertangkap dan sedang dihajar massa
pemuda dikeroyok di depan kafe
tolong, saya mau dibacok tetangga
ada perampok di toko sebelah
suara tembakan di sebelah, ada yang jatuh
ada dua kelompok tawuran barusan, lempar batu ke rumah
anak saya dipukuli geng motor sekarang di perempatan
toko emas sedang dirampok
saya dikejar orang bawa pisau
ada orang ngamuk bawa parang di depan rumah
ada maling di rumah saya sekarang
tolong saya mau dibunuh orang
adik saya dikeroyok orang di alun-alun, cepat kirim polisi
ada orang bawa celurit mengamuk di pasar
tawuran pelajar sedang terjadi di depan terminal, bawa senjata tajam
saya dibegal barusan, pelakunya masih mengejar
perampok masuk toko sekarang, kasir disandera
tetangga dibacok, darahnya banyak, tolong
orang mabuk mengancam bunuh warga pakai parang
ada yang menembak di kafe, orang lari
anak saya diculik orang pakai mobil hitam
sekelompok orang sedang memukuli pemuda di lapangan""",
    Danger.ABUSE: """dosen melecehkan saya di ruangannya
tetangga mengurung anaknya tanpa makan
suami saya pukul saya sampai berdarah
saya takut pulang, ayah memukuli saya terus
ponakan umur 8 tahun diperkosa pamannya
suami saya mabuk dan menghajar saya
saya disekap di gudang tolong
tetangga saya menyiksa anak asuhnya
saya diperkosa pacar
bapak saya memukul ibu setiap malam
guru les memegang kemaluan anak saya
saya dipaksa menikah dan dikurung orang tua
istri tetangga dipukuli suaminya, teriak-teriak minta tolong
anak perempuan itu dicabuli kakeknya
saya ditampar dan ditendang suami barusan
pembantu sebelah disiksa majikannya
ayah tiri saya meraba saya tiap malam
saya diancam mantan pacar, video saya mau disebar
anak SD tetangga dipukul ibunya pakai sapu sampai memar
suamiku KDRT lagi, aku dikunci di kamar
suami saya memukuli saya, saya takut
saya sering dipukul suami, tolong saya
anak tetangga disiksa bapak tirinya setiap hari
keponakan saya dicabuli guru ngajinya
saya diperkosa tetangga saya
ada anak kecil disekap di rumah kosong
murid perempuan diraba-raba oleh pelatihnya
suami mencekik dan mengancam membunuh saya malam ini
ibu itu menganiaya bayinya, bayinya menangis terus
saya dilecehkan atasan saya di kantor
mantan suami mengancam akan membunuh saya dan anak-anak
pacar saya menyebar foto telanjang saya dan mengancam saya
bapaknya mukulin anaknya pakai kabel
saya dipaksa melayani ayah tiri saya""",
    Danger.SUICIDE: """teman saya kirim pesan perpisahan, mau bunuh diri
kayaknya saya mau akhiri hidup saja
istri saya coba bunuh diri, minum obat serangga
saya tidak kuat, mau mengakhiri semuanya malam ini, ingin mati
buat apa hidup, saya mau lompat dari jembatan
dia bilang mau bunuh diri malam ini
saya pengen mati
tolong ada orang mau loncat dari menara
tidak sanggup hidup lagi min
teman kos saya mengunci kamar dan bilang mau gantung diri
lelah hidup, mau mati saja
saya ingin bunuh diri
ada perempuan berdiri di pagar jembatan mau terjun
saya sudah menyiapkan tali untuk bunuh diri
hidup saya tidak ada gunanya, ingin mati
kakak saya mau gantung diri di kamar
aku mau mengakhiri hidupku
saya mau bunuh diri saja
saya tidak ingin hidup lagi
rasanya lebih baik saya mati
ada orang mau lompat dari jembatan Gladak Perak
adik saya mengancam gantung diri, pintunya dikunci
aku capek hidup, pengen mati aja
teman saya baru minum racun tikus
saya sudah berniat mengakhiri hidup malam ini
gak kuat lagi, pingin bunuh diri""",
}

SAFE = """Ada bekas kebakaran di lahan kosong, mohon dibersihkan
Kompor gas program pemerintah belum dibagi
Listrik desa belum masuk
Gardu listrik dekat sekolah, khawatir membahayakan anak
Antrean BPJS di RSUD panjang
Mohon ambulans laut untuk nelayan
Bidan desa pindah, tidak ada pengganti
Kolam renang umum kotor
Pendakian ditutup tanpa pemberitahuan
Bantuan lahar belum cair
Data korban gempa salah nama
Jalan evakuasi Semeru rusak
Pelaku pencurian minggu lalu belum ditangkap
CCTV kota mati semua
Orang tua murid protes biaya seragam
Suami saya perangkat desa dan belum digaji
Anak saya belum punya KIA
Paman saya ODGJ, butuh pengobatan gratis
Hidup di desa ini sulit air
Obat serangga untuk pertanian langka
Petugas mengancam mencabut KTP saya
Warga memukul kentongan tiap malam, bising
Dua minggu lalu dapur umum terbakar, mohon bantuan alat
Apakah damkar bisa bantu isi air bersih?
Asap sate di trotoar mengganggu
Mohon cek gas oplosan di pangkalan
Harga tabung gas naik terus
Halte rusak, atapnya bocor
Puskesmas tolak pasien tanpa BPJS
Biaya persalinan mahal
Rumah sakit penuh, pasien dirawat di lorong
Kali berbau dan dangkal
Perahu bantuan nelayan belum dibagikan
Lumpur bekas banjir belum diangkut
Jalan amblas karena longsor Januari lalu
Kampung kami sering kemalingan
Kafe itu bising sampai subuh
Suami saya belum dapat kerja
Dosen terlambat terus
Guru melarang anak saya ikut ujian
Pesan WA dari dinas tidak dibalas
Lampu tiang depan gereja mati
Terminal kotor sekali
Ada ular di sawah, kapan ada penyuluhan?
Saya minta pohon dipangkas sebelum roboh
Anak jatuh di lubang trotoar minggu lalu
Sudah sebulan rumah korban kebakaran belum dibersihkan
Latihan evakuasi gempa di sekolah sebaiknya rutin
Damkar kurang personel
Pohon tumbang menimpa kabel kemarin, sudah ditangani PLN
Lampu jalan konslet sejak minggu lalu
Kompor gas bantuan rusak
Jalan licin, rawan kecelakaan
Kecelakaan bulan kemarin belum ada santunan Jasa Raharja
Antre obat jantung dari pagi
Tidak ada dokter di puskesmas hari ini
Ibu hamil wajib bayar, padahal gratis
Banjir di jalan raya setiap hujan deras
Bronjong jebol tahun kemarin
Maling kabel lampu jalan bikin gelap
Motor saya hilang minggu lalu
Kepala sekolah mengancam tidak memberi ijazah
Petugas mengancam akan mencabut bantuan saya
Anak saya dipalak temannya kemarin
Guru menghukum siswa berdiri di lapangan
Pacaran di taman meresahkan
Orang gila mengamuk minggu lalu
Saya capek, sudah lima kali bolak balik
Mau mati rasanya nunggu antrean lima jam
Sawah kami mati airnya
Perahu penyeberangan sudah tua
Wisata pantai tidak aman
Anjing liar banyak
Tawon bersarang di sekolah, mohon diambil
Sapi saya terseret banjir kemarin, ada bantuan?
Api abadi wisata itu ditutup
Kapan pembangunan pasar yang dulu kebakaran?
Mohon pelatihan memadamkan api untuk ibu-ibu
Pos damkar di Kecamatan Yosowilangun belum ada
Usul: tiap RT punya alat pemadam
Saya kehilangan KTP karena kebakaran dua tahun lalu
Bau gas dari pabrik sudah dilaporkan berkali-kali tapi tidak ada tindakan? Sudah ditangani, terima kasih
Apakah pemerintah punya program tabung gas gratis?
Kabel telepon putus sejak minggu lalu
Tiang wifi miring hampir roboh
Lampu taman nyetrum tahun kemarin, sudah diperbaiki
Dokter jaga tidak ada saat ibu saya ke puskesmas kemarin
Mohon sopir ambulans desa ditambah
Biaya ambulans terlalu mahal
Di jalan ini sering tabrakan, mohon lampu merah
Kapan BPJS ibu saya aktif, beliau butuh operasi?
Kuburan hanyut waktu banjir 2022, mohon ditata
Sungai meluap tiap tahun, usul tanggul
Pantai belum ada penjaga, padahal dulu ada yang terseret ombak
Papan peringatan bahaya ombak hilang
Rambu jalur evakuasi tsunami rusak
Gempa minggu lalu membuat dinding sekolah retak
Bantuan puting beliung belum turun
Bentrok jadwal pelayanan di dukcapil
Pedagang rebutan lapak, mohon ditata
Ada pungutan Rp50.000 tiap bulan dari preman pasar
Mohon tindak tegas balap liar
Tawuran bulan lalu merusak pagar sekolah
Kasus KDRT tetangga sudah diproses polisi
Mohon rumah aman untuk perempuan
Guru memukul meja saat marah
Anak-anak bermain petasan
Banyak anak putus sekolah
Saya malu dan ingin pindah desa
Hampir mati kepanasan di ruang tunggu puskesmas
Sinyal mati, susah kerja
Usaha saya mati karena jalan ditutup
Tanaman mati kekeringan
Ternak sapi saya mati dua ekor
Ikan mati di sungai karena limbah
Lowongan pemadam kebakaran kapan dibuka?
Mobil pemadam datang satu jam setelah rumah habis terbakar minggu lalu
Kebakaran pasar 2019 membuat pedagang pindah, kapan pasar baru jadi?
Mohon APAR di balai desa diisi ulang
Asap pabrik tebal sekali tiap pagi, batuk semua
Petani bakar jerami, asap ke jalan
Korban erupsi Semeru belum dapat hunian tetap
Setiap musim hujan selalu banjir selutut di depan sekolah
Jembatan sudah retak, tolong diperbaiki sebelum ambruk
Ada lubang besar, kemarin ibu saya jatuh, mohon ditambal
Kemarin anak saya kecelakaan karena jalan gelap, mohon lampu
Di sini sering maling motor, mohon lampu jalan
Tolong pasang CCTV karena banyak maling
Polisi tidur terlalu tinggi
Mohon penerangan, kawasan ini rawan begal
Puskesmas tidak punya ambulans
Ambulans PSC lama datang bulan lalu
Saya mau tanya biaya melahirkan di RSUD
Kakek saya stroke, bagaimana dapat kursi roda?
Obat jantung kosong di apotek RSUD
Anak saya kejang tahun lalu, sekarang perlu kontrol, BPJS nonaktif
Harga pupuk membunuh petani
Hidup makin sulit, harga naik terus
Listrik mati terus bikin pusing
Capek mengurus KTP, bolak-balik terus
Kapan bantuan untuk keluarga korban tenggelam?
Kolam renang umum tidak ada penjaga, takut ada anak tenggelam
Sungai tercemar, banyak ikan mati
Pasien meninggal karena terlambat ditangani tahun kemarin
Guru memberi tugas terlalu banyak
Petugas loket marah-marah dan membentak warga
Tolong tertibkan anak punk yang mengganggu
Ada orang gila tidur di halte
Kucing saya terjebak di atap
Kabel PLN kendor, mohon dikencangkan
Bau menyengat dari kandang ayam
Bau limbah tahu setiap sore
Gas 3 kg dijual 30 ribu
Tabung gas ditukar dengan yang kosong
Rumah tidak layak huni, dinding bambu
Air PDAM mati sejak pagi tolong segera diperbaiki
kebakaran tahun lalu belum ada bantuan
kantor pemadam kebakaran lambat melayani
usul hidran di dekat pasar untuk kebakaran
Rumah saya kebakaran bulan lalu, kapan bantuannya cair?
Tidak ada kebakaran, hanya asap pembakaran sampah
Apakah ada pelatihan pemadam kebakaran untuk warga?
Berapa nomor pemadam kebakaran Lumajang?
Mohon mobil pemadam kebakaran ditambah di Kecamatan Pasirian
Tetangga suka bakar sampah, asapnya masuk rumah
Kebakaran tadi malam sudah padam, mohon puing dibersihkan
Jangan sampai terjadi kebakaran seperti di pasar dulu
Kabel semrawut, takut terjadi kebakaran
Pasar yang terbakar tahun 2023 belum dibangun lagi
Surat-surat saya ikut terbakar, bagaimana mengurus KTP?
Warga korban kebakaran belum menerima bantuan
Harga elpiji mahal dan gas langka di Sukodono
Gas melon susah dicari sejak minggu lalu
Pangkalan gas tutup terus
Bantuan kompor gas belum sampai
Pak Lurah kebakaran jenggot saat ditanya dana desa
Lampu jalan mati, gelap sekali
Listrik padam sejak sore, kapan menyala?
Kabel internet menjuntai di depan rumah, mohon dirapikan
Tiang listrik miring, mohon dicek
Meteran listrik saya rusak, token tidak bisa masuk
Trafo sering mati kalau hujan
Saya menderita darah tinggi, obat di puskesmas habis
Harga beras mencekik rakyat kecil
Jalan ini memakan korban bulan lalu, mohon diperbaiki
Bulan lalu ada kecelakaan karena lubang, tolong ditambal
Sering terjadi kecelakaan di tikungan ini, mohon dipasang cermin
Rawan kecelakaan, tolong pasang lampu
Ambulans desa tidak pernah dipakai untuk warga
Kapan jadwal operasi jantung di RSUD?
Ibu saya antre lama di IGD minggu lalu
Bagaimana syarat pinjam ambulans desa?
Usul puskesmas buka 24 jam untuk ibu melahirkan
Istri saya melahirkan tahun lalu, akta anak belum jadi
Saya sakit hati dengan pelayanan kelurahan
Mati-matian kami mengurus sertifikat, belum jadi juga
Demam berdarah banyak di kampung, mohon fogging
Ayah saya sudah meninggal, bagaimana mengurus akta kematian?
Dua tahun lalu ada anak tenggelam di kolam ini, mohon diberi pagar
Sungai dangkal, bisa menyebabkan banjir
Setiap hujan jalan kami banjir, mohon selokan dikeruk
Banjir minggu lalu merusak jalan desa
Kapan bantuan korban banjir dibagikan?
Usul jalur evakuasi lahar Semeru diperbaiki
Mohon sosialisasi gempa bumi di sekolah
Jembatan putus karena lahar tahun 2021 belum dibangun
Tanah longsor dua minggu lalu masih menutup jalan
Posko pengungsian dulu tidak punya toilet
Hujan abu membuat atap kotor, mohon dibersihkan
Genangan air di depan pasar bau
Tanggul retak, khawatir jebol kalau musim hujan
Kebanjiran pesanan, UMKM kami butuh modal
Rumah saya mau roboh karena tua, mohon bedah rumah
Pencurian motor marak bulan ini, mohon patroli ditambah
Tahun lalu anak saya dibegal di jalan ini karena gelap
Mohon polisi berjaga supaya tidak ada tawuran
Sering ada anak mabuk di taman, mohon ditertibkan
Sound horeg mengganggu, tolong ditegur
Preman minta uang parkir di pasar setiap hari
Kepala desa membunuh usaha kami dengan pungutan
Pedagang dipungut biaya tidak resmi
Ada yang jual miras di dekat sekolah
Kasus pembunuhan tahun lalu belum selesai di pengadilan
Apa nomor polisi yang bisa dihubungi warga?
Film tentang perampokan itu diputar di alun-alun
Tidak ada kekerasan, hanya pelayanannya kurang ramah
Di mana tempat konseling untuk korban kekerasan?
Usul ruang aman bagi perempuan korban KDRT
Mohon penyuluhan pencegahan pelecehan seksual di sekolah
Bagaimana prosedur melapor kekerasan anak?
Dulu saya dipukul guru waktu SD, sekarang sudah baik
Mohon program pencegahan bunuh diri untuk remaja
Tahun lalu ada warga bunuh diri di jembatan, mohon dipagari
Lampu merah mau mati, kedip-kedip terus
HP saya mati saja kalau buka aplikasi ini
Antrean panjang sekali sampai capek
Saya tidak ingin hidup di kampung kumuh, mohon ditata
Mati lampu lagi, capek saya
Truk pasir ngebut, anak-anak takut menyeberang
Jalan berlubang besar, sudah tiga motor jatuh minggu ini
Sampah menumpuk seperti gunung mau longsor
Pohon besar rawan tumbang di depan sekolah
Ular sering masuk rumah karena lahan kosong
Petugas damkar kemarin ramah sekali, terima kasih
Kembang api dan petasan mengganggu setiap malam
Perlintasan kereta api tidak ada palang
Kebakaran hutan di Semeru tahun 2023 harus jadi pelajaran
Pemadaman listrik bergilir tanpa pemberitahuan
Sumur warga kering, butuh air bersih sekarang
Bansos saya dihapus, tolong segera dibantu
Gaji guru honorer belum dibayar, kami tercekik utang
Anak saya dibully teman sekelasnya bulan lalu
Kecelakaan kerja tahun lalu belum diganti rugi
Pungli di kantor desa membuat rakyat sekarat ekonominya
Terima kasih, kebakaran kemarin cepat ditangani
Proposal bantuan alat pemadam api ringan untuk sekolah"""


def in_danger() -> list[tuple[Danger, str]]:
    """Each sentence with the kind of its danger."""
    return [(kind, line) for kind, lines in IN_DANGER.items() for line in lines.splitlines()]


def safe() -> list[str]:
    """Sentences without danger now."""
    return SAFE.splitlines()
