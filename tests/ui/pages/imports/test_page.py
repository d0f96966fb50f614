"""A file is imported in the window: read, mapped, looked at, applied, and taken back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from saasdesk.fields import ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.ui.pages.activity import ActivityPage
from saasdesk.ui.pages.imports import ImportPage
from saasdesk.ui.pages.plan import PlanPage
from saasdesk.ui.widgets.counter import CounterLink
from tests.ui.conftest import press
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TEXT = "E-Mail;Name;Team\nzoë@example.com;Zoë Brun;Legal\nli@example.com;Li Wu;Sales\n;Nobody;Sales\n"


def open_import(whole: Whole, file: Path) -> ImportPage:
    whole.show("import", (ObjectKind.PEOPLE, file))
    page = whole.window.page("import")
    assert isinstance(page, ImportPage)
    return page


def test_that_a_file_becomes_people_and_can_be_taken_back(whole: Whole, tmp_path: Path) -> None:
    file = tmp_path / "new starters.csv"
    file.write_text(TEXT, encoding="cp1252")
    page = open_import(whole, file)
    whole.wait(lambda: page.editor is not None)
    assert page.editor is not None
    assert page.encoding.currentText() == "Windows (CP1252)"
    assert page.delimiter.currentData() == ";"
    assert page.editor.board.blockers == 0

    page.editor.board.map(Place(ObjectKind.PEOPLE, "department"), "team")
    page.encoding.setCurrentText("UTF-16")
    page.encoding.activated.emit(page.encoding.currentIndex())
    whole.wait(page._banner.isVisible)
    assert page.encoding.currentText() == "Windows (CP1252)", "a file stays readable as it was"
    assert page.editor.board.row_of(Place(ObjectKind.PEOPLE, "department")) is not None

    page.plan()
    plan = whole.window.page("plan")
    assert isinstance(plan, PlanPage)
    whole.wait(lambda: whole.window.current_page is plan and plan.apply.isVisible())
    whole.wait(plan.table.model_of_lines.rowCount)
    assert plan.apply.text() == "Apply 2 changes"
    assert whole.office.value("SELECT count(*) FROM person") == 0
    assert not plan._foot.meter.isVisible()
    assert [crumb.title for crumb in plan.breadcrumb()] == ["People", "Import", "Plan"]
    assert whole.window.rail.open_key == "people"

    whole.qtbot.mouseClick(plan.apply, Qt.MouseButton.LeftButton)
    log = whole.window.page("activity")
    assert isinstance(log, ActivityPage)
    whole.wait(lambda: whole.window.current_page is log and log.view.undo.isVisible())
    assert whole.office.rows("SELECT name, department FROM person ORDER BY name") == [
        ("Li Wu", "Sales"),
        ("Zoë Brun", "Legal"),
    ]
    assert log.view.contents is not None
    assert [error.record for group in log.view.contents.groups for error in group.errors] == ["Line 4 · Nobody"]

    made = next(link for link in log.view.findChildren(CounterLink) if link.link.accessibleName() == "2 created")
    whole.qtbot.mouseClick(made.link, Qt.MouseButton.LeftButton)
    assert (log.view.tabs.current, log.view.filter.text()) == ("changes", "create")
    whole.wait(log.view.changes.model_of_lines.rowCount)
    left = next(link for link in log.view.findChildren(CounterLink) if link.link.accessibleName() == "1 failed")
    whole.qtbot.mouseClick(left.link, Qt.MouseButton.LeftButton)
    assert (log.view.tabs.current, log.view.filter.text()) == ("errors", "")

    log.view.undo.click()
    assert log._taking_back.question is not None
    said = [label.text() for label in log._taking_back.question.findChildren(QLabel)]
    assert "The 2 records that it made are archived. What was changed since stays as it is." in said
    press(log._taking_back.question, "Take it back")
    whole.wait(lambda: whole.office.value("SELECT count(*) FROM person WHERE NOT archived") == 0)
    whole.wait(lambda: not log.view.undo.isVisible())


def test_that_a_file_that_cannot_be_imported_says_why_and_another_can_be_chosen(whole: Whole, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("li@example.com,Li\n", encoding="utf-8")

    page = open_import(whole, file)

    whole.wait(page._stack.nothing.isVisible)
    assert page.editor is None
    assert "This file cannot be imported" in [label.text() for label in page._stack.nothing.findChildren(QLabel)]
    file.write_text(TEXT, encoding="utf-8")
    whole.show("people")
    whole.wait(lambda: open_import(whole, file).editor is not None)


def test_that_what_is_missing_is_said_to_hold_up_the_preview(whole: Whole, tmp_path: Path) -> None:
    file = tmp_path / "teams.csv"
    file.write_text("Team;Floor\nLegal;2\n", encoding="utf-8")

    page = open_import(whole, file)

    whole.wait(lambda: page.editor is not None and page.editor.board.blockers > 0)
    assert page.editor is not None
    texts = [label.text() for label in page.editor.problems.findChildren(QLabel)]
    assert f"{page.editor.board.blockers} block PREVIEW" in texts
