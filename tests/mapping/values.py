"""What vendors may send: any JSON, with the keys that tests look for."""

from typing import Any

from hypothesis import strategies as st

KEYS = st.sampled_from(["a", "b", "name", "id", "odd key", "x.y", "self"]) | st.text(max_size=4)


def json_values() -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats() | st.text(max_size=20)
    return st.recursive(
        plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
    )


def records() -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(KEYS, json_values(), max_size=5)
