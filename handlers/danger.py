"""Whoever is in danger gets the numbers to call at once, before anything is asked."""

from __future__ import annotations

from handlers.desk import Scene
from handlers.rules.danger import Danger, danger
from handlers.words import Lines, T, Words

# Kept in the answers of a report, so that the numbers are said once.
WARNED = "warned"

EVERYWHERE = T("danger.number", "112 (darurat)")
POLICE = T("danger.number", "110 (polisi)")
FIRE = T("danger.number", "113 (pemadam kebakaran)")
MEDICAL = T("danger.number", "119 (ambulans)")
RESCUE = T("danger.number", "115 (SAR)")
POWER = T("danger.number", "123 (PLN)")
PROTECTION = T("danger.number", "SAPA 129 (perempuan dan anak), WhatsApp 08111-129-129")
COUNSEL = T("danger.number", "119 lalu tekan 8 (konseling)")

# What fits goes first; 112 is not connected everywhere.
NUMBERS: dict[Danger, tuple[Words, ...]] = {
    Danger.FIRE: (FIRE, EVERYWHERE),
    Danger.GAS: (FIRE, EVERYWHERE),
    Danger.POWER: (POWER, FIRE, EVERYWHERE),
    Danger.MEDICAL: (MEDICAL, EVERYWHERE),
    Danger.RESCUE: (RESCUE, EVERYWHERE, MEDICAL),
    Danger.DISASTER: (EVERYWHERE, RESCUE),
    Danger.VIOLENCE: (POLICE, EVERYWHERE),
    Danger.ABUSE: (PROTECTION, POLICE),
    Danger.SUICIDE: (COUNSEL, EVERYWHERE),
}
AT_ONCE = T("danger.at_once", "🚨 Ada bahaya sekarang? Jangan menunggu kami. Hubungi:")
NOT_ALONE = T(
    "danger.not_alone", "Anda tidak sendirian. Bila Anda atau orang di dekat Anda ingin mengakhiri hidup, hubungi:"
)
SAFE_FIRST = T("danger.safe_first", "🚨 Keselamatan Anda yang utama. Bila Anda atau orang lain terancam, hubungi:")
OPENINGS: dict[Danger, Words] = {Danger.SUICIDE: NOT_ALONE, Danger.ABUSE: SAFE_FIRST}
ADVICE: dict[Danger, Words] = {
    Danger.GAS: T("danger.gas", "Jangan menyalakan api atau sakelar. Buka pintu, lalu keluar."),
    Danger.POWER: T("danger.power", "Jangan menyentuh kabel atau orang yang tersengat."),
    Danger.DISASTER: T("danger.disaster", "Pergilah dulu ke tempat yang aman."),
}
GO_ON = T("danger.go_on", "Laporan dapat dilanjutkan kapan saja.")


def warning(text: str) -> Words:
    """The numbers for the danger of which a text speaks; nothing where there is none."""
    kind = danger(text)
    if kind is None:
        return ""
    numbers = tuple(T("danger.line", "• {number}", number=number) for number in NUMBERS[kind])
    return Lines((OPENINGS.get(kind, AT_ONCE), *numbers, ADVICE.get(kind, ""), GO_ON))


def warned(scene: Scene) -> Words:
    """The numbers for the danger in what was just written; nothing where they were said before in this report."""
    return "" if scene.talk.answers.get(WARNED) else warning(scene.event.text)
