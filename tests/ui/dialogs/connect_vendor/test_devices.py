"""Connecting a vendor's devices: offered beside its users, with nothing asked that only people need."""

import pytest

from saasdesk.ui.dialogs.connect_vendor.dialog import ConnectVendorDialog
from tests.ui.dialogs.connect_vendor.conftest import Office

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def dialog(office: Office) -> ConnectVendorDialog:
    """The dialog at the form of an integration of JumpCloud's devices."""
    office.connect_vendor()
    office.qtbot.waitExposed(office.dialog)
    dialog = office.dialog
    dialog.vendor.search.setText("jumpcloud devices")
    (entry,) = dialog.vendor.matches
    office.press(entry.add)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.key)
    access = office.simulator.access()["jumpcloud"]
    dialog.key.region.setCurrentIndex(dialog.key.region.count() - 1)
    dialog.key.address.setText(access["base_url"])
    dialog.key.key.setText(access["key"])
    office.press(dialog.next_button)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.check)
    office.go_on()
    office.qtbot.waitUntil(lambda: dialog.step is dialog.records)
    return dialog


def test_that_a_vendor_with_both_offers_users_and_devices(office: Office) -> None:
    office.connect_vendor()

    office.dialog.vendor.search.setText("jumpcloud")

    assert [entry.connector.loaded_noun for entry in office.dialog.vendor.matches] == ["users", "devices"]
    assert office.dialog.vendor.matches[1].add.accessibleName() == "Add JumpCloud devices"


def test_that_the_first_devices_are_shown_and_the_first_plan_is_of_assets(
    office: Office, dialog: ConnectVendorDialog
) -> None:
    names = {device.name for device in office.simulator.devices()}
    first = dialog.records.devices.texts.index(0, 0).data()
    office.go_on()
    integration = dialog.integration
    asked = (integration.role.isVisible(), integration.application.isVisible(), integration.plus.isVisible())
    office.press(dialog.next_button)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.plan and dialog.plan.can_go_on, timeout=20_000)

    assert first in names
    assert asked == (False, False, False)
    assert integration.document.object == "assets"
    assert integration.name.text() == "JumpCloud devices"
    assert dialog.connecting is not None
    assert dialog.connecting.plan is not None
    assert dialog.connecting.plan.counts["assets"]["created"] == len(office.simulator.devices())
    assert office.count("asset") == 0
