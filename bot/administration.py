"""What the operator does from the shell: facts, invitations, and the check of a set-up."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import config as settings
from bot.blobs import put_decree
from bot.config import Config
from bot.experience import FILE, Experience
from bot.now import now
from handlers.desk import Decree
from handlers.facts import Facts
from handlers.rules.ticket import Role
from storage import facts as stored_facts
from storage import overview, recount
from storage.database import AWAY, Database
from storage.facts import Invalid
from storage.invitations import invite, kept
from storage.migrate import HEAD, revision
from storage.office import Office
from storage.takeover import FILLING, Unfinished, ready
from storage.takeover import state as state_of_copy
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


async def office_of(config: Config, database: Database) -> Office:
    """What a desk stands on at the shell."""
    # Imported here: an invitation needs no words.
    from bot import language

    # Facts are imported before there are keys; who lays hands on identities demands them first.
    vault = Vault(config.secret_keys or (secrets.token_bytes(32),))
    facts = await database.read(stored_facts.load)
    grace = timedelta(seconds=config.grace_seconds)
    return Office(vault, facts, language.renderer(language.load()), secrets.randbelow, grace=grace)


async def imported(
    config: Config, folder: Path, office: str, moved: Callable[[int], object] = lambda _: None
) -> dict[str, int]:
    """Imports a folder of facts and returns how many rows of each; raises ValueError with everything that is wrong.

    Open deadlines are counted anew with it; `moved` hears how many have changed.
    """
    async with opened(config) as database:
        await database.write(ready)
        base = await office_of(config, database)
        try:
            rows, done = await database.write(lambda c: recount.imported(c, base, folder, office, now()))
        except Invalid as invalid:
            raise ValueError("\n".join(invalid.problems)) from None
    moved(done.moved)
    return {name: len(found) for name, found in rows.items()}


def appointment(
    config: Config, agency: str, number: str, issued: date | None, until: date | None, scan: Path | None
) -> Decree | None:
    """The decree behind an invitation, its scan put beside the other files; raises ValueError where it cannot be."""
    if not (number or until or scan):
        return None
    if until and until < now().date():
        raise ValueError(f"SK itu sudah berakhir pada {until}. Tulis tanggal akhir yang masih akan datang.")
    if issued and until and until < issued:
        raise ValueError("Tanggal akhir SK mendahului tanggal SK. Periksa --decree-date dan --valid-until.")
    blob = put_decree(config.data_dir / "blobs", scan) if scan else ""
    return Decree(0, agency, number, issued, until, blob)


async def invited(
    config: Config, agency: str, role: str | None = None, decree: Decree | None = None
) -> tuple[str, str, datetime]:
    """A new invitation: its code, its link where the bot's name is known, and its end; raises UnknownAgency."""
    async with opened(config) as database:
        await database.write(ready)
        facts = await database.read(stored_facts.load)
        if agency not in facts.agency_by_code:
            raise UnknownAgency(list(facts.agency_by_code))
        vault = Vault(config.secret_keys)
        usual = Role.COORDINATOR if facts.agency_by_code[agency].kind == "coordinator" else Role.OFFICER
        code, expires_at = await database.write(
            lambda c: invite(c, vault, secrets.randbelow, now(), agency, Role(role or usual), kept(c, decree, now()))
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
    findings.extend(_experience(config))
    return findings


def _experience(config: Config) -> Findings:
    experience = Experience(config.data_dir / FILE)
    experience.look()
    if experience.problem:
        return [(False, experience.problem)]
    if experience.artefact is None:
        return [(True, "Topik ditebak dari kata kunci; latih dengan kentongan routing train bila sudah ada laporan.")]
    made = experience.artefact
    return [(True, f"Topik ditebak dari {made.texts} laporan yang dipelajari {made.made_at:%Y-%m-%d}.")]


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
            if await database.read(state_of_copy) == FILLING:
                return [(False, str(Unfinished()))]
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
    missing = ", ".join(str(year) for year in facts.missing(now().date()))
    if missing:
        wrong = f"Hari libur dan cuti bersama tahun {missing} belum ada, jadi batas waktu bisa salah."
        findings.append((False, f"{wrong} Tambahkan ke holidays.csv, lalu: kentongan facts import FOLDER"))
    return findings


def _today(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def _coverage(facts: Facts, state: overview.State) -> Findings:
    findings: Findings = []
    without = [agency.code for agency in facts.agencies if agency.code not in state.bound]
    if without:
        findings.append((False, f"Belum punya chat: {', '.join(without)}. Buat undangan: kentongan invite KODE"))
    else:
        findings.append((True, "Semua instansi punya chat."))
    idle = [each.code for each in facts.agencies if state.staffed.get(each.code, date.min) < _today(each.zone)]
    if idle:
        findings.append((False, f"Tanpa petugas yang SK-nya berlaku: {', '.join(idle)}. Laporannya naik satu tingkat."))
    if state.poisoned:
        findings.append((False, f"{state.poisoned} pesan gagal diproses dan disimpan untuk diperiksa."))
    if state.waiting:
        findings.append((state.waiting < 1000, f"{state.waiting} pesan menunggu dikirim."))
    if state.broken:
        findings.append((False, f"Riwayat tidak cocok dengan status: {', '.join(state.broken)}"))
    return findings
