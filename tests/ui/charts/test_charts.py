from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.licences.priced_lists import ListObject
from saasdesk.records.listing import ListQuery
from saasdesk.reports.dashboards.figures import Behind, Mark, Series
from saasdesk.reports.dashboards.trend import Point
from saasdesk.ui.charts.bars import BarChart
from saasdesk.ui.charts.chart import Chart
from saasdesk.ui.charts.donut import DonutChart
from saasdesk.ui.charts.lines import LineChart
from saasdesk.ui.pages.dashboards.numbers import figure_in_words
from tests.ui.pages.people.desk import light_theme

BEHIND = Behind(ListObject.PEOPLE, ListQuery())


def mark(label: str, value: float) -> Mark:
    return Mark(label, value, BEHIND)


def shown(qtbot: QtBot, chart: Chart) -> Chart:
    qtbot.addWidget(chart)
    chart.resize(420, 220)
    with qtbot.waitExposed(chart):
        chart.show()
    chart.grab()
    return chart


@pytest.fixture
def stacked(qtbot: QtBot, qapp: QApplication) -> BarChart:
    chart = BarChart(light_theme(qapp), "Use", figure_in_words)
    used = Series("used", (mark("Alpha, used", 30), mark("Beta, used", 10)))
    unknown = Series("unknown", (mark("Alpha, unknown", 0), mark("Beta, unknown", 5)), is_aside=True)
    chart.show_bars(("Alpha", "Beta"), (used, unknown))
    shown(qtbot, chart)
    return chart


def test_that_each_part_that_somebody_is_in_is_a_mark_with_its_words(stacked: BarChart) -> None:
    assert [each.words for each in stacked.marks] == ["Alpha, used: 30", "Beta, used: 10", "Beta, unknown: 5"]


def test_that_bars_are_as_long_as_their_numbers(stacked: BarChart) -> None:
    first, second, third = (each.area.width() for each in stacked.marks)

    assert first / second == pytest.approx(3, rel=0.05)
    assert second / third == pytest.approx(2, rel=0.1)


def test_that_arrows_walk_the_marks_and_enter_opens_the_one_that_is_told(qtbot: QtBot, stacked: BarChart) -> None:
    stacked.setFocus(Qt.FocusReason.TabFocusReason)
    opened: list[Mark] = []
    stacked.opened.connect(opened.append)

    QTest.keyClick(stacked, Qt.Key.Key_Down)
    assert stacked.accessibleDescription() == "Beta, used: 10"
    QTest.keyClick(stacked, Qt.Key.Key_End)
    QTest.keyClick(stacked, Qt.Key.Key_Return)

    assert [each.label for each in opened] == ["Beta, unknown"]


def test_that_a_click_opens_what_is_under_it(qtbot: QtBot, stacked: BarChart) -> None:
    with qtbot.waitSignal(stacked.opened) as opened:
        QTest.mouseClick(stacked, Qt.MouseButton.LeftButton, pos=stacked.marks[1].area.center().toPoint())

    assert opened.args[0].label == "Beta, used"


def test_that_a_click_beside_the_bars_opens_nothing(qtbot: QtBot, stacked: BarChart) -> None:
    opened: list[object] = []
    stacked.opened.connect(opened.append)

    QTest.mouseClick(stacked, Qt.MouseButton.LeftButton, pos=QPoint(stacked.width() - 2, stacked.height() - 2))

    assert opened == []


def test_that_more_bars_than_there_is_room_for_are_announced(qtbot: QtBot, qapp: QApplication) -> None:
    chart = BarChart(light_theme(qapp), "Many", figure_in_words)
    labels = tuple(f"Label {number}" for number in range(30))
    chart.show_bars(labels, (Series("", tuple(mark(label, 1) for label in labels)),))

    shown(qtbot, chart)

    assert 0 < len(chart.marks) < 30


def test_that_low_bars_leave_the_legend_out_before_they_leave_themselves_out(stacked: BarChart) -> None:
    stacked.resize(220, 52)
    stacked.grab()

    first = stacked.marks[0].area
    assert first.top() >= 0
    assert first.bottom() <= 52
    assert first.height() >= 16


def test_that_a_line_has_its_points_in_time_and_each_of_them_opens(qtbot: QtBot, qapp: QApplication) -> None:
    chart = LineChart(light_theme(qapp), "People", figure_in_words)
    begin = datetime(2026, 3, 1, 12, tzinfo=UTC)
    points = [Point(begin + timedelta(days=day), 10 + day * day) for day in range(4)]
    chart.show_line(points, mark("People", 19))

    shown(qtbot, chart)

    assert [each.words for each in chart.marks] == ["1 Mar: 10", "2 Mar: 11", "3 Mar: 14", "Now: 19"]
    heights = [each.area.center().y() for each in chart.marks]
    assert heights == sorted(heights, reverse=True)
    assert [each.opens for each in chart.marks] == [*points[:-1], mark("People", 19)]


def test_that_a_hostile_name_hides_and_turns_nothing_in_a_chart(qtbot: QtBot, qapp: QApplication) -> None:
    name = "<b>Ann</b>\u202egpj\n.exe"
    chart = BarChart(light_theme(qapp), "Names", figure_in_words)
    chart.show_bars((name,), (Series("", (mark(name, 3),)),))

    shown(qtbot, chart)

    assert "\u202e" not in chart.accessibleDescription()
    assert "<b>Ann</b>" in chart.accessibleDescription()


def test_that_a_donut_says_number_and_share_of_each_part_and_opens_it_from_the_line_and_from_the_ring(
    qtbot: QtBot, qapp: QApplication
) -> None:
    chart = DonutChart(light_theme(qapp), "Status", figure_in_words)
    chart.show_parts([mark("Active", 75), mark("Idle", 25), Mark("unknown", 0, BEHIND, is_aside=True)])
    shown(qtbot, chart)
    opened: list[Mark] = []
    chart.opened.connect(opened.append)

    assert [each.words for each in chart.marks] == ["Active: 75, 75 %", "Idle: 25, 25 %", "unknown: 0, 0 %"]
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(chart, Qt.Key.Key_Down)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    ring = chart.ring
    at_right = QPoint(int(ring.right() - 6), int(ring.center().y() + 6))
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at_right)
    at_upper_left = QPoint(int(ring.left() + ring.width() * 0.2), int(ring.top() + ring.height() * 0.2))
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at_upper_left)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=ring.center().toPoint())

    assert [each.label for each in opened] == ["Idle", "Active", "Idle"]
