"""What giving unused seats back would save, as one of the numbers of Home."""

from PySide6.QtCore import Signal

from saasdesk.licences.seats import Findings
from saasdesk.ui.money import money_text, seats_text, unpriced_text
from saasdesk.ui.pages.dashboards.figure_card import FigureLink
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel


class SavingCard(Card):
    """The amount a month, and of how many seats; `opened` asks for them."""

    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, gap=4)
        title = self.tr("Potential saving")
        self.setAccessibleName(title)
        self.link = FigureLink(theme)
        self.link.clicked.connect(self.opened)
        self._note = PlainLabel("", "secondary", "muted", elided=True)
        row = Row(theme, gap=0, margins=(-2, 0, 0, 0))
        row.addWidget(self.link)
        row.addStretch(1)
        self.body.addWidget(PlainLabel(title, "body", "muted", elided=True))
        below = Column(theme, gap=2)
        below.addLayout(row)
        below.addWidget(self._note)
        below.addStretch(1)
        self.body.addLayout(below, 1)

    def show_findings(self, findings: Findings) -> None:
        """Show what could still be given back; seats where none of them has a price."""
        potential = findings.potential
        rest = unpriced_text(potential)
        if potential.priced:
            amount = money_text(potential.monthly)
            note = self.tr("a month for {0}").format(seats_text(potential.priced))
            if rest:
                # The others have no price, and no part in the amount.
                note = self.tr("a month for {0} of {1}").format(potential.priced, seats_text(potential.seats))
        else:
            amount = seats_text(potential.seats)
            note = self.tr("not priced yet") if potential.seats else self.tr("nothing to give back")
        self.link.setText(amount)
        self.link.setAccessibleName(
            ", ".join(part for part in (f"{self.accessibleName()}: {amount}", note, rest) if part)
        )
        self._note.set_text(note)
        self.setToolTip(rest)
