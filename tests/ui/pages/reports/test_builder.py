from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.credentials import Vault
from saasdesk.profile import open_profile
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.draft import draft_of
from saasdesk.reports.report.reports import add_report, list_reports, save_report
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.pages.reports.builder.page import ReportPage
from tests.reports.dashboards.company import fill
from tests.ui.pages.people.desk import Desk, unnamed

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Workshop:
    """The builder over a small company."""

    def __init__(self, qtbot: QtBot, app: QApplication, folder: Path) -> None:
        self.store = Store.open(open_profile(folder))
        fill(self.store)
        self.desk = Desk(qtbot, app)
        self.wait = qtbot.waitUntil
        services = Services(self.store.profile, self.store, Vault(self.store))
        self.page = ReportPage(services, self.desk.frame, self.desk.theme, self.desk.readers)
        self.desk.show(self.page, 1200, 900)

    def build(self, **document: object) -> int:
        """Open the builder on a new report, and return its number."""
        row = add_report(self.store, ReportDocument.model_validate({"name": "Mine", "object": "saas_users"} | document))
        self.page.open(row.id)
        self.wait(lambda: bool(self.headings()) or self.refusal() != "")
        return row.id

    def headings(self) -> list[str]:
        """The columns of the preview as they stand."""
        table = self.page.preview.table if self.page.preview is not None else None
        if table is None or not table.model.rowCount():
            return []
        return [column.title for column in table.columns]

    def refusal(self) -> str:
        """Why there are no lines."""
        table = self.page.preview.table if self.page.preview is not None else None
        return self.page.preview.asks.text() if table is not None and table.empty.isVisible() else ""

    def kept(self) -> ReportDocument:
        return list_reports(self.store)[0].document

    def close(self) -> None:
        self.desk.close()
        self.store.close()


@pytest.fixture
def workshop(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Workshop]:
    opened = Workshop(qtbot, qapp, tmp_path / "profile")
    yield opened
    opened.close()


def test_that_a_report_is_built_by_keyboard_looked_at_undone_and_saved(workshop: Workshop) -> None:
    page, wait = workshop.page, workshop.wait
    workshop.build(columns=["saas_application", "name"])
    form = page.form
    assert form is not None
    assert unnamed(page) == []

    line = form.columns.add.lineEdit()
    QTest.keyClicks(line, "department")
    QTest.keyClick(line, Qt.Key.Key_Return)
    wait(lambda: workshop.headings() == ["SaaS Application", "Name", "Department (person)"])
    QTest.keyClick(form.columns.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    wait(lambda: workshop.headings() == ["SaaS Application", "Department (person)", "Name"])
    QTest.keyClick(form.columns.list, Qt.Key.Key_Delete)
    assert form.columns.keys == ("saas_application", "name")
    page.undo_stack.undo()
    assert form.columns.keys == ("saas_application", "person.department", "name")
    QTest.keyClicks(form.name, " own")
    form.sort.add.lineEdit().setText("Department (person)")
    QTest.keyClick(form.sort.add.lineEdit(), Qt.Key.Key_Return)
    QTest.keyClick(form.sort.list, Qt.Key.Key_Space)
    assert page.is_dirty
    page.save()
    wait(lambda: not page.is_dirty)

    kept = workshop.kept()
    assert (kept.name, kept.sort) == ("Mine own", ("-person.department",))
    assert kept.columns == ("saas_application", "person.department", "name")
    assert page.header.title.text() == "Mine own"
    # What was saved can still be taken back.
    page.undo_stack.undo()
    assert page.is_dirty


def test_that_with_large_letters_nothing_stands_over_the_title(workshop: Workshop) -> None:
    page = workshop.page
    workshop.build(name="Costs of all departments in Europe", columns=["name"])
    assert page.undo.isVisible()

    workshop.desk.theme.zoom = 200
    page.resize(1168, 640)

    workshop.wait(lambda: not page.undo.isVisible())
    title = page.header.title.geometry()
    buttons = [each for each in (page.undo, page.redo, page.discard, page.done, page.save_button) if each.isVisible()]
    assert page.save_button in buttons
    assert not [each for each in buttons if each.geometry().intersects(title)]


def test_that_groups_and_totals_are_previewed_and_what_is_missing_is_said(workshop: Workshop) -> None:
    page, wait = workshop.page, workshop.wait
    workshop.build(columns=["name"], sort=["name"])
    form, preview = page.form, page.preview
    assert form is not None
    assert preview is not None

    form.lines.chosen.emit("groups")
    wait(lambda: not preview.lacks.isHidden())
    assert "Choose by what the lines are put together" in preview.lacks.text
    form.groups.add.activated.emit(form.groups.add.findData("saas_application"))
    wait(lambda: workshop.headings() == ["SaaS Application", "SaaS users"])
    form.groups.add.activated.emit(form.groups.add.findData("role"))
    wait(lambda: workshop.headings() == ["SaaS Application", "SaaS Role", "SaaS users"])
    # The new column has the room that it wants, not that of the one that stood there before.
    table = preview.table
    assert table is not None
    wait(lambda: table.view.columnWidth(1) >= table.columns[1].width_hint)
    form.groups.list.setCurrentRow(1)
    form.groups.remove.click()
    wait(lambda: workshop.headings() == ["SaaS Application", "SaaS users"])
    form.totals.add.click()
    total = form.totals.totals[0]
    QTest.keyClicks(form.totals._rows[0].title_field, "Heads")
    wait(lambda: workshop.headings() == ["SaaS Application", "Heads"])
    page.save()
    wait(lambda: not page.is_dirty)

    assert total.key == "count"
    assert preview.lacks.isHidden()
    # What the lines are no longer sorted by went with it.
    assert workshop.kept().sort == ()
    assert workshop.kept().group_by == ("saas_application",)


def test_p12_that_a_deleted_field_is_shown_broken_where_it_stands_and_can_be_taken_out(workshop: Workshop) -> None:
    page, wait = workshop.page, workshop.wait
    rule = {"field": "hat", "operator": "is_not_empty"}
    workshop.build(object="people", columns=["username", "shoe"], filter=rule)
    form = page.form
    assert form is not None
    assert form.rule is not None

    assert "There is no field “shoe” any more" in workshop.refusal()
    assert form.columns.list.item(1).text() == "shoe (not here any more)"
    (condition,) = form.rule.conditions
    assert condition.field.accessibleDescription() == "There is no field “hat”. Choose another one."
    assert not page.is_dirty
    form.columns.list.setCurrentRow(1)
    form.columns.remove.click()
    wait(lambda: "There is no field “hat” any more" in workshop.refusal())
    condition.removed.emit()

    wait(lambda: workshop.headings() == ["Username"])


def test_that_edits_survive_a_crash_and_are_asked_for_before_the_page_is_left(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, wait = workshop.page, workshop.wait
    number = workshop.build(columns=["name"])
    row = list_reports(workshop.store)[0]
    draft = draft_of(row.document).model_copy(update={"name": "Half done"})
    page._copies.keep(number, row.version, draft)
    save_report(workshop.store, number, row.document.model_copy(update={"description": "Elsewhere."}))

    page._number = None
    page.open(number)
    wait(page.banner.isVisible)
    assert "Somebody has changed the report since." in page.banner.text
    page._restore_copy(draft)
    form = page.form
    assert form is not None
    assert (form.name.text(), page.is_dirty) == ("Half done", True)
    asked: list[bool] = []
    monkeypatch.setattr(page.unsaved, "ask_before_leaving", lambda _save, discard: asked.append(True) or not discard())
    assert page.may_leave()

    assert asked == [True]
    assert not page.is_dirty
    assert page._copies.find(number, draft_of(workshop.kept())) is None
