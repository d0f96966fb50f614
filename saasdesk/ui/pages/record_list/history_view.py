"""The history of a record, field by field: what stood there before and after, who changed it and by which run."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.records.history import RecordChange
from saasdesk.ui.change_words import kinds_of_change
from saasdesk.ui.moments import moment_in_words, number
from saasdesk.ui.pages.record_list.story import value_in_words
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel

# So many changes are read at first; earlier ones come when asked for.
CHANGES_AT_ONCE = 300


class HistoryView(QWidget):
    """One line a change, newest first. `opened` brings the sync session of a line, or None where there was none."""

    opened = Signal(object)
    earlier_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.table = LineTable(theme, self.tr("History"), change_headings(), compact=True)
        self.table.opened.connect(self.opened)
        self._limit = PlainLabel("", "secondary", "muted")
        self.earlier = LinkButton(theme, self.tr("Show earlier changes"), inline=True, role="secondary")
        self.earlier.clicked.connect(self.earlier_wanted)
        limit = Row(theme, gap=8)
        limit.addWidget(self._limit)
        limit.addWidget(self.earlier)
        limit.addStretch(1)
        column = Column(theme, gap=8, margins=(24, 16, 24, 0))
        column.addLayout(limit)
        column.addWidget(self.table, 1)
        self.setLayout(column)

    def show_changes(self, changes: Sequence[RecordChange], most: int) -> None:
        """Show these; where they are as `most` as were asked for, there may be earlier ones."""
        self.table.show_lines(change_lines(changes))
        is_cut = len(changes) == most
        self._limit.setVisible(is_cut)
        self.earlier.setVisible(is_cut)
        self._limit.set_text(self.tr("The latest {0} changes.").format(number(len(changes))))


def change_headings() -> tuple[Heading, ...]:
    """The columns of the history."""
    return (
        Heading(_tr("When"), 132),
        Heading(_tr("What"), 116),
        Heading(_tr("Record"), share=9, from_width=560),
        Heading(_tr("Field"), share=9),
        Heading(_tr("Before"), share=10),
        Heading(_tr("After"), share=11),
        Heading(_tr("By"), share=9, from_width=640),
        Heading(_tr("Reason"), share=9, from_width=1200),
    )


def change_lines(changes: Iterable[RecordChange]) -> list[Line]:
    """One line a change, newest first; its key is the sync session that made it, or None."""
    return [
        Line(
            (
                Cell(moment_in_words(change.at), tone="muted"),
                Cell(kinds_of_change().get(change.kind, change.kind.capitalize())),
                Cell(_record(change), tone="muted"),
                Cell(change.label),
                Cell(value_in_words(change, change.before), tone="muted"),
                Cell(value_in_words(change, change.after), role="strong" if change.field else "body"),
                Cell(change.integration or change.cause, tone="muted"),
                Cell(change.reason, tone="muted"),
            ),
            change.session,
        )
        for change in changes
    ]


def _record(change: RecordChange) -> str:
    names = {
        "people": _tr("Person"),
        "saas_users": _tr("{0} account"),
        "licences": _tr("{0} licence"),
        "saas_applications": _tr("Application"),
        "assets": _tr("Asset"),
    }
    return names.get(change.object, change.object).format(change.application)


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistoryView", text)
