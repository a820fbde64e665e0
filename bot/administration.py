"""What the operator does from the shell: facts, invitations, and the check of a set-up."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

from bot import config as settings
from bot.config import Config
from bot.now import now
from handlers.facts import Facts
from handlers.rules.ticket import Role
from storage import facts as stored_facts
from storage import overview
from storage.database import AWAY, Database
from storage.facts import Invalid
from storage.invitations import invite
from storage.migrate import HEAD, revision, upgrade
from storage.vault import Vault

Findings = list[tuple[bool, str]]


class UnknownAgency(Exception):  # noqa: N818
    """No agency has this code."""

    def __init__(self, known: list[str]) -> None:
        super().__init__("unknown agency")
        self.known = known


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Database]:
    """The record, in its newest shape."""
    if not config.database_url:
        config.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(config.url)
    await database.start()
    try:
        yield database
    finally:
        await database.stop()


async def imported(config: Config, folder: Path, office: str) -> dict[str, int]:
    """Imports a folder of facts and returns how many rows of each; raises ValueError with everything that is wrong."""
    try:
        rows = stored_facts.read_folder(folder)
    except Invalid as invalid:
        raise ValueError("\n".join(invalid.problems)) from None
    async with opened(config) as database:
        await database.write(upgrade)
        await database.write(lambda c: stored_facts.keep(c, rows, office))
    return {name: len(found) for name, found in rows.items()}


async def invited(
    config: Config, agency: str, role: str, decree: str, valid_until: date | None
) -> tuple[str, str, datetime]:
    """A new invitation: its code, its link where the bot's name is known, and its end; raises UnknownAgency."""
    async with opened(config) as database:
        await database.write(upgrade)
        facts = await database.read(stored_facts.load)
        if agency not in facts.agency_by_code:
            raise UnknownAgency(list(facts.agency_by_code))
        vault = Vault(config.secret_keys)
        which = Role.COORDINATOR if role == "coordinator" else Role.OFFICER
        code, expires_at = await database.write(
            lambda c: invite(c, vault, secrets.randbelow, now(), agency, which, decree, valid_until)
        )
        username = await database.read(lambda c: stored_facts.get(c, "telegram_username"))
        number = await database.read(lambda c: stored_facts.get(c, "whatsapp_number"))
    return code, _link(code, username, "".join(filter(str.isdigit, number or ""))), expires_at


def _link(code: str, username: str | None, number: str) -> str:
    if username:
        return f"https://t.me/{username}?startgroup={code}"
    return f"https://wa.me/{number}?text=hubungkan%20{code}" if number else ""


async def diagnosed(config: Config) -> Findings:
    """What is right and what is wrong with a set-up, in plain words."""
    findings: Findings = [(False, problem) for problem in settings.to_serve(config)]
    if not findings:
        findings.append((True, "Pengaturan lengkap."))
    findings.extend(await _telegram(config))
    findings.extend(await _whatsapp(config))
    findings.extend(await _record(config))
    return findings


async def _telegram(config: Config) -> Findings:
    if not config.telegram_token:
        return []
    # Imported here: an invitation needs neither, and they take as long as all the rest.
    from bot.channels import Failure
    from bot.channels.telegram import Telegram

    telegram = Telegram(config.telegram_token, config.telegram_api_url, config.telegram_webhook_secret)
    await telegram.start()
    try:
        name = await telegram.who()
        url, waiting, complaint = await telegram.webhook_status()
    except Failure as failure:
        return [(False, f"Telegram tidak menerima bot ini: {failure.why}. Periksa token dan sambungan internet.")]
    finally:
        await telegram.stop()
    findings: Findings = [(True, f"Telegram mengenal bot @{name}.")]
    wanted = f"{config.public_url}/hook/telegram" if config.public_url else ""
    if wanted and url != wanted:
        findings.append(
            (False, f"Telegram masih mengirim ke {url or 'mana pun'}; jalankan kentongan serve agar pindah.")
        )
    if complaint:
        findings.append((False, f"Telegram mengeluh saat mengirim: {complaint}"))
    if waiting > 100:
        findings.append((False, f"{waiting} pesan menunggu di Telegram; apakah kentongan serve berjalan?"))
    return findings


async def _whatsapp(config: Config) -> Findings:
    if not all(getattr(config, name) for name in settings.WHATSAPP):
        return []
    from bot.channels import Failure
    from bot.channels.whatsapp import WhatsApp

    whatsapp = WhatsApp(
        config.whatsapp_token,
        config.whatsapp_phone_number_id,
        config.whatsapp_app_secret,
        config.whatsapp_verify_token,
        config.whatsapp_api_url,
    )
    await whatsapp.start()
    try:
        number, name = await whatsapp.who()
    except Failure as failure:
        return [
            (
                False,
                f"Meta tidak menerima pengaturan WhatsApp: {failure.why}. "
                "Periksa token, ID nomor telepon, dan sambungan internet.",
            )
        ]
    finally:
        await whatsapp.stop()
    url = f"{config.public_url or 'https://ALAMAT-ANDA'}/hook/whatsapp"
    return [
        (True, f"WhatsApp mengenal nomor {number} ({name or 'nama belum diverifikasi'})."),
        (True, f"Callback URL untuk Meta: {url}; setujui juga isi: kentongan whatsapp templates"),
    ]


async def _record(config: Config) -> Findings:
    try:
        async with opened(config) as database:
            shape = await database.read(revision)
            if shape != HEAD:
                return [(False, "Basis data belum sesuai bentuknya. Jalankan: kentongan migrate")]
            facts = await database.read(stored_facts.load)
            state = await database.read(overview.state)
    except AWAY as error:
        return [(False, f"Basis data tidak dapat dibuka ({type(error).__name__}). Periksa KENTONGAN_DATABASE_URL.")]
    return [(True, "Basis data siap."), *_facts(facts), *_coverage(facts, state)]


def _facts(facts: Facts) -> Findings:
    if not facts.agencies:
        return [(False, "Belum ada instansi. Masukkan fakta: kentongan facts import FOLDER")]
    findings: Findings = [
        (True, f"{len(facts.agencies)} instansi, {len(facts.categories)} topik, {len(facts.routes)} rute.")
    ]
    if facts.coordinator is None:
        findings.append(
            (False, "Tidak ada instansi berjenis coordinator; laporan yang tidak jelas tujuannya tertahan.")
        )
    years = {day.year for day, _ in facts.holidays}
    missing = [str(year) for year in (now().year, now().year + 1) if year not in years]
    if missing:
        findings.append((False, f"Hari libur tahun {', '.join(missing)} belum ada, jadi batas waktu bisa salah."))
    return findings


def _coverage(facts: Facts, state: overview.State) -> Findings:
    findings: Findings = []
    without = [agency.code for agency in facts.agencies if agency.code not in state.bound]
    if without:
        findings.append((False, f"Belum punya chat: {', '.join(without)}. Buat undangan: kentongan invite KODE"))
    else:
        findings.append((True, "Semua instansi punya chat."))
    if state.poisoned:
        findings.append((False, f"{state.poisoned} pesan gagal diproses dan disimpan untuk diperiksa."))
    if state.waiting:
        findings.append((state.waiting < 1000, f"{state.waiting} pesan menunggu dikirim."))
    if state.broken:
        findings.append((False, f"Riwayat tidak cocok dengan status: {', '.join(state.broken)}"))
    return findings
