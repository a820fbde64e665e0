"""The main menu, help, language, and the words that work at every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers import accounts, affected, disaster, report, submit, supplement, track, verdict, whose
from handlers.answers import Option, Pick, plain
from handlers.desk import Scene
from handlers.dialogue import Dialogue, Step, ask, back, begin, current, go_on
from handlers.words import Kind, Lines, T, Talk, Turn, Words

WAYS = (
    Option("lapor", T("menu.report", "Buat laporan"), words=("lapor", "buat", "aduan", "mengadu", "report")),
    Option("status", T("menu.status", "Cek status"), words=("status", "cek", "lacak")),
    Option("laporan_saya", T("menu.mine", "Laporan saya"), words=("daftar",)),
    Option("bantuan", T("menu.help", "Bantuan"), words=("help", "tolong", "info")),
    Option("bahasa", T("menu.language", "Bahasa / Language"), words=("language", "bahasa", "english")),
)
GO = Pick(lambda scene: (*affected.options(scene), *WAYS))
LANGUAGES = Pick(
    (
        Option("id", "Bahasa Indonesia", words=("indonesia", "id")),
        Option("en", "English", words=("inggris", "en")),
    )
)
WELCOME = T(
    "menu.welcome",
    "Selamat datang di layanan pengaduan SP4N-LAPOR! {office} 👋\nDi sini Anda dapat menyampaikan keluhan, saran, "
    "atau pertanyaan tentang layanan pemerintah. Gratis.",
)
SAMPLE = T("menu.sample", "⚠️ Ini hanya untuk mencoba. Laporan Anda tidak sampai ke instansi mana pun.")
WHERE_TO = T("menu.where_to", "Mau mulai dari mana?")
HELP = T(
    "menu.help_text",
    "Cara melapor: pilih Buat laporan, lalu jawab pertanyaannya satu per satu. "
    "Jawab dengan tombol, nama tombol, atau nomor urutnya.\n\n"
    "Kata yang selalu bisa dipakai:\n• menu: ke menu utama\n• kembali: ke pertanyaan sebelumnya\n"
    "• ulang: tampilkan pertanyaan lagi\n• batal: berhenti, laporan yang sudah dimulai disimpan 7 hari\n"
    "• bantuan: pesan ini\n\n"
    "Untuk melihat status laporan, ketik menu, lalu kirim nomornya.\n\n"
    "🚨 Ada bahaya atau korban sekarang? Jangan menunggu kami. Hubungi 112 (darurat), 110 (polisi), "
    "119 (medis), atau 113 (pemadam).",
)
NOT_UNDERSTOOD = T("menu.unknown", "Maaf, kami belum mengerti. Pilih salah satu tombol, atau ketik bantuan.")
NOT_TAKEN = T("menu.not_taken", "Pesan Anda yang baru tidak ikut dalam laporan ini. Kirim lagi bila perlu.")
GROUP_ONLY = T(
    "menu.group_only",
    "Perintah itu untuk petugas dan hanya berlaku di grup instansi.",
)


def _welcome(scene: Scene) -> Words:
    told = affected.banner(scene)
    return Lines((told, WHERE_TO), "\n\n") if told else WHERE_TO


MENU = Dialogue("menu", (Step("go", GO, _welcome),), lambda scene: go(scene, scene.talk.answers["go"]), way_out=False)


def _spoken(scene: Scene) -> Turn:
    language = scene.talk.answers["language"]
    contact = replace(scene.contact, language=language)
    scene.desk.change_contact(contact)
    changed = replace(scene, contact=contact, talk=Talk(shelf=scene.talk.shelf))
    return open_menu(changed, T("menu.language_set", "Baik, kita memakai Bahasa Indonesia."))


LANGUAGE = Dialogue(
    "language",
    (Step("language", LANGUAGES, T("menu.which_language", "Pilih bahasa.")),),
    _spoken,
)


def choose_language(scene: Scene) -> Turn:
    """Asks for the language."""
    return begin(scene, LANGUAGE)


def open_menu(scene: Scene, note: Words = "") -> Turn:
    """The main menu; an unfinished report stays on the shelf."""
    turn = begin(scene, MENU, note)
    if turn.talk.shelf is None:
        return turn
    (letter,) = turn.letters
    return Turn(turn.talk, (replace(letter, choices=(submit.RESUME, *letter.choices)),))


def welcome(scene: Scene) -> Turn:
    """The greeting, with the mark of the sample office where it is one."""
    facts = scene.desk.facts
    note: Words = WELCOME(office=facts.office)
    if facts.sample:
        note = T("menu.marked", "{welcome}\n\n{sample}", welcome=note, sample=SAMPLE)
    return open_menu(scene, note)


def go(scene: Scene, where: str) -> Turn:
    """Opens what a command, a button or a word of the menu names."""
    scene = replace(scene, event=replace(scene.event, tap="", text=""))
    if where == "lapor":
        return report.fresh(scene)
    if where == affected.WORD:
        return disaster.start(scene)
    if where == "status":
        return track.ask_number(scene)
    if where == "laporan_saya":
        return track.mine(scene)
    if where == "bahasa":
        return choose_language(scene)
    return help_(scene)


def resume(scene: Scene) -> Turn:
    """Takes the report from the shelf and repeats its question."""
    shelf = scene.talk.shelf
    if scene.talk.dialogue == report.REPORT.name:
        return go_on(scene, report.REPORT)
    if shelf is None:
        return open_menu(scene, T("menu.no_draft", "Tidak ada laporan yang tersimpan."))
    talk = Talk("report", shelf["answers"], shelf["partial"], sources=shelf["sources"])
    note = NOT_TAKEN if not scene.talk.dialogue and scene.talk.answers else ""
    return go_on(replace(scene, talk=talk), report.REPORT, note)


def erase(scene: Scene) -> Turn:
    """Throws the draft away, on the reporter's word."""
    if scene.talk.dialogue == report.REPORT.name and scene.event.kind is Kind.TAP:
        # An old button: the report that is being made now is put aside, and asked about.
        return submit.put_aside(scene)
    note = T("menu.erased", "Draf laporan sudah kami hapus.")
    heard = {} if scene.talk.dialogue else dict(scene.talk.answers)
    scene = replace(scene, talk=Talk())
    return report.start(scene, note, **heard) if heard else open_menu(scene, note)


def cancel(scene: Scene) -> Turn:
    """Leaves what is going on; a report is kept as a draft."""
    return submit.put_aside(scene)


def help_(scene: Scene) -> Turn:
    """The help text, and the current question again where there is one."""
    dialogue = DIALOGUES.get(scene.talk.dialogue)
    step = current(dialogue, scene.talk.answers) if dialogue and dialogue is not MENU else None
    if dialogue and step:
        return ask(scene, dialogue, step, HELP)
    return open_menu(scene, HELP)


def repeat(scene: Scene) -> Turn:
    """The current question again."""
    dialogue = DIALOGUES.get(scene.talk.dialogue)
    return go_on(scene, dialogue) if dialogue else open_menu(scene)


def step_back(scene: Scene) -> Turn:
    """The question before this one."""
    dialogue = DIALOGUES.get(scene.talk.dialogue)
    if dialogue is None or dialogue is MENU:
        return open_menu(scene)
    return back(scene, dialogue)


DIALOGUES: dict[str, Dialogue] = {
    dialogue.name: dialogue
    for dialogue in (
        MENU,
        LANGUAGE,
        report.REPORT,
        disaster.FORM,
        track.STATUS,
        supplement.ADD,
        verdict.RATING,
        verdict.DISPUTE,
        verdict.OBJECTION,
        whose.DIALOGUE,
    )
}

EVERYWHERE: dict[str, Callable[[Scene], Turn]] = {
    "menu": open_menu,
    "mulai": welcome,
    "start": welcome,
    "batal": cancel,
    "cancel": cancel,
    "stop": cancel,
    "kembali": step_back,
    "back": step_back,
    "bantuan": help_,
    "help": help_,
    "ulang": repeat,
    "ulangi": repeat,
    "repeat": repeat,
    "lanjut": resume,
    "lanjutkan": resume,
    "continue": resume,
    "hapus_draf": erase,
    "hapus draf": erase,
    "delete draft": erase,
    "lapor": report.fresh,
    affected.WORD: disaster.start,
    "lapor bencana": disaster.start,
    "laporan_saya": track.mine,
    "laporan saya": track.mine,
    "my reports": track.mine,
    "hubungkan_akun": accounts.offer,
    "pisahkan_akun": accounts.part,
    "pisahkan akun": accounts.part,
    "status": track.ask_number,
    "cek status": track.ask_number,
    "bahasa": choose_language,
    "language": choose_language,
}
"""The words that work at every step, as commands, as buttons of navigation, and typed."""

ONLY_ALONE = (
    *("lanjut", "lanjutkan", "continue", "lapor", "status", "mulai", "start", "stop", "bahasa", "language"),
    affected.WORD,
)
"""Words that are an answer as often as a wish: they work typed only where no other question stands open."""


def everywhere(scene: Scene, word: str) -> Turn | None:
    """What a word that works everywhere does here; nothing for another word."""
    handler = EVERYWHERE.get(word)
    return handler(scene) if handler else None


def typed(scene: Scene) -> Turn | None:
    """The same for words typed without a slash."""
    word = plain(scene.event.text)
    busy = scene.talk.dialogue not in ("", "menu")
    meant = busy and (word in ONLY_ALONE or disaster.cries(scene, word))
    return None if meant else everywhere(scene, word)
