"""What is painted, what the pointer is told, what screen readers hear."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.fields import FieldType
from saasdesk.records.listing import Account, AccountState, Column, ListQuery, Special
from saasdesk.rules import condition
from saasdesk.ui.tables import RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from tests.ui.tables.conftest import OpenTable, settle
from tests.ui.tables.fake_source import FakeSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

COLUMNS = (
    Column("name", "Name", Special.PERSON, 160),
    Column("email", "Email", FieldType.SHORT_TEXT, 200, is_secondary=True),
    Column("record_state", "Status", Special.STATUS, 100),
    Column("accounts", "Accounts", Special.ACCOUNTS, 140, choices=("Atlassian", "JetBrains", "PagerDuty")),
    Column("last_activity", "Last Activity", Special.AGE, 120),
    Column("cost", "EUR/mo", Special.MONEY, 90, align_right=True),
    Column("application", "Application", Special.APPLICATION, 140),
)


@pytest.fixture
def source() -> FakeSource:
    filled = FakeSource(columns=COLUMNS)
    accounts = (Account("Atlassian", AccountState.ACTIVE), Account("PagerDuty", AccountState.SUSPENDED))
    three_days_ago = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    filled.add("Łukasz Żak", accounts=accounts, last_activity=three_days_ago, cost=148.5, application="JetBrains")
    filled.add("<img src='file:///etc/passwd'>", accounts=(), last_activity=None, cost=None, record_state="left")
    return filled


def image_of(table: RecordTable) -> QImage:
    return table.view.viewport().grab().toImage()


def tip_at(table: RecordTable, row: int, key: str, offset: QPoint | None = None) -> str:
    section = [column.key for column in table.columns].index(key)
    index = table.model.index(row, section)
    place = table.view.visualRect(index).topLeft() + (offset or QPoint(20, 10))
    tip: str = table.view.itemDelegate().tip(index, place)  # type: ignore[attr-defined]
    return tip


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_that_every_kind_of_cell_is_painted_in_both_modes_and_directions(
    qtbot: QtBot, theme: Theme, open_table: OpenTable, source: FakeSource, mode: str, direction: Qt.LayoutDirection
) -> None:
    theme.mode = mode
    table = open_table(source)
    table.setLayoutDirection(direction)
    table.sort_by((("email", False), ("name", True)))
    settle(qtbot, table)
    before = image_of(table)

    table.view.select_rows([0])

    assert image_of(table) != before
    assert before.pixelColor(before.width() // 2, before.height() - 2) == theme.color("bg")
    theme.mode = "light"


def test_that_the_zoom_makes_rows_and_columns_larger(theme: Theme, open_table: OpenTable, source: FakeSource) -> None:
    table = open_table(source)
    height, width = table.view.rowHeight(0), table.view.columnWidth(1)

    theme.zoom = 150

    assert table.view.rowHeight(0) == round(height * 1.5)
    assert table.view.columnWidth(1) == round(width * 1.5)
    theme.zoom = 100


def test_that_room_that_is_left_goes_to_texts_and_not_past_the_last_column(open_table: OpenTable) -> None:
    columns = (
        Column("name", "Name", Special.PERSON, 160),
        Column("department", "Department", FieldType.SHORT_TEXT, 120),
        Column("seats", "Seats", FieldType.NUMBER, 80, align_right=True),
    )
    table = open_table(FakeSource(3, columns))
    view, room = table.view, table.view.viewport().width()
    name, department, seats = (view.columnWidth(section) for section in range(3))

    assert (name, department) == (2 * (160 + 16), 2 * 120)
    view.horizontalHeader().resizeSection(0, 200)
    table.resize(table.width() - room + 500, table.height())
    assert [view.columnWidth(section) for section in range(3)] == [200, 220, 80]
    assert table.look().widths == {"name": 200}
    view.horizontalHeader().resizeSection(0, 350)
    table.resize(table.width() + 1, table.height())
    assert [view.columnWidth(section) for section in range(2)] == [350, 120]
    assert seats > 80


def test_that_buttons_above_a_narrow_list_keep_their_icons_and_tell_the_rest(
    qtbot: QtBot, open_table: OpenTable, source: FakeSource
) -> None:
    table = open_table(source)
    holder = QWidget()
    qtbot.addWidget(holder)
    table.setParent(holder)
    holder.show()
    table.show()
    columns = table.columns_button
    assert not columns.is_icon_only
    assert table.minimumSizeHint().width() < table.tools.minimumSize().width()

    table.resize(400, 300)

    assert (columns.is_icon_only, columns.text(), columns.toolTip()) == (True, "Columns", "Columns")
    assert not columns.grab().isNull()
    table.resize(900, 300)
    assert (columns.is_icon_only, columns.toolTip()) == (False, "")


def test_that_rows_are_36_high_and_compact_ones_28(open_table: OpenTable, source: FakeSource) -> None:
    table = open_table(source)

    assert table.view.rowHeight(0) == 36
    table.set_compact(is_compact=True)
    assert table.view.rowHeight(0) == 28


def test_that_the_pointer_is_told_the_exact_time(open_table: OpenTable, source: FakeSource) -> None:
    table = open_table(source)

    assert (datetime.now(UTC) - timedelta(days=3)).strftime("%Y") in tip_at(table, 0, "last_activity")
    assert tip_at(table, 1, "last_activity") == ""


def test_that_the_pointer_is_told_which_account_it_is_over(open_table: OpenTable, source: FakeSource) -> None:
    table = open_table(source)

    assert tip_at(table, 0, "accounts") == "Atlassian active"
    assert tip_at(table, 0, "accounts", QPoint(60, 10)) == "No account in JetBrains"
    assert tip_at(table, 0, "accounts", QPoint(100, 10)) == "PagerDuty suspended"


def test_that_text_of_a_vendor_is_never_taken_for_markup(
    qtbot: QtBot, open_table: OpenTable, source: FakeSource
) -> None:
    table = open_table(source)
    table.show_query(ListQuery(rule=condition("name", "contains", "<img src='file:///etc/passwd'>")))
    settle(qtbot, table)

    labels = [*table.findChildren(QLabel)]

    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert table.model.index(0, 0).data() == "<img src='file:///etc/passwd'>"


def test_that_screen_readers_hear_titles_words_and_accounts(open_table: OpenTable, source: FakeSource) -> None:
    table = open_table(source)

    interface = QAccessible.queryAccessibleInterface(table.view)
    heard = [interface.child(place).text(QAccessible.Text.Name) for place in range(interface.childCount())]

    assert table.view.accessibleName() == "people"
    assert {"Name", "Status", "Accounts"} <= set(heard)
    assert {"Łukasz Żak", "Active", "Atlassian active, PagerDuty suspended", "3 days ago", "Unknown"} <= set(heard)


def test_that_nothing_is_read_in_the_thread_of_the_window(
    qtbot: QtBot, open_table: OpenTable, source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[bool] = set()
    application = QApplication.instance()
    assert application is not None
    for name in ("columns", "first_ids", "ids", "count", "rows", "is_first_page_quick"):
        original = getattr(source, name)

        def watched(*arguments: Any, original: Any = original, **named: Any) -> Any:
            threads.add(application.thread().isCurrentThread())
            return original(*arguments, **named)

        monkeypatch.setattr(source, name, watched)

    table = open_table(source)
    table.sort_by((("name", False),))
    settle(qtbot, table)
    table.view.selectAll()
    table.copy()

    assert threads == {False}


def test_that_a_table_may_go_while_its_answers_are_on_their_way(
    qtbot: QtBot, theme: Theme, readers: TableReaders, source: FakeSource
) -> None:
    def look_and_leave() -> None:
        table = RecordTable(source, theme, readers, {}, "people")
        table.show()
        qtbot.waitUntil(lambda: bool(table.columns))
        table.deleteLater()

    source.may_list.clear()
    look_and_leave()
    source.may_list.set()

    qtbot.waitUntil(lambda: not readers.is_reading)


def test_that_current_changed_tells_each_record_once(qtbot: QtBot, open_table: OpenTable) -> None:
    table = open_table(FakeSource(5))
    told: list[object] = []
    table.current_changed.connect(told.append)
    table.view.setFocus(Qt.FocusReason.TabFocusReason)

    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    table.sort_by((("name", True),))
    settle(qtbot, table)
    table.show_query(ListQuery(quick="00000"))
    settle(qtbot, table)

    assert told == [1, 2, 1]
