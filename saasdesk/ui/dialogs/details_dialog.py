"""What a named document is called, and what is said about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.errors import UserError
from saasdesk.reports.documents import NamedDocument
from saasdesk.reports.names import LONGEST_NAME
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column

_LONGEST_DESCRIPTION = 1_000


class DetailsDialog(FormDialog):
    """Name and description of a named document; `wanted` carries it with those. Whoever keeps it closes the dialog."""

    wanted = Signal(object)

    def __init__(
        self, theme: Theme, title: str, keep: str, document: NamedDocument, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, title, keep, width=560, parent=parent)
        self._document = document
        self.name = QLineEdit(document.name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.selectAll()
        self.description = QLineEdit(document.description)
        self.description.setMaxLength(_LONGEST_DESCRIPTION)
        self.description.setCursorPosition(0)
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
            self.show_problem(self.tr("A {0} needs a name.").format(self._document.noun))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            document = self._document.of({**data, **given}, self.tr("The {0}").format(self._document.noun))
        except UserError as error:
            self.show_problem(str(error))
            return
        self.clear_problem()
        self.wanted.emit(document)
