"""Smart Mapping in the editor: what is ticked, one step to undo, what was refused is remembered."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from saasdesk.fields import ObjectKind
from saasdesk.mapping.smart import Choice, Suggestion
from saasdesk.ui.mapping_editor.editor import MappingEditor
from tests.ui.mapping_editor.conftest import person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def offered(editor: MappingEditor) -> dict[str, bool]:
    return {suggestion.target: tick.isChecked() for tick, suggestion in editor.review._ticks}


def test_that_sure_matches_are_ticked_and_taken_in_one_step(editor: MappingEditor, qtbot: QtBot) -> None:
    qtbot.keyClick(
        editor.targets, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert editor.review.isVisible()
    assert offered(editor)["name"]
    before = editor.board.rows

    qtbot.mouseClick(editor.review.apply, Qt.MouseButton.LeftButton)

    assert editor.review.isHidden()
    assert {row.target for row in editor.board.rows} >= {"name", "job_title", "pager_duty_user_id"}
    editor.board.undo_stack.undo()
    assert editor.board.rows == before


def test_that_weak_matches_are_shown_at_once_where_nothing_better_was_found(editor: MappingEditor) -> None:
    weak = Suggestion("role", ObjectKind.PEOPLE, "department", 0.41, "both are text")

    editor.review.offer([weak])

    assert offered(editor) == {"department": False}
    assert editor.review._ticks[0][0].hasFocus()
    assert editor.review.weak.isHidden()


def test_that_what_a_person_mapped_is_not_offered(editor: MappingEditor) -> None:
    editor.find_matches()

    assert not {"email", "username"} & offered(editor).keys()


def test_that_what_is_unticked_is_remembered_and_not_offered_again(editor: MappingEditor, qtbot: QtBot) -> None:
    learned: list[Choice] = []
    editor.learned.connect(learned.extend)
    editor.find_matches()
    tick = next(tick for tick, suggestion in editor.review._ticks if suggestion.target == "job_title")
    tick.setChecked(False)
    qtbot.mouseClick(editor.review.apply, Qt.MouseButton.LeftButton)

    assert [(choice.source, choice.target) for choice in learned] == [("job_title", "job_title")]
    editor.find_matches()
    again = [(suggestion.source, suggestion.target) for _, suggestion in editor.review._ticks]
    assert ("job_title", "job_title") not in again


def test_that_dismissing_changes_nothing(editor: MappingEditor, qtbot: QtBot) -> None:
    editor.find_matches()
    qtbot.keyClick(editor.review, Qt.Key.Key_Escape)

    assert editor.review.isHidden()
    assert not editor.board.is_dirty
    assert editor.targets.model_of_targets.suggestions == {}


def test_that_suggestions_show_as_dashed_links_until_decided(editor: MappingEditor) -> None:
    editor.find_matches()

    assert any(link.is_suggested and link.place == person("name") for link in editor.gutter.links())


def test_that_what_was_taken_says_the_way_back_until_something_else_is_edited(
    editor: MappingEditor, qtbot: QtBot
) -> None:
    before = editor.board.rows
    editor.find_matches()
    qtbot.mouseClick(editor.review.apply, Qt.MouseButton.LeftButton)
    assert editor.target_card.applied.undo.isVisible()

    qtbot.mouseClick(editor.target_card.applied.review, Qt.MouseButton.LeftButton)

    assert editor.board.rows == before
    assert editor.review.isVisible()
    assert not editor.target_card.applied.undo.isVisible()
    qtbot.mouseClick(editor.review.apply, Qt.MouseButton.LeftButton)
    editor.board.unmap(person("email"))
    assert not editor.target_card.applied.undo.isVisible()
