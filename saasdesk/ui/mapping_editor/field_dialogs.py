"""Two small forms: a new field of ours, and a source of one's own: a path or a template, tried while it is typed."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from saasdesk.fields import FieldType, Lookup, ObjectKind, external_id
from saasdesk.fields.custom_objects.objects import LOCATIONS
from saasdesk.mapping.paths import path_text
from saasdesk.mapping.samples import example_of
from saasdesk.ui.field_type_box import FieldTypeBox, LookupBox
from saasdesk.ui.mapping_editor.board import MappingBoard, SourceItem
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.box import draw_frame
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.careful_dialog import CarefulDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 520
_TREE_HEIGHT = 240
_MOST_CHILDREN = 50
_PATH = int(Qt.ItemDataRole.UserRole)


class _Form(CarefulDialog):
    """A title, a body, Cancel and one button that does it."""

    def __init__(self, theme: Theme, title: str, do_it: str, parent: QWidget | None) -> None:
        super().__init__(theme, parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self.body = Column(theme, gap=12, margins=(24, 20, 24, 16))
        self.body.addWidget(PlainLabel(title, "section"))
        cancel = OutlinedButton(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.do_it = PrimaryButton(theme, do_it)
        self.do_it.clicked.connect(self.accept)
        self.do_it.setDefault(True)
        foot = Row(theme, gap=8, margins=(24, 14))
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.do_it)
        whole = Column(theme, gap=0)
        whole.addLayout(self.body, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)


class NewFieldDialog(_Form):
    """Label, type, Unique, and whose field it is; the External ID is shown before it is made for good."""

    def __init__(
        self,
        theme: Theme,
        board: MappingBoard,
        *,
        label: str = "",
        kind: FieldType = FieldType.SHORT_TEXT,
        unique: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, self.tr("Add new field"), self.tr("CREATE"), parent)
        self._board = board
        grid = self._grid = FormGrid(theme, label_width=120, gap=10)
        self.label = QLineEdit(label)
        self.label.setMaxLength(100)
        self._label_error = grid.add_field(self.tr("Label"), self.label)
        self.object = QComboBox()
        main = board.around.main_kind
        self.object.addItem(self.tr("Assets") if main is ObjectKind.ASSETS else self.tr("People"), main)
        if board.around.with_saas_users:
            self.object.addItem(self.tr("SaaS users"), ObjectKind.SAAS_USERS)
        grid.add_field(self.tr("Field of"), self.object)
        self.kind = FieldTypeBox(kind)
        grid.add_field(self.tr("Type"), self.kind)
        self.lookup = LookupBox(board.around.lookups)
        grid.add_field(self.tr("Looked up on"), self.lookup)
        self.kind.currentIndexChanged.connect(self._show_lookup)
        self.unique = QCheckBox(self.tr("Unique"))
        self.unique.setChecked(unique)
        grid.add_field(self.tr("Unique"), self.unique, self.tr("No two records share a value: needed for a sync key."))
        self.body.addLayout(grid)
        self._id = PlainLabel("", "secondary", "muted")
        self.body.addWidget(self._id)
        self.label.textChanged.connect(self._check)
        self.object.currentIndexChanged.connect(self._check)
        self._show_lookup()
        self._check()
        self.label.setFocus(Qt.FocusReason.OtherFocusReason)
        self.label.selectAll()

    @property
    def chosen_object(self) -> ObjectKind:
        """Whose field it is."""
        return ObjectKind(self.object.currentData())

    @property
    def chosen_kind(self) -> FieldType:
        """Its type."""
        return self.kind.chosen

    @property
    def chosen_lookup(self) -> Lookup | None:
        """The list in which its values are looked up, if its type has one; a list to be made has nothing on it yet."""
        if self.chosen_kind is FieldType.LOCATION:
            return next((each for each in self._board.around.lookups if each.custom_object == LOCATIONS), None)
        if self.chosen_kind is FieldType.CUSTOM_OBJECT:
            label = self.label.text().strip()
            return self.lookup.chosen or Lookup(external_id(label), label)
        return None

    def _show_lookup(self) -> None:
        self.lookup.show_type(self.chosen_kind, self._grid)
        # What many records name is no sync key.
        self.unique.setEnabled(not self.chosen_kind.is_looked_up)
        if self.chosen_kind.is_looked_up:
            self.unique.setChecked(False)

    def _check(self) -> None:
        label = self.label.text().strip()
        known = [field for field in self._board.targets if field.object is self.chosen_object]
        twin = next((field for field in known if field.label.casefold() == label.casefold()), None)
        self.do_it.setEnabled(bool(label) and twin is None)
        self._label_error.show_error(self.tr("There is a field “{0}” already.").format(twin.label) if twin else "")
        made = external_id(label, {field.external_id for field in known}) if label and twin is None else ""
        self._id.set_text(self.tr("External ID: {0} (never changes)").format(made) if made else "")


class CustomSourceDialog(_Form):
    """A name and a path or template; the record's tree beside it writes the path."""

    def __init__(
        self, theme: Theme, board: MappingBoard, parent: QWidget | None = None, *, changes: SourceItem | None = None
    ) -> None:
        title = self.tr("Add custom field") if changes is None else self.tr("Change the custom field")
        super().__init__(theme, title, self.tr("ADD") if changes is None else self.tr("Change"), parent)
        self._board, self._changes = board, changes
        grid = FormGrid(theme, label_width=120, gap=10)
        self.name = QLineEdit()
        self.name.setMaxLength(100)
        grid.add_field(self.tr("Name"), self.name)
        self.path = QLineEdit()
        self.path.setPlaceholderText("profile.first_name   or   {{ response.first }} {{ response.last }}")
        self._path_error = grid.add_field(self.tr("Path or template"), self.path)
        self.body.addLayout(grid)
        self.outcome = Paragraph(theme, role="secondary", tone="muted")
        self.body.addWidget(self.outcome)
        self.tree = _RecordTree(theme)
        self.tree.setHeaderLabels([self.tr("In the sample record"), self.tr("Value")])
        self.tree.setAccessibleName(self.tr("The sample record: choose a value to write its path"))
        self.tree.setMinimumHeight(theme.px(_TREE_HEIGHT))
        self.tree.setColumnWidth(0, theme.px(220))
        self.tree.itemActivated.connect(self._on_node)
        self.tree.itemClicked.connect(self._on_node)
        if board.record is not None:
            _fill(self.tree.invisibleRootItem(), board.record, ())
        self.body.addWidget(self.tree, 1)
        if changes is not None:
            self.name.setText(changes.label)
            self.path.setText(changes.id)
        self.path.textChanged.connect(self._check)
        self._check()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_node(self, item: QTreeWidgetItem) -> None:
        path = item.data(0, _PATH)
        if path:
            self.path.setText(path)
            if not self.name.text():
                self.name.setText(visible_text(item.text(0)))

    def _check(self) -> None:
        text = self.path.text().strip()
        value, problem = self._board.try_source(text) if text else (None, "")
        twin = self._board.find_source(text)
        if twin is not None and (self._changes is None or twin.id != self._changes.id):
            problem = self.tr("“{0}” stands in the list already.").format(twin.label)
        self._path_error.show_error(problem)
        self.do_it.setEnabled(bool(text) and not problem)
        if not text or problem:
            self.outcome.set_runs("")
        elif self._board.record is None:
            self.outcome.set_runs(self.tr("There is no record to try it on yet."))
        elif value not in (None, ""):
            self.outcome.set_runs(self.tr("On the sample record: {0}").format(f"“{example_of(value)}”"))
        elif self._board.finds_something(text):
            self.outcome.set_runs(self.tr("Empty on this sample record, filled on others."))
        else:
            none = self.tr(
                "None of the {0} sample records has a value there: is the path written as the vendor has it?"
            )
            self.outcome.set_runs(Run(none.format(len(self._board.records)), tone="warn"))


class _RecordTree(QTreeWidget):
    """Enter takes a value, and does not press the dialog's button as well."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Somebody who comes here by keyboard must see where they are.
        first = self.topLevelItem(0)
        if self.currentItem() is None and first is not None:
            self.setCurrentItem(first)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            draw_frame(self, self._theme, self.viewport().rect().adjusted(1, 1, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


def _fill(parent: QTreeWidgetItem, value: Any, steps: tuple[str | int, ...]) -> None:
    """A branch for each key and item; leaves say their value."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value[:_MOST_CHILDREN]))
    for key, inner in items[:_MOST_CHILDREN]:
        path = (*steps, key)
        is_branch = isinstance(inner, dict | list) and bool(inner)
        text = f"[{key}]" if isinstance(key, int) else key
        shown = "" if is_branch else example_of(inner) if inner not in (None, "") else ""
        node = QTreeWidgetItem(parent, [visible_text(text), visible_text(shown)])
        node.setData(0, _PATH, path_text(path))
        if is_branch:
            _fill(node, inner, path)
