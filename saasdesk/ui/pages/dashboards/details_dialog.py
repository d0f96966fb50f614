"""What a dashboard is called; for a new one also what it begins with."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.errors import UserError
from saasdesk.reports.dashboards.board import BoardDocument, board_from
from saasdesk.reports.names import LONGEST_NAME
from saasdesk.ui.pages.dashboards.choices import BoardChoice
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.choice_list import ChoiceList, ListedChoice
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph

EMPTY = "empty"
_LONGEST_DESCRIPTION = 1_000
_SIDE = 232


class DetailsDialog(FormDialog):
    """Name and description of a dashboard; `wanted` carries it with those. Whoever keeps it closes the dialog."""

    wanted = Signal(object)

    def __init__(
        self, theme: Theme, title: str, keep: str, document: BoardDocument, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, title, keep, width=560, parent=parent)
        self._document = document
        self.name = QLineEdit(document.name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.selectAll()
        self.description = QLineEdit(document.description)
        self.description.setMaxLength(_LONGEST_DESCRIPTION)
        grid = FormGrid(theme, label_width=96, gap=12)
        grid.add_field(self.tr("Name"), self.name)
        grid.add_field(self.tr("Description"), self.description)
        self.form = Column(theme, gap=12)
        self.form.addLayout(grid)
        self.form.addStretch(1)
        self.lay_out(theme)
        self.keep.clicked.connect(self._on_kept)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def lay_out(self, theme: Theme) -> None:
        """Put the form into the dialog."""
        self.body.addLayout(self.form)
        self.fit(260)

    def _on_kept(self) -> None:
        data = self._document.model_dump(mode="json", by_alias=True, exclude_none=True)
        given = {"name": self.name.text().strip(), "description": self.description.text().strip()}
        if not given["name"]:
            self.show_problem(self.tr("A dashboard needs a name."))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            document = board_from({**data, **given}, self.tr("The dashboard"))
        except UserError as error:
            self.show_problem(str(error))
            return
        self.clear_problem()
        self.wanted.emit(document)


class NewBoardDialog(DetailsDialog):
    """A new dashboard: an empty one, or one that begins with the widgets of another."""

    def __init__(self, theme: Theme, choices: Sequence[BoardChoice], parent: QWidget | None = None) -> None:
        self._beginnings = {choice.key: choice.document for choice in choices}
        title = QCoreApplication.translate("NewBoardDialog", "New dashboard")
        keep = QCoreApplication.translate("NewBoardDialog", "Add")
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
