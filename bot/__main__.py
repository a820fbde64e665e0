"""The command line."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn

import click

from bot import config as settings
from bot.config import Config, Misconfigured


def _config(**defaults: Any) -> Config:
    """The settings, or every problem with them at once and the end."""
    try:
        return settings.read(**defaults)
    except Misconfigured as wrong:
        _give_up(wrong.problems)


def _give_up(problems: list[str]) -> NoReturn:
    click.echo("Pengaturan belum benar:", err=True)
    for problem in problems:
        click.echo(f"  • {problem}", err=True)
    raise SystemExit(2)


def _run(main: Callable[[asyncio.Event], Coroutine[Any, Any, Any]]) -> Any:
    """Runs until it ends or is told to stop."""
    from storage.alone import Occupied
    from storage.takeover import Unfinished

    async def until_stopped() -> Any:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        return await main(stop)

    try:
        with asyncio.Runner(loop_factory=_loop()) as runner:
            return runner.run(until_stopped())
    except (Occupied, Unfinished) as wrong:
        raise click.ClickException(str(wrong)) from None


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not made for Windows
        return None
    return uvloop.new_event_loop


@click.group()
@click.version_option(package_name="kentongan")
def main() -> None:
    """Kentongan: pintu chat ke SP4N-LAPOR!"""


@main.command()
def serve() -> None:
    """Melayani warga sungguhan: webhook bila KENTONGAN_PUBLIC_URL diisi, selain itu long polling."""
    # What is built at a start stays: looking for garbage among it took a sixth of the time.
    gc.disable()
    from bot import app, log

    config = _config()
    if problems := settings.to_serve(config):
        _give_up(problems)
    log.set_up(config.log)
    _run(lambda stop: app.serve(config, stop))


@main.command()
def demo() -> None:
    """Kantor contoh dengan simulator di peramban: tanpa akun, tanpa jaringan."""
    from bot import demo as sample
    from bot import log
    from bot.app import listening

    config = _config(undo_seconds=sample.UNDO_SECONDS, grace_seconds=sample.GRACE_SECONDS)
    log.set_up(config.log)

    async def play(stop: asyncio.Event) -> None:
        async with sample.office(config) as office, listening(office) as port:
            click.echo(f"\n  Simulator: http://{config.host}:{port}/simulator\n  Berhenti: Ctrl+C\n")
            await stop.wait()

    _run(play)


@main.command()
def talk() -> None:
    """Percakapan yang sama di terminal."""
    from bot import log
    from bot.talk import converse

    config = _config(undo_seconds=0, grace_seconds=0, log="json")
    log.set_up(config.log)
    log.quiet()
    with asyncio.Runner(loop_factory=_loop()) as runner:
        runner.run(converse(config))


@main.command()
@click.option("--from", "source", default="", metavar="sqlite:///BERKAS", help="Kantor lama, disalin ke PostgreSQL.")
def migrate(source: str) -> None:
    """Menyesuaikan bentuk basis data; dengan --from menyalin kantor lama ke PostgreSQL, boleh diulang."""
    from storage.database import Database
    from storage.migrate import HEAD, upgrade

    config = _config()
    if source:
        _move(config, source)
        return
    config.data_dir.mkdir(parents=True, exist_ok=True)

    async def work(_: asyncio.Event) -> str:
        database = Database(config.url)
        await database.start()
        try:
            return await database.write(upgrade)
        finally:
            await database.stop()

    before = _run(work)
    click.echo(
        "Basis data sudah terbaru." if before == HEAD else f"Basis data disesuaikan: {before or 'baru'} → {HEAD}."
    )


def _move(config: Config, source: str) -> None:
    from bot.moving import move

    try:
        _run(lambda stop: move(config, source, stop, click.echo))
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None


@main.group()
def facts() -> None:
    """Fakta kantor: instansi, kategori, rute, wilayah, hari libur, tenggat."""


@facts.command("import")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--office", default="", help="Nama kantor yang tampil kepada warga.")
def import_facts(path: Path, office: str) -> None:
    """Memasukkan berkas CSV dari sebuah folder; semua diperiksa dulu, tidak ada yang masuk setengah."""
    from bot.administration import imported

    config = _config()
    moved: list[int] = []
    try:
        counts = _run(lambda _: imported(config, path, office, moved.append))
    except ValueError as wrong:
        click.echo("Tidak ada yang diubah. Perbaiki dulu:", err=True)
        click.echo(str(wrong), err=True)
        raise SystemExit(1) from None
    for name, count in counts.items():
        click.echo(f"{name}: {count} baris")
    if any(moved):
        click.echo(f"{sum(moved)} batas waktu bergeser; instansinya diberi tahu.")


@main.command()
@click.argument("agency")
@click.option(
    "--role",
    type=click.Choice(["officer", "head", "coordinator"]),
    default=None,
    help="Biasanya officer; di instansi koordinator: coordinator.",
)
@click.option("--decree", default="", help="Nomor SK.")
@click.option("--decree-date", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Tanggal SK.")
@click.option(
    "--decree-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="Pindaian SK (PDF atau gambar), disimpan bersama data.",
)
@click.option("--valid-until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Akhir SK, contoh 2027-12-31.")
@click.option("--json", "as_json", is_flag=True, help="Keluaran untuk program lain.")
def invite(
    agency: str,
    role: str | None,
    decree: str,
    decree_date: Any,
    decree_file: Path | None,
    valid_until: Any,
    as_json: bool,
) -> None:
    """Membuat undangan sekali pakai untuk petugas sebuah instansi."""
    from bot.administration import UnknownAgency, appointment, invited

    config = _config()
    if not config.secret_keys:
        _give_up([problem for problem in settings.to_serve(config) if "SECRET_KEYS" in problem])
    issued, until = (each.date() if each else None for each in (decree_date, valid_until))
    try:
        letter = appointment(config, agency, decree, issued, until, decree_file)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None
    try:
        code, link, expires_at = _run(lambda _: invited(config, agency, role, letter))
    except UnknownAgency as unknown:
        click.echo(f"Instansi {agency} tidak ada. Yang ada: {', '.join(unknown.known) or 'belum satu pun'}.", err=True)
        raise SystemExit(1) from None
    if as_json:
        click.echo(json.dumps({"code": code, "link": link, "expires_at": expires_at.isoformat()}))
        return
    import segno

    segno.make(link or f"/hubungkan {code}", error="m").terminal(compact=True)
    click.echo(f"link: {link or '(isi KENTONGAN_TELEGRAM_TOKEN dan jalankan serve sekali)'}")
    click.echo(f"code: {code}")
    click.echo(
        f"Berlaku sampai {expires_at:%Y-%m-%d %H.%M} UTC. "
        f"Di grup instansi di Telegram kirim: /hubungkan {code}; di WhatsApp kirim ke nomor layanan: hubungkan {code}"
    )


@main.group()
def whatsapp() -> None:
    """WhatsApp: templat yang harus disetujui Meta."""


@whatsapp.command()
@click.option("--json", "as_json", is_flag=True, help="Satu isi permintaan per baris, untuk API templat Meta.")
def templates(as_json: bool) -> None:
    """Daftar templat, siap diajukan untuk disetujui."""
    from bot.channels.whatsapp_templates import TEMPLATES, submission

    for template in TEMPLATES:
        content = submission(template)
        if as_json:
            click.echo(json.dumps(content, ensure_ascii=False))
            continue
        click.secho(f"{template.name} · {template.language} · {template.category}", bold=True)
        click.echo("  " + template.body.replace("\n", "\n  "))
        for number, (_, example) in enumerate(template.values, 1):
            click.echo(f"  contoh {{{{{number}}}}}: {example}")
        click.echo("  " + " ".join(f"[{label}]" for _, label in template.buttons) + "\n")
    if not as_json:
        click.echo(f"{len(TEMPLATES)} templat. Ajukan di WhatsApp Manager, atau kirim tiap baris dari --json ke")
        click.echo("POST https://graph.facebook.com/v23.0/ID-AKUN-WHATSAPP-BUSINESS/message_templates")


@main.group()
def sp4n() -> None:
    """SP4N-LAPOR! nasional: berkas serah terima keluar, nomor nasional masuk."""


@sp4n.command("out")
@click.argument("path", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
def hand_over(path: Path) -> None:
    """Menulis laporan yang belum bernomor SP4N, tanpa identitas pelapor."""
    from bot.exchange import handed_over

    config = _config()
    with click.progressbar(length=1, label="Menulis laporan", file=sys.stderr) as bar:

        def seen(looked: int, total: int) -> None:
            bar.length = total
            bar.update(looked - bar.pos)

        try:
            count = _run(lambda _: handed_over(config, path, seen))
        except (OSError, ValueError) as wrong:
            raise click.ClickException(str(wrong)) from None
    click.echo(f"{count} laporan ditulis ke {path}.")


@sp4n.command("in")
@click.argument("path", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_in(path: Path) -> None:
    """Mencatat nomor SP4N dari kolom number dan sp4n_id; semua diperiksa dulu, tidak ada yang masuk setengah."""
    from bot.exchange import taken_in

    config = _config()
    if not config.secret_keys:
        _give_up([problem for problem in settings.to_serve(config) if "SECRET_KEYS" in problem])
    try:
        taken = _run(lambda _: taken_in(config, path.read_bytes(), path.name))
    except ValueError as wrong:
        click.echo("Tidak ada yang diubah. Perbaiki dulu:", err=True)
        click.echo(str(wrong), err=True)
        raise SystemExit(1) from None
    click.echo(f"{taken.noted} nomor SP4N dicatat, {taken.known} sudah tercatat sebelumnya.")


@main.group()
def routing() -> None:
    """Rute laporan: belajar dari laporan yang sudah selesai, dan mengukur hasilnya."""


ARTEFACT = click.option(
    "--artefact",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Berkas hasil belajar; bawaan: routing.kentongan di folder data.",
)
REPORTS = click.Path(exists=True, dir_okay=False, path_type=Path)


@routing.command("train")
@click.argument("path", metavar="[FILE.csv]", required=False, type=REPORTS)
@ARTEFACT
def train_routing(path: Path | None, artefact: Path | None) -> None:
    """Belajar dari FILE.csv (text, category dan/atau agency) atau dari laporan kantor ini sendiri."""
    from bot.routing import place, trained

    config = _config()
    target = place(config, artefact)
    try:
        _run(lambda _: trained(config, target, path, click.echo))
    except (OSError, ValueError) as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"Disimpan di {target}. Layanan yang sedang berjalan memakainya sendiri bila itu di folder datanya.")


@routing.command("evaluate")
@click.argument("path", metavar="FILE.csv", type=REPORTS)
@ARTEFACT
@click.option("--column", type=click.Choice(["category", "agency"]), default=None, help="Jawaban yang diukur.")
@click.option("--json", "as_json", is_flag=True, help="Keluaran untuk program lain.")
def evaluate_routing(path: Path, artefact: Path | None, column: str | None, as_json: bool) -> None:
    """Mengukur tebakan pada laporan dengan jawaban yang sudah diketahui."""
    from bot.routing import judged, place

    try:
        found = judged(place(_config(), artefact), path, column or "").rounded()
    except (OSError, ValueError) as wrong:
        raise click.ClickException(str(wrong)) from None
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, number in found.items():
        click.echo(f"{name:13} {number}")


@main.command()
@click.option("--month", type=click.DateTime(["%Y-%m"]), default=None, help="Contoh 2026-11; bawaan: bulan ini.")
def statistics(month: Any) -> None:
    """Statistik bulanan tiap instansi: masuk, selesai, lewat batas, dan lama penyelesaian."""
    from bot.statistics import of_month, table

    first, months = _run(lambda _: of_month(_config(), month.date() if month else None))
    click.echo("\n".join(table(months)) if months else f"Tidak ada laporan yang masuk atau berubah pada {first:%Y-%m}.")


@main.command()
def check() -> None:
    """Memeriksa pengaturan, bot, basis data, dan instansi tanpa chat."""
    from bot.administration import diagnosed

    try:
        config = settings.read()
    except Misconfigured as wrong:
        for problem in wrong.problems:
            click.echo(f"❌ {problem}")
        raise SystemExit(1) from None
    findings = _run(lambda _: diagnosed(config))
    for fine, text in findings:
        click.echo(f"{'✅' if fine else '❌'} {text}")
    sys.exit(0 if all(fine for fine, _ in findings) else 1)


if __name__ == "__main__":
    main()
