"""Whom no vendor action may touch: a list of names, each with the person who goes by it."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.listing import Column, RecordList
from saasdesk.records.protected import Fitting, ProtectedName, protected_names, unprotect, who_fits
from saasdesk.store import Store
from saasdesk.ui.pages.settings.kept_fields import help_text
from saasdesk.ui.pages.settings.protect_dialogs import ProtectByRuleDialog, ProtectDialog
from saasdesk.ui.pages.settings.section import Section
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables.kept_lines import KeptLines
from saasdesk.ui.tables.lines import Cell, Heading, Line
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton

_SUGGESTED = 8


class ProtectedSection(Section):
    """Shows the names; the keeper reads and writes them."""

    def __init__(self, theme: Theme) -> None:
        self.add_by_rule = OutlinedButton(theme, QCoreApplication.translate("Settings", "Add by rule…"), "filter")
        about = " ".join(
            (
                help_text("protected_records").replace(", separated by commas", ""),
                QCoreApplication.translate(
                    "Settings", "Workflows leave them alone, their plans say so, and their seats are never reclaimed."
                ),
            )
        )
        title = QCoreApplication.translate("Settings", "Protected records")
        super().__init__(theme, title, about, self.add_by_rule)
        self.names = KeptLines(
            theme,
            self.tr("Names"),
            (Heading(self.tr("Username or mail address"), share=3), Heading(self.tr("Who it is"), share=2)),
            add=self.tr("Add…"),
            delete=self.tr("Remove"),
            can_change=False,
            empty=self.tr("Nobody is protected yet. Add those whom everything depends on."),
        )
        self.body.addWidget(self.names)
        self.finish()

    def show_names(self, names: list[ProtectedName]) -> None:
        """Show who is protected."""
        unknown = self.tr("no person here goes by it")
        self.names.show_lines(
            [
                Line(
                    (
                        Cell(each.name, role="strong"),
                        Cell(each.label) if each.person else Cell(unknown, "muted"),
                    ),
                    each,
                )
                for each in names
            ]
        )


class ProtectedKeeper(QObject):
    """Between the section and the store."""

    def __init__(
        self, store: Store, section: ProtectedSection, theme: Theme, reading: Reading, kept: Callable[[str], object]
    ) -> None:
        super().__init__(section)
        self._store, self._section, self._theme, self._reading, self._kept = store, section, theme, reading, kept
        section.names.add_wanted.connect(self.ask_for_name)
        section.names.delete_wanted.connect(self._remove)
        section.add_by_rule.clicked.connect(self.ask_for_rule)

    def refresh(self) -> None:
        """Read the names again."""
        store, section = self._store, self._section
        self._reading.ask("protected", lambda stop: protected_names(store, stop), self._show, section.error.show_error)

    def ask_for_name(self) -> None:
        """Open the form of one more name."""
        dialog = ProtectDialog(self._theme, self._section)
        dialog.searched.connect(partial(self._suggest, dialog))
        self._open(dialog)

    def ask_for_rule(self) -> None:
        """Open the form in which everybody who fits a rule is protected."""
        store, failed = self._store, self._section.error.show_error
        self._reading.ask(
            "columns", lambda _stop: RecordList(store, ObjectKind.PEOPLE).columns(), self._open_rule, failed
        )

    def _show(self, names: list[ProtectedName]) -> None:
        self._section.error.clear()
        self._section.show_names(names)

    def _open_rule(self, columns: Sequence[Column]) -> None:
        dialog = ProtectByRuleDialog(self._theme, columns, self._section)
        dialog.changed.connect(partial(self._count, dialog))
        self._open(dialog)

    def _open(self, dialog: KeepingDialog) -> None:
        dialog.open_to_keep(self._store, self._reading, self._on_written)

    def _suggest(self, dialog: ProtectDialog, words: str) -> None:
        store = self._store

        def look(stop: threading.Event) -> Fitting:
            return who_fits(store, words=words, most=_SUGGESTED, stop=stop)

        self._reading.ask("suggestions", look, dialog.show_suggestions, dialog.show_problem)

    def _count(self, dialog: ProtectByRuleDialog) -> None:
        store = self._store
        try:
            rule = dialog.group.rule()
        except UserError as error:
            self._reading.forget("fitting")
            dialog.show_unfinished(str(error))
            return
        if rule is None:
            dialog.show_unfinished("")
            return
        self._reading.ask(
            "fitting", lambda stop: who_fits(store, rule=rule, stop=stop), dialog.show_fitting, dialog.show_unfinished
        )

    def _on_written(self, added: int) -> None:
        self.refresh()
        none, one, many = self.tr("Protected already"), self.tr("1 name is protected"), self.tr("{0} are protected")
        self._kept({0: none, 1: one}.get(added, many.format(added)))

    def _remove(self, name: object) -> None:
        if isinstance(name, ProtectedName):
            work = partial(unprotect, self._store, name.name)
            failed = self._section.error.show_error
            self._reading.ask("unprotect", lambda _stop: work(), lambda _none: self.refresh(), failed)
