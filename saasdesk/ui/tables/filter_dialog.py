"""One filter: which column, how it is compared, with what."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDateEdit, QDialog, QLineEdit, QSpinBox, QWidget

from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, Special
from saasdesk.rules import OF_DAYS, WITHOUT_VALUE, Operator, Rule, condition, to_predicate
from saasdesk.ui.tables.filter_words import operator_words, stored_type
from saasdesk.ui.tables.operator_box import offer_operators
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column as Upright
from saasdesk.ui.widgets.layouts import Row, clear_layout
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.quiet_label import label_quietly
from saasdesk.ui.widgets.stepped_fields import make_room

_WIDTH = 440
_STATES = ("active", "deactivated", "archived")
_DAYS_AT_FIRST = 30


class ValueFields(QWidget):
    """The field or fields in which the value of one comparison is given."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fields: list[QWidget] = []
        self._column: Column | None = None
        self._row = Row(theme, gap=8)
        self.setLayout(self._row)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """The fields in their order."""
        return tuple(self._fields)

    @property
    def first(self) -> QWidget | None:
        """The field to begin with."""
        return self._fields[0] if self._fields else None

    def ask_for(self, column: Column, operator: Operator, value: object = None) -> None:
        """Show the fields for this comparison, filled with a value, or with what was given to the one before."""
        given = self._given_before(column) if value is None else []
        clear_layout(self._row)
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        if operator in {Operator.IN, Operator.NOT_IN} and values:
            values = (", ".join(str(each) for each in values),)
        number = 0 if operator in WITHOUT_VALUE else 2 if operator is Operator.BETWEEN else 1
        self._fields = [
            _field_for(column, operator, values[place] if place < len(values) else None) for place in range(number)
        ]
        for place, field in enumerate(self._fields):
            if place:
                self._row.addWidget(PlainLabel(self.tr("and")))
            if isinstance(field, QAbstractSpinBox):
                make_room(field, self._theme)
            label_quietly(field, self.tr("Value") if number == 1 else self.tr("Value {0}").format(place + 1), self)
            self._row.addWidget(field, 1)
        if operator in OF_DAYS:
            self._row.addWidget(PlainLabel(self.tr("days")))
            self._row.addStretch(2)
        for field, (kind, text) in zip(self._fields, given, strict=False):
            if type(field) is kind:
                _fill(field, text)
        self._column = column
        self.setVisible(number > 0)

    def value(self) -> object:
        """What is given: nothing, one value, or two."""
        values = [_value_of(field) for field in self._fields]
        return None if not values else values[0] if len(values) == 1 else tuple(values)

    def _given_before(self, column: Column) -> list[tuple[type[QWidget], str]]:
        """What stays true of another comparison: a text in any case, a day or a choice only of the same column."""
        return [
            (type(field), str(_value_of(field)))
            for field in self._fields
            if isinstance(field, QLineEdit) or column == self._column
        ]


class FilterDialog(QDialog):
    """Makes a filter or changes one; `rule` is what was decided."""

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[Column],
        rule: Rule | None = None,
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns = list(columns)
        self.rule: Rule | None = None
        # What was entered, for whoever goes on with it as one of several conditions.
        self.draft: dict[str, Any] | None = None
        self.setWindowTitle(self.tr("Filter") if rule is None else self.tr("Change the filter"))
        self.setMinimumWidth(theme.px(_WIDTH))
        self._build()
        wanted = rule.field if rule is not None else key
        place = next((place for place, column in enumerate(self._columns) if column.key == wanted), 0)
        self.column.setCurrentIndex(place)
        self._show_operators(rule.operator if rule is not None else None)
        self._ask_for_value(rule.value if rule is not None else None)
        self._connect()
        self._starts_at_value = bool(wanted)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        field = self.value.first if self._starts_at_value else None
        (field or self.column).setFocus(Qt.FocusReason.TabFocusReason)

    def _build(self) -> None:
        theme = self._theme
        self.column = QComboBox()
        self.column.addItems([visible_text(column.title) for column in self._columns])
        self.operator = QComboBox()
        self.value = ValueFields(theme)
        self.error = InlineError(theme, self.value)
        self.several = LinkButton(theme, self.tr("Several conditions…"), "plus")
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.apply = PrimaryButton(theme, self.tr("Filter"))
        self.apply.setDefault(True)
        form = FormGrid(theme, label_width=96)
        form.add_field(self.tr("Column"), self.column)
        form.add_field(self.tr("Comparison"), self.operator)
        form.addWidget(self.value, form.rowCount(), 1)
        form.addWidget(self.error, form.rowCount(), 1)
        buttons = Row(theme)
        buttons.addWidget(self.several)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.apply)
        upright = Upright(theme, gap=16, margins=16)
        upright.addLayout(form)
        upright.addStretch(1)
        upright.addLayout(buttons)
        self.setLayout(upright)

    def _connect(self) -> None:
        self.column.currentIndexChanged.connect(self._on_column_chosen)
        self.operator.currentIndexChanged.connect(self._on_operator_chosen)
        self.several.clicked.connect(self._on_several)
        self.cancel.clicked.connect(self.reject)
        self.apply.clicked.connect(self._on_apply)

    def _show_operators(self, chosen: Operator | None) -> None:
        offer_operators(self.operator, self._chosen_column(), chosen)

    def _chosen_column(self) -> Column:
        return self._columns[self.column.currentIndex()]

    def _chosen_operator(self) -> Operator:
        return Operator(self.operator.currentData())

    def _on_column_chosen(self) -> None:
        self._show_operators(None)
        self._on_operator_chosen()

    def _on_operator_chosen(self) -> None:
        self.error.clear()
        self._ask_for_value()

    def _ask_for_value(self, value: object = None) -> None:
        self.value.ask_for(self._chosen_column(), self._chosen_operator(), value)
        # The fields are made last and stand in the middle: Tab goes by what is seen.
        before: QWidget = self.operator
        for widget in (*self.value.fields, self.several, self.cancel, self.apply):
            QWidget.setTabOrder(before, widget)
            before = widget

    def _show_error(self, message: str) -> None:
        self.error.show_error(message)
        self.adjustSize()
        if self.value.first is not None:
            self.value.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_several(self) -> None:
        value = self.value.value()
        self.draft = {
            "field": self._chosen_column().key,
            "operator": self._chosen_operator().value,
            **({} if value is None else {"value": list(value) if isinstance(value, tuple) else value}),
        }
        self.reject()

    def _on_apply(self) -> None:
        column, value = self._chosen_column(), self.value.value()
        if any(part == "" for part in (value if isinstance(value, tuple) else (value,))):
            empty = operator_words(Operator.IS_EMPTY, column)
            self._show_error(self.tr("Enter a value; to find what has none, choose “{0}”.").format(empty))
            return
        try:
            rule = condition(column.key, self._chosen_operator(), value)
            # Reads the value as the field's type: better here than as an empty table.
            to_predicate(rule, {column.key: stored_type(column)})
        except UserError as error:
            self._show_error(str(error).replace(column.key, column.title, 1))
            return
        self.rule = rule
        self.accept()


def _field_for(column: Column, operator: Operator, value: object) -> QWidget:
    if operator in OF_DAYS:
        days = QSpinBox()
        days.setRange(0, 36_500)
        days.setValue(int(str(value)) if value is not None else _DAYS_AT_FIRST)
        return days
    match stored_type(column):
        case FieldType.FLAG:
            return _choice(("Yes", "No"), "No" if str(value).casefold() in {"false", "no", "0"} else "Yes")
        case FieldType.DATE | FieldType.DATETIME:
            day = QDateEdit(QDate.currentDate())
            day.setCalendarPopup(True)
            day.setDisplayFormat("d MMM yyyy")
            if value is not None:
                day.setDate(QDate.fromString(str(value)[:10], Qt.DateFormat.ISODate))
            return day
        case _:
            return _text_field(column, operator, value)


def _text_field(column: Column, operator: Operator, value: object) -> QWidget:
    choices = column.choices or (_STATES if column.type is Special.STATUS else ())
    if choices and operator not in {Operator.IN, Operator.NOT_IN}:
        field = _choice(choices, "" if value is None else str(value))
        field.setEditable(True)
        field.setCurrentText(choices[0] if value is None else str(value))
        return field
    line = QLineEdit("" if value is None else str(value))
    if operator in {Operator.IN, Operator.NOT_IN}:
        line.setPlaceholderText("one, two, three")
    return line


def _choice(choices: Sequence[str], chosen: str) -> QComboBox:
    combo = QComboBox()
    combo.addItems([visible_text(choice) for choice in choices])
    combo.setCurrentText(chosen)
    return combo


def _fill(field: QWidget, text: str) -> None:
    match field:
        case QSpinBox():
            field.setValue(int(text))
        case QDateEdit():
            field.setDate(QDate.fromString(text, Qt.DateFormat.ISODate))
        case QComboBox() if not field.isEditable():
            field.setCurrentIndex(0 if text == "true" else 1)
        case QComboBox():
            field.setCurrentText(text)
        case QLineEdit():
            field.setText(text)
        case _:
            pass


def _value_of(field: QWidget) -> object:
    match field:
        case QSpinBox():
            return field.value()
        case QDateEdit():
            return date(field.date().year(), field.date().month(), field.date().day()).isoformat()
        case QComboBox() if not field.isEditable():
            return "true" if field.currentIndex() == 0 else "false"
        case QComboBox():
            return field.currentText()
        case QLineEdit():
            return field.text()
        case _:
            return None
