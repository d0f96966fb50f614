import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.credentials import Vault
from saasdesk.fields import FieldType, ObjectKind
from saasdesk.profile import open_profile
from saasdesk.records.listing import Column, ListQuery, RecordList, Special, Value
from saasdesk.reports.report.delivery import FileFormat
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import add_report, every_report, list_reports
from saasdesk.reports.report.standard import list_standard
from saasdesk.reports.runs.difference import Difference
from saasdesk.reports.runs.kept_lines import Change, LineChange
from saasdesk.reports.runs.running import blank_run
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.pages.reports import ReportsPage
from saasdesk.ui.pages.reports.group_page import ReportGroupPage
from saasdesk.ui.pages.reports.report_view import GroupAsked
from saasdesk.ui.pages.reports.schedule_dialog import ReportScheduleDialog
from saasdesk.ui.tables import ExportRequest
from saasdesk.ui.widgets.choice_list import ChoiceLine
from tests.reports.dashboards.company import fill
from tests.ui.pages.people.desk import Desk, unnamed

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Shelf:
    """The page over a small company."""

    def __init__(self, qtbot: QtBot, app: QApplication, folder: Path) -> None:
        self.store = Store.open(open_profile(folder))
        fill(self.store)
        self.desk = Desk(qtbot, app)
        self.services = Services(self.store.profile, self.store, Vault(self.store))
        self.exported: list[ExportRequest] = []
        desk = self.desk
        self.page = ReportsPage(
            self.services, desk.frame, desk.theme, desk.bridge, desk.readers, desk.memory, export=self.exported.append
        )
        desk.show(self.page, 1080, 760)

    def open(self, name: str) -> None:
        self.page.open(name)
        self.desk.qtbot.waitUntil(lambda: self.is_shown(name))

    def is_shown(self, name: str) -> bool:
        """Whether this report is there with its lines, or with why there are none."""
        view = self.page.view
        if view.document is None or view.document.name != name or view.table is None or not view.asks.text():
            return False
        return view.table.model.rowCount() > 0 or view.table.empty.isVisible()

    def texts(self, column: int) -> list[str]:
        table = self.page.view.table
        assert table is not None
        return [str(table.model.index(row, column).data() or "") for row in range(table.model.rowCount())]

    def close(self) -> None:
        self.desk.close()
        self.store.close()


@pytest.fixture
def shelf(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Shelf]:
    opened = Shelf(qtbot, qapp, tmp_path / "profile")
    yield opened
    opened.close()


def test_that_a_report_shows_its_lines_and_runs_to_the_folder_of_exports(shelf: Shelf) -> None:
    shelf.open("Users per application")
    count = RecordList(shelf.store, ObjectKind.SAAS_USERS).count(ListQuery())
    assert shelf.page.view.figures.text() == f"3 lines · Active Users {count}"
    assert sorted(shelf.texts(0)) == ["Alpha", "Beta", "Gamma"]
    assert unnamed(shelf.page) == []

    QTest.mouseClick(shelf.page.run, Qt.MouseButton.LeftButton)
    shelf.desk.qtbot.waitUntil(lambda: bool(shelf.desk.frame.toasts))

    (file,) = shelf.store.profile.exports.glob("Users per application*.csv")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        lines = list(csv.DictReader(opened))
    assert sum(int(line["Active Users"]) for line in lines) == count
    assert [line["SaaS Application"] for line in lines] == shelf.texts(0)
    assert shelf.desk.frame.toasts == [(f"3 lines saved as {file.name}.", "ok")]
    assert shelf.page.run.isEnabled()


def test_that_the_keyboard_goes_through_the_reports_and_an_export_takes_whatis_shown(shelf: Shelf) -> None:
    shelf.open("Last activity")
    lines = {line.key: line for line in shelf.page.list.findChildren(ChoiceLine)}
    lines["Last activity"].setFocus()
    QTest.keyClick(lines["Last activity"], Qt.Key.Key_Down)
    assert lines["Leavers with active accounts"].hasFocus()

    shelf.open("Roles per application")
    shelf.page.view.ask_to_export()

    (request,) = shelf.exported
    assert request.visible_keys == ("saas_application", "role", "count")
    assert request.query.sort == (("saas_application", False), ("count", True), ("role", False))


def test_that_a_line_leads_to_its_record_and_a_group_to_all_of_its_records(shelf: Shelf) -> None:
    shelf.open("Applications per person")
    table = shelf.page.view.table
    assert table is not None
    table.opened.emit(table.model.id_at(0))
    shelf.desk.qtbot.waitUntil(lambda: bool(shelf.desk.frame.visited))
    assert shelf.desk.frame.visited == [("person", table.model.id_at(0))]

    shelf.open("Users per application")
    grouped = shelf.page.view.table
    assert grouped is not None
    grouped.opened.emit(grouped.model.id_at(0))
    shelf.desk.qtbot.waitUntil(lambda: len(shelf.desk.frame.visited) == 2)
    key, asked = shelf.desk.frame.visited[1]
    assert key == "report_group"
    assert isinstance(asked, GroupAsked)
    desk = shelf.desk
    group = ReportGroupPage(
        shelf.store, desk.frame, desk.theme, desk.bridge, desk.readers, desk.memory, export=shelf.exported.append
    )
    desk.show(group, 1080, 760)
    group.open(asked)
    desk.qtbot.waitUntil(lambda: group.view.figures.text() == f"{grouped.model.index(0, 1).data()} lines")
    assert group.title == grouped.model.index(0, 0).data()
    assert unnamed(group) == []
    listed = group.view.table
    assert listed is not None
    desk.qtbot.waitUntil(lambda: listed.model.rowCount() > 0)
    listed.opened.emit(listed.model.id_at(0))
    desk.qtbot.waitUntil(lambda: len(desk.frame.visited) == 3)


def test_that_a_line_about_a_change_leads_to_the_record_that_changed(shelf: Shelf) -> None:
    shelf.open("Changes in the last 30 days")
    table = shelf.page.view.table
    assert table is not None
    change = table.model.id_at(0) if table.model.rowCount() else 1

    shelf.page.view._open_record(change or 1)

    shelf.desk.qtbot.waitUntil(lambda: bool(shelf.desk.frame.visited or shelf.desk.frame.toasts))
    assert [key for key, _ in shelf.desk.frame.visited] == ["person"]


def test_p12_that_a_report_on_a_deleted_field_says_so_where_its_lines_would_be(shelf: Shelf) -> None:
    add_report(shelf.store, ReportDocument.model_validate({"name": "Mine", "object": "people", "columns": ["shoe"]}))

    shelf.open("Mine")

    table = shelf.page.view.table
    assert table is not None
    assert table.empty.isVisible()
    assert "There is no field “shoe” any more" in shelf.page.view.asks.text()
    QTest.mouseClick(shelf.page.run, Qt.MouseButton.LeftButton)
    shelf.desk.qtbot.waitUntil(lambda: bool(shelf.desk.frame.toasts))
    assert shelf.desk.frame.toasts[0][1] == "error"
    assert [document.name for document, standard in every_report(shelf.store) if not standard] == ["Mine"]


def test_that_a_report_goes_to_a_file_comes_back_as_ones_own_and_is_deleted_with_a_way_back(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.open("Inactive users")
    assert shelf.page.document is not None
    wait, frame = shelf.desk.qtbot.waitUntil, shelf.desk.frame
    file = tmp_path / "idle.toml"

    shelf.page.files.export_to(file, shelf.page.document)
    wait(lambda: len(frame.toasts) == 1)
    shelf.page.files.import_from(file)
    wait(lambda: shelf.is_shown("Inactive users 2"))
    file.write_text(file.read_text("utf-8").replace("version = 1", "version = 2"), "utf-8")
    shelf.page.files.import_from(file)
    wait(lambda: len(frame.toasts) == 2)
    shelf.page.editing.delete()
    wait(lambda: len(frame.toasts) == 3)
    wait(lambda: shelf.is_shown("Applications per person"))

    assert "a newer saasdesk made this report" in frame.toasts[1][0]
    assert frame.toasts[2] == ("“Inactive users 2” is deleted.", "info")
    assert frame.last_action is not None
    frame.last_action[1]()
    wait(lambda: shelf.is_shown("Inactive users 2"))
    assert [document.name for document, standard in every_report(shelf.store) if not standard] == ["Inactive users 2"]


def test_that_a_report_says_what_differs_since_its_latest_run_and_lists_its_runs(shelf: Shelf) -> None:
    shelf.open("Applications per person")
    page, wait = shelf.page, shelf.desk.qtbot.waitUntil
    view = page.view
    assert view.since.isHidden()

    QTest.mouseClick(page.run, Qt.MouseButton.LeftButton)
    wait(lambda: view.since.text().endswith("nothing changed"))
    shelf.store.write(lambda db: db.execute_sql("UPDATE person SET name = 'Zoe' WHERE deactivated = 0 AND id < 3"))
    shelf.store.write(lambda db: db.execute_sql("UPDATE person SET archived = 1 WHERE id = 4"))
    page.refresh()
    wait(lambda: "changed" in view.since.text() and "nothing" not in view.since.text())
    QTest.mouseClick(view.since, Qt.MouseButton.LeftButton)
    table = view.differences.table
    wait(lambda: table.model.rowCount() > 0 and not table.is_reading)

    shown = [[str(table.model.index(row, column).data() or "") for column in range(5)] for row in range(2)]
    assert view.tabs.current == "differences"
    assert ["Name", "Zoe"] in [[row[2], row[4]] for row in shown]
    assert unnamed(page) == []
    table.opened.emit(table.model.id_at(0))
    wait(lambda: bool(shelf.desk.frame.visited))
    assert shelf.desk.frame.visited[0][0] == "person"
    view.show_tab("runs")
    runs = view.runs.table
    wait(lambda: runs.model.rowCount() == 1)
    (file,) = shelf.store.profile.exports.glob("*.csv")
    assert str(file) in [str(runs.model.index(0, column).data() or "") for column in range(len(runs.columns))]


def test_that_a_difference_of_groups_is_named_by_its_group_and_its_money_has_all_decimals(shelf: Shelf) -> None:
    text = FieldType.SHORT_TEXT
    columns = (Column("app", "Application", text), Column("team", "Team", text), Column("cost", "EUR", Special.MONEY))
    before: dict[str, Value] = {"app": "One", "team": None, "cost": 660.8}
    change = LineChange(Change.CHANGED, 1, before, before | {"cost": 595.9})
    since = blank_run(list_standard()[0], "schedule", "2026-11-01T00:00:00Z", FileFormat.CSV)
    view = shelf.page.view.differences

    view.show_difference(Difference(since, 0, 0, 1, (change,)), columns, ("app", "team"))
    shelf.desk.qtbot.waitUntil(lambda: view.table.model.rowCount() == 1 and not view.table.is_reading)

    row = [str(view.table.model.index(0, column).data()) for column in range(5)]
    assert row == ["Changed", "One · (empty)", "EUR", "660.80", "595.90"]


def test_that_a_narrow_low_page_gives_its_room_to_the_lines_and_a_button_has_the_reports(shelf: Shelf) -> None:
    shelf.open("Inactive users")
    assert shelf.page.picker.isHidden()

    shelf.page.resize(600, 400)
    shelf.desk.qtbot.waitUntil(shelf.page.picker.isVisible)
    shelf.desk.qtbot.waitUntil(lambda: not shelf.page.list.isVisible() and not shelf.page.view.asks.isVisible())
    wanted = next(action for action in shelf.page.picker.menu().actions() if action.text() == "Last activity")
    wanted.trigger()
    shelf.desk.qtbot.waitUntil(lambda: shelf.page.view.header.title.text() == "Last activity")

    shelf.page.resize(1200, 760)
    shelf.desk.qtbot.waitUntil(lambda: shelf.page.list.isVisible() and shelf.page.view.asks.isVisible())


def test_that_a_report_is_given_a_schedule_in_the_window_and_a_standard_one_becomes_ones_own(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.open("Inactive users")
    page, wait = shelf.page, shelf.desk.qtbot.waitUntil
    assert page.view.standing.text() == "Runs when somebody asks"

    QTest.mouseClick(page.view.schedule, Qt.MouseButton.LeftButton)
    dialog = page.findChild(ReportScheduleDialog)
    dialog.runs.setChecked(True)
    dialog.keep.click()
    assert "Say where the report goes" in dialog.banner.text
    dialog.contacts.setText("boss")
    dialog.keep.click()
    assert "is not a mail address" in dialog.banner.text
    dialog.contacts.setText("boss@example.com; it@example.com")
    dialog.folder.setText(str(tmp_path))
    dialog.file.setText("idle {date}")
    dialog.kept.setValue(3)
    assert dialog.example.text().startswith(f"A run of now would be {tmp_path}")
    dialog.keep.click()
    wait(lambda: shelf.is_shown("Inactive users 2"))

    (own,) = [report.document for report in list_reports(shelf.store)]
    assert own.delivery is not None
    assert (own.delivery.folder, own.delivery.keep) == (str(tmp_path), 3)
    assert own.delivery.contacts == ("boss@example.com", "it@example.com")
    assert page.view.standing.text().startswith("Daily at 09:00 · next ")
    page.editing.ask_for_schedule()
    again = page.findChildren(ReportScheduleDialog)[-1]
    again.runs.setChecked(False)
    again.keep.click()
    wait(lambda: page.view.standing.text() == "Runs when somebody asks")
    assert list_reports(shelf.store)[0].document.schedule is None
