import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from saasdesk.errors import UserError
from saasdesk.store.health import Finding, State
from saasdesk.ui.pages.settings import SettingsPage
from saasdesk.ui.theme import ThemeMode
from saasdesk.ui.widgets.segmented_control import SegmentedControl
from tests.ui.pages.people.desk import Company, Desk, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

GOOD = Finding("disk", State.OK, "81 GB free")
BAD = Finding("keyring", State.PROBLEM, "locked", "Unlock it.")


class Doctor:
    """Answers like the check-up, and counts how often it was asked."""

    def __init__(self) -> None:
        self.findings: Sequence[Finding] = (GOOD, BAD)
        self.error: Exception | None = None
        self.times = 0

    def examine(self) -> Sequence[Finding]:
        self.times += 1
        if self.error is not None:
            raise self.error
        return self.findings


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "profile", 5, runs=0)
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def doctor() -> Doctor:
    return Doctor()


@pytest.fixture
def page(desk: Desk, company: Company, doctor: Doctor) -> SettingsPage:
    made = SettingsPage(
        company.services,
        desk.frame,
        desk.theme,
        desk.bridge,
        desk.readers,
        examine=doctor.examine,
        restore=lambda _path: None,
    )
    desk.show(made)
    made.open(None)
    desk.qtbot.waitUntil(lambda: made.diagnostics.table.texts.rowCount() == 2 and bool(made.storage.folder.text()))
    return made


def press(desk: Desk, button: QPushButton) -> None:
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def segment(control: SegmentedControl, text: str) -> QPushButton:
    return next(button for button in control.findChildren(QPushButton) if button.text() == text)


def test_that_dark_acts_at_once_and_is_kept_for_the_next_start(
    page: SettingsPage, desk: Desk, company: Company
) -> None:
    press(desk, segment(page.appearance.look, "Dark"))

    assert desk.theme.mode is ThemeMode.DARK
    desk.qtbot.waitUntil(lambda: company.store.settings().theme == "dark")


def test_that_another_size_is_kept_for_the_next_start(page: SettingsPage, desk: Desk, company: Company) -> None:
    page.appearance.zoom.setCurrentIndex(page.appearance.zoom.findData(125))

    assert desk.theme.zoom == 125
    desk.qtbot.waitUntil(lambda: company.store.settings().zoom == 125)


def test_that_a_look_chosen_in_the_menu_is_shown_here(page: SettingsPage, desk: Desk) -> None:
    desk.theme.mode = ThemeMode.DARK

    assert page.appearance.look.current == "dark"


def test_that_back_up_now_makes_a_backup_and_lists_it(page: SettingsPage, desk: Desk, company: Company) -> None:
    assert page.storage.backups.texts.rowCount() == 0

    press(desk, page.storage.backup_button)

    desk.qtbot.waitUntil(lambda: page.storage.backups.texts.rowCount() == 1)
    assert len(list(company.store.profile.backups.glob("*-by-hand.db"))) == 1
    assert page.storage.backups.texts.cell(page.storage.backups.texts.index(0, 1)).words == "By hand"


def test_that_a_proxy_that_cannot_be_is_refused_under_its_field_and_stays_there(
    page: SettingsPage, desk: Desk, company: Company
) -> None:
    page.network.proxy.setText("not an address")

    page.network.proxy.editingFinished.emit()

    desk.qtbot.waitUntil(lambda: bool(page.network.proxy_error.message))
    assert page.network.proxy.text() == "not an address"
    assert company.store.settings().proxy is None


def test_that_a_proxy_is_kept_as_soon_as_it_is_entered(page: SettingsPage, desk: Desk, company: Company) -> None:
    page.network.proxy.setText("http://proxy.example.com:3128")

    page.network.proxy.editingFinished.emit()

    desk.qtbot.waitUntil(lambda: company.store.settings().proxy == "http://proxy.example.com:3128")
    assert not page.network.proxy_error.message


def test_that_a_ca_file_without_a_certificate_is_refused(page: SettingsPage, desk: Desk, tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("")
    page.network.extra_ca.setText(str(empty))

    page.network.extra_ca.editingFinished.emit()

    desk.qtbot.waitUntil(lambda: "holds no certificate" in page.network.ca_error.message)


def test_that_findings_come_worst_first(page: SettingsPage) -> None:
    rows = page.diagnostics.table.texts

    assert [rows.cell(rows.index(row, 0)).words for row in range(2)] == ["Keyring", "Disk"]
    assert rows.cell(rows.index(0, 3)).words == "Unlock it."


def test_that_run_again_looks_again(page: SettingsPage, desk: Desk, doctor: Doctor) -> None:
    doctor.findings = (GOOD,)

    press(desk, page.diagnostics.run)

    desk.qtbot.waitUntil(lambda: page.diagnostics.table.texts.rowCount() == 1)
    assert doctor.times == 2


def test_that_a_check_up_that_fails_says_why(page: SettingsPage, desk: Desk, doctor: Doctor) -> None:
    doctor.error = UserError("The profile is on a network drive.")

    press(desk, page.diagnostics.run)

    desk.qtbot.waitUntil(lambda: page.diagnostics.error.message == "The profile is on a network drive.")
    assert page.diagnostics.run.isEnabled()


def test_that_the_keyring_is_named(page: SettingsPage, desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: page.keyring.state.text() == "Ready")


def test_that_paused_schedules_can_be_resumed(page: SettingsPage, desk: Desk, company: Company) -> None:
    assert not page.paused.isVisible()
    company.store.save_setting("scheduling_paused", "true")
    page.refresh()
    desk.qtbot.waitUntil(page.paused.isVisible)

    press(desk, page.paused.findChildren(QPushButton)[0])

    desk.qtbot.waitUntil(lambda: not page.paused.isVisible())
    assert company.store.settings().scheduling_paused is False


def test_that_nothing_slow_happens_in_the_windows_thread(
    page: SettingsPage, desk: Desk, doctor: Doctor, company: Company
) -> None:
    threads: list[threading.Thread] = []
    doctor.examine = lambda: threads.append(threading.current_thread()) or (GOOD,)  # type: ignore[method-assign, func-returns-value]
    page._examine = doctor.examine

    press(desk, page.diagnostics.run)

    desk.qtbot.waitUntil(lambda: bool(threads))
    assert threads[0] is not threading.main_thread()
    desk.qtbot.waitUntil(page.diagnostics.run.isEnabled)


def test_that_everything_the_keyboard_reaches_has_a_name(page: SettingsPage) -> None:
    assert unnamed(page) == []
