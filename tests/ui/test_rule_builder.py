"""Conditions in groups: what is half done comes back as it was left."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column
from saasdesk.rules import Operator, Rule
from saasdesk.ui.rule_builder import RuleGroup, draft_of
from saasdesk.ui.theme import Theme

COLUMNS = (
    Column("email", "Email", FieldType.SHORT_TEXT),
    Column("last_activity", "Last Activity", FieldType.DATETIME),
    Column("seats", "Seats", FieldType.NUMBER),
)
NESTED = Rule.model_validate(
    {
        "all": [
            {"field": "last_activity", "operator": "before_days", "value": 365},
            {
                "any": [
                    {"field": "email", "operator": "in", "value": ["a", "b"]},
                    {"field": "seats", "operator": "is_empty"},
                ]
            },
        ]
    }
)


@pytest.mark.parametrize("is_narrow", [False, True])
def test_that_groups_come_back_as_they_were(qtbot: QtBot, theme: Theme, is_narrow: bool) -> None:
    group = RuleGroup(theme, COLUMNS, draft_of(NESTED), is_narrow=is_narrow)
    qtbot.addWidget(group)

    assert group.rule() == NESTED
    assert group.draft() == draft_of(NESTED)


def test_that_a_condition_without_its_value_is_kept_and_refused(qtbot: QtBot, theme: Theme) -> None:
    unfinished = {
        "all": [{"field": "email", "operator": "equals", "value": ""}, {"field": "gone", "operator": "is_empty"}]
    }
    group = RuleGroup(theme, COLUMNS, unfinished)
    qtbot.addWidget(group)

    assert group.draft() == unfinished
    with pytest.raises(UserError, match="needs a value"):
        group.rule()


def test_that_a_condition_that_stands_alone_in_a_file_can_be_changed(qtbot: QtBot, theme: Theme) -> None:
    group = RuleGroup(theme, COLUMNS, {"field": "email", "operator": "equals", "value": "a@example.com"})
    qtbot.addWidget(group)
    line = group.conditions[0].value.first
    assert isinstance(line, QLineEdit)

    with qtbot.waitSignal(group.changed):
        line.setText("b@example.com")

    assert group.draft() == {"all": [{"field": "email", "operator": "equals", "value": "b@example.com"}]}


@pytest.mark.parametrize("is_narrow", [False, True])
def test_that_a_screen_reader_says_which_list_of_choices_it_is(qtbot: QtBot, theme: Theme, is_narrow: bool) -> None:
    columns = (*COLUMNS, Column("has_licence", "Has a licence", FieldType.FLAG))
    draft = {"all": [{"field": "has_licence", "operator": "equals", "value": "true"}]}
    group = RuleGroup(theme, columns, draft, is_narrow=is_narrow)
    qtbot.addWidget(group)
    labels = len(group.findChildren(QLabel))

    def heard() -> list[str]:
        # Qt tells a screen reader of the label that stands beside the box as one that is its own.
        boxes = [box for box in group.findChildren(QComboBox) if box.isVisibleTo(group)]
        beside = [(box, label) for box in boxes for label in box.parentWidget().findChildren(QLabel)]
        return sorted(label.text() for box, label in beside if label.buddy() is box and label.parent() is box.parent())

    assert heard() == ["Comparison", "Field", "How the conditions are joined", "Value"]
    # Another field has another value to be filled in; the label of the old one goes with it.
    group.conditions[0].field.setCurrentIndex(0)
    group.conditions[0].field.setCurrentIndex(3)
    QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
    QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
    assert heard() == ["Comparison", "Field", "How the conditions are joined", "Value"]
    assert len(group.findChildren(QLabel)) == labels


def test_that_the_field_of_a_new_condition_is_typed_over(qtbot: QtBot, theme: Theme) -> None:
    group = RuleGroup(theme, COLUMNS)
    qtbot.addWidget(group)

    line = group.add_condition().field.lineEdit()

    assert line is not None
    assert line.selectedText() == "Email"


def test_that_another_comparison_keeps_the_value_that_was_given(qtbot: QtBot, theme: Theme) -> None:
    group = RuleGroup(theme, COLUMNS, {"field": "email", "operator": "contains", "value": "limited"})
    qtbot.addWidget(group)
    row = group.conditions[0]

    row.operator.setCurrentIndex(row.operator.findData(Operator.DOES_NOT_CONTAIN.value))
    assert row.draft() == {"field": "email", "operator": Operator.DOES_NOT_CONTAIN.value, "value": "limited"}

    row.field.setCurrentText("Last Activity")
    row.operator.setCurrentIndex(row.operator.findData("before_days"))
    days = row.value.first
    assert isinstance(days, QSpinBox)
    days.setValue(365)
    row.operator.setCurrentIndex(row.operator.findData(Operator.WITHIN_LAST_DAYS.value))
    assert row.draft()["value"] == 365
