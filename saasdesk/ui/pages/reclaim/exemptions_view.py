"""What is left alone: which seats, why, until when and by whom."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.licences.reclaim import Exemption, ExemptionScope, delete_exemption, list_exemptions
from saasdesk.store import Store
from saasdesk.ui.formats import days_as_chosen
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.kept_lines import KeptLines
from saasdesk.ui.tables.lines import Cell, Heading, Line
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.scroll_area import ScrollArea


class ExemptionsView(QWidget):
    """A table; ending one lets its seats count again."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, store: Store, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._store = store
        self._reading = Reading(readers, self)
        self.list = KeptLines(
            theme,
            self.tr("Exemptions"),
            (
                Heading(self.tr("Seats"), share=5),
                Heading(self.tr("Go by"), width=136),
                Heading(self.tr("Why"), share=5),
                Heading(self.tr("Until"), width=136),
                Heading(self.tr("Made by"), width=112),
            ),
            delete=self.tr("End it"),
            can_change=False,
            empty=self.tr("None: select seats under “Seats” and leave them alone."),
        )
        note = Paragraph(
            theme,
            self.tr("Records that are protected in the settings are left alone as well; they are named there."),
            role="secondary",
            tone="muted",
        )
        inside = QWidget()
        inner = Column(theme, gap=12, margins=(24, 12))
        inner.addWidget(self.list)
        inner.addWidget(note)
        inner.addStretch(1)
        inside.setLayout(inner)
        column = Column(theme, gap=0)
        column.addWidget(ScrollArea(inside))
        self.setLayout(column)
        self.list.delete_wanted.connect(self._end)

    def refresh(self) -> None:
        """Read the exemptions again."""
        store = self._store
        self._reading.ask("exemptions", lambda _stop: list_exemptions(store), self._show, self.failed.emit)

    def _show(self, exemptions: list[Exemption]) -> None:
        words = {
            ExemptionScope.SEAT: self.tr("this seat"),
            ExemptionScope.PRODUCT: self.tr("product"),
            ExemptionScope.ROLE: self.tr("SaaS role"),
            ExemptionScope.TEAM: self.tr("team"),
            ExemptionScope.APPLICATION: self.tr("application"),
        }
        self.list.show_lines(
            [
                Line(
                    (
                        Cell(each.label, role="strong"),
                        Cell(words[each.scope]),
                        Cell(each.reason),
                        Cell(days_as_chosen(each.until)) if each.until else Cell(self.tr("ended by hand"), "muted"),
                        Cell(each.made_by, "muted"),
                    ),
                    each,
                )
                for each in exemptions
            ]
        )

    def _end(self, key: object) -> None:
        if isinstance(key, Exemption):
            work = partial(delete_exemption, self._store, key)
            self._reading.ask("end", lambda _stop: work(), lambda _none: self.changed.emit(), self.failed.emit)
