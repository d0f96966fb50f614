"""Rules in a block: the criteria of Begin, and the branches of a Conditional."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QLineEdit

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column as ListColumn
from saasdesk.ui.canvas.inspector.list_fields import ListField, ListRow
from saasdesk.ui.canvas.inspector.setting import Setting, SettingField, text_of
from saasdesk.ui.rule_builder import RuleGroup
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row


class RuleField(SettingField):
    """Conditions in groups, or none."""

    is_typed = True
    has_loose_parts = True

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.setAccessibleName(setting.field.label)
        self._column = Column(theme, gap=0)
        self.setLayout(self._column)
        self.group = self._make(None)

    def value(self) -> dict[str, Any] | None:
        return self.group.draft()

    def show_value(self, value: Any) -> None:
        draft = value if isinstance(value, Mapping) else None
        if not _is_same(self.group, draft):
            self._column.removeWidget(self.group)
            self.group.hide()
            self.group.deleteLater()
            self.group = self._make(draft)

    def _make(self, draft: Mapping[str, Any] | None) -> RuleGroup:
        group = RuleGroup(self._theme, columns_of(self.setting), draft, is_narrow=True)
        group.changed.connect(self.changed)
        self._column.addWidget(group)
        return group


class _Branch(ListRow):
    """The name of an outlet, and the rule by which a record leaves through it."""

    def __init__(self, theme: Theme, setting: Setting, value: Any) -> None:
        super().__init__()
        self._theme, self._setting = theme, setting
        self.name = QLineEdit()
        self.name.setMaxLength(40)
        self.name.setAccessibleName(self.tr("Name of the branch"))
        self.name.setPlaceholderText(self.tr("Name of the branch"))
        up = IconButton(theme, "arrow-up", self.tr("Try this branch earlier"), icon_size=12)
        up.clicked.connect(self.raised)
        remove = IconButton(theme, "trash", self.tr("Remove the branch"), icon_size=12)
        remove.clicked.connect(self.removed)
        head = Row(theme, gap=4)
        head.addWidget(self.name, 1)
        head.addWidget(up)
        head.addWidget(remove)
        card = Card(theme, gap=8, margins=(8, 8))
        card.body.addLayout(head)
        self._body = card.body
        column = Column(theme, gap=0)
        column.addWidget(card)
        self.setLayout(column)
        self.group = self._make(None)
        self.show_value(value)
        # Not with each letter: an outlet that is called something else for a moment would lose its link.
        self.name.editingFinished.connect(self.changed)

    def value(self) -> dict[str, Any]:
        rule = self.group.draft()
        return {"name": self.name.text().strip(), **({} if rule is None else {"rule": rule})}

    def show_value(self, value: Any) -> None:
        given = value if isinstance(value, Mapping) else {}
        with QSignalBlocker(self.name):
            self.name.setText(text_of(given.get("name")))
        rule = given.get("rule")
        draft = rule if isinstance(rule, Mapping) else None
        if not _is_same(self.group, draft):
            self._body.removeWidget(self.group)
            self.group.hide()
            self.group.deleteLater()
            self.group = self._make(draft)

    def _make(self, draft: Mapping[str, Any] | None) -> RuleGroup:
        group = RuleGroup(self._theme, columns_of(self._setting), draft, is_narrow=True)
        group.changed.connect(self.changed)
        self._body.addWidget(group)
        return group


class BranchesField(ListField):
    """The branches in their order; a record leaves by the first whose rule it fits."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting, self.tr("Add a branch"))

    def make_row(self, value: Any) -> ListRow:
        row = _Branch(self._theme, self.setting, value)
        if value is None:
            taken = {each.value()["name"] for each in self.rows}
            number = len(self.rows) + 1
            while (name := self.tr("Branch {0}").format(number)) in taken:
                number += 1
            row.name.setText(name)
            row.group.add_condition()
            row.name.setFocus(Qt.FocusReason.OtherFocusReason)
            row.name.selectAll()
        return row


def columns_of(setting: Setting) -> tuple[ListColumn, ...]:
    """The fields that conditions can look at, in the form's own order."""
    world = setting.world
    known = {**world.account_fields, **world.fields}
    columns = []
    for choice in setting.field.choices:
        field = known.get(choice.value)
        if field is None:
            # What blocks set is text.
            columns.append(ListColumn(choice.value, choice.label, FieldType.LONG_TEXT))
        else:
            columns.append(ListColumn(choice.value, choice.label, field.type, choices=field.options))
    return tuple(columns)


def _is_same(group: RuleGroup, draft: Mapping[str, Any] | None) -> bool:
    """Whether a group shows this rule already; one condition alone is the same as a group of one."""
    shown = group.draft()
    if draft is None or "field" not in draft:
        return shown == (None if draft is None else dict(draft))
    return shown in ({"all": [dict(draft)]}, {"any": [dict(draft)]})
