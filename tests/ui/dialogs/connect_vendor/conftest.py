from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.credentials import Vault
from saasdesk.profile import open_profile
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.pagerduty import KeyKind
from saasdesk.store import Store
from saasdesk.ui.dialogs.connect_vendor import ConnectVendor
from saasdesk.ui.dialogs.connect_vendor.dialog import ConnectVendorDialog
from saasdesk.ui.dialogs.connect_vendor.vendor_step import VendorEntry
from tests.credentials.keyrings import LockableKeyring
from tests.ui.pages.people.desk import Desk

PEOPLE = 12


class Office:
    """A new profile with a keyring, a simulated PagerDuty on loopback, and the dialog between them."""

    def __init__(self, desk: Desk, folder: Path, keyring: LockableKeyring | None) -> None:
        self.desk = desk
        self.qtbot = desk.qtbot
        self.simulator = Simulator(PEOPLE)
        self.simulator.start()
        self.store = Store.open(open_profile(folder))
        self.keyring = keyring
        # Without a backend the vault looks for the system's own, and finds none in a test.
        self.vault = Vault(self.store, keyring)
        self.services = Services(self.store.profile, self.store, self.vault)
        self.window = QWidget()
        desk.qtbot.addWidget(self.window)
        self.connect_vendor = ConnectVendor(self.services, desk.frame, desk.theme, desk.bridge, lambda: self.window)

    @property
    def dialog(self) -> ConnectVendorDialog:
        """The open dialog."""
        assert self.connect_vendor.dialog is not None
        return self.connect_vendor.dialog

    @property
    def pagerduty(self) -> VendorEntry:
        """The entry of the vendor that is connected here."""
        return next(entry for entry in self.dialog.vendor.vendors if entry.connector.key == "pagerduty")

    def press(self, button: QPushButton) -> None:
        """Click a button."""
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def wait_idle(self) -> None:
        """Wait until nothing goes on in the dialog."""
        self.qtbot.waitUntil(lambda: self.connect_vendor.dialog is None or not self.dialog.is_busy)

    def go_on(self) -> None:
        """Press the button at the end and wait for what it does."""
        self.press(self.dialog.next_button)
        self.wait_idle()

    def open_at_key(self) -> ConnectVendorDialog:
        """Open the dialog and choose PagerDuty."""
        self.connect_vendor()
        self.qtbot.waitExposed(self.dialog)
        self.press(self.pagerduty.add)
        self.qtbot.waitUntil(lambda: self.dialog.step is self.dialog.key)
        return self.dialog

    def enter_key(self, kind: KeyKind = KeyKind.FULL) -> None:
        """Fill in the form for the simulated PagerDuty."""
        key = self.dialog.key
        key.region.setCurrentIndex(key.region.count() - 1)
        key.address.setText(self.simulator.access()["pagerduty"]["base_url"])
        key.key.setText(self.simulator.key(kind))

    def open_at_check(self, kind: KeyKind = KeyKind.FULL) -> ConnectVendorDialog:
        """Go as far as the answer to the key."""
        dialog = self.open_at_key()
        self.enter_key(kind)
        self.press(dialog.next_button)
        self.qtbot.waitUntil(lambda: dialog.step is dialog.check)
        return dialog

    def open_at_integration(self) -> ConnectVendorDialog:
        """Go as far as the form of the integration."""
        dialog = self.open_at_check()
        self.go_on()
        self.go_on()
        assert dialog.step is dialog.integration
        return dialog

    def open_at_plan(self) -> ConnectVendorDialog:
        """Go as far as a plan that is made."""
        dialog = self.open_at_integration()
        self.press(dialog.next_button)
        self.qtbot.waitUntil(lambda: dialog.step is dialog.plan and dialog.plan.can_go_on)
        return dialog

    def count(self, table: str) -> int:
        """How many rows there are."""
        with self.store.reading() as db:
            return int(db.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0])

    def close(self) -> None:
        """Give everything back."""
        self.desk.jobs.stop_all()
        self.store.close()
        self.simulator.stop()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def keyring() -> LockableKeyring | None:
    """A keyring that works; a test may say otherwise."""
    return LockableKeyring()


@pytest.fixture
def office(desk: Desk, tmp_path: Path, keyring: LockableKeyring | None) -> Iterator[Office]:
    made = Office(desk, tmp_path / "profile", keyring)
    yield made
    made.close()
