"""A window over an office whose people were read, with a launched workflow that deletes leavers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.app.window import WindowDesk
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.pages.workflows import WorkflowsPage
from saasdesk.ui.pages.workflows.editor.page import WorkflowPage
from saasdesk.ui.pages.workflows.plan.page import WorkflowPlanPage
from saasdesk.workflows.workflow import Workflow
from tests.workflows.conftest import Workshop


def said(widget: QWidget) -> str:
    """Everything that a part of the window says."""
    return " ".join(label.text() for label in widget.findChildren(QLabel))


class Bench:
    """The workshop with its window open."""

    def __init__(self, workshop: Workshop, desk: WindowDesk, qtbot: QtBot) -> None:
        self.workshop, self.qtbot = workshop, qtbot
        self.window: MainWindow = desk.window
        self.theme = desk.theme
        self.workflow: Workflow = workshop.launch()

    def wait(self, is_true: Callable[[], object]) -> None:
        """Let the window work until something holds."""
        self.qtbot.waitUntil(lambda: bool(is_true()), timeout=30_000)

    def overview(self) -> WorkflowsPage:
        """The page of all workflows, with what there is."""
        self.window.navigate("workflows")
        page = self.window.page("workflows")
        assert isinstance(page, WorkflowsPage)
        self.wait(lambda: self.workflow.id in page.blocks.tiles)
        return page

    def editor(self, number: int | None = None, tab: str = "design") -> WorkflowPage:
        """The page of a workflow."""
        wanted = self.workflow.id if number is None else number
        self.window.navigate("workflow", (wanted, tab))
        page = self.window.page("workflow")
        assert isinstance(page, WorkflowPage)
        self.wait(lambda: page.shown == wanted)
        return page

    def plan(self, argument: object = None) -> WorkflowPlanPage:
        """The page of the plan, made."""
        self.window.navigate("workflow_plan", self.workflow.id if argument is None else argument)
        page = self.window.page("workflow_plan")
        assert isinstance(page, WorkflowPlanPage)
        self.wait(lambda: page.contents is not None)
        return page


@pytest.fixture
def bench(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Bench]:
    with Simulator(40) as simulator:
        workshop = Workshop(tmp_path / "profile", simulator)
        workshop.vault.change("pd key", expires=None, permission="act", owner="", notes="")
        workshop.integrate()
        workshop.run()
        workshop.leave(*workshop.addresses(3))
        desk = WindowDesk(qapp, Services(workshop.store.profile, workshop.store, workshop.vault))
        desk.window.resize(1280, 800)
        desk.open(page="workflows")
        yield Bench(workshop, desk, qtbot)
        desk.close()
        qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
        qapp.processEvents()
        workshop.close()
