"""Whose users they are: a SaaS application that is here, one of the software catalogue, or a new one."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.records.catalogue import catalogue, find_entry
from saasdesk.text import fold_text
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.type_ahead import TypeAhead


class ApplicationField(QWidget):
    """Typing finds applications by any part of their names, catalogue and its aliases included; a line says which."""

    def __init__(self, theme: Theme, name: str, vendor: str, known: Sequence[str]) -> None:
        super().__init__()
        self._vendor, self._known = vendor, {fold_text(each): each for each in known}
        self.combo = QComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setAccessibleName(self.tr("SaaS application"))
        entries = [entry.name for entry in catalogue()]
        self.combo.addItems(list(dict.fromkeys([name, vendor, *known, *entries])))
        self.combo.setCurrentText(name)
        aliases = [alias for entry in catalogue() for alias in entry.aliases]
        names = QStringListModel(list(dict.fromkeys([name, vendor, *known, *entries, *aliases])), self)
        self.combo.setCompleter(TypeAhead(names, self))
        self._note = Paragraph(theme, role="secondary", tone="muted")
        column = Column(theme, gap=4)
        column.addWidget(self.combo)
        column.addWidget(self._note)
        self.setLayout(column)
        self.setFocusProxy(self.combo)
        self.combo.currentTextChanged.connect(self._show_what_it_is)
        self._show_what_it_is()

    @property
    def name(self) -> str:
        """What is filled in; empty means what the vendor is called."""
        return self.combo.currentText().strip()

    @property
    def note(self) -> str:
        """What the line below says of it."""
        return self._note.text()

    def _show_what_it_is(self) -> None:
        name = self.name or self._vendor
        entry = find_entry(name)
        if fold_text(name) in self._known:
            text = self.tr("It is here: its users stand in Software, under {0}.").format(self._known[fold_text(name)])
        elif entry is None:
            text = self.tr("The software catalogue does not know it. It is made when you save; a link can follow.")
        elif fold_text(entry.name) in self._known:
            text = self.tr("It is here as {0}.").format(self._known[fold_text(entry.name)])
        else:
            text = self.tr("In the software catalogue: {0} · {1} · {2}. It is made when you save.").format(
                entry.name, entry.vendor, entry.category
            )
        self._note.set_runs(text)
