"""The mapping of an integration, from the page: saved with UPDATE, asked about when left, found again after a crash."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from saasdesk.errors import Cancelled
from saasdesk.fields import FieldType, Lookup, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.mapping.preview import MappingPreview
from saasdesk.sync import integrations
from saasdesk.sync.unsaved import unsaved_mappings
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.mapping_editor.field_dialogs import NewFieldDialog
from saasdesk.ui.pages.integrations import IntegrationsPage
from saasdesk.ui.pages.integrations.mapping_page import MappingPage
from saasdesk.ui.widgets.question import Question
from tests.ui.conftest import press
from tests.ui.mapping_editor.conftest import person
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def show(whole: Whole) -> tuple[MappingPage, MappingEditor]:
    whole.show("mapping", 1)
    page = whole.window.findChild(MappingPage)
    assert page is not None
    # Qt shows what was added to a layout a little later.
    whole.wait(lambda: page.editor is not None and page.editor.isVisible())
    assert page.editor is not None
    return page, page.editor


def targets(whole: Whole) -> set[str]:
    (integration,) = integrations.list_integrations(whole.office.store)
    return {row.target for row in integration.document.mapping}


def answer(button: int) -> None:
    """Press a button of the question that is about to be asked: 0 stay, 1 discard, 2 update."""

    def press() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        question.buttons[button].click()

    QTimer.singleShot(200, press)


def test_that_update_saves_and_the_next_run_would_use_it(whole: Whole) -> None:
    page, editor = show(whole)
    assert not page.update_button.isEnabled()
    editor.board.map(person("location"), "time_zone")
    assert page.update_button.isEnabled()

    whole.qtbot.mouseClick(page.update_button, Qt.MouseButton.LeftButton)

    whole.wait(lambda: not editor.board.is_dirty)
    assert "location" in targets(whole)
    assert not page.update_button.isEnabled()


def test_that_a_new_field_is_made_when_the_mapping_is_saved(whole: Whole) -> None:
    page, editor = show(whole)
    editor.board.add_field(
        "PagerDuty Colour", FieldType.SHORT_TEXT, unique=False, object_kind=ObjectKind.PEOPLE, source="color"
    )
    editor.ask_for_field("time_zone")
    form = editor.findChild(NewFieldDialog)
    assert form is not None
    form.label.setText("Site")
    form.unique.setChecked(True)
    form.kind.setCurrentIndex(form.kind.findData(FieldType.CUSTOM_OBJECT))
    assert not form.unique.isChecked()
    form.accept()

    page.save()

    whole.wait(lambda: not editor.board.is_dirty)
    with whole.office.store.reading() as db:
        made = {field.external_id: field for field in list_fields(db, ObjectKind.PEOPLE)}
    assert {"pager_duty_colour", "site"} <= set(made)
    assert made["site"].lookup == Lookup("site", "Site")
    assert {"pager_duty_colour", "site"} <= set(targets(whole))


def test_that_records_are_read_from_the_vendor_when_there_are_none_yet(whole: Whole) -> None:
    _, editor = show(whole)
    assert editor.board.records == ()
    assert editor.source_card.read.isVisible()

    whole.qtbot.mouseClick(editor.source_card.read, Qt.MouseButton.LeftButton)

    whole.wait(lambda: len(editor.board.records) == 50)
    cell = editor.board.cell_of(person("email"))
    assert cell is not None
    assert str(cell.value).endswith("@example.com")


def test_that_all_records_are_checked_in_a_worker(whole: Whole) -> None:
    _, editor = show(whole)
    whole.qtbot.mouseClick(editor.source_card.read, Qt.MouseButton.LeftButton)
    whole.wait(lambda: editor.board.records)

    whole.qtbot.mouseClick(editor.target_card.check, Qt.MouseButton.LeftButton)

    whole.wait(lambda: editor.board.report is not None)
    assert editor.board.report is not None
    assert editor.board.report.records == 50


def test_that_a_check_is_cancelled_by_the_button_that_began_it(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def look(_self: object, _records: object, _context: object, stop: threading.Event) -> object:
        stop.wait(20)
        ended.set()
        raise Cancelled

    monkeypatch.setattr(MappingPreview, "check", look)
    _, editor = show(whole)
    whole.qtbot.mouseClick(editor.source_card.read, Qt.MouseButton.LeftButton)
    whole.wait(lambda: editor.board.records)
    whole.qtbot.mouseClick(editor.target_card.check, Qt.MouseButton.LeftButton)
    assert editor.target_card.check.label == "Cancel the check"

    whole.qtbot.mouseClick(editor.target_card.check, Qt.MouseButton.LeftButton)

    whole.wait(ended.is_set)
    assert editor.target_card.check.label == "Check all records"
    assert editor.board.report is None


@pytest.mark.parametrize(
    ("button", "leaves", "is_saved"),
    [(0, False, False), (1, True, False), (2, True, True)],
    ids=["stay", "discard", "update"],
)
def test_that_leaving_with_changes_asks(whole: Whole, button: int, leaves: bool, is_saved: bool) -> None:
    page, editor = show(whole)
    editor.board.map(person("location"), "time_zone")

    answer(button)
    left = page.may_leave()

    assert left is leaves
    assert ("location" in targets(whole)) is is_saved
    assert editor.board.is_dirty is (button == 0)
    page.discard_edits()


def test_that_leaving_without_changes_asks_nothing(whole: Whole) -> None:
    page, _ = show(whole)

    assert page.may_leave()


def test_that_edits_are_offered_again_after_a_crash(
    whole: Whole, wait_for: Callable[[Callable[[], Any]], None]
) -> None:
    page, editor = show(whole)
    editor.board.map(person("location"), "time_zone")
    (integration,) = integrations.list_integrations(whole.office.store)
    copies = unsaved_mappings(whole.office.store.profile.folder)
    wait_for(lambda: copies.find(integration.id, integration.document) is not None)
    page._drop_editor()
    overview = whole.window.page("integrations")
    assert isinstance(overview, IntegrationsPage)
    overview.refresh()
    whole.wait(lambda: overview.unsaved.isVisibleTo(overview))
    assert integration.name in overview.unsaved.text

    page.refresh()
    whole.wait(lambda: page.editor is not None)
    assert page.editor is not None
    assert page._banner.isVisible()
    assert page._banner.text.startswith("Edits of today ")
    press(page._banner, "Restore")

    assert page.editor.board.row_of(person("location")) is not None
    page.discard_edits()
    assert copies.find(integration.id, integration.document) is None
    overview.refresh()
    whole.wait(lambda: not overview.unsaved.isVisibleTo(overview))


@pytest.fixture
def wait_for(whole: Whole) -> Callable[[Callable[[], Any]], None]:
    return lambda is_true: whole.qtbot.waitUntil(lambda: bool(is_true()), timeout=10_000)
