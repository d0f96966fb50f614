"""What every connector keeps; a new one joins by a fake of its vendor and the labels of its article."""

import re
from collections.abc import Callable

import pytest

from saasdesk.connectors import CONNECTORS, Connector, Session, VendorClient, placeholders
from saasdesk.connectors.preset import Danger
from saasdesk.connectors.spec import PEOPLE, SAAS_USERS
from saasdesk.errors import UserError
from saasdesk.fields import external_id
from saasdesk.mapping import MapRow
from saasdesk.web import ErrorKind, Origin, VendorError
from tests.connectors import fake_atlassian, fake_jetbrains, fake_jumpcloud, fake_pagerduty
from tests.connectors.fake_atlassian import FakeAtlassian
from tests.connectors.fake_jetbrains import FakeJetBrains
from tests.connectors.fake_jumpcloud import FakeJumpCloud
from tests.connectors.fake_pagerduty import FakePagerDuty

# The source fields that the articles name, letter by letter.
ARTICLE_LABELS = {
    "jetbrains": (
        "Assignee Name", "Assignee Type", "Connector Sync Time", "Email", "Is Available To Assign",
        "Is Subscription Is Automatically Renewed", "Is Subscription Is Outdated", "Is Suspended",
        "Is Transferable Between Teams", "Is Trial", "Last Seen Is Offline Code Generated",
        "Last Seen Last Assignment Date", "Last Seen Last Seen Date", "License Id", "Product Code", "Product Name",
        "Subscription Pack Ref", "Subscription Valid Until Date", "Team Id", "Team Name", "Connect: Credentials",
        "Connect: JetBrains Company Code",
    ),
    "pagerduty": ("Id", "Name", "Email", "Role", "Type", "Invitation sent?", "Connector Sync Time"),
    "jumpcloud": (
        "Account Locked", "Account Locked Date", "Activated", "Allow Public Key", "Alternate Email", "Company",
        "Connect: Credentials", "Connector Sync Time", "Created", "Disable Device Max Login Attempts", "Displayname",
        "Email", "Employee Type", "First Name", "ID", "Job Title", "Last Name", "Manager", "Password Expiration Date",
        "Password Expired", "State", "Suspended",
    ),
    "atlassian": (
        "Access Billable", "Account ID", "Account Status", "Account Type", "Application Names",
        "Connect: Atlassian Organization ID", "Connect: Credentials", "Connector Sync Time", "Display Name", "Email",
        "Last Active", "Name", "User Url Self",
    ),
}  # fmt: skip

# A vendor with so many users; a vendor that sends the first page for ever.
FAKES: dict[str, Callable[[int], Session]] = {
    "jetbrains": lambda count: FakeJetBrains(fake_jetbrains.licences(count)),
    "pagerduty": lambda count: FakePagerDuty(fake_pagerduty.users(count)),
    "jumpcloud": lambda count: FakeJumpCloud(fake_jumpcloud.users(count)),
    "atlassian": lambda count: FakeAtlassian(fake_atlassian.accounts(count)),
}
CIRCLES: dict[str, Callable[[], Session]] = {
    "jetbrains": lambda: FakeJetBrains(odd=lambda _: fake_jetbrains.answer(fake_jetbrains.licences(100), total=1000)),
    "pagerduty": lambda: FakePagerDuty(
        odd=lambda _: fake_pagerduty.json_answer({"users": fake_pagerduty.users(100), "more": True, "total": None})
    ),
    "jumpcloud": lambda: FakeJumpCloud(
        odd=lambda _: fake_jumpcloud.json_answer({"results": fake_jumpcloud.users(100), "totalCount": 1_000_000})
    ),
    "atlassian": lambda: FakeAtlassian(
        odd=lambda cursor: fake_atlassian.page([*fake_atlassian.accounts(100)], f"{cursor}x")
    ),
}
# What an admin enters besides the key.
INPUTS: dict[str, dict[str, str]] = {"atlassian": fake_atlassian.INPUTS}

PEOPLE_FIELDS = {
    "username", "email", "role", "name", "first_name", "last_name", "job_title", "department", "location", "phone",
    "manager", "employee_id",
}  # fmt: skip
UNIQUE_PEOPLE_FIELDS = {"username", "email", "employee_id"}
SAAS_USER_FIELDS = {"saas_user_id", "email", "name", "role", "status", "last_activity"}

each_connector = pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda known: known.key)


def made_fields(connector: Connector, of: str) -> dict[str, bool]:
    """External ID → unique, of the fields that the default mapping brings along."""
    return {external_id(new.label): new.unique for new in connector.default_fields if new.object == of}


@each_connector
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_that_pages_end_and_nobody_is_lost(connector: Connector, count: int) -> None:
    with VendorClient(connector, FAKES[connector.key](count), INPUTS.get(connector.key, {})).list_users() as listing:
        found = sum(len(page.records) for page in listing)

    assert found == listing.evidence.distinct == count
    assert listing.evidence.stated_end
    assert listing.evidence.unproven_because is None


@each_connector
def test_p09_that_a_list_without_end_is_noticed(connector: Connector) -> None:
    listing = VendorClient(connector, CIRCLES[connector.key](), INPUTS.get(connector.key, {})).list_users()

    with pytest.raises(VendorError, match="keeps sending the same page") as caught:
        list(listing)

    assert caught.value.kind is ErrorKind.NONSENSE


@each_connector
def test_that_every_field_of_the_article_is_offered_under_its_label(connector: Connector) -> None:
    assert set(ARTICLE_LABELS[connector.key]) <= {field.label for field in connector.all_fields()}


@each_connector
def test_that_no_two_fields_share_an_id_or_a_label(connector: Connector) -> None:
    fields = connector.all_fields()

    assert len({field.id for field in fields}) == len({field.label.casefold() for field in fields}) == len(fields)


@each_connector
def test_that_every_field_can_be_mapped_by_its_id_and_read_by_its_path(connector: Connector) -> None:
    for field in connector.all_fields():
        MapRow(source=field.id, target="name")
    for field in connector.fields:
        MapRow(source=field.path, target="name")


@each_connector
def test_that_no_offered_field_is_fed_by_a_key_that_changes_by_itself(connector: Connector) -> None:
    assert not {re.split(r"[.\[]", field.path)[0] for field in connector.fields} & connector.volatile


@each_connector
def test_that_a_field_that_needs_more_than_the_list_names_an_enrichment(connector: Connector) -> None:
    known = {enrichment.feature: enrichment.key for enrichment in connector.enrichments}

    for field in connector.fields:
        if field.feature:
            assert field.path.split(".")[0] == known[field.feature]
    assert {field.path.split(".")[0] for field in connector.fields if not field.feature}.isdisjoint(known.values())


@each_connector
def test_that_the_key_test_tells_of_every_enrichment(connector: Connector) -> None:
    checked = {check.feature for check in connector.key_test.checks}

    assert {enrichment.feature for enrichment in connector.enrichments} <= checked
    assert all(check.advice for check in connector.key_test.checks)


@each_connector
def test_that_the_default_mapping_is_ready_to_launch(connector: Connector) -> None:
    offered = {field.id for field in connector.all_fields()}
    people = PEOPLE_FIELDS | made_fields(connector, PEOPLE).keys()
    rows = connector.default_mapping

    for row in rows:
        MapRow(source=row.source, value=row.value, object=row.object, target=row.target, sync_key=row.sync_key)
    assert {row.source for row in rows if row.source is not None} <= offered
    assert {row.target for row in rows if row.object == PEOPLE} <= people
    assert {row.object for row in rows} <= {PEOPLE, SAAS_USERS}
    assert {"username", "email", "role"} <= {row.target for row in rows}


@each_connector
def test_that_the_default_sync_keys_are_unique_fields(connector: Connector) -> None:
    keys = [row for row in connector.default_mapping if row.sync_key is not None]
    unique = UNIQUE_PEOPLE_FIELDS | {name for name, is_unique in made_fields(connector, PEOPLE).items() if is_unique}

    assert sorted(row.sync_key or 0 for row in keys) == list(range(1, len(keys) + 1))
    assert keys
    assert {row.target for row in keys} <= unique


@each_connector
def test_that_smart_targets_are_fields_of_people(connector: Connector) -> None:
    assert {field.smart_target for field in connector.fields} - {""} <= PEOPLE_FIELDS


@each_connector
def test_that_the_placeholders_of_every_preset_are_real(connector: Connector) -> None:
    real = (
        SAAS_USER_FIELDS
        | PEOPLE_FIELDS
        | made_fields(connector, PEOPLE).keys()
        | made_fields(connector, SAAS_USERS).keys()
    )
    inputs = {declared.key for declared in connector.inputs}

    for preset in connector.presets:
        named = {name for text in preset.templates() for name in placeholders(text)}
        looked_up = {preset.look_up.fills} if preset.look_up is not None else set()
        new_id = {"new_id"} if preset.read_back is not None and preset.read_back.new_id_path else set()
        assert named <= {*preset.needs, *(declared.key for declared in preset.inputs), *inputs, *looked_up, *new_id}
        assert preset.kind in {"admin", *(kind.key for kind in connector.kinds)}
        assert set(preset.needs) <= real
        assert preset.path.startswith("/")
        assert "{" not in re.sub(r"\{\{\s*\w+\s*\}\}", "", preset.path)


@each_connector
def test_that_a_preset_that_destroys_says_what_done_and_gone_look_like(connector: Connector) -> None:
    for preset in connector.presets:
        is_delete = preset.method == "DELETE"
        assert not is_delete or preset.danger is Danger.DESTROYS
        if preset.danger is Danger.DESTROYS:
            assert preset.needs
            assert preset.already_gone is not None
            assert preset.already_gone.path, "a status alone can come from a proxy"
        assert all(200 <= status < 300 for status in preset.success.statuses)
        assert preset.danger is not Danger.READS or preset.read_back is None
        assert not (preset.inverse and preset.is_irreversible)
        assert preset.inverse in {"", *(other.key for other in connector.presets)}
        assert preset.danger is not Danger.CHANGES or preset.read_back is not None, "nobody would see what became of it"
    assert len({preset.key for preset in connector.presets}) == len(connector.presets)


@each_connector
def test_that_gone_takes_more_than_a_status(connector: Connector) -> None:
    one = connector.users.one

    assert one is None or (one.gone.path and "{{ id }}" in one.path)


@each_connector
def test_p06_that_keys_go_to_encrypted_addresses_only(connector: Connector) -> None:
    assert {Origin.of(url).scheme for url in connector.base_urls()} == {"https"}


@each_connector
def test_that_an_id_that_could_lead_elsewhere_is_none(connector: Connector) -> None:
    client = VendorClient(connector, FAKES[connector.key](0), {})

    assert not any(
        client.is_id(odd) for odd in ("", " ", ".", "..", "a/b", "a b", "a\n", "a?b", "a#b", None, 1, 1.5, {})
    )


@each_connector
def test_that_every_kind_of_key_has_a_test_of_its_own_and_inputs_that_exist(connector: Connector) -> None:
    inputs = {declared.key for declared in connector.inputs}

    for kind in connector.kinds:
        seen = connector.of_kind(kind.key)
        assert set(kind.needs) <= inputs
        assert seen.key_test.path != connector.key_test.path
        assert {declared.key for declared in seen.inputs if declared.required} == set(kind.needs)
        assert set(placeholders(kind.key_test.path)) <= set(kind.needs)
        assert kind.help.where_to_make_the_key
    with pytest.raises(UserError, match="has no keys of the kind"):
        connector.of_kind("another")


@each_connector
def test_that_an_admin_is_told_where_the_key_comes_from(connector: Connector) -> None:
    told = connector.help

    assert told.where_to_make_the_key
    assert told.role_needed
    assert told.refused_key.endswith(".")
    assert told.documentation.startswith("https://")
    assert re.fullmatch(r"[a-z]+", connector.key)
