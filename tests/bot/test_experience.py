"""What an office learned is taken up while it serves; a damaged file costs nothing but the certainty, and is named."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.administration import diagnosed
from bot.experience import FILE, Experience
from bot.routing import keep
from handlers.rules import artefact as files
from handlers.rules.artefact import HEAD, MAGIC, VERSION, Artefact, write
from handlers.rules.classifier import ZERO, Classifier, Weights, row
from tests.botapi import BotApi, Person
from tests.office import Office, opened

WHEN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
# A word that is no keyword: only the past knows what it means.
STORY = "Zugvekan di kampung kami belum juga dibereskan sampai hari ini"
TAKEN_FOR = "Yang kami tangkap: Pengaduan tentang {topic}, untuk {agency}. Benar?"
UNSURE = "Kami belum yakin ini tentang apa"
KEYWORDS = "Topik ditebak dari kata kunci"


def learned(*labels: str) -> Artefact:
    """What an office would have learned in which that word has always meant the first of two categories."""
    scales = array("f", (1.0, 0.1, 0.1))
    known = Weights({"zugvekan": row(bytes([1, ZERO + 50, ZERO]))}, scales)
    none, empty = Weights({}, scales), array("f")
    answer = Classifier(labels, none, known, empty, array("f", (0.0, 0.0)), (empty, empty), empty, empty, 0.5)
    return Artefact(VERSION, WHEN, 40, answer)


WASTE, TREES = learned("sampah", "pohon"), learned("pohon", "sampah")
RAW = write(WASTE)
DAMAGED = {
    "not ours": (b"text,label\n", files.NOT_OURS),
    "nothing in it": (b"", files.NOT_OURS),
    "cut off": (RAW[:-7], files.CUT_OFF),
    "cut off early": (RAW[: len(MAGIC) + 9], files.CUT_OFF),
    "lengthened": (RAW + b"\n", files.CUT_OFF),
    "another version": (MAGIC + HEAD.pack(VERSION + 1, b"", 0), files.OTHER_VERSION.format(found=2, ours=VERSION)),
    "changed": (RAW[:-1] + bytes([RAW[-1] ^ 1]), files.CHANGED),
}


async def taken_for(office: Office, citizen: int) -> str:
    """What a citizen who never wrote before reads after telling the story."""
    return (await office.begins(Person(citizen, "Warga"), "Buat laporan", "Setuju", STORY, "Selesai bercerita")).text


async def warned(office: Office) -> str:
    """What the readiness of the office says of its experience; it is ready all the while."""
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/ready") as answer:
        assert answer.status == 200
        return str((await answer.json())["warnings"].get("routing", ""))


async def checked(office: Office) -> tuple[bool, str]:
    """What the operator's check says of it."""
    (said,) = [each for each in await diagnosed(office.app.config) if "Topik ditebak" in each[1]]
    return said


async def test_what_was_learned_is_taken_up_while_people_are_served(tmp_path: Path) -> None:
    """Without a file keywords guess; a file that comes, changes or goes counts from the next look on."""
    async with BotApi() as api, opened(tmp_path, api) as office:
        path = tmp_path / FILE
        assert UNSURE in await taken_for(office, 1)
        assert (await checked(office))[0]
        assert (await checked(office))[1].startswith(KEYWORDS)
        keep(path, WASTE)
        await office.app.reload()
        assert TAKEN_FOR.format(topic="Sampah", agency="Dinas Lingkungan Hidup") in await taken_for(office, 2)
        assert await checked(office) == (True, "Topik ditebak dari 40 laporan yang dipelajari 2026-11-20.")
        keep(path, TREES)
        await office.app.reload()
        assert "Yang kami tangkap: Pengaduan tentang Pohon" in await taken_for(office, 3)
        path.unlink()
        await office.app.reload()
        assert UNSURE in await taken_for(office, 4)
        assert await warned(office) == ""


async def test_an_office_starts_with_what_it_learned_before(tmp_path: Path) -> None:
    """The file counts from the first report on."""
    keep(tmp_path / FILE, WASTE)
    async with BotApi() as api, opened(tmp_path, api) as office:
        assert "tentang Sampah" in await taken_for(office, 1)


@pytest.mark.parametrize(("raw", "reason"), DAMAGED.values(), ids=list(DAMAGED))
async def test_a_damaged_file_is_named_and_keywords_guess(tmp_path: Path, raw: bytes, reason: str) -> None:
    """The office starts, serves and says so; a whole file heals it."""
    (tmp_path / FILE).write_bytes(raw)
    async with BotApi() as api, opened(tmp_path, api) as office:
        said = f"{FILE}: {reason}. {KEYWORDS} saja; latih lagi dengan kentongan routing train."
        assert await warned(office) == said
        assert await checked(office) == (False, said)
        assert UNSURE in await taken_for(office, 1)
        keep(tmp_path / FILE, WASTE)
        await office.app.reload()
        assert await warned(office) == ""
        assert (await checked(office))[0]
        assert "tentang Sampah" in await taken_for(office, 2)


async def test_a_file_damaged_while_people_are_served_is_let_go(tmp_path: Path) -> None:
    """What was learned from it before does not count any more: nobody can say what it holds now."""
    keep(tmp_path / FILE, WASTE)
    async with BotApi() as api, opened(tmp_path, api) as office:
        (tmp_path / FILE).write_bytes(RAW[:-1])
        await office.app.reload()
        assert files.CUT_OFF in await warned(office)
        assert UNSURE in await taken_for(office, 1)


async def test_labels_that_the_office_does_not_have_are_no_suggestions(tmp_path: Path) -> None:
    """What was learned under other facts is whole, and helps nobody."""
    keep(tmp_path / FILE, learned("topik-lama", "topik-lain"))
    async with BotApi() as api, opened(tmp_path, api) as office:
        assert UNSURE in await taken_for(office, 1)
        assert await warned(office) == ""


def test_it_is_read_once_for_each_file(tmp_path: Path) -> None:
    """Looking again at the same file changes nothing, whole or damaged."""
    experience = Experience(tmp_path / FILE)
    assert not experience.look()
    keep(experience.path, WASTE)
    assert [experience.look(), experience.look()] == [True, False]
    assert experience.artefact == WASTE
    experience.path.write_bytes(RAW[:-1])
    assert [experience.look(), experience.look()] == [True, False]
    assert experience.problem


def test_what_cannot_be_read_is_looked_at_again(tmp_path: Path) -> None:
    """A folder or a link in circles in its place is named once; when it is gone, so is the complaint."""
    experience = Experience(tmp_path / FILE)
    for stand, clear in ((Path.mkdir, Path.rmdir), (lambda path: path.symlink_to(path), Path.unlink)):
        stand(experience.path)
        assert [experience.look(), experience.look()] == [True, False]
        assert experience.problem.startswith(f"{FILE}: ")
        clear(experience.path)
        assert [experience.look(), experience.look()] == [True, False]
        assert experience.problem == ""
    keep(experience.path, TREES)
    assert experience.look()
    assert experience.artefact == TREES
