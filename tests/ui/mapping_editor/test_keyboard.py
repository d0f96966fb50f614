"""The same without a mouse: pick and drop, choose, constants, keys, steps, problems, undo."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from saasdesk.mapping import Policy
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.mapping_editor.field_dialogs import CustomSourceDialog, NewFieldDialog
from saasdesk.ui.mapping_editor.menus import source_menu
from saasdesk.ui.mapping_editor.source_combo import SourceCombo
from saasdesk.ui.mapping_editor.steps_dialog import StepsDialog
from saasdesk.ui.widgets.buttons import IconButton
from tests.ui.mapping_editor.conftest import person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)

_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)


def source_of(editor: MappingEditor, name: str) -> str | None:
    row = editor.board.row_of(person(name))
    return None if row is None else row.source


def go_to(editor: MappingEditor, name: str) -> None:
    editor.targets.go_to(person(name))
    editor.targets.setFocus()


def open_combo(editor: MappingEditor, name: str, qtbot: QtBot) -> SourceCombo:
    go_to(editor, name)
    qtbot.keyClick(editor.targets, Qt.Key.Key_Down, ALT)
    combo = editor.targets.findChild(SourceCombo)
    assert combo is not None
    combo.hidePopup()
    return combo


def line_of(combo: SourceCombo) -> QLineEdit:
    line = combo.lineEdit()
    assert line is not None
    return line


def test_that_a_source_is_picked_and_dropped_with_enter(editor: MappingEditor, qtbot: QtBot) -> None:
    said: list[str] = []
    editor.said.connect(said.append)
    sources = editor.sources
    sources.setFocus()
    qtbot.keyClicks(sources, "Job")
    qtbot.keyClick(sources, Qt.Key.Key_Return)

    assert sources.picked == "job_title"
    assert editor.targets.hasFocus()
    assert said[-1].startswith("Picked Job Title")
    qtbot.keyClicks(editor.targets, "Job")
    qtbot.keyClick(editor.targets, Qt.Key.Key_Return)

    assert source_of(editor, "job_title") == "job_title"
    assert said[-1] == "Job Title fills Job Title now."
    assert sources.picked == ""


def test_that_escape_puts_a_picked_source_back(editor: MappingEditor, qtbot: QtBot) -> None:
    editor.sources.setFocus()
    qtbot.keyClicks(editor.sources, "Job")
    qtbot.keyClick(editor.sources, Qt.Key.Key_Return)
    editor.sources.setFocus()
    qtbot.keyClick(editor.sources, Qt.Key.Key_Escape)

    assert editor.sources.picked == ""


def test_that_typing_in_the_list_finds_a_source(editor: MappingEditor, qtbot: QtBot) -> None:
    combo = open_combo(editor, "location", qtbot)
    line = line_of(combo)
    line.selectAll()
    qtbot.keyClicks(line, "time z")
    qtbot.keyClick(line, Qt.Key.Key_Return)

    assert source_of(editor, "location") == "time_zone"


def test_that_a_constant_is_typed_in_quotes(editor: MappingEditor, qtbot: QtBot) -> None:
    combo = open_combo(editor, "role", qtbot)
    line = line_of(combo)
    line.setText("“Contractor”")
    qtbot.keyClick(line, Qt.Key.Key_Return)

    row = editor.board.row_of(person("role"))
    assert row is not None
    assert (row.source, row.value) == (None, "Contractor")


def test_that_a_path_may_be_typed_as_a_source(editor: MappingEditor, qtbot: QtBot) -> None:
    combo = open_combo(editor, "department", qtbot)
    line = line_of(combo)
    line.setText("teams[0].summary")
    qtbot.keyClick(line, Qt.Key.Key_Return)

    cell = editor.board.cell_of(person("department"))
    assert cell is not None
    assert cell.value == "Platform"
    assert editor.board.find_source("teams[0].summary") is not None


def test_that_the_best_match_fills_the_row(editor: MappingEditor, qtbot: QtBot) -> None:
    go_to(editor, "name")
    qtbot.keyClick(editor.targets, Qt.Key.Key_M, CTRL)

    assert source_of(editor, "name") == "name"


def test_that_delete_unmaps_and_undo_and_redo_follow(editor: MappingEditor, qtbot: QtBot) -> None:
    go_to(editor, "username")
    qtbot.keyClick(editor.targets, Qt.Key.Key_Delete)
    assert source_of(editor, "username") is None

    qtbot.keyClick(editor.targets, Qt.Key.Key_Z, CTRL)
    assert source_of(editor, "username") == "email"
    assert not editor.board.is_dirty

    qtbot.keyClick(editor.targets, Qt.Key.Key_Z, CTRL | SHIFT)
    assert source_of(editor, "username") is None


def test_that_sync_keys_are_switched_and_ordered(editor: MappingEditor, qtbot: QtBot) -> None:
    go_to(editor, "username")
    qtbot.keyClick(editor.targets, Qt.Key.Key_K, CTRL | SHIFT)
    row = editor.board.row_of(person("username"))
    assert row is not None
    assert row.sync_key == 2

    qtbot.keyClick(editor.targets, Qt.Key.Key_Up, ALT | SHIFT)
    email = editor.board.row_of(person("email"))
    assert email is not None
    assert email.sync_key == 2


def test_that_a_field_that_is_not_unique_is_refused_as_a_key(editor: MappingEditor, qtbot: QtBot) -> None:
    said: list[str] = []
    editor.said.connect(said.append)
    editor.board.map(person("name"), "name")
    go_to(editor, "name")

    qtbot.keyClick(editor.targets, Qt.Key.Key_K, CTRL | SHIFT)

    assert said[-1] == "Name is not Unique: two records could share a value."


def test_that_steps_show_before_and_after_and_are_taken_with_update(editor: MappingEditor, qtbot: QtBot) -> None:
    go_to(editor, "email")
    qtbot.keyClick(editor.targets, Qt.Key.Key_T, CTRL)
    dialog = editor.findChild(StepsDialog)
    assert dialog is not None

    dialog.kind.setCurrentText("split")
    dialog.arguments.setText("@:0")
    qtbot.keyClick(dialog.arguments, Qt.Key.Key_Return)
    assert dialog.steps == ["lower", "split:@:0"]
    dialog.kind.setCurrentText("split")
    dialog.arguments.setText("@:x")
    qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    assert dialog.steps == ["lower", "split:@:0"]
    qtbot.mouseClick(dialog.update_button, Qt.MouseButton.LeftButton)

    cell = editor.board.cell_of(person("email"))
    assert cell is not None
    assert cell.value == "ana"


def test_that_f8_walks_the_problems(editor: MappingEditor, qtbot: QtBot) -> None:
    editor.sources.setFocus()
    qtbot.keyClick(editor.sources, Qt.Key.Key_F8)

    assert editor.targets.current_place == person("role")
    assert editor.targets.hasFocus()


def test_that_every_part_has_a_name_for_screen_readers(editor: MappingEditor) -> None:
    model = editor.targets.model_of_targets
    row = model.row_of(person("email"))

    assert editor.targets.accessibleName() == "Target fields"
    spoken = model.data(model.index(row, 0), int(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken == "Email, text, required, unique, from Email, sync key 1"
    sources = editor.sources.model_of_sources
    spoken = sources.data(sources.index(sources.row_of("job_title"), 1), int(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken == "Job Title, text, filled in 3 of 4, 2 different"
    QApplication.processEvents()


def test_that_letters_typed_into_the_open_list_begin_a_search(editor: MappingEditor, qtbot: QtBot) -> None:
    go_to(editor, "location")
    qtbot.keyClick(editor.targets, Qt.Key.Key_Down, ALT)
    combo = editor.targets.findChild(SourceCombo)
    assert combo is not None
    qtbot.waitUntil(combo.view().isVisible)
    qtbot.keyClick(combo.view(), Qt.Key.Key_T)
    qtbot.keyClicks(line_of(combo), "ime")
    qtbot.keyClick(line_of(combo), Qt.Key.Key_Return)

    assert source_of(editor, "location") == "time_zone"


def test_that_a_source_gets_a_field_of_its_own_from_its_menu(editor: MappingEditor, qtbot: QtBot) -> None:
    menu = source_menu(editor, "id")
    assert menu.actions()[0].text() == "Add new field…"
    menu.actions()[0].trigger()
    dialog = editor.findChild(NewFieldDialog)
    assert dialog is not None
    dialog.label.setText("PagerDuty number")

    qtbot.keyClick(dialog.label, Qt.Key.Key_Return)

    assert source_of(editor, "pager_duty_number") == "id"


def test_that_a_custom_field_is_changed_and_removed(editor: MappingEditor) -> None:
    board = editor.board
    board.add_custom("Team", "teams[0].summary")
    board.map(person("department"), "teams[0].summary")
    assert not source_menu(editor, "teams[0].summary").actions()[-1].isEnabled()

    board.change_custom("teams[0].summary", "Team id", "teams[0].id")
    assert source_of(editor, "department") == "teams[0].id"
    assert board.source_label("teams[0].id") == "Team id"

    board.unmap(person("department"))
    board.remove_custom("teams[0].id")
    assert board.find_source("teams[0].id") is None
    board.undo_stack.undo()
    assert board.find_source("teams[0].id") is not None


def test_that_a_custom_field_is_not_made_twice(editor: MappingEditor, qtbot: QtBot) -> None:
    editor.board.add_custom("Team", "teams[0].summary")
    editor.ask_for_source()
    dialog = editor.findChild(CustomSourceDialog)
    assert dialog is not None

    qtbot.keyClicks(dialog.path, "teams[0].summary")

    assert not dialog.do_it.isEnabled()
    dialog.path.setText("{{jjump_cloud_user_id}")
    assert not dialog.do_it.isEnabled()
    dialog.reject()


def test_that_a_path_that_finds_nothing_anywhere_is_told_while_it_is_typed(editor: MappingEditor, qtbot: QtBot) -> None:
    editor.ask_for_source()
    dialog = editor.findChild(CustomSourceDialog)
    assert dialog is not None

    qtbot.keyClicks(dialog.path, "{{ response.emial }}")
    assert dialog.outcome.text().startswith("None of the 4 sample records has a value there")

    dialog.path.setText("{{ response.job_title | upper }}")
    assert dialog.outcome.text() == "On the sample record: “ENGINEER”"
    editor.board.step(2)
    dialog.path.setText("{{ response.job_title }} ")
    assert dialog.outcome.text() == "Empty on this sample record, filled on others."
    dialog.reject()


def test_that_what_a_key_does_to_a_line_is_said(editor: MappingEditor, qtbot: QtBot) -> None:
    said: list[str] = []
    editor.said.connect(said.append)
    go_to(editor, "username")

    qtbot.keyClick(editor.targets, Qt.Key.Key_K, CTRL | SHIFT)
    qtbot.keyClick(editor.targets, Qt.Key.Key_Up, ALT | SHIFT)
    qtbot.keyClick(editor.targets, Qt.Key.Key_K, CTRL | SHIFT)
    qtbot.keyClick(editor.targets, Qt.Key.Key_Delete)

    assert said == [
        "Username is sync key 2 now.",
        "Username is sync key 1 now.",
        "Username is no sync key any more.",
        "Username is filled from nothing now.",
    ]


def test_that_enter_in_the_record_takes_a_value_and_leaves_the_form_open(editor: MappingEditor, qtbot: QtBot) -> None:
    editor.ask_for_source()
    dialog = editor.findChild(CustomSourceDialog)
    assert dialog is not None
    dialog.tree.setFocus()
    dialog.tree.setCurrentItem(dialog.tree.topLevelItem(1))

    qtbot.keyClick(dialog.tree, Qt.Key.Key_Return)

    assert dialog.path.text() == "name"
    assert dialog.isVisible()
    dialog.reject()


def test_that_a_missing_sync_key_breaks_no_link(editor: MappingEditor) -> None:
    board = editor.board
    board.toggle_sync_key(person("email"))
    assert board.problem_at(person("email")) is not None

    assert not any(link.is_broken for link in editor.gutter.links())


def test_that_values_are_mapped_in_a_table_that_knows_those_of_the_sample(editor: MappingEditor, qtbot: QtBot) -> None:
    editor.board.map(person("job_title"), "job_title")
    go_to(editor, "job_title")
    qtbot.keyClick(editor.targets, Qt.Key.Key_T, CTRL)
    dialog = editor.findChild(StepsDialog)
    assert dialog is not None
    dialog.kind.setCurrentText("values")
    table = dialog.pairs
    known = [table.item(row, 0).text() for row in range(table.rowCount())]  # type: ignore[union-attr]  # each has one
    assert known[:2] == ["Engineer", "Buyer"]
    dialog.add.click()
    assert dialog.steps == []
    table.item(0, 1).setText("Engineering")  # type: ignore[union-attr]  # it is there
    dialog.add.click()
    assert dialog.steps == ["values:Engineer=Engineering"]

    qtbot.mouseClick(
        next(b for b in dialog.findChildren(IconButton) if b.accessibleName().startswith("Change values")),
        Qt.MouseButton.LeftButton,
    )
    table.item(1, 1).setText("Purchasing: all")  # type: ignore[union-attr]  # it is there
    dialog.add.click()

    assert dialog.steps == ["values:Engineer=Engineering,Buyer=Purchasing:: all"]
    qtbot.mouseClick(dialog.update_button, Qt.MouseButton.LeftButton)
    cell = editor.board.cell_of(person("job_title"))
    assert cell is not None
    assert cell.value == "Engineering"


def test_that_a_sync_key_on_a_field_with_blanks_says_so_before_anything_runs(editor: MappingEditor) -> None:
    board = editor.board
    board.map(person("employee_id"), "job_title")
    board.toggle_sync_key(person("employee_id"))

    problem = board.problem_at(person("employee_id"))
    assert problem is not None
    assert problem.message.startswith("As a sync key it is not unique: 1 empty, 2 shared in 4 records.")
    board.toggle_sync_key(person("employee_id"))
    assert board.problem_at(person("employee_id")) is None


def test_that_a_row_says_in_how_many_records_it_fails_and_when_it_is_written(editor: MappingEditor) -> None:
    board, model = editor.board, editor.targets.model_of_targets
    board.map(person("atlassian_last_active"), "name")
    board.set_policy(person("atlassian_last_active"), Policy.ONLY_IF_EMPTY)
    preview = board.preview()
    board.take_report(preview, preview.check(board.records, {}, threading.Event()))

    assert model.preview_text(person("atlassian_last_active")) == ("4 of 4 fail", "error")
    spoken = model.data(model.index(model.row_of(person("atlassian_last_active")), 0), _SPOKEN)
    assert "written only if the field is empty" in spoken


def test_that_a_sample_without_a_value_is_called_empty_and_not_a_text(editor: MappingEditor, qtbot: QtBot) -> None:
    dialog = StepsDialog(editor._theme, editor.board, person("first_name"), editor)
    qtbot.addWidget(dialog)

    said = [label.text() for label in dialog.findChildren(QLabel)]

    assert any("The sample record has: empty" in text for text in said), said
