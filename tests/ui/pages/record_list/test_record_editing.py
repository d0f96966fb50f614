"""Records added, edited and archived in the window, each with a way back, and nothing of it in the past."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from saasdesk.app.window import WindowDesk
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.fields.rows import add_field
from saasdesk.records.editing import add_record
from saasdesk.services import Services
from saasdesk.ui.pages.people import PeoplePage, PersonPage
from saasdesk.ui.pages.record_list.bulk_dialog import BulkDialog
from saasdesk.ui.pages.record_list.record_editing import RecordEditing
from saasdesk.ui.pages.record_list.record_form import RecordForm
from saasdesk.ui.tables.menus import RowMenu
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.toast import Toast
from tests.sync.several import Several
from tests.ui.conftest import press
from tests.ui.pages.people.desk import unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANA: dict[str, Any] = {"id": "P1", "email": "ana@example.com", "name": "Ana"}


class Window:
    """A window with one person, Ana, on the page of all people."""

    def __init__(self, known: Several, desk: WindowDesk, qtbot: QtBot) -> None:
        self.known, self.desk, self.qtbot = known, desk, qtbot
        self.window = desk.window

    @property
    def people(self) -> PeoplePage:
        page = self.window.page("people")
        assert isinstance(page, PeoplePage)
        return page

    @property
    def editing(self) -> RecordEditing:
        assert self.people.editing is not None
        return self.people.editing

    def form(self) -> RecordForm:
        """The form, as soon as it is open."""
        found: list[RecordForm] = []

        def look() -> bool:
            found[:] = [w for w in QApplication.topLevelWidgets() if isinstance(w, RecordForm) and w.isVisible()]
            return bool(found)

        self.qtbot.waitUntil(look)
        return found[0]

    def type(self, form: RecordForm, **texts: str) -> None:
        for field, text in texts.items():
            entry = form.entry(field)
            assert isinstance(entry, QLineEdit)
            entry.setText(text)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.known.store.reading() as db:
            return db.execute_sql(sql).fetchall()

    def wait_for_rows(self, sql: str, *wanted: tuple[Any, ...]) -> None:
        self.qtbot.waitUntil(lambda: self.rows(sql) == list(wanted))

    def undo(self) -> None:
        """Press Undo in the message, as soon as it is there."""

        def toasts() -> list[Toast]:
            return [t for t in self.window.findChildren(Toast) if t.action is not None and t.isVisible()]

        self.qtbot.waitUntil(lambda: bool(toasts()))
        press(toasts()[-1], "Undo")


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Window]:
    known = Several(tmp_path / "profile")
    known.vendor("One", {"source": "name", "target": "name"}, users=[ANA])
    known.run("One")
    desk = WindowDesk(qapp, Services(known.store.profile, known.store, known.vault))
    desk.open(page="people")
    opened = Window(known, desk, qtbot)
    qtbot.waitUntil(lambda: list(opened.people.order) == [1])
    yield opened
    desk.close()
    known.store.close()


def test_that_a_person_is_added_once_everything_that_is_wrong_is_mended(window: Window) -> None:
    window.editing.add()
    form = window.form()
    assert form.focusWidget() is form.entry("username")
    window.type(form, username="ANA@example.com")
    form.keep.click()
    window.qtbot.waitUntil(lambda: bool(form.error("username")))
    assert form.error("username") == "Username is unique, and “Ana” has this value."
    assert form.error("email") == "Email is mandatory."
    assert form.isVisible()

    window.type(form, username="li@example.com", email="li@example.com", role="Employee", name="Li")
    form.keep.click()

    window.wait_for_rows("SELECT username, name FROM person WHERE id = 2", ("li@example.com", "Li"))
    window.qtbot.waitUntil(lambda: window.window.here == "person")


def test_that_an_edit_is_kept_and_taken_back(window: Window) -> None:
    window.known.store.write(
        lambda db: add_field(db, Field(ObjectKind.PEOPLE, "level", "Level", options=("Junior", "Senior")))
    )
    window.known.store.write(lambda db: add_field(db, Field(ObjectKind.PEOPLE, "fits", "Fits", FieldType.FLAG)))
    window.editing.edit(1)
    form = window.form()
    level, fits = form.entry("level"), form.entry("fits")
    assert isinstance(level, QComboBox)
    assert isinstance(fits, QComboBox)
    level.setCurrentText("Senior")
    fits.setCurrentText("true")
    window.type(form, name="Ana B.")

    form.keep.click()

    window.wait_for_rows("SELECT name, level, fits FROM person", ("Ana B.", "Senior", 1))
    window.undo()
    window.wait_for_rows("SELECT name, level, fits FROM person", ("Ana", None, None))


def test_that_a_person_is_archived_and_taken_out_again_on_their_page(window: Window) -> None:
    window.window.navigate("person", 1)
    page = window.window.current_page
    assert isinstance(page, PersonPage)
    window.qtbot.waitUntil(lambda: page.shown is not None)
    page._on_archive_wanted()
    window.wait_for_rows("SELECT archived FROM person", (1,))
    window.qtbot.waitUntil(lambda: page._archive_action.text() == "Take out of the archive")

    page._on_archive_wanted()

    window.wait_for_rows("SELECT archived FROM person", (0,))


def test_that_a_selection_is_archived_and_that_can_be_undone(window: Window) -> None:
    table = window.people.table
    table.view.select_rows([0])
    button = next(b for b in table.selection_bar.findChildren(type(window.people.run_button)) if b.text() == "Archive")

    button.click()

    window.wait_for_rows("SELECT archived FROM person", (1,))
    window.undo()
    window.wait_for_rows("SELECT archived FROM person", (0,))


def test_that_a_selection_is_taken_out_of_the_archive_where_the_list_shows_archived_records(window: Window) -> None:
    table = window.people.table
    table.view.select_rows([0])
    back = next(b for b in table.selection_bar.findChildren(LinkButton) if b.text() == "Take out of the archive")
    assert not back.isVisible(), "among active records nobody is archived"
    window.editing.archive([1])
    window.wait_for_rows("SELECT archived FROM person", (1,))
    window.qtbot.waitUntil(lambda: not window.people.order)

    table.show_query(replace(table.query, active=False))
    window.qtbot.waitUntil(lambda: list(window.people.order) == [1])
    table.view.select_rows([0])
    assert back.isVisible()
    menu = RowMenu(table)
    table.row_menu_shown.emit(menu)
    assert "Take out of the archive" in [action.text() for action in menu.actions()]
    back.click()

    window.wait_for_rows("SELECT archived FROM person", (0,))


def test_that_one_field_of_many_records_is_planned_written_and_taken_back(window: Window) -> None:
    for name in ("Bob", "Cleo"):
        address = f"{name.lower()}@example.com"
        add_record(
            window.known.store,
            ObjectKind.PEOPLE,
            {"username": address, "email": address, "role": "Employee", "name": name, "department": name},
        )
    window.people.refresh()
    window.qtbot.waitUntil(lambda: len(window.people.order) == 3)
    window.people.table.select_all_matching()
    window.people.inspect(1)
    edit = next(command for command in window.people.commands() if command.shortcut == "F2")
    edit.run()

    def dialogs() -> list[BulkDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, BulkDialog) and w.isVisible()]

    window.qtbot.waitUntil(lambda: bool(dialogs()))
    dialog = dialogs()[0]
    assert unnamed(dialog) == []
    dialog.field.setCurrentIndex(dialog.field.findData("email"))
    dialog.keep.click()
    window.qtbot.waitUntil(lambda: dialog.error == "Email is mandatory.")

    dialog.field.setCurrentIndex(dialog.field.findData("department"))
    entry = dialog.entry
    assert isinstance(entry, QLineEdit)
    entry.setText("Bob")
    assert dialog.keep.label == "Show what changes"
    dialog.keep.click()
    window.qtbot.waitUntil(lambda: dialog.keep.label == "Change 2 records")
    lines = dialog.table.model_of_lines.lines
    assert [[cell.text for cell in line.cells[1:]] for line in lines] == [
        ["Ana", "empty", "Bob"],
        ["Cleo", "Cleo", "Bob"],
    ]
    window.qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.keep.label == "Change 1 record"
    # Another value is another plan, and what was unticked is no part of it.
    entry.setText("Legal")
    assert dialog.keep.label == "Show what changes"
    dialog.keep.click()
    window.qtbot.waitUntil(lambda: dialog.keep.label == "Change 3 records")
    dialog.ticks.toggle(dialog.table.model_of_lines.lines[0])
    dialog.keep.click()

    departments = "SELECT department FROM person ORDER BY id"
    window.wait_for_rows(departments, (None,), ("Legal",), ("Legal",))
    window.undo()
    window.wait_for_rows(departments, (None,), ("Bob",), ("Cleo",))
