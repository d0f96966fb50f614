"""Fields for several things of a kind: values by field, parameters by name, recipients, what to take from an answer."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from saasdesk.ui.canvas.inspector.plain_fields import choice_box, choose
from saasdesk.ui.canvas.inspector.setting import Setting, SettingField, text_of
from saasdesk.ui.canvas.inspector.tab_order import entry_of
from saasdesk.ui.canvas.inspector.template_edit import TemplateLine
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.workflows.blocks.form import FieldKind


class ListRow(QWidget):
    """One of the things; `value` is what stands in the document for it."""

    changed = Signal()
    removed = Signal()
    # Where the order counts: this one is to stand before the one above it.
    raised = Signal()

    def value(self) -> Any:
        """What is filled in."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show what stands in the document, without saying so."""
        raise NotImplementedError

    @property
    def own_problem(self) -> str:
        """What the row itself says is wrong."""
        return " ".join(line.error.message for line in self.findChildren(TemplateLine) if line.error.message)


class ListField(SettingField):
    """Rows one below the other, each with a way to remove it, and one to add another."""

    is_typed = True
    has_loose_parts = True

    def __init__(self, theme: Theme, setting: Setting, add: str) -> None:
        super().__init__(theme, setting)
        self.rows: list[ListRow] = []
        self._list = Column(theme, gap=8)
        self.add = LinkButton(theme, add, "plus")
        self.add.clicked.connect(self.add_row)
        foot = Row(theme, gap=0)
        foot.addWidget(self.add)
        foot.addStretch(1)
        column = Column(theme, gap=4)
        column.addLayout(self._list)
        column.addLayout(foot)
        self.setLayout(column)
        self.setAccessibleName(setting.field.label)

    def make_row(self, value: Any) -> ListRow:
        """A row for one of the things; None for a new one."""
        raise NotImplementedError

    def parts_of(self, value: Any) -> list[Any]:
        """What stands in the document, one for each row."""
        return list(value) if isinstance(value, list | tuple) else []

    def value(self) -> Any:
        return [row.value() for row in self.rows]

    def show_value(self, value: Any) -> None:
        parts = self.parts_of(value)
        if self.parts_of(self.value()) == parts:
            return
        while len(self.rows) > len(parts):
            self._forget(self.rows[-1])
        for row, part in zip(self.rows, parts, strict=False):
            if row.value() != part:
                row.show_value(part)
        for part in parts[len(self.rows) :]:
            self._put(self.make_row(part))

    @property
    def own_problem(self) -> str:
        return " ".join(row.own_problem for row in self.rows if row.own_problem)

    def add_row(self) -> ListRow:
        """One more, to be filled in."""
        row = self.make_row(None)
        self._put(row)
        self.changed.emit()
        entry_of(row).setFocus(Qt.FocusReason.OtherFocusReason)
        return row

    def _put(self, row: ListRow) -> None:
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        row.raised.connect(lambda: self._raise(row))
        self.rows.append(row)
        self._list.addWidget(row)

    def _raise(self, row: ListRow) -> None:
        place = self.rows.index(row)
        if place:
            self.rows.insert(place - 1, self.rows.pop(place))
            self._list.removeWidget(row)
            self._list.insertWidget(place - 1, row)
            self.changed.emit()

    def _remove(self, row: ListRow) -> None:
        place = self.rows.index(row)
        self._forget(row)
        nearest = self.rows[min(place, len(self.rows) - 1)] if self.rows else None
        target = self.add if nearest is None else entry_of(nearest)
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _forget(self, row: ListRow) -> None:
        self.rows.remove(row)
        row.hide()
        self._list.removeWidget(row)
        row.deleteLater()


class _Pair(ListRow):
    """A name, free or one of the choices, over the template that it gets."""

    def __init__(self, theme: Theme, setting: Setting, value: Any, what: str) -> None:
        super().__init__()
        self.name: QComboBox | QLineEdit
        if setting.field.kind is FieldKind.VALUES:
            self.name = choice_box(what, setting.field.choices, self.tr("Choose a field…"))
            self.name.currentIndexChanged.connect(lambda _index: self.changed.emit())
        else:
            self.name = QLineEdit()
            self.name.setAccessibleName(what)
            self.name.setPlaceholderText(what)
            self.name.textChanged.connect(lambda _text: self.changed.emit())
        self.line = TemplateLine(theme, self.tr("Value"), setting.names)
        self.line.edit.setPlaceholderText(self.tr("Value"))
        remove = IconButton(theme, "close", self.tr("Remove this line"), icon_size=10)
        remove.clicked.connect(self.removed)
        head = Row(theme, gap=4)
        head.addWidget(self.name, 1)
        head.addWidget(remove)
        column = Column(theme, gap=4)
        column.addLayout(head)
        column.addWidget(self.line)
        self.setLayout(column)
        self.line.changed.connect(self.changed)
        if value is not None:
            self.show_value(value)

    def value(self) -> tuple[str, str]:
        name = self.name.text() if isinstance(self.name, QLineEdit) else text_of(self.name.currentData())
        return name, self.line.text()

    def show_value(self, value: Any) -> None:
        name, text = value
        if isinstance(self.name, QLineEdit):
            with QSignalBlocker(self.name):
                self.name.setText(name)
        else:
            choose(self.name, name)
        self.line.set_text(text)


class PairsField(ListField):
    """A table of names and templates. Of two lines with one name the later counts, and both stay in sight."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        self._is_of_fields = setting.field.kind is FieldKind.VALUES
        add = self.tr("Add a line")
        if self._is_of_fields:
            add = self.tr("Set another field") if setting.field.key == "values" else self.tr("Add a field")
        super().__init__(theme, setting, add)

    def make_row(self, value: Any) -> ListRow:
        what = self.tr("Field") if self._is_of_fields else self.tr("Name")
        return _Pair(self._theme, self.setting, value, what)

    def parts_of(self, value: Any) -> list[Any]:
        return [(str(name), text_of(text)) for name, text in value.items()] if isinstance(value, Mapping) else []

    def value(self) -> dict[str, str]:
        # A line of which nothing is filled in is only begun; one without a name is kept, and found wrong.
        return {name: text for name, text in (row.value() for row in self.rows) if name or text}


class _Recipient(ListRow):
    """An address, or a template that gives one."""

    def __init__(self, theme: Theme, setting: Setting, value: Any) -> None:
        super().__init__()
        self.line = TemplateLine(theme, self.tr("Recipient"), setting.names)
        self.line.edit.setPlaceholderText("name@example.com")
        remove = IconButton(theme, "close", self.tr("Remove this recipient"), icon_size=10)
        remove.clicked.connect(self.removed)
        row = Row(theme, gap=4)
        row.addWidget(self.line, 1)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)
        self.line.changed.connect(self.changed)
        self.show_value(value)

    def value(self) -> str:
        return self.line.text().strip()

    def show_value(self, value: Any) -> None:
        self.line.set_text(text_of(value))


class PeopleField(ListField):
    """To whom: mail addresses, and fields that hold one."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting, self.tr("Add a recipient"))

    def make_row(self, value: Any) -> ListRow:
        return _Recipient(self._theme, self.setting, value)


class _Answer(ListRow):
    """Where a value of an answer goes: a field of the record, or a variable of this run."""

    def __init__(self, theme: Theme, setting: Setting, value: Any) -> None:
        super().__init__()
        self.into = QComboBox()
        self.into.setAccessibleName(self.tr("Goes into"))
        self.into.addItem(self.tr("Field"), "field")
        self.into.addItem(self.tr("Variable"), "variable")
        self.field = choice_box(self.tr("Field"), setting.field.choices, self.tr("Choose a field…"))
        self.variable = QLineEdit()
        self.variable.setAccessibleName(self.tr("Name of the variable"))
        self.variable.setPlaceholderText(self.tr("Name of the variable"))
        self.line = TemplateLine(theme, self.tr("Value"), lambda: setting.names().with_answer())
        self.line.edit.setPlaceholderText("{{ response.id }}")
        remove = IconButton(theme, "close", self.tr("Remove this line"), icon_size=10)
        remove.clicked.connect(self.removed)
        head = Row(theme, gap=4)
        head.addWidget(self.into)
        head.addWidget(self.field, 1)
        head.addWidget(self.variable, 1)
        head.addWidget(remove)
        card = Card(theme, gap=4, margins=(8, 8))
        card.body.addLayout(head)
        card.body.addWidget(self.line)
        column = Column(theme, gap=0)
        column.addWidget(card)
        self.setLayout(column)
        self.show_value(value)
        self.into.currentIndexChanged.connect(self._on_into)
        self.field.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.variable.textChanged.connect(lambda _text: self.changed.emit())
        self.line.changed.connect(self.changed)

    def value(self) -> dict[str, str]:
        into = str(self.into.currentData())
        to = text_of(self.field.currentData()) if into == "field" else self.variable.text().strip()
        return {"to": to, "into": into, "value": self.line.text()}

    def show_value(self, value: Any) -> None:
        given = value if isinstance(value, Mapping) else {}
        is_variable = given.get("into") == "variable"
        with QSignalBlocker(self.into), QSignalBlocker(self.variable):
            self.into.setCurrentIndex(1 if is_variable else 0)
            self.variable.setText(text_of(given.get("to")) if is_variable else "")
        choose(self.field, None if is_variable else given.get("to"))
        self.line.set_text(text_of(given.get("value")))
        self._show_kind()

    def _show_kind(self) -> None:
        is_variable = self.into.currentData() == "variable"
        self.field.setVisible(not is_variable)
        self.variable.setVisible(is_variable)

    def _on_into(self) -> None:
        self._show_kind()
        self.changed.emit()


class AnswersField(ListField):
    """What is taken from an answer, and where it goes."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting, self.tr("Take a value from the answer"))

    def make_row(self, value: Any) -> ListRow:
        return _Answer(self._theme, self.setting, value)
