"""A report goes to the agency that the first fitting rule names, and a story suggests its own topic."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.facts import Category, Facts
from handlers.rules.routing import Route, index, line_of, route, suggest
from tests.handlers import sample_office

QUICK = settings(max_examples=200, deadline=None, derandomize=True)
CODES = st.sampled_from(["", "a", "b", "c", "d"])
LINES = st.lists(st.sampled_from("abcd"), unique=True, max_size=4)
RULES = st.lists(st.builds(Route, st.integers(0, 9), CODES, CODES, st.sampled_from(["dputr", "dlh"])), max_size=6)


def sample() -> Facts:
    with sample_office() as stage:
        return stage.office.facts


FACTS = sample()
LEAVES = [category for category in FACTS.categories if not FACTS.children.get(category.code)]


def test_a_line_goes_from_a_code_to_the_top() -> None:
    """A code is followed by all that stand above it."""
    assert line_of("c", {"c": "b", "b": "a", "a": ""}) == ("c", "b", "a")
    assert line_of("", {"a": ""}) == ()
    assert line_of("x", {}) == ("x",)


@QUICK
@given(st.dictionaries(st.sampled_from("abcd"), CODES), st.sampled_from("abcd"))
def test_a_line_ends_even_in_a_circle(parents: dict[str, str], code: str) -> None:
    """No code is named twice, whatever the parents say."""
    line = line_of(code, parents)
    assert line[0] == code
    assert len(set(line)) == len(line)


@QUICK
@given(RULES, LINES, LINES)
def test_the_first_fitting_rule_holds(rules: list[Route], categories: list[str], areas: list[str]) -> None:
    """A rule fits when what it names stands in the lines; the first one decides, the others count for nothing."""
    found = route(rules, categories, areas)
    fitting = [
        rule for rule in rules if rule.category in ("", *categories) and rule.area in ("", *areas) and categories
    ]
    assert found == (fitting[0] if fitting else None)


def test_an_unknown_topic_goes_by_no_rule() -> None:
    """A reporter who does not know the topic is not sent where a rule for everything leads."""
    assert route([Route(1, "", "", "kominfo")], (), ("35.08",)) is None


def test_an_area_of_its_own_comes_first() -> None:
    """In the sample a patient of Pasirian is answered by another agency than one of the capital."""
    patient = FACTS.category_line("rsud")
    here, there = (route(FACTS.routes, patient, FACTS.area_line(code)) for code in ("35.08.04", "35.08.10"))
    assert here is not None
    assert there is not None
    assert (here.agency, there.agency) == ("dinkes", "rsud-haryoto")


def test_every_rule_of_the_sample_is_of_use() -> None:
    """Each rule names a known topic, area and agency, and no rule before it takes all that is its."""
    for number, rule in enumerate(FACTS.routes):
        assert rule.agency in FACTS.agency_by_code
        assert not rule.category or rule.category in FACTS.category_by_code
        assert not rule.area or rule.area in FACTS.area_by_code
        line, areas = FACTS.category_line(rule.category), FACTS.area_line(rule.area or "35.08")
        assert not rule.category or route(FACTS.routes[:number], line, areas) is None, rule


def test_rules_go_by_their_order() -> None:
    """The rules of the record lie in the order of their numbers."""
    orders = [rule.order for rule in FACTS.routes]
    assert orders == sorted(set(orders))


def test_every_keyword_finds_its_topic() -> None:
    """A story with a keyword of the sample in it suggests the topic of that keyword."""
    lost = [
        (category.code, keyword)
        for category in FACTS.categories
        for keyword in category.keywords
        if category.code not in suggest(f"Mohon bantuan: {keyword.upper()}, segera!", FACTS.keywords, 100)
    ]
    assert lost == []


def test_a_topic_has_keywords_of_its_own() -> None:
    """Two keywords of a leaf of the sample bring it among the three that are shown."""
    for category in LEAVES:
        story = f"{category.keywords[0]}. {category.keywords[1]}. {category.keywords[2]}"
        assert category.code in suggest(story, FACTS.keywords), (category.code, story)


def test_signs_inside_a_keyword_do_not_hide_it() -> None:
    """A keyword is found as people write it, with a hyphen or without."""
    known = index({"ktp": ("e-ktp",)})
    assert suggest("E-KTP saya belum jadi", known) == ("ktp",)
    assert suggest("e ktp saya belum jadi", known) == ("ktp",)


def test_a_keyword_counts_only_as_whole_words() -> None:
    """A keyword inside another word is not there."""
    known = index({"sosial": ("pkh",), "air": ("air",)})
    assert suggest("kamar mandi pakai airnya keluar", known) == ()


def test_the_keyword_that_fewer_share_counts_more() -> None:
    """Of two topics with a keyword each, the one that has it alone comes first, and ties go by code."""
    known = index({"a": ("jalan",), "b": ("jalan", "lubang"), "c": ("jalan",)})
    assert suggest("jalan lubang", known) == ("b", "a", "c")


@QUICK
@given(st.text(max_size=200), st.integers(1, 5))
def test_any_story_suggests_known_topics_once(story: str, most: int) -> None:
    """Whatever is told, at most so many known topics are suggested, none twice, and always the same."""
    found = suggest(story, FACTS.keywords, most)
    assert len(found) == len(set(found)) <= most
    assert set(found) <= set(FACTS.category_by_code)
    assert found == suggest(story, FACTS.keywords, most)


def test_a_parent_that_is_its_own_child_is_survived() -> None:
    """A circle in imported topics does not hang the program."""
    facts = Facts(categories=(Category("a", "A", "b"), Category("b", "B", "a")))
    assert facts.category_line("a") == ("a", "b")
