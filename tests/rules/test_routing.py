"""A report goes to the agency that the first fitting rule names."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.facts import Category, Facts
from handlers.rules.routing import Route, line_of, route
from tests.handlers import sample_office

QUICK = settings(max_examples=200, deadline=None, derandomize=True)
CODES = st.sampled_from(["", "a", "b", "c", "d"])
LINES = st.lists(st.sampled_from("abcd"), unique=True, max_size=4)
RULES = st.lists(st.builds(Route, st.integers(0, 9), CODES, CODES, st.sampled_from(["dputr", "dlh"])), max_size=6)


def sample() -> Facts:
    with sample_office() as stage:
        return stage.office.facts


FACTS = sample()


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


def test_a_parent_that_is_its_own_child_is_survived() -> None:
    """A circle in imported topics does not hang the program."""
    facts = Facts(categories=(Category("a", "A", "b"), Category("b", "B", "a")))
    assert facts.category_line("a") == ("a", "b")
