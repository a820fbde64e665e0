"""The wheel holds everything: installed somewhere else, it is a working program."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest

from bot.language import LANGUAGES, load, renderer
from handlers import menu, report

ROOT = Path(__file__).parent.parent.parent

WHERE = """
import importlib.resources as r
import bot, handlers, storage
from bot import language
from storage import facts
print(bot.__file__, handlers.__file__, storage.__file__, sep="\\n")
print(language.folder())
print(*(len(each) for each in language.load().values()))
print(facts.sample())
print(r.files("bot") / "web" / "static" / "simulator.html")
print(r.files("storage") / "migrations" / "env.py")
print(*sorted(each.name for each in (r.files("storage") / "migrations" / "versions").iterdir()))
print(*sorted(facts.read_folder(facts.sample())))
"""


def run(folder: Path, *words: str, given: str = "", **environment: str) -> str:
    """What a Python program says in a folder of its own, with nothing of this office's settings around it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KENTONGAN_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**kept, "PYTHONUTF8": "1", **environment},
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel, built without network, was installed by itself."""
    built, target = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    run(ROOT, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built))
    (wheel,) = built.glob("kentongan-*.whl")
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    run(target, *pip, "--target", str(target), str(wheel))
    return target


def program(installed: Path, folder: Path, *words: str, given: str = "") -> str:
    """What the installed program says, run from somewhere else."""
    return run(folder, *words, given=given, PYTHONPATH=str(installed))


def test_everything_is_found_inside(installed: Path, tmp_path: Path) -> None:
    """Code, catalogues, page, migrations and the sample office come from the wheel, not from the checkout."""
    lines = program(installed, tmp_path, "-c", WHERE).splitlines()
    *places, versions, sheets = lines
    sizes = places.pop(4).split()
    assert [place for place in places if not Path(place).is_relative_to(installed)] == []
    assert [place for place in places if not Path(place).exists()] == []
    assert [size for size in sizes if int(size) < 100] == []
    assert len(sizes) == len(LANGUAGES)
    assert {"0001_first.py", "0002_windows.py"} <= set(versions.split())
    assert {"agencies", "areas", "categories", "clocks", "holidays", "routes"} <= set(sheets.split())


def test_it_tells_its_version(installed: Path, tmp_path: Path) -> None:
    """The version that the program tells is that of the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] in program(installed, tmp_path, "-m", "bot", "--version")


def test_one_can_talk_with_it(installed: Path, tmp_path: Path) -> None:
    """The installed program asks for consent in Bahasa Indonesia, greets in English, and leaves nothing behind."""
    said = program(installed, tmp_path, "-m", "bot", "talk", given="lapor\nSetuju\nbatal\n/bahasa\nEnglish\n:keluar\n")
    spoken = renderer(load())
    assert spoken(report.CONSENT_TEXT, "id").splitlines()[0] in said
    assert spoken(menu.WHERE_TO, "en") in said
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_goes_with_it(installed: Path) -> None:
    """The wheel lays its three packages and its papers among the other packages, and nothing more."""
    (papers,) = installed.glob("*.dist-info")
    assert (papers / "licenses" / "LICENSE").is_file()
    laid = {path.name for path in installed.iterdir()} - {papers.name, "bin"}
    assert laid == {"bot", "handlers", "storage"}
    assert {path.name for path in (installed / "bot" / "locales").iterdir()} == set(LANGUAGES)


def test_the_command_is_there() -> None:
    """The distribution brings the command kentongan."""
    (command,) = distribution("kentongan").entry_points
    assert (command.name, command.value) == ("kentongan", "bot.__main__:main")
