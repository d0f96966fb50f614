"""PagerDuty mapped from an empty draft to Launch, by the keyboard alone and by the mouse alone."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QListView, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.mapping import MapRow, Policy
from saasdesk.mapping.editing import Place
from saasdesk.sync import integrations
from saasdesk.sync.integration import Integration, IntegrationDocument, IntegrationState
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.mapping_editor.pane import PaneTable
from saasdesk.ui.mapping_editor.source_pane import FIELD, FILLED
from saasdesk.ui.mapping_editor.target_model import KEY, SOURCE, TARGET, TRANSFORM
from saasdesk.ui.pages.integrations.mapping_page import MappingPage
from saasdesk.ui.pages.plan import PlanPage
from tests.sync.conftest import Office
from tests.walks.hands import Hand, Keys, is_seen, seen, wait_until

NAME = "PagerDuty users"


def make_draft(office: Office) -> Integration:
    """An integration that has its credential and nothing else."""
    document = IntegrationDocument(name=NAME, connector="pagerduty", credential="pd key")
    return integrations.save_integration(office.store, document)


def by_keyboard(window: MainWindow, office: Office) -> None:
    """From the page of all integrations to Launch, without a mouse."""
    keys = Keys(window)
    wait_until(lambda: is_seen(f"Mapping: {NAME}"), "the tile")
    keys.tab_to(f"Mapping: {NAME}")
    keys.press("Space")
    editor = editor_in(window)
    board = editor.board
    assert board.rows == ()

    keys.tab_to("Read up to 50 records")
    keys.press("Space")
    wait_until(lambda: board.records, "records")
    keys.press("Ctrl+Shift+M", "Space")
    assert _sources(editor) == {"email": "email", "username": "email", "name": "name", "job_title": "job_title"}

    # The vendor's id gets a field of its own, from the menu of its row.
    _go_to(keys, editor.sources)
    keys.type("Id")
    keys.press("Shift+F10")
    keys.choose("Add new field…")
    keys.press("Return")
    assert _sources(editor)["pager_duty_user_id"] == "id"

    # A source is picked up on one side and dropped on the other.
    _go_to(keys, editor.sources)
    keys.type("Time")
    keys.press("Return")
    keys.type("Loc")
    keys.press("Return")
    assert _sources(editor)["location"] == "time_zone"

    # F8 leads to what is missing: the role, from the list of a Source cell.
    keys.press("F8", "Alt+Down")
    keys.type("Empl")
    keys.press("Return")
    assert _row(editor, "role").value == "Employee"

    # The sync key, and a step on the way.
    keys.press("Ctrl+Home")
    keys.type("Email")
    keys.press("Ctrl+Shift+K", "Ctrl+T")
    keys.tab_to("Step to add")
    keys.type("lower")
    keys.tab_to("Add step")
    keys.press("Space")
    keys.tab_to("Update")
    keys.press("Space")
    assert (_row(editor, "email").sync_key, _row(editor, "email").transform) == (1, ("lower",))
    keys.press("Shift+F10")
    keys.choose("When to write")
    keys.choose("Only if the source is filled")
    assert _row(editor, "email").policy is Policy.ONLY_IF_SOURCE_FILLED
    keys.press("Ctrl+Z")
    assert _row(editor, "email").policy is Policy.ALWAYS

    # A field of one's own of the vendor's answer.
    keys.tab_to("Add custom field")
    keys.press("Space")
    keys.type("Team")
    keys.tab_to("Path or template")
    keys.type("{{ response.teams[0].summary }}")
    keys.press("Return")
    assert board.find_source("{{ response.teams[0].summary }}") is not None

    keys.press("Ctrl+S")
    wait_until(lambda: not board.is_dirty, "the mapping is saved")
    keys.tab_to("Launch")
    keys.press("Space")
    _wait_for_plan(window)
    keys.tab_to("Launch")
    keys.press("Space")
    _wait_for_launch(office)


def by_mouse(window: MainWindow, office: Office, hand: Hand) -> None:
    """The same without a keyboard: dragged, clicked and chosen from lists."""
    wait_until(lambda: is_seen(f"Mapping: {NAME}"), "the tile")
    hand.click(seen(f"Mapping: {NAME}"))
    editor = editor_in(window)
    board, sources, targets = editor.board, editor.sources, editor.targets

    hand.click(seen("Read up to 50 records"))
    wait_until(lambda: board.records, "records")

    # From the vendor's field to ours, and from ours to the vendor's.
    hand.drag(cell_at(sources, "Email", FIELD), cell_at(targets, "Email", TARGET))
    hand.drag(cell_at(targets, "Username", TARGET), cell_at(sources, "Email", FIELD))
    assert _sources(editor) == {"email": "email", "username": "email"}
    hand.click(seen("Smart Mapping"))
    hand.click(editor.review.apply)
    assert _sources(editor).items() >= {"name": "name", "job_title": "job_title"}.items()

    # What is filled asks; a link is taken by its end and let go over nothing.
    hand.drag(cell_at(sources, "Type", FIELD), cell_at(targets, "Job Title", TARGET))
    hand.click(editor.drop_bar.cancel)
    hand.drag(cell_at(sources, "Time Zone", FIELD), cell_at(targets, "Location", TARGET))
    assert _sources(editor)["location"] == "time_zone"
    end = editor.gutter.target_point(_person("location"))
    assert end is not None
    hand.drag(
        editor.gutter.mapToGlobal(QPoint(editor.gutter.width() - 6, round(end.y()))),
        editor.gutter.mapToGlobal(QPoint(50, editor.gutter.height() - 30)),
    )
    assert "location" not in _sources(editor)
    hand.click(seen("Undo: Unmap Location"))
    assert _sources(editor)["location"] == "time_zone"

    # The down arrow of the vendor's field, as the article has it.
    hand.click(arrow_of(sources, "Id"))
    hand.choose("Add new field…")
    hand.click(seen("CREATE"))
    assert _sources(editor)["pager_duty_user_id"] == "id"

    # The role from the list of a Source cell; the sync key; a step.
    hand.click(cell_at(targets, "Role", SOURCE))
    pick_from_list(hand, "“Employee”")
    assert _row(editor, "role").value == "Employee"
    hand.click(cell_at(targets, "Email", KEY))
    hand.click(cell_at(targets, "Email", TRANSFORM))
    hand.click(seen("Step to add", QComboBox))
    pick_from_list(hand, "lower")
    hand.click(seen("Add step"))
    hand.click(seen("Update"))
    assert (_row(editor, "email").sync_key, _row(editor, "email").transform) == (1, ("lower",))
    hand.click(cell_at(targets, "Email", TARGET), Qt.MouseButton.RightButton)
    hand.choose("When to write")
    hand.choose("Only if the source is filled")
    assert _row(editor, "email").policy is Policy.ONLY_IF_SOURCE_FILLED
    hand.click(seen("Undo: Change when Email is written"))

    hand.click(seen("Check all records"))
    wait_until(lambda: board.report, "the records are checked")
    hand.click(seen("UPDATE"))
    wait_until(lambda: not board.is_dirty, "the mapping is saved")
    hand.click(seen("Launch"))
    _wait_for_plan(window)
    hand.click(seen("Launch"))
    _wait_for_launch(office)


def editor_in(window: MainWindow) -> MappingEditor:
    """The editor, once its page has read the integration."""
    editors: list[MappingEditor] = []

    def find() -> list[MappingEditor]:
        page = window.findChild(MappingPage)
        if page is not None and page.editor is not None and page.editor.isVisible():
            editors.append(page.editor)
        return editors

    wait_until(find, "the mapping editor")
    return editors[0]


def _go_to(keys: Keys, wanted: QWidget) -> None:
    """F6 goes from part to part."""
    for _ in range(8):
        if wanted.hasFocus():
            return
        keys.press("F6")
    raise AssertionError(f"F6 never came to “{wanted.accessibleName()}”")


def _person(name: str) -> Place:
    return Place(ObjectKind.PEOPLE, name)


def _row(editor: MappingEditor, name: str) -> MapRow:
    row = editor.board.row_of(_person(name))
    assert row is not None
    return row


def _sources(editor: MappingEditor) -> dict[str, str]:
    return {row.target: row.source for row in editor.board.rows if row.source is not None}


def row_of(table: PaneTable, label: str) -> int:
    """Where something of this name stands."""
    model = table.model()
    column = TARGET if model.columnCount() == 5 else FIELD
    return next(row for row in range(model.rowCount()) if model.index(row, column).data() == label)


def arrow_of(table: PaneTable, label: str) -> QPoint:
    """The down arrow of a vendor's field on the screen."""
    index = table.model().index(row_of(table, label), FILLED)
    table.scrollTo(index)
    area = table.visualRect(index)
    return table.viewport().mapToGlobal(QPoint(area.right() - 10, area.center().y()))


def cell_at(table: PaneTable, label: str, column: int) -> QPoint:
    """The middle of a cell on the screen, after scrolling to it."""
    index = table.model().index(row_of(table, label), column)
    table.scrollTo(index)
    return table.viewport().mapToGlobal(table.visualRect(index).center())


def pick_from_list(hand: Hand, words: str) -> None:
    """Click an entry of the list that is open."""
    wait_until(lambda: QApplication.activePopupWidget() is not None, f"the list with {words}")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    view = popup.findChild(QListView)
    assert view is not None
    model = view.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == words)
    view.scrollTo(model.index(row, 0))
    hand.click_at(lambda: view.viewport().mapToGlobal(view.visualRect(model.index(row, 0)).center()))


def _wait_for_plan(window: MainWindow) -> None:
    wait_until(lambda: isinstance(window.current_page, PlanPage) and is_seen("Launch"), "the plan of the first run")


def _wait_for_launch(office: Office) -> None:
    def is_launched() -> bool:
        return integrations.find_integration(office.store, NAME).state is IntegrationState.ACTIVE

    wait_until(is_launched, "the integration is launched")
