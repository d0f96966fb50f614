"""What can be done with a workflow, from a tile, a line of the list or its page: the same words everywhere."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from saasdesk.ui.navigation import Frame
from saasdesk.ui.overview.menu import Say, add_groups
from saasdesk.ui.pages.workflows.decisions import Decisions
from saasdesk.ui.pages.workflows.files import WorkflowFiles
from saasdesk.workflows.overview import Standing
from saasdesk.workflows.workflow import Workflow, WorkflowState


class Actions:
    """Does what was pressed, each wish by its word; it decides nothing itself."""

    def __init__(self, frame: Frame, decisions: Decisions, files: WorkflowFiles) -> None:
        self._frame, self._decisions, self._files = frame, decisions, files

    def do(self, workflow: Workflow, wish: str) -> None:
        """Do it with the workflow, or go to where it is done."""
        changes: dict[str, Callable[[Workflow], object]] = {
            "launch": self._decisions.plan_launch,
            "resume": self._decisions.resume,
            "pause": self._decisions.pause,
            "rename": self._decisions.rename,
            "duplicate": self._decisions.duplicate,
            "delete": self._decisions.ask_to_delete,
            "export": self._files.ask_where_to_export,
        }
        if wish in changes:
            changes[wish](workflow)
        elif wish == "plan":
            self._frame.navigate("workflow_plan", workflow.id)
        elif wish in {"runs", "versions"}:
            self._frame.navigate("workflow", (workflow.id, wish))
        else:
            self._frame.navigate("workflow", workflow.id)


def fill_menu(menu: QMenu, standing: Standing, say: Say) -> None:
    """Put everything that can be done now into a menu; `say` hears the wish that was chosen."""
    ways = [(_tr("Open"), "open"), (_tr("Runs"), "runs"), (_tr("Versions"), "versions")]
    on = [] if standing.problems else [(_tr("Plan"), "plan")]
    match standing.workflow.state:
        case WorkflowState.ACTIVE:
            on.append((_tr("Pause"), "pause"))
        case WorkflowState.PAUSED:
            on.append((_tr("Resume"), "resume"))
        case WorkflowState.DRAFT:
            on.append((_tr("Launch"), "launch"))
    keep = [(_tr("Rename…"), "rename"), (_tr("Duplicate"), "duplicate"), (_tr("Export…"), "export")]
    add_groups(menu, (ways, on, keep, [(_tr("Delete…"), "delete")]), say)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Workflows", text)
