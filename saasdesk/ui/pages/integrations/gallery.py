"""The side panel of NEW INTEGRATION: every connector by object, with a search; ADD makes a draft."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import ASSETS, Connector
from saasdesk.sync.beginning import OBJECTS
from saasdesk.ui.connector_entry import ConnectorEntry, nothing_from_the_cloud
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton
from saasdesk.ui.widgets.chip import ToggleChip, exclusive
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.tag import Tag

_WIDTH = 408
ALL = ""
# Qt's own name for "no limit" is not to be had from Python.
QWIDGETSIZE_MAX = (1 << 24) - 1


class Gallery(QWidget):
    """Enter in the search adds the first match, Escape and the cross close the panel."""

    add_wanted = Signal(object)
    guide_wanted = Signal()
    import_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, theme: Theme, connectors: Sequence[Connector], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_alone = False
        self.setObjectName("gallery")
        self.setAccessibleName(self.tr("New integration"))
        self.entries = [ConnectorEntry(theme, connector) for connector in connectors]
        self._build()
        theme.changed.connect(self._rescale)
        self._rescale()
        self._filter()

    def begin(self, wanted: str = ALL) -> None:
        """Start anew: an empty search among everything, or among what loads this object."""
        self.search.clear()
        self.chips[wanted].setChecked(True)
        self._filter()
        self._scroll.verticalScrollBar().setValue(0)
        # Shown first, focused then: what is hidden takes no keyboard.
        QTimer.singleShot(0, self.search, lambda: self.search.setFocus(Qt.FocusReason.OtherFocusReason))

    @property
    def usual_width(self) -> int:
        """How wide the panel is beside something else."""
        return self._theme.px(_WIDTH)

    @property
    def wanted_object(self) -> str:
        """The object whose connectors are shown; empty for all."""
        return next(key for key, chip in self.chips.items() if chip.isChecked())

    @property
    def matches(self) -> list[ConnectorEntry]:
        """The entries that are shown, in their order."""
        words, wanted = self.search.text().split(), self.wanted_object
        return [entry for entry in self.entries if entry.connector.loads in (wanted or OBJECTS) and entry.fits(words)]

    def set_alone(self, *, is_alone: bool) -> None:
        """Fill the page, where there is no room for anything beside the panel."""
        self._is_alone = is_alone
        self._rescale()

    def set_busy(self, *, is_busy: bool) -> None:
        """While a draft is being made, a second press adds no second one."""
        for entry in self.entries:
            entry.add.setEnabled(not is_busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_wanted.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), theme.color("surface"))
        left = self.width() - theme.edge if self.isRightToLeft() else 0
        painter.fillRect(left, 0, theme.edge, self.height(), theme.color("line-strong"))

    # Building

    def _build(self) -> None:
        theme = self._theme
        close = IconButton(theme, "close", self.tr("Close the panel"))
        close.clicked.connect(self.close_wanted)
        self._which = PlainLabel("", "body", "muted")
        title = Row(theme)
        title.addWidget(PlainLabel(self.tr("New integration"), "section"), 1)
        title.addWidget(close)
        self.search = SearchField(theme, self.tr("Search vendors"))
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._on_return_pressed)
        head = Column(theme, gap=8, margins=(16, 16, 16, 12))
        head.addLayout(title)
        head.addWidget(self._which)
        head.addWidget(self.search)
        head.addLayout(self._build_chips())
        whole = Column(theme, gap=0)
        whole.addLayout(head)
        whole.addWidget(self._build_list(), 1)
        whole.addWidget(Line(theme))
        whole.addLayout(self._build_foot())
        self.setLayout(whole)

    def _build_chips(self) -> Row:
        theme = self._theme
        names = {ALL: self.tr("All"), "users": self.tr("Users"), ASSETS: self.tr("Assets")}
        self.chips = {key: ToggleChip(theme, name) for key, name in names.items()}
        self.chips[ALL].setChecked(True)
        exclusive(list(self.chips.values()))
        row = Row(theme, gap=8)
        for chip in self.chips.values():
            chip.toggled.connect(self._filter)
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _build_list(self) -> ScrollArea:
        theme = self._theme
        content = QWidget()
        column = Column(theme, gap=8, margins=(16, 4, 16, 16))
        self._headings: dict[str, QWidget] = {}
        for wanted, title in (("users", self.tr("User integrations")), (ASSETS, self.tr("Asset integrations"))):
            heading = QWidget()
            row = Row(theme, gap=8, margins=(0, 4))
            row.addWidget(PlainLabel(title, "strong"))
            row.addWidget(Tag(theme, self.tr("Extended")))
            row.addStretch(1)
            heading.setLayout(row)
            self._headings[wanted] = heading
            column.addWidget(heading)
            for entry in self.entries:
                if entry.connector.loads == wanted:
                    entry.chosen.connect(self.add_wanted)
                    column.addWidget(entry)
        self._nothing = Paragraph(theme, self.tr("No vendor of this name is known here."), tone="muted")
        column.addWidget(self._nothing)
        column.addLayout(nothing_from_the_cloud(theme))
        column.addStretch(1)
        content.setLayout(column)
        self._scroll = ScrollArea(content)
        # The panel's own colour lies behind the list too.
        content.setAutoFillBackground(False)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return self._scroll

    def _build_foot(self) -> Column:
        theme = self._theme
        self.guide = LinkButton(theme, self.tr("Connect a vendor…"), "integrations")
        self.guide.setToolTip(self.tr("Step by step: the key first, then the integration and its first plan"))
        self.guide.clicked.connect(self.guide_wanted)
        self.from_file = LinkButton(theme, self.tr("Import…"), "import")
        self.from_file.setToolTip(self.tr("Make an integration from a file"))
        self.from_file.clicked.connect(self.import_wanted)
        close = OutlinedButton(theme, self.tr("Close"))
        close.clicked.connect(self.close_wanted)
        row = Row(theme, gap=4, margins=(-8, 0, 0, 0))
        row.addWidget(self.guide)
        row.addWidget(self.from_file)
        row.addStretch(1)
        row.addWidget(close)
        foot = Column(theme, gap=4, margins=(16, 8, 16, 12))
        foot.addWidget(PlainLabel(self.tr("Enter adds the first match · Esc closes"), "secondary", "muted"))
        foot.addLayout(row)
        return foot

    # Showing

    def _filter(self) -> None:
        matches, wanted = self.matches, self.wanted_object
        # The first match is open while somebody looks for one; the whole list is easier to survey closed.
        is_sought = bool(self.search.text().split())
        for entry in self.entries:
            entry.setVisible(entry in matches)
            entry.set_open(is_open=is_sought and entry is matches[0] if matches else False)
        for key, heading in self._headings.items():
            heading.setVisible(not wanted and any(entry.connector.loads == key for entry in matches))
        names = {"users": self.tr("User integrations · Extended"), ASSETS: self.tr("Asset integrations · Extended")}
        self._which.set_text(names.get(wanted, self.tr("Users and assets of every vendor")))
        self._nothing.setVisible(not matches)
        self.search.set_count(self.tr("{0} of {1}").format(len(matches), len(self.entries)))

    def _on_return_pressed(self) -> None:
        if self.matches and self.matches[0].add.isEnabled():
            self.add_wanted.emit(self.matches[0].connector)

    def _rescale(self) -> None:
        width = self._theme.px(_WIDTH)
        self.setMinimumWidth(0 if self._is_alone else width)
        self.setMaximumWidth(QWIDGETSIZE_MAX if self._is_alone else width)
