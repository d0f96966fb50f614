from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.connectors import CONNECTORS, FieldType, VendorField
from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping import CompiledMapping, MappingProblem, MapRow, compile_mapping, missing_for_launch
from tests.mapping.values import records

PEOPLE = ObjectKind.PEOPLE
RAW: dict[str, Any] = {
    "id": "P1",
    "email": "Ana@Example.com",
    "name": "Ana Ruiz",
    "role": None,
    "hired": "2024-03-01T10:20:30+02:00",
    "seats": "7",
    "score": 2.5,
    "active": True,
    "profile": {"city": "Cork", "bio": "x" * 300},
    "teams": [{"name": "Ops"}, {"name": "Dev"}],
    "last_seen": "2024-01-01T00:00:00Z",
}
VENDOR_FIELDS = (
    VendorField("Id", "id"),
    VendorField("Email", "email"),
    VendorField("City", "profile.city", id="city"),
    VendorField("Last seen", "last_seen", FieldType.DATETIME, feature="last_activity"),
    VendorField("Connect: Company Code", "", id="connect:company_code"),
    VendorField("Connect: Credentials", "", id="connect:credentials"),
    VendorField("Connector Sync Time", "", FieldType.DATETIME, id="connector_sync_time"),
)
CONTEXT = {"connect:company_code": "EX-1", "connect:credentials": "pd key"}


def people_fields(**changes: Any) -> list[Field]:
    types = {
        "username": FieldType.SHORT_TEXT,
        "email": FieldType.SHORT_TEXT,
        "role": FieldType.SHORT_TEXT,
        "name": FieldType.SHORT_TEXT,
        "bio": FieldType.LONG_TEXT,
        "hired": FieldType.DATE,
        "seen": FieldType.DATETIME,
        "seats": FieldType.NUMBER,
        "score": FieldType.DECIMAL,
        "active": FieldType.FLAG,
        "teams": FieldType.LIST,
    }
    unique = {"username", "email"}
    fields = [Field(PEOPLE, name, name.title(), kind, unique=name in unique) for name, kind in types.items()]
    return [replace(field, **changes[field.external_id]) if field.external_id in changes else field for field in fields]


FIELDS = {
    PEOPLE: people_fields(),
    ObjectKind.SAAS_USERS: [Field(ObjectKind.SAAS_USERS, "role", "SaaS Role", FieldType.LONG_TEXT)],
}


def row(target: str, source: str | None = None, **more: Any) -> MapRow:
    return MapRow(target=target, source=source, **more)


def compiled(*rows: MapRow, variables: dict[str, str] | None = None, fields: Any = None) -> CompiledMapping:
    return compile_mapping(rows, VENDOR_FIELDS, fields or FIELDS, variables)


def values(*rows: MapRow, variables: dict[str, str] | None = None, raw: dict[str, Any] | None = None) -> list[Any]:
    return compiled(*rows, variables=variables).values(RAW if raw is None else raw, CONTEXT)


# ----- where a value comes from


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (row("email", "email"), "Ana@Example.com"),
        (row("email", " email "), "Ana@Example.com"),
        (row("email", "{{ response.email }}"), "Ana@Example.com"),
        (row("email", "{{ email|lower }}"), "ana@example.com"),
        (row("email", "email", transform=("lower", "split:@:0")), "ana"),
        (row("name", "city"), "Cork"),
        (row("name", "profile.city"), "Cork"),
        (row("name", "profile['city']", transform=("upper",)), "CORK"),
        (row("name", "teams[1].name"), "Dev"),
        (row("name", "teams[7].name"), None),
        (row("name", "nothing.there"), None),
        (row("name", "role"), None),
        (row("name", '{{ "constant" }}'), "constant"),
        (row("role", value="Employee"), "Employee"),
        (row("role", value=" employee ", transform=("trim", "title")), "Employee"),
        (row("active", value=False), 0),
        (row("active", value="yes"), 1),
        (row("name", "connect:company_code"), "EX-1"),
        (row("name", "connect:credentials", transform=("upper",)), "PD KEY"),
        (row("seats", "seats"), 7),
        (row("score", "score"), 2.5),
        (row("active", "active"), 1),
        (row("name", "active"), "true"),
        (row("hired", "hired"), "2024-03-01"),
        (row("seen", "hired"), "2024-03-01T08:20:30Z"),
        (row("bio", "profile.bio"), "x" * 300),
        (row("teams", "teams"), "Ops, Dev"),
        (row("teams", "teams", transform=("join: / ",)), "Ops / Dev"),
        (row("seen", "connector_sync_time"), None),
        (row("role", "role", object="saas_users"), None),
    ],
)
def test_that_a_line_fills_its_field(line: MapRow, expected: object) -> None:
    assert values(line) == [expected]


def test_that_one_source_may_feed_several_fields_in_the_order_of_the_lines() -> None:
    mapping = compiled(row("username", "email"), row("email", "email"), row("role", "name", object="saas_users"))

    assert mapping.values(RAW, {}) == ["Ana@Example.com", "Ana@Example.com", "Ana Ruiz"]
    assert [(target.object, target.field.external_id) for target in mapping.targets] == [
        (PEOPLE, "username"),
        (PEOPLE, "email"),
        (ObjectKind.SAAS_USERS, "role"),
    ]


def test_that_a_bare_name_in_braces_may_be_a_global_variable() -> None:
    variables = {"company": "Example", "email": "of the variable"}
    lines = [row("name", "{{ company }}"), row("email", "{{ email }}"), row("bio", "{{ company ~ '/' ~ id }}")]

    assert values(*lines, variables=variables) == ["Example", "Ana@Example.com", "Example/P1"]


@pytest.mark.parametrize("source", ["company", "{{ response.company }}", "{{ company.name }}"])
def test_that_a_path_into_the_record_never_finds_a_variable(source: str) -> None:
    assert values(row("name", source), variables={"company": "Example"}) == [None]


def test_that_what_a_line_says_beside_its_source_reaches_the_target() -> None:
    line = row("email", "email", sync_key=2, update_key=True, policy="only_if_empty")

    (target,) = compiled(line).targets

    assert (target.sync_key, target.update_key, target.policy) == (2, True, "only_if_empty")


def test_that_the_time_of_the_run_and_the_source_are_known_by_their_places() -> None:
    mapping = compiled(row("email", "email"), row("seen", "connector_sync_time"), row("name", "connect:credentials"))

    assert mapping.uses_sync_time == {1}
    assert mapping.tells_source == {2}


def test_that_targets_whose_source_needs_a_feature_name_it() -> None:
    mapping = compiled(
        row("email", "email"),
        row("seen", "last_seen"),
        row("name", "{{ response.last_seen }}"),
        row("bio", "{{ last_seen|date }}"),
        row("role", "{{ response.last_seen|date }}"),
        row("hired", "last_seen", transform=("trim",)),
    )

    assert mapping.features == dict.fromkeys((1, 2, 3, 4, 5), "last_activity")


def test_that_an_old_spelling_of_a_target_is_understood() -> None:
    assert row("jjump_cloud_user_id", "id").target == "jump_cloud_user_id"


# ----- what is wrong with a record


@pytest.mark.parametrize(
    ("line", "raw", "problem"),
    [
        (row("email", "email"), {"email": "x" * 257}, "Email: the text has 257 characters; 256 fit"),
        (row("email", "email"), {"email": {"x": 1}}, "Email: an object inside the value has no name"),
        (row("seats", "seats"), {"seats": "many"}, "Seats: “many” is not a whole number"),
        (row("hired", "hired"), {"hired": "soon"}, "Hired: “soon” is not a date"),
        (row("active", "active"), {"active": "maybe"}, "Active: “maybe” is neither yes nor no"),
        (row("name", "{{ name ~ phone }}"), {"name": "x"}, "Name: nothing is found for “phone”"),
        (row("name", "name", transform=("date:%Y",)), {"name": "x"}, "Name: “x” is not a date of the form %Y"),
        (
            row("name", "name", transform=("join",)),
            {"name": [{"a": 1}]},
            "Name: an object inside the value has no name",
        ),
    ],
)
def test_that_a_value_that_does_not_fit_is_a_problem_that_names_the_field(
    line: MapRow, raw: dict[str, Any], problem: str
) -> None:
    mapping = compiled(row("username", value="x"), line)

    with pytest.raises(MappingProblem) as caught:
        mapping.values(raw, {})

    assert str(caught.value).startswith(problem)


def test_that_a_problem_of_one_record_says_nothing_about_the_next() -> None:
    mapping = compiled(row("seats", "seats"))
    with pytest.raises(MappingProblem):
        mapping.values({"seats": "x"}, {})

    assert mapping.values({"seats": 5}, {}) == [5]


SOURCES = st.sampled_from(
    [
        "a",
        "name",
        "a.b",
        "a[0]",
        "['odd key']",
        "{{ a }}",
        "{{ a ~ b }}",
        "{{ a|default(b)|lower }}",
        "{{ response.id|json }}",
    ]
)
TRANSFORMS = st.lists(st.sampled_from(["trim", "lower", "join", "split:,:0", "epoch", "date:%Y", "prefix:x", "count"]))


@given(SOURCES, TRANSFORMS, st.sampled_from([field.external_id for field in FIELDS[PEOPLE]]), records())
def test_that_any_record_gives_stored_values_or_a_mapping_problem(
    source: str, transform: list[str], target: str, raw: dict[str, Any]
) -> None:
    mapping = compiled(row(target, source, transform=tuple(transform[:5])))
    try:
        (value,) = mapping.values(raw, {})
    except MappingProblem as problem:
        value = str(problem)
        named = value.startswith(f"{target.title()}: ")
    else:
        named = True

    assert named
    assert value is None or isinstance(value, str | int | float)


# ----- what is wrong with a mapping


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([row("email", "email"), row("nope", "id")], "map[2].target: there is no field “nope” among people."),
        ([row("name", "id", object="saas_users")], "map[1].target: there is no field “name” among saas_users."),
        ([row("email", "email"), row("email", "id")], "map[2].target: map[1] fills “email” already."),
        ([row("seats", value="many")], "map[1].value: Seats: “many” is not a whole number."),
        ([row("name", value="x" * 257)], "map[1].value: Name: the text has 257 characters; 256 fit."),
        (
            [row("name", "connect:api_token")],
            "map[1].source: there is no “connect:api_token”. There are: connect:company_code, connect:credentials.",
        ),
    ],
)
def test_that_a_mapping_that_cannot_run_is_refused_by_the_name_of_its_line(lines: list[MapRow], problem: str) -> None:
    with pytest.raises(UserError) as caught:
        compiled(*lines)

    assert str(caught.value) == problem


def test_that_the_same_name_may_be_filled_for_a_person_and_for_an_account() -> None:
    assert values(row("role", "id"), row("role", "id", object="saas_users")) == ["P1", "P1"]


# ----- the signature

BASE = (row("email", "email", sync_key=1), row("name", "{{ id ~ company }}"), row("role", value="Employee"))
VARIABLES = {"company": "Example", "unused": "x"}


def signature(*rows: MapRow, variables: dict[str, str] | None = None, fields: Any = None) -> str:
    return compiled(*(rows or BASE), variables=VARIABLES if variables is None else variables, fields=fields).signature


def with_field(**changes: Any) -> dict[ObjectKind, list[Field]]:
    return {**FIELDS, PEOPLE: people_fields(**changes)}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda: signature(*BASE[:2], row("role", value="Guest")), id="another constant"),
        pytest.param(lambda: signature(*BASE[:2]), id="a line less"),
        pytest.param(lambda: signature(*BASE, row("bio", "id")), id="a line more"),
        pytest.param(lambda: signature(*BASE, row("bio", "connect:company_code")), id="a line that tells the source"),
        pytest.param(lambda: signature(row("email", "id", sync_key=1), *BASE[1:]), id="another source"),
        pytest.param(lambda: signature(row("email", "email", sync_key=2), *BASE[1:]), id="another place of a sync key"),
        pytest.param(lambda: signature(row("email", "email"), *BASE[1:]), id="no sync key"),
        pytest.param(
            lambda: signature(row("email", "email", sync_key=1, update_key=True), *BASE[1:]),
            id="a sync key that is written",
        ),
        pytest.param(
            lambda: signature(row("email", "email", sync_key=1, transform=("lower",)), *BASE[1:]), id="a transform"
        ),
        pytest.param(
            lambda: signature(*BASE[:2], row("role", value="Employee", policy="only_if_empty")), id="a policy"
        ),
        pytest.param(
            lambda: signature(*BASE[:2], row("role", value="Employee", object="saas_users")), id="another object"
        ),
        pytest.param(lambda: signature(variables={"company": "Other"}), id="a variable in use"),
        pytest.param(lambda: signature(variables={"company": "Example", "id": "1"}), id="a variable that may be used"),
        pytest.param(lambda: signature(fields=with_field(name={"type": FieldType.LONG_TEXT})), id="another type"),
        pytest.param(lambda: signature(fields=with_field(name={"unique": True})), id="a field made Unique"),
        pytest.param(lambda: signature(fields=with_field(name={"mandatory": True})), id="a field made mandatory"),
    ],
)
def test_that_the_signature_changes_when_results_can(other: Callable[[], str]) -> None:
    assert other() != signature()


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(lambda: signature(*reversed(BASE)), id="another order of lines"),
        pytest.param(
            lambda: signature(row("email", "{{ response.email }}", sync_key=1), *BASE[1:]), id="the path in braces"
        ),
        pytest.param(lambda: signature(row("email", "['email']", sync_key=1), *BASE[1:]), id="the path in brackets"),
        pytest.param(lambda: signature(variables={"company": "Example", "unused": "y"}), id="a variable nobody uses"),
        pytest.param(lambda: signature(fields=with_field(name={"label": "Full name"})), id="another label"),
        pytest.param(lambda: signature(fields=with_field(bio={"type": FieldType.NUMBER})), id="a field nobody fills"),
        pytest.param(lambda: signature(*BASE, row("seen", "connector_sync_time")), id="the time of the run"),
    ],
)
def test_that_the_signature_stays_when_results_cannot_change(same: Callable[[], str]) -> None:
    assert same() == signature()


def test_that_the_signature_changes_with_the_path_behind_a_vendor_field() -> None:
    moved = tuple(replace(field, path="home.city") if field.id == "city" else field for field in VENDOR_FIELDS)

    before = compile_mapping([row("name", "city")], VENDOR_FIELDS, FIELDS)
    after = compile_mapping([row("name", "city")], moved, FIELDS)

    assert before.signature != after.signature


# ----- before launch


def test_that_a_complete_mapping_lacks_nothing() -> None:
    lines = [row("username", "email"), row("email", "email", sync_key=1), row("role", value="Employee")]

    assert missing_for_launch(lines, FIELDS) == []


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        ([], ["Map Username.", "Map Email.", "Map Role.", "Choose a sync key, such as Email."]),
        (
            [row("username", "email"), row("email", "email"), row("role", "role", object="saas_users")],
            ["Map Role.", "Choose a sync key, such as Email."],
        ),
        (
            [row("username", "email", sync_key=1), row("email", "email", sync_key=1), row("role", value="x")],
            ["Give each sync key a place of its own in the order."],
        ),
        (
            [row("username", "email"), row("email", "email"), row("role", "role"), row("name", "name", sync_key=1)],
            ["Choose sync keys that are Unique; Name is not."],
        ),
        (
            [row("username", "email"), row("email", "email", sync_key=1), row("role", value="x"), row("role", "role")],
            ["Fill each field from one source only: role."],
        ),
    ],
)
def test_that_what_is_missing_is_a_list_of_things_to_do(lines: list[MapRow], problems: list[str]) -> None:
    assert [todo.text for todo in missing_for_launch(lines, FIELDS)] == problems


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda known: known.key)
def test_that_the_default_mapping_of_every_connector_compiles_and_reads_any_record(connector: Any) -> None:
    lines = [
        MapRow(source=d.source, value=d.value, object=d.object, target=d.target, sync_key=d.sync_key)
        for d in connector.default_mapping
    ]
    names = {(line.object, line.target) for line in lines}
    fields = {kind: [Field(kind, name, name) for of, name in names if of is kind] for kind in ObjectKind}

    mapping = compile_mapping(lines, connector.all_fields(), fields)

    assert len(mapping.values({}, {})) == len(lines)


def test_that_a_default_stands_in_and_a_drop_down_is_looked_up() -> None:
    fields = {
        ObjectKind.PEOPLE: [
            Field(ObjectKind.PEOPLE, "site", "Site", options=("Berlin", "Lisbon"), default="Lisbon"),
            Field(ObjectKind.PEOPLE, "seats", "Seats", FieldType.NUMBER, default="1"),
        ]
    }
    compiled = compile_mapping(
        [MapRow(source="city", target="site"), MapRow(source="seats", target="seats")], [], fields
    )

    assert compiled.values({"city": "BERLIN", "seats": 3}, {}) == ["Berlin", 3]
    assert compiled.values({"city": None, "seats": ""}, {}) == ["Lisbon", 1]
    with pytest.raises(MappingProblem, match="Site: “Rome” is not one of its values"):
        compiled.values({"city": "Rome"}, {})
