"""A run whose values are looked up on the admin's lists."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.connectors import FieldType
from saasdesk.definitions import write_file
from saasdesk.fields import ObjectKind
from saasdesk.fields.custom_objects.objects import change_object, create_object, list_objects
from saasdesk.fields.custom_objects.rows import ObjectItem
from saasdesk.fields.rows import list_fields
from saasdesk.mapping import MapRow
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.objects import keep_item
from saasdesk.rules import Operator, condition
from saasdesk.simulator.control import Simulator
from saasdesk.sync import integrations
from saasdesk.sync.events import Status
from saasdesk.sync.files import read_document
from saasdesk.sync.integration import NewFieldRow
from tests.sync.conftest import Office

SITES = "SELECT DISTINCT {0} FROM person WHERE {0} IS NOT NULL ORDER BY 1"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """JumpCloud, whose users have locations: mapped to the person's own, and to a field of ours."""
    with Simulator(30) as simulator:
        desk = Office(tmp_path / "profile", simulator, "jumpcloud")
        document = desk.integrate().document
        site = NewFieldRow(label="Site", type=FieldType.CUSTOM_OBJECT, custom_object="sites")
        more = (MapRow(source="location", target="location"), MapRow(source="location", target="site"))
        integrations.save_integration(
            desk.store,
            document.model_copy(update={"fields": (*document.fields, site), "mapping": (*document.mapping, *more)}),
        )
        yield desk
        desk.close()


def test_that_a_list_that_is_not_there_is_made_with_the_field_and_takes_what_the_vendor_sends(office: Office) -> None:
    office.run()

    with office.store.reading() as db:
        site = next(field for field in list_fields(db, ObjectKind.PEOPLE) if field.external_id == "site")
    assert site.type is FieldType.CUSTOM_OBJECT
    assert site.lookup is not None
    assert [(known.external_id, known.only_these) for known in list_objects(office.store)] == [
        ("locations", False),
        ("sites", False),
    ]
    assert office.rows(SITES.format("site")) == [("Dublin",), ("Lisbon",), ("Toronto",)]


def test_that_another_name_changes_the_records_at_once_and_the_next_run_leaves_them_so(office: Office) -> None:
    office.run()

    assert keep_item(office.store, "locations", ObjectItem("Baile Átha Cliath", ("Dublin",))) > 0
    again = office.run()

    assert again.status is Status.COMPLETED
    assert again.counts["updated"] == 0
    assert office.rows(SITES.format("location")) == [("Baile Átha Cliath",), ("Lisbon",), ("Toronto",)]
    # A filter, or a workflow's criteria, that was written before goes on finding them.
    query = ListQuery(rule=condition("location", Operator.EQUALS, "dublin"))
    there = office.value("SELECT count(*) FROM person WHERE location = 'Baile Átha Cliath'")
    assert len(RecordList(office.store, ObjectKind.PEOPLE).ids(query)) == there
    assert office.rows(SITES.format("site")) == [("Dublin",), ("Lisbon",), ("Toronto",)]


def test_that_records_with_values_that_a_closed_list_does_not_have_are_reported(office: Office) -> None:
    create_object(office.store, "Offices", only_these=False)
    keep_item(office.store, "locations", ObjectItem("Dublin"))
    keep_item(office.store, "locations", ObjectItem("Lisbon"))
    change_object(office.store, "locations", "Locations", only_these=True)

    result = office.run()

    assert result.status is Status.COMPLETED_WITH_ERRORS
    said = {error.message for error in result.errors}
    assert said == {"Location: “Toronto” is not on the list “Locations”"}
    assert office.rows(SITES.format("location")) == [("Dublin",), ("Lisbon",)]


def test_that_a_file_holds_the_list_of_a_field(office: Office, tmp_path: Path) -> None:
    known = integrations.list_integrations(office.store)[0]
    file = tmp_path / "jumpcloud.toml"

    write_file(file, known.document)

    assert read_document(file) == known.document
    assert 'custom_object = "sites"' in file.read_text("utf-8")
