"""Where a record goes on from a block: each outlet with the block it leads to, changed from a list."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.errors import UserError
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.workflows.blocks import outlets_of
from saasdesk.workflows.editing import connect, disconnect, refusals, title_of

_NOWHERE = ""
_LABEL = 84


class Outlets(QWidget):
    """The twin of dragging wires, for whoever uses the keyboard."""

    def __init__(self, theme: Theme, model: WorkflowModel) -> None:
        super().__init__()
        self._theme, self._model = theme, model
        self._block = ""
        self._shown: tuple[object, ...] = ()
        self.boxes: dict[str, QComboBox] = {}
        self.error = InlineError(theme, self)
        self._title = PlainLabel(self.tr("Goes on to"), "heading")
        self._list = Column(theme, gap=6)
        column = Column(theme, gap=6)
        column.addWidget(self._title)
        column.addLayout(self._list)
        column.addWidget(self.error)
        self.setLayout(column)

    def show_block(self, block_id: str) -> None:
        """Show the outlets of this block."""
        document = self._model.document
        block = document.block(block_id)
        outlets = () if block is None else outlets_of(block)
        titles = {each.id: title_of(each) for each in document.blocks}
        following = {outlet: document.after(block_id, outlet) for outlet in outlets}
        linked = {link.outlet: link.to for link in document.links if link.source == block_id}
        shown = (block_id, outlets, tuple(titles.items()), tuple(linked.items()))
        if shown == self._shown:
            return
        if self._block != block_id:
            self.error.clear()
        focused = next((outlet for outlet, box in self.boxes.items() if box.hasFocus()), None)
        self._block, self._shown = block_id, shown
        clear_layout(self._list)
        self.boxes = {}
        for outlet in outlets:
            refused = refusals(document, block_id, outlet)
            box = QComboBox()
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setAccessibleName(self.tr("Outlet {0} goes on to").format(outlet.replace("_", " ")))
            inherits = following[outlet] is not None and outlet not in linked
            box.addItem(self.tr("As success does") if inherits else self.tr("Nothing follows"), _NOWHERE)
            for each in document.blocks:
                if each.id == block_id or each.id in refused:
                    continue
                box.addItem(visible_text(_told_apart(titles, each.id)), each.id)
            with QSignalBlocker(box):
                box.setCurrentIndex(max(0, box.findData(linked.get(outlet, _NOWHERE))))
            box.currentIndexChanged.connect(lambda _index, outlet=outlet: self._on_chosen(outlet))
            label = PlainLabel(outlet.replace("_", " "), "body", "muted", elided=True)
            label.setFixedWidth(self._theme.px(_LABEL))
            label.setBuddy(box)
            row = Row(self._theme, gap=8)
            row.addWidget(label)
            row.addWidget(box, 1)
            self._list.addLayout(row)
            self.boxes[outlet] = box
        self.setVisible(bool(outlets))
        if focused in self.boxes:
            self.boxes[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_chosen(self, outlet: str) -> None:
        document, to = self._model.document, self.boxes[outlet].currentData()
        self.error.clear()
        try:
            if to == _NOWHERE:
                link = next(link for link in document.links if (link.source, link.outlet) == (self._block, outlet))
                self._model.edit(self.tr("Disconnect"), disconnect(document, link))
            else:
                self._model.edit(self.tr("Connect"), connect(document, self._block, outlet, to))
        except UserError as problem:
            self._shown = ()
            self.show_block(self._block)
            self.error.show_error(str(problem))


def _told_apart(titles: dict[str, str], block_id: str) -> str:
    """A block's title; with its id behind it where another one has the same title."""
    title = titles[block_id]
    return title if list(titles.values()).count(title) == 1 else f"{title} ({block_id})"
