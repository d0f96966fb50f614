"""A new dashboard: what it is called, and what it begins with."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from saasdesk.reports.dashboards.board import BoardDocument
from saasdesk.ui.dialogs.details_dialog import DetailsDialog
from saasdesk.ui.pages.dashboards.choices import BoardChoice
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.choice_list import ChoiceList, ListedChoice
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph

EMPTY = "empty"
_SIDE = 232


class NewBoardDialog(DetailsDialog):
    """A new dashboard: an empty one, or one that begins with the widgets of another."""

    def __init__(self, theme: Theme, choices: Sequence[BoardChoice], parent: QWidget | None = None) -> None:
        self._beginnings = {choice.key: choice.document for choice in choices}
        title = QCoreApplication.translate("NewBoardDialog", "New dashboard")
        keep = QCoreApplication.translate("NewBoardDialog", "ADD")
        empty = BoardDocument(name=QCoreApplication.translate("NewBoardDialog", "My dashboard"))
        self._empty = empty
        super().__init__(theme, title, keep, empty, parent=parent)

    def lay_out(self, theme: Theme) -> None:
        listed = [ListedChoice(self.tr("From nothing")), ListedChoice(self.tr("Empty dashboard"), EMPTY, "plus")]
        listed.append(ListedChoice(self.tr("Ready to copy")))
        listed += [ListedChoice(each.name, key, "dashboards") for key, each in self._beginnings.items()]
        self.beginnings = ChoiceList(theme, self.tr("Begin with"), listed, EMPTY)
        self.beginnings.setFixedWidth(theme.px(_SIDE))
        self.beginnings.chosen.connect(self._show_beginning)
        side = Column(theme, gap=0)
        side.addWidget(self.beginnings)
        side.addStretch(1)
        row = Row(theme, gap=24)
        row.addLayout(side)
        row.addLayout(self.form, 1)
        self._contents = Paragraph(theme, role="secondary", tone="muted")
        self.form.insertWidget(1, self._contents)
        self.setMinimumWidth(theme.px(760))
        self.body.addLayout(row)
        self.fit(420)
        self._show_beginning(EMPTY)

    def _show_beginning(self, key: str) -> None:
        self._document = self._beginnings.get(key, self._empty)
        self.name.setText(self._document.name)
        self.description.setText(self._document.description)
        titles = ", ".join(widget.title for widget in self._document.widgets)
        self._contents.set_runs(titles or self.tr("Widgets are added one by one, up to eight."))
