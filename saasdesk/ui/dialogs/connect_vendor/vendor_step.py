"""Which vendor, what is needed for it, and where its key is made."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.connectors import ASSETS, Connector
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, Look, OutlinedButton, TextButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField


class CopyableAddress(QWidget):
    """An address as plain text to select and copy: nothing here opens a browser by itself."""

    copied = Signal(str)

    def __init__(self, theme: Theme, name: str, address: str) -> None:
        super().__init__()
        self.field = QLineEdit(address)
        self.field.setReadOnly(True)
        self.field.setAccessibleName(name)
        self.field.setCursorPosition(0)
        self.button = IconButton(theme, "copy", self.tr("Copy the address"), outlined=True)
        self.button.clicked.connect(self._copy)
        row = Row(theme, gap=8)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        self.setLayout(row)

    def _copy(self) -> None:
        self.field.selectAll()
        self.field.copy()
        self.copied.emit(self.tr("Address copied"))


class VendorEntry(Card):
    """One vendor; open, it shows what is needed and where the key is made."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, connector: Connector) -> None:
        super().__init__(theme, gap=8, margins=(12, 12))
        self.connector = connector
        self._theme = theme
        words = Column(theme, gap=0)
        name = self.tr("{0} {1}").format(connector.title, connector.loaded_noun)
        words.addWidget(PlainLabel(name, "strong"))
        words.addWidget(Paragraph(theme, self._summary(), role="secondary", tone="muted"))
        self.add: TextButton = OutlinedButton(theme, self.tr("ADD"))
        self.add.setAccessibleName(self.tr("Add {0}").format(name))
        head = Row(theme, gap=12)
        head.addWidget(
            Monogram(theme, connector.title, letters=connector.monogram, size=32, tile=True),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        head.addLayout(words, 1)
        head.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self._details = self._make_details()
        self._details.hide()
        self.body.addWidget(self._details)
        self.add.clicked.connect(lambda: self.chosen.emit(connector))

    @property
    def is_open(self) -> bool:
        """Whether the details are shown."""
        return self._details.isVisibleTo(self)

    def set_open(self, *, is_open: bool) -> None:
        """Show the details, or only the summary; the open one is what Enter adds."""
        self.add.look = Look.PRIMARY if is_open else Look.OUTLINED
        self.add.update()
        self._details.setVisible(is_open)

    def fits(self, words: Sequence[str]) -> bool:
        """Whether every word stands in the name."""
        known = self.connector
        name = " ".join((known.title, known.key, known.loaded_noun, known.loads)).casefold()
        return all(word.casefold() in name for word in words)

    def _summary(self) -> str:
        connector = self.connector
        count = len(connector.fields)
        if connector.loads == ASSETS:
            text = self.tr("Brings {0} fields and the owner of each of the {1} {2} into Hardware.")
            return text.format(count, connector.title, connector.loaded_noun)
        text = self.tr("Brings {0} fields and the role in {1}.")
        if connector.has_licences:
            text = self.tr("Brings {0} fields, the role in {1} and licences where the key may read them.")
        return text.format(count, connector.title)

    def _make_details(self) -> QWidget:
        theme, help_ = self._theme, self.connector.help
        holder = QWidget()
        column = Column(theme, gap=6, margins=(44, 0, 0, 0))
        column.addWidget(Line(theme))
        column.addWidget(PlainLabel(self.tr("What you will need"), "secondary-strong"))
        needs = [("key", self.tr("An API key: {0}").format(help_.role_needed))]
        required = [declared.label for declared in self.connector.inputs if declared.required]
        needs += [("edit", label) for label in required]
        needs += [("info", text) for text in help_.prerequisites]
        for icon, text in needs:
            row = Row(theme, gap=8)
            row.addWidget(IconLabel(theme, icon), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Paragraph(theme, text, role="secondary"), 1)
            column.addLayout(row)
        column.addSpacing(theme.px(4))
        column.addWidget(PlainLabel(self.tr("Where to make the key"), "secondary-strong"))
        for number, text in enumerate(help_.where_to_make_the_key, 1):
            column.addWidget(Paragraph(theme, Run(f"{number}.  ", tone="muted"), text, role="secondary"))
        column.addSpacing(theme.px(4))
        column.addWidget(PlainLabel(self.tr("The vendor's own words"), "secondary-strong"))
        self.address = CopyableAddress(theme, self.tr("Address of the documentation"), help_.documentation)
        column.addWidget(self.address)
        holder.setLayout(column)
        return holder


class VendorStep(Step):
    """A search, and below it the vendors; Enter in the search takes the first that fits."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, connectors: Sequence[Connector]) -> None:
        super().__init__(theme)
        self.title = self.tr("Which vendor?")
        self.search = SearchField(theme, self.tr("Search vendors"))
        self.body.addWidget(self.search)
        self.entries = [VendorEntry(theme, connector) for connector in connectors]
        self._nothing = Paragraph(theme, self.tr("No vendor of this name is known here."), tone="muted")
        for entry in self.entries:
            entry.chosen.connect(self.chosen)
            self.body.addWidget(entry)
        self.body.addWidget(self._nothing)
        note = Row(theme, gap=12, margins=(0, 4))
        note.addWidget(IconLabel(theme, "info"), 0, Qt.AlignmentFlag.AlignTop)
        note.addWidget(
            Paragraph(
                theme,
                Run(self.tr("Cloud installation is not offered."), strong=True),
                " ",
                self.tr("Keys stay in this computer's keyring. Vendors that need AWS or OAuth sign-in are not listed."),
                role="secondary",
                tone="muted",
            ),
            1,
        )
        self.body.addLayout(note)
        self.body.addStretch(1)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._on_return_pressed)
        self._filter("")

    @property
    def matches(self) -> list[VendorEntry]:
        """The entries that fit the search, in their order."""
        return [entry for entry in self.entries if entry.fits(self.search.text().split())]

    def first_field(self) -> QWidget:
        """The search."""
        return self.search

    def _on_return_pressed(self) -> None:
        if self.matches:
            self.chosen.emit(self.matches[0].connector)

    def _filter(self, _text: str) -> None:
        matches = self.matches
        for entry in self.entries:
            entry.setVisible(entry in matches)
            entry.set_open(is_open=bool(matches) and entry is matches[0])
        self._nothing.setVisible(not matches)
        self.search.set_count(self.tr("{0} of {1}").format(len(matches), len(self.entries)))
