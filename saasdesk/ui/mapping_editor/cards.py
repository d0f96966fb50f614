"""The two panes of the editor: each a table, with what belongs to it above and below."""

from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from saasdesk.mapping.editing import Place
from saasdesk.mapping.mapping import MANDATORY_TARGETS
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.smart_mapping import AppliedStrip
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField

_HEAD = 44
_FOOT = 40
_HEIGHT = 260


class PaneCard(Card):
    """A head, a table and a foot, with lines between them."""

    def __init__(self, theme: Theme, head: Row, table: QWidget, foot: Row) -> None:
        super().__init__(theme, gap=0, margins=1)
        self._strips: list[tuple[QWidget, int]] = []
        for row, height in ((head, _HEAD), (foot, _FOOT)):
            strip = QWidget()
            strip.setObjectName("pane-strip")
            strip.setLayout(row)
            self._strips.append((strip, height))
        self.body.addWidget(self._strips[0][0])
        self.body.addWidget(Line(theme))
        self.body.addWidget(table, 1)
        self.body.addWidget(Line(theme))
        self.body.addWidget(self._strips[1][0])
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self._theme.px(_HEIGHT))
        for strip, height in self._strips:
            strip.setFixedHeight(self._theme.px(height))


class SourceCard(PaneCard):
    """What the vendor sends: filtered above, record by record below."""

    def __init__(self, theme: Theme, board: MappingBoard, table: QWidget) -> None:
        self._board = board
        head = Row(theme, gap=8, margins=(12, 0, 8, 0))
        foot = Row(theme, gap=6, margins=(8, 0, 12, 0))
        super().__init__(theme, head, table, foot)
        self._used = PlainLabel("", "secondary", "muted")
        self.filter = SearchField(theme, self.tr("Filter…"), 116)
        self.add_source = IconButton(theme, "plus", self.tr("Add custom field"), icon_size=12)
        head.addWidget(PlainLabel(self.tr("Source: {0}").format(board.connector.title), "card-title"))
        head.addWidget(self._used)
        head.addStretch(1)
        head.addWidget(self.filter)
        head.addWidget(self.add_source)
        self.before = IconButton(theme, "chevron-left", self.tr("Previous record"), icon_size=11, outlined=True)
        self.after = IconButton(theme, "chevron-right", self.tr("Next record"), icon_size=11, outlined=True)
        self._which = PlainLabel("", "secondary")
        self.read = OutlinedButton(theme, self.tr("Read up to 50 records"), "download")
        self.masks = QCheckBox(self.tr("Mask personal data"))
        for widget in (self.before, self._which, self.after, self.read):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(self.masks)

    def show_used(self) -> None:
        """Say how much of it is mapped."""
        used = {row.source for row in self._board.rows if row.source is not None}
        self._used.set_text(self.tr("{0} of {1} mapped").format(len(used), len(self._board.sources)))

    def show_record(self) -> None:
        """Say which of the sample records is looked at, or offer to read some."""
        board = self._board
        count = len(board.records)
        self.read.setVisible(count == 0)
        for widget in (self.before, self._which, self.after, self.masks):
            widget.setVisible(count > 0)
        self._which.set_text(self.tr("Sample {0} of {1}").format(board.at + 1, count))
        self.before.setEnabled(board.at > 0)
        self.after.setEnabled(board.at + 1 < count)


class TargetCard(PaneCard):
    """What we keep: what is missing above, what a look at all records found below."""

    def __init__(self, theme: Theme, board: MappingBoard, table: QWidget, new_field: LinkButton) -> None:
        self._board = board
        head = Row(theme, gap=8, margins=(12, 0, 8, 0))
        foot = Row(theme, gap=8, margins=(4, 0, 8, 0))
        super().__init__(theme, head, table, foot)
        self._required_icon = IconLabel(theme, "warning", "warn")
        self._required = PlainLabel("", "secondary-strong", "warn", elided=True)
        self.lacking = LinkButton(theme, "", inline=True, role="secondary-strong")
        self.undo = IconButton(theme, "undo", self.tr("Undo"), shortcut="Ctrl+Z")
        self.redo = IconButton(theme, "redo", self.tr("Redo"), shortcut="Ctrl+Shift+Z")
        self.smart = PrimaryButton(theme, self.tr("Smart Mapping"), "smart")
        head.addWidget(PlainLabel(self.tr("Target fields"), "card-title"))
        for widget in (self._required_icon, self._required, self.lacking):
            head.addWidget(widget)
        head.addStretch(1)
        for button in (self.undo, self.redo, self.smart):
            head.addWidget(button)
        self._report = PlainLabel("", "secondary", "muted", elided=True)
        self._report.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.applied = AppliedStrip(theme)
        self.check = OutlinedButton(theme, self.tr("Check all records"), "flask")
        foot.addWidget(new_field)
        foot.addStretch(1)
        for part in (self._report, self.applied, self.check):
            foot.addWidget(part)

    def lacking_places(self) -> list[Place]:
        """The required fields that nothing fills."""
        main = self._board.around.main_kind
        places = [Place(main, name) for name in MANDATORY_TARGETS[main]]
        return [place for place in places if self._board.row_of(place) is None]

    def show_lacking(self) -> None:
        """Say how many of the required fields are filled, and name the others."""
        board, lacking = self._board, self.lacking_places()
        wanted = len(MANDATORY_TARGETS[board.around.main_kind])
        for widget in (self._required_icon, self._required, self.lacking):
            widget.setVisible(bool(lacking))
        self._required.set_text(self.tr("{0} of {1} required mapped").format(wanted - len(lacking), wanted))
        labels = [field.label for place in lacking if (field := board.field_at(place)) is not None]
        self.lacking.setText(self.tr("{0} missing").format(", ".join(labels)))

    def show_undo(self) -> None:
        """Say what would be undone, and done again."""
        stack = self._board.undo_stack
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        undo = self.tr("Undo: {0}").format(stack.undoText()) if stack.canUndo() else self.tr("Undo")
        redo = self.tr("Redo: {0}").format(stack.redoText()) if stack.canRedo() else self.tr("Redo")
        self.undo.set_name(visible_text(undo), "Ctrl+Z")
        self.redo.set_name(visible_text(redo), "Ctrl+Shift+Z")

    def show_report(self) -> None:
        """Say what the look at all records found."""
        report = self._board.report
        if report is None:
            self._report.set_text("")
            return
        failing = sum(1 for line in report.lines if line.failed)
        if failing == 0:
            words = self.tr("all fine")
        elif failing == 1:
            words = self.tr("one line fails somewhere")
        else:
            words = self.tr("{0} lines fail somewhere").format(failing)
        self._report.set_text(self.tr("{0} records checked: {1}").format(f"{report.records:,}", words))

    def show_checking(self, *, is_checking: bool) -> None:
        """While all records are looked at, the same button ends it."""
        self.check.setText(self.tr("Cancel the check") if is_checking else self.tr("Check all records"))
        self.check.set_icon("close" if is_checking else "flask")
