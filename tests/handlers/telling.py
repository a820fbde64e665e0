"""A report as it is told up to a question, and what was asked then; and an office that has learned something."""

from __future__ import annotations

from array import array
from dataclasses import replace
from datetime import UTC, datetime

from handlers.desk import Ticket
from handlers.rules.artefact import VERSION, Artefact
from handlers.rules.classifier import Classifier
from tests.handlers import PLACE, Overheard, acts, tickets
from tests.rules.test_classifier import weights

SARI = "Sari"
LAMP = "Lampu jalan di depan SDN 2 mati sejak Senin, anak-anak pulang gelap."
ROAD = "Jalan berlubang di depan pasar sejak Senin, banyak motor jatuh."
WISH = "Usul agar di alun-alun dibangun taman bermain untuk anak-anak."
QUESTION = "Bagaimana cara mengurus KTP yang hilang dan apa saja syaratnya?"
STRANGE = "Xu bvq wrtz plmk njhg fdsaqw."
UNRULED = ("listrik-kabel", "tanah-sertifikat", "tambang-pasir")
RULED = ("selokan", "trotoar", "taman")
AGENCIES = ("bpbd", "satpolpp", "dlh")
# A road is 64 % the first label, 24 % the second and 14 % the third.
SURE, UNCERTAIN = 0.6, 0.7
LIST = "Ini tentang apa? Pilih yang paling dekat. Bila tidak yakin, pilih Saya tidak tahu."


def taught(labels: tuple[str, ...], threshold: float) -> Classifier:
    """One that knows a single word, and no lane but those of its labels."""
    scales = (1.0, 0.1, 0.1, 0.1)
    outputs = (array("f"),) * len(labels)
    known = weights(scales, jalan=(1, 40, 30, 25))
    return Classifier(
        labels,
        weights(scales),
        known,
        array("f"),
        array("f", [0.0] * len(labels)),
        outputs,
        array("f"),
        array("f"),
        threshold,
    )


def teach(stage: Overheard, category: Classifier | None, agency: Classifier | None = None) -> None:
    """From now on the office has learned this."""
    made_at = datetime(2026, 10, 1, tzinfo=UTC)
    stage.office = replace(stage.office, learned=Artefact(VERSION, made_at, 12, category, agency))


def asked(stage: Overheard) -> str:
    """What Sari was asked last."""
    return stage.heard(SARI)[-1].body.text


def offered(stage: Overheard) -> list[str]:
    """The buttons she was shown last, without the ways out."""
    choices = stage.heard(SARI)[-1].body.choices
    return [label for ident, label, _ in choices if ident.startswith("q:")]


def sari(stage: Overheard, *lines: str) -> str:
    return "\n".join(acts(stage, *(f"{SARI}> {line}" for line in lines)))


def placed(stage: Overheard, *topic: str) -> None:
    """The topic is answered and the place is told and confirmed."""
    sari(stage, *topic, PLACE, "[Benar]")


def sent(stage: Overheard) -> Ticket:
    """The report with the questions after the agency answered, and sent."""
    sari(stage, "[Kemarin]", "[Lewati]", "[Biasa]", "[Kirim]")
    return tickets(stage)[-1]


def changed(stage: Overheard, field: str, *lines: str) -> None:
    """A field is changed from the review."""
    sari(stage, "[Ubah]", f"[{field}]", *lines)
