"""The table of a chart says what the chart says."""

from datetime import UTC, datetime

from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.dashboards.board import Widget, WidgetKind
from saasdesk.reports.dashboards.figures import Figure, Mark, Series
from saasdesk.reports.dashboards.trend import Point, Trend
from saasdesk.ui.pages.dashboards.figure_card import headings_of, lines_of


def figure(*points: Point) -> Figure:
    widget = Widget(title="People", kind=WidgetKind.LINE, object=ListObject.PEOPLE)
    return Figure(widget, Mark("People", 3), trend=Trend(points))


def test_that_the_last_point_of_a_line_is_now_also_on_the_day_of_the_point_before() -> None:
    points = [Point(datetime(2026, 11, day, hour, tzinfo=UTC), day) for day, hour in ((20, 12), (22, 12), (22, 13))]

    lines = lines_of(figure(*points))

    assert [line.cells[0].text for line in lines] == ["Now", "22 Nov 2026", "20 Nov 2026"]
    assert lines[0].key == Mark("People", 3)
    assert lines[1].key == points[1]


def test_that_a_line_without_a_past_has_no_lines() -> None:
    assert lines_of(figure()) == []


def test_that_the_table_of_a_donut_names_its_groups_and_has_the_share_of_each_part() -> None:
    widget = Widget(title="Accounts", kind=WidgetKind.DONUT, object=ListObject.SAAS_USERS, group_by="status")
    series = Series("", (Mark("active", 94), Mark("invited", 6)))
    donut = Figure(widget, Mark("Accounts", 100), ("active", "invited"), (series,), grouped_by="Status")

    assert [heading.title for heading in headings_of(donut)] == ["Status", "Number", "Share"]
    told = [[cell.text for cell in line.cells] for line in lines_of(donut)]
    assert told == [["active", "94", "94 %"], ["invited", "6", "6 %"]]
