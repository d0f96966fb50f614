"""Which columns a table shows, and in which order."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QDialog, QListWidgetItem, QWidget

from saasdesk.records.listing import Column
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column as Upright
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.on_screen import size_on_screen
from saasdesk.ui.widgets.ordered_list import OrderedList
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField

_WIDTH, _HEIGHT, _ROW = 360, 560, 28
_KEY = int(Qt.ItemDataRole.UserRole)


class ColumnChooserDialog(QDialog):
    """All columns, searchable; what is ticked is shown, in the order of the list."""

    def __init__(
        self, theme: Theme, columns: Sequence[Column], hidden: Collection[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns = columns
        self.was_reset = False
        self.setWindowTitle(self.tr("Columns"))
        self.resize(size_on_screen(theme, self, _WIDTH, _HEIGHT))
        self._build()
        for column in columns:
            item = QListWidgetItem(visible_text(column.title))
            item.setData(_KEY, column.key)
            item.setSizeHint(QSize(0, theme.px(_ROW)))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if column.key in hidden else Qt.CheckState.Checked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._connect()
        self._count()

    @property
    def order(self) -> tuple[str, ...]:
        """Every column's key, in the chosen order."""
        return tuple(item.data(_KEY) for item in self._items())

    @property
    def hidden(self) -> frozenset[str]:
        """The keys of the columns that are not shown."""
        return frozenset(item.data(_KEY) for item in self._items() if item.checkState() != Qt.CheckState.Checked)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.search.setFocus(Qt.FocusReason.TabFocusReason)

    def _build(self) -> None:
        theme = self._theme
        self.search = SearchField(theme, self.tr("Find a column"))
        self.list = OrderedList(theme)
        self.list.setObjectName("columns")
        self.list.setAccessibleName(self.tr("Columns"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setUniformItemSizes(True)
        self._counted = PlainLabel("", "secondary", "muted")
        self.up = IconButton(theme, "arrow-up", self.tr("Move the column forward"), shortcut="Alt+Up", outlined=True)
        self.down = IconButton(theme, "arrow-down", self.tr("Move the column back"), shortcut="Alt+Down", outlined=True)
        self.reset = LinkButton(theme, self.tr("Reset"))
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.apply = PrimaryButton(theme, self.tr("Show these"))
        tools = Row(theme)
        tools.addWidget(self._counted)
        tools.addStretch(1)
        tools.addWidget(self.up)
        tools.addWidget(self.down)
        buttons = Row(theme)
        buttons.addWidget(self.reset)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.apply)
        upright = Upright(theme, gap=8, margins=16)
        upright.addWidget(self.search)
        upright.addWidget(self.list, 1)
        upright.addLayout(tools)
        upright.addSpacing(theme.px(8))
        upright.addLayout(buttons)
        self.setLayout(upright)
        self.apply.setDefault(True)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_search)
        self.list.itemChanged.connect(self._count)
        self.list.move_wanted.connect(self._move)
        self.up.clicked.connect(self._on_up)
        self.down.clicked.connect(self._on_down)
        self.reset.clicked.connect(self._on_reset)
        self.cancel.clicked.connect(self.reject)
        self.apply.clicked.connect(self.accept)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _on_search(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.text().casefold() for word in words))
        first = next((row for row, item in enumerate(self._items()) if not item.isHidden()), -1)
        self.list.setCurrentRow(first)

    def _on_up(self) -> None:
        self._move(-1)

    def _on_down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        row = self.list.currentRow()
        target = row + step
        while 0 <= target < self.list.count() and self.list.item(target).isHidden():
            target += step
        if row < 0 or not 0 <= target < self.list.count():
            return
        item = self.list.takeItem(row)
        self.list.insertItem(target, item)
        self.list.setCurrentRow(target)

    def _on_reset(self) -> None:
        self.was_reset = True
        self.accept()

    def _count(self) -> None:
        shown = self.list.count() - len(self.hidden)
        self._counted.set_text(self.tr("{0} of {1} shown").format(shown, self.list.count()))
        # A table without a column could not be put right again.
        self.apply.setEnabled(shown > 0)
