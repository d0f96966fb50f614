"""Linking an application to its entry of the software catalogue, with what that changes before it is done."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.records.catalogue import CatalogueEntry, find_entry, search_entries
from saasdesk.records.changes import FieldEdit
from saasdesk.records.software import LINK, SaasApplication, changes_of_link
from saasdesk.ui.dialogs.chooser import Chooser
from saasdesk.ui.tables.lines import Cell, Heading, Line
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.paragraph import Run


class LinkDialog(Chooser):
    """A search over the catalogue; `wanted` says the changes that the chosen entry makes."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, application: SaasApplication, parent: QWidget | None = None) -> None:
        self._application = application
        self._found: Sequence[CatalogueEntry] = ()
        super().__init__(
            theme,
            title=_tr("Link to catalogue"),
            lead=_tr("Link {0} to the software catalogue").format(application.name),
            search=_tr("Search the software catalogue by name or vendor"),
            things=_tr("Software catalogue"),
            headings=(
                Heading(_tr("Name"), share=5),
                Heading(_tr("Vendor"), share=4),
                Heading(_tr("Category"), share=5),
            ),
            verb=_tr("LINK"),
            icon="link",
            parent=parent,
        )
        entry = find_entry(application.catalogue_entry or application.name)
        self.search.setText(entry.name if entry is not None else application.name)
        self.look_for(self.search.text())
        if not self._found:
            self.search.clear()
            self.look_for("")
        self.search.selectAll()

    @property
    def entry(self) -> CatalogueEntry | None:
        """The entry that is chosen."""
        key = self.table.current_key
        return key if isinstance(key, CatalogueEntry) else None

    def look_for(self, text: str) -> None:
        """Find the entries of the catalogue that have these words."""
        self._found = search_entries(text, limit=500)
        self.show_found([_line(entry) for entry in self._found])

    def _changes(self) -> tuple[FieldEdit, ...]:
        entry = self.entry
        return changes_of_link(self._application, entry) if entry is not None else ()

    def show_choice(self) -> None:
        """Say what the link would change."""
        entry, changes = self.entry, self._changes()
        self.take.setEnabled(bool(changes))
        if entry is None:
            self.outcome.set_runs(_tr("The catalogue has nothing of this name. An application needs no link."))
            return
        titles = {"vendor": _tr("Vendor"), "category": _tr("Category"), LINK: _tr("Catalogue entry")}
        runs: list[str | Run] = []
        for change in changes:
            before = str(change.before) if change.before else _tr("nothing")
            runs += [f"{titles[change.field]}: ", Run(before, tone="muted"), " → ", Run(str(change.after), strong=True)]
            runs.append("; ")
        self.outcome.set_runs(*(runs[:-1] or [_tr("It is linked to this entry already.")]))

    def choose(self) -> None:
        """Link to the chosen entry, where that changes anything."""
        changes = self._changes()
        if changes:
            self.accept()
            self.wanted.emit(changes)


def _line(entry: CatalogueEntry) -> Line:
    cells = (Cell(entry.name, role="strong"), Cell(entry.vendor, "muted"), Cell(entry.category, "muted"))
    return Line(cells, entry)


def _tr(text: str) -> str:
    return QCoreApplication.translate("LinkDialog", text)
