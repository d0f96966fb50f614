"""Lines of a mapping: sources find their fields, and what does not fit is one record's problem."""

from typing import Any

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.mapping import (
    CompiledMapping,
    MappingProblem,
    MapRow,
    PathProblem,
    compile_mapping,
    compile_path,
    missing_for_launch,
)
from saasdesk.sync.integration import parse_document

PEOPLE = (
    Field(ObjectKind.PEOPLE, "username", "Username", unique=True, mandatory=True),
    Field(ObjectKind.PEOPLE, "email", "Email", unique=True, mandatory=True),
    Field(ObjectKind.PEOPLE, "role", "Role", mandatory=True),
    Field(ObjectKind.PEOPLE, "joined", "Joined", FieldType.DATE),
    Field(ObjectKind.PEOPLE, "count", "Count", FieldType.NUMBER),
)


def compiled(*rows: dict[str, Any], variables: dict[str, str] | None = None) -> CompiledMapping:
    made = [MapRow.model_validate(row) for row in rows]
    return compile_mapping(made, CONNECTORS["pagerduty"].all_fields(), {ObjectKind.PEOPLE: PEOPLE}, variables)


def test_that_one_source_fills_several_targets() -> None:
    mapping = compiled({"source": "email", "target": "username"}, {"source": "email", "target": "email"})

    assert mapping.values({"email": "ana@example.com"}, {}) == ["ana@example.com", "ana@example.com"]


def test_that_constants_templates_paths_and_steps_give_values() -> None:
    mapping = compiled(
        {"value": "Employee", "target": "role"},
        {"source": "{{ response.name | upper }}", "target": "username"},
        {"source": "profile.mails[0]", "target": "email", "transform": ["trim", "lower"]},
        {"source": "teams", "target": "count", "transform": ["count"]},
    )

    values = mapping.values({"name": "ana", "profile": {"mails": [" A@EXAMPLE.COM "]}, "teams": [1, 2]}, {})

    assert values == ["Employee", "ANA", "a@example.com", 2]


def test_that_a_value_that_does_not_fit_is_a_problem_that_names_the_field() -> None:
    mapping = compiled({"source": "name", "target": "joined"})

    with pytest.raises(MappingProblem, match="Joined: “soon” is not a date"):
        mapping.values({"name": "soon"}, {})


def test_that_a_missing_key_is_an_empty_value() -> None:
    assert compiled({"source": "job_title", "target": "role"}).values({}, {}) == [None]


def test_that_the_signature_changes_with_what_decides_the_results() -> None:
    row = {"source": "email", "target": "email"}

    plain = compiled(row).signature

    assert compiled(row).signature == plain
    assert compiled({**row, "transform": ["lower"]}).signature != plain
    assert compiled({**row, "policy": "only_if_empty"}).signature != plain


def test_that_what_tells_the_source_is_known_apart() -> None:
    mapping = compiled(
        {"source": "connect:credentials", "target": "role"}, {"source": "connector_sync_time", "target": "joined"}
    )

    assert mapping.tells_source == {0}
    assert mapping.uses_sync_time == {1}
    assert mapping.values({}, {"connect:credentials": "pd key"}) == ["pd key", None]


def test_that_launching_needs_the_mandatory_fields_and_a_sync_key() -> None:
    rows = [MapRow(source="email", target="email")]

    problems = missing_for_launch(rows, {ObjectKind.PEOPLE: PEOPLE})

    assert problems == ["Map Username.", "Map Role.", "Choose a sync key, such as Email."]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('source = "{{ first"\ntarget = "email"', "map[1].source: Column 1: "),
        ('source = "a..b"\ntarget = "email"', "map[1].source"),
        ('target = "email"', "map[1]: a line has either a source or a value"),
        ('source = "email"\nvalue = "x"\ntarget = "email"', "either a source or a value"),
        ('source = "email"\ntarget = "email"\ntransform = ["frobnicate"]', "“frobnicate” is not a step"),
        ('source = "email"\ntarget = "email"\npolicy = "never"', "map[1].policy"),
        ('source = "email"\ntarget = "email"\nsync_kye = 1', "map[1].sync_kye is not a known key"),
        ('value = "x"\ntarget = "email"\nsync_key = 1', "a constant cannot be a sync key"),
        ('source = "email"\ntarget = "email"\nobject = "cats"', "map[1].object"),
    ],
)
def test_that_a_bad_line_of_a_file_is_named_by_its_key(line: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_document(f'name = "x"\nconnector = "pagerduty"\n[[map]]\n{line}\n', "x.toml")

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", 1),
        ("b.c", 2),
        ("response.b.c", 2),
        ("{{ response.b.c }}", 2),
        ("b['d.e']", 3),
        ("l[0].x", 4),
        ("l[-1].x", 5),
        ("l[9].x", None),
        ("a.b", None),
        ("nothing", None),
    ],
)
def test_that_a_path_finds_its_value(path: str, value: object) -> None:
    record = {"a": 1, "b": {"c": 2, "d.e": 3}, "l": [{"x": 4}, {"x": 5}]}

    assert compile_path(path)(record) == value


@pytest.mark.parametrize("path", ["", ".", "a.", "a..b", "a[", "a[x]", "a['x]", "a b", "a]"])
def test_that_an_unreadable_path_is_refused(path: str) -> None:
    with pytest.raises(PathProblem):
        compile_path(path)
