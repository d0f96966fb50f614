"""Whose value stands in a field: its feeders, put in an order by buttons or by keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QListWidgetItem, QRadioButton, QWidget

from saasdesk.records.feeders import Feeder
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.boxed import Boxed
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.ordered_list import OrderedList
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH, _LIST_HEIGHT, _ROW = 520, 168, 28
_NAME = int(Qt.ItemDataRole.UserRole)


class FeederDialog(QDialog):
    """Either whoever filled it first, or an order; `order` is what was chosen, empty for none."""

    def __init__(self, theme: Theme, label: str, feeders: Sequence[Feeder], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("Who feeds “{0}”").format(label)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self.last = QRadioButton(self.tr("Whoever filled it first keeps it"))
        self.first = QRadioButton(self.tr("The first of these that has a value"))
        self.list = OrderedList(theme)
        self.list.setAccessibleName(self.tr("Feeders in their order"))
        self.list.setFixedHeight(theme.px(_LIST_HEIGHT))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        for feeder in feeders:
            item = QListWidgetItem(visible_text(feeder.name))
            item.setData(_NAME, feeder.name)
            item.setSizeHint(QSize(0, theme.px(_ROW)))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.move_wanted.connect(self._move)
        self.up = OutlinedButton(theme, self.tr("Up"), "arrow-up")
        self.up.setToolTip(self.tr("Alt+Up"))
        self.up.clicked.connect(self._move_up)
        self.down = OutlinedButton(theme, self.tr("Down"), "arrow-down")
        self.down.setToolTip(self.tr("Alt+Down"))
        self.down.clicked.connect(self._move_down)
        buttons = Column(theme, gap=8)
        buttons.addWidget(self.up)
        buttons.addWidget(self.down)
        buttons.addStretch(1)
        order = Row(theme, gap=12, margins=(27, 0, 0, 0))
        order.addWidget(Boxed(theme, self.list), 1)
        order.addLayout(buttons)
        note = self.tr(
            "The next runs look at everybody again, so that the value of the first feeder arrives. "
            "What a person wrote by hand stays."
        )
        upper = Column(theme, gap=8, margins=(24, 20, 24, 16))
        upper.addWidget(PlainLabel(title, "section", elided=True))
        upper.addWidget(self.last)
        upper.addWidget(self.first)
        upper.addLayout(order)
        upper.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        cancel = OutlinedButton(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.update_button = PrimaryButton(theme, self.tr("UPDATE"), "save")
        self.update_button.clicked.connect(self.accept)
        foot = Row(theme, gap=8, margins=(24, 14))
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.update_button)
        whole = Column(theme, gap=0)
        whole.addLayout(upper, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)
        is_ordered = any(feeder.is_ordered for feeder in feeders)
        chosen = self.first if is_ordered else self.last
        chosen.setChecked(True)
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        self.first.toggled.connect(self._show_what_applies)
        self.list.currentRowChanged.connect(self._show_what_applies)
        self._show_what_applies()

    @property
    def order(self) -> tuple[str, ...]:
        """The names in their order; empty where whoever filled it first keeps it."""
        if self.last.isChecked():
            return ()
        return tuple(str(self.list.item(row).data(_NAME)) for row in range(self.list.count()))

    def _move_up(self) -> None:
        self._move(-1)

    def _move_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + by < self.list.count():
            self.list.insertItem(row + by, self.list.takeItem(row))
            self.list.setCurrentRow(row + by)

    def _show_what_applies(self) -> None:
        is_ordered, row = self.first.isChecked(), self.list.currentRow()
        self.list.setEnabled(is_ordered)
        self.up.setEnabled(is_ordered and row > 0)
        self.down.setEnabled(is_ordered and 0 <= row < self.list.count() - 1)
