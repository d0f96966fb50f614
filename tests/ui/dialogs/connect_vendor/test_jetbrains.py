"""Connecting a vendor that lists licences: its company code, what the key may do, and the people behind the rows."""

import pytest

from saasdesk.simulator.jetbrains import JetBrains, KeyKind
from saasdesk.ui.dialogs.connect_vendor.dialog import ConnectVendorDialog
from tests.ui.dialogs.connect_vendor.conftest import Office
from tests.ui.dialogs.connect_vendor.test_atlassian import check, errors, field, works
from tests.ui.dialogs.connect_vendor.test_dialog import words

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def vendor(office: Office) -> JetBrains:
    """A company large enough for some of every kind."""
    return office.simulator.jetbrains


@pytest.fixture
def dialog(office: Office, vendor: JetBrains) -> ConnectVendorDialog:
    """The dialog at JetBrains's key, with the simulator's address and the full key filled in."""
    office.connect_vendor()
    office.qtbot.waitExposed(office.dialog)
    entry = next(entry for entry in office.dialog.vendor.vendors if entry.connector.key == "jetbrains")
    office.press(entry.add)
    office.qtbot.waitUntil(lambda: office.dialog.step is office.dialog.key)
    key = office.dialog.key
    key.region.setCurrentIndex(key.region.count() - 1)
    key.address.setText(office.simulator.url("jetbrains"))
    key.key.setText(vendor.keys[KeyKind.FULL])
    return office.dialog


def test_that_the_company_code_is_needed_and_trimmed(
    office: Office, dialog: ConnectVendorDialog, vendor: JetBrains
) -> None:
    check(office, dialog)
    asked = errors(dialog)
    field(dialog, "Company Code").setText(f" {vendor.company_code} ")
    check(office, dialog)

    assert asked == ["JetBrains Company Code is needed."]
    assert dialog.step is dialog.check
    assert works(dialog) == {"List licences": True, "Assign and revoke licences": None}
    (credential,) = office.vault.list()
    assert credential.inputs == {"company_code": vendor.company_code}


def test_that_a_wrong_company_code_may_be_a_wrong_key(office: Office, dialog: ConnectVendorDialog) -> None:
    field(dialog, "Company Code").setText("123")

    check(office, dialog)

    assert dialog.step is dialog.key
    assert any("key or the JetBrains Company Code is wrong" in error for error in errors(dialog))


def test_that_the_first_users_are_people_and_not_licences(
    office: Office, dialog: ConnectVendorDialog, vendor: JetBrains
) -> None:
    field(dialog, "Company Code").setText(vendor.company_code)
    check(office, dialog)
    office.go_on()

    assert dialog.step is dialog.records
    rows = words(dialog.records.table)
    truth = vendor.truth()
    assert truth
    assert [row[1].lower() for row in rows] == [account.id for account in truth][: len(rows)]
    assert len(rows) == min(10, len(truth))
