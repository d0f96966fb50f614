"""Integrations as files: what leaves comes back the same, and a bad file changes nothing."""

from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.definitions import write_file
from saasdesk.errors import UserError
from saasdesk.sync import integrations
from saasdesk.sync.files import look_at, read_document
from saasdesk.sync.integration import IntegrationDocument, NewFieldRow, with_default_mapping
from tests.sync.conftest import NAME, Office

BAD = {
    "no toml": ('name = "unfinished', "not readable TOML"),
    "key": ('name = "X"\nconnector = "pagerduty"\ncolour = "red"', "colour is not a known key"),
    "connector": ('name = "X"\nconnector = "nobody"', "connector: “nobody” is not a connector here"),
    "target": ('name = "X"\nconnector = "pagerduty"\n[[map]]\nsource = "email"\ntarget = "hat"', r"map\[1\]\.target"),
}


def test_that_an_exported_integration_is_imported_as_the_same_document_without_a_key(
    office: Office, tmp_path: Path
) -> None:
    original = office.integrate()
    file = tmp_path / "it.toml"

    write_file(file, original.document)

    assert read_document(file) == original.document
    assert office.simulator.access()["pagerduty"]["key"] not in file.read_text("utf-8")


def test_that_a_look_says_who_has_the_name_what_differs_and_which_fields_are_new(office: Office) -> None:
    original = office.integrate()
    new = NewFieldRow(label="Favourite colour")
    changed = {"preference": "update_only", "fields": (*original.document.fields, new)}

    found = look_at(office.store, original.document.model_copy(update=changed), office.vault.known())

    assert found.namesake == original
    assert found.may_replace
    assert found.free_name == f"{NAME} 2"
    assert found.changes == ("preference", "field")
    assert found.new_fields == ("Favourite colour",)
    assert found.has_credential


def test_that_a_look_changes_nothing(office: Office) -> None:
    original = office.integrate()
    before = office.rows("SELECT (SELECT count(*) FROM field), (SELECT count(*) FROM audit), version FROM integration")
    document = original.document.model_copy(update={"fields": (NewFieldRow(label="Favourite colour"),)})

    look_at(office.store, document.model_copy(update={"name": "Other"}), office.vault.known())

    assert before == office.rows(
        "SELECT (SELECT count(*) FROM field), (SELECT count(*) FROM audit), version FROM integration"
    )


def test_that_a_credential_of_another_vendor_counts_as_missing(office: Office) -> None:
    document = office.integrate().document

    assert not look_at(office.store, document, {"pd key": "jumpcloud"}).has_credential


@pytest.mark.parametrize("case", BAD)
def test_that_a_bad_file_is_refused_by_the_name_of_its_key_and_changes_nothing(
    office: Office, tmp_path: Path, case: str
) -> None:
    office.integrate()
    text, words = BAD[case]
    file = tmp_path / "bad.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(UserError, match=words):
        look_at(office.store, read_document(file), office.vault.known())

    assert [known.name for known in integrations.list_integrations(office.store)] == [NAME]


def test_that_a_file_that_is_not_there_or_no_text_is_said_so(tmp_path: Path) -> None:
    picture = tmp_path / "picture.toml"
    picture.write_bytes(b"\x89PNG\xff")

    with pytest.raises(UserError, match="not UTF-8 text"):
        read_document(picture)
    with pytest.raises(UserError, match="cannot be read"):
        read_document(tmp_path / "missing.toml")


def test_that_an_export_that_cannot_be_written_says_where_and_leaves_nothing_behind(
    office: Office, tmp_path: Path
) -> None:
    document = office.integrate().document
    target = tmp_path / "taken.toml"
    target.mkdir()

    with pytest.raises(UserError, match=r"taken\.toml could not be saved"):
        write_file(target, document)

    assert list(tmp_path.glob("*.new")) == []


def test_that_a_file_about_assets_may_have_the_name_of_an_integration_of_users(office: Office) -> None:
    office.integrate()
    devices = IntegrationDocument(name=NAME, connector="jumpcloud", object="assets")
    document = with_default_mapping(devices, CONNECTORS["jumpcloud"])

    found = look_at(office.store, document, office.vault.known())

    assert not found.may_replace
    assert found.free_name == f"{NAME} 2"
