from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saasdesk.mapping import PathProblem, compile_path
from saasdesk.mapping.paths import Step, compile_columns, compile_steps, parse_path, path_in_template, path_text
from tests.mapping.values import KEYS, records

STEPS = st.lists(st.text(max_size=12) | st.integers(-999_999, 999_999), min_size=1, max_size=6)
RECORD = {
    "email": "ana@example.com",
    "profile": {"first_name": "Ana", "last_name": None},
    "addresses": [{"city": "Cork"}, {"city": "Lyon"}],
    "assigned_to.email": "boss@example.com",
    "odd key": {"it's": 1},
    "response": "200",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("email", "ana@example.com"),
        ("  email  ", "ana@example.com"),
        ("profile.first_name", "Ana"),
        ("profile['first_name']", "Ana"),
        ('profile["first_name"]', "Ana"),
        ("profile[ 'first_name' ]", "Ana"),
        ("response.profile.first_name", "Ana"),
        ("addresses[0].city", "Cork"),
        ("addresses[-1]['city']", "Lyon"),
        ("response['assigned_to.email']", "boss@example.com"),
        (r"['odd key']['it\'s']", 1),
        ("""['odd key']["it's"]""", 1),
        ("response", "200"),
        ("response.response", "200"),
        ("{{ response.addresses[1].city }}", "Lyon"),
        ("{{email}}", "ana@example.com"),
    ],
)
def test_that_a_path_finds_what_stands_there(path: str, expected: object) -> None:
    assert compile_path(path)(RECORD) == expected


@pytest.mark.parametrize(
    "path",
    ["phone", "profile.phone", "email.domain", "profile.last_name.x", "addresses[2]", "addresses[-3]", "profile[0]",
     "addresses.city", "a.b.c.d"],
)  # fmt: skip
def test_that_a_path_to_nothing_gives_nothing(path: str) -> None:
    assert compile_path(path)(RECORD) is None


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("", "a path is empty"),
        ("   ", "a path is empty"),
        ("a" * 1025, "at most 1,024 characters"),
        (".a", "a key is missing at column 1"),
        ("a.", "a key is missing at column 2"),
        ("a..b", "a key is expected at column 3"),
        ("a b", "a dot is missing at column 2"),
        ("a['b']c", "a dot is missing at column 7"),
        ("a['b'", r"at column 2 a position like \[0\] or a key"),
        ("a['b]", r"at column 2 a position like \[0\] or a key"),
        ("a[b]", r"at column 2 a position like \[0\] or a key"),
        ("a[1.5]", r"at column 2 a position like \[0\] or a key"),
        ("a[9999999]", r"at column 2 a position like \[0\] or a key"),
        ("größe", "a key is expected at column 1|a dot is missing"),
        ("assigned-to@x", "a dot is missing at column 12"),
        ("1st", "a key is expected at column 1"),
    ],
)
def test_that_a_wrong_path_is_refused_with_the_column(path: str, complaint: str) -> None:
    with pytest.raises(PathProblem, match=complaint):
        compile_path(path)


@given(STEPS)
def test_that_any_path_reads_back_as_it_was_written(steps: list[Step]) -> None:
    assert parse_path(path_text(steps)) == tuple(steps)


@given(STEPS, records())
def test_that_any_path_in_any_record_finds_something_or_nothing(steps: list[Step], record: dict[str, Any]) -> None:
    walked: Any = record
    for step in steps:
        if isinstance(step, str):
            walked = walked.get(step) if isinstance(walked, dict) else None
        else:
            walked = walked[step] if isinstance(walked, list) and -len(walked) <= step < len(walked) else None

    assert compile_path(path_text(steps))(record) is walked


@settings(max_examples=50)
@given(
    st.lists(st.lists(KEYS | st.integers(-2, 2), min_size=1, max_size=3).map(tuple), min_size=1, max_size=5),
    st.lists(records(), min_size=1, max_size=3),
    st.booleans(),
)
def test_that_many_paths_in_many_records_find_what_each_finds_alone(
    paths: list[tuple[Step, ...]], found: list[dict[str, Any]], are_alike: bool
) -> None:
    if are_alike:
        # As vendors send them: all have the same keys, mostly all that are asked for.
        found = [{"a": record, "name": number, "b": {"id": number}} for number, record in enumerate(found)]
        paths = [*paths, ("name",), ("a", "name"), ("b", "id"), ("b",)]
    wanted = dict(enumerate(paths, start=7))

    columns = compile_columns(wanted)(found)

    assert columns.keys() == wanted.keys()
    for number, steps in wanted.items():
        alone = [compile_steps(steps)(record) for record in found]
        assert [id(value) for value in columns[number]] == [id(value) for value in alone]


@given(st.text(alphabet="ab.[]'\"\\0-9{} response", max_size=30) | st.text(max_size=30))
def test_that_any_text_is_a_path_or_a_path_problem(text: str) -> None:
    try:
        steps = parse_path(text)
    except PathProblem:
        return

    assert parse_path(path_text(steps)) == steps


@pytest.mark.parametrize("text", ["{{ email }}", "{{response.profile['first name']}}", "{{a[0].b}}"])
def test_that_a_template_of_one_path_is_recognised(text: str) -> None:
    assert path_in_template(text) == text[2:-2].strip()


@pytest.mark.parametrize(
    "text",
    ["email", "{{ a }}{{ b }}", "x {{ a }}", "{{ a|lower }}", "{{ a ~ b }}", "{{ 'text' }}", "{{ }}", "{{", "}}",
     "{{}}", "{{ true }}", "{{ none }}", "{{- a -}}", "{{a-}}", "{{ a if b else c }}", "{{ not a }}"],
)  # fmt: skip
def test_that_what_is_more_or_less_than_a_path_is_no_path(text: str) -> None:
    assert path_in_template(text) is None


def test_that_a_long_row_of_blanks_in_braces_is_judged_at_once() -> None:
    assert path_in_template("{{" + " " * 100_000 + "|") is None
    assert path_in_template("{{" + " " * 100_000 + "|}}") is None
