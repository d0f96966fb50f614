import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.credentials import Vault
from saasdesk.fields import ObjectKind
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import add_report, every_report
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.pages.reports import ReportsPage
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


def test_that_a_line_leads_to_its_record_and_a_group_says_that_it_cannot(shelf: Shelf) -> None:
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
    assert shelf.desk.frame.said == ["This line stands for several records."]


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
    shelf.page.delete()
    wait(lambda: len(frame.toasts) == 3)
    wait(lambda: shelf.is_shown("Applications per person"))

    assert "a newer saasdesk made this report" in frame.toasts[1][0]
    assert frame.toasts[2] == ("“Inactive users 2” is deleted.", "info")
    assert frame.last_action is not None
    frame.last_action[1]()
    wait(lambda: shelf.is_shown("Inactive users 2"))
    assert [document.name for document, standard in every_report(shelf.store) if not standard] == ["Inactive users 2"]
