"""Mapping with the mouse: from source to field, from field to source, links by their ends, on to a new field."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.mapping.fitting import Fit
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.mapping_editor.field_dialogs import NewFieldDialog
from tests.ui.mapping_editor.conftest import Hands, person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def source_of(editor: MappingEditor, name: str) -> str | None:
    row = editor.board.row_of(person(name))
    return None if row is None else row.source


def test_that_a_source_dropped_on_a_field_fills_it(editor: MappingEditor, hands: Hands) -> None:
    hands.drag(hands.over_source("name"), hands.over_target("name"))

    assert source_of(editor, "name") == "name"
    assert not editor.carrying.is_carrying
    assert editor.carrying.chip.isHidden()


def test_that_a_field_dropped_on_a_source_is_filled_from_it(editor: MappingEditor, hands: Hands) -> None:
    hands.drag(hands.over_target("job_title"), hands.over_source("job_title"))

    assert source_of(editor, "job_title") == "job_title"


def test_that_a_small_move_is_a_click(editor: MappingEditor, hands: Hands) -> None:
    start = hands.over_source("name")

    hands.press(start)
    hands.move(start + QPoint(2, 1))

    assert not editor.carrying.is_carrying
    hands.let_go()


def test_that_the_row_under_the_mouse_says_what_would_happen(editor: MappingEditor, hands: Hands) -> None:
    said: list[str] = []
    editor.said.connect(said.append)

    hands.press(hands.over_source("invitation_sent"))
    hands.move(hands.over_target("location"))

    drop = editor.targets.model_of_targets.drop
    assert drop is not None
    assert drop.place == person("location")
    assert drop.fitting is not None
    assert drop.fitting.fit is Fit.CONVERTED
    assert said[-1] == "Invitation sent? over Location: let go to map, Esc to cancel"
    hands.let_go()


def test_that_what_cannot_fit_is_not_mapped_and_says_why(editor: MappingEditor, hands: Hands) -> None:
    said: list[str] = []
    editor.said.connect(said.append)

    hands.drag(hands.over_source("invitation_sent"), hands.over_target("atlassian_last_active"))

    assert source_of(editor, "atlassian_last_active") is None
    assert said[-1] == "Not mapped: yes or no cannot become a time."


def test_that_escape_puts_everything_back(editor: MappingEditor, hands: Hands, qtbot: QtBot) -> None:
    hands.press(hands.over_source("name"))
    hands.move(hands.over_target("name"))
    qtbot.keyClick(editor.sources, Qt.Key.Key_Escape)

    assert not editor.carrying.is_carrying
    assert editor.targets.model_of_targets.drop is None
    hands.let_go()
    assert source_of(editor, "name") is None


def test_that_a_filled_field_asks_before_it_is_replaced(editor: MappingEditor, hands: Hands, qtbot: QtBot) -> None:
    hands.drag(hands.over_source("name"), hands.over_target("username"))

    assert editor.drop_bar.isVisible()
    assert source_of(editor, "username") == "email"
    qtbot.keyClick(editor.drop_bar.replace, Qt.Key.Key_Return)
    assert source_of(editor, "username") == "name"
    assert editor.drop_bar.isHidden()


def test_that_two_sources_can_be_combined(editor: MappingEditor, hands: Hands, qtbot: QtBot) -> None:
    hands.drag(hands.over_source("name"), hands.over_target("username"))

    qtbot.mouseClick(editor.drop_bar.combine, Qt.MouseButton.LeftButton)

    combined = "{{ response.email | default('') }} {{ response.name | default('') }}"
    assert source_of(editor, "username") == combined
    cell = editor.board.cell_of(person("username"))
    assert cell is not None
    assert cell.value == "ana@example.com Ana Ruiz"


def test_that_of_two_combined_sources_one_may_be_empty(editor: MappingEditor, hands: Hands, qtbot: QtBot) -> None:
    editor.board.map(person("department"), "job_title")
    said: list[str] = []
    editor.said.connect(said.append)
    hands.drag(hands.over_source("role"), hands.over_target("department"))
    qtbot.mouseClick(editor.drop_bar.combine, Qt.MouseButton.LeftButton)

    editor.board.step(2)

    cell = editor.board.cell_of(person("department"))
    assert cell is not None
    assert (cell.value, cell.problem) == ("user", "")
    assert said[-1] == "Role is added to what fills Department."


def test_that_cancel_leaves_the_field_as_it_was(editor: MappingEditor, hands: Hands, qtbot: QtBot) -> None:
    hands.drag(hands.over_source("name"), hands.over_target("username"))

    qtbot.keyClick(editor.drop_bar, Qt.Key.Key_Escape)

    assert source_of(editor, "username") == "email"
    assert not editor.board.is_dirty


def test_that_the_end_of_a_link_moves_to_another_field_with_its_steps(editor: MappingEditor, hands: Hands) -> None:
    gutter = editor.gutter
    end = gutter.target_point(person("email"))
    assert end is not None

    hands.drag(gutter.mapToGlobal(QPoint(gutter.width() - 6, int(end.y()))), hands.over_target("phone"))

    assert source_of(editor, "email") is None
    row = editor.board.row_of(person("phone"))
    assert row is not None
    assert (row.source, row.transform) == ("email", ("lower",))


def test_that_a_link_let_go_over_nothing_is_gone_and_can_be_had_back(editor: MappingEditor, hands: Hands) -> None:
    gutter = editor.gutter
    end = gutter.target_point(person("username"))
    assert end is not None

    hands.drag(
        gutter.mapToGlobal(QPoint(gutter.width() - 6, int(end.y()))),
        editor.mapToGlobal(QPoint(600, editor.height() - 5)),
    )

    assert source_of(editor, "username") is None
    editor.board.undo_stack.undo()
    assert source_of(editor, "username") == "email"


def test_that_several_sources_go_where_their_names_fit(editor: MappingEditor, hands: Hands, qtbot: QtBot) -> None:
    viewport = editor.sources.viewport()
    for source, modifier in (
        ("name", Qt.KeyboardModifier.NoModifier),
        ("job_title", Qt.KeyboardModifier.ControlModifier),
    ):
        at = viewport.mapFromGlobal(hands.over_source(source))
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, modifier, at)

    hands.drag(hands.over_source("job_title"), hands.over_target("name"))

    assert (source_of(editor, "name"), source_of(editor, "job_title")) == ("name", "job_title")
    editor.board.undo_stack.undo()
    assert (source_of(editor, "name"), source_of(editor, "job_title")) == (None, None)


def test_that_a_source_dropped_on_add_new_field_fills_the_form(
    editor: MappingEditor, hands: Hands, qtbot: QtBot
) -> None:
    link = editor.new_field

    hands.drag(hands.over_source("id"), link.mapToGlobal(link.rect().center()))

    dialog = editor.findChild(NewFieldDialog)
    assert dialog is not None
    assert dialog.label.text() == "PagerDuty User ID 2" or dialog.label.text() == "PagerDuty User ID"
    assert dialog.unique.isChecked()
    dialog.label.setText("PagerDuty number")
    qtbot.mouseClick(dialog.do_it, Qt.MouseButton.LeftButton)
    assert source_of(editor, "pager_duty_number") == "id"


def test_that_a_pane_scrolls_by_itself_near_its_edge(editor: MappingEditor, hands: Hands, qtbot: QtBot) -> None:
    editor.resize(1280, 460)
    QApplication.processEvents()
    table = editor.targets
    bar = table.verticalScrollBar()
    assert bar.maximum() > 0

    hands.press(hands.over_source("name"))
    viewport = table.viewport()
    hands.move(viewport.mapToGlobal(QPoint(50, viewport.height() - 4)))

    qtbot.waitUntil(lambda: bar.value() == bar.maximum(), timeout=5_000)
    hands.move(viewport.mapToGlobal(QPoint(50, viewport.height() // 2)))
    hands.let_go()
