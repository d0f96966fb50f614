from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.credentials import Vault
from saasdesk.definitions import write_file
from saasdesk.licences.money import Money, Period
from saasdesk.licences.priced_lists import ListObject
from saasdesk.licences.prices import Price, keep_price
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery
from saasdesk.reports.dashboards.boards import list_boards
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.charts.bars import BarChart
from saasdesk.ui.pages.dashboards import handle as verbs
from saasdesk.ui.pages.dashboards.figure_card import FigureLink
from saasdesk.ui.pages.dashboards.new_dialog import NewBoardDialog
from saasdesk.ui.pages.dashboards.page import DashboardsPage
from saasdesk.ui.pages.dashboards.widget_dialog import WidgetDialog
from tests.reports.dashboards.company import fill
from tests.ui.pages.people.desk import Desk

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Board:
    """The page over a small company."""

    def __init__(self, qtbot: QtBot, app: QApplication, folder: Path) -> None:
        self.store = Store.open(open_profile(folder))
        fill(self.store)
        self.desk = Desk(qtbot, app)
        services = Services(self.store.profile, self.store, Vault(self.store))
        desk = self.desk
        self.page = DashboardsPage(services, desk.frame, desk.theme, desk.bridge, desk.readers, desk.memory)
        desk.show(self.page, 1080, 760)
        self.page.open(None)
        self.wait_for_figures()

    def wait_for_figures(self) -> None:
        self.desk.qtbot.waitUntil(lambda: bool(self.page.board.cards) and not self.desk.readers.is_reading)

    def titles(self) -> list[str]:
        return [card.widget.title for card in self.page.board.cards]

    def kept(self) -> list[str]:
        return [widget.title for board in list_boards(self.store) for widget in board.document.widgets]

    def arrange(self) -> None:
        self.page.turn_editing()
        assert self.page.arranging.is_on

    def close(self) -> None:
        self.desk.qtbot.waitUntil(lambda: not self.desk.readers.is_reading)
        self.desk.close()
        self.store.close()


@pytest.fixture
def board(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Board]:
    opened = Board(qtbot, qapp, tmp_path / "profile")
    yield opened
    opened.close()


def test_that_a_starter_is_shown_before_anybody_made_one_and_its_bars_open_their_list(board: Board) -> None:
    assert board.page.header.title.text() == "Overview"
    card = next(card for card in board.page.board.cards if card.widget.title == "Users per application")
    chart = card.findChild(BarChart)
    assert chart is not None
    chart.grab()
    first = chart.marks[0]

    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=first.area.center().toPoint())

    page, argument = board.desk.frame.visited[-1]
    assert page == "listed"
    assert isinstance(argument, tuple)
    assert argument[2] == f"Users per application: {first.words.rpartition(':')[0]}"
    assert list_boards(board.store) == []


def test_that_arranging_a_starter_makes_a_board_of_ones_own_and_undo_takes_each_step_back(board: Board) -> None:
    before = board.titles()
    board.arrange()

    board.page.arranging.do(0, verbs.LATER)
    board.page.arranging.do(1, verbs.WIDER)
    board.page.arranging.do(3, verbs.REMOVE)
    board.desk.qtbot.waitUntil(lambda: len(board.kept()) == 7)

    assert board.kept() == [before[1], before[0], before[2], *before[4:]]
    assert list_boards(board.store)[0].document.widgets[1].width == 2
    for _ in range(3):
        board.page.arranging.undo()
    board.desk.qtbot.waitUntil(lambda: board.kept() == before)
    assert not board.page.arranging.can_undo
    board.page.arranging.redo()
    board.desk.qtbot.waitUntil(lambda: board.kept()[0] == before[1])


def test_that_widgets_are_moved_resized_and_removed_by_keyboard(board: Board) -> None:
    before = board.titles()
    board.arrange()
    first = board.page.arranging.handle_of(0)
    assert first is not None
    assert first.accessibleName() == "Widget Active people"

    QTest.keyClick(first, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert board.titles()[:2] == [before[1], before[0]]
    moved = board.page.arranging.handle_of(1)
    assert moved is not None
    QTest.keyClick(moved, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert board.page.board.cards[1].widget.height == 2
    QTest.keyClick(moved, Qt.Key.Key_Delete)
    assert before[0] not in board.titles()
    board.desk.qtbot.waitUntil(lambda: len(board.kept()) == 7)


def test_that_a_widget_is_dragged_before_another_and_pulled_larger(board: Board) -> None:
    before = board.titles()
    board.arrange()
    cards = board.page.board.cards
    handle = board.page.arranging.handle_of(2)
    assert handle is not None
    target = handle.mapFromGlobal(cards[0].mapToGlobal(QPoint(10, 40)))

    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(40, 60))
    QTest.mouseMove(handle, QPoint(80, 60))
    QTest.mouseMove(handle, target)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=target)
    assert board.titles()[:3] == [before[2], before[0], before[1]]

    pulled = board.page.arranging.handle_of(0)
    assert pulled is not None
    corner = QPoint(pulled.width() - 8, pulled.height() - 8)
    QTest.mousePress(pulled, Qt.MouseButton.LeftButton, pos=corner)
    QTest.mouseMove(pulled, corner + QPoint(120, 60))
    QTest.mouseMove(pulled, corner + QPoint(240, 130))
    QTest.mouseRelease(pulled, Qt.MouseButton.LeftButton, pos=corner + QPoint(240, 130))
    larger = board.page.board.cards[0].widget
    assert (larger.width, larger.height) == (2, 2)
    board.desk.qtbot.waitUntil(lambda: board.kept() == board.titles())


def test_that_a_high_window_is_filled_by_its_charts_and_is_made_smaller_again(board: Board) -> None:
    number, chart = board.page.board.cards[0], board.page.board.cards[4]
    board.page.resize(1080, 560)
    lowest = 2 * number.height() + 16
    board.desk.qtbot.waitUntil(lambda: chart.height() == lowest)

    board.page.resize(1080, 960)
    board.desk.qtbot.waitUntil(lambda: chart.height() > lowest)
    assert 2 * number.height() + 16 == lowest

    board.page.resize(1080, 560)
    board.desk.qtbot.waitUntil(lambda: chart.height() == lowest)


def test_that_a_new_board_is_filled_with_a_widget_that_was_seen_before_it_was_added(board: Board) -> None:
    board.page.ask_for_new()
    new = board.page.findChild(NewBoardDialog)
    assert new is not None
    new.name.setText("  ")
    new.keep.click()
    assert new.banner.isVisible()
    new.name.setText("Finance")
    new.keep.click()
    board.desk.qtbot.waitUntil(lambda: board.page.header.title.text() == "Finance")

    board.page.ask_for_widget()
    board.desk.qtbot.waitUntil(lambda: board.page.findChild(WidgetDialog) is not None)
    form = board.page.findChild(WidgetDialog)
    assert form is not None
    form.title_field.setText("Departments")
    form.kind.setCurrentIndex(form.kind.findData("bar"))
    form.keep.click()
    assert "Choose a field under Group by" in form.banner.text
    assert "group_by" not in form.banner.text
    form.group_by.setCurrentIndex(form.group_by.findData("department"))
    board.desk.qtbot.waitUntil(lambda: form.preview is not None and form.preview.figure is not None)
    form.keep.click()

    board.desk.qtbot.waitUntil(lambda: board.kept() == ["Departments"])
    # As large as it was seen before: bars say nothing in the card of a number.
    made = board.page.board.cards[0].widget
    assert (made.width, made.height) == (2, 2)
    board.page.delete()
    board.desk.qtbot.waitUntil(lambda: list_boards(board.store) == [])
    board.desk.qtbot.waitUntil(lambda: bool(board.desk.frame.toasts))
    assert board.desk.frame.last_action is not None
    board.desk.frame.last_action[1]()
    board.desk.qtbot.waitUntil(lambda: board.kept() == ["Departments"])


def test_that_a_full_board_says_so_before_a_form_is_filled_in(board: Board) -> None:
    board.page.ask_for_widget()

    assert "at most 8 widgets" in board.desk.frame.toasts[0][0]
    assert board.page.findChild(WidgetDialog) is None


def test_that_a_table_of_records_has_the_columns_that_were_chosen(board: Board) -> None:
    board.arrange()
    board.page.arranging.do(7, verbs.REMOVE)
    board.page.ask_for_widget()
    board.desk.qtbot.waitUntil(lambda: board.page.findChild(WidgetDialog) is not None)
    form = board.page.findChild(WidgetDialog)
    assert form is not None
    form.kind.setCurrentIndex(form.kind.findData("table"))
    assert not form.columns.isHidden()
    chooser = form.choose_columns()
    for row, key in enumerate(chooser.order):
        wanted = key in {"department", "name"}
        chooser.list.item(row).setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
    chooser.apply.click()

    assert form.widget().columns == ("name", "department")
    form.reject()


def test_that_a_board_is_exported_as_picture_as_numbers_and_as_a_file_that_is_read_again(
    board: Board, tmp_path: Path
) -> None:
    files = board.page.files
    picture, numbers, saved = tmp_path / "board.png", tmp_path / "board.csv", tmp_path / "board.toml"
    figures = [card.figure for card in board.page.board.cards if card.figure is not None]

    files.save_picture(picture, "Overview", board.page.board)
    board.desk.qtbot.waitUntil(picture.exists)
    files.save_numbers(numbers, "Overview", figures)
    board.desk.qtbot.waitUntil(numbers.exists)

    # Twice as fine, with room around it; above the board stands its name.
    assert QImage(str(picture)).width() == 2 * (board.page.board.width() + 48)
    assert QImage(str(picture)).height() > 2 * (board.page.board.height() + 48)
    assert any(card.twin.isVisible() for card in board.page.board.cards)
    lines = numbers.read_text("utf-8-sig").splitlines()
    assert lines[0] == '"Widget","Label","Part","Value","Measured","Records"'
    assert any(line.startswith('"Users per application","Alpha","",') for line in lines)
    choice = board.page._choices[0]
    write_file(saved, choice.document)
    files.import_from(saved)
    board.desk.qtbot.waitUntil(lambda: len(list_boards(board.store)) == 1)
    assert list_boards(board.store)[0].document == choice.document


def test_that_a_picture_that_cannot_be_saved_is_told_and_a_file_that_is_none_too(board: Board, tmp_path: Path) -> None:
    board.page.files.save_picture(tmp_path / "gone" / "board.png", "Overview", board.page.board)
    board.desk.qtbot.waitUntil(lambda: bool(board.desk.frame.toasts))
    assert "could not be saved" in board.desk.frame.toasts[0][0]

    newer = tmp_path / "newer.toml"
    newer.write_text('version = 2\nname = "Next"\n')
    board.page.files.import_from(newer)
    board.desk.qtbot.waitUntil(lambda: len(board.desk.frame.toasts) == 2)
    assert "newer saasdesk" in board.desk.frame.toasts[1][0]


def test_that_widgets_about_seats_tell_amounts_open_their_seats_and_have_no_line(board: Board) -> None:
    keep_price(board.store, Price(1, Money(1250, "EUR"), Period.MONTH, date(2020, 1, 1)))
    board.page.open("starter:seats")
    board.desk.qtbot.waitUntil(lambda: board.page.header.title.text() == "Seats and cost")
    cards = {card.widget.title: card for card in board.page.board.cards}
    board.desk.qtbot.waitUntil(lambda: all(card.figure is not None for card in cards.values()))
    seats, cost = cards["Seats"].figure, cards["All seats cost"].figure
    assert seats is not None
    assert cost is not None

    link = cards["All seats cost"].findChild(FigureLink)
    assert link is not None
    priced = (seats.whole.value or 0) - cost.unpriced
    assert link.text() == f"{priced * 12.5:,.2f}"
    assert f"EUR a month · {cost.unpriced} without a price" in link.accessibleName()
    link.click()
    assert board.desk.frame.visited[-1] == ("listed", (ListObject.SEATS, ListQuery(), "All seats cost"))

    board.page.ask_for_widget(4)
    board.desk.qtbot.waitUntil(lambda: board.page.findChild(WidgetDialog) is not None)
    form = board.page.findChild(WidgetDialog)
    assert form is not None
    assert form.records.isHidden()
    form.kind.setCurrentIndex(form.kind.findData("line"))
    form.keep.click()
    assert "How seats were used before is not kept" in form.banner.text
    form.reject()
