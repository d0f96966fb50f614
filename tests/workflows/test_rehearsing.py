"""Test Request: sent to a stand-in unless it only reads, and nothing is written here."""

import pytest

from saasdesk.connectors import CONNECTORS, Preset
from saasdesk.credentials import Credential
from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind
from saasdesk.simulator.stage import stage
from saasdesk.workflows.blocks import World
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.records import read_records
from saasdesk.workflows.rehearsing import ask_vendor, rehearse
from saasdesk.workflows.workflows import world_of
from tests.workflows.conftest import Workshop
from tests.workflows.test_api import own
from tests.workflows.test_waiting import REMOVE, way

LINKS = [("begin", "next", "delete"), ("delete", "success", "done")]


def person(workshop: Workshop) -> RecordView:
    workshop.leave(*workshop.addresses(1))
    number = workshop.value("SELECT id FROM person WHERE role = 'Leaver'")
    assert isinstance(number, int)
    return next(read_records(workshop.store, way(REMOVE, links=LINKS).record_kind, [number]))


def test_that_a_deletion_is_rehearsed_at_a_stand_in_and_never_sent_to_the_vendor(workshop: Workshop) -> None:
    record, before = person(workshop), workshop.at_vendor()
    world = world_of(workshop.store, workshop.vault, record.kind)
    with stage() as stand_ins:
        found = rehearse(way(REMOVE, links=LINKS), "delete", world, record, stand_ins)

    assert (found.outlet, found.is_real) == ("success", False), found
    assert found.request == f"DELETE 127.0.0.1/users/{stand_ins['pagerduty'].user_id}"
    assert found.answer == "204"
    assert workshop.at_vendor() == before
    assert workshop.calls() == []
    with pytest.raises(UserError, match="a test never does"):
        ask_vendor(workshop.store, workshop.vault, way(REMOVE, links=LINKS), "delete", world, record)


def test_that_a_request_that_reads_is_tested_at_the_vendor_and_shows_what_would_be_written(workshop: Workshop) -> None:
    record = person(workshop)
    world = world_of(workshop.store, workshop.vault, record.kind)
    wanted = way(own(on_success=[{"to": "department", "value": "{{ response.user.email }}"}]), links=LINKS)

    found = ask_vendor(workshop.store, workshop.vault, wanted, "delete", world, record)

    assert (found.outlet, found.is_real) == ("success", True), found
    assert [change.after for change in found.changes] == [record.text("email")]
    assert '"user"' in found.answer
    assert workshop.value("SELECT department FROM person WHERE role = 'Leaver'") != record.text("email")


@pytest.mark.parametrize(
    ("vendor", "preset", "inputs"),
    [
        ("jumpcloud", "jumpcloud_expire_password", {}),
        ("jetbrains", "jetbrains_licenses_of_user", {"map_licenses_to_field": "department"}),
        ("atlassian", "atlassian_deactivate_user", {}),
    ],
)
def test_that_every_vendor_has_a_stand_in(vendor: str, preset: str, inputs: dict[str, str]) -> None:
    key = Credential("9", "key", vendor, "2026-01-01T00:00:00Z", permission="act")
    fields = {
        name: Field(ObjectKind.PEOPLE, name, name)
        for name in ("email", "department", "jump_cloud_user_id", "saas_user_id")
    }
    world = World(fields, {"key": key}, {}, CONNECTORS)
    block = {"id": "delete", "kind": "api", "settings": {"preset": preset, "credential": "key", "inputs": inputs}}
    record = RecordView(ObjectKind.PEOPLE, 1, "Ann", {"email": "ann@example.com"}, is_active=True)

    with stage() as stand_ins:
        found = rehearse(way(block, links=LINKS), "delete", world, record, stand_ins)

    assert found.outlet == "success", found
    assert bool(found.changes) == bool(inputs)


@pytest.mark.parametrize("preset", [preset for preset in CONNECTORS["atlassian"].presets if "role" not in preset.key])
def test_that_there_is_something_for_every_preset_to_do_at_the_stand_in(preset: Preset) -> None:
    key = Credential("9", "key", "atlassian", "2026-01-01T00:00:00Z", kind=preset.kind, permission="act")
    fields = {name: Field(ObjectKind.PEOPLE, name, name) for name in ("email", "name", "saas_user_id")}
    world = World(fields, {"key": key}, {}, CONNECTORS)
    block = {"id": "delete", "kind": "api", "settings": {"preset": preset.key, "credential": "key"}}
    values = {"email": "ann@example.com", "name": "Ann Lee"}
    record = RecordView(ObjectKind.PEOPLE, 1, "Ann", values, is_active=True)

    with stage() as stand_ins:
        found = rehearse(way(block, links=LINKS), "delete", world, record, stand_ins)

    assert found.outlet == "success", found
    assert '"totalResults": 0' not in found.answer
    assert not found.message
