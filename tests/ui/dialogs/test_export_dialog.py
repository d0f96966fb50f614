import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Jobs
from saasdesk.records.listing import ListQuery
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.dialogs.export_dialog import ExportDialog, Scope
from saasdesk.ui.tables import ExportRequest, TableReaders
from saasdesk.ui.theme import Theme
from tests.ui.tables.fake_source import FakeSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Desk:
    """What stands round the dialog: threads, the bridge, a folder, and the list that is exported."""

    def __init__(self, qtbot: QtBot, app: QApplication, folder: Path) -> None:
        self.qtbot = qtbot
        self.theme = Theme(app, "light")
        self.readers = TableReaders()
        self.bridge = Bridge()
        self.jobs = Jobs(self.bridge.listener)
        self.folder = folder
        self.source = FakeSource(30)
        self.source.add("=HYPERLINK(0)", department="R&D", seats=-5, active=False)

    def open(self, **asked: Any) -> ExportDialog:
        query = asked.pop("query", ListQuery(quick="0000"))
        ids = self.source.ids(query)
        selected = asked.pop("selected", ids[:0])
        request = ExportRequest(self.source, query, self.source.columns(), ("name", "seats"), selected, len(ids))
        dialog = ExportDialog(self.theme, request, self.readers, self.jobs, self.bridge, self.folder)
        self.qtbot.addWidget(dialog)
        dialog.show()
        self.qtbot.waitUntil(lambda: bool(dialog.preview.toPlainText()))
        return dialog

    def press(self, button: Any) -> None:
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def close(self) -> None:
        self.jobs.stop_all()
        self.readers.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, qapp, tmp_path)
    yield made
    made.close()


def lines_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def preview_of(dialog: ExportDialog) -> list[str]:
    return dialog.preview.toPlainText().splitlines()


def test_that_the_rows_that_match_are_saved_with_the_columns_that_are_shown(desk: Desk) -> None:
    dialog = desk.open()

    with desk.qtbot.waitSignal(dialog.exported):
        desk.press(dialog.save)

    path = desk.folder / "people.csv"
    assert lines_of(path)[0] == ["Name", "Seats"]
    assert len(lines_of(path)) == 11
    assert dialog.message.text == f"10 rows saved. {path}"
    assert dialog.open_folder.isVisible()
    assert dialog.cancel.label == "Close"
    manifest = json.loads((desk.folder / "people.csv.manifest.json").read_text())
    assert (manifest["filter"], manifest["rows"]) == ("people, 0000", 10)


def test_that_the_first_five_lines_are_shown_as_they_will_be(desk: Desk) -> None:
    dialog = desk.open()

    assert preview_of(dialog) == [
        '"Name","Seats"',
        '"Person 00000","0"',
        '"Person 00001","1"',
        '"Person 00002","2"',
        '"Person 00003","3"',
    ]
    dialog.delimiter.setCurrentText("Semicolon")
    dialog.headings.setCurrentIndex(1)
    desk.qtbot.waitUntil(lambda: preview_of(dialog)[0] == '"name";"seats"')


def test_that_everything_is_saved_without_filter_and_with_what_is_deactivated(desk: Desk) -> None:
    dialog = desk.open()

    dialog.scopes[Scope.EVERYTHING].setChecked(True)
    dialog.all_columns.setChecked(True)
    with desk.qtbot.waitSignal(dialog.exported):
        desk.press(dialog.save)

    lines = lines_of(desk.folder / "people.csv")
    assert len(lines) == 32
    assert len(lines[0]) == 6
    assert lines[-1][0] == "'=HYPERLINK(0)"
    assert lines[-1][3] == "-5"


def test_that_only_selected_rows_are_saved_if_that_is_wanted(desk: Desk) -> None:
    dialog = desk.open(selected=desk.source.ids(ListQuery())[3:5])

    dialog.scopes[Scope.SELECTED].setChecked(True)
    with desk.qtbot.waitSignal(dialog.exported):
        desk.press(dialog.save)

    assert [line[0] for line in lines_of(desk.folder / "people.csv")] == ["Name", "Person 00003", "Person 00004"]


def test_that_selected_cannot_be_chosen_without_a_selection(desk: Desk) -> None:
    dialog = desk.open()

    assert not dialog.scopes[Scope.SELECTED].isEnabled()


def test_that_the_guard_is_on_and_its_absence_is_warned_of(desk: Desk) -> None:
    dialog = desk.open(query=ListQuery(active=False))
    assert dialog.guard.isChecked()
    assert "gets a ' before it" in dialog.guard_note.text

    dialog.no_guard.setChecked(True)

    assert "Do not open this file in a spreadsheet." in dialog.guard_note.text
    desk.qtbot.waitUntil(lambda: preview_of(dialog)[1] == '"=HYPERLINK(0)","-5"')


def test_that_cancel_while_saving_leaves_no_file(desk: Desk) -> None:
    dialog = desk.open()
    desk.source.may_read_rows.clear()
    desk.press(dialog.save)
    desk.qtbot.waitUntil(dialog.progress.isVisible)

    desk.press(dialog.cancel)
    desk.qtbot.waitUntil(dialog.message.isVisible)

    assert dialog.isVisible()
    assert dialog.message.text == "Cancelled. Nothing was saved."
    assert list(desk.folder.iterdir()) == []
    assert dialog.save.isEnabled()


def test_that_escape_while_saving_cancels_the_job_instead_of_leaving_it_alone(desk: Desk) -> None:
    dialog = desk.open()
    desk.source.may_read_rows.clear()
    desk.press(dialog.save)
    desk.qtbot.waitUntil(dialog.progress.isVisible)

    desk.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(dialog.message.isVisible)

    assert desk.jobs.running() == ()
    assert dialog.isVisible()


def test_that_an_existing_file_is_replaced_only_after_asking(desk: Desk) -> None:
    (desk.folder / "people.csv").write_text("precious")
    dialog = desk.open()

    desk.press(dialog.save)
    question = dialog._question
    assert question is not None
    desk.press(question.buttons[0])
    assert (desk.folder / "people.csv").read_text() == "precious"
    desk.press(dialog.save)
    question = dialog._question
    assert question is not None
    with desk.qtbot.waitSignal(dialog.exported):
        desk.press(question.buttons[1])

    assert len(lines_of(desk.folder / "people.csv")) == 11


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Say where"),
        ("people.csv", "whole path"),
        ("{folder}", "This is a folder"),
        ("{folder}/nowhere/people.csv", "There is no folder"),
        ("{folder}/a:b.csv", "a b.csv would be fine"),
    ],
)
def test_that_a_bad_path_is_said_at_the_field(desk: Desk, typed: str, said: str) -> None:
    dialog = desk.open()

    dialog.path.setText(typed.format(folder=desk.folder))
    desk.press(dialog.save)

    assert said in dialog.path_error.message
    assert dialog.path.hasFocus()
    assert list(desk.folder.iterdir()) == []


def test_that_a_failure_is_told_and_nothing_is_left(desk: Desk) -> None:
    dialog = desk.open()
    desk.source.error = RuntimeError("broken")

    desk.press(dialog.save)
    desk.qtbot.waitUntil(dialog.message.isVisible)

    assert "The export failed." in dialog.message.text
    assert list(desk.folder.iterdir()) == []


def test_that_with_large_letters_the_choices_scroll_and_the_buttons_stay_on_the_screen(desk: Desk) -> None:
    desk.theme.zoom = 200
    dialog = desk.open()
    room = dialog.screen().availableGeometry()

    desk.qtbot.waitUntil(lambda: dialog.height() < room.height() and dialog.width() <= room.width())

    assert dialog.rect().contains(dialog.save.geometry())
    assert dialog._choices.verticalScrollBar().maximum() > 0
