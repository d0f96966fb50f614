"""What an admin decides about a workflow besides its blocks: launch, pause, rename, copy, delete; from any page."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.services import Services
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.workflows.rename_dialog import RenameDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.question import Question
from saasdesk.workflows import keeping, workflows
from saasdesk.workflows.validation import Problem
from saasdesk.workflows.workflow import Workflow, WorkflowState


class Decisions(QObject):
    """Asks what must be asked, writes in a worker, and says `done` so that the page reads again."""

    done = Signal()

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders, page: QWidget) -> None:
        super().__init__(page)
        self._services, self._frame, self._theme, self._page = services, frame, theme, page
        self._reading = Reading(readers, self)

    def plan_launch(self, workflow: Workflow) -> None:
        """The way out of Draft leads over the plan, on which Launch stands; what is missing is listed instead."""
        self._if_whole(workflow, lambda: self._frame.navigate("workflow_plan", workflow.id))

    def resume(self, workflow: Workflow) -> None:
        """Let a paused one go on as it was launched; what is missing meanwhile is listed instead."""
        services, name = self._services, workflow.name

        def go_on() -> None:
            self._reading.ask(
                f"change {workflow.id}",
                lambda _stop: workflows.launch(
                    services.store, services.vault, workflows.find_workflow(services.store, name)
                ),
                lambda _launched: self._finish(self.tr("“{0}” is active again.").format(name)),
                self._complain,
            )

        self._if_whole(workflow, go_on)

    def _if_whole(self, workflow: Workflow, then: Callable[[], object]) -> None:
        services, name = self._services, workflow.name

        def work(_stop: threading.Event) -> list[Problem]:
            newest = workflows.find_workflow(services.store, name)
            known = workflows.problems(services.store, services.vault, newest.document)
            return [problem for problem in known if problem.is_error]

        def looked(found: list[Problem]) -> None:
            if found:
                self._show_problems(workflow, found)
            else:
                then()

        self._reading.ask(f"look {workflow.id}", work, looked, self._complain)

    def pause(self, workflow: Workflow) -> None:
        """Let it do nothing until it is resumed."""
        store, name = self._services.store, workflow.name
        self._reading.ask(
            f"change {workflow.id}",
            lambda _stop: workflows.pause(store, workflows.find_workflow(store, name)),
            lambda _paused: self._finish(self.tr("“{0}” is paused: nothing begins it.").format(name)),
            self._complain,
        )

    def rename(self, workflow: Workflow) -> None:
        """Ask for another name."""
        store = self._services.store
        dialog = RenameDialog(self._theme, workflow, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def renamed(newest: Workflow) -> None:
            dialog.accept()
            self._finish(self.tr("It is called “{0}” now.").format(newest.name))

        def keep(name: str) -> None:
            self._reading.ask(
                "rename", lambda _stop: keeping.rename_workflow(store, workflow, name), renamed, dialog.show_problem
            )

        dialog.wanted.connect(keep)
        dialog.open()

    def duplicate(self, workflow: Workflow) -> None:
        """Make a draft like it, and open that."""
        store, name = self._services.store, workflow.name

        def made(copy: Workflow) -> None:
            self._finish(self.tr("“{0}” is a draft like “{1}”.").format(copy.name, name))
            self._frame.navigate("workflow", copy.id)

        def work(_stop: threading.Event) -> Workflow:
            return keeping.add_workflow(store, workflows.find_workflow(store, name).document)

        self._reading.ask("duplicate", work, made, self._complain)

    def ask_to_delete(self, workflow: Workflow) -> None:
        """Forget the workflow, after saying what stays."""
        is_active = workflow.state is WorkflowState.ACTIVE
        text = self.tr("What it did stays in the history of the records and in Activity. Its versions go with it.")
        if is_active:
            text = self.tr("It is active: nothing begins it any more. {0}").format(text)
        keep = OutlinedButton(self._theme, self.tr("Keep it"))
        delete = DangerButton(self._theme, self.tr("Delete the workflow"))
        delete.clicked.connect(lambda: self._delete(workflow))
        question = Question(
            self._theme, self.tr("Delete “{0}”?").format(workflow.name), text, [keep, delete], parent=self._page
        )
        question.finished.connect(question.deleteLater)
        question.open()

    def set_all_paused(self, paused: bool) -> None:
        """The switch for everything: no workflow begins, and none that runs takes another step at a vendor."""
        store = self._services.store
        text = self.tr("All workflows are paused.") if paused else self.tr("Workflows run again.")

        def paused_now(_none: None) -> None:
            self._frame.note_workflows_paused(paused)
            self._finish(text)

        self._reading.ask(
            "pause all",
            lambda _stop: store.save_setting("workflows_paused", "true" if paused else "false"),
            paused_now,
            self._complain,
        )

    def _delete(self, workflow: Workflow) -> None:
        store, name = self._services.store, workflow.name

        def work(_stop: threading.Event) -> Workflow:
            newest = workflows.find_workflow(store, name)
            workflows.delete_workflow(store, newest)
            return newest

        def deleted(was: Workflow) -> None:
            self._frame.toast(
                self.tr("“{0}” is deleted.").format(name), "ok", (self.tr("Make it anew"), lambda: self._make_anew(was))
            )
            self.done.emit()

        self._reading.ask(f"delete {workflow.id}", work, deleted, self._complain)

    def _make_anew(self, was: Workflow) -> None:
        store = self._services.store
        self._reading.ask(
            "anew",
            lambda _stop: keeping.add_workflow(store, was.document),
            lambda made: self._finish(self.tr("“{0}” is a draft again.").format(made.name)),
            self._complain,
        )

    def _show_problems(self, workflow: Workflow, found: list[Problem]) -> None:
        close = OutlinedButton(self._theme, self.tr("Close"))
        go = PrimaryButton(self._theme, self.tr("Show them"))
        go.clicked.connect(lambda: self._frame.navigate("workflow", workflow.id))
        listed = "\n".join(f"• {_said(workflow, each)}" for each in found[:8])
        rest = self.tr("\nand {0} more").format(len(found) - 8) if len(found) > 8 else ""
        title = self.tr("“{0}” cannot be launched yet").format(workflow.name)
        question = Question(self._theme, title, listed + rest, [close, go], parent=self._page)
        question.finished.connect(question.deleteLater)
        question.open()

    def _finish(self, text: str) -> None:
        self._frame.say(text)
        self.done.emit()

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")


def _said(workflow: Workflow, problem: Problem) -> str:
    block = workflow.document.block(problem.block) if problem.block else None
    if block is None:
        return problem.message
    return f"{block.title or block.id}: {problem.message}"
