"""The mappings of several integrations beside each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.fields import ObjectKind
from saasdesk.profile import open_profile
from saasdesk.records.feeders import set_order
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.sync.beginning import add_draft, gallery
from saasdesk.sync.mapping_matrix import MappingMatrix, read_matrix


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A profile with a draft of everything that can be added."""
    with Store.open(open_profile(tmp_path / "profile", demo=True)) as opened:
        for connector in gallery():
            add_draft(opened, connector)
        yield opened


def matrix(store: Store, kind: ObjectKind) -> MappingMatrix:
    return read_matrix(store, kind, integrations.list_integrations(store))


def test_that_each_kind_of_record_has_the_integrations_that_load_it(store: Store) -> None:
    assets = [column.integration.name for column in matrix(store, ObjectKind.ASSETS).columns]
    people = [column.integration.name for column in matrix(store, ObjectKind.PEOPLE).columns]

    assert assets == ["JumpCloud devices"]
    assert "JumpCloud devices" not in people
    assert {"JumpCloud users", "PagerDuty users"} <= set(people)


def test_that_whoever_loads_people_alone_is_not_among_those_of_saas_users(store: Store) -> None:
    found = integrations.find_integration(store, "PagerDuty users")
    integrations.save_integration(store, found.document.model_copy(update={"saas_mode": "user_only"}))

    names = [column.integration.name for column in matrix(store, ObjectKind.SAAS_USERS).columns]

    assert "JumpCloud users" in names
    assert "PagerDuty users" not in names


def test_that_mandatory_fields_come_first_and_every_line_stands_at_its_field(store: Store) -> None:
    found = matrix(store, ObjectKind.PEOPLE)
    column = next(each for each in found.columns if each.integration.name == "PagerDuty users")

    assert [field.external_id for field in found.fields[:3]] == ["username", "email", "role"]
    assert column.lines["email"].source == "email"
    assert column.lines["email"].sync_key is not None
    assert column.lines["role"].value == "Employee"


def test_that_source_fields_that_fill_nothing_are_free(store: Store) -> None:
    column = next(
        each for each in matrix(store, ObjectKind.PEOPLE).columns if each.integration.name == "PagerDuty users"
    )
    used = {line.source for line in column.integration.document.mapping}

    assert "Email" not in column.free
    assert column.free
    assert all(field.label in column.free for field in column.integration.connector.fields if field.id not in used)


def test_that_only_fields_of_people_with_several_sources_have_feeders(store: Store) -> None:
    set_order(store, "email", ["JumpCloud users", "PagerDuty users"])

    found = matrix(store, ObjectKind.PEOPLE)

    assert [feeder.name for feeder in found.feeders["email"]][:2] == ["JumpCloud users", "PagerDuty users"]
    assert "pager_duty_user_id" not in found.feeders
    assert matrix(store, ObjectKind.SAAS_USERS).feeders == {}


def test_that_what_a_run_writes_itself_is_no_field_to_map(store: Store) -> None:
    fields = {field.external_id for field in matrix(store, ObjectKind.SAAS_USERS).fields}

    assert fields.isdisjoint({"saas_application", "saas_user_id", "person"})
    assert "role" in fields
