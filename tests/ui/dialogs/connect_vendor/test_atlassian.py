"""Connecting a vendor that asks for more than a key: inputs, a second key, and each error where it can be put right."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit

from saasdesk.simulator.atlassian import KeyKind
from saasdesk.ui.dialogs.connect_vendor.dialog import ConnectVendorDialog
from tests.ui.dialogs.connect_vendor.conftest import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def dialog(office: Office) -> ConnectVendorDialog:
    """The dialog at Atlassian's key, with the simulator's address filled in."""
    office.connect_vendor()
    office.qtbot.waitExposed(office.dialog)
    entry = next(entry for entry in office.dialog.vendor.vendors if entry.connector.key == "atlassian")
    office.press(entry.add)
    office.qtbot.waitUntil(lambda: office.dialog.step is office.dialog.key)
    key = office.dialog.key
    key.region.setCurrentIndex(key.region.count() - 1)
    key.address.setText(access(office)["base_url"])
    return office.dialog


def access(office: Office) -> dict[str, str]:
    return office.simulator.access()["atlassian"]


def field(dialog: ConnectVendorDialog, name: str) -> QLineEdit:
    """The field that a screen reader calls so."""
    (found,) = [edit for edit in dialog.key.findChildren(QLineEdit) if edit.accessibleName() == name]
    return found


def fill(office: Office, dialog: ConnectVendorDialog, **other: str) -> None:
    known = access(office) | other
    dialog.key.key.setText(known["key"])
    field(dialog, "Organization ID").setText(known["organization_id"])


def check(office: Office, dialog: ConnectVendorDialog) -> None:
    office.press(dialog.next_button)
    office.wait_idle()


def errors(dialog: ConnectVendorDialog) -> list[str]:
    return dialog.key.fields.problems


def works(dialog: ConnectVendorDialog) -> dict[str, bool | None]:
    assert dialog._connecting is not None
    assert dialog._connecting.probe is not None
    return {feature.name: feature.works for feature in dialog._connecting.probe.features}


def test_that_the_organisation_id_is_needed_and_the_directory_is_not(
    office: Office, dialog: ConnectVendorDialog
) -> None:
    dialog.key.key.setText(access(office)["key"])

    check(office, dialog)

    assert dialog.step is dialog.key
    assert errors(dialog) == ["Atlassian Organization ID is needed."]
    assert field(dialog, "Organization ID").hasFocus()


def test_that_a_key_with_its_organisation_opens_it_by_name(office: Office, dialog: ConnectVendorDialog) -> None:
    fill(office, dialog)

    check(office, dialog)

    assert dialog.step is dialog.check
    assert "Kestrel & Heath" in dialog.check.answer.accessibleName() + str(dialog._connecting)
    assert works(dialog)["Create and delete users"] is None
    assert [known.kind for known in office.vault.list()] == ["admin"]


def test_that_what_is_pasted_whole_is_cut_down_to_what_counts(office: Office, dialog: ConnectVendorDialog) -> None:
    known = access(office)
    fill(office, dialog, organization_id=f"https://admin.atlassian.com/o/{known['organization_id']}/overview")
    field(dialog, "Directory ID").setText(f"https://api.atlassian.com/scim/directory/{known['directory_id']}/")
    dialog.key.key.setText(f"Bearer {known['key']}")

    check(office, dialog)

    assert dialog.step is dialog.check
    (credential,) = office.vault.list()
    assert credential.inputs == {name: known[name] for name in ("organization_id", "directory_id")}


def test_that_an_id_that_is_none_is_said_at_its_field(office: Office, dialog: ConnectVendorDialog) -> None:
    fill(office, dialog)
    field(dialog, "Directory ID").setText("somewhere else")

    check(office, dialog)

    assert dialog.step is dialog.key
    assert errors(dialog)[0].startswith("“somewhere else” is no Directory ID: there are spaces in it.")
    assert office.vault.list() == ()


def test_that_a_directory_key_is_a_credential_of_its_own_and_the_integration_names_both(
    office: Office, dialog: ConnectVendorDialog
) -> None:
    fill(office, dialog)
    field(dialog, "Directory ID").setText(access(office)["directory_id"])
    field(dialog, "Directory key").setText(access(office)["directory_key"])

    check(office, dialog)
    assert dialog.step is dialog.check
    assert field(dialog, "Directory key").text() == ""
    office.go_on()
    office.go_on()

    assert dialog.step is dialog.integration
    assert {known.name: known.kind for known in office.vault.list()} == {
        "Atlassian key": "admin",
        "Atlassian key (directory key)": "scim",
    }
    document = dialog.integration.document
    assert (document.credential, document.directory_credential) == ("Atlassian key", "Atlassian key (directory key)")


def test_that_a_directory_key_needs_its_directory(office: Office, dialog: ConnectVendorDialog) -> None:
    fill(office, dialog)
    field(dialog, "Directory key").setText(access(office)["directory_key"])

    check(office, dialog)

    assert errors(dialog) == ["Directory ID is needed."]


def test_that_a_wrong_directory_key_costs_only_what_it_is_for(office: Office, dialog: ConnectVendorDialog) -> None:
    fill(office, dialog)
    field(dialog, "Directory ID").setText(access(office)["directory_id"])
    field(dialog, "Directory key").setText("this-is-no-key-at-all")

    check(office, dialog)

    assert dialog.step is dialog.check
    assert works(dialog) == {
        "List users": True,
        "Suspend, restore and remove": True,
        "Deactivate and delete accounts": True,
        "Create and delete users": False,
    }


def test_that_the_organisation_of_somebody_else_is_said_at_the_form(
    office: Office, dialog: ConnectVendorDialog
) -> None:
    labs = office.simulator.all_access()["atlassian-labs"]
    fill(office, dialog, organization_id=labs["organization_id"])

    check(office, dialog)

    assert dialog.step is dialog.key
    assert errors(dialog)[0].startswith("This key does not open the organisation")


def test_that_a_key_of_a_directory_is_not_offered_for_a_listing(office: Office, dialog: ConnectVendorDialog) -> None:
    assert dialog._connecting is not None
    connector, known = dialog._connecting.connector, access(office)
    office.vault.set("the directory", connector, known["directory_key"], kind="scim", base_url=known["base_url"])
    office.vault.set("the organisation", connector, known["key"], base_url=known["base_url"])
    dialog.reject()

    office.connect_vendor()
    entry = next(entry for entry in office.dialog.vendor.vendors if entry.connector.key == "atlassian")
    office.press(entry.add)
    office.qtbot.waitUntil(lambda: office.dialog.step is office.dialog.key)

    source = office.dialog.key.source
    assert [source.itemText(row) for row in range(source.count())] == ["A new key", "the organisation"]


def test_that_leaving_takes_both_keys_back(office: Office, dialog: ConnectVendorDialog) -> None:
    fill(office, dialog)
    field(dialog, "Directory ID").setText(access(office)["directory_id"])
    field(dialog, "Directory key").setText(access(office)["directory_key"])
    check(office, dialog)

    dialog._remove_and_leave()
    office.wait_idle()

    assert office.vault.list() == ()


def test_that_a_scoped_key_says_what_to_change(office: Office, dialog: ConnectVendorDialog) -> None:
    fill(office, dialog, key=office.simulator.atlassian.keys[KeyKind.SCOPED])

    check(office, dialog)

    assert works(dialog)["Deactivate and delete accounts"] is False


def test_that_what_is_needed_comes_first_and_the_directory_after_the_key(
    office: Office, dialog: ConnectVendorDialog
) -> None:
    heights = [
        edit.mapTo(dialog.key, QPoint(0, 0)).y()
        for edit in (field(dialog, "Organization ID"), dialog.key.key, field(dialog, "Directory ID"))
    ]
    assert heights == sorted(heights)
    assert dialog.key.first_field() is field(dialog, "Organization ID")

    fill(office, dialog)

    assert dialog.key.first_field() is dialog.key.key


def test_that_typing_is_an_answer_to_what_was_said(office: Office, dialog: ConnectVendorDialog) -> None:
    check(office, dialog)
    assert "Atlassian Organization ID is needed." in errors(dialog)

    field(dialog, "Organization ID").setText("8a09f6bf")

    assert "Atlassian Organization ID is needed." not in errors(dialog)
