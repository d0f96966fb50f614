from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.licences.money import Money, Period
from saasdesk.licences.priced_lists import ListObject, open_list
from saasdesk.licences.prices import Price, keep_price
from saasdesk.licences.seats import read_application_seats
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.dashboards.board import DateGroup, Measure, Widget, WidgetKind
from saasdesk.reports.dashboards.figures import Figure, Mark, figure_of, figures_of
from saasdesk.reports.dashboards.starters import list_starters
from saasdesk.rules import Operator, Rule
from saasdesk.store import Store
from tests.reports.dashboards.company import fill

USERS, SEATS = ListObject.SAAS_USERS, ListObject.SEATS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        yield opened


def listed(store: Store, mark: Mark) -> int:
    assert mark.behind is not None
    return open_list(store, mark.behind.about).count(mark.behind.query)


def marks_of(figure: Figure) -> list[Mark]:
    return [figure.whole, *(mark for series in figure.series for mark in series.marks)]


WIDGETS = (
    Widget(title="People", kind=WidgetKind.NUMBER),
    Widget(title="Gone", kind=WidgetKind.NUMBER, records="deactivated"),
    Widget(title="Departments", kind=WidgetKind.BAR, group_by="department"),
    Widget(title="Few departments", kind=WidgetKind.BAR, group_by="department", limit=2, records="all"),
    Widget(title="Accounts", kind=WidgetKind.BAR, group_by="active_accounts"),
    Widget(title="Shares", kind=WidgetKind.DONUT, group_by="department", records="all"),
    Widget(title="Flags", kind=WidgetKind.BAR, group_by="deactivated", records="all"),
    Widget(title="Applications", kind=WidgetKind.BAR, object=USERS, group_by="saas_application"),
    Widget(title="Ahead", kind=WidgetKind.BAR, object=USERS, group_by="last_activity", dates=DateGroup.AHEAD),
    Widget(title="Months", kind=WidgetKind.BAR, object=USERS, group_by="last_activity", dates=DateGroup.MONTHS),
    Widget(title="Made", kind=WidgetKind.BAR, group_by="created_at", dates=DateGroup.MONTHS),
    Widget(
        title="Activity",
        kind=WidgetKind.STACKED,
        object=USERS,
        group_by="saas_application",
        split_by="last_activity",
        bands=(30, 365),
    ),
    Widget(title="Roles", kind=WidgetKind.STACKED, object=USERS, group_by="role", split_by="saas_application"),
    Widget(title="Seats", kind=WidgetKind.NUMBER, object=SEATS),
    Widget(title="Uses", kind=WidgetKind.BAR, object=SEATS, group_by="use"),
    Widget(title="Findings", kind=WidgetKind.DONUT, object=SEATS, group_by="finding"),
    Widget(title="Departments of seats", kind=WidgetKind.TABLE, object=SEATS, group_by="department"),
    Widget(
        title="Use of seats",
        kind=WidgetKind.STACKED,
        object=SEATS,
        group_by="last_used",
        split_by="saas_application",
        filter=Rule(field="use", operator=Operator.EQUALS, value="idle"),
    ),
)


@pytest.mark.parametrize("seed", range(4))
def test_that_every_number_is_that_of_the_list_behind_it(store: Store, seed: int) -> None:
    fill(store, seed)

    figures = [figure_of(store, widget) for widget in WIDGETS]

    told = [(figure.widget.title, mark.label, mark.value) for figure in figures for mark in marks_of(figure)]
    assert told == [
        (figure.widget.title, mark.label, listed(store, mark)) for figure in figures for mark in marks_of(figure)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_that_the_parts_of_a_chart_are_together_the_whole(store: Store, seed: int) -> None:
    fill(store, seed)

    for widget in WIDGETS:
        figure = figure_of(store, widget)
        parts = sum(mark.value or 0 for series in figure.series for mark in series.marks)

        assert not figure.series or parts == figure.whole.value, widget.title


def test_that_spellings_which_rules_take_for_the_same_are_one_bar(store: Store) -> None:
    fill(store)

    figure = figure_of(store, Widget(title="Departments", kind=WidgetKind.BAR, group_by="department"))

    assert sorted(label.strip().capitalize() for label in figure.labels) == ["(empty)", "Finance", "Größe", "Sales"]


def test_that_whatever_is_not_among_the_largest_is_told_as_others(store: Store) -> None:
    fill(store)
    widget = Widget(title="Departments", kind=WidgetKind.BAR, group_by="department", limit=2)

    figure = figure_of(store, widget)

    assert len(figure.labels) == 3
    assert figure.labels[1:] == ("others", "(empty)")


def test_that_distinct_values_and_their_least_and_most_are_measured(store: Store) -> None:
    fill(store)

    def value(measure: Measure, of: str) -> float | None:
        widget = Widget(title="N", kind=WidgetKind.NUMBER, records="all", measure=measure, of=of)
        return figure_of(store, widget).whole.value

    accounts = [row[0] for row in RecordList(store, ObjectKind.PEOPLE).rows(range(1, 41), ["active_accounts"]).values()]
    assert value(Measure.DISTINCT, "department") == 3
    assert value(Measure.SUM, "active_accounts") == sum(accounts)
    assert value(Measure.AVERAGE, "active_accounts") == sum(accounts) / len(accounts)
    assert (value(Measure.MIN, "active_accounts"), value(Measure.MAX, "active_accounts")) == (0, max(accounts))


def test_that_seats_have_no_past_to_tell_of(store: Store) -> None:
    fill(store)

    assert figure_of(store, Widget(title="Seats", kind=WidgetKind.NUMBER, object=SEATS)).trend is None
    with pytest.raises(ValidationError, match="how seats were used before is kept nowhere"):
        Widget(title="Seats", kind=WidgetKind.LINE, object=SEATS)


@pytest.mark.parametrize(("field", "written"), [("use", " IDLE"), ("finding", "idle "), ("saas_application", "alpha")])
def test_that_the_words_of_seats_are_found_however_they_are_written(store: Store, field: str, written: str) -> None:
    fill(store)
    every = Widget(title="Seats", kind=WidgetKind.BAR, object=SEATS, group_by=field)
    those = Widget(
        title="Seats",
        kind=WidgetKind.NUMBER,
        object=SEATS,
        filter=Rule(field=field, operator=Operator.EQUALS, value=written),
    )

    bars = {mark.label.lower(): mark.value for mark in figure_of(store, every).series[0].marks}

    assert figure_of(store, those).whole.value == bars[written.strip().lower()]
    assert figure_of(store, those).whole.value


def test_that_amounts_leave_out_what_has_no_price_and_the_largest_comes_first(store: Store) -> None:
    fill(store)
    by_application = Widget(
        title="Cost", kind=WidgetKind.BAR, object=SEATS, group_by="saas_application", measure=Measure.SUM, of="monthly"
    )
    seats = dict(count_by_application(store))

    unpriced = figure_of(store, by_application)
    for application, minor in ((2, 1250), (3, 100_000)):
        keep_price(store, Price(application, Money(minor, "EUR"), Period.MONTH, date(2020, 1, 1)))
    figure = figure_of(store, by_application)

    assert {mark.value for mark in marks_of(unpriced)[1:]} == {None}
    assert unpriced.unpriced == sum(seats.values())
    assert figure.labels == ("Gamma", "Beta", "Alpha")
    assert [mark.value for mark in figure.series[0].marks] == [seats["Gamma"] * 1000, seats["Beta"] * 12.5, None]
    assert figure.sentence == f"All seats; {seats['Alpha']} of them without a price"


def test_that_what_people_cost_is_the_sum_of_their_list(store: Store) -> None:
    fill(store)
    keep_price(store, Price(1, Money(1250, "EUR"), Period.MONTH, date(2020, 1, 1)))

    figure = figure_of(store, Widget(title="Cost", kind=WidgetKind.NUMBER, measure=Measure.SUM, of="monthly"))

    listed = [cost for (cost,) in open_list(store, ListObject.PEOPLE).iterate(ListQuery(), ("monthly",))]
    assert figure.whole.value == sum(cost for cost in listed if isinstance(cost, float)) > 0
    assert figure.unpriced == listed.count(None)


def count_by_application(store: Store) -> list[tuple[str, int]]:
    return [(each.name, each.total.seats) for each in read_application_seats(store)]


def test_that_a_table_without_groups_lists_the_first_records(store: Store) -> None:
    fill(store)
    widget = Widget(title="List", kind=WidgetKind.TABLE, columns=("name", "department"), limit=3)

    figure = figure_of(store, widget)

    assert [column.key for column in figure.columns] == ["name", "department"]
    assert len(figure.rows) == 3


def test_that_a_field_which_was_deleted_is_named_in_a_sentence(store: Store) -> None:
    gone = Rule(field="shoe_size", operator=Operator.IS_EMPTY)
    widget = Widget(title="Shoes", kind=WidgetKind.NUMBER, filter=gone)

    with pytest.raises(UserError, match="no field “shoe_size” any more"):
        figure_of(store, widget)


def test_that_widgets_computed_at_once_tell_the_same_as_each_alone_and_one_that_is_wrong_spoils_no_other(
    store: Store,
) -> None:
    fill(store)
    asking = [widget for widget in WIDGETS if widget.object is SEATS]
    strange = Rule(field="last_used", operator=Operator.GREATER_THAN, value="soon")
    wrong = [
        Widget(title="Gone", kind=WidgetKind.BAR, object=SEATS, group_by="shoe_size"),
        Widget(title="Strange", kind=WidgetKind.NUMBER, object=SEATS, filter=strange),
    ]

    *together, gone, unanswerable = figures_of(store, [*asking, *wrong])

    alone = [figure_of(store, widget) for widget in asking]
    assert [replace(figure, at=alone[0].at) for figure in together if isinstance(figure, Figure)] == [
        replace(figure, at=alone[0].at) for figure in alone
    ]
    assert "no field “shoe_size” any more" in str(gone)
    with pytest.raises(UserError, match="no field “shoe_size” any more"):
        figure_of(store, wrong[0])
    assert isinstance(unanswerable, UserError)


def test_that_a_text_cannot_be_summed(store: Store) -> None:
    widget = Widget(title="Sum", kind=WidgetKind.NUMBER, measure=Measure.SUM, of="department")

    with pytest.raises(UserError, match="Department is no number"):
        figure_of(store, widget)


def test_that_every_starter_can_be_computed(store: Store) -> None:
    fill(store)

    for starter in list_starters():
        for widget in starter.document.widgets:
            if widget.kind is not WidgetKind.SYNC_HEALTH:
                assert figure_of(store, widget).sentence


def test_that_a_donut_has_four_parts_at_most_and_they_are_the_whole(store: Store) -> None:
    donut = Widget(title="Accounts", kind=WidgetKind.DONUT, object=USERS, group_by="name")
    fill(store, 1)

    figure = figure_of(store, donut)

    (series,) = figure.series
    assert 2 < len(series.marks) <= 4
    assert sum(mark.value or 0 for mark in series.marks) == figure.whole.value
    with pytest.raises(ValidationError, match="a donut shows parts of a whole"):
        Widget(title="A", kind=WidgetKind.DONUT, group_by="name", measure=Measure.AVERAGE, of="cost")
    by_age = donut.model_copy(update={"group_by": "last_activity", "bands": (30, 60, 90, 120)})
    with pytest.raises(UserError, match="4 parts at most"):
        figure_of(store, by_age)
