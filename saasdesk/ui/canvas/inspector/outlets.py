"""Where a record goes on from a block: each outlet with the block it leads to, changed from a list."""

from collections import Counter
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from saasdesk.errors import UserError
from saasdesk.ui.canvas.faces import outlet_in_words
from saasdesk.ui.canvas.inspector.pick_button import PickButton
from saasdesk.ui.canvas.inspector.picker import Entry, Picker, open_picker
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.workflows.blocks import KINDS, outlets_of
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
        self.buttons: dict[str, PickButton] = {}
        self.error = InlineError(theme, self)
        self._list = Column(theme, gap=6)
        column = Column(theme, gap=6)
        column.addWidget(PlainLabel(self.tr("Goes on to"), "heading"))
        column.addLayout(self._list)
        column.addWidget(self.error)
        self.setLayout(column)

    def show_block(self, block_id: str) -> None:
        """Show the outlets of this block."""
        document = self._model.document
        block = document.block(block_id)
        outlets = () if block is None else outlets_of(block)
        if (block_id, outlets) != self._shown:
            self._block, self._shown = block_id, (block_id, outlets)
            self.error.clear()
            self._make(outlets)
        linked = {link.outlet for link in document.links if link.source == block_id}
        for outlet, button in self.buttons.items():
            following = document.after(block_id, outlet)
            if following is not None and outlet not in linked:
                # Where nothing is said of it, it goes the way of another outlet.
                button.show_chosen("", self.tr("{0}, as success does").format(title_of(following)))
            else:
                button.show_chosen("" if following is None else title_of(following), self.tr("Nothing follows"))
        self.setVisible(bool(outlets))

    def ask(self, outlet: str) -> Picker:
        """Open the list of blocks that this outlet can lead to."""
        document = self._model.document
        refused = refusals(document, self._block, outlet)
        titles = {each.id: title_of(each) for each in document.blocks}
        twins = Counter(titles.values())
        entries = [Entry(_NOWHERE, self.tr("Nothing follows"))]
        for each in document.blocks:
            if each.id != self._block and each.id not in refused:
                title, kind = titles[each.id], KINDS.get(each.kind)
                hint = each.id if twins[title] > 1 else kind.title if each.title and kind is not None else ""
                entries.append(Entry(each.id, title, hint))
        take = partial(self._lead, outlet)
        return open_picker(self._theme, self.buttons[outlet], self.tr("Find a block"), entries, take)

    def _make(self, outlets: tuple[str, ...]) -> None:
        clear_layout(self._list)
        self.buttons = {}
        for outlet in outlets:
            words = outlet_in_words(outlet)
            button = PickButton(self._theme, self.tr("Outlet {0} goes on to").format(words))
            button.clicked.connect(partial(self._on_clicked, outlet))
            label = PlainLabel(words, "body", "muted", elided=True)
            label.setFixedWidth(self._theme.px(_LABEL))
            label.setBuddy(button)
            row = Row(self._theme, gap=8)
            row.addWidget(label)
            row.addWidget(button, 1)
            self._list.addLayout(row)
            self.buttons[outlet] = button

    def _on_clicked(self, outlet: str) -> None:
        self.ask(outlet)

    def _lead(self, outlet: str, to: str) -> None:
        document = self._model.document
        self.error.clear()
        link = next((link for link in document.links if (link.source, link.outlet) == (self._block, outlet)), None)
        try:
            if to != _NOWHERE:
                self._model.edit(self.tr("Connect"), connect(document, self._block, outlet, to))
            elif link is not None:
                self._model.edit(self.tr("Disconnect"), disconnect(document, link))
        except UserError as problem:
            self.error.show_error(str(problem))
        self.buttons[outlet].setFocus(Qt.FocusReason.OtherFocusReason)
