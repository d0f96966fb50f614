"""Conditions in groups, put together field by field; what is half done is kept as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column as ListColumn
from saasdesk.rules import OF_DAYS, Operator, Rule, condition
from saasdesk.ui.tables.filter_dialog import ValueFields
from saasdesk.ui.tables.operator_box import offer_operators
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.quiet_label import label_quietly
from saasdesk.ui.widgets.type_ahead import TypeAhead

_DEEPEST = 4
_LONG = OF_DAYS | {Operator.BETWEEN, Operator.IN, Operator.NOT_IN}

Draft = Mapping[str, Any]
"""A rule as it stands in a document, where it may still lack things."""


class ConditionRow(QWidget):
    """One condition: field, comparison, value. A narrow one stands on two lines.

    With `only_known` a field that is none of the columns is said to be gone; elsewhere it may be a path.
    """

    changed = Signal()
    removed = Signal()

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[ListColumn],
        draft: Draft | None = None,
        *,
        is_narrow: bool = False,
        only_known: bool = False,
    ) -> None:
        super().__init__()
        self._columns = list(columns)
        self._second: Row | None = None
        self.field = QComboBox()
        self.field.setEditable(True)
        label_quietly(self.field, self.tr("Field"), self)
        # The longest label of a hundred fields may not make the whole row that wide.
        self.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for column in self._columns:
            self.field.addItem(visible_text(column.title), column.key)
        self.field.setCompleter(TypeAhead(self.field.model(), self))
        self.operator = QComboBox()
        label_quietly(self.operator, self.tr("Comparison"), self)
        self.value = ValueFields(theme)
        self.remove = IconButton(theme, "close", self.tr("Remove the condition"), icon_size=10)
        self.remove.clicked.connect(self.removed)
        self._error = InlineError(theme, self.field) if only_known else None
        self._lay_out(theme, is_narrow=is_narrow)
        given = draft or {}
        name = str(given.get("field") or "")
        index = self.field.findData(name)
        if index >= 0:
            self.field.setCurrentIndex(index)
        elif name:
            self.field.setEditText(name)
        known = {operator.value: operator for operator in Operator}
        self._show_operators(known.get(str(given.get("operator") or "")))
        value = given.get("value")
        self._ask_for_value(tuple(value) if isinstance(value, list) else value)
        self.field.currentTextChanged.connect(self._on_field)
        self.operator.currentIndexChanged.connect(self._on_operator)
        self._say_if_gone()

    def rule(self) -> Rule:
        """The condition; a UserError says what is missing."""
        column = self._column()
        return condition(column.key, Operator(self.operator.currentData()), self.value.value())

    def draft(self) -> dict[str, Any]:
        """The condition as it stands, whole or not."""
        try:
            return self.rule().model_dump(mode="json", exclude_none=True)
        except UserError:
            value = self.value.value()
            return {
                "field": self._column().key,
                "operator": str(self.operator.currentData()),
                **({} if value is None else {"value": list(value) if isinstance(value, tuple) else value}),
            }

    def _lay_out(self, theme: Theme, *, is_narrow: bool) -> None:
        if not is_narrow:
            row = Row(theme, gap=8)
            row.addWidget(self.field, 4)
            row.addWidget(self.operator, 3)
            row.addWidget(self.value, 4)
            row.addWidget(self.remove)
            self.setLayout(row)
            return
        first, second, self._third = Row(theme, gap=4), Row(theme, gap=4), Row(theme, gap=4)
        first.addWidget(self.field, 1)
        first.addWidget(self.remove)
        self.operator.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        second.addWidget(self.operator, 1)
        second.addWidget(self.value, 1)
        self._second = second
        column = Column(theme, gap=4)
        column.addLayout(first)
        column.addLayout(second)
        column.addLayout(self._third)
        if self._error is not None:
            column.addWidget(self._error)
        self.setLayout(column)
        for before, after in ((self.field, self.operator), (self.operator, self.value), (self.value, self.remove)):
            QWidget.setTabOrder(before, after)

    def _column(self) -> ListColumn:
        text = self.field.currentText().strip()
        index = self.field.findText(text, Qt.MatchFlag.MatchFixedString)
        if index >= 0:
            return self._columns[index]
        # A path into the record, or a field that is not there: compared as text.
        return ListColumn(text or "?", text, FieldType.SHORT_TEXT)

    def _show_operators(self, chosen: Operator | None) -> None:
        offer_operators(self.operator, self._column(), chosen)

    def _ask_for_value(self, value: object) -> None:
        if self._second is not None:
            # What is long in words or takes two fields has a line of its own.
            is_long = Operator(self.operator.currentData()) in _LONG
            (self._third if is_long else self._second).addWidget(self.value, 1)
        self.value.ask_for(self._column(), Operator(self.operator.currentData()), value)
        for field in self.value.findChildren(QWidget):
            for name in ("textChanged", "valueChanged", "dateChanged", "currentTextChanged"):
                signal = getattr(field, name, None)
                if signal is not None:
                    signal.connect(self._on_value)

    def _on_value(self, *_: object) -> None:
        self.changed.emit()

    def _say_if_gone(self) -> None:
        if self._error is not None:
            name = self.field.currentText().strip()
            is_known = self.field.findText(name, Qt.MatchFlag.MatchFixedString) >= 0
            self._error.show_error(
                "" if is_known else self.tr("There is no field “{0}”. Choose another one.").format(name)
            )

    def _on_field(self, _text: str) -> None:
        self._say_if_gone()
        self._show_operators(None)
        self._on_operator()

    def _on_operator(self) -> None:
        self._ask_for_value(None)
        self.changed.emit()


class RuleGroup(Card):
    """Conditions and groups of which all, or any, must hold."""

    changed = Signal()
    removed = Signal()

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[ListColumn],
        draft: Draft | None = None,
        depth: int = 1,
        *,
        is_narrow: bool = False,
        only_known: bool = False,
    ) -> None:
        super().__init__(theme, gap=8, margins=(8, 8) if is_narrow else (12, 10))
        self._theme, self._columns, self._depth = theme, columns, depth
        self._is_narrow, self._only_known = is_narrow, only_known
        self._parts: list[ConditionRow | RuleGroup] = []
        given = draft or {}
        self.joint = QComboBox()
        label_quietly(self.joint, self.tr("How the conditions are joined"), self)
        self.joint.addItem(self.tr("All of these hold"), "all")
        self.joint.addItem(self.tr("Any of these holds"), "any")
        self.joint.setCurrentIndex(1 if "any" in given else 0)
        self.joint.currentIndexChanged.connect(lambda _index: self.changed.emit())
        head = Row(theme, gap=8)
        head.addWidget(self.joint)
        head.addStretch(1)
        if depth > 1:
            remove = IconButton(theme, "trash", self.tr("Remove the group"), icon_size=12)
            remove.clicked.connect(self.removed)
            head.addWidget(remove)
        self.body.addLayout(head)
        self._list = Column(theme, gap=8)
        self.body.addLayout(self._list)
        foot = Row(theme, gap=4)
        add = LinkButton(theme, self.tr("Add condition"), "plus")
        add.clicked.connect(self._on_add)
        foot.addWidget(add)
        if depth < _DEEPEST:
            add_group = LinkButton(theme, self.tr("Add group"), "plus")
            add_group.clicked.connect(self._on_add_group)
            foot.addWidget(add_group)
        foot.addStretch(1)
        self.body.addLayout(foot)
        for part in _parts_of(given):
            if "all" in part or "any" in part:
                self.add_group(part)
            else:
                self.add_condition(part)

    @property
    def conditions(self) -> list[ConditionRow]:
        """The conditions of this group itself."""
        return [part for part in self._parts if isinstance(part, ConditionRow)]

    def add_condition(self, draft: Draft | None = None) -> ConditionRow:
        """Put a condition at the end."""
        row = ConditionRow(self._theme, self._columns, draft, is_narrow=self._is_narrow, only_known=self._only_known)
        self._add(row)
        if draft is None:
            row.field.setFocus(Qt.FocusReason.OtherFocusReason)
            line = row.field.lineEdit()
            if line is not None:
                # What is typed takes the place of the field that happens to come first.
                line.selectAll()
        return row

    def add_group(self, draft: Draft | None = None) -> "RuleGroup":
        """Put a group at the end, with a condition to begin with."""
        group = RuleGroup(
            self._theme,
            self._columns,
            draft,
            self._depth + 1,
            is_narrow=self._is_narrow,
            only_known=self._only_known,
        )
        self._add(group)
        if draft is None:
            group.joint.setCurrentIndex(1 if self.joint.currentIndex() == 0 else 0)
            group.add_condition()
        return group

    def rule(self) -> Rule | None:
        """The whole; None where there is no condition. A UserError says what is missing in one."""
        parts = [rule for part in self._parts if (rule := part.rule()) is not None]
        if not parts:
            return None
        return Rule(all=tuple(parts)) if self.joint.currentData() == "all" else Rule(any=tuple(parts))

    def draft(self) -> dict[str, Any] | None:
        """The whole as it stands, with conditions that still lack something; None where there is none."""
        parts = [draft for part in self._parts if (draft := part.draft()) is not None]
        return {str(self.joint.currentData()): parts} if parts else None

    def _on_add(self) -> None:
        self.add_condition()

    def _on_add_group(self) -> None:
        self.add_group()

    def _add(self, part: "ConditionRow | RuleGroup") -> None:
        part.changed.connect(self.changed)
        part.removed.connect(lambda: self._remove(part))
        self._parts.append(part)
        self._list.addWidget(part)
        self.changed.emit()

    def _remove(self, part: "ConditionRow | RuleGroup") -> None:
        self._parts.remove(part)
        part.hide()
        self._list.removeWidget(part)
        part.deleteLater()
        self.changed.emit()


def draft_of(rule: Rule | None) -> dict[str, Any] | None:
    """A whole rule as a document has it."""
    return None if rule is None else rule.model_dump(mode="json", exclude_none=True)


def _parts_of(draft: Draft) -> list[Draft]:
    """What stands in a group; one condition alone is a group of one."""
    for joint in ("all", "any"):
        parts = draft.get(joint)
        if isinstance(parts, list | tuple):
            return [part for part in parts if isinstance(part, Mapping)]
    return [draft] if "field" in draft else []
