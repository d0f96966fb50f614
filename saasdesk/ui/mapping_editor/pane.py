"""What both panes have in common: a table with rows of one height, whose arrows and letters work as everywhere."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QScrollArea, QTableView

from saasdesk.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex


class PaneTable(QTableView):
    """`scrolled` comes whenever rows are somewhere else: the links follow."""

    scrolled = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # With a style sheet Qt takes the rows for transparent, and paints all of them at each step of the wheel.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.scrolled.emit())
        theme.changed.connect(self.fit)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self.fit()

    def widths(self, room: int) -> list[int]:
        """How wide each column is, for this much room."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = QPainter(self.viewport())
        ground.fillRect(event.rect(), self._theme.color("raised"))
        ground.end()
        super().paintEvent(event)
        if self.hasFocus():
            ring = QPainter(self.viewport())
            width = self._theme.measure("focus")
            ring.setPen(QPen(self._theme.color("accent"), width))
            ring.drawRect(self._ringed().adjusted(width // 2, width // 2, -width, -width))

    def _ringed(self) -> QRect:
        """The row on which the keyboard is, or all of the table where it has none."""
        row = self.currentIndex().row()
        if row < 0:
            return self.viewport().rect()
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def open_menu_here(self) -> None:
        """Open the menu of the row on which the keyboard is."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        # The menu key opens the menu at the row, not at the mouse.
        is_by_key = isinstance(event, QContextMenuEvent) and event.reason() == QContextMenuEvent.Reason.Keyboard
        if is_by_key and self.currentIndex().isValid():
            self.open_menu_here()
            return True
        return super().event(event)

    def fit(self) -> None:
        """Give each column its width and each row its height."""
        if self.model() is None:
            return
        self.verticalHeader().setDefaultSectionSize(self._theme.measure("row"))
        for column, width in enumerate(self.widths(self.viewport().width())):
            self.setColumnWidth(column, width)
        self.scrolled.emit()

    def row_middle(self, row: int) -> int:
        """The middle of a row in the viewport, also where it is scrolled out of sight."""
        return self.rowViewportPosition(row) + self.rowHeight(row) // 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Somebody who comes here by keyboard must see where they are.
        if not self.currentIndex().isValid() and self.model() is not None and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))
        super().focusInEvent(event)
        self.viewport().update()
        self._come_into_sight()

    def _come_into_sight(self) -> None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
