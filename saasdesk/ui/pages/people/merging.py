"""Merges two people after a look at what that does, and takes a merge back."""

import threading
from collections.abc import Collection

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Tell
from saasdesk.records.merging import Merged, MergePlan, merge, plan_merge, undo_merge
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.hand_jobs import HandJobs
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.people.merge_dialog import MergeDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton


class PeopleMerging(QObject):
    """For one page; `done` says that two became one, or one two again."""

    done = Signal()

    def __init__(
        self, services: Services, frame: Frame, theme: Theme, bridge: Bridge, readers: TableReaders, page: QWidget
    ) -> None:
        super().__init__(page)
        self._store, self._frame, self._theme, self._page = services.store, frame, theme, page
        self._reading = Reading(readers, self)
        self._jobs = HandJobs(frame, bridge, self)
        self.dialog: MergeDialog | None = None

    @property
    def is_possible(self) -> bool:
        """Whether anything can be changed: the past cannot."""
        return not self._store.moment

    def add_to(self, table: RecordTable) -> LinkButton:
        """Put merging beside a selection of two."""
        button = LinkButton(self._theme, self.tr("Merge…"), "merge")
        # It is put nowhere where the past is shown, and must be no window of its own then.
        button.hide()
        if self.is_possible:
            button.clicked.connect(lambda: self._ask_for(list(table.selected_ids())))
            table.selection_bar.add_actions(button)
            table.selection_changed.connect(lambda count: button.setVisible(count == 2))
        return button

    def _ask_for(self, people: list[int]) -> None:
        if len(people) == 2:
            # Who was here first has the longer history.
            self.ask(min(people), max(people))

    def ask(self, kept: int, gone: int) -> None:
        """Show what a merge of these two would do."""
        store = self._store
        if self.is_possible:
            self._reading.ask("plan", lambda _stop: plan_merge(store, kept, gone), self._open, self._complain)

    def undo(self, number: int) -> None:
        """Make two of one again."""
        store = self._store

        def work(_tell: Tell, _stop: threading.Event) -> Merged:
            return undo_merge(store, number)

        self._jobs.start(work, self.tr("Undoing the merge"), self._on_undone)

    def _open(self, plan: MergePlan) -> None:
        dialog = self.dialog = MergeDialog(self._theme, plan, self._page.window())
        dialog.swapped.connect(self._swap)
        dialog.wanted.connect(self._merge)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _swap(self, plan: MergePlan) -> None:
        store, dialog = self._store, self.dialog
        if dialog is not None:
            self._reading.ask(
                "plan", lambda _stop: plan_merge(store, plan.gone, plan.kept), dialog.show_plan, dialog.show_problem
            )

    def _merge(self, plan: MergePlan, theirs: Collection[str]) -> None:
        store, dialog = self._store, self.dialog

        def work(_tell: Tell, _stop: threading.Event) -> Merged:
            return merge(store, plan, theirs)

        if dialog is not None:
            self._jobs.start(
                work, self.tr("Merging {0}").format(plan.kept_name), self._on_merged, failed=dialog.show_problem
            )

    def _on_merged(self, merged: Merged) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        text = self.tr("“{0}” is one person now.").format(merged.kept_name)
        self._frame.toast(text, "ok", (self.tr("Undo"), lambda: self.undo(merged.number)))
        self.done.emit()

    def _on_undone(self, merged: Merged) -> None:
        self._frame.toast(self.tr("“{0}” is two people again, as before.").format(merged.kept_name), "ok")
        self.done.emit()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")
