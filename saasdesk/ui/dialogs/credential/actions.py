"""What can be done with a credential; its lists, its page and the pages of integrations offer the same."""

import threading
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.connectors import Connector, Probe
from saasdesk.credentials import Credential, LockedKeyring
from saasdesk.errors import UserError
from saasdesk.services import Services
from saasdesk.sync.credentials import UsedCredential
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.probing import probe_credential, replace_key
from saasdesk.ui.dialogs.credential.add_dialog import AddCredentialDialog
from saasdesk.ui.dialogs.credential.attempt import attempt
from saasdesk.ui.dialogs.credential.edit_dialog import EditDialog
from saasdesk.ui.dialogs.credential.replace_dialog import ReplaceDialog
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton
from saasdesk.ui.widgets.question import Question
from saasdesk.workflows.credentials import delete_credential, rename_credential, workflows_with
from saasdesk.workflows.workflow import Workflow, WorkflowState


class CredentialActions(QObject):
    """`changed` names a credential that is another now; empty when one is gone. `testing` comes when `is_testing` is
    another."""

    changed = Signal(str)
    testing = Signal()

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._frame, self._theme, self._page = services, frame, theme, page
        self._readers = readers
        self._reading = Reading(readers, self)

    @property
    def is_testing(self) -> bool:
        """Whether a key is being tried."""
        return self._reading.is_waiting("test")

    def ask_for_new(self, connector: Connector | None = None) -> AddCredentialDialog:
        """Open the form of a new credential, of this vendor where one is given."""
        dialog = AddCredentialDialog(self._services, self._theme, self._readers, connector, self._page)

        def created(name: str) -> None:
            self._frame.toast(self.tr("“{0}” is created.").format(name), "ok")
            self.changed.emit(name)

        dialog.created.connect(created)
        self._open(dialog)
        return dialog

    def test(self, credential: Credential) -> None:
        """Try the key; what comes of it is kept with the credential."""
        store, vault, name = self._services.store, self._services.vault, credential.name

        def work(stop: threading.Event) -> Probe | UserError:
            return attempt(lambda: probe_credential(store, vault, name, _hear_nothing, stop))

        def tested(found: Probe | UserError) -> None:
            self.testing.emit()
            if isinstance(found, LockedKeyring):
                unlock = self.tr("Unlock"), partial(self._unlock, credential)
                self._frame.toast(str(found), "error", unlock, seconds=20)
            elif isinstance(found, UserError):
                self._frame.toast(str(found), "error", seconds=12)
            else:
                self._frame.toast(self.tr("“{0}” works; it opens {1}.").format(name, found.identity), "ok")
            self.changed.emit(name)

        self._reading.ask("test", work, tested, self._complain)
        self.testing.emit()

    def stop_testing(self) -> None:
        """Nobody waits for the vendor any more."""
        self._reading.forget("test")
        self.testing.emit()

    def ask_to_edit(self, credential: Credential) -> None:
        """Open the form of everything but the key."""
        vault = self._services.vault
        dialog = EditDialog(self._theme, credential, self._page)

        def kept(saved: Credential) -> None:
            dialog.accept()
            self._frame.say(self.tr("“{0}” is updated.").format(saved.name))
            self.changed.emit(saved.name)

        def keep() -> None:
            if not dialog.check():
                return
            wanted, inputs, expires = dialog.name.text(), dialog.entered_inputs, dialog.expires.day
            permission = dialog.permission.permission
            owner, notes = dialog.owner.text(), dialog.notes.toPlainText()

            def work(_stop: threading.Event) -> Credential:
                name = rename_credential(vault, credential.name, wanted).name
                return vault.change(
                    name, expires=expires, permission=permission, owner=owner, notes=notes, inputs=inputs
                )

            dialog.set_busy(self.tr("Saving…"))
            self._reading.ask("edit", work, kept, dialog.show_problem)

        dialog.keep.clicked.connect(keep)
        self._open(dialog)

    def ask_to_replace(self, credential: Credential) -> None:
        """Open the form of a new key."""
        store, vault, name = self._services.store, self._services.vault, credential.name
        dialog = ReplaceDialog(self._theme, credential, self._page)

        def replaced(found: Probe | UserError) -> None:
            if isinstance(found, UserError):
                dialog.show_failure(found)
                return
            dialog.key.forget()
            dialog.accept()
            self._frame.toast(self.tr("The new key of “{0}” works and is in its place.").format(name), "ok")
            self.changed.emit(name)

        def keep(*, in_memory: bool = False) -> None:
            if not dialog.check():
                return
            new = dialog.entered

            def work(stop: threading.Event) -> Probe | UserError:
                return attempt(lambda: replace_key(store, vault, name, new, _hear_nothing, stop, in_memory=in_memory))

            dialog.set_busy(self.tr("Trying the new key…"))
            self._reading.ask("replace", work, replaced, dialog.show_problem)

        def unlocked(problem: UserError | None) -> None:
            if problem is not None:
                dialog.show_failure(problem)
            else:
                keep()

        def unlock() -> None:
            dialog.set_busy(self.tr("Asking the keyring…"))
            self._reading.ask("replace", lambda _stop: attempt(vault.unlock), unlocked, dialog.show_problem)

        dialog.keep.clicked.connect(lambda _checked=False: keep())
        dialog.unlock_wanted.connect(unlock)
        dialog.memory_wanted.connect(lambda: keep(in_memory=True))
        # Cancel while the vendor is asked leaves the old key: nothing is kept before its answer.
        dialog.rejected.connect(partial(self._reading.forget, "replace"))
        self._open(dialog)

    def ask_to_delete(self, used: UsedCredential) -> None:
        """Say what stops, and ask."""
        store, name = self._services.store, used.credential.name
        self._reading.ask(
            "users", lambda _stop: workflows_with(store, name), partial(self._ask_to_delete, used), self._complain
        )

    def _ask_to_delete(self, used: UsedCredential, workflows: Sequence[Workflow]) -> None:
        name = used.credential.name
        keep = OutlinedButton(self._theme, self.tr("Keep it"))
        delete = DangerButton(self._theme, self.tr("Delete the credential"))
        delete.clicked.connect(partial(self._delete, name, force=bool(used.used_by or workflows)))
        text = self.tr("Its key is taken out of the keyring. Nothing uses it.")
        if used.used_by or workflows:
            running = [each.name for each in used.used_by if each.state is IntegrationState.ACTIVE]
            resting = [each.name for each in used.used_by if each.state is not IntegrationState.ACTIVE]
            for each in workflows:
                words = self.tr("the workflow “{0}”").format(each.name)
                (running if each.state is WorkflowState.ACTIVE else resting).append(words)
            parts = [self.tr("Its key is taken out of the keyring.")]
            if running:
                parts.append(self.tr("These stop and are paused: {0}.").format(", ".join(running)))
            if resting:
                parts.append(self.tr("These need another credential before they run: {0}.").format(", ".join(resting)))
            parts.append(self.tr("Records stay as they are."))
            text = " ".join(parts)
        title = self.tr("Delete {0}?").format(name)
        question = Question(self._theme, title, text, [keep, delete], parent=self._page)
        question.finished.connect(question.deleteLater)
        question.open()

    def _delete(self, name: str, *, force: bool) -> None:
        store, vault = self._services.store, self._services.vault

        def gone(_names: tuple[str, ...]) -> None:
            self._frame.toast(self.tr("“{0}” is gone.").format(name), "ok")
            self.changed.emit("")

        def failed(sentence: str) -> None:
            self._complain(sentence)
            self.changed.emit("")

        self._reading.ask("delete", lambda _stop: delete_credential(store, vault, name, force=force), gone, failed)

    def _unlock(self, credential: Credential) -> None:
        vault = self._services.vault
        self._reading.ask("unlock", lambda _stop: vault.unlock(), lambda _none: self.test(credential), self._complain)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _complain(self, sentence: str) -> None:
        self.testing.emit()
        self._frame.toast(sentence, "error", seconds=12)


def _hear_nothing(_news: object) -> None:
    """A test takes seconds: what it says on the way is not shown."""
