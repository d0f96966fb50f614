"""Who is protected: by a name, with suggestions while one types; or everybody who fits a rule."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.protected import MOST_AT_ONCE, Fitting, protect
from saasdesk.store import Store
from saasdesk.ui.moments import counted
from saasdesk.ui.pages.software.keeping_dialog import KeepingDialog
from saasdesk.ui.rule_builder import RuleGroup
from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.type_ahead import TypeAhead

_PAUSE_MILLISECONDS = 250
_SHOWN = 5


class ProtectDialog(KeepingDialog):
    """One name; `searched` asks who might be meant."""

    searched = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _tr("Protect a record"), _tr("ADD"), width=480, parent=parent)
        self.name = QLineEdit()
        self.name.setPlaceholderText("ceo@example.com")
        self._suggestions = QStringListModel(self)
        completer = TypeAhead(self._suggestions, self)
        # They were found by name as well: what is typed need not stand in them.
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.name.setCompleter(completer)
        grid = FormGrid(theme, label_width=112, gap=10)
        self.name_error = grid.add_field(
            self.tr("Name"),
            self.name,
            self.tr("A username or a mail address. Type a name to find somebody; who is not here yet can be written."),
        )
        self.body.addLayout(grid)
        self.body.addStretch(1)
        self._soon = soon(self, _PAUSE_MILLISECONDS, lambda: self.searched.emit(self.name.text()))
        self.name.textEdited.connect(self._on_edited)
        self.fit(240)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_suggestions(self, fitting: Fitting) -> None:
        """Offer these below the field."""
        self._suggestions.setStringList([visible_text(name) for name in fitting.names])
        completer = self.name.completer()
        if fitting.names and self.name.hasFocus() and completer is not None:
            completer.complete()

    def check(self) -> bool:
        """Whether there is a name."""
        self.clear_problem()
        wrong = "" if self.name.text().strip() else self.tr("Write a username or a mail address.")
        self.name_error.show_error(wrong)
        if wrong:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        return not wrong

    def keeper(self, store: Store) -> Callable[[], object]:
        """What protects the name."""
        return partial(protect, store, (self.name.text(),))

    def _on_edited(self, text: str) -> None:
        self.name_error.clear()
        if len(text.strip()) > 1:
            self._soon.start()


class ProtectByRuleDialog(KeepingDialog):
    """A rule, and who fits it now; `changed` asks for them."""

    changed = Signal()

    def __init__(self, theme: Theme, columns: Sequence[ListColumn], parent: QWidget | None = None) -> None:
        super().__init__(theme, _tr("Protect everybody who fits a rule"), _tr("ADD"), width=720, parent=parent)
        self._fitting: Fitting | None = None
        self.group = RuleGroup(theme, columns, {"all": [{"field": "department", "operator": "equals"}]})
        self.outcome = Paragraph(theme)
        note = self.tr("The people are added by name, as they are now: who fits later is added with the next rule.")
        self.body.addWidget(self.group)
        self.body.addWidget(self.outcome)
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        self.body.addStretch(1)
        self._soon = soon(self, _PAUSE_MILLISECONDS, self.changed.emit)
        self.group.changed.connect(self._on_changed)
        self.show_unfinished("")
        self.fit(420)
        self.group.conditions[0].field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_fitting(self, fitting: Fitting) -> None:
        """Say who fits, and how many."""
        self._fitting = fitting
        if fitting.total > MOST_AT_ONCE:
            self._fitting = None
            too_many = self.tr("{0} fit, and {1} at most are protected at once. Narrow the rule.")
            self.outcome.set_runs(too_many.format(fitting.total, MOST_AT_ONCE))
        elif not fitting.names:
            self.outcome.set_runs(self.tr("Nobody fits."))
        else:
            first = ", ".join(visible_text(label or name) for label, name in _first(fitting))
            more = fitting.total - _SHOWN
            who = self.tr("{0} and {1} more").format(first, more) if more > 0 else first
            fit = counted(fitting.total, self.tr("{0} person fits"), self.tr("{0} people fit"))
            self.outcome.set_runs(f"{fit}: {who}.")
        self.keep.setEnabled(bool(self._fitting and self._fitting.names))

    def show_unfinished(self, reason: str) -> None:
        """Say what the rule lacks."""
        self._fitting = None
        self.outcome.set_runs(reason or self.tr("Say who is meant."))
        self.keep.setEnabled(False)

    def check(self) -> bool:
        """Whether anybody fits."""
        self.clear_problem()
        return bool(self._fitting and self._fitting.names)

    def keeper(self, store: Store) -> Callable[[], object]:
        """What protects them."""
        return partial(protect, store, self._fitting.names if self._fitting is not None else ())

    def _on_changed(self) -> None:
        self.keep.setEnabled(False)
        self._soon.start()


def _first(fitting: Fitting) -> list[tuple[str, str]]:
    return list(zip(fitting.labels, fitting.names, strict=True))[:_SHOWN]


def _tr(text: str) -> str:
    return QCoreApplication.translate("ProtectDialogs", text)
