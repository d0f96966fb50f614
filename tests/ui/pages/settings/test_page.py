import threading
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTime
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from saasdesk.errors import UserError
from saasdesk.licences.money import Money
from saasdesk.licences.prices import list_rates
from saasdesk.settings import SETTING_KEYS, help_for
from saasdesk.store.health import Finding, State
from saasdesk.ui import palette_places
from saasdesk.ui.formats import day_text
from saasdesk.ui.money import money_text
from saasdesk.ui.pages.settings import SettingsPage
from saasdesk.ui.pages.settings.bundle_dialog import BundleDialog
from saasdesk.ui.pages.settings.protect_dialogs import ProtectByRuleDialog, ProtectDialog
from saasdesk.ui.pages.settings.rate_dialog import RateDialog
from saasdesk.ui.theme import ThemeMode
from saasdesk.ui.widgets.segmented_control import SegmentedControl
from saasdesk.ui.widgets.stepped_fields import NumberField
from tests.ui.pages.people.desk import Company, Desk, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

AUTHORITY = Path(__file__).parents[3] / "web" / "certificates" / "authority.pem"
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
    lines = page.storage.backups.model_of_lines
    assert lines.rowCount() == 0

    press(desk, page.storage.backup_button)

    desk.qtbot.waitUntil(lambda: lines.rowCount() == 1)
    assert len(list(company.store.profile.backups.glob("*-by-hand.db"))) == 1
    assert lines.lines[0].cells[1].words == "By hand"

    company.store.write(
        lambda db: db.execute_sql(
            "INSERT INTO person (name, created_at, updated_at) VALUES ('Ana Ruiz', '2026-01-01', '2026-01-01')"
        )
    )
    press(desk, page.storage.restore_this)
    desk.qtbot.waitUntil(lambda: page.restoring.question is not None)
    said = " ".join(label.text() for label in page.restoring.question.findChildren(QLabel))
    assert "It has 0 people" in said
    assert "Here now: 1 person" in said
    page.restoring.question.reject()

    press(desk, page.storage.check)
    desk.qtbot.waitUntil(page.storage.check.isEnabled)
    assert "Whole" in page.storage.checked.status.word


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


def test_that_every_setting_of_the_shell_has_its_field_in_the_window_with_the_same_words(page: SettingsPage) -> None:
    fields = {key: section for section in page.sections.values() for key in section.fields.keys}
    elsewhere = {"theme": page.appearance, "zoom": page.appearance}

    assert {*fields, *elsewhere, "protected_records"} == set(SETTING_KEYS)
    for key, section in fields.items():
        assert any(help_for(key)[1:] in label.text() for label in section.findChildren(QLabel)), key


def test_that_the_palette_finds_every_field_by_its_name(page: SettingsPage) -> None:
    named = {(part, name) for part, name in palette_places._SETTINGS}
    # Its field is called by what it is for, because the section is called by the network.
    known = {("network", "proxy"): "Proxy", ("safety", "workflows_paused"): "Pause all workflows"}
    known |= {("safety", "scheduling_paused"): "Pause all schedules"}

    for part, section in page.sections.items():
        for key, field in section.fields._fields.items():
            assert (part, known.get((part, key), field.widget.accessibleName())) in named, key


def test_that_a_number_that_cannot_be_is_refused_under_its_field_and_stays_there(
    page: SettingsPage, company: Company
) -> None:
    before = company.store.settings()
    refused: list[tuple[NumberField, str, int, str]] = [
        (page.costs.idle_days, "idle_days", 0, "0 cannot be kept: it is 1 at least."),
        (page.costs.grace_days, "grace_days", 99_999, "99999 cannot be kept: it is 3,650 at most."),
        (page.safety.percent, "destructive_percent", 101, "101 cannot be kept: it is 100 at most."),
    ]
    for field, _key, number, _sentence in refused:
        field.setValue(number)
        field.editingFinished.emit()
    page.refresh()

    errors = {**page.costs.fields.errors, **page.safety.fields.errors}
    assert [errors[key].message for _, key, _, _ in refused] == [sentence for *_, sentence in refused]
    assert [field.value() for field, *_ in refused] == [number for _, _, number, _ in refused]
    assert company.store.settings() == before


def test_that_low_rows_no_motion_and_a_budget_are_kept(page: SettingsPage, desk: Desk, company: Company) -> None:
    try:
        press(desk, segment(page.appearance.density, "Compact"))
        press(desk, segment(page.appearance.motion, "Reduced"))

        assert desk.theme.measure("row") == desk.theme.measure("row-compact")
        assert desk.theme.reduces_motion
        desk.qtbot.waitUntil(lambda: company.store.settings().density == "compact")
        desk.qtbot.waitUntil(lambda: company.store.settings().motion == "reduced")
        page.safety.run.setValue(7)
        page.safety.run.editingFinished.emit()
        desk.qtbot.waitUntil(lambda: company.store.settings().destructive_calls_per_run == 7)
    finally:
        desk.theme.is_compact, desk.theme.reduces_motion = False, False


def test_that_days_and_numbers_are_written_as_was_chosen(page: SettingsPage, desk: Desk, company: Company) -> None:
    page.formats.numbers.setCurrentIndex(page.formats.numbers.findData("1.234,56"))
    page.formats.numbers.activated.emit(page.formats.numbers.currentIndex())
    press(desk, segment(page.formats.dates, "2026-11-30"))

    assert money_text(Money(123_456, "EUR")) == "1.234,56 EUR"
    assert day_text(date(2026, 11, 30)) == "2026-11-30"
    desk.qtbot.waitUntil(lambda: company.store.settings().numbers == "1.234,56")
    desk.qtbot.waitUntil(lambda: company.store.settings().dates == "iso")


def test_that_an_exchange_rate_is_added_changed_and_deleted(page: SettingsPage, desk: Desk, company: Company) -> None:
    def rates() -> list[tuple[str, str, str]]:
        return [(each.currency, str(each.rate), str(each.valid_from)) for each in list_rates(company.store)]

    press(desk, page.costs.rates.add)
    dialog = page.findChildren(RateDialog)[-1]
    dialog.currency.setCurrentText("EUR")
    dialog.rate.setText("none")
    dialog.since.setText("soon")
    press(desk, dialog.keep)
    assert "needs no rate" in dialog.currency_error.message
    assert "no exchange rate" in dialog.rate_error.message
    assert "year-month-day" in dialog.since_error.message
    assert (dialog.currency.currentText(), dialog.rate.text(), dialog.since.text()) == ("EUR", "none", "soon")
    dialog.currency.setCurrentText("usd")
    dialog.rate.setText("0.92")
    dialog.since.setText("2026-01-01")
    press(desk, dialog.keep)
    table = page.costs.rates.table
    desk.qtbot.waitUntil(lambda: table.model_of_lines.rowCount() == 1)
    assert rates() == [("USD", "0.92", "2026-01-01")]

    press(desk, page.costs.rates.change)
    dialog = page.findChildren(RateDialog)[-1]
    dialog.since.setText("2026-02-01")
    press(desk, dialog.keep)
    desk.qtbot.waitUntil(lambda: rates() == [("USD", "0.92", "2026-02-01")])

    desk.qtbot.waitUntil(lambda: table.model_of_lines.lines[0].cells[2].words == "1 Feb 2026")
    press(desk, page.costs.rates.delete)
    desk.qtbot.waitUntil(lambda: table.model_of_lines.rowCount() == 0)
    assert rates() == []


def test_that_people_are_protected_by_name_and_by_rule_and_let_go_again(
    page: SettingsPage, desk: Desk, company: Company
) -> None:
    company.store.write(
        lambda db: db.execute_sql(
            "INSERT INTO person (name, username, email, username__key, email__key, department, "
            "created_at, updated_at) VALUES "
            "('Ana Ruiz', 'ana', 'ana@example.com', 'ana', 'ana@example.com', 'Board', '2026-01-01', '2026-01-01'), "
            "('Bo Berg', 'bo', 'bo@example.com', 'bo', 'bo@example.com', 'Board', '2026-01-01', '2026-01-01')"
        )
    )
    lines = page.protected.names.table.model_of_lines

    press(desk, page.protected.names.add)
    dialog = page.findChildren(ProtectDialog)[-1]
    press(desk, dialog.keep)
    assert "Write a username" in dialog.name_error.message
    desk.qtbot.keyClicks(dialog.name, "ruiz")
    completer = dialog.name.completer()
    desk.qtbot.waitUntil(lambda: completer.model().rowCount() == 1)
    assert completer.model().index(0, 0).data() == "ana@example.com"
    completer.popup().hide()
    dialog.name.setText("root")
    press(desk, dialog.keep)
    desk.qtbot.waitUntil(lambda: [line.cells[0].words for line in lines.lines] == ["root"])
    assert lines.lines[0].cells[1].words == "no person here goes by it"

    press(desk, page.protected.add_by_rule)
    desk.qtbot.waitUntil(lambda: bool(page.findChildren(ProtectByRuleDialog)))
    rule = page.findChildren(ProtectByRuleDialog)[-1]
    assert not rule.keep.isEnabled()
    row = rule.group.conditions[0]
    row.value.findChildren(QLineEdit)[0].setText("Board")
    desk.qtbot.waitUntil(rule.keep.isEnabled)
    assert "2 people fit: Ana Ruiz, Bo Berg" in rule.outcome.text()
    press(desk, rule.keep)
    desk.qtbot.waitUntil(lambda: len(lines.lines) == 3)
    assert [line.cells[1].words for line in lines.lines][:2] == ["Ana Ruiz", "Bo Berg"]

    press(desk, page.protected.names.delete)
    desk.qtbot.waitUntil(lambda: len(lines.lines) == 2)
    assert company.store.settings().protected_records == ("root", "bo@example.com")


def test_that_a_search_leaves_the_sections_that_speak_of_it(page: SettingsPage, desk: Desk) -> None:
    page.search.setText("exchange rate")
    desk.qtbot.waitUntil(page.formats.isHidden)
    assert not page.costs.isHidden()

    page.search.setText("destructive_percent")
    desk.qtbot.waitUntil(page.costs.isHidden)
    assert not page.safety.isHidden()

    page.search.clear()
    desk.qtbot.waitUntil(lambda: not page.formats.isHidden())


def test_that_the_list_leads_to_a_section_and_follows_what_is_read(page: SettingsPage, desk: Desk) -> None:
    page.show_section("mail")
    assert page.mail.visibleRegion().boundingRect().top() == 0
    assert page.list.current == "mail"

    page.open("diagnostics")
    assert page.list.current == "diagnostics"


def test_that_each_file_of_the_support_bundle_is_seen_and_ticked_before_it_is_written(
    page: SettingsPage, desk: Desk, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "bundle.zip"
    monkeypatch.setattr("saasdesk.ui.pages.settings.bundle_dialog.ask_where_to_save", lambda *_: target)
    press(desk, page.diagnostics.bundle)
    dialog = page.findChildren(BundleDialog)[-1]
    desk.qtbot.waitUntil(lambda: bool(dialog.chosen))
    assert "saasdesk" in dialog.preview.toPlainText()
    desk.qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
    assert "81 GB free" in dialog.preview.toPlainText()
    desk.qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert unnamed(dialog) == []

    press(desk, dialog.keep)

    desk.qtbot.waitUntil(lambda: bool(desk.frame.toasts))
    with zipfile.ZipFile(target) as archive:
        assert "check-up.txt" not in archive.namelist()
        assert "schema.sql" in archive.namelist()

    logs = company.store.profile.logs
    logs.mkdir(exist_ok=True)
    stamp = "2026-11-21 10:00:00,000"
    (logs / "saasdesk.log").write_text(f"{stamp} INFO a\n{stamp} ERROR broke\nTraceback\n{stamp} INFO b\n")
    press(desk, page.diagnostics.copy_error)
    desk.qtbot.waitUntil(lambda: len(desk.frame.toasts) == 2)
    assert QApplication.clipboard().text() == f"{stamp} ERROR broke\nTraceback"


def test_that_findings_come_worst_first(page: SettingsPage) -> None:
    rows = page.diagnostics.table.texts

    assert [rows.cell(rows.index(row, 0)).words for row in range(2)] == ["Keyring", "Disk"]
    assert rows.cell(rows.index(0, 3)).words == "Unlock it."


def test_that_a_link_leads_to_where_a_finding_is_put_right(page: SettingsPage, desk: Desk, doctor: Doctor) -> None:
    def stale(what: str, place: str) -> Finding:
        return Finding(what, State.WARNING, "old", "saasdesk do IT", "Do it there.", place)

    doctor.findings = (
        GOOD,
        stale("keys", "configuration:credentials:PD prod"),
        stale("backups", "settings:storage"),
        stale("database", "settings:storage"),
    )
    page.diagnostics.run.click()
    desk.qtbot.waitUntil(lambda: len(page.diagnostics.ways) == 2)

    assert [link.text() for link in page.diagnostics.ways] == ["Go to the key “PD prod”", "Go to Storage"]
    for link in page.diagnostics.ways:
        link.click()

    assert desk.frame.visited[-2:] == [("configuration", "credentials:PD prod"), ("settings", "storage")]

    doctor.findings = (GOOD,)
    page.diagnostics.run.click()
    desk.qtbot.waitUntil(lambda: page.diagnostics.ways == [])


def test_that_a_section_is_still_there_when_what_stands_above_it_has_grown(page: SettingsPage, desk: Desk) -> None:
    page.show_section("storage")
    page.costs.setMinimumHeight(page.costs.height() + 400)

    desk.qtbot.waitUntil(lambda: abs(page.storage.mapTo(page._scroll.viewport(), QPoint()).y() - 16) <= 1)
    assert page.list.current == "storage"


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


def test_that_the_way_to_the_vendors_is_chosen_and_the_extra_ca_says_whose_it_is(
    page: SettingsPage, desk: Desk, company: Company
) -> None:
    network = page.network
    press(desk, segment(network.way, "None"))
    desk.qtbot.waitUntil(lambda: company.store.settings().proxy == "none")
    assert network.proxy.isHidden()
    press(desk, segment(network.way, "By hand"))
    assert network.proxy.isVisible()
    press(desk, segment(network.way, "As the system says"))
    desk.qtbot.waitUntil(lambda: company.store.settings().proxy is None)

    network.extra_ca.setText(str(AUTHORITY))
    network.extra_ca.editingFinished.emit()
    desk.qtbot.waitUntil(lambda: "Example Inspection CA" in network.certificate.text())
    assert "valid until" in network.certificate.text()
    press(desk, network.remove)
    desk.qtbot.waitUntil(network.certificate.isHidden)
    assert company.store.settings().extra_ca is None

    press(desk, network.test)
    desk.qtbot.waitUntil(network.test.isEnabled)
    assert "nobody outside this computer" in network.outcome.accessibleName() + network.outcome.status.word


def test_that_quiet_hours_are_kept_and_those_that_cannot_be_are_refused(
    page: SettingsPage, desk: Desk, company: Company
) -> None:
    quiet = page.notices.quiet
    assert not quiet.begin.isEnabled()

    quiet.on.click()

    desk.qtbot.waitUntil(lambda: company.store.settings().quiet_hours == "22:00-07:00")
    quiet.end.setTime(QTime(22, 0))
    quiet.end.editingFinished.emit()
    assert "begins and ends at the same time" in page.notices.fields.errors["quiet_hours"].message
    assert company.store.settings().quiet_hours == "22:00-07:00"
    quiet.end.setTime(QTime(6, 30))
    quiet.end.editingFinished.emit()
    desk.qtbot.waitUntil(lambda: company.store.settings().quiet_hours == "22:00-06:30")

    quiet.on.click()

    desk.qtbot.waitUntil(lambda: company.store.settings().quiet_hours is None)
