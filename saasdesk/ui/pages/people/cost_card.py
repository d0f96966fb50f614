"""What the seats of a person cost a month, seat by seat."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from saasdesk.licences.person_cost import PersonCost
from saasdesk.ui.money import figure_text, money_text, unpriced_text
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_MOST_SEATS = 8


class CostCard(Card):
    """The sum beside the title, the seats below; how a price was computed stands in its tool tip.

    The name of each application leads to what it costs.
    """

    def __init__(self, theme: Theme, open_costs: Callable[[int], object], parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._open_costs = open_costs
        self.total = PlainLabel("", "strong", digits=True)
        self.add_title(self.tr("Cost"), self.total)
        self._place = Column(theme, gap=6)
        self.body.addLayout(self._place)
        self.hide()

    def show_cost(self, cost: PersonCost) -> None:
        """Show the seats; without any there is no card."""
        clear_layout(self._place)
        self.setVisible(bool(cost.seats))
        self.total.set_text(figure_text(cost.total))
        for seat in cost.seats[:_MOST_SEATS]:
            name = LinkButton(self._theme, seat.application_name, inline=True)
            name.setAccessibleName(visible_text(self.tr("Costs of {0}").format(seat.application_name)))
            name.clicked.connect(partial(self._open_costs, seat.application))
            amount = PlainLabel(self.tr("Not priced"), "body", "muted", digits=True)
            if seat.monthly is not None:
                amount = PlainLabel(money_text(seat.monthly), digits=True)
            amount.setToolTip(escaped_tip(seat.computed))
            amount.setAccessibleDescription(visible_text(seat.computed))
            row = Row(self._theme, gap=4)
            row.addWidget(name)
            row.addWidget(PlainLabel(f"· {seat.product}" if seat.product else "", elided=True), 1)
            row.addWidget(amount)
            self._place.addLayout(row)
        rest = len(cost.seats) - _MOST_SEATS
        notes = [self.tr("and {0} more").format(rest) if rest > 0 else "", unpriced_text(cost.total)]
        if any(notes):
            note = " · ".join(note for note in notes if note)
            self._place.addWidget(Paragraph(self._theme, note, role="secondary", tone="muted"))

    def show_failure(self, reason: str) -> None:
        """Say why there is no sum."""
        clear_layout(self._place)
        self.total.set_text("")
        self._place.addWidget(Paragraph(self._theme, reason, role="secondary", tone="error"))
        self.show()
