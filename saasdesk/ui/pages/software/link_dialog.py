"""Linking an application to its entry of the software catalogue, with what that changes before it is done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.records.catalogue import CatalogueEntry, find_entry, search_entries
from saasdesk.records.changes import FieldEdit
from saasdesk.records.software import LINK, SaasApplication, changes_of_link
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line as Rule
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField

_WIDTH, _HEIGHT = 640, 560


class LinkDialog(QDialog):
    """A search over the catalogue; `wanted` says the changes that the chosen entry makes."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, application: SaasApplication, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._application = theme, application
        self.setWindowTitle(self.tr("Link to catalogue"))
        self.setMinimumSize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self._build()
        entry = find_entry(application.catalogue_entry or application.name)
        self.search.setText(entry.name if entry is not None else application.name)
        self._find()
        if not self._found:
            self.search.clear()
            self._find()
        self.search.selectAll()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def entry(self) -> CatalogueEntry | None:
        """The entry that is chosen."""
        key = self.table.current_key
        return key if isinstance(key, CatalogueEntry) else None

    def _build(self) -> None:
        theme = self._theme
        self.search = SearchField(theme, self.tr("Search the software catalogue by name or vendor"))
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._try_to_link)
        self.table = LineTable(
            theme,
            self.tr("Software catalogue"),
            (
                Heading(self.tr("Name"), share=5),
                Heading(self.tr("Vendor"), share=4),
                Heading(self.tr("Category"), share=5),
            ),
            compact=True,
        )
        self.table.current.connect(lambda _key: self._show_changes())
        self.table.opened.connect(lambda _key: self._try_to_link())
        self.before_after = Paragraph(theme)
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.link = PrimaryButton(theme, self.tr("LINK"), "link")
        self.link.clicked.connect(self._try_to_link)
        upper = Column(theme, gap=10, margins=(24, 20, 24, 16))
        title = self.tr("Link {0} to the software catalogue").format(self._application.name)
        upper.addWidget(PlainLabel(title, "section", elided=True))
        upper.addWidget(self.search)
        upper.addWidget(self.table, 1)
        upper.addWidget(self.before_after)
        foot = Row(theme, gap=8, margins=(24, 14))
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.link)
        whole = Column(theme, gap=0)
        whole.addLayout(upper, 1)
        whole.addWidget(Rule(theme))
        whole.addLayout(foot)
        self.setLayout(whole)

    def _find(self) -> None:
        self._found = search_entries(self.search.text(), limit=500)
        self.table.show_lines([_line(entry) for entry in self._found])
        if self._found:
            self.table.setCurrentIndex(self.table.model().index(0, 0))
        self._show_changes()

    def _changes(self) -> tuple[FieldEdit, ...]:
        entry = self.entry
        return changes_of_link(self._application, entry) if entry is not None else ()

    def _show_changes(self) -> None:
        entry, changes = self.entry, self._changes()
        self.link.setEnabled(bool(changes))
        if entry is None:
            self.before_after.set_runs(self.tr("The catalogue has nothing of this name. An application needs no link."))
            return
        titles = {"vendor": self.tr("Vendor"), "category": self.tr("Category"), LINK: self.tr("Catalogue entry")}
        runs: list[str | Run] = []
        for change in changes:
            before = str(change.before) if change.before else self.tr("nothing")
            runs += [f"{titles[change.field]}: ", Run(before, tone="muted"), " → ", Run(str(change.after), strong=True)]
            runs.append("; ")
        self.before_after.set_runs(*(runs[:-1] or [self.tr("It is linked to this entry already.")]))

    def _try_to_link(self) -> None:
        changes = self._changes()
        if changes:
            self.accept()
            self.wanted.emit(changes)


def _line(entry: CatalogueEntry) -> Line:
    cells = (Cell(entry.name, role="strong"), Cell(entry.vendor, "muted"), Cell(entry.category, "muted"))
    return Line(cells, entry)
