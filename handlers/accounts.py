"""Two accounts of one person on different apps, joined by a code that is made in one and typed in the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.desk import Scene
from handlers.words import Choice, Kind, Letter, T, Turn, Words

TYPED = re.compile(r"\s*/?hubungkan[ _]akun(?:@\w+)?[\s:]*(.*)", re.IGNORECASE | re.DOTALL)
APPS = {"telegram": "Telegram", "whatsapp": "WhatsApp"}
CODE = T(
    "accounts.code",
    "Kode Anda: {code}\n\nBuka layanan ini di aplikasi lain (Telegram atau WhatsApp), lalu ketik di sana:\n"
    "hubungkan_akun {code}\n\nBerlaku 15 menit dan sekali pakai. Jangan berikan kode ini kepada siapa pun.",
)
BAD = T(
    "accounts.bad",
    "Kode itu tidak berlaku: salah, sudah dipakai, atau sudah lewat 15 menit. "
    "Ketik hubungkan_akun di aplikasi yang lain untuk mendapat kode baru.",
)
SAME_APP = T(
    "accounts.same_app",
    "Kode itu dibuat di aplikasi yang sama, jadi tidak dapat dipakai di sini. "
    "Ketik hubungkan_akun untuk kode baru, lalu pakai di aplikasi yang lain.",
)
JOINED = T(
    "accounts.joined",
    "✅ Akun ini sekarang terhubung dengan akun Anda di {app}. Laporan Anda dapat dilihat dari keduanya, "
    "dan bila yang satu tidak dapat dihubungi, kabar kami kirim ke yang lain.",
)
JOINED_ALREADY = T("accounts.already", "Akun ini sudah terhubung dengan akun Anda di {app}.")
NOT_YOU = T("accounts.not_you", "{joined} Bukan Anda yang melakukannya? Pilih Pisahkan.")
PARTED = T("accounts.parted", "Akun ini tidak lagi terhubung dengan akun lain. Laporan yang dibuat di sini tetap ada.")
ALONE = T("accounts.alone", "Akun ini tidak terhubung dengan akun lain.")
PART = Choice("m:pisahkan_akun", T("accounts.part", "Pisahkan"))


def typed(scene: Scene) -> Turn | None:
    """Reads *hubungkan_akun*, with a code or without one; nothing for another text."""
    found = TYPED.fullmatch(scene.event.text) if scene.event.kind is Kind.TEXT else None
    if found is None:
        return None
    return _join(scene, found[1]) if found[1].strip() else offer(scene)


def offer(scene: Scene) -> Turn:
    """A new code; a person whose accounts are joined hears with what."""
    apps = _apps(scene, scene.desk.kin(scene.contact.id))
    if len(apps) > 1:
        return scene.reply(scene.talk, scene.letter(JOINED_ALREADY(app=_other(scene, apps)), choices=(PART,)))
    return scene.reply(scene.talk, scene.letter(CODE(code=scene.desk.pairing_code(scene.contact.id))))


def part(scene: Scene) -> Turn:
    """Makes this account stand alone again."""
    if len(_apps(scene, scene.desk.kin(scene.contact.id))) < 2:
        return scene.reply(scene.talk, scene.letter(ALONE))
    desk, mine = scene.desk, scene.contact.id
    others = [each for each in desk.kin(mine) if desk.contact(each).channel != scene.contact.channel]
    desk.part(mine)
    told = tuple(Letter(each, PARTED) for each in others)
    return scene.reply(scene.talk, scene.letter(PARTED), *told)


def _join(scene: Scene, code: str) -> Turn:
    desk, mine = scene.desk, scene.contact.id
    other = desk.paired(code)
    if other is None:
        return scene.reply(scene.talk, scene.letter(BAD))
    here, there = _apps(scene, desk.kin(mine)), _apps(scene, desk.kin(other))
    if set(here) & set(there):
        joined = len(here) > 1 or len(there) > 1
        text: Words = JOINED_ALREADY(app=_other(scene, (*here, *there))) if joined else SAME_APP
        return scene.reply(scene.talk, scene.letter(text, choices=(PART,) if len(here) > 1 else ()))
    desk.join(mine, other)
    told = NOT_YOU(joined=JOINED(app=APPS.get(scene.contact.channel, scene.contact.channel)))
    letter = scene.letter(JOINED(app=_other(scene, there)), choices=(PART,))
    return scene.reply(scene.talk, letter, Letter(other, told, choices=(PART,)))


def _apps(scene: Scene, accounts: Sequence[int]) -> tuple[str, ...]:
    """The channels of these accounts, each once."""
    return tuple(dict.fromkeys(scene.desk.contact(each).channel for each in accounts))


def _other(scene: Scene, apps: Sequence[str]) -> str:
    names = [APPS.get(app, app) for app in dict.fromkeys(apps) if app != scene.contact.channel]
    return ", ".join(names) or APPS.get(scene.contact.channel, scene.contact.channel)
