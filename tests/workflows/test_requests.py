"""From a preset and a record to the one request that would be sent."""

from typing import Any

import pytest

from saasdesk.connectors import CONNECTORS, Connector, Danger, Preset
from saasdesk.credentials import Credential
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.requests import PresetRequest, compose, find_preset


def request(
    preset: str, *, inputs: dict[str, str] | None = None, of: dict[str, Any] | None = None, kind: str = "admin"
) -> PresetRequest:
    """The request of a preset for a record with these values."""
    connector, found = find_preset(CONNECTORS, preset)
    values = {
        "email": "ann@example.com",
        "pager_duty_user_id": "PABC123",
        "first_name": "Ann",
        "last_name": "Lee",
        **(of or {}),
    }
    record = RecordView(ObjectKind.PEOPLE, 1, "Ann Lee", values, is_active=True)
    given = {
        "organization_id": "8a09f6bf-9bba-da26-bc3b-8ddeee3ad512",
        "directory_id": "34a186fd-f96a-3ec0-056f-0616fb8c02e0",
        "company_code": "4711",
    }
    known = {declared.key for declared in connector.inputs}
    credential = Credential(
        "1", "key", connector.key, "2026-01-01T00:00:00Z", kind=kind, permission="act",
        inputs={key: value for key, value in given.items() if key in known},
    )  # fmt: skip
    return compose(connector, found, credential, record, inputs or {})


def test_that_a_request_is_about_the_record_and_nobody_else() -> None:
    made = request("pagerduty_delete_user")

    assert made.line == "DELETE api.pagerduty.com/users/PABC123"
    assert dict(made.targets) == {"pager_duty_user_id": "PABC123"}
    assert made.user_id == "PABC123"


HOSTILE = ("..", ".", "a/b", "P1?x=1", "PABC 123", "PABC\uff11\uff12\uff13", "P\n1", "%2e%2e")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_that_an_id_that_is_none_is_refused(hostile: str) -> None:
    with pytest.raises(UserError, match="Nothing was sent"):
        request("pagerduty_delete_user", of={"pager_duty_user_id": hostile})


@pytest.mark.parametrize("empty", ["", "   ", None])
def test_that_an_empty_id_is_refused_and_never_becomes_everybody(empty: str | None) -> None:
    with pytest.raises(UserError, match="pager_duty_user_id is empty on Ann Lee"):
        request("pagerduty_delete_user", of={"pager_duty_user_id": empty})


def test_that_what_only_a_look_up_finds_is_marked_as_such() -> None:
    made = request("atlassian_delete_user", kind="scim")

    assert made.path.endswith("/Users/(looked up first)")
    assert made.look_up is not None
    assert dict(made.look_up[1]) == {"filter": 'userName eq "ann@example.com"'}


def test_that_a_value_cannot_end_the_quotation_marks_it_stands_in() -> None:
    made = request("atlassian_delete_user", kind="scim", of={"email": 'x" or userName pr or userName eq "\\'})

    assert made.look_up is not None
    assert made.look_up[1]["filter"] == 'userName eq "x\\" or userName pr or userName eq \\"\\\\"'


def test_that_a_value_that_looks_like_a_placeholder_is_only_a_value() -> None:
    made = request("jetbrains_revoke_license", of={"email": "{{ company_code }}"})

    assert dict(made.params) == {"email": "{{ company_code }}"}


def test_that_numbers_of_teams_are_numbers() -> None:
    made = request(
        "jetbrains_assign_license", inputs={"license_id": "L1", "license_team_id": "42", "product_code": "II"}
    )

    assert isinstance(made.body, dict)
    assert made.body["license"] == {"productCode": "II", "team": 42}
    assert made.body["contact"]["email"] == "ann@example.com"


def test_that_an_input_that_is_needed_is_asked_for() -> None:
    with pytest.raises(UserError, match="JetBrains Account Assign License to User needs License ID"):
        request("jetbrains_assign_license")


def test_that_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(UserError, match="takes a"):
        request("atlassian_delete_user", kind="admin")


@pytest.mark.parametrize("preset", ["jumpcloud_delete_user", "jumpcloud_expire_password", "jumpcloud_get_user"])
def test_that_every_vendors_ids_are_looked_at(preset: str) -> None:
    with pytest.raises(UserError, match="which is no id of JumpCloud"):
        request(preset, of={"jump_cloud_user_id": "x y"})


# Everything that a workflow can send, each with values that fit.
EVERY = [(connector, preset) for connector in CONNECTORS.values() for preset in connector.presets]
ACTING = [(connector, preset) for connector, preset in EVERY if preset.danger is not Danger.READS]
IDS = {
    "pager_duty_user_id": "PABC123",
    "jump_cloud_user_id": "0123456789abcdef01234567",
    "jet_brains_license_id": "AB12CD34EF",
}
SAAS_USER_IDS = {
    "pagerduty": "PABC123", "jumpcloud": "0123456789abcdef01234567", "atlassian": "5b10a2844c20165700ede21g",
    "jetbrains": "ann@example.com",
}  # fmt: skip


def named(pair: object) -> str | None:
    return pair.key if isinstance(pair, Preset) else "" if isinstance(pair, Connector) else None


def fitting(connector: Connector, preset: Preset) -> tuple[dict[str, str], dict[str, str]]:
    """Values of a record and inputs with which the preset can be sent."""
    values = {**IDS, "saas_user_id": SAAS_USER_IDS[connector.key], "name": "Ann Lee"}
    inputs = {declared.key: "1" if declared.is_number else "x" for declared in preset.inputs if declared.required}
    return values, inputs


def refused(connector: Connector, preset: Preset, credential: Credential) -> str:
    values, inputs = fitting(connector, preset)
    record = RecordView(ObjectKind.SAAS_USERS, 1, "Ann Lee", values, is_active=True)
    with pytest.raises(UserError) as problem:
        compose(connector, preset, credential, record, inputs)
    return str(problem.value)


@pytest.mark.parametrize(("connector", "preset"), ACTING, ids=named)
def test_that_a_key_that_only_reads_never_writes(connector: Connector, preset: Preset) -> None:
    reading = Credential("1", "looks", connector.key, "2026-01-01T00:00:00Z", kind=preset.kind, permission="read")

    said = refused(connector, preset, reading)

    assert "“looks” may only read" in said
    assert "Use a credential that may act" in said


@pytest.mark.parametrize(("connector", "preset"), EVERY, ids=named)
def test_that_a_key_of_another_vendor_is_refused(connector: Connector, preset: Preset) -> None:
    other = next(key for key in CONNECTORS if key != connector.key)
    foreign = Credential("1", "theirs", other, "2026-01-01T00:00:00Z", kind=preset.kind, permission="act")

    assert f"“theirs” is a credential for {CONNECTORS[other].title}" in refused(connector, preset, foreign)


@pytest.mark.parametrize(("connector", "preset"), [pair for pair in EVERY if pair[1].needs], ids=named)
def test_that_no_odd_value_changes_what_a_request_is_about(connector: Connector, preset: Preset) -> None:
    values, inputs = fitting(connector, preset)
    usual = request(preset.key, of=values, inputs=inputs, kind=preset.kind)

    for need in preset.needs:
        for odd in (*HOSTILE, "", "   "):
            try:
                made = request(preset.key, of={**values, need: odd}, inputs=inputs, kind=preset.kind)
            except UserError as problem:
                said = str(problem)
            else:
                # Where any text is a value, it stays one: the path keeps its segments, the parameters their names.
                said = ""
                assert odd.strip(), need
                assert need not in IDS
                assert made.path.count("/") == usual.path.count("/")
                assert "?" not in made.path
                assert made.path.isascii()
                assert not {".", ".."} & set(made.path.split("/"))
                assert made.params.keys() == usual.params.keys()
            assert said == "" or "Nothing was sent." in said
