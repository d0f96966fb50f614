"""Which vendor, what is needed for it, and where its key is made."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.connectors import Connector
from saasdesk.ui.connector_entry import ConnectorEntry, nothing_from_the_cloud
from saasdesk.ui.dialogs.connect_vendor.vendor_search import VendorSearch
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel


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


class VendorEntry(ConnectorEntry):
    """One vendor; open, it shows what is needed and where the key is made."""

    def make_details(self) -> QWidget:
        theme, help_ = self._theme, self.connector.help
        holder = QWidget()
        column = Column(theme, gap=6, margins=(44, 0, 0, 0))
        column.addWidget(Line(theme))
        column.addWidget(PlainLabel(self.tr("What you will need"), "secondary-strong"))
        self.add_needs(column)
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


class VendorStep(VendorSearch[VendorEntry]):
    """The first that fits is open, and says what is needed for it."""

    def __init__(self, theme: Theme, connectors: Sequence[Connector]) -> None:
        super().__init__(theme, [VendorEntry(theme, connector) for connector in connectors])
        for entry in self.vendors:
            entry.chosen.connect(self.chosen)
        self.body.addLayout(nothing_from_the_cloud(theme))
        self.body.addStretch(1)

    def _filter(self, text: str) -> None:
        super()._filter(text)
        matches = self.matches
        for entry in self.vendors:
            entry.set_open(is_open=bool(matches) and entry is matches[0])
