import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, Special
from saasdesk.rules import Operator, Rule, all_of, any_of, condition, to_predicate
from saasdesk.ui.tables.filter_bar import FilterBar
from saasdesk.ui.tables.filter_dialog import FilterDialog
from saasdesk.ui.tables.filter_words import joined, operators_for, parts_of, runs_of, stored_type
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.tables.header import next_sort
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.plain_label import PlainLabel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

COLUMNS = (
    Column("department", "Department", FieldType.SHORT_TEXT),
    Column("accounts", "Accounts", Special.ACCOUNTS, choices=("Atlassian", "PagerDuty")),
    Column("record_state", "Status", Special.STATUS),
    Column("last_activity", "Last Activity", Special.AGE),
    Column("seats", "Seats", FieldType.NUMBER),
    Column("is_admin", "Is Admin", FieldType.FLAG),
    Column("joined", "Joined", FieldType.DATE),
)
BY_KEY = {column.key: column for column in COLUMNS}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (condition("department", "equals", "Finance"), "Department is Finance"),
        (condition("record_state", "does_not_equal", "archived"), "Status is not archived"),
        (condition("accounts", "contains", "Atlassian"), "Has an account in Atlassian"),
        (condition("last_activity", "within_last_days", 30), "Last Activity is within the last 30 days"),
        (condition("joined", "less_than", "2026-03-01"), "Joined is before 1 Mar 2026"),
        (condition("seats", "between", (1, 5)), "Seats is between 1 and 5"),
        (condition("department", "in", "IT, Ops"), "Department is one of IT, Ops"),
        (condition("is_admin", "equals", "true"), "Is Admin is yes"),
        (condition("department", "is_empty"), "Department is empty"),
        (
            any_of(condition("department", "equals", "IT"), condition("seats", "at_least", 2)),
            "Department is IT or Seats is at least 2",
        ),
    ],
)
def test_that_a_filter_is_said_as_a_sentence(rule: Rule, words: str) -> None:
    assert "".join(run.text for run in runs_of(rule, BY_KEY)) == words


def test_that_filters_that_must_all_hold_are_separate_chips() -> None:
    first, second = condition("seats", "at_least", 1), condition("department", "is_empty")

    assert parts_of(None) == ()
    assert parts_of(first) == (first,)
    assert parts_of(all_of(first, second)) == (first, second)
    assert joined([]) is None
    assert joined([first, second]) == all_of(first, second)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_that_every_comparison_offered_makes_a_rule(qtbot: QtBot, theme: Theme, column: Column) -> None:
    dialog = FilterDialog(theme, COLUMNS, key=column.key)
    qtbot.addWidget(dialog)

    for place, operator in enumerate(operators_for(column)):
        dialog.operator.setCurrentIndex(place)
        first = dialog.value.first
        if hasattr(first, "setText"):
            for field in dialog.value._fields:
                field.setText("3")
        dialog.apply.click()

        assert dialog.rule is not None, operator
        assert dialog.rule.operator is operator
        to_predicate(dialog.rule, {column.key: stored_type(column)})


def test_that_a_value_that_does_not_fit_is_said_in_the_dialog(qtbot: QtBot, theme: Theme) -> None:
    dialog = FilterDialog(theme, COLUMNS, key="seats")
    qtbot.addWidget(dialog)
    dialog.show()

    dialog.value.first.setText("many")
    qtbot.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)

    assert dialog.rule is None
    assert dialog.isVisible()
    assert dialog.error.message


@pytest.mark.parametrize(
    "rule",
    [
        condition("last_activity", "before_days", 90),
        condition("seats", "between", (2, 4)),
        condition("joined", "at_least", "2026-03-01"),
        condition("is_admin", "equals", "false"),
        condition("record_state", "equals", "deactivated"),
        condition("department", "in", "IT, Ops"),
    ],
    ids=str,
)
def test_that_a_filter_opens_as_it_was_made(qtbot: QtBot, theme: Theme, rule: Rule) -> None:
    dialog = FilterDialog(theme, COLUMNS, rule)
    qtbot.addWidget(dialog)

    dialog.apply.click()

    assert dialog.rule is not None
    assert "".join(run.text for run in runs_of(dialog.rule, BY_KEY)) == "".join(
        run.text for run in runs_of(rule, BY_KEY)
    )


def test_that_the_keyboard_goes_from_the_comparison_to_the_value(qtbot: QtBot, theme: Theme) -> None:
    dialog = FilterDialog(theme, COLUMNS, condition("seats", "between", (1, 5)))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.operator.setCurrentIndex(0)
    field = dialog.value.first
    assert field is not None
    qtbot.waitUntil(field.isVisible)

    order: list[QWidget] = []
    widget: QWidget = dialog.column
    for _ in range(5):
        widget = widget.nextInFocusChain()
        while not (widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
            widget = widget.nextInFocusChain()
        order.append(widget)
    assert order == [dialog.operator, field, dialog.several, dialog.cancel, dialog.apply]


def test_that_a_value_left_out_is_asked_for_in_full_sight(qtbot: QtBot, theme: Theme) -> None:
    dialog = FilterDialog(theme, COLUMNS)
    qtbot.addWidget(dialog)
    dialog.show()

    qtbot.keyClick(dialog, Qt.Key.Key_Return)

    assert dialog.error.message == "Enter a value; to find what has none, choose “is empty”."
    qtbot.waitUntil(lambda: dialog.error.geometry().bottom() < dialog.apply.geometry().top())
    assert dialog.error.height() >= dialog.error.sizeHint().height()


def test_that_a_choice_of_applications_is_offered(qtbot: QtBot, theme: Theme) -> None:
    dialog = FilterDialog(theme, COLUMNS, key="accounts")
    qtbot.addWidget(dialog)

    field = dialog.value.first

    assert isinstance(field, QComboBox)
    assert [field.itemText(place) for place in range(field.count())] == ["Atlassian", "PagerDuty"]


def test_that_chips_fill_a_second_line_where_there_is_no_room(qtbot: QtBot, theme: Theme) -> None:
    bar = FilterBar(theme)
    qtbot.addWidget(bar)
    bar.resize(400, 200)
    bar.show()

    rules = [condition("department", "equals", name) for name in ("Finance", "Platform", "Payments")]
    bar.show_rule(all_of(*rules), BY_KEY)

    tops = [chip.y() for chip in bar.chips]
    assert tops[0] == 0
    assert tops[-1] > tops[0]
    assert bar.heightForWidth(400) >= tops[-1] + bar.chips[-1].height()


def test_that_what_is_lower_than_its_line_stands_in_the_middle_of_it(qtbot: QtBot, theme: Theme) -> None:
    flow, high, low = Flow(theme), OutlinedButton(theme, "Columns"), PlainLabel("1 of 60")
    qtbot.addWidget(flow)
    flow.insert(0, high)
    flow.insert(1, low)
    flow.resize(400, 40)

    assert high.y() == 0
    assert low.y() == (high.height() - low.height()) // 2 > 0


def test_that_a_group_of_rules_is_one_chip(qtbot: QtBot, theme: Theme) -> None:
    bar = FilterBar(theme)
    qtbot.addWidget(bar)

    bar.show_rule(any_of(condition("seats", "equals", 1), condition("seats", "equals", 2)), BY_KEY)

    assert [chip.label for chip in bar.chips] == ["Seats is 1 or Seats is 2"]


@pytest.mark.parametrize(
    ("sort", "adds", "then"),
    [
        ((), False, (("a", False),)),
        ((("a", False),), False, (("a", True),)),
        ((("a", True),), False, ()),
        ((("b", False), ("a", False)), False, (("a", False),)),
        ((("b", True),), True, (("b", True), ("a", False))),
        ((("b", True), ("a", False)), True, (("b", True), ("a", True))),
        ((("b", True), ("a", True)), True, (("b", True),)),
    ],
)
def test_that_a_click_on_a_title_leads_from_order_to_order(
    sort: tuple[tuple[str, bool], ...], adds: bool, then: tuple[tuple[str, bool], ...]
) -> None:
    assert next_sort(sort, "a", adds_level=adds) == then


def test_that_every_operator_has_its_place_somewhere() -> None:
    offered = {operator for column in COLUMNS for operator in operators_for(column)}

    assert offered == set(Operator)
