"""Links an application to the software catalogue and takes the link away, each with a way back."""

import threading

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.records.changes import FieldEdit
from saasdesk.records.software import SaasApplication, change_application, changes_of_unlink, undone
from saasdesk.store import Store
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.software.link_dialog import LinkDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme


class Linking(QObject):
    """`done` comes when an application was changed, so that the page reads again."""

    done = Signal()

    def __init__(self, store: Store, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._store, self._frame, self._theme, self._page = store, frame, theme, page
        self._reading = Reading(readers, self)

    def link(self, application: SaasApplication) -> None:
        """Let somebody choose the entry of the catalogue that an application is."""
        text = self.tr("{0} is linked to the software catalogue.").format(application.name)
        dialog = LinkDialog(self._theme, application, self._page)
        dialog.wanted.connect(lambda changes: self._change(application, changes, "linked to the catalogue", text))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def unlink(self, application: SaasApplication) -> None:
        """Take the link away; vendor and category stay."""
        text = self.tr("{0} is linked no more. Vendor and category stay.").format(application.name)
        self._change(application, changes_of_unlink(application), "unlinked from the catalogue", text)

    def _change(self, application: SaasApplication, changes: tuple[FieldEdit, ...], why: str, text: str) -> None:
        store = self._store

        def work(_stop: threading.Event) -> None:
            change_application(store, application, changes, why)

        def changed(_none: None) -> None:
            self._frame.toast(text, "ok", (self.tr("Undo"), lambda: self._undo(application, changes)))
            self.done.emit()

        self._reading.ask("link", work, changed, self._complain)

    def _undo(self, application: SaasApplication, changes: tuple[FieldEdit, ...]) -> None:
        store = self._store

        def work(_stop: threading.Event) -> None:
            change_application(store, application, undone(changes), "undone")

        def is_back(_none: None) -> None:
            self._frame.say(self.tr("{0} is as it was.").format(application.name))
            self.done.emit()

        self._reading.ask("link", work, is_back, self._complain)

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")
