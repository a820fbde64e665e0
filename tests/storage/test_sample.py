"""The sample regency's files of facts agree with each other and with the limits of the chats."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from string import Formatter

import pytest

from handlers.rules.ticket import AT_AGENCY, State

SAMPLE = Path(__file__).resolve().parents[2] / "storage" / "sample"
REGENCY = "35.08"
WITHOUT_ROUTE = {"listrik-kabel", "tambang-pasir", "tanah-sertifikat"}
ANSWERABLE = {state.value for state in (*AT_AGENCY, State.NEEDS_INFO, State.RESPONDED)}
HEADERS = {
    "agencies": "code,name,parent,kind,area,zone,short,approval",
    "categories": "code,name,parent,keywords,sensitive,evidence_required,asks",
    "routes": "order,category,area,agency",
    "areas": "code,name,parent",
    "holidays": "date,name,kind,area",
    "clocks": "policy,step,report_type,class,days,unit,legal_basis,valid_from",
    "people": "chat,code,name,role",
    "templates": "key,category,state,language,text",
}

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """The rows of one file of facts, in its order."""
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def codes(name: str) -> list[str]:
    """The codes of one file of facts, in its order."""
    return [row["code"] for row in rows(name)]


def above(code: str) -> list[str]:
    """The agencies above an agency, the nearest first; a circle ends as soon as it is seen."""
    parents = {row["code"]: row["parent"] for row in rows("agencies")}
    line = [code]
    while (parent := parents[line[-1]]) and parent not in line:
        line.append(parent)
    return line[1:]


def children() -> list[Row]:
    """The categories of the second level."""
    return [row for row in rows("categories") if row["parent"]]


def keywords(row: Row) -> list[str]:
    """The keywords of a category."""
    return row["keywords"].split(";") if row["keywords"] else []


def route_of(category: Row, area: str = "") -> Row | None:
    """The first route that matches the category in the area."""
    for route in sorted(rows("routes"), key=lambda row: int(row["order"])):
        if route["category"] in (category["code"], category["parent"]) and route["area"] in ("", area):
            return route
    return None


@pytest.mark.parametrize("name", HEADERS)
def test_each_file_has_its_header_and_full_rows_without_stray_space(name: str) -> None:
    """Every file has the agreed header and every row one trimmed value a column."""
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *body = list(csv.reader(file, strict=True))
    assert ",".join(header) == HEADERS[name]
    assert body
    for row in body:
        assert len(row) == len(header), row
        assert row == [value.strip() for value in row]


@pytest.mark.parametrize("name", ["agencies", "categories", "areas", "people"])
def test_codes_are_unique(name: str) -> None:
    """No code stands twice in a file."""
    assert [code for code, count in Counter(codes(name)).items() if count > 1] == []


@pytest.mark.parametrize("name", ["categories", "areas"])
def test_parents_exist(name: str) -> None:
    """Every parent is a code of the same file that stands above its child."""
    seen: set[str] = set()
    for row in rows(name):
        assert not row["parent"] or row["parent"] in seen, row["code"]
        seen.add(row["code"])


def test_agencies_fit_a_chat() -> None:
    """Codes are slugs and labels differ, both of at most 24 characters."""
    agencies = rows("agencies")
    for row in agencies:
        assert re.fullmatch(r"[a-z0-9-]{1,24}", row["code"]), row["code"]
        assert row["name"]
        assert 0 < len(row["short"]) <= 24, row["short"]
    assert len({row["short"] for row in agencies}) == len(agencies)


def test_one_coordinator_stands_first_and_a_leader_on_top() -> None:
    """The first agency is the only coordinator, and only the leader above it has no parent."""
    agencies = rows("agencies")
    first, tops = agencies[0], [(row["code"], row["kind"]) for row in agencies if not row["parent"]]
    assert (first["code"], first["kind"], first["parent"]) == ("kominfo", "coordinator", "setda")
    assert tops == [("setda", "leader")]
    kinds = Counter(row["kind"] for row in agencies)
    assert (kinds["coordinator"], kinds["leader"]) == (1, 1)
    assert set(kinds) == {"coordinator", "leader", "unit", "inspectorate", "enterprise"}


def test_every_agency_is_below_the_leader() -> None:
    """From each agency the parents lead to the leader through the coordinator, in one to three steps."""
    lines = {code: above(code) for code in codes("agencies")}
    assert lines.pop("setda") == []
    assert lines.pop("kominfo") == ["setda"]
    assert all(line[-2:] == ["kominfo", "setda"] for line in lines.values())
    third = {code: line[0] for code, line in lines.items() if len(line) == 3}
    assert third == {"puskesmas-pasirian": "dinkes", "puskesmas-senduro": "dinkes", "upt-jalan-pasirian": "dputr"}


def test_one_agency_waits_for_its_head() -> None:
    """Only the hospital's answers wait for approval; its head and that of public works are enrolled."""
    assert [row["code"] for row in rows("agencies") if row["approval"] == "ya"] == ["rsud-haryoto"]
    assert {row["approval"] for row in rows("agencies")} == {"", "ya"}
    assert [row["chat"] for row in rows("people") if row["role"] == "head"] == ["rsud-haryoto", "dputr"]


def test_agencies_lie_in_the_regency() -> None:
    """Every agency is in the regency's zone and in the regency or one of its districts."""
    assert {row["zone"] for row in rows("agencies")} == {"Asia/Jakarta"}
    assert {row["area"] for row in rows("agencies")} <= set(codes("areas")) - {"35"}


def test_categories_fit_a_list() -> None:
    """At most nine top categories have three to eight children each."""
    tops = [row["code"] for row in rows("categories") if not row["parent"]]
    counts = Counter(row["parent"] for row in children())
    assert len(tops) <= 9
    assert set(counts) == set(tops)
    assert all(3 <= count <= 8 for count in counts.values()), counts


def test_category_codes_and_names_fit() -> None:
    """Codes are slugs and names differ, both of at most 24 characters."""
    categories = rows("categories")
    for row in categories:
        assert re.fullmatch(r"[a-z0-9-]{1,24}", row["code"]), row["code"]
        assert 0 < len(row["name"]) <= 24, row["name"]
        assert row["sensitive"] in ("", "ya")
        assert row["evidence_required"] in ("", "ya")
    assert len({row["name"] for row in categories}) == len(categories)


def test_keywords_are_plain_and_tell_categories_apart() -> None:
    """Each child has 10 to 40 lower-case keywords and no keyword stands in more than three."""
    counts: Counter[str] = Counter()
    for row in children():
        words = keywords(row)
        assert 10 <= len(words) <= 40, row["code"]
        assert len(set(words)) == len(words), row["code"]
        assert all(re.fullmatch(r"[a-z0-9][a-z0-9 -]*[a-z0-9]", word) for word in words), row["code"]
        counts.update(words)
    assert [word for word, count in counts.items() if count > 3] == []


def test_sensitive_matters_are_marked() -> None:
    """Violence, harassment, children and corruption are sensitive, nothing else is."""
    marked = {row["code"] for row in rows("categories") if row["sensitive"]}
    family = {"kdrt", "perlindungan-anak", "pelecehan", "perundungan"}
    assert marked == family | {"pungli", "dana-desa", "biaya-sekolah"}


def test_roads_and_lights_demand_evidence() -> None:
    """Broken roads, bridges and street lights are closed with evidence only."""
    marked = {row["code"] for row in rows("categories") if row["evidence_required"]}
    assert {"jalan-rusak", "jembatan", "lampu-jalan", "selokan", "gedung-sekolah"} <= marked


def test_routes_name_what_exists() -> None:
    """Every route names an existing category, area and agency."""
    for row in rows("routes"):
        assert row["category"] in codes("categories"), row
        assert not row["area"] or row["area"] in codes("areas"), row
        assert row["agency"] in codes("agencies"), row


def test_routes_are_ordered_in_steps_of_ten() -> None:
    """The order of the routes rises by ten, so that a rule fits between two."""
    orders = [int(row["order"]) for row in rows("routes")]
    assert orders == [10 * number for number in range(1, len(orders) + 1)]


def test_only_the_ambiguous_categories_have_no_route() -> None:
    """Exactly the three matters of other bodies are left to the coordinator."""
    assert {row["code"] for row in children() if route_of(row) is None} == WITHOUT_ROUTE


def test_every_route_can_match() -> None:
    """No route is hidden by one above it."""
    places = ["", *codes("areas")]
    used = [route_of(row, area) for row in children() for area in places]
    assert [route for route in rows("routes") if route not in used] == []


def test_a_hospital_report_goes_where_the_hospital_is() -> None:
    """The hospital in Pasirian belongs to the health office, elsewhere the main hospital answers."""
    hospital = next(row for row in children() if row["code"] == "rsud")
    found = [route_of(hospital, area) for area in ("35.08.04", "35.08.10")]
    assert [route and route["agency"] for route in found] == ["dinkes", "rsud-haryoto"]


def test_the_regency_has_its_21_districts() -> None:
    """The areas are the province, the regency and districts 01 to 21."""
    districts = [f"{REGENCY}.{number:02}" for number in range(1, 22)]
    assert codes("areas") == ["35", REGENCY, *districts]
    names = [row["name"] for row in rows("areas")]
    assert len(set(names)) == len(names)


def test_holidays_are_dates_without_double() -> None:
    """Every holiday is a date of its own, in order, of a known kind."""
    days = [date.fromisoformat(row["date"]) for row in rows("holidays")]
    assert days == sorted(set(days))
    assert {row["kind"] for row in rows("holidays")} == {"national", "joint_leave"}
    assert {row["area"] for row in rows("holidays")} == {""}


def test_2026_has_its_decreed_days() -> None:
    """The decree of 2026 gives 17 national holidays, 8 of joint leave and 240 working days."""
    year = [row for row in rows("holidays") if row["date"].startswith("2026")]
    assert Counter(row["kind"] for row in year) == {"national": 17, "joint_leave": 8}
    free = {date.fromisoformat(row["date"]) for row in year}
    days = [date(2026, 1, 1) + timedelta(number) for number in range(365)]
    assert sum(day.weekday() < 5 and day not in free for day in days) == 240


def test_only_decreed_years_are_given() -> None:
    """No day is given of a year whose decree is not known."""
    assert {row["date"][:4] for row in rows("holidays")} == {"2026"}


def test_clocks_are_those_of_the_regulation() -> None:
    """The policy of 2018 has its steps and working days, all with their legal basis."""
    clocks = [row for row in rows("clocks") if row["legal_basis"] == "PermenPANRB 62/2018"]
    lengths = {(row["step"], row["report_type"], row["class"]): int(row["days"]) for row in clocks}
    assert len(lengths) == len(clocks)
    assert lengths == {
        ("verification", "", ""): 3,
        ("first_follow_up", "", ""): 5,
        ("resolution", "complaint", "non_supervisory"): 14,
        ("resolution", "complaint", "supervisory"): 60,
        ("resolution", "aspiration", ""): 5,
        ("resolution", "information_request", ""): 5,
        ("reporter_response", "", ""): 10,
        ("completion", "", ""): 10,
    }
    assert {(row["policy"], row["unit"], row["valid_from"]) for row in clocks} == {
        ("2018", "working_day", "2018-01-01")
    }


def test_other_clocks_say_that_they_are_the_office_s_own() -> None:
    """A length that no regulation sets stands once, holds for all reports and is marked as an example."""
    own = [row for row in rows("clocks") if row["policy"] == "2018" and row["legal_basis"] != "PermenPANRB 62/2018"]
    assert len({row["step"] for row in own}) == len(own)
    assert all(row["legal_basis"].endswith(" (contoh)") and not row["report_type"] + row["class"] for row in own)
    assert all(row["unit"] in ("working_day", "calendar_day") and int(row["days"]) > 0 for row in own)


def test_disasters_have_clocks_of_their_own() -> None:
    """What is reported in a disaster is disposed of in a day and followed up in two, as the circular of 2020 says."""
    found = {row["step"]: int(row["days"]) for row in rows("clocks") if row["policy"] == "disaster"}
    assert found == {"verification": 1, "redisposition": 1, "first_follow_up": 2}
    basis = {(row["legal_basis"], row["unit"]) for row in rows("clocks") if row["policy"] == "disaster"}
    assert basis == {("SE MenPANRB 53/2020 (contoh)", "working_day")}


def test_every_agency_has_two_people_and_there_are_four_reporters() -> None:
    """Four reporters, two coordinators and two officers for each other agency have names of their own."""
    people = rows("people")
    expected = Counter({("warga", "reporter"): 4, ("kominfo", "coordinator"): 2})
    expected.update({(code, "officer"): 2 for code in codes("agencies") if code != "kominfo"})
    assert Counter((row["chat"], row["role"]) for row in people if row["role"] != "head") == expected
    assert len({row["name"] for row in people}) == len(people)
    assert all(re.fullmatch(re.escape(row["chat"]) + r"-[1-9]", row["code"]) for row in people)


def test_templates_name_what_exists() -> None:
    """Every template has a key and a language of its own, and a category and a state that exist or stand for any."""
    templates = rows("templates")
    assert len({(row["key"], row["language"]) for row in templates}) == len(templates)
    assert all(re.fullmatch(r"[a-z0-9-]{1,24}", row["key"]) for row in templates)
    assert {row["category"] for row in templates} <= {"", *codes("categories")}
    assert {row["state"] for row in templates} <= {"", *ANSWERABLE}


def test_templates_are_short_and_name_only_what_is_filled_in() -> None:
    """A template has at most 400 characters, a blank for the officer and no name but the number and the agency."""
    for row in rows("templates"):
        assert 0 < len(row["text"]) <= 400, row["key"]
        assert "…" in row["text"], row["key"]
        assert {name for _, name, _, _ in Formatter().parse(row["text"])} <= {None, "nomor", "instansi"}, row["key"]


def test_templates_in_english_say_what_the_indonesian_say() -> None:
    """Six templates have an English text that stands for the same cases and fills in the same names."""
    cases: dict[str, dict[str, tuple[str, str, list[str]]]] = {"id": {}, "en": {}}
    for row in rows("templates"):
        names = re.findall(r"\{\w+\}", row["text"])
        cases[row["language"]][row["key"]] = (row["category"], row["state"], sorted(names))
    assert len(cases["en"]) == 6
    assert all(cases["id"][key] == case for key, case in cases["en"].items())


def test_every_case_has_a_handful_of_templates() -> None:
    """In each category and state an officer chooses from two to nine templates, which one list can show."""
    templates = [row for row in rows("templates") if row["language"] == "id"]
    for category in children():
        line = ("", category["code"], category["parent"])
        for state in ANSWERABLE:
            fitting = [row for row in templates if row["category"] in line and row["state"] in ("", state)]
            assert 2 <= len(fitting) <= 9, (category["code"], state)
