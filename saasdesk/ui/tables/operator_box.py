"""The list of the ways in which a column can be compared."""

from PySide6.QtWidgets import QComboBox

from saasdesk.records.listing import Column
from saasdesk.rules import Operator
from saasdesk.ui.tables.filter_words import operator_words, operators_for


def offer_operators(box: QComboBox, column: Column, chosen: Operator | None) -> None:
    """Put into the list what fits the column, and what was chosen even where it does not; nobody hears of it."""
    operators = list(operators_for(column))
    if chosen is not None and chosen not in operators:
        operators.append(chosen)
    box.blockSignals(True)  # noqa: FBT003 - Qt's signature
    box.clear()
    for operator in operators:
        box.addItem(operator_words(operator, column), operator.value)
    box.setCurrentIndex(operators.index(chosen) if chosen is not None else 0)
    box.blockSignals(False)  # noqa: FBT003 - as above
