"""One thing that can be added, as a list of them shows it: a vendor's users, or its devices."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from saasdesk.connectors import ASSETS, Connector
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import Look, OutlinedButton, TextButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.paragraph import Paragraph, Run


class ConnectorEntry(Card):
    """Monogram, name, one sentence, ADD; the open one shows what is needed, and is what Enter adds."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, connector: Connector) -> None:
        super().__init__(theme, gap=8, margins=(12, 12))
        self.connector = connector
        self.name = name_of(connector)
        words = Column(theme, gap=0)
        words.addWidget(Paragraph(theme, Run(self.name, strong=True)))
        words.addWidget(Paragraph(theme, summary_of(connector), role="secondary", tone="muted"))
        self.add: TextButton = OutlinedButton(theme, self.tr("ADD"))
        self.add.setAccessibleName(self.tr("Add {0}").format(self.name))
        head = Row(theme, gap=12)
        letters = Monogram(theme, connector.title, letters=mark_of(connector.title), size=32, tile=True)
        head.addWidget(letters, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self._details = self.make_details()
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

    def make_details(self) -> QWidget:
        """What is needed, in a few lines."""
        holder = QWidget()
        column = Column(self._theme, gap=4, margins=(44, 0, 0, 0))
        self.add_needs(column)
        holder.setLayout(column)
        return holder

    def add_needs(self, column: QVBoxLayout) -> None:
        """The key, what is to be typed, and what must be so at the vendor beforehand."""
        help_, theme = self.connector.help, self._theme
        needs = [("key", self.tr("An API key: {0}").format(help_.role_needed))]
        needs += [("edit", declared.label) for declared in self.connector.inputs if declared.required]
        needs += [("info", text) for text in help_.prerequisites]
        for icon, text in needs:
            row = Row(theme, gap=8)
            row.addWidget(IconLabel(theme, icon), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Paragraph(theme, text, role="secondary"), 1)
            column.addLayout(row)


def name_of(connector: Connector) -> str:
    """ "JumpCloud devices"."""
    return f"{connector.title} {connector.loaded_noun}"


def summary_of(connector: Connector) -> str:
    """What it brings, in a sentence."""
    count = len(connector.fields)
    if connector.loads == ASSETS:
        text = _tr("Brings {0} fields and the owner of each of the {1} {2} into Hardware.")
        return text.format(count, connector.title, connector.loaded_noun)
    text = _tr("Brings {0} fields and the role in {1}.")
    if connector.has_licences:
        text = _tr("Brings {0} fields, the role in {1} and licences where the key may read them.")
    return text.format(count, connector.title)


def nothing_from_the_cloud(theme: Theme) -> Row:
    """Why some vendors of the articles are missing here."""
    note = Row(theme, gap=12, margins=(0, 4))
    note.addWidget(IconLabel(theme, "info"), 0, Qt.AlignmentFlag.AlignTop)
    note.addWidget(
        Paragraph(
            theme,
            Run(_tr("Cloud installation is not offered."), strong=True),
            " ",
            _tr("Keys stay in this computer's keyring. Vendors that need AWS or OAuth sign-in are not listed."),
            role="secondary",
            tone="muted",
        ),
        1,
    )
    return note


def _tr(text: str) -> str:
    return QCoreApplication.translate("ConnectorEntry", text)
