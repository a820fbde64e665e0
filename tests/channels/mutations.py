"""Changes to what a platform sends: any value replaced, taken out, cut short or of another type."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

Path = tuple[Any, ...]
GONE = object()


def paths(value: Any, here: Path = ()) -> list[Path]:
    """The way to every value inside a value, itself first."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, inner in items for path in paths(inner, (*here, key)))]


def changed(value: Any, path: Path, new: Any) -> Any:
    """The value with another one at this place, or with none."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    if new is GONE and len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


def scraps(payloads: Sequence[Any], keys: Sequence[str]) -> st.SearchStrategy[Any]:
    """Anything that JSON can say, with the marks and the parts that do harm most easily."""
    inner = [value for each in payloads for path in paths(each)[1:] for value in [_at(each, path)]]
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([0, -1, 2**31, 2**63, 10**30, 10**400, 1e300, "", " ", "\0", "\ud800", "\u202e", "0", "1e999"]),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(codec=None), max_size=20),
        st.sampled_from(inner),
        st.lists(st.sampled_from(inner), max_size=3),
        st.dictionaries(st.sampled_from(list(keys)), st.sampled_from(inner), max_size=3),
    )


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def mutated(payloads: Mapping[str, Any], keys: Sequence[str]) -> st.SearchStrategy[Any]:
    """True payloads with a few values replaced or taken out."""
    known = list(payloads.values())
    return _mutated(st.sampled_from(known), st.one_of(st.just(GONE), scraps(known, keys)))


@st.composite
def _mutated(draw: st.DrawFn, payloads: st.SearchStrategy[Any], new: st.SearchStrategy[Any]) -> Any:
    payload = draw(payloads)
    for _ in range(draw(st.integers(1, 4))):
        if places := paths(payload)[1:]:
            payload = changed(payload, draw(st.sampled_from(places)), draw(new))
    return payload


@st.composite
def spoiled(draw: st.DrawFn, payloads: st.SearchStrategy[Any]) -> bytes:
    """The bytes of payloads, at times cut short."""
    raw = json.dumps(draw(payloads)).encode()
    return raw[: draw(st.integers(0, len(raw)))] if draw(st.integers(0, 9)) == 0 else raw
