from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from saasdesk.errors import UserError
from saasdesk.records.listing import ListQuery
from saasdesk.rules import Rule, condition
from saasdesk.ui.tables import NothingYet, RecordTable
from saasdesk.ui.tables.column_chooser import ColumnChooserDialog
from saasdesk.ui.tables.filter_dialog import FilterDialog
from saasdesk.ui.tables.menus import ColumnMenu, RowMenu
from saasdesk.ui.widgets.plain_label import PlainLabel
from tests.ui.tables.conftest import OpenTable, settle, shown_names
from tests.ui.tables.fake_source import COLUMNS, FakeSource

# Qt's offscreen platform says so of windows with a smallest size, and of menus.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def click_header(
    qtbot: QtBot, table: RecordTable, key: str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    header = table.view.header
    section = [column.key for column in table.columns].index(key)
    place = QPoint(header.sectionViewportPosition(section) + header.sectionSize(section) // 2, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def texts_of(widget: object) -> list[str]:
    return [label.text() for label in widget.findChildren(PlainLabel) if label.isVisible()]  # type: ignore[attr-defined]


def press_empty_button(qtbot: QtBot, table: RecordTable) -> None:
    def visible() -> list[QPushButton]:
        return [button for button in table.empty.findChildren(QPushButton) if button.isVisible()]

    qtbot.waitUntil(lambda: len(visible()) == 1)
    qtbot.mouseClick(visible()[0], Qt.MouseButton.LeftButton)


def test_that_all_rows_and_their_number_are_shown(open_table: OpenTable) -> None:
    table = open_table(FakeSource(500))

    assert table.model.rowCount() == 500
    assert table.count_label.text() == "500"
    assert table.visible_keys == ("name", "email", "department", "seats")


def test_that_the_first_page_is_shown_before_the_rest_is_known(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(500)
    source.may_list_all.clear()
    table = open_table(source, waits=False)

    qtbot.waitUntil(lambda: table.model.rowCount() == 200)
    assert table.count_label.text() == "…"
    source.may_list_all.set()

    qtbot.waitUntil(lambda: table.count_label.text() == "500")


def test_that_a_first_page_that_is_no_quicker_is_not_asked_for(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(500)
    source.has_quick_first_page = False

    table = open_table(source)

    assert source.queries == []
    assert table.model.rowCount() == 500


def test_that_only_rows_near_the_seen_ones_are_read(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(5_000)
    table = open_table(source)

    table.view.scrollToBottom()
    qtbot.waitUntil(lambda: 5_000 in source.rows_asked)
    qtbot.waitUntil(lambda: not table.model.unread(*table.view.visible_rows()))

    assert 2_500 not in source.rows_asked
    assert table.model.cell(4_999, 0) is not None


def test_that_only_visible_columns_are_read(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(3)
    table = open_table(source)

    table.arrangement.choose(["badge", "name"], {"email", "department", "seats", "record_state"})
    qtbot.waitUntil(lambda: ("badge", "name") in source.keys_asked)

    assert all("record_state" not in keys for keys in source.keys_asked)


def test_that_a_click_sorts_up_then_down_then_no_more(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource()
    for name in ("Bob", "Ann", "Cleo"):
        source.add(name)
    table = open_table(source)

    seen = []
    for _ in range(3):
        click_header(qtbot, table, "name")
        settle(qtbot, table)
        seen.append((table.query.sort, shown_names(table)))

    assert seen == [
        ((("name", False),), ["Ann", "Bob", "Cleo"]),
        ((("name", True),), ["Cleo", "Bob", "Ann"]),
        ((), ["Bob", "Ann", "Cleo"]),
    ]


def test_that_shift_click_adds_a_level(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(10))

    click_header(qtbot, table, "department")
    click_header(qtbot, table, "name", Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, table)

    assert table.view.header.sort == (("department", False), ("name", False))


def test_that_an_answer_to_an_older_question_is_dropped(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource()
    source.add("Bob")
    source.add("Ann")
    table = open_table(source)
    source.may_list.clear()

    table.show_query(ListQuery(quick="bob"))
    table.show_query(ListQuery(quick="ann"))
    source.may_list.set()
    settle(qtbot, table)

    assert shown_names(table) == ["Ann"]
    assert table.count_label.text() == "1 of 2"


def test_that_typing_filters_after_a_pause(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(30)
    table = open_table(source)
    asked = len(source.queries)

    qtbot.keyClicks(table.search, "00007")
    qtbot.waitUntil(lambda: table.count_label.text() == "1 of 30")

    assert shown_names(table) == ["Person 00007"]
    assert len(source.queries) == asked + 1


def test_that_find_goes_to_the_quick_filter_and_enter_back_to_the_rows(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(3))
    table.view.setFocus()

    qtbot.keyClick(table.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert table.search.hasFocus()
    qtbot.keyClick(table.search, Qt.Key.Key_Return)

    assert table.view.hasFocus()


def test_that_a_filter_that_hides_all_says_so_and_can_be_cleared(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(5))

    table.show_query(ListQuery(quick="nobody"))
    qtbot.waitUntil(table.empty.isVisible)

    assert "0 of 5 match" in texts_of(table.empty)
    assert table.view.header.isVisible()
    press_empty_button(qtbot, table)
    qtbot.waitUntil(lambda: table.model.rowCount() == 5)
    assert not table.empty.isVisible()
    assert table.search.text() == ""


def test_that_a_list_without_active_records_offers_to_show_all(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource()
    source.add("Ann", active=False)
    table = open_table(source)
    qtbot.waitUntil(table.empty.isVisible)

    press_empty_button(qtbot, table)
    qtbot.waitUntil(lambda: table.model.rowCount() == 1)

    assert table.filters.active.label == "All"


def test_that_an_empty_list_says_what_will_be_here(qtbot: QtBot, open_table: OpenTable) -> None:
    clicked = []

    def buttons() -> tuple[QPushButton, ...]:
        button = QPushButton("Connect a vendor")
        button.clicked.connect(lambda: clicked.append(1))
        return (button,)

    table = open_table(FakeSource(), nothing_yet=NothingYet("No people yet", "They come with the first run.", buttons))
    qtbot.waitUntil(table.empty.isVisible)

    assert "No people yet" in texts_of(table.empty)
    press_empty_button(qtbot, table)
    assert clicked


def test_that_a_failure_says_why_and_retry_reads_again(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(3)
    source.error = UserError("The database is gone.")
    table = open_table(source, waits=False)
    qtbot.waitUntil(table.empty.isVisible)
    assert "The people could not be read" in texts_of(table.empty)

    source.error = None
    press_empty_button(qtbot, table)
    settle(qtbot, table)

    assert table.model.rowCount() == 3
    assert not table.empty.isVisible()

    source.error = UserError("The database is gone.")
    table.refresh()
    qtbot.waitUntil(table.empty.isVisible)
    # Rows of before are not read through the sentence.
    first_row = table.view.visualRect(table.model.index(0, 0)).translated(table.view.viewport().pos())
    seen = table.view.grab(first_row).toImage()
    assert len({seen.pixel(x, y) for x in range(seen.width()) for y in range(seen.height())}) == 1


def test_that_escape_while_reading_leaves_the_list_as_it_was(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(5)
    table = open_table(source)
    table.view.setFocus()
    source.may_list.clear()

    table.sort_by((("name", True),))
    qtbot.waitUntil(table.waiting.line.isVisible)
    qtbot.keyClick(table.view, Qt.Key.Key_Escape)

    assert not table.is_reading
    assert not table.waiting.line.isVisible()
    assert table.query.sort == table.view.header.sort == ()
    assert table.count_label.text() == "5"
    source.may_list.set()


def test_that_a_list_that_is_cancelled_half_way_says_that_it_is_only_the_beginning(
    qtbot: QtBot, open_table: OpenTable
) -> None:
    source = FakeSource(300)
    source.may_list_all.clear()
    table = open_table(source, waits=False)
    qtbot.waitUntil(lambda: table.model.rowCount() == 200)
    qtbot.waitUntil(table.waiting.sign.isVisible)

    qtbot.mouseClick(table.waiting.sign.cancel, Qt.MouseButton.LeftButton)

    assert table.count_label.text() == "the first 200"
    source.may_list_all.set()


def test_that_the_selection_survives_sorting_and_a_refresh(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(400)
    table = open_table(source)
    table.view.select_rows([1, 2, 390])
    chosen = set(table.selected_ids())

    table.sort_by((("name", True),))
    settle(qtbot, table)
    qtbot.waitUntil(lambda: table.view.selected_count() == 3)
    assert set(table.selected_ids()) == chosen
    source.records.pop(1)
    table.refresh()
    qtbot.waitUntil(lambda: table.model.rowCount() == 399)

    assert set(table.selected_ids()) == chosen


def test_that_selecting_all_matching_stays_all_of_them_in_another_order(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(300))
    table.view.select_rows([0])

    qtbot.mouseClick(table.selection_bar.select_all, Qt.MouseButton.LeftButton)
    assert table.view.selected_count() == 300
    assert not table.selection_bar.select_all.isVisible()
    table.sort_by((("name", True),))
    settle(qtbot, table)

    assert table.view.selected_count() == 300


def test_that_the_selection_bar_counts_and_sums(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(30))
    assert not table.selection_bar.isVisible()

    table.view.select_rows([3, 5])

    qtbot.waitUntil(lambda: table.selection_bar.text == "2 selected Seats: 8 · average 4.00")
    assert table.selection_bar.select_all.label == "Select all 30 matching"
    table.clear_selection()
    assert not table.selection_bar.isVisible()


def test_that_copy_takes_the_rows_as_lines_with_tabs_and_as_a_table(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource()
    source.add("Ann", department="R&D\tLab", seats=1200)
    source.add("Bob", department=None, seats=None)
    table = open_table(source)
    table.view.setFocus()
    table.view.selectAll()

    qtbot.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "Ann\tann@example.com\tR&D Lab\t1200\nBob\tbob@example.com\t\t"
    assert "<td style='mso-number-format:\"\\@\"'>R&amp;D Lab</td><td>1200</td>" in mime.html()


def test_that_copy_with_headings_begins_with_the_titles(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(1))
    table.view.setFocus()
    table.view.selectAll()

    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(table.view, Qt.Key.Key_C, modifiers)

    assert QGuiApplication.clipboard().text().splitlines()[0] == "Name\tEmail\tDepartment\tSeats"


def test_that_rows_that_are_not_here_yet_are_read_before_they_are_copied(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(3_000))
    table.view.selectAll()

    with qtbot.waitSignal(table.said, check_params_cb=lambda text: text.endswith("rows copied")):
        table.copy()

    assert len(QGuiApplication.clipboard().text().splitlines()) == 3_000


def test_that_enter_opens_and_space_asks_for_the_inspector(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(3))
    table.view.setFocus()
    qtbot.keyClick(table.view, Qt.Key.Key_Down)

    with qtbot.waitSignal(table.opened, check_params_cb=lambda number: number == 2):
        qtbot.keyClick(table.view, Qt.Key.Key_Return)
    with qtbot.waitSignal(table.inspector_wanted, check_params_cb=lambda number: number == 2):
        qtbot.keyClick(table.view, Qt.Key.Key_Space)


def test_that_a_double_click_opens(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(3))
    place = table.view.visualRect(table.model.index(1, 0)).center()

    with qtbot.waitSignal(table.opened, check_params_cb=lambda number: number == 2):
        qtbot.mouseDClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_that_who_comes_by_keyboard_stands_on_a_row(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(3))

    table.view.setFocus(Qt.FocusReason.TabFocusReason)

    assert table.current_id() == 1


def test_that_filters_are_chips_that_can_be_taken_away(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(10))

    table.show_query(ListQuery(rule=condition("department", "equals", "Finance")))
    settle(qtbot, table)
    assert [chip.label for chip in table.filters.chips] == ["Department is Finance"]
    assert table.count_label.text() == "5 of 10"
    table.filters.chips[0].setFocus()
    qtbot.keyClick(table.filters.chips[0], Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: table.count_label.text() == "10")
    assert table.query.rule is None
    assert table.filters.add.hasFocus()


def test_that_a_filter_is_made_and_changed_by_keyboard(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(10))
    qtbot.mouseClick(table.filters.add, Qt.MouseButton.LeftButton)
    dialog = table.findChild(FilterDialog)
    dialog.column.setCurrentText("Department")
    dialog.value.first.setFocus()

    qtbot.keyClicks(dialog.value.first, "fin")
    qtbot.keyClick(dialog.value.first, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.count_label.text() == "5 of 10")

    assert table.filters.chips[0].label == "Department contains fin"
    qtbot.mouseClick(table.filters.chips[0], Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    change = next(each for each in table.findChildren(FilterDialog) if each.isVisible())
    assert change.value.value() == "fin"
    change.value.first.setText("IT")
    change.apply.click()
    settle(qtbot, table)
    assert [chip.label for chip in table.filters.chips] == ["Department contains IT"]


def test_that_two_filters_must_both_hold(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(10))

    table.filters.put(condition("department", "equals", "IT"))
    table.filters.put(condition("seats", "at_least", 4))
    settle(qtbot, table)

    assert isinstance(table.query.rule, Rule)
    assert shown_names(table) == ["Person 00004", "Person 00006", "Person 00008"]


def test_that_the_switch_shows_deactivated_records(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(2)
    source.add("Gone", active=False)
    table = open_table(source)
    actions = table.filters.active.menu().actions()

    actions[1].trigger()
    settle(qtbot, table)

    assert shown_names(table) == ["Gone"]
    assert [action.text() for action in actions] == ["Active", "Deactivated", "All"]
    assert table.filters.active.accessibleName() == "Listed records: Deactivated"


def test_that_the_column_menu_does_everything_by_keyboard(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(4))
    table.view.setFocus(Qt.FocusReason.TabFocusReason)

    qtbot.keyClick(table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    menu = table.findChild(ColumnMenu)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [
        "Sort by Name, ascending",
        "Sort by Name, descending",
        "Then sort by Name",
        "Do not sort by Name",
        "Filter by Name…",
        "Group by Name",
        "Move forward",
        "Move back",
        "Fit to content",
        "Hide Name",
        "Freeze up to here",
        "Unfreeze columns",
        "Choose columns…",
        "Compact rows",
        "Reset columns",
    ]
    menu.close()


def trigger(table: RecordTable, key: str, text: str) -> None:
    section = [column.key for column in table.columns].index(key)
    menu = ColumnMenu(table, section)
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_that_a_column_can_be_hidden_moved_and_brought_back(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(2))

    trigger(table, "email", "Hide Email")
    trigger(table, "seats", "Move forward")
    assert table.visible_keys == ("name", "seats", "department")
    trigger(table, "name", "Reset columns")

    assert table.visible_keys == ("name", "email", "department", "seats")


def test_that_a_column_fits_what_is_seen_of_it(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(1)
    source.add("An extraordinarily long name that needs its room")
    table = open_table(source)
    before = table.view.header.sectionSize(0)

    trigger(table, "name", "Fit to content")

    assert table.view.header.sectionSize(0) > before
    delegate = table.view.itemDelegate()
    assert delegate.tip(table.model.index(1, 0), QPoint()) == ""


def test_that_a_tool_tip_tells_only_what_is_cut(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(1)
    source.add("An extraordinarily long name that does not fit into its cell")
    table = open_table(source)

    delegate = table.view.itemDelegate()

    assert delegate.tip(table.model.index(0, 0), QPoint()) == ""
    assert (
        delegate.tip(table.model.index(1, 0), QPoint())
        == "An extraordinarily long name that does not fit into its cell"
    )


def test_that_columns_are_chosen_in_a_searchable_list(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(2))
    qtbot.mouseClick(table.columns_button, Qt.MouseButton.LeftButton)
    dialog = table.findChild(ColumnChooserDialog)

    dialog.search.setText("bad")
    visible = [dialog.list.item(row) for row in range(dialog.list.count()) if not dialog.list.item(row).isHidden()]
    assert [item.text() for item in visible] == ["Badge"]
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    dialog.search.setText("")
    dialog.list.setCurrentRow(4)
    for _ in range(4):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    dialog.apply.click()

    assert table.visible_keys == ("badge", "name", "email", "department", "seats")


def test_that_a_table_cannot_lose_its_last_column(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(2))
    table.choose_columns()
    dialog = table.findChild(ColumnChooserDialog)

    for row in range(dialog.list.count()):
        dialog.list.item(row).setCheckState(Qt.CheckState.Unchecked)

    assert not dialog.apply.isEnabled()
    dialog.reject()


def test_that_a_table_is_found_as_it_was_left(qtbot: QtBot, open_table: OpenTable, memory: dict[str, Any]) -> None:
    table = open_table(FakeSource(10))
    table.arrangement.choose(
        ["seats", "name", "email", "department", "badge", "record_state"], {"email", "record_state"}
    )
    table.view.header.resizeSection(0, 333)
    table.set_compact(is_compact=True)
    table.show_query(ListQuery(condition("department", "equals", "IT"), sort=(("name", True),), active=None))
    settle(qtbot, table)
    table.hide()

    again = open_table(FakeSource(10))

    assert again.visible_keys == ("seats", "name", "department", "badge")
    assert again.view.header.sectionSize(0) == 333
    assert again.view.is_compact
    assert again.query == ListQuery(condition("department", "equals", "IT"), sort=(("name", True),), active=None)
    assert again.count_label.text() == "5 of 10"


@pytest.mark.parametrize(
    "kept",
    [
        "nonsense",
        {"order": "x", "hidden": 3, "widths": [], "sort": [["gone", True], 5], "active": "yes", "rule": {"x": 1}},
        {"hidden": ["name", "email", "department", "seats", "badge", "record_state"]},
    ],
)
def test_that_a_damaged_memory_does_not_keep_the_table_from_opening(
    open_table: OpenTable, memory: dict[str, Any], kept: object
) -> None:
    memory["people"] = kept

    table = open_table(FakeSource(3))

    assert table.model.rowCount() == 3
    assert table.visible_keys
    assert table.query == ListQuery()


def test_that_a_refresh_shows_new_values_without_moving_the_view(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(300)
    table = open_table(source)
    table.view.verticalScrollBar().setValue(3_000)
    seen = table.view.visible_rows()
    source.records[seen[0] + 2]["name"] = "Renamed"
    source.add("New")

    table.refresh()
    qtbot.waitUntil(lambda: table.model.rowCount() == 301)
    qtbot.waitUntil(lambda: shown_names(table)[seen[0] + 1] == "Renamed")

    assert table.view.verticalScrollBar().value() == 3_000


def test_that_a_record_that_went_meanwhile_is_an_empty_row(qtbot: QtBot, open_table: OpenTable) -> None:
    source = FakeSource(1_000)
    table = open_table(source)
    del source.records[900]

    table.view.verticalScrollBar().setValue(table.view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: not table.model.unread(880, 999))

    assert table.model.index(899, 0).data() == ""
    assert source.rows_asked.count(900) == 1


def test_that_hidden_characters_are_seen(open_table: OpenTable) -> None:
    source = FakeSource()
    source.add("Ann\u202egpj.exe\u200b")

    table = open_table(source)

    assert shown_names(table) == ["Ann⟨U+202E⟩gpj.exe⟨U+200B⟩"]


def test_that_every_control_has_a_name_and_is_reached_by_tab(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(3))
    table.show_query(ListQuery(rule=condition("department", "equals", "IT")))
    settle(qtbot, table)
    table.view.select_rows([0])
    table.filters.active.setFocus()

    reached = []
    for _ in range(20):
        focused = QApplication.focusWidget()
        if focused in reached:
            break
        reached.append(focused)
        table.focusNextChild() if focused is None else qtbot.keyClick(focused, Qt.Key.Key_Tab)

    assert table.view in reached
    assert table.search in reached
    assert all(widget.accessibleName() or widget.property("text") for widget in reached)


def test_that_the_row_menu_may_be_extended_by_the_page(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(3))
    table.view.select_rows([0])
    menus: list[RowMenu] = []
    table.row_menu_shown.connect(menus.append)

    table.view.row_menu_wanted.emit(QPoint(0, 0))

    assert [action.text().split("\t")[0] for action in menus[0].actions() if action.text()] == [
        "Open",
        "Show details beside",
        "Copy rows",
        "Copy rows with headings",
        "Copy this value",
        "Select all matching",
    ]
    menus[0].close()


def test_that_another_list_can_be_shown_in_the_same_table(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(3))

    table.show_source(FakeSource(7, COLUMNS[:2]))
    qtbot.waitUntil(lambda: table.count_label.text() == "7")

    assert table.visible_keys == ("name", "email")


def test_that_an_export_starts_from_what_is_seen(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(5))
    table.view.select_rows([0, 2])

    with qtbot.waitSignal(table.export_wanted):
        qtbot.mouseClick(table.export_button, Qt.MouseButton.LeftButton)
    request = table.export_request()

    assert list(request.selected) == [1, 3]
    assert request.visible_keys == ("name", "email", "department", "seats")
    assert len(request.columns) == 6


def test_that_a_list_without_rows_shows_that_the_keyboard_is_there(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource())
    qtbot.waitUntil(table.empty.isVisible)
    table.search.setFocus()
    before = table.view.grab().toImage()

    table.view.setFocus(Qt.FocusReason.TabFocusReason)

    assert table.view.grab().toImage() != before
